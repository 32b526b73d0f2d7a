/* The engine as a whole: its folder, its lock, its threads, and the table of its verbs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite/engine.h"

#define READERS_PER_CORE 4
#define LOG_PAGES 16384
#define MERGE_PAGES 8192       /* at most, of words; some tenths of a second */
#define WRITER_CACHE_KIB 65536 /* it changes a page of each index for each document */

struct table *engine_table(struct engine *e, const struct store_collection *c)
{
    for (size_t i = 0; i < e->n_tables; i++) {
        if (e->tables[i].c == c)
            return &e->tables[i];
    }
    return NULL;
}

/* --- closing ---------------------------------------------------------------------------------- */

/* Words were written in many small pieces, each of which a search looks through: into few, as far
 * as little time goes. What fails is as it was. */
static void merge_words(struct engine *e)
{
    char sql[256];
    for (size_t i = 0; i < e->n_tables; i++) {
        const struct table *t = &e->tables[i];
        if (t->words < 0)
            continue;
        snprintf(sql, sizeof(sql),
                 "INSERT INTO w_%s(w_%s, rank) VALUES('usermerge', 2);"
                 "INSERT INTO w_%s(w_%s, rank) VALUES('merge', %d)",
                 t->c->name, t->c->name, t->c->name, t->c->name, MERGE_PAGES);
        connection_exec(e->writer.connection, sql);
    }
}

static void engine_close(struct store_driver *d)
{
    struct engine *e = engine_of(d);
    writer_stop(e);
    connection_close(e->writer.checkpoint_connection);
    pool_close(&e->readers);
    /* What a failed fsync left unknown stays in the log, for recovery to judge. */
    bool sound = e->writer.connection && !atomic_load(&e->poisoned);
    if (sound)
        merge_words(e);
    if (sound && atomic_load(&e->rewrite))
        connection_exec(e->writer.connection, "VACUUM"); /* a failure leaves the file as it was */
    if (sound)
        writer_checkpoint_all(e->writer.connection);
    connection_close(e->writer.connection);
    if (e->lock_fd >= 0)
        close(e->lock_fd);
    pthread_mutex_destroy(&e->writer.lock);
    pthread_cond_destroy(&e->writer.arrived);
    pthread_cond_destroy(&e->writer.log_grew);
    pthread_mutex_destroy(&e->readers.lock);
    pthread_cond_destroy(&e->readers.freed);
    for (size_t i = 0; i < ENGINE_BLOB_STRIPES; i++)
        pthread_mutex_destroy(&e->blob_locks[i]);
    free(e->tables);
    free(e->folder);
    free(e);
}

static void engine_closep(struct engine **e)
{
    if (*e)
        engine_close(&(*e)->driver);
}

static int engine_ping(struct store_driver *d)
{
    struct engine *e = engine_of(d);
    struct connection *k = NULL;
    int done = engine_take_reader(e, &k);
    if (done < 0)
        return done;
    done = connection_exec(k, "SELECT 1");
    pool_give(&e->readers, k);
    return done;
}

static const struct store_driver_ops ops = {
    .name = "sqlite",
    .close = engine_close,
    .ping = engine_ping,
    .insert = sqlite_insert,
    .get = sqlite_get,
    .replace = sqlite_replace,
    .insert_for = sqlite_insert_for,
    .replace_many = sqlite_replace_many,
    .remove = sqlite_remove,
    .begin = sqlite_begin,
    .end = sqlite_end,
    .scan = sqlite_scan,
    .next = sqlite_next,
    .tally = sqlite_tally,
    .bump = sqlite_bump,
    .counters = sqlite_counters,
    .blob_create = sqlite_blob_create,
    .blob_append = sqlite_blob_append,
    .blob_finish = sqlite_blob_finish,
    .blob_stat = sqlite_blob_stat,
    .blob_read = sqlite_blob_read,
    .blob_remove = sqlite_blob_remove,
    .blob_list = sqlite_blob_list,
};

/* --- opening ---------------------------------------------------------------------------------- */

static struct engine *engine_new(const struct sqlite_options *o,
                                 const struct store_collection *const *collections, size_t n)
{
    struct engine *e = calloc(1, sizeof(*e));
    if (!e)
        return NULL;
    e->driver = (struct store_driver){.ops = &ops, .exclusive = true};
    e->lock_fd = -1;
    e->files = o->files ? o->files : &blob_io_system;
    pthread_mutex_init(&e->writer.lock, NULL);
    pthread_cond_init(&e->writer.arrived, NULL);
    pthread_cond_init(&e->writer.log_grew, NULL);
    pthread_mutex_init(&e->readers.lock, NULL);
    pthread_cond_init(&e->readers.freed, NULL);
    for (size_t i = 0; i < ENGINE_BLOB_STRIPES; i++)
        pthread_mutex_init(&e->blob_locks[i], NULL);
    e->folder = strdup(o->folder);
    e->tables = calloc(n ? n : 1, sizeof(*e->tables));
    if (!e->folder || !e->tables) {
        engine_close(&e->driver);
        return NULL;
    }
    e->writer.log_pages = o->log_pages > 0 ? o->log_pages : LOG_PAGES;
    e->n_tables = n;
    for (size_t i = 0; i < n; i++)
        table_init(&e->tables[i], collections[i], i);
    return e;
}

/* Where it is made, its parent is synced, so that a power cut does not take the whole folder. */
static int make_folder(const struct engine *e)
{
    char parent[ENGINE_PATH_MAX];
    if (mkdir(e->folder, 0700) != 0 && errno != EEXIST)
        return errno == ENOSPC ? E_FULL : E_IO;
    snprintf(parent, sizeof(parent), "%s/..", e->folder);
    return e->files->sync_folder(parent) != 0 ? E_IO : 0;
}

static int take_folder(struct engine *e)
{
    char path[ENGINE_PATH_MAX];
    int done = make_folder(e);
    if (done < 0)
        return done;
    snprintf(path, sizeof(path), "%s/lock", e->folder);
    e->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (e->lock_fd < 0)
        return E_IO;
    if (flock(e->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? E_BUSY : E_IO;
    return blob_folders(e);
}

/* SQLite makes the file with the umask's mode; ours is made first, empty and private. */
static int touch_database(const char *path)
{
    CLEANUP(closep) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return fd < 0 ? E_IO : 0;
}

/* Recovers the log and makes what it found durable before anybody reads it. */
static int open_database(struct engine *e, const struct sqlite_options *o)
{
    char path[ENGINE_PATH_MAX];
    snprintf(path, sizeof(path), "%s/tram.db", e->folder);
    int done = touch_database(path);
    if (done == 0)
        done = connection_open(path, log_file_vfs(o->vfs), &e->writer.connection);
    if (done == 0)
        done = writer_checkpoint_all(e->writer.connection);
    if (done == 0)
        done = schema_prepare(e, e->writer.connection, &o->progress);
    if (done == 0)
        done = connection_cache(e->writer.connection, WRITER_CACHE_KIB);
    if (done == 0 && e->files->sync_folder(e->folder) != 0)
        done = E_IO;
    if (done == 0)
        done = connection_open(path, o->vfs, &e->writer.checkpoint_connection);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t readers =
        o->readers > 0 ? (size_t)o->readers : READERS_PER_CORE * (size_t)(cores > 0 ? cores : 1);
    if (done == 0)
        done = pool_open(&e->readers, path, o->vfs, readers);
    return done;
}

/* SQLite would count its memory under one lock of the process, at every page that any thread reads
 * or writes; nobody asks for the sum. Only what comes before SQLite's first use is heard. */
static void count_no_memory(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int sqlite_open(const struct sqlite_options *o, const struct store_collection *const *collections,
                size_t n, struct store_driver **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, count_no_memory);
    CLEANUP(engine_closep) struct engine *e = engine_new(o, collections, n);
    if (!e)
        return E_NOMEM;
    int done = take_folder(e);
    if (done == 0)
        done = open_database(e, o);
    if (done == 0)
        done = writer_start(e);
    if (done < 0)
        return done;
    *ret = &STEAL(e)->driver;
    return 0;
}

void sqlite_rewrite_at_close(struct store_driver *d)
{
    if (strcmp(d->ops->name, "sqlite") == 0)
        atomic_store(&engine_of(d)->rewrite, true);
}

void sqlite_stats(struct store_driver *d, struct sqlite_stats *ret)
{
    struct writer *w = &engine_of(d)->writer;
    pthread_mutex_lock(&w->lock);
    ret->commits = w->commits;
    ret->writes = w->writes;
    ret->queue_max = w->queue_max;
    ret->checkpoints = atomic_load(&w->checkpoints);
    ret->checkpoints_failed = atomic_load(&w->checkpoints_failed);
    pthread_mutex_unlock(&w->lock);
    ret->room = blob_room(engine_of(d));
}
