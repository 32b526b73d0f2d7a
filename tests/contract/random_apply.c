/*
 * Operations done on one side. Answers leave out what may differ between sound engines: absolute
 * arrivals and the ids of fresh writes and blobs. The order of arrivals shows in scans of words.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "tests/contract/oracle.h"
#include "tests/contract/random.h"
#include "tests/support/faulty.h"

static uint32_t count_writes(const bson_t *doc)
{
    bson_iter_t at, inner;
    uint32_t n = 0;
    if (bson_iter_init_find(&at, doc, "writes") && bson_iter_recurse(&at, &inner))
        while (bson_iter_next(&inner))
            n++;
    return n;
}

static void add_doc(struct buf *answer, const bson_t *doc)
{
    bson_t shown = BSON_INITIALIZER;
    bson_copy_to_excluding_noinit(doc, &shown, "arrival", "writes", NULL);
    char *json = bson_as_relaxed_extended_json(&shown, NULL);
    buf_printf(answer, " %s writes %u", json, count_writes(doc));
    bson_free(json);
    bson_destroy(&shown);
}

static void add_result(struct buf *answer, int r)
{
    if (r < 0)
        buf_printf(answer, "%s", result_words(r));
    else
        buf_printf(answer, "%d", r);
}

/* --- documents -------------------------------------------------------------------------------- */

void apply_insert(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct store_new_doc docs[RANDOM_MANY];
    for (size_t i = 0; i < op->n_bodies; i++)
        docs[i] = (struct store_new_doc){.id = thing_id(op->bodies[i].n),
                                         .body = thing_body(&op->bodies[i])};
    int r = store_insert(s->store, &things, docs, op->n_bodies);
    add_result(answer, r);
    for (size_t i = 0; i < op->n_bodies; i++) {
        if (r == 0) {
            buf_add_str(answer, ", ");
            add_result(answer, docs[i].outcome);
        }
        bson_destroy((bson_t *)docs[i].body);
    }
}

void apply_create(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct id id = thing_id(op->n);
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&op->bodies[0]);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    add_result(answer, store_create(s->store, &things, &id, &op->write, body, &doc));
    if (doc)
        add_doc(answer, doc);
}

/* The drawn body, one revision on; what it found is part of the answer. */
static int change_to_body(struct store_edit *edit, void *ctx)
{
    const struct op *op = ctx;
    struct thing after = op->bodies[0];
    after.revision = 1 + (edit->before ? store_revision(edit->before) : 0);
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&after);
    bson_concat(edit->after, body);
    edit->outcome = op->outcome;
    return op->result;
}

void apply_change(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct id id = thing_id(op->n);
    struct store_changed changed = {0};
    struct op copy = *op;
    add_result(answer,
               store_change(s->store, &things, &id, &op->options, change_to_body, &copy, &changed));
    buf_printf(answer, " outcome %d", changed.outcome);
    if (changed.doc)
        add_doc(answer, changed.doc);
    bson_destroy(changed.doc);
}

static int64_t stored_version(struct side *s, const struct id *id)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    return store_get(s->store, &things, id, &doc) == 0 ? store_version(doc) : 1;
}

void apply_remove(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct id id = thing_id(op->n);
    int64_t version = op->version < 0 ? -1 : stored_version(s, &id) + op->version;
    add_result(answer, store_remove(s->store, &things, &id, version));
}

void apply_get(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct id id = thing_id(op->n);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    add_result(answer, store_get(s->store, &things, &id, &doc));
    if (doc)
        add_doc(answer, doc);
}

/* --- scans ------------------------------------------------------------------------------------ */

void apply_scan(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    struct store_page page;
    int r = store_scan(s->store, &things, &op->query, a, &page);
    add_result(answer, r);
    if (r != 0)
        return;
    for (size_t i = 0; i < page.n; i++)
        add_doc(answer, page.docs[i]);
    buf_printf(answer, " looked at %zu", page.looked_at);
    if (page.more)
        buf_printf(answer, ", next %s #%d",
                   op->query.order ? value_text(a, &page.next.key) : "arrival",
                   thing_number(&page.next.id));
}

/*
 * All pages. Their rows must be those that the oracle finds, in its order, once each. Unserved
 * queries show as such.
 */
void apply_walk(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    struct store_query q = op->query;
    struct store_page page;
    const bson_t **expected;
    size_t n_expected, at = 0;
    int r;
    while ((r = store_scan(s->store, &things, &q, a, &page)) == 0) {
        if (at == 0 && !q.has_after &&
            (r = oracle_scan(s->store, &things, &op->query, a, &expected, &n_expected)) != 0)
            break;
        buf_printf(answer, "|%zu", page.looked_at);
        for (size_t i = 0; i < page.n; i++, at++) {
            struct id id = oracle_id(page.docs[i]);
            buf_printf(answer, " %d", thing_number(&id));
            if (at >= n_expected || !bson_equal(page.docs[i], expected[at]))
                buf_printf(answer, " (not what %s's oracle finds)", s->ground.engine->name);
        }
        if (!page.more || at > RANDOM_IDS)
            break;
        q.has_after = true;
        q.after = page.next;
    }
    add_result(answer, r);
    if (r == 0 && at != n_expected)
        buf_printf(answer, " (%s's oracle finds %zu)", s->ground.engine->name, n_expected);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void apply_tally(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    struct store_tally_row *rows;
    size_t n;
    int r = store_tally(s->store, &things, &op->tally, a, &rows, &n);
    add_result(answer, r);
    if (r != 0)
        return;
    const char **lines = arena_array(a, n, sizeof(*lines));
    for (size_t i = 0; i < n; i++)
        lines[i] = arena_printf(a, "%s/%s/%s=%" PRId64 ":%" PRId64,
                                value_text(a, &rows[i].group[0]), value_text(a, &rows[i].group[1]),
                                value_text(a, &rows[i].group[2]), rows[i].count, rows[i].sum);
    if (n > 0)
        qsort(lines, n, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < n; i++)
        buf_printf(answer, " %s", lines[i]);
}

void apply_bump(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    int64_t value = 0;
    int r = store_bump(s->store, op->counter, op->by, &value);
    add_result(answer, r);
    if (r == 0)
        buf_printf(answer, " %" PRId64, value);
}

void apply_counters(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    struct store_counter list[4];
    size_t n = 0;
    int r = s->faulty->ops->counters(s->faulty, op->counter, ARRAY_LEN(list), a, list, &n);
    add_result(answer, r);
    for (size_t i = 0; i < n; i++)
        buf_printf(answer, " %s=%" PRId64, list[i].name, list[i].value);
}

/* --- blobs ------------------------------------------------------------------------------------ */

void apply_blob_create(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    int r = s->blobs[op->n].made ? STORE_EXISTS : store_blob_create(s->store, &s->blobs[op->n].id);
    s->blobs[op->n].made |= r == 0;
    add_result(answer, r);
}

/* Asks for the size first, as an upload that goes on does. */
void apply_blob_append(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct store_blob_info info = {0};
    int64_t size = -1;
    add_result(answer, store_blob_stat(s->store, &s->blobs[op->n].id, &info));
    buf_printf(answer, " %" PRId64 " %d, ", info.size, info.finished);
    int r = store_blob_append(s->store, &s->blobs[op->n].id, info.size + op->by, op->bytes,
                              strlen(op->bytes), &size);
    add_result(answer, r);
    if (r == 0 || r == STORE_CONFLICT)
        buf_printf(answer, " %" PRId64, size);
}

static void add_bytes(struct buf *answer, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(answer, "%02x", bytes[i]);
}

void apply_blob_finish(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct store_blob_info info = {0};
    add_result(answer, store_blob_finish(s->store, &s->blobs[op->n].id, &info));
    buf_printf(answer, " %" PRId64 " ", info.size);
    add_bytes(answer, info.sha256, sizeof(info.sha256));
}

/* The end of the blob and what would lie behind it. */
void apply_blob_read(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    struct store_blob_info info = {0};
    size_t n = strlen(op->bytes), got = 0;
    uint8_t *out = arena_alloc(a, n);
    store_blob_stat(s->store, &s->blobs[op->n].id, &info);
    int64_t offset = info.size - (int64_t)n / 2 + op->by;
    if (offset < 0)
        offset = 0;
    int r = store_blob_read(s->store, &s->blobs[op->n].id, offset, out, n, &got);
    add_result(answer, r);
    if (r == 0)
        add_bytes(answer, out, got);
}

void apply_blob_remove(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    int r = store_blob_remove(s->store, &s->blobs[op->n].id);
    if (r == 0)
        s->blobs[op->n].made = false;
    add_result(answer, r);
}

/* The slots listed, and whether the list is in order; nothing else may be in it. */
void apply_blob_list(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)op;
    (void)a;
    struct id ids[RANDOM_SLOTS + 1];
    size_t n = 0;
    add_result(answer, s->faulty->ops->blob_list(s->faulty, NULL, ids, ARRAY_LEN(ids), &n));
    buf_printf(answer, " %zu:", n);
    for (size_t i = 1; i < n; i++)
        if (id_compare(&ids[i - 1], &ids[i]) >= 0)
            buf_printf(answer, " %s lists out of order", s->ground.engine->name);
    for (int slot = 0; slot < RANDOM_SLOTS; slot++)
        for (size_t i = 0; i < n; i++)
            if (id_equal(&ids[i], &s->blobs[slot].id))
                buf_printf(answer, " %d", slot);
}

/* --- what happens to a side ------------------------------------------------------------------- */

void apply_faults(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    struct faulty_plan plan = {.seed = op->seed};
    if (op->seed)
        plan =
            (struct faulty_plan){.seed = op->seed, .applied = 120, .lost = 120, .unavailable = 60};
    buf_printf(answer, "%" PRIu64 " faults till now", faulty_count(s->faulty));
    faulty_set(s->faulty, &plan);
}

/* Faults end on both sides, since the one that is reopened forgets where it was in its plan. */
void apply_reopen(struct side *s, const struct op *op, struct arena *a, struct buf *answer)
{
    (void)a;
    faulty_set(s->faulty, &(struct faulty_plan){0});
    if (!(op->n & (1 << s->index))) {
        add_result(answer, 0);
        return;
    }
    store_free(s->store);
    s->store = NULL;
    int r = side_open(s);
    add_result(answer, r);
    if (r != 0)
        abort(); /* there is nothing to go on with */
}
