/*
 * A process that keeps what it holds and can get nothing more. For programs of one thread that
 * meet strangers' bytes; entered before the first of them is read, never left.
 *
 * Layers, from the outside in. Limits and the filter are required; the others are used where the
 * kernel has them and lets this user have them, and are told, so that an operator sees what holds:
 *   limits      no core dump; address space, CPU time, file size, open files, no new process;
 *               no_new_privs; not dumpable; no descriptor above the channel's
 *   namespaces  user, mount, process ids, network, IPC
 *   root        chroot to an empty read-only tmpfs; no capability left
 *   landlock    no file system, no TCP, no signals or abstract sockets outside (by ABI)
 *   filter      seccomp: the system calls of malloc, of reading, writing and the channel;
 *               everything else fails with EPERM, never a mapping that can be executed
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox_limits {
    uint64_t memory_bytes; /* address space */
    uint64_t file_bytes;   /* any file, memfds too */
    uint64_t cpu_seconds;  /* of the whole life */
    int last_fd;           /* descriptors above it are closed */
};

enum sandbox_layer {
    SANDBOX_LIMITS = 1 << 0,
    SANDBOX_NAMESPACES = 1 << 1,
    SANDBOX_ROOT = 1 << 2,
    SANDBOX_LANDLOCK = 1 << 3,
    SANDBOX_FILTER = 1 << 4,
};

/* All layers. 0 and *ret_layers (enum sandbox_layer), or E_REFUSED if a required one does not
 * hold: then nothing of a stranger may be read. The process is altered in any case. */
int sandbox_enter(const struct sandbox_limits *limits, unsigned *ret_layers);

/* Tries what the sandbox forbids and writes a line for each attempt to `fd`. True if all were
 * denied. To be called inside. */
bool sandbox_prove(int fd);

/* What stays allowed beneath a path (linux/landlock.h: LANDLOCK_ACCESS_FS_*, as this ABI knows
 * them). */
struct sandbox_beneath {
    const char *path; /* what is not there is passed over */
    uint64_t rights;  /* of a file: those of files alone are used */
};

/* The Landlock layer by itself, but for what is listed. False: the kernel has none. */
bool sandbox_landlock_but(const struct sandbox_beneath *allowed, size_t n);
