#define PCRE2_CODE_UNIT_WIDTH 8
#include "schemas/pattern.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define PARENTHESES_MAX 50  /* nested; compiling recurses */
#define MATCH_HEAP_KIB 2048 /* frames of one match; more is too costly */
#define BYTES_PER_STEP 32   /* an item looks at all the rest of the text at worst */
#define WORDS_REFUSED "a construct that is not allowed in patterns"

/* struct pattern is PCRE2's code, under a name that does not show who does the work. */
static pcre2_code *code_of(const struct pattern *p)
{
    return (pcre2_code *)(void *)(uintptr_t)p;
}

struct pattern_matcher {
    struct budget *budget;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

/* At "(?": whether a group that ECMA-262 has follows. */
static bool allowed_group(const char *s)
{
    s += 2;
    if (*s == '<')
        return s[1] == '=' || s[1] == '!' || (s[1] && s[1] != '>' && strchr(s, '>'));
    return *s == ':' || *s == '=' || *s == '!';
}

static bool allowed_escape(char c)
{
    return c != '\0' && strchr("dDwWsSbBpPtnrvfux^$\\.*+?()[]{}|/-", c);
}

/* At the letter of an escape: its last character, which ends \p{L} and \u{1F600}. */
static const char *behind_braces(const char *s)
{
    const char *end = strchr("pPu", *s) && s[1] == '{' ? strchr(s, '}') : NULL;
    return end ? end : s;
}

/* Whether only what the header lists occurs. What is malformed is left to the compiler. */
static bool is_portable(const char *text)
{
    bool in_class = false, after_quantifier = false;
    for (const char *s = text; *s; s++) {
        bool quantifier = false;
        if (*s == '\\') {
            if (!allowed_escape(*++s))
                return false;
            s = behind_braces(s);
        } else if (in_class) {
            if (*s == '[' && s[1] && strchr(":.=", s[1]))
                return false;
            in_class = *s != ']';
        } else if (*s == '[') {
            in_class = true;
        } else if (*s == '(' && (s[1] == '*' || (s[1] == '?' && !allowed_group(s)))) {
            return false;
        } else if (*s == '+' && after_quantifier) {
            return false;
        } else {
            quantifier = strchr("*+?}", *s) && !(*s == '?' && s > text && s[-1] == '(');
        }
        after_quantifier = quantifier;
    }
    return true;
}

struct pattern *pattern_compile(const char *text, const char **ret_words)
{
    const uint32_t options = PCRE2_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C |
                             PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_DOLLAR_ENDONLY |
                             PCRE2_NO_AUTO_CAPTURE | PCRE2_AUTO_CALLOUT;
    size_t n = strlen(text);
    if (n > PATTERN_MAX || !is_portable(text)) {
        *ret_words = n > PATTERN_MAX ? "the pattern is too long" : WORDS_REFUSED;
        return NULL;
    }
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        abort();
    pcre2_set_parens_nest_limit(context, PARENTHESES_MAX);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX); /* \u{…} */
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, n, options, &error, &offset, context);
    pcre2_compile_context_free(context);
    if (!code)
        *ret_words = "not a regular expression";
    return (struct pattern *)(void *)code;
}

void pattern_free(struct pattern *p)
{
    pcre2_code_free(code_of(p));
}

/* Called before each item of the pattern is tried. */
static int pay(pcre2_callout_block *block, void *matcher)
{
    struct pattern_matcher *m = matcher;
    size_t rest = block->subject_length - block->current_position;
    return budget_take(m->budget, 1 + rest / BYTES_PER_STEP) ? 0 : PCRE2_ERROR_CALLOUT;
}

struct pattern_matcher *pattern_matcher_new(struct budget *b)
{
    struct pattern_matcher *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->budget = b;
    m->data = pcre2_match_data_create(1, NULL);
    m->context = pcre2_match_context_create(NULL);
    if (!m->data || !m->context)
        abort();
    pcre2_set_heap_limit(m->context, MATCH_HEAP_KIB);
    pcre2_set_callout(m->context, pay, m);
    return m;
}

void pattern_matcher_free(struct pattern_matcher *m)
{
    if (!m)
        return;
    pcre2_match_data_free(m->data);
    pcre2_match_context_free(m->context);
    free(m);
}

bool pattern_matches(const struct pattern *p, struct pattern_matcher *m, const char *text, size_t n)
{
    if (!budget_take(m->budget, budget_of_bytes(n)))
        return false;
    int found = pcre2_match(code_of(p), (PCRE2_SPTR)text, n, 0, 0, m->data, m->context);
    if (found == PCRE2_ERROR_HEAPLIMIT || found == PCRE2_ERROR_MATCHLIMIT ||
        found == PCRE2_ERROR_DEPTHLIMIT || found == PCRE2_ERROR_NOMEMORY)
        m->budget->spent = true;
    return found >= 0;
}
