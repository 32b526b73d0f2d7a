/* Searching the book: the words typed are looked up in its index, best match first. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "domain/procedure/search_index.h"

#define QUERY_BYTES 400 /* of what is typed; the rest is passed over */
#define VARIANTS_MAX 6  /* readings of a query: as typed, and by its synonyms */

/* One reading of what was typed. */
struct variant {
    const char *words[PROCEDURE_QUERY_WORDS];
    size_t n;
    const char *phrase;   /* " dang ky khai sinh" */
    size_t n_telling;     /* words that are not plain_words */
    bool whole_last_word; /* of a synonym; else the last may be only begun */
};

/* --- the query -------------------------------------------------------------------------------- */

static bool is_filler(const char *words, size_t n)
{
    for (size_t i = 0; filler_words[i]; i++) {
        if (strlen(filler_words[i]) == n && strncmp(filler_words[i], words, n) == 0)
            return true;
    }
    return false;
}

/* Bytes of the filler that begins here, of one or two words; 0: none does. */
static size_t filler_at(const char *at)
{
    size_t one = strcspn(at, " ");
    size_t two = at[one] == ' ' ? one + 1 + strcspn(at + one + 1, " ") : one;
    return two > one && is_filler(at, two) ? two : is_filler(at, one) ? one : 0;
}

/* Without fillers, unless nothing else was typed. */
static const char *meant(struct arena *a, const char *typed)
{
    char *out = arena_alloc(a, strlen(typed) + 2), *to = out;
    *to++ = ' ';
    for (const char *at = typed + 1; *at;) {
        size_t n = filler_at(at), word = strcspn(at, " ");
        if (n == 0) {
            memcpy(to, at, word + 1);
            to += word + 1;
        }
        at += (n ? n : word) + 1;
    }
    *to = '\0';
    return to > out + 1 ? out : typed;
}

static bool is_plain(const char *word)
{
    for (size_t i = 0; plain_words[i]; i++) {
        if (strcmp(plain_words[i], word) == 0)
            return true;
    }
    return false;
}

static void split(struct variant *v, struct arena *a, const char *text)
{
    char *at = arena_strdup(a, text + 1);
    while (*at && v->n < ARRAY_LEN(v->words)) {
        size_t n = strcspn(at, " ");
        at[n] = '\0';
        v->words[v->n++] = at;
        v->n_telling += !is_plain(at);
        at += n + 1;
    }
    v->phrase = arena_strndup(a, text, strlen(text) - 1);
}

/* `text` with the words at `at` replaced. */
static const char *replaced(struct arena *a, const char *text, const char *at,
                            const struct synonym *s)
{
    return arena_printf(a, "%.*s %s %s", (int)(at - text), text, s->means,
                        at + strlen(s->said) + 2);
}

static size_t read_query(struct arena *a, const char *text, struct variant *ret)
{
    char *cut = arena_strndup(a, text, text_cut(text, QUERY_BYTES));
    const char *typed = index_words(a, cut);
    size_t n = 0;
    if (typed[1] == '\0')
        return 0;
    const char *words = meant(a, typed);
    split(&ret[n++], a, words);
    for (const struct synonym *s = synonyms; s->said && n < VARIANTS_MAX; s++) {
        const char *at = strstr(words, arena_printf(a, " %s ", s->said));
        if (!at)
            continue;
        ret[n].whole_last_word = true;
        split(&ret[n++], a, index_words(a, replaced(a, words, at, s)));
    }
    return n;
}

/* --- matching --------------------------------------------------------------------------------- */

/*
 * Which words of a reading stand in a version: a bit each, of the name in the lower half, of all
 * its texts in the upper.
 */
#define MORE_SHIFT 16

static void mark(const struct procedure_index *index, const struct variant *v, uint32_t *marks)
{
    memset(marks, 0, index->n * sizeof(*marks));
    for (size_t i = 0; i < v->n; i++) {
        bool whole = i + 1 < v->n || v->whole_last_word;
        size_t n = strlen(v->words[i]), at = index_find(index, v->words[i]);
        for (; at < index->n_terms && strncmp(index->terms[at].word, v->words[i], n) == 0; at++) {
            const struct term *term = &index->terms[at];
            if (whole && term->word[n] != '\0')
                break;
            for (size_t k = 0; k < term->n; k++)
                marks[term->at[k].entry] |=
                    (1U << i) << MORE_SHIFT | (term->at[k].in_name ? 1U << i : 0);
        }
    }
}

/* A phrase goes on to the end of its last word, unless that is only begun. */
static bool ends_whole(const char *at, const struct variant *v)
{
    return !v->whole_last_word || at[strlen(v->phrase)] == ' ';
}

/* The word that ends at the next space is the one that was typed, or only begun where `begun`. */
static bool is_word(const char *at, const char *word, bool begun)
{
    size_t n = strlen(word);
    return strncmp(at, word, n) == 0 && (begun || at[n] == ' ');
}

/*
 * "đăng ký hộ kinh doanh" is said of "đăng ký thành lập hộ kinh doanh": the words in their order,
 * from the first of the name to its last.
 */
static bool goes_around(const struct entry *e, const struct variant *v)
{
    size_t i = 0;
    const char *at = e->name + 1, *next;
    if (!is_word(at, v->words[0], false))
        return false;
    for (; *(next = at + strcspn(at, " ") + 1); at = next)
        i += i + 1 < v->n && is_word(at, v->words[i], false);
    return i + 1 == v->n && is_word(at, v->words[i], !v->whole_last_word);
}

static int phrase_rank(const struct entry *e, const struct variant *v)
{
    const char *at = strstr(e->name, v->phrase);
    if (at == e->name && strlen(v->phrase) + 1 == e->length)
        return PROCEDURE_RANK_NAME;
    if (at == e->name && ends_whole(at, v))
        return PROCEDURE_RANK_BEGINS;
    if (v->n > 1 && goes_around(e, v))
        return PROCEDURE_RANK_AROUND;
    for (; at; at = strstr(at + 1, v->phrase)) {
        if (ends_whole(at, v))
            return PROCEDURE_RANK_PHRASE;
    }
    return PROCEDURE_RANK_ALL;
}

static bool tells_enough(const struct variant *v, uint32_t found)
{
    size_t telling = 0;
    for (size_t i = 0; i < v->n; i++)
        telling += (found & 1U << i) && !is_plain(v->words[i]);
    return !v->whole_last_word && telling * 2 > v->n_telling;
}

static int rank_of(const struct entry *e, const struct variant *v, uint32_t marks, int *ret_misses)
{
    uint32_t all = (1U << v->n) - 1, found = marks >> MORE_SHIFT;
    *ret_misses = 0;
    if ((marks & all) == all)
        return phrase_rank(e, v);
    if (found == all)
        return PROCEDURE_RANK_KEYWORDS;
    *ret_misses = (int)v->n - __builtin_popcount(found);
    return found && tells_enough(v, found) ? PROCEDURE_RANK_SOME : 0;
}

static int code_rank(const struct entry *e, const char *code)
{
    size_t n = strlen(code);
    if (n == 0)
        return 0;
    if (strcmp(e->code, code) == 0 || strcmp(e->local, code) == 0)
        return PROCEDURE_RANK_CODE;
    bool begins = isdigit((unsigned char)*code) && n >= 3 &&
                  (strncmp(e->code, code, n) == 0 || strncmp(e->local, code, n) == 0);
    return begins ? PROCEDURE_RANK_BEGINS : 0;
}

/* The better of two ranks of one version. */
static void better(struct procedure_hit *hit, int rank, int misses)
{
    if (rank && (!hit->rank || rank < hit->rank || (rank == hit->rank && misses < hit->misses))) {
        hit->rank = rank;
        hit->misses = misses;
    }
}

/* The rank of every version, by its place in the book. */
static void rank_all(const struct procedure_index *index, const char *text, struct arena *a,
                     struct procedure_hit *hits)
{
    struct variant variants[VARIANTS_MAX] = {0};
    const char *code = text_fold(a, arena_strndup(a, text, text_cut(text, QUERY_BYTES)));
    uint32_t *marks = arena_array(a, index->n, sizeof(*marks));
    size_t n = read_query(a, text, variants);
    for (size_t i = 0; i < index->n; i++) {
        hits[i].length = (int64_t)index->entries[i].length;
        hits[i].rank = code_rank(&index->entries[i], code);
    }
    for (size_t k = 0; k < n; k++) {
        mark(index, &variants[k], marks);
        for (size_t i = 0; i < index->n; i++) {
            int misses = 0;
            int rank = marks[i] ? rank_of(&index->entries[i], &variants[k], marks[i], &misses) : 0;
            better(&hits[i], rank, misses);
        }
    }
}

int procedure_hit_compare(const void *x, const void *y)
{
    const struct procedure_hit *a = x, *b = y;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->misses != b->misses)
        return a->misses < b->misses ? -1 : 1;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return strcmp(a->procedure->code, b->procedure->code);
}

size_t procedure_search(const struct procedure_book *b, const char *text, int64_t now_ms,
                        bool (*keep)(const struct procedure *p, void *ctx), void *ctx,
                        struct arena *a, struct procedure_hit **ret)
{
    struct procedure_hit *hits = arena_array(a, b->n, sizeof(*hits));
    size_t n = 0;
    if (text)
        rank_all(b->index, text, a, hits);
    for (size_t i = 0; i < b->n; i++) {
        const struct procedure *p = &b->items[i];
        if ((text && !hits[i].rank) || !procedure_in_force(p, now_ms) || (keep && !keep(p, ctx)))
            continue;
        hits[n] = hits[i]; /* n <= i */
        hits[n++].procedure = p;
    }
    if (text && n > 0)
        qsort(hits, n, sizeof(*hits), procedure_hit_compare);
    *ret = hits;
    return n;
}
