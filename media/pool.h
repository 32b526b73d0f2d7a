/*
 * The decoder processes of tramd, and the only way by which strangers' files are read there: a pool
 * of tram-decoder for pictures, one of tram-papers for PDFs.
 * Thread-safe. The calling thread does the talking: there are as many jobs under way as there are
 * decoders, and as many callers wait as `waiting_max` says. The pool reaps its own children by
 * pid: nobody else may wait for any child (waitpid(-1)) or ignore SIGCHLD.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "media/media.h"

/* Stands before the folder of roots that tram-papers is given, where those of a demonstration are
 * believed too. */
#define MEDIA_DEMONSTRATION "demonstration:"

struct media_pool_options {
    const char *decoder_path; /* of tram-decoder or tram-papers; copied */
    const char *argument;     /* for it; NULL: none; copied */
    struct media_limits limits;
    unsigned decoders;    /* processes; 0: one for two processors, at least one; at most 64 */
    unsigned waiting_max; /* callers that wait for a decoder */
    unsigned deadline_ms; /* for one file, and for a decoder to start */
    unsigned memory_mb;   /* address space of a decoder: 8 bytes a pixel of the largest PNG + 256 */
    unsigned jobs_each;   /* a decoder is replaced after so many: what took it over goes with it */
};

#define MEDIA_POOL_OPTIONS_DEFAULT                                                                 \
    {                                                                                              \
        .limits = MEDIA_LIMITS_DEFAULT, .waiting_max = 32, .deadline_ms = 10000, .memory_mb = 768, \
        .jobs_each = 64                                                                            \
    }

/* Bytes of a file: `fd`, a sealed memfd (media/memfd.h) that stays the caller's, or, if fd is -1,
 * a buffer, which is copied. */
struct media_input {
    int fd;
    const void *bytes;
    size_t n;                      /* of the buffer */
    const struct media_box *boxes; /* to be filled, of a picture; at most MEDIA_BOXES_MAX */
    size_t n_boxes;
};

/* For tram-papers: Poppler's libraries take much of the address space. */
#define MEDIA_PAPERS_MEMORY_MB 1024

struct media_pool;

/* Starts the decoders. E_INVALID for options out of bounds, E_NOMEM, E_UNAVAILABLE if a decoder
 * cannot be started or its sandbox does not hold. */
int media_pool_new(const struct media_pool_options *options, struct media_pool **ret);
void media_pool_free(struct media_pool *pool); /* nobody is inside any more */

/*
 * Blocks. 0 and *ret; MEDIA_REFUSED with ret->fault (too slow is one of them); MEDIA_CRASHED when
 * two decoders in turn died of it; E_BUSY when as many wait as may, or a decoder was not free
 * within the deadline; E_UNAVAILABLE if none can be started; E_INVALID (fd not sealed, unsound
 * boxes), E_NOMEM,
 * E_IO. media_result_release(ret) whatever is returned.
 */
int media_decode(struct media_pool *pool, const struct media_input *input,
                 struct media_result *ret);

/*
 * For who has files in memory: a place near the decoders, of which there are two more than
 * decoders. Who waits for one holds nothing yet, so that what many at once take is bounded. 0 (then
 * leave, whatever follows), E_BUSY as of media_decode.
 */
int media_pool_enter(struct media_pool *pool);
void media_pool_leave(struct media_pool *pool);

struct media_pool_counts {
    uint64_t decoded, refused, busy;     /* calls, since the start */
    uint64_t crashed, slow, started;     /* decoder processes; started counts the first ones too */
    uint64_t worked_ms;                  /* of all calls that had a decoder */
    unsigned decoders, running, waiting; /* now */
    unsigned layers; /* of the sandbox of the decoder started last: enum sandbox_layer */
};
struct media_pool_counts media_pool_counts(struct media_pool *pool);
/* Process ids, 0 where a decoder is to be started anew. Returns how many there are. */
unsigned media_pool_pids(struct media_pool *pool, pid_t *ret_pids, unsigned max);
