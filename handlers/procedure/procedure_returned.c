/* Why dossiers of a procedure are most often sent back: counted from officers' verdicts. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/figure/figure.h"
#include "handlers/procedure/procedures.h"

#define DAYS 365    /* that are counted, back from today */
#define REASONS 200 /* told apart */
#define SHOWN 5
#define LEAST 5 /* dossiers: fewer are not shown, so that nobody's is */

struct reason {
    const char *word; /* "component/verdict" */
    int64_t n;
};

struct count {
    struct reason reasons[REASONS];
    size_t n;
    int64_t dossiers;
};

static void add(struct count *c, const char *word)
{
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(c->reasons[i].word, word) == 0) {
            c->reasons[i].n++;
            return;
        }
    }
    if (c->n < REASONS)
        c->reasons[c->n++] = (struct reason){word, 1};
}

/* The newest of the year, as many as one page looks at. */
static int gather(const struct request *req, const char *procedure, struct count *ret)
{
    struct store_value of = store_text(procedure), yes = store_int(1);
    struct store_range days = {.has_low = true,
                               .low = store_int(clock_day_number(req->now_ms) - DAYS)};
    const struct store_condition conditions[] = {
        {.field = "procedure", .op = STORE_EQ, .values = &of, .n_values = 1},
        {.field = "supplied", .op = STORE_EQ, .values = &yes, .n_values = 1},
        {.field = "day", .op = STORE_BETWEEN, .ranges = &days, .n_ranges = 1}};
    struct store_query q = {.conditions = conditions,
                            .n_conditions = ARRAY_LEN(conditions),
                            .order = "day",
                            .descending = true,
                            .limit = STORE_LIMIT_MAX};
    struct store_page page = {0};
    int done = store_scan(app_of(req)->store, &dossier_fact_collection, &q, req->arena, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct dossier_fact fact = {0};
        done = entity_decode(&dossier_fact_entity, page.docs[i], req->arena, &fact);
        for (size_t j = 0; done == 0 && j < fact.returned.n; j++)
            add(ret, fact.returned.items[j]);
        ret->dossiers++;
    }
    return done;
}

static int by_count(const void *x, const void *y)
{
    const struct reason *a = x, *b = y;
    return a->n != b->n ? (a->n > b->n ? -1 : 1) : strcmp(a->word, b->word);
}

static const struct procedure_component *component_of(const struct procedure *p, const char *word)
{
    const struct procedure_component *items = p->components.items;
    size_t n = strcspn(word, "/");
    for (size_t i = 0; i < p->components.n; i++) {
        if (strlen(items[i].code) == n && memcmp(items[i].code, word, n) == 0)
            return &items[i];
    }
    return NULL;
}

static json_t *reason_json(const struct request *req, const struct procedure *p,
                           const struct reason *r, int64_t all)
{
    int language = req->language == LANGUAGE_EN;
    const struct procedure_component *c = component_of(p, r->word);
    const char *slash = strchr(r->word, '/');
    int verdict = slash ? entity_enum_value(dossier_verdicts, slash + 1) : 0;
    if (!c || !verdict)
        return NULL; /* of a version that is no longer in force */
    const char *name = procedure_words(language, c->name, c->name_en);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:I}", "component", c->code, "name", name, "verdict", slash + 1,
        "words",
        arena_printf(req->arena, "%s: %s", name, dossier_verdicts[verdict].label[language]),
        "percent", (json_int_t)figure_share(r->n, all, 100));
}

int procedure_returned(const struct request *req, const struct procedure *p, json_t **ret)
{
    struct count c = {0};
    int done = gather(req, p->code, &c);
    if (done != 0)
        return done;
    *ret = json_array();
    if (c.n > 0)
        qsort(c.reasons, c.n, sizeof(*c.reasons), by_count);
    for (size_t i = 0; i < c.n && json_array_size(*ret) < SHOWN; i++) {
        json_t *one =
            c.reasons[i].n >= LEAST ? reason_json(req, p, &c.reasons[i], c.dossiers) : NULL;
        if (one)
            json_array_append_new(*ret, one);
    }
    return 0;
}
