/*
 * Scans in batches, each a find of its own behind the last row: no server keeps a cursor for us,
 * and a batch that failed may be read again. Behind a row, those of the same key and a greater id
 * come first (the ties), then the greater keys; each is one range of the path's index, so that no
 * planner has a choice.
 */
#include <stdlib.h>
#include <string.h>

#include "store/mongo/engine.h"

#define BATCH_LEAST 16
#define BATCH_MOST 512
#define REPLY_SHORT (4 * 1024 * 1024) /* a reply of more bytes may have been cut by its size */

struct store_session {
    struct engine *engine;
    struct store_cursor *cursors;
};

enum phase { PHASE_TIES, PHASE_REST, PHASE_ENDED };

struct store_cursor {
    struct store_cursor *older;
    struct engine *engine;
    const struct table *table;
    struct store_scan scan; /* its texts in the arena */
    struct arena arena;
    struct order order;
    bson_t equal; /* the equalities, or the words */
    const char *hint;
    char hint_room[ENGINE_KEY_PATH];
    enum phase phase;
    bool has_at; /* rows so far, or the scan's own position */
    struct store_position at;
    char at_text[STORE_TEXT_MAX + 1];
    int64_t want; /* rows of the next batch */
    bson_t reply;
    bson_iter_t rows;
    int64_t left;   /* rows of the reply not given out */
    bool fetched;   /* the reply belongs to the present phase */
    bool exhausted; /* it holds all that the phase had */
};

/* --- sessions --------------------------------------------------------------------------------- */

int mongo_begin(struct store_driver *d, struct store_session **ret)
{
    struct store_session *s = calloc(1, sizeof(*s));
    if (!s)
        return E_NOMEM;
    s->engine = engine_of(d);
    *ret = s;
    return 0;
}

static void cursor_free(struct store_cursor *k)
{
    bson_destroy(&k->equal);
    bson_destroy(&k->reply);
    arena_release(&k->arena);
    free(k);
}

void mongo_end(struct store_session *s)
{
    while (s->cursors) {
        struct store_cursor *k = s->cursors;
        s->cursors = k->older;
        cursor_free(k);
    }
    free(s);
}

/* --- opening ---------------------------------------------------------------------------------- */

static struct store_value keep_value(struct arena *a, struct store_value v)
{
    if (v.type == STORE_TEXT)
        v.text = arena_strdup(a, v.text);
    return v;
}

static void keep_scan(struct store_cursor *k, const struct store_scan *scan)
{
    k->scan = *scan;
    k->scan.range.low = keep_value(&k->arena, scan->range.low);
    k->scan.range.high = keep_value(&k->arena, scan->range.high);
    k->scan.words = NULL; /* in `equal` */
}

static void stand_at(struct store_cursor *k, const struct store_position *p)
{
    k->has_at = true;
    k->at = *p;
    if (p->key.type == STORE_TEXT) {
        size_t n = strlen(p->key.text);
        n = n < STORE_TEXT_MAX ? n : STORE_TEXT_MAX;
        memcpy(k->at_text, p->key.text, n);
        k->at_text[n] = '\0';
        k->at.key.text = k->at_text;
    }
}

/* Where the scan begins, given its range and the position it goes on from. */
static enum phase first_phase(struct store_cursor *k)
{
    const struct store_scan *s = &k->scan;
    const struct store_range *r = &s->range;
    if (!s->has_after)
        return PHASE_REST;
    if (!k->order.key[0]) {
        stand_at(k, &s->after);
        return PHASE_REST;
    }
    const struct store_value *key = &s->after.key;
    bool below = r->has_low && store_value_compare(key, &r->low) < 0;
    bool above = r->has_high && store_value_compare(key, &r->high) >= 0;
    if (s->descending ? below : above)
        return PHASE_ENDED;
    if (s->descending ? above : below)
        return PHASE_REST; /* the whole range lies behind the position */
    stand_at(k, &s->after);
    return PHASE_TIES;
}

static bool types_fit(const struct store_scan *s, const struct order *o)
{
    if (!o->key[0])
        return true;
    return (!s->has_after || s->after.key.type == o->type) &&
           (!s->range.has_low || s->range.low.type == o->type) &&
           (!s->range.has_high || s->range.high.type == o->type);
}

static int open_cursor(struct store_cursor *k, const struct store_scan *scan)
{
    int done = table_of(k->engine, scan->collection, &k->table);
    if (done < 0)
        return done;
    k->order = filter_order(k->table, scan->path, scan->descending);
    if (!types_fit(scan, &k->order))
        return E_INVALID;
    bool words = scan->path == STORE_PATH_WORDS;
    done = words ? filter_words(k->table, scan, &k->equal)
                 : filter_equals(k->table, scan->path, scan->equals, &k->equal);
    if (done < 0)
        return done;
    /* A prefix alone may be rare or common: then the server tries both indexes. */
    bool choice = scan->last_is_prefix && scan->n_words == 1;
    if (words)
        k->hint = choice ? NULL : FILTER_INDEX_WORDS;
    else
        k->hint = filter_hint(k->table, scan->path, k->hint_room);
    keep_scan(k, scan);
    k->phase = first_phase(k);
    k->want = scan->batch < BATCH_LEAST  ? BATCH_LEAST
              : scan->batch > BATCH_MOST ? BATCH_MOST
                                         : (int64_t)scan->batch;
    return 0;
}

int mongo_scan(struct store_session *s, const struct store_scan *scan, struct store_cursor **ret)
{
    struct store_cursor *k = aligned_alloc(_Alignof(struct store_cursor), sizeof(*k));
    if (!k)
        return E_NOMEM;
    memset(k, 0, sizeof(*k));
    k->engine = s->engine;
    arena_init(&k->arena);
    bson_init(&k->equal);
    bson_init(&k->reply);
    int done = open_cursor(k, scan);
    if (done < 0) {
        cursor_free(k);
        return done;
    }
    k->older = s->cursors;
    s->cursors = k;
    *ret = k;
    return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void add_bounds(const struct store_cursor *k, bson_t *filter)
{
    const struct store_range *r = &k->scan.range;
    const struct store_value *low = r->has_low ? &r->low : NULL;
    const struct store_value *high = r->has_high ? &r->high : NULL;
    if (!k->order.key[0]) {
        if (k->has_at)
            filter_ids_behind(filter, &k->order, &k->at.id);
    } else if (k->phase == PHASE_TIES) {
        filter_ties(filter, &k->order, &k->at);
    } else if (k->has_at && k->scan.descending) {
        filter_range(filter, &k->order, low, false, &k->at.key);
    } else {
        filter_range(filter, &k->order, k->has_at ? &k->at.key : low, k->has_at, high);
    }
}

static int64_t count_rows(const bson_iter_t *rows)
{
    bson_iter_t it = *rows;
    int64_t n = 0;
    while (bson_iter_next(&it))
        n++;
    return n;
}

static int fetch(struct store_cursor *k)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t sort = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t projection = BSON_INITIALIZER;
    bson_concat(&filter, &k->equal);
    add_bounds(k, &filter);
    filter_sort(&sort, &k->order);
    BSON_APPEND_INT32(&projection, ENGINE_DOC, 1);
    struct find f = {.collection = k->table->c->name,
                     .filter = &filter,
                     .sort = &sort,
                     .projection = &projection,
                     .hint = k->hint,
                     .limit = k->want};
    bson_destroy(&k->reply);
    int done = call_find(k->engine, &f, &k->reply, &k->rows);
    if (done < 0)
        return done;
    k->left = count_rows(&k->rows);
    bool all = k->left < k->want && k->reply.len < REPLY_SHORT;
    if (!all)
        k->want = k->want * 2 < BATCH_MOST ? k->want * 2 : BATCH_MOST;
    k->exhausted = all;
    return 0;
}

/* The batch was given out: what comes behind it. */
static void step_phase(struct store_cursor *k)
{
    if (!k->exhausted) /* goes on behind the last row */
        k->phase = k->order.key[0] ? PHASE_TIES : PHASE_REST;
    else
        k->phase = k->phase == PHASE_TIES ? PHASE_REST : PHASE_ENDED;
}

static int row_position(const struct store_cursor *k, const bson_t *doc, struct store_position *ret)
{
    *ret = (struct store_position){0};
    struct store_value values[STORE_MULTI_MAX];
    bson_iter_t it;
    if (!bson_iter_init_find(&it, doc, "_id"))
        return E_CORRUPT;
    ret->id = key_value(&it, STORE_ID).id;
    if (k->scan.path == STORE_PATH_WORDS) {
        if (!bson_iter_init_find(&it, doc, "arrival"))
            return E_CORRUPT;
        ret->key = store_int(bson_iter_as_int64(&it));
    } else if (k->order.key[0]) {
        const struct store_collection *c = k->table->c;
        int field = store_field_index(c, c->paths[k->scan.path].order);
        if (store_extract(&c->fields[field], doc, values) != 1)
            return E_CORRUPT;
        ret->key = values[0];
    }
    return 0;
}

int mongo_next(struct store_cursor *k, struct store_row *ret)
{
    while (k->left == 0) {
        if (k->fetched)
            step_phase(k);
        k->fetched = false;
        if (k->phase == PHASE_ENDED)
            return 0;
        int done = fetch(k);
        if (done < 0)
            return done;
        k->fetched = true;
    }
    bson_t stored;
    if (!bson_iter_next(&k->rows) || !call_row(&k->rows, &stored) ||
        !key_unwrap(&stored, &ret->doc))
        return E_CORRUPT;
    k->left--;
    int done = row_position(k, &ret->doc, &ret->position);
    if (done < 0)
        return done;
    stand_at(k, &ret->position);
    return 1;
}
