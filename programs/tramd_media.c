/* The readers of strangers' files, a pool for pictures and one for papers; and one that makes
 * forms. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/result.h"
#include "media/pool.h"
#include "media/sandbox.h"
#include "media/videos.h"
#include "programs/tramd.h"

/* A program beside this very file, wherever that was installed; or the configured one. */
static const char *path_of(const struct app *app, const char *key, const char *name,
                           struct arena *a)
{
    const char *configured = config_text(app->config, key);
    char self[4096];
    if (configured[0])
        return configured;
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n <= 0)
        return name;
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    return arena_printf(a, "%.*s/%s", (int)(slash ? slash - self : 0), self, name);
}

/* --- videos ----------------------------------------------------------------------------------- */

#define SCRATCH "video-scratch"

static void videos_tried(int result, unsigned layers)
{
    const char *why = result == E_UNAVAILABLE ? "ffmpeg, ffprobe or tram-videos does not start"
                      : result == E_REFUSED ? "neither a mount namespace nor Landlock is to be had"
                                            : result_words(result);
    const char *how = layers & SANDBOX_ROOT ? "a mount namespace" : "Landlock";
    if (result == 0)
        log_event(LOG_INFO, "videos are taken", "in", how, NULL);
    else
        log_event(LOG_WARN, "videos are not taken", "why", why, NULL);
}

static void video_failed(int result)
{
    log_event(LOG_WARN, "a video was not checked", "why", result_words(result), NULL);
}

int tramd_videos(struct app *app, struct arena *a)
{
    const struct config *c = app->config;
    const char *scratch = arena_printf(a, "%s/" SCRATCH, app->folder);
    if (!config_text(c, "media.ffmpeg")[0] || !config_text(c, "media.ffprobe")[0])
        return 0;
    if (mkdir(scratch, 0700) != 0 && errno != EEXIST)
        return E_IO;
    const struct videos_options options = {
        .video = {.program = path_of(app, "media.videos", "tram-videos", a),
                  .ffmpeg = config_text(c, "media.ffmpeg"),
                  .ffprobe = config_text(c, "media.ffprobe"),
                  .scratch = scratch,
                  .bytes_max = (uint64_t)config_int(c, "media.video_mb") << 20,
                  .seconds_max = (unsigned)config_int(c, "media.video_seconds"),
                  .deadline_s = (unsigned)(config_int(c, "media.video_deadline") / 1000),
                  .memory_mb = (unsigned)config_int(c, "media.video_memory")},
        .service = {app->store, &app->people, app->decoders, app->papers, NULL},
        .waiting_max = (size_t)config_int(c, "media.video_waiting"),
        .tried = videos_tried,
        .failed = video_failed,
    };
    return videos_new(&options, &app->videos);
}

/* --- the pools -------------------------------------------------------------------------------- */

int tramd_media(struct app *app, struct arena *a, const char **ret_what)
{
    struct media_pool_options options = MEDIA_POOL_OPTIONS_DEFAULT;
    options.decoder_path = *ret_what = path_of(app, "media.decoder", "tram-decoder", a);
    options.decoders = (unsigned)config_int(app->config, "media.decoders");
    options.limits.pixels_max = (uint64_t)config_int(app->config, "media.max_pixels");
    int done = media_pool_new(&options, &app->decoders);
    if (done < 0)
        return done;
    options.decoder_path = *ret_what = path_of(app, "media.papers", "tram-papers", a);
    options.decoders = (unsigned)config_int(app->config, "media.paper_readers");
    options.argument = arena_printf(a, "%s%s", app->demo ? MEDIA_DEMONSTRATION : "",
                                    config_text(app->config, "media.signature_roots"));
    options.memory_mb = MEDIA_PAPERS_MEMORY_MB;
    options.limits.pages_max = (uint32_t)config_int(app->config, "media.max_pages");
    done = media_pool_new(&options, &app->papers);
    if (done < 0)
        return done;
    options = (struct media_pool_options)MEDIA_POOL_OPTIONS_DEFAULT;
    options.decoder_path = *ret_what = path_of(app, "media.forms", "tram-forms", a);
    options.decoders = (unsigned)config_int(app->config, "media.form_makers");
    options.argument = config_text(app->config, "media.fonts");
    options.jobs_each =
        1024; /* what it is given is ours; to open its fonts takes as long as ten forms */
    options.limits.makes = MEDIA_MAKES_PDF;
    return media_pool_new(&options, &app->forms);
}
