#include "programs/master.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/crypto/bytes.h"
#include "base/result.h"

#define PATH_BYTES 1024
#define WORDS_MAX 32

const struct config_key master_config[] = {
    {"keys.source", CONFIG_TEXT, "", 0, 1000,
     "Where the master key comes from that seals keyring/: file:/path, credential:NAME (of "
     "systemd), command:/program and its words; empty: none, keyring/ is plain."},
    {"keys.timeout", CONFIG_DURATION, "10s", 100, 600000, "How long such a command may take."},
    {0},
};

static int refuse(const char **ret_fault, const char *words)
{
    *ret_fault = words;
    return E_CONFIG;
}

/* --- the text --------------------------------------------------------------------------------- */

char *master_new(char out[MASTER_TEXT])
{
    struct keyring_master fresh;
    bytes_random(fresh.bytes, sizeof(fresh.bytes));
    bytes_to_hex(fresh.bytes, sizeof(fresh.bytes), out);
    bytes_wipe(&fresh, sizeof(fresh));
    return out;
}

static int parse(const char *text, size_t n, struct keyring_master *ret, const char **ret_fault)
{
    size_t got;
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    return n == MASTER_TEXT - 1 && bytes_from_hex(text, n, ret->bytes, sizeof(ret->bytes), &got)
               ? 0
               : refuse(ret_fault, "keys.source gives no master key: 64 hex digits in lower case, "
                                   "as tramctl keys new prints them");
}

/* Up to cap bytes; E_TIMEOUT at the instant (CLOCK_MONOTONIC, ms; -1: never), E_FULL, E_IO. */
static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int read_some(int fd, int64_t until_ms, char *out, size_t cap, size_t *ret_n)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    *ret_n = 0;
    for (;;) {
        int64_t left_ms = until_ms - monotonic_ms();
        if (left_ms <= 0)
            return E_TIMEOUT;
        if (poll(&ready, 1, (int)left_ms) < 0 && errno != EINTR)
            return E_IO;
        if (!ready.revents)
            continue;
        ssize_t n = read(fd, out + *ret_n, cap - *ret_n);
        if (n < 0 && errno != EINTR)
            return E_IO;
        if (n == 0)
            return 0;
        *ret_n += n > 0 ? (size_t)n : 0;
        if (*ret_n == cap)
            return E_FULL;
    }
}

/* --- files ------------------------------------------------------------------------------------ */

/* systemd grants a credential by an access list, which shows as a group's permission. */
static int read_file(const char *path, bool is_credential, struct keyring_master *ret,
                     const char **ret_fault)
{
    char text[256];
    struct stat st;
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0)
        return refuse(ret_fault, is_credential
                                     ? "keys.source: systemd gave no credential of that name"
                                     : "keys.source: the file is not there or may not be read");
    if (!S_ISREG(st.st_mode) || (st.st_mode & (is_credential ? 007 : 077)) != 0)
        return refuse(ret_fault, "keys.source: not a regular file that only its owner may read "
                                 "(chmod 600)");
    ssize_t n = read(fd, text, sizeof(text));
    int done = n < 0 ? refuse(ret_fault, "keys.source: the file cannot be read")
                     : parse(text, (size_t)n, ret, ret_fault);
    bytes_wipe(text, sizeof(text));
    return done;
}

static int read_credential(const char *name, struct keyring_master *ret, const char **ret_fault)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char path[PATH_BYTES];
    if (!folder)
        return refuse(ret_fault, "keys.source: there are no credentials here "
                                 "(LoadCredential= in the unit gives them)");
    if (!name[0] || strchr(name, '/') ||
        (size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
        return refuse(ret_fault, "keys.source: not a name of a credential");
    return read_file(path, true, ret, ret_fault);
}

/* --- a command -------------------------------------------------------------------------------- */

/* Divides in place. False: too many words, or not a path at the beginning. */
static bool divide(char *text, char *ret[WORDS_MAX + 1])
{
    size_t n = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (n == WORDS_MAX)
            return false;
        ret[n++] = word;
    }
    ret[n] = NULL;
    return n > 0 && ret[0][0] == '/';
}

/* A process group of its own, so that what it started ends with it. */
static int begin(char *const words[], int out, pid_t *ret)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawn(ret, words[0], &actions, &attributes, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed ? E_UNAVAILABLE : 0;
}

/* Waits until the instant, then ends it. True: it ended by itself, with 0. */
static bool ended_well(pid_t pid, int64_t until_ms)
{
    int status = 0;
    pid_t got = 0;
    while ((got = waitpid(pid, &status, WNOHANG)) == 0 && monotonic_ms() < until_ms)
        usleep(5000);
    kill(-pid, SIGKILL);
    if (got == 0)
        waitpid(pid, &status, 0);
    return got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int run(char *const words[], int64_t until_ms, char *out, size_t cap, size_t *ret_n,
               const char **ret_fault)
{
    int ends[2];
    pid_t pid;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return E_IO;
    CLEANUP(closep) int from = ends[0];
    int done = begin(words, ends[1], &pid);
    close(ends[1]);
    if (done != 0)
        return refuse(ret_fault, "keys.source: the command cannot be run");
    done = read_some(from, until_ms, out, cap, ret_n);
    bool well = ended_well(pid, done == 0 ? until_ms : 0);
    if (done == E_TIMEOUT || (!well && monotonic_ms() >= until_ms)) {
        *ret_fault = "keys.source: the command did not end within keys.timeout";
        return E_TIMEOUT;
    }
    return done == 0 && well ? 0 : refuse(ret_fault, "keys.source: the command failed");
}

static int read_command(const char *line, int64_t timeout_ms, struct keyring_master *ret,
                        const char **ret_fault)
{
    CLEANUP(freep) char *copy = strdup(line);
    char *words[WORDS_MAX + 1], text[256];
    size_t n = 0;
    if (!copy)
        return E_NOMEM;
    if (!divide(copy, words))
        return refuse(ret_fault, "keys.source: a command begins with the whole path of a program");
    int done = run(words, monotonic_ms() + timeout_ms, text, sizeof(text), &n, ret_fault);
    if (done == 0)
        done = parse(text, n, ret, ret_fault);
    bytes_wipe(text, sizeof(text));
    return done;
}

int master_read(const char *source, int64_t timeout_ms, struct keyring_master *ret, bool *ret_has,
                const char **ret_fault)
{
    static const char file[] = "file:", credential[] = "credential:", command[] = "command:";
    *ret_fault = NULL;
    *ret_has = source[0] != '\0';
    if (!*ret_has)
        return 0;
    if (strncmp(source, file, sizeof(file) - 1) == 0)
        return read_file(source + sizeof(file) - 1, false, ret, ret_fault);
    if (strncmp(source, credential, sizeof(credential) - 1) == 0)
        return read_credential(source + sizeof(credential) - 1, ret, ret_fault);
    if (strncmp(source, command, sizeof(command) - 1) == 0)
        return read_command(source + sizeof(command) - 1, timeout_ms, ret, ret_fault);
    return refuse(ret_fault, "keys.source is none of file:/path, credential:NAME and "
                             "command:/program");
}
