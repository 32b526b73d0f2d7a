#include "base/cleanup.h"
#include "base/result.h"
#include "schemas/keyword.h"

static unsigned type_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return TYPE_OBJECT;
    case JSON_ARRAY:
        return TYPE_ARRAY;
    case JSON_STRING:
        return TYPE_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return TYPE_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return TYPE_BOOLEAN;
    case JSON_NULL:
        break;
    }
    return TYPE_NULL;
}

bool check_goes_on(const struct check *c)
{
    return c->probing == 0 && !c->budget.spent && c->violations->n < c->violations_max;
}

static bool check_rules(struct check *c, const struct node *node, const json_t *value,
                        const struct place *at)
{
    unsigned type = type_of(value);
    bool passes = true;
    for (size_t i = 0; i < node->rule_count; i++) {
        const struct rule *rule = &node->rules[i];
        if (!(rule->keyword->types & type) || rule->keyword->check(c, rule, value, at))
            continue;
        passes = false;
        /* A value of another type is wrong once; its enum or pattern would say it again. */
        if (rule->keyword == &keywords[KEYWORD_TYPE] || !check_goes_on(c))
            break;
    }
    return passes;
}

bool check_node(struct check *c, const struct node *node, const json_t *value,
                const struct place *at)
{
    if (!budget_take(&c->budget, 1 + node->rule_count))
        return false;
    if (node->nothing)
        return violate(c, KEYWORD_NOTHING, at);
    if (c->depth >= SCHEMA_EVALUATION_DEPTH_MAX) {
        c->budget.spent = true;
        return false;
    }
    c->depth++;
    bool passes = check_rules(c, node, value, at);
    c->depth--;
    return passes;
}

bool check_probe(struct check *c, const struct node *node, const json_t *value,
                 const struct place *at)
{
    c->probing++;
    bool passes = check_node(c, node, value, at);
    c->probing--;
    return passes;
}

int schema_check(const struct schema *s, const json_t *value, struct arena *a,
                 const struct schema_options *options, struct schema_violations *ret)
{
    static const struct place whole = {0};
    struct schema_options o = options ? *options : SCHEMA_OPTIONS_DEFAULT;
    ret->n = 0;
    if (!value || o.violations_max < 1 || o.violations_max > SCHEMA_VIOLATIONS_MAX)
        return E_INVALID;
    struct check c = {
        .arena = a,
        .budget = {.left = o.cost_max},
        .violations_max = o.violations_max,
        .violations = ret,
    };
    bool passes = check_node(&c, s->root, value, &whole);
    pattern_matcher_free(c.matcher);
    if (c.budget.spent) {
        ret->n = 0;
        return SCHEMA_TOO_COSTLY;
    }
    return passes ? 0 : SCHEMA_VIOLATED;
}
