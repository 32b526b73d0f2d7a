#include "base/config_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static bool read_exactly(int fd, char *out, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, out, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        out += got;
        n -= (size_t)got;
    }
    return true;
}

const char *config_file_read(const char *path, size_t max, bool secret, struct buf *ret)
{
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO hangs not */
    struct stat about;
    if (fd < 0 || fstat(fd, &about) < 0)
        return errno == ENOENT ? "no such file" : "cannot be opened";
    if (!S_ISREG(about.st_mode))
        return "not a regular file";
    if (secret && about.st_mode & S_IROTH)
        return "may be read by everybody";
    if ((uintmax_t)about.st_size > max)
        return "too large";
    size_t n = (size_t)about.st_size;
    char *bytes = malloc(n + 1);
    if (!bytes)
        return "out of memory";
    bool whole = read_exactly(fd, bytes, n);
    if (whole)
        buf_add(ret, bytes, n);
    sodium_memzero(bytes, n);
    free(bytes);
    return whole && !ret->failed ? NULL : "cannot be read";
}
