/* Reading notices: pages, streams, and what an operator does with dead letters. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "push/private.h"

#define PAGE_CONDITIONS 11 /* of the caller's; ours is one more */

/* A page along a path whose equality condition comes first. */
static int scan(struct store *s, const struct store_condition *first, const char *order,
                const struct store_query *page, struct arena *a, struct store_page *ret)
{
    struct store_condition conditions[PAGE_CONDITIONS + 1];
    size_t n = 0;
    if (page->n_conditions > PAGE_CONDITIONS)
        return E_INVALID;
    if (first)
        conditions[n++] = *first;
    for (size_t i = 0; i < page->n_conditions; i++)
        conditions[n++] = page->conditions[i];
    struct store_query q = *page;
    q.conditions = conditions;
    q.n_conditions = n;
    q.order = order;
    return store_scan(s, &delivery_collection, &q, a, ret);
}

int push_inbox(struct store *s, const struct id *recipient, const struct store_query *page,
               struct arena *a, struct store_page *ret)
{
    struct store_value whose = store_id(*recipient);
    struct store_condition mine = {
        .field = "recipient", .op = STORE_EQ, .values = &whose, .n_values = 1};
    return scan(s, &mine, "at", page, a, ret);
}

int push_dead(struct store *s, const struct store_query *page, struct arena *a,
              struct store_page *ret)
{
    return scan(s, NULL, "dead", page, a, ret);
}

/* --- streams ---------------------------------------------------------------------------------- */

void push_wire(const struct delivery *d, struct buf *out)
{
    char id[ID_TEXT];
    buf_printf(out, "id: %lld-%s\nevent: notice\ndata: ", (long long)d->at_ms,
               id_format(&d->id, id));
    delivery_json(d, SEE_OWNER, out);
    buf_add_str(out, "\n\n");
}

/* "<at_ms>-<uuid>", as push_wire wrote it. */
static bool parse_event_id(const char *text, int64_t *ret_at_ms, struct id *ret)
{
    int64_t at_ms = 0;
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 15 || text[n] != '-' || !id_parse(text + n + 1, ret))
        return false;
    for (size_t i = 0; i < n; i++)
        at_ms = at_ms * 10 + (text[i] - '0');
    *ret_at_ms = at_ms;
    return true;
}

static int add_page(const struct store_page *page, const struct id *seen, struct arena *a,
                    struct buf *out)
{
    for (size_t i = 0; i < page->n; i++) {
        struct delivery d;
        int done = delivery_decode(page->docs[i], a, &d);
        if (done < 0)
            return done;
        if (!id_equal(&d.id, seen))
            push_wire(&d, out);
    }
    return out->failed ? E_FULL : 0;
}

int push_backlog(struct store *s, const struct id *recipient, const char *last_event_id,
                 struct buf *out)
{
    int64_t at_ms;
    struct id seen;
    if (!last_event_id || !parse_event_id(last_event_id, &at_ms, &seen))
        return 0;
    /* What was stamped before it may have been stored after it was sent. */
    struct store_range since = {.has_low = true, .low = store_int(at_ms - PUSH_BACK_MS)};
    struct store_condition condition = {
        .field = "at", .op = STORE_BETWEEN, .ranges = &since, .n_ranges = 1};
    struct store_query q = {.conditions = &condition, .n_conditions = 1, .limit = STORE_LIMIT_MAX};
    struct store_page page = {.more = true};
    int done = 0;
    while (done == 0 && page.more) {
        struct arena a;
        arena_init(&a);
        done = push_inbox(s, recipient, &q, &a, &page);
        if (done == 0)
            done = add_page(&page, &seen, &a, out);
        q.has_after = true;
        q.after = page.next;
        arena_release(&a);
    }
    return done;
}

/* --- one notice ------------------------------------------------------------------------------- */

struct reading {
    const struct id *recipient;
    int64_t now_ms;
};

static int mark_read(struct store_edit *edit, void *ctx)
{
    const struct reading *r = ctx;
    struct delivery d;
    int done = delivery_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.channel != CHANNEL_INBOX || !id_equal(&d.recipient, r->recipient))
        return STORE_ABSENT; /* somebody else's: as if there were none */
    if (d.read_ms)
        return STORE_UNCHANGED;
    d.read_ms = r->now_ms;
    return entity_encode(&delivery_entity, &d, edit->before, edit->arena, edit->after);
}

int push_mark_read(struct store *s, const struct id *recipient, const struct id *delivery,
                   int64_t now_ms)
{
    struct reading r = {recipient, now_ms};
    int done = store_change(s, &delivery_collection, delivery, NULL, mark_read, &r, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}

/* --- dead letters ----------------------------------------------------------------------------- */

static int replay(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct delivery d;
    int done = delivery_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.state != DELIVERY_DEAD)
        return STORE_ABSENT;
    d.state = DELIVERY_PENDING;
    d.tries = 0;
    d.next_ms = *now_ms;
    d.expires_ms = 0;
    return entity_encode(&delivery_entity, &d, edit->before, edit->arena, edit->after);
}

/* 0 and *ret, in the arena, of one that is dead; STORE_ABSENT. */
static int read_dead(struct store *s, const struct id *delivery, struct arena *a,
                     struct delivery *ret, int64_t *ret_version)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &delivery_collection, delivery, &doc);
    if (done == 0)
        done = delivery_decode(doc, a, ret);
    if (done == 0)
        *ret_version = store_version(doc);
    return done == 0 && ret->state != DELIVERY_DEAD ? STORE_ABSENT : done;
}

/* Its letter goes, and it is looked at again: here at once, elsewhere within ASIDE_HOLD_MS. */
static int replay_document(struct push *p, const struct delivery *d, int64_t version)
{
    int done = store_remove(p->o.store, &delivery_collection, &d->id, version);
    if (done != 0)
        return done;
    pump_release(p->letters, &d->about);
    for (size_t i = 0; i < p->n_kinds; i++)
        pump_release(p->cases[i], &d->about);
    return 0;
}

static int replay_letter(struct push *p, const struct id *delivery)
{
    int64_t now_ms = clock_now_ms();
    int done =
        store_change(p->o.store, &delivery_collection, delivery, NULL, replay, &now_ms, NULL);
    if (done == 0)
        pump_wake(p->letters);
    return done;
}

int push_replay(struct push *p, const struct id *delivery)
{
    struct delivery d;
    struct arena a;
    int64_t version = 0;
    arena_init(&a);
    int done = read_dead(p->o.store, delivery, &a, &d, &version);
    if (done == 0)
        done = d.channel == CHANNEL_DOCUMENT ? replay_document(p, &d, version)
                                             : replay_letter(p, delivery);
    arena_release(&a);
    return done;
}

int push_drop(struct push *p, const struct id *delivery)
{
    struct delivery d;
    struct arena a;
    int64_t version = 0;
    arena_init(&a);
    int done = read_dead(p->o.store, delivery, &a, &d, &version);
    if (done == 0)
        done = d.channel == CHANNEL_DOCUMENT
                   ? STORE_ABSENT
                   : store_remove(p->o.store, &delivery_collection, delivery, version);
    arena_release(&a);
    return done;
}
