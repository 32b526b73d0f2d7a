/*
 * A batch of cases of one kind whose time has come: alarms are rung, what was said with a filing is
 * put on record, projections rebuilt, events
 * expanded to deliveries and those stored, open streams told, and only then the events are settled.
 * Killed between any two of these, the next run does the same again under the same ids.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "push/expand.h"

#define INSERT_MAX 256 /* deliveries of one write */

struct dispatch {
    struct push *push;
    const struct push_kind *kind;
    int64_t stamps[]; /* of each thread: the last time it stamped a delivery with */
};

struct task {
    struct pump_job *job;
    struct case_head *h; /* the record, of which this is the first member */
    size_t first, n;     /* its deliveries among the expander's */
    int failed;          /* a failure: it is left for a while, its events stay */
};

struct batch {
    struct push *push;
    const struct case_kept *kept;
    struct arena arena;
    struct case_world world;
    struct calendar *calendar;
    const struct catalogue *catalogue;
    struct area_set *areas;
    struct expander expander;
    struct patience patience;
    int64_t at_ms; /* the time of the next delivery */
    struct task *tasks;
    size_t n;
};

int dispatch_new(struct push *p, const struct push_kind *kind, size_t workers,
                 struct dispatch **ret)
{
    *ret = calloc(1, sizeof(**ret) + workers * sizeof((*ret)->stamps[0]));
    if (!*ret)
        return E_NOMEM;
    (*ret)->push = p;
    (*ret)->kind = kind;
    return 0;
}

void dispatch_free(struct dispatch *d)
{
    free(d);
}

bool dispatch_may(void *ctx)
{
    return duty_dispatches(((struct dispatch *)ctx)->push->duty);
}

static void batch_open(struct batch *b, const struct dispatch *d, struct pump_job **jobs, size_t n)
{
    struct push *p = d->push;
    *b = (struct batch){.push = p, .kept = d->kind->kept, .n = n, .patience = patience_begin(p)};
    arena_init(&b->arena);
    b->calendar = calendar_current(p->o.calendar);
    b->catalogue = catalogue_ref(p->o.catalogue);
    b->areas = p->o.areas ? area_current(p->o.areas) : NULL;
    const struct agency *portal = b->catalogue ? catalogue_dispatcher(b->catalogue) : NULL;
    const char *code = portal ? portal->code : NULL;
    b->world = (struct case_world){.calendar = b->calendar,
                                   .settings = d->kind->settings,
                                   .now_ms = clock_now_ms(),
                                   .dispatcher = code};
    b->expander = (struct expander){.push = p,
                                    .arena = &b->arena,
                                    .catalogue = b->catalogue,
                                    .portal = code,
                                    .kept = b->kept,
                                    .now_ms = b->world.now_ms};
    b->tasks = arena_array(&b->arena, n, sizeof(*b->tasks));
    for (size_t i = 0; i < n; i++)
        b->tasks[i].job = jobs[i];
}

static void batch_close(struct batch *b)
{
    area_set_unref(b->areas);
    if (b->catalogue)
        catalogue_unref(b->catalogue);
    calendar_unref(b->calendar);
    arena_release(&b->arena);
}

/* What is asked of the store for one task; once that is away, nothing. */
static int ask(struct batch *b, struct task *t, int (*fn)(struct batch *, struct task *))
{
    return b->patience.failed ? b->patience.failed : patience_note(&b->patience, fn(b, t));
}

/* --- alarms ----------------------------------------------------------------------------------- */

static int prepare(struct batch *b, struct task *t)
{
    void *record = NULL;
    int done = case_read(b->kept, t->job->doc, &b->arena, &record);
    t->h = record;
    if (done < 0 || !case_alarm_due(b->kept->kind, record, &b->world, &b->arena))
        return done;
    done = case_ring_kept(b->kept, b->push->o.store, &t->h->id, &b->world, &b->arena, &record);
    if (done == 0)
        t->h = record;
    /* Rung before, or there is no room before its events are told: settling sets when to look. */
    if (done == CASE_WRONG_STATE || done == CASE_CROWDED)
        return 0;
    return done > 0 ? E_UNAVAILABLE : done; /* gone: looked at again later */
}

/* --- what was said with a filing -------------------------------------------------------------- */

static bool just_filed(const struct case_head *h)
{
    const struct case_event *events = h->events.items;
    for (size_t i = 0; i < h->events.n; i++) {
        if (events[i].step == 1)
            return true;
    }
    return false;
}

static void note(struct batch *b, const struct push_kind *kind)
{
    if (!kind->note)
        return;
    const void **records = arena_array(&b->arena, b->n, sizeof(void *));
    struct task **of = arena_array(&b->arena, b->n, sizeof(struct task *));
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->tasks[i].failed || !just_filed(b->tasks[i].h))
            continue;
        of[n] = &b->tasks[i];
        records[n++] = b->tasks[i].h;
    }
    int *outcomes = arena_array(&b->arena, n, sizeof(*outcomes));
    kind->note(kind->note_ctx, records, n, &b->arena, outcomes);
    for (size_t i = 0; i < n; i++)
        of[i]->failed = outcomes[i];
}

/* --- projections ------------------------------------------------------------------------------ */

static const char *category_name(void *ctx, const char *code)
{
    const struct batch *b = ctx;
    const struct category *c = b->catalogue && code ? catalogue_category(b->catalogue, code) : NULL;
    return c ? c->name : NULL;
}

static const char *commune_name(void *ctx, const char *code)
{
    const struct batch *b = ctx;
    const struct commune *c = b->areas && code ? area_by_code(b->areas, code) : NULL;
    return c ? c->full_name : NULL;
}

static bool wants_projection(const struct case_head *h)
{
    const struct case_event *events = h->events.items;
    for (size_t i = 0; i < h->events.n; i++) {
        if (events[i].type == EVENT_PROJECT)
            return true;
    }
    return false;
}

/* Facts of cases that are new, in one write; sets `stored` where that was all there was to do. */
static int insert_facts(struct batch *b, bool *stored)
{
    struct store_new_doc *docs = arena_array(&b->arena, b->n, sizeof(*docs));
    size_t *of = arena_array(&b->arena, b->n, sizeof(*of)), n = 0;
    int done = 0;
    for (size_t i = 0; i < b->n && done >= 0; i++) {
        const struct case_head *h = b->tasks[i].h;
        if (b->tasks[i].failed || h->revision != 1 || !wants_projection(h))
            continue;
        bson_t *body = bson_new();
        done = b->kept->first_fact(h, b->calendar, &b->arena, body);
        docs[n] = (struct store_new_doc){.id = h->id, .body = body};
        of[n] = i;
        if (done > 0)
            bson_destroy(body);
        else
            n++;
    }
    if (done >= 0)
        done = store_insert(b->push->o.store, b->kept->fact, docs, n);
    for (size_t i = 0; i < n; i++) {
        stored[of[i]] = done == 0 && docs[i].outcome == 0;
        bson_destroy((bson_t *)docs[i].body);
    }
    return done;
}

static int rebuild(struct batch *b, struct task *t)
{
    const struct case_names names = {category_name, commune_name, b};
    return b->kept->rebuild(b->push->o.store, t->h, b->calendar, &names, &b->arena, NULL);
}

static void project(struct batch *b)
{
    bool *stored = arena_array(&b->arena, b->n, sizeof(*stored));
    insert_facts(b, stored); /* what it did not store is rebuilt one by one, and fails there */
    for (size_t i = 0; i < b->n; i++) {
        struct task *t = &b->tasks[i];
        if (!t->failed && !stored[i] && wants_projection(t->h))
            t->failed = ask(b, t, rebuild);
    }
}

/* --- deliveries ------------------------------------------------------------------------------- */

struct id delivery_id(const struct id *event, const struct id *recipient, int channel)
{
    uint8_t by = (uint8_t)channel;
    const struct id_part parts[] = {{event->bytes, 16}, {recipient->bytes, 16}, {&by, 1}};
    return id_v8("delivery", parts, ARRAY_LEN(parts));
}

static int expand_one(struct batch *b, struct task *t)
{
    const struct case_event *events = t->h->events.items;
    int done = 0;
    for (size_t j = 0; j < t->h->events.n && done == 0; j++) {
        if (events[j].type != EVENT_PROJECT)
            done = expand(&b->expander, t->h, &events[j], b->at_ms++);
    }
    return done;
}

/*
 * Each event of a case gets a time of its own, later than all this thread gave before: that is
 * the order in which a recipient reads, and a subject's events always come to the same thread.
 */
static void expand_all(struct batch *b, int64_t *stamp)
{
    b->at_ms = *stamp < b->world.now_ms ? b->world.now_ms : *stamp + 1;
    for (size_t i = 0; i < b->n; i++) {
        struct task *t = &b->tasks[i];
        t->first = b->expander.n;
        if (!t->failed)
            t->failed = ask(b, t, expand_one);
        if (t->failed)
            b->expander.n = t->first;
        t->n = b->expander.n - t->first;
    }
    if (b->at_ms - 1 > *stamp)
        *stamp = b->at_ms - 1;
}

/* At most INSERT_MAX. */
static int insert_some(struct store *s, struct delivery *const *d, size_t n, struct arena *a,
                       int *outcomes)
{
    struct store_new_doc docs[INSERT_MAX];
    size_t of[INSERT_MAX], built = 0;
    for (size_t i = 0; i < n; i++) {
        bson_t *body = bson_new();
        outcomes[i] = entity_encode(&delivery_entity, d[i], NULL, a, body);
        if (outcomes[i] < 0) {
            bson_destroy(body); /* its case waits; the others need not */
            continue;
        }
        docs[built] = (struct store_new_doc){.id = d[i]->id, .body = body};
        of[built++] = i;
    }
    int done = store_insert(s, &delivery_collection, docs, built);
    for (size_t i = 0; i < built; i++) {
        outcomes[of[i]] = done < 0 ? done : docs[i].outcome;
        bson_destroy((bson_t *)docs[i].body);
    }
    return done;
}

int deliveries_insert(struct store *s, struct delivery *const *d, size_t n, struct arena *a,
                      int *outcomes)
{
    int done = 0;
    for (size_t i = 0; i < n && done == 0; i += INSERT_MAX)
        done = insert_some(s, d + i, n - i < INSERT_MAX ? n - i : INSERT_MAX, a, outcomes + i);
    return done;
}

/* What was not tried keeps E_UNAVAILABLE, and so is not announced. */
static void deliver(struct batch *b, int *outcomes)
{
    for (size_t i = 0; i < b->expander.n; i++)
        outcomes[i] = E_UNAVAILABLE;
    const struct expander *x = &b->expander;
    deliveries_insert(b->push->o.store, x->rows, x->n, &b->arena, outcomes);
    for (size_t i = 0; i < b->n; i++) {
        struct task *t = &b->tasks[i];
        for (size_t j = t->first; j < t->first + t->n && !t->failed; j++) {
            if (outcomes[j] < 0)
                t->failed = outcomes[j];
        }
    }
}

/* Whose streams are open hear of what was stored just now. */
static void announce(struct batch *b, const int *outcomes)
{
    size_t inboxes = 0;
    bool waiting = false;
    for (size_t i = 0; i < b->expander.n; i++) {
        const struct delivery *d = b->expander.rows[i];
        waiting |= outcomes[i] == 0 && d->state == DELIVERY_PENDING;
        if (outcomes[i] != 0 || d->channel != CHANNEL_INBOX)
            continue;
        inboxes++;
        if (!b->push->o.sink || b->push->duty)
            continue; /* where nodes share a store, each tells its own streams: push_tail */
        CLEANUP(buf_release) struct buf wire;
        buf_init(&wire, 32 * 1024);
        push_wire(d, &wire);
        if (!wire.failed)
            b->push->o.sink(b->push->o.sink_ctx, &d->recipient, wire.data, wire.len);
    }
    count_delivery(CHANNEL_INBOX, DELIVERED_SENT, inboxes);
    if (waiting)
        pump_wake(b->push->letters);
}

/* --- settling --------------------------------------------------------------------------------- */

/* What is to be settled of a task. */
static struct case_settling settling_of(struct batch *b, const struct task *t)
{
    const struct case_event *events = t->h->events.items;
    size_t n = t->h->events.n;
    struct id *ids = arena_array(&b->arena, n, sizeof(*ids));
    for (size_t i = 0; i < n; i++)
        ids[i] = events[i].id;
    return (struct case_settling){
        .id = t->h->id, .seen = t->job->doc, .events = ids, .n = n, .world = &b->world};
}

static void leave(const struct batch *b, struct task *t)
{
    char id[ID_TEXT];
    if (is_unreadable(t->failed) && aside_put(b->push, b->kept->collection, t->job, t->failed) == 0)
        return;
    t->job->hold_ms = clock_now_ms() + PUSH_HOLD_MS;
    count_failed();
    log_event(LOG_ERROR, "dispatching failed", b->kept->kind->name, id_format(&t->job->id, id),
              "error", result_words(t->failed), NULL);
}

static void settle_all(struct batch *b)
{
    struct case_settling *items = arena_array(&b->arena, b->n, sizeof(*items));
    struct task **of = arena_array(&b->arena, b->n, sizeof(struct task *));
    size_t n = 0, settled = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->tasks[i].failed)
            continue;
        of[n] = &b->tasks[i];
        items[n++] = settling_of(b, &b->tasks[i]);
    }
    case_settle_many(b->kept, b->push->o.store, items, n, &b->arena);
    for (size_t i = 0; i < n; i++) {
        int outcome = items[i].outcome;
        of[i]->failed = outcome == STORE_UNCHANGED || outcome == STORE_ABSENT ? 0 : outcome;
        settled += !of[i]->failed;
    }
    for (size_t i = 0; i < b->n; i++) {
        if (b->tasks[i].failed)
            leave(b, &b->tasks[i]);
    }
    count_dispatched(settled);
}

void dispatch_work(void *ctx, size_t worker, struct pump_job **jobs, size_t n)
{
    struct dispatch *d = ctx;
    struct batch b;
    batch_open(&b, d, jobs, n);
    for (size_t i = 0; i < n; i++)
        b.tasks[i].failed = ask(&b, &b.tasks[i], prepare);
    note(&b, d->kind);
    project(&b);
    expand_all(&b, &d->stamps[worker]);
    int *outcomes = arena_array(&b.arena, b.expander.n, sizeof(*outcomes));
    deliver(&b, outcomes);
    announce(&b, outcomes);
    settle_all(&b);
    batch_close(&b);
}
