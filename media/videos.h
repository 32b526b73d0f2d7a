/*
 * The lane in which films are checked: one at a time for each thread of it, the oldest first. What
 * waits is in the store (upload_check_*, media/upload.h), so that a restart loses nothing; several
 * processes over one store share what waits, by lease.
 */
#pragma once

#include "media/upload.h"
#include "media/video.h"

struct videos_options {
    struct video_options video;    /* its texts must outlive the lane */
    struct upload_service service; /* store, people, decoders */
    size_t waiting_max;            /* films that wait; more are not begun */
    /* Called from the lane. Once: result of video_try and the layers of the sandbox. */
    void (*tried)(int result, unsigned layers);
    void (*failed)(int result); /* a film was not checked; it is tried again */
};

struct videos;

/* Starts the lane's thread. E_NOMEM. */
int videos_new(const struct videos_options *options, struct videos **ret);
void videos_free(struct videos *v); /* what is being checked is given back; NULL is allowed */
/* Waits for the trial of the start. Bytes of a film that may be sent; 0: none are taken here (NULL
 * is allowed). */
int64_t videos_bytes_max(struct videos *v);
unsigned videos_seconds_max(const struct videos *v);
size_t videos_waiting_max(const struct videos *v); /* 0 of NULL */
/* As many wait as may, of all or of this sender. 0 and *ret, E_*. */
int videos_are_full(struct videos *v, const struct id *sender, bool *ret);
void videos_wake(struct videos *v); /* something waits; NULL is allowed */

struct videos_counts {
    uint64_t checked, refused, back; /* by this lane: found sound, refused, to be tried again */
    uint64_t full;                   /* callers told that as many wait as may */
    uint64_t worked_ms;              /* of all checks */
    unsigned running;                /* now, by this lane */
};
struct videos_counts videos_counts(struct videos *v); /* NULL is allowed: nothing */
/* Films in the store that were not checked to the end yet, by whichever process, at most 200; 0
 * too where the store does not answer. NULL is allowed. */
size_t videos_waiting(const struct videos *v);
