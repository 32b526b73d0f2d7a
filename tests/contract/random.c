/*
 * Two engines, one history: seeded operations are done on both through store.h, under faults and
 * across reopenings, and every answer must be the same.
 *
 *   contract_random ENGINE ENGINE [--seed N] [--steps N]
 *
 * The seed is told at the start; with TRAM_RANDOM_TRACE set, so is every operation.
 */
#include "tests/contract/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/result.h"
#include "tests/support/faulty.h"

#define STEPS 12000 /* some eight seconds with sanitizers */

static const struct store_collection *const collections[] = {&things, &plain};

static const struct op_kind {
    const char *name;
    int weight;
    draw_fn *draw;
    apply_fn *apply;
} kinds[] = {
    {"insert", 12, draw_insert, apply_insert},
    {"create", 8, draw_create, apply_create},
    {"change", 30, draw_change, apply_change},
    {"remove", 14, draw_remove, apply_remove},
    {"get", 6, draw_number, apply_get},
    {"scan", 25, draw_scan, apply_scan},
    {"walk", 12, draw_walk, apply_walk},
    {"tally", 10, draw_tally, apply_tally},
    {"bump", 4, draw_bump, apply_bump},
    {"counters", 1, draw_bump, apply_counters},
    {"blob create", 2, draw_slot, apply_blob_create},
    {"blob append", 6, draw_append, apply_blob_append},
    {"blob finish", 1, draw_slot, apply_blob_finish},
    {"blob read", 3, draw_append, apply_blob_read},
    {"blob remove", 3, draw_slot, apply_blob_remove},
    {"blob list", 1, draw_slot, apply_blob_list},
    {"faults", 2, draw_faults, apply_faults},
    {"reopen", 1, draw_sides, apply_reopen},
};

uint64_t random_next(struct random *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int random_below(struct random *r, int n)
{
    return (int)(random_next(r) % (uint64_t)n);
}

bool random_chance(struct random *r, int of_hundred)
{
    return random_below(r, 100) < of_hundred;
}

int side_open(struct side *s)
{
    struct store_driver *engine;
    const char *fault = NULL;
    int r = s->ground.engine->open(&s->ground, collections, ARRAY_LEN(collections), &engine);
    if (r != 0)
        return r;
    s->faulty = faulty_open(engine);
    return store_new(s->faulty, collections, ARRAY_LEN(collections), &fault, &s->store);
}

static const struct op_kind *draw_kind(struct random *r)
{
    int all = 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        all += kinds[i].weight;
    int at = random_below(r, all);
    const struct op_kind *kind = kinds;
    for (; at >= kind->weight; kind++)
        at -= kind->weight;
    return kind;
}

/* One operation on both; false if the answers differ, having told so. */
static bool step(struct side sides[2], struct random *r, uint64_t number)
{
    struct arena arena;
    struct buf answers[2];
    struct op op = {.text = ""};
    const struct op_kind *kind = draw_kind(r);
    arena_init(&arena);
    kind->draw(r, &arena, &op);
    for (int i = 0; i < 2; i++) {
        buf_init(&answers[i], 16 * 1024 * 1024);
        kind->apply(&sides[i], &op, &arena, &answers[i]);
        buf_add_char(&answers[i], '\n');
    }
    bool same =
        !answers[0].failed && !answers[1].failed && strcmp(answers[0].data, answers[1].data) == 0;
    if (!same || getenv("TRAM_RANDOM_TRACE"))
        fprintf(stderr, "step %" PRIu64 ": %s %s\n", number, kind->name, op.text);
    for (int i = 0; i < 2; i++) {
        if (!same)
            fprintf(stderr, "%s: %s", sides[i].ground.engine->name,
                    answers[i].failed ? "(too long)\n" : answers[i].data);
        buf_release(&answers[i]);
    }
    arena_release(&arena);
    return same;
}

static bool run(struct side sides[2], uint64_t seed, uint64_t steps)
{
    struct random r = {.state = seed};
    for (int i = 0; i < 2; i++) {
        int result = sides[i].ground.engine->prepare(&sides[i].ground);
        if (result == 0)
            result = side_open(&sides[i]);
        r.counts_only |= !engine_sums(sides[i].ground.engine);
        if (result != 0) {
            fprintf(stderr, "%s: %s\n", sides[i].ground.engine->name, result_words(result));
            return false;
        }
    }
    uint64_t done = 0;
    while (done < steps && step(sides, &r, done))
        done++;
    return done == steps;
}

static bool parse(int argc, char **argv, struct side sides[2], uint64_t *seed, uint64_t *steps)
{
    for (int i = 0; i < 2; i++) {
        const struct engine *engine = i + 1 < argc ? engine_named(argv[i + 1]) : NULL;
        if (!engine)
            return false;
        sides[i] = (struct side){.index = i, .ground = {.engine = engine}};
    }
    for (int i = 3; i < argc; i += 2) {
        uint64_t *number = strcmp(argv[i], "--seed") == 0    ? seed
                           : strcmp(argv[i], "--steps") == 0 ? steps
                                                             : NULL;
        char *end = NULL;
        if (!number || i + 1 == argc)
            return false;
        *number = strtoull(argv[i + 1], &end, 10);
        if (*end)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct side sides[2];
    uint64_t seed = 0, steps = STEPS;
    if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed) ||
        !parse(argc, argv, sides, &seed, &steps)) {
        fprintf(stderr, "usage: contract_random %s ENGINE [--seed N] [--steps N]\n",
                engine_names());
        return 2;
    }
    fprintf(stderr, "seed %" PRIu64 ", %" PRIu64 " steps\n", seed, steps);
    bool same = run(sides, seed, steps);
    if (!same)
        fprintf(stderr, "seed %" PRIu64 ": the engines differ\n", seed);
    for (int i = 0; i < 2; i++) {
        store_free(sides[i].store);
        sides[i].ground.engine->discard(&sides[i].ground);
    }
    return !same;
}
