#include "media/video.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"
#include "media/child.h"
#include "media/sandbox.h"

#define PIECE ((size_t)256 << 10)
#define LOOK_MS 500
#define GRACE_MS 30000       /* beside the deadline: to hand over what goes in and what comes out */
#define TRY_SECONDS 120      /* its libraries may have to come from a slow disk */
#define MADE_SPARE (8 << 20) /* what is made may be a little larger than what was sent */
#define YEAR_9999_MS INT64_C(253402300799000)

/* --- what it is ------------------------------------------------------------------------------- */

#define BOX_MIN 8

/* Boxes that an ISO base media file (ISO/IEC 14496-12) or an old QuickTime file begins with. */
static const char *const boxes[] = {"moov", "mdat", "wide", "free", "skip", "pnot"};
/* Brands of pictures in the same container. */
static const char *const still[] = {"heic", "heix", "heim", "heis", "hevc", "hevx",
                                    "mif1", "msf1", "avif", "avis", "jpeg", "crx "};

static bool is_one_of(const uint8_t *four, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (memcmp(four, names[i], 4) == 0)
            return true;
    }
    return false;
}

static bool is_brand(const uint8_t *bytes, size_t n, const char *brand)
{
    return n >= 12 && memcmp(bytes + 4, "ftyp", 4) == 0 &&
           (!brand || memcmp(bytes + 8, brand, 4) == 0);
}

enum video_container video_sniff(const uint8_t *bytes, size_t n)
{
    static const uint8_t ebml[] = {0x1A, 0x45, 0xDF, 0xA3};

    if (n >= sizeof ebml && memcmp(bytes, ebml, sizeof ebml) == 0)
        return VIDEO_WEBM;
    if (is_brand(bytes, n, NULL))
        return is_one_of(bytes + 8, still, ARRAY_LEN(still)) ? 0 : VIDEO_MP4;
    return n >= BOX_MIN && is_one_of(bytes + 4, boxes, ARRAY_LEN(boxes)) ? VIDEO_MP4 : 0;
}

const char *video_type(const uint8_t *bytes, size_t n)
{
    if (video_sniff(bytes, n) == VIDEO_WEBM)
        return "video/webm";
    return is_brand(bytes, n, NULL) && !is_brand(bytes, n, "qt  ") ? "video/mp4"
                                                                   : "video/quicktime";
}

/* --- the process ------------------------------------------------------------------------------ */

struct work {
    const struct video_options *o;
    const struct video_calls *calls;
    pid_t pid;
    int channel;
    int64_t until_ms;
    int percent;
};

/* Files alone: there are no folders in it. */
static void empty_folder(const char *path)
{
    DIR *folder = path ? opendir(path) : NULL;
    struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
        unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
}

static int begin(struct work *w)
{
    const struct video_options *o = w->o;
    char *argv[] = {(char *)(uintptr_t)o->program, (char *)(uintptr_t)o->ffmpeg,
                    (char *)(uintptr_t)o->ffprobe, (char *)(uintptr_t)o->scratch, NULL};
    const struct timeval look = {.tv_usec = LOOK_MS * 1000L};

    empty_folder(o->scratch);
    w->channel = -1;
    int done = child_spawn(argv, SOCK_STREAM, &w->pid, &w->channel);
    if (done == 0 && (setsockopt(w->channel, SOL_SOCKET, SO_SNDTIMEO, &look, sizeof look) != 0 ||
                      setsockopt(w->channel, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look) != 0))
        done = E_IO;
    return done;
}

/* ffmpeg ends with its parent (PR_SET_PDEATHSIG). */
static void end(struct work *w)
{
    if (w->pid > 0) {
        kill(-w->pid, SIGKILL);
        while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (w->channel >= 0)
        close(w->channel);
    empty_folder(w->o->scratch);
}

/* After a wait in which nothing moved: 0, E_BUSY, MEDIA_CRASHED (it is long overdue). */
static int look(const struct work *w)
{
    if (w->calls && !w->calls->go_on(w->calls->ctx, w->percent))
        return E_BUSY;
    return clock_monotonic_ms() > w->until_ms ? MEDIA_CRASHED : 0;
}

/* Sends (or receives) all of it. MEDIA_CRASHED: the other end is gone. */
static int move(const struct work *w, void *bytes, size_t n, bool out)
{
    for (char *at = bytes; n > 0;) {
        ssize_t moved = out ? send(w->channel, at, n, MSG_NOSIGNAL) : recv(w->channel, at, n, 0);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            int done = look(w);
            if (done != 0)
                return done;
            continue;
        }
        if (moved <= 0)
            return MEDIA_CRASHED;
        at += moved;
        n -= (size_t)moved;
    }
    return 0;
}

static int send_job(const struct work *w, enum video_container container, int64_t size)
{
    const struct video_options *o = w->o;
    struct video_job job = {.magic = VIDEO_MAGIC,
                            .container = container,
                            .bytes = (uint64_t)size,
                            .made_max = o->bytes_max + MADE_SPARE,
                            .seconds_max = o->seconds_max,
                            .deadline_s = o->deadline_s,
                            .memory_mb = o->memory_mb};
    return move(w, &job, sizeof job, true);
}

static int send_film(const struct work *w, int64_t size)
{
    CLEANUP(freep) uint8_t *piece = malloc(PIECE);
    int done = piece ? 0 : E_NOMEM;

    for (int64_t at = 0; done == 0 && at < size;) {
        size_t n = size - at < (int64_t)PIECE ? (size_t)(size - at) : PIECE;
        done = w->calls->read(w->calls->ctx, at, piece, n);
        if (done == 0)
            done = move(w, piece, n, true);
        at += (int64_t)n;
        if (done == 0)
            done = look(w);
    }
    return done;
}

/* --- what comes back -------------------------------------------------------------------------- */

/* Until something else than progress is told; go_on hears of each. */
static int next_event(struct work *w, struct video_event *e)
{
    for (;;) {
        int done = move(w, e, sizeof *e, false);
        if (done != 0)
            return done;
        if (e->magic != VIDEO_MAGIC)
            return MEDIA_CRASHED;
        if (e->step != VIDEO_PROGRESS)
            return 0;
        w->percent = e->value >= 0 && e->value <= 100 ? e->value : w->percent;
        done = look(w);
        if (done != 0)
            return done;
    }
}

static bool made_is_sound(const struct work *w, const struct video_event *e)
{
    return e->width > 0 && e->width <= VIDEO_SIDE_MAX && e->height > 0 &&
           e->height <= VIDEO_SIDE_MAX && e->duration_ms > 0 &&
           e->duration_ms <= (w->o->seconds_max + 10) * 1000 && e->film_n >= 32 &&
           e->film_n <= w->o->bytes_max + MADE_SPARE && e->poster_n > 0 &&
           e->poster_n <= VIDEO_POSTER_BYTES_MAX;
}

static int take_film(const struct work *w, uint64_t n)
{
    CLEANUP(freep) uint8_t *piece = malloc(PIECE);
    int done = piece ? 0 : E_NOMEM;

    for (uint64_t at = 0; done == 0 && at < n;) {
        size_t here = n - at < PIECE ? (size_t)(n - at) : PIECE;
        done = move(w, piece, here, false);
        if (done == 0 && at == 0 && !is_brand(piece, here, NULL))
            done = MEDIA_CRASHED;
        if (done == 0)
            done = w->calls->write(w->calls->ctx, piece, here);
        at += here;
        if (done == 0)
            done = look(w);
    }
    return done;
}

static void take_facts(const struct video_event *e, struct video_film *ret)
{
    ret->width = e->width;
    ret->height = e->height;
    ret->duration_ms = e->duration_ms;
    ret->encoded = e->encoded != 0;
    ret->exif.orientation = 1;
    if (isfinite(e->lat) && isfinite(e->lon) && fabs(e->lat) <= 90 && fabs(e->lon) <= 180) {
        ret->exif.has_place = 1;
        ret->exif.lat = e->lat;
        ret->exif.lon = e->lon;
    }
    if (e->taken_ms > 0 && e->taken_ms <= YEAR_9999_MS) {
        ret->exif.has_taken = 1;
        ret->exif.taken_ms = e->taken_ms;
    }
}

static int take_made(const struct work *w, const struct video_event *e, struct video_film *ret)
{
    if (!made_is_sound(w, e))
        return MEDIA_CRASHED;
    take_facts(e, ret);
    int done = take_film(w, e->film_n);
    ret->poster = done == 0 ? malloc(e->poster_n) : NULL;
    if (done == 0 && !ret->poster)
        done = E_NOMEM;
    if (done == 0)
        done = move(w, ret->poster, e->poster_n, false);
    ret->poster_n = e->poster_n;
    return done;
}

static int take_end(const struct work *w, const struct video_event *e, struct video_film *ret)
{
    switch (e->step) {
    case VIDEO_MADE:
        return take_made(w, e, ret);
    case VIDEO_REFUSED:
        ret->fault = e->value > MEDIA_FAULT_NONE && e->value < MEDIA_FAULT_COUNT
                         ? (enum media_fault)e->value
                         : MEDIA_FAULT_CRASHED;
        return MEDIA_REFUSED;
    case VIDEO_FAILED:
        return e->value == E_REFUSED ? E_UNAVAILABLE : E_IO;
    default:
        return MEDIA_CRASHED;
    }
}

int video_make(const struct video_options *o, enum video_container container, int64_t size,
               const struct video_calls *calls, struct video_film *ret)
{
    struct work w = {.o = o, .calls = calls};
    struct video_event e = {0};

    *ret = (struct video_film){0};
    w.until_ms = clock_monotonic_ms() + INT64_C(1000) * o->deadline_s + GRACE_MS;
    int done = begin(&w);
    if (done == 0)
        done = send_job(&w, container, size);
    if (done == 0)
        done = next_event(&w, &e);
    if (done == 0 && e.step == VIDEO_READY)
        done = send_film(&w, size);
    if (done == 0 && e.step == VIDEO_READY)
        done = next_event(&w, &e);
    if (done == 0)
        done = take_end(&w, &e, ret);
    if (done == MEDIA_CRASHED)
        ret->fault = MEDIA_FAULT_CRASHED;
    end(&w);
    return done;
}

void video_film_release(struct video_film *film)
{
    free(film->poster);
    *film = (struct video_film){0};
}

int video_try(const struct video_options *o, unsigned *ret_layers)
{
    struct video_options brief = *o;
    struct work w = {.o = &brief};
    struct video_event e = {0};

    *ret_layers = 0;
    brief.deadline_s = TRY_SECONDS;
    w.until_ms = clock_monotonic_ms() + INT64_C(1000) * TRY_SECONDS + GRACE_MS;
    if (access(o->ffmpeg, X_OK) != 0 || access(o->ffprobe, X_OK) != 0)
        return E_UNAVAILABLE;
    int done = begin(&w);
    if (done == 0)
        done = send_job(&w, VIDEO_MP4, 0);
    if (done == 0)
        done = next_event(&w, &e);
    end(&w);
    if (done != 0 || e.magic != VIDEO_MAGIC)
        return E_UNAVAILABLE;
    if (e.step == VIDEO_READY)
        *ret_layers = (unsigned)e.value;
    return e.step == VIDEO_READY ? 0 : e.value == E_REFUSED ? E_REFUSED : E_UNAVAILABLE;
}
