/* What rows of the table (transitions.c) do with papers: what an office takes for fit, asks for,
 * and is handed in; each is pure but for the record. */
#include <string.h>

#include "base/result.h"
#include "domain/dossier/private.h"

/* --- what the document store follows -----------------------------------------------------------
 */

static bool unfit(int verdict)
{
    return verdict > DOSSIER_FIT;
}

static bool given(const struct dossier_component *c)
{
    return c->files.n > 0 || !id_is_nil(&c->document) || c->copies > 0;
}

static void accept(struct dossier_component *c, const struct case_act *act,
                   const struct case_world *w)
{
    c->accepted_ms = w->now_ms;
    c->accepted_by = act->by;
    c->accepted_at = act->office;
}

static void reject(struct dossier_component *c)
{
    c->accepted_ms = 0;
    c->accepted_by = (struct id){0};
    c->accepted_at = NULL;
}

/* Whoever receives or decides takes what was handed in for fit, unless it was said not to be. */
void dossier_accept_given(struct dossier *d, const struct case_act *act, const struct case_world *w)
{
    struct dossier_component *items = d->components.items;
    for (size_t i = 0; i < d->components.n; i++) {
        if (!items[i].accepted_ms && given(&items[i]) && !unfit(items[i].verdict))
            accept(&items[i], act, w);
    }
    d->keep_ms = w->now_ms;
}

/* Of a dossier whose papers are not true nothing is kept as if they were. */
void dossier_reject_all(struct dossier *d, const struct case_world *w)
{
    struct dossier_component *items = d->components.items;
    for (size_t i = 0; i < d->components.n; i++)
        reject(&items[i]);
    d->keep_ms = w->now_ms;
}

/* --- effects: papers -------------------------------------------------------------------------- */

static struct dossier_component *component(struct dossier *d, const char *code)
{
    struct dossier_component *items = d->components.items;
    for (size_t i = 0; i < d->components.n; i++) {
        if (items[i].code && code && strcmp(items[i].code, code) == 0)
            return &items[i];
    }
    return NULL;
}

static void add_ask(struct dossier *d, const struct dossier_component *c,
                    const struct case_act *act, const struct case_world *w, struct arena *a)
{
    const struct dossier_ask *old = d->asks.items;
    size_t kept = d->asks.n < DOSSIER_ASKS_MAX ? d->asks.n : DOSSIER_ASKS_MAX - 1;
    struct dossier_ask *asks = arena_array(a, kept + 1, sizeof(*asks));
    if (kept > 0)
        memcpy(asks, old + (d->asks.n - kept), kept * sizeof(*asks));
    asks[kept] = (struct dossier_ask){.code = c->code,
                                      .document = c->offered,
                                      .reason = c->despite,
                                      .office = act->office,
                                      .officer = act->by,
                                      .at_ms = w->now_ms};
    d->asks = (struct entity_list){asks, kept + 1};
}

static void remember_return(struct dossier *d, const struct dossier_component *c, int64_t now_ms,
                            struct arena *a)
{
    const struct dossier_return *old = d->returns.items;
    size_t kept = d->returns.n < DOSSIER_RETURNS_MAX ? d->returns.n : DOSSIER_RETURNS_MAX - 1;
    struct dossier_return *items = arena_array(a, kept + 1, sizeof(*items));
    if (kept > 0)
        memcpy(items, old + (d->returns.n - kept), kept * sizeof(*items));
    items[kept] = (struct dossier_return){c->code, c->verdict, now_ms};
    d->returns = (struct entity_list){items, kept + 1};
}

/* What is asked for of the form, in place of what was asked for before. */
static int ask_fields(struct dossier *d, struct case_act *act, struct arena *a)
{
    const struct dossier_act *o = dossier_own(act);
    if (o->n_fields > DOSSIER_FIELDS_MAX)
        return dossier_lacks(act, "/fields");
    for (size_t i = 0; i < o->n_fields; i++) {
        if (!o->fields[i].pointer || !o->fields[i].note)
            return dossier_lacks(act, "/fields");
    }
    d->fields = (struct entity_list){NULL, 0};
    if (o->n_fields > 0)
        d->fields = (struct entity_list){arena_dup(a, o->fields, o->n_fields * sizeof(*o->fields)),
                                         o->n_fields};
    return 0;
}

/* A verdict on each that was looked at; one paper or one answer at least is asked for, with words
 * that say why. */
int dossier_do_supplement(void *record, struct case_act *act, const struct case_world *w,
                          struct arena *a)
{
    struct dossier *d = record;
    const struct dossier_act *o = dossier_own(act);
    size_t asked = o->n_fields;
    for (size_t i = 0; i < o->n_components; i++) {
        struct dossier_component *c = component(d, o->components[i].code);
        int verdict = o->components[i].verdict;
        if (!c || !verdict || (unfit(verdict) && !o->components[i].note))
            return dossier_lacks(act, "/components");
        c->verdict = verdict;
        c->note = o->components[i].note;
        c->offered = (struct id){0};
        if (!unfit(verdict)) {
            accept(c, act, w);
            continue;
        }
        reject(c);
        remember_return(d, c, w->now_ms, a);
        if (o->components[i].despite)
            add_ask(d, &o->components[i], act, w, a);
        else
            c->offered = o->components[i].offered;
        asked++;
    }
    if (asked == 0)
        return dossier_lacks(act, "/components");
    int done = ask_fields(d, act, a);
    if (done != 0)
        return done;
    d->supplements++;
    d->keep_ms = w->now_ms;
    dossier_request_add(d, o, a);
    return case_do_ask(record, act, w, a);
}

/* The form as it was filed stays kept beside the new one. Whoever owns it answers all that was
 * asked of it; a desk may have it on paper. */
static int supply_form(struct dossier *d, struct case_act *act)
{
    const struct dossier_act *o = dossier_own(act);
    bool owner = !(act->party & ~(unsigned)PARTY_OWNER);
    if (o->form.n > 0 ? d->fields.n == 0 : d->fields.n > 0 && owner)
        return dossier_lacks(act, "/form");
    if (o->form.n > 0) {
        if (d->first.n == 0)
            d->first = d->form;
        d->form = o->form;
    }
    d->fields = (struct entity_list){NULL, 0};
    return 0;
}

/* Only what was asked for is replaced; what was found fit stays as it was looked at. That paper was
 * handed in at a desk is the desk's to say. */
int dossier_do_supply(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    struct dossier *d = record;
    const struct dossier_act *o = dossier_own(act);
    if (o->n_components == 0 && o->form.n == 0)
        return dossier_lacks(act, d->fields.n > 0 ? "/form" : "/components");
    for (size_t i = 0; i < o->n_components; i++) {
        struct dossier_component *c = component(d, o->components[i].code);
        bool claimed = o->components[i].copies > 0 && !(act->party & ~(unsigned)PARTY_OWNER);
        if (!c || !unfit(c->verdict) || !given(&o->components[i]) || claimed)
            return dossier_lacks(act, "/components");
        const char *code = c->code;
        *c = o->components[i];
        c->code = code;
        c->verdict = 0;
        c->note = c->despite = NULL;
        c->offered = (struct id){0};
        reject(c);
    }
    int done = supply_form(d, act);
    return done == 0 ? case_do_supply(record, act, w, a) : done;
}
