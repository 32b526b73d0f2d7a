/*
 * Removal, and what programs that ended in the middle left behind. A removed blob leaves a row of
 * tram.uploads in the state REMOVED for an hour: whoever was about to finish it at that moment sees
 * that, and takes back what it made. The row goes with the removals that come after, or at a start.
 */
#include "base/clock.h"
#include "store/mongo/engine.h"

#define REMOVED_MS (INT64_C(3600) * 1000)    /* a removed blob's row stays so long */
#define TOKEN_MS (INT64_C(24) * 3600 * 1000) /* an append's chunks are left alone so long */
#define EPOCH_MS INT64_C(1735689600000)      /* 2025-01-01: no append is older */
#define PURGED_AT_ONCE 100

int gridfs_drop_chunks(struct engine *e, const struct id *id)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    int64_t gone;
    gridfs_filter_id(&filter, "files_id", id);
    return call_delete(e, ENGINE_CHUNKS, &filter, true, &gone);
}

static int drop_file(struct engine *e, const struct id *id)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    int64_t gone;
    gridfs_filter_id(&filter, "_id", id);
    return call_delete(e, ENGINE_FILES, &filter, false, &gone);
}

/* --- removal ---------------------------------------------------------------------------------- */

static int mark_removed(struct engine *e, const struct id *id)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    bson_t set;
    int64_t matched;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_INT32(&set, "state", UPLOAD_REMOVED);
    BSON_APPEND_DATE_TIME(&set, "removed", clock_now_ms());
    bson_append_document_end(&update, &set);
    struct change_one c = {
        .collection = ENGINE_UPLOADS, .filter = &filter, .update = &update, .upsert = true};
    int done = call_update(e, &c, &matched);
    if (done == STORE_EXISTS) /* two at once */
        done = call_update(e, &c, &matched);
    return done;
}

/* Everything but the row, which says REMOVED: nothing is added any more. */
static int drop_all(struct engine *e, const struct id *id)
{
    CLEANUP(upload_release) struct upload u;
    int done = upload_read(e, id, &u);
    if (done == 0 && u.state == UPLOAD_REMOVED)
        done = drop_file(e, id);
    if (done == 0 && u.state == UPLOAD_REMOVED)
        done = upload_settle(e, id, &u);
    if (done == 0 && u.state == UPLOAD_REMOVED)
        done = gridfs_drop_chunks(e, id);
    return done < 0 ? done : 0;
}

/* What there is of a blob: 0 or STORE_ABSENT. */
static int find_any(struct engine *e, const struct id *id, struct upload *u)
{
    struct store_blob_info info;
    int64_t chunk;
    int upload = upload_read(e, id, u);
    if (upload < 0 || (upload == 0 && u->state != UPLOAD_REMOVED))
        return upload;
    int file = gridfs_file(e, id, &info, &chunk);
    return file == E_CORRUPT ? 0 : file;
}

int mongo_blob_remove(struct store_driver *d, const struct id *id)
{
    struct engine *e = engine_of(d);
    CLEANUP(upload_release) struct upload u = {0};
    int done = find_any(e, id, &u);
    if (done != 0)
        return done;
    done = mark_removed(e, id);
    if (done != 0)
        return done;
    done = drop_all(e, id);
    if (done == 0)
        gridfs_purge(e, 2); /* what fails is left for the next */
    return done < 0 ? E_UNKNOWN : 0;
}

/* --- purging ---------------------------------------------------------------------------------- */

static bool id_of_row(const bson_iter_t *row, const char *key, struct id *ret)
{
    bson_t doc;
    bson_iter_t it;
    if (!call_row(row, &doc) || !bson_iter_init_find(&it, &doc, key))
        return false;
    struct store_value v = key_value(&it, STORE_ID);
    *ret = v.id;
    return v.type != 0;
}

/* The row as it was, unless it was made again meanwhile. */
static int purge_one(struct engine *e, const struct id *id, int64_t before_ms)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    bson_t bound;
    int64_t gone;
    int done = drop_all(e, id);
    if (done != 0)
        return done;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_INT32(&filter, "state", UPLOAD_REMOVED);
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "removed", &bound);
    BSON_APPEND_DATE_TIME(&bound, "$lt", before_ms);
    bson_append_document_end(&filter, &bound);
    return call_delete(e, ENGINE_UPLOADS, &filter, false, &gone);
}

int gridfs_purge(struct engine *e, int64_t most)
{
    int64_t before_ms = clock_now_ms() - REMOVED_MS;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t reply = BSON_INITIALIZER;
    bson_t bound;
    bson_iter_t rows;
    BSON_APPEND_INT32(&filter, "state", UPLOAD_REMOVED);
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "removed", &bound);
    BSON_APPEND_DATE_TIME(&bound, "$lt", before_ms);
    bson_append_document_end(&filter, &bound);
    BSON_APPEND_INT32(&projection, "_id", 1);
    struct find f = {
        .collection = ENGINE_UPLOADS, .filter = &filter, .projection = &projection, .limit = most};
    int done = call_find(e, &f, &reply, &rows);
    int n = 0;
    struct id id;
    for (; done == 0 && bson_iter_next(&rows); n++)
        done = id_of_row(&rows, "_id", &id) ? purge_one(e, &id, before_ms) : E_CORRUPT;
    return done < 0 ? done : n;
}

/* --- chunks of appends that never came to their row --------------------------------------------
 */

static struct id bound_of_ms(int64_t ms)
{
    struct id id = {{0}};
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)((uint64_t)ms >> (40 - 8 * i));
    return id;
}

/* The first files_id of a chunk in (from, to): 1, 0 if there is none. */
static int next_token(struct engine *e, const struct id *from, const struct id *to, struct id *ret)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t sort = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t reply = BSON_INITIALIZER;
    bson_t range;
    bson_iter_t rows;
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "files_id", &range);
    gridfs_filter_id(&range, "$gt", from);
    gridfs_filter_id(&range, "$lt", to);
    bson_append_document_end(&filter, &range);
    BSON_APPEND_INT32(&sort, "files_id", 1);
    BSON_APPEND_INT32(&projection, "files_id", 1);
    struct find f = {.collection = ENGINE_CHUNKS,
                     .filter = &filter,
                     .sort = &sort,
                     .projection = &projection,
                     .limit = 1};
    int done = call_find(e, &f, &reply, &rows);
    if (done < 0 || !bson_iter_next(&rows))
        return done;
    return id_of_row(&rows, "files_id", ret) ? 1 : E_CORRUPT;
}

/* 1: an upload waits for these chunks. */
static int is_pending(struct engine *e, const struct id *token)
{
    CLEANUP(doc_destroyp) bson_t *doc = NULL;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    gridfs_filter_id(&filter, "at.pending", token);
    int done = call_find_one(e, ENGINE_UPLOADS, &filter, NULL, &doc);
    return done < 0 ? done : done == 0;
}

/* Appends' ids are UUIDv7 and blobs' are not; few blobs' lie among them. */
static int sweep_tokens(struct engine *e)
{
    struct id at = bound_of_ms(EPOCH_MS), to = bound_of_ms(clock_now_ms() - TOKEN_MS);
    int found;
    while ((found = next_token(e, &at, &to, &at)) == 1) {
        if (at.bytes[6] >> 4 != 7)
            continue;
        int done = is_pending(e, &at);
        if (done == 0)
            done = gridfs_drop_chunks(e, &at);
        if (done < 0)
            return done;
    }
    return found;
}

/* --- at the start ----------------------------------------------------------------------------- */

static const struct {
    const char *collection, *name, *fields[2];
    bool unique;
} indexes[] = {
    {ENGINE_CHUNKS, "files_id_1_n_1", {"files_id", "n"}, true}, /* as GridFS has it */
    {ENGINE_FILES, "filename_1_uploadDate_1", {"filename", "uploadDate"}, false},
    {ENGINE_UPLOADS, "removed", {"state", "removed"}, false},
    {ENGINE_UPLOADS, "pending", {"at.pending"}, false},
};

static int make_indexes(struct engine *e)
{
    int done = 0;
    for (size_t i = 0; done == 0 && i < ARRAY_LEN(indexes); i++) {
        CLEANUP(bson_destroy) bson_t keys = BSON_INITIALIZER;
        for (size_t f = 0; f < 2 && indexes[i].fields[f]; f++)
            BSON_APPEND_INT32(&keys, indexes[i].fields[f], 1);
        done =
            meta_create_index(e, indexes[i].collection, indexes[i].name, &keys, indexes[i].unique);
    }
    return done;
}

int gridfs_prepare(struct engine *e)
{
    int done = make_indexes(e);
    int purged = PURGED_AT_ONCE;
    while (done == 0 && purged == PURGED_AT_ONCE) {
        purged = gridfs_purge(e, PURGED_AT_ONCE);
        done = purged < 0 ? purged : 0;
    }
    return done == 0 ? sweep_tokens(e) : done;
}
