/*
 * A stranger's film becomes one that phones' browsers play, and its poster. ffmpeg does it, started
 * by tram-videos where it reaches nothing but its libraries and one scratch folder
 * (media/video/); a process for each film. Blocking; thread-safe, for different scratch folders.
 */
#pragma once

#include "media/media.h"
#include "media/video_channel.h"

struct video_options {
    const char *program;          /* tram-videos */
    const char *ffmpeg, *ffprobe; /* absolute paths */
    const char *scratch; /* a folder of its own, 0700, emptied before and after; used where no mount
                          * namespace is to be had: else the film is only ever in memory */
    uint64_t bytes_max;  /* of a film as it is sent */
    unsigned seconds_max; /* to VIDEO_SECONDS_MAX */
    unsigned deadline_s;  /* for all that is done to one film */
    unsigned memory_mb;   /* address space of ffmpeg */
};

/* What its first bytes (32 are enough) say it is; 0: no film. */
enum video_container video_sniff(const uint8_t *bytes, size_t n);
/* "video/mp4", "video/quicktime", "video/webm", by the same bytes. */
const char *video_type(const uint8_t *bytes, size_t n);

struct video_calls {
    /* n bytes of the film at `offset`; E_*. */
    int (*read)(void *ctx, int64_t offset, void *out, size_t n);
    /* The next bytes of what is made; E_*. */
    int (*write)(void *ctx, const void *bytes, size_t n);
    /* Called at least each second; false: it is not wanted any more. */
    bool (*go_on)(void *ctx, int percent);
    void *ctx;
};

struct video_film {
    enum media_fault fault; /* MEDIA_REFUSED */
    uint32_t width, height, duration_ms;
    bool encoded; /* else its pictures and sound are those that were sent */
    struct media_exif exif;
    uint8_t *poster; /* a JPEG, as ffmpeg made it; free */
    size_t poster_n;
};

/*
 * 0 and *ret, after `write` was given an MP4; MEDIA_REFUSED with ret->fault; MEDIA_CRASHED: the
 * program died of it; E_UNAVAILABLE: it cannot be started or closed in; E_BUSY: go_on said no;
 * what the calls returned; E_IO, E_NOMEM. video_film_release(ret) whatever is returned.
 */
int video_make(const struct video_options *o, enum video_container container, int64_t size,
               const struct video_calls *calls, struct video_film *ret);
void video_film_release(struct video_film *film);
/* Whether it could be done here: 0 and *ret_layers (media/sandbox.h), E_UNAVAILABLE: there is no
 * ffmpeg; E_REFUSED: it cannot be closed in. */
int video_try(const struct video_options *o, unsigned *ret_layers);
