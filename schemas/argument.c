#include <string.h>

#include "schemas/keyword.h"

#define COUNT_MAX 0x1p53 /* a real tells all whole numbers apart up to here */

bool argument_count(const json_t *argument, uint64_t *ret)
{
    double real = json_number_value(argument);
    if (!json_is_number(argument) || !number_is_integer(argument) || real < 0 || real > COUNT_MAX)
        return false;
    *ret = (uint64_t)real;
    return true;
}

void compile_count(struct compiler *c, const json_t *argument, const json_t *siblings,
                   const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (!argument_count(argument, &ret->count))
        compile_fault(c, at, "must be a whole number, 0 or more");
}

void compile_number(struct compiler *c, const json_t *argument, const json_t *siblings,
                    const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (!json_is_number(argument))
        compile_fault(c, at, "must be a number");
    ret->argument = argument;
}

void compile_boolean(struct compiler *c, const json_t *argument, const json_t *siblings,
                     const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (!json_is_boolean(argument))
        compile_fault(c, at, "must be true or false");
    ret->argument = argument;
}

void compile_text(struct compiler *c, const json_t *argument, const json_t *siblings,
                  const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (!json_is_string(argument))
        compile_fault(c, at, "must be a text");
    ret->argument = argument;
}

void compile_names(struct compiler *c, const json_t *argument, const json_t *siblings,
                   const struct place *at, struct rule *ret)
{
    (void)siblings;
    ret->argument = argument;
    if (!json_is_array(argument)) {
        compile_fault(c, at, "must be a list of names");
        return;
    }
    json_t *seen = json_object();
    size_t i;
    json_t *name;
    json_array_foreach(argument, i, name)
    {
        struct place place = {.parent = at, .index = i};
        if (!json_is_string(name))
            compile_fault(c, &place, "must be a text");
        else if (json_object_get(seen, json_string_value(name)))
            compile_fault(c, &place, "is listed twice");
        else
            json_object_set_new_nocheck(seen, json_string_value(name), json_true());
    }
    json_decref(seen);
}

static const struct node **new_nodes(struct compiler *c, size_t n, struct rule *ret)
{
    ret->nodes = arena_array(compile_arena(c), n, sizeof *ret->nodes);
    ret->node_count = n;
    return ret->nodes;
}

void compile_one(struct compiler *c, const json_t *argument, const json_t *siblings,
                 const struct place *at, struct rule *ret)
{
    (void)siblings;
    new_nodes(c, 1, ret)[0] = compile_node(c, argument, at);
}

void argument_words(struct compiler *c, const json_t *siblings, const struct place *at,
                    const char *name, const char **ret_vi, const char **ret_en)
{
    const json_t *words = json_object_get(siblings, name);
    struct place place = {.parent = at->parent, .key = name};
    *ret_vi = json_string_value(json_object_get(words, "vi"));
    *ret_en = json_string_value(json_object_get(words, "en"));
    if (words && (!*ret_vi || !*ret_en))
        compile_fault(c, &place, "must have texts in \"vi\" and \"en\"");
}

void compile_list(struct compiler *c, const json_t *argument, const json_t *siblings,
                  const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (json_array_size(argument) == 0) { /* also when it is no array */
        compile_fault(c, at, "must be a list of schemas, not empty");
        return;
    }
    const struct node **nodes = new_nodes(c, json_array_size(argument), ret);
    size_t i;
    json_t *item;
    json_array_foreach(argument, i, item)
    {
        struct place place = {.parent = at, .index = i};
        nodes[i] = compile_node(c, item, &place);
    }
}

void compile_any(struct compiler *c, const json_t *argument, const json_t *siblings,
                 const struct place *at, struct rule *ret)
{
    (void)c;
    (void)siblings;
    (void)at;
    ret->argument = argument;
}
