#include "media/sandbox.h"

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/sandbox_private.h"

#define NOBODY 65534
#define FD_MAX 16

static bool limit(__rlimit_resource_t what, uint64_t value)
{
    /* Soft and hard alike: neither can be raised, and SIGKILL comes without a warning. */
    return setrlimit(what, &(struct rlimit){value, value}) == 0;
}

static bool set_limits(const struct sandbox_limits *l)
{
    return syscall(SYS_close_range, (unsigned)l->last_fd + 1, ~0U, 0) == 0 &&
           limit(RLIMIT_CORE, 0) && limit(RLIMIT_AS, l->memory_bytes) &&
           limit(RLIMIT_CPU, l->cpu_seconds) && limit(RLIMIT_FSIZE, l->file_bytes) &&
           limit(RLIMIT_NOFILE, FD_MAX) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Root without capabilities still owns root's files. */
static bool leave_root(void)
{
    return geteuid() != 0 || (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
                              setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

static bool enter_namespaces(void)
{
    /* The process itself stays in its old PID namespace; a child would not, if there could be one.
     */
    return unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC) == 0;
}

/* /proc exists wherever this runs, and is the last thing that should be seen. */
static bool enter_empty_root(void)
{
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", "/proc", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                 "size=4k,mode=0555") == 0 &&
           chroot("/proc") == 0 && chdir("/") == 0;
}

static bool drop_capabilities(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

    return syscall(SYS_capset, &head, none) == 0;
}

int sandbox_enter(const struct sandbox_limits *limits, unsigned *ret_layers)
{
    *ret_layers = 0;
    if (!leave_root())
        return E_REFUSED;
    if (enter_namespaces()) {
        *ret_layers |= SANDBOX_NAMESPACES;
        if (enter_empty_root())
            *ret_layers |= SANDBOX_ROOT;
    }
    if (!drop_capabilities() || !set_limits(limits))
        return E_REFUSED;
    *ret_layers |= SANDBOX_LIMITS;
    if (sandbox_landlock())
        *ret_layers |= SANDBOX_LANDLOCK;
    if (!sandbox_filter())
        return E_REFUSED;
    *ret_layers |= SANDBOX_FILTER;
    return 0;
}
