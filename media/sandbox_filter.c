#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "media/sandbox_private.h"

/* Allowed whatever the arguments. */
static const int allowed[] = {
    SCMP_SYS(read),          SCMP_SYS(write),        SCMP_SYS(lseek),      SCMP_SYS(close),
    SCMP_SYS(recvmsg),       SCMP_SYS(sendmsg), /* the channel */
    SCMP_SYS(brk),           SCMP_SYS(munmap),       SCMP_SYS(mremap),     SCMP_SYS(madvise),
    SCMP_SYS(futex),         SCMP_SYS(rt_sigreturn), SCMP_SYS(alarm),      SCMP_SYS(setitimer),
    SCMP_SYS(clock_gettime), SCMP_SYS(exit),         SCMP_SYS(exit_group),
};

bool sandbox_filter(void)
{
    /* Foreign architectures (x32, i386) kill the process: libseccomp's default. */
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int rc = filter ? 0 : -ENOMEM;

    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(allowed); i++) {
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
        if (rc == -EDOM)
            rc = 0; /* not a call of this architecture */
    }
    const struct scmp_arg_cmp never_code = {
        .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC, .datum_b = 0};
    const struct scmp_arg_cmp seals_only = {.arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_GET_SEALS};
    if (rc == 0)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, &never_code);
    if (rc == 0)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &never_code);
    if (rc == 0)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, &seals_only);
    if (rc == 0)
        rc = seccomp_load(filter);
    /* Not released: freeing is what needs system calls, and the process keeps the filter anyway. */
    return rc == 0;
}
