/* Shared by the files of this folder. */
#pragma once

#include "domain/procedure/procedure.h"

#define CONDITION_DEPTH 8   /* conditions within each other */
#define CONDITION_COST 4096 /* conditions looked at for one, those of the members it asks with */
#define FORM_PATH_MAX 8     /* members within each other that a pointer may go through */

/* Typed views of the lists. */
#define PROCEDURE_LIST(name, type, member)                                                         \
    static inline const struct type *name(const struct procedure *p)                               \
    {                                                                                              \
        return p->member.items;                                                                    \
    }
PROCEDURE_LIST(times_of, procedure_time, times)
PROCEDURE_LIST(steps_of, procedure_step, steps)
PROCEDURE_LIST(fees_of, procedure_fee, fees)
PROCEDURE_LIST(exemptions_of, procedure_exemption, exemptions)
PROCEDURE_LIST(components_of, procedure_component, components)
PROCEDURE_LIST(results_of, procedure_result, results)

/* The JSON of the form; NULL if there is none. */
const json_t *form_of(const struct procedure *p);
/* A member of the form by JSON Pointer, before its $ref is followed; NULL: it has none. */
const json_t *form_member(const json_t *form, const char *pointer);
/* The member with its $ref followed. */
const json_t *form_target(const json_t *form, const json_t *member);
/* Calls fn for every step of the way to a member, outermost first. False: there is no such one. */
bool form_walk(const json_t *form, const char *pointer,
               bool (*fn)(const json_t *member, const char *name, void *ctx), void *ctx);
/* Its title behind those of the members it is in: "Người mẹ – Quốc tịch". Appended to `out`. */
void form_title(const json_t *form, const char *pointer, int lang, struct buf *out);
/* The label of a value of it, in a language; "" where there is none. */
const char *form_label(const json_t *form, const char *pointer, const json_t *value, int lang);

/* What is wrong with part of a row: a JSON Pointer into that part, and words. */
struct procedure_fault {
    const char *pointer, *vi, *en;
};
/* False and *ret where a condition is not one, or asks for what the form does not have. */
bool condition_sound(const json_t *condition, const json_t *form, struct arena *a,
                     struct procedure_fault *ret);
/* The value that the answers give at a pointer; NULL: none, or the member was not asked. */
const json_t *condition_value(const json_t *form, const json_t *answers, const char *pointer);

/* --- searching ---------------------------------------------------------------------------------
 */

/* The folded texts of every version, by its place among `items`; all in the arena. */
const struct procedure_index *index_new(const struct procedure *items, size_t n, struct arena *a);
/*
 * What people say and what procedures are called, both folded (synonyms.c): where `said` stands in
 * a query as whole words, `means` is looked for in its place too.
 */
struct synonym {
    const char *said, *means;
};
extern const struct synonym synonyms[]; /* ended by a NULL said */
/* Words that say nothing of what is looked for: "lam", "xin", "o dau". Ended by NULL. */
extern const char *const filler_words[];
/* Words that stand in so many names that to have one in common says little. Ended by NULL. */
extern const char *const plain_words[];

/* --- importing ---------------------------------------------------------------------------------
 */

/* Where faults go: each once, at `pointer` below where the sink's owner stands. */
struct fault_sink {
    void (*tell)(void *ctx, const char *pointer, const char *vi, const char *en);
    void *ctx;
    struct arena *arena;
};
/*
 * Everything that a form must have beside being a schema: an object whose members have titles in
 * both languages, an order, groups that exist, labels for their choices, conditions that are sound.
 */
void form_check(const json_t *form, const struct fault_sink *sink);
/* What the parts of a version say of each other, of the form and of the world; `row` as given. */
void version_check(const struct procedure *p, const json_t *row, const struct catalogue *c,
                   const struct fault_sink *sink);
/* Two versions alike in all but their days. */
bool version_same(const struct procedure *x, const struct procedure *y, struct arena *a);
/*
 * A version as a stored document; its revision is counted here. 0; PROCEDURE_RACED: another one
 * stands there that holds already; E_*.
 */
int version_put(struct store *s, const struct procedure *p, int64_t now_ms);
