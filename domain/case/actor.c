/* Who stands before a case, and what they are to it. */
#include <string.h>

#include "domain/case/case.h"

/* The case is the citizen's, or of whom they stand for. */
static bool is_owner(const struct case_head *h, const struct case_actor *actor)
{
    const struct id *whose = id_is_nil(&actor->principal) ? &actor->id : &actor->principal;
    return actor->citizen && id_equal(&h->owner, whose);
}

static bool is_barred(const struct case_head *h, const struct case_actor *actor)
{
    return !id_is_nil(&h->barred) && id_equal(&h->barred, &actor->id);
}

unsigned case_party_of(const struct case_head *h, const struct case_actor *actor)
{
    if (actor->system)
        return PARTY_SYSTEM;
    if (is_barred(h, actor))
        return 0;
    if (actor->citizen)
        return is_owner(h, actor) && !actor->reads_only ? PARTY_OWNER : 0;
    bool holds = h->agency && actor->agency && strcmp(h->agency, actor->agency) == 0;
    /* What was filed at a desk is not the portal's to look into. */
    unsigned party = actor->dispatcher && !h->desk ? PARTY_DISPATCHER : 0;
    if (holds && (actor->officer || actor->leader))
        party |= PARTY_OFFICER;
    if (holds && actor->leader)
        party |= PARTY_LEADER;
    if (h->desk && actor->agency && strcmp(h->desk, actor->agency) == 0 &&
        (actor->officer || actor->leader))
        party |= PARTY_DESK;
    if (actor->inspector)
        party |= PARTY_INSPECTOR;
    if ((actor->officer || actor->leader || actor->dispatcher) && case_asked(h, actor->agency))
        party |= PARTY_ASKED;
    if (actor->dispatcher && h->agency && actor->stands_in &&
        strcmp(h->agency, actor->stands_in) == 0)
        party |= PARTY_STAND_IN;
    return party;
}

void case_act_by(struct case_act *act, const struct case_head *h, const struct case_actor *actor)
{
    act->party = case_party_of(h, actor);
    if ((act->party & PARTY_LEADER) && !id_is_nil(&actor->deputy_for)) {
        act->as = "deputy";
        act->deputy_for = actor->deputy_for;
    }
}

/* The agency holds the case now, or a step sent it there. */
static bool ever_held(const struct case_head *h, const char *agency)
{
    const struct case_step *steps = h->steps.items;
    for (size_t i = 0; i < h->steps.n; i++) {
        if ((steps[i].agency && strcmp(steps[i].agency, agency) == 0) ||
            (steps[i].office && strcmp(steps[i].office, agency) == 0))
            return true;
    }
    return false;
}

unsigned case_see(const struct case_head *h, const struct case_actor *actor)
{
    unsigned party = case_party_of(h, actor);
    unsigned see = 0;
    if (is_barred(h, actor))
        return 0;
    if (is_owner(h, actor))
        see |= SEE_OWNER;
    if (party & (PARTY_OFFICER | PARTY_LEADER | PARTY_DISPATCHER | PARTY_DESK))
        see |= SEE_AGENCY;
    if ((party & PARTY_ASKED) || actor->inspector ||
        (actor->leader && actor->agency && ever_held(h, actor->agency)))
        see |= SEE_INSPECTOR;
    return see;
}
