/* The tables of a kind, held against the rules that the machinery counts on. */
#include "domain/case/private.h"

#include <string.h>

static const char *row_fault(const struct case_kind *k, const struct case_row *row)
{
    uint32_t all = (1U << k->n_states) - 2U; /* states from 1 */
    if (!row->verb || !row->label[0] || !row->label[1])
        return "a row lacks its verb or labels";
    if (!row->from || (row->from & ~all))
        return "a row leaves no state, or an unknown one";
    if (row->to >= (int)k->n_states || row->to == 0 || row->to < CASE_BACK)
        return "a row reaches an unknown state";
    if (!row->who)
        return "a row that nobody may take";
    if ((row->needs & NEEDS_REASON) && !row->reasons)
        return "a row needs a reason and lists none";
    if ((row->stops | row->renews) >> k->n_clocks)
        return "a row names an unknown clock";
    if (row->to > 0 && !k->states[row->to].open && !row->outcome) {
        bool proposed = false;
        for (size_t i = 0; i < k->n_rows; i++)
            proposed |=
                k->rows[i].outcome && k->rows[i].to > 0 && (row->from & (1U << k->rows[i].to));
        if (!proposed)
            return "a row closes without an outcome, and none was proposed before";
    }
    if (row->to > 0 && row->keeps_back && !k->states[row->to].open)
        return "a closed state has nothing to return to";
    return NULL;
}

static bool reachable(const struct case_kind *k, int state)
{
    for (size_t i = 0; i < k->n_rows; i++) {
        if (k->rows[i].to == state)
            return true;
    }
    return false;
}

/* A clock's own verb is the system's to take wherever the clock runs. */
static bool alarm_has_row(const struct case_kind *k, int clock, size_t state)
{
    const char *verb = k->clocks[clock].when_due;
    for (size_t i = 0; i < k->n_rows; i++) {
        if ((k->rows[i].from & (1U << state)) && (k->rows[i].who & PARTY_SYSTEM) &&
            strcmp(k->rows[i].verb, verb) == 0)
            return true;
    }
    return false;
}

/* Where the row may lead from a state; nothing for one that stays. */
static uint32_t targets(const struct case_kind *k, const struct case_row *row, size_t state)
{
    uint32_t found = row->to > 0 ? 1U << row->to : 0;
    for (size_t i = 0; i < k->n_rows && row->to == CASE_BACK; i++) {
        if (k->rows[i].keeps_back && k->rows[i].to == (int)state)
            found |= k->rows[i].from;
    }
    return found;
}

static uint32_t onward_targets(const struct case_kind *k, size_t state)
{
    uint32_t found = 0;
    for (size_t i = 0; i < k->n_rows; i++) {
        if ((k->rows[i].from & (1U << state)) && case_row_onward(k, &k->rows[i]))
            found |= targets(k, &k->rows[i], state);
    }
    return found;
}

/* Open states from which onward rows may never come to an end: there are none, or a circle. */
static uint32_t endless(const struct case_kind *k)
{
    uint32_t open = 0, ending = 0, before;
    for (size_t s = 1; s < k->n_states; s++)
        *(k->states[s].open ? &open : &ending) |= 1U << s;
    do {
        before = ending;
        for (size_t s = 1; s < k->n_states; s++) {
            uint32_t to = onward_targets(k, s);
            if (to && !(to & ~ending))
                ending |= 1U << s;
        }
    } while (ending != before);
    return open & ~ending;
}

const char *case_kind_fault(const struct case_kind *k)
{
    if (k->n_states < 2 || k->n_states > CASE_STATES_MAX || k->n_clocks > CASE_CLOCKS_MAX + 1)
        return "too few or too many states or clocks";
    for (size_t i = 1; i < k->n_clocks; i++) {
        const struct case_clock_kind *c = &k->clocks[i];
        if (!c->name || (!c->span && (!c->budget || !c->unit)))
            return "a clock lacks its name, unit or budget";
    }
    uint32_t left = 0;
    for (size_t i = 0; i < k->n_rows; i++) {
        const char *fault = row_fault(k, &k->rows[i]);
        if (fault)
            return fault;
        left |= k->rows[i].from;
    }
    for (size_t s = 1; s < k->n_states; s++) {
        if (!k->state_names[s].name)
            return "a state has no name";
        if (k->states[s].open != (k->states[s].clock != 0))
            return "exactly the open states have a clock";
        if (k->states[s].open && !(left & (1U << s)))
            return "an open state that nothing leaves";
        if (s > 1 && !reachable(k, (int)s))
            return "a state that nothing reaches";
        if (k->clocks[k->states[s].clock].when_due && !alarm_has_row(k, k->states[s].clock, s))
            return "a clock runs out in a state where the system cannot take its verb";
    }
    if (endless(k))
        return "an open state from which onward rows do not surely lead to the end";
    return NULL;
}
