/*
 * What is declared against what was built. tram.store has one document for the store's form and one
 * for each collection: {_id: "report", keys, declared}: the texts of struct table that its `key`s
 * and indexes were last built for. A program that declares something else first writes its own text
 * there, then gives the others the grace time to notice, then builds. So nobody writes old keys
 * behind its back, and a build that was interrupted is taken up again, `built` being absent.
 */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/mongo/engine.h"

#define WATCH_MS 3000      /* declarations are compared at most this often */
#define META_STORE "store" /* no collection's document: theirs begin with "collection." */
#define META_NAME 64
#define INDEXES_MOST 64

/* --- tram.store ------------------------------------------------------------------------------- */

static void meta_name(const struct table *t, char out[META_NAME])
{
    snprintf(out, META_NAME, "collection.%s", t->c->name);
}

static bool text_is(const bson_t *doc, const char *key, const char *text)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) && BSON_ITER_HOLDS_UTF8(&it) &&
           strcmp(bson_iter_utf8(&it, NULL), text) == 0;
}

static int set_meta(struct engine *e, const char *name, const bson_t *set)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    int64_t matched;
    BSON_APPEND_UTF8(&filter, "_id", name);
    BSON_APPEND_DOCUMENT(&update, "$set", set);
    struct change_one u = {
        .collection = ENGINE_META, .filter = &filter, .update = &update, .upsert = true};
    int done = call_update(e, &u, &matched);
    if (done == STORE_EXISTS) /* two programs made it at once */
        done = call_update(e, &u, &matched);
    return done;
}

static int get_meta(struct engine *e, const char *name, bson_t **ret)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&filter, "_id", name);
    return call_find_one(e, ENGINE_META, &filter, NULL, ret);
}

/* Writes the form of the store, asking for less and less until the server takes the concern. */
static int probe_writes(struct engine *e)
{
    CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
    BSON_APPEND_INT32(&set, "form", ENGINE_FORM);
    int done = E_IO;
    for (int w = MONGO_WRITE_MAJORITY_JOURNAL; done == E_IO && w <= MONGO_WRITE_ONE; w++) {
        e->write_concern = (enum mongo_write_concern)w;
        done = set_meta(e, META_STORE, &set);
    }
    return done;
}

static int prepare_store(struct engine *e)
{
    CLEANUP(doc_destroyp) bson_t *meta = NULL;
    bson_iter_t it;
    e->read_majority = true;
    int done = get_meta(e, META_STORE, &meta);
    if (done == E_IO) { /* not an outage: the server does not take the concern */
        e->read_majority = false;
        done = get_meta(e, META_STORE, &meta);
    }
    if (done < 0)
        return done;
    if (done == 0 && bson_iter_init_find(&it, meta, "form") &&
        bson_iter_as_int64(&it) > ENGINE_FORM)
        return E_FORM;
    return probe_writes(e);
}

/* --- indexes ---------------------------------------------------------------------------------- */

/* The stored indexes of a collection: an array of {name, key}. A collection that is not there has
 * none. */
static int list_indexes(struct engine *e, const char *collection, bson_t *reply,
                        bson_iter_t *ret_rows, bool *ret_any)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    bson_t cursor;
    BSON_APPEND_UTF8(&command, "listIndexes", collection);
    BSON_APPEND_DOCUMENT_BEGIN(&command, "cursor", &cursor);
    BSON_APPEND_INT32(&cursor, "batchSize", INDEXES_MOST + 1);
    bson_append_document_end(&command, &cursor);
    int done = call_read(e, &command, reply);
    bson_iter_t it, batch;
    *ret_any = done == 0;
    if (done == E_IO && bson_iter_init_find(&it, reply, "code") && bson_iter_as_int64(&it) == 26)
        return 0; /* NamespaceNotFound */
    if (done < 0)
        return done;
    if (!bson_iter_init(&it, reply) ||
        !bson_iter_find_descendant(&it, "cursor.firstBatch", &batch) ||
        !bson_iter_recurse(&batch, ret_rows))
        return E_CORRUPT;
    return 0;
}

/* The same fields in the same order; servers tell directions as any kind of number. */
static bool same_keys(const bson_t *a, const bson_t *b)
{
    bson_iter_t x, y;
    bson_iter_init(&x, a);
    bson_iter_init(&y, b);
    for (;;) {
        bool more = bson_iter_next(&x);
        if (more != bson_iter_next(&y))
            return false;
        if (!more)
            return true;
        if (strcmp(bson_iter_key(&x), bson_iter_key(&y)) != 0 ||
            bson_iter_as_double(&x) != bson_iter_as_double(&y))
            return false;
    }
}

static bool index_row(const bson_iter_t *row, const char **ret_name, bson_t *ret_keys)
{
    bson_t index;
    bson_iter_t it;
    if (!call_row(row, &index) || !bson_iter_init_find(&it, &index, "name") ||
        !BSON_ITER_HOLDS_UTF8(&it))
        return false;
    *ret_name = bson_iter_utf8(&it, NULL);
    return bson_iter_init_find(&it, &index, "key") && call_row(&it, ret_keys);
}

static int drop_index(struct engine *e, const char *collection, const char *name)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&command, "dropIndexes", collection);
    BSON_APPEND_UTF8(&command, "index", name);
    return call_long(e, &command);
}

int meta_create_index(struct engine *e, const char *collection, const char *name,
                      const bson_t *keys, bool unique)
{
    CLEANUP(bson_destroy) bson_t command = BSON_INITIALIZER;
    bson_t list, index;
    BSON_APPEND_UTF8(&command, "createIndexes", collection);
    BSON_APPEND_ARRAY_BEGIN(&command, "indexes", &list);
    BSON_APPEND_DOCUMENT_BEGIN(&list, "0", &index);
    BSON_APPEND_DOCUMENT(&index, "key", keys);
    BSON_APPEND_UTF8(&index, "name", name);
    if (unique)
        BSON_APPEND_BOOL(&index, "unique", true);
    bson_append_document_end(&list, &index);
    bson_append_array_end(&command, &list);
    return call_long(e, &command);
}

static int table_index_of(const struct table *t, const char *name, bson_t *keys)
{
    char other[ENGINE_KEY_PATH];
    for (size_t i = 0; i < t->c->n_paths + 2; i++) {
        bson_reinit(keys);
        if (table_index(t, i, other, keys) && strcmp(other, name) == 0)
            return (int)i;
    }
    return -1;
}

/* Drops what is not as declared and makes what is missing. Indexes of other makers' are left. */
static int prepare_indexes(struct engine *e, const struct table *t)
{
    bool there[STORE_PATHS_MAX + 2] = {false}, any;
    CLEANUP(bson_destroy) bson_t reply;
    CLEANUP(bson_destroy) bson_t keys = BSON_INITIALIZER;
    bson_iter_t rows;
    int done = list_indexes(e, t->c->name, &reply, &rows, &any);
    while (done == 0 && any && bson_iter_next(&rows)) {
        const char *name;
        bson_t stored;
        if (!index_row(&rows, &name, &stored))
            return E_CORRUPT;
        int i = table_index_of(t, name, &keys);
        bool ours = i >= 0 || strncmp(name, "path_", 5) == 0;
        if (i >= 0 && same_keys(&keys, &stored))
            there[i] = true;
        else if (ours)
            done = drop_index(e, t->c->name, name);
    }
    for (size_t i = 0; done == 0 && i < t->c->n_paths + 2; i++) {
        char name[ENGINE_KEY_PATH];
        bson_reinit(&keys);
        if (!there[i] && table_index(t, i, name, &keys))
            done = meta_create_index(e, t->c->name, name, &keys, false);
    }
    return done;
}

/* --- collections ------------------------------------------------------------------------------ */

static int is_empty(struct engine *e, const char *collection)
{
    CLEANUP(doc_destroyp) bson_t *doc = NULL;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    BSON_APPEND_INT32(&projection, "_id", 1);
    int done = call_find_one(e, collection, NULL, &projection, &doc);
    return done < 0 ? done : done == STORE_ABSENT;
}

/* Takes the collection: from here on other programs see that it is not theirs. */
static int claim(struct engine *e, const struct table *t, const char *name, bool keys_stand)
{
    CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&set, "declared", t->text);
    BSON_APPEND_UTF8(&set, "keys", keys_stand ? t->key_text : "");
    BSON_APPEND_UTF8(&set, "built", "");
    return set_meta(e, name, &set);
}

static int settle(struct engine *e, const struct table *t, const char *name)
{
    CLEANUP(bson_destroy) bson_t set = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&set, "declared", t->text);
    BSON_APPEND_UTF8(&set, "keys", t->key_text);
    BSON_APPEND_UTF8(&set, "built", t->text);
    return set_meta(e, name, &set);
}

static void wait_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

static int prepare_table(struct engine *e, const struct table *t,
                         const struct mongo_progress *progress)
{
    char name[META_NAME];
    CLEANUP(doc_destroyp) bson_t *meta = NULL;
    meta_name(t, name);
    int found = get_meta(e, name, &meta);
    if (found < 0)
        return found;
    if (found == 0 && text_is(meta, "declared", t->text) && text_is(meta, "built", t->text))
        return prepare_indexes(e, t); /* somebody may have dropped one */
    int empty = is_empty(e, t->c->name);
    bool keys_stand = empty == 1 || (found == 0 && text_is(meta, "keys", t->key_text));
    int done = empty < 0 ? empty : claim(e, t, name, keys_stand);
    if (done == 0 && !empty && found == 0 && !text_is(meta, "declared", t->text))
        wait_ms(e->grace_ms);
    if (done == 0 && !keys_stand)
        done = rebuild_keys(e, t, progress);
    if (done == 0)
        done = prepare_indexes(e, t);
    return done == 0 ? settle(e, t, name) : done;
}

int meta_prepare(struct engine *e, const struct mongo_progress *progress)
{
    int done = prepare_store(e);
    for (size_t i = 0; done == 0 && i < e->n_tables; i++)
        done = prepare_table(e, &e->tables[i], progress);
    atomic_store(&e->watched_ms, clock_monotonic_ms());
    return done;
}

/* --- the watch -------------------------------------------------------------------------------- */

static const struct table *table_of_meta(const struct engine *e, const bson_t *meta)
{
    bson_iter_t it;
    char name[META_NAME];
    if (!bson_iter_init_find(&it, meta, "_id") || !BSON_ITER_HOLDS_UTF8(&it))
        return NULL;
    for (size_t i = 0; i < e->n_tables; i++) {
        meta_name(&e->tables[i], name);
        if (strcmp(name, bson_iter_utf8(&it, NULL)) == 0)
            return &e->tables[i];
    }
    return NULL;
}

int meta_watch(struct engine *e)
{
    struct find all = {.collection = ENGINE_META, .limit = 1000};
    CLEANUP(bson_destroy) bson_t reply;
    bson_iter_t rows;
    bson_t meta;
    atomic_store(&e->watched_ms, clock_monotonic_ms());
    int done = call_find(e, &all, &reply, &rows);
    while (done == 0 && bson_iter_next(&rows)) {
        const struct table *t = call_row(&rows, &meta) ? table_of_meta(e, &meta) : NULL;
        if (t && !text_is(&meta, "declared", t->text))
            atomic_store(&e->outdated, true);
    }
    if (done < 0)
        return done;
    return atomic_load(&e->outdated) ? E_FORM : 0;
}

int table_of(struct engine *e, const struct store_collection *c, const struct table **ret)
{
    size_t i = 0;
    while (i < e->n_tables && e->tables[i].c != c)
        i++;
    if (i == e->n_tables)
        return E_INVALID;
    int64_t now = clock_monotonic_ms(), last = atomic_load(&e->watched_ms);
    if (now - last >= WATCH_MS && atomic_compare_exchange_strong(&e->watched_ms, &last, now))
        meta_watch(e); /* an outage shows in the verb itself */
    *ret = &e->tables[i];
    return atomic_load(&e->outdated) ? E_FORM : 0;
}
