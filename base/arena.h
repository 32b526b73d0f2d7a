/*
 * Memory that is released all at once. A request has one; so has every job of the dispatcher.
 * Allocation never returns NULL: when the machine has no memory left the process ends with a
 * message (nothing acknowledged is lost, the supervisor starts it again). What strangers control
 * is bounded before it reaches an arena. Not thread-safe; one owner at a time.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;
struct arena_deferred;

struct arena {
    struct arena_chunk *chunk;       /* newest first */
    size_t used;                     /* bytes handed out, for metrics and tests */
    struct arena_deferred *deferred; /* newest first */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a); /* frees everything; the arena may be used again */
void arena_reset(struct arena *a);   /* the same, but keeps a chunk for who uses it again soon */

/* Zeroed, aligned for any type. n may be 0. */
void *arena_alloc(struct arena *a, size_t n);
/* The same at an address divisible by `align`, a power of two (bson_t wants 128). */
void *arena_aligned(struct arena *a, size_t n, size_t align);
void *arena_array(struct arena *a, size_t count, size_t size); /* ends the process on overflow */
void *arena_dup(struct arena *a, const void *bytes, size_t n);
char *arena_strdup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0), nonnull(2)));

/*
 * fn(p) is called when the arena is released, newest first, while all its memory is still there.
 * fn does not allocate from this arena.
 */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);

/* The message and the end, for others that keep the rule above. Names what wanted memory. */
_Noreturn void arena_no_memory(const char *who);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
