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

struct settling {
    const struct id *events;
    size_t n;
    const struct case_world *world;
};

static int settle(struct store_edit *edit, void *ctx)
{
    const struct settling *s = ctx;
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
    struct settling settling = {events, n, w};
    return store_change(s, &report_collection, id, NULL, settle, &settling, NULL);
}
