/*
 * Bodies of requests. h2o gathers one in a buffer that doubles, each time in fresh memory that the
 * kernel fills with zeroes, page by page, and soon takes back: of an upload that was most of the
 * work. Here a buffer that outgrows SMALL moves into a block, once; blocks are used again; and a
 * job may hold the block that its body lies in, so that it is not copied.
 *
 * h2o_buffer_reserve and h2o_buffer__do_free take the places of libh2o's own, which calls them by
 * name. A buffer belongs to one thread, a loop's, and so do all blocks of this thread.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/server.h"

#define SMALL ((size_t)64 * 1024)
/* A chunk of the size that clients are told (512 KiB), and over HTTP/1 the lines before it. */
#define BLOCK ((size_t)576 * 1024)

/* Use after free is to be seen in sanitized builds: there nothing is used twice. */
#ifdef __SANITIZE_ADDRESS__
#define SPARES_MAX 0
#else
#define SPARES_MAX 64
#endif

struct block {
    struct block *next, **at; /* of those in use, or of the spare ones */
    bool held, left;          /* by a job; by h2o */
    h2o_buffer_t buffer;      /* its capacity is BLOCK: no other's is */
};

static _Thread_local struct {
    struct block *used, *spare;
    size_t n_spare, least_spare; /* least: at once since the last look */
} here;

/* --- blocks ----------------------------------------------------------------------------------- */

static void block_link(struct block **list, struct block *b)
{
    b->next = *list;
    b->at = list;
    if (b->next)
        b->next->at = &b->next;
    *list = b;
}

static void block_unlink(struct block *b)
{
    *b->at = b->next;
    if (b->next)
        b->next->at = b->at;
}

static h2o_buffer_t *block_take(void)
{
    struct block *b = here.spare;
    if (b) {
        block_unlink(b);
        if (--here.n_spare < here.least_spare)
            here.least_spare = here.n_spare;
    } else {
        b = h2o_mem_alloc(offsetof(struct block, buffer._buf) + BLOCK);
    }
    b->held = b->left = false;
    block_link(&here.used, b);
    return &b->buffer;
}

static void block_give(struct block *b)
{
    block_unlink(b);
    if (here.n_spare == SPARES_MAX) {
        free(b);
        return;
    }
    block_link(&here.spare, b);
    here.n_spare++;
}

static void spares_free(size_t n)
{
    for (; n > 0; n--) {
        struct block *b = here.spare;
        block_unlink(b);
        here.n_spare--;
        free(b);
    }
    here.least_spare = here.n_spare;
}

void bodies_look(void)
{
    spares_free((here.least_spare + 1) / 2);
}

void bodies_release(void)
{
    spares_free(here.n_spare);
}

/* --- what a job holds ------------------------------------------------------------------------- */

struct block *body_hold(const h2o_req_t *req)
{
    struct block *b = here.used;
    while (b && b->buffer.bytes != req->entity.base)
        b = b->next;
    /* One of a connection over HTTP/1 is the connection's; what comes next is moved into place. */
    if (!b || req->version < 0x200 || b->buffer.size != req->entity.len)
        return NULL;
    b->held = true;
    return b;
}

void body_drop(struct block *b)
{
    b->held = false;
    if (b->left)
        block_give(b);
}

/* --- what h2o calls --------------------------------------------------------------------------- */

/* Empty, and of no prototype yet. */
static h2o_buffer_t *buffer_of(size_t capacity)
{
    h2o_buffer_t *b =
        capacity == BLOCK ? block_take() : h2o_mem_alloc(offsetof(h2o_buffer_t, _buf) + capacity);
    b->capacity = capacity;
    return b;
}

static h2o_buffer_t *first(h2o_buffer_prototype_t *prototype, size_t room)
{
    size_t least = prototype->_initial_buf.capacity;
    h2o_buffer_t *b;
    if (room > least) {
        b = buffer_of(room);
    } else {
        b = h2o_mem_alloc_recycle(&prototype->allocator, offsetof(h2o_buffer_t, _buf) + least);
        b->capacity = least;
    }
    b->size = 0;
    b->_prototype = prototype;
    return b;
}

static h2o_buffer_t *grown(h2o_buffer_t *old, size_t room)
{
    size_t capacity = old->capacity;
    while (capacity - old->size < room)
        capacity *= 2;
    if (capacity > SMALL && old->size + room <= BLOCK)
        capacity = BLOCK;
    h2o_buffer_t *b = buffer_of(capacity);
    b->size = old->size;
    b->_prototype = old->_prototype;
    memcpy(b->_buf, old->bytes, old->size);
    h2o_buffer__do_free(old);
    return b;
}

h2o_iovec_t h2o_buffer_reserve(h2o_buffer_t **inbuf, size_t min_guarantee)
{
    h2o_buffer_t *b = *inbuf;
    if (!b->bytes) { /* the prototype's */
        b = first(H2O_STRUCT_FROM_MEMBER(h2o_buffer_prototype_t, _initial_buf, b), min_guarantee);
        b->bytes = b->_buf;
    } else if (min_guarantee > b->capacity - b->size - (size_t)(b->bytes - b->_buf)) {
        if ((b->size + min_guarantee) * 2 <= b->capacity)
            memmove(b->_buf, b->bytes, b->size);
        else
            b = grown(b, min_guarantee);
        b->bytes = b->_buf;
    }
    *inbuf = b;
    char *end = b->bytes + b->size;
    return h2o_iovec_init(end, (size_t)(b->_buf + b->capacity - end));
}

void h2o_buffer__do_free(h2o_buffer_t *buffer)
{
    if (buffer->capacity == buffer->_prototype->_initial_buf.capacity) {
        h2o_mem_free_recycle(&buffer->_prototype->allocator, buffer);
    } else if (buffer->capacity != BLOCK) {
        free(buffer);
    } else {
        struct block *b = H2O_STRUCT_FROM_MEMBER(struct block, buffer, buffer);
        b->left = true;
        if (!b->held)
            block_give(b);
    }
}
