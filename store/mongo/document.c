/* One document at a time, and many that are inserted together. */
#include "store/mongo/engine.h"

static void filter_version(bson_t *out, const struct id *id, int64_t version)
{
    gridfs_filter_id(out, "_id", id);
    if (version >= 0)
        BSON_APPEND_INT64(out, "version", version);
}

/* --- insert ----------------------------------------------------------------------------------- */

/* How many rows from `rows` on make one command. */
static size_t rows_of_batch(const struct store_insert_row *rows, size_t n)
{
    size_t bytes = 0, i = 0;
    while (i < n && i < ENGINE_BATCH_ROWS &&
           (i == 0 || bytes + rows[i].doc->len < ENGINE_BATCH_BYTES))
        bytes += rows[i++].doc->len;
    return i;
}

/* The rows that the reply says were not written; servers count wrongly what was. */
static int read_write_errors(const bson_t *reply, struct store_insert_row *rows, size_t n)
{
    bson_iter_t it, errors, at, index;
    if (!bson_iter_init_find(&it, reply, "writeErrors"))
        return 0;
    if (!BSON_ITER_HOLDS_ARRAY(&it) || !bson_iter_recurse(&it, &errors))
        return E_UNKNOWN;
    while (bson_iter_next(&errors)) {
        if (!bson_iter_recurse(&errors, &index) || !bson_iter_find(&index, "index") ||
            !bson_iter_recurse(&errors, &at) || !bson_iter_find(&at, "code"))
            return E_UNKNOWN;
        int64_t row = bson_iter_as_int64(&index);
        if (row < 0 || (size_t)row >= n)
            return E_UNKNOWN;
        rows[row].outcome = call_code_result((int)bson_iter_as_int64(&at), true);
    }
    return 0;
}

static int insert_batch(struct engine *e, const struct table *t, struct store_insert_row *rows,
                        size_t n)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t reply = BSON_INITIALIZER;
    bson_t docs;
    int done = 0;
    BSON_APPEND_UTF8(&command, "insert", t->c->name);
    BSON_APPEND_ARRAY_BEGIN(&command, "documents", &docs);
    for (size_t i = 0; done == 0 && i < n; i++) {
        char room[16];
        const char *name;
        bson_uint32_to_string((uint32_t)i, &name, room, sizeof(room));
        bson_t row;
        BSON_APPEND_DOCUMENT_BEGIN(&docs, name, &row);
        done = key_wrap(t, rows[i].doc, &row);
        bson_append_document_end(&docs, &row);
        rows[i].outcome = 0;
    }
    bson_append_array_end(&command, &docs);
    BSON_APPEND_BOOL(&command, "ordered", false);
    if (done == 0)
        done = call_write(e, &command, &reply);
    return done == 0 ? read_write_errors(&reply, rows, n) : done;
}

int mongo_insert(struct store_driver *d, const struct store_collection *c,
                 struct store_insert_row *rows, size_t n)
{
    struct engine *e = engine_of(d);
    const struct table *t;
    int done = table_of(e, c, &t);
    if (done < 0)
        return done;
    for (size_t i = 0, some; i < n; i += some) {
        some = rows_of_batch(&rows[i], n - i);
        done = insert_batch(e, t, &rows[i], some);
        if (done < 0 && some == n)
            return done;
        for (size_t j = i; done < 0 && j < i + some; j++)
            rows[j].outcome = done;
    }
    return 0;
}

/* --- get, replace, remove --------------------------------------------------------------------- */

int mongo_get(struct store_driver *d, const struct store_collection *c, const struct id *id,
              bson_t **ret)
{
    struct engine *e = engine_of(d);
    const struct table *t;
    CLEANUP(doc_destroyp) bson_t *stored = NULL;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    bson_t doc;
    int done = table_of(e, c, &t);
    if (done < 0)
        return done;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_INT32(&projection, ENGINE_DOC, 1);
    done = call_find_one(e, c->name, &filter, &projection, &stored);
    if (done != 0)
        return done;
    if (!key_unwrap(stored, &doc))
        return E_CORRUPT;
    *ret = bson_copy(&doc);
    return 0;
}

/* Nothing was matched: is there no such document, or one of another version? */
static int tell_why(struct engine *e, const struct store_collection *c, const struct id *id)
{
    CLEANUP(doc_destroyp) bson_t *doc = NULL;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_INT32(&projection, "version", 1);
    int done = call_find_one(e, c->name, &filter, &projection, &doc);
    return done == 0 ? STORE_CONFLICT : done;
}

int mongo_replace(struct store_driver *d, const struct store_collection *c, const struct id *id,
                  int64_t expected_version, const bson_t *doc)
{
    struct engine *e = engine_of(d);
    const struct table *t;
    int64_t matched = 0;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t whole = BSON_INITIALIZER;
    int done = table_of(e, c, &t);
    if (done < 0)
        return done;
    filter_version(&filter, id, expected_version);
    done = key_wrap(t, doc, &whole);
    struct change_one u = {.collection = c->name, .filter = &filter, .update = &whole};
    if (done == 0)
        done = call_update(e, &u, &matched);
    return done == 0 && matched == 0 ? tell_why(e, c, id) : done;
}

int mongo_remove(struct store_driver *d, const struct store_collection *c, const struct id *id,
                 int64_t expected_version)
{
    struct engine *e = engine_of(d);
    const struct table *t;
    int64_t matched = 0;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    int done = table_of(e, c, &t);
    if (done < 0)
        return done;
    filter_version(&filter, id, expected_version);
    done = call_delete(e, c->name, &filter, false, &matched);
    if (done != 0 || matched > 0)
        return done;
    return expected_version < 0 ? STORE_ABSENT : tell_why(e, c, id);
}
