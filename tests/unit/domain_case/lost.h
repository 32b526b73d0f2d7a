/*
 * A made-up kind of case, lost property (đồ thất lạc): a citizen tells what was lost, an agency
 * looks for it in working days, and keeps what was found for calendar days. It is tables, and the
 * budgets of its clocks.
 */
#pragma once

#include "domain/case/case.h"
#include "tests/support/province.h"

enum lost_state { LOST_LOOKING = 1, LOST_ASKED, LOST_FOUND, LOST_CLOSED, LOST_STATES };
enum lost_outcome { LOST_RETURNED = 1, LOST_UNFOUND, LOST_WITHDRAWN };
enum lost_clock { LOST_CLOCK_SEARCH = 1, LOST_CLOCK_TELL, LOST_CLOCK_KEEP, LOST_CLOCKS };

struct lost {
    struct case_head head;
    const char *thing;
    const char *shelf; /* where it lies, known to the agency alone */
};

static const struct entity_name lost_states[] = {
    {0},
    [LOST_LOOKING] = {"looking", {"Đang tìm", "Looking"}},
    [LOST_ASKED] = {"asked", {"Chờ mô tả thêm", "Waiting for a description"}},
    [LOST_FOUND] = {"found", {"Đã tìm thấy", "Found"}},
    [LOST_CLOSED] = {"closed", {"Đóng", "Closed"}},
    {0},
};

static const struct entity_name lost_outcomes[] = {
    {0},
    [LOST_RETURNED] = {"returned", {"Đã trả lại", "Returned"}},
    [LOST_UNFOUND] = {"unfound", {"Không tìm thấy", "Not found"}},
    [LOST_WITHDRAWN] = {"withdrawn", {"Người gửi rút", "Withdrawn"}},
    {0},
};

static const struct entity lost_entity = {
    .name = "Lost",
    .size = sizeof(struct lost),
    .fields = (const struct entity_field[]){
        CASE_FIELDS(struct lost, lost_states, lost_outcomes, NULL),
        {.name = "thing",
         .type = ENTITY_TEXT,
         .offset = offsetof(struct lost, thing),
         .see = SEE_PARTIES},
        {.name = "shelf",
         .type = ENTITY_TEXT,
         .offset = offsetof(struct lost, shelf),
         .see = SEE_STAFF},
        {0},
    }};

static int64_t lost_search_days(const struct case_world *w)
{
    (void)w;
    return 5;
}

static int64_t lost_tell_minutes(const struct case_world *w)
{
    (void)w;
    return 16 * 60; /* two working days */
}

static int64_t lost_keep_days(const struct case_world *w)
{
    (void)w;
    return 30;
}

static int64_t lost_warn_a_day(const struct case_world *w, int64_t budget)
{
    (void)w, (void)budget;
    return DAY;
}

static const struct case_state lost_case_states[LOST_STATES] = {
    [LOST_LOOKING] = {true, LOST_CLOCK_SEARCH},
    [LOST_ASKED] = {true, LOST_CLOCK_TELL},
    [LOST_FOUND] = {true, LOST_CLOCK_KEEP},
    [LOST_CLOSED] = {false, 0},
};

static const struct case_clock_kind lost_clocks[LOST_CLOCKS] = {
    [LOST_CLOCK_SEARCH] = {.name = "search",
                           .unit = CALENDAR_WORKING_DAYS,
                           .duty = true,
                           .budget = lost_search_days,
                           .warn_ms = lost_warn_a_day,
                           .warn_whom = {TELL_OFFICER},
                           .late_whom = {TELL_LEADER}},
    [LOST_CLOCK_TELL] = {.name = "tell",
                         .unit = CALENDAR_WORKING_MINUTES,
                         .budget = lost_tell_minutes,
                         .when_due = "go_on"},
    [LOST_CLOCK_KEEP] = {.name = "keep",
                         .unit = CALENDAR_CALENDAR_DAYS,
                         .budget = lost_keep_days,
                         .when_due = "give_up"},
};

#define LOST_IN(state) (1U << LOST_##state)
#define LOST_RUNS(clock) (1U << LOST_CLOCK_##clock)
#define LOST_HOLDER (PARTY_OFFICER | PARTY_LEADER)

static const struct case_row lost_rows[] = {
    {.verb = "find",
     .from = LOST_IN(LOOKING),
     .to = LOST_FOUND,
     .who = LOST_HOLDER,
     .needs = NEEDS_NOTE | NEEDS_PROOF,
     .stops = LOST_RUNS(SEARCH),
     .renews = LOST_RUNS(KEEP),
     .onward = true,
     .effect = case_do_receive,
     .tells = {{.whom = TELL_OWNER}},
     .label = {"Tìm thấy", "Find"}},
    {.verb = "ask",
     .from = LOST_IN(LOOKING),
     .to = LOST_ASKED,
     .who = LOST_HOLDER,
     .needs = NEEDS_NOTE,
     .keeps_back = true,
     .renews = LOST_RUNS(TELL),
     .effect = case_do_ask,
     .tells = {{.whom = TELL_OWNER}},
     .label = {"Hỏi thêm", "Ask"}},
    {.verb = "describe",
     .from = LOST_IN(ASKED),
     .to = CASE_BACK,
     .who = PARTY_OWNER,
     .needs = NEEDS_NOTE,
     .stops = LOST_RUNS(TELL),
     .onward = true,
     .effect = case_do_supply,
     .tells = {{.whom = TELL_OFFICER}},
     .label = {"Mô tả", "Describe"}},
    {.verb = "go_on",
     .from = LOST_IN(ASKED),
     .to = CASE_BACK,
     .who = PARTY_SYSTEM,
     .stops = LOST_RUNS(TELL),
     .tells = {{.whom = TELL_OFFICER}},
     .label = {"Tìm tiếp", "Go on"}},
    {.verb = "assign",
     .from = LOST_IN(LOOKING) | LOST_IN(FOUND),
     .to = CASE_STAY,
     .who = PARTY_LEADER,
     .needs = NEEDS_OFFICER,
     .effect = case_do_assign,
     .tells = {{.whom = TELL_OFFICER}},
     .label = {"Giao việc", "Assign"}},
    {.verb = "give_back",
     .from = LOST_IN(FOUND),
     .to = LOST_CLOSED,
     .who = LOST_HOLDER,
     .needs = NEEDS_NOTE,
     .outcome = LOST_RETURNED,
     .tells = {{.whom = TELL_OWNER}},
     .label = {"Trả lại", "Give back"}},
    {.verb = "give_up",
     .from = LOST_IN(LOOKING) | LOST_IN(FOUND),
     .to = LOST_CLOSED,
     .who = LOST_HOLDER | PARTY_SYSTEM,
     .outcome = LOST_UNFOUND,
     .tells = {{.whom = TELL_OWNER}},
     .label = {"Thôi tìm", "Give up"}},
    {.verb = "withdraw",
     .from = LOST_IN(LOOKING) | LOST_IN(ASKED) | LOST_IN(FOUND),
     .to = LOST_CLOSED,
     .who = PARTY_OWNER,
     .outcome = LOST_WITHDRAWN,
     .tells = {{.whom = TELL_AGENCY}},
     .label = {"Rút", "Withdraw"}},
};

static const struct case_kind lost_kind = {
    .name = "lost",
    .prefix = "DT",
    .state_names = lost_states,
    .outcome_names = lost_outcomes,
    .states = lost_case_states,
    .n_states = LOST_STATES,
    .clocks = lost_clocks,
    .n_clocks = LOST_CLOCKS,
    .rows = lost_rows,
    .n_rows = sizeof(lost_rows) / sizeof(lost_rows[0]),
};
