#include "handlers/public/public.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "handlers/app.h"

#define SLOTS (1U << 20) /* two that meet in one are made anew together */
#define PREFIX_MAX 6     /* characters of a word that count */
#define TILES_MAX 64     /* of a box; one that covers more is made anew with every report */
#define TILES_A_DEGREE 10

static _Atomic uint64_t slots[SLOTS]; /* of the process: it serves one store */
static _Atomic uint64_t unknown;      /* moves every list */

/* What a report is found by besides its codes. */
enum kind { BY_CODES = 1, BY_WORD, BY_TILE, BY_NUMBER };

/* The fields that a list may name, each or not. */
#define CODES 3
static const char *const codes[CODES] = {"category", "commune", "state"};

static uint64_t hash(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * UINT64_C(1099511628211); /* FNV-1a */
    return h;
}

static uint64_t key(enum kind kind, const void *a, size_t n)
{
    return hash(hash(UINT64_C(14695981039346656037), &kind, sizeof(kind)), a, n);
}

/* Which of the codes are named, and their values; NULL: any. */
static uint64_t of_codes(const char *const values[CODES])
{
    uint64_t h = key(BY_CODES, NULL, 0);
    for (size_t i = 0; i < CODES; i++) {
        if (values[i])
            h = hash(hash(h, codes[i], strlen(codes[i])), values[i], strlen(values[i]) + 1);
    }
    return h;
}

/* A list is asked for by codes, and by one of words, tiles, a number, or none of them (0). */
static _Atomic uint64_t *slot(uint64_t by_codes, uint64_t by)
{
    uint64_t h = (by_codes ^ by << 1) * UINT64_C(0x9E3779B97F4A7C15);
    return &slots[(h ^ h >> 29) % SLOTS];
}

static uint64_t of_word(const char *word, size_t n)
{
    return key(BY_WORD, word, n);
}

static uint64_t of_number(const char *number)
{
    return key(BY_NUMBER, number, strlen(number));
}

static uint64_t of_tile(int64_t y, int64_t x)
{
    int64_t at[] = {y, x};
    return key(BY_TILE, at, sizeof(at));
}

static int64_t tile(double degrees)
{
    return (int64_t)floor(degrees * TILES_A_DEGREE);
}

/* --- what changed ----------------------------------------------------------------------------- */

/* The codes of the lists a report may stand in: each of its own named, or not. */
struct stands {
    uint64_t codes[1U << CODES];
    size_t n;
};

static void raise(const struct stands *s, uint64_t by)
{
    for (size_t i = 0; i < s->n; i++)
        atomic_fetch_add(slot(s->codes[i], by), 1);
}

static const char *text_of(const bson_t *doc, const char *field)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, field) && BSON_ITER_HOLDS_UTF8(&it)
               ? bson_iter_utf8(&it, NULL)
               : NULL;
}

static struct stands stands_of(const bson_t *doc)
{
    struct stands s = {0};
    for (unsigned named = 0; named < 1U << CODES; named++) {
        const char *values[CODES] = {0};
        bool has_all = true;
        for (size_t i = 0; i < CODES; i++) {
            values[i] = named & 1U << i ? text_of(doc, codes[i]) : NULL;
            has_all &= values[i] || !(named & 1U << i);
        }
        if (has_all)
            s.codes[s.n++] = of_codes(values);
    }
    return s;
}

static void raise_word(const struct stands *s, const char *word, size_t n)
{
    for (size_t i = 0, at = 0; i < PREFIX_MAX && at < n; i++) {
        size_t width = utf8_width(word + at, n - at);
        at += width > 0 ? width : 1;
        raise(s, of_word(word, at < n ? at : n));
    }
}

static void raise_words(const struct stands *s, const bson_t *doc)
{
    bson_iter_t root, list, words;
    if (!bson_iter_init(&root, doc) || !bson_iter_find_descendant(&root, "x.words", &list) ||
        !BSON_ITER_HOLDS_ARRAY(&list) || !bson_iter_recurse(&list, &words))
        return;
    while (bson_iter_next(&words)) {
        uint32_t n = 0;
        const char *word = BSON_ITER_HOLDS_UTF8(&words) ? bson_iter_utf8(&words, &n) : NULL;
        if (word)
            raise_word(s, word, n);
    }
}

static void raise_tile(const struct stands *s, const bson_t *doc)
{
    bson_iter_t it, lat, lon;
    if (bson_iter_init(&it, doc) && bson_iter_find_descendant(&it, "point.lat", &lat) &&
        bson_iter_init(&it, doc) && bson_iter_find_descendant(&it, "point.lon", &lon))
        raise(s, of_tile(tile(bson_iter_as_double(&lat)), tile(bson_iter_as_double(&lon))));
}

/* Every list that a report may stand in, and its own page. */
static void raise_lists(const bson_t *doc)
{
    const struct stands s = stands_of(doc);
    const char *number = text_of(doc, "number");
    raise(&s, 0);
    raise_words(&s, doc);
    raise_tile(&s, doc);
    if (number)
        raise(&s, of_number(number));
}

/* What was written over without being looked at may have stood in any list. */
void public_changed(const bson_t *before, const bson_t *after)
{
    if (before)
        raise_lists(before);
    if (after)
        raise_lists(after);
    if (!after || (!before && store_version(after) > 1))
        atomic_fetch_add(&unknown, 1);
}

/* --- what is asked ---------------------------------------------------------------------------- */

/* A report that is found has all the words, and moved all of them: the least goes on as rarely. */
static bool by_words(const struct request *req, uint64_t by_codes, uint64_t *ret)
{
    const char *words[PUBLIC_WORDS_MAX];
    size_t n = public_words(req, words);
    *ret = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(words[i]), at = 0;
        for (size_t k = 0; k < PREFIX_MAX && at < length; k++) {
            size_t width = utf8_width(words[i] + at, length - at);
            at += width > 0 ? width : 1;
        }
        uint64_t moved = atomic_load(slot(by_codes, of_word(words[i], at < length ? at : length)));
        if (moved < *ret)
            *ret = moved;
    }
    return n > 0;
}

static bool by_tiles(const struct request *req, uint64_t by_codes, uint64_t *ret)
{
    const char *text = request_query(req, "box");
    struct area_box box;
    if (!text || !public_box(text, &box))
        return false;
    int64_t south = tile(box.south), north = tile(box.north);
    int64_t west = tile(box.west), east = tile(box.east);
    if ((north - south + 1) * (east - west + 1) > TILES_MAX)
        return false;
    *ret = 0;
    for (int64_t y = south; y <= north; y++) {
        for (int64_t x = west; x <= east; x++)
            *ret += atomic_load(slot(by_codes, of_tile(y, x)));
    }
    return true;
}

/* Other nodes' writes to a shared store are not counted here: then every second is a generation. */
uint64_t public_generation(const struct request *req)
{
    const struct app *app = app_of(req);
    const char *number = request_param(req, "number"), *values[CODES];
    uint64_t found = 0;
    if (!store_exclusive(app->store))
        return (uint64_t)(clock_monotonic_ms() / 1000);
    for (size_t i = 0; i < CODES; i++)
        values[i] = number ? NULL : request_query(req, codes[i]);
    uint64_t by_codes = of_codes(values);
    if (number)
        found = atomic_load(slot(by_codes, of_number(number)));
    else if (!by_words(req, by_codes, &found) && !by_tiles(req, by_codes, &found))
        found = atomic_load(slot(by_codes, 0));
    return found + atomic_load(&unknown) + store_generation(app->store, &category_collection);
}
