/*
 * What each row of the report's transition table is to do, said once more and in other words. Lists
 * are words with spaces between. Steps are "verb", by the officer of HERE; "verb@who" by another;
 * "+8d" lets time pass.
 */
#pragma once

#include "tests/support/province.h"

struct scenario {
    const char *verb;
    int nth; /* row of this verb, from 1 */
    unsigned traits;
    const char *opening; /* steps after filing that end where it began, at HERE, dispatched */
    const char *from, *to, *who;
    const char *needs;     /* JSON Pointers */
    const char *tells;     /* audiences, in order */
    const char *stops;     /* clocks that are done for good */
    const char *fresh;     /* clocks that begin anew */
    const char *outcome;   /* of the report afterwards; NULL: as before */
    const char *leader_to; /* where a leader's step leads, if the guard sends it to another row */
    struct {
        bool can; /* there is a guard that can refuse */
        unsigned traits;
        const char *opening, *late; /* `late`: steps in the state itself */
        int done;                   /* what the verb then comes to */
        const char *to;             /* where, if another row takes it */
    } refuse;
};

#define AT_AGENCY "dispatched received in_progress"
#define TWICE "transfer transfer@other"
#define REOPENED "receive answer reopen@owner"
#define SHOWN "receive publish transfer transfer@other"

/* clang-format off */
static const struct scenario scenarios[] = {
    {"dispatch", 1, UNROUTED | EMERGENCY, "", "new", "dispatched", "dispatcher", "/agency",
     "owner agency leader_sms", "dispatch", "response", NULL, NULL,
     {true, UNROUTED, "", "", 0, "dispatched"}},
    {"dispatch", 2, UNROUTED, "", "new", "dispatched", "dispatcher", "/agency",
     "owner agency", "dispatch", "response", NULL, NULL, {0}},
    {"recall", 1, 0, "", "dispatched", "new", "dispatcher", "/note",
     "owner former", "", "dispatch", NULL, NULL, {0}},
    {"recall", 2, 0, "", "received in_progress", "new", "stand_in", "/note",
     "owner former", "", "dispatch", NULL, NULL, {0}},
    {"receive", 1, 0, "", "dispatched", "received", "officer leader", "",
     "owner", "", "", NULL, NULL, {0}},
    {"assign", 1, 0, "", AT_AGENCY, "in_progress", "officer leader", "/officer",
     "owner officer", "", "", NULL, NULL, {0}},
    {"assign", 2, 0, "", "waiting approval answered", "stay", "officer leader", "/officer",
     "officer", "", "", NULL, NULL, {0}},
    {"unassign", 1, 0, "", "in_progress", "received", "officer leader", "",
     "agency", "", "", NULL, NULL, {0}},
    {"unassign", 2, 0, REOPENED, "dispatched received waiting answered", "stay", "officer leader",
     "", "agency", "", "", NULL, NULL, {true, 0, REOPENED, "unassign", CASE_WRONG_STATE, NULL}},
    {"unassign", 3, 0, "", "approval", "stay", "officer leader", "",
     "agency", "", "", NULL, NULL, {true, 0, "", "unassign", CASE_WRONG_STATE, NULL}},
    {"transfer", 1, EMERGENCY, "", AT_AGENCY, "dispatched", "officer leader", "/reason /agency",
     "owner agency leader_sms", "", "", NULL, NULL, {true, EMERGENCY, TWICE, "", 0, "new"}},
    {"transfer", 2, 0, "", AT_AGENCY, "dispatched", "officer leader", "/reason /agency",
     "owner agency", "", "", NULL, NULL, {true, 0, TWICE, "", 0, "new"}},
    {"transfer", 3, EMERGENCY, TWICE, AT_AGENCY, "new", "officer leader", "/reason",
     "owner dispatcher leader_sms", "", "dispatch", NULL, NULL, {true, 0, TWICE, "", 0, "new"}},
    {"transfer", 4, 0, TWICE, AT_AGENCY, "new", "officer leader", "/reason",
     "owner dispatcher", "", "dispatch", NULL, NULL, {0}},
    {"ask", 1, 0, "", "received in_progress", "waiting", "officer leader", "/note",
     "owner", "", "supply", NULL, NULL, {0}},
    {"supply", 1, 0, "", "waiting", "back", "owner", "/note",
     "officer", "supply", "", NULL, NULL, {0}},
    {"resume", 1, 0, "", "waiting", "back", "officer leader system", "",
     "owner officer", "supply", "", NULL, NULL, {0}},
    {"extend", 1, 0, "", AT_AGENCY, "stay", "leader", "/note /minutes",
     "owner", "", "", NULL, NULL, {0}},
    {"answer", 1, APPROVAL | PROOF, "", "received in_progress", "approval", "officer leader",
     "/note /media", "leader", "", "", "resolved", "answered",
     {true, PROOF, "", "", 0, "answered"}},
    {"answer", 2, APPROVAL, "", "received in_progress", "approval", "officer leader",
     "/note", "leader", "", "", "resolved", "answered", {true, 0, "", "", 0, "answered"}},
    {"answer", 3, PROOF, "", "received in_progress", "answered", "officer leader",
     "/note /media", "owner", "response", "review", "resolved", NULL,
     {true, 0, "", "", 0, "answered"}},
    {"answer", 4, 0, "", "received in_progress", "answered", "officer leader",
     "/note", "owner", "response", "review", "resolved", NULL, {0}},
    {"approve", 1, APPROVAL, "", "approval", "answered", "leader stand_in", "",
     "owner officer", "response", "review", "resolved", NULL, {0}},
    {"send_back", 1, APPROVAL, "", "approval", "back", "leader stand_in", "/note",
     "officer", "", "", "", NULL, {0}},
    {"publish", 1, 0, "", "received in_progress approval answered closed", "stay",
     "dispatcher officer leader", "", "owner", "", "", NULL, NULL,
     {true, 0, "", "publish", CASE_WRONG_STATE, NULL}},
    {"unpublish", 1, 0, SHOWN, AT_AGENCY " new waiting approval answered closed", "stay",
     "dispatcher officer leader", "", "", "", "", NULL, NULL,
     {true, 0, "", "", CASE_WRONG_STATE, NULL}},
    {"add", 1, AWAITED, "", AT_AGENCY " new waiting approval answered", "stay", "owner", "/media",
     "", "", "", NULL, NULL, {true, AWAITED, "", "+30d", CASE_WRONG_STATE, NULL}},
    {"add", 2, 0, "", AT_AGENCY " new waiting approval answered", "stay", "owner", "/media",
     "officer", "", "", NULL, NULL, {true, 0, "", "+30d", CASE_WRONG_STATE, NULL}},
    {"forgo", 1, AWAITED, "", AT_AGENCY " new waiting approval", "stay", "owner", "",
     "officer", "", "", NULL, NULL, {true, 0, "", "", CASE_WRONG_STATE, NULL}},
    {"miss", 1, AWAITED, "", AT_AGENCY " new waiting approval", "stay", "system", "",
     "owner officer", "", "", NULL, NULL, {true, 0, "", "", CASE_WRONG_STATE, NULL}},
    {"rate", 1, 0, "", "answered closed", "stay", "owner", "/rating",
     "officer", "", "", NULL, NULL, {true, 0, "", "rate@owner", CASE_WRONG_STATE, NULL}},
    {"reopen", 1, EMERGENCY, "", "answered closed", "dispatched", "owner", "/note",
     "agency leader leader_sms", "review", "response", "", NULL,
     {true, 0, "", "", 0, "dispatched"}},
    {"reopen", 2, 0, "", "answered closed", "dispatched", "owner", "/note",
     "agency leader", "review", "response", "", NULL,
     {true, 0, "", "+8d", CASE_WRONG_STATE, NULL}},
    {"reject", 1, UNROUTED, "", "new", "closed", "dispatcher", "/reason /note",
     "owner", "", "", "rejected", NULL, {0}},
    {"reject", 2, 0, "", AT_AGENCY, "closed", "officer leader stand_in", "/reason /note",
     "owner", "", "", "rejected", NULL, {0}},
    {"duplicate", 1, 0, "", AT_AGENCY " new", "closed", "dispatcher officer leader", "/other",
     "owner", "", "", "duplicate", NULL, {0}},
    {"withdraw", 1, 0, "", AT_AGENCY " new waiting", "closed", "owner", "",
     "agency", "", "", "withdrawn", NULL, {0}},
    {"reveal", 1, CONSENT, "", AT_AGENCY " new waiting approval answered", "stay",
     "dispatcher officer leader", "/note", "owner", "", "", NULL, NULL,
     {true, 0, "", "", CASE_WRONG_STATE, NULL}},
    {"cover", 1, 0, "", AT_AGENCY " new waiting approval answered closed", "stay",
     "dispatcher officer leader", "", "", "", "", NULL, NULL, {0}},
    {"original", 1, 0, "", AT_AGENCY " waiting approval answered closed", "stay",
     "officer leader", "/note", "owner", "", "", NULL, NULL, {0}},
    {"original", 2, 0, "", "new", "stay",
     "dispatcher officer leader", "/note", "owner", "", "", NULL, NULL, {0}},
    {"ring", 1, 0, "", AT_AGENCY " new", "stay", "system", "",
     "", "", "", NULL, NULL, {0}},
    {"acknowledge", 1, 0, "", AT_AGENCY " new", "stay", "system", "",
     "", "", "", NULL, NULL, {0}},
    {"close", 1, 0, "", "answered", "closed", "officer leader system", "",
     "owner", "", "", "resolved", NULL, {0}},
    {"urge", 1, 0, "", "new", "stay", "leader inspector", "/note /days",
     "officer leader", "", "", NULL, NULL, {0}},
    {"urge", 2, 0, "", AT_AGENCY " waiting approval answered", "stay",
     "dispatcher leader inspector", "/note /days", "officer leader", "", "", NULL, NULL, {0}},
    {"direct", 1, 0, "", "new", "stay", "leader inspector", "/note /days",
     "officer leader", "", "", NULL, NULL, {0}},
    {"direct", 2, 0, "", AT_AGENCY " waiting approval answered closed", "stay",
     "dispatcher leader inspector", "/note /days", "officer leader", "", "", NULL, NULL, {0}},
    {"explain", 1, 0, "", "new", "stay", "leader inspector", "/note /days",
     "officer leader", "", "", NULL, NULL, {0}},
    {"explain", 2, 0, "", AT_AGENCY " waiting approval answered closed", "stay",
     "dispatcher leader inspector", "/note /days", "officer leader", "", "", NULL, NULL, {0}},
    {"respond", 1, 0, TWICE " urge@inspector", AT_AGENCY " new waiting approval answered closed", "stay",
     "asked", "/note", "demander", "", "", NULL, NULL, {0}},
};
/* clang-format on */

static inline bool words_have(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word)) {
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    }
    return false;
}

/* The words of a list, one after the other, into out[40]; false at the end. */
static inline bool words_next(const char **list, char out[40])
{
    while (**list == ' ')
        (*list)++;
    size_t n = strcspn(*list, " ");
    assert_true(n < 40);
    memcpy(out, *list, n);
    out[n] = '\0';
    *list += n;
    return n > 0;
}

static inline const struct case_row *row_of(const struct scenario *s)
{
    int nth = 0;
    for (size_t i = 0; i < report_kind.n_rows; i++) {
        const struct case_row *row = &report_kind.rows[i];
        if (strcmp(row->verb, s->verb) == 0 && ++nth == s->nth)
            return row;
    }
    fail_msg("no row %s %d", s->verb, s->nth);
    return NULL;
}

/* --- walking ---------------------------------------------------------------------------------- */

static inline void take_steps(struct province *p, struct report *r, const char *steps)
{
    char word[40];
    while (words_next(&steps, word)) {
        if (word[0] == '+') {
            p->world.now_ms += strtol(word + 1, NULL, 10) * DAY;
            continue;
        }
        char *at = strchr(word, '@');
        enum who who = !at                             ? OFFICER
                       : strcmp(at, "@owner") == 0     ? OWNER
                       : strcmp(at, "@inspector") == 0 ? INSPECTOR
                                                       : OTHER_OFFICER;
        if (at)
            *at = '\0';
        province_do(p, r, word, who);
        p->world.now_ms += MINUTE;
    }
}

/* A report of these traits in a state, after the opening; nothing is pending. */
static inline void arrive(struct province *p, unsigned traits, const char *opening, int state,
                          struct report *ret)
{
    static const char *const ways[REPORT_STATES] = {
        [REPORT_NEW] = "transfer",
        [REPORT_DISPATCHED] = "",
        [REPORT_RECEIVED] = "receive",
        [REPORT_IN_PROGRESS] = "receive assign",
        [REPORT_WAITING] = "receive ask",
        [REPORT_APPROVAL] = "receive answer",
        [REPORT_ANSWERED] = "receive answer",
        [REPORT_CLOSED] = "receive answer close",
    };
    p->world.now_ms = province_monday_ms();
    if (!opening[0]) {
        province_reach(p, traits, state, ret);
    } else {
        province_file(p, traits | (state == REPORT_APPROVAL ? APPROVAL : 0), ret);
        take_steps(p, ret, opening);
        take_steps(p, ret, ways[state]);
        province_settle(p, ret);
    }
    assert_int_equal(ret->head.state, state);
    p->world.now_ms += 5 * MINUTE;
}
