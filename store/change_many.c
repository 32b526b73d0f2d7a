/*
 * Many documents changed by one function. All are tried together, on what the caller has just read;
 * whatever does not go through at once goes the long way of store_change, one by one, on what is
 * stored then and under the same write record: what was written after all is found repeated.
 */
#include "base/result.h"
#include "store/private.h"

/* One that is tried. */
struct trying {
    struct store_one *of;
    struct store_write write;
    bson_t *doc;
};

static int compose_edit(struct store *s, const struct store_collection *c, struct trying *t,
                        store_change_fn fn)
{
    struct arena a;
    arena_init(&a);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_edit edit = {.before = t->of->seen, .after = body, .arena = &a};
    struct write_record record = {.id = t->write.id};
    struct compose p = {.id = t->of->id,
                        .version = store_version(t->of->seen) + 1,
                        .before = t->of->seen,
                        .body = body,
                        .write = &record};
    int done = fn(&edit, t->of->ctx);
    record.outcome = edit.outcome;
    if (done == 0)
        done = store_compose(s, c, &p, &t->doc);
    arena_release(&a);
    return done;
}

/* Composes each that comes to a document; trying[i].doc is NULL for the others. */
static size_t compose_all(struct store *s, const struct store_collection *c, struct trying *trying,
                          size_t n, store_change_fn fn, struct store_replace_row *rows)
{
    size_t sound = 0;
    for (size_t i = 0; i < n; i++) {
        const struct store_one *of = trying[i].of;
        if (compose_edit(s, c, &trying[i], fn) == 0)
            rows[sound++] = (struct store_replace_row){
                .doc = trying[i].doc, .id = of->id, .expected = store_version(of->seen)};
    }
    return sound;
}

static int the_long_way(struct store *s, const struct store_collection *c, struct store_one *one,
                        const struct store_write *w, store_change_fn fn)
{
    const struct store_change_options options = {.write = w, .if_revision = STORE_ANY_REVISION};
    int done = store_change(s, c, &one->id, &options, fn, one->ctx, NULL);
    return done == STORE_REPEATED ? 0 : done;
}

static bool is_away(int outcome)
{
    return outcome == E_UNAVAILABLE || outcome == E_TIMEOUT || outcome == E_UNKNOWN;
}

/* Where the store has been away for too long, the rest does not wait for it one by one. What was
 * tried together with the others, and how that ended is not known, may have been written. */
static int untried(int tried)
{
    return tried == E_UNKNOWN ? E_UNKNOWN : E_UNAVAILABLE;
}

void store_change_many(struct store *s, const struct store_collection *c, struct store_one *items,
                       size_t n, store_change_fn fn)
{
    struct arena a;
    arena_init(&a);
    struct trying *trying = arena_array(&a, n, sizeof(*trying));
    struct store_replace_row *rows = arena_array(&a, n, sizeof(*rows));
    struct store_driver *d = s->driver;
    for (size_t i = 0; i < n; i++)
        trying[i] = (struct trying){.of = &items[i], .write = store_write_fresh()};
    size_t sound = d->ops->replace_many ? compose_all(s, c, trying, n, fn, rows) : 0;
    struct resolving r = store_resolving();
    int done = sound > 0 ? d->ops->replace_many(d, c, rows, sound) : 0;
    bool away = false;
    for (size_t i = 0, row = 0; i < n; i++) {
        struct trying *t = &trying[i];
        int tried = !t->doc ? E_UNAVAILABLE : done < 0 ? done : rows[row].outcome;
        bool written = tried == 0;
        row += t->doc != NULL;
        if (written)
            store_committed(
                s, &(struct store_commit){
                       .collection = c, .id = &t->of->id, .before = t->of->seen, .after = t->doc});
        t->of->outcome = written ? 0
                         : away  ? untried(tried)
                                 : the_long_way(s, c, t->of, &t->write, fn);
        away |= is_away(t->of->outcome) && store_late(s, &r);
        bson_destroyp(&t->doc);
    }
    arena_release(&a);
}
