/* One command on one client of the pool, and what its reply means. */
#include "store/mongo/engine.h"

#define LONG_MS (3600 * 1000) /* an index over a large collection */
#define READ_MS 10000         /* the server gives up a read after this */
#define CONCERN_MS 10000      /* and stops waiting for the majority after this */

/* --- failures --------------------------------------------------------------------------------- */

/* What a code of the server means for a write; a read that was interrupted is E_UNAVAILABLE. */
static const struct {
    int code, result;
} codes[] = {
    {11000, STORE_EXISTS},  /* DuplicateKey */
    {11001, STORE_EXISTS},  /* the same, of old */
    {10107, E_UNAVAILABLE}, /* NotWritablePrimary: refused before anything was done */
    {13435, E_UNAVAILABLE}, /* NotPrimaryNoSecondaryOk */
    {13436, E_UNAVAILABLE}, /* NotPrimaryOrSecondary */
    {10058, E_UNAVAILABLE}, /* NotPrimary, of old */
    {133, E_UNAVAILABLE},   /* FailedToSatisfyReadPreference */
    {134, E_UNAVAILABLE},   /* ReadConcernMajorityNotAvailableYet: of a set that just began */
    {6, E_UNKNOWN},         /* HostUnreachable, from a router */
    {7, E_UNKNOWN},         /* HostNotFound */
    {89, E_UNKNOWN},        /* NetworkTimeout */
    {9001, E_UNKNOWN},      /* SocketException */
    {91, E_UNKNOWN},        /* ShutdownInProgress */
    {189, E_UNKNOWN},       /* PrimarySteppedDown */
    {11600, E_UNKNOWN},     /* InterruptedAtShutdown */
    {11601, E_UNKNOWN},     /* Interrupted */
    {11602, E_UNKNOWN},     /* InterruptedDueToReplStateChange */
    {50, E_UNKNOWN},        /* MaxTimeMSExpired */
    {262, E_UNKNOWN},       /* ExceededTimeLimit */
    {64, E_UNKNOWN},        /* WriteConcernFailed */
    {112, E_BUSY},          /* WriteConflict */
    {24, E_BUSY},           /* LockTimeout */
    {13, E_REFUSED},        /* Unauthorized */
    {18, E_REFUSED},        /* AuthenticationFailed */
    {8000, E_REFUSED},      /* AtlasError, of accounts */
    {14031, E_FULL},        /* OutOfDiskSpace */
    {10334, E_FULL},        /* BSONObjectTooLarge */
    {17280, E_FULL},        /* KeyTooLong, of old */
};

int call_code_result(int code, bool write)
{
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (codes[i].code != code)
            continue;
        bool stopped = codes[i].result == E_UNKNOWN && !write;
        return stopped ? E_UNAVAILABLE : codes[i].result;
    }
    return E_IO;
}

/* mongoc found no server, or none that it may talk to: nothing was sent. */
static bool not_sent(const bson_error_t *error)
{
    switch (error->domain) {
    case MONGOC_ERROR_SERVER_SELECTION:
        return true;
    case MONGOC_ERROR_STREAM:
        return error->code == MONGOC_ERROR_STREAM_CONNECT ||
               error->code == MONGOC_ERROR_STREAM_NAME_RESOLUTION ||
               error->code == MONGOC_ERROR_STREAM_NOT_ESTABLISHED;
    default:
        return false;
    }
}

static int failure_of(const bson_error_t *error, bool write)
{
    if (not_sent(error))
        return E_UNAVAILABLE;
    switch (error->domain) {
    case MONGOC_ERROR_SERVER:
        return call_code_result((int)error->code, write);
    case MONGOC_ERROR_WRITE_CONCERN:
        return E_UNKNOWN;
    case MONGOC_ERROR_CLIENT:
        return error->code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? E_REFUSED : E_UNAVAILABLE;
    case MONGOC_ERROR_BSON:
    case MONGOC_ERROR_COMMAND:
        return E_INVALID;
    default: /* the connection broke, or what came was no reply */
        return write ? E_UNKNOWN : E_UNAVAILABLE;
    }
}

/* --- running ---------------------------------------------------------------------------------- */

static void add_write_concern(bson_t *command, enum mongo_write_concern w)
{
    bson_t concern;
    BSON_APPEND_DOCUMENT_BEGIN(command, "writeConcern", &concern);
    if (w == MONGO_WRITE_MAJORITY_JOURNAL || w == MONGO_WRITE_MAJORITY)
        BSON_APPEND_UTF8(&concern, "w", "majority");
    else
        BSON_APPEND_INT32(&concern, "w", 1);
    if (w == MONGO_WRITE_MAJORITY_JOURNAL || w == MONGO_WRITE_ONE_JOURNAL)
        BSON_APPEND_BOOL(&concern, "j", true);
    BSON_APPEND_INT32(&concern, "wtimeout", CONCERN_MS);
    bson_append_document_end(command, &concern);
}

static int run(struct engine *e, mongoc_client_t *k, const bson_t *command, bool write,
               bson_t *reply)
{
    bson_error_t error = {0};
    bson_destroy(reply);
    bool ok = mongoc_client_command_simple(k, e->database, command, e->primary, reply, &error);
    atomic_store(&e->away, !ok && (not_sent(&error) || error.domain == MONGOC_ERROR_STREAM));
    if (!ok)
        return failure_of(&error, write);
    return write && bson_has_field(reply, "writeConcernError") ? E_UNKNOWN : 0;
}

static bool gone(const struct engine *e)
{
    return atomic_load(&e->winding_down) && atomic_load(&e->away);
}

static int call(struct engine *e, const bson_t *command, bool write, bson_t *reply)
{
    bson_init(reply);
    mongoc_client_t *k = gone(e) ? NULL : mongoc_client_pool_pop(e->pool);
    if (!k)
        return gone(e) ? E_UNAVAILABLE : E_BUSY;
    /* one that waited for a client has waited enough */
    int done = gone(e) ? E_UNAVAILABLE : run(e, k, command, write, reply);
    mongoc_client_pool_push(e->pool, k);
    return done;
}

int call_read(struct engine *e, const bson_t *command, bson_t *reply)
{
    return call(e, command, false, reply);
}

int call_write(struct engine *e, bson_t *command, bson_t *reply)
{
    add_write_concern(command, e->write_concern);
    return call(e, command, true, reply);
}

static int open_patient(struct engine *e)
{
    bson_error_t error;
    mongoc_uri_t *uri = mongoc_uri_copy(e->uri);
    mongoc_uri_set_option_as_int32(uri, MONGOC_URI_SOCKETTIMEOUTMS, LONG_MS);
    e->patient = mongoc_client_new_from_uri_with_error(uri, &error);
    mongoc_uri_destroy(uri);
    if (!e->patient)
        return E_CONFIG;
    mongoc_client_set_error_api(e->patient, MONGOC_ERROR_API_VERSION_2);
    return 0;
}

int call_long(struct engine *e, bson_t *command)
{
    CLEANUP(bson_destroy) bson_t reply = BSON_INITIALIZER;
    int done = e->patient ? 0 : open_patient(e);
    if (done < 0)
        return done;
    add_write_concern(command, e->write_concern);
    return run(e, e->patient, command, true, &reply);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Of a command with one row: its writeError, or 0 and how many it matched. */
static int one_row(const bson_t *reply, int64_t *ret_matched)
{
    bson_iter_t it, at;
    if (bson_iter_init(&it, reply) && bson_iter_find_descendant(&it, "writeErrors.0.code", &at))
        return call_code_result((int)bson_iter_as_int64(&at), true);
    *ret_matched = bson_iter_init_find(&it, reply, "n") ? bson_iter_as_int64(&it) : 0;
    return 0;
}

static int run_row(struct engine *e, bson_t *command, int64_t *ret_matched)
{
    CLEANUP(bson_destroy) bson_t reply;
    int done = call_write(e, command, &reply);
    return done == 0 ? one_row(&reply, ret_matched) : done;
}

int call_insert(struct engine *e, const char *collection, const bson_t *doc)
{
    int64_t matched;
    bson_t rows;
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "insert", collection);
    BSON_APPEND_ARRAY_BEGIN(&command, "documents", &rows);
    BSON_APPEND_DOCUMENT(&rows, "0", doc);
    bson_append_array_end(&command, &rows);
    return run_row(e, &command, &matched);
}

int call_update(struct engine *e, const struct change_one *u, int64_t *ret_matched)
{
    bson_t rows, row;
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "update", u->collection);
    BSON_APPEND_ARRAY_BEGIN(&command, "updates", &rows);
    BSON_APPEND_DOCUMENT_BEGIN(&rows, "0", &row);
    BSON_APPEND_DOCUMENT(&row, "q", u->filter);
    BSON_APPEND_DOCUMENT(&row, "u", u->update);
    BSON_APPEND_BOOL(&row, "multi", u->many);
    BSON_APPEND_BOOL(&row, "upsert", u->upsert);
    bson_append_document_end(&rows, &row);
    bson_append_array_end(&command, &rows);
    return run_row(e, &command, ret_matched);
}

int call_delete(struct engine *e, const char *collection, const bson_t *filter, bool many,
                int64_t *ret_matched)
{
    bson_t rows, row;
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "delete", collection);
    BSON_APPEND_ARRAY_BEGIN(&command, "deletes", &rows);
    BSON_APPEND_DOCUMENT_BEGIN(&rows, "0", &row);
    BSON_APPEND_DOCUMENT(&row, "q", filter);
    BSON_APPEND_INT32(&row, "limit", many ? 0 : 1);
    bson_append_document_end(&rows, &row);
    bson_append_array_end(&command, &rows);
    return run_row(e, &command, ret_matched);
}

/* --- reading ---------------------------------------------------------------------------------- */

int call_find(struct engine *e, const struct find *f, bson_t *reply, bson_iter_t *ret_rows)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "find", f->collection);
    if (f->filter)
        BSON_APPEND_DOCUMENT(&command, "filter", f->filter);
    if (f->sort)
        BSON_APPEND_DOCUMENT(&command, "sort", f->sort);
    if (f->projection)
        BSON_APPEND_DOCUMENT(&command, "projection", f->projection);
    if (f->hint)
        BSON_APPEND_UTF8(&command, "hint", f->hint);
    BSON_APPEND_INT64(&command, "limit", f->limit);
    BSON_APPEND_INT64(&command, "batchSize", f->limit); /* else the one batch ends at 101 rows */
    BSON_APPEND_BOOL(&command, "singleBatch", true);
    call_read_options(e, &command);
    int done = call_read(e, &command, reply);
    bson_iter_t it, batch;
    if (done < 0)
        return done;
    if (!bson_iter_init(&it, reply) ||
        !bson_iter_find_descendant(&it, "cursor.firstBatch", &batch) ||
        !BSON_ITER_HOLDS_ARRAY(&batch) || !bson_iter_recurse(&batch, ret_rows))
        return E_CORRUPT;
    return 0;
}

void call_read_options(const struct engine *e, bson_t *command)
{
    BSON_APPEND_INT32(command, "maxTimeMS", READ_MS);
    if (!e->read_majority)
        return;
    bson_t concern;
    BSON_APPEND_DOCUMENT_BEGIN(command, "readConcern", &concern);
    BSON_APPEND_UTF8(&concern, "level", "majority");
    bson_append_document_end(command, &concern);
}

bool call_row(const bson_iter_t *row, bson_t *ret)
{
    uint32_t n = 0;
    const uint8_t *bytes = NULL;
    if (!BSON_ITER_HOLDS_DOCUMENT(row))
        return false;
    bson_iter_document(row, &n, &bytes);
    return bson_init_static(ret, bytes, n);
}

int call_find_one(struct engine *e, const char *collection, const bson_t *filter,
                  const bson_t *projection, bson_t **ret)
{
    struct find f = {
        .collection = collection, .filter = filter, .projection = projection, .limit = 1};
    CLEANUP(bson_destroy) bson_t reply;
    bson_iter_t rows;
    bson_t row;
    int done = call_find(e, &f, &reply, &rows);
    if (done < 0)
        return done;
    if (!bson_iter_next(&rows))
        return STORE_ABSENT;
    if (!call_row(&rows, &row))
        return E_CORRUPT;
    *ret = bson_copy(&row);
    return 0;
}
