/* Who files what, where and when; and writing it down in batches. */
#include "programs/seed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "schemas/schema.h"

#define BATCH 64
#define AROUND_M 2500.0 /* how far from a commune's centre reports lie, at most */
#define METRES_A_DEGREE 110574.0

/* --- chance (splitmix64, Sebastiano Vigna) ---------------------------------------------------- */

static uint64_t next(struct seed_random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t seed_draw(struct seed_random *r, uint64_t below)
{
    return next(r) % below;
}

bool seed_chance(struct seed_random *r, unsigned percent)
{
    return seed_draw(r, 100) < percent;
}

int64_t seed_span(struct seed_random *r, int64_t least, int64_t most)
{
    double x = (double)(next(r) >> 11) * 0x1p-53;
    return least + (int64_t)((double)(most - least) * x * x * x);
}

/* --- what is prepared once -------------------------------------------------------------------- */

struct seeding {
    const struct seed_world *world;
    const struct seed_options *options;
    struct seed_random random;
    struct arena arena; /* lives as long as the seeding */
    struct id *citizens;
    struct seed_hands *hands;
    const struct category **categories; /* that take reports */
    size_t n_categories;
    int64_t *times; /* of filing, ascending */
    struct seed_counts counts;
};

static int make_citizens(struct seeding *s)
{
    s->citizens = arena_array(&s->arena, (size_t)s->options->citizens, sizeof(*s->citizens));
    s->counts.citizens = s->options->citizens;
    return seed_citizens(s->world, s->options, s->citizens);
}

static struct id stand_in(const char *role, const char *agency)
{
    const struct id_part parts[] = {{role, strlen(role)}, {agency, strlen(agency)}};
    return id_v8("seed.staff", parts, ARRAY_LEN(parts));
}

static int find_hands(struct seeding *s)
{
    const struct catalogue *c = s->world->catalogue;
    s->hands = arena_array(&s->arena, c->n_agencies, sizeof(*s->hands));
    for (size_t i = 0; i < c->n_agencies; i++) {
        const char *code = c->agencies[i].code;
        struct staff *staff = NULL;
        size_t n = 0;
        s->hands[i] = (struct seed_hands){stand_in("officer", code), stand_in("leader", code)};
        int done = staff_of_agency(s->world->stores->data, code, 0, &s->arena, &staff, &n);
        if (done != 0)
            return done;
        for (size_t j = 0; j < n; j++) {
            if (staff[j].role == STAFF_LEADER)
                s->hands[i].leader = staff[j].id;
            else if (staff[j].role == STAFF_OFFICER || staff[j].role == STAFF_DISPATCHER)
                s->hands[i].officer = staff[j].id;
        }
    }
    return 0;
}

static int find_categories(struct seeding *s)
{
    const struct catalogue *c = s->world->catalogue;
    s->categories = arena_array(&s->arena, c->n_categories, sizeof(*s->categories));
    for (size_t i = 0; i < c->n_categories; i++) {
        if (c->categories[i].active && !c->categories[i].redirect)
            s->categories[s->n_categories++] = &c->categories[i];
    }
    return s->n_categories > 0 && catalogue_dispatcher(c) ? 0 : E_INVALID;
}

static int ascending(const void *x, const void *y)
{
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

int64_t *seed_times(const struct seed_options *o, struct seed_random *r, int64_t n, struct arena *a)
{
    int64_t *times = arena_array(a, (size_t)n, sizeof(*times));
    for (int64_t i = 0; i < n; i++) {
        int64_t ago = (int64_t)seed_draw(r, (uint64_t)o->days);
        int64_t day = clock_day_number(o->now_ms) - ago;
        int64_t hour =
            seed_chance(r, 85) ? 6 + (int64_t)seed_draw(r, 16) : (int64_t)seed_draw(r, 24);
        int64_t at = clock_day_start_ms(day) + hour * 3600000 + (int64_t)seed_draw(r, 3600000);
        times[i] = at < o->now_ms ? at : at - CLOCK_DAY_MS;
    }
    qsort(times, (size_t)n, sizeof(*times), ascending);
    return times;
}

/* --- one report ------------------------------------------------------------------------------- */

static struct point point_near(struct seeding *s, const struct commune *c)
{
    double angle = (double)seed_draw(&s->random, 3600) / 1800 * M_PI;
    double metres = AROUND_M * sqrt((double)seed_draw(&s->random, 10000) / 10000);
    double lat = c->lat + metres * cos(angle) / METRES_A_DEGREE;
    double lon = c->lon + metres * sin(angle) / (METRES_A_DEGREE * cos(c->lat * M_PI / 180));
    return (struct point){round(lat * 1e6) / 1e6, round(lon * 1e6) / 1e6, true};
}

/* Answers are given only where the questions in force take them. */
static const char *answers_for(struct seeding *s, const struct category *k, struct arena *a)
{
    const struct schema *questions = catalogue_questions(s->world->catalogue, k);
    const char *text = questions ? seed_answers(k->code, &s->random) : NULL;
    CLEANUP(json_decrefp) json_t *value = text ? json_loads(text, 0, NULL) : NULL;
    struct schema_violations violations;
    return value && schema_check(questions, value, a, NULL, &violations) == 0 ? text : NULL;
}

static void compose(struct seeding *s, int64_t i, int64_t number, struct arena *a,
                    struct report *ret, const char **ret_answer)
{
    const struct category *k = s->categories[seed_draw(&s->random, s->n_categories)];
    const struct commune *c =
        area_at(s->world->areas, seed_draw(&s->random, area_count(s->world->areas)));
    const struct agency *agency = catalogue_route(s->world->catalogue, k->code, c->code);
    const struct agency *dispatcher = catalogue_dispatcher(s->world->catalogue);
    const struct seed_text *text = seed_text_of(k->code, &s->random);
    const struct id *owner = &s->citizens[seed_draw(&s->random, (uint64_t)s->options->citizens)];
    const char *key =
        arena_printf(a, "seed-%llu-%lld", (unsigned long long)s->options->random, (long long)i);
    const char *where = seed_landmark(&s->random);
    *ret = (struct report){
        .head = {.id = report_id(owner, key),
                 .number = case_number(a, report_kind.prefix, s->times[i], number),
                 .owner = *owner,
                 .actor = *owner,
                 .agency = agency ? agency->code : dispatcher->code,
                 .state = agency ? REPORT_DISPATCHED : REPORT_NEW},
        .category = k->code,
        .text = arena_printf(a, "%s Vị trí: %s, %s.", text->text, where, c->full_name),
        .address = arena_printf(a, "%s, %s", where, c->full_name),
        .point = point_near(s, c),
        .commune = c->code,
        .place = PLACE_CHOICE,
        .consent = seed_chance(&s->random, 70),
        .approval = k->approval,
        .proof = false, /* there are no photos to prove anything with */
    };
    ret->answers = answers_for(s, k, a);
    ret->answers_form = ret->answers ? k->questions_form : 0;
    *ret_answer = text->answer;
}

/* --- writing ---------------------------------------------------------------------------------- */

struct batch {
    struct store_new_doc reports[BATCH], facts[BATCH], publics[BATCH];
    size_t n, n_facts, n_publics;
};

static const char *category_name(void *ctx, const char *code)
{
    const struct category *k =
        catalogue_category(((const struct seed_world *)ctx)->catalogue, code);
    return k ? k->name : NULL;
}

static const char *commune_name(void *ctx, const char *code)
{
    const struct commune *c = area_by_code(((const struct seed_world *)ctx)->areas, code);
    return c ? c->full_name : NULL;
}

static int encode(const struct entity *e, void *record, const struct id *id, struct arena *a,
                  struct store_new_doc *ret)
{
    bson_t *body = bson_new();
    int done = entity_encode(e, record, NULL, a, body);
    *ret = (struct store_new_doc){.id = *id, .body = body};
    return done;
}

/* The report and what it projects to, as the dispatcher would have made it. */
static int add(struct seeding *s, struct batch *b, struct report *r, struct arena *a)
{
    const struct case_names names = {category_name, commune_name, (void *)(uintptr_t)s->world};
    struct report_fact fact;
    struct report_public public;
    report_project_fact(r, s->world->calendar, a, &fact);
    size_t at = b->n++;
    b->n_facts = b->n;
    int done = encode(&report_entity, r, &r->head.id, a, &b->reports[at]);
    int also = encode(&report_fact_entity, &fact, &r->head.id, a, &b->facts[at]);
    if (done == 0)
        done = also;
    if (done == 0 && report_project_public(r, a, &public)) {
        report_public_words(&public, &names, a);
        done = encode(&report_public_entity, &public, &r->head.id, a, &b->publics[b->n_publics++]);
    }
    s->counts.open += report_kind.states[r->head.state].open;
    return done;
}

int seed_insert(const struct seed_world *w, const struct store_collection *c,
                struct store_new_doc *docs, size_t n, int64_t *ret_repeated)
{
    int done = n > 0 ? store_insert(w->stores->data, c, docs, n) : 0;
    for (size_t i = 0; i < n && done == 0; i++) {
        if (docs[i].outcome < 0)
            done = docs[i].outcome;
        *ret_repeated += docs[i].outcome == STORE_EXISTS;
    }
    return done;
}

static void batch_clear(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        bson_destroy((bson_t *)(uintptr_t)b->reports[i].body);
    for (size_t i = 0; i < b->n_facts; i++)
        bson_destroy((bson_t *)(uintptr_t)b->facts[i].body);
    for (size_t i = 0; i < b->n_publics; i++)
        bson_destroy((bson_t *)(uintptr_t)b->publics[i].body);
    *b = (struct batch){0};
}

/* Of a report that was there before, the projections are not touched either. */
static void leave_out_repeated(struct batch *b)
{
    size_t facts = 0, publics = 0, next_public = 0;
    for (size_t i = 0; i < b->n; i++) {
        bool is_public =
            next_public < b->n_publics && id_equal(&b->publics[next_public].id, &b->reports[i].id);
        bool fresh = b->reports[i].outcome == 0;
        struct store_new_doc *fact = &b->facts[i], *public = &b->publics[next_public];
        next_public += is_public;
        if (fresh) {
            b->facts[facts++] = *fact;
            if (is_public)
                b->publics[publics++] = *public;
            continue;
        }
        bson_destroy((bson_t *)(uintptr_t)fact->body);
        if (is_public)
            bson_destroy((bson_t *)(uintptr_t) public->body);
    }
    b->n_facts = facts;
    b->n_publics = publics;
}

static int flush(struct seeding *s, struct batch *b)
{
    int64_t repeated = 0, none = 0;
    int done = seed_insert(s->world, &report_collection, b->reports, b->n, &repeated);
    if (done == 0) {
        leave_out_repeated(b);
        done = seed_insert(s->world, &report_fact_collection, b->facts, b->n_facts, &none);
    }
    if (done == 0)
        done = seed_insert(s->world, &report_public_collection, b->publics, b->n_publics, &none);
    s->counts.reports += (int64_t)b->n - repeated;
    s->counts.repeated += repeated;
    s->counts.published += (int64_t)b->n_publics;
    batch_clear(b);
    return done;
}

/* The numbers of one day come from its counter at once. */
static int take_numbers(struct seeding *s, int64_t from, int64_t *ret_end, int64_t *ret_first)
{
    int64_t day = clock_day_number(s->times[from]), end = from;
    struct arena a;
    arena_init(&a);
    while (end < s->options->reports && clock_day_number(s->times[end]) == day)
        end++;
    int64_t last = 0;
    int done = store_bump(s->world->stores->data,
                          case_counter(&a, report_kind.prefix, s->times[from]), end - from, &last);
    arena_release(&a);
    *ret_end = end;
    *ret_first = last - (end - from) + 1;
    return done;
}

static int make_report(struct seeding *s, struct batch *b, int64_t i, int64_t number,
                       struct arena *a)
{
    struct report r;
    struct seed_walk walk = {.world = s->world,
                             .random = &s->random,
                             .arena = a,
                             .hands = s->hands,
                             .end_ms = s->options->now_ms};
    compose(s, i, number, a, &r, &walk.answer);
    int done = seed_walk(&walk, &r, s->times[i]);
    return done == 0 ? add(s, b, &r, a) : done;
}

static int make_reports(struct seeding *s)
{
    struct batch *b = ARENA_NEW(&s->arena, struct batch);
    int64_t end = 0, first = 0, day_start = 0;
    int done = 0;
    struct arena a;
    arena_init(&a);
    for (int64_t i = 0; i < s->options->reports && done == 0; i++) {
        if (i == end) {
            day_start = i;
            done = take_numbers(s, i, &end, &first);
        }
        if (done == 0)
            done = make_report(s, b, i, first + (i - day_start), &a);
        if (done == 0 && (b->n == BATCH || i + 1 == s->options->reports)) {
            done = flush(s, b);
            arena_release(&a);
            s->options->tell("reports", i + 1, s->options->reports, s->options->ctx);
        }
    }
    batch_clear(b);
    arena_release(&a);
    return done;
}

int seed_fill(const struct seed_world *w, const struct seed_options *o, struct seed_counts *ret)
{
    struct seeding s = {.world = w, .options = o, .random = {o->random}};
    arena_init(&s.arena);
    int done = find_categories(&s);
    if (done == 0)
        done = make_citizens(&s);
    if (done == 0)
        done = find_hands(&s);
    if (done == 0) {
        s.times = seed_times(o, &s.random, o->reports, &s.arena);
        done = make_reports(&s);
    }
    if (done == 0 && o->dossiers > 0)
        done = seed_dossiers(w, o, s.citizens, s.hands, &s.counts.dossiers);
    *ret = s.counts;
    arena_release(&s.arena);
    return done;
}
