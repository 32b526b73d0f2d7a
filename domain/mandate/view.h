/*
 * A mandate as it is shown: opened, with names. SEE_OWNER is either side, SEE_SELF whom it is
 * offered to, SEE_AGENCY an officer who holds its papers, SEE_INSPECTOR the list of those that
 * wait.
 */
#pragma once

#include "domain/mandate/mandate.h"

struct mandate_view {
    struct id id;
    int kind, state;
    const char *side; /* the caller's: "subject", "agent" */
    struct id subject, agent;
    const char *subject_name, *subject_birth, *subject_card, *agent_name;
    const char *hint;
    bool recorded;
    struct text_words scope, procedures;
    const char *commune;
    struct entity_list papers;
    int64_t created_ms, from_ms, until_ms, offered_until_ms;
    int64_t decided_ms, ended_ms;
    const char *decided_office, *seen, *reason;
    struct entity_list steps;
    struct text_words verbs; /* mandate_office_verbs */
    int64_t revision;
};
extern const struct entity mandate_view_entity;

/* With names where `opened`; who is erased has none. 0, E_*. */
int mandate_show(const struct people *p, const struct mandate *m, const char *side, bool opened,
                 int64_t now_ms, struct arena *a, struct mandate_view *ret);
