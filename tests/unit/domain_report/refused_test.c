/* What the report's transition table refuses: too little, guards, verbs that are not of the state.
 */
#include "tests/unit/domain_report/scenarios.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    p.leaderless = HERE;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

static void expect_unchanged(const struct report *before)
{
    struct report now;
    province_get(&p, &before->head.id, &now);
    assert_int_equal(now.head.revision, before->head.revision);
    assert_int_equal(now.head.steps.n, before->head.steps.n);
    assert_int_equal(now.head.state, before->head.state);
    assert_int_equal(now.photos.n, before->photos.n);
}

/* One of those who may, in that state. */
static enum who someone(const struct scenario *s, const struct report *r)
{
    if (words_have(s->who, "owner"))
        return OWNER;
    if (words_have(s->who, "dispatcher") && strcmp(r->head.agency, PORTAL) == 0)
        return DISPATCHER;
    if (words_have(s->who, "inspector") && strcmp(r->head.agency, PORTAL) == 0)
        return INSPECTOR;
    if (words_have(s->who, "officer") || words_have(s->who, "asked"))
        return OFFICER;
    return words_have(s->who, "leader") ? LEADER : DISPATCHER;
}

static int first_state(const struct scenario *s)
{
    for (int i = 1; i < REPORT_STATES; i++) {
        if (words_have(s->from, report_states[i].name))
            return i;
    }
    return 0;
}

/* --- what a row needs ------------------------------------------------------------------------- */

static char too_long[CASE_NOTE_MAX + 2];

static void no_note(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.note = NULL;
}

static void empty_note(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.note = "";
}

static void long_note(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.note = too_long;
}

static void no_reason(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.reason = NULL;
}

static void strange_reason(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.reason = strcmp(d->act.verb, "transfer") == 0 ? "untrue" : "other_area";
}

static void no_agency(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.agency = NULL;
}

static void empty_agency(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.agency = "";
}

static void same_agency(struct report_act *d, const struct report *r)
{
    d->act.agency = r->head.agency;
}

static void the_portal(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.agency = PORTAL;
}

static void no_officer(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.officer = (struct id){0};
}

static void no_proof(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.proof = false;
}

static void rating_0(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.rating = 0;
}

static void rating_6(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.rating = 6;
}

static void minutes_0(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.minutes = 0;
}

static void minutes_below(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.minutes = -90;
}

static void minutes_above(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.minutes = INT64_MAX;
}

static void minutes_beyond(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.minutes = 15 * 24 * 60 + 1;
}

static void days_0(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.days = 0;
}

static void days_above(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.days = CASE_DEMAND_DAYS_MAX + 1;
}

static void no_other(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.other = (struct id){0};
}

static void itself(struct report_act *d, const struct report *r)
{
    d->act.other = r->head.id;
    d->act.other_ms = r->head.filed_ms;
}

static void unknown(struct report_act *d, const struct report *r)
{
    (void)r;
    d->act.other_ms = 0;
}

static void filed_later(struct report_act *d, const struct report *r)
{
    d->act.other_ms = r->head.filed_ms + 1;
}

/* Values that are no good for a need. */
static const struct {
    const char *pointer;
    void (*spoil)(struct report_act *deed, const struct report *r);
} spoilers[] = {
    {"/note", no_note},        {"/note", empty_note},        {"/note", long_note},
    {"/reason", no_reason},    {"/reason", strange_reason},  {"/agency", no_agency},
    {"/agency", empty_agency}, {"/agency", same_agency},     {"/officer", no_officer},
    {"/media", no_proof},      {"/rating", rating_0},        {"/rating", rating_6},
    {"/minutes", minutes_0},   {"/minutes", minutes_below},  {"/minutes", minutes_above},
    {"/agency", the_portal},   {"/minutes", minutes_beyond}, {"/other", no_other},
    {"/other", itself},        {"/other", unknown},          {"/other", filed_later},
    {"/days", days_0},         {"/days", days_above},
};

static void expect_lacks(const struct scenario *s, struct report *r, size_t i)
{
    struct report after;
    struct report_act deed = province_deed(&p, s->verb, someone(s, r));
    spoilers[i].spoil(&deed, r);
    int done = province_act(&p, &r->head.id, &deed, &after);
    if (done != CASE_LACKS)
        fail_msg("%s %d with spoiler %zu (%s): %d", s->verb, s->nth, i, spoilers[i].pointer, done);
    assert_string_equal(deed.act.lacks, spoilers[i].pointer);
    expect_unchanged(r);
}

static void test_what_a_row_needs_must_be_there(void **state)
{
    (void)state;
    static const char *const pointers[] = {"/note",  "/reason", "/agency",  "/officer",
                                           "/media", "/rating", "/minutes", "/other"};
    memset(too_long, 'a', sizeof(too_long) - 1);
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        const struct scenario *s = &scenarios[i];
        const struct case_row *row = row_of(s);
        struct report r;
        arrive(&p, s->traits, s->opening, first_state(s), &r);
        for (size_t j = 0; j < ARRAY_LEN(spoilers); j++) {
            if (words_have(s->needs, spoilers[j].pointer))
                expect_lacks(s, &r, j);
        }
        for (size_t j = 0; j < ARRAY_LEN(pointers); j++)
            assert_int_equal((row->needs >> j) & 1U, words_have(s->needs, pointers[j]));
    }
}

/* A note is bounded though no row asks for it; so is the number of media. */
static void test_bounds_of_what_is_given_freely(void **state)
{
    (void)state;
    struct report r, after;
    static const struct case_media media[CASE_MEDIA_MAX + 1];
    memset(too_long, 'a', sizeof(too_long) - 1);
    province_reach(&p, 0, REPORT_DISPATCHED, &r);
    struct report_act deed = province_deed(&p, "receive", OFFICER);
    deed.act.note = too_long;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), CASE_LACKS);
    assert_string_equal(deed.act.lacks, "/note");
    deed.act.note = NULL;
    deed.act.media = media;
    deed.act.n_media = ARRAY_LEN(media);
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), CASE_LACKS);
    assert_string_equal(deed.act.lacks, "/media");
    deed.act.n_media = CASE_MEDIA_MAX;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), 0);
    assert_int_equal(province_last_step(&after)->media.n, CASE_MEDIA_MAX);
}

/* Who is named in the history may come to see the case: only where the row asked for it. */
static void test_history_keeps_only_what_was_asked_for(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_ANSWERED, &r);
    struct case_actor leader = province_actor(OTHER_LEADER);
    province_do(&p, &r, "rate", OWNER); /* the deed names THERE, a reason and an officer */
    const struct case_step *step = province_last_step(&r);
    assert_null(step->agency);
    assert_null(step->reason);
    assert_true(id_is_nil(&step->officer));
    assert_int_equal(case_see(&r.head, &leader), 0);
}

/* Extensions add up: of one response together they are bounded, whoever is late meanwhile. */
static void test_extensions_are_bounded_together(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    struct report_act deed = province_deed(&p, "extend", LEADER);
    deed.act.minutes = 10 * 24 * 60;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
    assert_int_equal(province_act(&p, &r.head.id, &deed, &r), CASE_LACKS);
    assert_string_equal(deed.act.lacks, "/minutes");
    deed.act.minutes = 5 * 24 * 60;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
    assert_int_equal(r.head.due_ms, r.head.filed_ms + 4 * HOUR + 15 * DAY);
    deed.act.minutes = 1;
    assert_int_equal(province_act(&p, &r.head.id, &deed, &r), CASE_LACKS);
    assert_int_equal(r.extensions, 2);
}

/* Of two reports the later one repeats the earlier one, and never the other way round as well. */
static void test_duplicates_never_go_round(void **state)
{
    (void)state;
    struct report reports[2], after;
    for (int i = 0; i < 2; i++)
        province_reach(&p, 0, REPORT_RECEIVED, &reports[i]); /* in the same instant */
    int taken = 0;
    for (int i = 0; i < 2; i++) {
        struct report_act deed = province_deed(&p, "duplicate", OFFICER);
        deed.act.other = reports[!i].head.id;
        deed.act.other_ms = reports[!i].head.filed_ms;
        taken += province_act(&p, &reports[i].head.id, &deed, &after) == 0;
    }
    assert_int_equal(taken, 1);
}

/* --- guards ----------------------------------------------------------------------------------- */

static void test_guards_refuse(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        const struct scenario *s = &scenarios[i];
        struct report r, after;
        for (int from = 1; s->refuse.can && from < REPORT_STATES; from++) {
            if (!words_have(s->from, report_states[from].name))
                continue;
            arrive(&p, s->refuse.traits, s->refuse.opening, from, &r);
            take_steps(&p, &r, s->refuse.late);
            struct report_act deed = province_deed(&p, s->verb, someone(s, &r));
            int done = province_act(&p, &r.head.id, &deed, &after);
            if (done != s->refuse.done)
                fail_msg("%s %d from %s: %d", s->verb, s->nth, report_states[from].name, done);
            if (done == 0)
                assert_string_equal(report_states[after.head.state].name, s->refuse.to);
            else
                expect_unchanged(&r);
        }
    }
}

/* --- verbs that are not of the state ---------------------------------------------------------- */

/* What the verb comes to on a copy of the report. */
static int dry_run(const struct report *r, const char *verb, enum who who)
{
    struct report copy = *r;
    struct report_act deed = province_deed(&p, verb, who);
    deed.actor = province_actor_before(&p, who, r);
    deed.act.party = case_party_of(&copy.head, &deed.actor);
    copy.photos.items =
        arena_dup(&p.arena, copy.photos.items, copy.photos.n * sizeof(struct report_photo));
    copy.head.clocks.items = arena_dup(&p.arena, copy.head.clocks.items,
                                       copy.head.clocks.n * sizeof(struct case_clock_row));
    copy.head.tasks.items =
        arena_dup(&p.arena, copy.head.tasks.items, copy.head.tasks.n * sizeof(struct case_task));
    return case_apply(&report_kind, &copy, &deed.act, &p.world, &p.arena);
}

static bool is_listed(const struct case_row **rows, size_t n, const char *verb)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(rows[i]->verb, verb) == 0)
            return true;
    }
    return false;
}

/* A verb of the scenarios leaves this state, whoever takes it and whatever guards say. */
static bool leaves(const char *verb, int state)
{
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        if (strcmp(scenarios[i].verb, verb) == 0 &&
            words_have(scenarios[i].from, report_states[state].name))
            return true;
    }
    return false;
}

/* All that is allowed is offered: first what leads to the end, last what ends or hides. Who has a
 * report answers it next; nobody needs to assign it then. */
static void expect_offers(const struct report *r, const struct case_actor *actor,
                          const struct case_row **rows, size_t n)
{
    static const int rank[] = {
        [CASE_FORTH] = 0, [CASE_USUAL] = 1, [CASE_ASIDE] = 2, [CASE_GRAVE] = 3};
    struct case_offer offers[CASE_OFFERS_MAX];
    assert_int_equal(case_offers(&report_kind, r, actor, &p.world, offers), n);
    for (size_t i = 0; i < n; i++) {
        assert_true(is_listed(rows, n, offers[i].row->verb));
        assert_true(i == 0 || rank[offers[i - 1].place] <= rank[offers[i].place]);
        if (strcmp(offers[i].row->verb, "answer") == 0)
            assert_int_equal(offers[i].place,
                             id_equal(&actor->id, &r->head.officer) ? CASE_FORTH : CASE_USUAL);
        if (strcmp(offers[i].row->verb, "assign") == 0 && !id_is_nil(&r->head.officer))
            assert_int_equal(offers[i].place, CASE_ASIDE);
    }
}

/* Every verb by everybody: what is allowed is what the list says, no more and no less. */
static void expect_list(const struct report *r, enum who who)
{
    struct case_actor actor = province_actor_before(&p, who, r);
    const struct case_row *rows[32];
    size_t n = case_allowed(&report_kind, r, case_party_of(&r->head, &actor), &p.world, rows, 32);
    expect_offers(r, &actor, rows, n);
    for (size_t i = 0; i < report_kind.n_rows; i++) {
        const char *verb = report_kind.rows[i].verb;
        int done = dry_run(r, verb, who);
        bool listed = is_listed(rows, n, verb);
        if (who == SYSTEM && done == 0)
            listed = true; /* lists are for people */
        if ((done == 0) != listed)
            fail_msg("%s in %s by %s: %d, but %s", verb, report_states[r->head.state].name,
                     who_names[who], done, listed ? "listed" : "not listed");
        if (!leaves(verb, r->head.state))
            assert_int_equal(done, CASE_WRONG_STATE);
        else
            assert_true(done == 0 || done == CASE_WRONG_STATE || done == CASE_FORBIDDEN);
    }
    assert_int_equal(dry_run(r, "vanish", who), CASE_NO_VERB);
}

static void test_other_verbs_are_refused_with_the_list(void **state)
{
    (void)state;
    for (int at = 1; at < REPORT_STATES; at++) {
        for (unsigned traits = 0; traits < TRAITS; traits++) {
            struct report r;
            province_reach(&p, traits, at, &r);
            for (int who = 0; who < WHO_MAX; who++)
                expect_list(&r, (enum who)who);
            province_settle(&p, &r);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_a_row_needs_must_be_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounds_of_what_is_given_freely, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_history_keeps_only_what_was_asked_for, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_extensions_are_bounded_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_duplicates_never_go_round, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guards_refuse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_verbs_are_refused_with_the_list, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
