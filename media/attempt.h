/*
 * Attempts to reach out of a confinement: system calls that succeed outside, or fail otherwise.
 * Each must be denied. Static: the programs that prove themselves link little.
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of any architecture: not there is as good as forbidden, and the attempt is left out. */
#ifndef SYS_open
#define SYS_open -1
#endif
#ifndef SYS_fork
#define SYS_fork -1
#endif
#ifndef SYS_vfork
#define SYS_vfork -1
#endif

struct attempt {
    const char *name;
    long number; /* of the system call; below 0: left out */
    long arguments[6];
    bool makes_child; /* returns 0 in the child */
};
#define P(p) (long)(p)
#define ATTEMPT(what, call, ...)                                                                   \
    {                                                                                              \
        .name = (what), .number = (call), .arguments = { __VA_ARGS__ }                             \
    }
#define BIRTH(what, call, ...)                                                                     \
    {                                                                                              \
        .name = (what), .number = (call), .arguments = {__VA_ARGS__}, .makes_child = true          \
    }

/* Makes each, and tells of each on fd. Whether all failed with one of `denials` (ended by 0). */
static inline bool attempt_all(const struct attempt *attempts, size_t n, const int *denials, int fd)
{
    bool all = true;
    for (const struct attempt *t = attempts; t < attempts + n; t++) {
        const long *a = t->arguments;
        if (t->number < 0)
            continue;
        errno = 0;
        long rc = syscall(t->number, a[0], a[1], a[2], a[3], a[4], a[5]);
        int error = errno;
        if (rc == 0 && t->makes_child)
            _exit(1); /* this is the child: it was not denied, as the parent will tell */
        bool denied = false;
        for (const int *one = denials; rc == -1 && *one; one++)
            denied |= error == *one;
        all &= denied;
        dprintf(fd, "%-18s %s: %s\n", t->name, denied ? "denied" : "NOT DENIED",
                rc == -1 ? strerror(error) : "done");
    }
    return all;
}
