/* type, const and enum. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "schemas/keyword.h"

#define LISTED_VALUES 12 /* of an enum, that a message lists */
#define LISTED_BYTES 40

static const struct {
    const char *name;
    unsigned bit;
    const char *vi, *en;
} type_names[] = {
    {"null", TYPE_NULL, "giá trị rỗng (null)", "null"},
    {"boolean", TYPE_BOOLEAN, "đúng hoặc sai (true, false)", "true or false"},
    {"object", TYPE_OBJECT, "một đối tượng", "an object"},
    {"array", TYPE_ARRAY, "một danh sách", "an array"},
    {"number", TYPE_NUMBER, "một số", "a number"},
    {"string", TYPE_STRING, "một chuỗi ký tự", "a string"},
    {"integer", TYPE_INTEGER, "một số nguyên", "an integer"},
};

#define TYPES_TEXT 256 /* all names in one language */

static unsigned type_bit(const json_t *name)
{
    for (size_t i = 0; json_is_string(name) && i < ARRAY_LEN(type_names); i++) {
        if (strcmp(type_names[i].name, json_string_value(name)) == 0)
            return type_names[i].bit;
    }
    return 0;
}

static void add_type(struct compiler *c, const json_t *name, const struct place *at,
                     struct rule *ret)
{
    unsigned bit = type_bit(name);
    if (bit == 0)
        compile_fault(c, at, "not the name of a type");
    else if (ret->types & bit)
        compile_fault(c, at, "is listed twice");
    ret->types |= bit;
}

void type_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                  const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (!json_is_array(argument)) {
        add_type(c, argument, at, ret);
        return;
    }
    if (json_array_size(argument) == 0)
        compile_fault(c, at, "must name a type");
    for (size_t i = 0; i < json_array_size(argument); i++) {
        struct place place = {.parent = at, .index = i};
        add_type(c, json_array_get(argument, i), &place, ret);
    }
}

static bool has_type(unsigned types, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return types & TYPE_OBJECT;
    case JSON_ARRAY:
        return types & TYPE_ARRAY;
    case JSON_STRING:
        return types & TYPE_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return types & TYPE_NUMBER || (types & TYPE_INTEGER && number_is_integer(value));
    case JSON_TRUE:
    case JSON_FALSE:
        return types & TYPE_BOOLEAN;
    case JSON_NULL:
        break;
    }
    return types & TYPE_NULL;
}

/* "a string or null" */
static void list_types(unsigned types, char vi[TYPES_TEXT], char en[TYPES_TEXT])
{
    size_t vi_n = 0, en_n = 0;
    vi[0] = en[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(type_names); i++) {
        if (!(types & type_names[i].bit))
            continue;
        vi_n += (size_t)snprintf(vi + vi_n, TYPES_TEXT - vi_n, "%s%s", vi_n ? " hoặc " : "",
                                 type_names[i].vi);
        en_n += (size_t)snprintf(en + en_n, TYPES_TEXT - en_n, "%s%s", en_n ? " or " : "",
                                 type_names[i].en);
    }
}

bool type_check(struct check *c, const struct rule *rule, const json_t *value,
                const struct place *at)
{
    char vi[TYPES_TEXT], en[TYPES_TEXT];
    if (has_type(rule->types, value))
        return true;
    if (c->probing > 0)
        return false;
    list_types(rule->types, vi, en);
    return violate_words(c, KEYWORD_TYPE, at, vi, en);
}

bool const_check(struct check *c, const struct rule *rule, const json_t *value,
                 const struct place *at)
{
    return value_equal(&c->budget, rule->argument, value) || violate(c, KEYWORD_CONST, at);
}

void enum_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                  const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (json_array_size(argument) == 0) /* also when it is no array */
        compile_fault(c, at, "must be a list of values, not empty");
    ret->argument = argument;
}

/* Few and short ones are told; NULL for others. */
static const char *list_words(struct arena *a, const json_t *values)
{
    const char *words = "";
    size_t i, n = 0;
    const json_t *value;
    if (json_array_size(values) > LISTED_VALUES)
        return NULL;
    json_array_foreach((json_t *)values, i, value)
    {
        if (!json_is_string(value) || json_string_length(value) > LISTED_BYTES)
            return NULL;
        words = arena_printf(a, "%s%s%s", words, n++ ? ", " : "", json_string_value(value));
    }
    return n ? words : NULL;
}

bool enum_check(struct check *c, const struct rule *rule, const json_t *value,
                const struct place *at)
{
    size_t n = json_array_size(rule->argument);
    for (size_t i = 0; i < n; i++) {
        if (value_equal(&c->budget, json_array_get(rule->argument, i), value))
            return true;
    }
    if (c->probing > 0)
        return false;
    const char *words = list_words(c->arena, rule->argument);
    return violate_words(c, KEYWORD_ENUM, at,
                         words ? words : arena_printf(c->arena, "%zu giá trị cho phép", n),
                         words ? words : arena_printf(c->arena, "the %zu allowed values", n));
}
