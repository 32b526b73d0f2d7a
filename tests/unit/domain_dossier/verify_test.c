/* What is counted of a dossier follows from its record: made anew where it says something else. */
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

static bool differed(const struct dossier *d)
{
    void *record = NULL;
    bool ret = false;
    assert_int_equal(
        case_verify(&dossier_kept, h.store, &d->head.id, h.calendar, NULL, &h.arena, &record, &ret),
        0);
    return ret;
}

static int misremember(struct store_edit *edit, void *ctx)
{
    struct dossier_fact f = {0};
    int done = entity_decode(&dossier_fact_entity, edit->before, edit->arena, &f);
    f.given = 0;
    f.field = ctx;
    return done < 0
               ? done
               : entity_encode(&dossier_fact_entity, &f, edit->before, edit->arena, edit->after);
}

/* As the dispatcher does: a record whose projection is on its way does not differ yet. */
static void settle(struct dossier *d)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    const struct case_event *events = d->head.events.items;
    struct id *ids = arena_array(&h.arena, d->head.events.n, sizeof(*ids));
    for (size_t i = 0; i < d->head.events.n; i++)
        ids[i] = events[i].id;
    assert_int_equal(store_get(h.store, &dossier_collection, &d->head.id, &doc), 0);
    struct case_settling s = {
        .id = d->head.id, .seen = doc, .events = ids, .n = d->head.events.n, .world = &h.world};
    case_settle_many(&dossier_kept, h.store, &s, 1, &h.arena);
    assert_int_equal(s.outcome, 0);
}

static void a_fact_of_the_same_revision_is_put_right(void **state)
{
    (void)state;
    struct dossier d;
    hall_file(&h, 0, &d);
    settle(&d);
    differed(&d);
    assert_false(differed(&d));
    char wrong[] = "Đất đai";
    assert_int_equal(
        store_change(h.store, &dossier_fact_collection, &d.head.id, NULL, misremember, wrong, NULL),
        0);
    assert_true(differed(&d));
    assert_false(differed(&d));
}

/* As long as a procedure may name it, though what is counted by has less room. */
static void a_long_field_is_counted_by_its_beginning(void **state)
{
    (void)state;
    struct dossier d;
    struct dossier_fact f;
    hall_file(&h, 0, &d);
    char *field = arena_alloc(&h.arena, 361);
    for (size_t i = 0; i < 120; i++)
        memcpy(field + 3 * i, "ấ", 4);
    d.field = field;
    dossier_project_fact(&d, h.calendar, &h.arena, &f);
    assert_int_equal(strlen(f.field), 255);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    assert_int_equal(entity_encode(&dossier_fact_entity, &f, NULL, &h.arena, body), 0);
    CLEANUP(bson_destroyp) bson_t *whole = bson_new();
    assert_int_equal(entity_encode(&dossier_entity, &d, NULL, &h.arena, whole), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fact_of_the_same_revision_is_put_right, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_long_field_is_counted_by_its_beginning, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
