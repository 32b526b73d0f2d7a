/* An absent officer's queue goes to another in one act. */
#include "handlers/staff/handover.h"

#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/staff/staff.h"

#define AT_ONCE 200 /* cases moved while somebody waits; the sweep has time */
#define SWEPT 20    /* hand-overs of one sweep */
#define TOLD_MAX 50 /* officers of a unit who are told that cases came back */

void handover_kinds_of(const struct app *app, struct handover_kind *ret)
{
    for (const struct push_kind *k = app->kinds; k->kept; k++)
        *ret++ = (struct handover_kind){k->kept, k->settings};
    *ret = (struct handover_kind){0};
}

int handover_total(const struct app *app, const struct id *officer, struct arena *a, int64_t *ret_n)
{
    struct handover_kind kinds[PUSH_KINDS_MAX + 1];
    int done = 0;
    *ret_n = 0;
    handover_kinds_of(app, kinds);
    for (const struct handover_kind *k = kinds; k->kept && done == 0; k++) {
        struct handover_count count;
        done = handover_count(app->store, k, officer, a, &count);
        *ret_n += count.n;
    }
    return done;
}

/* --- telling ---------------------------------------------------------------------------------- */

static int tell(struct app *app, const struct handover *h, const struct id *whom, const char *vi,
                const char *en, int64_t now_ms)
{
    const struct id_part parts[] = {{h->id.bytes, 16}, {whom->bytes, 16}};
    const struct push_account_notice notice = {.id = id_v8("handover.notice", parts, 2),
                                               .recipient = *whom,
                                               .what = "handover",
                                               .agency = h->agency,
                                               .text_vi = vi,
                                               .text_en = en};
    return push_account(app->push, &notice, now_ms);
}

/* One notice for whoever has them now, however many there are. */
static int tell_receivers(struct app *app, const struct handover *h, const char *vi, const char *en,
                          int64_t now_ms, struct arena *a)
{
    struct staff *officers = NULL;
    size_t n = 0;
    if (!id_is_nil(&h->to))
        return tell(app, h, &h->to, vi, en, now_ms);
    int done = staff_of_agency(app->store, h->agency, STAFF_OFFICER, a, &officers, &n);
    for (size_t i = 0; done == 0 && i < n && i < TOLD_MAX; i++) {
        if (!id_equal(&officers[i].id, &h->from))
            done = tell(app, h, &officers[i].id, vi, en, now_ms);
    }
    return done;
}

static int tell_all(struct app *app, const struct handover *h, int64_t now_ms, struct arena *a)
{
    long long moved = (long long)h->moved, left = (long long)h->left;
    bool unit = id_is_nil(&h->to);
    int done = moved == 0
                   ? 0
                   : tell_receivers(app, h,
                                    arena_printf(a, "%lld vụ việc được bàn giao %s. Lý do: %s",
                                                 moved, unit ? "về đơn vị" : "cho bạn", h->reason),
                                    arena_printf(a, "%lld cases were handed over to %s. Reason: %s",
                                                 moved, unit ? "the unit" : "you", h->reason),
                                    now_ms, a);
    if (done != 0)
        return done;
    return tell(app, h, &h->by,
                arena_printf(a, "Bàn giao xong: %lld vụ việc đã chuyển, %lld không chuyển được.",
                             moved, left),
                arena_printf(a, "Handed over: %lld cases moved, %lld could not be.", moved, left),
                now_ms);
}

/* --- going on --------------------------------------------------------------------------------- */

/* Who is to receive must still be there. */
static int receives(struct app *app, const struct handover *h, struct arena *a, bool *ret)
{
    struct staff to;
    *ret = true;
    if (id_is_nil(&h->to))
        return 0;
    int done = staff_get(app->store, &h->to, a, &to);
    *ret = done == 0 && to.active && strcmp(to.agency, h->agency) == 0 &&
           (to.role == STAFF_OFFICER || to.role == STAFF_LEADER);
    return done < 0 ? done : 0;
}

int handover_go_on(struct app *app, const struct id *id, int64_t now_ms, struct arena *a,
                   struct handover *ret)
{
    struct handover_kind kinds[PUSH_KINDS_MAX + 1];
    bool there = false;
    int done = handover_get(app->store, id, a, ret);
    if (done != 0 || ret->state != HANDOVER_RUNNING)
        return done;
    done = receives(app, ret, a, &there);
    if (done == 0 && !there)
        done = handover_finish(app->store, id, HANDOVER_STOPPED, now_ms, a, ret);
    if (done != 0 || !there)
        return done != 0 ? done : tell_all(app, ret, now_ms, a);
    CLEANUP(app_world_release) struct app_world w;
    app_world_open(app, now_ms, &w);
    handover_kinds_of(app, kinds);
    const struct handover_work work = {app->store, kinds, w.world};
    done = handover_work(&work, id, AT_ONCE, a, ret);
    if (done == 0)
        done = tell_all(app, ret, now_ms, a);
    if (done == 0)
        done = handover_finish(app->store, id, HANDOVER_DONE, now_ms, a, ret);
    return done == HANDOVER_MORE ? 0 : done;
}

int handover_sweep(struct app *app)
{
    struct id running[SWEPT];
    size_t n = 0;
    int done = handover_running(app->store, running, SWEPT, &n);
    for (size_t i = 0; done >= 0 && i < n; i++) {
        struct arena a;
        struct handover h;
        arena_init(&a);
        done = handover_go_on(app, &running[i], clock_now_ms(), &a, &h);
        arena_release(&a);
    }
    return done < 0 ? done : 0;
}

int handover_order(const struct request *req, const struct handover_order *order,
                   const struct staff_doer *doer, struct handover *ret)
{
    struct app *app = app_of(req);
    *ret = (struct handover){.agency = order->from->agency,
                             .from = order->from->id,
                             .from_user = order->from->user,
                             .by = doer->id,
                             .by_user = doer->user,
                             .as = order->as,
                             .deputy_for = order->deputy_for,
                             .reason = order->reason,
                             .at_ms = req->now_ms};
    if (order->to) {
        ret->to = order->to->id;
        ret->to_user = order->to->user;
    }
    int done = handover_total(app, &ret->from, req->arena, &ret->total);
    if (done == 0)
        done = handover_begin(app->store, &order->id, order->write, ret, doer, req->arena);
    if (done != 0 && done != STORE_REPEATED)
        return done;
    return handover_go_on(app, &order->id, req->now_ms, req->arena, ret);
}

/* --- routes ----------------------------------------------------------------------------------- */

int handover_receiver(const struct request *req, struct reply *reply, const char *pointer,
                      const char *agency, const struct id *id, struct staff *ret)
{
    int done = staff_get(app_of(req)->store, id, req->arena, ret);
    bool ours = done == 0 && ret->active && strcmp(ret->agency, agency) == 0 &&
                (ret->role == STAFF_OFFICER || ret->role == STAFF_LEADER);
    if (done >= 0 && !ours)
        reply_invalid(reply, pointer, "Không phải cán bộ đang làm việc của cơ quan này",
                      "Not an active officer of this agency");
    return done < 0 ? done : 0;
}

/* The account of {id}: of the caller's own agency. */
static int colleague(const struct request *req, const struct id *id, struct staff *ret)
{
    int done = staff_get(app_of(req)->store, id, req->arena, ret);
    return done == 0 && strcmp(ret->agency, req->who.agency) != 0 ? STORE_ABSENT : done;
}

static int queue_get(struct request *req, struct reply *reply)
{
    struct id id;
    struct staff officer;
    struct handover_kind kinds[PUSH_KINDS_MAX + 1];
    if (req->who.role != ROLE_ADMIN && !app_oversees(req))
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    int done = request_param_id(req, "id", &id) ? colleague(req, &id, &officer) : STORE_ABSENT;
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    CLEANUP(json_decrefp) json_t *items = json_array();
    int64_t total = 0;
    handover_kinds_of(app_of(req), kinds);
    for (const struct handover_kind *k = kinds; k->kept && done == 0; k++) {
        struct handover_count count;
        done = handover_count(app_of(req)->store, k, &id, req->arena, &count);
        for (size_t s = 1; done == 0 && s < count.kind->n_states; s++) {
            const struct entity_name *state = &count.kind->state_names[s];
            if (count.by_state[s])
                json_array_append_new(items,
                                      json_pack("{s:s, s:s, s:s, s:I}", "kind", count.kind->name,
                                                "state", state->name, "label",
                                                state->label[req->language == LANGUAGE_EN], "count",
                                                (json_int_t)count.by_state[s]));
        }
        total += count.n;
    }
    if (done != 0)
        return done;
    return reply_json(reply, 200,
                      json_pack("{s:I, s:O}", "total", (json_int_t)total, "items", items));
}

static int reply_handover(const struct request *req, struct reply *reply, const struct handover *h,
                          int status)
{
    return staff_reply(req, reply, &handover_entity, &h->id, h, status);
}

static int begin_post(struct request *req, struct reply *reply)
{
    struct staff_doer doer;
    struct staff from, to;
    struct handover h;
    struct id from_id = {0}, to_id = {0};
    id_parse(json_string_value(json_object_get(req->json, "from")), &from_id);
    const char *receiver = json_string_value(json_object_get(req->json, "to"));
    int done = colleague(req, &from_id, &from);
    if (done > 0)
        reply_invalid(reply, "/from", "Không phải cán bộ của cơ quan này",
                      "Not an officer of this agency");
    if (receiver) {
        id_parse(receiver, &to_id);
        done = done < 0 ? done : handover_receiver(req, reply, "/to", req->who.agency, &to_id, &to);
        if (id_equal(&from_id, &to_id))
            reply_invalid(reply, "/to", "Không bàn giao cho chính người đó",
                          "Not to the same person");
    }
    if (done < 0 || reply_is_problem(reply))
        return done < 0 ? done : 0;
    done = staff_doer_of(req, &doer);
    if (done < 0)
        return done;
    struct store_write write =
        store_write_keyed("handover", &req->who.subject, request_header(req, "idempotency-key"),
                          req->bytes, req->n_bytes);
    struct handover_order order = {.write = &write,
                                   .from = &from,
                                   .to = receiver ? &to : NULL,
                                   .reason = app_text(req, "reason"),
                                   .as = req->who.role == ROLE_LEADER ? "leader" : "admin"};
    order.id = id_v8("handover", &(struct id_part){write.id.bytes, 16}, 1);
    done = handover_order(req, &order, &doer, &h);
    return done != 0 ? (done < 0 ? done : app_reply_store(reply, done))
                     : reply_handover(req, reply, &h, 201);
}

static int one_get(struct request *req, struct reply *reply)
{
    struct id id;
    struct handover h;
    int done = request_param_id(req, "id", &id)
                   ? handover_get(app_of(req)->store, &id, req->arena, &h)
                   : STORE_ABSENT;
    if (done < 0)
        return done;
    if (done > 0 || !staff_is_over(req, h.agency))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return reply_handover(req, reply, &h, 200);
}

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct handover h = {0};
    int done = entity_decode(&handover_entity, doc, req->arena, &h);
    if (done < 0 || !store_document_id(doc, &h.id))
        return done < 0 ? done : E_CORRUPT;
    return staff_show(req, &handover_entity, &h.id, &h, out);
}

static int list_get(struct request *req, struct reply *reply)
{
    return staff_list(req, reply, req->who.agency, &handover_collection, "at", show);
}

static const enum problem named[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem begin_problems[] = {PROBLEM_INVALID, PROBLEM_CONFLICT, PROBLEM_KEY_REUSED,
                                              PROBLEM_NONE};

/* clang-format off */
const struct route handover_routes[] = {
    {.method = GET, .path = "/v1/desk/officers/{id}/queue", .operation = "officerQueue",
     .summary = "How many open cases an officer has: what a hand-over would move", .tag = "staff",
     .run = queue_get, .who = ROLE_OFFICER | ROLE_LEADER | ROLE_ADMIN, .reply_schema = "OfficerQueue",
     .problems = named, .rate = RATE_READ},
    {.method = POST, .path = "/v1/desk/handovers", .operation = "handoverBegin",
     .summary = "Hand an officer's open cases to another, or back to the unit; repeat to go on",
     .tag = "staff", .run = begin_post, .who = ROLE_LEADER | ROLE_ADMIN, .body = BODY_JSON,
     .body_schema = "handover", .reply_schema = "Handover", .reply_status = 201,
     .problems = begin_problems, .rate = RATE_WRITE, .flags = ROUTE_KEYED},
    {.method = GET, .path = "/v1/desk/handovers", .operation = "handoverList",
     .summary = "Hand-overs of my agency, newest first", .tag = "staff", .run = list_get,
     .who = ROLE_LEADER | ROLE_ADMIN, .reply_schema = "HandoverPage", .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = GET, .path = "/v1/desk/handovers/{id}", .operation = "handoverGet",
     .summary = "How far a hand-over came", .tag = "staff", .run = one_get,
     .who = ROLE_LEADER | ROLE_ADMIN, .reply_schema = "Handover", .problems = named,
     .rate = RATE_READ},
    {0},
};
/* clang-format on */
