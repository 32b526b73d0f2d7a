/* The proof of the sandbox: each attempt must fail, and fail for the reason that it is forbidden.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "media/attempt.h"
#include "media/sandbox.h"

#define PAGE 4096

static const char *const arguments[] = {"/bin/true", NULL};
static const struct sockaddr_in loopback = {.sin_family = AF_INET};

/* Arguments that would succeed, or at least fail otherwise than by EPERM, outside. */
static const struct attempt attempts[] = {
    ATTEMPT("open", SYS_open, P("/etc/passwd"), O_RDONLY),
    ATTEMPT("openat", SYS_openat, AT_FDCWD, P("/etc/passwd"), O_RDONLY),
    ATTEMPT("openat (create)", SYS_openat, AT_FDCWD, P("/tmp/tram-proof"), O_CREAT | O_WRONLY,
            0600),
    ATTEMPT("unlinkat", SYS_unlinkat, AT_FDCWD, P("/tmp/tram-proof"), 0),
    ATTEMPT("memfd_create", SYS_memfd_create, P("proof"), 0),
    ATTEMPT("socket (inet)", SYS_socket, AF_INET, SOCK_STREAM, 0),
    ATTEMPT("socket (unix)", SYS_socket, AF_UNIX, SOCK_STREAM, 0),
    ATTEMPT("connect", SYS_connect, 0, P(&loopback), sizeof loopback),
    ATTEMPT("bind", SYS_bind, 0, P(&loopback), sizeof loopback),
    BIRTH("fork", SYS_fork, 0),
    BIRTH("vfork", SYS_vfork, 0),
    BIRTH("clone", SYS_clone, SIGCHLD),
    ATTEMPT("clone3", SYS_clone3, 0, 0),
    ATTEMPT("execve", SYS_execve, P("/bin/true"), P(arguments), P(arguments + 1)),
    ATTEMPT("execveat", SYS_execveat, AT_FDCWD, P("/bin/true"), P(arguments), P(arguments + 1), 0),
    ATTEMPT("ptrace", SYS_ptrace, PTRACE_TRACEME),
    ATTEMPT("process_vm_readv", SYS_process_vm_readv, 1, 0, 0, 0, 0, 0),
    ATTEMPT("kill", SYS_kill, 0, 0),
    ATTEMPT("unshare", SYS_unshare, 0),
    ATTEMPT("mount", SYS_mount, P("none"), P("/"), P("tmpfs"), 0, 0),
    ATTEMPT("prctl", SYS_prctl, 3 /* PR_GET_DUMPABLE */),
    ATTEMPT("prlimit64", SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, 0, 0),
    ATTEMPT("bpf", SYS_bpf, 0, 0, 0),
    ATTEMPT("io_uring_setup", SYS_io_uring_setup, 1, 0),
    ATTEMPT("keyctl", SYS_keyctl, 0, 0),
    ATTEMPT("perf_event_open", SYS_perf_event_open, 0, 0, -1, -1, 0),
    ATTEMPT("fcntl (duplicate)", SYS_fcntl, 1, F_DUPFD, 0),
    ATTEMPT("mmap (executable)", SYS_mmap, 0, PAGE, PROT_READ | PROT_EXEC,
            MAP_PRIVATE | MAP_ANONYMOUS, -1),
};

bool sandbox_prove(int fd)
{
    static const int denials[] = {EPERM, 0};
    bool all = attempt_all(attempts, ARRAY_LEN(attempts), denials, fd);

    dprintf(fd, "%s\n", all ? "all denied" : "the sandbox does not hold");
    return all;
}
