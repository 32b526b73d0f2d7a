#include "media/video/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"
#include "media/channel.h"
#include "media/sandbox.h"
#include "media/video/private.h"

#define PIECE 65536
#define SCRATCH_SPARE (16 << 20) /* beside the file and what is made of it */
#define BYTES_MAX (UINT64_C(1) << 30)
#define MEMORY_MB_MAX 16384
#define PROVE_MS 20000
#define PROVE_MEMORY (UINT64_C(256) << 20)

/* --- the channel ------------------------------------------------------------------------------ */

static bool send_all(const void *bytes, size_t n)
{
    for (const char *at = bytes; n > 0;) {
        ssize_t sent = send(CHANNEL_FD, at, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        n -= (size_t)sent;
    }
    return true;
}

static bool receive_all(void *bytes, size_t n)
{
    for (char *at = bytes; n > 0;) {
        ssize_t got = read(CHANNEL_FD, at, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        n -= (size_t)got;
    }
    return true;
}

static int tell(int channel, enum video_step step, int value)
{
    (void)channel;
    const struct video_event e = {.magic = VIDEO_MAGIC, .step = step, .value = value};
    return send_all(&e, sizeof e) ? 0 : E_IO;
}

static bool job_is_sound(const struct video_job *j)
{
    return j->magic == VIDEO_MAGIC && (j->container == VIDEO_MP4 || j->container == VIDEO_WEBM) &&
           j->bytes <= BYTES_MAX && j->made_max > 0 && j->made_max <= BYTES_MAX &&
           j->seconds_max > 0 && j->seconds_max <= VIDEO_SECONDS_MAX && j->deadline_s > 0 &&
           j->memory_mb > 0 && j->memory_mb <= MEMORY_MB_MAX;
}

static int take_file(const struct video_job *job)
{
    static char piece[PIECE];
    CLEANUP(closep) int fd = open(FILE_IN, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return E_IO;
    for (uint64_t left = job->bytes; left > 0;) {
        size_t n = left < PIECE ? (size_t)left : PIECE;
        if (!receive_all(piece, n))
            return CHILD_UNWANTED;
        if (write(fd, piece, n) != (ssize_t)n)
            return E_FULL;
        left -= n;
    }
    return 0;
}

/* A link that ffmpeg left in the file's place is not followed. */
static int give_file(const char *path, uint64_t n)
{
    static char piece[PIECE];
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return E_IO;
    while (n > 0) {
        ssize_t got = read(fd, piece, n < PIECE ? (size_t)n : PIECE);
        if (got <= 0 || !send_all(piece, (size_t)got))
            return E_IO;
        n -= (uint64_t)got;
    }
    return 0;
}

static int give(const struct maker *m)
{
    struct stat film, poster;
    const struct probe *p = &m->after;
    bool sideways = p->rotation % 180 != 0;
    if (lstat(FILE_FILM, &film) != 0 || lstat(FILE_POSTER, &poster) != 0)
        return E_IO;
    const struct video_event e = {
        .magic = VIDEO_MAGIC,
        .step = VIDEO_MADE,
        .width = (uint32_t)(sideways ? p->height : p->width),
        .height = (uint32_t)(sideways ? p->width : p->height),
        .duration_ms = (uint32_t)lround(p->seconds * 1000),
        .encoded = m->encoded,
        .film_n = (uint64_t)film.st_size,
        .poster_n = (uint32_t)poster.st_size,
        .lat = m->before.lat,
        .lon = m->before.lon,
        .taken_ms = m->before.taken_ms,
    };
    int done = send_all(&e, sizeof e) ? 0 : E_IO;
    if (done == 0)
        done = give_file(FILE_FILM, e.film_n);
    return done == 0 ? give_file(FILE_POSTER, e.poster_n) : done;
}

/* --- its life --------------------------------------------------------------------------------- */

/* Whether a mount namespace is to be had is tried by one that may fail half way. */
static bool can_stand_apart(const struct confinement *c)
{
    struct confinement apart = *c;
    unsigned layers = 0;
    int status = 0;
    apart.wanted = SANDBOX_ROOT;
    pid_t pid = fork();
    if (pid == 0)
        _exit(confine(&apart, &layers) == 0 ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static int close_in(struct confinement *c, unsigned *ret_layers)
{
    const struct rlimit none = {0, 0};
    c->wanted = SANDBOX_LANDLOCK | (can_stand_apart(c) ? SANDBOX_ROOT : 0);
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return E_REFUSED;
    return confine(c, ret_layers);
}

static int work(struct video_job *job, const char *ffmpeg, const char *ffprobe, int null_fd)
{
    struct maker m = {.job = job,
                      .ffmpeg = ffmpeg,
                      .ffprobe = ffprobe,
                      .channel = CHANNEL_FD,
                      .null_fd = null_fd,
                      .tell = tell,
                      .until_ms = clock_monotonic_ms() + INT64_C(1000) * job->deadline_s};
    int done = take_file(job);
    if (done == 0)
        done = make_film(&m);
    if (done == CHILD_UNWANTED)
        return E_IO;
    if (done == CHILD_BAD)
        return tell(CHANNEL_FD, VIDEO_REFUSED, (int)m.fault);
    return done < 0 ? tell(CHANNEL_FD, VIDEO_FAILED, done) : give(&m);
}

/* Both start in here, with all of their libraries. */
static int try_out(const char *ffmpeg, const char *ffprobe, const struct video_job *job,
                   int null_fd)
{
    const char *const programs[] = {ffmpeg, ffprobe};
    for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
        const char *const argv[] = {programs[i], "-version", NULL};
        struct child_run r = {.argv = argv,
                              .memory_bytes = (uint64_t)job->memory_mb << 20,
                              .file_bytes = SCRATCH_SPARE,
                              .until_ms = clock_monotonic_ms() + INT64_C(1000) * job->deadline_s,
                              .channel = CHANNEL_FD,
                              .null_fd = null_fd};
        if (child_run(&r) != CHILD_GOOD)
            return E_UNAVAILABLE;
    }
    return 0;
}

static int serve(const char *ffmpeg, const char *ffprobe, const char *folder)
{
    struct video_job job;
    unsigned layers = 0;
    CLEANUP(closep) int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    /* The job first: how large the scratch folder must be. Nothing of the film was read yet. */
    if (null_fd < 0 || !receive_all(&job, sizeof job) || !job_is_sound(&job))
        return EXIT_FAILURE;
    struct confinement c = {.programs = {ffmpeg, ffprobe},
                            .scratch = folder,
                            .scratch_bytes = job.bytes + job.made_max + SCRATCH_SPARE};
    if (close_in(&c, &layers) != 0) {
        tell(CHANNEL_FD, VIDEO_FAILED, E_REFUSED);
        return 3;
    }
    int done = job.bytes == 0 ? try_out(ffmpeg, ffprobe, &job, null_fd) : 0;
    if (done != 0 || tell(CHANNEL_FD, VIDEO_READY, (int)layers) != 0) {
        tell(CHANNEL_FD, VIDEO_FAILED, done);
        return EXIT_FAILURE;
    }
    if (job.bytes == 0)
        return EXIT_SUCCESS;
    return work(&job, ffmpeg, ffprobe, null_fd) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* --- the proof -------------------------------------------------------------------------------- */

static void print_line(void *ctx, const char *line)
{
    (void)ctx;
    dprintf(STDOUT_FILENO, "%s\n", line);
}

/* This very program in the place of ffmpeg. */
static int prove(const char *folder)
{
    char self[512];
    unsigned layers = 0;
    CLEANUP(closep) int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (null_fd < 0 || n <= 0)
        return EXIT_FAILURE;
    self[n] = '\0';
    struct confinement c = {.programs = {self},
                            .scratch = folder,
                            .scratch_bytes = SCRATCH_SPARE,
                            .wanted = SANDBOX_LANDLOCK | (folder ? 0 : SANDBOX_ROOT)};
    int done = confine(&c, &layers);
    dprintf(STDOUT_FILENO, "%-18s %s\n%-18s %s\n", "mount namespace",
            layers & SANDBOX_ROOT ? "holds" : "not in use", "landlock",
            layers & SANDBOX_LANDLOCK ? "holds" : "not available here");
    if (done != 0) {
        dprintf(STDERR_FILENO, "tram-videos: cannot be closed in here\n");
        return 3;
    }
    const char *const argv[] = {self, "--attempts", NULL};
    struct child_run r = {.argv = argv,
                          .memory_bytes = PROVE_MEMORY,
                          .file_bytes = SCRATCH_SPARE,
                          .until_ms = clock_monotonic_ms() + PROVE_MS,
                          .channel = -1,
                          .null_fd = null_fd,
                          .line = print_line};
    return child_run(&r) == CHILD_GOOD ? EXIT_SUCCESS : EXIT_FAILURE;
}

int videos_serve(int argc, char **argv)
{
    if (argc >= 2 && argc <= 3 && strcmp(argv[1], "--prove") == 0)
        return prove(argc == 3 ? argv[2] : NULL);
    if (argc == 2 && strcmp(argv[1], "--attempts") == 0)
        return videos_attempt();
    if ((argc == 3 || argc == 4) && argv[1][0] == '/' && argv[2][0] == '/')
        return serve(argv[1], argv[2], argc == 4 ? argv[3] : NULL);
    fprintf(stderr, "tram-videos is started by tramd. By hand: tram-videos --prove\n");
    return 2;
}
