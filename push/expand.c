#include "push/expand.h"

#include <string.h>

#include "base/log.h"
#include "base/result.h"
#include "base/text.h"
#include "domain/acting/acting.h"
#include "domain/roster/alarm.h"
#include "push/webhook.h"

#define SMS_LIFE_MS (INT64_C(6) * 3600 * 1000) /* an emergency's message is of no use later */

/* Active staff of one role in one agency. */
struct crew {
    struct crew *next;
    const char *agency;
    int role;
    struct staff *staff;
    size_t n;
};

static int crew_of(struct expander *x, const char *agency, int role, struct crew **ret)
{
    for (struct crew *c = x->crews; c; c = c->next) {
        if (c->role == role && strcmp(c->agency, agency) == 0) {
            *ret = c;
            return 0;
        }
    }
    struct crew *c = ARENA_NEW(x->arena, struct crew);
    *c = (struct crew){.next = x->crews, .agency = agency, .role = role};
    int done = staff_of_agency(x->push->o.store, agency, role, x->arena, &c->staff, &c->n);
    if (done < 0)
        return done;
    x->crews = c;
    *ret = c;
    return 0;
}

static void add(struct expander *x, struct delivery *d)
{
    if (x->n == x->cap) {
        size_t cap = x->cap ? x->cap * 2 : 64;
        struct delivery **rows = arena_array(x->arena, cap, sizeof(struct delivery *));
        if (x->n > 0)
            memcpy(rows, x->rows, x->n * sizeof(struct delivery *));
        x->rows = rows;
        x->cap = cap;
    }
    x->rows[x->n++] = d;
}

/* --- words ------------------------------------------------------------------------------------ */

static const struct case_step *step_of(const struct case_head *h, const struct case_event *e)
{
    const struct case_step *steps = h->steps.items;
    for (size_t i = h->steps.n; i-- > 0;) {
        if (steps[i].seq == e->step)
            return &steps[i];
    }
    return NULL;
}

/* A citizen's words are read in the case alone: in the inboxes of offices they would outlive them.
 */
static const char *note_of(const struct case_head *h, const struct case_event *e)
{
    const struct case_step *step = step_of(h, e);
    bool theirs = step && step->party && strcmp(step->party, "owner") == 0;
    return !step || (theirs && e->whom != TELL_OWNER) ? NULL : step->note;
}

/* By when the demand that the step made wants its answer; 0: it made none. */
static int64_t answer_due(const struct case_head *h, const struct case_event *e)
{
    const struct case_demand *demands = h->demands.items;
    for (size_t i = 0; i < h->demands.n; i++) {
        if (demands[i].seq == e->step)
            return demands[i].due_ms;
    }
    return 0;
}

static const char *agency_name(const struct expander *x, const char *code, int language)
{
    const struct agency *agency =
        code && x->catalogue ? catalogue_agency(x->catalogue, code) : NULL;
    const char *name = agency ? agency->name : code ? code : "";
    return language && agency && agency->name_en ? agency->name_en : name;
}

/* Who took the step, as citizens are told it: the office, the officer's title, the time. What the
 * citizen or the clock did has only a time. A title that cannot be read now is left out. */
static void sign(struct expander *x, const struct case_head *h, const struct case_event *e,
                 struct template_values *ret)
{
    const struct case_step *step = step_of(h, e);
    struct staff staff = {0};
    if (!step || e->whom != TELL_OWNER)
        return;
    const char *at = template_time(step->at_ms, x->arena);
    if (step->office && !id_is_nil(&step->by) &&
        staff_get(x->push->o.store, &step->by, x->arena, &staff) != 0)
        staff.title = NULL;
    for (int i = 0; i < 2; i++) {
        const char *office = step->office ? agency_name(x, step->office, i) : "";
        ret->by[i] = arena_printf(x->arena, "%s%s%s%s%s", office, *office ? ", " : "",
                                  staff.title ? staff.title : "", staff.title ? ", " : "", at);
    }
}

static struct template_values values_of(struct expander *x, const struct case_head *h,
                                        const struct case_event *e)
{
    const struct entity_name *state = &x->kept->kind->state_names[h->state];
    struct case_topic topic = {0};
    x->kept->topic(h, &topic); /* the head stands first in the record */
    struct template_values values = {
        .number = h->number,
        .state = {state->label[0], state->label[1]},
        .agency = {agency_name(x, e->agency, 0), agency_name(x, e->agency, 1)},
        .due = template_time(h->due_ms, x->arena),
        .answer_by = template_time(answer_due(h, e), x->arena),
        .note = note_of(h, e),
        .posted = topic.posted,
    };
    sign(x, h, e, &values);
    return values;
}

/* What every delivery of an event says. */
static struct delivery blank(const struct expander *x, const struct case_head *h,
                             const struct case_event *e, int64_t at_ms)
{
    return (struct delivery){
        .state = DELIVERY_DONE,
        .at_ms = at_ms,
        .subject = x->kept->kind->name,
        .about = h->id,
        .number = h->number,
        .what = e->what,
        .status = entity_enum_name(x->kept->kind->state_names, h->state),
        .agency = e->agency,
        .step = e->step,
    };
}

/* --- by inbox --------------------------------------------------------------------------------- */

static void notify(struct expander *x, const struct delivery *words, const struct case_event *e,
                   const struct id *recipient)
{
    if (!id_is_nil(&x->barred) && id_equal(&x->barred, recipient))
        return;
    if (!id_is_nil(&x->doer) && id_equal(&x->doer, recipient))
        return;
    struct delivery *d = arena_dup(x->arena, words, sizeof(*words));
    d->channel = CHANNEL_INBOX;
    d->recipient = *recipient;
    d->id = delivery_id(&e->id, recipient, CHANNEL_INBOX);
    d->expires_ms = d->at_ms + x->push->inbox_keep_ms;
    add(x, d);
}

static int notify_crew(struct expander *x, const struct delivery *words, const struct case_event *e,
                       const char *agency, int role, size_t *ret_n)
{
    struct crew *crew = NULL;
    int done = agency ? crew_of(x, agency, role, &crew) : 0;
    if (done < 0)
        return done;
    for (size_t i = 0; crew && i < crew->n; i++)
        notify(x, words, e, &crew->staff[i].id);
    *ret_n = crew ? crew->n : 0;
    return 0;
}

/* The officers of an agency; where it has none, who leads it. */
static int notify_agency(struct expander *x, const struct delivery *words,
                         const struct case_event *e, const char *agency)
{
    size_t n;
    int done = notify_crew(x, words, e, agency, STAFF_OFFICER, &n);
    if (done == 0 && n == 0)
        done = notify_crew(x, words, e, agency, STAFF_LEADER, &n);
    return done;
}

/* Who leads an agency; where nobody does, the portal, which stands in. */
static int notify_leaders(struct expander *x, const struct delivery *words,
                          const struct case_event *e)
{
    size_t n;
    int done = notify_crew(x, words, e, e->agency, STAFF_LEADER, &n);
    if (done == 0 && n == 0 && !x->kept->kind->quiet)
        done = notify_crew(x, words, e, x->portal, STAFF_DISPATCHER, &n);
    return done;
}

/* The assigned officer, as long as the agency that was told still holds the case. */
static bool has_officer(const struct case_head *h, const struct case_event *e)
{
    return !id_is_nil(&h->officer) && e->agency && h->agency && strcmp(e->agency, h->agency) == 0;
}

static void notify_demanders(struct expander *x, const struct delivery *words,
                             const struct case_head *h, const struct case_event *e)
{
    const struct case_demand *demands = h->demands.items;
    for (size_t i = 0; i < h->demands.n; i++) {
        if (case_demand_told(&demands[i], e))
            notify(x, words, e, &demands[i].by);
    }
}

/* Whose it is, and who acts for them: an organisation's members, who represents a person. */
static int notify_owner(struct expander *x, const struct delivery *words, const struct case_head *h,
                        const struct case_event *e)
{
    struct id *told = arena_array(x->arena, ACTING_TOLD_MAX, sizeof(*told));
    struct case_topic topic = {0};
    size_t n = 0;
    if (id_is_nil(&h->owner))
        return 0;              /* erased */
    x->kept->topic(h, &topic); /* the head stands first in the record */
    int done =
        acting_told(x->push->o.store, &h->owner, topic.procedure ? SCOPE_DOSSIERS : SCOPE_REPORTS,
                    topic.procedure, x->now_ms, x->arena, told, &n);
    if (done < 0)
        return done;
    notify(x, words, e, &h->owner);
    for (size_t i = 0; i < n; i++)
        notify(x, words, e, &told[i]);
    return 0;
}

static int tell(struct expander *x, const struct case_head *h, const struct case_event *e,
                const struct delivery *words)
{
    size_t n;
    switch (e->whom) {
    case TELL_OWNER:
        return notify_owner(x, words, h, e);
    case TELL_OFFICER:
        if (!has_officer(h, e))
            return notify_agency(x, words, e, e->agency);
        notify(x, words, e, &h->officer);
        return 0;
    case TELL_AGENCY:
    case TELL_FORMER:
        return notify_agency(x, words, e, e->agency);
    case TELL_LEADER:
        return notify_leaders(x, words, e);
    case TELL_DESK:
        return notify_agency(x, words, e, h->desk);
    case TELL_DEMANDER:
        notify_demanders(x, words, h, e);
        return 0;
    case TELL_INSPECTOR:
        return notify_crew(x, words, e, x->portal, STAFF_INSPECTOR, &n);
    case TELL_DISPATCHER:
        return notify_crew(x, words, e, x->portal, STAFF_DISPATCHER, &n);
    default:
        return E_CORRUPT;
    }
}

/* --- by SMS ----------------------------------------------------------------------------------- */

static int message_leader(struct expander *x, const struct delivery *words,
                          const struct case_event *e, const struct staff *leader)
{
    const char *phone = NULL;
    int done = staff_phone(x->push->o.keys, leader, x->arena, &phone);
    if (done < 0 || !phone)
        return done;
    struct delivery *d = arena_dup(x->arena, words, sizeof(*words));
    d->channel = CHANNEL_SMS;
    d->state = DELIVERY_PENDING;
    d->id = delivery_id(&e->id, &leader->id, CHANNEL_SMS);
    d->next_ms = x->now_ms;
    d->until_ms = x->now_ms + SMS_LIFE_MS;
    done = sms_seal(x->push->o.keys, &d->id, phone, words->text_vi, x->arena, &d->payload);
    if (done == 0)
        add(x, d);
    return done;
}

/* Who leads the agency; at the portal, and where nobody leads, its dispatchers. */
static int message_leaders(struct expander *x, const struct delivery *words,
                           const struct case_event *e)
{
    struct crew *crew = NULL;
    int done = e->agency ? crew_of(x, e->agency, STAFF_LEADER, &crew) : 0;
    if (done == 0 && x->portal && (!crew || crew->n == 0))
        done = crew_of(x, x->portal, STAFF_DISPATCHER, &crew);
    for (size_t i = 0; done == 0 && crew && i < crew->n; i++)
        done = message_leader(x, words, e, &crew->staff[i]);
    return done;
}

/* Where the agency has a roster, the emergency climbs it; under the event's id, so that it does
 * once.
 */
static int begin_alarm(struct expander *x, const struct case_head *h, const struct case_event *e,
                       const struct delivery *words)
{
    struct alarm alarm = {.kind = x->kept->kind->name,
                          .about = h->id,
                          .number = h->number,
                          .agency = e->agency,
                          .status = words->status,
                          .text_vi = words->text_vi,
                          .text_en = words->text_en};
    if (!e->agency)
        return ALARM_NO_ROSTER;
    return alarm_begin(x->push->o.store, &e->id, &alarm, x->now_ms, x->arena);
}

/* --- by webhook ------------------------------------------------------------------------------- */

static int call_agency(struct expander *x, const struct case_head *h, const struct case_event *e,
                       int64_t at_ms)
{
    const struct agency *agency =
        e->agency && x->catalogue ? catalogue_agency(x->catalogue, e->agency) : NULL;
    if (!agency || !agency->webhook_url || agency->webhook_key.n == 0 || !e->what)
        return 0;
    struct delivery *d = ARENA_NEW(x->arena, struct delivery);
    struct id receiver = agency_id(agency->code);
    *d = blank(x, h, e, at_ms);
    d->channel = CHANNEL_WEBHOOK;
    d->state = DELIVERY_PENDING;
    d->id = delivery_id(&e->id, &receiver, CHANNEL_WEBHOOK);
    d->next_ms = x->now_ms;
    int done = webhook_payload(x->push->o.keys, x->kept, &d->id, h, e, x->arena, &d->payload);
    if (done == 0)
        add(x, d);
    return done;
}

/* What was filed is told to all who may receive it, and that time ran out to whoever acted last,
 * too. */
static struct id doer_of(const struct case_head *h, const struct case_event *e)
{
    const struct case_step *step = step_of(h, e);
    bool own = step && step->from && step->office && e->what && strcmp(step->verb, e->what) == 0;
    return own ? step->by : (struct id){0};
}

int expand(struct expander *x, const struct case_head *h, const struct case_event *e, int64_t at_ms)
{
    x->barred = h->barred;
    x->doer = doer_of(h, e);
    if (e->type == EVENT_CALL && x->kept->kind->quiet)
        return 0;
    if (e->type == EVENT_CALL)
        return call_agency(x, h, e, at_ms);
    const struct template *t = e->what ? template_find(x->kept->kind, e->what, e->whom) : NULL;
    if (!t) { /* of a newer program, or an older one's table: it must not stop the others */
        log_event(LOG_ERROR, "an event has no words", "what", e->what ? e->what : "", NULL);
        return 0;
    }
    struct template_values values = values_of(x, h, e);
    struct delivery words = blank(x, h, e, at_ms);
    words.text_vi = template_fill(t, 0, &values, PUSH_TEXT_MAX, x->arena);
    words.text_en = template_fill(t, 1, &values, PUSH_TEXT_MAX, x->arena);
    if (e->whom == TELL_LEADER_SMS) {
        int begun = begin_alarm(x, h, e, &words);
        return begun == ALARM_NO_ROSTER ? message_leaders(x, &words, e) : begun;
    }
    return tell(x, h, e, &words);
}
