/* What was paid for a dossier that ended without a decision is to be given back. */
#include "base/clock.h"
#include "base/result.h"
#include "domain/payment/payment.h"

/* What was too much is given back with the rest, or was before. */
static int write_released(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct money m;
    int done = money_decode(edit->before, edit->arena, &m);
    if (done < 0)
        return done;
    bool counted = m.state == MONEY_COUNTED ||
                   ((m.state == MONEY_TO_REFUND || m.state == MONEY_REFUNDED) && m.counted > 0);
    if (!counted)
        return STORE_UNCHANGED;
    if (m.state == MONEY_REFUNDED) {
        m.returned = m.refund;
        m.returned_reference = m.refund_reference;
        m.refund_reference = m.refund_note = NULL;
        m.refunded_by = (struct id){0};
        m.refunded_ms = 0;
    }
    m.refund = m.amount - m.returned;
    m.counted = 0;
    m.state = MONEY_TO_REFUND;
    m.reason = MONEY_UNSERVED;
    m.settled_ms = *now_ms;
    m.next_ms = *now_ms; /* its owner is to be told */
    m.revision++;
    return entity_encode(&money_entity, &m, edit->before, edit->arena, edit->after);
}

/* Cash has no transaction until it is to be given back. */
static int release_cash(struct store *s, const struct dossier *d, const struct dossier_payment *p,
                        int64_t now_ms, struct arena *a)
{
    char text[ID_TEXT];
    const char *number = id_format(&p->id, text);
    const struct id id = money_id(MONEY_COUNTER, number);
    struct money m = {.id = id,
                      .provider = MONEY_COUNTER,
                      .transaction = number,
                      .dossier = d->head.id,
                      .owner = d->head.owner,
                      .number = d->head.number,
                      .agency = d->head.desk ? d->head.desk : d->head.agency,
                      .amount = p->amount,
                      .refund = p->amount,
                      .state = MONEY_TO_REFUND,
                      .reason = MONEY_UNSERVED,
                      .source = MONEY_AT_COUNTER,
                      .paid_ms = p->at_ms,
                      .taken_ms = p->at_ms,
                      .settled_ms = now_ms,
                      .day = clock_day_number(p->at_ms),
                      .next_ms = now_ms,
                      .revision = 1};
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    const struct store_write write = store_write_fresh();
    int done = entity_encode(&money_entity, &m, NULL, a, body);
    if (done == 0)
        done = store_create(s, &money_collection, &id, &write, body, NULL);
    return done == STORE_EXISTS || done == STORE_REPEATED ? 0 : done;
}

int money_release(struct store *s, const struct dossier *d, int64_t now_ms, struct arena *a)
{
    const struct dossier_payment *payments = d->payments.items;
    int done = 0;
    for (size_t i = 0; dossier_unserved(d) && i < d->payments.n && done == 0; i++) {
        if (payments[i].way == DOSSIER_PAYMENT_SERVICE)
            done = store_change(s, &money_collection, &payments[i].id, NULL, write_released,
                                &now_ms, NULL);
        else
            done = release_cash(s, d, &payments[i], now_ms, a);
        if (done == STORE_UNCHANGED || done == STORE_ABSENT)
            done = 0; /* taken and not settled yet: settling finds the same */
    }
    return done;
}
