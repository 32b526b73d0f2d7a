/* $ref, allOf, anyOf, oneOf, not, if with then and else; and what a root may say of itself. */
#include <string.h>

#include "schemas/keyword.h"

#define REF_PREFIX "#/$defs/"
#define DRAFT "https://json-schema.org/draft/2020-12/schema"

enum branch { BRANCH_IF, BRANCH_THEN, BRANCH_ELSE, BRANCH_COUNT };

void ref_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                 const struct place *at, struct rule *ret)
{
    (void)siblings;
    const char *ref = json_string_value(argument);
    size_t prefix_n = strlen(REF_PREFIX);
    if (!ref || strncmp(ref, REF_PREFIX, prefix_n) != 0 || strpbrk(ref + prefix_n, "/~%")) {
        compile_fault(c, at, "must be \"" REF_PREFIX "name\", the name without / ~ and %%");
        return;
    }
    ret->node_count = 1;
    ret->nodes = arena_array(compile_arena(c), 1, sizeof *ret->nodes);
    ret->nodes[0] = compile_reference(c, ref + prefix_n);
    if (!ret->nodes[0])
        compile_fault(c, at, "refers to a definition that does not exist");
}

bool all_of_check(struct check *c, const struct rule *rule, const json_t *value,
                  const struct place *at)
{
    bool passes = true;
    for (size_t i = 0; i < rule->node_count; i++) {
        passes &= check_node(c, rule->nodes[i], value, at);
        if (!passes && !check_goes_on(c))
            break;
    }
    return passes;
}

void any_of_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                    const struct place *at, struct rule *ret)
{
    compile_list(c, argument, siblings, at, ret);
    argument_words(c, siblings, at, "x-any-words", &ret->any.vi, &ret->any.en);
}

bool any_of_check(struct check *c, const struct rule *rule, const json_t *value,
                  const struct place *at)
{
    for (size_t i = 0; i < rule->node_count; i++) {
        if (check_probe(c, rule->nodes[i], value, at))
            return true;
    }
    if (rule->any.vi)
        return violate_said(c, KEYWORD_ANY_OF, at, rule->any.vi, rule->any.en);
    return violate_count(c, KEYWORD_ANY_OF, at, rule->node_count, 0);
}

bool one_of_check(struct check *c, const struct rule *rule, const json_t *value,
                  const struct place *at)
{
    size_t met = 0;
    for (size_t i = 0; i < rule->node_count; i++)
        met += check_probe(c, rule->nodes[i], value, at);
    return met == 1 || violate_count(c, KEYWORD_ONE_OF, at, rule->node_count, met);
}

bool not_check(struct check *c, const struct rule *rule, const json_t *value,
               const struct place *at)
{
    return !check_probe(c, rule->nodes[0], value, at) || violate(c, KEYWORD_NOT, at);
}

static const struct node *compile_branch(struct compiler *c, const json_t *siblings,
                                         const char *name, const struct place *at)
{
    const json_t *branch = json_object_get(siblings, name);
    struct place place = {.parent = at->parent, .key = name};
    return branch ? compile_node(c, branch, &place) : NULL;
}

void if_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                const struct place *at, struct rule *ret)
{
    ret->node_count = BRANCH_COUNT;
    ret->nodes = arena_array(compile_arena(c), BRANCH_COUNT, sizeof *ret->nodes);
    ret->nodes[BRANCH_IF] = compile_node(c, argument, at);
    ret->nodes[BRANCH_THEN] = compile_branch(c, siblings, "then", at);
    ret->nodes[BRANCH_ELSE] = compile_branch(c, siblings, "else", at);
}

/* then and else belong to their sibling if. */
void then_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                  const struct place *at, struct rule *ret)
{
    (void)argument;
    (void)ret;
    if (!json_object_get(siblings, "if"))
        compile_fault(c, at, "has no \"if\" beside it");
}

bool if_check(struct check *c, const struct rule *rule, const json_t *value, const struct place *at)
{
    bool met = check_probe(c, rule->nodes[BRANCH_IF], value, at);
    const struct node *branch = rule->nodes[met ? BRANCH_THEN : BRANCH_ELSE];
    return !branch || check_node(c, branch, value, at);
}

/* `at` is the place of a keyword. */
static bool in_root(const struct place *at)
{
    return !at->parent->parent;
}

/* The root's definitions were compiled before the root. */
void defs_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                  const struct place *at, struct rule *ret)
{
    (void)argument;
    (void)siblings;
    (void)ret;
    if (!in_root(at))
        compile_fault(c, at, "definitions stand in the root only");
}

void draft_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                   const struct place *at, struct rule *ret)
{
    (void)siblings;
    (void)ret;
    const char *draft = json_string_value(argument);
    if (!in_root(at) || !draft || strcmp(draft, DRAFT) != 0)
        compile_fault(c, at, "must be \"" DRAFT "\", in the root");
}
