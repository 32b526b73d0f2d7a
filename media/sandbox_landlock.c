/*
 * Landlock by raw system calls: Debian 12's headers end at ABI 2, the kernel may know more. A
 * ruleset that handles every access and allows what is listed: nothing, for most.
 */
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "media/sandbox.h"
#include "media/sandbox_private.h"

#define CREATE_RULESET_VERSION 1U

struct ruleset_attr {
    uint64_t handled_fs, handled_net, scoped;
};

/* Cumulative: how many rights of a field each ABI knows (linux/landlock.h), and the size of the
 * attribute up to the last field that it has. */
static const struct {
    unsigned fs_bits, net_bits, scope_bits;
    size_t attr_n;
} abis[] = {
    {13, 0, 0, 8},  /* 1: Linux 5.13 */
    {14, 0, 0, 8},  /* 2: refer */
    {15, 0, 0, 8},  /* 3: truncate */
    {15, 2, 0, 16}, /* 4: bind and connect TCP */
    {16, 2, 0, 16}, /* 5: ioctl of devices */
    {16, 2, 2, 24}, /* 6: signals, abstract sockets */
};

static uint64_t bits(unsigned n)
{
    return (UINT64_C(1) << n) - 1;
}

/* A rule that names rights of folders is refused for a file. */
#define FILE_RIGHTS                                                                                \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |   \
     (UINT64_C(1) << 14)) /* truncate, of ABI 3 */

static bool allow(int ruleset, const struct sandbox_beneath *b, uint64_t known)
{
    CLEANUP(closep) int fd = open(b->path, O_PATH | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return true;
    if (fstat(fd, &st) != 0)
        return false;
    struct landlock_path_beneath_attr rule = {.allowed_access = b->rights & known, .parent_fd = fd};
    if (!S_ISDIR(st.st_mode))
        rule.allowed_access &= FILE_RIGHTS;
    return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

bool sandbox_landlock_but(const struct sandbox_beneath *allowed, size_t n)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

    if (abi < 1)
        return false;
    size_t known = (size_t)abi < ARRAY_LEN(abis) ? (size_t)abi - 1 : ARRAY_LEN(abis) - 1;
    struct ruleset_attr all = {bits(abis[known].fs_bits), bits(abis[known].net_bits),
                               bits(abis[known].scope_bits)};
    CLEANUP(closep)
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, abis[known].attr_n, 0);
    bool good = fd >= 0;
    for (size_t i = 0; good && i < n; i++)
        good = allow(fd, &allowed[i], all.handled_fs);
    return good && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
}

bool sandbox_landlock(void)
{
    return sandbox_landlock_but(NULL, 0);
}
