/* Between the files of tram-videos. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "media/video_channel.h"

/* Where ffmpeg works, seen from inside; and the only names in it. */
#define FILE_IN "in"
#define FILE_FILM "film.mp4"
#define FILE_POSTER "poster.jpg"

/* --- confine.c -------------------------------------------------------------------------------- */

struct confinement {
    const char *programs[2]; /* that may be started: ffmpeg, ffprobe; the second may be NULL */
    const char *scratch;     /* the folder where no mount namespace is to be had; empty, 0700 */
    uint64_t scratch_bytes;  /* of the one that is made in memory */
    unsigned wanted;         /* mask of enum sandbox_layer: what is tried at all */
};

/*
 * This process, and what it starts, from here on sees the programs and the libraries they may load,
 * read-only, and one scratch folder, which is the working directory then: in a mount namespace, on
 * a file system in memory that ends with the last process; or by Landlock alone, in a folder that
 * whoever made it empties. 0 and *ret_layers, or E_REFUSED: neither is to be had; the process is
 * altered in any case.
 */
int confine(const struct confinement *c, unsigned *ret_layers);

/* --- filter.c --------------------------------------------------------------------------------- */

/* The last step before `program` (this very pointer) is executed: system calls of reading, writing
 * and computing on threads; no other program, process, socket or signal. */
bool filter_close(const char *program);

/* --- child.c ---------------------------------------------------------------------------------- */

enum child_end { CHILD_GOOD = 0, CHILD_BAD = 1, CHILD_LATE = 2, CHILD_UNWANTED = 3 };

struct child_run {
    const char *const *argv; /* argv[0] is the path */
    uint64_t memory_bytes, file_bytes;
    int64_t until_ms; /* of the monotonic clock */
    int channel;      /* its other end is gone: the work is unwanted; -1: none */
    int null_fd;
    char *out; /* of its standard output, as far as it fits; ends with NUL */
    size_t room;
    void (*line)(void *ctx, const char *line); /* instead: each line as it comes */
    void *ctx;
};
/* enum child_end, E_*. CHILD_BAD: it says that it failed, or a signal ended it. */
int child_run(struct child_run *run);

/* --- probe.c ---------------------------------------------------------------------------------- */

struct probe {
    bool has_picture, has_sound;
    char codec[24], profile[32], sound[24], pixels[24];
    long width, height; /* as stored */
    long rotation;      /* degrees */
    double rate;        /* pictures a second; 0: unknown */
    double seconds;     /* 0: unknown */
    double lat, lon;    /* NaN: none */
    int64_t taken_ms;   /* 0: none */
};
/* ffprobe's flat output (`-of flat`), of any content. */
void probe_read(const char *text, struct probe *ret);

/* --- make.c ----------------------------------------------------------------------------------- */

struct maker {
    const struct video_job *job;
    const char *ffmpeg, *ffprobe;
    int channel, null_fd;
    int64_t until_ms;
    int (*tell)(int channel, enum video_step step, int value);
    struct probe before, after;
    bool encoded;
    enum media_fault fault;
    double seconds; /* of what is being encoded */
    int percent;
};
/* Makes FILE_FILM and FILE_POSTER of FILE_IN. CHILD_GOOD; CHILD_BAD with m->fault; CHILD_UNWANTED;
 * E_*. */
int make_film(struct maker *m);
