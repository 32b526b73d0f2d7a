#include "handlers/cases.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"

static void add_needs(const struct case_row *row, struct buf *out)
{
    bool first = true;
    for (const struct case_need *n = case_need_names; n->name; n++) {
        if (!(row->needs & n->need))
            continue;
        buf_printf(out, "%s\"%s\"", first ? "" : ",", n->name);
        first = false;
    }
}

static void add_reasons(const struct entity_name *reasons, enum language language, struct buf *out)
{
    buf_add_str(out, ",\"reasons\":[");
    for (const struct entity_name *r = reasons + 1; r->name; r++) {
        buf_printf(out, "%s{\"code\":\"%s\",\"label\":", r == reasons + 1 ? "" : ",", r->name);
        buf_add_json_str(out, r->label[language], strlen(r->label[language]));
        buf_add_str(out, "}");
    }
    buf_add_str(out, "]");
}

void cases_add_steps(const struct request *req, const struct case_kind *k, const void *record,
                     const struct case_actor *actor, const struct case_world *w, const char *base,
                     cases_door_fn door, struct buf *out)
{
    struct case_offer offers[CASE_OFFERS_MAX];
    size_t n = case_offers(k, record, actor, w, offers);
    buf_add_str(out, "\"steps\":[");
    for (size_t i = 0; i < n; i++) {
        const struct case_row *row = offers[i].row;
        const char *label = row->label[req->language];
        const char *at = door ? door(row->verb) : NULL;
        buf_printf(out, "%s{\"verb\":\"%s\",\"place\":\"%s\",\"label\":", i ? "," : "", row->verb,
                   case_place_names[offers[i].place]);
        buf_add_json_str(out, label, strlen(label));
        if (at)
            buf_printf(out, ",\"at\":\"%s%s\"", base, at);
        buf_add_str(out, ",\"needs\":[");
        add_needs(row, out);
        buf_add_str(out, "]");
        if (row->needs & NEEDS_REASON)
            add_reasons(row->reasons, req->language, out);
        buf_add_str(out, "}");
    }
    buf_add_str(out, "]");
}

static const char *const *held_off(const struct cases_tried *t)
{
    return case_held_off(t->kind, t->record, t->verb, case_party_of(t->record, t->actor), t->world);
}

/* 409, with what the caller may do instead. */
static int reply_wrong_state(struct reply *reply, const struct cases_tried *t)
{
    const struct case_head *h = t->record;
    const struct case_row *rows[CASE_OFFERS_MAX];
    size_t n =
        case_allowed(t->kind, h, case_party_of(h, t->actor), t->world, rows, CASE_OFFERS_MAX);
    json_t *allowed = json_array();
    reply_problem_words(reply, PROBLEM_WRONG_STATE, held_off(t));
    reply_extra(reply, "state", json_string(entity_enum_name(t->kind->state_names, h->state)));
    for (size_t i = 0; i < n; i++) {
        if (!t->door || !t->door(rows[i]->verb))
            json_array_append_new(allowed, json_string(rows[i]->verb));
    }
    reply_extra(reply, "allowed", allowed);
    return 0;
}

/* What a member wants, where it is missing or does not fit; of any other, the last. */
static const struct {
    const char *pointer, *vi, *en;
} wants[] = {
    {"/note", "Hãy ghi nội dung", "Write down what is to be said"},
    {"/reason", "Hãy chọn một lý do trong danh sách", "Choose one of the listed reasons"},
    {"/agency", "Hãy chọn một cơ quan khác nơi đang giữ", "Choose another agency than has it"},
    {"/officer", "Hãy chọn cán bộ của cơ quan", "Choose an officer of the agency"},
    {"/rating", "Hãy chấm từ 1 đến 5", "Rate it from 1 to 5"},
    {"/minutes", "Hãy chọn thời gian; cộng các lần gia hạn không vượt mức cho phép",
     "Choose how long; all extensions together stay within what is allowed"},
    {"/days", "Số ngày phải từ 1 trở lên và không quá mức cho phép",
     "It is one day at least, and no more than is allowed"},
    {"/amount", "Số tiền phải từ 1 đồng đến số còn thiếu", "The amount is 1 đồng to what is owed"},
    {"/other", "Hãy nêu một phản ánh gửi trước phản ánh này",
     "Name a report that was filed before"},
    {"/reference", "Hãy ghi mã vận đơn", "Write down the tracking number"},
    {"/demand", "Không có yêu cầu nào chờ đơn vị trả lời", "No demand waits for your answer"},
    {"", "Bước này cần thông tin này, hoặc giá trị chưa phù hợp",
     "The step needs this, or the value does not fit"},
};

static int reply_lacks(struct reply *reply, const char *lacks)
{
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(wants) && strcmp(wants[i].pointer, lacks) != 0)
        i++;
    return reply_invalid(reply, strcmp(lacks, "/media") == 0 ? "/photos" : lacks, wants[i].vi,
                         wants[i].en);
}

int cases_reply_outcome(struct reply *reply, const struct cases_tried *tried, int outcome)
{
    switch (outcome) {
    case CASE_NO_VERB:
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    case CASE_WRONG_STATE:
        return reply_wrong_state(reply, tried);
    case CASE_FORBIDDEN:
        return reply_problem_words(reply, PROBLEM_FORBIDDEN, held_off(tried));
    case CASE_LACKS:
        return reply_lacks(reply, tried->lacks);
    case CASE_CROWDED:
        return reply_problem(reply, PROBLEM_OVERLOADED, NULL);
    default:
        return outcome < 0 ? outcome : app_reply_store(reply, outcome);
    }
}

bool cases_is_last_write(const struct request *req, const bson_t *doc, const struct case_head *h,
                         const struct store_write *write)
{
    const struct case_step *steps = h->steps.items;
    size_t n = h->steps.n;
    return write && req->who.role != ROLE_CITIZEN && n > 0 &&
           id_equal(&steps[n - 1].by, &req->who.subject) && store_wrote(doc, write);
}

int cases_check_targets(const struct request *req, struct reply *reply,
                        const struct catalogue *catalogue, const struct case_act *act)
{
    if (act->agency) {
        const struct agency *agency = catalogue_agency(catalogue, act->agency);
        if (!agency || !agency->active)
            reply_invalid(reply, "/agency", "Không có cơ quan mang mã này",
                          "There is no agency of this code");
    }
    if (id_is_nil(&act->officer))
        return 0;
    struct staff staff;
    int done = staff_get(app_of(req)->store, &act->officer, req->arena, &staff);
    if (done < 0)
        return done;
    bool ours = done == 0 && staff.active && staff.agency &&
                strcmp(staff.agency, req->who.agency) == 0 &&
                (staff.role == STAFF_OFFICER || staff.role == STAFF_LEADER);
    if (!ours)
        reply_invalid(reply, "/officer", "Không phải cán bộ của cơ quan này",
                      "Not an officer of this agency");
    return 0;
}

/* --- lists of a desk -------------------------------------------------------------------------- */

const char *cases_agency_asked(const struct request *req)
{
    bool bound = req->who.role == ROLE_OFFICER || req->who.role == ROLE_LEADER;
    return bound ? req->who.agency : request_query(req, "agency");
}

int cases_reply_rows(const struct request *req, struct reply *reply,
                     const struct store_collection *c, const struct filter *f, const char *order,
                     bool descending, app_show_fn show)
{
    struct store_query q = {.order = order, .descending = descending};
    return cases_reply_query(req, reply, c, f, q, show);
}

int cases_reply_query(const struct request *req, struct reply *reply,
                      const struct store_collection *c, const struct filter *f,
                      struct store_query q, app_show_fn show)
{
    if (f->full)
        return E_FULL;
    q.conditions = f->conditions;
    q.n_conditions = f->n;
    q.limit = app_limit(req, 50, 200);
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, c, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

void cases_filter_late(const struct request *req, struct filter *f, struct store_range *past)
{
    const char *soon = request_query(req, "soon_minutes"), *agency = cases_agency_asked(req);
    int64_t until = req->now_ms + (soon ? strtoll(soon, NULL, 10) : 0) * 60000;
    *past = (struct store_range){.has_high = true, .high = store_int(until)};
    filter_is(f, "duty", store_int(1));
    filter_between(f, "due", past, 1);
    if (agency)
        filter_is(f, "agency", store_text(agency));
}

void cases_filter_demands(const struct request *req, struct filter *f, struct store_range *any)
{
    const char *agency = cases_agency_asked(req), *late = request_query(req, "late");
    bool only_late = late && strcmp(late, "true") == 0;
    *any = (struct store_range){.has_low = true,
                                .has_high = only_late,
                                .low = store_int(1),
                                .high = store_int(req->now_ms)};
    filter_between(f, "answer_due", any, 1);
    if (agency)
        filter_is(f, "asked", store_text(agency));
}

int cases_by_number(const struct request *req, struct reply *reply, const struct case_kept *k,
                    const char *number, void **ret)
{
    struct filter f = {0};
    struct store_page page = {0};
    *ret = NULL;
    filter_is(&f, "number", store_text(number));
    struct store_query q = {
        .conditions = f.conditions, .n_conditions = f.n, .order = "_id", .limit = 1};
    int done = store_scan(app_of(req)->store, k->collection, &q, req->arena, &page);
    if (done != 0)
        return done;
    return page.n == 0 ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL)
                       : case_read(k, page.docs[0], req->arena, ret);
}
