/* Operations out of chance: small ranges of everything, so that they meet. */
#include <stdio.h>
#include <string.h>

#include "base/result.h"
#include "tests/contract/random.h"

static const char *const states[] = {"open", "new", "shut", ""};
static const char *const categories[] = {"road", "water", "light"};
static const char *const names[] = {"", "a", "A", "ab", "ă", "đ", "z", "\xf0\x9f\x9a\xa7"};
static const char *const tags[] = {"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"};
static const char *const words[] = {"duong", "den",  "do",  "ga", "hong", "hoa",
                                    "2024",  "2025", "жук", "or", "and",  "not"};
#define PICK(r, list) ((list)[random_below((r), (int)ARRAY_LEN(list))])

const char *draw_word(struct random *r)
{
    return PICK(r, words);
}

static int64_t draw_number_value(struct random *r)
{
    if (random_chance(r, 3))
        return random_chance(r, 50) ? INT64_MAX : INT64_MIN;
    return random_below(r, 12) - 3;
}

struct store_value draw_value(struct random *r, const struct store_field *f)
{
    switch (f->type) {
    case STORE_ID:
        return store_id(thing_id(500 + random_below(r, 4)));
    case STORE_TEXT:
        if (random_chance(r, 4))
            return store_text("nowhere");
        if (strcmp(f->name, "state") == 0)
            return store_text(PICK(r, states));
        if (strcmp(f->name, "category") == 0)
            return store_text(PICK(r, categories));
        return store_text(f->multi ? PICK(r, tags) : PICK(r, names));
    default:
        return store_int(f->multi ? 2020 + random_below(r, 5) : draw_number_value(r));
    }
}

/* --- documents -------------------------------------------------------------------------------- */

static const int64_t *maybe_number(struct random *r, struct arena *a)
{
    if (random_chance(r, 15))
        return NULL;
    int64_t n = draw_number_value(r);
    return arena_dup(a, &n, sizeof(n));
}

/* Small: sums must not overflow. */
static const int64_t *maybe_amount(struct random *r, struct arena *a)
{
    int64_t n = random_below(r, 8) - 2;
    return random_chance(r, 20) ? NULL : arena_dup(a, &n, sizeof(n));
}

static int draw_count(struct random *r)
{
    return random_chance(r, 30) ? 0 : random_below(r, random_chance(r, 3) ? THING_MULTI : 4);
}

static struct thing draw_thing(struct random *r, struct arena *a)
{
    struct id agency = thing_id(500 + random_below(r, 4));
    struct thing t = {
        .n = 1 + random_below(r, RANDOM_IDS),
        .state = random_chance(r, 90) ? PICK(r, states) : NULL,
        .null_state = random_chance(r, 3),
        .agency = random_chance(r, 85) ? arena_dup(a, &agency, sizeof(agency)) : NULL,
        .due = maybe_number(r, a),
        .amount = maybe_amount(r, a),
        .category = random_chance(r, 80) ? PICK(r, categories) : NULL,
        .name = random_chance(r, 80) ? PICK(r, names) : NULL,
        .revision = random_below(r, 4),
    };
    for (int i = draw_count(r); i > 0; i--)
        t.tags[i - 1] = PICK(r, tags);
    for (int i = draw_count(r); i > 0; i--)
        t.watchers[i - 1] = 500 + random_below(r, 4);
    for (int i = draw_count(r); i > 0; i--)
        t.years[i - 1] = 2020 + random_below(r, 5);
    for (int i = random_chance(r, 20) ? 0 : random_below(r, 6); i > 0; i--)
        t.words[i - 1] = draw_word(r);
    return t;
}

static const char *thing_text(struct arena *a, const struct thing *t)
{
    bson_t *body = thing_body(t);
    char *json = bson_as_relaxed_extended_json(body, NULL);
    const char *text = arena_printf(a, "%d %s", t->n, json);
    bson_free(json);
    bson_destroy(body);
    return text;
}

static void draw_bodies(struct random *r, struct arena *a, int n, struct op *op)
{
    op->n_bodies = (size_t)n;
    for (int i = 0; i < n; i++) {
        op->bodies[i] = draw_thing(r, a);
        op->text =
            arena_printf(a, "%s%s%s", op->text, i > 0 ? ", " : "", thing_text(a, &op->bodies[i]));
    }
    op->n = op->bodies[0].n;
}

/* Few keys and two bodies, so that writes are repeated and keys used again. */
static void draw_write(struct random *r, struct arena *a, struct op *op)
{
    struct id owner = thing_id(900);
    int key = random_below(r, 40), body = random_chance(r, 85);
    char text[16];
    snprintf(text, sizeof(text), "key%d", key);
    op->write = store_write_keyed("random", &owner, text, &body, sizeof(body));
    op->text = arena_printf(a, "%s, %s body%d", op->text, text, body);
}

void draw_insert(struct random *r, struct arena *a, struct op *op)
{
    draw_bodies(r, a, 1 + random_below(r, RANDOM_MANY), op);
}

void draw_create(struct random *r, struct arena *a, struct op *op)
{
    draw_bodies(r, a, 1, op);
    draw_write(r, a, op);
}

void draw_change(struct random *r, struct arena *a, struct op *op)
{
    static const int results[] = {STORE_UNCHANGED, 101, E_REFUSED};
    draw_bodies(r, a, 1, op);
    op->options.if_revision = random_chance(r, 80) ? STORE_ANY_REVISION : random_below(r, 4);
    op->options.or_create = random_chance(r, 30);
    op->outcome = random_below(r, 1000);
    op->result = random_chance(r, 10) ? PICK(r, results) : 0;
    if (random_chance(r, 40)) {
        draw_write(r, a, op);
        op->options.write = &op->write;
    }
    op->text =
        arena_printf(a, "%s, if_revision %d, or_create %d, outcome %d, result %d", op->text,
                     (int)op->options.if_revision, op->options.or_create, op->outcome, op->result);
}

void draw_remove(struct random *r, struct arena *a, struct op *op)
{
    draw_number(r, a, op);
    op->version = random_below(r, 3) - 1;
    op->text = arena_printf(a, "%s, version %s", op->text,
                            op->version < 0   ? "any"
                            : op->version > 0 ? "of later"
                                              : "stored");
}

void draw_number(struct random *r, struct arena *a, struct op *op)
{
    op->n = 1 + random_below(r, RANDOM_IDS);
    op->text = arena_printf(a, "%d", op->n);
}

/* --- everything else -------------------------------------------------------------------------- */

void draw_bump(struct random *r, struct arena *a, struct op *op)
{
    static const char *const counters[] = {"reports", "dossiers", "đơn"};
    op->counter = PICK(r, counters);
    op->by = random_below(r, 5) - 1;
    op->text = arena_printf(a, "%s by %d", op->counter, (int)op->by);
}

void draw_slot(struct random *r, struct arena *a, struct op *op)
{
    op->n = random_below(r, RANDOM_SLOTS);
    op->text = arena_printf(a, "slot %d", op->n);
}

void draw_append(struct random *r, struct arena *a, struct op *op)
{
    char *bytes = arena_alloc(a, 600);
    int n = random_below(r, 600);
    for (int i = 0; i < n; i++)
        bytes[i] = (char)('a' + random_below(r, 26));
    op->bytes = bytes;
    op->by = random_chance(r, 75) ? 0 : random_below(r, 9) - 4;
    draw_slot(r, a, op);
    op->text = arena_printf(a, "%s, %d bytes, offset off by %d", op->text, n, (int)op->by);
}

void draw_faults(struct random *r, struct arena *a, struct op *op)
{
    op->seed = random_chance(r, 50) ? random_next(r) | 1 : 0;
    op->text = arena_printf(a, "%s", op->seed ? "on" : "off");
}

void draw_sides(struct random *r, struct arena *a, struct op *op)
{
    op->n = 1 + random_below(r, 3);
    op->text = arena_printf(a, "sides %d", op->n);
}
