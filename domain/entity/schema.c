/* JSON Schema of what json.c writes. */
#include <string.h>

#include "domain/entity/private.h"

static void write_table(const struct entity *e, unsigned see, struct buf *out);

static void write_names(const struct entity_name *names, struct buf *out)
{
    buf_add_str(out, "\"type\":\"string\",\"enum\":[");
    for (int i = 1; names[i].name; i++) {
        if (i > 1)
            buf_add_char(out, ',');
        buf_add_json_str(out, names[i].name, strlen(names[i].name));
    }
    buf_add_char(out, ']');
}

static void write_array(const struct entity_field *f, unsigned see, struct buf *out)
{
    buf_printf(out, "\"type\":\"array\",\"maxItems\":%zu,\"items\":{", entity_field_max(f));
    if (f->type == ENTITY_LIST)
        write_table(f->of, see, out);
    else
        buf_printf(out, "\"type\":\"string\",\"maxLength\":%d", ENTITY_TEXT_MAX);
    buf_add_char(out, '}');
}

/* The keywords of a type. A bound in bytes is one in characters too, only wider. */
static void write_type(const struct entity_field *f, unsigned see, struct buf *out)
{
    switch (f->type) {
    case ENTITY_TEXT:
        buf_printf(out, "\"type\":\"string\",\"maxLength\":%zu", entity_field_max(f));
        break;
    case ENTITY_INT:
    case ENTITY_MONEY:
        buf_add_str(out, "\"type\":\"integer\"");
        break;
    case ENTITY_BOOL:
        buf_add_str(out, "\"type\":\"boolean\"");
        break;
    case ENTITY_TIME:
        buf_add_str(out, "\"type\":\"string\",\"format\":\"date-time\"");
        break;
    case ENTITY_ENUM:
        write_names(f->names, out);
        break;
    case ENTITY_ID:
        buf_add_str(out, "\"type\":\"string\",\"format\":\"uuid\"");
        break;
    case ENTITY_POINT:
        buf_add_str(out, "\"type\":\"object\",\"properties\":{"
                         "\"lat\":{\"type\":\"number\",\"minimum\":-90,\"maximum\":90},"
                         "\"lon\":{\"type\":\"number\",\"minimum\":-180,\"maximum\":180}},"
                         "\"required\":[\"lat\",\"lon\"],\"additionalProperties\":false");
        break;
    case ENTITY_WORDS:
    case ENTITY_LIST:
        write_array(f, see, out);
        break;
    case ENTITY_OBJECT:
    case ENTITY_OBJECT_PTR:
        write_table(f->of, see, out);
        break;
    case ENTITY_JSON:  /* whatever the schema of its own allows */
    case ENTITY_BYTES: /* never shown */
        break;
    }
}

/* What stands within the braces of what the table gives. */
static void write_shown_as(const char *shown_as, struct buf *out)
{
    const char *open = strchr(shown_as, '{'), *close = strrchr(shown_as, '}');
    buf_add(out, open + 1, (size_t)(close - open - 1));
}

static void write_property(const struct entity_field *f, unsigned see, struct buf *out)
{
    buf_add_char(out, '{');
    size_t empty = out->len;
    if (f->project && f->shown_as)
        write_shown_as(f->shown_as, out);
    else
        write_type(f, see, out);
    if (f->words) {
        buf_add_str(out, out->len > empty ? ",\"description\":" : "\"description\":");
        buf_add_json_str(out, f->words, strlen(f->words));
    }
    buf_add_char(out, '}');
}

static void write_properties(const struct entity *e, unsigned see, bool *first, struct buf *out)
{
    for (const struct entity_field *f = e->fields; f->name; f++) {
        if (!entity_is_shown(f, see))
            continue;
        if (entity_is_flat(f)) {
            write_properties(f->of, see & f->see, first, out);
            continue;
        }
        entity_member_begin(f->name, *first, out);
        write_property(f, see & f->see, out);
        *first = false;
    }
}

static bool never_absent(const struct entity_field *f)
{
    bool counts = f->type == ENTITY_INT || f->type == ENTITY_MONEY || f->type == ENTITY_BOOL;
    return counts && !(f->flags & ENTITY_OPTIONAL) && !f->project;
}

static void write_required(const struct entity *e, unsigned see, bool *first, struct buf *out)
{
    for (const struct entity_field *f = e->fields; f->name; f++) {
        if (!entity_is_shown(f, see) || f->kinds != 0)
            continue;
        if (entity_is_flat(f)) {
            write_required(f->of, see & f->see, first, out);
        } else if (never_absent(f)) {
            buf_add_str(out, *first ? ",\"required\":[" : ",");
            buf_add_json_str(out, f->name, strlen(f->name));
            *first = false;
        }
    }
}

/* The keywords of a table's schema, without braces. */
static void write_table(const struct entity *e, unsigned see, struct buf *out)
{
    buf_add_str(out, "\"type\":\"object\",\"properties\":{");
    bool first = true;
    write_properties(e, see, &first, out);
    buf_add_char(out, '}');
    first = true;
    write_required(e, see, &first, out);
    buf_add_str(out, first ? "" : "]");
    buf_add_str(out, ",\"additionalProperties\":false");
}

void entity_schema(const struct entity *e, unsigned see, struct buf *out)
{
    buf_add_char(out, '{');
    write_table(e, see, out);
    buf_add_char(out, '}');
}
