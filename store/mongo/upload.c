/*
 * Blobs that grow. A row of tram.uploads {_id, state, at: {size, tail, pending}, made} says how far
 * one has come; its whole chunks lie in fs.chunks, the bytes behind the last of them in `tail`.
 * `at` is set as one value, since not every server shows a row whole while fields of it are being
 * set.
 *
 * An append writes its whole chunks under an id of its own (a UUIDv7), where nobody looks, and then
 * moves the row on by compare-and-swap of size and pending: only one of those who append at one
 * offset can win, and the others take their chunks away. `pending` is the winner's id; whoever
 * needs the chunks next gives them the blob's own id first, which may be done any number of times.
 * Chunks whose append never came so far are swept (blob_sweep.c).
 *
 * To finish, the row is set to CLOSING, from where on nobody appends; the last chunk and then the
 * row of fs.files are written, and the upload goes. Each step may be repeated by whoever comes
 * next.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/sha256.h"
#include "store/mongo/engine.h"

#define TRIES 64 /* to close an upload that others append to */

static const struct id nothing_pending;

/* --- the row ---------------------------------------------------------------------------------- */

void upload_release(struct upload *u)
{
    if (u->doc)
        bson_destroy(u->doc);
    u->doc = NULL;
}

static void read_at(const bson_iter_t *row, struct upload *ret)
{
    bson_iter_t it;
    uint32_t n = 0;
    if (!BSON_ITER_HOLDS_DOCUMENT(row) || !bson_iter_recurse(row, &it))
        return;
    while (bson_iter_next(&it)) {
        const char *key = bson_iter_key(&it);
        if (strcmp(key, "size") == 0)
            ret->size = bson_iter_as_int64(&it);
        else if (strcmp(key, "tail") == 0 && BSON_ITER_HOLDS_BINARY(&it))
            bson_iter_binary(&it, NULL, &n, &ret->tail);
        else if (strcmp(key, "pending") == 0)
            ret->pending = key_value(&it, STORE_ID).id;
    }
    ret->n_tail = n;
}

int upload_read(struct engine *e, const struct id *id, struct upload *ret)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    bson_iter_t it;
    *ret = (struct upload){0};
    gridfs_filter_id(&filter, "_id", id);
    int done = call_find_one(e, ENGINE_UPLOADS, &filter, NULL, &ret->doc);
    if (done != 0)
        return done;
    if (!bson_iter_init(&it, ret->doc))
        return E_CORRUPT;
    while (bson_iter_next(&it)) {
        if (strcmp(bson_iter_key(&it), "state") == 0)
            ret->state = (enum upload_state)bson_iter_as_int64(&it);
        else if (strcmp(bson_iter_key(&it), "at") == 0)
            read_at(&it, ret);
    }
    return (int64_t)ret->n_tail == ret->size % ENGINE_CHUNK ? 0 : E_CORRUPT;
}

int upload_settle(struct engine *e, const struct id *id, const struct upload *u)
{
    if (id_is_nil(&u->pending))
        return 0;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    bson_t set;
    int64_t moved;
    gridfs_filter_id(&filter, "files_id", &u->pending);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    gridfs_filter_id(&set, "files_id", id);
    bson_append_document_end(&update, &set);
    struct change_one c = {
        .collection = ENGINE_CHUNKS, .filter = &filter, .update = &update, .many = true};
    return call_update(e, &c, &moved);
}

/* The row as it was read: whoever changed it since changed one of these. */
static void filter_row(bson_t *out, const struct id *id, const struct upload *u)
{
    gridfs_filter_id(out, "_id", id);
    BSON_APPEND_INT32(out, "state", (int32_t)u->state);
    BSON_APPEND_INT64(out, "at.size", u->size);
    gridfs_filter_id(out, "at.pending", &u->pending);
}

static int swap_row(struct engine *e, const struct id *id, const struct upload *u,
                    const bson_t *set)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    int64_t matched = 0;
    filter_row(&filter, id, u);
    BSON_APPEND_DOCUMENT(&update, "$set", set);
    struct change_one c = {.collection = ENGINE_UPLOADS, .filter = &filter, .update = &update};
    int done = call_update(e, &c, &matched);
    return done == 0 && matched == 0 ? STORE_CONFLICT : done;
}

/* --- create ----------------------------------------------------------------------------------- */

static void append_at(bson_t *out, int64_t size, const uint8_t *tail, size_t n,
                      const struct id *pending)
{
    bson_t at;
    BSON_APPEND_DOCUMENT_BEGIN(out, "at", &at);
    BSON_APPEND_INT64(&at, "size", size);
    BSON_APPEND_BINARY(&at, "tail", BSON_SUBTYPE_BINARY, tail, (uint32_t)n);
    gridfs_filter_id(&at, "pending", pending);
    bson_append_document_end(out, &at);
}

static void new_row(bson_t *out, const struct id *id)
{
    gridfs_filter_id(out, "_id", id);
    BSON_APPEND_INT32(out, "state", UPLOAD_OPEN);
    append_at(out, 0, (const uint8_t *)"", 0, &nothing_pending);
    BSON_APPEND_DATE_TIME(out, "made", clock_now_ms());
}

/* An id that was removed within the last hour still has its row. */
static int make_again(struct engine *e, const struct id *id, const bson_t *row)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    int64_t matched = 0;
    int done = gridfs_drop_chunks(e, id);
    if (done < 0)
        return done;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_INT32(&filter, "state", UPLOAD_REMOVED);
    struct change_one c = {.collection = ENGINE_UPLOADS, .filter = &filter, .update = row};
    done = call_update(e, &c, &matched);
    return done == 0 && matched == 0 ? STORE_EXISTS : done;
}

/* A blob is finished before its upload goes: where the row could be made, the file tells. */
static int refuse_finished(struct engine *e, const struct id *id)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    struct upload made = {.state = UPLOAD_OPEN};
    struct store_blob_info info;
    int64_t chunk, gone;
    int done = gridfs_file(e, id, &info, &chunk);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    filter_row(&filter, id, &made);
    done = call_delete(e, ENGINE_UPLOADS, &filter, false, &gone);
    return done == 0 ? STORE_EXISTS : done;
}

int mongo_blob_create(struct store_driver *d, const struct id *id)
{
    struct engine *e = engine_of(d);
    CLEANUP(bson_destroy) bson_t row = BSON_INITIALIZER;
    new_row(&row, id);
    int done = call_insert(e, ENGINE_UPLOADS, &row);
    if (done == STORE_EXISTS)
        return make_again(e, id, &row);
    return done == 0 ? refuse_finished(e, id) : done;
}

/* --- append ----------------------------------------------------------------------------------- */

struct append {
    const uint8_t *bytes;
    size_t n;
    struct id token; /* under which the chunks are written */
    size_t chunks;   /* whole ones that the append makes */
};

/* The chunk of the i-th whole one: the old tail may be its beginning. */
static void append_chunk(bson_t *out, const struct upload *u, const struct append *a, size_t i,
                         uint8_t *room)
{
    bson_oid_t oid;
    bson_oid_init(&oid, NULL);
    size_t old = i == 0 ? u->n_tail : 0;
    size_t from = i == 0 ? 0 : i * ENGINE_CHUNK - u->n_tail;
    if (old > 0)
        memcpy(room, u->tail, old);
    memcpy(room + old, a->bytes + from, ENGINE_CHUNK - old);
    BSON_APPEND_OID(out, "_id", &oid);
    gridfs_filter_id(out, "files_id", &a->token);
    BSON_APPEND_INT32(out, "n", (int32_t)(u->size / ENGINE_CHUNK + (int64_t)i));
    BSON_APPEND_BINARY(out, "data", BSON_SUBTYPE_BINARY, room, ENGINE_CHUNK);
}

static int write_chunks(struct engine *e, const struct upload *u, const struct append *a)
{
    CLEANUP(freep) uint8_t *room = malloc(ENGINE_CHUNK);
    if (!room)
        return E_NOMEM;
    int done = 0;
    for (size_t i = 0; done == 0 && i < a->chunks;) {
        CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
        CLEANUP(bson_destroy) bson_t reply = BSON_INITIALIZER;
        bson_t rows, row;
        BSON_APPEND_UTF8(&command, "insert", ENGINE_CHUNKS);
        BSON_APPEND_ARRAY_BEGIN(&command, "documents", &rows);
        for (size_t end = i + ENGINE_BATCH_BYTES / ENGINE_CHUNK; i < a->chunks && i < end; i++) {
            char key_room[16];
            const char *key;
            bson_uint32_to_string((uint32_t)(i % (ENGINE_BATCH_BYTES / ENGINE_CHUNK)), &key,
                                  key_room, sizeof(key_room));
            BSON_APPEND_DOCUMENT_BEGIN(&rows, key, &row);
            append_chunk(&row, u, a, i, room);
            bson_append_document_end(&rows, &row);
        }
        bson_append_array_end(&command, &rows);
        done = call_write(e, &command, &reply);
        if (done == 0 && bson_has_field(&reply, "writeErrors"))
            done = E_IO;
    }
    return done;
}

static int move_row(struct engine *e, const struct id *id, const struct upload *u,
                    const struct append *a)
{
    CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
    CLEANUP(freep) uint8_t *tail = malloc(ENGINE_CHUNK);
    if (!tail)
        return E_NOMEM;
    size_t n = (u->n_tail + a->n) % ENGINE_CHUNK;
    size_t old = a->chunks == 0 ? u->n_tail : 0;
    if (old > 0)
        memcpy(tail, u->tail, old);
    memcpy(tail + old, a->bytes + a->n - (n - old), n - old);
    append_at(&set, u->size + (int64_t)a->n, tail, n, a->chunks > 0 ? &a->token : &nothing_pending);
    return swap_row(e, id, u, &set);
}

/* What stands in the way of an append to this row; 0: nothing. */
static int refusal(struct engine *e, const struct id *id, int found, const struct upload *u)
{
    struct store_blob_info info;
    int64_t chunk;
    if (found < 0)
        return found;
    if (found == 0 && u->state == UPLOAD_OPEN)
        return 0;
    if (found == 0 && u->state == UPLOAD_CLOSING)
        return E_INVALID;
    int done = gridfs_file(e, id, &info, &chunk);
    return done == 0 ? E_INVALID : done; /* finished; or absent */
}

static int do_append(struct engine *e, const struct id *id, const struct upload *u,
                     const void *bytes, size_t n)
{
    struct append a = {.bytes = bytes,
                       .n = n,
                       .token = id_v7(clock_now_ms()),
                       .chunks = (u->n_tail + n) / ENGINE_CHUNK};
    int done = upload_settle(e, id, u);
    if (done == 0)
        done = write_chunks(e, u, &a);
    if (done == E_UNKNOWN)
        done = E_UNAVAILABLE; /* the row does not name them: it did not happen */
    if (done == 0)
        done = move_row(e, id, u, &a);
    if (done != 0 && done != E_UNKNOWN && a.chunks > 0)
        gridfs_drop_chunks(e, &a.token); /* if not, the sweep does */
    return done;
}

int mongo_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                      const void *bytes, size_t n, int64_t *ret_size)
{
    struct engine *e = engine_of(d);
    CLEANUP(upload_release) struct upload u;
    int done = refusal(e, id, upload_read(e, id, &u), &u);
    if (done != 0)
        return done;
    *ret_size = u.size;
    if (offset != u.size)
        return STORE_CONFLICT;
    if (n == 0)
        return 0;
    done = do_append(e, id, &u, bytes, n);
    if (done == 0)
        *ret_size = offset + (int64_t)n;
    if (done != STORE_CONFLICT)
        return done;
    upload_release(&u); /* another was faster */
    done = refusal(e, id, upload_read(e, id, &u), &u);
    *ret_size = u.size;
    return done == 0 ? STORE_CONFLICT : done;
}

/* --- finish ----------------------------------------------------------------------------------- */

/* From here on nobody appends. 0, STORE_ABSENT, or a failure; *u is what is to be finished. */
static int close_row(struct engine *e, const struct id *id, struct upload *u)
{
    int done = STORE_CONFLICT;
    for (int i = 0; i < TRIES && done == STORE_CONFLICT; i++) {
        upload_release(u);
        done = upload_read(e, id, u);
        if (done == 0 && u->state == UPLOAD_REMOVED)
            done = STORE_ABSENT;
        if (done != 0 || u->state == UPLOAD_CLOSING)
            return done;
        CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
        BSON_APPEND_INT32(&set, "state", UPLOAD_CLOSING);
        done = swap_row(e, id, u, &set);
    }
    return done == STORE_CONFLICT ? E_BUSY : done;
}

static void hash_bytes(const uint8_t *bytes, size_t n, void *ctx)
{
    sha256_update(ctx, bytes, n);
}

static int hash_upload(struct engine *e, const struct id *id, const struct upload *u,
                       uint8_t out[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    struct span s = {.id = id,
                     .chunk = ENGINE_CHUNK,
                     .end = u->size - (int64_t)u->n_tail,
                     .fn = hash_bytes,
                     .ctx = &h};
    int done = gridfs_span(e, &s);
    sha256_update(&h, u->tail, u->n_tail);
    sha256_final(&h, out);
    return done;
}

static int write_last_chunk(struct engine *e, const struct id *id, const struct upload *u)
{
    if (u->n_tail == 0)
        return 0;
    CLEANUP(bson_destroy) bson_t row = BSON_INITIALIZER;
    bson_oid_t oid;
    bson_oid_init(&oid, NULL);
    BSON_APPEND_OID(&row, "_id", &oid);
    gridfs_filter_id(&row, "files_id", id);
    BSON_APPEND_INT32(&row, "n", (int32_t)(u->size / ENGINE_CHUNK));
    BSON_APPEND_BINARY(&row, "data", BSON_SUBTYPE_BINARY, u->tail, (uint32_t)u->n_tail);
    int done = call_insert(e, ENGINE_CHUNKS, &row);
    return done == STORE_EXISTS ? 0 : done; /* an earlier try's, with the same bytes */
}

static int write_file(struct engine *e, const struct id *id, const struct store_blob_info *info)
{
    CLEANUP(bson_destroy) bson_t row = BSON_INITIALIZER;
    bson_t metadata;
    char name[ID_TEXT];
    gridfs_filter_id(&row, "_id", id);
    BSON_APPEND_INT64(&row, "length", info->size);
    BSON_APPEND_INT32(&row, "chunkSize", ENGINE_CHUNK);
    BSON_APPEND_DATE_TIME(&row, "uploadDate", clock_now_ms());
    BSON_APPEND_UTF8(&row, "filename", id_format(id, name));
    BSON_APPEND_DOCUMENT_BEGIN(&row, "metadata", &metadata);
    BSON_APPEND_BINARY(&metadata, "sha256", BSON_SUBTYPE_BINARY, info->sha256, SHA256_SIZE);
    bson_append_document_end(&row, &metadata);
    int done = call_insert(e, ENGINE_FILES, &row);
    return done == STORE_EXISTS ? 0 : done;
}

/* The upload goes. If it was removed while it was being finished, so does what was made of it. */
static int end_row(struct engine *e, const struct id *id)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t file = BSON_INITIALIZER;
    CLEANUP(upload_release) struct upload u = {0};
    int64_t matched = 0;
    gridfs_filter_id(&filter, "_id", id);
    BSON_APPEND_INT32(&filter, "state", UPLOAD_CLOSING);
    int done = call_delete(e, ENGINE_UPLOADS, &filter, false, &matched);
    if (done != 0 || matched > 0)
        return done;
    done = upload_read(e, id, &u);
    if (done != 0 || u.state != UPLOAD_REMOVED)
        return done < 0 ? done : 0; /* another finished it too */
    gridfs_filter_id(&file, "_id", id);
    done = call_delete(e, ENGINE_FILES, &file, false, &matched);
    if (done == 0)
        done = gridfs_drop_chunks(e, id);
    return done == 0 ? STORE_ABSENT : done;
}

int mongo_blob_finish(struct store_driver *d, const struct id *id, struct store_blob_info *ret)
{
    struct engine *e = engine_of(d);
    CLEANUP(upload_release) struct upload u = {0};
    int64_t chunk;
    int done = gridfs_file(e, id, ret, &chunk);
    if (done != STORE_ABSENT)
        return done;
    done = close_row(e, id, &u);
    if (done == STORE_ABSENT)
        return gridfs_file(e, id, ret, &chunk); /* another has just finished it */
    *ret = (struct store_blob_info){.size = u.size};
    if (done == 0)
        done = upload_settle(e, id, &u);
    if (done == 0)
        done = hash_upload(e, id, &u, ret->sha256);
    if (done == 0)
        done = write_last_chunk(e, id, &u);
    if (done == 0)
        done = write_file(e, id, ret);
    ret->finished = done == 0;
    return done == 0 ? end_row(e, id) : done;
}
