/* The pieces of tramd that are not putting together. */
#pragma once

#include "handlers/app.h"

/* 0 and who a bearer token is; 1 if it is not ours, expired, or its session ended. */
int tramd_authenticate(struct app *app, const char *bearer, struct identity *ret);

/* Fills app->report, ->sessions, ->otp and what stands beside them from app->config. E_CONFIG with
 * words in *ret_fault. */
int tramd_settings(struct app *app, bool demo, const char **ret_fault);

/* Ways to sign in that are configured. Fills app->fresh_ms; app->passkeys, from the arena. The e-ID
 * provider: fills app->eid and app->provider, and *ret_http, which must outlive it. E_CONFIG with
 * words in *ret_fault. */
int tramd_eid(struct app *app, bool demo, struct arena *a, struct http_client **ret_http,
              const char **ret_fault);

/* The readers of pictures and papers: fills app->decoders and app->papers. `a` outlives them.
 * Failures of media_pool_new with the program that could not be started in *ret_what. */
int tramd_media(struct app *app, struct arena *a, const char **ret_what);

/* The lane of videos: fills app->videos, where any are taken at all. `a` outlives it. E_NOMEM. */
int tramd_videos(struct app *app, struct arena *a);

/* Holds every tombstone against the data; E_*: nothing may be served. */
int tramd_replay(struct app *app);

/* Before the stores are closed: where somebody was erased they are written anew. */
void tramd_rewrite(struct app *app);

/* Says on stdout where it serves and, in a demonstration, how to sign in. */
void tramd_greet(const struct app *app, const struct config *config, const char *demo_folder);

/* Registers how the store commits, where it is ours to know. Once, for one store. */
int tramd_store_metrics(struct metrics *m, struct store *s);
/* The pools of app->decoders, papers and forms, which outlive them. */
int tramd_media_metrics(struct metrics *m, const struct app *app);

/* Follows what other nodes of a shared store do; *ret is NULL where there are none. */
struct follower;
int follower_start(struct app *app, struct follower **ret);
void follower_stop(struct follower *f); /* joins and frees; NULL is allowed */

/* Removes what has expired, a few at a time, every half minute: codes, limits, sessions, uploads.
 */
/* Rings who is on duty, one after the other (handlers/staff/emergency.h). */
struct climber;
int climber_start(struct app *app, struct climber **ret);
void climber_stop(struct climber *c); /* joins and frees; NULL is allowed */

struct sweeper;
int sweeper_start(struct app *app, struct sweeper **ret);
void sweeper_stop(struct sweeper *s); /* joins and frees; NULL is allowed */

/* Makes the copies of people's data that were asked for; sets app->wake_exports. */
int export_worker_start(struct app *app);
void export_worker_stop(struct app *app); /* joins and frees; what was being made is given back */
