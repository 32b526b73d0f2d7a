/* After the calendar changed, or what a case is found by: open cases are computed anew, in batches.
 */
#include <string.h>

#include "base/result.h"
#include "domain/case/kept.h"

#define AGAIN_MS (INT64_C(10) * 60 * 1000) /* no request takes so long */

/* How far the sweep of a kind came, and for what. One document a kind. */
struct sweep {
    struct id version; /* of calendar, figures and shape */
    int64_t round;     /* 1, 2; 3 all is done */
    int64_t began_ms;  /* of the version */
    int64_t after_ms;  /* due and id of the case it came to; 0 at the start of a round */
    struct id after;
};

#define AT(member) .offset = offsetof(struct sweep, member)
static const struct entity sweep_entity = {
    .name = "CaseSweep",
    .size = sizeof(struct sweep),
    .fields = (const struct entity_field[]){
        {.name = "of", .type = ENTITY_ID, AT(version)},
        {.name = "round", .type = ENTITY_INT, AT(round)},
        {.name = "began", .type = ENTITY_TIME, AT(began_ms)},
        {.name = "after_due", .type = ENTITY_INT, AT(after_ms)},
        {.name = "after", .type = ENTITY_ID, AT(after)},
        {0},
    }};

const struct store_collection case_sweep_collection = {.name = "case_sweep", .form = 1};

static struct id sweep_id(const struct case_kept *k)
{
    return id_v8("sweep", &(struct id_part){k->kind->name, strlen(k->kind->name)}, 1);
}

/* What a newer program finds cases by may be derived, and older documents do not have it yet. */
static struct id shape_of(const struct store_collection *c)
{
    struct id shape = {0};
    for (size_t i = 0; i < c->n_fields; i++) {
        const struct store_field *f = &c->fields[i];
        const struct id_part parts[] = {
            {shape.bytes, 16}, {f->name, strlen(f->name)}, {f->path, strlen(f->path)}};
        shape = id_v8("field", parts, ARRAY_LEN(parts));
    }
    return shape;
}

/* What decides when something is due, days, hours and budgets; and the shape. */
static struct id version_of(const struct case_kept *k, const struct case_world *w)
{
    struct id calendar = calendar_version(w->calendar), figures = k->figures(w);
    struct id shape = shape_of(k->collection);
    const struct id_part parts[] = {{calendar.bytes, 16}, {figures.bytes, 16}, {shape.bytes, 16}};
    return id_v8("recalendar", parts, ARRAY_LEN(parts));
}

static int read_sweep(const struct case_kept *k, struct store *s, struct arena *a,
                      struct sweep *ret)
{
    struct id id = sweep_id(k);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    *ret = (struct sweep){0};
    int done = store_get(s, &case_sweep_collection, &id, &doc);
    if (done == 0)
        done = entity_decode(&sweep_entity, doc, a, ret);
    return done == STORE_ABSENT ? 0 : done;
}

static int put_sweep(struct store_edit *edit, void *ctx)
{
    return entity_encode(&sweep_entity, ctx, edit->before, edit->arena, edit->after);
}

static int write_sweep(const struct case_kept *k, struct store *s, struct sweep *sweep)
{
    struct id id = sweep_id(k);
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    return store_change(s, &case_sweep_collection, &id, &options, put_sweep, sweep, NULL);
}

struct recalendaring {
    const struct case_kept *kept;
    const struct case_world *world;
};

/*
 * The document as it is to be; STORE_UNCHANGED if it is. One that only derives otherwise, but is
 * beyond a bound of today, stays as it was.
 */
static int compose(const struct recalendaring *r, const bson_t *doc, struct arena *a, bson_t *out)
{
    void *record = NULL;
    int done = case_read(r->kept, doc, a, &record);
    if (done < 0)
        return done;
    bool moved = case_recalendar(r->kept->kind, record, r->world, a);
    done = entity_encode(r->kept->entity, record, doc, a, out);
    if (!moved &&
        (done == E_FULL || done == E_INVALID || (done == 0 && entity_unchanged(doc, out))))
        done = STORE_UNCHANGED;
    return done;
}

static int recalendar(struct store_edit *edit, void *ctx)
{
    return compose(ctx, edit->before, edit->arena, edit->after);
}

/* Most cases stay as they are: only what would change is read again and written. */
static int recalendar_one(struct recalendaring *r, struct store *s, const bson_t *doc,
                          struct arena *a)
{
    struct id id;
    bson_t out = BSON_INITIALIZER;
    int done = store_document_id(doc, &id) ? compose(r, doc, a, &out) : E_CORRUPT;
    bson_destroy(&out);
    if (done == 0)
        done = store_change(s, r->kept->collection, &id, NULL, recalendar, r, NULL);
    return done == STORE_UNCHANGED || done == STORE_ABSENT ? 0 : done;
}

/* Every open case has a clock that runs, and so is on the path of one kind or the other. */
static int next_page(const struct case_kept *k, struct store *s, const struct sweep *sweep,
                     size_t max, struct arena *a, struct store_page *ret)
{
    const struct store_value either[] = {store_int(0), store_int(1)};
    const struct store_condition open = {
        .field = "duty", .op = STORE_IN, .values = either, .n_values = ARRAY_LEN(either)};
    struct store_query q = {.conditions = &open,
                            .n_conditions = 1,
                            .order = "due",
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    if (sweep->after_ms) {
        q.has_after = true;
        q.after = (struct store_position){.key = store_int(sweep->after_ms), .id = sweep->after};
    }
    return store_scan(s, k->collection, &q, a, ret);
}

static int sweep_some(struct recalendaring *r, struct store *s, size_t max, struct sweep *sweep,
                      struct arena *a, bool *ret_more)
{
    struct store_page page;
    int done = next_page(r->kept, s, sweep, max, a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = recalendar_one(r, s, page.docs[i], a);
    if (done != 0)
        return done;
    if (page.more) {
        sweep->after_ms = page.next.key.number;
        sweep->after = page.next.id;
    } else {
        sweep->round++;
        sweep->after_ms = 0;
        sweep->after = (struct id){0};
    }
    *ret_more = page.more;
    return write_sweep(r->kept, s, sweep);
}

/* Of one page; nothing is written. */
static int count_page(const struct case_kept *k, const struct store_page *page,
                      const struct case_world *w, struct arena *a, struct case_moved *sum)
{
    int done = 0;
    for (size_t i = 0; done == 0 && i < page->n; i++) {
        void *record = NULL;
        done = case_read(k, page->docs[i], a, &record);
        if (done == 0)
            sum->moved += case_recalendar(k->kind, record, w, a);
        else if (done == E_CORRUPT || done == E_FORM)
            done = 0; /* set aside, as by whoever moves them */
        sum->looked++;
    }
    return done;
}

int case_recalendar_count(const struct case_kept *k, struct store *s, const struct case_world *w,
                          int64_t max, struct case_moved *sum)
{
    struct sweep at = {0};
    bool more = true;
    int done = 0;
    for (int64_t end = sum->looked + max; done == 0 && more && sum->looked < end;) {
        struct arena a;
        struct store_page page;
        arena_init(&a);
        done = next_page(k, s, &at, STORE_LIMIT_MAX, &a, &page);
        if (done == 0)
            done = count_page(k, &page, w, &a, sum);
        more = done == 0 && page.more;
        if (more) {
            at.after_ms = page.next.key.number;
            at.after = page.next.id;
        }
        arena_release(&a);
    }
    sum->more |= more;
    return done;
}

int case_recalendar_some(const struct case_kept *k, struct store *s, const struct case_world *w,
                         size_t max, bool *ret_more)
{
    struct arena a;
    arena_init(&a);
    struct sweep sweep;
    struct recalendaring r = {k, w};
    struct id version = version_of(k, w);
    *ret_more = false;
    int done = read_sweep(k, s, &a, &sweep);
    if (done == 0 && !id_equal(&sweep.version, &version))
        sweep = (struct sweep){.version = version, .round = 1, .began_ms = w->now_ms};
    bool second_is_early = sweep.round == 2 && w->now_ms < sweep.began_ms + AGAIN_MS;
    if (done == 0 && sweep.round <= 2 && !second_is_early)
        done = sweep_some(&r, s, max, &sweep, &a, ret_more);
    arena_release(&a);
    return done;
}
