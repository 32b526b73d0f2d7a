/* The door: one document at a time, counters, blobs. Changes are in change.c, scans in plan.c. */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/result.h"
#include "store/private.h"

#define RESOLVE_TRIES 8 /* reads or repeats after an unknown outcome */

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
    *ret = s;
    return 0;
}

void store_free(struct store *s)
{
    if (!s)
        return;
    s->driver->ops->close(s->driver);
    free(s->generations);
    free(s);
}

int store_ping(struct store *s)
{
    return s->driver->ops->ping(s->driver);
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

void store_committed(struct store *s, const struct store_collection *c, const struct id *id)
{
    size_t i = index_of(s, c);
    if (i < s->n)
        atomic_fetch_add(&s->generations[i], 1);
    if (s->listen)
        s->listen(c, id, s->listen_ctx);
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

/* --- writes that happen once ------------------------------------------------------------------ */

struct store_write store_write_fresh(void)
{
    return (struct store_write){.id = id_v4()};
}

struct store_write store_write_keyed(const char *kind, const struct id *owner, const char *key,
                                     const void *body, size_t n)
{
    const struct id_part parts[] = {
        {kind, strlen(kind)}, {owner->bytes, sizeof(owner->bytes)}, {key, strlen(key)}};
    struct store_write w = {.id = id_v8("write", parts, 3)};
    uint8_t digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, body, n);
    memcpy(w.digest, digest, sizeof(w.digest));
    return w;
}

/* Inserts one complete document; an unknown outcome is repeated: the id cannot be taken twice. */
static int insert_one(struct store *s, const struct store_collection *c, const struct id *id,
                      const bson_t *doc, bool *ret_unsure)
{
    *ret_unsure = false;
    for (int i = 0; i < RESOLVE_TRIES; i++) {
        struct store_insert_row row = {.doc = doc, .id = *id};
        int done = s->driver->ops->insert(s->driver, c, &row, 1);
        if (done >= 0)
            done = row.outcome;
        if (done != E_UNKNOWN) /* this try may fail where an earlier one has written */
            return done < 0 && *ret_unsure ? E_UNKNOWN : done;
        *ret_unsure = true;
    }
    return E_UNKNOWN;
}

/* Whose is the document that stands there? */
static int judge_existing(struct store *s, const struct store_collection *c, const struct id *id,
                          const struct store_write *w, bool unsure, bson_t **ret)
{
    CLEANUP(bson_destroyp) bson_t *stored = NULL;
    int done = store_read(s, c, id, &stored);
    if (done != 0)
        return done == STORE_ABSENT ? STORE_EXISTS : done; /* it was removed since */
    struct write_record record;
    if (!store_find_write(stored, &w->id, &record))
        return STORE_EXISTS;
    if (memcmp(record.digest, w->digest, sizeof(w->digest)) != 0)
        return STORE_REUSED;
    if (ret)
        *ret = STEAL(stored);
    if (unsure)
        store_committed(s, c, id);
    return unsure ? 0 : STORE_REPEATED;
}

int store_create(struct store *s, const struct store_collection *c, const struct id *id,
                 const struct store_write *w, const bson_t *body, bson_t **ret)
{
    struct write_record record = {.id = w->id};
    memcpy(record.digest, w->digest, sizeof(record.digest));
    struct compose p = {.id = *id, .version = 1, .body = body, .write = &record};
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_compose(s, c, &p, &doc);
    if (done != 0)
        return done;
    bool unsure = false;
    done = insert_one(s, c, id, doc, &unsure);
    if (done == STORE_EXISTS)
        return judge_existing(s, c, id, w, unsure, ret);
    if (done != 0)
        return done;
    store_committed(s, c, id);
    if (ret)
        *ret = STEAL(doc);
    return 0;
}

/* After an unknown outcome, "exists" is ours if the very bytes stand there. */
static void settle_insert(struct store *s, const struct store_collection *c,
                          struct store_insert_row *row)
{
    bool unsure = false;
    row->outcome = insert_one(s, c, &row->id, row->doc, &unsure);
    if (row->outcome < 0)
        row->outcome = E_UNKNOWN; /* the first try may have written */
    if (row->outcome != STORE_EXISTS)
        return;
    CLEANUP(bson_destroyp) bson_t *stored = NULL;
    if (store_read(s, c, &row->id, &stored) == 0 && store_version(stored) == 1 &&
        bson_equal(stored, row->doc))
        row->outcome = 0;
}

static int compose_rows(struct store *s, const struct store_collection *c,
                        struct store_new_doc *docs, size_t n, struct store_insert_row *rows,
                        bson_t **owned)
{
    for (size_t i = 0; i < n; i++) {
        /* A record of its own makes two inserts of equal bodies tell each other apart. */
        struct write_record record = {.id = id_v4()};
        struct compose p = {.id = docs[i].id, .version = 1, .body = docs[i].body, .write = &record};
        int done = store_compose(s, c, &p, &owned[i]);
        if (done != 0)
            return done;
        rows[i] = (struct store_insert_row){.doc = owned[i], .id = docs[i].id};
    }
    return 0;
}

int store_insert(struct store *s, const struct store_collection *c, struct store_new_doc *docs,
                 size_t n)
{
    if (n == 0)
        return 0;
    struct store_insert_row *rows = calloc(n, sizeof(*rows));
    bson_t **owned = calloc(n, sizeof(*owned));
    int done = rows && owned ? compose_rows(s, c, docs, n, rows, owned) : E_NOMEM;
    if (done == 0)
        done = s->driver->ops->insert(s->driver, c, rows, n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        if (rows[i].outcome == E_UNKNOWN)
            settle_insert(s, c, &rows[i]);
        docs[i].outcome = rows[i].outcome;
        if (rows[i].outcome == 0)
            store_committed(s, c, &rows[i].id);
    }
    for (size_t i = 0; owned && i < n; i++)
        bson_destroyp(&owned[i]);
    free(owned);
    free(rows);
    return done;
}

int store_remove(struct store *s, const struct store_collection *c, const struct id *id,
                 int64_t version)
{
    int done = E_UNKNOWN;
    bool unsure = false;
    for (int i = 0; i < RESOLVE_TRIES && done == E_UNKNOWN; i++) {
        done = s->driver->ops->remove(s->driver, c, id, version);
        unsure |= done == E_UNKNOWN;
    }
    if (unsure && done == STORE_ABSENT)
        done = 0; /* the first try did it */
    if (unsure && done < 0)
        done = E_UNKNOWN;
    if (done == 0)
        store_committed(s, c, id);
    return done;
}

int store_bump(struct store *s, const char *counter, int64_t by, int64_t *ret)
{
    int done = E_UNKNOWN;
    for (int i = 0; i < RESOLVE_TRIES && done == E_UNKNOWN; i++)
        done = s->driver->ops->bump(s->driver, counter, by, ret);
    return done;
}

/* --- blobs ------------------------------------------------------------------------------------ */

int store_blob_create(struct store *s, struct id *ret_id)
{
    int done = E_UNKNOWN;
    for (int i = 0; i < RESOLVE_TRIES && (done == E_UNKNOWN || done == STORE_EXISTS); i++) {
        *ret_id = id_v4();
        done = s->driver->ops->blob_create(s->driver, ret_id);
    }
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
