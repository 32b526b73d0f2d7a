/* Notices about the account itself: complete when they are inserted. */
#include "push/private.h"

static void tell(const struct push *p, const struct delivery *d)
{
    if (!p->o.sink || p->duty)
        return; /* where nodes share a store, each tells its own streams: push_tail */
    CLEANUP(buf_release) struct buf wire;
    buf_init(&wire, 32 * 1024);
    push_wire(d, &wire);
    if (!wire.failed)
        p->o.sink(p->o.sink_ctx, &d->recipient, wire.data, wire.len);
}

int push_account(struct push *p, const struct push_account_notice *n, int64_t now_ms)
{
    struct arena a;
    struct delivery d = {
        .id = delivery_id(&n->id, &n->recipient, CHANNEL_INBOX),
        .recipient = n->recipient,
        .channel = CHANNEL_INBOX,
        .state = DELIVERY_DONE,
        .at_ms = now_ms,
        .subject = n->subject ? n->subject : "account",
        .about = n->about,
        .number = n->number,
        .what = n->what,
        .agency = n->agency,
        .text_vi = n->text_vi,
        .text_en = n->text_en,
        .expires_ms = now_ms + p->inbox_keep_ms,
    };
    struct delivery *const one[] = {&d};
    int outcome = 0;
    arena_init(&a);
    int done = deliveries_insert(p->o.store, one, 1, &a, &outcome);
    arena_release(&a);
    if (done == 0 && outcome == 0)
        tell(p, &d);
    return done < 0 ? done : outcome < 0 ? outcome : 0;
}
