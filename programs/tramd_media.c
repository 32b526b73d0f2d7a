/* The readers of strangers' files, a pool for pictures and one for papers; and one that makes
 * forms. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/result.h"
#include "media/pool.h"
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
    options.argument = config_text(app->config, "media.signature_roots");
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
