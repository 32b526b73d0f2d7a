#include "tests/support/faulty.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"

struct faulty {
    struct store_driver driver;
    struct store_driver *inner;
    pthread_mutex_t mutex; /* guards what follows */
    struct faulty_plan plan;
    uint64_t random;
    uint64_t faults;
};

/* Sessions and cursors are wrapped, since a verb on them must find the inner engine's. */
struct store_session {
    struct faulty *faulty;
    struct store_session *inner;
    struct store_cursor *cursors;
};
struct store_cursor {
    struct store_cursor *older;
    struct faulty *faulty;
    struct store_cursor *inner;
};

enum fate { FATE_NONE, FATE_APPLIED, FATE_LOST, FATE_UNAVAILABLE };

static struct faulty *faulty_of(struct store_driver *d)
{
    return (struct faulty *)d;
}

static const struct store_driver_ops *inner_ops(struct store_driver *d)
{
    return faulty_of(d)->inner->ops;
}

static void *make(size_t size)
{
    void *made = calloc(1, size);
    if (!made)
        abort();
    return made;
}

/* splitmix64 */
static uint64_t draw(struct faulty *f)
{
    uint64_t z = f->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static enum fate draw_fate(struct faulty *f)
{
    const struct faulty_plan *p = &f->plan;
    int at = (int)(draw(f) % 1000);
    if (at < p->applied)
        return FATE_APPLIED;
    if (at < p->applied + p->lost)
        return FATE_LOST;
    return at < p->applied + p->lost + p->unavailable ? FATE_UNAVAILABLE : FATE_NONE;
}

static enum fate scripted_fate(struct faulty *f)
{
    switch (*f->plan.script++) {
    case 'a':
        return FATE_APPLIED;
    case 'l':
        return FATE_LOST;
    case 'u':
        return FATE_UNAVAILABLE;
    default:
        return FATE_NONE;
    }
}

/* What becomes of the next write; sleeps first if the plan says so. */
static enum fate next_fate(struct store_driver *d)
{
    struct faulty *f = faulty_of(d);
    pthread_mutex_lock(&f->mutex);
    const struct faulty_plan *p = &f->plan;
    int sleep_us = p->delay_us > 0 ? (int)(draw(f) % (uint64_t)(p->delay_us + 1)) : 0;
    enum fate fate = p->script && *p->script ? scripted_fate(f) : draw_fate(f);
    if (fate != FATE_NONE)
        f->faults++;
    pthread_mutex_unlock(&f->mutex);
    if (sleep_us > 0)
        usleep((useconds_t)sleep_us);
    return fate;
}

/* What the caller is shown; `r` is what the write gave, if it was done. */
static int show(struct store_driver *d, enum fate fate, int r)
{
    const struct faulty_plan *p = &faulty_of(d)->plan;
    if (fate == FATE_NONE)
        return r;
    if (p->between)
        p->between(p->ctx);
    return fate == FATE_UNAVAILABLE ? E_UNAVAILABLE : E_UNKNOWN;
}

/* Does `write` unless its fate forbids it, and gives the result that the fate shows. */
#define WITH_FATE(d, write)                                                                        \
    __extension__({                                                                                \
        enum fate fate_ = next_fate(d);                                                            \
        int done_ = fate_ == FATE_NONE || fate_ == FATE_APPLIED ? (write) : 0;                     \
        show((d), fate_, done_);                                                                   \
    })

/* --- writes ----------------------------------------------------------------------------------- */

static int faulty_insert(struct store_driver *d, const struct store_collection *c,
                         struct store_insert_row *rows, size_t n)
{
    /* Row by row, since each is a write of its own with a fate of its own. */
    for (size_t i = 0; i < n; i++) {
        int r = 0;
        rows[i].outcome = WITH_FATE(
            d, (r = inner_ops(d)->insert(faulty_of(d)->inner, c, &rows[i], 1), rows[i].outcome));
        if (r < 0)
            return r;
    }
    return 0;
}

static bool without_faults(struct store_driver *d)
{
    const struct faulty_plan *p = &faulty_of(d)->plan;
    return !(p->script && *p->script) && p->applied + p->lost + p->unavailable == 0;
}

static int faulty_replace(struct store_driver *d, const struct store_collection *c,
                          const struct id *id, int64_t expected_version, const bson_t *doc)
{
    return WITH_FATE(d, inner_ops(d)->replace(faulty_of(d)->inner, c, id, expected_version, doc));
}

static int faulty_replace_many(struct store_driver *d, const struct store_collection *c,
                               struct store_replace_row *rows, size_t n)
{
    if (inner_ops(d)->replace_many && without_faults(d))
        return inner_ops(d)->replace_many(faulty_of(d)->inner, c, rows, n);
    for (size_t i = 0; i < n; i++)
        rows[i].outcome = faulty_replace(d, c, &rows[i].id, rows[i].expected, rows[i].doc);
    return 0;
}

static int faulty_remove(struct store_driver *d, const struct store_collection *c,
                         const struct id *id, int64_t expected_version)
{
    return WITH_FATE(d, inner_ops(d)->remove(faulty_of(d)->inner, c, id, expected_version));
}

static int faulty_insert_for(struct store_driver *d, const struct store_collection *c,
                             struct store_insert_row *row, struct store_removal *gone)
{
    if (inner_ops(d)->insert_for && without_faults(d))
        return inner_ops(d)->insert_for(faulty_of(d)->inner, c, row, gone);
    int done = faulty_insert(d, c, row, 1);
    gone->outcome = STORE_ABSENT;
    if (done == 0 && row->outcome == 0)
        gone->outcome = faulty_remove(d, gone->collection, &gone->id, gone->version);
    return done;
}

static int faulty_bump(struct store_driver *d, const char *counter, int64_t by, int64_t *ret)
{
    return WITH_FATE(d, inner_ops(d)->bump(faulty_of(d)->inner, counter, by, ret));
}

static int faulty_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                              const void *bytes, size_t n, int64_t *ret_size)
{
    int64_t size = 0;
    int r =
        WITH_FATE(d, inner_ops(d)->blob_append(faulty_of(d)->inner, id, offset, bytes, n, &size));
    if (r == 0 || r == STORE_CONFLICT)
        *ret_size = size;
    return r;
}

/* --- everything else passes ------------------------------------------------------------------- */

static void faulty_close(struct store_driver *d)
{
    struct faulty *f = faulty_of(d);
    f->inner->ops->close(f->inner);
    pthread_mutex_destroy(&f->mutex);
    free(f);
}

static int faulty_ping(struct store_driver *d)
{
    return inner_ops(d)->ping(faulty_of(d)->inner);
}

static int faulty_get(struct store_driver *d, const struct store_collection *c, const struct id *id,
                      bson_t **ret)
{
    return inner_ops(d)->get(faulty_of(d)->inner, c, id, ret);
}

static int faulty_begin(struct store_driver *d, struct store_session **ret)
{
    struct store_session *inner;
    int r = inner_ops(d)->begin(faulty_of(d)->inner, &inner);
    if (r != 0)
        return r;
    *ret = make(sizeof(**ret));
    **ret = (struct store_session){.faulty = faulty_of(d), .inner = inner};
    return 0;
}

static void faulty_end(struct store_session *s)
{
    s->faulty->inner->ops->end(s->inner);
    while (s->cursors) {
        struct store_cursor *k = s->cursors;
        s->cursors = k->older;
        free(k);
    }
    free(s);
}

static int faulty_scan(struct store_session *s, const struct store_scan *scan,
                       struct store_cursor **ret)
{
    struct store_cursor *inner;
    int r = s->faulty->inner->ops->scan(s->inner, scan, &inner);
    if (r != 0)
        return r;
    struct store_cursor *k = make(sizeof(*k));
    *k = (struct store_cursor){.older = s->cursors, .faulty = s->faulty, .inner = inner};
    *ret = s->cursors = k;
    return 0;
}

static int faulty_next(struct store_cursor *k, struct store_row *ret)
{
    return k->faulty->inner->ops->next(k->inner, ret);
}

static int faulty_tally(struct store_driver *d, const struct store_tally *t, size_t max,
                        struct arena *a, struct store_tally_row **ret_rows, size_t *ret_n)
{
    return inner_ops(d)->tally(faulty_of(d)->inner, t, max, a, ret_rows, ret_n);
}

static int faulty_counters(struct store_driver *d, const char *after, size_t max, struct arena *a,
                           struct store_counter *ret, size_t *ret_n)
{
    return inner_ops(d)->counters(faulty_of(d)->inner, after, max, a, ret, ret_n);
}

static int faulty_blob_create(struct store_driver *d, const struct id *id)
{
    return inner_ops(d)->blob_create(faulty_of(d)->inner, id);
}

static int faulty_blob_finish(struct store_driver *d, const struct id *id,
                              struct store_blob_info *ret)
{
    return inner_ops(d)->blob_finish(faulty_of(d)->inner, id, ret);
}

static int faulty_blob_stat(struct store_driver *d, const struct id *id,
                            struct store_blob_info *ret)
{
    return inner_ops(d)->blob_stat(faulty_of(d)->inner, id, ret);
}

static int faulty_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                            size_t n, size_t *ret_n)
{
    return inner_ops(d)->blob_read(faulty_of(d)->inner, id, offset, out, n, ret_n);
}

static int faulty_blob_remove(struct store_driver *d, const struct id *id)
{
    return inner_ops(d)->blob_remove(faulty_of(d)->inner, id);
}

static int faulty_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids,
                            size_t max, size_t *ret_n)
{
    return inner_ops(d)->blob_list(faulty_of(d)->inner, after, ret_ids, max, ret_n);
}

static const struct store_driver_ops faulty_ops = {
    .name = "faulty",
    .close = faulty_close,
    .ping = faulty_ping,
    .insert = faulty_insert,
    .get = faulty_get,
    .replace = faulty_replace,
    .insert_for = faulty_insert_for,
    .replace_many = faulty_replace_many,
    .remove = faulty_remove,
    .begin = faulty_begin,
    .end = faulty_end,
    .scan = faulty_scan,
    .next = faulty_next,
    .tally = faulty_tally,
    .bump = faulty_bump,
    .counters = faulty_counters,
    .blob_create = faulty_blob_create,
    .blob_append = faulty_blob_append,
    .blob_finish = faulty_blob_finish,
    .blob_stat = faulty_blob_stat,
    .blob_read = faulty_blob_read,
    .blob_remove = faulty_blob_remove,
    .blob_list = faulty_blob_list,
};

struct store_driver *faulty_open(struct store_driver *inner)
{
    struct faulty *f = make(sizeof(*f));
    f->driver = (struct store_driver){.ops = &faulty_ops, .exclusive = inner->exclusive};
    f->inner = inner;
    pthread_mutex_init(&f->mutex, NULL);
    return &f->driver;
}

void faulty_set(struct store_driver *faulty, const struct faulty_plan *plan)
{
    struct faulty *f = faulty_of(faulty);
    pthread_mutex_lock(&f->mutex);
    f->plan = *plan;
    f->random = plan->seed;
    f->faults = 0;
    pthread_mutex_unlock(&f->mutex);
}

uint64_t faulty_count(struct store_driver *faulty)
{
    struct faulty *f = faulty_of(faulty);
    pthread_mutex_lock(&f->mutex);
    uint64_t n = f->faults;
    pthread_mutex_unlock(&f->mutex);
    return n;
}
