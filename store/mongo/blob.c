/* Finished blobs in GridFS's layout, and reading whatever stage a blob is in. */
#include <string.h>

#include "base/crypto/sha256.h"
#include "store/mongo/engine.h"

#define CHUNKS_AT_ONCE 32 /* of 256 KiB: a reply is 16 MiB at most */

void gridfs_filter_id(bson_t *out, const char *key, const struct id *id)
{
    BSON_APPEND_BINARY(out, key, BSON_SUBTYPE_UUID, id->bytes, sizeof(id->bytes));
}

/* --- fs.files --------------------------------------------------------------------------------- */

static bool read_hash(const bson_t *doc, uint8_t out[SHA256_SIZE])
{
    bson_iter_t it, at;
    uint32_t n = 0;
    const uint8_t *bytes = NULL;
    if (!bson_iter_init(&it, doc) || !bson_iter_find_descendant(&it, "metadata.sha256", &at) ||
        !BSON_ITER_HOLDS_BINARY(&at))
        return false;
    bson_iter_binary(&at, NULL, &n, &bytes);
    if (n == SHA256_SIZE)
        memcpy(out, bytes, n);
    return n == SHA256_SIZE;
}

int gridfs_file(struct engine *e, const struct id *id, struct store_blob_info *ret,
                int64_t *ret_chunk)
{
    CLEANUP(doc_destroyp) bson_t *doc = NULL;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    bson_iter_t it;
    gridfs_filter_id(&filter, "_id", id);
    int done = call_find_one(e, ENGINE_FILES, &filter, NULL, &doc);
    if (done != 0)
        return done;
    *ret = (struct store_blob_info){.finished = true};
    if (!bson_iter_init_find(&it, doc, "length"))
        return E_CORRUPT;
    ret->size = bson_iter_as_int64(&it);
    if (!bson_iter_init_find(&it, doc, "chunkSize"))
        return E_CORRUPT;
    *ret_chunk = bson_iter_as_int64(&it);
    return *ret_chunk > 0 && ret->size >= 0 && read_hash(doc, ret->sha256) ? 0 : E_CORRUPT;
}

/* --- fs.chunks -------------------------------------------------------------------------------- */

static int read_chunks(struct engine *e, const struct span *s, int64_t first, int64_t last,
                       bson_t *reply, bson_iter_t *ret_rows)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t sort = BSON_INITIALIZER;
    bson_t range;
    gridfs_filter_id(&filter, "files_id", s->id);
    BSON_APPEND_DOCUMENT_BEGIN(&filter, "n", &range);
    BSON_APPEND_INT32(&range, "$gte", (int32_t)first);
    BSON_APPEND_INT32(&range, "$lte", (int32_t)last);
    bson_append_document_end(&filter, &range);
    BSON_APPEND_INT32(&sort, "n", 1);
    struct find f = {
        .collection = ENGINE_CHUNKS, .filter = &filter, .sort = &sort, .limit = last - first + 1};
    return call_find(e, &f, reply, ret_rows);
}

/* Hands out what the span wants of the chunk `n`. */
static int take_chunk(const struct span *s, const bson_iter_t *row, int64_t n)
{
    bson_t chunk;
    bson_iter_t it;
    uint32_t length = 0;
    const uint8_t *bytes = NULL;
    if (!call_row(row, &chunk) || !bson_iter_init_find(&it, &chunk, "n") ||
        bson_iter_as_int64(&it) != n || !bson_iter_init_find(&it, &chunk, "data") ||
        !BSON_ITER_HOLDS_BINARY(&it))
        return E_CORRUPT;
    bson_iter_binary(&it, NULL, &length, &bytes);
    int64_t start = n * s->chunk;
    int64_t from = s->offset > start ? s->offset - start : 0;
    int64_t to = s->end - start < s->chunk ? s->end - start : s->chunk;
    if (to > (int64_t)length)
        return E_CORRUPT;
    s->fn(bytes + from, (size_t)(to - from), s->ctx);
    return 0;
}

int gridfs_span(struct engine *e, const struct span *s)
{
    if (s->offset >= s->end)
        return 0;
    int64_t n = s->offset / s->chunk, last = (s->end - 1) / s->chunk;
    while (n <= last) {
        CLEANUP(bson_destroy) bson_t reply;
        bson_iter_t rows;
        int64_t before = n, to = n + CHUNKS_AT_ONCE - 1;
        int done = read_chunks(e, s, n, to < last ? to : last, &reply, &rows);
        for (; done == 0 && bson_iter_next(&rows); n++)
            done = take_chunk(s, &rows, n);
        if (done < 0)
            return done;
        if (n == before)
            return E_CORRUPT; /* it is not there */
    }
    return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct copying {
    uint8_t *out;
    size_t n;
};

static void copy_bytes(const uint8_t *bytes, size_t n, void *ctx)
{
    struct copying *c = ctx;
    memcpy(c->out + c->n, bytes, n);
    c->n += n;
}

/* The part of [offset, offset + n) that lies in what is `size` bytes long. */
static int64_t end_of(int64_t offset, size_t n, int64_t size)
{
    int64_t end = n > INT64_MAX / 2 ? INT64_MAX / 2 : (int64_t)n;
    return offset >= size || size - offset < end ? size : offset + end;
}

static int read_file(struct engine *e, const struct id *id, int64_t offset, size_t n,
                     struct copying *c)
{
    struct store_blob_info info;
    struct span s = {.id = id, .offset = offset, .fn = copy_bytes, .ctx = c};
    int done = gridfs_file(e, id, &info, &s.chunk);
    if (done != 0)
        return done;
    s.end = end_of(offset, n, info.size);
    return gridfs_span(e, &s);
}

static int read_upload(struct engine *e, const struct id *id, int64_t offset, size_t n,
                       struct copying *c)
{
    CLEANUP(upload_release) struct upload u;
    int done = upload_read(e, id, &u);
    if (done == 0)
        done = u.state == UPLOAD_REMOVED ? STORE_ABSENT : upload_settle(e, id, &u);
    if (done != 0)
        return done;
    int64_t end = end_of(offset, n, u.size), whole = u.size - (int64_t)u.n_tail;
    struct span s = {.id = id,
                     .chunk = ENGINE_CHUNK,
                     .offset = offset,
                     .end = end < whole ? end : whole,
                     .fn = copy_bytes,
                     .ctx = c};
    done = gridfs_span(e, &s);
    int64_t from = offset > whole ? offset : whole;
    if (done == 0 && from < end)
        copy_bytes(u.tail + (from - whole), (size_t)(end - from), c);
    return done;
}

/* A blob is finished by a row of fs.files, and then its upload goes: who saw neither looks again.
 */
int mongo_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                    size_t n, size_t *ret_n)
{
    struct engine *e = engine_of(d);
    if (offset < 0)
        return E_INVALID;
    struct copying c = {.out = out};
    int done = read_file(e, id, offset, n, &c);
    if (done == STORE_ABSENT)
        done = read_upload(e, id, offset, n, &c);
    if (done == STORE_ABSENT)
        done = read_file(e, id, offset, n, &c);
    struct store_blob_info info;
    if (done == E_CORRUPT && mongo_blob_stat(d, id, &info) == STORE_ABSENT)
        done = STORE_ABSENT; /* it was removed meanwhile */
    *ret_n = done == 0 ? c.n : 0;
    return done;
}

static int stat_upload(struct engine *e, const struct id *id, struct store_blob_info *ret)
{
    CLEANUP(upload_release) struct upload u;
    int done = upload_read(e, id, &u);
    if (done == 0 && u.state == UPLOAD_REMOVED)
        done = STORE_ABSENT;
    if (done == 0)
        *ret = (struct store_blob_info){.size = u.size};
    return done;
}

int mongo_blob_stat(struct store_driver *d, const struct id *id, struct store_blob_info *ret)
{
    struct engine *e = engine_of(d);
    int64_t chunk;
    int done = gridfs_file(e, id, ret, &chunk);
    if (done == STORE_ABSENT)
        done = stat_upload(e, id, ret);
    return done == STORE_ABSENT ? gridfs_file(e, id, ret, &chunk) : done;
}

/* --- listing ---------------------------------------------------------------------------------- */

/* The ids of one collection behind `after`, in order, of those that the filter keeps. */
static int list_ids(struct engine *e, const char *collection, bson_t *filter,
                    const struct id *after, size_t max, bson_t *reply, bson_iter_t *ret_rows)
{
    CLEANUP(bson_destroy) bson_t sort = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    struct order by_id = {.type = STORE_ID};
    if (after)
        filter_ids_behind(filter, &by_id, after);
    filter_sort(&sort, &by_id);
    BSON_APPEND_INT32(&projection, "_id", 1);
    struct find f = {.collection = collection,
                     .filter = filter,
                     .sort = &sort,
                     .projection = &projection,
                     .limit = (int64_t)max};
    return call_find(e, &f, reply, ret_rows);
}

/* 1 and the id, 0 at the end. */
static int next_id(bson_iter_t *rows, struct id *ret)
{
    bson_t row;
    bson_iter_t it;
    if (!bson_iter_next(rows))
        return 0;
    if (!call_row(rows, &row) || !bson_iter_init_find(&it, &row, "_id"))
        return E_CORRUPT;
    struct store_value v = key_value(&it, STORE_ID);
    *ret = v.id;
    return v.type ? 1 : E_CORRUPT;
}

static int merge_ids(bson_iter_t *const rows[2], struct id *ret_ids, size_t max, size_t *ret_n)
{
    struct id ids[2];
    int live[2];
    for (int i = 0; i < 2; i++)
        live[i] = next_id(rows[i], &ids[i]);
    while (*ret_n < max && live[0] >= 0 && live[1] >= 0 && (live[0] || live[1])) {
        int order = !live[0] ? 1 : !live[1] ? -1 : id_compare(&ids[0], &ids[1]);
        ret_ids[(*ret_n)++] = ids[order > 0];
        for (int i = 0; i < 2; i++) {
            if (order == 0 || i == (order > 0))
                live[i] = next_id(rows[i], &ids[i]);
        }
    }
    return live[0] < 0 ? live[0] : live[1] < 0 ? live[1] : 0;
}

int mongo_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                    size_t *ret_n)
{
    struct engine *e = engine_of(d);
    CLEANUP(bson_destroy) bson_t files = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t uploads = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t file_reply = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t upload_reply = BSON_INITIALIZER;
    bson_iter_t upload_rows, file_rows;
    bson_iter_t *const rows[] = {&upload_rows, &file_rows};
    bson_t below;
    *ret_n = 0;
    if (max == 0)
        return 0;
    BSON_APPEND_DOCUMENT_BEGIN(&uploads, "state", &below);
    BSON_APPEND_INT32(&below, "$lt", UPLOAD_REMOVED);
    bson_append_document_end(&uploads, &below);
    /* Uploads first: one that is finished in between is then among the files. */
    int done = list_ids(e, ENGINE_UPLOADS, &uploads, after, max, &upload_reply, &upload_rows);
    if (done == 0)
        done = list_ids(e, ENGINE_FILES, &files, after, max, &file_reply, &file_rows);
    return done == 0 ? merge_ids(rows, ret_ids, max, ret_n) : done;
}
