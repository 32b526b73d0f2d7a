/* A day's money: the provider's list against ours. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/payment/payments.h"

#define PAGES_MAX 1000      /* of the provider's list */
#define OF_A_DAY_MAX 200000 /* transactions: more is not one province's day */

struct theirs {
    struct id id;
    struct money_told told; /* its texts are in the arena */
    bool unreadable;        /* but for its number */
    bool seen;              /* ours too */
};

struct held {
    struct app *app;
    struct arena *arena;
    bool take;
    struct theirs *items;
    size_t n, cap;
    struct money_difference *differences;
    struct money_day *day;
    bool whole; /* both lists were read */
};

static int by_id(const void *a, const void *b)
{
    return id_compare(&((const struct theirs *)a)->id, &((const struct theirs *)b)->id);
}

/* What can be read stands before what cannot. */
static int by_id_and_use(const void *a, const void *b)
{
    int order = by_id(a, b);
    return order ? order
                 : ((const struct theirs *)a)->unreadable - ((const struct theirs *)b)->unreadable;
}

static void differ(struct held *h, const struct money_difference *one)
{
    struct money_day *d = h->day;
    int64_t *counts[] = {[MONEY_MISSING_HERE] = &d->missing_here,
                         [MONEY_MISSING_THERE] = &d->missing_there,
                         [MONEY_DIFFERS] = &d->differing,
                         [MONEY_UNREADABLE] = &d->unreadable};
    ++*counts[one->kind];
    if (d->differences.n >= MONEY_DIFFERENCES_MAX)
        return;
    struct money_difference *kept = &h->differences[d->differences.n++];
    *kept = *one;
    kept->transaction = one->transaction ? arena_strdup(h->arena, one->transaction) : NULL;
    kept->number = one->number ? arena_strdup(h->arena, one->number) : NULL;
}

static int keep(struct held *h, const struct money_told *told, bool unreadable)
{
    if (h->n >= OF_A_DAY_MAX)
        return E_FULL;
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 256;
        struct theirs *items = realloc(h->items, cap * sizeof(*items));
        if (!items)
            return E_NOMEM;
        h->items = items;
        h->cap = cap;
    }
    h->items[h->n++] = (struct theirs){
        .id = money_id(told->provider, told->transaction), .told = *told, .unreadable = unreadable};
    return 0;
}

/* A row without so much as a number is told of at once. */
static int keep_unreadable(struct held *h, const char *transaction)
{
    const struct money_told told = {.provider = h->day->provider, .transaction = transaction};
    if (transaction)
        return keep(h, &told, true);
    differ(h, &(struct money_difference){.kind = MONEY_UNREADABLE});
    return 0;
}

static int read_theirs(struct held *h, payments_tell_fn tell, void *ctx)
{
    const struct pay *pay = h->app->pay;
    const char *after = NULL;
    for (int i = 0; i < PAGES_MAX; i++) {
        struct pay_list page = {0};
        if (!tell(ctx, "provider", (int64_t)h->n, 0))
            return E_UNAVAILABLE;
        int done = pay->adapter->list(pay, h->day->date, after, h->arena, &page);
        for (size_t k = 0; k < page.n && done == 0; k++)
            done = keep(h, &page.items[k], false);
        for (size_t k = 0; k < page.n_unreadable && done == 0; k++)
            done = keep_unreadable(h, page.unreadable[k]);
        after = page.next;
        if (done != 0 || !after)
            return done;
    }
    return PAY_STRANGE; /* a list without end */
}

/* What stands twice in the list is one transaction. */
static void sort_theirs(struct held *h)
{
    size_t kept = 0;
    if (h->n > 0)
        qsort(h->items, h->n, sizeof(*h->items), by_id_and_use);
    for (size_t i = 0; i < h->n; i++) {
        if (kept == 0 || by_id(&h->items[kept - 1], &h->items[i]) != 0)
            h->items[kept++] = h->items[i];
    }
    h->n = kept;
    h->day->theirs = (int64_t)kept;
    for (size_t i = 0; i < kept; i++)
        h->day->theirs_sum += h->items[i].told.amount;
}

/* What was taken from the list stays known as missing, however often the day is looked at. */
static int kind_of(const struct money *m, const struct theirs *found)
{
    if (!found)
        return MONEY_MISSING_THERE;
    if (found->unreadable)
        return MONEY_UNREADABLE;
    if (found->told.amount != m->amount)
        return MONEY_DIFFERS;
    return m->source == MONEY_BY_LIST ? MONEY_MISSING_HERE : 0;
}

static void hold_one(struct held *h, const struct money *m)
{
    struct theirs key = {.id = m->id}, *found = NULL;
    if (h->n > 0)
        found = bsearch(&key, h->items, h->n, sizeof(*h->items), by_id);
    int kind = kind_of(m, found);
    h->day->ours++;
    h->day->ours_sum += m->amount;
    if (found)
        found->seen = true;
    if (kind)
        differ(h, &(struct money_difference){.kind = kind,
                                             .transaction = m->transaction,
                                             .number = m->number,
                                             .ours = m->amount,
                                             .theirs = found ? found->told.amount : 0,
                                             .taken = kind == MONEY_MISSING_HERE});
}

static int read_page(struct held *h, struct store_query *q, bool *ret_more)
{
    struct arena a;
    struct store_page page = {0};
    arena_init(&a);
    int done = money_of_day(h->app->store, h->day->provider, h->day->day, q, &a, &page);
    for (size_t i = 0; i < page.n && done == 0; i++) {
        struct money m;
        done = money_decode(page.docs[i], &a, &m);
        if (done == 0)
            hold_one(h, &m);
    }
    *ret_more = page.more;
    q->has_after = true;
    q->after = page.next;
    arena_release(&a);
    return done;
}

static int read_ours(struct held *h, payments_tell_fn tell, void *ctx)
{
    struct store_query q = {.limit = STORE_LIMIT_MAX};
    int done = 0;
    for (bool more = true; more && done == 0;)
        done = tell(ctx, "here", h->day->ours, h->day->theirs) ? read_page(h, &q, &more)
                                                               : E_UNAVAILABLE;
    return done;
}

/* Not among ours of the day: it may have come while the lists were read, or be kept here under
 * another day. */
static int missing_here(struct held *h, const struct theirs *t, int64_t now_ms)
{
    struct money m = {0};
    struct payment p = {0};
    int done = money_get(h->app->store, &t->id, h->arena, &m);
    if (done < 0 || (done == 0 && !t->unreadable && m.amount == t->told.amount))
        return done;
    bool missing = done == STORE_ABSENT && !t->unreadable;
    done = missing && !id_is_nil(&t->told.order)
               ? payment_get(h->app->store, &t->told.order, h->arena, &p)
               : 0;
    if (done < 0)
        return done;
    differ(h, &(struct money_difference){.kind = missing         ? MONEY_MISSING_HERE
                                                 : t->unreadable ? MONEY_UNREADABLE
                                                                 : MONEY_DIFFERS,
                                         .transaction = t->told.transaction,
                                         .number = missing ? p.number : m.number,
                                         .ours = m.amount,
                                         .theirs = t->told.amount,
                                         .taken = missing && h->take});
    if (!missing || !h->take)
        return 0;
    struct pay_told told = {.order = t->told.order, .transactions = {t->told}, .n = 1};
    return payments_take(h->app, &told, now_ms, h->arena);
}

static int hold(struct held *h, payments_tell_fn tell, void *ctx)
{
    int done = read_theirs(h, tell, ctx);
    if (done != 0)
        return done;
    sort_theirs(h);
    done = read_ours(h, tell, ctx);
    h->whole = done == 0;
    for (size_t i = 0; i < h->n && done == 0; i++) {
        if (!h->items[i].seen)
            done = missing_here(h, &h->items[i], clock_now_ms());
    }
    return done;
}

int payments_reconcile(struct app *app, int64_t day, bool take, payments_tell_fn tell, void *ctx,
                       struct arena *a, struct money_day *ret)
{
    struct clock_date date = clock_date_of_day(day);
    const char *provider = app->pay->adapter->name;
    struct held h = {.app = app, .arena = a, .take = take, .day = ret};
    h.differences = arena_array(a, MONEY_DIFFERENCES_MAX, sizeof(*h.differences));
    *ret = (struct money_day){
        .id = money_day_id(provider, day),
        .provider = provider,
        .date = arena_printf(a, "%04d-%02d-%02d", date.year, date.month, date.day),
        .day = day,
        .made_ms = clock_now_ms()};
    ret->differences.items = h.differences;
    int done = hold(&h, tell, ctx);
    free(h.items);
    if (done != 0 && !h.whole)
        return done;
    ret->unfinished =
        done != 0; /* what was taken by then is told of, also where nobody tries again */
    int put = money_day_put(app->store, ret);
    return done == 0 ? put : done;
}
