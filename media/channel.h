/*
 * Between tramd and a decoder: one message each way for a job over a SOCK_SEQPACKET pair, structs
 * of fixed size, the bytes beside them in memfds. Both ends are of one build; a decoder that was
 * built otherwise is told by `magic`. tramd believes nothing in an answer: see child.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "media/media.h"

#define CHANNEL_FD 3 /* in the decoder */
#define CHANNEL_MAGIC                                                                              \
    (UINT32_C(0x54520000) + (uint32_t)(sizeof(struct decoder_answer) + sizeof(struct decoder_job)))

/* Once, when the sandbox is closed; if it is not, the decoder ends without a hello. */
struct decoder_hello {
    uint32_t magic;
    uint32_t layers; /* enum sandbox_layer */
};

/* With three descriptors: the sealed input, and an empty memfd for each rendition. */
enum { JOB_INPUT, JOB_LARGE, JOB_SMALL, JOB_FDS };

struct decoder_job {
    uint64_t id;
    struct media_limits limits;
    uint32_t deadline_s; /* after it the decoder ends itself, should tramd be gone */
    uint32_t padding;
};

struct decoder_answer {
    uint64_t id;
    int32_t result; /* of media_decode_image */
    uint32_t fault;
    struct media_facts facts;
    struct {
        uint32_t n, width, height;
    } large, small;
};

/* 0, CHANNEL_CLOSED, or E_IO. Descriptors stay the sender's. */
enum { CHANNEL_CLOSED = 1 };
int channel_send(int channel, const void *message, size_t n, const int *fds, size_t n_fds);
/* A message of exactly n bytes with exactly n_fds descriptors (at most JOB_FDS, the caller closes
 * them). 0, CHANNEL_CLOSED, or E_CORRUPT, E_IO: then no descriptor is left open. */
int channel_receive(int channel, void *message, size_t n, int *ret_fds, size_t n_fds);
