/*
 * properties, additionalProperties, propertyNames, required, dependentRequired, minProperties,
 * maxProperties.
 */
#include <stdlib.h>
#include <string.h>

#include "schemas/keyword.h"

bool min_properties_check(struct check *c, const struct rule *rule, const json_t *value,
                          const struct place *at)
{
    size_t n = json_object_size(value);
    return n >= rule->count || violate_count(c, KEYWORD_MIN_PROPERTIES, at, rule->count, n);
}

bool max_properties_check(struct check *c, const struct rule *rule, const json_t *value,
                          const struct place *at)
{
    size_t n = json_object_size(value);
    return n <= rule->count || violate_count(c, KEYWORD_MAX_PROPERTIES, at, rule->count, n);
}

/* What is missing is said where it belongs. `because` is the property that asks for the others, or
 * NULL. */
static bool check_names(struct check *c, enum keyword_id id, const char *because,
                        const json_t *names, const json_t *value, const struct place *at)
{
    bool passes = true;
    size_t n = json_array_size(names);
    if (!budget_take(&c->budget, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (json_object_get(value, name))
            continue;
        struct place lacking = {.parent = at, .key = name};
        passes = violate_needs(c, id, &lacking, because, name);
        if (!check_goes_on(c))
            break;
    }
    return passes;
}

bool required_check(struct check *c, const struct rule *rule, const json_t *value,
                    const struct place *at)
{
    return check_names(c, KEYWORD_REQUIRED, NULL, rule->argument, value, at);
}

void dependent_required_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                                const struct place *at, struct rule *ret)
{
    ret->argument = argument;
    if (!json_is_object(argument))
        compile_fault(c, at, "must be an object of lists of names");
    const char *name;
    json_t *needed;
    json_object_foreach((json_t *)argument, name, needed)
    {
        struct place place = {.parent = at, .key = name};
        struct rule names;
        compile_names(c, needed, siblings, &place, &names);
    }
}

bool dependent_required_check(struct check *c, const struct rule *rule, const json_t *value,
                              const struct place *at)
{
    bool passes = true;
    const char *name;
    json_t *needed;
    json_object_foreach((json_t *)rule->argument, name, needed)
    {
        if (!budget_take(&c->budget, 1))
            return false;
        if (json_object_get(value, name))
            passes &= check_names(c, KEYWORD_DEPENDENT_REQUIRED, name, needed, value, at);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}

bool property_names_check(struct check *c, const struct rule *rule, const json_t *value,
                          const struct place *at)
{
    bool passes = true;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)value, name, member)
    {
        struct place place = {.parent = at, .key = name};
        json_t *text = json_string_nocheck(name);
        if (!text)
            abort();
        if (!check_probe(c, rule->nodes[0], text, &place))
            passes = violate_name(c, KEYWORD_PROPERTY_NAMES, &place, name);
        json_decref(text);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}

static int compare_names(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

void properties_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                        const struct place *at, struct rule *ret)
{
    (void)siblings;
    size_t n = 0;
    if (!json_is_object(argument)) {
        compile_fault(c, at, "must be an object of schemas");
        return;
    }
    ret->node_count = json_object_size(argument);
    ret->names = arena_array(compile_arena(c), ret->node_count, sizeof *ret->names);
    ret->nodes = arena_array(compile_arena(c), ret->node_count, sizeof *ret->nodes);
    const char *name;
    json_t *json;
    json_object_foreach((json_t *)argument, name, json)
    {
        ret->names[n++] = name;
    }
    if (n > 0)
        qsort(ret->names, n, sizeof *ret->names, compare_names);
    for (size_t i = 0; i < n; i++) {
        struct place place = {.parent = at, .key = ret->names[i]};
        ret->nodes[i] = compile_node(c, json_object_get(argument, ret->names[i]), &place);
    }
}

static const struct node *find_property(const struct rule *rule, const char *name)
{
    size_t low = 0, high = rule->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, rule->names[middle]);
        if (order == 0)
            return rule->nodes[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool properties_check(struct check *c, const struct rule *rule, const json_t *value,
                      const struct place *at)
{
    bool passes = true;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)value, name, member)
    {
        struct place place = {.parent = at, .key = name};
        const struct node *node = find_property(rule, name);
        if (!budget_take(&c->budget, 1))
            return false;
        if (!node)
            continue;
        passes &= check_node(c, node, member, &place);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}

void additional_properties_compile(struct compiler *c, const json_t *argument,
                                   const json_t *siblings, const struct place *at, struct rule *ret)
{
    compile_one(c, argument, siblings, at, ret);
    ret->known = json_object_get(siblings, "properties");
}

bool additional_properties_check(struct check *c, const struct rule *rule, const json_t *value,
                                 const struct place *at)
{
    bool passes = true;
    const struct node *node = rule->nodes[0];
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)value, name, member)
    {
        struct place place = {.parent = at, .key = name};
        if (!budget_take(&c->budget, 1))
            return false;
        if (json_object_get(rule->known, name))
            continue;
        if (node->nothing)
            passes = violate_name(c, KEYWORD_ADDITIONAL_PROPERTIES, &place, name);
        else
            passes &= check_node(c, node, member, &place);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}
