/* minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf. */
#include "schemas/keyword.h"

bool minimum_check(struct check *c, const struct rule *rule, const json_t *value,
                   const struct place *at)
{
    return number_compare(value, rule->argument) >= 0 ||
           violate_number(c, KEYWORD_MINIMUM, at, rule->argument, value);
}

bool maximum_check(struct check *c, const struct rule *rule, const json_t *value,
                   const struct place *at)
{
    return number_compare(value, rule->argument) <= 0 ||
           violate_number(c, KEYWORD_MAXIMUM, at, rule->argument, value);
}

bool exclusive_minimum_check(struct check *c, const struct rule *rule, const json_t *value,
                             const struct place *at)
{
    return number_compare(value, rule->argument) > 0 ||
           violate_number(c, KEYWORD_EXCLUSIVE_MINIMUM, at, rule->argument, value);
}

bool exclusive_maximum_check(struct check *c, const struct rule *rule, const json_t *value,
                             const struct place *at)
{
    return number_compare(value, rule->argument) < 0 ||
           violate_number(c, KEYWORD_EXCLUSIVE_MAXIMUM, at, rule->argument, value);
}

void multiple_of_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                         const struct place *at, struct rule *ret)
{
    (void)siblings;
    if (!json_is_number(argument) || json_number_value(argument) <= 0)
        compile_fault(c, at, "must be a number above 0");
    ret->argument = argument;
}

bool multiple_of_check(struct check *c, const struct rule *rule, const json_t *value,
                       const struct place *at)
{
    return number_is_multiple(value, rule->argument) ||
           violate_number(c, KEYWORD_MULTIPLE_OF, at, rule->argument, value);
}
