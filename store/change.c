/*
 * Compare-and-swap, with the write record that makes a change happen once. A conflict runs the
 * change function again on what is stored now. An unknown outcome is read back: the record says
 * whether it took effect; if the ring has turned over since, nobody can tell, and the caller is
 * told so.
 */
#include <string.h>
#include <time.h>

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
    bool again; /* another try is worth it */
    struct resolving resolving;
    bool unsure;            /* an earlier try ended unknown, and it may have been written */
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
    uint32_t chance;
    memcpy(&chance, id_v4().bytes, sizeof(chance)); /* 32 random bits */
    struct timespec t = {.tv_nsec = (long)(chance % most) * 1000};
    nanosleep(&t, NULL);
}

/* 0: the ring does not hold this write. Otherwise what store_change answers. */
static int already(const struct change *c, const bson_t *before, int32_t *ret_outcome)
{
    struct write_record record;
    if (!before || !store_find_write(before, &c->write.id, &record))
        return 0;
    if (memcmp(record.digest, c->write.digest, sizeof(record.digest)) != 0)
        return STORE_REUSED;
    *ret_outcome = record.outcome;
    return STORE_REPEATED;
}

/*
 * What a read that does not show our record says of an earlier try that ended unknown. At the
 * version which that try would have replaced it may still be under way: another try at the same
 * version is safe, since only one of the two can win. A version less than STORE_WRITES higher,
 * whose ring reaches back to the try, says that it did not happen, and being overtaken it never
 * will. Beyond that, or if the document was removed meanwhile, nobody can tell.
 */
static int settle_unsure(struct change *c, const bson_t *before)
{
    int64_t version = before ? store_version(before) : 0;
    if (!c->unsure || version == c->unsure_version)
        return 0;
    if (version < c->unsure_version || version - c->unsure_version >= STORE_WRITES)
        return E_UNKNOWN;
    c->unsure = false;
    return 0;
}

static int run_fn(const struct change *c, const bson_t *before, struct arena *a, bson_t *after,
                  int32_t *ret_outcome)
{
    struct store_edit edit = {.before = before, .after = after, .arena = a};
    int done = c->fn(&edit, c->ctx);
    *ret_outcome = edit.outcome;
    return done;
}

/* STORE_CONFLICT: something else stands there now, or nothing any more. */
static int write_back(const struct change *c, const bson_t *before, const bson_t *doc)
{
    struct store_driver *d = c->store->driver;
    if (before) {
        int done = d->ops->replace(d, c->collection, c->id, store_version(before), doc);
        return done == STORE_ABSENT ? STORE_CONFLICT : done;
    }
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

/* Runs fn on what was read and writes what it made; *ret_doc is set if that was written. */
static int edit_and_write(struct change *c, const bson_t *before, struct arena *a,
                          int32_t *ret_outcome, bson_t **ret_doc)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = run_fn(c, before, a, body, ret_outcome);
    if (done != 0)
        return done;
    done = compose_after(c, before, body, *ret_outcome, &doc);
    if (done != 0)
        return done;
    done = write_back(c, before, doc);
    if (done == 0)
        *ret_doc = STEAL(doc);
    else if (done == E_UNKNOWN) {
        c->unsure = true;
        c->unsure_version = before ? store_version(before) : 0;
    }
    c->again =
        done == STORE_CONFLICT || (done == E_UNKNOWN && store_resolves(c->store, &c->resolving));
    return done;
}

static bool revised(const struct change *c, const bson_t *before)
{
    return c->if_revision != STORE_ANY_REVISION &&
           c->if_revision != (before ? store_revision(before) : 0);
}

/* One try; c->again says whether another is worth it. */
static int attempt(struct change *c, struct arena *a, struct store_changed *ret)
{
    CLEANUP(bson_destroyp) bson_t *before = NULL;
    c->again = false;
    int done = store_read(c->store, c->collection, c->id, &before);
    if (done < 0)
        return done;
    done = already(c, before, &ret->outcome);
    if (done == STORE_REPEATED && c->unsure)
        done = 0; /* our own earlier try */
    else if (done == 0) {
        done = settle_unsure(c, before);
        if (done != 0)
            return done;
        if (!before && !c->or_create)
            return STORE_ABSENT;
        done = revised(c, before) ? STORE_REVISED
                                  : edit_and_write(c, before, a, &ret->outcome, &ret->doc);
    }
    if (done == 0)
        store_committed(c->store, &(struct store_commit){.collection = c->collection,
                                                         .id = c->id,
                                                         .before = ret->doc ? before : NULL,
                                                         .after = ret->doc ? ret->doc : before});
    if (done >= 0 && done != STORE_ABSENT && !c->again && !ret->doc)
        ret->doc = STEAL(before);
    return done;
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
        .again = true,
        .resolving = store_resolving(),
    };
    struct store_changed changed = {0};
    struct arena a;
    arena_init(&a);
    int done = 0;
    for (int i = 0; i < CHANGE_TRIES && change.again; i++) {
        back_off(i);
        done = attempt(&change, &a, &changed);
    }
    arena_release(&a);
    if (done == STORE_CONFLICT)
        done = E_BUSY;
    if (done < 0 && change.unsure)
        done = E_UNKNOWN; /* whatever stopped us, an earlier try may have been written */
    if (ret)
        *ret = changed;
    else
        bson_destroyp(&changed.doc);
    return done;
}
