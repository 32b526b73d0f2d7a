#include "domain/handover/handover.h"

#include <string.h>

#include "base/result.h"
#include "domain/staff/staff.h"

#define PAGE 50
#define LOOK_MAX 5000
#define AT(member) .offset = offsetof(struct handover, member)
#define READERS SEE_ADMIN

static const struct entity_name states[] = {
    {0},
    [HANDOVER_RUNNING] = {"running", {"Đang bàn giao", "Running"}},
    [HANDOVER_DONE] = {"done", {"Đã xong", "Done"}},
    [HANDOVER_STOPPED] = {"stopped", {"Đã dừng", "Stopped"}},
    {0},
};

const struct entity handover_entity = {
    .name = "Handover",
    .size = sizeof(struct handover),
    .fields = (const struct entity_field[]){
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = READERS, .max = CASE_CODE_MAX},
        {.name = "from", .type = ENTITY_ID, AT(from), .see = READERS},
        {.name = "to",
         .type = ENTITY_ID,
         AT(to),
         .see = READERS,
         .words = "Absent: back to the unit, where nobody has them"},
        {.name = "from_user", .type = ENTITY_TEXT, AT(from_user), .max = STAFF_USER_MAX},
        {.name = "to_user", .type = ENTITY_TEXT, AT(to_user), .max = STAFF_USER_MAX},
        {.name = "by", .type = ENTITY_ID, AT(by), .see = READERS},
        {.name = "by_user", .type = ENTITY_TEXT, AT(by_user), .max = STAFF_USER_MAX},
        {.name = "as", .type = ENTITY_TEXT, AT(as), .see = READERS, .max = 40},
        {.name = "deputy_for", .type = ENTITY_ID, AT(deputy_for), .see = READERS},
        {.name = "reason",
         .type = ENTITY_TEXT,
         AT(reason),
         .see = READERS,
         .max = HANDOVER_REASON_MAX},
        {.name = "state", .type = ENTITY_ENUM, AT(state), .see = READERS, .names = states},
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = READERS},
        {.name = "done_at", .type = ENTITY_TIME, AT(done_ms), .see = READERS},
        {.name = "total",
         .type = ENTITY_INT,
         AT(total),
         .see = READERS,
         .words = "Open cases when it began"},
        {.name = "moved", .type = ENTITY_INT, AT(moved), .see = READERS},
        {.name = "left",
         .type = ENTITY_INT,
         AT(left),
         .see = READERS,
         .words = "That could not be moved, of those looked at last"},
        {.name = "open_at", .type = ENTITY_TIME, AT(open_ms)},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = READERS},
        STAFF_ACT_FIELDS(struct handover),
        {0},
    }};

const struct store_collection handover_collection = {
    .name = "handover",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"open", "open_at", STORE_INT, false},
            {"agency", "agency", STORE_TEXT, false},
            {"at", "at", STORE_INT, false},
            STAFF_ACT_STORE_FIELD,
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "open", .why = "the sweep: those that still run", .order = "open"},
            {.name = "agency",
             .why = "an agency's, newest first",
             .equals = {"agency"},
             .order = "at"},
            STAFF_ACT_PATH,
        },
    .n_paths = 3,
};

int handover_get(struct store *s, const struct id *id, struct arena *a, struct handover *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &handover_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct handover){.id = *id};
    return entity_decode(&handover_entity, doc, a, ret);
}

int handover_begin(struct store *s, const struct id *id, const struct store_write *write,
                   struct handover *h, const struct staff_doer *doer, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct staff_act act = staff_act_of(doer, "handover", h->at_ms);
    act.agency = h->agency;
    act.to = h->from;
    act.to_user = h->from_user;
    act.detail = arena_printf(a, "%lld to %s: %s", (long long)h->total,
                              h->to_user ? h->to_user : "the unit", h->reason);
    h->id = *id;
    h->state = HANDOVER_RUNNING;
    h->open_ms = h->at_ms;
    h->revision = 1;
    staff_act_add(&h->acts, &h->acts_ms, &act, a);
    int done = entity_encode(&handover_entity, h, NULL, a, body);
    if (done == 0)
        done = store_create(s, &handover_collection, id, write, body, NULL);
    if (done == 0)
        staff_acts_post(s, &handover_collection, id);
    if (done == STORE_REPEATED) {
        int got = handover_get(s, id, a, h);
        return got != 0 ? got : STORE_REPEATED;
    }
    return done;
}

/* --- whose cases ------------------------------------------------------------------------------ */

struct queue {
    struct store_value officer, open;
    struct store_condition conditions[2];
    struct store_query q;
};

static void queue_of(const struct id *officer, struct queue *ret)
{
    *ret = (struct queue){.officer = store_id(*officer), .open = store_int(1)};
    ret->conditions[0] = (struct store_condition){
        .field = "officer", .op = STORE_EQ, .values = &ret->officer, .n_values = 1};
    ret->conditions[1] = (struct store_condition){
        .field = "open", .op = STORE_EQ, .values = &ret->open, .n_values = 1};
    ret->q = (struct store_query){
        .conditions = ret->conditions, .n_conditions = 2, .order = "turn", .limit = PAGE};
}

static bool has_queue(const struct case_kept *k)
{
    return store_path_index(k->collection, "officer") >= 0;
}

int handover_count(struct store *s, const struct handover_kind *kind, const struct id *officer,
                   struct arena *a, struct handover_count *ret)
{
    struct queue queue;
    struct store_page page = {.more = has_queue(kind->kept)};
    *ret = (struct handover_count){.kind = kind->kept->kind};
    queue_of(officer, &queue);
    queue.q.limit = STORE_LIMIT_MAX;
    while (page.more && ret->n < LOOK_MAX) {
        int done = store_scan(s, kind->kept->collection, &queue.q, a, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++) {
            void *record = NULL;
            done = case_read(kind->kept, page.docs[i], a, &record);
            if (done == 0)
                ret->by_state[((const struct case_head *)record)->state]++;
            ret->n += done == 0;
        }
        if (done != 0)
            return done;
        queue.q.has_after = true;
        queue.q.after = page.next;
    }
    return 0;
}

/* --- moving ----------------------------------------------------------------------------------- */

struct mover {
    const struct handover_work *work;
    const struct handover *h;
    struct case_actor actor;
    size_t max, moved, left;
    struct arena *arena;
};

/* One case, by its own step. Who changed it meanwhile was first: it is looked at again, or left. */
static int move_one(struct mover *m, const struct handover_kind *kind, const struct id *id)
{
    const struct handover *h = m->h;
    struct case_world world = m->work->world;
    struct store_write write = {
        .id = id_v8("handover.case", (const struct id_part[]){{h->id.bytes, 16}, {id->bytes, 16}},
                    2)};
    struct store_change_options options = {.write = &write, .if_revision = STORE_ANY_REVISION};
    struct case_act act = {
        .verb = id_is_nil(&h->to) ? "unassign" : "assign",
        .by = h->by,
        .office = h->agency,
        .note = h->reason,
        .officer = h->to,
        .as = h->as,
        .deputy_for = h->deputy_for,
        .only_of = h->from,
        .hush = 1U << TELL_OFFICER | 1U << TELL_AGENCY,
    };
    void *after = NULL;
    world.settings = kind->settings;
    int done = case_act_kept(kind->kept, m->work->store, id, &act, &m->actor, &options, &world,
                             m->arena, &after);
    m->moved += done == 0;
    m->left += done > 0 && done != STORE_REPEATED;
    return done < 0 ? done : 0;
}

/* *ret_more: the bound was reached before the queue ended. */
static int move_kind(struct mover *m, const struct handover_kind *kind, bool *ret_more)
{
    struct queue queue;
    struct store_page page = {.more = has_queue(kind->kept)};
    queue_of(&m->h->from, &queue);
    while (page.more) {
        int done = store_scan(m->work->store, kind->kept->collection, &queue.q, m->arena, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++) {
            struct id id;
            if (m->moved >= m->max) {
                *ret_more = true;
                return 0;
            }
            if (store_document_id(page.docs[i], &id))
                done = move_one(m, kind, &id);
        }
        if (done != 0)
            return done;
        queue.q.has_after = true;
        queue.q.after = page.next;
    }
    return 0;
}

struct counting {
    int64_t moved, left;
    int state; /* 0: it stays */
    int64_t now_ms;
};

static int count(struct store_edit *edit, void *ctx)
{
    const struct counting *c = ctx;
    struct handover h = {0};
    int done = entity_decode(&handover_entity, edit->before, edit->arena, &h);
    if (done < 0)
        return done;
    if (h.state != HANDOVER_RUNNING)
        return STORE_UNCHANGED;
    h.moved += c->moved;
    if (c->left >= 0)
        h.left = c->left;
    if (c->state) {
        h.state = c->state;
        h.done_ms = c->now_ms;
        h.open_ms = 0;
    }
    h.revision++;
    return entity_encode(&handover_entity, &h, edit->before, edit->arena, edit->after);
}

static int note(struct store *s, const struct id *id, struct counting *c, struct arena *a,
                struct handover *ret)
{
    int done = store_change(s, &handover_collection, id, NULL, count, c, NULL);
    return done < 0 ? done : handover_get(s, id, a, ret);
}

int handover_work(const struct handover_work *w, const struct id *id, size_t max, struct arena *a,
                  struct handover *ret)
{
    int done = handover_get(w->store, id, a, ret);
    if (done != 0 || ret->state != HANDOVER_RUNNING)
        return done;
    struct mover m = {.work = w, .h = ret, .max = max, .arena = a};
    m.actor = (struct case_actor){.id = ret->by, .leader = true, .agency = ret->agency};
    bool more = false;
    for (const struct handover_kind *k = w->kinds; k->kept && done == 0 && !more; k++)
        done = move_kind(&m, k, &more);
    struct counting c = {.moved = (int64_t)m.moved, .left = more ? -1 : (int64_t)m.left};
    int noted = m.moved > 0 || m.left > 0 ? note(w->store, id, &c, a, ret) : 0;
    return done != 0 ? done : noted != 0 ? noted : more ? HANDOVER_MORE : 0;
}

int handover_finish(struct store *s, const struct id *id, enum handover_state state, int64_t now_ms,
                    struct arena *a, struct handover *ret)
{
    struct counting c = {.left = -1, .state = (int)state, .now_ms = now_ms};
    return note(s, id, &c, a, ret);
}

int handover_running(struct store *s, struct id *ret, size_t max, size_t *ret_n)
{
    struct arena a;
    struct store_page page = {0};
    struct store_query q = {.order = "open", .limit = max};
    arena_init(&a);
    *ret_n = 0;
    int done = store_scan(s, &handover_collection, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++)
        *ret_n += store_document_id(page.docs[i], &ret[*ret_n]);
    arena_release(&a);
    return done;
}
