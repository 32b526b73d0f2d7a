/* Whether a table is sound. Asked once at start, so plainly and not fast. */
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "domain/entity/private.h"

#define SEE_EVERYBODY ((unsigned)(SEE_ALL | SEE_SELF))

static _Thread_local char fault_words[200];

__attribute__((format(printf, 3, 4))) static const char *
fault(const struct entity *e, const struct entity_field *f, const char *fmt, ...)
{
    int n = snprintf(fault_words, sizeof fault_words, "%s%s%s: ", e->name ? e->name : "(no name)",
                     f ? "." : "", f ? f->name : "");
    if (n < 0 || (size_t)n >= sizeof fault_words)
        return fault_words;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(fault_words + n, sizeof fault_words - (size_t)n, fmt, ap);
    va_end(ap);
    return fault_words;
}

static bool holds_table(const struct entity_field *f)
{
    return f->type == ENTITY_OBJECT || f->type == ENTITY_OBJECT_PTR || f->type == ENTITY_LIST;
}

static bool has_bound(const struct entity_field *f)
{
    return entity_field_max(&(struct entity_field){.type = f->type}) > 0;
}

/* Size and alignment of what a row occupies in its record. */
static size_t size_of(const struct entity_field *f, size_t *ret_align)
{
#define OCCUPIES(T) (*ret_align = _Alignof(T), sizeof(T))
    switch (f->type) {
    case ENTITY_TEXT:
    case ENTITY_JSON:
    case ENTITY_OBJECT_PTR:
        return OCCUPIES(void *);
    case ENTITY_INT:
    case ENTITY_TIME:
    case ENTITY_MONEY:
        return OCCUPIES(int64_t);
    case ENTITY_BOOL:
        return OCCUPIES(bool);
    case ENTITY_ENUM:
        return OCCUPIES(int);
    case ENTITY_ID:
        return OCCUPIES(struct id);
    case ENTITY_POINT:
        return OCCUPIES(struct point);
    case ENTITY_WORDS:
        return OCCUPIES(struct text_words);
    case ENTITY_BYTES:
        return OCCUPIES(struct entity_bytes);
    case ENTITY_LIST:
        return OCCUPIES(struct entity_list);
    case ENTITY_OBJECT:
        *ret_align = 1; /* that of its own rows, which are checked in turn */
        return f->of->size;
    }
#undef OCCUPIES
    *ret_align = 1;
    return 0;
}

static bool good_name(const char *name)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyz";
    static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return *name && strchr(first, *name) && strspn(name, more) == strlen(name);
}

static const char *names_fault(const struct entity_name *names)
{
    if (names[0].name || !names[1].name)
        return "an enum's names begin at index 1";
    for (int i = 1; names[i].name; i++)
        if (entity_enum_value(names, names[i].name) != i)
            return "two values of the enum have one name";
    return NULL;
}

static bool is_json_object(const char *text)
{
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    bool is_object = json_is_object(value);
    json_decref(value);
    return is_object;
}

static const char *shape_fault(const struct entity_field *f)
{
    if (f->type < ENTITY_TEXT || f->type > ENTITY_LIST)
        return "no such type";
    if (holds_table(f) != (f->of != NULL))
        return "objects and lists, and no others, have a table";
    if ((f->type == ENTITY_ENUM) != (f->names != NULL))
        return "enums, and no others, have names";
    if (f->names && names_fault(f->names))
        return names_fault(f->names);
    if (f->max > 0 && !has_bound(f))
        return "a bound where the type has none";
    if (f->see & ~SEE_EVERYBODY)
        return "no such audience";
    if (f->flags & ~(unsigned)(ENTITY_OPTIONAL | ENTITY_FLAT | ENTITY_DERIVED))
        return "no such flag";
    return NULL;
}

static const char *showing_fault(const struct entity_field *f)
{
    if (entity_is_flat(f) && (f->type != ENTITY_OBJECT || f->project))
        return "only objects are flat, and not projected";
    if (f->type == ENTITY_BYTES && f->project)
        return "bytes are never shown";
    if (f->shown_as && !f->project)
        return "shown as something else, but without a projector";
    if (f->shown_as && !is_json_object(f->shown_as))
        return "what it is shown as is not a JSON object";
    return NULL;
}

static const char *place_fault(const struct entity *e, const struct entity_field *f)
{
    size_t align;
    size_t size = size_of(f, &align);
    if (f->offset > e->size || size > e->size - f->offset)
        return "lies outside of the struct";
    return f->offset % align == 0 ? NULL : "is not aligned";
}

/* Number of kinds, or 0 if the table is no variant. */
static int kinds_of(const struct entity *e)
{
    int n = 0;
    while (e->kind && e->kind->names && e->kind->names[n + 1].name)
        n++;
    return n;
}

static const char *kinds_fault(const struct entity *e)
{
    if (!e->kind)
        return NULL;
    const struct entity_field *f = e->fields;
    while (f->name && f != e->kind)
        f++;
    if (!f->name)
        return "the kind is not a row of the table";
    if (f->type != ENTITY_ENUM || f->kinds != 0 || f->project)
        return "the kind is an enum that every kind has, not projected";
    return kinds_of(e) <= ENTITY_KINDS_MAX ? NULL : "too many kinds";
}

static bool names_other_kinds(const struct entity *e, const struct entity_field *f)
{
    uint64_t known = (UINT64_C(2) << kinds_of(e)) - 2; /* bits 1 to the number of kinds */
    return (f->kinds & ~known) != 0;
}

/* Rows of different kinds may share memory, as members of a union do. */
static bool overlap(const struct entity_field *f, const struct entity_field *g)
{
    size_t align;
    bool together = f->kinds == 0 || g->kinds == 0 || (f->kinds & g->kinds) != 0;
    return together && f->offset < g->offset + size_of(g, &align) &&
           g->offset < f->offset + size_of(f, &align);
}

/* How many rows show their values under a name, those of flat objects included. */
static size_t count_shown(const struct entity *e, const char *name)
{
    size_t n = 0;
    for (const struct entity_field *f = e->fields; f->name; f++)
        n += entity_is_flat(f) ? count_shown(f->of, name) : strcmp(f->name, name) == 0;
    return n;
}

static const char *flat_fault(const struct entity *root, const struct entity *e)
{
    for (const struct entity_field *f = e->fields; f->name; f++) {
        const char *words = NULL;
        if (entity_is_flat(f))
            words = flat_fault(root, f->of);
        else if (count_shown(root, f->name) > 1)
            words = fault(root, f, "is shown under the name of another row");
        if (words)
            return words;
    }
    return NULL;
}

static const char *row_fault(const struct entity *e, const struct entity_field *f, int depth)
{
    if (!good_name(f->name) || (depth == 0 && entity_is_reserved(f->name)))
        return fault(e, f, "is no name for a field, or the store's");
    const char *words = shape_fault(f);
    if (!words)
        words = showing_fault(f);
    if (!words)
        words = place_fault(e, f);
    if (!words && names_other_kinds(e, f))
        words = "names a kind that the table does not have";
    return words ? fault(e, f, "%s", words) : NULL;
}

static const char *pairs_fault(const struct entity *e)
{
    for (const struct entity_field *f = e->fields; f->name; f++)
        for (const struct entity_field *g = f + 1; g->name; g++) {
            if (strcmp(f->name, g->name) == 0)
                return fault(e, f, "two rows have that name");
            if (overlap(f, g))
                return fault(e, f, "shares memory with %s", g->name);
        }
    return NULL;
}

static const char *table_fault(const struct entity *e, int depth)
{
    if (depth >= ENTITY_NESTING_MAX) /* also where a table holds itself */
        return fault(e, NULL, "tables are nested too deep");
    if (!e->name || e->size == 0 || !e->fields || !e->fields[0].name)
        return fault(e, NULL, "a table has a name, a size and rows");
    const char *words = kinds_fault(e);
    if (words)
        return fault(e, NULL, "%s", words);
    for (const struct entity_field *f = e->fields; f->name; f++) {
        words = row_fault(e, f, depth);
        if (!words && f->of)
            words = table_fault(f->of, depth + 1);
        if (words)
            return words;
    }
    words = pairs_fault(e);
    return words ? words : flat_fault(e, e);
}

const char *entity_fault(const struct entity *e)
{
    return table_fault(e, 0);
}
