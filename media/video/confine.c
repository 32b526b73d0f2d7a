#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "media/sandbox.h"
#include "media/video/private.h"

#define NOBODY 65534
#define INSIDE 1000  /* our number in the namespace: not 0, which would regain rights by execve */
#define ROOT "/proc" /* exists wherever this runs, and is the last thing that should be seen */
#define SCRATCH "/scratch"
#define NAME_MAX_BYTES 512

/* What the dynamic linker reads; /etc/alternatives has the links of libblas and the like. */
static const char *const libraries[] = {"/usr/lib", "/usr/lib64",       "/usr/local/lib",   "/lib",
                                        "/lib64",   "/etc/ld.so.cache", "/etc/alternatives"};

/* --- a mount namespace ------------------------------------------------------------------------ */

static bool write_file(const char *path, const char *text)
{
    CLEANUP(closep) int fd = open(path, O_WRONLY | O_CLOEXEC);
    return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool enter_namespaces(void)
{
    char uids[64], gids[64];

    snprintf(uids, sizeof uids, "%d %u 1", INSIDE, (unsigned)geteuid());
    snprintf(gids, sizeof gids, "%d %u 1", INSIDE, (unsigned)getegid());
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); /* else /proc/self is root's after setuid */
    return unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) == 0 &&
           write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/gid_map", gids) &&
           write_file("/proc/self/uid_map", uids) &&
           mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* The folders that lead to a path below ROOT. */
static bool make_way(char *path)
{
    for (char *at = strchr(path + strlen(ROOT) + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        bool made = mkdir(path, 0755) == 0 || errno == EEXIST;
        *at = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool bind_read_only(const char *from, const char *to, bool folder)
{
    struct mount_attr attributes = {.attr_set =
                                        MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    if (folder) {
        if (mkdir(to, 0755) != 0 && errno != EEXIST)
            return false;
    } else {
        CLEANUP(closep) int fd = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (fd < 0)
            return false;
    }
    return mount(from, to, NULL, MS_BIND | MS_REC, NULL) == 0 &&
           syscall(SYS_mount_setattr, AT_FDCWD, to, AT_RECURSIVE, &attributes, sizeof attributes) ==
               0;
}

/* The same name means the same inside. What is not there is passed over. */
static bool show(const char *path)
{
    char to[NAME_MAX_BYTES], link[NAME_MAX_BYTES];
    struct stat st;

    int n = snprintf(to, sizeof to, ROOT "%s", path);
    if (lstat(path, &st) != 0)
        return true;
    if (n < 0 || (size_t)n >= sizeof to || !make_way(to))
        return false;
    if (!S_ISLNK(st.st_mode))
        return bind_read_only(path, to, S_ISDIR(st.st_mode));
    ssize_t got = readlink(path, link, sizeof link - 1);
    if (got <= 0)
        return false;
    link[got] = '\0';
    return symlink(link, to) == 0 || errno == EEXIST;
}

static bool enter_root(const struct confinement *c)
{
    char size[64];
    bool good = mount("none", ROOT, "tmpfs", MS_NOSUID | MS_NODEV, "size=256k,mode=0755") == 0;

    for (size_t i = 0; good && i < ARRAY_LEN(libraries); i++)
        good = show(libraries[i]);
    for (size_t i = 0; good && i < ARRAY_LEN(c->programs); i++)
        good = !c->programs[i] || show(c->programs[i]);
    snprintf(size, sizeof size, "size=%lluk,nr_inodes=64,mode=0700",
             (unsigned long long)(c->scratch_bytes >> 10));
    return good && mkdir(ROOT SCRATCH, 0700) == 0 &&
           mount("none", ROOT SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, size) == 0 &&
           mount(NULL, ROOT, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) ==
               0 &&
           chroot(ROOT) == 0 && chdir(SCRATCH) == 0;
}

/* --- Landlock --------------------------------------------------------------------------------- */

#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES                                                                                     \
    (READS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |                         \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | (UINT64_C(1) << 14)) /* truncate, of ABI 3 */

static bool enter_landlock(const struct confinement *c)
{
    struct sandbox_beneath allowed[ARRAY_LEN(libraries) + 6];
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(libraries); i++)
        allowed[n++] = (struct sandbox_beneath){libraries[i], READS};
    for (size_t i = 0; i < ARRAY_LEN(c->programs); i++) {
        if (c->programs[i])
            allowed[n++] = (struct sandbox_beneath){c->programs[i], LANDLOCK_ACCESS_FS_READ_FILE |
                                                                        LANDLOCK_ACCESS_FS_EXECUTE};
    }
    /* The linker itself is executed too: it stands here on every Debian. */
    static const char *const linkers[] = {"/lib64/ld-linux-x86-64.so.2",
                                          "/lib/ld-linux-aarch64.so.1"};
    for (size_t i = 0; i < ARRAY_LEN(linkers); i++)
        allowed[n++] = (struct sandbox_beneath){linkers[i], LANDLOCK_ACCESS_FS_READ_FILE |
                                                                LANDLOCK_ACCESS_FS_EXECUTE};
    allowed[n++] = (struct sandbox_beneath){".", WRITES};
    return sandbox_landlock_but(allowed, n);
}

/* Root without capabilities still owns root's files. */
static bool leave_root(void)
{
    return geteuid() != 0 || (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
                              setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

static bool enter_scratch(const char *folder)
{
    return folder && chdir(folder) == 0 && (geteuid() != 0 || chown(".", NOBODY, NOBODY) == 0);
}

int confine(const struct confinement *c, unsigned *ret_layers)
{
    *ret_layers = 0;
    bool apart = c->wanted & SANDBOX_ROOT;

    if ((!apart && !enter_scratch(c->scratch)) || !leave_root())
        return E_REFUSED;
    if (apart) {
        if (!enter_namespaces())
            return E_REFUSED;
        *ret_layers |= SANDBOX_NAMESPACES;
        if (!enter_root(c))
            return E_REFUSED;
        *ret_layers |= SANDBOX_ROOT;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return E_REFUSED;
    if ((c->wanted & SANDBOX_LANDLOCK) && enter_landlock(c))
        *ret_layers |= SANDBOX_LANDLOCK;
    return *ret_layers & (SANDBOX_ROOT | SANDBOX_LANDLOCK) ? 0 : E_REFUSED;
}
