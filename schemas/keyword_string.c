/* minLength, maxLength, format, pattern. */
#include "base/text.h"
#include "schemas/keyword.h"

/* In code points; 0 when the budget is spent. */
static uint64_t length_of(struct check *c, const json_t *value)
{
    if (!budget_take(&c->budget, budget_of_bytes(json_string_length(value))))
        return 0;
    return text_length(json_string_value(value));
}

bool min_length_check(struct check *c, const struct rule *rule, const json_t *value,
                      const struct place *at)
{
    uint64_t length = length_of(c, value);
    if (length >= rule->count)
        return true;
    if (length == 0 && rule->count == 1) /* nobody needs to be told of numbers */
        return violate_said(c, KEYWORD_MIN_LENGTH, at, "Không được để trống.",
                            "Must not be empty.");
    return violate_count(c, KEYWORD_MIN_LENGTH, at, rule->count, length);
}

bool max_length_check(struct check *c, const struct rule *rule, const json_t *value,
                      const struct place *at)
{
    if (json_string_length(value) <= rule->count) /* no more code points than bytes */
        return true;
    uint64_t length = length_of(c, value);
    return length <= rule->count || violate_count(c, KEYWORD_MAX_LENGTH, at, rule->count, length);
}

void format_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                    const struct place *at, struct rule *ret)
{
    (void)siblings;
    ret->format = json_is_string(argument) ? format_find(json_string_value(argument)) : NULL;
    if (!ret->format)
        compile_fault(c, at, "not the name of a supported format");
}

bool format_check(struct check *c, const struct rule *rule, const json_t *value,
                  const struct place *at)
{
    if (!budget_take(&c->budget, budget_of_bytes(json_string_length(value))))
        return false;
    return rule->format->holds(json_string_value(value)) ||
           violate_words(c, KEYWORD_FORMAT, at, rule->format->vi, rule->format->en);
}

static void release_pattern(void *p)
{
    pattern_free(p);
}

void pattern_keyword_compile(struct compiler *c, const json_t *argument, const json_t *siblings,
                             const struct place *at, struct rule *ret)
{
    if (!json_is_string(argument)) {
        compile_fault(c, at, "must be a text");
        return;
    }
    const char *words;
    struct pattern *compiled = pattern_compile(json_string_value(argument), &words);
    if (!compiled) {
        compile_fault(c, at, "%s", words);
        return;
    }
    arena_defer(compile_arena(c), release_pattern, compiled);
    ret->pattern.compiled = compiled;
    argument_words(c, siblings, at, "x-pattern-words", &ret->pattern.vi, &ret->pattern.en);
    ret->pattern.text = json_string_value(argument);
}

bool pattern_check(struct check *c, const struct rule *rule, const json_t *value,
                   const struct place *at)
{
    if (!c->matcher)
        c->matcher = pattern_matcher_new(&c->budget);
    if (pattern_matches(rule->pattern.compiled, c->matcher, json_string_value(value),
                        json_string_length(value)))
        return true;
    if (rule->pattern.vi)
        return violate_said(c, KEYWORD_PATTERN, at, rule->pattern.vi, rule->pattern.en);
    return violate_words(c, KEYWORD_PATTERN, at, rule->pattern.text, rule->pattern.text);
}
