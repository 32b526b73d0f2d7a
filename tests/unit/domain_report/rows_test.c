/* The report's transition table, row by row: every row has a scenario, and does what that says. */
#include "domain/case/history.h"
#include "tests/unit/domain_report/scenarios.h"

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

/* --- the table and the scenarios are about the same ------------------------------------------- */

static uint32_t states_of(const char *list)
{
    uint32_t mask = 0;
    for (int i = 1; i < REPORT_STATES; i++)
        mask |= words_have(list, report_states[i].name) ? 1U << i : 0;
    return mask;
}

static unsigned parties_of(const char *list)
{
    static const struct {
        const char *name;
        unsigned party;
    } parties[] = {{"owner", PARTY_OWNER},         {"dispatcher", PARTY_DISPATCHER},
                   {"officer", PARTY_OFFICER},     {"leader", PARTY_LEADER},
                   {"stand_in", PARTY_STAND_IN},   {"system", PARTY_SYSTEM},
                   {"inspector", PARTY_INSPECTOR}, {"asked", PARTY_ASKED}};
    unsigned mask = 0;
    for (size_t i = 0; i < ARRAY_LEN(parties); i++)
        mask |= words_have(list, parties[i].name) ? parties[i].party : 0;
    return mask;
}

static int target_of(const struct scenario *s)
{
    if (strcmp(s->to, "stay") == 0)
        return CASE_STAY;
    return strcmp(s->to, "back") == 0 ? CASE_BACK : entity_enum_value(report_states, s->to);
}

static void test_every_row_has_a_scenario(void **state)
{
    (void)state;
    assert_null(case_kind_fault(&report_kind));
    size_t met = 0;
    for (size_t i = 0; i < report_kind.n_rows; i++) {
        bool found = false;
        for (size_t j = 0; j < ARRAY_LEN(scenarios) && !found; j++)
            found = row_of(&scenarios[j]) == &report_kind.rows[i];
        if (!found)
            fail_msg("row %zu (%s) has no scenario", i, report_kind.rows[i].verb);
        met += found;
    }
    assert_int_equal(met, ARRAY_LEN(scenarios));
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        const struct scenario *s = &scenarios[i];
        const struct case_row *row = row_of(s);
        if (row->from != states_of(s->from) || row->who != parties_of(s->who) ||
            row->to != target_of(s) || (row->guards[0].holds != NULL) != s->refuse.can)
            fail_msg("row %s %d: states, parties, target or guard changed", s->verb, s->nth);
    }
}

/* May this one take a row of these parties on the report as it is? */
static bool may(const struct report *r, unsigned parties, enum who who)
{
    bool here = strcmp(r->head.agency, HERE) == 0;
    bool asked = (parties & PARTY_ASKED) && case_asked(&r->head, HERE);
    switch (who) {
    case OWNER:
        return parties & PARTY_OWNER;
    case DISPATCHER:
        return (parties & PARTY_DISPATCHER) || (here && p.leaderless && (parties & PARTY_STAND_IN));
    case OFFICER:
        return asked || (here && (parties & PARTY_OFFICER));
    case LEADER:
        return asked || (here && (parties & (PARTY_OFFICER | PARTY_LEADER)));
    case INSPECTOR:
        return parties & PARTY_INSPECTOR;
    case SYSTEM:
        return parties & PARTY_SYSTEM;
    default:
        return false;
    }
}

static void expect_unchanged(const struct report *before)
{
    struct report now;
    province_get(&p, &before->head.id, &now);
    assert_int_equal(now.head.revision, before->head.revision);
    assert_int_equal(now.head.steps.n, before->head.steps.n);
    assert_int_equal(now.head.events.n, before->head.events.n);
    assert_int_equal(now.head.state, before->head.state);
}

/* --- what a step leaves ----------------------------------------------------------------------- */

static const int running_in[REPORT_STATES] = {
    [REPORT_NEW] = REPORT_CLOCK_DISPATCH,      [REPORT_DISPATCHED] = REPORT_CLOCK_RESPONSE,
    [REPORT_RECEIVED] = REPORT_CLOCK_RESPONSE, [REPORT_IN_PROGRESS] = REPORT_CLOCK_RESPONSE,
    [REPORT_WAITING] = REPORT_CLOCK_SUPPLY,    [REPORT_APPROVAL] = REPORT_CLOCK_RESPONSE,
    [REPORT_ANSWERED] = REPORT_CLOCK_REVIEW,
};

static void expect_clock(const struct scenario *s, const struct report *before,
                         const struct report *after, int name)
{
    static const int64_t budgets[REPORT_CLOCKS] = {[REPORT_CLOCK_DISPATCH] = 2 * HOUR,
                                                   [REPORT_CLOCK_RESPONSE] = 4 * HOUR,
                                                   [REPORT_CLOCK_SUPPLY] = 72 * HOUR,
                                                   [REPORT_CLOCK_REVIEW] = 7 * DAY};
    struct case_clock was = {0}, is;
    const char *word = report_kind.clocks[name].name;
    bool had = case_clock_get(&before->head, name, &was);
    bool runs = running_in[after->head.state] == name;
    if (!had && !runs) {
        assert_false(case_clock_get(&after->head, name, &is));
        return;
    }
    assert_true(case_clock_get(&after->head, name, &is));
    if (runs)
        assert_int_equal(is.state, CLOCK_STATE_RUNNING);
    else if (after->head.state == REPORT_CLOSED || words_have(s->stops, word))
        assert_int_equal(is.state, CLOCK_STATE_STOPPED);
    else if (was.state == CLOCK_STATE_RUNNING)
        assert_int_equal(is.state, CLOCK_STATE_PAUSED);
    else
        assert_int_equal(is.state, was.state);
    if (!words_have(s->fresh, word))
        return;
    assert_int_equal(is.started_ms, p.world.now_ms);
    assert_int_equal(is.budget, budgets[name]);
    assert_int_equal(is.n_runs, 1);
    assert_int_equal(after->head.due_ms, p.world.now_ms + budgets[name]);
}

static void expect_clocks(const struct scenario *s, const struct report *before,
                          const struct report *after)
{
    for (int name = 1; name < REPORT_CLOCKS; name++)
        expect_clock(s, before, after, name);
    int was = running_in[before->head.state], is = running_in[after->head.state];
    int64_t more = strcmp(s->verb, "extend") == 0 ? 90 * MINUTE : 0;
    if (is && was == is && !s->fresh[0])
        assert_int_equal(after->head.due_ms, before->head.due_ms + more);
    if (!is)
        assert_int_equal(after->head.due_ms, 0);
    assert_int_equal(after->x.open, is != 0);
    assert_int_equal(after->x.duty, is == REPORT_CLOCK_DISPATCH || is == REPORT_CLOCK_RESPONSE);
    assert_int_equal(after->x.due_ms, after->head.due_ms);
    assert_int_equal(after->x.next_ms, p.world.now_ms); /* events wait */
}

static void expect_events(const struct scenario *s, const struct report *before,
                          const struct report *after)
{
    const struct case_event *e = after->head.events.items;
    assert_true(after->head.events.n >= 2);
    assert_int_equal(e[0].type, EVENT_PROJECT);
    assert_int_equal(e[1].type, EVENT_CALL);
    const char *tells = s->tells;
    char word[40];
    size_t n = 2;
    for (; words_next(&tells, word); n++) {
        assert_true(n < after->head.events.n);
        assert_int_equal(e[n].type, EVENT_TELL);
        assert_string_equal(case_audience_names[e[n].whom].name, word);
        bool sms = e[n].whom == TELL_LEADER_SMS;
        assert_string_equal(e[n].what, sms ? "emergency" : s->verb);
        if (e[n].whom == TELL_FORMER) /* and its webhook is called */
            assert_int_equal(e[++n].type, EVENT_CALL);
    }
    assert_int_equal(n, after->head.events.n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(e[i].step, after->head.steps.n);
        assert_int_equal(e[i].at_ms, p.world.now_ms);
        bool former = e[i].whom == TELL_FORMER || (i >= 2 && e[i].type == EVENT_CALL);
        assert_string_equal(e[i].agency, former ? before->head.agency : after->head.agency);
        for (size_t j = 0; j < i; j++)
            assert_false(id_equal(&e[i].id, &e[j].id));
    }
}

static const char *party_word(enum who who)
{
    static const char *const words[WHO_MAX] = {
        [OWNER] = "owner",   [DISPATCHER] = "dispatcher", [OFFICER] = "officer",
        [LEADER] = "leader", [INSPECTOR] = "inspector",   [SYSTEM] = "system"};
    return words[who];
}

static void expect_history(const struct scenario *s, const struct report *before,
                           const struct report *after, enum who who)
{
    const struct case_step *step = province_last_step(after);
    struct case_actor actor = province_actor(who);
    assert_int_equal(after->head.steps.n, before->head.steps.n + 1);
    assert_int_equal(after->head.revision, before->head.revision + 1);
    assert_int_equal(after->head.changed_ms, p.world.now_ms);
    assert_int_equal(history_check(&after->head.steps, &after->head.id), -1);
    assert_int_equal(step->seq, after->head.steps.n);
    assert_int_equal(step->at_ms, p.world.now_ms);
    assert_string_equal(step->verb, s->verb);
    assert_string_equal(step->from, report_states[before->head.state].name);
    assert_string_equal(step->to, report_states[after->head.state].name);
    /* Of an agency that owes an answer and no longer has the case. */
    bool gone = strcmp(s->who, "asked") == 0 && strcmp(before->head.agency, HERE) != 0;
    assert_string_equal(step->party, gone ? "officer" : party_word(who));
    assert_true(id_equal(&step->by, &actor.id));
    assert_int_equal(step->office != NULL, actor.agency != NULL);
    assert_non_null(step->note);
    assert_int_equal(step->reason != NULL, words_have(s->needs, "/reason"));
    assert_int_equal(!id_is_nil(&step->officer), words_have(s->needs, "/officer"));
    bool moves = words_have(s->needs, "/agency") || strcmp(s->verb, "transfer") == 0 ||
                 strcmp(s->verb, "recall") == 0;
    assert_int_equal(step->agency != NULL, moves);
    if (moves)
        assert_string_equal(step->agency, after->head.agency);
}

/* Where a step of the scenario leads. */
static int goal(const struct scenario *s, const struct report *before, enum who who)
{
    int to = target_of(s);
    if (who == LEADER && s->leader_to)
        return entity_enum_value(report_states, s->leader_to);
    if (to == CASE_BACK)
        return before->head.back_to;
    return to == CASE_STAY ? before->head.state : to;
}

static void expect_taken(const struct scenario *s, const struct report *before,
                         const struct report *after, enum who who)
{
    assert_int_equal(after->head.state, goal(s, before, who));
    if (s->outcome)
        assert_int_equal(after->head.outcome, entity_enum_value(report_outcomes, s->outcome));
    else if (before->head.state == after->head.state)
        assert_int_equal(after->head.outcome, before->head.outcome);
    assert_int_equal(after->head.closed_ms != 0, after->head.state == REPORT_CLOSED);
    bool away = after->head.state == REPORT_WAITING || after->head.state == REPORT_APPROVAL;
    assert_int_equal(after->head.back_to != 0, away);
    if (away && before->head.state != after->head.state)
        assert_int_equal(after->head.back_to, before->head.state);
    expect_history(s, before, after, who);
    if (who == LEADER && s->leader_to)
        return; /* another row's clocks and events */
    expect_clocks(s, before, after);
    expect_events(s, before, after);
}

static void try_scenario(const struct scenario *s, int from, enum who who)
{
    struct report before, after;
    arrive(&p, s->traits, s->opening, from, &before);
    struct report_act deed = province_deed(&p, s->verb, who);
    int done = province_act(&p, &before.head.id, &deed, &after);
    int expected = may(&before, parties_of(s->who), who) ? 0 : CASE_FORBIDDEN;
    if (done != expected)
        fail_msg("%s %d from %s by %s: %d instead of %d (lacks %s)", s->verb, s->nth,
                 report_states[from].name, who_names[who], done, expected,
                 deed.act.lacks ? deed.act.lacks : "nothing");
    if (done == 0)
        expect_taken(s, &before, &after, who);
    else
        expect_unchanged(&before);
}

static void try_scenarios(void)
{
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        for (int from = 1; from < REPORT_STATES; from++) {
            for (int who = 0; who < WHO_MAX; who++) {
                if (words_have(scenarios[i].from, report_states[from].name))
                    try_scenario(&scenarios[i], from, (enum who)who);
            }
        }
    }
}

static void test_rows_are_taken_by_whom_they_name(void **state)
{
    (void)state;
    try_scenarios();
}

/* The portal stands in: it approves, sends back, takes back and rejects. */
static void test_rows_are_taken_where_nobody_leads(void **state)
{
    (void)state;
    p.leaderless = HERE;
    try_scenarios();
}

/* What the API's parameters take is what states are called. */
static void test_names_of_states(void **state)
{
    (void)state;
    json_t *schema = json_loads(REPORT_STATE_SCHEMA, 0, NULL);
    const json_t *names = json_object_get(schema, "enum");
    assert_int_equal(json_array_size(names), REPORT_STATES - 1);
    for (int i = 1; i < REPORT_STATES; i++)
        assert_string_equal(json_string_value(json_array_get(names, (size_t)i - 1)),
                            report_states[i].name);
    json_decref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_has_a_scenario),
        cmocka_unit_test(test_names_of_states),
        cmocka_unit_test_setup_teardown(test_rows_are_taken_by_whom_they_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rows_are_taken_where_nobody_leads, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
