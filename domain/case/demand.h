/*
 * Demands: what those who oversee a case (an inspector, the leader of the agency that holds it, the
 * province's portal) want answered by it: đôn đốc, chỉ đạo, yêu cầu giải trình. They are part of
 * any kind's record and of its transition table. Included by case.h.
 */
#pragma once

#include "domain/entity/entity.h"

struct case_head;
struct case_act;
struct case_world;
struct case_event;

#define CASE_DEMANDS_MAX 16     /* in the life of a case */
#define CASE_DEMAND_DAYS_MAX 30 /* working days that an answer is given */
#define CASE_DEMAND_TEXT 400    /* bytes of its words that stand in lists; all are in history */
#define CASE_ASKED_MAX 8        /* agencies with an open demand that a list finds it by */

enum case_demand_kind { CASE_URGE = 1, CASE_DIRECT, CASE_EXPLAIN };
extern const struct entity_name case_demand_kinds[];

/*
 * What somebody who oversees the case wants answered by the agency that held it when they asked; it
 * owes the answer also when the case has gone on. All words are in history, at seq and answer_seq.
 */
struct case_demand {
    struct id id;
    int kind;
    int64_t seq, answer_seq; /* steps: that asked, that answered (0: none yet) */
    const char *agency;      /* asked */
    struct id officer;       /* who had the case then; nil: nobody */
    struct id by, answered_by;
    const char *office; /* of who asked */
    const char *text;   /* the first CASE_DEMAND_TEXT bytes */
    int64_t at_ms, due_ms, answered_ms;
    int64_t late_ms; /* when it was told that no answer came in time; 0: not */
};

/* What lists find a case by. Derived, under x by the kind. */
struct case_demands_x {
    struct text_words asked; /* agencies */
    int64_t due_ms;          /* of the earliest answer that is owed; 0: none */
};

extern const struct entity case_demand_entity;

/* A demand is made, of the kind that the verb names; an answer of the agency that was asked. */
int case_do_demand(void *record, struct case_act *act, const struct case_world *w, struct arena *a);
int case_do_respond(void *record, struct case_act *act, const struct case_world *w,
                    struct arena *a);
/*
 * The rows of demands, of any kind: `parties` may demand, `open` and `any` are masks of its states,
 * what follows says whom a demand tells. Demands are between offices, so their words are; that one
 * was made stands in the history that the owner reads. Who was asked answers in any state.
 */
/* clang-format off */
#define CASE_DEMAND(verb_, parties, from_, vi, en, ...)                                            \
    {.verb = (verb_), .from = (from_), .to = CASE_STAY, .who = (parties),                          \
     .needs = NEEDS_NOTE | NEEDS_DAYS, .inner = true, .effect = case_do_demand,                    \
     .place = CASE_ASIDE, .tells = {__VA_ARGS__}, .label = {vi, en}}
#define CASE_DEMAND_ROWS(parties, open, any, ...)                                                  \
    CASE_DEMAND("urge", parties, open, "Đôn đốc", "Urge", __VA_ARGS__),                            \
    CASE_DEMAND("direct", parties, any, "Chỉ đạo", "Direct", __VA_ARGS__),                         \
    CASE_DEMAND("explain", parties, any, "Yêu cầu giải trình", "Ask for an explanation",           \
                __VA_ARGS__)
#define CASE_RESPOND_ROW(any)                                                                      \
    {.verb = "respond", .from = (any), .to = CASE_STAY, .who = PARTY_ASKED, .needs = NEEDS_NOTE,   \
     .inner = true, .effect = case_do_respond, .tells = {{.whom = TELL_DEMANDER}},                 \
     .label = {"Trả lời đôn đốc, chỉ đạo, giải trình", "Answer a demand"}}
/* clang-format on */
/* The agency owes an answer. */
bool case_asked(const struct case_head *h, const char *agency);
/* The event tells of this demand. */
bool case_demand_told(const struct case_demand *d, const struct case_event *e);
void case_demands_derive(const struct case_head *h, struct arena *a, struct case_demands_x *ret);
