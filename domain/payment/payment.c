/* Orders to pay: made once for a dossier and an attempt, and what is found out of them. */

#include <string.h>

#include "base/result.h"
#include "domain/entity/owned.h"
#include "domain/payment/private.h"

#define TRIES 8
#define SPARE_MS INT64_C(60000) /* an order that is about to expire is not handed out again */
#define ASKS_DOUBLED 6          /* times that the pause doubles: from two minutes to two hours */

int payment_decode(const bson_t *doc, struct arena *a, struct payment *ret)
{
    *ret = (struct payment){0};
    int done = entity_decode(&payment_entity, doc, a, ret);
    return done == 0 && !store_document_id(doc, &ret->id) ? E_CORRUPT : done;
}

int payment_get(struct store *s, const struct id *id, struct arena *a, struct payment *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &payment_collection, id, &doc);
    return done == 0 ? payment_decode(doc, a, ret) : done;
}

static int of_dossier(struct store *s, const struct id *dossier, struct arena *a,
                      struct store_page *ret)
{
    struct store_value value = store_id(*dossier);
    struct store_condition theirs = {
        .field = "dossier", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {.conditions = &theirs,
                            .n_conditions = 1,
                            .order = "attempt",
                            .descending = true,
                            .limit = PAYMENT_ATTEMPTS_MAX};
    return store_scan(s, &payment_collection, &q, a, ret);
}

int payment_list(struct store *s, const struct id *dossier, struct arena *a, struct payment **ret,
                 size_t *ret_n)
{
    struct store_page page = {0};
    int done = of_dossier(s, dossier, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = page.n;
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = payment_decode(page.docs[page.n - 1 - i], a, &(*ret)[i]);
    return done;
}

bool payment_possible(const struct dossier *d)
{
    const struct case_kind *k = &dossier_kind;
    for (size_t i = 0; i < k->n_rows && dossier_owed(d) > 0; i++) {
        if (strcmp(k->rows[i].verb, "pay") == 0 && (k->rows[i].who & PARTY_SYSTEM) &&
            (k->rows[i].from & (1U << d->head.state)))
            return true;
    }
    return false;
}

/* --- beginning -------------------------------------------------------------------------------- */

static struct id id_of(const struct id *dossier, int64_t attempt)
{
    uint8_t number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (uint8_t)((uint64_t)attempt >> (56 - 8 * i));
    const struct id_part parts[] = {{dossier->bytes, 16}, {number, 8}};
    return id_v8("payment.order", parts, ARRAY_LEN(parts));
}

static bool still_open(const struct payment *p, int64_t amount, int64_t now_ms)
{
    return (p->state == PAYMENT_CREATED || p->state == PAYMENT_OPEN) && p->amount == amount &&
           p->expires_ms > now_ms + SPARE_MS;
}

static int create(struct store *s, const struct payment_asking *asking, int64_t attempt,
                  int64_t amount, const struct store_write *write, struct arena *a,
                  struct payment *ret)
{
    const struct dossier *d = asking->dossier;
    *ret = (struct payment){.id = id_of(&d->head.id, attempt),
                            .dossier = d->head.id,
                            .owner = d->head.owner,
                            .actor = asking->actor,
                            .number = d->head.number,
                            .agency = d->head.desk ? d->head.desk : d->head.agency,
                            .provider = asking->provider,
                            .attempt = attempt,
                            .amount = amount,
                            .state = PAYMENT_CREATED,
                            .created_ms = asking->now_ms,
                            .expires_ms = asking->now_ms + asking->life_ms,
                            .next_ms = asking->now_ms + asking->ask_after_ms,
                            .revision = 1};
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&payment_entity, ret, NULL, a, body);
    return done == 0 ? store_create(s, &payment_collection, &ret->id, write, body, NULL) : done;
}

struct handing {
    const struct payment_asking *asking;
    int64_t owed;
};

static int hand_out(struct store_edit *edit, void *ctx)
{
    const struct handing *h = ctx;
    struct payment p;
    int done = payment_decode(edit->before, edit->arena, &p);
    if (done == 0 && !still_open(&p, h->owed, h->asking->now_ms))
        return STORE_UNCHANGED;
    return done == 0 ? entity_encode(&payment_entity, &p, edit->before, edit->arena, edit->after)
                     : done;
}

/*
 * The open order under another key, which the order remembers from now on: sent again when it is
 * paid, that key is answered with it and not that nothing is owed. STORE_EXISTS: it is open no
 * more.
 */
static int share(struct store *s, const struct payment_asking *asking, int64_t owed,
                 const struct store_write *write, struct arena *a, struct payment *ret)
{
    struct handing h = {asking, owed};
    const struct store_change_options options = {.write = write, .if_revision = STORE_ANY_REVISION};
    struct store_changed changed = {0};
    int done = store_change(s, &payment_collection, &ret->id, &options, hand_out, &h, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    if (done == 0 || done == STORE_REPEATED)
        return payment_decode(doc, a, ret);
    return done < 0 ? done : STORE_EXISTS;
}

/* One look: 0 and *ret; STORE_EXISTS: somebody else made the next attempt meanwhile. */
static int begin_once(struct store *s, const struct payment_asking *asking,
                      const struct store_write *write, struct arena *a, struct payment *ret)
{
    struct store_page page = {0};
    int64_t owed = dossier_owed(asking->dossier), attempt = 1;
    bool possible = payment_possible(asking->dossier);
    int done = of_dossier(s, &asking->dossier->head.id, a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        if (store_wrote(page.docs[i], write))
            return payment_decode(page.docs[i], a, ret);
    }
    if (done == 0 && page.n > 0) {
        done = payment_decode(page.docs[0], a, ret);
        if (done == 0 && possible && still_open(ret, owed, asking->now_ms))
            return share(s, asking, owed, write, a, ret);
        attempt = ret->attempt + 1;
    }
    if (done != 0)
        return done;
    if (!possible)
        return PAYMENT_NOTHING_OWED;
    if (attempt > PAYMENT_ATTEMPTS_MAX)
        return PAYMENT_FULL;
    done = create(s, asking, attempt, owed, write, a, ret);
    return done == STORE_REPEATED || done == STORE_REUSED ? STORE_EXISTS : done;
}

int payment_begin(struct store *s, const struct payment_asking *asking, struct arena *a,
                  struct payment *ret)
{
    const struct id *dossier = &asking->dossier->head.id;
    const struct store_write write =
        store_write_keyed("payment.begin", &asking->actor, asking->key, dossier->bytes, 16);
    int done = STORE_EXISTS;
    for (int i = 0; i < TRIES && done == STORE_EXISTS; i++)
        done = begin_once(s, asking, &write, a, ret);
    return done == STORE_EXISTS ? E_BUSY : done;
}

/* --- what is found out ------------------------------------------------------------------------ */

static int note(struct store_edit *edit, void *ctx)
{
    const struct payment_news *news = ctx;
    struct payment p;
    int done = payment_decode(edit->before, edit->arena, &p);
    if (done < 0)
        return done;
    if (news->state > p.state)
        p.state = news->state;
    if (news->reference)
        p.reference = news->reference;
    if (news->url)
        p.url = news->url;
    if (news->asked_ms > p.asked_ms)
        p.asked_ms = news->asked_ms;
    if (p.state >= PAYMENT_EXPIRED)
        p.next_ms = 0;
    p.revision++;
    return entity_encode(&payment_entity, &p, edit->before, edit->arena, edit->after);
}

int payment_note(struct store *s, const struct id *id, const struct payment_news *news,
                 struct arena *a, struct payment *ret)
{
    struct payment_news copy = *news;
    struct store_changed changed = {0};
    int done = store_change(s, &payment_collection, id, NULL, note, &copy, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    return done == 0 ? payment_decode(doc, a, ret) : done;
}

int payment_scan_due(struct store *s, const struct store_collection *c, int64_t now_ms, size_t max,
                     struct arena *a, struct store_page *ret)
{
    const struct store_range past = {
        .has_low = true, .low = store_int(1), .has_high = true, .high = store_int(now_ms + 1)};
    const struct store_condition due = {
        .field = "next", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    const struct store_query q = {
        .conditions = &due, .n_conditions = 1, .order = "next", .limit = max};
    return store_scan(s, c, &q, a, ret);
}

int payment_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct payment **ret,
                size_t *ret_n)
{
    struct store_page page = {0};
    int done = payment_scan_due(s, &payment_collection, now_ms, max, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = page.n;
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = payment_decode(page.docs[i], a, &(*ret)[i]);
    return done;
}

struct claiming {
    int64_t seen_ms, next_ms;
};

static int claim(struct store_edit *edit, void *ctx)
{
    const struct claiming *c = ctx;
    struct payment p;
    int done = payment_decode(edit->before, edit->arena, &p);
    if (done < 0)
        return done;
    if (p.next_ms != c->seen_ms)
        return STORE_UNCHANGED;
    p.next_ms = c->next_ms;
    p.asks++;
    return entity_encode(&payment_entity, &p, edit->before, edit->arena, edit->after);
}

int payment_claim(struct store *s, const struct payment *p, int64_t after_ms, int64_t now_ms)
{
    int doubled = p->asks < ASKS_DOUBLED ? (int)p->asks : ASKS_DOUBLED;
    struct claiming c = {p->next_ms, now_ms + (after_ms << doubled)};
    return store_change(s, &payment_collection, &p->id, NULL, claim, &c, NULL);
}

/* --- two persons that are one ----------------------------------------------------------------- */

int payment_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                  bool *ret_more)
{
    static const struct owned payments = {&payment_collection, &payment_entity, "owner", "created"};
    static const struct owned moneys = {&money_collection, &money_entity, "owner", "paid"};
    bool more = false;
    int done = owned_reown(s, &payments, from, into, a, ret_more);
    if (done == 0)
        done = owned_reown(s, &moneys, from, into, a, &more);
    *ret_more |= more;
    return done;
}
