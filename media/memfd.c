#include "media/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/result.h"

#define SEALS (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK)

int memfd_new(int *ret_fd)
{
    *ret_fd = memfd_create("picture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return *ret_fd >= 0 ? 0 : errno == ENOMEM ? E_NOMEM : E_IO;
}

int memfd_append(int fd, const void *bytes, size_t n)
{
    const uint8_t *at = bytes;

    while (n > 0) {
        ssize_t written = write(fd, at, n);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return errno == EFBIG ? E_FULL : errno == ENOMEM || errno == ENOSPC ? E_NOMEM : E_IO;
        at += written;
        n -= (size_t)written;
    }
    return 0;
}

int memfd_seal(int fd)
{
    return fcntl(fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) == 0 ? 0 : E_IO;
}

bool memfd_sealed(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS);

    return seals >= 0 && (seals & SEALS) == SEALS;
}

int64_t memfd_size(int fd)
{
    return lseek(fd, 0, SEEK_END);
}

int memfd_map(int fd, size_t n, const uint8_t **ret)
{
    void *at = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);

    if (at == MAP_FAILED)
        return errno == ENOMEM ? E_NOMEM : E_IO;
    *ret = at;
    return 0;
}
