/* The dossier's transition table, row by row: said once more in other words, and tried by all. */
#include "domain/case/history.h"
#include "tests/unit/domain_dossier/hall.h"

static struct hall h;

static int set_up(void **state)
{
    (void)state;
    hall_open(&h);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hall_close(&h);
    return 0;
}

struct scenario {
    const char *verb;
    int nth;
    int64_t fee; /* due when it is filed */
    uint32_t from;
    int to; /* or CASE_STAY, CASE_BACK */
    uint32_t who;
    const char *tells;
    const char *before;  /* "verb@who verb@who": steps after arriving, that end where they began */
    const char *pointer; /* what it cannot do without, as the act lacks it; NULL nothing */
};

#define IN(state) (1U << DOSSIER_##state)
#define BY(who) (1U << (who))
#define WORKED (IN(RECEIVED) | IN(IN_PROGRESS))
#define HOLDERS (BY(OFFICER) | BY(LEADER))
#define DESKS (BY(DESK_OFFICER) | BY(DESK_LEADER))
/* With the agency that decides. */
#define OPEN_THERE (WORKED | IN(SUPPLEMENT) | IN(FEE) | IN(WITHDRAWING) | IN(FINISHED) | IN(PAUSED))
#define OVERSEERS (BY(LEADER) | BY(INSPECTOR))
#define AGAIN "supplement@officer supply@owner"
#define REVOKED "revoke@leader"

/* clang-format off */
static const struct scenario scenarios[] = {
    {"receive", 1, 0, IN(SUBMITTED), DOSSIER_RECEIVED, DESKS, "owner leader", "", NULL},
    {"refuse", 1, 0, IN(SUBMITTED), DOSSIER_REFUSED, DESKS, "owner", "", "/note"},
    {"assign", 1, 0, WORKED, DOSSIER_IN_PROGRESS, BY(LEADER), "owner officer", "", "/officer"},
    {"take", 1, 0, IN(RECEIVED), DOSSIER_IN_PROGRESS, HOLDERS, "owner", "", NULL},
    {"forward", 1, 0, IN(IN_PROGRESS), CASE_STAY, HOLDERS, "officer", "", "/officer"},
    {"transfer", 1, 0, WORKED, DOSSIER_RECEIVED, HOLDERS, "owner agency", "", "/agency"},
    {"supplement", 1, 0, IN(IN_PROGRESS), DOSSIER_SUPPLEMENT, HOLDERS, "owner", "", "/components"},
    {"supplement", 2, 0, IN(IN_PROGRESS), DOSSIER_SUPPLEMENT, BY(LEADER), "owner", AGAIN,
     "/components"},
    {"supply", 1, 0, IN(SUPPLEMENT), CASE_BACK, BY(OWNER) | DESKS | HOLDERS, "owner officer", "",
     "/components"},
    {"go_on", 1, 0, IN(SUPPLEMENT), CASE_BACK, HOLDERS, "owner", "", "/note"},
    {"ask_fee", 1, 0, IN(IN_PROGRESS), DOSSIER_FEE, HOLDERS, "owner", "", "/amount"},
    {"pay", 1, 0, IN(FEE), CASE_BACK, DESKS | HOLDERS | BY(SYSTEM), "owner officer", "", "/amount"},
    {"pay", 2, 90000, IN(SUBMITTED), CASE_STAY, DESKS | BY(SYSTEM), "owner", "", "/amount"},
    {"lapse", 1, 0, IN(SUPPLEMENT), DOSSIER_STOPPED, BY(SYSTEM), "owner officer", "", NULL},
    {"lapse", 2, 0, IN(FEE), DOSSIER_STOPPED, BY(SYSTEM), "owner officer", "", NULL},
    {"withdraw", 1, 0, IN(SUBMITTED), DOSSIER_STOPPED, BY(OWNER), "owner agency", "", NULL},
    {"withdraw", 2, 0, WORKED | IN(SUPPLEMENT) | IN(FEE) | IN(PAUSED), DOSSIER_WITHDRAWING,
     BY(OWNER), "owner officer", "", "/note"},
    {"release", 1, 0, IN(WITHDRAWING), DOSSIER_STOPPED, HOLDERS, "owner", "", NULL},
    {"keep", 1, 0, IN(WITHDRAWING), CASE_BACK, BY(LEADER), "owner", "", "/note"},
    {"keep", 2, 0, IN(WITHDRAWING), CASE_BACK, BY(OWNER), "owner officer", "", NULL},
    {"stop", 1, 0, WORKED | IN(SUPPLEMENT) | IN(FEE) | IN(PAUSED), DOSSIER_STOPPED, BY(LEADER),
     "owner officer", "", "/reason"},
    {"stop", 2, 0, IN(FINISHED), DOSSIER_STOPPED, BY(LEADER), "owner officer", REVOKED, "/reason"},
    {"pause", 1, 0, WORKED, DOSSIER_PAUSED, BY(LEADER), "owner", "", "/note"},
    {"resume", 1, 0, IN(PAUSED), CASE_BACK, HOLDERS, "owner", "", NULL},
    {"apologise", 1, 0, WORKED, CASE_STAY, BY(LEADER), "owner", "", "/days"},
    {"propose", 1, 0, IN(IN_PROGRESS), CASE_STAY, HOLDERS, "leader", "", "/note"},
    {"send_back", 1, 0, IN(IN_PROGRESS), CASE_STAY, BY(LEADER), "officer", "", "/note"},
    {"finish", 1, 0, IN(IN_PROGRESS), DOSSIER_FINISHED, BY(LEADER), "owner desk", "", "/results"},
    {"deny", 1, 0, IN(IN_PROGRESS), DOSSIER_FINISHED, BY(LEADER), "owner desk", "", "/note"},
    {"collect", 1, 0, IN(FINISHED), DOSSIER_RETURNED, BY(OWNER), "owner desk", "", NULL},
    {"hand_over", 1, 0, IN(FINISHED), DOSSIER_RETURNED, DESKS | HOLDERS, "owner", "", "/note"},
    {"post", 1, 0, IN(FINISHED), DOSSIER_RETURNED, DESKS | HOLDERS, "owner", "", "/reference"},
    {"remind", 1, 0, IN(FINISHED), CASE_STAY, BY(SYSTEM), "owner", "", NULL},
    {"remind", 2, 0, IN(FINISHED), CASE_STAY, BY(SYSTEM), "leader", REVOKED, NULL},
    {"replace", 1, 0, IN(FINISHED) | IN(RETURNED), CASE_STAY, BY(LEADER), "owner", "", "/results"},
    {"revoke", 1, 0, IN(FINISHED) | IN(RETURNED), CASE_STAY, BY(LEADER), "owner", "", "/note"},
    {"rate", 1, 0, IN(FINISHED) | IN(REFUSED) | IN(STOPPED) | IN(RETURNED), CASE_STAY, BY(OWNER),
     "officer", "", "/rating"},
    {"urge", 1, 0, OPEN_THERE, CASE_STAY, OVERSEERS, "officer leader", "", "/days"},
    {"direct", 1, 0, OPEN_THERE | IN(STOPPED) | IN(RETURNED), CASE_STAY, OVERSEERS,
     "officer leader", "", "/note"},
    {"explain", 1, 0, OPEN_THERE | IN(STOPPED) | IN(RETURNED), CASE_STAY, OVERSEERS,
     "officer leader", "", "/days"},
    {"respond", 1, 0, OPEN_THERE | IN(STOPPED) | IN(RETURNED), CASE_STAY, HOLDERS, "demander",
     "explain@inspector", "/note"},
};
/* clang-format on */

static const struct case_row *row_of(const struct scenario *s)
{
    int nth = 0;
    for (size_t i = 0; i < dossier_kind.n_rows; i++) {
        if (strcmp(dossier_kind.rows[i].verb, s->verb) == 0 && ++nth == s->nth)
            return &dossier_kind.rows[i];
    }
    fail_msg("no row %s %d", s->verb, s->nth);
    return NULL;
}

static void every_row_has_a_scenario(void **state)
{
    (void)state;
    const char *fault = case_kind_fault(&dossier_kind);
    if (!fault)
        fault = entity_fault(&dossier_entity);
    if (!fault)
        fault = entity_fault(&dossier_fact_entity);
    if (fault)
        fail_msg("%s", fault);
    assert_int_equal(ARRAY_LEN(scenarios), dossier_kind.n_rows);
    for (size_t i = 0; i < dossier_kind.n_rows; i++) {
        if (row_of(&scenarios[i]) != &dossier_kind.rows[i] ||
            row_of(&scenarios[i])->to != scenarios[i].to)
            fail_msg("row %zu (%s) is told otherwise", i, dossier_kind.rows[i].verb);
    }
}

static void take_before(struct dossier *d, const char *before)
{
    char verb[24], who[24];
    for (int n = 0; sscanf(before, " %23[a-z_]@%23[a-z]%n", verb, who, &n) == 2; before += n)
        hall_take(&h, d, verb,
                  strcmp(who, "owner") == 0       ? OWNER
                  : strcmp(who, "inspector") == 0 ? INSPECTOR
                  : strcmp(who, "leader") == 0    ? LEADER
                                                  : OFFICER);
    hall_settle(&h, d);
}

static void expect_told(const struct scenario *s, const struct dossier *d)
{
    const struct case_event *e = d->head.events.items;
    char told[100] = "";
    for (size_t i = 0; i < d->head.events.n; i++) {
        if (e[i].type != EVENT_TELL)
            continue;
        snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s%s", told[0] ? " " : "",
                 case_audience_names[e[i].whom].name);
    }
    assert_string_equal(told, s->tells);
}

static void expect_taken(const struct scenario *s, const struct dossier *was,
                         const struct dossier *is)
{
    int to = s->to == CASE_STAY ? was->head.state : s->to == CASE_BACK ? was->head.back_to : s->to;
    const struct case_step *steps = is->head.steps.items;
    assert_int_equal(is->head.state, to);
    assert_int_equal(is->head.revision, was->head.revision + 1);
    assert_int_equal(is->head.steps.n, was->head.steps.n + 1);
    assert_string_equal(steps[is->head.steps.n - 1].verb, s->verb);
    assert_int_equal(history_check(&is->head.steps, &is->head.id), -1);
    bool open = dossier_kind.states[to].open;
    assert_int_equal(is->head.closed_ms != 0, !open);
    if (!open)
        assert_int_not_equal(is->head.outcome, 0);
    expect_told(s, is);
}

/* Whoever is before a dossier that the desk still holds is the holder there. */
static void try_one(const struct scenario *s, int from, enum who who)
{
    struct dossier was, d;
    hall_reach(&h, s->fee, from, &d);
    take_before(&d, s->before);
    was = d;
    struct dossier_act deed = hall_deed(&h, s->verb, who);
    int done = hall_do(&h, &d, &deed), wanted = s->who & BY(who) ? 0 : CASE_FORBIDDEN;
    /* The other row of the verb takes it, where there is one for them. */
    if (strcmp(s->verb, "keep") == 0 && (who == OWNER || who == LEADER))
        wanted = 0;
    if (done != wanted)
        fail_msg("%s %d in %s by %d: %d instead of %d, lacks %s", s->verb, s->nth,
                 dossier_states[from].name, (int)who, done, wanted,
                 deed.act.lacks ? deed.act.lacks : "nothing");
    if (done == 0 && s->who & BY(who))
        expect_taken(s, &was, &d);
}

static void each_is_taken_by_whom_it_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        for (int from = 1; from < DOSSIER_STATES; from++) {
            for (int who = 0; who < WHO_MAX; who++) {
                if (scenarios[i].from & (1U << from))
                    try_one(&scenarios[i], from, (enum who)who);
            }
        }
    }
}

/* In a state from which it does not lead, a verb is refused, and nothing changes. */
static void elsewhere_it_is_refused(void **state)
{
    (void)state;
    for (int from = 1; from < DOSSIER_STATES; from++) {
        struct dossier d;
        hall_reach(&h, 0, from, &d);
        for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
            uint32_t anywhere = 0;
            for (size_t j = 0; j < dossier_kind.n_rows; j++) {
                if (strcmp(dossier_kind.rows[j].verb, scenarios[i].verb) == 0)
                    anywhere |= dossier_kind.rows[j].from;
            }
            if (anywhere & (1U << from))
                continue;
            for (int who = 0; who < WHO_MAX; who++) {
                struct dossier_act deed = hall_deed(&h, scenarios[i].verb, (enum who)who);
                struct dossier now = d;
                assert_int_equal(hall_do(&h, &now, &deed), CASE_WRONG_STATE);
            }
        }
    }
}

static void take_away(struct dossier_act *deed, const char *pointer)
{
    if (strcmp(pointer, "/note") == 0)
        deed->act.note = NULL;
    if (strcmp(pointer, "/reason") == 0)
        deed->act.reason = "no_such_reason";
    if (strcmp(pointer, "/agency") == 0)
        deed->act.agency = NULL;
    if (strcmp(pointer, "/officer") == 0)
        deed->act.officer = (struct id){0};
    if (strcmp(pointer, "/rating") == 0)
        deed->act.rating = 6;
    if (strcmp(pointer, "/components") == 0)
        deed->n_components = 0;
    if (strcmp(pointer, "/results") == 0)
        deed->n_results = 0;
    if (strcmp(pointer, "/amount") == 0)
        deed->act.amount = -1;
    if (strcmp(pointer, "/days") == 0)
        deed->act.days = 0;
    if (strcmp(pointer, "/reference") == 0)
        deed->reference = NULL;
}

static enum who first_of(uint32_t who)
{
    int n = 0;
    while (!(who & BY(n)))
        n++;
    return (enum who)n;
}

static void what_it_needs_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        const struct scenario *s = &scenarios[i];
        struct dossier d, was;
        int from = 1;
        while (!(s->from & (1U << from)))
            from++;
        if (!s->pointer || strcmp(s->pointer, "/amount") == 0)
            continue; /* of money see money_test.c */
        hall_reach(&h, s->fee, from, &d);
        take_before(&d, s->before);
        was = d;
        struct dossier_act deed = hall_deed(&h, s->verb, first_of(s->who));
        take_away(&deed, s->pointer);
        assert_int_equal(hall_do(&h, &d, &deed), CASE_LACKS);
        assert_string_equal(deed.act.lacks, s->pointer);
        hall_get(&h, &d.head.id, &d);
        assert_int_equal(d.head.revision, was.head.revision);
    }
}

/* What was revoked does not go out; what takes its place does. */
static void a_revoked_result_stays(void **state)
{
    (void)state;
    static const struct {
        const char *verb;
        enum who who;
    } ways[] = {{"collect", OWNER}, {"hand_over", DESK_OFFICER}, {"post", DESK_OFFICER}};
    struct dossier d;
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        hall_reach(&h, 0, DOSSIER_FINISHED, &d);
        hall_take(&h, &d, "revoke", LEADER);
        struct dossier_act deed = hall_deed(&h, ways[i].verb, ways[i].who);
        assert_int_equal(hall_do(&h, &d, &deed), CASE_WRONG_STATE);
        hall_take(&h, &d, "replace", LEADER);
        hall_take(&h, &d, ways[i].verb, ways[i].who);
        assert_int_equal(d.head.state, DOSSIER_RETURNED);
    }
}

/* What was asked for is known after it came. */
static void requests_are_kept(void **state)
{
    (void)state;
    struct dossier d;
    hall_reach(&h, 0, DOSSIER_SUPPLEMENT, &d);
    hall_take(&h, &d, "supply", OWNER);
    assert_int_equal(d.requests.n, 1);
    const struct dossier_request *r = d.requests.items;
    const struct dossier_component *asked = r->components.items;
    assert_int_equal(r->components.n, 1);
    assert_string_equal(asked->code, "proof");
    assert_int_equal(asked->verdict, DOSSIER_UNCLEAR);
    assert_string_equal(asked->note, "Ảnh mờ, xin chụp lại.");
    for (int i = 0; i < DOSSIER_REQUESTS_MAX + 2; i++) {
        hall_take(&h, &d, "supplement", LEADER);
        hall_take(&h, &d, "supply", OWNER);
        hall_settle(&h, &d);
    }
    assert_int_equal(d.requests.n, DOSSIER_REQUESTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_scenario),
        cmocka_unit_test_setup_teardown(each_is_taken_by_whom_it_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(elsewhere_it_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_it_needs_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_revoked_result_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(requests_are_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
