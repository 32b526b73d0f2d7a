/*
 * What may happen to a report: the one table. Rows of one verb are tried in order; the first whose
 * state, guard and party match is taken. Clocks follow from the states (table below); a row only
 * says which are done for good and which begin anew. Guards and effects are in rules.c.
 */
#include "domain/report/private.h"

const struct entity_name report_states[] = {
    {0},
    [REPORT_NEW] = {"new", {"Mới gửi", "New"}},
    [REPORT_DISPATCHED] = {"dispatched", {"Đã phân phối", "Dispatched"}},
    [REPORT_RECEIVED] = {"received", {"Đã tiếp nhận", "Received"}},
    [REPORT_IN_PROGRESS] = {"in_progress", {"Đang xử lý", "In progress"}},
    [REPORT_WAITING] = {"waiting", {"Chờ bổ sung", "Waiting for the reporter"}},
    [REPORT_APPROVAL] = {"approval", {"Chờ duyệt", "Waiting for approval"}},
    [REPORT_ANSWERED] = {"answered", {"Đã xử lý", "Answered"}},
    [REPORT_CLOSED] = {"closed", {"Đã đóng", "Closed"}},
    {0},
};

const struct entity_name report_outcomes[] = {
    {0},
    [REPORT_RESOLVED] = {"resolved", {"Đã giải quyết", "Resolved"}},
    [REPORT_REJECTED] = {"rejected", {"Từ chối", "Rejected"}},
    [REPORT_DUPLICATE] = {"duplicate", {"Trùng lặp", "Duplicate"}},
    [REPORT_WITHDRAWN] = {"withdrawn", {"Đã rút", "Withdrawn"}},
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

static int64_t warn_share(const struct case_world *w, int64_t budget)
{
    return budget / 100 * settings(w)->warn_share;
}

static const struct case_clock_kind clocks[REPORT_CLOCKS] = {
    [REPORT_CLOCK_DISPATCH] = {.name = "dispatch",
                               .unit = CALENDAR_ELAPSED,
                               .duty = true,
                               .budget = dispatch_budget,
                               .warn_ms = warn_share,
                               .warn_whom = {TELL_DISPATCHER},
                               .late_whom = {TELL_DISPATCHER}},
    [REPORT_CLOCK_RESPONSE] = {.name = "response",
                               .unit = CALENDAR_ELAPSED,
                               .duty = true,
                               .budget = response_budget,
                               .warn_ms = warn_share,
                               .warn_whom = {TELL_OFFICER, TELL_LEADER},
                               .late_whom = {TELL_OFFICER, TELL_LEADER}},
    [REPORT_CLOCK_SUPPLY] = {.name = "supply",
                             .unit = CALENDAR_ELAPSED,
                             .budget = supply_budget,
                             .warn_ms = warn_share,
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

/* --- the table -------------------------------------------------------------------------------- */

#define IN(state) (1U << REPORT_##state)
#define ANY ((1U << REPORT_STATES) - 2U)
#define AT_AGENCY (IN(DISPATCHED) | IN(RECEIVED) | IN(IN_PROGRESS))
#define UNDECIDED (IN(NEW) | AT_AGENCY | IN(WAITING) | IN(APPROVAL))
#define WITH_OFFICER (IN(RECEIVED) | IN(IN_PROGRESS))
#define RUNS(clock) (1U << REPORT_CLOCK_##clock)
#define HOLDER (PARTY_OFFICER | PARTY_LEADER)
#define APPROVER (PARTY_LEADER | PARTY_STAND_IN)
/* clang-format off */
#define IF(guard) {.holds = report_if_##guard}
#define DO(effect) report_do_##effect
#define TELL(audience) {.whom = TELL_##audience}
#define TELL_EMERGENCY {.whom = TELL_LEADER_SMS, .what = "emergency"}

static const struct case_row rows[] = {
    {.verb = "dispatch", .from = IN(NEW), .to = REPORT_DISPATCHED, .who = PARTY_DISPATCHER,
     .needs = NEEDS_AGENCY, .stops = RUNS(DISPATCH), .renews = RUNS(RESPONSE), .onward = true,
     .guards = {IF(emergency)}, .effect = DO(move),
     .tells = {TELL(OWNER), TELL(AGENCY), TELL_EMERGENCY}, .label = {"Phân phối", "Dispatch"}},
    {.verb = "dispatch", .from = IN(NEW), .to = REPORT_DISPATCHED, .who = PARTY_DISPATCHER,
     .needs = NEEDS_AGENCY, .stops = RUNS(DISPATCH), .renews = RUNS(RESPONSE), .onward = true,
     .effect = DO(move), .tells = {TELL(OWNER), TELL(AGENCY)}, .label = {"Phân phối", "Dispatch"}},
    {.verb = "recall", .from = IN(DISPATCHED), .to = REPORT_NEW, .who = PARTY_DISPATCHER,
     .needs = NEEDS_NOTE, .renews = RUNS(DISPATCH), .effect = DO(recall),
     .tells = {TELL(OWNER), TELL(FORMER)}, .place = CASE_ASIDE, .label = {"Thu hồi", "Take back"}},
    {.verb = "recall", .from = WITH_OFFICER, .to = REPORT_NEW, .who = PARTY_STAND_IN,
     .needs = NEEDS_NOTE, .renews = RUNS(DISPATCH), .effect = DO(recall),
     .tells = {TELL(OWNER), TELL(FORMER)}, .place = CASE_ASIDE, .label = {"Thu hồi", "Take back"}},
    {.verb = "receive", .from = IN(DISPATCHED), .to = REPORT_RECEIVED, .who = HOLDER,
     .onward = true, .effect = case_do_receive, .tells = {TELL(OWNER)},
     .label = {"Tiếp nhận", "Receive"}},
    {.verb = "assign", .from = AT_AGENCY, .to = REPORT_IN_PROGRESS, .who = HOLDER,
     .needs = NEEDS_OFFICER, .effect = case_do_assign, .tells = {TELL(OWNER), TELL(OFFICER)},
     .place_of = report_place_assign, .label = {"Giao việc", "Assign"}},
    {.verb = "assign", .from = IN(WAITING) | IN(APPROVAL) | IN(ANSWERED), .to = CASE_STAY,
     .who = HOLDER, .needs = NEEDS_OFFICER, .effect = case_do_assign, .tells = {TELL(OFFICER)},
     .place_of = report_place_assign, .label = {"Giao việc", "Assign"}},
    {.verb = "unassign", .from = IN(IN_PROGRESS), .to = REPORT_RECEIVED, .who = HOLDER,
     .inner = true, .effect = case_do_unassign, .tells = {TELL(AGENCY)},
     .place = CASE_ASIDE, .label = {"Trả về đơn vị", "Give back to the unit"}},
    {.verb = "unassign",
     .from = IN(DISPATCHED) | IN(RECEIVED) | IN(WAITING) | IN(ANSWERED), .to = CASE_STAY,
     .who = HOLDER, .guards = {{.holds = case_if_assigned}}, .inner = true, .effect = case_do_unassign,
     .tells = {TELL(AGENCY)}, .place = CASE_ASIDE, .label = {"Trả về đơn vị", "Give back to the unit"}},
    {.verb = "unassign", .from = IN(APPROVAL), .to = CASE_STAY, .who = HOLDER,
     .guards = {{.holds = case_if_assigned}}, .inner = true, .effect = case_do_unassign,
     .tells = {TELL(AGENCY)}, .place = CASE_ASIDE, .label = {"Trả về đơn vị", "Give back to the unit"}},
    {.verb = "transfer", .from = AT_AGENCY, .to = REPORT_DISPATCHED, .who = HOLDER,
     .needs = NEEDS_REASON | NEEDS_AGENCY, .reasons = transfer_reasons,
     .guards = {IF(emergency), IF(transfers_left)}, .effect = DO(move),
     .tells = {TELL(OWNER), TELL(AGENCY), TELL_EMERGENCY}, .place = CASE_ASIDE, .label = {"Chuyển trả", "Transfer"}},
    {.verb = "transfer", .from = AT_AGENCY, .to = REPORT_DISPATCHED, .who = HOLDER,
     .needs = NEEDS_REASON | NEEDS_AGENCY, .reasons = transfer_reasons, .guards = {IF(transfers_left)},
     .effect = DO(move), .tells = {TELL(OWNER), TELL(AGENCY)}, .place = CASE_ASIDE, .label = {"Chuyển trả", "Transfer"}},
    {.verb = "transfer", .from = AT_AGENCY, .to = REPORT_NEW, .who = HOLDER,
     .needs = NEEDS_REASON, .reasons = transfer_reasons, .renews = RUNS(DISPATCH),
     .guards = {IF(emergency)}, .effect = DO(give_back),
     .tells = {TELL(OWNER), TELL(DISPATCHER), TELL_EMERGENCY},
     .place = CASE_ASIDE, .label = {"Chuyển trả", "Transfer"}},
    {.verb = "transfer", .from = AT_AGENCY, .to = REPORT_NEW, .who = HOLDER,
     .needs = NEEDS_REASON, .reasons = transfer_reasons, .renews = RUNS(DISPATCH),
     .effect = DO(give_back), .tells = {TELL(OWNER), TELL(DISPATCHER)},
     .place = CASE_ASIDE, .label = {"Chuyển trả", "Transfer"}},
    {.verb = "ask", .from = WITH_OFFICER, .to = REPORT_WAITING, .who = HOLDER, .needs = NEEDS_NOTE,
     .keeps_back = true, .renews = RUNS(SUPPLY), .effect = case_do_ask, .tells = {TELL(OWNER)},
     .label = {"Hỏi thêm", "Ask the reporter"}},
    {.verb = "supply", .from = IN(WAITING), .to = CASE_BACK, .who = PARTY_OWNER,
     .needs = NEEDS_NOTE, .stops = RUNS(SUPPLY), .onward = true, .effect = case_do_supply,
     .tells = {TELL(OFFICER)}, .label = {"Bổ sung", "Answer the question"}},
    {.verb = "resume", .from = IN(WAITING), .to = CASE_BACK, .who = HOLDER | PARTY_SYSTEM,
     .stops = RUNS(SUPPLY), .tells = {TELL(OWNER), TELL(OFFICER)},
     .label = {"Xử lý tiếp", "Go on without an answer"}},
    {.verb = "extend", .from = AT_AGENCY, .to = CASE_STAY, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE | NEEDS_MINUTES, .effect = DO(extend), .tells = {TELL(OWNER)},
     .place = CASE_ASIDE, .label = {"Gia hạn", "Extend"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_APPROVAL, .who = HOLDER,
     .needs = NEEDS_NOTE | NEEDS_PROOF, .guards = {IF(needs_approval), IF(proof_wanted)}, .keeps_back = true,
     .onward = true, .inner = true, .outcome = REPORT_RESOLVED, .effect = DO(answer),
     .tells = {TELL(LEADER)}, .place_of = report_place_answer, .label = {"Trả lời", "Answer"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_APPROVAL, .who = HOLDER,
     .needs = NEEDS_NOTE, .guards = {IF(needs_approval)}, .keeps_back = true,
     .onward = true, .inner = true, .outcome = REPORT_RESOLVED, .effect = DO(answer),
     .tells = {TELL(LEADER)}, .place_of = report_place_answer, .label = {"Trả lời", "Answer"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_ANSWERED, .who = HOLDER,
     .needs = NEEDS_NOTE | NEEDS_PROOF, .guards = {IF(proof_wanted)}, .stops = RUNS(RESPONSE),
     .renews = RUNS(REVIEW), .onward = true, .outcome = REPORT_RESOLVED, .effect = DO(answer),
     .tells = {TELL(OWNER)}, .place_of = report_place_answer, .label = {"Trả lời", "Answer"}},
    {.verb = "answer", .from = WITH_OFFICER, .to = REPORT_ANSWERED, .who = HOLDER,
     .needs = NEEDS_NOTE, .stops = RUNS(RESPONSE), .renews = RUNS(REVIEW), .onward = true,
     .outcome = REPORT_RESOLVED, .effect = DO(answer), .tells = {TELL(OWNER)},
     .place_of = report_place_answer, .label = {"Trả lời", "Answer"}},
    {.verb = "approve", .from = IN(APPROVAL), .to = REPORT_ANSWERED, .who = APPROVER,
     .stops = RUNS(RESPONSE), .renews = RUNS(REVIEW), .onward = true, .outcome = REPORT_RESOLVED,
     .effect = DO(approve), .tells = {TELL(OWNER), TELL(OFFICER)}, .place = CASE_FORTH, .label = {"Duyệt", "Approve"}},
    {.verb = "send_back", .from = IN(APPROVAL), .to = CASE_BACK, .who = APPROVER,
     .needs = NEEDS_NOTE, .inner = true, .effect = DO(send_back), .tells = {TELL(OFFICER)},
     .label = {"Trả lại", "Send back"}},
    {.verb = "publish", .from = WITH_OFFICER | IN(APPROVAL) | IN(ANSWERED) | IN(CLOSED),
     .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER, .guards = {IF(private)}, .effect = DO(publish),
     .tells = {TELL(OWNER)}, .place_of = report_place_publish, .label = {"Công khai", "Publish"}},
    {.verb = "unpublish",
     .from = AT_AGENCY | IN(NEW) | IN(WAITING) | IN(APPROVAL) | IN(ANSWERED) | IN(CLOSED),
     .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER, .guards = {IF(public)},
     .onward = true, .effect = DO(unpublish), .place = CASE_GRAVE, .label = {"Gỡ công khai", "Withdraw from the public"}},
    {.verb = "add", .from = UNDECIDED | IN(ANSWERED), .to = CASE_STAY, .who = PARTY_OWNER,
     .needs = NEEDS_PROOF, .guards = {IF(more_awaited)}, .effect = DO(add),
     .label = {"Thêm ảnh", "Add photos"}},
    {.verb = "add", .from = UNDECIDED | IN(ANSWERED), .to = CASE_STAY, .who = PARTY_OWNER,
     .needs = NEEDS_PROOF, .guards = {IF(addable)}, .effect = DO(add), .tells = {TELL(OFFICER)},
     .label = {"Thêm ảnh", "Add photos"}},
    {.verb = "forgo", .from = UNDECIDED, .to = CASE_STAY, .who = PARTY_OWNER,
     .guards = {IF(awaiting)}, .effect = DO(forgo), .tells = {TELL(OFFICER)},
     .label = {"Không gửi thêm ảnh", "Send no more photos"}},
    {.verb = "miss", .from = UNDECIDED, .to = CASE_STAY, .who = PARTY_SYSTEM,
     .guards = {IF(awaiting)}, .aside = true, .effect = DO(missed),
     .tells = {TELL(OWNER), TELL(OFFICER)}, .label = {"Ảnh chưa đến", "Photos did not come"}},
    {.verb = "rate", .from = IN(ANSWERED) | IN(CLOSED), .to = CASE_STAY, .who = PARTY_OWNER,
     .needs = NEEDS_RATING, .guards = {IF(not_rated)}, .onward = true, .effect = DO(rate),
     .tells = {TELL(OFFICER)}, .label = {"Đánh giá", "Rate"}},
    {.verb = "reopen", .from = IN(ANSWERED) | IN(CLOSED), .to = REPORT_DISPATCHED,
     .who = PARTY_OWNER, .needs = NEEDS_NOTE, .guards = {IF(emergency), IF(in_review)},
     .stops = RUNS(REVIEW), .renews = RUNS(RESPONSE), .effect = DO(reopen),
     .tells = {TELL(AGENCY), TELL(LEADER), TELL_EMERGENCY}, .label = {"Mở lại", "Reopen"}},
    {.verb = "reopen", .from = IN(ANSWERED) | IN(CLOSED), .to = REPORT_DISPATCHED,
     .who = PARTY_OWNER, .needs = NEEDS_NOTE, .guards = {IF(in_review)}, .stops = RUNS(REVIEW),
     .renews = RUNS(RESPONSE), .effect = DO(reopen), .tells = {TELL(AGENCY), TELL(LEADER)},
     .label = {"Mở lại", "Reopen"}},
    {.verb = "reject", .from = IN(NEW), .to = REPORT_CLOSED, .who = PARTY_DISPATCHER,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = reject_reasons, .outcome = REPORT_REJECTED,
     .tells = {TELL(OWNER)}, .place = CASE_GRAVE, .label = {"Từ chối", "Reject"}},
    {.verb = "reject", .from = AT_AGENCY, .to = REPORT_CLOSED, .who = HOLDER | PARTY_STAND_IN,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = reject_reasons, .outcome = REPORT_REJECTED,
     .tells = {TELL(OWNER)}, .place = CASE_GRAVE, .label = {"Từ chối", "Reject"}},
    {.verb = "duplicate", .from = IN(NEW) | AT_AGENCY, .to = REPORT_CLOSED,
     .who = HOLDER | PARTY_DISPATCHER, .needs = NEEDS_OTHER, .outcome = REPORT_DUPLICATE,
     .effect = DO(duplicate), .tells = {TELL(OWNER)}, .place = CASE_GRAVE, .label = {"Trùng lặp", "Mark as duplicate"}},
    {.verb = "withdraw", .from = IN(NEW) | AT_AGENCY | IN(WAITING), .to = REPORT_CLOSED,
     .who = PARTY_OWNER, .outcome = REPORT_WITHDRAWN, .tells = {TELL(AGENCY)},
     .label = {"Rút phản ánh", "Withdraw"}},
    {.verb = "reveal", .from = AT_AGENCY | IN(NEW) | IN(WAITING) | IN(APPROVAL) | IN(ANSWERED),
     .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER, .needs = NEEDS_NOTE, .guards = {IF(consented)},
     .tells = {TELL(OWNER)}, .label = {"Xem người gửi", "See the reporter"}},
    {.verb = "cover", .from = ANY, .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER,
     .label = {"Che ảnh", "Cover parts of a photo"}},
    {.verb = "original", .from = ANY & ~IN(NEW), .to = CASE_STAY, .who = HOLDER,
     .needs = NEEDS_NOTE, .tells = {TELL(OWNER)}, .label = {"Xem ảnh, video gốc", "See an original photo or video"}},
    {.verb = "original", .from = IN(NEW), .to = CASE_STAY, .who = HOLDER | PARTY_DISPATCHER,
     .needs = NEEDS_NOTE, .tells = {TELL(OWNER)}, .label = {"Xem ảnh, video gốc", "See an original photo or video"}},
    {.verb = "ring", .from = AT_AGENCY | IN(NEW), .to = CASE_STAY, .who = PARTY_SYSTEM,
     .inner = true, .aside = true, .label = {"Gọi người trực", "Ring"}},
    {.verb = "acknowledge", .from = AT_AGENCY | IN(NEW), .to = CASE_STAY, .who = PARTY_SYSTEM,
     .inner = true, .aside = true, .label = {"Nhận tin khẩn", "Acknowledge"}},
    {.verb = "close", .from = IN(ANSWERED), .to = REPORT_CLOSED, .who = HOLDER | PARTY_SYSTEM,
     .outcome = REPORT_RESOLVED, .tells = {TELL(OWNER)}, .place = CASE_ASIDE, .label = {"Đóng", "Close"}},
    /* What is new lies with the portal itself, which asks nothing of itself. */
    CASE_DEMAND_ROWS(PARTY_INSPECTOR | PARTY_LEADER, IN(NEW), IN(NEW), TELL(OFFICER), TELL(LEADER)),
    CASE_DEMAND_ROWS(PARTY_INSPECTOR | PARTY_LEADER | PARTY_DISPATCHER, ANY & ~(IN(CLOSED) | IN(NEW)), ANY & ~IN(NEW), TELL(OFFICER), TELL(LEADER)),
    CASE_RESPOND_ROW(ANY),
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
    .alarm = report_alarm,
    .alarm_verb = "miss",
};
