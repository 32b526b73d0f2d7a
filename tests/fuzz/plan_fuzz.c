/*
 * Queries of every shape on a real collection: refused, or a plan that keeps to its bounds and
 * binds what it says.
 */
#include "base/result.h"
#include "domain/report/report.h"
#include "store/plan.h"
#include "tests/fuzz/feed.h"

#define CONDITIONS 14
#define VALUES 24
#define TIMES 9

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char *field_name(struct feed *f, const struct store_collection *c)
{
    size_t i = feed_choice(f, c->n_fields + 2);
    return i < c->n_fields ? c->fields[i].name : i == c->n_fields ? "_id" : "no_such";
}

static struct store_value value(struct feed *f, const struct store_collection *c, const char *name)
{
    int i = store_field_index(c, name);
    enum store_type type = i >= 0 ? c->fields[i].type : STORE_INT;
    if (feed_choice(f, 16) == 0)
        type = (enum store_type)feed_choice(f, 5);
    struct store_value v = {.type = type, .number = (int8_t)feed_byte(f), .text = "x"};
    v.id.bytes[0] = (uint8_t)v.number;
    return v;
}

static void draw_ranges(struct feed *f, const struct store_collection *c, const char *name,
                        struct store_condition *k, struct arena *a)
{
    struct store_range *ranges = arena_array(a, TIMES, sizeof(*ranges));
    k->ranges = ranges;
    k->n_ranges = feed_choice(f, TIMES);
    for (size_t i = 0; i < k->n_ranges; i++)
        ranges[i] = (struct store_range){.has_low = feed_choice(f, 4) > 0,
                                         .has_high = feed_choice(f, 4) > 0,
                                         .low = value(f, c, name),
                                         .high = value(f, c, name)};
}

static struct store_condition draw(struct feed *f, const struct store_collection *c,
                                   struct arena *a)
{
    static const char *const words[] = {"duong", "hoa", "b"};
    struct store_condition k = {.field = field_name(f, c), .op = (enum store_op)feed_choice(f, 6)};
    if (k.op == STORE_BETWEEN)
        draw_ranges(f, c, k.field, &k, a);
    if (k.op == STORE_HAS) {
        k.words = words;
        k.n_words = feed_choice(f, 4);
    }
    if (k.op == STORE_EQ || k.op == STORE_IN) {
        struct store_value *values = arena_array(a, VALUES, sizeof(*values));
        k.n_values = feed_choice(f, VALUES);
        k.values = values;
        for (size_t i = 0; i < VALUES; i++)
            values[i] = value(f, c, k.field);
    }
    return k;
}

static void check_plan(const struct store_collection *c, const struct plan *p, size_t n_conditions)
{
    struct store_value equals[STORE_EQUALS_MAX];
    size_t combinations = plan_combinations(p);
    check(p->path < (int)c->n_paths && p->sub_scans <= STORE_SUBSCANS_MAX);
    check((p->used >> n_conditions) == 0);
    check(p->n_equals <= STORE_EQUALS_MAX && combinations <= STORE_SUBSCANS_MAX);
    for (size_t i = 0; p->path >= 0 && i < combinations; i++) {
        plan_equals(p, i, equals);
        for (size_t e = 0; e < p->n_equals; e++) {
            int at = store_field_index(c, c->paths[p->path].equals[e]);
            check(at >= 0 && equals[e].type == c->fields[at].type);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct store_collection *const collections[] = {
        &report_collection, &report_public_collection, &report_fact_collection};
    struct feed f = feed_of(bytes, n);
    const struct store_collection *c = collections[feed_choice(&f, 3)];
    struct store_condition conditions[CONDITIONS];
    struct arena a;
    struct plan p;
    arena_init(&a);
    size_t n_conditions = feed_choice(&f, CONDITIONS + 1);
    for (size_t i = 0; i < n_conditions; i++)
        conditions[i] = draw(&f, c, &a);
    struct store_query q = {.conditions = conditions,
                            .n_conditions = n_conditions,
                            .order = feed_choice(&f, 5) ? field_name(&f, c) : NULL,
                            .descending = feed_choice(&f, 2),
                            .limit = feed_choice(&f, 3) ? 20 : feed_byte(&f)};
    int done = plan_choose(c, &q, &p);
    check(done == 0 || done == E_PLAN || done == E_INVALID);
    if (done == 0)
        check_plan(c, &p, n_conditions);
    struct store_tally_query t = {.conditions = conditions, .n_conditions = n_conditions};
    for (size_t i = 0, groups = feed_choice(&f, 4); i < groups; i++)
        t.group[i] = field_name(&f, c);
    t.sum = feed_choice(&f, 2) ? field_name(&f, c) : NULL;
    done = plan_choose_tally(c, &t, &p);
    check(done == 0 || done == E_PLAN || done == E_INVALID);
    if (done == 0)
        check_plan(c, &p, n_conditions);
    arena_release(&a);
    return 0;
}
