/*
 * Between tramd and tram-videos, over a stream socket: a job and the file's bytes one way; the
 * other way events of fixed size, the last of them followed by what was made. Both ends are of one
 * build; one that was built otherwise is told by `magic`. tramd believes nothing of it unchecked:
 * what came of a stranger's film passed through ffmpeg.
 */
#pragma once

#include <stdint.h>

#include "media/fault.h"

#define VIDEO_MAGIC                                                                                \
    (UINT32_C(0x54560000) + (uint32_t)(sizeof(struct video_event) << 8) +                          \
     (uint32_t)sizeof(struct video_job))
#define VIDEO_SECONDS_MAX 600
#define VIDEO_SIDE_MAX 8192
#define VIDEO_POSTER_BYTES_MAX (4 << 20)

/* How the container is read: never guessed, since a guess may be a playlist. */
enum video_container { VIDEO_MP4 = 1, VIDEO_WEBM };

struct video_job {
    uint32_t magic;
    uint32_t container;   /* enum video_container */
    uint64_t bytes;       /* of the file, which follows; 0: a trial, whether all is in place */
    uint64_t made_max;    /* bytes of what is made */
    uint32_t seconds_max; /* how long it may play */
    uint32_t deadline_s;  /* for all that is done to it */
    uint32_t memory_mb;   /* address space of ffmpeg */
    uint32_t padding;
};

enum video_step {
    VIDEO_READY = 1, /* value: layers of the sandbox (media/sandbox.h); the end of a trial */
    VIDEO_PROGRESS,  /* value: percent */
    VIDEO_REFUSED,   /* value: enum media_fault */
    VIDEO_MADE,      /* followed by the film, then the poster */
    VIDEO_FAILED,    /* value: a result code of ours */
};

struct video_event {
    uint32_t magic;
    uint32_t step; /* enum video_step */
    int32_t value;
    /* VIDEO_MADE */
    uint32_t width, height; /* upright */
    uint32_t duration_ms;
    uint32_t encoded; /* it was encoded anew */
    uint32_t poster_n;
    uint64_t film_n;
    double lat, lon;  /* where the camera says that it was; NaN: it does not */
    int64_t taken_ms; /* when; 0: it does not say */
};
