/* What every use of a table asks of its rows. */
#include <string.h>

#include "domain/entity/private.h"

const struct entity_field *entity_row(const struct entity *e, const char *name,
                                      const struct entity_field *hint)
{
    const struct entity_field *from = hint ? hint : e->fields;
    for (const struct entity_field *f = from; f->name; f++)
        if (f->name[0] == name[0] && strcmp(f->name, name) == 0)
            return f;
    for (const struct entity_field *f = e->fields; f < from; f++)
        if (f->name[0] == name[0] && strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

bool entity_row_exists(const struct entity *e, const struct entity_field *f, const void *record)
{
    if (f->kinds == 0)
        return true;
    int kind = *(const int *)entity_at(e->kind, record);
    return kind > 0 && kind <= ENTITY_KINDS_MAX && (f->kinds >> kind & 1) != 0;
}

static bool all_absent(const struct entity *e, const void *record)
{
    for (const struct entity_field *f = e->fields; f->name; f++)
        if (entity_row_exists(e, f, record) && !entity_field_absent(f, record))
            return false;
    return true;
}

bool entity_field_absent(const struct entity_field *f, const void *record)
{
    const void *at = entity_at(f, record);
    switch (f->type) {
    case ENTITY_TEXT:
    case ENTITY_JSON:
        return !*(const char *const *)at;
    case ENTITY_INT:
    case ENTITY_MONEY:
        return (f->flags & ENTITY_OPTIONAL) && *(const int64_t *)at == 0;
    case ENTITY_TIME:
        return *(const int64_t *)at == 0;
    case ENTITY_BOOL:
        return false;
    case ENTITY_ENUM:
        return *(const int *)at == 0;
    case ENTITY_ID:
        return id_is_nil(at);
    case ENTITY_POINT:
        return !((const struct point *)at)->set;
    case ENTITY_WORDS:
        return ((const struct text_words *)at)->n == 0;
    case ENTITY_BYTES:
        return ((const struct entity_bytes *)at)->n == 0;
    case ENTITY_OBJECT:
        return all_absent(f->of, at);
    case ENTITY_OBJECT_PTR:
        return !*(const void *const *)at;
    case ENTITY_LIST:
        return ((const struct entity_list *)at)->n == 0;
    }
    return true;
}

size_t entity_field_max(const struct entity_field *f)
{
    if (f->max > 0)
        return f->max;
    switch (f->type) {
    case ENTITY_TEXT:
        return ENTITY_TEXT_MAX;
    case ENTITY_WORDS:
        return ENTITY_WORDS_MAX;
    case ENTITY_LIST:
        return ENTITY_LIST_MAX;
    case ENTITY_BYTES:
        return ENTITY_BYTES_MAX;
    case ENTITY_JSON:
        return ENTITY_JSON_MAX;
    default:
        return 0; /* of a fixed size */
    }
}

const char *entity_enum_name(const struct entity_name *names, int value)
{
    if (value < 1)
        return NULL;
    for (int i = 1; names[i].name; i++)
        if (i == value)
            return names[i].name;
    return NULL;
}

int entity_enum_value(const struct entity_name *names, const char *name)
{
    for (int i = 1; names[i].name; i++)
        if (strcmp(names[i].name, name) == 0)
            return i;
    return 0;
}
