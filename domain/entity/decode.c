/* From a document to its record. */
#include <math.h>
#include <string.h>

#include "base/result.h"
#include "domain/entity/private.h"

/* Which rows are read: see 0: all, else those that it is shown; of them not those that are named.
 */
struct choice {
    unsigned see;
    const char *const *without;
};
static const struct choice all = {0};

static int decode_members(const struct entity *e, bson_iter_t *i, const struct choice *c,
                          struct arena *a, void *record);

static int decode_text(const bson_iter_t *i, struct arena *a, const char **ret)
{
    if (!BSON_ITER_HOLDS_UTF8(i))
        return E_CORRUPT;
    uint32_t n;
    const char *text = bson_iter_utf8(i, &n);
    if (!text_valid(text, n))
        return E_CORRUPT;
    *ret = arena_strndup(a, text, n);
    return 0;
}

static int decode_int(const bson_iter_t *i, int64_t *ret)
{
    if (!BSON_ITER_HOLDS_INT(i))
        return E_CORRUPT;
    *ret = bson_iter_as_int64(i);
    return 0;
}

static int decode_time(const bson_iter_t *i, int64_t *ret)
{
    if (!BSON_ITER_HOLDS_DATE_TIME(i))
        return E_CORRUPT;
    *ret = bson_iter_date_time(i);
    return 0;
}

static int decode_bool(const bson_iter_t *i, bool *ret)
{
    if (!BSON_ITER_HOLDS_BOOL(i))
        return E_CORRUPT;
    *ret = bson_iter_bool(i);
    return 0;
}

static int decode_enum(const struct entity_field *f, const bson_iter_t *i, int *ret)
{
    if (!BSON_ITER_HOLDS_UTF8(i))
        return E_CORRUPT;
    *ret = entity_enum_value(f->names, bson_iter_utf8(i, NULL));
    return 0;
}

static int decode_id(const bson_iter_t *i, struct id *ret)
{
    if (!BSON_ITER_HOLDS_BINARY(i))
        return E_CORRUPT;
    bson_subtype_t subtype;
    uint32_t n;
    const uint8_t *bytes;
    bson_iter_binary(i, &subtype, &n, &bytes);
    if (subtype != BSON_SUBTYPE_UUID || n != sizeof ret->bytes)
        return E_CORRUPT;
    memcpy(ret->bytes, bytes, sizeof ret->bytes);
    return 0;
}

static int decode_bytes(const bson_iter_t *i, struct arena *a, struct entity_bytes *ret)
{
    if (!BSON_ITER_HOLDS_BINARY(i))
        return E_CORRUPT;
    bson_subtype_t subtype;
    uint32_t n;
    const uint8_t *bytes;
    bson_iter_binary(i, &subtype, &n, &bytes);
    if (subtype != BSON_SUBTYPE_BINARY)
        return E_CORRUPT;
    *ret = (struct entity_bytes){arena_dup(a, bytes, n), n};
    return 0;
}

static int decode_point(const bson_iter_t *i, struct point *ret)
{
    bson_iter_t lat, lon;
    if (!BSON_ITER_HOLDS_DOCUMENT(i) || !bson_iter_recurse(i, &lat) || !bson_iter_recurse(i, &lon))
        return E_CORRUPT;
    if (!bson_iter_find(&lat, "lat") || !BSON_ITER_HOLDS_DOUBLE(&lat) ||
        !bson_iter_find(&lon, "lon") || !BSON_ITER_HOLDS_DOUBLE(&lon))
        return E_CORRUPT;
    *ret = (struct point){bson_iter_double(&lat), bson_iter_double(&lon), true};
    return isfinite(ret->lat) && isfinite(ret->lon) ? 0 : E_CORRUPT;
}

/* Opens an array at its first item and counts it. */
static int open_array(const bson_iter_t *i, bson_iter_t *ret_items, size_t *ret_n)
{
    if (!BSON_ITER_HOLDS_ARRAY(i) || !bson_iter_recurse(i, ret_items))
        return E_CORRUPT;
    bson_iter_t counting = *ret_items;
    *ret_n = 0;
    while (bson_iter_next(&counting))
        ++*ret_n;
    return counting.err_off == 0 ? 0 : E_CORRUPT;
}

static int decode_words(const bson_iter_t *i, struct arena *a, struct text_words *ret)
{
    bson_iter_t items;
    size_t n;
    int r = open_array(i, &items, &n);
    if (r < 0)
        return r;
    const char **texts = arena_array(a, n, sizeof *texts);
    for (size_t at = 0; r == 0 && at < n && bson_iter_next(&items); at++)
        r = decode_text(&items, a, &texts[at]);
    *ret = (struct text_words){texts, n};
    return r;
}

static int decode_object(const struct entity *of, const bson_iter_t *i, struct arena *a,
                         void *record)
{
    bson_iter_t members;
    if (!BSON_ITER_HOLDS_DOCUMENT(i) || !bson_iter_recurse(i, &members))
        return E_CORRUPT;
    return decode_members(of, &members, &all, a, record);
}

static int decode_list(const struct entity *of, const bson_iter_t *i, struct arena *a,
                       struct entity_list *ret)
{
    bson_iter_t items;
    size_t n;
    int r = open_array(i, &items, &n);
    if (r < 0)
        return r;
    char *records = arena_array(a, n, of->size);
    for (size_t at = 0; r == 0 && at < n && bson_iter_next(&items); at++)
        r = decode_object(of, &items, a, records + at * of->size);
    *ret = (struct entity_list){records, n};
    return r;
}

static int decode_field(const struct entity_field *f, const bson_iter_t *i, struct arena *a,
                        void *record)
{
    void *slot = entity_slot(f, record);
    switch (f->type) {
    case ENTITY_TEXT:
    case ENTITY_JSON:
        return decode_text(i, a, slot);
    case ENTITY_INT:
    case ENTITY_MONEY:
        return decode_int(i, slot);
    case ENTITY_TIME:
        return decode_time(i, slot);
    case ENTITY_BOOL:
        return decode_bool(i, slot);
    case ENTITY_ENUM:
        return decode_enum(f, i, slot);
    case ENTITY_ID:
        return decode_id(i, slot);
    case ENTITY_POINT:
        return decode_point(i, slot);
    case ENTITY_WORDS:
        return decode_words(i, a, slot);
    case ENTITY_BYTES:
        return decode_bytes(i, a, slot);
    case ENTITY_OBJECT:
        return decode_object(f->of, i, a, slot);
    case ENTITY_OBJECT_PTR:
        *(void **)slot = arena_alloc(a, f->of->size);
        return decode_object(f->of, i, a, *(void **)slot);
    case ENTITY_LIST:
        return decode_list(f->of, i, a, slot);
    }
    return E_INVALID;
}

/* The kind first, wherever it stands: it says which rows exist. */
static int decode_kind(const struct entity *e, bson_iter_t i, struct arena *a, void *record)
{
    if (!e->kind || !bson_iter_find(&i, e->kind->name) || BSON_ITER_HOLDS_NULL(&i))
        return 0;
    return decode_field(e->kind, &i, a, record);
}

static bool is_chosen(const struct choice *c, const struct entity_field *f)
{
    for (const char *const *name = c->without; name && *name; name++) {
        if (strcmp(*name, f->name) == 0)
            return false;
    }
    return c->see == 0 || entity_is_shown(f, c->see);
}

/* `i` stands before the first member. */
static int decode_members(const struct entity *e, bson_iter_t *i, const struct choice *c,
                          struct arena *a, void *record)
{
    int r = decode_kind(e, *i, a, record);
    const struct entity_field *next = e->fields; /* documents mostly keep the table's order */
    while (r == 0 && bson_iter_next(i)) {
        const struct entity_field *f = entity_row(e, bson_iter_key(i), next);
        if (!f)
            continue;
        next = f + 1;
        if (!is_chosen(c, f))
            continue;
        if (!BSON_ITER_HOLDS_NULL(i) && entity_row_exists(e, f, record))
            r = decode_field(f, i, a, record);
    }
    return r == 0 && i->err_off != 0 ? E_CORRUPT : r;
}

int entity_decode(const struct entity *e, const bson_t *doc, struct arena *a, void *record)
{
    bson_iter_t i;
    if (!bson_iter_init(&i, doc))
        return E_CORRUPT;
    return decode_members(e, &i, &all, a, record);
}

static bool projects(const struct entity *e)
{
    const struct entity_field *f = e->fields;
    while (f->name && !f->project)
        f++;
    return f->name != NULL;
}

int entity_decode_shown(const struct entity *e, const bson_t *doc, unsigned see, struct arena *a,
                        void *record)
{
    bson_iter_t i;
    if (!bson_iter_init(&i, doc))
        return E_CORRUPT;
    const struct choice shown = {.see = projects(e) ? 0 : see};
    return decode_members(e, &i, &shown, a, record);
}

int entity_decode_without(const struct entity *e, const bson_t *doc, const char *const *without,
                          struct arena *a, void *record)
{
    const struct choice c = {.without = without};
    bson_iter_t i;
    if (!bson_iter_init(&i, doc))
        return E_CORRUPT;
    return decode_members(e, &i, &c, a, record);
}
