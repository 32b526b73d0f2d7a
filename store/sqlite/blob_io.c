#include "store/sqlite/blob_io.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define KEPT_MAX (INT64_C(64) << 20)

static int create_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static ssize_t write_file_at(int fd, const void *bytes, size_t n, off_t offset)
{
    return pwrite(fd, bytes, n, offset);
}

static int64_t room_beside(int fd)
{
    struct statvfs disk;
    if (fstatvfs(fd, &disk) != 0 || disk.f_blocks == 0)
        return INT64_MAX; /* it does not say: writing will tell */
    int64_t block = (int64_t)disk.f_frsize, whole = (int64_t)disk.f_blocks * block;
    int64_t kept = whole / 16 < KEPT_MAX ? whole / 16 : KEPT_MAX;
    int64_t room = (int64_t)disk.f_bavail * block - kept;
    return room > 0 ? room : 0;
}

static int truncate_file(int fd, off_t size)
{
    return ftruncate(fd, size);
}

static int sync_file(int fd)
{
    return fdatasync(fd);
}

static int sync_entries(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int done = fsync(fd);
    close(fd);
    return done;
}

static int rename_file(const char *from, const char *to)
{
    return rename(from, to);
}

static int remove_file(const char *path)
{
    return unlink(path);
}

const struct blob_io blob_io_system = {
    .create = create_file,
    .write_at = write_file_at,
    .room = room_beside,
    .truncate = truncate_file,
    .sync = sync_file,
    .sync_folder = sync_entries,
    .rename = rename_file,
    .remove = remove_file,
};
