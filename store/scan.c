/*
 * Reading a page: the plan's sub-scans as cursors of one session, merged by (order key, id). At
 * most STORE_LOOK_MAX rows are looked at; a page may be short, and its cursor leads on.
 */
#include <string.h>

#include "base/result.h"
#include "store/private.h"
#include "store/residual.h"

struct branch {
    struct store_cursor *cursor;
    struct store_row row;
    bool live; /* row is valid */
};

struct merge {
    struct store *store;
    const struct store_collection *collection;
    const struct store_query *query;
    struct plan plan;
    struct store_session *session;
    struct branch branches[STORE_SUBSCANS_MAX];
    size_t n;
    bool has_last;
    struct store_position last; /* the row taken last; its text in `text` */
    char text[STORE_TEXT_MAX + 1];
};

static int compare_positions(const struct store_position *a, const struct store_position *b)
{
    int order = a->key.type && b->key.type ? store_value_compare(&a->key, &b->key) : 0;
    return order ? order : id_compare(&a->id, &b->id);
}

/* Nothing of the range lies behind the cursor's position. */
static bool range_over(const struct merge *m, const struct store_range *r)
{
    const struct store_query *q = m->query;
    if (!q->has_after || !q->after.key.type)
        return false;
    if (q->descending)
        return r->has_low && store_value_compare(&r->low, &q->after.key) > 0;
    return r->has_high && store_value_compare(&r->high, &q->after.key) <= 0;
}

static bool range_empty(const struct store_range *r)
{
    return r->has_low && r->has_high && store_value_compare(&r->low, &r->high) >= 0;
}

static int advance(struct merge *m, struct branch *b)
{
    int got = m->store->driver->ops->next(b->cursor, &b->row);
    b->live = got == 1;
    return got < 0 ? got : 0;
}

/* Of several sub-scans none gives the whole page, though one may give more than its share. */
static size_t rows_expected(const struct merge *m)
{
    size_t n = m->plan.sub_scans;
    return (n > 1 ? 2 * m->query->limit / n : m->query->limit) + 1;
}

static int open_branch(struct merge *m, size_t combination, const struct store_range *range)
{
    const struct store_query *q = m->query;
    struct store_scan scan = {
        .collection = m->collection,
        .path = m->plan.path,
        .has_after = q->has_after,
        .after = q->after,
        .descending = q->descending,
        .batch = rows_expected(m),
    };
    if (range)
        scan.range = *range;
    if (m->plan.words) {
        scan.words = m->plan.words->words;
        scan.n_words = m->plan.words->n_words;
        scan.last_is_prefix = m->plan.words->last_is_prefix;
    }
    plan_equals(&m->plan, combination, scan.equals);
    struct branch *b = &m->branches[m->n];
    int done = m->store->driver->ops->scan(m->session, &scan, &b->cursor);
    if (done != 0)
        return done;
    m->n++;
    return advance(m, b);
}

static int open_branches(struct merge *m)
{
    size_t combinations = plan_combinations(&m->plan);
    for (size_t i = 0; i < combinations; i++) {
        int done = 0;
        if (!m->plan.ranges)
            done = open_branch(m, i, NULL);
        for (size_t r = 0; done == 0 && m->plan.ranges && r < m->plan.n_ranges; r++) {
            const struct store_range *range = &m->plan.ranges[r];
            if (!range_over(m, range) && !range_empty(range))
                done = open_branch(m, i, range);
        }
        if (done != 0)
            return done;
    }
    return 0;
}

/* The branch whose row comes next; NULL at the end. At most 64: no heap is needed. */
static struct branch *foremost(struct merge *m)
{
    struct branch *best = NULL;
    for (size_t i = 0; i < m->n; i++) {
        struct branch *b = &m->branches[i];
        if (!b->live)
            continue;
        int order = best ? compare_positions(&b->row.position, &best->row.position) : -1;
        if (!best || (m->query->descending ? order > 0 : order < 0))
            best = b;
    }
    return best;
}

static void remember(struct merge *m, const struct store_position *p)
{
    m->last = *p;
    m->has_last = true;
    if (p->key.type == STORE_TEXT) {
        size_t n = strlen(p->key.text);
        memcpy(m->text, p->key.text, n < sizeof(m->text) ? n + 1 : sizeof(m->text));
        m->last.key.text = m->text;
    }
}

static struct store_position keep_position(const struct merge *m, struct arena *a)
{
    struct store_position p = m->last;
    if (p.key.type == STORE_TEXT)
        p.key.text = arena_strdup(a, p.key.text);
    return p;
}

static const bson_t *keep_doc(const bson_t *doc, struct arena *a)
{
    bson_t *kept = arena_aligned(a, sizeof(*kept), _Alignof(bson_t));
    bson_init_static(kept, arena_dup(a, bson_get_data(doc), doc->len), doc->len);
    return kept;
}

static int check_form(const struct store_collection *c, const bson_t *doc)
{
    bson_iter_t it;
    if (!bson_iter_init_find(&it, doc, "form"))
        return E_CORRUPT;
    return bson_iter_as_int64(&it) > c->form ? E_FORM : 0;
}

/*
 * Takes rows until the page is full and one more was seen. `next` is the last row of the page if
 * another matched behind it, or the last row looked at if the look ended first.
 */
static int fill_page(struct merge *m, struct arena *a, struct store_page *ret)
{
    struct store_position next = {0};
    for (struct branch *b; (b = foremost(m));) {
        bool again = m->has_last && compare_positions(&m->last, &b->row.position) == 0;
        if (!again) {
            if (ret->looked_at == STORE_LOOK_MAX) {
                ret->more = true;
                ret->next = keep_position(m, a);
                return 0;
            }
            ret->looked_at++;
            int done = check_form(m->collection, &b->row.doc);
            if (done < 0)
                return done;
            int holds = residual_holds(m->collection, m->query, m->plan.used, &b->row.doc);
            if (holds < 0)
                return holds;
            if (holds && ret->n == m->query->limit) {
                ret->more = true;
                ret->next = next;
                return 0;
            }
            remember(m, &b->row.position);
            if (holds) {
                ret->docs[ret->n++] = keep_doc(&b->row.doc, a);
                next = keep_position(m, a);
            }
        }
        int done = advance(m, b);
        if (done < 0)
            return done;
    }
    return 0;
}

/* A cursor made for another order would be compared with what it is not. */
static bool cursor_fits(const struct store_collection *c, const struct plan *p,
                        const struct store_position *after)
{
    enum store_type wanted = STORE_INT; /* arrival */
    if (p->path != STORE_PATH_WORDS) {
        const char *order = p->path == STORE_PATH_ID ? NULL : c->paths[p->path].order;
        if (!order)
            return true; /* by id: the key does not count */
        wanted = c->fields[store_field_index(c, order)].type;
    }
    return after->key.type == wanted && (wanted != STORE_TEXT || after->key.text);
}

int store_scan(struct store *s, const struct store_collection *c, const struct store_query *q,
               struct arena *a, struct store_page *ret)
{
    struct merge m = {.store = s, .collection = c, .query = q}; /* some 20 KB of stack */
    int done = plan_choose(c, q, &m.plan);
    if (done != 0)
        return done;
    if (q->has_after && !cursor_fits(c, &m.plan, &q->after))
        return E_INVALID;
    *ret = (struct store_page){.docs = arena_array(a, q->limit, sizeof(*ret->docs))};
    done = s->driver->ops->begin(s->driver, &m.session);
    if (done != 0)
        return done;
    done = open_branches(&m);
    if (done == 0)
        done = fill_page(&m, a, ret);
    s->driver->ops->end(m.session);
    return done;
}
