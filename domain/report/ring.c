/* What the dispatcher does to a stored report: rings its clock, and settles what it has told. */
#include "domain/report/report.h"

bool report_alarm_due(const struct report *r, const struct case_world *w, struct arena *a)
{
    /* Computed anew on a copy without events, what is left of `next` is the alarm. */
    struct case_head h = r->head;
    h.clocks.items = arena_dup(a, h.clocks.items, h.clocks.n * sizeof(struct case_clock_row));
    h.events = (struct entity_list){0};
    case_recompute(&report_kind, &h, w->calendar, w, a);
    return h.next_ms && h.next_ms <= w->now_ms;
}

static int ring(struct store_edit *edit, void *ctx)
{
    const struct case_world *w = ctx;
    struct report r;
    int done = report_decode(edit->before, edit->arena, &r);
    if (done == 0)
        done = case_ring(&report_kind, &r, w, edit->arena);
    if (done != 0)
        return done;
    return entity_encode(&report_entity, &r, edit->before, edit->arena, edit->after);
}

int report_ring(struct store *s, const struct id *id, const struct case_world *w, struct arena *a,
                struct report *ret)
{
    struct case_world world = *w;
    struct store_changed changed = {0};
    int done = store_change(s, &report_collection, id, NULL, ring, &world, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    return done == 0 ? report_decode(doc, a, ret) : done;
}

static int settle(struct store_edit *edit, void *ctx)
{
    const struct report_settling *s = ctx;
    struct report r;
    int done = report_decode(edit->before, edit->arena, &r);
    if (done < 0)
        return done;
    int64_t next_ms = r.head.next_ms;
    size_t settled = case_settle(&r.head, s->events, s->n);
    case_recompute(&report_kind, &r.head, s->world->calendar, s->world, edit->arena);
    if (settled == 0 && r.head.next_ms == next_ms)
        return STORE_UNCHANGED;
    return entity_encode(&report_entity, &r, edit->before, edit->arena, edit->after);
}

int report_settle(struct store *s, const struct id *id, const struct id *events, size_t n,
                  const struct case_world *w)
{
    struct report_settling settling = {.events = events, .n = n, .world = w};
    return store_change(s, &report_collection, id, NULL, settle, &settling, NULL);
}

void report_settle_many(struct store *s, struct report_settling *items, size_t n, struct arena *a)
{
    struct store_one *ones = arena_array(a, n, sizeof(*ones));
    for (size_t i = 0; i < n; i++)
        ones[i] = (struct store_one){.id = items[i].id, .seen = items[i].seen, .ctx = &items[i]};
    store_change_many(s, &report_collection, ones, n, settle);
    for (size_t i = 0; i < n; i++)
        items[i].outcome = ones[i].outcome;
}
