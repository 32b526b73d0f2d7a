/* What offices take for fit, ask for again, and leave to the document store. */
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

static const struct dossier_component *component(const struct dossier *d, const char *code)
{
    const struct dossier_component *items = d->components.items;
    for (size_t i = 0; i < d->components.n; i++) {
        if (strcmp(items[i].code, code) == 0)
            return &items[i];
    }
    fail_msg("no %s", code);
    return NULL;
}

static void settle(struct dossier *d)
{
    assert_int_equal(dossier_kept_up(h.store, d), 0);
    hall_get(&h, &d->head.id, d);
}

static int to_keep(struct id **ret, size_t *ret_n)
{
    struct store_position next;
    bool more = true;
    int done = dossier_to_keep(h.store, NULL, &h.arena, ret, ret_n, &next, &more);
    assert_false(more);
    return done;
}

static void who_receives_takes_for_fit(void **state)
{
    (void)state;
    struct dossier d;
    struct id *marked = NULL;
    size_t n = 0;
    hall_file(&h, 0, &d);
    assert_int_equal(component(&d, "form")->accepted_ms, 0);
    assert_int_equal(d.keep_ms, 0);
    const int64_t at = h.world.now_ms;
    hall_take(&h, &d, "receive", DESK_OFFICER);
    struct id officer = hall_id(DESK_OFFICER);
    assert_int_equal(component(&d, "form")->accepted_ms, at);
    assert_true(id_equal(&component(&d, "card")->accepted_by, &officer));
    assert_string_equal(component(&d, "proof")->accepted_at, DESK);
    assert_int_equal(to_keep(&marked, &n), 0);
    assert_int_equal(n, 1);
    assert_true(id_equal(&marked[0], &d.head.id));
    settle(&d);
    assert_int_equal(d.keep_ms, 0);
    assert_int_equal(to_keep(&marked, &n), 0);
    assert_int_equal(n, 0);
}

/* Whoever followed what it was before leaves the mark to who follows what it is. */
static void a_mark_stays_where_it_changed_since(void **state)
{
    (void)state;
    struct dossier d, before;
    hall_file(&h, 0, &d);
    hall_take(&h, &d, "receive", DESK_OFFICER);
    before = d;
    hall_take(&h, &d, "take", OFFICER);
    assert_int_equal(dossier_kept_up(h.store, &before), 0);
    hall_get(&h, &d.head.id, &d);
    assert_true(d.keep_ms > 0);
    settle(&d);
    assert_int_equal(d.keep_ms, 0);
}

static void what_is_unfit_is_taken_back(void **state)
{
    (void)state;
    struct dossier d;
    hall_reach(&h, 0, DOSSIER_IN_PROGRESS, &d);
    settle(&d);
    hall_take(&h, &d, "supplement", OFFICER);
    assert_int_equal(component(&d, "proof")->accepted_ms, 0);
    assert_null(component(&d, "proof")->accepted_at);
    assert_true(component(&d, "form")->accepted_ms > 0);
    assert_true(d.keep_ms > 0);
    hall_take(&h, &d, "supply", OWNER);
    assert_int_equal(component(&d, "proof")->accepted_ms, 0);
    hall_take(&h, &d, "finish", LEADER);
    assert_true(component(&d, "proof")->accepted_ms > 0);
    assert_string_equal(component(&d, "proof")->accepted_at, DEPT);
}

static void nothing_is_kept_of_what_is_untrue(void **state)
{
    (void)state;
    struct dossier d;
    hall_reach(&h, 0, DOSSIER_IN_PROGRESS, &d);
    settle(&d);
    struct dossier_act deed = hall_deed(&h, "stop", LEADER);
    deed.act.reason = "untrue";
    assert_int_equal(hall_do(&h, &d, &deed), 0);
    assert_int_equal(component(&d, "form")->accepted_ms, 0);
    assert_true(d.keep_ms > 0);
}

static void ask(struct dossier *d, const struct dossier_component *asked)
{
    struct dossier_act deed = hall_deed(&h, "supplement", LEADER);
    deed.components = asked;
    deed.n_components = 1;
    assert_int_equal(hall_do(&h, d, &deed), 0);
    h.world.now_ms += MINUTE;
}

/* To ask for the use of what is there is not counted; to ask for another with a reason is. */
static void asking_again_is_counted(void **state)
{
    (void)state;
    struct dossier d;
    struct dossier_fact fact;
    struct dossier_component asked = {
        .code = "proof", .verdict = DOSSIER_MISSING, .note = "Chưa có", .offered = hall_id(98)};
    hall_reach(&h, 0, DOSSIER_IN_PROGRESS, &d);
    ask(&d, &asked);
    assert_true(id_equal(&component(&d, "proof")->offered, &asked.offered));
    assert_int_equal(d.asks.n, 0);
    assert_int_equal(d.x.asked_ms, 0);
    hall_take(&h, &d, "supply", OWNER);
    assert_true(id_is_nil(&component(&d, "proof")->offered));
    asked.despite = "Bản trong kho thiếu trang thứ hai";
    const int64_t at = h.world.now_ms;
    ask(&d, &asked);
    const struct dossier_ask *asks = d.asks.items;
    assert_int_equal(d.asks.n, 1);
    assert_string_equal(asks[0].reason, asked.despite);
    assert_true(id_equal(&asks[0].document, &asked.offered));
    assert_int_equal(d.x.asked_ms, at);
    assert_true(id_is_nil(&component(&d, "proof")->offered));
    dossier_project_fact(&d, h.calendar, &h.arena, &fact);
    assert_int_equal(fact.asked, 1);
    assert_int_equal(fact.reused, 1);
    assert_int_equal(fact.uploaded, 2);
}

static void the_oldest_asks_make_room(void **state)
{
    (void)state;
    struct dossier d;
    char reason[40];
    struct dossier_component asked = {.code = "proof",
                                      .verdict = DOSSIER_MISSING,
                                      .note = "Chưa có",
                                      .offered = hall_id(98),
                                      .despite = reason};
    hall_reach(&h, 0, DOSSIER_IN_PROGRESS, &d);
    for (int i = 0; i < DOSSIER_ASKS_MAX + 2; i++) {
        snprintf(reason, sizeof(reason), "lần %d", i);
        ask(&d, &asked);
        hall_take(&h, &d, "supply", OWNER);
        hall_settle(&h, &d);
    }
    const struct dossier_ask *asks = d.asks.items;
    assert_int_equal(d.asks.n, DOSSIER_ASKS_MAX);
    assert_string_equal(asks[0].reason, "lần 2");
}

/* What a list shows of a dossier is what its own page shows, without what is left out. */
static void a_row_shows_what_the_dossier_does(void **state)
{
    (void)state;
    struct dossier d, row;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    CLEANUP(buf_release) struct buf whole, shown;
    buf_init(&whole, 1 << 20);
    buf_init(&shown, 1 << 20);
    hall_file(&h, 0, &d);
    hall_take(&h, &d, "receive", DESK_OFFICER);
    assert_int_equal(store_get(h.store, &dossier_collection, &d.head.id, &doc), 0);
    assert_int_equal(dossier_decode(doc, &h.arena, &d), 0);
    assert_int_equal(dossier_decode_row(doc, &h.arena, &row), 0);
    assert_int_equal(row.applicant.n + row.form.n + row.first.n + row.head.events.n, 0);
    assert_true(d.head.steps.n > 0 && d.plan.n > 0 && d.components.n > 0);
    d.head.steps.n = d.stages.n = d.plan.n = d.components.n = 0;
    entity_json(&dossier_entity, &d, SEE_AGENCY, &whole);
    entity_json(&dossier_entity, &row, SEE_AGENCY, &shown);
    assert_string_equal(whole.data, shown.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_receives_takes_for_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_mark_stays_where_it_changed_since, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_unfit_is_taken_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_kept_of_what_is_untrue, set_up, tear_down),
        cmocka_unit_test_setup_teardown(asking_again_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_asks_make_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_shows_what_the_dossier_does, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
