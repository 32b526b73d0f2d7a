/* What is done to a mandate: one table says who may do what, and from where. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/mandate/private.h"

enum party { BY_SUBJECT = 1 << 0, BY_AGENT = 1 << 1, BY_OFFERED = 1 << 2, BY_OFFICE = 1 << 3 };

#define IN(state) (1U << (state))

static const struct verb {
    const char *name;
    unsigned from, who;
    int to;
} verbs[] = {
    {"accept", IN(MANDATE_OFFERED), BY_OFFERED, MANDATE_ACTIVE},
    {"decline", IN(MANDATE_OFFERED), BY_OFFERED, MANDATE_DECLINED},
    {"verify", IN(MANDATE_PENDING) | IN(MANDATE_ACTIVE), BY_OFFICE, MANDATE_ACTIVE},
    {"refuse", IN(MANDATE_PENDING), BY_OFFICE, MANDATE_REFUSED},
    {"end", IN(MANDATE_OFFERED) | IN(MANDATE_PENDING) | IN(MANDATE_ACTIVE),
     BY_SUBJECT | BY_AGENT | BY_OFFICE, MANDATE_ENDED},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    }
    return NULL;
}

struct text_words mandate_office_verbs(const struct mandate *m, int64_t now_ms, struct arena *a)
{
    const char **names = arena_array(a, ARRAY_LEN(verbs) + 1, sizeof(*names));
    struct text_words found = {names, 0};
    int state = mandate_state_now(m, now_ms);
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        bool again = state == verbs[i].to && m->seen; /* an office has done it already */
        bool refused = state == MANDATE_PENDING && verbs[i].to == MANDATE_ENDED; /* not ended */
        if ((verbs[i].who & BY_OFFICE) && (verbs[i].from & IN(state)) && !again && !refused)
            names[found.n++] = verbs[i].name;
    }
    if (mandate_may_be_handed_on(m, now_ms))
        names[found.n++] = "successor";
    return found;
}

void mandate_set_state(struct mandate *m, int state)
{
    m->state = state;
    m->ends_ms = state == MANDATE_ACTIVE ? m->until_ms : 0;
}

static unsigned party_of(const struct mandate *m, const struct id *person,
                         const struct id *contacts, size_t n)
{
    unsigned party = id_equal(&m->subject, person) ? BY_SUBJECT : 0;
    if (id_equal(&m->agent, person))
        party |= BY_AGENT;
    /* Declined or accepted before, by this person. */
    if ((party & BY_AGENT) && !id_is_nil(&m->contact))
        party |= BY_OFFERED;
    for (size_t i = 0; i < n && id_is_nil(&m->agent); i++)
        party |= id_equal(&m->contact, &contacts[i]) ? BY_OFFERED : 0;
    return party;
}

const char *mandate_party(const struct mandate *m, const struct id *person,
                          const struct id *contacts, size_t n)
{
    unsigned party = party_of(m, person, contacts, n);
    if (party & BY_SUBJECT)
        return "subject";
    return party ? "agent" : NULL;
}

static void add_step(struct mandate *m, const struct mandate_act *act, const char *party,
                     struct arena *a)
{
    size_t drop = m->steps.n >= MANDATE_STEPS_MAX ? 1 : 0, n = m->steps.n - drop;
    struct mandate_step *steps = arena_array(a, n + 1, sizeof(*steps));
    if (n > 0)
        memcpy(steps, (struct mandate_step *)m->steps.items + drop, n * sizeof(*steps));
    steps[n] = (struct mandate_step){.at_ms = act->now_ms,
                                     .verb = act->verb,
                                     .party = party,
                                     .office = act->office,
                                     .note = act->note};
    *(act->office ? &steps[n].staff : &steps[n].by) = act->by;
    m->steps = (struct entity_list){steps, n + 1};
}

static void decide(struct mandate *m, const struct mandate_act *act, int state)
{
    m->decided_ms = act->now_ms;
    m->decided_office = act->office;
    if (state == MANDATE_ACTIVE) {
        m->seen = act->note;
        m->card = (struct entity_bytes){0}; /* it finds them by now, or there is none */
        if (!id_is_nil(&act->subject))
            m->subject = act->subject;
    } else {
        m->reason = act->note;
    }
}

static const char *side_of(const struct verb *v, unsigned party)
{
    if (party & BY_OFFICE)
        return "office";
    return party & BY_SUBJECT & v->who ? "subject" : "agent";
}

/* It is as the verb would make it; that an office saw papers may still be added. */
static bool is_done(const struct mandate *m, const struct mandate_act *act, const struct verb *v,
                    int state)
{
    bool adds = act->office && v->to == MANDATE_ACTIVE && !m->seen;
    return m->state == v->to && state != MANDATE_OVER && !adds;
}

static int act_on(struct store_edit *edit, void *ctx)
{
    const struct mandate_act *act = ctx;
    const struct verb *v = find_verb(act->verb);
    struct mandate m;
    int done = mandate_decode(edit->before, edit->arena, &m);
    if (done < 0 || !v)
        return done < 0 ? done : STORE_ABSENT;
    unsigned party =
        act->office ? BY_OFFICE : party_of(&m, &act->by, act->contacts, act->n_contacts);
    int state = mandate_state_now(&m, act->now_ms);
    if (!(v->who & party))
        return party == 0 || act->office ? STORE_ABSENT : MANDATE_STATE;
    if (is_done(&m, act, v, state))
        return STORE_UNCHANGED;
    if (!(v->from & IN(state)))
        return MANDATE_STATE;
    if (party & BY_OFFERED & v->who) {
        if (party & BY_SUBJECT)
            return MANDATE_SELF;
        m.agent = act->by;
    }
    if (v->to == MANDATE_ACTIVE && id_equal(&act->subject, &m.agent))
        return MANDATE_SELF;
    mandate_set_state(&m, v->to);
    if (act->office)
        decide(&m, act, v->to);
    if (v->to == MANDATE_ENDED) {
        m.ended_ms = act->now_ms;
        m.reason = act->note;
    }
    m.revision++;
    add_step(&m, act, side_of(v, party), edit->arena);
    return entity_encode(&mandate_entity, &m, edit->before, edit->arena, edit->after);
}

int mandate_do(struct store *s, const struct id *id, const struct mandate_act *act, struct arena *a,
               struct mandate *ret)
{
    struct mandate_act copy = *act;
    int done = store_change(s, &mandate_collection, id, NULL, act_on, &copy, NULL);
    return done == 0 || done == STORE_UNCHANGED ? mandate_get(s, id, a, ret) : done;
}

/* --- what is over ----------------------------------------------------------------------------- */

static int close_one(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct mandate m;
    int done = mandate_decode(edit->before, edit->arena, &m);
    if (done < 0)
        return done;
    if (m.state != MANDATE_ACTIVE || mandate_state_now(&m, *now_ms) != MANDATE_OVER)
        return STORE_UNCHANGED;
    mandate_set_state(&m, MANDATE_ENDED);
    m.ended_ms = m.until_ms;
    m.revision++;
    return entity_encode(&mandate_entity, &m, edit->before, edit->arena, edit->after);
}

int mandate_sweep(struct store *s, int64_t now_ms, size_t max,
                  int (*tell)(const struct mandate *m, void *ctx), void *ctx)
{
    struct arena a;
    struct store_page page = {0};
    struct store_range past = {
        .has_low = true, .low = store_int(1), .has_high = true, .high = store_int(now_ms)};
    struct store_condition over = {
        .field = "ends", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &over,
                            .n_conditions = 1,
                            .order = "ends",
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    arena_init(&a);
    int done = store_scan(s, &mandate_collection, &q, &a, &page);
    for (size_t i = 0; i < page.n && done >= 0; i++) {
        struct mandate m;
        done = mandate_decode(page.docs[i], &a, &m);
        if (done == 0) /* told first: then nothing ends in silence, and once */
            done = tell(&m, ctx);
        if (done == 0)
            done = store_change(s, &mandate_collection, &m.id, NULL, close_one, &now_ms, NULL);
    }
    arena_release(&a);
    return done < 0 ? done : 0;
}
