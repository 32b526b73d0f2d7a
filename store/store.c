/* The door: one document at a time, counters, blobs. Changes are in change.c, scans in scan.c. */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "store/private.h"

int store_new(struct store_driver *driver, const struct store_collection *const *collections,
              size_t n, const char **ret_fault, struct store **ret)
{
    *ret_fault = NULL;
    for (size_t i = 0; i < n && !*ret_fault; i++) {
        *ret_fault = store_collection_fault(collections[i]);
        for (size_t j = 0; j < i && !*ret_fault; j++) {
            if (strcmp(collections[i]->name, collections[j]->name) == 0)
                *ret_fault = "two collections of one name";
        }
    }
    struct store *s = *ret_fault ? NULL : calloc(1, sizeof(*s));
    if (s)
        s->generations = calloc(n ? n : 1, sizeof(*s->generations));
    if (!s || !s->generations) {
        free(s);
        driver->ops->close(driver);
        return *ret_fault ? E_CONFIG : E_NOMEM;
    }
    s->driver = driver;
    s->collections = collections;
    s->n = n;
    s->resolve_ms = RESOLVE_MS;
    numbers_init(&s->numbers);
    *ret = s;
    return 0;
}

void store_free(struct store *s)
{
    if (!s)
        return;
    s->driver->ops->close(s->driver);
    numbers_release(&s->numbers);
    free(s->generations);
    free(s);
}

int store_ping(struct store *s)
{
    return s->driver->ops->ping(s->driver);
}

void store_wind_down(struct store *s)
{
    if (s->driver->ops->wind_down)
        s->driver->ops->wind_down(s->driver);
}

bool store_exclusive(const struct store *s)
{
    return s->driver->exclusive;
}

struct store_driver *store_driver_of(struct store *s)
{
    return s->driver;
}

/* --- generations and listeners ---------------------------------------------------------------- */

static size_t index_of(const struct store *s, const struct store_collection *c)
{
    size_t i = 0;
    while (i < s->n && s->collections[i] != c)
        i++;
    return i;
}

uint64_t store_generation(const struct store *s, const struct store_collection *c)
{
    size_t i = index_of(s, c);
    return i < s->n ? atomic_load(&s->generations[i]) : 0;
}

void store_listen(struct store *s, store_listen_fn fn, void *ctx)
{
    s->listen = fn;
    s->listen_ctx = ctx;
}

void store_committed(struct store *s, const struct store_commit *commit)
{
    size_t i = index_of(s, commit->collection);
    if (i < s->n)
        atomic_fetch_add(&s->generations[i], 1);
    if (s->listen)
        s->listen(commit, s->listen_ctx);
}

/* --- reading ---------------------------------------------------------------------------------- */

int store_read(struct store *s, const struct store_collection *c, const struct id *id, bson_t **ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = s->driver->ops->get(s->driver, c, id, &doc);
    if (done != 0)
        return done;
    bson_iter_t it;
    if (!bson_iter_init_find(&it, doc, "form"))
        return E_CORRUPT;
    if (bson_iter_as_int64(&it) > c->form)
        return E_FORM;
    *ret = STEAL(doc);
    return 0;
}

int store_get(struct store *s, const struct store_collection *c, const struct id *id, bson_t **ret)
{
    return store_read(s, c, id, ret);
}

/* --- outcomes that are not known -------------------------------------------------------------- */

struct resolving store_resolving(void)
{
    return (struct resolving){.since_ms = clock_monotonic_ms()};
}

bool store_late(const struct store *s, const struct resolving *r)
{
    return clock_monotonic_ms() - r->since_ms >= s->resolve_ms;
}

bool store_resolves(const struct store *s, struct resolving *r)
{
    return ++r->tries < RESOLVE_TRIES && !store_late(s, r);
}

/* --- writes that happen once ------------------------------------------------------------------ */

struct store_write store_write_fresh(void)
{
    return (struct store_write){.id = id_v4()};
}

struct store_write store_write_keyed(const char *kind, const struct id *owner, const char *key,
                                     const void *body, size_t n)
{
    const struct id_part asker[] = {
        {kind, strlen(kind)}, {owner->bytes, sizeof(owner->bytes)}, {key, strlen(key)}};
    const struct id_part asked = {body, n};
    struct store_write w = {.id = id_v8("write", asker, ARRAY_LEN(asker))};
    struct id digest = id_v8("write body", &asked, 1);
    memcpy(w.digest, digest.bytes, sizeof(w.digest));
    return w;
}

/* Inserts one complete document; an unknown outcome is repeated: the id cannot be taken twice.
 * `with` (may be NULL) goes in the same commit where the engine can, else its outcome is left. */
static int insert_one(struct store *s, const struct store_collection *c, const struct id *id,
                      const bson_t *doc, struct store_removal *with, bool *unsure)
{
    const struct store_driver_ops *ops = s->driver->ops;
    struct resolving r = store_resolving();
    do {
        struct store_insert_row row = {.doc = doc, .id = *id};
        int done = with && ops->insert_for && !*unsure ? ops->insert_for(s->driver, c, &row, with)
                                                       : ops->insert(s->driver, c, &row, 1);
        if (done >= 0)
            done = row.outcome;
        if (done != E_UNKNOWN) /* this try may fail where an earlier one has written */
            return done < 0 && *unsure ? E_UNKNOWN : done;
        *unsure = true;
    } while (store_resolves(s, &r));
    return E_UNKNOWN;
}

/*
 * The id is taken: by whom? 0 by an earlier try of ours that ended unknown, STORE_REPEATED,
 * STORE_REUSED or STORE_EXISTS. After an unknown try, what the read cannot tell is E_UNKNOWN: the
 * document is gone again, or its ring has turned over since it was made.
 */
static int judge_existing(struct store *s, const struct store_collection *c, const struct id *id,
                          const struct store_write *w, bool unsure, bson_t **ret)
{
    CLEANUP(bson_destroyp) bson_t *stored = NULL;
    int done = store_read(s, c, id, &stored);
    if (unsure && done != 0)
        return E_UNKNOWN;
    if (done != 0)
        return done == STORE_ABSENT ? STORE_EXISTS : done; /* it was removed since */
    struct write_record record;
    if (!store_find_write(stored, &w->id, &record))
        return unsure && store_version(stored) >= STORE_WRITES ? E_UNKNOWN : STORE_EXISTS;
    if (memcmp(record.digest, w->digest, sizeof(w->digest)) != 0)
        return STORE_REUSED;
    if (ret)
        *ret = STEAL(stored);
    return unsure ? 0 : STORE_REPEATED;
}

static int compose_new(struct store *s, const struct store_collection *c, const struct id *id,
                       const struct store_write *w, const bson_t *body, bson_t **ret)
{
    struct write_record record = {.id = w->id};
    memcpy(record.digest, w->digest, sizeof(record.digest));
    struct compose p = {.id = *id, .version = 1, .body = body, .write = &record};
    return store_compose(s, c, &p, ret);
}

int store_create_for(struct store *s, const struct store_collection *c, const struct id *id,
                     const struct store_write *w, const bson_t *body, struct store_removal *gone,
                     bson_t **ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL, *stored = NULL;
    int done = compose_new(s, c, id, w, body, &doc);
    if (done != 0)
        return done;
    bool unsure = false, together = gone && s->driver->ops->insert_for;
    done = insert_one(s, c, id, doc, gone, &unsure);
    if (done == STORE_EXISTS)
        done = judge_existing(s, c, id, w, unsure, &stored);
    else if (done == 0)
        stored = STEAL(doc);
    if (done == 0)
        store_committed(s, &(struct store_commit){.collection = c, .id = id, .after = stored});
    if (done == 0 && gone && (!together || unsure || gone->outcome < 0))
        gone->outcome = store_remove(s, gone->collection, &gone->id, gone->version);
    else if (done == 0 && gone && gone->outcome == 0)
        store_committed(s, &(struct store_commit){.collection = gone->collection, .id = &gone->id});
    if (ret && stored)
        *ret = STEAL(stored);
    return done;
}

int store_create(struct store *s, const struct store_collection *c, const struct id *id,
                 const struct store_write *w, const bson_t *body, bson_t **ret)
{
    return store_create_for(s, c, id, w, body, NULL, ret);
}

/* One document of store_insert on its way: its driver row, and the write that its record names. */
struct inserting {
    struct store_write write; /* one of its own: equal bodies of two callers are told apart */
    bson_t *doc;              /* NULL if it could not be composed: then `of` has the failure */
    struct store_new_doc *of;
};

/* The driver said that it does not know. */
static int settle_insert(struct store *s, const struct store_collection *c,
                         const struct inserting *i)
{
    bool unsure = true;
    int done = insert_one(s, c, &i->of->id, i->doc, NULL, &unsure);
    return done == STORE_EXISTS ? judge_existing(s, c, &i->of->id, &i->write, unsure, NULL) : done;
}

/* Composes each document; fills a driver row for every one that is sound. Returns how many. */
static size_t compose_rows(struct store *s, const struct store_collection *c,
                           struct store_new_doc *docs, size_t n, struct inserting *ret_inserting,
                           struct store_insert_row *ret_rows)
{
    size_t sound = 0;
    for (size_t i = 0; i < n; i++) {
        struct inserting *w = &ret_inserting[sound];
        *w = (struct inserting){.write = store_write_fresh(), .of = &docs[i]};
        docs[i].outcome = compose_new(s, c, &docs[i].id, &w->write, docs[i].body, &w->doc);
        if (docs[i].outcome == 0)
            ret_rows[sound++] = (struct store_insert_row){.doc = w->doc, .id = docs[i].id};
    }
    return sound;
}

int store_insert(struct store *s, const struct store_collection *c, struct store_new_doc *docs,
                 size_t n)
{
    if (n == 0)
        return 0;
    CLEANUP(freep) struct store_insert_row *rows = calloc(n, sizeof(*rows));
    CLEANUP(freep) struct inserting *inserting = calloc(n, sizeof(*inserting));
    if (!rows || !inserting)
        return E_NOMEM;
    size_t sound = compose_rows(s, c, docs, n, inserting, rows);
    struct resolving r = store_resolving();
    int done = sound > 0 ? s->driver->ops->insert(s->driver, c, rows, sound) : 0;
    bool away = false; /* one after the other they would wait too long */
    for (size_t i = 0; i < sound; i++) {
        struct store_new_doc *doc = inserting[i].of;
        doc->outcome = done != 0 ? done : rows[i].outcome;
        if (doc->outcome == E_UNKNOWN && !away)
            doc->outcome = settle_insert(s, c, &inserting[i]);
        away |= doc->outcome == E_UNKNOWN && store_late(s, &r);
        if (doc->outcome == 0)
            store_committed(s, &(struct store_commit){
                                   .collection = c, .id = &doc->id, .after = inserting[i].doc});
        bson_destroyp(&inserting[i].doc);
    }
    return done == E_UNKNOWN ? 0 : done;
}

int store_remove(struct store *s, const struct store_collection *c, const struct id *id,
                 int64_t version)
{
    struct resolving r = store_resolving();
    bool unsure = false;
    int done;
    do {
        done = s->driver->ops->remove(s->driver, c, id, version);
        unsure |= done == E_UNKNOWN;
    } while (done == E_UNKNOWN && store_resolves(s, &r));
    if (unsure && done == STORE_ABSENT)
        done = 0; /* the first try did it */
    if (unsure && done < 0)
        done = E_UNKNOWN;
    if (done == 0)
        store_committed(s, &(struct store_commit){.collection = c, .id = id});
    return done;
}

int store_bump(struct store *s, const char *counter, int64_t by, int64_t *ret)
{
    struct resolving r = store_resolving();
    int done;
    do
        done = s->driver->ops->bump(s->driver, counter, by, ret);
    while (done == E_UNKNOWN && store_resolves(s, &r));
    return done;
}

/* --- blobs ------------------------------------------------------------------------------------ */

int store_blob_create(struct store *s, struct id *ret_id)
{
    struct resolving r = store_resolving();
    int done;
    do {
        *ret_id = id_v4();
        done = s->driver->ops->blob_create(s->driver, ret_id);
    } while ((done == E_UNKNOWN || done == STORE_EXISTS) && store_resolves(s, &r));
    return done;
}

int store_blob_append(struct store *s, const struct id *id, int64_t offset, const void *bytes,
                      size_t n, int64_t *ret_size)
{
    int done = s->driver->ops->blob_append(s->driver, id, offset, bytes, n, ret_size);
    if (done != E_UNKNOWN)
        return done;
    struct store_blob_info info;
    done = store_blob_stat(s, id, &info);
    if (done != 0)
        return done < 0 ? E_UNKNOWN : done;
    *ret_size = info.size;
    if (info.size == offset + (int64_t)n)
        return 0;
    return info.size == offset ? E_UNAVAILABLE : STORE_CONFLICT;
}

int store_blob_finish(struct store *s, const struct id *id, struct store_blob_info *ret)
{
    return s->driver->ops->blob_finish(s->driver, id, ret);
}

int store_blob_stat(struct store *s, const struct id *id, struct store_blob_info *ret)
{
    return s->driver->ops->blob_stat(s->driver, id, ret);
}

int store_blob_read(struct store *s, const struct id *id, int64_t offset, void *out, size_t n,
                    size_t *ret_n)
{
    return s->driver->ops->blob_read(s->driver, id, offset, out, n, ret_n);
}

int store_blob_remove(struct store *s, const struct id *id)
{
    return s->driver->ops->blob_remove(s->driver, id);
}
