/* Between inspect.c, pages.c, walk.c and stream.c. */
#pragma once

#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "media/paper/inspect.h"

struct inspecting {
    qpdf_data q;
    const struct media_limits *limits;
    size_t file_n;
    size_t packed, unfolded; /* bytes of streams so far, as they lie and as they unpack */
    struct inspection *ret;
};

/* Objects by number and generation: those that were met. */
struct object_set {
    uint64_t *slots; /* key + 1; 0: free */
    size_t room, n;
};
static inline void object_set_release(struct object_set *set)
{
    free(set->slots);
}
/* 1 if it is new, 0 if it is not, E_NOMEM. */
int object_set_add(struct object_set *set, qpdf_data q, qpdf_oh object);

/* Handles still to be looked at. Room grows; the caller frees `items`. */
struct object_stack {
    qpdf_oh *items;
    size_t n, room;
};
static inline void object_stack_release(struct object_stack *stack)
{
    free(stack->items);
}
bool object_stack_push(struct object_stack *stack, qpdf_oh object); /* false: out of memory */

enum media_fault inspect_pages(struct inspecting *in);   /* pages, width, height */
enum media_fault inspect_objects(struct inspecting *in); /* everything else */
/* A stream: where its bytes are and what they unpack to. */
enum media_fault inspect_stream(struct inspecting *in, qpdf_oh stream, qpdf_oh dictionary);
