/* The proof that who stands in ffmpeg's place reaches nothing: each attempt must fail. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "media/attempt.h"
#include "media/video/serve.h"

static const char *const arguments[] = {"/usr/bin/true", NULL};
static const struct sockaddr_in loopback = {.sin_family = AF_INET};

/* Arguments that would succeed outside. Files are denied by not being there, or by Landlock
 * (EACCES), a read-only file system, or the filter. */
static const struct attempt attempts[] = {
    ATTEMPT("read passwords", SYS_openat, AT_FDCWD, P("/etc/passwd"), O_RDONLY),
    ATTEMPT("read by open", SYS_open, P("/etc/hostname"), O_RDONLY),
    ATTEMPT("read /proc", SYS_openat, AT_FDCWD, P("/proc/self/environ"), O_RDONLY),
    ATTEMPT("read /dev", SYS_openat, AT_FDCWD, P("/dev/urandom"), O_RDONLY),
    ATTEMPT("list the root", SYS_openat, AT_FDCWD, P("/tmp"), O_RDONLY | O_DIRECTORY),
    ATTEMPT("climb", SYS_openat, AT_FDCWD, P("../../../../etc/passwd"), O_RDONLY),
    ATTEMPT("write /tmp", SYS_openat, AT_FDCWD, P("/tmp/tram-proof"), O_CREAT | O_WRONLY, 0600),
    ATTEMPT("write beside", SYS_openat, AT_FDCWD, P("../tram-proof"), O_CREAT | O_WRONLY, 0600),
    ATTEMPT("write a library", SYS_openat, AT_FDCWD, P("/usr/lib/tram-proof"), O_CREAT | O_WRONLY,
            0600),
    ATTEMPT("symlink", SYS_symlinkat, P("/etc/passwd"), AT_FDCWD, P("link")),
    ATTEMPT("mkdir", SYS_mkdirat, AT_FDCWD, P("folder"), 0700),
    ATTEMPT("socket (inet)", SYS_socket, AF_INET, SOCK_STREAM, 0),
    ATTEMPT("socket (inet6)", SYS_socket, AF_INET6, SOCK_DGRAM, 0),
    ATTEMPT("socket (unix)", SYS_socket, AF_UNIX, SOCK_STREAM, 0),
    ATTEMPT("connect", SYS_connect, 0, P(&loopback), sizeof loopback),
    ATTEMPT("bind", SYS_bind, 0, P(&loopback), sizeof loopback),
    BIRTH("fork", SYS_fork, 0),
    BIRTH("vfork", SYS_vfork, 0),
    BIRTH("clone", SYS_clone, SIGCHLD),
    ATTEMPT("clone3", SYS_clone3, 0, 0),
    ATTEMPT("execve", SYS_execve, P("/usr/bin/true"), P(arguments), P(arguments + 1)),
    ATTEMPT("execveat", SYS_execveat, AT_FDCWD, P("/usr/bin/true"), P(arguments), P(arguments + 1),
            0),
    ATTEMPT("ptrace", SYS_ptrace, PTRACE_TRACEME),
    ATTEMPT("process_vm_readv", SYS_process_vm_readv, 1, 0, 0, 0, 0, 0),
    ATTEMPT("kill the parent", SYS_kill, 0, 0),
    ATTEMPT("unshare", SYS_unshare, 0),
    ATTEMPT("mount", SYS_mount, P("none"), P("/"), P("tmpfs"), 0, 0),
    ATTEMPT("chroot", SYS_chroot, P(".")),
    ATTEMPT("setuid", SYS_setuid, 0),
    ATTEMPT("raise a limit", SYS_prlimit64, 0, 7 /* RLIMIT_NOFILE */, P(arguments), 0),
    ATTEMPT("memfd_create", SYS_memfd_create, P("proof"), 0),
    ATTEMPT("bpf", SYS_bpf, 0, 0, 0),
    ATTEMPT("io_uring_setup", SYS_io_uring_setup, 1, 0),
    ATTEMPT("keyctl", SYS_keyctl, 0, 0),
    ATTEMPT("perf_event_open", SYS_perf_event_open, 0, 0, -1, -1, 0),
    ATTEMPT("a tramd's channel", SYS_read, 3, P(&loopback), 0),
};

/* What ffmpeg needs must work, or the proof would be one of a program that can do nothing at all.
 */
static bool can_work(void)
{
    CLEANUP(closep) int fd = open("proof", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 && write(fd, "x", 1) == 1 && lseek(fd, 0, SEEK_SET) == 0;
}

int videos_attempt(void)
{
    static const int denials[] = {EPERM, EACCES, ENOENT, EROFS, EBADF, ENOSYS, 0};
    bool works = can_work();

    printf("%-18s %s\n", "its own folder", works ? "works" : "DOES NOT WORK");
    fflush(stdout);
    bool all = attempt_all(attempts, ARRAY_LEN(attempts), denials, STDOUT_FILENO) && works;
    printf("%s\n", all ? "all denied" : "the confinement does not hold");
    fflush(stdout);
    return all ? EXIT_SUCCESS : EXIT_FAILURE;
}
