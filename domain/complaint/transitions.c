/* What may happen to a complaint: the one table. */
#include "domain/complaint/complaint.h"

const struct entity_name complaint_states[] = {
    {0},
    [COMPLAINT_FILED] = {"filed", {"Mới gửi", "Filed"}},
    [COMPLAINT_TAKEN] = {"taken", {"Đang xem xét", "Looked into"}},
    [COMPLAINT_CLOSED] = {"closed", {"Đã kết thúc", "Closed"}},
    {0},
};

const struct entity_name complaint_outcomes[] = {
    {0},
    [COMPLAINT_ANSWERED] = {"answered", {"Đã trả lời", "Answered"}},
    [COMPLAINT_REFUSED] = {"refused", {"Không thụ lý", "Refused"}},
    [COMPLAINT_WITHDRAWN] = {"withdrawn", {"Đã rút", "Withdrawn"}},
    {0},
};

const struct entity_name complaint_subjects[] = {
    {0},
    {"delay", {"Chậm trễ", "Delay"}},
    {"papers", {"Đòi thêm giấy tờ", "More papers are asked for"}},
    {"conduct", {"Thái độ, nhũng nhiễu", "Conduct"}},
    {"refusal", {"Từ chối không đúng", "A wrong refusal"}},
    {"fee", {"Phí, lệ phí", "Fees"}},
    {"result", {"Kết quả sai sót", "A faulty result"}},
    {"other", {"Nội dung khác", "Something else"}},
    {0},
};

const struct complaint_settings complaint_settings_default = {.take_days = 2, .answer_days = 15};

static const struct entity_name refuse_reasons[] = {
    {0},
    {"formal",
     {"Là khiếu nại, tố cáo theo luật: nộp tại Ban Tiếp công dân",
      "A formal complaint or denunciation: to be filed with the citizens' reception office"}},
    {"not_this", {"Không liên quan đến việc giải quyết hồ sơ", "Not about the dossier"}},
    {"repeated", {"Đã được trả lời trước đó", "Answered before"}},
    {0},
};

/* --- states and clocks ------------------------------------------------------------------------ */

static const struct case_state states[COMPLAINT_STATES] = {
    [COMPLAINT_FILED] = {true, COMPLAINT_CLOCK_TAKE},
    [COMPLAINT_TAKEN] = {true, COMPLAINT_CLOCK_ANSWER},
    [COMPLAINT_CLOSED] = {false, 0},
};

static int64_t take_days(const struct case_world *w)
{
    return ((const struct complaint_settings *)w->settings)->take_days;
}

static int64_t answer_days(const struct case_world *w)
{
    return ((const struct complaint_settings *)w->settings)->answer_days;
}

static int64_t warn_two_days(const struct case_world *w, int64_t budget)
{
    (void)w, (void)budget;
    return INT64_C(48) * 3600 * 1000;
}

static const struct case_clock_kind clocks[COMPLAINT_CLOCKS] = {
    [COMPLAINT_CLOCK_TAKE] = {.name = "take",
                              .unit = CALENDAR_WORKING_DAYS,
                              .duty = true,
                              .budget = take_days,
                              .late_whom = {TELL_LEADER, TELL_INSPECTOR}},
    [COMPLAINT_CLOCK_ANSWER] = {.name = "answer",
                                .unit = CALENDAR_WORKING_DAYS,
                                .duty = true,
                                .budget = answer_days,
                                .warn_ms = warn_two_days,
                                .warn_whom = {TELL_LEADER},
                                .late_whom = {TELL_LEADER, TELL_INSPECTOR}},
};

/* --- guards and effects ----------------------------------------------------------------------- */

static int not_rated(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    const struct complaint *c = record;
    return c->rating || c->head.outcome == COMPLAINT_WITHDRAWN ? 1 : 0;
}

static int answer(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct complaint *c = record;
    (void)a;
    c->answer = act->note;
    c->answered_ms = w->now_ms;
    return 0;
}

static int rate(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct complaint *c = record;
    (void)w, (void)a;
    c->rating = act->rating;
    c->rating_note = act->note;
    return 0;
}

/* --- the table -------------------------------------------------------------------------------- */

#define IN(state) (1U << COMPLAINT_##state)
#define OPEN (IN(FILED) | IN(TAKEN))
#define RUNS(clock) (1U << COMPLAINT_CLOCK_##clock)
#define HANDLER (PARTY_LEADER | PARTY_INSPECTOR)
/* clang-format off */
#define TELL(audience) {.whom = TELL_##audience}

static const struct case_row rows[] = {
    {.verb = "take", .from = IN(FILED), .to = COMPLAINT_TAKEN, .who = HANDLER,
     .stops = RUNS(TAKE), .renews = RUNS(ANSWER), .onward = true, .tells = {TELL(OWNER)},
     .label = {"Thụ lý", "Take on"}},
    {.verb = "answer", .from = OPEN, .to = COMPLAINT_CLOSED, .who = HANDLER, .needs = NEEDS_NOTE,
     .outcome = COMPLAINT_ANSWERED, .effect = answer, .tells = {TELL(OWNER)},
     .label = {"Trả lời", "Answer"}},
    {.verb = "refuse", .from = OPEN, .to = COMPLAINT_CLOSED, .who = HANDLER,
     .needs = NEEDS_REASON | NEEDS_NOTE, .reasons = refuse_reasons, .outcome = COMPLAINT_REFUSED,
     .effect = answer, .tells = {TELL(OWNER)}, .place = CASE_GRAVE, .label = {"Không thụ lý", "Refuse"}},
    {.verb = "withdraw", .from = OPEN, .to = COMPLAINT_CLOSED, .who = PARTY_OWNER,
     .outcome = COMPLAINT_WITHDRAWN, .tells = {TELL(OWNER), TELL(LEADER)},
     .label = {"Rút lại", "Withdraw"}},
    {.verb = "rate", .from = IN(CLOSED), .to = CASE_STAY, .who = PARTY_OWNER,
     .needs = NEEDS_RATING, .guards = {{.holds = not_rated}}, .onward = true, .effect = rate,
     .tells = {TELL(LEADER)}, .label = {"Đánh giá", "Rate"}},
    CASE_DEMAND_ROWS(HANDLER, OPEN, OPEN | IN(CLOSED), TELL(LEADER)),
    CASE_RESPOND_ROW(OPEN | IN(CLOSED)),
};
/* clang-format on */

const struct case_kind complaint_kind = {
    .name = "complaint",
    .prefix = "KN",
    .state_names = complaint_states,
    .outcome_names = complaint_outcomes,
    .states = states,
    .n_states = COMPLAINT_STATES,
    .clocks = clocks,
    .n_clocks = COMPLAINT_CLOCKS,
    .rows = rows,
    .n_rows = ARRAY_LEN(rows),
    .quiet = true,
};
