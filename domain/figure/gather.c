/* Tallies of dossier_fact put together, and the same conditions for a list. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/figure/figure.h"

const struct entity_name figure_names[] = {
    {0},
    [FIGURE_RECEIVED] = {"received", {"Tiếp nhận", "Received"}},
    [FIGURE_SUPPLIED] = {"supplied", {"Yêu cầu bổ sung", "Asked for papers"}},
    [FIGURE_REUSED] = {"reused", {"Có giấy tờ dùng lại", "With reused papers"}},
    [FIGURE_ON_TIME] = {"on_time", {"Giải quyết đúng hạn", "Concluded on time"}},
    [FIGURE_LATE] = {"late", {"Giải quyết quá hạn", "Concluded late"}},
    [FIGURE_SATISFIED_BY] = {"satisfied", {"Hài lòng", "Satisfied"}},
    [FIGURE_DISSATISFIED_BY] = {"dissatisfied", {"Không hài lòng", "Dissatisfied"}},
    [FIGURE_RATED] = {"rated", {"Được đánh giá", "Rated"}},
    [FIGURE_OPEN] = {"open", {"Đang xử lý", "In progress"}},
    [FIGURE_OPEN_LATE] = {"open_late", {"Đang xử lý, quá hạn", "In progress and late"}},
    {0},
};

int64_t figure_month_of(int64_t day)
{
    struct clock_date d = clock_date_of_day(day);
    return (int64_t)d.year * 100 + d.month;
}

bool figure_month_days(int64_t month, int64_t *ret_first, int64_t *ret_last)
{
    int year = (int)(month / 100), m = (int)(month % 100);
    int64_t next = 0;
    if (month < 197001 || month > 999911 || !clock_day_of_date(year, m, 1, ret_first) ||
        !clock_day_of_date(m == 12 ? year + 1 : year, m == 12 ? 1 : m + 1, 1, &next))
        return false;
    *ret_last = next - 1;
    return true;
}

/* --- rows ------------------------------------------------------------------------------------- */

struct rows {
    const struct figure_query *q;
    struct arena *arena;
    struct figure *items;
    size_t n, cap, last; /* tallies come sorted by group: the next is often the last */
};

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static struct figure key_of(const struct figure_query *q, const struct store_value *v)
{
    struct figure key = {.agency = q->agency};
    const char *text = v->type == STORE_TEXT ? v->text : NULL;
    if (q->by == FIGURE_BY_AGENCY)
        key.agency = text;
    else if (q->by == FIGURE_BY_FIELD)
        key.field = text;
    else if (q->by == FIGURE_BY_PROCEDURE)
        key.procedure = text;
    else
        key.month = v->type == STORE_INT ? v->number : 0;
    return key;
}

static bool is_row(const struct figure *f, const struct figure *key)
{
    return f->month == key->month && same(f->agency, key->agency) && same(f->field, key->field) &&
           same(f->procedure, key->procedure);
}

static struct figure *row_of(struct rows *r, const struct store_value *v)
{
    struct figure key = key_of(r->q, v);
    if (r->n > 0 && is_row(&r->items[r->last], &key))
        return &r->items[r->last];
    for (size_t i = 0; i < r->n; i++) {
        if (is_row(&r->items[i], &key)) {
            r->last = i;
            return &r->items[i];
        }
    }
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 32;
        struct figure *grown = arena_array(r->arena, r->cap, sizeof(*grown));
        if (r->n > 0)
            memcpy(grown, r->items, r->n * sizeof(*grown));
        r->items = grown;
    }
    r->items[r->n] = key;
    r->last = r->n;
    return &r->items[r->n++];
}

/* --- tallies ---------------------------------------------------------------------------------- */

/* One tally of facts whose `order` lies in a span. */
struct counting {
    const char *order;
    bool open;
    int64_t from, to; /* from < 0: from the beginning */
    const char *group[3];
    const char *sum;
};

static int count(struct store *s, const struct counting *c, const char *agency, struct arena *a,
                 struct store_tally_row **ret, size_t *ret_n)
{
    struct store_value of = store_text(agency), one = store_int(1);
    struct store_range span = {.has_low = c->from >= 0,
                               .has_high = true,
                               .low = store_int(c->from),
                               .high = store_int(c->to + 1)};
    struct store_condition conditions[3] = {
        {.field = c->order, .op = STORE_BETWEEN, .ranges = &span, .n_ranges = 1}};
    size_t n = 1;
    if (agency)
        conditions[n++] = (struct store_condition){
            .field = "agency", .op = STORE_EQ, .values = &of, .n_values = 1};
    if (c->open)
        conditions[n++] = (struct store_condition){
            .field = "open", .op = STORE_EQ, .values = &one, .n_values = 1};
    struct store_tally_query q = {.conditions = conditions,
                                  .n_conditions = n,
                                  .group = {c->group[0], c->group[1], c->group[2]},
                                  .sum = c->sum};
    return store_tally(s, &dossier_fact_collection, &q, a, ret, ret_n);
}

/* The field that rows are told apart by. */
static const char *field_of(enum figure_by by, const char *month)
{
    return by == FIGURE_BY_AGENCY      ? "agency"
           : by == FIGURE_BY_FIELD     ? "field"
           : by == FIGURE_BY_PROCEDURE ? "procedure"
                                       : month;
}

static int add_received(struct store *s, struct rows *r)
{
    const struct figure_query *q = r->q;
    struct counting c = {.order = "day", .from = q->from, .to = q->to};
    struct store_tally_row *found = NULL;
    size_t n = 0;
    c.group[0] = field_of(q->by, "month");
    c.group[1] = "supplied";
    c.group[2] = "reused";
    int done = count(s, &c, q->agency, r->arena, &found, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        struct figure *f = row_of(r, &found[i].group[0]);
        f->counts[FIGURE_RECEIVED] += found[i].count;
        f->counts[FIGURE_SUPPLIED] += found[i].group[1].number ? found[i].count : 0;
        f->counts[FIGURE_REUSED] += found[i].group[2].number ? found[i].count : 0;
        f->reused += found[i].group[2].number * found[i].count;
    }
    c.group[1] = c.group[2] = NULL;
    c.sum = "given";
    if (done == 0)
        done = count(s, &c, q->agency, r->arena, &found, &n);
    for (size_t i = 0; done == 0 && i < n; i++)
        row_of(r, &found[i].group[0])->given += found[i].sum;
    return done;
}

static void add_concluded_row(struct figure *f, bool late, int64_t rating, int64_t n)
{
    bool unhappy = rating > 0 && rating <= FIGURE_DISSATISFIED;
    f->counts[late ? FIGURE_LATE : FIGURE_ON_TIME] += n;
    f->counts[FIGURE_RATED] += rating ? n : 0;
    f->counts[FIGURE_SATISFIED_BY] += rating >= FIGURE_SATISFIED ? n : 0;
    f->counts[FIGURE_DISSATISFIED_BY] += unhappy ? n : 0;
    f->unhappy_in_time += unhappy && !late ? n : 0;
    f->stars += rating * n;
}

static int add_concluded(struct store *s, struct rows *r)
{
    const struct figure_query *q = r->q;
    struct counting c = {.order = "done", .from = q->from, .to = q->to};
    struct store_tally_row *found = NULL;
    size_t n = 0;
    c.group[0] = field_of(q->by, "done_month");
    c.group[1] = "late";
    c.group[2] = "rating";
    int done = count(s, &c, q->agency, r->arena, &found, &n);
    for (size_t i = 0; done == 0 && i < n; i++)
        add_concluded_row(row_of(r, &found[i].group[0]), found[i].group[1].number != 0,
                          found[i].group[2].number, found[i].count);
    return done;
}

/* By month: of what was received in that month. Of one agency the path knows by group alone. */
static int add_open(struct store *s, struct rows *r)
{
    const struct figure_query *q = r->q;
    bool by_month = q->by == FIGURE_BY_MONTH;
    struct counting c = {
        .order = "day", .open = true, .from = by_month ? q->from : -1, .to = q->to};
    struct store_tally_row *found = NULL;
    size_t n = 0;
    c.group[0] = field_of(q->by, "month");
    c.group[1] = "late";
    c.group[2] = q->by == FIGURE_BY_AGENCY ? NULL : "agency";
    int done = count(s, &c, NULL, r->arena, &found, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        const struct store_value *of = &found[i].group[c.group[2] ? 2 : 0];
        if (q->agency && (of->type != STORE_TEXT || strcmp(of->text, q->agency) != 0))
            continue;
        struct figure *f = row_of(r, &found[i].group[0]);
        f->counts[FIGURE_OPEN] += found[i].count;
        f->counts[FIGURE_OPEN_LATE] += found[i].group[1].number ? found[i].count : 0;
    }
    return done;
}

int figure_gather(struct store *s, const struct figure_query *q, struct arena *a,
                  struct figure **ret, size_t *ret_n)
{
    struct rows r = {.q = q, .arena = a};
    if (q->by == FIGURE_BY_PROCEDURE && !q->agency)
        return E_INVALID;
    int done = add_received(s, &r);
    if (done == 0)
        done = add_concluded(s, &r);
    if (done == 0)
        done = add_open(s, &r);
    *ret = r.items;
    *ret_n = r.n;
    return done;
}

void figure_add(struct figure *sum, const struct figure *one)
{
    for (int what = 1; what < FIGURE_KINDS; what++)
        sum->counts[what] += one->counts[what];
    sum->reused += one->reused;
    sum->given += one->given;
    sum->stars += one->stars;
    sum->unhappy_in_time += one->unhappy_in_time;
}

int64_t figure_share(int64_t part, int64_t of, int64_t whole)
{
    return (2 * part * whole + of) / (2 * of);
}

/* --- the list of a figure --------------------------------------------------------------------- */

static void is(struct figure_list *l, const char *field, struct store_value value)
{
    l->values[l->n] = value;
    l->conditions[l->n] = (struct store_condition){
        .field = field, .op = STORE_EQ, .values = &l->values[l->n], .n_values = 1};
    l->n++;
}

static void between(struct figure_list *l, const char *field, struct store_range *range,
                    int64_t low, int64_t high)
{
    *range = (struct store_range){
        .has_low = low >= 0, .has_high = true, .low = store_int(low), .high = store_int(high + 1)};
    l->conditions[l->n++] = (struct store_condition){
        .field = field, .op = STORE_BETWEEN, .ranges = range, .n_ranges = 1};
}

void figure_conditions(struct figure_list *l)
{
    bool concluded = l->what >= FIGURE_ON_TIME && l->what <= FIGURE_RATED;
    l->n = 0;
    l->order = concluded ? "done" : "day";
    between(l, l->order, &l->days, l->from, l->to);
    if (l->what == FIGURE_OPEN || l->what == FIGURE_OPEN_LATE)
        is(l, "open", store_int(1));
    if (l->agency)
        is(l, "agency", store_text(l->agency));
    if (l->field)
        is(l, "field", store_text(l->field));
    if (l->procedure)
        is(l, "procedure", store_text(l->procedure));
    if (l->month)
        is(l, concluded ? "done_month" : "month", store_int(l->month));
    if (l->what == FIGURE_SUPPLIED)
        is(l, "supplied", store_int(1));
    else if (l->what == FIGURE_REUSED)
        between(l, "reused", &l->range, 1, DOSSIER_COMPONENTS_MAX);
    else if (l->what == FIGURE_ON_TIME)
        is(l, "late", store_int(0));
    else if (l->what == FIGURE_LATE || l->what == FIGURE_OPEN_LATE)
        is(l, "late", store_int(1));
    else if (l->what == FIGURE_SATISFIED_BY)
        between(l, "rating", &l->range, FIGURE_SATISFIED, 5);
    else if (l->what == FIGURE_DISSATISFIED_BY)
        between(l, "rating", &l->range, 1, FIGURE_DISSATISFIED);
    else if (l->what == FIGURE_RATED)
        between(l, "rating", &l->range, 1, 5);
}
