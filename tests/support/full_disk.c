/*
 * A disk that fills up, below a program that knows nothing of it: LD_PRELOAD this, and name a file
 * by FULL_DISK. While that file is there, regular files may grow by as many bytes as the number in
 * it says, all together; then writing ends as on a disk that is full: part of what is written, then
 * ENOSPC. What lies within a file may be written over. Without the file there is room without end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct timespec noticed; /* when the file was written that `left` is from */
static long long left;

static long long number_in(const char *path)
{
    char text[32] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    return n > 0 ? strtoll(text, NULL, 10) : 0;
}

/* How many of n bytes at an offset may be written; 0: none. */
static size_t grant(int fd, size_t n, off_t offset)
{
    const char *path = getenv("FULL_DISK");
    struct stat st, told;
    if (!path || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || stat(path, &told) != 0)
        return n;
    pthread_mutex_lock(&lock);
    if (told.st_mtim.tv_sec != noticed.tv_sec || told.st_mtim.tv_nsec != noticed.tv_nsec) {
        noticed = told.st_mtim;
        left = number_in(path);
    }
    long long grows = (long long)offset + (long long)n - (long long)st.st_size;
    long long over = grows > left ? grows - left : 0;
    size_t granted = over < (long long)n ? n - (size_t)over : 0;
    if (grows > 0)
        left -= grows > left ? left : grows;
    pthread_mutex_unlock(&lock);
    return granted;
}

#define WRITE_AT(name, position)                                                                   \
    ssize_t full_##name(int fd, const void *bytes, size_t n, position offset) __asm__(#name);      \
    ssize_t full_##name(int fd, const void *bytes, size_t n, position offset)                      \
    {                                                                                              \
        static ssize_t (*next)(int, const void *, size_t, position);                               \
        if (!next)                                                                                 \
            *(void **)&next = dlsym(RTLD_NEXT, #name);                                             \
        size_t granted = grant(fd, n, offset);                                                     \
        if (granted == 0 && n > 0) {                                                               \
            errno = ENOSPC;                                                                        \
            return -1;                                                                             \
        }                                                                                          \
        return next(fd, bytes, granted, offset);                                                   \
    }
WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

int full_posix_fallocate(int fd, off_t offset, off_t n) __asm__("posix_fallocate");
int full_posix_fallocate(int fd, off_t offset, off_t n)
{
    static int (*next)(int, off_t, off_t);
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "posix_fallocate");
    return grant(fd, (size_t)n, offset) < (size_t)n ? ENOSPC : next(fd, offset, n);
}
