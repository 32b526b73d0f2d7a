/* What is moved: documents in batches, blobs in pieces, counters by what they lack. */
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "store/copy_private.h"

#define TRIES 8 /* of a write that ends unknown */

/* --- documents -------------------------------------------------------------------------------- */

struct batch {
    struct store_insert_row rows[COPY_BATCH];
    bson_t *docs[COPY_BATCH];
    size_t n, bytes;
    bool ended;     /* nothing lies behind it */
    struct id last; /* of what was read */
};

static void batch_clear(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        bson_destroy(b->docs[i]);
    b->n = b->bytes = 0;
}

static void batch_free(struct batch *b)
{
    batch_clear(b);
    free(b);
}
CLEANUP_PTR(struct batch, batch_free)

/* A document that a newer program wrote is not for this one to move. */
static int check_form(const struct store_collection *c, const bson_t *doc)
{
    bson_iter_t it;
    if (!bson_iter_init_find(&it, doc, "form"))
        return E_CORRUPT;
    return bson_iter_as_int64(&it) > c->form ? E_FORM : 0;
}

static int take_rows(struct copying *c, const struct store_collection *collection,
                     struct store_cursor *k, struct batch *b)
{
    const struct store_driver_ops *ops = copy_side(c, 0)->ops;
    struct store_row row;
    while (b->n < COPY_BATCH && b->bytes < COPY_BATCH_BYTES) {
        int got = ops->next(k, &row);
        b->ended = got == 0;
        if (got <= 0)
            return got;
        int done = check_form(collection, &row.doc);
        if (done < 0)
            return copy_at(c, collection->name, &row.position.id, done);
        b->docs[b->n] = bson_copy(&row.doc);
        b->rows[b->n] = (struct store_insert_row){.doc = b->docs[b->n], .id = row.position.id};
        b->last = row.position.id;
        b->bytes += row.doc.len;
        b->n++;
    }
    return 0;
}

static int read_batch(struct copying *c, const struct store_collection *collection,
                      const struct id *after, struct batch *b)
{
    struct store_driver *d = copy_side(c, 0);
    struct store_scan scan = {.collection = collection, .path = STORE_PATH_ID, .batch = COPY_BATCH};
    if (after) {
        scan.has_after = true;
        scan.after.id = *after;
    }
    struct store_session *session;
    struct store_cursor *k;
    batch_clear(b);
    int done = d->ops->begin(d, &session);
    if (done != 0)
        return done;
    done = d->ops->scan(session, &scan, &k);
    if (done == 0)
        done = take_rows(c, collection, k, b);
    d->ops->end(session);
    return done;
}

/* Of the rows before `n`, those that ended unknown, moved to the front. */
static size_t keep_unknown(struct store_insert_row *rows, size_t n, int64_t *written)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].outcome == E_UNKNOWN)
            rows[kept++] = rows[i];
        else
            *written += rows[i].outcome == 0;
    }
    return kept;
}

/* That a document is there already is no fault: the comparison at the end tells whether it is the
 * same. */
static int write_batch(struct copying *c, const struct store_collection *collection,
                       struct batch *b, int64_t *written)
{
    struct store_driver *d = copy_side(c, 1);
    size_t n = b->n;
    for (int i = 0; i < TRIES && n > 0; i++) {
        int done = d->ops->insert(d, collection, b->rows, n);
        if (done == E_UNKNOWN)
            continue;
        for (size_t r = 0; done >= 0 && r < n; r++) {
            int outcome = b->rows[r].outcome;
            if (outcome < 0 && outcome != E_UNKNOWN)
                done = copy_at(c, collection->name, &b->rows[r].id, outcome);
        }
        if (done < 0)
            return done;
        n = keep_unknown(b->rows, n, written);
    }
    return n == 0 ? 0 : E_UNKNOWN;
}

/* Where the target is whole: before its last batch, which may have holes. 0, STORE_ABSENT. */
static int whole_until(struct copying *c, const struct store_collection *collection, struct id *ret)
{
    struct store_driver *d = copy_side(c, 1);
    struct store_scan scan = {.collection = collection,
                              .path = STORE_PATH_ID,
                              .descending = true,
                              .batch = COPY_BATCH + 1};
    struct store_session *session;
    struct store_cursor *k;
    struct store_row row = {0};
    int done = d->ops->begin(d, &session);
    if (done != 0)
        return done;
    int got = d->ops->scan(session, &scan, &k);
    for (int i = 0; got >= 0 && i <= COPY_BATCH; i++) {
        got = d->ops->next(k, &row);
        if (got == 0)
            break;
    }
    d->ops->end(session);
    *ret = row.position.id;
    return got < 0 ? got : got == 0 ? STORE_ABSENT : 0;
}

int copy_documents(struct copying *c, const struct store_collection *collection)
{
    CLEANUP(batch_freep) struct batch *b = calloc(1, sizeof(*b));
    int64_t total = 0, written = 0;
    struct id at;
    if (!b)
        return E_NOMEM;
    int done = copy_count(copy_side(c, 0), collection, &total);
    if (done == 0)
        done = copy_count(copy_side(c, 1), collection, &written);
    if (done == 0)
        done = copy_step(c, collection->name, total);
    if (done != 0)
        return done;
    int found = whole_until(c, collection, &at);
    if (found < 0)
        return found;
    bool behind = found == 0;
    while (done == 0 && !b->ended) {
        done = read_batch(c, collection, behind ? &at : NULL, b);
        if (done == 0)
            done = write_batch(c, collection, b, &written);
        if (done == 0)
            done = copy_tell(c, written);
        at = b->last;
        behind = true;
    }
    return done;
}

/* --- blobs ------------------------------------------------------------------------------------ */

struct moving {
    struct copying *c;
    struct id id;
    struct store_blob_info from, to;
    bool there;     /* the target has something of that id */
    uint8_t *piece; /* COPY_PIECE */
    int64_t done;   /* blobs before it */
};

static int make_blob(struct moving *m)
{
    struct store_driver *d = copy_side(m->c, 1);
    int done = E_UNKNOWN;
    for (int i = 0; i < TRIES && done == E_UNKNOWN; i++)
        done = d->ops->blob_create(d, &m->id);
    m->to = (struct store_blob_info){0};
    m->there = true;
    return done == STORE_EXISTS ? 0 : done;
}

static int remove_blob(struct moving *m)
{
    struct store_driver *d = copy_side(m->c, 1);
    int done = m->there ? E_UNKNOWN : 0;
    for (int i = 0; i < TRIES && done == E_UNKNOWN; i++)
        done = d->ops->blob_remove(d, &m->id);
    return done == STORE_ABSENT ? 0 : done;
}

static bool same_blob(const struct moving *m)
{
    return m->from.finished && m->to.finished && m->from.size == m->to.size &&
           memcmp(m->from.sha256, m->to.sha256, sizeof(m->to.sha256)) == 0;
}

/* What is there is the beginning of a blob whose hash will tell whether it was the right one. */
static bool may_go_on(const struct moving *m)
{
    return m->from.finished && !m->to.finished && m->to.size <= m->from.size;
}

/* One piece behind what the target has. *grown: it has more than before. */
static int append_piece(struct moving *m, bool *grown)
{
    struct store_driver *from = copy_side(m->c, 0), *to = copy_side(m->c, 1);
    int64_t left = m->from.size - m->to.size, size = m->to.size;
    size_t n = 0, want = left < COPY_PIECE ? (size_t)left : COPY_PIECE;
    int done = from->ops->blob_read(from, &m->id, m->to.size, m->piece, want, &n);
    if (done == 0 && n != want)
        done = E_CORRUPT;
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    done = to->ops->blob_append(to, &m->id, m->to.size, m->piece, n, &size);
    if (done == E_UNKNOWN) {
        struct store_blob_info info;
        done = to->ops->blob_stat(to, &m->id, &info);
        size = info.size;
    }
    if (done != 0 && done != STORE_CONFLICT)
        return done < 0 ? done : E_CORRUPT;
    *grown = size > m->to.size;
    m->c->progress.bytes += *grown ? size - m->to.size : 0;
    m->to.size = size;
    return 0;
}

static int fill_blob(struct moving *m)
{
    int done = 0;
    for (int idle = 0; done == 0 && m->to.size < m->from.size && idle < TRIES; idle++) {
        bool grown = false;
        done = append_piece(m, &grown);
        if (grown)
            idle = -1;
        if (done == 0)
            done = copy_tell(m->c, m->done);
    }
    if (done == 0 && m->to.size != m->from.size)
        done = m->to.size < m->from.size ? E_UNKNOWN : E_CORRUPT;
    return done;
}

static int finish_blob(struct moving *m)
{
    struct store_driver *d = copy_side(m->c, 1);
    int done = E_UNKNOWN;
    for (int i = 0; i < TRIES && done == E_UNKNOWN; i++)
        done = d->ops->blob_finish(d, &m->id, &m->to);
    return done > 0 ? E_CORRUPT : done;
}

static int move_blob(struct moving *m, bool anew)
{
    int done = 0;
    if (anew) {
        done = remove_blob(m);
        if (done == 0)
            done = make_blob(m);
    }
    if (done == 0)
        done = fill_blob(m);
    if (done == 0 && m->from.finished)
        done = finish_blob(m);
    return done;
}

static int copy_blob(struct moving *m)
{
    struct store_driver *from = copy_side(m->c, 0), *to = copy_side(m->c, 1);
    int done = from->ops->blob_stat(from, &m->id, &m->from);
    if (done != 0)
        return done < 0 ? done : 0; /* it went since it was listed */
    int found = to->ops->blob_stat(to, &m->id, &m->to);
    if (found < 0 && found != E_CORRUPT)
        return found;
    if (found == 0 && same_blob(m)) {
        m->c->progress.bytes += m->from.size;
        return 0;
    }
    int64_t before = m->c->progress.bytes;
    m->there = found != STORE_ABSENT;
    bool goes_on = found == 0 && may_go_on(m);
    if (goes_on)
        m->c->progress.bytes += m->to.size;
    done = move_blob(m, !goes_on);
    bool wrong = done == E_INVALID || done == E_CORRUPT || (done == 0 && !same_blob(m));
    if (goes_on && wrong) { /* it was the beginning of something else */
        m->c->progress.bytes = before;
        done = move_blob(m, true);
    }
    return done == 0 && m->from.finished && !same_blob(m) ? E_CORRUPT : done;
}

int copy_blobs(struct copying *c)
{
    struct store_driver *from = copy_side(c, 0);
    CLEANUP(freep) uint8_t *piece = malloc(COPY_PIECE);
    CLEANUP(freep) struct id *ids = calloc(COPY_IDS, sizeof(*ids));
    if (!piece || !ids)
        return E_NOMEM;
    struct moving m = {.c = c, .piece = piece};
    size_t n = COPY_IDS;
    int64_t total = 0;
    struct id after;
    int done = copy_count_blobs(from, &total);
    if (done == 0)
        done = copy_step(c, "blobs", total);
    for (bool first = true; done == 0 && n == COPY_IDS; first = false) {
        done = from->ops->blob_list(from, first ? NULL : &after, ids, COPY_IDS, &n);
        for (size_t i = 0; done == 0 && i < n; i++) {
            m.id = after = ids[i];
            done = copy_blob(&m);
            m.done++;
            done = done == 0 ? copy_tell(c, m.done) : copy_at(c, "blob", &ids[i], done);
        }
    }
    return done;
}

/* --- counters --------------------------------------------------------------------------------- */

/* Adding nothing tells where it stands; an unknown outcome is looked at again. */
static int copy_counter(struct store_driver *to, const struct store_counter *counter)
{
    int64_t have = 0, by = 0;
    for (int i = 0; i < TRIES; i++) {
        int done = to->ops->bump(to, counter->name, by, &have);
        if (done == 0 && have == counter->value)
            return 0;
        if (done != 0 && done != E_UNKNOWN)
            return done < 0 ? done : E_CORRUPT;
        bool known = done == 0;
        if (known && __builtin_sub_overflow(counter->value, have, &by))
            return E_FULL;
        if (!known)
            by = 0;
    }
    return E_UNKNOWN;
}

int copy_counters(struct copying *c)
{
    struct store_driver *from = copy_side(c, 0), *to = copy_side(c, 1);
    struct store_counter *counters = arena_array(c->arena, COPY_COUNTERS, sizeof(*counters));
    const char *after = NULL;
    size_t n = COPY_COUNTERS;
    int64_t all = 0;
    int done = copy_step(c, "counters", 0);
    while (done == 0 && n == COPY_COUNTERS) {
        done = from->ops->counters(from, after, COPY_COUNTERS, c->arena, counters, &n);
        for (size_t i = 0; done == 0 && i < n; i++) {
            after = counters[i].name;
            done = copy_counter(to, &counters[i]);
            if (done == 0)
                done = copy_tell(c, ++all);
            else
                c->result->at = arena_printf(c->arena, "counter %s", after);
        }
    }
    return done;
}
