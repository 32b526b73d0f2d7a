#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "schemas/keyword.h"

#define MESSAGE_MAX 2048
#define NAME_MAX_BYTES 64 /* of a property in a message; strangers choose them */
#define NUMBER_TEXT 32

/* What goes into the placeholders of a template in one language; NULL where it has none. */
struct facts {
    const char *limit, *actual, *name;
};

/* Moves *s behind a placeholder; NULL if none stands there. */
static const char *take_fact(const char **s, const struct facts *facts)
{
    const struct {
        const char *placeholder, *fact;
    } table[] = {{"{limit}", facts->limit}, {"{actual}", facts->actual}, {"{name}", facts->name}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t n = strlen(table[i].placeholder);
        if (strncmp(*s, table[i].placeholder, n) == 0 && table[i].fact) {
            *s += n;
            return table[i].fact;
        }
    }
    return NULL;
}

static const char *render(struct arena *a, const char *template, const struct facts *facts)
{
    struct buf b;
    buf_init(&b, MESSAGE_MAX);
    for (const char *s = template; *s;) {
        const char *fact = *s == '{' ? take_fact(&s, facts) : NULL;
        if (fact)
            buf_add_str(&b, fact);
        else
            buf_add_char(&b, *s++);
    }
    const char *text = arena_strndup(a, b.data ? b.data : "", b.len);
    buf_release(&b);
    return text;
}

bool violate_said(struct check *c, enum keyword_id id, const struct place *at, const char *vi,
                  const char *en)
{
    struct schema_violations *list = c->violations;
    if (c->probing > 0 || c->budget.spent || list->n >= c->violations_max)
        return false;
    list->items[list->n++] = (struct schema_violation){
        .pointer = place_pointer(c->arena, at),
        .keyword = keywords[id].name,
        .vi = vi,
        .en = en,
    };
    return false;
}

static bool violate_facts(struct check *c, enum keyword_id id, const struct place *at,
                          const struct facts *vi, const struct facts *en)
{
    if (c->probing > 0)
        return false;
    return violate_said(c, id, at, render(c->arena, messages[id].vi, vi),
                        render(c->arena, messages[id].en, en));
}

bool violate(struct check *c, enum keyword_id id, const struct place *at)
{
    const struct facts none = {0};
    return violate_facts(c, id, at, &none, &none);
}

bool violate_count(struct check *c, enum keyword_id id, const struct place *at, uint64_t limit,
                   uint64_t actual)
{
    char limit_text[NUMBER_TEXT], actual_text[NUMBER_TEXT];
    const struct facts facts = {.limit = limit_text, .actual = actual_text};
    snprintf(limit_text, sizeof limit_text, "%" PRIu64, limit);
    snprintf(actual_text, sizeof actual_text, "%" PRIu64, actual);
    return violate_facts(c, id, at, &facts, &facts);
}

static char *format_number(const json_t *number, char out[NUMBER_TEXT])
{
    if (json_is_integer(number))
        snprintf(out, NUMBER_TEXT, "%" JSON_INTEGER_FORMAT, json_integer_value(number));
    else
        snprintf(out, NUMBER_TEXT, "%.15g", json_real_value(number));
    return out;
}

bool violate_number(struct check *c, enum keyword_id id, const struct place *at,
                    const json_t *limit, const json_t *actual)
{
    char limit_text[NUMBER_TEXT], actual_text[NUMBER_TEXT];
    const struct facts facts = {.limit = format_number(limit, limit_text),
                                .actual = format_number(actual, actual_text)};
    return violate_facts(c, id, at, &facts, &facts);
}

bool violate_name(struct check *c, enum keyword_id id, const struct place *at, const char *name)
{
    if (c->probing > 0)
        return false;
    const struct facts facts = {.name =
                                    arena_strndup(c->arena, name, text_cut(name, NAME_MAX_BYTES))};
    return violate_facts(c, id, at, &facts, &facts);
}

bool violate_needs(struct check *c, enum keyword_id id, const struct place *at, const char *because,
                   const char *name)
{
    const struct facts facts = {.limit = because, .name = name};
    return violate_facts(c, id, at, &facts, &facts);
}

bool violate_words(struct check *c, enum keyword_id id, const struct place *at, const char *vi,
                   const char *en)
{
    const struct facts facts_vi = {.limit = vi}, facts_en = {.limit = en};
    return violate_facts(c, id, at, &facts_vi, &facts_en);
}
