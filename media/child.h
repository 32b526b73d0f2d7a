/* One decoder process, as the pool sees it. Used by one thread at a time. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "media/media.h"

struct child {
    pid_t pid;   /* leader of its own process group; 0: there is none */
    int channel; /* -1 with it */
    uint64_t jobs;
    unsigned layers; /* of its sandbox: enum sandbox_layer */
};

/* Beside enum media_outcome: the process is to be ended. */
enum child_outcome { CHILD_DIED = 16, CHILD_SLOW };

/* Starts argv[0] with nothing of tramd but one end of a socket pair of `type` as CHANNEL_FD; the
 * other is *ret_channel. E_UNAVAILABLE. */
int child_spawn(char *const argv[], int type, pid_t *ret_pid, int *ret_channel);
/* Starts it and waits until its sandbox is closed. E_UNAVAILABLE if it cannot be started or does
 * not get there in time. `c` holds no process before. */
int child_start(struct child *c, const char *path, const char *argument, unsigned memory_mb,
                unsigned wait_ms);
/* Kills the process group and reaps. Harmless if there is none. */
void child_end(struct child *c);
/*
 * The sealed memfd `input` of n bytes, decoded. 0 or MEDIA_REFUSED and *ret as media_decode_image;
 * or enum child_outcome (a nonsensical answer is CHILD_DIED too); or E_NOMEM, E_IO.
 */
int child_decode(struct child *c, int input, size_t n, const struct media_limits *limits,
                 unsigned deadline_ms, struct media_result *ret);
