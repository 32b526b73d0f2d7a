/*
 * Regular expressions in what ECMA-262 and PCRE2 understand alike: characters, classes, \d \w \s \b
 * and their opposites, \p{…}, \uXXXX, groups, named groups, alternatives, (lazy) quantifiers, look
 * ahead and behind, ^ and $. Anything else is refused: back references, (*VERBS), (?flags),
 * recursion, possessive quantifiers, POSIX classes. Matching is by code point, unanchored; \d \w \s
 * are ASCII, and $ is the very end.
 *
 * PCRE2 backtracks, so each step of it is paid from a budget: time is linear in the budget,
 * whatever pattern and text are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "schemas/value.h"

#define PATTERN_MAX 1024 /* bytes */

struct pattern;
struct pattern_matcher; /* working memory for a run of matches; not thread-safe */

/* NULL if refused; then *ret_words is why, in English, static. */
struct pattern *pattern_compile(const char *text, const char **ret_words);
void pattern_free(struct pattern *p);

struct pattern_matcher *pattern_matcher_new(struct budget *b); /* ends the process without memory */
void pattern_matcher_free(struct pattern_matcher *m);

/* False also when the budget is spent, or the text is not UTF-8. */
bool pattern_matches(const struct pattern *p, struct pattern_matcher *m, const char *text,
                     size_t n);
