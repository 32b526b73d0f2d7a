/*
 * What may happen to a dossier: the one table. Rows of one verb are tried in order; the first whose
 * state, guard and party match is taken. Clocks follow from the states (table below); a row only
 * says which are done for good and which begin anew. Guards and effects are in rules.c.
 */
#include "domain/dossier/private.h"

const struct entity_name dossier_states[] = {
    {0},
    [DOSSIER_SUBMITTED] = {"submitted", {"Mới đăng ký", "Submitted"}},
    [DOSSIER_RECEIVED] = {"received", {"Được tiếp nhận", "Received"}},
    [DOSSIER_REFUSED] = {"refused", {"Không được tiếp nhận", "Not received"}},
    [DOSSIER_IN_PROGRESS] = {"in_progress", {"Đang xử lý", "In progress"}},
    [DOSSIER_SUPPLEMENT] = {"supplement", {"Yêu cầu bổ sung giấy tờ", "Papers are asked for"}},
    [DOSSIER_FEE] = {"fee", {"Yêu cầu thực hiện nghĩa vụ tài chính", "To be paid"}},
    [DOSSIER_WITHDRAWING] = {"withdrawing", {"Công dân yêu cầu rút", "Withdrawal asked for"}},
    [DOSSIER_STOPPED] = {"stopped", {"Dừng xử lý", "Stopped"}},
    [DOSSIER_FINISHED] = {"finished", {"Đã xử lý xong", "Finished"}},
    [DOSSIER_RETURNED] = {"returned", {"Đã trả kết quả", "Result handed out"}},
    [DOSSIER_PAUSED] = {"paused", {"Tạm dừng do sự cố hệ thống", "Paused: a fault of the system"}},
    {0},
};

const struct entity_name dossier_outcomes[] = {
    {0},
    [DOSSIER_GRANTED] = {"granted", {"Được giải quyết", "Granted"}},
    [DOSSIER_DENIED] = {"denied", {"Không đủ điều kiện giải quyết", "Denied"}},
    [DOSSIER_NOT_ACCEPTED] = {"not_accepted", {"Từ chối tiếp nhận", "Not accepted"}},
    [DOSSIER_WITHDRAWN] = {"withdrawn", {"Đã rút", "Withdrawn"}},
    [DOSSIER_NOT_SUPPLIED] = {"not_supplied", {"Không bổ sung giấy tờ", "Papers did not come"}},
    [DOSSIER_NOT_PAID] = {"not_paid", {"Không thực hiện nghĩa vụ tài chính", "Not paid"}},
    [DOSSIER_HALTED] = {"halted", {"Dừng giải quyết", "Stopped by the agency"}},
    {0},
};

const struct dossier_settings dossier_settings_default = {
    .accept_minutes = 480,
    .cutoff_minute = 900,
    .supply_days = 30,
    .pay_days = 30,
    .withdraw_days = 3,
    .collect_days = 30,
    .repair_ms = INT64_C(3) * 24 * 3600 * 1000,
};

/* --- states and clocks ------------------------------------------------------------------------ */

static const struct case_state states[DOSSIER_STATES] = {
    [DOSSIER_SUBMITTED] = {true, DOSSIER_CLOCK_ACCEPT},
    [DOSSIER_RECEIVED] = {true, DOSSIER_CLOCK_HANDLE},
    [DOSSIER_REFUSED] = {false, 0},
    [DOSSIER_IN_PROGRESS] = {true, DOSSIER_CLOCK_HANDLE},
    [DOSSIER_SUPPLEMENT] = {true, DOSSIER_CLOCK_SUPPLY},
    [DOSSIER_FEE] = {true, DOSSIER_CLOCK_PAY},
    [DOSSIER_WITHDRAWING] = {true, DOSSIER_CLOCK_WITHDRAW},
    [DOSSIER_STOPPED] = {false, 0},
    [DOSSIER_FINISHED] = {true, DOSSIER_CLOCK_COLLECT},
    [DOSSIER_RETURNED] = {false, 0},
    [DOSSIER_PAUSED] = {true, DOSSIER_CLOCK_REPAIR},
};

static const struct dossier_settings *settings(const struct case_world *w)
{
    return w->settings;
}

/* What comes after the hour counts from the next working day (NĐ 118/2025). */
static int64_t received(const struct case_world *w)
{
    return calendar_received_ms(w->calendar, w->now_ms, (int)settings(w)->cutoff_minute);
}

static void accept_span(const void *record, const struct case_world *w, struct case_span *ret)
{
    (void)record;
    ret->unit = CALENDAR_WORKING_MINUTES;
    ret->n = settings(w)->accept_minutes;
}

static void handle_span(const void *record, const struct case_world *w, struct case_span *ret)
{
    const struct dossier *d = record;
    ret->unit = (enum calendar_unit)d->time_unit;
    ret->n = d->time;
    ret->from_ms = received(w);
}

static int64_t supply_days(const struct case_world *w)
{
    return settings(w)->supply_days;
}

static int64_t pay_days(const struct case_world *w)
{
    return settings(w)->pay_days;
}

static int64_t withdraw_days(const struct case_world *w)
{
    return settings(w)->withdraw_days;
}

static int64_t collect_days(const struct case_world *w)
{
    return settings(w)->collect_days;
}

static int64_t repair_ms(const struct case_world *w)
{
    return settings(w)->repair_ms;
}

static int64_t warn_an_hour(const struct case_world *w, int64_t budget)
{
    (void)w, (void)budget;
    return INT64_C(2) * 3600 * 1000;
}

/* In time for an apology, which the law wants a day before. */
static int64_t warn_two_days(const struct case_world *w, int64_t budget)
{
    (void)w, (void)budget;
    return INT64_C(48) * 3600 * 1000;
}

static int64_t warn_five_days(const struct case_world *w, int64_t budget)
{
    (void)w, (void)budget;
    return INT64_C(5) * 24 * 3600 * 1000;
}

static const struct case_clock_kind clocks[DOSSIER_CLOCKS] = {
    [DOSSIER_CLOCK_ACCEPT] = {.name = "accept",
                              .duty = true,
                              .span = accept_span,
                              .warn_ms = warn_an_hour,
                              .warn_whom = {TELL_AGENCY},
                              .late_whom = {TELL_AGENCY, TELL_LEADER}},
    [DOSSIER_CLOCK_HANDLE] = {.name = "handle",
                              .duty = true,
                              .span = handle_span,
                              .warn_ms = warn_two_days,
                              .warn_whom = {TELL_OFFICER, TELL_LEADER},
                              .late_whom = {TELL_OFFICER, TELL_LEADER}},
    [DOSSIER_CLOCK_SUPPLY] = {.name = "supply",
                              .unit = CALENDAR_CALENDAR_DAYS,
                              .budget = supply_days,
                              .warn_ms = warn_five_days,
                              .warn_whom = {TELL_OWNER},
                              .when_due = "lapse"},
    [DOSSIER_CLOCK_PAY] = {.name = "pay",
                           .unit = CALENDAR_CALENDAR_DAYS,
                           .budget = pay_days,
                           .warn_ms = warn_five_days,
                           .warn_whom = {TELL_OWNER},
                           .when_due = "lapse"},
    [DOSSIER_CLOCK_WITHDRAW] = {.name = "withdraw",
                                .unit = CALENDAR_WORKING_DAYS,
                                .duty = true,
                                .budget = withdraw_days,
                                .late_whom = {TELL_OFFICER, TELL_LEADER}},
    [DOSSIER_CLOCK_COLLECT] = {.name = "collect",
                               .unit = CALENDAR_CALENDAR_DAYS,
                               .budget = collect_days,
                               .when_due = "remind"},
    [DOSSIER_CLOCK_REPAIR] = {.name = "repair",
                              .unit = CALENDAR_ELAPSED,
                              .duty = true,
                              .budget = repair_ms,
                              .late_whom = {TELL_LEADER, TELL_DISPATCHER}},
};

/* --- reasons that may be given ---------------------------------------------------------------- */

static const struct entity_name refuse_reasons[] = {
    {0},
    {"not_competent", {"Không thuộc thẩm quyền giải quyết", "Not within our competence"}},
    {"not_this_procedure", {"Không đúng thủ tục hành chính", "Another procedure"}},
    {"not_eligible",
     {"Không thuộc đối tượng, không đủ điều kiện", "The applicant is not eligible"}},
    {"not_complete", {"Hồ sơ không đầy đủ, không hợp lệ", "Not complete or not valid"}},
    {"repeated", {"Hồ sơ đã nộp trước đó", "Filed before"}},
    {0},
};

static const struct entity_name stop_reasons[] = {
    {0},
    {"dispute", {"Có tranh chấp, đang được giải quyết", "Disputed, being settled elsewhere"}},
    {"by_law", {"Theo quyết định của cơ quan có thẩm quyền", "By decision of an authority"}},
    {"untrue", {"Thông tin, giấy tờ không đúng sự thật", "Papers or statements are not true"}},
    {"other", {"Lý do khác", "Another reason"}},
    {0},
};

static const struct entity_name transfer_reasons[] = {
    {0},
    {"opinion", {"Lấy ý kiến cơ quan phối hợp", "For an opinion"}},
    {"competence", {"Chuyển cơ quan có thẩm quyền", "To the competent agency"}},
    {"return", {"Trả lại cơ quan chuyển", "Back to who sent it"}},
    {0},
};

/* --- the table -------------------------------------------------------------------------------- */

#define IN(state) (1U << DOSSIER_##state)
#define WORKED (IN(RECEIVED) | IN(IN_PROGRESS))
#define WAITING (IN(SUPPLEMENT) | IN(FEE))
#define ANY ((1U << DOSSIER_STATES) - 2U)
#define CLOSED (IN(REFUSED) | IN(STOPPED) | IN(RETURNED))
#define RUNS(clock) (1U << DOSSIER_CLOCK_##clock)
#define HOLDER (PARTY_OFFICER | PARTY_LEADER)
#define COUNTER (PARTY_DESK | HOLDER)
/* clang-format off */
#define IF(guard) {.holds = dossier_if_##guard}
#define IF_ELSE(guard, vi, en) {dossier_if_##guard, {vi, en}}
#define FIRST_SUPPLEMENT                                                                           \
    IF_ELSE(first_supplement, "Đã yêu cầu bổ sung một lần; lần nữa chỉ lãnh đạo được yêu cầu",     \
            "Papers were asked for once; only a leader may ask again")
#define MAY_APOLOGISE                                                                              \
    IF_ELSE(may_apologise,                                                                         \
            "Mỗi hồ sơ chỉ được xin lỗi và hẹn lại một lần, chậm nhất một ngày trước hạn trả",     \
            "An apology with a new appointment is made once, and a day before the old one at the " \
            "latest")
#define RESULT_GONE                                                                                \
    IF_ELSE(result_gone, "Kết quả còn hiệu lực; hãy thu hồi trước",                                \
            "A result still holds; revoke it first")
#define RESULT_HOLDS                                                                               \
    IF_ELSE(result_holds, "Kết quả đã bị thu hồi; chưa có kết quả thay thế",                       \
            "The result was revoked, and none has replaced it yet")
/* What was granted goes out against what is due. */
#define PAID                                                                                       \
    IF_ELSE(paid, "Còn phí, lệ phí chưa nộp; kết quả được trao khi đã nộp đủ",                     \
            "Fees are still owed; the result is handed out once they are paid")
#define NOT_RATED IF_ELSE(not_rated, "Hồ sơ này đã được đánh giá", "It was rated already")
#define DO(effect) dossier_do_##effect
#define TELL(audience) {.whom = TELL_##audience}

static const struct case_row rows[] = {
    {.verb = "receive", .from = IN(SUBMITTED), .to = DOSSIER_RECEIVED, .who = HOLDER,
     .stops = RUNS(ACCEPT), .renews = RUNS(HANDLE), .onward = true, .effect = DO(receive),
     .tells = {TELL(OWNER), TELL(LEADER)}, .label = {"Tiếp nhận", "Receive"}},
    {.verb = "refuse", .from = IN(SUBMITTED), .to = DOSSIER_REFUSED, .who = HOLDER,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = refuse_reasons,
     .outcome = DOSSIER_NOT_ACCEPTED, .effect = DO(refuse), .tells = {TELL(OWNER)},
     .place = CASE_GRAVE, .label = {"Từ chối tiếp nhận", "Do not receive"}},
    {.verb = "assign", .from = WORKED, .to = DOSSIER_IN_PROGRESS, .who = PARTY_LEADER,
     .needs = NEEDS_OFFICER, .effect = DO(assign), .tells = {TELL(OWNER), TELL(OFFICER)},
     .place_of = dossier_place_assign, .label = {"Phân công", "Assign"}},
    {.verb = "take", .from = IN(RECEIVED), .to = DOSSIER_IN_PROGRESS, .who = HOLDER,
     .onward = true, .effect = DO(assign), .tells = {TELL(OWNER)},
     .label = {"Nhận xử lý", "Take on"}},
    {.verb = "forward", .from = IN(IN_PROGRESS), .to = CASE_STAY, .who = HOLDER,
     .needs = NEEDS_OFFICER, .inner = true, .effect = DO(assign), .tells = {TELL(OFFICER)},
     .place = CASE_ASIDE, .label = {"Chuyển xử lý", "Pass on"}},
    {.verb = "transfer", .from = WORKED, .to = DOSSIER_RECEIVED, .who = HOLDER,
     .needs = NEEDS_REASON | NEEDS_AGENCY | NEEDS_NOTE, .reasons = transfer_reasons, .inner = true,
     .effect = DO(transfer), .tells = {TELL(OWNER), TELL(AGENCY)},
     .place = CASE_ASIDE, .label = {"Chuyển cơ quan", "To another agency"}},
    {.verb = "supplement", .from = IN(SUBMITTED) | IN(IN_PROGRESS), .to = DOSSIER_SUPPLEMENT,
     .who = HOLDER, .needs = NEEDS_NOTE | NEEDS_PAPERS, .guards = {FIRST_SUPPLEMENT},
     .keeps_back = true, .renews = RUNS(SUPPLY), .effect = DO(supplement), .tells = {TELL(OWNER)},
     .label = {"Yêu cầu bổ sung", "Ask for papers"}},
    {.verb = "supplement", .from = IN(SUBMITTED) | IN(IN_PROGRESS), .to = DOSSIER_SUPPLEMENT,
     .who = PARTY_LEADER, .needs = NEEDS_NOTE | NEEDS_PAPERS, .keeps_back = true, .renews = RUNS(SUPPLY),
     .effect = DO(supplement), .tells = {TELL(OWNER)},
     .label = {"Yêu cầu bổ sung", "Ask for papers"}},
    {.verb = "supply", .from = IN(SUPPLEMENT), .to = CASE_BACK, .who = PARTY_OWNER | COUNTER,
     .needs = NEEDS_PAPERS, .stops = RUNS(SUPPLY), .onward = true, .effect = DO(supply), .tells = {TELL(OWNER), TELL(OFFICER)},
     .label = {"Nộp bổ sung", "Hand in"}},
    {.verb = "go_on", .from = IN(SUPPLEMENT), .to = CASE_BACK, .who = HOLDER, .needs = NEEDS_NOTE,
     .stops = RUNS(SUPPLY), .inner = true, .tells = {TELL(OWNER)},
     .place = CASE_ASIDE, .label = {"Xử lý tiếp", "Go on without"}},
    {.verb = "ask_fee", .from = IN(IN_PROGRESS), .to = DOSSIER_FEE, .who = HOLDER,
     .needs = NEEDS_AMOUNT, .keeps_back = true, .renews = RUNS(PAY), .effect = DO(ask_fee), .tells = {TELL(OWNER)},
     .label = {"Yêu cầu nộp phí", "Ask for the fee"}},
    {.verb = "pay", .from = IN(FEE), .to = CASE_BACK, .who = COUNTER | PARTY_SYSTEM,
     .needs = NEEDS_AMOUNT, .stops = RUNS(PAY), .onward = true, .guards = {IF(settles)}, .effect = DO(pay),
     .tells = {TELL(OWNER), TELL(OFFICER)}, .label = {"Ghi nhận đã nộp", "Record the payment"}},
    {.verb = "pay", .from = IN(SUBMITTED) | WORKED | IN(FEE) | IN(SUPPLEMENT) | IN(FINISHED),
     .to = CASE_STAY, .who = COUNTER | PARTY_SYSTEM, .needs = NEEDS_AMOUNT, .onward = true,
     .guards = {IF(owed)},
     .effect = DO(pay), .tells = {TELL(OWNER)},
     .label = {"Ghi nhận đã nộp", "Record the payment"}},
    {.verb = "lapse", .from = IN(SUPPLEMENT), .to = DOSSIER_STOPPED, .who = PARTY_SYSTEM,
     .outcome = DOSSIER_NOT_SUPPLIED, .effect = DO(stop), .tells = {TELL(OWNER), TELL(OFFICER)},
     .label = {"Quá hạn bổ sung", "Nothing came"}},
    {.verb = "lapse", .from = IN(FEE), .to = DOSSIER_STOPPED, .who = PARTY_SYSTEM,
     .outcome = DOSSIER_NOT_PAID, .effect = DO(stop), .tells = {TELL(OWNER), TELL(OFFICER)},
     .label = {"Quá hạn nộp phí", "Not paid"}},
    {.verb = "withdraw", .from = IN(SUBMITTED), .to = DOSSIER_STOPPED, .who = PARTY_OWNER,
     .outcome = DOSSIER_WITHDRAWN, .effect = DO(stop), .tells = {TELL(OWNER), TELL(AGENCY)},
     .label = {"Rút hồ sơ", "Withdraw"}},
    {.verb = "withdraw", .from = WORKED | WAITING | IN(PAUSED), .to = DOSSIER_WITHDRAWING, .who = PARTY_OWNER,
     .needs = NEEDS_NOTE, .keeps_back = true, .renews = RUNS(WITHDRAW),
     .tells = {TELL(OWNER), TELL(OFFICER)},
     .label = {"Xin rút hồ sơ", "Ask to withdraw"}},
    {.verb = "release", .from = IN(WITHDRAWING), .to = DOSSIER_STOPPED, .who = HOLDER,
     .outcome = DOSSIER_WITHDRAWN, .effect = DO(stop), .tells = {TELL(OWNER)},
     .label = {"Đồng ý cho rút", "Let it go"}},
    {.verb = "keep", .from = IN(WITHDRAWING), .to = CASE_BACK, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE, .stops = RUNS(WITHDRAW), .tells = {TELL(OWNER)},
     .label = {"Không cho rút", "Do not let it go"}},
    {.verb = "keep", .from = IN(WITHDRAWING), .to = CASE_BACK, .who = PARTY_OWNER,
     .stops = RUNS(WITHDRAW), .tells = {TELL(OWNER), TELL(OFFICER)},
     .label = {"Tiếp tục hồ sơ", "Go on with it"}},
    {.verb = "stop", .from = WORKED | WAITING | IN(PAUSED), .to = DOSSIER_STOPPED,
     .who = PARTY_LEADER, .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = stop_reasons,
     .outcome = DOSSIER_HALTED, .effect = DO(stop), .tells = {TELL(OWNER), TELL(OFFICER)},
     .place = CASE_GRAVE, .label = {"Dừng xử lý", "Stop"}},
    {.verb = "stop", .from = IN(FINISHED), .to = DOSSIER_STOPPED, .who = PARTY_LEADER,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = stop_reasons, .guards = {RESULT_GONE},
     .outcome = DOSSIER_HALTED, .effect = DO(stop), .tells = {TELL(OWNER), TELL(OFFICER)},
     .place = CASE_GRAVE, .label = {"Dừng xử lý", "Stop"}},
    {.verb = "pause", .from = WORKED, .to = DOSSIER_PAUSED, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE, .keeps_back = true, .renews = RUNS(REPAIR), .tells = {TELL(OWNER)},
     .place = CASE_ASIDE, .label = {"Tạm dừng do sự cố", "Pause: a fault"}},
    {.verb = "resume", .from = IN(PAUSED), .to = CASE_BACK, .who = HOLDER, .stops = RUNS(REPAIR),
     .onward = true, .tells = {TELL(OWNER)}, .label = {"Xử lý tiếp", "Go on"}},
    {.verb = "apologise", .from = WORKED, .to = CASE_STAY, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE | NEEDS_DAYS, .guards = {MAY_APOLOGISE}, .effect = DO(apologise),
     .tells = {TELL(OWNER)}, .place = CASE_ASIDE,
     .label = {"Xin lỗi, hẹn lại", "Apologise, a new appointment"}},
    {.verb = "propose", .from = IN(IN_PROGRESS), .to = CASE_STAY, .who = PARTY_OFFICER,
     .needs = NEEDS_NOTE, .inner = true, .effect = DO(propose), .tells = {TELL(LEADER)},
     .place_of = dossier_place_propose, .label = {"Trình lãnh đạo", "Put to the leader"}},
    {.verb = "send_back", .from = IN(IN_PROGRESS), .to = CASE_STAY, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE, .inner = true, .effect = DO(send_back), .tells = {TELL(OFFICER)},
     .place_of = dossier_place_send_back, .label = {"Trả lại để làm rõ", "Send back"}},
    {.verb = "finish", .from = IN(IN_PROGRESS), .to = DOSSIER_FINISHED, .who = PARTY_LEADER,
     .needs = NEEDS_RESULTS, .stops = RUNS(HANDLE), .renews = RUNS(COLLECT), .onward = true,
     .outcome = DOSSIER_GRANTED, .effect = DO(finish), .tells = {TELL(OWNER), TELL(DESK)},
     .place = CASE_FORTH, .label = {"Ký, trả kết quả", "Sign and finish"}},
    {.verb = "deny", .from = IN(IN_PROGRESS), .to = DOSSIER_FINISHED, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE, .stops = RUNS(HANDLE), .renews = RUNS(COLLECT), .onward = true,
     .outcome = DOSSIER_DENIED, .effect = DO(deny), .tells = {TELL(OWNER), TELL(DESK)},
     .place = CASE_GRAVE, .label = {"Không giải quyết", "Deny"}},
    {.verb = "collect", .from = IN(FINISHED), .to = DOSSIER_RETURNED, .who = PARTY_OWNER,
     .stops = RUNS(COLLECT), .guards = {RESULT_HOLDS, PAID},
     .tells = {TELL(OWNER), TELL(DESK)}, .label = {"Đã nhận kết quả", "I have the result"}},
    {.verb = "hand_over", .from = IN(FINISHED), .to = DOSSIER_RETURNED, .who = COUNTER,
     .needs = NEEDS_NOTE, .stops = RUNS(COLLECT), .guards = {RESULT_HOLDS, PAID},
     .tells = {TELL(OWNER)}, .label = {"Trao kết quả", "Hand out"}},
    {.verb = "post", .from = IN(FINISHED), .to = DOSSIER_RETURNED, .who = COUNTER,
     .needs = NEEDS_REFERENCE, .stops = RUNS(COLLECT), .guards = {RESULT_HOLDS, PAID},
     .effect = DO(post), .tells = {TELL(OWNER)}, .place_of = dossier_place_post, .label = {"Gửi bưu chính", "Send by post"}},
    {.verb = "remind", .from = IN(FINISHED), .to = CASE_STAY, .who = PARTY_SYSTEM,
     .renews = RUNS(COLLECT), .guards = {IF(result_holds)}, .effect = DO(remind),
     .tells = {TELL(OWNER)}, .label = {"Nhắc nhận kết quả", "Remind"}},
    {.verb = "remind", .from = IN(FINISHED), .to = CASE_STAY, .who = PARTY_SYSTEM,
     .renews = RUNS(COLLECT), .tells = {TELL(LEADER)},
     .label = {"Nhắc thay kết quả", "Remind: no result holds"}},
    {.verb = "replace", .from = IN(FINISHED) | IN(RETURNED), .to = CASE_STAY, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE | NEEDS_RESULTS, .onward = true, .effect = DO(replace), .tells = {TELL(OWNER)},
     .place_of = dossier_place_replace, .label = {"Thay kết quả", "Replace the result"}},
    {.verb = "revoke", .from = IN(FINISHED) | IN(RETURNED), .to = CASE_STAY, .who = PARTY_LEADER,
     .needs = NEEDS_NOTE, .onward = true, .effect = DO(revoke), .tells = {TELL(OWNER)},
     .place = CASE_GRAVE, .label = {"Thu hồi kết quả", "Revoke the result"}},
    {.verb = "rate", .from = IN(FINISHED) | CLOSED, .to = CASE_STAY, .who = PARTY_OWNER,
     .needs = NEEDS_RATING, .guards = {NOT_RATED}, .onward = true, .effect = DO(rate),
     .tells = {TELL(OFFICER)}, .label = {"Đánh giá", "Rate"}},
    CASE_DEMAND_ROWS(PARTY_INSPECTOR | PARTY_LEADER, ANY & ~CLOSED, ANY, TELL(OFFICER), TELL(LEADER)),
    CASE_RESPOND_ROW(ANY),
};
/* clang-format on */

const struct case_kind dossier_kind = {
    .name = "dossier",
    .prefix = "HS",
    .state_names = dossier_states,
    .outcome_names = dossier_outcomes,
    .states = states,
    .n_states = DOSSIER_STATES,
    .clocks = clocks,
    .n_clocks = DOSSIER_CLOCKS,
    .rows = rows,
    .n_rows = ARRAY_LEN(rows),
};
