/* What an audience sees of a record. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "domain/entity/private.h"

size_t entity_member_begin(const char *name, bool first, struct buf *out)
{
    size_t mark = out->len;
    if (!first)
        buf_add_char(out, ',');
    buf_add_json_str(out, name, strlen(name));
    buf_add_char(out, ':');
    return mark;
}

void entity_member_drop(size_t mark, struct buf *out)
{
    if (out->failed)
        return;
    out->len = mark;
    out->data[mark] = '\0';
}

static void write_text(const char *text, struct buf *out)
{
    buf_add_json_str(out, text, strlen(text));
}

static void write_time(int64_t ms, struct buf *out)
{
    char text[CLOCK_TEXT];
    write_text(clock_format(ms, text), out);
}

static void write_id(const struct id *id, struct buf *out)
{
    char text[ID_TEXT];
    write_text(id_format(id, text), out);
}

/* Fifteen digits are the most that never show the noise of binary fractions. */
static void write_point(const struct point *p, struct buf *out)
{
    buf_printf(out, "{\"lat\":%.15g,\"lon\":%.15g}", p->lat, p->lon);
}

static void write_words(const struct text_words *words, struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < words->n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        write_text(words->items[i], out);
    }
    buf_add_char(out, ']');
}

static void write_list(const struct entity *of, const struct entity_list *list, unsigned see,
                       struct buf *out)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i > 0)
            buf_add_char(out, ',');
        entity_json(of, entity_item(list, of, i), see, out);
    }
    buf_add_char(out, ']');
}

/* Returns false if the object shows nothing. */
static bool write_object(const struct entity *of, const void *record, unsigned see, struct buf *out)
{
    bool first = true;
    buf_add_char(out, '{');
    entity_json_members(of, record, see, &first, out);
    buf_add_char(out, '}');
    return !first;
}

/* Writes a value that is present and shown to `see`; false if nothing of it is shown after all. */
static bool write_value(const struct entity_field *f, const void *record, unsigned see,
                        struct buf *out)
{
    if (f->project)
        return f->project(record, see, out) > 0;
    const void *at = entity_at(f, record);
    switch (f->type) {
    case ENTITY_TEXT:
        write_text(*(const char *const *)at, out);
        return true;
    case ENTITY_JSON:
        buf_add_str(out, *(const char *const *)at);
        return true;
    case ENTITY_INT:
    case ENTITY_MONEY:
        buf_printf(out, "%" PRId64, *(const int64_t *)at);
        return true;
    case ENTITY_TIME:
        write_time(*(const int64_t *)at, out);
        return true;
    case ENTITY_BOOL:
        buf_add_str(out, *(const bool *)at ? "true" : "false");
        return true;
    case ENTITY_ENUM: {
        const char *name = entity_enum_name(f->names, *(const int *)at);
        if (name)
            write_text(name, out);
        return name != NULL;
    }
    case ENTITY_ID:
        write_id(at, out);
        return true;
    case ENTITY_POINT:
        write_point(at, out);
        return true;
    case ENTITY_WORDS:
        write_words(at, out);
        return true;
    case ENTITY_BYTES:
        return false;
    case ENTITY_OBJECT:
        return write_object(f->of, at, see, out);
    case ENTITY_OBJECT_PTR:
        return write_object(f->of, *(const void *const *)at, see, out);
    case ENTITY_LIST:
        write_list(f->of, at, see, out);
        return true;
    }
    return false;
}

void entity_json_members(const struct entity *e, const void *record, unsigned see, bool *first,
                         struct buf *out)
{
    for (const struct entity_field *f = e->fields; f->name; f++) {
        if (!entity_is_shown(f, see) || !entity_row_exists(e, f, record) ||
            entity_field_absent(f, record))
            continue;
        if (entity_is_flat(f)) {
            entity_json_members(f->of, entity_at(f, record), see & f->see, first, out);
            continue;
        }
        size_t mark = entity_member_begin(f->name, *first, out);
        if (write_value(f, record, see & f->see, out))
            *first = false;
        else
            entity_member_drop(mark, out);
    }
}

void entity_json(const struct entity *e, const void *record, unsigned see, struct buf *out)
{
    write_object(e, record, see, out);
}
