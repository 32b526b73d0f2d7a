/* Made-up dossiers: who hands in what, where and when; and writing it down in batches. */
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "programs/seed.h"

#define BATCH 64
#define APART UINT64_C(0x5eed0d05) /* other choices than those of reports */

/* What is handed in: the applicant's name stands twice in a form, the commune once. */
static const struct kind {
    const char *procedure, *form;
    const char *components[3];
} kinds[] = {
    {"1.001193",
     "{\"applicant_name\":\"%1$s\",\"child_birth\":\"2026-01-02\",\"child_birthplace\":\"Bệnh viện "
     "Sản - Nhi Cà Mau\",\"child_name\":\"Trần Minh Khang\",\"child_sex\":\"male\",\"commune\":"
     "\"%2$s\",\"late\":false,\"married\":false,\"mother\":{\"birth\":\"1990-05-17\",\"name\":"
     "\"%1$s\",\"nationality\":\"vn\"},\"relation\":\"mother\"}",
     {"giay_chung_sinh"}},
    {"1.001193",
     "{\"applicant_name\":\"%1$s\",\"child_birth\":\"2024-03-04\",\"child_birthplace\":\"Trạm y tế "
     "xã\",\"child_name\":\"Lê Ngọc Ánh\",\"child_sex\":\"female\",\"commune\":\"%2$s\",\"late\":"
     "true,\"married\":false,\"mother\":{\"birth\":\"1992-08-09\",\"name\":\"%1$s\","
     "\"nationality\":\"vn\"},\"relation\":\"mother\"}",
     {"giay_chung_sinh"}},
    {"1.004873",
     "{\"again\":false,\"birth\":\"1995-02-03\",\"card\":\"096095001234\",\"commune\":\"%2$s\","
     "\"name\":\"%1$s\",\"purpose\":\"property\",\"status\":\"never\"}",
     {"to_khai"}},
    {"1.001612",
     "{\"address\":\"Chợ trung tâm\",\"birth\":\"1988-07-21\",\"capital\":50000000,\"card\":"
     "\"096088004321\",\"commune\":\"%2$s\",\"lines\":[\"Bán lẻ thủy sản\"],\"name\":\"Hộ kinh "
     "doanh %1$s\",\"opens\":\"2026-01-15\",\"owner\":\"%1$s\",\"owners\":\"person\",\"phone\":"
     "\"0912345678\",\"workers\":2}",
     {"giay_de_nghi"}},
};

struct seeding {
    const struct seed_world *world;
    const struct seed_options *options;
    const struct id *citizens;
    const struct seed_hands *hands;
    const struct procedure_book *book;
    struct seed_random random;
    struct arena arena; /* lives as long as the seeding */
    const struct agency **desks;
    size_t n_desks;
    int64_t *times;
    size_t *desk_of;              /* of each dossier: index in desks */
    int64_t *next_number, *taken; /* of each desk, today */
};

static int find_desks(struct seeding *s)
{
    const struct catalogue *c = s->world->catalogue;
    s->desks = arena_array(&s->arena, c->n_agencies, sizeof(*s->desks));
    for (size_t i = 0; i < c->n_agencies; i++) {
        if (c->agencies[i].active && c->agencies[i].kind == AGENCY_COMMUNE &&
            c->agencies[i].commune)
            s->desks[s->n_desks++] = &c->agencies[i];
    }
    s->next_number = arena_array(&s->arena, s->n_desks, sizeof(*s->next_number));
    s->taken = arena_array(&s->arena, s->n_desks, sizeof(*s->taken));
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!procedure_at(s->book, kinds[i].procedure, s->options->now_ms))
            return E_INVALID;
    }
    return s->n_desks > 0 ? 0 : E_INVALID;
}

/* A few desks have most of the work. */
static void draw(struct seeding *s)
{
    int64_t n = s->options->dossiers;
    s->times = seed_times(s->options, &s->random, n, &s->arena);
    s->desk_of = arena_array(&s->arena, (size_t)n, sizeof(*s->desk_of));
    for (int64_t i = 0; i < n; i++)
        s->desk_of[i] = (size_t)seed_span(&s->random, 0, (int64_t)s->n_desks);
}

/* The numbers of one day come from each desk's counter at once. */
static int take_numbers(struct seeding *s, int64_t from, int64_t *ret_end)
{
    int64_t day = clock_day_number(s->times[from]), end = from;
    struct arena a;
    int done = 0;
    memset(s->taken, 0, s->n_desks * sizeof(*s->taken));
    for (; end < s->options->dossiers && clock_day_number(s->times[end]) == day; end++)
        s->taken[s->desk_of[end]]++;
    arena_init(&a);
    for (size_t i = 0; i < s->n_desks && done == 0; i++) {
        int64_t last = 0;
        if (s->taken[i] > 0)
            done =
                store_bump(s->world->stores->data,
                           case_counter(&a, s->desks[i]->code, s->times[from]), s->taken[i], &last);
        s->next_number[i] = last - s->taken[i] + 1;
    }
    arena_release(&a);
    *ret_end = end;
    return done;
}

/* --- one dossier ------------------------------------------------------------------------------ */

static void fill_papers(const struct kind *k, struct arena *a, struct dossier_filing *f)
{
    struct dossier_component *papers = arena_array(a, ARRAY_LEN(k->components), sizeof(*papers));
    f->components = papers;
    for (size_t i = 0; i < ARRAY_LEN(k->components) && k->components[i]; i++)
        papers[f->n_components++] =
            (struct dossier_component){.code = k->components[i], .copies = 1};
}

static void fill_plan(const struct procedure *p, struct arena *a, struct dossier_filing *f)
{
    const struct procedure_step *steps = p->steps.items;
    struct dossier_plan *plan = arena_array(a, p->steps.n, sizeof(*plan));
    for (size_t i = 0; i < p->steps.n; i++)
        plan[i] = (struct dossier_plan){.name = steps[i].name,
                                        .unit = steps[i].unit,
                                        .role = entity_enum_name(procedure_roles, steps[i].role),
                                        .share = steps[i].share};
    f->plan = plan;
    f->n_plan = p->steps.n;
}

static void make_filing(struct seeding *s, int64_t i, struct arena *a, struct dossier_filing *ret)
{
    const struct kind *k = &kinds[seed_draw(&s->random, ARRAY_LEN(kinds))];
    const struct procedure *p = procedure_at(s->book, k->procedure, s->options->now_ms);
    const struct agency *desk = s->desks[s->desk_of[i]];
    const char *name = seed_name(&s->random, a);
    enum calendar_unit unit = CALENDAR_WORKING_DAYS;
    struct procedure_bill bill;
    *ret = (struct dossier_filing){
        .owner = s->citizens[seed_draw(&s->random, (uint64_t)s->options->citizens)],
        .actor = s->hands[desk - s->world->catalogue->agencies].officer,
        .desk = desk->code,
        .decider = desk->code,
        .procedure = p->code,
        .field = p->field,
        .commune = desk->commune,
        .version = p->version,
        .channel = DOSSIER_IN_PERSON,
        .subject = DOSSIER_CITIZEN,
        .applicant = arena_printf(a, "{\"name\":\"%s\"}", name),
        .form = arena_printf(a, k->form, name, desk->commune),
        .fetch = "counter",
        .time = 3,
    };
    CLEANUP(json_decrefp) json_t *answers = json_loads(ret->form, 0, NULL);
    procedure_fee(p, PROCEDURE_IN_PERSON, answers, NULL, 0, &bill);
    ret->fee = bill.total;
    procedure_duration(p, PROCEDURE_IN_PERSON, &unit, &ret->time);
    ret->time_unit = (int)unit;
    fill_papers(k, a, ret);
    fill_plan(p, a, ret);
}

/* --- batches ---------------------------------------------------------------------------------- */

struct batch {
    struct id ids[BATCH];
    struct store_new_doc dossiers[BATCH], facts[BATCH];
    uint8_t keys[BATCH][32];
    size_t n, n_facts;
};

static struct id id_of(const struct seeding *s, int64_t i)
{
    const struct id_part parts[] = {{&s->options->random, sizeof(s->options->random)},
                                    {&i, sizeof(i)}};
    return id_v8("seed.dossier", parts, ARRAY_LEN(parts));
}

static int make_one(struct seeding *s, int64_t i, size_t at, struct batch *b, struct arena *a)
{
    const struct agency *desk = s->desks[s->desk_of[i]];
    struct dossier_filing f;
    struct dossier d;
    struct seed_walk walk = {.world = s->world,
                             .random = &s->random,
                             .arena = a,
                             .hands = s->hands,
                             .end_ms = s->options->now_ms};
    make_filing(s, i, a, &f);
    dossier_compose(&f, &b->ids[at], a, &d);
    d.head.number = case_number(a, desk->code, s->times[i], s->next_number[s->desk_of[i]]++);
    int done = dossier_seal(b->keys[at], &f, a, &d);
    if (done == 0)
        done = seed_dossier_walk(&walk, &d, s->times[i]);
    d.keep_ms = 0; /* made up: it is in nobody's document store */
    bson_t *body = bson_new(), *fact = bson_new();
    b->dossiers[b->n++] = (struct store_new_doc){.id = b->ids[at], .body = body};
    b->facts[b->n_facts++] = (struct store_new_doc){.id = b->ids[at], .body = fact};
    if (done == 0)
        done = entity_encode(&dossier_entity, &d, NULL, a, body);
    return done == 0 ? dossier_kept.first_fact(&d, s->world->calendar, a, fact) : done;
}

static void clear(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        bson_destroy((bson_t *)(uintptr_t)b->dossiers[i].body);
    for (size_t i = 0; i < b->n_facts; i++)
        bson_destroy((bson_t *)(uintptr_t)b->facts[i].body);
    b->n = b->n_facts = 0;
    bytes_wipe(b->keys, sizeof(b->keys));
}

/* Of a set that was made before, the first key that is there says so. */
static int make_batch(struct seeding *s, int64_t from, size_t n, struct batch *b, int64_t *end)
{
    const struct people people = stores_people(s->world->stores);
    struct arena a;
    int64_t repeated = 0;
    arena_init(&a);
    for (size_t k = 0; k < n; k++)
        b->ids[k] = id_of(s, from + (int64_t)k);
    int done = person_keys_new(&people, b->ids, n, b->keys);
    for (size_t k = 0; k < n && done == 0; k++) {
        if (from + (int64_t)k == *end)
            done = take_numbers(s, *end, end);
        if (done == 0)
            done = make_one(s, from + (int64_t)k, k, b, &a);
    }
    if (done == 0)
        done = seed_insert(s->world, &dossier_collection, b->dossiers, b->n, &repeated);
    if (done == 0)
        done = seed_insert(s->world, &dossier_fact_collection, b->facts, b->n_facts, &repeated);
    clear(b);
    arena_release(&a);
    return done;
}

int seed_dossiers(const struct seed_world *w, const struct seed_options *o,
                  const struct id *citizens, const struct seed_hands *hands, int64_t *ret_made)
{
    CLEANUP(procedure_holder_freep) struct procedure_holder *holder = NULL;
    struct seeding s = {.world = w,
                        .options = o,
                        .citizens = citizens,
                        .hands = hands,
                        .random = {o->random ^ APART}};
    int64_t end = 0;
    int done = procedure_holder_new(w->stores->data, &holder);
    if (done != 0)
        return done;
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    s.book = book;
    arena_init(&s.arena);
    struct batch *b = ARENA_NEW(&s.arena, struct batch);
    done = find_desks(&s);
    if (done == 0)
        draw(&s);
    for (int64_t at = 0; at < o->dossiers && done == 0; at += BATCH) {
        int64_t left = o->dossiers - at;
        done = make_batch(&s, at, left < BATCH ? (size_t)left : BATCH, b, &end);
        o->tell("dossiers", at + (left < BATCH ? left : BATCH), o->dossiers, o->ctx);
    }
    *ret_made = done == 0 ? o->dossiers : 0;
    arena_release(&s.arena);
    return done == E_BUSY ? 0 : done; /* they are there from an earlier run */
}
