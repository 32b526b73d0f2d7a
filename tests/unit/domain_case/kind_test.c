/*
 * The machinery of cases knows no kind: a third one is carried by it from filing to closing, with
 * clocks in units that reports do not use; and tables that are not sound are refused.
 */
#include <dirent.h>

#include "base/clock.h"
#include "base/file.h"
#include "domain/case/history.h"
#include "tests/unit/domain_case/lost.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

/* The week from Monday 2 March 2026. */
static int64_t at(int day, int hour, int minute)
{
    return province_monday_ms() - 9 * HOUR + (day - 1) * DAY + hour * HOUR + minute * MINUTE;
}

static void file_lost(struct lost *l)
{
    static const struct case_tell tells[] = {{TELL_OWNER, NULL}, {TELL_AGENCY, NULL}, {0}};
    *l = (struct lost){.head = {.id = id_v8("lost", NULL, 0),
                                .owner = province_id(OWNER),
                                .actor = province_id(OWNER),
                                .agency = HERE,
                                .state = LOST_LOOKING},
                       .thing = "Ví da màu nâu"};
    l->head.number = case_number(&p.arena, lost_kind.prefix, p.world.now_ms, 7);
    struct case_act act = {.verb = "file", .party = PARTY_OWNER, .by = province_id(OWNER)};
    assert_int_equal(case_begin(&lost_kind, l, &act, &p.world, tells, &p.arena), 0);
}

static int act_on(struct lost *l, const char *verb, enum who who)
{
    struct report_act deed = province_deed(&p, verb, who);
    deed.act.party = case_party_of(&l->head, &deed.actor);
    deed.act.proof = true;
    return case_apply(&lost_kind, l, &deed.act, &p.world, &p.arena);
}

/* To a document and back, as a store would. */
static void store_and_read(struct lost *l)
{
    bson_t *doc = bson_new();
    struct id id = l->head.id;
    int64_t due = l->head.due_ms;
    assert_int_equal(entity_encode(&lost_entity, l, NULL, &p.arena, doc), 0);
    *l = (struct lost){.head.id = id};
    assert_int_equal(entity_decode(&lost_entity, doc, &p.arena, l), 0);
    bson_destroy(doc);
    case_recompute(&lost_kind, &l->head, p.calendar, &p.world, &p.arena);
    assert_int_equal(l->head.due_ms, due);
    assert_int_equal(history_check(&l->head.steps, &id), -1);
}

static void test_tables_are_sound(void **state)
{
    (void)state;
    assert_null(case_kind_fault(&lost_kind));
    assert_null(entity_fault(&lost_entity));
}

static void test_days_are_added_as_a_clock_counts_them(void **state)
{
    (void)state;
    static const struct {
        enum calendar_unit unit;
        int64_t budget;
    } cases[] = {{CALENDAR_ELAPSED, 2 * INT64_C(86400000)},
                 {CALENDAR_WORKING_MINUTES, INT64_C(960)},
                 {CALENDAR_WORKING_DAYS, 2},
                 {CALENDAR_CALENDAR_DAYS, 2}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct case_clock_row rows[] = {{.name = 1, .unit = cases[i].unit, .budget = 5},
                                        {.name = 2, .unit = cases[i].unit, .budget = 5}};
        struct case_head h = {.clocks = {rows, 2}};
        case_extend_days(&h, 1, 2, 0);
        assert_int_equal(rows[0].budget, 5 + cases[i].budget);
        assert_int_equal(rows[0].extended, cases[i].budget);
        assert_int_equal(rows[1].budget, 5);
    }
}

static void test_a_life(void **state)
{
    (void)state;
    struct lost l;
    p.world.now_ms = at(1, 9, 0);
    file_lost(&l);
    assert_string_equal(l.head.number, "DT-260302-0007");
    assert_int_equal(l.head.due_ms, at(8, 17, 0)); /* five working days, not the day of receipt */
    assert_int_equal(l.head.events.n, 4);
    store_and_read(&l);

    p.world.now_ms = at(2, 16, 0);
    assert_int_equal(act_on(&l, "ask", OTHER_OFFICER), CASE_FORBIDDEN);
    assert_int_equal(act_on(&l, "ask", OFFICER), 0);
    assert_int_equal(l.head.state, LOST_ASKED);
    assert_int_equal(l.head.due_ms, at(4, 16, 0)); /* sixteen working hours */
    store_and_read(&l);
    assert_int_equal(act_on(&l, "find", OFFICER), CASE_WRONG_STATE);

    p.world.now_ms = at(3, 10, 0);
    assert_int_equal(act_on(&l, "describe", OWNER), 0);
    assert_int_equal(l.head.state, LOST_LOOKING);
    assert_int_equal(l.head.due_ms, at(9, 17, 0)); /* one day ended in the pause */
    assert_int_equal(act_on(&l, "assign", LEADER), 0);
    assert_false(id_is_nil(&l.head.officer));
    store_and_read(&l);

    p.world.now_ms = at(4, 10, 0);
    assert_int_equal(act_on(&l, "find", OFFICER), 0);
    assert_int_equal(l.head.due_ms, at(37, 0, 0) - 1); /* day 34 is a Saturday: to Monday's end */
    store_and_read(&l);
    assert_int_equal(act_on(&l, "give_back", OFFICER), 0);
    assert_int_equal(l.head.outcome, LOST_RETURNED);
    assert_int_equal(l.head.due_ms, 0);
    assert_int_equal(l.head.steps.n, 6);
    store_and_read(&l);
}

/* Two who ask at once are each told once that no answer came. */
static void test_demands_that_run_out_together(void **state)
{
    (void)state;
    struct lost l;
    p.world.now_ms = at(1, 9, 0);
    file_lost(&l);
    struct case_demand *demands = arena_array(&p.arena, 2, sizeof(*demands));
    for (size_t i = 0; i < 2; i++)
        demands[i] = (struct case_demand){.id = id_v4(),
                                          .kind = CASE_URGE,
                                          .agency = l.head.agency,
                                          .by = id_v4(),
                                          .at_ms = p.world.now_ms,
                                          .due_ms = p.world.now_ms + 1000};
    l.head.demands = (struct entity_list){demands, 2};
    size_t before = l.head.events.n;
    p.world.now_ms += 2000;
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), 0);
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), 0);
    const struct case_event *events = l.head.events.items;
    assert_int_equal(l.head.events.n, before + 4);
    for (size_t i = before; i < before + 4; i++) {
        demands = l.head.demands.items;
        assert_int_equal(case_demand_told(&demands[0], &events[i]) +
                             case_demand_told(&demands[1], &events[i]),
                         1);
        for (size_t j = before; j < i; j++)
            assert_false(id_equal(&events[i].id, &events[j].id));
    }
}

static void test_alarms(void **state)
{
    (void)state;
    struct lost l;
    p.world.now_ms = at(1, 9, 0);
    file_lost(&l);
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), CASE_WRONG_STATE);
    p.world.now_ms = at(7, 17, 0);
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), 0); /* warns */
    p.world.now_ms = at(8, 17, 0) + 1;
    int64_t late_by = 0;
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), 0);
    assert_true(case_is_late(&lost_kind, &l.head, p.world.now_ms, &late_by));
    assert_int_equal(act_on(&l, "ask", OFFICER), 0);
    p.world.now_ms = l.head.due_ms + 1;
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), 0);
    assert_int_equal(l.head.state, LOST_LOOKING); /* the system went on */
    assert_int_equal(act_on(&l, "find", OFFICER), 0);
    p.world.now_ms = l.head.due_ms + 1;
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), 0);
    assert_int_equal(l.head.state, LOST_CLOSED);
    assert_int_equal(l.head.outcome, LOST_UNFOUND);
    assert_int_equal(case_ring(&lost_kind, &l, &p.world, &p.arena), CASE_WRONG_STATE);
    struct id ids[64];
    const struct case_event *events = l.head.events.items;
    size_t n = l.head.events.n;
    for (size_t i = 0; i < n; i++)
        ids[i] = events[i].id;
    assert_int_equal(case_settle(&l.head, ids, n), n);
    assert_int_equal(l.head.events.n, 0);
}

/* Working days follow a calendar that changed, without any budget being another. */
static void test_a_changed_calendar(void **state)
{
    (void)state;
    static const char holiday[] = "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1,2,3,4,5],"
                                  "\"hours\":[[\"07:30\",\"11:30\"],[\"13:00\",\"17:00\"]],"
                                  "\"holidays\":[{\"date\":\"2026-03-05\",\"name\":\"Nghỉ\"}],"
                                  "\"working_days\":[]}";
    struct lost l;
    struct buf faults;
    struct calendar *other = NULL;
    buf_init(&faults, 1024);
    p.world.now_ms = at(1, 9, 0);
    file_lost(&l);
    assert_int_equal(calendar_load(holiday, strlen(holiday), &faults, &other), 0);
    p.world.calendar = other;
    int64_t revision = l.head.revision;
    assert_true(case_recalendar(&lost_kind, &l, &p.world, &p.arena));
    assert_int_equal(l.head.due_ms, at(9, 17, 0));
    assert_int_equal(l.head.revision, revision + 1);
    assert_false(case_recalendar(&lost_kind, &l, &p.world, &p.arena));
    p.world.calendar = p.calendar;
    calendar_unref(other);
    buf_release(&faults);
}

/* Parties and audiences ask for the head alone. */
static void test_who_sees_what(void **state)
{
    (void)state;
    struct lost l;
    struct buf out;
    file_lost(&l);
    l.shelf = "KE-SO-7";
    buf_init(&out, 65536);
    struct case_actor owner = province_actor(OWNER), officer = province_actor(OFFICER);
    struct case_actor stranger = province_actor(STRANGER), other = province_actor(OTHER_LEADER);
    entity_json(&lost_entity, &l, case_see(&l.head, &owner), &out);
    assert_non_null(strstr(out.data, "Ví da màu nâu"));
    assert_null(strstr(out.data, "KE-SO-7"));
    buf_reset(&out);
    entity_json(&lost_entity, &l, case_see(&l.head, &officer), &out);
    assert_non_null(strstr(out.data, "KE-SO-7"));
    assert_int_equal(case_see(&l.head, &stranger), 0);
    assert_int_equal(case_see(&l.head, &other), 0);
    buf_release(&out);
}

/* --- the machinery's sources ------------------------------------------------------------------ */

static void expect_no_kind_in(const char *path)
{
    static const char *const words[] = {"\"domain/report", "report_",  "REPORT_",
                                        "struct report",   "dossier_", "DOSSIER_"};
    struct buf text;
    buf_init(&text, 1 << 20);
    assert_int_equal(file_read(path, 1 << 20, &text), 0);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strstr(text.data, words[i]))
            fail_msg("%s speaks of %s", path, words[i]);
    }
    buf_release(&text);
}

static void test_the_machinery_names_no_kind(void **state)
{
    (void)state;
    int read = 0;
    DIR *dir = opendir("domain/case");
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[300];
        snprintf(path, sizeof(path), "domain/case/%s", entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        expect_no_kind_in(path);
        read++;
    }
    closedir(dir);
    assert_true(read >= 8);
}

/* --- tables that are not sound ---------------------------------------------------------------- */

struct broken {
    const char *words; /* a piece of what is said */
    void (*spoil)(struct case_kind *k, struct case_row *rows, struct case_state *states,
                  struct case_clock_kind *clocks);
};

#define SPOIL(name, change)                                                                        \
    static void name(struct case_kind *k, struct case_row *rows, struct case_state *states,        \
                     struct case_clock_kind *clocks)                                               \
    {                                                                                              \
        (void)k, (void)rows, (void)states, (void)clocks;                                           \
        change;                                                                                    \
    }

SPOIL(no_states, k->n_states = 1)
SPOIL(clock_without_unit, clocks[1].unit = 0)
SPOIL(clock_without_name, clocks[2].name = NULL)
SPOIL(clock_without_budget, clocks[3].budget = NULL)
SPOIL(no_verb, rows[0].verb = NULL)
SPOIL(no_label, rows[0].label[1] = NULL)
SPOIL(from_nowhere, rows[0].from = 0)
SPOIL(from_unknown, rows[0].from |= 1U << LOST_STATES)
SPOIL(to_unknown, rows[0].to = LOST_STATES)
SPOIL(to_zero, rows[0].to = 0)
SPOIL(to_below, rows[0].to = -3)
SPOIL(nobody, rows[0].who = 0)
SPOIL(no_reasons, rows[0].needs |= NEEDS_REASON)
SPOIL(unknown_clock, rows[0].stops |= 1U << LOST_CLOCKS)
SPOIL(no_outcome, rows[5].outcome = 0)
SPOIL(back_from_closed, rows[5].keeps_back = true)
SPOIL(open_without_clock, states[LOST_FOUND].clock = 0)
SPOIL(closed_with_clock, states[LOST_CLOSED].clock = LOST_CLOCK_KEEP)
SPOIL(unreachable, rows[0].to = LOST_CLOSED; rows[0].outcome = LOST_RETURNED)
SPOIL(alarm_without_row, clocks[LOST_CLOCK_KEEP].when_due = "go_on")
SPOIL(stuck, rows[2].from = rows[3].from = LOST_IN(FOUND); rows[7].from = LOST_IN(LOOKING);
      clocks[LOST_CLOCK_TELL].when_due = NULL)
SPOIL(round_and_round, rows[1].onward = true)

static void test_unsound_tables_are_refused(void **state)
{
    (void)state;
    static const struct broken broken[] = {
        {"too few", no_states},
        {"unit", clock_without_unit},
        {"name", clock_without_name},
        {"budget", clock_without_budget},
        {"verb", no_verb},
        {"label", no_label},
        {"no state", from_nowhere},
        {"unknown", from_unknown},
        {"unknown state", to_unknown},
        {"unknown state", to_zero},
        {"unknown state", to_below},
        {"nobody", nobody},
        {"reason", no_reasons},
        {"unknown clock", unknown_clock},
        {"outcome", no_outcome},
        {"return", back_from_closed},
        {"open states have a clock", open_without_clock},
        {"open states have a clock", closed_with_clock},
        {"nothing reaches", unreachable},
        {"runs out", alarm_without_row},
        {"nothing leaves", stuck},
        {"onward", round_and_round},
    };
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        struct case_row rows[ARRAY_LEN(lost_rows)];
        struct case_state states[LOST_STATES];
        struct case_clock_kind clocks[LOST_CLOCKS];
        struct case_kind kind = lost_kind;
        memcpy(rows, lost_rows, sizeof(rows));
        memcpy(states, lost_case_states, sizeof(states));
        memcpy(clocks, lost_clocks, sizeof(clocks));
        kind.rows = rows;
        kind.states = states;
        kind.clocks = clocks;
        assert_null(case_kind_fault(&kind));
        broken[i].spoil(&kind, rows, states, clocks);
        const char *fault = case_kind_fault(&kind);
        if (!fault || !strstr(fault, broken[i].words))
            fail_msg("%zu (%s): %s", i, broken[i].words, fault ? fault : "nothing is said");
    }
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tables_are_sound),
        TEST(test_days_are_added_as_a_clock_counts_them),
        TEST(test_a_life),
        TEST(test_demands_that_run_out_together),
        TEST(test_alarms),
        TEST(test_a_changed_calendar),
        TEST(test_who_sees_what),
        TEST(test_the_machinery_names_no_kind),
        TEST(test_unsound_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
