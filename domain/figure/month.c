/* Months that are over: written down once, and read again. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/figure/figure.h"

#define AT(T, member) .offset = offsetof(struct T, member)
#define COUNT(what) offsetof(struct figure, counts) + sizeof(int64_t) * (what)
#define NUMBER(name_, offset_)                                                                     \
    {                                                                                              \
        .name = name_, .type = ENTITY_INT, .offset = offset_                                       \
    }

static const struct entity row_entity = {
    .name = "FigureRow",
    .size = sizeof(struct figure),
    .fields =
        (const struct entity_field[]){
            {.name = "field", .type = ENTITY_TEXT, AT(figure, field), .max = 400},
            NUMBER("received", COUNT(FIGURE_RECEIVED)),
            NUMBER("supplied", COUNT(FIGURE_SUPPLIED)),
            NUMBER("with_reuse", COUNT(FIGURE_REUSED)),
            NUMBER("on_time", COUNT(FIGURE_ON_TIME)),
            NUMBER("late", COUNT(FIGURE_LATE)),
            NUMBER("satisfied", COUNT(FIGURE_SATISFIED_BY)),
            NUMBER("dissatisfied", COUNT(FIGURE_DISSATISFIED_BY)),
            NUMBER("rated", COUNT(FIGURE_RATED)),
            NUMBER("open", COUNT(FIGURE_OPEN)),
            NUMBER("open_late", COUNT(FIGURE_OPEN_LATE)),
            NUMBER("reused", offsetof(struct figure, reused)),
            NUMBER("given", offsetof(struct figure, given)),
            NUMBER("stars", offsetof(struct figure, stars)),
            NUMBER("unhappy_in_time", offsetof(struct figure, unhappy_in_time)),
            {0}},
};

const struct entity figure_month_entity = {
    .name = "FigureMonth",
    .size = sizeof(struct figure_month),
    .fields =
        (const struct entity_field[]){
            {.name = "month", .type = ENTITY_INT, AT(figure_month, month)},
            {.name = "agency", .type = ENTITY_TEXT, AT(figure_month, agency), .max = CASE_CODE_MAX},
            {.name = "frozen_at", .type = ENTITY_TIME, AT(figure_month, frozen_ms)},
            {.name = "rows",
             .type = ENTITY_LIST,
             AT(figure_month, rows),
             .max = FIGURE_FIELDS_MAX + 1,
             .of = &row_entity},
            {0}},
};

const struct store_collection figure_month_collection = {
    .name = "figure_month",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"month", "month", STORE_INT, false},
            {"agency", "agency", STORE_TEXT, false},
        },
    .n_fields = 2,
    .paths =
        (const struct store_path[]){
            {.name = "month",
             .why = "what was frozen of a month, by agency",
             .equals = {"month"},
             .order = "agency"},
        },
    .n_paths = 1,
};

static struct id month_id(int64_t month, const char *agency)
{
    const struct id_part parts[] = {{&month, sizeof(month)}, {agency, strlen(agency)}};
    return id_v8("figure.month", parts, ARRAY_LEN(parts));
}

static int read_month(const bson_t *doc, struct arena *a, struct figure_month *ret)
{
    *ret = (struct figure_month){0};
    return entity_decode(&figure_month_entity, doc, a, ret);
}

int figure_frozen(struct store *s, int64_t month, struct arena *a, int64_t *ret_ms)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct id id = month_id(month, "");
    struct figure_month m;
    *ret_ms = 0;
    int done = store_get(s, &figure_month_collection, &id, &doc);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    done = read_month(doc, a, &m);
    *ret_ms = m.frozen_ms;
    return done;
}

/* --- freezing --------------------------------------------------------------------------------- */

static int write_month(struct store *s, struct figure_month *m, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_new_doc doc = {.id = month_id(m->month, m->agency), .body = body};
    int done = entity_encode(&figure_month_entity, m, NULL, a, body);
    if (done == 0)
        done = store_insert(s, &figure_month_collection, &doc, 1);
    if (done != 0)
        return done;
    return doc.outcome == STORE_EXISTS ? 0 : doc.outcome;
}

static int freeze_agency(struct store *s, int64_t month, const char *agency, int64_t now_ms,
                         struct arena *a)
{
    struct figure_query q = {.agency = agency, .by = FIGURE_BY_FIELD};
    struct figure *rows = NULL;
    size_t n = 0;
    figure_month_days(month, &q.from, &q.to);
    int done = figure_gather(s, &q, a, &rows, &n);
    if (done != 0)
        return done;
    for (size_t i = FIGURE_FIELDS_MAX; i < n; i++) {
        struct figure *rest = &rows[FIGURE_FIELDS_MAX];
        rest->field = NULL;
        if (i > FIGURE_FIELDS_MAX)
            figure_add(rest, &rows[i]);
    }
    struct figure_month m = {
        month,
        agency,
        now_ms,
        {rows, n < FIGURE_FIELDS_MAX ? n : (size_t)FIGURE_FIELDS_MAX + (n > FIGURE_FIELDS_MAX)}};
    return write_month(s, &m, a);
}

static int freeze_month(struct store *s, int64_t month, int64_t now_ms, struct arena *a)
{
    struct figure_query q = {.by = FIGURE_BY_AGENCY};
    struct figure *agencies = NULL;
    size_t n = 0;
    figure_month_days(month, &q.from, &q.to);
    int done = figure_gather(s, &q, a, &agencies, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        if (agencies[i].agency && agencies[i].agency[0])
            done = freeze_agency(s, month, agencies[i].agency, now_ms, a);
    }
    struct figure_month whole = {.month = month, .agency = "", .frozen_ms = now_ms};
    return done == 0 ? write_month(s, &whole, a) : done;
}

static int64_t month_before(int64_t month)
{
    return month % 100 == 1 ? month - 89 : month - 1;
}

/* The month in which the first dossier was filed; 0: there is none. */
static int first_month(struct store *s, struct arena *a, int64_t *ret)
{
    struct store_query q = {.order = "day", .limit = 1};
    struct store_page page = {0};
    struct dossier_fact fact = {0};
    *ret = 0;
    int done = store_scan(s, &dossier_fact_collection, &q, a, &page);
    if (done == 0 && page.n > 0)
        done = entity_decode(&dossier_fact_entity, page.docs[0], a, &fact);
    *ret = fact.month;
    return done;
}

int figure_freeze(struct store *s, int64_t now_ms, struct arena *a, bool *ret_did)
{
    int64_t first = 0, oldest = 0, frozen = 0;
    int64_t month = month_before(figure_month_of(clock_day_number(now_ms - FIGURE_GRACE_MS)));
    *ret_did = false;
    int done = first_month(s, a, &first);
    for (int i = 0; done == 0 && first && month >= first && !frozen && i < FIGURE_BACK_MAX; i++) {
        done = figure_frozen(s, month, a, &frozen);
        if (!frozen)
            oldest = month;
        month = month_before(month);
    }
    if (done != 0 || !oldest)
        return done;
    *ret_did = true;
    return freeze_month(s, oldest, now_ms, a);
}

/* --- what was frozen -------------------------------------------------------------------------- */

struct sums {
    enum figure_by by;
    int64_t month;
    struct arena *arena;
    struct figure *items;
    size_t n, cap;
};

static struct figure *sum_of(struct sums *sums, const char *agency, const char *field)
{
    const char *key = sums->by == FIGURE_BY_AGENCY  ? agency
                      : sums->by == FIGURE_BY_FIELD ? field
                                                    : NULL;
    for (size_t i = 0; i < sums->n; i++) {
        const char *has =
            sums->by == FIGURE_BY_AGENCY ? sums->items[i].agency : sums->items[i].field;
        if (has == key || (has && key && strcmp(has, key) == 0))
            return &sums->items[i];
    }
    if (sums->n == sums->cap) {
        sums->cap = sums->cap ? sums->cap * 2 : 32;
        struct figure *grown = arena_array(sums->arena, sums->cap, sizeof(*grown));
        if (sums->n > 0)
            memcpy(grown, sums->items, sums->n * sizeof(*grown));
        sums->items = grown;
    }
    struct figure *f = &sums->items[sums->n++];
    *f = (struct figure){.agency = sums->by == FIGURE_BY_AGENCY ? key : NULL,
                         .field = sums->by == FIGURE_BY_FIELD ? key : NULL,
                         .month = sums->by == FIGURE_BY_MONTH ? sums->month : 0};
    return f;
}

static void add_month(struct sums *sums, const struct figure_month *m)
{
    const struct figure *rows = m->rows.items;
    for (size_t i = 0; i < m->rows.n; i++)
        figure_add(sum_of(sums, m->agency, rows[i].field), &rows[i]);
}

int figure_frozen_rows(struct store *s, int64_t month, const char *agency, enum figure_by by,
                       struct arena *a, struct figure **ret, size_t *ret_n)
{
    struct sums sums = {.by = by, .month = month, .arena = a};
    struct store_value of = store_int(month);
    struct store_condition is = {.field = "month", .op = STORE_EQ, .values = &of, .n_values = 1};
    struct store_query q = {
        .conditions = &is, .n_conditions = 1, .order = "agency", .limit = STORE_LIMIT_MAX};
    struct store_page page = {.more = true};
    int done = 0;
    while (done == 0 && page.more) {
        done = store_scan(s, &figure_month_collection, &q, a, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++) {
            struct figure_month m;
            done = read_month(page.docs[i], a, &m);
            if (done == 0 && (!agency || (m.agency && strcmp(m.agency, agency) == 0)))
                add_month(&sums, &m);
        }
        q.has_after = true;
        q.after = page.next;
    }
    *ret = sums.items;
    *ret_n = sums.n;
    return done;
}
