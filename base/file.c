#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"

#define CHUNK ((size_t)64 * 1024)

int file_read(const char *path, size_t max, struct buf *ret)
{
    /* Not blocking: a pipe or device is opened, seen and refused, never waited for. */
    CLEANUP(closep) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return E_IO;
    if (!S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        return E_IO;
    }
    char chunk[CHUNK];
    for (size_t total = 0;;) {
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return E_IO;
        if (n == 0)
            return ret->failed ? E_FULL : 0;
        total += (size_t)n;
        if (total > max)
            return E_FULL;
        buf_add(ret, chunk, (size_t)n);
    }
}
