#include "handlers/public/public.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "handlers/app.h"

#define SLOTS 65536  /* two that meet in one are made anew together */
#define PREFIX_MAX 6 /* characters of a word that count */
#define TILES_MAX 64 /* of a box; one that covers more is made anew with every report */
#define TILES_A_DEGREE 10

static _Atomic uint64_t slots[SLOTS]; /* of the process: it serves one store */
static _Atomic uint64_t withdrawn;

/* What a slot stands for. */
enum kind { OF_CODES = 1, OF_WORD, OF_TILE };

static uint64_t hash(uint64_t h, const void *bytes, size_t n)
{
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++)
        h = (h ^ b[i]) * UINT64_C(1099511628211); /* FNV-1a */
    return h;
}

static _Atomic uint64_t *slot(enum kind kind, const void *a, size_t n_a, const void *b, size_t n_b)
{
    uint64_t h = hash(UINT64_C(14695981039346656037), &kind, sizeof(kind));
    h = hash(h, a, n_a);
    h = hash(h, "", 1);
    h = hash(h, b, n_b);
    return &slots[(h ^ h >> 29) % SLOTS];
}

/* NULL: any. */
static _Atomic uint64_t *of_codes(const char *category, const char *commune)
{
    category = category ? category : "";
    commune = commune ? commune : "";
    return slot(OF_CODES, category, strlen(category), commune, strlen(commune));
}

static _Atomic uint64_t *of_word(const char *word, size_t n)
{
    return slot(OF_WORD, word, n, NULL, 0);
}

static _Atomic uint64_t *of_tile(int64_t y, int64_t x)
{
    return slot(OF_TILE, &y, sizeof(y), &x, sizeof(x));
}

static int64_t tile(double degrees)
{
    return (int64_t)floor(degrees * TILES_A_DEGREE);
}

/* --- what changed ----------------------------------------------------------------------------- */

static void raise(_Atomic uint64_t *at)
{
    atomic_fetch_add(at, 1);
}

static const char *text_of(const bson_t *doc, const char *field)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, field) && BSON_ITER_HOLDS_UTF8(&it)
               ? bson_iter_utf8(&it, NULL)
               : NULL;
}

static void raise_word(const char *word, size_t n)
{
    for (size_t i = 0, at = 0; i < PREFIX_MAX && at < n; i++) {
        size_t width = utf8_width(word + at, n - at);
        at += width > 0 ? width : 1;
        raise(of_word(word, at < n ? at : n));
    }
}

static void raise_words(const bson_t *doc)
{
    bson_iter_t root, list, words;
    if (!bson_iter_init(&root, doc) || !bson_iter_find_descendant(&root, "x.words", &list) ||
        !BSON_ITER_HOLDS_ARRAY(&list) || !bson_iter_recurse(&list, &words))
        return;
    while (bson_iter_next(&words)) {
        uint32_t n = 0;
        const char *word = BSON_ITER_HOLDS_UTF8(&words) ? bson_iter_utf8(&words, &n) : NULL;
        if (word)
            raise_word(word, n);
    }
}

static void raise_tile(const bson_t *doc)
{
    bson_iter_t it, lat, lon;
    if (bson_iter_init(&it, doc) && bson_iter_find_descendant(&it, "point.lat", &lat) &&
        bson_iter_init(&it, doc) && bson_iter_find_descendant(&it, "point.lon", &lon))
        raise(of_tile(tile(bson_iter_as_double(&lat)), tile(bson_iter_as_double(&lon))));
}

/* Every list that a report may stand in. */
static void raise_lists(const bson_t *doc)
{
    const char *category = text_of(doc, "category"), *commune = text_of(doc, "commune");
    raise(of_codes(NULL, NULL));
    raise(of_codes(category, NULL));
    raise(of_codes(NULL, commune));
    raise(of_codes(category, commune));
    raise_words(doc);
    raise_tile(doc);
}

void public_changed(const bson_t *before, const bson_t *after)
{
    if (before)
        raise_lists(before);
    if (after)
        raise_lists(after);
    else
        atomic_fetch_add(&withdrawn, 1);
}

/* --- what is asked ---------------------------------------------------------------------------- */

/* Any of the words would do: a report without it is not found. */
static bool by_word(const struct request *req, uint64_t *ret)
{
    const char *words[PUBLIC_WORDS_MAX], *longest = NULL;
    size_t n = public_words(req, words), most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(words[i]), at = 0;
        for (size_t k = 0; k < PREFIX_MAX && at < length; k++) {
            size_t width = utf8_width(words[i] + at, length - at);
            at += width > 0 ? width : 1;
        }
        if (at > most) {
            longest = words[i];
            most = at;
        }
    }
    if (longest)
        *ret = atomic_load(of_word(longest, most));
    return longest != NULL;
}

static bool by_tiles(const struct request *req, uint64_t *ret)
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
            *ret += atomic_load(of_tile(y, x));
    }
    return true;
}

/* Other nodes' writes to a shared store are not counted here: then every second is a generation. */
uint64_t public_generation(const struct request *req)
{
    const struct app *app = app_of(req);
    const char *category = request_query(req, "category");
    const char *commune = request_query(req, "commune");
    uint64_t found = 0;
    if (!store_exclusive(app->store))
        return (uint64_t)(clock_monotonic_ms() / 1000);
    if (commune || (!by_word(req, &found) && !by_tiles(req, &found)))
        found = atomic_load(of_codes(category, commune));
    return found + atomic_load(&withdrawn) + store_generation(app->store, &category_collection);
}
