/*
 * What may happen to a report: the one table. Rows of one verb are tried in order; the first whose
 * state, guard and party match is taken. Clocks follow from the states (table below); a row only
 * says which are done for good and which begin anew.
 */
#include "domain/report/report.h"

#include <string.h>

const struct entity_name report_states[] = {
    {0},
    [REPORT_NEW] = {"new", {"Mới gửi", "New"}},
    [REPORT_DISPATCHED] = {"dispatched", {"Đã phân phối", "Dispatched"}},
    [REPORT_RECEIVED] = {"received", {"Đã tiếp nhận", "Received"}},
    [REPORT_IN_PROGRESS] = {"in_progress", {"Đang xử lý", "In progress"}},
    [REPORT_WAITING] = {"waiting", {"Chờ bổ sung", "Waiting for the reporter"}},
    [REPORT_APPROVAL] = {"approval", {"Chờ duyệt", "Waiting for approval"}},
    [REPORT_ANSWERED] = {"answered", {"Đã xử lý", "Answered"}},
    [REPORT_CLOSED] = {"closed", {"Đóng", "Closed"}},
    {0},
};

const struct entity_name report_outcomes[] = {
    {0},
    [REPORT_RESOLVED] = {"resolved", {"Đã giải quyết", "Resolved"}},
    [REPORT_REJECTED] = {"rejected", {"Từ chối", "Rejected"}},
    [REPORT_DUPLICATE] = {"duplicate", {"Trùng lặp", "Duplicate"}},
    [REPORT_WITHDRAWN] = {"withdrawn", {"Người gửi rút", "Withdrawn"}},
    {0},
};

const struct entity_name report_places[] = {
    {0},
    [PLACE_POLYGON] = {"polygon", {"Theo ranh giới", "By border"}},
    [PLACE_CHOICE] = {"choice", {"Người gửi chọn", "Chosen by the reporter"}},
    [PLACE_NEAREST] = {"nearest", {"Gần nhất", "Nearest"}},
    {0},
};

/* --- states and clocks ------------------------------------------------------------------------ */

static const struct case_state states[REPORT_STATES] = {
    [REPORT_NEW] = {true, REPORT_CLOCK_DISPATCH},
    [REPORT_DISPATCHED] = {true, REPORT_CLOCK_RESPONSE},
    [REPORT_RECEIVED] = {true, REPORT_CLOCK_RESPONSE},
    [REPORT_IN_PROGRESS] = {true, REPORT_CLOCK_RESPONSE},
    [REPORT_WAITING] = {true, REPORT_CLOCK_SUPPLY},
    [REPORT_APPROVAL] = {true, REPORT_CLOCK_RESPONSE},
    [REPORT_ANSWERED] = {true, REPORT_CLOCK_REVIEW},
    [REPORT_CLOSED] = {false, 0},
};

static const struct report_settings *settings(const struct case_world *w)
{
    return w->settings;
}

static int64_t dispatch_budget(const struct case_world *w)
{
    return clock_budget_of(&settings(w)->dispatch, w->calendar, w->now_ms);
}

static int64_t response_budget(const struct case_world *w)
{
    return clock_budget_of(&settings(w)->response, w->calendar, w->now_ms);
}

static int64_t supply_budget(const struct case_world *w)
{
    return settings(w)->supply_ms;
}

static int64_t review_budget(const struct case_world *w)
{
    return settings(w)->review_ms;
}

static int64_t warn_dispatch(const struct case_world *w)
{
    return settings(w)->dispatch.working_day_ms * settings(w)->warn_share / 100;
}

static int64_t warn_response(const struct case_world *w)
{
    return settings(w)->response.working_day_ms * settings(w)->warn_share / 100;
}

static int64_t warn_supply(const struct case_world *w)
{
    return settings(w)->supply_ms * settings(w)->warn_share / 100;
}

static const struct case_clock_kind clocks[REPORT_CLOCKS] = {
    [REPORT_CLOCK_DISPATCH] = {.name = "dispatch",
                               .unit = CALENDAR_ELAPSED,
                               .duty = true,
                               .budget = dispatch_budget,
                               .warn_ms = warn_dispatch,
                               .warn_whom = {TELL_DISPATCHER},
                               .late_whom = {TELL_DISPATCHER}},
    [REPORT_CLOCK_RESPONSE] = {.name = "response",
                               .unit = CALENDAR_ELAPSED,
                               .duty = true,
                               .budget = response_budget,
                               .warn_ms = warn_response,
                               .warn_whom = {TELL_OFFICER, TELL_LEADER},
                               .late_whom = {TELL_OFFICER, TELL_LEADER}},
    [REPORT_CLOCK_SUPPLY] = {.name = "supply",
                             .unit = CALENDAR_ELAPSED,
                             .budget = supply_budget,
                             .warn_ms = warn_supply,
                             .warn_whom = {TELL_OWNER},
                             .when_due = "resume"},
    [REPORT_CLOCK_REVIEW] = {.name = "review",
                             .unit = CALENDAR_ELAPSED,
                             .budget = review_budget,
                             .when_due = "close"},
};

/* --- reasons that may be given ---------------------------------------------------------------- */

static const struct entity_name reject_reasons[] = {
    {0},
    {"not_in_scope",
     {"Không thuộc phạm vi phản ánh hiện trường", "Not a matter for field reports"}},
    {"complaint",
     {"Là khiếu nại, tố cáo: nộp tại Ban Tiếp công dân",
      "A complaint or denunciation: file it at the Citizen Reception Board"}},
    {"dossier",
     {"Thuộc xử lý hồ sơ: liên hệ bộ phận một cửa", "About a dossier: ask the one-stop desk"}},
    {"no_content", {"Không đủ nội dung để xử lý", "Too little to act upon"}},
    {"untrue", {"Đã kiểm tra, sự việc không có", "Checked: it is not so"}},
    {"abuse", {"Ngôn từ xúc phạm, spam", "Abuse or spam"}},
    {0},
};

static const struct entity_name transfer_reasons[] = {
    {0},
    {"other_area", {"Không thuộc địa bàn", "Another area"}},
    {"other_field", {"Không thuộc lĩnh vực phụ trách", "Another field"}},
    {"higher_level", {"Vượt thẩm quyền", "Beyond our competence"}},
    {0},
};

/* --- guards and effects ----------------------------------------------------------------------- */

static int may_transfer(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->transfers < REPORT_TRANSFERS_MAX ? 0 : 1;
}

static int needs_approval(const void *record, const struct case_act *act,
                          const struct case_world *w)
{
    (void)w;
    return ((const struct report *)record)->approval && !(act->party & PARTY_LEADER) ? 0 : 1;
}

static int proof_wanted(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->proof ? 0 : 1;
}

static int approval_and_proof(const void *record, const struct case_act *act,
                              const struct case_world *w)
{
    int skip = needs_approval(record, act, w);
    return skip ? skip : proof_wanted(record, act, w);
}

static int is_public(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->published_ms ? 0 : 1;
}

static int is_private(const void *record, const struct case_act *act, const struct case_world *w)
{
    return is_public(record, act, w) ? 0 : 1;
}

static int consented(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->consent ? 0 : 1;
}

static int in_review(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act;
    const struct report *r = record;
    if (r->head.outcome != REPORT_RESOLVED)
        return 1;
    return r->answered_ms && w->now_ms <= r->answered_ms + settings(w)->review_ms ? 0 : 1;
}

static int not_rated(const void *record, const struct case_act *act, const struct case_world *w)
{
    int skip = in_review(record, act, w);
    return skip ? skip : ((const struct report *)record)->rating != 0;
}

/* A transfer to where it already is would move nothing and still count. */
static bool goes_nowhere(const struct report *r, const struct case_act *act)
{
    return r->head.agency && strcmp(r->head.agency, act->agency) == 0;
}

static void hold(struct report *r, const char *agency)
{
    r->head.agency = agency;
    r->head.unit = NULL;
    r->head.officer = (struct id){0};
}

static int to_agency(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (goes_nowhere(r, act) && r->head.steps.n > 0 && act->party != PARTY_DISPATCHER) {
        act->lacks = "/agency";
        return CASE_LACKS;
    }
    if (strcmp(act->verb, "transfer") == 0)
        r->transfers++;
    hold(r, act->agency);
    return 0;
}

static int to_dispatcher(void *record, struct case_act *act, const struct case_world *w,
                         struct arena *a)
{
    (void)a;
    struct report *r = record;
    r->transfers++;
    act->agency = w->dispatcher;
    hold(r, w->dispatcher);
    return 0;
}

static int give_officer(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)w, (void)a;
    ((struct report *)record)->head.officer = act->officer;
    return 0;
}

/* Who receives a report has it, until it is assigned to another. */
static int take(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (id_is_nil(&r->head.officer))
        r->head.officer = act->by;
    return 0;
}

static struct case_task *task_add(struct report *r, struct arena *a)
{
    struct entity_list *tasks = &r->head.tasks;
    struct case_task *old = tasks->items;
    size_t kept = tasks->n < CASE_TASKS_MAX ? tasks->n : CASE_TASKS_MAX - 1;
    struct case_task *items = arena_array(a, kept + 1, sizeof(*items));
    if (kept > 0)
        memcpy(items, old + (tasks->n - kept), kept * sizeof(*items));
    tasks->items = items;
    tasks->n = kept + 1;
    return &items[kept];
}

static int ask(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct report *r = record;
    struct case_task *t = task_add(r, a);
    const struct id_part parts[] = {{r->head.id.bytes, 16}, {&r->head.revision, 8}};
    *t = (struct case_task){.id = id_v8("question", parts, 2),
                            .asked_ms = w->now_ms,
                            .question = act->note,
                            .by = act->by};
    return 0;
}

static int supply(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)a;
    struct entity_list *tasks = &((struct report *)record)->head.tasks;
    struct case_task *items = tasks->items;
    for (size_t i = tasks->n; i-- > 0;) {
        if (!items[i].answered_ms) {
            items[i].answered_ms = w->now_ms;
            items[i].answer = act->note;
            break;
        }
    }
    return 0;
}

static int extend(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    struct case_clock_row *rows = r->head.clocks.items;
    for (size_t i = 0; i < r->head.clocks.n; i++) {
        if (rows[i].name == REPORT_CLOCK_RESPONSE) {
            rows[i].budget += act->minutes * 60000;
            rows[i].warned_ms = rows[i].late_ms = 0;
        }
    }
    r->extensions++;
    return 0;
}

static int answer(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)a;
    struct report *r = record;
    r->answer = act->note;
    r->answered_ms = w->now_ms;
    if (id_is_nil(&r->head.officer))
        r->head.officer = act->by;
    return 0;
}

static int approve(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)act, (void)a;
    ((struct report *)record)->answered_ms = w->now_ms;
    return 0;
}

static int publish(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)act, (void)a;
    ((struct report *)record)->published_ms = w->now_ms;
    return 0;
}

static int unpublish(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)act, (void)w, (void)a;
    ((struct report *)record)->published_ms = 0;
    return 0;
}

static int rate(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    r->rating = act->rating;
    r->rating_note = act->note;
    return 0;
}

static int reopen(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)act, (void)w, (void)a;
    struct report *r = record;
    r->reopened++;
    r->answered_ms = 0;
    r->rating = 0;
    r->rating_note = NULL;
    return 0;
}

static int duplicate(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (id_equal(&act->other, &r->head.id)) {
        act->lacks = "/other";
        return CASE_LACKS;
    }
    r->duplicate_of = act->other;
    return 0;
}

/* --- the table -------------------------------------------------------------------------------- */

#define IN(state) (1U << REPORT_##state)
#define AT_AGENCY (IN(DISPATCHED) | IN(RECEIVED) | IN(IN_PROGRESS))
#define WITH_OFFICER (IN(RECEIVED) | IN(IN_PROGRESS))
#define RUNS(clock) (1U << REPORT_CLOCK_##clock)
#define HOLDER (PARTY_OFFICER | PARTY_LEADER)

/* clang-format off */
static const struct case_row rows[] = {
    {.verb = "dispatch", .from = IN(NEW), .to = REPORT_DISPATCHED, .who = PARTY_DISPATCHER,
     .needs = NEEDS_AGENCY, .stops = RUNS(DISPATCH), .renews = RUNS(RESPONSE), .effect = to_agency,
     .tells = {{TELL_OWNER}, {TELL_AGENCY}}, .label = {"Phân phối", "Dispatch"}},
    {.verb = "receive", .from = IN(DISPATCHED), .to = REPORT_RECEIVED, .who = HOLDER,
     .effect = take, .tells = {{TELL_OWNER}}, .label = {"Tiếp nhận", "Receive"}},
    {.verb = "assign", .from = AT_AGENCY, .to = REPORT_IN_PROGRESS, .who = HOLDER,
     .needs = NEEDS_OFFICER, .effect = give_officer, .tells = {{TELL_OWNER}, {TELL_OFFICER}},
     .label = {"Giao việc", "Assign"}},
    {.verb = "transfer", .from = AT_AGENCY, .to = REPORT_DISPATCHED, .who = HOLDER,
     .needs = NEEDS_REASON | NEEDS_AGENCY, .reasons = transfer_reasons, .guard = may_transfer,
     .effect = to_agency, .tells = {{TELL_OWNER}, {TELL_AGENCY}}, .label = {"Chuyển trả", "Transfer"}},
    {.verb = "transfer", .from = AT_AGENCY, .to = REPORT_NEW, .who = HOLDER,
     .needs = NEEDS_REASON, .reasons = transfer_reasons, .renews = RUNS(DISPATCH),
     .effect = to_dispatcher, .tells = {{TELL_OWNER}, {TELL_DISPATCHER}},
     .label = {"Chuyển trả", "Transfer"}},
    {.verb = "ask", .from = WITH_OFFICER, .to = REPORT_WAITING, .who = HOLDER, .needs = NEEDS_NOTE,
     .keeps_back = true, .renews = RUNS(SUPPLY), .effect = ask, .tells = {{TELL_OWNER}},
     .label = {"Hỏi thêm", "Ask the reporter"}},
    {.verb = "supply", .from = IN(WAITING), .to = CASE_BACK, .who = PARTY_OWNER,
     .needs = NEEDS_NOTE, .stops = RUNS(SUPPLY), .effect = supply, .tells = {{TELL_OFFICER}},
     .label = {"Bổ sung", "Answer the question"}},
    {.verb = "resume", .from = IN(WAITING), .to = CASE_BACK, .who = HOLDER | PARTY_SYSTEM,
     .stops = RUNS(SUPPLY), .tells = {{TELL_OWNER}, {TELL_OFFICER}},
     .label = {"Xử lý tiếp", "Go on without an answer"}},
    {.verb = "extend", .from = AT_AGENCY, .to = CASE_STAY, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE | NEEDS_MINUTES, .effect = extend, .tells = {{TELL_OWNER}},
     .label = {"Gia hạn", "Extend"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_APPROVAL, .who = HOLDER,
     .needs = NEEDS_NOTE | NEEDS_PROOF, .guard = approval_and_proof, .keeps_back = true,
     .outcome = REPORT_RESOLVED, .effect = answer, .tells = {{TELL_LEADER}},
     .label = {"Trả lời", "Answer"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_APPROVAL, .who = HOLDER,
     .needs = NEEDS_NOTE, .guard = needs_approval, .keeps_back = true, .outcome = REPORT_RESOLVED,
     .effect = answer, .tells = {{TELL_LEADER}}, .label = {"Trả lời", "Answer"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_ANSWERED, .who = HOLDER,
     .needs = NEEDS_NOTE | NEEDS_PROOF, .guard = proof_wanted, .stops = RUNS(RESPONSE),
     .renews = RUNS(REVIEW), .outcome = REPORT_RESOLVED, .effect = answer,
     .tells = {{TELL_OWNER}}, .label = {"Trả lời", "Answer"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_ANSWERED, .who = HOLDER,
     .needs = NEEDS_NOTE, .stops = RUNS(RESPONSE), .renews = RUNS(REVIEW),
     .outcome = REPORT_RESOLVED, .effect = answer, .tells = {{TELL_OWNER}},
     .label = {"Trả lời", "Answer"}},
    {.verb = "approve", .from = IN(APPROVAL), .to = REPORT_ANSWERED, .who = PARTY_LEADER,
     .stops = RUNS(RESPONSE), .renews = RUNS(REVIEW), .outcome = REPORT_RESOLVED,
     .effect = approve, .tells = {{TELL_OWNER}, {TELL_OFFICER}}, .label = {"Duyệt", "Approve"}},
    {.verb = "send_back", .from = IN(APPROVAL), .to = CASE_BACK, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE, .tells = {{TELL_OFFICER}}, .label = {"Trả lại", "Send back"}},
    {.verb = "publish", .from = WITH_OFFICER | IN(APPROVAL) | IN(ANSWERED) | IN(CLOSED),
     .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER, .guard = is_private, .effect = publish,
     .tells = {{TELL_OWNER}}, .label = {"Công khai", "Publish"}},
    {.verb = "unpublish",
     .from = AT_AGENCY | IN(NEW) | IN(WAITING) | IN(APPROVAL) | IN(ANSWERED) | IN(CLOSED),
     .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER, .guard = is_public, .effect = unpublish,
     .label = {"Gỡ công khai", "Withdraw from the public"}},
    {.verb = "rate", .from = IN(ANSWERED) | IN(CLOSED), .to = CASE_STAY, .who = PARTY_OWNER,
     .needs = NEEDS_RATING, .guard = not_rated, .effect = rate, .tells = {{TELL_OFFICER}},
     .label = {"Đánh giá", "Rate"}},
    {.verb = "reopen", .from = IN(ANSWERED) | IN(CLOSED), .to = REPORT_DISPATCHED,
     .who = PARTY_OWNER, .needs = NEEDS_NOTE, .guard = in_review, .stops = RUNS(REVIEW),
     .renews = RUNS(RESPONSE), .effect = reopen, .tells = {{TELL_AGENCY}, {TELL_LEADER}},
     .label = {"Mở lại", "Reopen"}},
    {.verb = "reject", .from = IN(NEW), .to = REPORT_CLOSED, .who = PARTY_DISPATCHER,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = reject_reasons, .outcome = REPORT_REJECTED,
     .tells = {{TELL_OWNER}}, .label = {"Từ chối", "Reject"}},
    {.verb = "reject", .from = AT_AGENCY, .to = REPORT_CLOSED, .who = HOLDER,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = reject_reasons, .outcome = REPORT_REJECTED,
     .tells = {{TELL_OWNER}}, .label = {"Từ chối", "Reject"}},
    {.verb = "duplicate", .from = IN(NEW) | AT_AGENCY, .to = REPORT_CLOSED,
     .who = HOLDER | PARTY_DISPATCHER, .needs = NEEDS_OTHER, .outcome = REPORT_DUPLICATE,
     .effect = duplicate, .tells = {{TELL_OWNER}}, .label = {"Trùng lặp", "Mark as duplicate"}},
    {.verb = "withdraw", .from = IN(NEW) | AT_AGENCY | IN(WAITING), .to = REPORT_CLOSED,
     .who = PARTY_OWNER, .outcome = REPORT_WITHDRAWN, .tells = {{TELL_AGENCY}},
     .label = {"Rút phản ánh", "Withdraw"}},
    {.verb = "reveal", .from = AT_AGENCY | IN(NEW) | IN(WAITING) | IN(APPROVAL) | IN(ANSWERED),
     .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER, .needs = NEEDS_NOTE, .guard = consented,
     .tells = {{TELL_OWNER}}, .label = {"Xem người gửi", "See the reporter"}},
    {.verb = "close", .from = IN(ANSWERED), .to = REPORT_CLOSED, .who = HOLDER | PARTY_SYSTEM,
     .outcome = REPORT_RESOLVED, .tells = {{TELL_OWNER}}, .label = {"Đóng", "Close"}},
};
/* clang-format on */

const struct case_kind report_kind = {
    .name = "report",
    .prefix = "PA",
    .state_names = report_states,
    .outcome_names = report_outcomes,
    .states = states,
    .n_states = REPORT_STATES,
    .clocks = clocks,
    .n_clocks = REPORT_CLOCKS,
    .rows = rows,
    .n_rows = ARRAY_LEN(rows),
};
