/* What the dispatcher and a merge of persons do to a stored case of any kind. */
#include "domain/case/kept.h"

#include "base/result.h"
#include "domain/case/private.h"
#include "domain/entity/owned.h"

int64_t case_turn(bool urgent, bool duty, int64_t due_ms)
{
    const int64_t kind = INT64_C(1) << 48; /* instants are below it for some thousand years */
    return (!duty ? 2 * kind : urgent ? 0 : kind) + (due_ms > 0 ? due_ms : kind - 1);
}

int case_read(const struct case_kept *k, const bson_t *doc, struct arena *a, void **ret)
{
    *ret = arena_alloc(a, k->entity->size);
    return k->decode(doc, a, *ret);
}

int case_verify(const struct case_kept *k, struct store *s, const struct id *id,
                const struct calendar *c, const struct case_names *names, struct arena *a,
                void **ret, bool *ret_differed)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    bool pending = false;
    *ret_differed = false;
    int done = store_get(s, k->collection, id, &doc);
    if (done == 0)
        done = case_read(k, doc, a, ret);
    if (done != 0)
        return done;
    const struct case_head *h = *ret;
    const struct case_event *events = h->events.items;
    for (size_t i = 0; i < h->events.n; i++)
        pending |= events[i].type == EVENT_PROJECT;
    done = k->rebuild(s, *ret, c, names, a, ret_differed);
    *ret_differed &= !pending;
    return done;
}

/* --- steps ------------------------------------------------------------------------------------ */

struct acting {
    const struct case_kept *kept;
    const struct case_act *act;
    const struct case_actor *actor;
    const struct case_world *world;
};

static int act_on(struct store_edit *edit, void *ctx)
{
    const struct acting *acting = ctx;
    const struct case_kept *k = acting->kept;
    struct case_act act = *acting->act;
    void *record = NULL;
    int done = case_read(k, edit->before, edit->arena, &record);
    if (done < 0)
        return done;
    const char *as = act.as;
    case_act_by(&act, record, acting->actor);
    act.as = as ? as : act.as;
    done = case_apply(k->kind, record, &act, acting->world, edit->arena);
    if (done == 0 && k->after)
        k->after(record, acting->world->calendar);
    if (done == 0)
        done = entity_encode(k->entity, record, edit->before, edit->arena, edit->after);
    if (done == 0 && !act.onward && edit->after->len > STORE_DOC_MAX - k->room)
        done = CASE_CROWDED;
    return done;
}

int case_act_kept(const struct case_kept *k, struct store *s, const struct id *id,
                  const struct case_act *act, const struct case_actor *actor,
                  const struct store_change_options *options, const struct case_world *w,
                  struct arena *a, void **ret)
{
    struct acting acting = {k, act, actor, w};
    struct store_changed changed = {0};
    int done = store_change(s, k->collection, id, options, act_on, &acting, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    if (!doc)
        return done;
    int read = case_read(k, doc, a, ret);
    return read < 0 ? read : done;
}

/* --- alarms ----------------------------------------------------------------------------------- */

bool case_alarm_due(const struct case_kind *k, const void *record, const struct case_world *w,
                    struct arena *a)
{
    /* Computed anew on a copy without events, what is left of `next` is the alarm. */
    struct case_head h = *(const struct case_head *)record;
    h.clocks.items = arena_dup(a, h.clocks.items, h.clocks.n * sizeof(struct case_clock_row));
    h.events = (struct entity_list){0};
    case_recompute_of(k, &h, record, w->calendar, w);
    return h.next_ms && h.next_ms <= w->now_ms;
}

struct ringing {
    const struct case_kept *kept;
    const struct case_world *world;
};

static int ring(struct store_edit *edit, void *ctx)
{
    const struct ringing *r = ctx;
    void *record = NULL;
    int done = case_read(r->kept, edit->before, edit->arena, &record);
    if (done == 0)
        done = case_ring(r->kept->kind, record, r->world, edit->arena);
    if (done != 0)
        return done;
    return entity_encode(r->kept->entity, record, edit->before, edit->arena, edit->after);
}

int case_ring_kept(const struct case_kept *k, struct store *s, const struct id *id,
                   const struct case_world *w, struct arena *a, void **ret)
{
    struct ringing ringing = {k, w};
    struct store_changed changed = {0};
    int done = store_change(s, k->collection, id, NULL, ring, &ringing, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    return done == 0 ? case_read(k, doc, a, ret) : done;
}

/* --- settling --------------------------------------------------------------------------------- */

static int settle(struct store_edit *edit, void *ctx)
{
    const struct case_settling *s = ctx;
    void *record = NULL;
    int done = case_read(s->kept, edit->before, edit->arena, &record);
    if (done < 0)
        return done;
    struct case_head *h = record;
    int64_t next_ms = h->next_ms;
    size_t settled = case_settle(h, s->events, s->n);
    case_recompute(s->kept->kind, h, s->world->calendar, s->world, edit->arena);
    if (settled == 0 && h->next_ms == next_ms)
        return STORE_UNCHANGED;
    return entity_encode(s->kept->entity, record, edit->before, edit->arena, edit->after);
}

void case_settle_many(const struct case_kept *k, struct store *s, struct case_settling *items,
                      size_t n, struct arena *a)
{
    struct store_one *ones = arena_array(a, n, sizeof(*ones));
    for (size_t i = 0; i < n; i++) {
        items[i].kept = k;
        ones[i] = (struct store_one){.id = items[i].id, .seen = items[i].seen, .ctx = &items[i]};
    }
    store_change_many(s, k->collection, ones, n, settle);
    for (size_t i = 0; i < n; i++)
        items[i].outcome = ones[i].outcome;
}

/* --- whose it is ------------------------------------------------------------------------------ */

struct reowning {
    const struct case_kept *kept;
    const struct id *from, *into;
};

static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    void *record = NULL;
    int done = case_read(r->kept, edit->before, edit->arena, &record);
    if (done < 0)
        return done;
    struct case_head *h = record;
    if (!id_equal(&h->owner, r->from))
        return STORE_UNCHANGED;
    h->owner = *r->into;
    return entity_encode(r->kept->entity, record, edit->before, edit->arena, edit->after);
}

int case_each_owned(const struct case_kept *k, struct store *s, const struct id *owner,
                    store_change_fn fn, void *ctx, struct arena *a, bool *ret_more)
{
    const struct owned theirs = {k->collection, k->entity, "owner", "filed"};
    return owned_each(s, &theirs, owner, fn, ctx, a, ret_more);
}

int case_reown(const struct case_kept *k, struct store *s, const struct id *from,
               const struct id *into, struct arena *a, bool *ret_more)
{
    struct reowning r = {k, from, into};
    *ret_more = false;
    return id_equal(from, into) ? 0 : case_each_owned(k, s, from, reown, &r, a, ret_more);
}
