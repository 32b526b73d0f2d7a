/* What nobody may see of a photo is covered: its renditions are made anew from the original. */
#include <stdlib.h>

#include "base/result.h"
#include "media/upload_private.h"

/* All of the original; freed by the caller. */
static int read_original(const struct upload_service *s, const struct upload *u, uint8_t **ret)
{
    struct sealed_reader reader;
    size_t n = 0;
    int done = upload_original(s, u, &reader);
    if (done != 0)
        return done;
    CLEANUP(freep) uint8_t *bytes = malloc((size_t)u->original_size);
    done = bytes ? sealed_read(&reader, 0, bytes, (size_t)u->original_size, &n) : E_NOMEM;
    sealed_close(&reader);
    if (done == 0 && n != (size_t)u->original_size)
        done = E_CORRUPT;
    if (done == 0)
        *ret = STEAL(bytes);
    return done;
}

static int keep_renditions(struct store *s, const struct media_result *r, struct upload_cover *c)
{
    c->large_size = (int64_t)r->large.n;
    c->small_size = (int64_t)r->small.n;
    int done = upload_store_bytes(s, r->large.bytes, r->large.n, &c->large);
    if (done == 0)
        done = upload_store_bytes(s, r->small.bytes, r->small.n, &c->small);
    if (done != 0)
        upload_cover_drop(s, c);
    return done;
}

int upload_cover_make(const struct upload_service *s, const struct upload *u,
                      struct upload_cover *c, struct arena *a)
{
    CLEANUP(freep) uint8_t *bytes = NULL;
    struct media_box *boxes = arena_array(a, c->n, sizeof(*boxes));
    for (size_t i = 0; i < c->n; i++)
        boxes[i] = (struct media_box){(uint16_t)c->boxes[i].x, (uint16_t)c->boxes[i].y,
                                      (uint16_t)c->boxes[i].width, (uint16_t)c->boxes[i].height};
    c->large = c->small = (struct id){0};
    int done = read_original(s, u, &bytes);
    if (done != 0)
        return done;
    struct media_result result = {0};
    const struct media_input input = {
        .fd = -1, .bytes = bytes, .n = (size_t)u->original_size, .boxes = boxes, .n_boxes = c->n};
    done = media_decode(s->decoders, &input, &result);
    if (done == 0)
        done = keep_renditions(s->store, &result, c);
    else if (done > 0) /* it was sound before: the machine is too busy, or not what it was */
        done = result.fault == MEDIA_FAULT_TOO_SLOW ? E_BUSY : E_UNAVAILABLE;
    media_result_release(&result);
    return done;
}

/* --- what would be bare ----------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Where the sides of boxes lie, in order. */
static void add_sides(const struct upload_box *boxes, size_t n, int64_t *xs, int64_t *ys)
{
    for (size_t i = 0; i < n; i++) {
        xs[2 * i] = boxes[i].x;
        xs[2 * i + 1] = boxes[i].x + boxes[i].width;
        ys[2 * i] = boxes[i].y;
        ys[2 * i + 1] = boxes[i].y + boxes[i].height;
    }
}

static bool holds(const struct upload_box *boxes, size_t n, int64_t x, int64_t y)
{
    for (size_t i = 0; i < n; i++) {
        const struct upload_box *b = &boxes[i];
        if (x >= b->x && x < b->x + b->width && y >= b->y && y < b->y + b->height)
            return true;
    }
    return false;
}

/* Between two sides that are neighbours all is alike: the corner of each field speaks for it. */
bool upload_cover_bares(const struct upload *u, const struct upload_cover *c, struct arena *a)
{
    const struct upload_box *now = u->boxes.items;
    size_t n = 2 * (u->boxes.n + c->n);
    int64_t *xs = arena_array(a, n, sizeof(*xs)), *ys = arena_array(a, n, sizeof(*ys));
    add_sides(now, u->boxes.n, xs, ys);
    add_sides(c->boxes, c->n, xs + 2 * u->boxes.n, ys + 2 * u->boxes.n);
    if (n > 0) {
        qsort(xs, n, sizeof(*xs), ascending);
        qsort(ys, n, sizeof(*ys), ascending);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (holds(now, u->boxes.n, xs[i], ys[k]) && !holds(c->boxes, c->n, xs[i], ys[k]))
                return true;
        }
    }
    return false;
}

/* --- set -------------------------------------------------------------------------------------- */

struct setting {
    const struct upload_cover *cover;
    int64_t seen;           /* the count that the caller knows */
    struct id large, small; /* that are named no more */
};

static int set(struct store_edit *edit, void *ctx)
{
    struct setting *t = ctx;
    const struct upload_cover *c = t->cover;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (u.covered != t->seen || u.state != UPLOAD_SOUND)
        return UPLOAD_COVERED;
    t->large = u.large;
    t->small = u.small;
    u.large = c->large;
    u.small = c->small;
    u.large_size = c->large_size;
    u.small_size = c->small_size;
    u.boxes = (struct entity_list){c->boxes, c->n};
    u.covered++;
    u.covered_by = c->by;
    u.covered_ms = c->now_ms;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

int upload_cover_set(struct store *s, struct upload *u, const struct upload_cover *c,
                     struct arena *a)
{
    struct setting t = {.cover = c, .seen = u->covered};
    struct id id = u->id;
    int done = store_change(s, &upload_collection, &id, NULL, set, &t, NULL);
    if (done != 0 && done != E_UNKNOWN) /* then it may be named: what is not, is swept */
        upload_cover_drop(s, c);
    if (done != 0)
        return done == STORE_ABSENT ? UPLOAD_NOT_OURS : done;
    upload_drop_blobs(s, (const struct id *const[]){&t.large, &t.small}, 2);
    done = upload_get(s, &id, a, u);
    return done == STORE_ABSENT ? UPLOAD_NOT_OURS : done;
}

void upload_cover_drop(struct store *s, const struct upload_cover *c)
{
    upload_drop_blobs(s, (const struct id *const[]){&c->large, &c->small}, 2);
}
