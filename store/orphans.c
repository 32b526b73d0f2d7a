#include "store/orphans.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"

#define LISTED_MAX 131072 /* blobs of one pass; 2 MiB */
#define PART 1024         /* blobs of one listing */
#define PAGES 50          /* of documents, read in one step */
#define REMOVED_MAX 4096  /* in one step */
#define FAILED_MAX 16     /* in one step */
#define SETTLE_MS (INT64_C(3600) * 1000)
#define ROUND_MS (24 * SETTLE_MS) /* between two rounds over all blobs */

enum stage { LISTING, SETTLING, READING, REMOVING };

struct orphans {
    struct store *store;
    const struct store_collection *const *naming;
    enum stage stage;
    int64_t due_ms; /* nothing is done before */
    bool seen;      /* SETTLING: a step has passed, whatever the clock says */
    struct id *ids; /* of this pass, ascending */
    uint8_t *named; /* by any document */
    size_t n;
    bool has_after; /* where the next pass goes on */
    struct id after;
    size_t collection; /* READING: of `naming` */
    struct store_query query;
    size_t removing;
};

struct orphans *orphans_new(struct store *s, const struct store_collection *const *naming)
{
    struct orphans *o = calloc(1, sizeof(*o));
    if (!o)
        return NULL;
    o->store = s;
    o->naming = naming;
    return o;
}

static void drop_list(struct orphans *o)
{
    free(o->ids);
    free(o->named);
    o->ids = NULL;
    o->named = NULL;
    o->n = 0;
    o->stage = LISTING;
}

void orphans_free(struct orphans *o)
{
    if (!o)
        return;
    drop_list(o);
    free(o);
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

/* --- the stages ------------------------------------------------------------------------------- */

static int list_blobs(struct orphans *o, int64_t now_ms)
{
    struct store_driver *d = store_driver_of(o->store);
    o->ids = calloc(LISTED_MAX, sizeof(*o->ids));
    o->named = calloc(LISTED_MAX, 1);
    if (!o->ids || !o->named)
        return E_NOMEM;
    int done = 0;
    size_t got = PART;
    while (done == 0 && got == PART && o->n < LISTED_MAX) {
        const struct id *after = o->n ? &o->ids[o->n - 1] : o->has_after ? &o->after : NULL;
        got = 0;
        done = d->ops->blob_list(d, after, o->ids + o->n, PART, &got);
        o->n += got;
    }
    if (done != 0)
        return done;
    o->has_after = o->n == LISTED_MAX;
    if (o->n > 0)
        o->after = o->ids[o->n - 1];
    qsort(o->ids, o->n, sizeof(*o->ids), compare_ids);
    o->stage = SETTLING;
    o->seen = false;
    o->due_ms = now_ms + SETTLE_MS;
    return 0;
}

static void begin_reading(struct orphans *o)
{
    if (!o->seen) {
        o->seen = true;
        return;
    }
    o->stage = READING;
    o->collection = 0;
    o->query = (struct store_query){.order = "_id", .limit = STORE_LIMIT_MAX};
}

static void strike_out(struct orphans *o, const bson_t *doc)
{
    bson_iter_t it;
    for (bool more = bson_iter_init(&it, doc); more && bson_iter_next(&it);) {
        if (!BSON_ITER_HOLDS_BINARY(&it))
            continue;
        const uint8_t *bytes = NULL;
        uint32_t n = 0;
        bson_subtype_t subtype;
        struct id id;
        bson_iter_binary(&it, &subtype, &n, &bytes);
        if (n != sizeof(id.bytes))
            continue;
        memcpy(id.bytes, bytes, n);
        struct id *found = bsearch(&id, o->ids, o->n, sizeof(id), compare_ids);
        if (found)
            o->named[found - o->ids] = 1;
    }
}

static int read_page(struct orphans *o)
{
    struct store_page page;
    struct arena a;
    arena_init(&a);
    int done = store_scan(o->store, o->naming[o->collection], &o->query, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++)
        strike_out(o, page.docs[i]);
    if (done == 0 && page.more) {
        o->query.has_after = true;
        o->query.after = page.next; /* an id: it borrows nothing */
    } else if (done == 0) {
        o->collection++;
        o->query.has_after = false;
    }
    arena_release(&a);
    return done;
}

static int read_documents(struct orphans *o)
{
    int done = 0;
    for (int i = 0; i < PAGES && done == 0 && o->naming[o->collection]; i++)
        done = read_page(o);
    if (done == 0 && !o->naming[o->collection]) {
        o->stage = REMOVING;
        o->removing = 0;
    }
    return done;
}

/* What cannot be removed keeps back nothing behind it; *ret_failure is the last failure. A store
 * that is away is not asked for the next. */
static void remove_some(struct orphans *o, size_t *ret_removed, int *ret_failure)
{
    size_t failed = 0;
    for (; o->removing < o->n && *ret_removed < REMOVED_MAX && failed < FAILED_MAX; o->removing++) {
        if (o->named[o->removing])
            continue;
        int done = store_blob_remove(o->store, &o->ids[o->removing]);
        *ret_removed += done == 0; /* else somebody else removed it */
        if (done >= 0)
            continue;
        *ret_failure = done;
        failed++;
        if (done == E_UNAVAILABLE)
            return;
    }
}

static int remove_orphans(struct orphans *o, int64_t now_ms, size_t *ret_removed)
{
    int failure = 0;
    remove_some(o, ret_removed, &failure);
    if (o->removing == o->n) {
        drop_list(o);
        o->due_ms = o->has_after ? now_ms : now_ms + ROUND_MS;
    }
    return failure;
}

int orphans_step(struct orphans *o, int64_t now_ms, size_t *ret_removed)
{
    *ret_removed = 0;
    if (now_ms < o->due_ms)
        return 0;
    if (o->stage == REMOVING)
        return remove_orphans(o, now_ms, ret_removed);
    int done = 0;
    if (o->stage == LISTING)
        done = list_blobs(o, now_ms);
    else if (o->stage == SETTLING)
        begin_reading(o);
    else
        done = read_documents(o);
    if (done < 0) {
        drop_list(o);
        o->has_after = false;
        o->due_ms = now_ms + SETTLE_MS;
    }
    return done;
}
