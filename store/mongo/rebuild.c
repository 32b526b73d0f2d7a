/* Keys derived anew: every document is read once, and those whose key is not as declared are given
 * theirs, which changes neither their version nor what readers see. */
#include <string.h>

#include "store/mongo/engine.h"

#define ROWS 200 /* read at once; 16 MiB of documents may cut it short */
#define TRIES 20 /* of one document that others are changing */

struct rebuilding {
    struct engine *engine;
    const struct table *table;
    bool has_last;
    struct id last; /* the id up to which all are done */
    int64_t seen, total;
};

static int derive(const struct table *t, const bson_t *stored, bson_t *ret)
{
    bson_t doc;
    int done = key_unwrap(stored, &doc) ? key_append(t, &doc, ret) : E_CORRUPT;
    return done == E_INVALID ? E_CORRUPT : done;
}

static bool key_is(const bson_t *doc, const bson_t *wanted)
{
    bson_iter_t a, b;
    bson_t x, y;
    return bson_iter_init_find(&a, doc, ENGINE_KEY) &&
           bson_iter_init_find(&b, wanted, ENGINE_KEY) && call_row(&a, &x) && call_row(&b, &y) &&
           bson_equal(&x, &y);
}

static int64_t version_of(const bson_t *doc)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, "version") ? bson_iter_as_int64(&it) : 0;
}

/* 0, or STORE_CONFLICT: somebody wrote it meanwhile. */
static int write_key(const struct rebuilding *r, const struct id *id, const bson_t *doc,
                     const bson_t *key)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    int64_t matched = 0;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_INT64(&filter, "version", version_of(doc));
    BSON_APPEND_DOCUMENT(&update, "$set", key);
    struct change_one u = {.collection = r->table->c->name, .filter = &filter, .update = &update};
    int done = call_update(r->engine, &u, &matched);
    return done == 0 && matched == 0 ? STORE_CONFLICT : done;
}

static int rebuild_one(const struct rebuilding *r, const struct id *id, const bson_t *first)
{
    CLEANUP(doc_destroyp) bson_t *read = NULL;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    const bson_t *doc = first;
    int done = STORE_CONFLICT;
    gridfs_filter_id(&filter, "_id", id);
    for (int i = 0; i < TRIES && (done == STORE_CONFLICT || done == E_UNKNOWN); i++) {
        CLEANUP(bson_destroy) bson_t key = BSON_INITIALIZER;
        if (i > 0) {
            doc_destroyp(&read);
            read = NULL;
            done = call_find_one(r->engine, r->table->c->name, &filter, NULL, &read);
            if (done != 0)
                return done == STORE_ABSENT ? 0 : done;
            doc = read;
        }
        done = derive(r->table, doc, &key);
        if (done == 0 && !key_is(doc, &key))
            done = write_key(r, id, doc, &key);
    }
    return done == STORE_CONFLICT ? E_BUSY : done;
}

static int read_batch(struct rebuilding *r, bson_t *reply, bson_iter_t *ret_rows)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t sort = BSON_INITIALIZER;
    struct order by_id = {.type = STORE_ID};
    if (r->has_last)
        filter_ids_behind(&filter, &by_id, &r->last);
    filter_sort(&sort, &by_id);
    struct find f = {
        .collection = r->table->c->name, .filter = &filter, .sort = &sort, .limit = ROWS};
    return call_find(r->engine, &f, reply, ret_rows);
}

/* Returns how many there were, or a failure. */
static int rebuild_batch(struct rebuilding *r)
{
    CLEANUP(bson_destroy) bson_t reply;
    bson_iter_t rows, it;
    bson_t doc;
    int n = 0;
    int done = read_batch(r, &reply, &rows);
    while (done == 0 && bson_iter_next(&rows)) {
        if (!call_row(&rows, &doc) || !bson_iter_init_find(&it, &doc, "_id"))
            return E_CORRUPT;
        struct store_value id = key_value(&it, STORE_ID);
        if (!id.type)
            return E_CORRUPT;
        done = rebuild_one(r, &id.id, &doc);
        r->last = id.id;
        r->has_last = true;
        n++;
    }
    return done < 0 ? done : n;
}

static int count_all(struct rebuilding *r)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t reply;
    bson_iter_t it;
    BSON_APPEND_UTF8(&command, "count", r->table->c->name);
    int done = call_read(r->engine, &command, &reply);
    if (done == 0 && bson_iter_init_find(&it, &reply, "n"))
        r->total = bson_iter_as_int64(&it);
    return done;
}

int rebuild_keys(struct engine *e, const struct table *t, const struct mongo_progress *progress)
{
    struct rebuilding r = {.engine = e, .table = t};
    int n = progress && progress->fn ? count_all(&r) : 0;
    if (n < 0)
        return n;
    do {
        n = rebuild_batch(&r);
        r.seen += n > 0 ? n : 0;
        if (n > 0 && progress && progress->fn)
            progress->fn(t->c->name, r.seen, r.total, progress->ctx);
    } while (n > 0);
    return n;
}
