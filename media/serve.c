#include "media/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/channel.h"
#include "media/memfd.h"
#include "media/sandbox.h"

#define PROVE_MEMORY_MB 768
#define MEMORY_MB_MAX 16384
/* Of the whole life: a decoder that nobody ends any more, ends. */
#define CPU_SECONDS 900

static int decode(decoder_fn fn, const struct decoder_job *job, int input, struct media_result *ret)
{
    int64_t n = memfd_size(input);
    const uint8_t *bytes;

    /* An input that shrinks while it is read would be a SIGBUS, one that changes a race. */
    if (n <= 0 || !memfd_sealed(input))
        return E_INVALID;
    int rc = memfd_map(input, (size_t)n, &bytes);
    if (rc != 0)
        return rc;
    rc = fn(bytes, (size_t)n, &job->limits, ret);
    munmap((void *)(uintptr_t)bytes, (size_t)n);
    return rc;
}

static int answer(decoder_fn fn, const struct decoder_job *job, const int fds[JOB_FDS])
{
    struct media_result result = {0};
    struct decoder_answer a = {.id = job->id};

    a.result = decode(fn, job, fds[JOB_INPUT], &result);
    a.fault = result.fault;
    if (a.result == 0) {
        a.facts = result.facts;
        a.large.n = (uint32_t)result.large.n;
        a.large.width = result.large.width;
        a.large.height = result.large.height;
        a.small.n = (uint32_t)result.small.n;
        a.small.width = result.small.width;
        a.small.height = result.small.height;
        a.result = memfd_append(fds[JOB_LARGE], result.large.bytes, result.large.n);
        if (a.result == 0)
            a.result = memfd_append(fds[JOB_SMALL], result.small.bytes, result.small.n);
    }
    media_result_release(&result);
    return channel_send(CHANNEL_FD, &a, sizeof a, NULL, 0);
}

static int serve(decoder_fn fn, unsigned layers)
{
    struct decoder_hello hello = {.magic = CHANNEL_MAGIC, .layers = layers};
    int rc = channel_send(CHANNEL_FD, &hello, sizeof hello, NULL, 0);

    while (rc == 0) {
        struct decoder_job job;
        int fds[JOB_FDS];
        rc = channel_receive(CHANNEL_FD, &job, sizeof job, fds, JOB_FDS);
        if (rc != 0)
            break;
        alarm(job.deadline_s);
        rc = answer(fn, &job, fds);
        alarm(0);
        for (int i = 0; i < JOB_FDS; i++)
            close(fds[i]);
    }
    return rc == CHANNEL_CLOSED ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int prove(unsigned layers)
{
    static const struct {
        unsigned layer;
        const char *name;
    } names[] = {{SANDBOX_LIMITS, "limits"},
                 {SANDBOX_NAMESPACES, "namespaces"},
                 {SANDBOX_ROOT, "empty root"},
                 {SANDBOX_LANDLOCK, "landlock"},
                 {SANDBOX_FILTER, "filter"}};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        dprintf(STDOUT_FILENO, "%-18s %s\n", names[i].name,
                layers & names[i].layer ? "holds" : "not available here");
    return sandbox_prove(STDOUT_FILENO) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int decoder_serve(const char *name, const char *argument, decoder_fn fn)
{
    bool proving = argument && strcmp(argument, "--prove") == 0;
    unsigned long memory_mb = argument && !proving ? strtoul(argument, NULL, 10) : PROVE_MEMORY_MB;
    unsigned layers;

    if (!argument || memory_mb == 0 || memory_mb > MEMORY_MB_MAX) {
        fprintf(stderr, "%s is started by tramd. By hand: %s --prove\n", name, name);
        return 2;
    }
    struct sandbox_limits limits = {
        .memory_bytes = (uint64_t)memory_mb << 20,
        .file_bytes = MEDIA_RENDITION_BYTES_MAX,
        .cpu_seconds = CPU_SECONDS,
        .last_fd = proving ? STDERR_FILENO : CHANNEL_FD,
    };
    if (sandbox_enter(&limits, &layers) != 0) {
        dprintf(STDERR_FILENO, "%s: the sandbox cannot be closed here\n", name);
        return 3;
    }
    return proving ? prove(layers) : serve(fn, layers);
}
