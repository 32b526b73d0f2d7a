/* Searching the book: every version's folded texts are read through, best match first. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "domain/procedure/private.h"

#define QUERY_BYTES 400 /* of what is typed; the rest is passed over */
#define VARIANTS_MAX 6  /* readings of a query: as typed, and by its synonyms */
#define BEFORE_NAME "thu tuc "

struct entry {
    const char *name; /* " dang ky khai sinh ": words with a space at each end */
    const char *more; /* the same of names, keywords and field together */
    const char *code, *local;
    size_t length; /* of name */
};

struct procedure_index {
    struct entry *entries;
};

/* One reading of what was typed. */
struct variant {
    const char *words[PROCEDURE_QUERY_WORDS];
    size_t n;
    const char *phrase;   /* " dang ky khai sinh" */
    size_t n_telling;     /* words that are not plain_words */
    bool whole_last_word; /* of a synonym; else the last may be only begun */
};

/* --- the index -------------------------------------------------------------------------------- */

/* Folded words with one space before, between and behind them; letters and digits alone are kept.
 */
static char *spaced(struct arena *a, const char *text)
{
    const char *folded = text_fold(a, text);
    char *out = arena_alloc(a, strlen(folded) + 3), *at = out;
    *at++ = ' ';
    for (const char *p = folded; *p; p++) {
        if (isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80)
            *at++ = *p;
        else if (at[-1] != ' ')
            *at++ = ' ';
    }
    if (at[-1] != ' ')
        *at++ = ' ';
    *at = '\0';
    return out;
}

static const char *more_of(const struct procedure *p, struct arena *a)
{
    struct buf all;
    buf_init(&all, 64 * 1024);
    const char *const texts[] = {p->name, p->name_en, p->field, p->field_en};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        buf_printf(&all, " %s", texts[i] ? texts[i] : "");
    for (size_t i = 0; i < p->keywords.n; i++)
        buf_printf(&all, " %s", p->keywords.items[i]);
    const char *text = spaced(a, all.data ? all.data : "");
    buf_release(&all);
    return text;
}

const struct procedure_index *index_new(const struct procedure *items, size_t n, struct arena *a)
{
    struct procedure_index *index = ARENA_NEW(a, struct procedure_index);
    index->entries = arena_array(a, n, sizeof(*index->entries));
    for (size_t i = 0; i < n; i++) {
        struct entry *e = &index->entries[i];
        const char *name = spaced(a, items[i].name);
        if (strncmp(name + 1, BEFORE_NAME, strlen(BEFORE_NAME)) == 0)
            name += strlen(BEFORE_NAME);
        e->name = name;
        e->length = strlen(name);
        e->more = more_of(&items[i], a);
        e->code = text_fold(a, items[i].code);
        e->local = items[i].local_code ? text_fold(a, items[i].local_code) : "";
    }
    return index;
}

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
        v->words[v->n++] = arena_printf(a, " %s", at);
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
    const char *typed = spaced(a, cut);
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
        split(&ret[n++], a, spaced(a, replaced(a, words, at, s)));
    }
    return n;
}

/* --- matching --------------------------------------------------------------------------------- */

static bool has_word(const char *text, const char *word, bool whole)
{
    size_t n = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        if (!whole || at[n] == ' ')
            return true;
    }
    return false;
}

static size_t count_words(const char *text, const struct variant *v, size_t *ret_telling)
{
    size_t found = 0;
    *ret_telling = 0;
    for (size_t i = 0; i < v->n; i++) {
        bool there = has_word(text, v->words[i], i + 1 < v->n || v->whole_last_word);
        found += there;
        *ret_telling += there && !is_plain(v->words[i] + 1);
    }
    return found;
}

static int phrase_rank(const struct entry *e, const struct variant *v)
{
    size_t n = strlen(v->phrase);
    const char *at = strstr(e->name, v->phrase);
    if (at == e->name && n + 1 == e->length)
        return PROCEDURE_RANK_NAME;
    if (!at || (v->whole_last_word && !has_word(e->name, v->phrase, true)))
        return 0;
    return at == e->name ? PROCEDURE_RANK_BEGINS : PROCEDURE_RANK_PHRASE;
}

static int rank_of(const struct entry *e, const struct variant *v, int *ret_misses)
{
    *ret_misses = 0;
    int rank = phrase_rank(e, v);
    if (rank)
        return rank;
    size_t telling = 0;
    if (count_words(e->name, v, &telling) == v->n)
        return PROCEDURE_RANK_ALL;
    size_t found = count_words(e->more, v, &telling);
    *ret_misses = (int)(v->n - found);
    if (found == v->n)
        return PROCEDURE_RANK_KEYWORDS;
    return !v->whole_last_word && telling * 2 > v->n_telling ? PROCEDURE_RANK_SOME : 0;
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

static bool find(const struct entry *e, const char *code, const struct variant *v, size_t n,
                 struct procedure_hit *hit)
{
    hit->rank = code_rank(e, code);
    hit->length = (int64_t)e->length;
    for (size_t i = 0; i < n; i++) {
        int misses = 0, rank = rank_of(e, &v[i], &misses);
        if (rank &&
            (!hit->rank || rank < hit->rank || (rank == hit->rank && misses < hit->misses))) {
            hit->rank = rank;
            hit->misses = misses;
        }
    }
    return hit->rank != 0;
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
    struct variant variants[VARIANTS_MAX] = {0};
    size_t n_variants = text ? read_query(a, text, variants) : 0, n = 0;
    const char *code =
        text ? text_fold(a, arena_strndup(a, text, text_cut(text, QUERY_BYTES))) : "";
    struct procedure_hit *hits = arena_array(a, b->n, sizeof(*hits));
    for (size_t i = 0; i < b->n; i++) {
        const struct procedure *p = &b->items[i];
        if (!procedure_in_force(p, now_ms) || (keep && !keep(p, ctx)))
            continue;
        hits[n] = (struct procedure_hit){.procedure = p};
        n += !text || find(&b->index->entries[i], code, variants, n_variants, &hits[n]);
    }
    if (text && n > 0)
        qsort(hits, n, sizeof(*hits), procedure_hit_compare);
    *ret = hits;
    return n;
}
