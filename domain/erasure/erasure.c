#include "domain/erasure/erasure.h"

#include "base/result.h"

#define AT(member) .offset = offsetof(struct erasure, member)

const struct entity_name erasure_states[] = {
    {0},
    [ERASURE_WAITING] = {"waiting", {"Đang chờ", "Waiting"}},
    [ERASURE_CANCELLED] = {"cancelled", {"Đã rút lại", "Taken back"}},
    [ERASURE_ERASING] = {"erasing", {"Đang xoá", "Being erased"}},
    [ERASURE_ERASED] = {"erased", {"Đã xoá", "Erased"}},
    {0},
};

const struct entity erasure_entity = {
    .name = "Erasure",
    .size = sizeof(struct erasure),
    .fields = (const struct entity_field[]){
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(state),
         .see = SEE_OWNER,
         .names = erasure_states},
        {.name = "asked_at", .type = ENTITY_TIME, AT(asked_ms), .see = SEE_OWNER},
        {.name = "due", .type = ENTITY_TIME, AT(due_ms), .see = SEE_OWNER},
        {.name = "held_at", .type = ENTITY_TIME, AT(held_ms), .see = SEE_OWNER},
        {.name = "erased_at", .type = ENTITY_TIME, AT(erased_ms)},
        {0},
    }};

const struct store_collection erasure_collection = {
    .name = "erasure",
    .form = 1,
    .fields = (const struct store_field[]){{"due", "due", STORE_INT, false}},
    .n_fields = 1,
    .paths =
        (const struct store_path[]){
            {.name = "due", .why = "who is to be erased, or looked at once more", .order = "due"}},
    .n_paths = 1,
};

int erasure_get(struct store *s, const struct id *person, struct arena *a, struct erasure *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    *ret = (struct erasure){.id = *person};
    int done = store_get(s, &erasure_collection, person, &doc);
    return done == 0 ? entity_decode(&erasure_entity, doc, a, ret) : done;
}

/* --- changing -----------------------------------------------------------------------------------
 */

struct changing {
    /* On what is stored, or nothing (state 0). 0, or an outcome that is forwarded. */
    int (*fn)(struct erasure *e, const struct changing *c);
    int64_t now_ms, when_ms;
    bool first;
};

static int change(struct store_edit *edit, void *ctx)
{
    const struct changing *c = ctx;
    struct erasure e = {0};
    int done = edit->before ? entity_decode(&erasure_entity, edit->before, edit->arena, &e) : 0;
    if (done == 0)
        done = c->fn(&e, c);
    return done == 0 ? entity_encode(&erasure_entity, &e, edit->before, edit->arena, edit->after)
                     : done;
}

static int run(struct store *s, const struct id *person, bool or_create, struct changing *c)
{
    const struct store_change_options options = {.if_revision = STORE_ANY_REVISION,
                                                 .or_create = or_create};
    return store_change(s, &erasure_collection, person, &options, change, c, NULL);
}

static int ask(struct erasure *e, const struct changing *c)
{
    if (e->state && e->state != ERASURE_CANCELLED)
        return ERASURE_WAITS;
    *e = (struct erasure){
        .state = ERASURE_WAITING, .asked_ms = c->now_ms, .due_ms = c->now_ms + c->when_ms};
    return 0;
}

int erasure_ask(struct store *s, const struct id *person, int64_t wait_ms, int64_t now_ms,
                struct arena *a, struct erasure *ret)
{
    struct changing c = {ask, now_ms, wait_ms, false};
    int done = run(s, person, true, &c);
    if (done != 0 && done != ERASURE_WAITS)
        return done;
    int got = erasure_get(s, person, a, ret);
    return got == 0 ? done : got;
}

static int cancel(struct erasure *e, const struct changing *c)
{
    (void)c;
    if (e->state != ERASURE_WAITING)
        return ERASURE_LATE;
    e->state = ERASURE_CANCELLED;
    e->due_ms = e->held_ms = 0;
    return 0;
}

int erasure_cancel(struct store *s, const struct id *person)
{
    struct changing c = {cancel, 0, 0, false};
    return run(s, person, false, &c);
}

static int hold(struct erasure *e, const struct changing *c)
{
    if (e->state != ERASURE_WAITING)
        return STORE_UNCHANGED;
    ((struct changing *)(uintptr_t)c)->first = e->held_ms == 0;
    if (!e->held_ms)
        e->held_ms = c->now_ms;
    e->due_ms = c->when_ms;
    return 0;
}

int erasure_hold(struct store *s, const struct id *person, int64_t until_ms, int64_t now_ms,
                 bool *ret_first)
{
    struct changing c = {hold, now_ms, until_ms, false};
    int done = run(s, person, false, &c);
    *ret_first = done == 0 && c.first;
    return done;
}

static int begin(struct erasure *e, const struct changing *c)
{
    if (e->state == ERASURE_CANCELLED || (e->state == ERASURE_WAITING && e->due_ms > c->now_ms))
        return ERASURE_EARLY;
    if (e->state == ERASURE_ERASING)
        return STORE_UNCHANGED;
    e->state = ERASURE_ERASING;
    e->due_ms = c->now_ms;
    return 0;
}

int erasure_begin(struct store *s, const struct id *person, int64_t now_ms)
{
    struct changing c = {begin, now_ms, 0, false};
    int done = run(s, person, true, &c);
    return done == STORE_UNCHANGED ? 0 : done;
}

static int begin_again(struct erasure *e, const struct changing *c)
{
    e->state = ERASURE_ERASING;
    e->due_ms = c->now_ms;
    return 0;
}

int erasure_replay(struct store *s, const struct id *person, int64_t now_ms)
{
    struct changing c = {begin_again, now_ms, 0, false};
    return run(s, person, true, &c);
}

static int finish(struct erasure *e, const struct changing *c)
{
    bool again = e->erased_ms != 0 && c->now_ms >= e->erased_ms + ERASURE_AGAIN_MS;
    if (!e->erased_ms)
        e->erased_ms = c->now_ms;
    e->state = ERASURE_ERASED;
    e->held_ms = 0;
    e->due_ms = again ? 0 : e->erased_ms + ERASURE_AGAIN_MS;
    return 0;
}

int erasure_finish(struct store *s, const struct id *person, int64_t now_ms)
{
    struct changing c = {finish, now_ms, 0, false};
    return run(s, person, true, &c);
}

int erasure_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct id **ret,
                size_t *ret_n)
{
    struct store_range past = {.has_high = true, .high = store_int(now_ms + 1)}; /* exclusive */
    struct store_condition due = {
        .field = "due", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &due, .n_conditions = 1, .order = "due", .limit = max};
    struct store_page page = {0};
    int done = store_scan(s, &erasure_collection, &q, a, &page);
    if (done != 0)
        return done;
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; i < page.n; i++)
        *ret_n += store_document_id(page.docs[i], &(*ret)[*ret_n]);
    return 0;
}
