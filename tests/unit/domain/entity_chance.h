/* Things of entity_thing.h, whole or made by chance, and whether two are the same. */
#pragma once

#include "tests/unit/domain/entity_thing.h"

#include "base/clock.h"
#include "store/store.h"

#define ROUNDS 300 /* things made by chance, for each property */

/* cmocka_unit_test with an arena as its state. */
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, arena_up, arena_down)

static int arena_up(void **state)
{
    struct arena *a = calloc(1, sizeof *a);
    arena_init(a);
    *state = a;
    return 0;
}

static int arena_down(void **state)
{
    arena_release(*state);
    free(*state);
    return 0;
}

static bson_t *encoded(struct thing *t, const bson_t *before, struct arena *a)
{
    bson_t *doc = bson_new();
    assert_int_equal(entity_encode(&thing_entity, t, before, a, doc), 0);
    return doc;
}

/* A lamp that lacks nothing. */
static struct thing whole_thing(struct arena *a)
{
    static struct thing_part parts[] = {{"cột", 2, {{1}}}};
    static const char *words[] = {"den", "duong"};
    struct thing t = {
        .kind = THING_LAMP,
        .title = "Đèn đường",
        .answers = "{\"a\":[1,null]}",
        .count = 21,
        .limit = 3,
        .fee = 150000,
        .at_ms = INT64_C(1795536000123),
        .urgent = true,
        .ref = {{7}},
        .where = {9.1768, 105.1524, true},
        .spot = {-1.5, 2.25, true},
        .tags = {words, 2},
        .seal = {(const uint8_t *)"seal", 4},
        .size = {12, "m"},
        .owner = ARENA_NEW(a, struct thing_owner),
        .parts = {parts, 1},
        .watts = 70,
        .phone = "0912345678",
    };
    *t.owner = (struct thing_owner){"Bình", {words, 1}};
    return t;
}

/* --- things by chance ------------------------------------------------------------------------- */

static uint64_t thing_seed;

static uint64_t thing_dice(uint64_t sides)
{
    thing_seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = thing_seed;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % sides;
}

static void thing_roll(void)
{
    const char *given = getenv("TRAM_SEED");
    thing_seed = given ? strtoull(given, NULL, 10) : clock_monotonic_ns();
    print_message("TRAM_SEED=%llu\n", (unsigned long long)thing_seed);
}

static const char *chance_text(struct arena *a)
{
    static const char *const texts[] = {NULL, "", "Phản ánh", "a\"b\\c\n\t\x01",
                                        "Ổ gà \xF0\x9F\x9A\xA7"};
    return arena_strdup(a, texts[thing_dice(5)]);
}

static int64_t chance_int(void)
{
    static const int64_t ints[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1000000};
    return ints[thing_dice(6)];
}

static struct text_words chance_words(struct arena *a, size_t most)
{
    static const char *const texts[] = {"", "duong", "cầu", "\"", "đèn"};
    struct text_words w = {.n = thing_dice(most + 1)};
    w.items = arena_array(a, w.n, sizeof *w.items);
    for (size_t i = 0; i < w.n; i++)
        w.items[i] = texts[thing_dice(5)];
    return w;
}

static struct id chance_id(void)
{
    return thing_dice(3) ? id_v4() : (struct id){{0}};
}

static struct point chance_point(void)
{
    if (thing_dice(3) == 0)
        return (struct point){0};
    return (struct point){((double)thing_dice(180000001) - 90e6) / 1e6,
                          ((double)thing_dice(360000001) - 180e6) / 1e6, true};
}

static struct thing_owner *chance_owner(struct arena *a)
{
    if (thing_dice(3) == 0)
        return NULL;
    struct thing_owner *o = ARENA_NEW(a, struct thing_owner);
    *o = (struct thing_owner){chance_text(a), chance_words(a, 3)};
    return o;
}

static struct entity_list chance_parts(struct arena *a)
{
    struct entity_list list = {.n = thing_dice(4)};
    struct thing_part *parts = arena_array(a, list.n, sizeof *parts);
    for (size_t i = 0; i < list.n; i++)
        parts[i] = (struct thing_part){thing_dice(2) ? "cột" : NULL, chance_int(), chance_id()};
    list.items = parts;
    return list;
}

static struct thing chance_thing(struct arena *a)
{
    struct thing t = {
        .kind = (int)thing_dice(THING_KINDS),
        .title = chance_text(a),
        .answers = thing_dice(2) ? "{\"a\":[1,null,\"đ\"]}" : NULL,
        .count = chance_int() / 2,
        .limit = chance_int(),
        .fee = chance_int(),
        .at_ms = (int64_t)thing_dice(UINT64_C(4000000000000)) - 1000000000000,
        .urgent = thing_dice(2) == 1,
        .ref = chance_id(),
        .where = chance_point(),
        .spot = chance_point(),
        .tags = chance_words(a, 4),
        .seal = {(const uint8_t *)"0123456789abcdef", thing_dice(17)},
        .size = {thing_dice(2) ? chance_int() : 0, chance_text(a)},
        .owner = chance_owner(a),
        .parts = chance_parts(a),
        .phone = thing_dice(2) ? "0912345678" : NULL,
    };
    if (t.kind == THING_LAMP)
        t.watts = chance_int();
    if (t.kind == THING_ROAD)
        t.surface = chance_text(a);
    return t;
}

/* --- sameness, asked of the structs and not of the table -------------------------------------- */

static void assert_text_same(const char *x, const char *y)
{
    assert_int_equal(!x, !y);
    if (x)
        assert_string_equal(x, y);
}

static void assert_words_same(const struct text_words *x, const struct text_words *y)
{
    assert_int_equal(x->n, y->n);
    for (size_t i = 0; i < x->n; i++)
        assert_text_same(x->items[i], y->items[i]);
}

static void assert_point_same(const struct point *x, const struct point *y)
{
    assert_true(x->set == y->set && x->lat == y->lat && x->lon == y->lon);
}

static void assert_owner_same(const struct thing_owner *x, const struct thing_owner *y)
{
    assert_int_equal(!x, !y);
    if (!x)
        return;
    assert_text_same(x->name, y->name);
    assert_words_same(&x->aliases, &y->aliases);
}

static void assert_parts_same(const struct entity_list *x, const struct entity_list *y)
{
    assert_int_equal(x->n, y->n);
    const struct thing_part *p = x->items, *q = y->items;
    for (size_t i = 0; i < x->n; i++) {
        assert_text_same(p[i].label, q[i].label);
        assert_true(p[i].count == q[i].count && id_equal(&p[i].by, &q[i].by));
    }
}

static void assert_thing_same(const struct thing *x, const struct thing *y)
{
    assert_int_equal(x->kind, y->kind);
    assert_text_same(x->title, y->title);
    assert_text_same(x->answers, y->answers);
    assert_true(x->count == y->count && x->limit == y->limit && x->fee == y->fee);
    assert_true(x->at_ms == y->at_ms && x->urgent == y->urgent && x->watts == y->watts);
    assert_true(id_equal(&x->ref, &y->ref));
    assert_point_same(&x->where, &y->where);
    assert_point_same(&x->spot, &y->spot);
    assert_words_same(&x->tags, &y->tags);
    assert_int_equal(x->seal.n, y->seal.n);
    if (x->seal.n > 0)
        assert_memory_equal(x->seal.data, y->seal.data, x->seal.n);
    assert_true(x->size.length == y->size.length);
    assert_text_same(x->size.unit, y->size.unit);
    assert_owner_same(x->owner, y->owner);
    assert_parts_same(&x->parts, &y->parts);
    assert_text_same(x->surface, y->surface);
    assert_text_same(x->phone, y->phone);
    assert_true(x->x.open == y->x.open && x->x.cell == y->x.cell);
    assert_words_same(&x->x.words, &y->x.words);
}
