/*
 * Compare-and-swap, with the write record that makes a change happen once. A conflict runs the
 * change function again on what is stored now. An unknown outcome is read back: the record says
 * whether it took effect; if the ring has turned over since, nobody can tell, and the caller is
 * told so.
 */
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/result.h"
#include "store/private.h"

#define CHANGE_TRIES 64

struct change {
    struct store *store;
    const struct store_collection *collection;
    const struct id *id;
    struct store_write write;
    int64_t if_revision;
    bool or_create;
    store_change_fn fn;
    void *ctx;
    bool unsure;            /* an earlier try ended unknown */
    int64_t unsure_version; /* the version it would have replaced; 0: it was an insert */
};

/* Others are writing the same document: wait a little, longer each time, never in step. */
static void back_off(int attempt)
{
    if (attempt < 3)
        return;
    uint32_t most = 50U << (attempt < 12 ? attempt : 12); /* µs: 400 to 200,000 */
    if (most > 20000)
        most = 20000;
    struct timespec t = {.tv_nsec = (long)randombytes_uniform(most) * 1000};
    nanosleep(&t, NULL);
}

/* 0: not written yet. Otherwise what store_change answers. */
static int already(const struct change *c, const bson_t *before, struct store_changed *ret)
{
    struct write_record record;
    if (!before || !store_find_write(before, &c->write.id, &record))
        return 0;
    if (memcmp(record.digest, c->write.digest, sizeof(record.digest)) != 0)
        return STORE_REUSED;
    ret->outcome = record.outcome;
    ret->doc = bson_copy(before);
    return STORE_REPEATED;
}

/* The ring may have forgotten our record: then it cannot be known whether it was written. */
static bool forgotten(const struct change *c, const bson_t *before)
{
    int64_t version = before ? store_version(before) : 0;
    return c->unsure && version - c->unsure_version >= STORE_WRITES;
}

static int run_fn(const struct change *c, const bson_t *before, struct arena *a, bson_t *after,
                  int32_t *ret_outcome)
{
    struct store_edit edit = {.before = before, .after = after, .arena = a};
    int done = c->fn(&edit, c->ctx);
    *ret_outcome = edit.outcome;
    return done;
}

static int write_back(const struct change *c, const bson_t *before, const bson_t *doc)
{
    struct store_driver *d = c->store->driver;
    if (before)
        return d->ops->replace(d, c->collection, c->id, store_version(before), doc);
    struct store_insert_row row = {.doc = doc, .id = *c->id};
    int done = d->ops->insert(d, c->collection, &row, 1);
    if (done == 0)
        done = row.outcome;
    return done == STORE_EXISTS ? STORE_CONFLICT : done;
}

static int compose_after(const struct change *c, const bson_t *before, const bson_t *body,
                         int32_t outcome, bson_t **ret)
{
    struct write_record record = {.id = c->write.id, .outcome = outcome};
    memcpy(record.digest, c->write.digest, sizeof(record.digest));
    struct compose p = {.id = *c->id,
                        .version = before ? store_version(before) + 1 : 1,
                        .before = before,
                        .body = body,
                        .write = &record};
    return store_compose(c->store, c->collection, &p, ret);
}

/* One try. STORE_CONFLICT and E_UNKNOWN lead to another. */
static int attempt(struct change *c, struct arena *a, struct store_changed *ret)
{
    CLEANUP(bson_destroyp) bson_t *before = NULL;
    int done = store_read(c->store, c->collection, c->id, &before);
    if (done < 0)
        return c->unsure ? E_UNKNOWN : done;
    done = already(c, before, ret);
    if (done != 0) {
        if (done == STORE_REPEATED && c->unsure) {
            store_committed(c->store, c->collection, c->id);
            return 0; /* our own earlier try */
        }
        return done;
    }
    if (forgotten(c, before))
        return E_UNKNOWN;
    if (!before && !c->or_create)
        return STORE_ABSENT;
    if (c->if_revision != STORE_ANY_REVISION &&
        c->if_revision != (before ? store_revision(before) : 0))
        return STORE_REVISED;

    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    done = run_fn(c, before, a, body, &ret->outcome);
    if (done != 0)
        return done;
    done = compose_after(c, before, body, ret->outcome, &doc);
    if (done != 0)
        return done;
    done = write_back(c, before, doc);
    if (done == 0) {
        store_committed(c->store, c->collection, c->id);
        ret->doc = STEAL(doc);
    } else if (done == E_UNKNOWN && !c->unsure) {
        c->unsure = true;
        c->unsure_version = before ? store_version(before) : 0;
    }
    return done == STORE_ABSENT ? STORE_CONFLICT : done;
}

/* Whether what came out of an attempt is worth another. */
static bool try_again(const struct change *c, int done)
{
    return done == STORE_CONFLICT || (done == E_UNKNOWN && c->unsure);
}

int store_change(struct store *s, const struct store_collection *c, const struct id *id,
                 const struct store_change_options *options, store_change_fn fn, void *ctx,
                 struct store_changed *ret)
{
    struct change change = {
        .store = s,
        .collection = c,
        .id = id,
        .write = options && options->write ? *options->write : store_write_fresh(),
        .if_revision = options ? options->if_revision : STORE_ANY_REVISION,
        .or_create = options && options->or_create,
        .fn = fn,
        .ctx = ctx,
    };
    struct store_changed changed = {0};
    struct arena a;
    arena_init(&a);
    int done = STORE_CONFLICT;
    for (int i = 0; i < CHANGE_TRIES && try_again(&change, done); i++) {
        back_off(i);
        arena_release(&a);
        done = attempt(&change, &a, &changed);
    }
    arena_release(&a);
    if (done == STORE_CONFLICT)
        done = change.unsure ? E_UNKNOWN : E_BUSY;
    if (ret)
        *ret = changed;
    else
        bson_destroyp(&changed.doc);
    return done;
}
