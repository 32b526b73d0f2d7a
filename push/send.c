/*
 * Deliveries to the world: one try at a time, then the schedule. A restart goes on where it was,
 * since the document says when the next try is; a try whose end was not stored is made again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/log.h"
#include "base/result.h"
#include "push/private.h"
#include "push/webhook.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define AWAY_MS (30 * SECOND)    /* a receiver that is away is left alone this long at least */
#define AWAY_MOST_MS (24 * HOUR) /* and at most, whatever Retry-After says */
#define AWAY_MAX 16              /* receivers remembered by one thread */
#define BEHIND_MS (5 * SECOND)   /* how soon to look again behind an earlier call */

/* Waits before each try: the first at once; after the last the letter is dead. */
static const int64_t webhook_waits[] = {0,        5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR,
                                        5 * HOUR, 10 * HOUR,  14 * HOUR,  20 * HOUR,   24 * HOUR};
static const int64_t sms_waits[] = {0, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR};

static const struct channel {
    const int64_t *waits;
    size_t n_waits;
    void (*attempt)(struct push *p, const struct delivery *d, int64_t now_ms, struct arena *a,
                    struct try_outcome *ret);
} channels[] = {
    [CHANNEL_SMS] = {sms_waits, ARRAY_LEN(sms_waits), sms_try},
    [CHANNEL_WEBHOOK] = {webhook_waits, ARRAY_LEN(webhook_waits), webhook_try},
};

/* A receiver that a thread leaves alone for a while, so that it does not hold up the others. */
struct away {
    char agency[CASE_CODE_MAX + 1];
    int64_t until_ms;
};

struct lane {
    struct away away[AWAY_MAX];
    size_t next; /* the one that is overwritten next */
};

struct sending {
    struct push *push;
    size_t n;
    struct lane lanes[]; /* of each thread */
};

int sending_new(struct push *p, size_t workers, struct sending **ret)
{
    struct sending *s = calloc(1, sizeof(*s) + workers * sizeof(s->lanes[0]));
    if (!s)
        return E_NOMEM;
    s->push = p;
    s->n = workers;
    *ret = s;
    return 0;
}

void sending_free(struct sending *s)
{
    free(s);
}

/* Calls to one agency stay on one thread, in order; messages go anywhere. */
size_t sending_shard(const struct id *id, const bson_t *doc)
{
    bson_iter_t it;
    struct id key = *id;
    if (bson_iter_init_find(&it, doc, "channel") && BSON_ITER_HOLDS_UTF8(&it) &&
        strcmp(bson_iter_utf8(&it, NULL), delivery_channels[CHANNEL_WEBHOOK].name) == 0 &&
        bson_iter_init_find(&it, doc, "agency") && BSON_ITER_HOLDS_UTF8(&it))
        key = agency_id(bson_iter_utf8(&it, NULL));
    return (size_t)key.bytes[14] << 8 | key.bytes[15];
}

/* --- receivers that are away ------------------------------------------------------------------ */

static int64_t away_until(const struct lane *lane, const struct delivery *d)
{
    for (size_t i = 0; d->channel == CHANNEL_WEBHOOK && d->agency && i < AWAY_MAX; i++) {
        if (strcmp(lane->away[i].agency, d->agency) == 0)
            return lane->away[i].until_ms;
    }
    return 0;
}

static void leave_alone(struct lane *lane, const struct delivery *d, int64_t until_ms)
{
    size_t n = d->channel == CHANNEL_WEBHOOK && d->agency ? strlen(d->agency) : 0;
    if (n == 0 || n > CASE_CODE_MAX)
        return;
    struct away *at = NULL;
    for (size_t i = 0; i < AWAY_MAX && !at; i++) {
        if (strcmp(lane->away[i].agency, d->agency) == 0)
            at = &lane->away[i];
    }
    if (!at)
        at = &lane->away[lane->next++ % AWAY_MAX];
    memcpy(at->agency, d->agency, n + 1);
    at->until_ms = until_ms;
}

/* --- order ------------------------------------------------------------------------------------ */

/* 1 if a call to the same agency about the same case was made earlier and still waits. */
static int is_behind(struct store *s, const struct delivery *d, struct arena *a)
{
    if (d->channel != CHANNEL_WEBHOOK || !d->agency)
        return 0;
    struct store_value about = store_id(d->about);
    struct store_range earlier = {.has_high = true, .high = store_int(d->at_ms)};
    const struct store_condition conditions[] = {
        {.field = "lane", .op = STORE_EQ, .values = &about, .n_values = 1},
        {.field = "at", .op = STORE_BETWEEN, .ranges = &earlier, .n_ranges = 1},
    };
    struct store_query q = {
        .conditions = conditions, .n_conditions = 2, .order = "at", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    int done = store_scan(s, &delivery_collection, &q, a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct delivery other;
        done = delivery_decode(page.docs[i], a, &other);
        if (done == 0 && other.agency && strcmp(other.agency, d->agency) == 0)
            return 1;
    }
    return done;
}

/* --- one try and what it came to -------------------------------------------------------------- */

struct settling {
    const struct push *push;
    const struct channel *channel;
    const struct try_outcome *outcome;
    int64_t now_ms;
    uint8_t chance; /* of 256: how much of the jitter */
    int state;      /* what it became */
};

static void bury(struct delivery *d, const struct settling *s)
{
    d->state = DELIVERY_DEAD;
    d->next_ms = s->now_ms;
    d->expires_ms = s->now_ms + s->push->dead_keep_ms;
}

/* The next try, up to a tenth later than the schedule says so that receivers are not stormed. */
static void postpone(struct delivery *d, const struct settling *s)
{
    int64_t wait = s->channel->waits[d->tries];
    wait += wait / 10 * s->chance / 256;
    int64_t asked_ms = s->outcome->retry_after_s * SECOND;
    d->next_ms = s->now_ms + (asked_ms > wait ? asked_ms : wait);
}

static int settle(struct store_edit *edit, void *ctx)
{
    struct settling *s = ctx;
    struct delivery d;
    int done = delivery_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.state != DELIVERY_PENDING)
        return STORE_UNCHANGED;
    d.tries++;
    d.error = s->outcome->error;
    if (s->outcome->result == TRY_SENT) {
        d.state = DELIVERY_DONE;
        d.next_ms = 0;
        d.payload = (struct entity_bytes){0}; /* what was sent is not kept */
        d.expires_ms = s->now_ms + s->push->sent_keep_ms;
    } else if (s->outcome->result == TRY_AGAIN && (size_t)d.tries < s->channel->n_waits) {
        postpone(&d, s);
    } else {
        bury(&d, s);
    }
    s->state = d.state;
    return entity_encode(&delivery_entity, &d, edit->before, edit->arena, edit->after);
}

static int settle_try(struct push *p, const struct delivery *d, const struct try_outcome *outcome,
                      int64_t now_ms)
{
    struct settling s = {p, &channels[d->channel], outcome, now_ms, 0, 0};
    bytes_random(&s.chance, sizeof(s.chance));
    int done = store_change(p->o.store, &delivery_collection, &d->id, NULL, settle, &s, NULL);
    if (done == STORE_ABSENT || done == STORE_UNCHANGED)
        return 0; /* the operator dropped it meanwhile */
    if (done != 0)
        return done;
    enum delivered counted = s.state == DELIVERY_DONE      ? DELIVERED_SENT
                             : s.state == DELIVERY_PENDING ? DELIVERED_RETRY
                                                           : DELIVERED_DEAD;
    count_delivery(d->channel, counted, 1);
    bool first_failure = s.state == DELIVERY_PENDING && d->tries == 0;
    if (s.state == DELIVERY_DEAD || first_failure) {
        char id[ID_TEXT];
        log_event(first_failure ? LOG_INFO : LOG_WARN,
                  first_failure ? "a delivery will be tried again" : "a delivery died", "delivery",
                  id_format(&d->id, id), "channel", delivery_channels[d->channel].name, "error",
                  outcome->error, NULL);
    }
    return 0;
}

static void note_away(struct lane *lane, const struct delivery *d,
                      const struct try_outcome *outcome, int64_t now_ms)
{
    int64_t wait = outcome->retry_after_s * SECOND;
    if (wait < AWAY_MS)
        wait = AWAY_MS;
    if (wait > AWAY_MOST_MS)
        wait = AWAY_MOST_MS;
    leave_alone(lane, d, now_ms + wait);
}

/* Sets until when to leave it alone; 0: the document says. */
static void send_one(struct push *p, struct lane *lane, struct pump_job *job,
                     struct patience *patience, struct arena *a)
{
    int64_t now_ms = clock_now_ms();
    struct delivery d;
    job->hold_ms = now_ms + PUSH_HOLD_MS;
    if (patience->failed)
        return;
    int done = delivery_decode(job->doc, a, &d);
    if (done == 0 && (d.channel < CHANNEL_SMS || d.channel > CHANNEL_WEBHOOK))
        done = E_CORRUPT;
    if (is_unreadable(done) && aside_put(p, &delivery_collection, job, done) == 0)
        return;
    if (done == 0 && away_until(lane, &d) > now_ms) {
        job->hold_ms = away_until(lane, &d);
        return;
    }
    int behind = done == 0 ? is_behind(p->o.store, &d, a) : done;
    if (behind == 1) {
        job->hold_ms = now_ms + BEHIND_MS;
        return;
    }
    done = behind;
    if (done == 0) {
        struct try_outcome outcome = {
            .result = TRY_DEAD, .retry_after_s = -1, .error = "too late to be sent"};
        if (!d.until_ms || now_ms <= d.until_ms)
            channels[d.channel].attempt(p, &d, now_ms, a, &outcome);
        if (outcome.away)
            note_away(lane, &d, &outcome, now_ms);
        done = settle_try(p, &d, &outcome, now_ms);
    }
    if (patience_note(patience, done) == 0) {
        job->hold_ms = 0;
        return;
    }
    count_failed();
    log_event(LOG_ERROR, "sending failed", "error", result_words(done), NULL);
}

void sending_work(void *ctx, size_t worker, struct pump_job **jobs, size_t n)
{
    struct push *p = ctx;
    struct patience patience = patience_begin(p);
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < n; i++) {
        send_one(p, &p->sending->lanes[worker], jobs[i], &patience, &a);
        arena_release(&a);
    }
}
