#include "handlers/cases.h"

#include <string.h>

#include "base/result.h"

static void add_needs(const struct case_row *row, struct buf *out)
{
    static const struct {
        unsigned need;
        const char *member;
    } needs[] = {{NEEDS_NOTE, "note"},       {NEEDS_REASON, "reason"}, {NEEDS_AGENCY, "agency"},
                 {NEEDS_OFFICER, "officer"}, {NEEDS_PROOF, "photos"},  {NEEDS_RATING, "rating"},
                 {NEEDS_MINUTES, "minutes"}, {NEEDS_OTHER, "other"},   {NEEDS_PAPERS, "components"},
                 {NEEDS_RESULTS, "results"}, {NEEDS_AMOUNT, "amount"}, {NEEDS_DAYS, "days"}};
    bool first = true;
    for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
        if (!(row->needs & needs[i].need))
            continue;
        buf_printf(out, "%s\"%s\"", first ? "" : ",", needs[i].member);
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

void cases_add_steps(const struct request *req, const struct case_row *const *rows, size_t n,
                     const char *base, cases_door_fn door, struct buf *out)
{
    buf_add_str(out, "\"steps\":[");
    for (size_t i = 0; i < n; i++) {
        const char *label = rows[i]->label[req->language];
        const char *at = door ? door(rows[i]->verb) : NULL;
        buf_printf(out, "%s{\"verb\":\"%s\",\"label\":", i ? "," : "", rows[i]->verb);
        buf_add_json_str(out, label, strlen(label));
        if (at)
            buf_printf(out, ",\"at\":\"%s%s\"", base, at);
        buf_add_str(out, ",\"needs\":[");
        add_needs(rows[i], out);
        buf_add_str(out, "]");
        if (rows[i]->needs & NEEDS_REASON)
            add_reasons(rows[i]->reasons, req->language, out);
        buf_add_str(out, "}");
    }
    buf_add_str(out, "]");
}

static int reply_wrong_state(struct reply *reply, const struct case_kind *k, const void *record,
                             const struct case_actor *actor, const struct case_world *w)
{
    const struct case_head *h = record;
    const struct case_row *rows[CASE_STATES_MAX];
    size_t n = case_allowed(k, record, case_party_of(h, actor), w, rows, ARRAY_LEN(rows));
    json_t *allowed = json_array();
    reply_problem(reply, PROBLEM_WRONG_STATE, NULL);
    reply_extra(reply, "state", json_string(entity_enum_name(k->state_names, h->state)));
    for (size_t i = 0; i < n; i++)
        json_array_append_new(allowed, json_string(rows[i]->verb));
    reply_extra(reply, "allowed", allowed);
    return 0;
}

int cases_reply_outcome(const struct request *req, struct reply *reply, const struct case_kind *k,
                        const void *record, const struct case_actor *actor,
                        const struct case_world *w, const char *lacks, int outcome)
{
    (void)req;
    switch (outcome) {
    case CASE_NO_VERB:
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    case CASE_WRONG_STATE:
        return reply_wrong_state(reply, k, record, actor, w);
    case CASE_FORBIDDEN:
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    case CASE_LACKS:
        return reply_invalid(reply, lacks, "Bước này cần thông tin này, hoặc giá trị chưa phù hợp",
                             "The step needs this, or the value does not fit");
    case CASE_CROWDED:
        return reply_problem(reply, PROBLEM_OVERLOADED, NULL);
    default:
        return outcome < 0 ? outcome : app_reply_store(reply, outcome);
    }
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
