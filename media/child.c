#include "media/child.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/text.h"
#include "media/channel.h"
#include "media/memfd.h"
#include "media/sandbox.h"

#define SIGNED_MS_MAX INT64_C(253402300799000) /* year 9999 */

/* 0 when something is to be read (the end too), CHILD_SLOW, or E_IO. */
static int wait_readable(int fd, int64_t until_ms)
{
    for (;;) {
        int64_t left = until_ms - clock_monotonic_ms();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int n = poll(&p, 1, left > 0 ? (int)left : 0);
        if (n > 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return E_IO;
        if (n == 0 && left <= 0)
            return CHILD_SLOW;
    }
}

/* Nothing of tramd goes along: no descriptor but the channel, no environment, no signal state. */
static int spawn(const char *path, char *const argv[], int channel, pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    static char *const environment[] = {NULL};

    sigemptyset(&none);
    sigfillset(&all);
    int rc = posix_spawn_file_actions_init(&files);
    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&attributes);
    for (int fd = 0; rc == 0 && fd < CHANNEL_FD; fd++)
        rc = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, channel, CHANNEL_FD);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, CHANNEL_FD + 1);
    if (rc == 0) {
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                                  POSIX_SPAWN_SETSIGMASK);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        rc = posix_spawn(ret, path, &files, &attributes, argv, environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static int greet(struct child *c, unsigned wait_ms)
{
    struct decoder_hello hello;

    if (wait_readable(c->channel, clock_monotonic_ms() + wait_ms) != 0 ||
        channel_receive(c->channel, &hello, sizeof hello, NULL, 0) != 0 ||
        hello.magic != CHANNEL_MAGIC || !(hello.layers & SANDBOX_FILTER))
        return E_UNAVAILABLE;
    c->layers = hello.layers;
    return 0;
}

/* The parent's end is kept off 0 … 3, where the child's descriptors are made. */
static int make_pair(int type, int *ret_ours, int *ret_theirs)
{
    int pair[2];

    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0)
        return E_UNAVAILABLE;
    *ret_ours = pair[0];
    *ret_theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
    close(pair[1]);
    return *ret_theirs >= 0 ? 0 : E_UNAVAILABLE;
}

int child_spawn(char *const argv[], int type, pid_t *ret_pid, int *ret_channel)
{
    CLEANUP(closep) int ours = -1;
    CLEANUP(closep) int theirs = -1; /* closed here: else the child's end would not be seen */

    *ret_pid = 0;
    if (make_pair(type, &ours, &theirs) != 0 || spawn(argv[0], argv, theirs, ret_pid) != 0) {
        *ret_pid = 0;
        return E_UNAVAILABLE;
    }
    *ret_channel = ours;
    ours = -1;
    return 0;
}

int child_start(struct child *c, const char *path, const char *argument, unsigned memory_mb,
                unsigned wait_ms)
{
    char memory[16];
    char *argv[] = {(char *)(uintptr_t)path, memory, (char *)(uintptr_t)argument, NULL};

    snprintf(memory, sizeof memory, "%u", memory_mb);
    *c = (struct child){.channel = -1};
    int rc = child_spawn(argv, SOCK_SEQPACKET, &c->pid, &c->channel);
    if (rc == 0)
        rc = greet(c, wait_ms);
    if (rc != 0)
        child_end(c);
    return rc;
}

void child_end(struct child *c)
{
    if (c->pid > 0) {
        kill(-c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        close(c->channel);
    }
    *c = (struct child){.channel = -1};
}

static bool place_is_sound(const struct media_exif *exif)
{
    return isfinite(exif->lat) && isfinite(exif->lon) && fabs(exif->lat) <= 90 &&
           fabs(exif->lon) <= 180;
}

/* Text that ends, and is what a document may hold. */
static bool text_is_sound(const char *text, size_t room)
{
    size_t n = strnlen(text, room);
    return n < room && text_valid(text, n);
}

static bool signatures_are_sound(const struct media_facts *f)
{
    if (f->n_signatures > MEDIA_SIGNATURES_MAX || f->verdict > MEDIA_SIGNED_INVALID ||
        (f->n_signatures == 0) != (f->verdict == MEDIA_SIGNED_NONE))
        return false;
    for (size_t i = 0; i < f->n_signatures; i++) {
        const struct media_signature *s = &f->signatures[i];
        if (s->verdict == MEDIA_SIGNED_NONE || s->verdict > f->verdict ||
            s->flaw >= MEDIA_FLAW_COUNT || s->revocation > MEDIA_REVOCATION_BAD || s->stamped > 1 ||
            s->whole > 1 || s->timestamp > 1 || s->signed_ms < 0 || s->signed_ms > SIGNED_MS_MAX ||
            !text_is_sound(s->signer, sizeof(s->signer)) ||
            !text_is_sound(s->issuer, sizeof(s->issuer)) ||
            !text_is_sound(s->serial, sizeof(s->serial)))
            return false;
    }
    return true;
}

/* The decoder read a stranger's bytes: it may say anything. False if it cannot be meant. */
static bool answer_is_sound(const struct decoder_answer *a, uint64_t id, size_t n,
                            const struct media_limits *l)
{
    const struct media_facts *f = &a->facts;

    if (a->id != id || a->fault >= MEDIA_FAULT_COUNT)
        return false;
    if (a->result == MEDIA_REFUSED)
        return a->fault != MEDIA_FAULT_NONE;
    if (a->result != 0)
        return a->result == E_NOMEM || a->result == E_FULL;
    uint32_t side_max = f->type == MEDIA_TYPE_PDF ? l->points_max : l->side_max;
    uint32_t pages_max = f->type == MEDIA_TYPE_PDF ? l->pages_max : 1;
    return a->fault == MEDIA_FAULT_NONE && f->sound_bytes > 0 && f->sound_bytes <= n &&
           f->type >= MEDIA_TYPE_JPEG && f->type <= MEDIA_TYPE_PDF && f->animated <= 1 &&
           f->cmyk <= 1 && f->width > 0 && f->width <= side_max && f->height > 0 &&
           f->height <= side_max && f->pages > 0 && f->pages <= pages_max && f->partial <= 1 &&
           signatures_are_sound(f) && f->exif.has_taken <= 1 && f->exif.has_place <= 1 &&
           f->exif.orientation >= 1 && f->exif.orientation <= 8 && place_is_sound(&f->exif) &&
           a->large.width <= l->large_side && a->large.height <= l->large_side &&
           a->small.width <= l->small_side && a->small.height <= l->small_side;
}

static int take_rendition(int fd, uint32_t n, uint32_t makes, struct media_rendition *ret)
{
    const char *magic = makes == MEDIA_MAKES_PDF ? "%PDF" : "\xFF\xD8\xFF";
    size_t n_magic = strlen(magic);

    if (n < n_magic || n > MEDIA_RENDITION_BYTES_MAX || memfd_size(fd) != n)
        return CHILD_DIED;
    ret->bytes = malloc(n);
    if (!ret->bytes)
        return E_NOMEM;
    ret->n = n;
    if (pread(fd, ret->bytes, n, 0) != (ssize_t)n)
        return E_IO;
    return memcmp(ret->bytes, magic, n_magic) == 0 ? 0 : CHILD_DIED;
}

static int take_answer(const struct decoder_answer *a, const int fds[JOB_FDS], uint32_t makes,
                       struct media_result *ret)
{
    if (a->result == E_NOMEM || a->result == E_FULL) {
        ret->fault = MEDIA_FAULT_TOO_COMPLEX;
        return MEDIA_REFUSED;
    }
    ret->fault = (enum media_fault)a->fault;
    if (a->result != 0)
        return a->result;
    ret->facts = a->facts;
    ret->large.width = a->large.width;
    ret->large.height = a->large.height;
    ret->small.width = a->small.width;
    ret->small.height = a->small.height;
    int rc = take_rendition(fds[JOB_LARGE], a->large.n, makes, &ret->large);
    if (rc == 0 && makes == MEDIA_MAKES_RENDITIONS)
        rc = take_rendition(fds[JOB_SMALL], a->small.n, makes, &ret->small);
    if (rc != 0)
        media_result_release(ret);
    return rc;
}

int child_decode(struct child *c, int input, size_t n, const struct media_limits *limits,
                 unsigned deadline_ms, struct media_result *ret)
{
    CLEANUP(closep) int large = -1;
    CLEANUP(closep) int small = -1;
    int64_t until_ms = clock_monotonic_ms() + deadline_ms;
    struct decoder_job job = {.id = ++c->jobs, .limits = *limits};
    struct decoder_answer answer;

    job.deadline_s = deadline_ms / 1000 + 2;
    int rc = memfd_new(&large);
    if (rc == 0)
        rc = memfd_new(&small);
    if (rc != 0)
        return rc;
    const int fds[JOB_FDS] = {input, large, small};
    rc = channel_send(c->channel, &job, sizeof job, fds, JOB_FDS);
    if (rc == 0)
        rc = wait_readable(c->channel, until_ms);
    if (rc == 0)
        rc = channel_receive(c->channel, &answer, sizeof answer, NULL, 0);
    if (rc == CHANNEL_CLOSED || rc == E_CORRUPT)
        return CHILD_DIED;
    if (rc != 0)
        return rc;
    if (!answer_is_sound(&answer, job.id, n, limits))
        return CHILD_DIED;
    return take_answer(&answer, fds, limits->makes, ret);
}
