#include "base/arena.h"

#include <sanitizer/asan_interface.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_FIRST ((size_t)4 * 1024)
#define CHUNK_MOST ((size_t)64 * 1024)
#define CHUNK_KEPT ((size_t)8 * 1024)
#define ALIGNMENT _Alignof(max_align_t)

/* Under AddressSanitizer a poisoned gap follows every allocation. */
#if defined(__SANITIZE_ADDRESS__)
#define GAP ALIGNMENT
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GAP ALIGNMENT
#endif
#endif
#ifndef GAP
#define GAP 0
#endif

struct arena_chunk {
    struct arena_chunk *older;
    size_t size, used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena_deferred {
    struct arena_deferred *older;
    void (*fn)(void *);
    void *p;
};

void arena_no_memory(const char *who)
{
    fprintf(stderr, "out of memory: %s\n", who);
    abort();
}

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

static void chunks_free(struct arena_chunk *chunk)
{
    for (struct arena_chunk *older; chunk; chunk = older) {
        older = chunk->older;
        ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->size);
        free(chunk);
    }
}

void arena_release(struct arena *a)
{
    for (struct arena_deferred *d = a->deferred; d; d = d->older)
        d->fn(d->p);
    chunks_free(a->chunk);
    arena_init(a);
}

void arena_reset(struct arena *a)
{
    struct arena_chunk *kept = a->chunk;
    if (!kept || kept->size > CHUNK_KEPT) {
        arena_release(a);
        return;
    }
    for (struct arena_deferred *d = a->deferred; d; d = d->older)
        d->fn(d->p);
    chunks_free(kept->older);
    ASAN_UNPOISON_MEMORY_REGION(kept->bytes, kept->size);
    memset(kept->bytes, 0, kept->used);
    ASAN_POISON_MEMORY_REGION(kept->bytes, kept->size);
    kept->older = NULL;
    kept->used = 0;
    *a = (struct arena){.chunk = kept};
}

static struct arena_chunk *chunk_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct arena_chunk))
        arena_no_memory("arena");
    struct arena_chunk *chunk = calloc(1, sizeof *chunk + size);
    if (!chunk)
        arena_no_memory("arena");
    chunk->size = size;
    ASAN_POISON_MEMORY_REGION(chunk->bytes, size);
    return chunk;
}

/* A chunk with room for `n`. A large one goes behind the newest, whose rest stays in use. */
static struct arena_chunk *chunk_with_room(struct arena *a, size_t n)
{
    struct arena_chunk *newest = a->chunk;
    if (newest && newest->size - newest->used >= n)
        return newest;
    size_t size = newest && newest->size >= CHUNK_FIRST ? newest->size * 2 : CHUNK_FIRST;
    if (size > CHUNK_MOST)
        size = CHUNK_MOST;
    if (newest && n > size / 4) {
        struct arena_chunk *large = chunk_new(n);
        large->older = newest->older;
        newest->older = large;
        return large;
    }
    struct arena_chunk *chunk = chunk_new(n > size ? n : size);
    chunk->older = newest;
    a->chunk = chunk;
    return chunk;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - GAP - ALIGNMENT)
        arena_no_memory("arena");
    size_t taken = (n + GAP + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (taken == 0)
        taken = ALIGNMENT;
    struct arena_chunk *chunk = chunk_with_room(a, taken);
    void *p = chunk->bytes + chunk->used;
    chunk->used += taken;
    a->used += n;
    ASAN_UNPOISON_MEMORY_REGION(p, n);
    return p;
}

void *arena_aligned(struct arena *a, size_t n, size_t align)
{
    uintptr_t at = (uintptr_t)arena_alloc(a, n + align - 1);
    return (void *)((at + align - 1) & ~(uintptr_t)(align - 1));
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        arena_no_memory("arena array");
    return arena_alloc(a, n);
}

void *arena_dup(struct arena *a, const void *bytes, size_t n)
{
    void *copy = arena_alloc(a, n);
    if (n > 0)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_dup(a, s, strlen(s) + 1) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    if (!s)
        return NULL;
    n = strnlen(s, n);
    char *copy = arena_alloc(a, n + 1);
    memcpy(copy, s, n);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    char small[128];
    int n = vsnprintf(small, sizeof(small), fmt, ap);
    if (n < 0)
        arena_no_memory("arena text");
    char *text = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n < sizeof(small))
        memcpy(text, small, (size_t)n + 1);
    else
        vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    return text;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
    struct arena_deferred *d = ARENA_NEW(a, struct arena_deferred);
    *d = (struct arena_deferred){.older = a->deferred, .fn = fn, .p = p};
    a->deferred = d;
}
