/* Both sides read whole, side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/crypto/sha256.h"
#include "base/result.h"
#include "store/copy_private.h"

#define TELL_EACH 1000 /* documents */

/* --- documents -------------------------------------------------------------------------------- */

/* One side's documents in the order of their ids. */
struct reading {
    struct store_driver *driver;
    struct store_session *session;
    struct store_cursor *cursor;
    struct store_row row; /* of which `live` says whether it is one */
    bool live;
    struct sha256 hash;
    int64_t count;
};

struct both {
    struct reading sides[2];
};

static void both_end(struct both *b)
{
    for (int i = 0; i < 2; i++) {
        if (b->sides[i].session)
            b->sides[i].driver->ops->end(b->sides[i].session);
    }
}

static int reading_next(struct reading *r)
{
    int got = r->driver->ops->next(r->cursor, &r->row);
    r->live = got == 1;
    if (got <= 0)
        return got;
    sha256_update(&r->hash, bson_get_data(&r->row.doc), r->row.doc.len);
    r->count++;
    return 0;
}

static int reading_begin(struct reading *r, struct store_driver *d,
                         const struct store_collection *collection)
{
    struct store_scan scan = {.collection = collection, .path = STORE_PATH_ID, .batch = COPY_BATCH};
    r->driver = d;
    sha256_init(&r->hash);
    int done = d->ops->begin(d, &r->session);
    if (done == 0)
        done = d->ops->scan(r->session, &scan, &r->cursor);
    return done == 0 ? reading_next(r) : done;
}

/* <0 the first side's document comes before, >0 behind, 0 both have the id. */
static int order_of(const struct reading sides[2])
{
    if (!sides[0].live || !sides[1].live)
        return sides[0].live ? -1 : 1;
    return id_compare(&sides[0].row.position.id, &sides[1].row.position.id);
}

static void note_difference(struct copy_sum *sum, const struct id *id)
{
    if (!sum->differs)
        sum->first = *id;
    sum->differs = true;
}

/* Compares what both stand at, and moves those on that were compared. */
static int compare_rows(struct reading sides[2], struct copy_sum *sum)
{
    int order = order_of(sides), done = 0;
    const bson_t *a = &sides[0].row.doc, *b = &sides[1].row.doc;
    bool same =
        order == 0 && a->len == b->len && memcmp(bson_get_data(a), bson_get_data(b), a->len) == 0;
    if (!same)
        note_difference(sum, &sides[order > 0].row.position.id);
    if (order <= 0)
        done = reading_next(&sides[0]);
    if (done == 0 && order >= 0)
        done = reading_next(&sides[1]);
    return done;
}

static int compare_collection(struct copying *c, const struct store_collection *collection,
                              struct copy_sum *sum)
{
    CLEANUP(both_end) struct both b = {0};
    struct reading *sides = b.sides;
    int64_t total = 0;
    *sum = (struct copy_sum){.part = c->part->name, .collection = collection->name};
    int done = copy_count(copy_side(c, 0), collection, &total);
    if (done == 0)
        done = copy_step(c, collection->name, total);
    for (int i = 0; done == 0 && i < 2; i++)
        done = reading_begin(&sides[i], copy_side(c, i), collection);
    while (done == 0 && (sides[0].live || sides[1].live)) {
        done = compare_rows(sides, sum);
        if (done == 0 && sides[0].count % TELL_EACH == 0)
            done = copy_tell(c, sides[0].count);
    }
    for (int i = 0; done == 0 && i < 2; i++) {
        sum->count[i] = sides[i].count;
        sha256_final(&sides[i].hash, sum->sha256[i]);
    }
    return done < 0 ? copy_at(c, collection->name, NULL, done) : done;
}

/* --- blobs ------------------------------------------------------------------------------------ */

/* One side's blobs, listed a page at a time. */
struct listing {
    struct store_driver *driver;
    struct id *ids; /* COPY_IDS */
    size_t n, at;
    bool more;
    struct id after;
    bool has_after;
};

static int listing_fill(struct listing *l)
{
    if (l->at < l->n || !l->more)
        return 0;
    int done = l->driver->ops->blob_list(l->driver, l->has_after ? &l->after : NULL, l->ids,
                                         COPY_IDS, &l->n);
    l->at = 0;
    l->more = done == 0 && l->n == COPY_IDS;
    if (done == 0 && l->n > 0) {
        l->after = l->ids[l->n - 1];
        l->has_after = true;
    }
    return done;
}

/* What a blob is, by its bytes: those that were read, whatever the store says of them. */
static int hash_blob(struct store_driver *d, const struct id *id, uint8_t *piece,
                     struct store_blob_info *ret)
{
    struct sha256 h;
    uint8_t sum[SHA256_SIZE];
    size_t n = COPY_PIECE;
    int64_t size = 0;
    int done = d->ops->blob_stat(d, id, ret);
    sha256_init(&h);
    while (done == 0 && n == COPY_PIECE) {
        done = d->ops->blob_read(d, id, size, piece, COPY_PIECE, &n);
        if (done != 0)
            break;
        sha256_update(&h, piece, n);
        size += (int64_t)n;
    }
    if (done != 0)
        return done;
    sha256_final(&h, sum);
    bool sound =
        size == ret->size && (!ret->finished || memcmp(sum, ret->sha256, sizeof(sum)) == 0);
    memcpy(ret->sha256, sum, sizeof(sum));
    return sound ? 0 : E_CORRUPT;
}

static int same_bytes(struct copying *c, const struct id *id, uint8_t *piece, bool *ret)
{
    struct store_blob_info info[2];
    *ret = false;
    for (int i = 0; i < 2; i++) {
        int done = hash_blob(copy_side(c, i), id, piece, &info[i]);
        if (done == E_CORRUPT || done == STORE_ABSENT)
            return 0;
        if (done != 0)
            return done;
        c->progress.bytes += i == 0 ? info[i].size : 0;
    }
    *ret = info[0].finished == info[1].finished && info[0].size == info[1].size &&
           memcmp(info[0].sha256, info[1].sha256, sizeof(info[0].sha256)) == 0;
    return 0;
}

static int compare_blob(struct copying *c, struct listing sides[2], uint8_t *piece)
{
    bool live[2] = {sides[0].at < sides[0].n, sides[1].at < sides[1].n}, same = false;
    int order = !live[1]   ? -1
                : !live[0] ? 1
                           : id_compare(&sides[0].ids[sides[0].at], &sides[1].ids[sides[1].at]);
    const struct id *id = &sides[order > 0].ids[sides[order > 0].at];
    int done = order == 0 ? same_bytes(c, id, piece, &same) : 0;
    if (done != 0)
        return copy_at(c, "blob", id, done);
    if (!same) {
        char text[ID_TEXT];
        if (c->result->blobs_differ++ == 0)
            c->result->blob = arena_strdup(c->arena, id_format(id, text));
    }
    for (int i = 0; i < 2; i++)
        sides[i].at += i == 0 ? order <= 0 : order >= 0;
    return 0;
}

static int compare_blobs(struct copying *c)
{
    CLEANUP(freep) struct id *from = calloc(COPY_IDS, sizeof(*from));
    CLEANUP(freep) struct id *to = calloc(COPY_IDS, sizeof(*to));
    CLEANUP(freep) uint8_t *piece = malloc(COPY_PIECE);
    if (!from || !to || !piece)
        return E_NOMEM;
    struct listing sides[2] = {{.driver = copy_side(c, 0), .ids = from, .more = true},
                               {.driver = copy_side(c, 1), .ids = to, .more = true}};
    int64_t total = 0;
    int done = copy_count_blobs(copy_side(c, 0), &total);
    if (done == 0)
        done = copy_step(c, "blobs", total);
    c->result->blobs += total;
    for (int64_t seen = 1; done == 0; seen++) {
        for (int i = 0; done == 0 && i < 2; i++)
            done = listing_fill(&sides[i]);
        if (done != 0 || (sides[0].at == sides[0].n && sides[1].at == sides[1].n))
            break;
        done = compare_blob(c, sides, piece);
        if (done == 0)
            done = copy_tell(c, seen < total ? seen : total);
    }
    return done;
}

/* --- counters --------------------------------------------------------------------------------- */

/* All of one side; in the arena. */
static int list_counters(struct copying *c, int side, struct store_counter **ret, size_t *ret_n)
{
    struct store_driver *d = copy_side(c, side);
    struct store_counter *all = NULL;
    size_t n = COPY_COUNTERS;
    int done = 0;
    *ret_n = 0;
    while (done == 0 && n == COPY_COUNTERS) {
        struct store_counter *more = arena_array(c->arena, *ret_n + COPY_COUNTERS, sizeof(*more));
        if (*ret_n > 0)
            memcpy(more, all, *ret_n * sizeof(*more));
        all = more;
        done = d->ops->counters(d, *ret_n > 0 ? all[*ret_n - 1].name : NULL, COPY_COUNTERS,
                                c->arena, all + *ret_n, &n);
        *ret_n += n;
    }
    *ret = all;
    return done;
}

static int compare_counters(struct copying *c)
{
    struct store_counter *sides[2];
    size_t n[2], at[2] = {0, 0};
    int done = copy_step(c, "counters", 0);
    for (int i = 0; done == 0 && i < 2; i++)
        done = list_counters(c, i, &sides[i], &n[i]);
    if (done != 0)
        return done;
    c->result->counters += (int64_t)n[0];
    while (at[0] < n[0] || at[1] < n[1]) {
        const struct store_counter *a = &sides[0][at[0]], *b = &sides[1][at[1]];
        bool live[2] = {at[0] < n[0], at[1] < n[1]};
        int order = !live[1] ? -1 : !live[0] ? 1 : strcmp(a->name, b->name);
        if ((order != 0 || a->value != b->value) && c->result->counters_differ++ == 0)
            c->result->counter = order > 0 ? b->name : a->name;
        at[0] += order <= 0;
        at[1] += order >= 0;
    }
    return 0;
}

/* --- all -------------------------------------------------------------------------------------- */

static int compare_part(struct copying *c)
{
    const struct store *s = c->part->from;
    int done = 0;
    for (size_t i = 0; done == 0 && i < s->n; i++) {
        if (s->collections[i] == &copy_collection)
            continue;
        struct copy_sum *sum = &c->result->sums[c->result->n_sums++];
        done = compare_collection(c, s->collections[i], sum);
        c->result->documents += sum->count[0];
    }
    if (done == 0)
        done = compare_blobs(c);
    return done == 0 ? compare_counters(c) : done;
}

int copy_compare(struct copying *c)
{
    struct copy_result *r = c->result;
    size_t most = 0;
    int done = 0;
    for (size_t i = 0; i < c->copy->n; i++)
        most += c->copy->parts[i].from->n;
    r->sums = arena_array(c->arena, most, sizeof(*r->sums));
    r->n_sums = 0;
    c->progress = (struct copy_progress){.verifying = true, .steps = c->progress.steps};
    for (size_t i = 0; done == 0 && i < c->copy->n; i++) {
        c->part = &c->copy->parts[i];
        done = compare_part(c);
    }
    if (done != 0)
        return done;
    r->bytes = c->progress.bytes;
    bool differs = r->blobs_differ > 0 || r->counters_differ > 0;
    for (size_t i = 0; i < r->n_sums; i++)
        differs |= r->sums[i].differs;
    return differs ? COPY_DIFFERS : 0;
}
