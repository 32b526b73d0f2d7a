/* From a client's checked JSON to a record. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "domain/entity/private.h"

/* Where a value does not fit: a JSON Pointer relative to it, "" for the value itself; or NULL. */
#define HERE ""

static const char *read_members(const struct entity *e, const json_t *object, struct arena *a,
                                void *record);

static const char *fits(bool fit)
{
    return fit ? NULL : HERE;
}

static const char *read_text(const json_t *value, size_t max, struct arena *a, const char **ret)
{
    const char *text = json_string_value(value);
    if (!text || strlen(text) != json_string_length(value) || json_string_length(value) > max)
        return HERE;
    *ret = arena_strdup(a, text);
    return NULL;
}

static const char *read_json(const json_t *value, size_t max, struct arena *a, const char **ret)
{
    size_t n;
    *ret = json_canonical(a, value, &n);
    return fits(n <= max);
}

/* JSON Schema counts 12.0 as an integer; beyond 2^53 a real no longer says which one. */
static const char *read_int(const json_t *value, int64_t *ret)
{
    if (json_is_integer(value)) {
        *ret = json_integer_value(value);
        return NULL;
    }
    double real = json_is_real(value) ? json_real_value(value) : NAN;
    if (!(fabs(real) <= 0x1p53) || floor(real) != real)
        return HERE;
    *ret = (int64_t)real;
    return NULL;
}

/* A 0 that would mean absent is not dropped unsaid. */
static const char *read_number(const struct entity_field *f, const json_t *value, int64_t *ret)
{
    const char *bad = read_int(value, ret);
    return bad ? bad : fits(!(f->flags & ENTITY_OPTIONAL) || *ret != 0);
}

static const char *read_time(const json_t *value, int64_t *ret_ms)
{
    const char *text = json_string_value(value);
    return fits(text && clock_parse(text, ret_ms) && *ret_ms != 0);
}

static const char *read_bool(const json_t *value, bool *ret)
{
    *ret = json_is_true(value);
    return fits(json_is_boolean(value));
}

static const char *read_enum(const struct entity_name *names, const json_t *value, int *ret)
{
    const char *name = json_string_value(value);
    *ret = name ? entity_enum_value(names, name) : 0;
    return fits(*ret > 0);
}

static const char *read_id(const json_t *value, struct id *ret)
{
    const char *text = json_string_value(value);
    return fits(text && id_parse(text, ret) && !id_is_nil(ret));
}

static const char *read_point(const json_t *value, struct point *ret)
{
    const json_t *lat = json_object_get(value, "lat"), *lon = json_object_get(value, "lon");
    if (!json_is_number(lat) || !json_is_number(lon))
        return HERE;
    *ret = (struct point){json_number_value(lat), json_number_value(lon), true};
    return fits(fabs(ret->lat) <= 90 && fabs(ret->lon) <= 180);
}

static const char *read_words(const json_t *value, size_t max, struct arena *a,
                              struct text_words *ret)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value) || n > max)
        return HERE;
    const char **texts = arena_array(a, n, sizeof *texts);
    for (size_t i = 0; i < n; i++)
        if (read_text(json_array_get(value, i), ENTITY_TEXT_MAX, a, &texts[i]))
            return arena_printf(a, "/%zu", i);
    *ret = (struct text_words){texts, n};
    return NULL;
}

static const char *read_object(const struct entity *of, const json_t *value, struct arena *a,
                               void *record)
{
    return json_is_object(value) ? read_members(of, value, a, record) : HERE;
}

static const char *read_list(const struct entity *of, const json_t *value, size_t max,
                             struct arena *a, struct entity_list *ret)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value) || n > max)
        return HERE;
    char *records = arena_array(a, n, of->size);
    for (size_t i = 0; i < n; i++) {
        const char *bad = read_object(of, json_array_get(value, i), a, records + i * of->size);
        if (bad)
            return arena_printf(a, "/%zu%s", i, bad);
    }
    *ret = (struct entity_list){records, n};
    return NULL;
}

static const char *read_value(const struct entity_field *f, const json_t *value, struct arena *a,
                              void *record)
{
    void *slot = entity_slot(f, record);
    size_t max = entity_field_max(f);
    switch (f->type) {
    case ENTITY_TEXT:
        return read_text(value, max, a, slot);
    case ENTITY_JSON:
        return read_json(value, max, a, slot);
    case ENTITY_INT:
    case ENTITY_MONEY:
        return read_number(f, value, slot);
    case ENTITY_TIME:
        return read_time(value, slot);
    case ENTITY_BOOL:
        return read_bool(value, slot);
    case ENTITY_ENUM:
        return read_enum(f->names, value, slot);
    case ENTITY_ID:
        return read_id(value, slot);
    case ENTITY_POINT:
        return read_point(value, slot);
    case ENTITY_WORDS:
        return read_words(value, max, a, slot);
    case ENTITY_BYTES:
        return HERE;
    case ENTITY_OBJECT:
        return read_object(f->of, value, a, slot);
    case ENTITY_OBJECT_PTR:
        *(void **)slot = arena_alloc(a, f->of->size);
        return read_object(f->of, value, a, *(void **)slot);
    case ENTITY_LIST:
        return read_list(f->of, value, max, a, slot);
    }
    return HERE;
}

/* One row of an object; the kind is known by then. */
static const char *read_row(const struct entity *e, const struct entity_field *f,
                            const json_t *object, struct arena *a, void *record)
{
    if (f->flags & ENTITY_DERIVED)
        return NULL;
    if (entity_is_flat(f))
        return entity_row_exists(e, f, record)
                   ? read_members(f->of, object, a, entity_slot(f, record))
                   : NULL;
    const json_t *value = json_object_get(object, f->name);
    if (!value || json_is_null(value))
        return NULL;
    const char *bad = entity_row_exists(e, f, record) ? read_value(f, value, a, record) : HERE;
    return bad ? arena_printf(a, "/%s%s", f->name, bad) : NULL;
}

static const char *read_members(const struct entity *e, const json_t *object, struct arena *a,
                                void *record)
{
    const char *bad = e->kind ? read_row(e, e->kind, object, a, record) : NULL;
    for (const struct entity_field *f = e->fields; !bad && f->name; f++)
        if (f != e->kind)
            bad = read_row(e, f, object, a, record);
    return bad;
}

const char *entity_read(const struct entity *e, const json_t *object, struct arena *a, void *record)
{
    return read_object(e, object, a, record);
}
