/* The URL, the pool of clients, and the driver's table. */
#include <stdlib.h>
#include <string.h>

#include "store/mongo/engine.h"

#define DATABASE "tram"
#define DATABASE_MAX 63 /* bytes of a database's name */

static void silent(mongoc_log_level_t level, const char *domain, const char *message, void *ctx)
{
    (void)level, (void)domain, (void)message, (void)ctx;
}

static void start_mongoc(void)
{
    mongoc_log_set_handler(silent, NULL);
    mongoc_init();
}

/* --- closing ---------------------------------------------------------------------------------- */

static void close_patient(struct engine *e)
{
    if (e->patient)
        mongoc_client_destroy(e->patient);
    e->patient = NULL;
}

static void engine_close(struct store_driver *d)
{
    struct engine *e = engine_of(d);
    close_patient(e);
    if (e->pool)
        mongoc_client_pool_destroy(e->pool);
    if (e->uri)
        mongoc_uri_destroy(e->uri);
    if (e->primary)
        mongoc_read_prefs_destroy(e->primary);
    for (size_t i = 0; e->tables && i < e->n_tables; i++)
        table_drop(&e->tables[i]);
    pthread_mutex_destroy(&e->bumps.lock);
    pthread_cond_destroy(&e->bumps.ended);
    free(e->tables);
    free(e->database);
    free(e);
}

static void close_engine(struct engine *e)
{
    engine_close(&e->driver);
}
CLEANUP_PTR(struct engine, close_engine)

static int engine_ping(struct store_driver *d)
{
    return meta_watch(engine_of(d));
}

static void engine_wind_down(struct store_driver *d)
{
    atomic_store(&engine_of(d)->winding_down, true);
}

static const struct store_driver_ops ops = {
    .name = "mongo",
    .close = engine_close,
    .ping = engine_ping,
    .wind_down = engine_wind_down,
    .insert = mongo_insert,
    .get = mongo_get,
    .replace = mongo_replace,
    .remove = mongo_remove,
    .begin = mongo_begin,
    .end = mongo_end,
    .scan = mongo_scan,
    .next = mongo_next,
    .tally = mongo_tally,
    .bump = mongo_bump,
    .counters = mongo_counters,
    .blob_create = mongo_blob_create,
    .blob_append = mongo_blob_append,
    .blob_finish = mongo_blob_finish,
    .blob_stat = mongo_blob_stat,
    .blob_read = mongo_blob_read,
    .blob_remove = mongo_blob_remove,
    .blob_list = mongo_blob_list,
};

/* --- opening ---------------------------------------------------------------------------------- */

/* Where the URL does not say. */
static const struct {
    const char *option;
    int32_t value;
} defaults[] = {
    {MONGOC_URI_MAXPOOLSIZE, 32},           {MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 5000},
    {MONGOC_URI_CONNECTTIMEOUTMS, 5000},    {MONGOC_URI_SOCKETTIMEOUTMS, 15000},
    {MONGOC_URI_WAITQUEUETIMEOUTMS, 10000},
};

static int refuse_url(const struct mongo_options *o, const char *why)
{
    if (o->ret_why)
        *o->ret_why = why;
    return E_CONFIG;
}

/* retryWrites would have mongoc repeat a write in a session, which not every server has; a write
 * that ended unknown is looked after above the driver. */
static int read_url(struct engine *e, const struct mongo_options *o)
{
    bson_error_t error;
    e->uri = mongoc_uri_new_with_error(o->url, &error);
    if (!e->uri)
        return refuse_url(o, "the store's URL is not mongodb://HOST/DATABASE?OPTIONS, with one "
                             "slash before the name and options that the driver knows");
    for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
        if (!mongoc_uri_has_option(e->uri, defaults[i].option))
            mongoc_uri_set_option_as_int32(e->uri, defaults[i].option, defaults[i].value);
    }
    mongoc_uri_set_option_as_bool(e->uri, MONGOC_URI_RETRYWRITES, false);
    const char *named = o->database ? o->database : mongoc_uri_get_database(e->uri);
    char name[DATABASE_MAX + 1];
    int n = snprintf(name, sizeof(name), "%s%s", named && *named ? named : DATABASE,
                     o->suffix ? o->suffix : "");
    if (n < 0 || (size_t)n >= sizeof(name))
        return refuse_url(o, "the name of the database in the store's URL is too long");
    if (strpbrk(name, "/\\. \"$*<>:|?"))
        return refuse_url(o, "the name of the database in the store's URL has a sign that none may "
                             "have");
    e->database = strdup(name);
    return e->database ? 0 : E_NOMEM;
}

static int open_pool(struct engine *e)
{
    bson_error_t error;
    e->primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
    e->pool = mongoc_client_pool_new_with_error(e->uri, &error);
    if (!e->pool)
        return E_CONFIG;
    mongoc_client_pool_set_error_api(e->pool, MONGOC_ERROR_API_VERSION_2);
    mongoc_client_pool_set_appname(e->pool, "tram");
    return 0;
}

static struct engine *engine_new(const struct mongo_options *o, size_t n)
{
    struct engine *e = calloc(1, sizeof(*e));
    if (!e)
        return NULL;
    e->driver = (struct store_driver){.ops = &ops, .exclusive = false};
    e->grace_ms = o->grace_ms > 0 ? o->grace_ms : META_GRACE_MS;
    pthread_mutex_init(&e->bumps.lock, NULL);
    pthread_cond_init(&e->bumps.ended, NULL);
    e->bumps.last = &e->bumps.first;
    e->tables = calloc(n ? n : 1, sizeof(*e->tables));
    e->n_tables = e->tables ? n : 0;
    return e;
}

int mongo_open(const struct mongo_options *o, const struct store_collection *const *collections,
               size_t n, struct store_driver **ret)
{
    static pthread_once_t started = PTHREAD_ONCE_INIT;
    pthread_once(&started, start_mongoc);
    CLEANUP(close_enginep) struct engine *e = engine_new(o, n);
    if (!e || !e->tables)
        return E_NOMEM;
    int done = 0;
    for (size_t i = 0; done == 0 && i < n; i++)
        done = table_make(&e->tables[i], collections[i]);
    if (done == 0)
        done = read_url(e, o);
    if (done == 0)
        done = open_pool(e);
    if (done == 0)
        done = meta_prepare(e, &o->progress);
    if (done == 0)
        done = gridfs_prepare(e);
    close_patient(e);
    if (done != 0)
        return done;
    *ret = &STEAL(e)->driver;
    return 0;
}

/* --- facts ------------------------------------------------------------------------------------ */

void mongo_facts(struct store_driver *d, struct mongo_facts *ret)
{
    const struct engine *e = engine_of(d);
    *ret = (struct mongo_facts){.write_concern = e->write_concern,
                                .read_majority = e->read_majority,
                                .database = e->database};
}

const char *mongo_write_concern_words(enum mongo_write_concern w)
{
    static const char *const words[] = {
        [MONGO_WRITE_MAJORITY_JOURNAL] = "a majority, journaled",
        [MONGO_WRITE_MAJORITY] = "a majority",
        [MONGO_WRITE_ONE_JOURNAL] = "one server, journaled",
        [MONGO_WRITE_ONE] = "one server",
    };
    return words[w];
}

int mongo_drop(struct store_driver *d)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_INT32(&command, "dropDatabase", 1);
    return call_long(engine_of(d), &command);
}
