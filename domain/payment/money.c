/* What a provider took: remembered once, counted in its dossier once, or given back. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/payment/private.h"

#define TRIES 8
#define LATER_MS (INT64_C(5) * 60 * 1000)
#define PAGE 100

struct id money_id(const char *provider, const char *transaction)
{
    const struct id_part parts[] = {{provider, strlen(provider)},
                                    {transaction, strlen(transaction)}};
    return id_v8("money", parts, ARRAY_LEN(parts));
}

int money_decode(const bson_t *doc, struct arena *a, struct money *ret)
{
    *ret = (struct money){0};
    int done = entity_decode(&money_entity, doc, a, ret);
    return done == 0 && !store_document_id(doc, &ret->id) ? E_CORRUPT : done;
}

int money_get(struct store *s, const struct id *id, struct arena *a, struct money *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &money_collection, id, &doc);
    return done == 0 ? money_decode(doc, a, ret) : done;
}

/* --- taking ----------------------------------------------------------------------------------- */

int money_take(struct store *s, const struct money_told *told, int64_t now_ms, struct arena *a,
               struct money *ret)
{
    const struct id id = money_id(told->provider, told->transaction);
    struct payment order = {0};
    int done = money_get(s, &id, a, ret);
    if (done != STORE_ABSENT)
        return done == 0 ? STORE_REPEATED : done;
    done = id_is_nil(&told->order) ? STORE_ABSENT : payment_get(s, &told->order, a, &order);
    if (done != 0 && done != STORE_ABSENT)
        return done;
    bool ours = done == 0;
    *ret = (struct money){.id = id,
                          .provider = told->provider,
                          .transaction = told->transaction,
                          .order = told->order,
                          .dossier = order.dossier,
                          .owner = order.owner,
                          .number = order.number,
                          .agency = order.agency,
                          .amount = told->amount,
                          .state = ours ? MONEY_TAKEN : MONEY_TO_REFUND,
                          .reason = ours ? 0 : MONEY_NO_ORDER,
                          .refund = ours ? 0 : told->amount,
                          .source = told->source,
                          .paid_ms = told->paid_ms,
                          .taken_ms = now_ms,
                          .settled_ms = ours ? 0 : now_ms,
                          .day = clock_day_number(told->paid_ms),
                          .next_ms = ours ? now_ms : 0,
                          .revision = 1};
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    const struct store_write write = store_write_fresh();
    done = entity_encode(&money_entity, ret, NULL, a, body);
    if (done == 0)
        done = store_create(s, &money_collection, &id, &write, body, NULL);
    if (done != STORE_EXISTS)
        return done == STORE_REPEATED ? 0 : done;
    done = money_get(s, &id, a, ret);
    return done == 0 ? STORE_REPEATED : done;
}

/* --- settling --------------------------------------------------------------------------------- */

struct settling {
    int64_t counted, now_ms;
    int reason;
    bool waits;
};

/* The dossier has the last word on what it counted: it may come while somebody else found that it
 * owes nothing. */
static int write_settled(struct store_edit *edit, void *ctx)
{
    const struct settling *c = ctx;
    struct money m;
    int done = money_decode(edit->before, edit->arena, &m);
    if (done < 0)
        return done;
    bool more = m.state == MONEY_TO_REFUND && m.reason != MONEY_UNSERVED && c->counted > m.counted;
    if (m.state != MONEY_TAKEN && !more)
        return STORE_UNCHANGED;
    m.revision++;
    if (c->waits) {
        m.next_ms = c->now_ms + LATER_MS;
        return entity_encode(&money_entity, &m, edit->before, edit->arena, edit->after);
    }
    m.counted = c->counted;
    m.refund = m.amount - c->counted;
    m.state = m.refund > 0 ? MONEY_TO_REFUND : MONEY_COUNTED;
    m.reason = m.refund > 0 ? c->reason : 0;
    m.settled_ms = c->now_ms;
    m.next_ms = m.refund > 0 ? c->now_ms : 0; /* its owner is to be told */
    return entity_encode(&money_entity, &m, edit->before, edit->arena, edit->after);
}

static int64_t counted_before(const struct dossier *d, const struct id *payment)
{
    const struct dossier_payment *payments = d->payments.items;
    for (size_t i = 0; i < d->payments.n; i++) {
        if (id_equal(&payments[i].id, payment))
            return payments[i].amount;
    }
    return 0;
}

/* The dossier as it is now: 0 and what is to be written; STORE_CONFLICT: it changed meanwhile. */
static int count_once(struct store *s, const struct money *m, const struct case_world *w,
                      struct arena *a, struct settling *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d, after;
    int done = store_get(s, &dossier_collection, &m->dossier, &doc);
    if (done == STORE_ABSENT)
        ret->reason = MONEY_ENDED;
    if (done == 0)
        done = dossier_decode(doc, a, &d);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    ret->reason = dossier_kind.states[d.head.state].open ? MONEY_TOO_MUCH : MONEY_ENDED;
    ret->counted = counted_before(&d, &m->id);
    int64_t owed = dossier_owed(&d);
    if (ret->counted > 0 && dossier_unserved(&d)) {
        ret->counted = 0; /* as money_release has it */
        ret->reason = MONEY_UNSERVED;
    }
    if (ret->counted > 0 || owed <= 0 || ret->reason == MONEY_ENDED)
        return 0;
    struct dossier_act act = {.act = {.verb = "pay", .amount = m->amount < owed ? m->amount : owed},
                              .actor = {.system = true},
                              .way = DOSSIER_PAYMENT_SERVICE,
                              .reference = m->transaction,
                              .payment = m->id,
                              .paid_ms = m->paid_ms};
    const struct store_change_options options = {.if_revision = d.head.revision};
    done = dossier_do(s, &m->dossier, &act, &options, w, a, &after);
    if (done == 0 || done == STORE_UNCHANGED) {
        ret->counted = act.act.amount;
        return 0;
    }
    if (done < 0)
        return done;
    /* It may be taken back, or repaired, or come to its end: then it owes or has ended. */
    ret->waits = done != STORE_REVISED && done != STORE_ABSENT;
    return ret->waits ? 0 : STORE_CONFLICT;
}

int money_settle(struct store *s, const struct id *id, const struct case_world *w, struct arena *a,
                 struct money *ret)
{
    struct settling c = {.now_ms = w->now_ms};
    int done = money_get(s, id, a, ret);
    if (done != 0 || ret->state != MONEY_TAKEN)
        return done;
    done = STORE_CONFLICT;
    for (int i = 0; i < TRIES && done == STORE_CONFLICT; i++) {
        c = (struct settling){.now_ms = w->now_ms};
        done = count_once(s, ret, w, a, &c);
    }
    if (done == STORE_CONFLICT)
        return E_BUSY;
    if (done == 0)
        done = store_change(s, &money_collection, id, NULL, write_settled, &c, NULL);
    if (done != 0 && done != STORE_UNCHANGED)
        return done;
    done = money_get(s, id, a, ret);
    return done == 0 && ret->state == MONEY_TAKEN ? MONEY_WAITS : done;
}

int money_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct id **ret,
              size_t *ret_n)
{
    struct store_page page = {0};
    int done = payment_scan_due(s, &money_collection, now_ms, max, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; done == 0 && i < page.n; i++)
        *ret_n += store_document_id(page.docs[i], &(*ret)[*ret_n]);
    return done;
}

/* --- giving back ------------------------------------------------------------------------------ */

static int write_refund(struct store_edit *edit, void *ctx)
{
    const struct money_refund *r = ctx;
    struct money m;
    int done = money_decode(edit->before, edit->arena, &m);
    if (done < 0)
        return done;
    if (r->agency && (!m.agency || strcmp(r->agency, m.agency) != 0))
        return STORE_ABSENT;
    if (m.state != MONEY_TO_REFUND || (!r->reference && m.reason != MONEY_UNSERVED))
        return MONEY_SETTLED;
    if (r->reference) {
        m.state = MONEY_REFUNDED;
    } else {
        m.state = MONEY_RETAINED;
        m.counted = m.refund;
        m.refund = 0;
    }
    m.refunded_ms = r->now_ms;
    m.refunded_by = r->by;
    m.refund_reference = r->reference;
    m.refund_note = r->note;
    m.next_ms = id_is_nil(&m.owner) ? 0 : r->now_ms;
    m.revision++;
    return entity_encode(&money_entity, &m, edit->before, edit->arena, edit->after);
}

int money_refund(struct store *s, const struct id *id, const struct money_refund *r,
                 const struct store_write *write, struct arena *a, struct money *ret)
{
    struct money_refund copy = *r;
    const struct store_change_options options = {.write = write, .if_revision = STORE_ANY_REVISION};
    int done = store_change(s, &money_collection, id, &options, write_refund, &copy, NULL);
    if (done != 0 && done != STORE_REPEATED)
        return done;
    int got = money_get(s, id, a, ret);
    return got == 0 ? done : got;
}

static int write_told(struct store_edit *edit, void *ctx)
{
    const int *state = ctx;
    struct money m;
    int done = money_decode(edit->before, edit->arena, &m);
    if (done < 0)
        return done;
    if (m.state != *state || !m.next_ms)
        return STORE_UNCHANGED;
    m.next_ms = 0;
    return entity_encode(&money_entity, &m, edit->before, edit->arena, edit->after);
}

int money_owner_told(struct store *s, const struct money *m)
{
    int state = m->state;
    int done = store_change(s, &money_collection, &m->id, NULL, write_told, &state, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}

/* --- lists ------------------------------------------------------------------------------------ */

static int scan_owned(struct store *s, const char *field, const struct id *id, struct arena *a,
                      struct store_query *q, struct store_page *ret)
{
    struct store_value value = store_id(*id);
    struct store_condition theirs = {
        .field = field, .op = STORE_EQ, .values = &value, .n_values = 1};
    q->conditions = &theirs;
    q->n_conditions = 1;
    q->order = "paid";
    return store_scan(s, &money_collection, q, a, ret);
}

int money_list(struct store *s, const struct id *dossier, struct arena *a, struct money **ret,
               size_t *ret_n)
{
    struct store_query q = {.limit = PAGE};
    struct store_page page = {0};
    int done = scan_owned(s, "dossier", dossier, a, &q, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = page.n;
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = money_decode(page.docs[i], a, &(*ret)[i]);
    return done;
}

int money_of_day(struct store *s, const char *provider, int64_t day, const struct store_query *page,
                 struct arena *a, struct store_page *ret)
{
    const struct store_value values[] = {store_text(provider), store_int(day)};
    const struct store_condition of_day[] = {
        {.field = "provider", .op = STORE_EQ, .values = &values[0], .n_values = 1},
        {.field = "day", .op = STORE_EQ, .values = &values[1], .n_values = 1}};
    struct store_query q = *page;
    q.conditions = of_day;
    q.n_conditions = ARRAY_LEN(of_day);
    q.order = "paid";
    return store_scan(s, &money_collection, &q, a, ret);
}

int money_pending(struct store *s, const struct id *owner, struct arena *a, int64_t *ret)
{
    struct store_query q = {.limit = PAGE};
    bool more = true;
    *ret = 0;
    while (more) {
        struct store_page page = {0};
        int done = scan_owned(s, "owner", owner, a, &q, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++) {
            struct money m;
            done = money_decode(page.docs[i], a, &m);
            *ret += done == 0 && (m.state == MONEY_TAKEN || m.state == MONEY_TO_REFUND);
        }
        if (done != 0)
            return done;
        more = page.more;
        q.has_after = true;
        q.after = page.next;
    }
    return 0;
}
