/* What rows of the table (transitions.c) ask first and do last; each is pure but for the record. */
#include "domain/report/private.h"

#include <string.h>

#include "base/result.h"

/* --- guards ----------------------------------------------------------------------------------- */

int report_if_transfers_left(const void *record, const struct case_act *act,
                             const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->transfers < REPORT_TRANSFERS_MAX ? 0 : 1;
}

int report_if_emergency(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->emergency ? 0 : 1;
}

int report_if_emergency_and_transfers_left(const void *record, const struct case_act *act,
                                           const struct case_world *w)
{
    int skip = report_if_emergency(record, act, w);
    return skip ? skip : report_if_transfers_left(record, act, w);
}

int report_if_needs_approval(const void *record, const struct case_act *act,
                             const struct case_world *w)
{
    (void)w;
    return ((const struct report *)record)->approval && !(act->party & PARTY_LEADER) ? 0 : 1;
}

int report_if_proof_wanted(const void *record, const struct case_act *act,
                           const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->proof ? 0 : 1;
}

int report_if_approval_and_proof(const void *record, const struct case_act *act,
                                 const struct case_world *w)
{
    int skip = report_if_needs_approval(record, act, w);
    return skip ? skip : report_if_proof_wanted(record, act, w);
}

int report_if_public(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->published_ms ? 0 : 1;
}

int report_if_private(const void *record, const struct case_act *act, const struct case_world *w)
{
    return report_if_public(record, act, w) ? 0 : 1;
}

int report_if_consented(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->consent ? 0 : 1;
}

int report_if_in_review(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act;
    const struct report *r = record;
    if (r->head.outcome != REPORT_RESOLVED)
        return 1;
    const struct report_settings *set = w->settings;
    return r->answered_ms && w->now_ms <= r->answered_ms + set->review_ms ? 0 : 1;
}

int report_if_not_rated(const void *record, const struct case_act *act, const struct case_world *w)
{
    int skip = report_if_in_review(record, act, w);
    return skip ? skip : ((const struct report *)record)->rating != 0;
}

/* --- effects ---------------------------------------------------------------------------------- */

/* A transfer to where it already is would move nothing and still count. */
static bool goes_nowhere(const struct report *r, const struct case_act *act)
{
    return r->head.agency && strcmp(r->head.agency, act->agency) == 0;
}

int report_do_move(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (goes_nowhere(r, act) && r->head.steps.n > 0 && act->party != PARTY_DISPATCHER) {
        act->lacks = "/agency";
        return CASE_LACKS;
    }
    if (strcmp(act->verb, "transfer") == 0)
        r->transfers++;
    case_hold(&r->head, act->agency);
    return 0;
}

int report_do_give_back(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)a;
    struct report *r = record;
    if (!w->dispatcher)
        return E_UNAVAILABLE; /* nobody would be responsible */
    r->transfers++;
    act->agency = w->dispatcher;
    case_hold(&r->head, w->dispatcher);
    return 0;
}

int report_do_extend(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    case_extend(&r->head, REPORT_CLOCK_RESPONSE, act->minutes);
    r->extensions++;
    return 0;
}

int report_do_answer(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)a;
    struct report *r = record;
    r->answer = act->note;
    r->answered_ms = w->now_ms;
    if (id_is_nil(&r->head.officer))
        r->head.officer = act->by;
    return 0;
}

int report_do_approve(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)act, (void)a;
    ((struct report *)record)->answered_ms = w->now_ms;
    return 0;
}

/* What was not approved was never said; history keeps it for the offices. */
int report_do_send_back(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)act, (void)w, (void)a;
    struct report *r = record;
    r->answer = NULL;
    r->answered_ms = 0;
    return 0;
}

int report_do_publish(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)act, (void)a;
    ((struct report *)record)->published_ms = w->now_ms;
    return 0;
}

int report_do_unpublish(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)act, (void)w, (void)a;
    ((struct report *)record)->published_ms = 0;
    return 0;
}

int report_do_rate(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    r->rating = act->rating;
    r->rating_note = act->note;
    return 0;
}

int report_do_reopen(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)act, (void)w, (void)a;
    struct report *r = record;
    r->reopened++;
    r->answered_ms = 0;
    r->rating = 0;
    r->rating_note = NULL;
    return 0;
}

int report_do_duplicate(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (id_equal(&act->other, &r->head.id)) {
        act->lacks = "/other";
        return CASE_LACKS;
    }
    r->duplicate_of = act->other;
    return 0;
}
