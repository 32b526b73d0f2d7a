#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/result.h"
#include "media/video/private.h"

#define LOOK_MS 200 /* between two looks at what nothing wakes for */
#define FILES_MAX 32
#define NICE 10
#define LINE_MAX_BYTES 256

/* --- inside ----------------------------------------------------------------------------------- */

static bool limit(__rlimit_resource_t what, uint64_t value)
{
    return setrlimit(what, &(struct rlimit){value, value}) == 0;
}

static bool drop_capabilities(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

    return syscall(SYS_capset, &head, none) == 0;
}

static bool close_down(const struct child_run *run, int out)
{
    int64_t left_ms = run->until_ms - clock_monotonic_ms();
    uint64_t seconds = left_ms > 0 ? (uint64_t)left_ms / 1000 + 2 : 2;

    /* CPU time runs on each of its threads. */
    return dup2(run->null_fd, 0) == 0 && dup2(out, 1) == 1 && dup2(run->null_fd, 2) == 2 &&
           syscall(SYS_close_range, 3U, ~0U, 0) == 0 && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_AS, run->memory_bytes) && limit(RLIMIT_FSIZE, run->file_bytes) &&
           limit(RLIMIT_CPU, seconds * 64) && limit(RLIMIT_NOFILE, FILES_MAX) &&
           limit(RLIMIT_MEMLOCK, 0) && drop_capabilities() &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

static _Noreturn void become(const struct child_run *run, int out, pid_t parent)
{
    static char *const environment[] = {NULL};
    const char *program = run->argv[0];

    /* The parent may have ended before its death was listened for. */
    if (setpgid(0, 0) == 0 && setpriority(PRIO_PROCESS, 0, NICE) == 0 && close_down(run, out) &&
        getppid() == parent && filter_close(program))
        execve(program, (char *const *)(uintptr_t)run->argv, environment);
    _exit(127);
}

/* --- outside ---------------------------------------------------------------------------------- */

struct listening {
    struct child_run *run;
    int out;
    size_t got; /* in run->out, or in `line` */
    char line[LINE_MAX_BYTES];
};

static void take_lines(struct listening *l, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool ends = bytes[i] == '\n';
        if (!ends && l->got < sizeof l->line - 1)
            l->line[l->got++] = bytes[i];
        if (!ends)
            continue;
        l->line[l->got] = '\0';
        l->got = 0;
        l->run->line(l->run->ctx, l->line);
    }
}

/* False: it has closed its output. */
static bool take_output(struct listening *l)
{
    char bytes[4096];
    ssize_t n = read(l->out, bytes, sizeof bytes);

    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    if (l->run->line) {
        take_lines(l, bytes, (size_t)n);
    } else if (l->run->out) {
        size_t room = l->run->room - 1 - l->got, fits = (size_t)n < room ? (size_t)n : room;
        memcpy(l->run->out + l->got, bytes, fits);
        l->got += fits;
        l->run->out[l->got] = '\0';
    }
    return true;
}

static int end_of(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? CHILD_GOOD : CHILD_BAD;
}

static int watch(struct listening *l, pid_t pid)
{
    struct child_run *run = l->run;

    for (bool open = true;;) {
        struct pollfd p[2] = {{.fd = open ? l->out : -1, .events = POLLIN},
                              {.fd = run->channel, .events = 0}};
        int status = 0;
        poll(p, ARRAY_LEN(p), open ? LOOK_MS : 5);
        if (open && p[0].revents)
            open = take_output(l);
        if (!open && waitpid(pid, &status, WNOHANG) == pid)
            return end_of(status);
        bool late = clock_monotonic_ms() > run->until_ms,
             unwanted = p[1].revents & (POLLHUP | POLLERR);
        if (!late && !unwanted)
            continue;
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL); /* before it made a group of its own */
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        return unwanted ? CHILD_UNWANTED : CHILD_LATE;
    }
}

int child_run(struct child_run *run)
{
    int pipes[2];
    pid_t parent = getpid();

    if (run->out)
        run->out[0] = '\0';
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return E_IO;
    pid_t pid = fork();
    if (pid == 0)
        become(run, pipes[1], parent);
    close(pipes[1]);
    struct listening l = {.run = run, .out = pipes[0]};
    int done = pid > 0 ? watch(&l, pid) : E_IO;
    close(pipes[0]);
    return done;
}
