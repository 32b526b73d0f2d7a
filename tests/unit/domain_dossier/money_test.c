/* What is due and what was paid; and who may say that paper was handed in. */
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

/* Guards are also asked with an act that is no dossier's (case_allowed). */
static void guards_look_at_the_act_alone(void **state)
{
    (void)state;
    struct dossier d;
    hall_reach(&h, 50000, DOSSIER_IN_PROGRESS, &d);
    for (size_t i = 0; i < dossier_kind.n_rows; i++) {
        const struct case_row *row = &dossier_kind.rows[i];
        struct case_act *act = malloc(sizeof(*act)); /* nothing stands behind it */
        assert_non_null(act);
        *act = (struct case_act){.verb = row->verb, .party = row->who};
        for (size_t g = 0; g < CASE_GUARDS_MAX && row->guards[g].holds; g++)
            assert_true(row->guards[g].holds(&d, act, &h.world) >= 0);
        free(act);
    }
}

static void what_is_paid_is_within_what_is_due(void **state)
{
    (void)state;
    struct dossier d;
    hall_reach(&h, 0, DOSSIER_FEE, &d);
    const int64_t owed = dossier_owed(&d);
    const int64_t wrong[] = {-1, 0, owed + 1, DOSSIER_AMOUNT_MAX + 1};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct dossier_act deed = hall_deed(&h, "pay", DESK_OFFICER);
        deed.act.amount = wrong[i];
        assert_int_equal(hall_do(&h, &d, &deed), CASE_LACKS);
        assert_string_equal(deed.act.lacks, "/amount");
    }
    struct dossier_act part = hall_deed(&h, "pay", DESK_OFFICER);
    part.act.amount = owed - 1;
    assert_int_equal(hall_do(&h, &d, &part), 0);
    assert_int_equal(d.head.state, DOSSIER_FEE);
    assert_int_equal(hall_do(&h, &d, &part), STORE_UNCHANGED);
    struct dossier_act rest = hall_deed(&h, "pay", DESK_OFFICER);
    rest.act.amount = 1;
    rest.payment = hall_id(200);
    assert_int_equal(hall_do(&h, &d, &rest), 0);
    assert_int_equal(d.head.state, DOSSIER_IN_PROGRESS);
    assert_int_equal(dossier_owed(&d), 0);
}

/* Paid in ever so small parts, the rest can still be paid. */
static void the_last_payment_is_the_rest(void **state)
{
    (void)state;
    struct dossier d;
    struct dossier_act deed = hall_deed(&h, "pay", DESK_OFFICER);
    hall_reach(&h, 0, DOSSIER_FEE, &d);
    deed.act.amount = 1;
    for (int i = 1; i < DOSSIER_PAYMENTS_MAX; i++) {
        deed.payment = hall_id(200 + i - 1);
        assert_int_equal(hall_do(&h, &d, &deed), 0);
    }
    deed.payment = hall_id(199);
    assert_int_equal(hall_do(&h, &d, &deed), CASE_LACKS);
    deed.act.amount = dossier_owed(&d);
    assert_int_equal(hall_do(&h, &d, &deed), 0);
    assert_int_equal(d.head.state, DOSSIER_IN_PROGRESS);
}

static int supply_copies(enum who who)
{
    struct dossier d;
    struct dossier_component paper = {.code = "proof", .copies = 1};
    hall_reach(&h, 0, DOSSIER_SUPPLEMENT, &d);
    struct dossier_act deed = hall_deed(&h, "supply", who);
    deed.components = &paper;
    return hall_do(&h, &d, &deed);
}

static void paper_is_the_desks_to_receive(void **state)
{
    (void)state;
    assert_int_equal(supply_copies(OWNER), CASE_LACKS);
    assert_int_equal(supply_copies(DESK_OFFICER), 0);
}

/* What is tried changes the copy and nothing that is stored. */
static void a_step_may_be_tried_first(void **state)
{
    (void)state;
    struct dossier d, stored;
    hall_reach(&h, 0, DOSSIER_IN_PROGRESS, &d);
    struct dossier_act finish = hall_deed(&h, "finish", OFFICER);
    assert_int_equal(dossier_try(&d, &finish, &h.world, &h.arena), CASE_FORBIDDEN);
    finish = hall_deed(&h, "finish", LEADER);
    assert_int_equal(dossier_try(&d, &finish, &h.world, &h.arena), 0);
    assert_int_equal(d.head.state, DOSSIER_FINISHED);
    hall_get(&h, &d.head.id, &stored);
    assert_int_equal(stored.head.state, DOSSIER_IN_PROGRESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(guards_look_at_the_act_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_paid_is_within_what_is_due, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_payment_is_the_rest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paper_is_the_desks_to_receive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_step_may_be_tried_first, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
