/* The words of the book: where each stands. Made with the book, and as immutable. */
#pragma once

#include "domain/procedure/private.h"

struct entry {
    const char *name; /* " dang ky khai sinh ": words with a space at each end */
    const char *code, *local;
    size_t length; /* of name */
};

struct posting {
    uint32_t entry;
    bool in_name; /* else in the keywords, the English name or the field */
};

struct term {
    const char *word;
    const struct posting *at; /* by entry */
    size_t n;
};

struct procedure_index {
    struct entry *entries; /* as the book's items */
    size_t n;
    struct term *terms; /* by word */
    size_t n_terms;
};

/*
 * Folded words with one space before, between and behind them; letters and digits alone are kept.
 */
char *index_words(struct arena *a, const char *text);
/* The first term that does not come before `word`. */
size_t index_find(const struct procedure_index *index, const char *word);
