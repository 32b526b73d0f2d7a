/* What follows from a version: time, agency, cost, components. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/procedure/private.h"

#define TIMES_MAX 10000 /* that a number of the form multiplies a fee by */

/* --- a version -------------------------------------------------------------------------------- */

int procedure_ready(struct procedure *p)
{
    p->until_day = INT64_MAX;
    p->applicant_mask = 0;
    for (size_t i = 0; i < p->applicants.n; i++)
        p->applicant_mask |= 1U << entity_enum_value(procedure_applicants, p->applicants.items[i]);
    p->applicant_mask &= ~1U; /* a name that this program does not know */
    if (!p->from || !clock_day_parse(p->from, &p->from_day))
        return E_CORRUPT;
    return !p->until || clock_day_parse(p->until, &p->until_day) ? 0 : E_CORRUPT;
}

bool procedure_in_force(const struct procedure *p, int64_t now_ms)
{
    int64_t day = clock_day_number(now_ms);
    return p->from_day <= day && day <= p->until_day;
}

bool procedure_fileable(const struct procedure *p)
{
    enum calendar_unit unit;
    int64_t budget;
    return p->place == PROCEDURE_HERE && p->scope != PROCEDURE_OFFLINE && p->form &&
           p->components.n > 0 && procedure_duration(p, PROCEDURE_ONLINE, &unit, &budget);
}

/* --- time and agency -------------------------------------------------------------------------- */

bool procedure_duration(const struct procedure *p, enum procedure_channel channel,
                        enum calendar_unit *ret_unit, int64_t *ret_budget)
{
    static const struct {
        enum calendar_unit unit;
        int64_t each;
    } units[] = {
        [PROCEDURE_HOURS] = {CALENDAR_WORKING_MINUTES, 60},
        [PROCEDURE_WORKING_DAYS] = {CALENDAR_WORKING_DAYS, 1},
        [PROCEDURE_CALENDAR_DAYS] = {CALENDAR_CALENDAR_DAYS, 1},
    };
    for (size_t i = 0; i < p->times.n; i++) {
        const struct procedure_time *t = &times_of(p)[i];
        if (t->channel != (int)channel || t->unit < 1 || t->unit >= (int)ARRAY_LEN(units))
            continue;
        *ret_unit = units[t->unit].unit;
        *ret_budget = t->amount * units[t->unit].each;
        return true;
    }
    return false;
}

const char *procedure_commune(const struct procedure *p, const json_t *answers)
{
    return p->commune_at && answers
               ? json_string_value(condition_value(form_of(p), answers, p->commune_at))
               : NULL;
}

const char *procedure_holder(const struct procedure *p, const json_t *answers, const char *at)
{
    return at && answers ? json_string_value(condition_value(form_of(p), answers, at)) : NULL;
}

const struct procedure_component *procedure_component_of(const struct procedure *p,
                                                         const char *code)
{
    const struct procedure_component *items = p->components.items;
    for (size_t i = 0; code && i < p->components.n; i++) {
        if (items[i].code && strcmp(items[i].code, code) == 0)
            return &items[i];
    }
    return NULL;
}

const struct procedure_result *procedure_result_of(const struct procedure *p, const char *code)
{
    const struct procedure_result *items = p->results.items;
    for (size_t i = 0; code && i < p->results.n; i++) {
        if (items[i].code && strcmp(items[i].code, code) == 0)
            return &items[i];
    }
    return NULL;
}

bool procedure_unsigned_allowed(const struct procedure *p, const char *code)
{
    const struct procedure_result *items = p->results.items;
    const struct procedure_result *one = procedure_result_of(p, code);
    bool all = p->results.n > 0;
    for (size_t i = 0; i < p->results.n; i++)
        all = all && items[i].unsigned_allowed;
    return one ? one->unsigned_allowed : all;
}

const struct agency *procedure_deciding_agency(const struct procedure *p, const struct catalogue *c,
                                               const char *commune)
{
    if (p->rule == PROCEDURE_BY_DEPARTMENT) {
        const struct agency *one = catalogue_agency(c, p->agency);
        return one && one->active ? one : NULL;
    }
    for (size_t i = 0; commune && i < c->n_agencies; i++) {
        const struct agency *one = &c->agencies[i];
        if (one->kind == AGENCY_COMMUNE && one->active && one->commune &&
            strcmp(one->commune, commune) == 0)
            return one;
    }
    return NULL;
}

/* --- cost ------------------------------------------------------------------------------------- */

static bool named(const char *const *codes, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(codes[i], code) == 0)
            return true;
    }
    return false;
}

/* Before answers are known, once. A number that was not given counts as none. */
static int64_t times(const struct procedure *p, const struct procedure_fee *f,
                     const json_t *answers)
{
    if (!f->times || !answers)
        return 1;
    int64_t n = json_integer_value(condition_value(form_of(p), answers, f->times));
    return n < 0 ? 0 : n > TIMES_MAX ? TIMES_MAX : n;
}

static const struct procedure_exemption *
best(const struct procedure *p, const struct procedure_fee *f, const char *const *claimed, size_t n)
{
    const struct procedure_exemption *found = NULL;
    for (size_t i = 0; i < p->exemptions.n; i++) {
        const struct procedure_exemption *e = &exemptions_of(p)[i];
        bool counts = named(claimed, n, e->code) &&
                      (e->fees.n == 0 || named(e->fees.items, e->fees.n, f->code));
        if (counts && (!found || e->percent > found->percent))
            found = e;
    }
    return found;
}

void procedure_fee(const struct procedure *p, enum procedure_channel channel, const json_t *answers,
                   const char *const *exemptions, size_t n_exemptions, struct procedure_bill *ret)
{
    ret->n = 0;
    ret->total = 0;
    for (size_t i = 0; i < p->fees.n && ret->n < ARRAY_LEN(ret->lines); i++) {
        const struct procedure_fee *f = &fees_of(p)[i];
        if ((f->channel && f->channel != (int)channel) ||
            !procedure_condition_holds(f->when, p, answers))
            continue;
        const struct procedure_exemption *e = best(p, f, exemptions, n_exemptions);
        int64_t amount = f->amount * times(p, f, answers);
        if (f->most > 0 && amount > f->most)
            amount = f->most;
        amount -= e ? amount * e->percent / 100 : 0;
        ret->lines[ret->n++] = (struct procedure_bill_line){f, e, amount};
        ret->total += amount;
    }
}

/* --- components ------------------------------------------------------------------------------- */

static bool same_group(const struct procedure_component *x, const struct procedure_component *y)
{
    return x == y || (x->one_of && y->one_of && strcmp(x->one_of, y->one_of) == 0);
}

size_t procedure_components_needed(const struct procedure *p, const json_t *answers,
                                   struct procedure_need *ret)
{
    size_t n = 0;
    for (size_t i = 0; i < p->components.n && n < PROCEDURE_COMPONENTS_MAX; i++) {
        const struct procedure_component *c = &components_of(p)[i];
        if (!answers || procedure_condition_holds(c->when, p, answers))
            ret[n++] = (struct procedure_need){c, c->required};
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n && !ret[i].required; k++)
            ret[i].required =
                same_group(ret[i].component, ret[k].component) && ret[k].component->required;
    }
    return n;
}

const struct procedure_component *procedure_lacks(const struct procedure_need *needs, size_t n,
                                                  const char *const *codes, size_t n_codes)
{
    for (size_t i = 0; i < n; i++) {
        bool met = !needs[i].required;
        for (size_t k = 0; k < n && !met; k++)
            met = same_group(needs[i].component, needs[k].component) &&
                  named(codes, n_codes, needs[k].component->code);
        if (!met)
            return needs[i].component;
    }
    return NULL;
}
