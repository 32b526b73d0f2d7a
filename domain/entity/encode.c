/* From a record to its document. */
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "domain/entity/private.h"

/* Written by the store alone (store/collection.h). */
static const char *const reserved[] = {"_id", "form", "version", "arrival", "writes"};

bool entity_is_reserved(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(reserved); i++)
        if (strcmp(reserved[i], name) == 0)
            return true;
    return false;
}

static int encode_members(const struct entity *e, void *record, struct arena *a, bson_t *out);

/* libbson refuses only what passes its own bound of 2 GiB. */
static int appended(bool ok)
{
    return ok ? 0 : E_FULL;
}

static int encode_text(const char *name, const char *text, size_t max, bson_t *out)
{
    size_t n = strlen(text);
    if (n > max)
        return E_FULL;
    if (!text_valid(text, n))
        return E_INVALID;
    return appended(bson_append_utf8(out, name, -1, text, (int)n));
}

static int encode_enum(const struct entity_field *f, int value, bson_t *out)
{
    const char *name = entity_enum_name(f->names, value);
    return name ? appended(bson_append_utf8(out, f->name, -1, name, -1)) : E_INVALID;
}

static int encode_bytes(const char *name, bson_subtype_t subtype, const uint8_t *bytes, size_t n,
                        size_t max, bson_t *out)
{
    if (n > max)
        return E_FULL;
    return appended(bson_append_binary(out, name, -1, subtype, bytes, (uint32_t)n));
}

static int encode_point(const char *name, const struct point *p, bson_t *out)
{
    if (!isfinite(p->lat) || !isfinite(p->lon))
        return E_INVALID;
    bson_t child;
    return appended(bson_append_document_begin(out, name, -1, &child) &&
                    BSON_APPEND_DOUBLE(&child, "lat", p->lat) &&
                    BSON_APPEND_DOUBLE(&child, "lon", p->lon) &&
                    bson_append_document_end(out, &child));
}

static int encode_words(const struct entity_field *f, const struct text_words *words, bson_t *out)
{
    if (words->n > entity_field_max(f))
        return E_FULL;
    bson_t child;
    if (!bson_append_array_begin(out, f->name, -1, &child))
        return E_FULL;
    int r = 0;
    for (size_t i = 0; r == 0 && i < words->n; i++) {
        char space[16];
        const char *key;
        bson_uint32_to_string((uint32_t)i, &key, space, sizeof space);
        r = encode_text(key, words->items[i], ENTITY_TEXT_MAX, &child);
    }
    bson_append_array_end(out, &child);
    return r;
}

static int encode_object(const char *name, const struct entity *of, void *record, struct arena *a,
                         bson_t *out)
{
    bson_t child;
    if (!bson_append_document_begin(out, name, -1, &child))
        return E_FULL;
    int r = encode_members(of, record, a, &child);
    bson_append_document_end(out, &child);
    return r;
}

static int encode_list(const struct entity_field *f, const struct entity_list *list,
                       struct arena *a, bson_t *out)
{
    if (list->n > entity_field_max(f))
        return E_FULL;
    bson_t child;
    if (!bson_append_array_begin(out, f->name, -1, &child))
        return E_FULL;
    int r = 0;
    for (size_t i = 0; r == 0 && i < list->n; i++) {
        char space[16];
        const char *key;
        bson_uint32_to_string((uint32_t)i, &key, space, sizeof space);
        r = encode_object(key, f->of, (char *)list->items + i * f->of->size, a, &child);
    }
    bson_append_array_end(out, &child);
    return r;
}

static int encode_field(const struct entity_field *f, void *record, struct arena *a, bson_t *out)
{
    void *at = entity_slot(f, record);
    size_t max = entity_field_max(f);
    const struct entity_bytes *bytes = at;
    switch (f->type) {
    case ENTITY_TEXT:
    case ENTITY_JSON:
        return encode_text(f->name, *(const char *const *)at, max, out);
    case ENTITY_INT:
    case ENTITY_MONEY:
        return appended(bson_append_int64(out, f->name, -1, *(const int64_t *)at));
    case ENTITY_TIME:
        return appended(bson_append_date_time(out, f->name, -1, *(const int64_t *)at));
    case ENTITY_BOOL:
        return appended(bson_append_bool(out, f->name, -1, *(const bool *)at));
    case ENTITY_ENUM:
        return encode_enum(f, *(const int *)at, out);
    case ENTITY_ID:
        return encode_bytes(f->name, BSON_SUBTYPE_UUID, at, sizeof(struct id), sizeof(struct id),
                            out);
    case ENTITY_POINT:
        return encode_point(f->name, at, out);
    case ENTITY_WORDS:
        return encode_words(f, at, out);
    case ENTITY_BYTES:
        return encode_bytes(f->name, BSON_SUBTYPE_BINARY, bytes->data, bytes->n, max, out);
    case ENTITY_OBJECT:
        return encode_object(f->name, f->of, at, a, out);
    case ENTITY_OBJECT_PTR:
        return encode_object(f->name, f->of, *(void **)at, a, out);
    case ENTITY_LIST:
        return encode_list(f, at, a, out);
    }
    return E_INVALID;
}

static int encode_members(const struct entity *e, void *record, struct arena *a, bson_t *out)
{
    if (e->derive)
        e->derive(record, a);
    int r = 0;
    for (const struct entity_field *f = e->fields; r == 0 && f->name; f++)
        if (entity_row_exists(e, f, record) && !entity_field_absent(f, record))
            r = encode_field(f, record, a, out);
    return r;
}

/* Fields that a newer program, or a hand, put there. */
static int keep_unknown(const struct entity *e, const bson_t *before, bson_t *out)
{
    bson_iter_t i;
    if (!bson_iter_init(&i, before))
        return E_CORRUPT;
    while (bson_iter_next(&i)) {
        const char *name = bson_iter_key(&i);
        if (entity_is_reserved(name) || entity_row(e, name, NULL))
            continue;
        if (!bson_append_iter(out, name, -1, &i))
            return E_FULL;
    }
    return i.err_off == 0 ? 0 : E_CORRUPT;
}

int entity_encode(const struct entity *e, void *record, const bson_t *before, struct arena *a,
                  bson_t *out)
{
    int r = encode_members(e, record, a, out);
    return r == 0 && before ? keep_unknown(e, before, out) : r;
}
