/*
 * What handlers work with: the services that programs/tramd.c opened, and small helpers that every
 * handler wants. req->app is a struct app.
 */
#pragma once

#include "base/config.h"
#include "domain/agency/agency.h"
#include "domain/area/area.h"
#include "domain/calendar/calendar.h"
#include "domain/complaint/complaint.h"
#include "domain/dossier/dossier.h"
#include "domain/eid/eid.h"
#include "domain/identity/session.h"
#include "domain/person/person.h"
#include "domain/procedure/procedure.h"
#include "domain/report/report.h"
#include "domain/staff/deputy.h"
#include "domain/staff/passkey.h"
#include "gateway/gateway.h"
#include "handlers/jobs.h"
#include "media/pool.h"
#include "media/upload.h"
#include "push/push.h"

/* How far long work is; total 0: not known. */
typedef void (*app_tell_fn)(const char *what, int64_t done, int64_t total, void *ctx);

/* What people may ask of their own data, from the configuration (rights.*). */
struct app_rights {
    int64_t export_keep_ms;  /* how long a copy may be fetched: 7 days */
    int64_t exports_a_day;   /* 3 */
    int64_t erasure_wait_ms; /* in which an erasure may be taken back: 7 days */
};

struct pay; /* pay/pay.h */

struct app {
    const struct config *config;
    struct store *store;
    struct keyring *keys;
    struct people people;
    struct store *tombstones; /* of who was erased: domain/erasure/ */
    bool erased;              /* somebody was, by this process; atomic */
    struct session_settings sessions;
    struct otp_settings otp;
    int64_t key_overlap_ms;        /* a new key is known so long before it signs and seals */
    int64_t ring_ms;               /* an emergency waits so long for each rung */
    int64_t silent_ms;             /* an account with an e-ID unused for so long wants it again */
    struct eid_settings eid;       /* eid.on: there is a provider */
    struct eid_provider *provider; /* NULL: none */
    int64_t fresh_ms;              /* some requests want that who it is was shown within it */
    struct passkey_settings passkeys;
    struct pay *pay;      /* NULL: fees are paid at the counter alone */
    int64_t reconcile_ms; /* of the sweep: no earlier the next look at lists of days */
    struct report_settings report;
    struct dossier_settings dossier;
    struct complaint_settings complaint;
    struct app_rights rights;
    struct push_kind kinds[PUSH_KINDS_MAX + 1]; /* of cases, with their settings */
    struct catalogue_holder *catalogue;
    struct procedure_holder *procedures;
    struct calendar_holder *calendar;
    struct area_holder *areas;
    const char *shipped_calendar; /* in force while none is set */
    size_t n_shipped_calendar;
    struct media_pool *decoders, *papers; /* of pictures, of PDFs */
    struct media_pool *forms;             /* makes PDFs of forms */
    struct videos *videos;                /* NULL: none are taken */
    struct push *push;
    struct gateway *gateway;
    struct job_board *jobs; /* long work of the operator */
    /* Copies data, person keys and keyring, each verified, into a folder that is made. NULL where
     * the store is on a server, which has tools of its own. */
    int (*backup)(struct app *app, const char *folder, app_tell_fn tell, void *ctx);
    /* A copy of somebody's data was asked for; cheap, from any thread. */
    void (*wake_exports)(struct app *app);
    struct export_worker *exports; /* of programs/ */
    /* What the sweep does is wanted now: a calendar changed, or the clock was advanced. Cheap, from
     * any thread. */
    void (*wake_sweep)(struct app *app);
    struct sweeper *sweeper; /* of programs/ */
    const char *folder;      /* the data folder */
    int64_t started_ms;
    bool demo;
};

extern const struct config_key app_config[]; /* "report.*", "auth.*", "media.*" */

static inline struct app *app_of(const struct request *req)
{
    return (struct app *)req->app;
}

static inline struct upload_service app_uploads(struct app *app)
{
    return (struct upload_service){app->store, &app->people, app->decoders, app->papers,
                                   app->videos};
}

/* The caller as domain/case/ sees them, standing for whom the request is made (handlers/acting.h).
 * The agency's text lives as long as the request. */
struct case_actor app_actor(const struct request *req);
/* The same before one report: the dispatcher stands in where the agency that holds it has no active
 * leader. 0, E_*. */
int app_actor_before(const struct request *req, const struct report *r, struct case_actor *ret);

/* Who oversees others: an inspector, a leader, an officer who is a leader's deputy just now. */
bool app_oversees(const struct request *req);

/* The world of a case at the request's time. Release with app_world_release. */
struct app_world {
    struct case_world world;
    struct calendar *calendar;
    const struct catalogue *catalogue;
};
void app_world_take(const struct request *req, struct app_world *ret);
void app_world_open(struct app *app, int64_t now_ms,
                    struct app_world *ret);  /* where none is asked */
void app_world_release(struct app_world *w); /* for CLEANUP(app_world_release) */

/*
 * Cursors: base64url of the position and a tag over it, the caller, the route and every other query
 * parameter, so that a cursor cannot be used elsewhere or made up.
 */
const char *app_cursor_write(const struct request *req, const struct store_position *p);
/* Reads ?cursor=; false after answering a problem if it is not ours. *ret_has says if there is one.
 */
bool app_cursor_read(const struct request *req, struct reply *reply, bool *ret_has,
                     struct store_position *ret);
/* ?limit= within 1 to max; `fallback` without it. The route's schema has already checked it. */
size_t app_limit(const struct request *req, size_t fallback, size_t max);

/* {"items":[…]} of a page of documents, each by `show`; Link rel=next if there is more. */
typedef int (*app_show_fn)(const struct request *req, const bson_t *doc, struct buf *out);
int app_reply_page(const struct request *req, struct reply *reply, const struct store_page *page,
                   app_show_fn show);

/* A text of the body without spaces at its ends, in the request's arena; NULL: there is none, or
 * nothing of it is left. */
const char *app_text(const struct request *req, const char *name);

/* The text of an id, in the request's arena. */
const char *app_id_text(const struct request *req, const struct id *id);

/* Holds a value against a schema that came at run time; violations are answered below `prefix`. */
int app_check_value(const struct request *req, struct reply *reply, const struct schema *schema,
                    json_t *value, const char *prefix);

/* A store outcome as a problem: CONFLICT, REVISED, NOT_FOUND, KEY_REUSED, E_*. */
int app_reply_store(struct reply *reply, int outcome);

/*
 * Signed address of a rendition, good for media.url_life: "/v1/media/{id}/{name}?until=…&sig=…".
 * It is of the renditions of now: once parts of the photo are covered, or uncovered, it is refused.
 */
const char *app_media_url(const struct request *req, const struct upload *u, const char *name);
bool app_media_url_check(const struct request *req, const struct upload *u, const char *name);
/* What tells a rendition from those that were there before: "large", later "large-1", … */
const char *app_rendition(const struct request *req, const struct upload *u, const char *name);
/* The same of another thing: "PATH/{id}/{name}?…"; names are of one kind of thing each. */
const char *app_signed_url(const struct request *req, const char *path, const struct id *media,
                           const char *name);
bool app_signed_url_check(const struct request *req, const struct id *media, const char *name);

/* The routes of every file, for programs/tramd.c. */
/* clang-format off */
extern const struct route auth_routes[];
extern const struct route eid_routes[];
extern const struct route well_known_routes[];
extern const struct route desk_people_routes[];
extern const struct route me_routes[];
extern const struct route catalogue_routes[];
extern const struct route upload_routes[];
extern const struct route media_routes[], video_routes[];
extern const struct route report_routes[], photo_routes[];
extern const struct route draft_routes[];
extern const struct route dossier_routes[];
extern const struct route document_routes[];
extern const struct route desk_document_routes[];
extern const struct route desk_dossier_routes[];
extern const struct route figure_routes[];
extern const struct route complaint_routes[];
extern const struct route desk_counter_routes[];
extern const struct route permit_routes[];
extern const struct route public_figure_routes[];
extern const struct route dossier_form_routes[];
extern const struct route result_routes[];
extern const struct route desk_routes[];
extern const struct route public_routes[], public_page_routes[];
extern const struct route notice_routes[];
extern const struct route presence_routes[];
extern const struct route look_routes[];
extern const struct route admin_routes[];
extern const struct route consent_routes[];
extern const struct route consent_desk_routes[];
extern const struct route staff_routes[];
extern const struct route staff_own_routes[];
extern const struct route org_routes[];
extern const struct route desk_org_routes[];
extern const struct route passkey_routes[];
extern const struct route procedure_routes[];
extern const struct route export_routes[];
extern const struct route erasure_routes[];
extern const struct route mandate_routes[];
extern const struct route desk_mandate_routes[];
extern const struct route handover_routes[];
extern const struct route deputy_routes[];
extern const struct route roster_routes[];
extern const struct route payment_routes[];
extern const struct route desk_payment_routes[];
/* clang-format on */
extern const struct route_component erasure_components[]; /* NULL-name-ended */
extern const struct route *const app_routes[];            /* all of them, NULL-ended */
