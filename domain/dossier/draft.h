/*
 * A dossier that is being filled in: saved as one types, under If-Match, from any device. The
 * answers are sealed under the key that the dossier will have: so a filing, which is waited for,
 * makes no key and leaves none behind. After DRAFT_LIFE_MS without a change a draft is removed,
 * with a warning DRAFT_WARN_MS before; its key goes with it, unless it was filed.
 *
 *   collection `dossier_draft`
 */
#pragma once

#include "domain/dossier/dossier.h"

#define DRAFT_LIFE_MS (INT64_C(90) * 24 * 3600 * 1000)
#define DRAFT_WARN_MS (INT64_C(7) * 24 * 3600 * 1000)
#define DRAFTS_MAX 50 /* of one owner */

enum draft_outcome {
    DRAFT_FULL = 351,   /* DRAFTS_MAX: file or remove some */
    DRAFT_REUSED = 352, /* the key began another draft */
};

struct draft {
    struct id id; /* v8 of who began it and their key; not a field */
    struct id owner, actor;
    const char *procedure;
    int64_t version;
    int subject;                   /* enum dossier_subject */
    const char *desk;              /* agency code of the desk that is chosen; NULL: not yet */
    const char *fetch;             /* how the result is wanted; NULL: not yet */
    struct id key;                 /* whose key it is; nil: of an older program, its own */
    struct entity_bytes answers;   /* sealed: canonical JSON */
    struct entity_list components; /* struct dossier_component */
    struct text_words exemptions;  /* codes that are claimed */
    struct id again_of;            /* filed again from this dossier; nil: not */
    int64_t created_ms, changed_ms;
    int64_t expires_ms, warn_ms; /* warn: 0 once it was warned of */
    int64_t revision;
    int64_t stored; /* version of the document that was read; not a field */
};
extern const struct entity draft_entity;
extern const struct store_collection draft_collection;

int draft_decode(const bson_t *doc, struct arena *a, struct draft *ret);

/* What is written into one, whole. */
struct draft_content {
    const char *answers; /* canonical JSON; NULL: none yet */
    const char *desk, *fetch;
    const struct dossier_component *components;
    size_t n_components;
    struct text_words exemptions;
    int64_t version; /* of the procedure that it is filled in for from now on; 0: as before */
};

struct draft_beginning {
    struct id owner, actor;
    const char *key; /* Idempotency-Key */
    const char *procedure;
    int64_t version;
    int subject;
    struct id again_of;
};
/* 0, also if this key began it before (*ret as it is now); DRAFT_FULL, DRAFT_REUSED, E_*. */
int draft_begin(const struct people *p, const struct draft_beginning *b,
                const struct draft_content *c, int64_t now_ms, struct arena *a, struct draft *ret);
/* 0, STORE_ABSENT. */
int draft_get(struct store *s, const struct id *id, struct arena *a, struct draft *ret);
/* 0; STORE_ABSENT, also where it is another's; STORE_REVISED: another device was first. */
int draft_put(const struct people *p, const struct id *id, const struct id *owner,
              const struct id *actor, int64_t if_revision, const struct draft_content *c,
              int64_t now_ms, struct arena *a, struct draft *ret);
/* Its key too, unless it was filed, or is being filed now (draft_filed). `stored` as it was
 * read, or negative: whatever it is. 0, STORE_ABSENT; STORE_CONFLICT: it was changed meanwhile and
 * stays.
 */
int draft_remove(const struct people *p, const struct id *id, int64_t stored);
/*
 * A draft goes with the write that stores its dossier, which is sealed under its key: removed as it
 * was read, so that what was written into it since stays, and expires. It may have been thrown away
 * at the same time. Who does that removes the draft, looks at the key, looks for the dossier, and
 * only without one removes the key as it was looked at. So if they did not find the dossier, the
 * draft was gone before it was to go: then draft_filed writes the key once more, and their removal
 * fails.
 */
struct store_removal draft_removal(const struct draft *d);
/* Once the dossier is stored: what came of the removal, and the key (SEAL_KEY bytes). 0; E_*: the
 * key could not be written. */
int draft_filed(const struct people *p, const struct draft *d, int removed, const uint8_t *key);
/* The answers, opened; NULL: none. 0, PERSON_ERASED, E_*. */
int draft_answers(const struct people *p, const struct draft *d, struct arena *a, const char **ret);

/* Newest change first. */
int draft_list(struct store *s, const struct id *owner, const struct store_query *page,
               struct arena *a, struct store_page *ret);
/* The drafts of one person are another's (domain/person/merge.h), a page of them a call. */
int draft_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                bool *ret_more);
/* Removes what has expired, at most `max`. */
int draft_sweep(const struct people *p, int64_t now_ms, size_t max, size_t *ret_removed);
/* Those whose owner is to be warned now, at most `max`; each is given once: told first, then
 * marked by draft_warned, unless it was changed meanwhile. */
int draft_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct draft **ret,
              size_t *ret_n);
int draft_warned(struct store *s, const struct draft *d);
