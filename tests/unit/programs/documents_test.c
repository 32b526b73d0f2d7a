/* The document store made good: what a crash left between a dossier and its papers, and what is in
 * the way of nothing else. */
#include "domain/dossier/dossier.h"
#include "handlers/dossier/documents.h"
#include "tests/unit/programs/world.h"

#define BIRTH "1.001193"
#define VERSION 20250701
#define OFFICE "H12.32025"

static int64_t now_ms;
static int filed;

static int set_up(void **state)
{
    int64_t day = 0;
    assert_int_equal(world_setup(state), 0);
    struct world *w = *state;
    assert_int_equal(procedure_holder_new(w->stores.data, &w->app.procedures), 0);
    world_load_demo(w);
    assert_int_equal(procedure_reload(w->app.procedures), 0);
    assert_true(clock_day_of_date(2026, 3, 2, &day));
    now_ms = clock_day_start_ms(day) + INT64_C(9) * 3600 * 1000;
    filed = 0;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    procedure_holder_free(w->app.procedures);
    return world_teardown(state);
}

static struct person citizen(struct world *w, const char *phone)
{
    struct person p;
    assert_int_equal(person_of_phone(&w->app.people, phone, "vi", now_ms, &w->arena, &p), 0);
    return p;
}

/* One with two papers that have a type, received; the store was not told. */
static struct dossier received(struct world *w, const struct id *owner, const char *procedure)
{
    static struct case_media files[2];
    struct dossier_component components[2];
    struct dossier d;
    char key[32];
    for (size_t i = 0; i < 2; i++) {
        files[i].id = id_v4();
        components[i] = (struct dossier_component){.code = i ? "ket_hon" : "giay_chung_sinh",
                                                   .files = {&files[i], 1}};
    }
    const struct dossier_filing f = {.owner = *owner,
                                     .actor = *owner,
                                     .desk = OFFICE,
                                     .decider = OFFICE,
                                     .procedure = procedure,
                                     .field = "Hộ tịch",
                                     .version = VERSION,
                                     .channel = DOSSIER_ONLINE,
                                     .subject = DOSSIER_CITIZEN,
                                     .applicant = "{\"name\":\"Lê Thị An\"}",
                                     .form = "{\"child_name\":\"Trần Minh Khang\"}",
                                     .time_unit = CALENDAR_WORKING_DAYS,
                                     .time = 1,
                                     .fetch = "download",
                                     .components = components,
                                     .n_components = 2};
    const struct case_world world = {
        .calendar = w->calendar, .settings = &dossier_settings_default, .now_ms = now_ms};
    struct dossier_act act = {.act = {.verb = "receive", .by = id_v4(), .office = OFFICE},
                              .actor = {.id = id_v4(), .officer = true, .agency = OFFICE}};
    snprintf(key, sizeof(key), "key-%d", filed++);
    assert_int_equal(dossier_file(&w->app.people, &f, key, key, strlen(key), &world, &w->arena, &d),
                     0);
    assert_int_equal(dossier_do(w->app.store, &d.head.id, &act, NULL, &world, &w->arena, &d), 0);
    assert_true(d.keep_ms > 0);
    return d;
}

static size_t papers(struct world *w, const struct id *dossier, struct document **ret)
{
    size_t n = 0;
    assert_int_equal(document_of_case(w->app.store, dossier, &w->arena, ret, &n), 0);
    return n;
}

static bool is_marked(struct world *w, const struct id *dossier)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d;
    assert_int_equal(store_get(w->app.store, &dossier_collection, dossier, &doc), 0);
    assert_int_equal(dossier_decode(doc, &w->arena, &d), 0);
    return d.keep_ms != 0;
}

static void what_a_crash_left_is_made_good(void **state)
{
    struct world *w = *state;
    struct person an = citizen(w, "+84912345001");
    struct dossier d = received(w, &an.id, BIRTH);
    struct document *all = NULL;
    assert_int_equal(papers(w, &d.head.id, &all), 0);
    assert_int_equal(documents_sweep(&w->app, now_ms, 100), 0);
    assert_int_equal(papers(w, &d.head.id, &all), 2);
    assert_false(is_marked(w, &d.head.id));
    for (size_t i = 0; i < 2; i++) {
        struct document_details t;
        bool child = strcmp(all[i].part, "giay_chung_sinh") == 0;
        assert_int_equal(document_details(&w->app.people, &all[i], &w->arena, &t), 0);
        assert_string_equal(t.holder, child ? "Trần Minh Khang" : "Lê Thị An");
        assert_int_equal(all[i].about, child ? PROCEDURE_ABOUT_CHILD : PROCEDURE_ABOUT_APPLICANT);
    }
}

/* One of two was made when the program ended: the other comes, and the first stays as it is. */
static void what_is_there_stays_as_it_is(void **state)
{
    struct world *w = *state;
    struct person an = citizen(w, "+84912345001");
    struct dossier d = received(w, &an.id, BIRTH);
    const struct dossier_component *first = d.components.items;
    struct document *all = NULL, made = {.owner = an.id,
                                         .type = "giay_chung_sinh",
                                         .state = DOCUMENT_VALID,
                                         .origin = DOCUMENT_ACCEPTED,
                                         .about = PROCEDURE_ABOUT_CHILD,
                                         .dossier = d.head.id,
                                         .part = first->code,
                                         .files = first->files,
                                         .office = OFFICE,
                                         .verified_ms = now_ms,
                                         .created_ms = now_ms};
    const struct document_details words = {.number = "7/2026"};
    made.id = document_id_of_component(&d.head.id, first->code, &first->files);
    assert_int_equal(document_put(&w->app.people, &made, &words, &w->arena), 0);
    assert_int_equal(documents_sweep(&w->app, now_ms, 100), 0);
    assert_int_equal(papers(w, &d.head.id, &all), 2);
    for (size_t i = 0; i < 2; i++) {
        struct document_details t;
        assert_int_equal(all[i].revision, 1);
        assert_int_equal(document_details(&w->app.people, &all[i], &w->arena, &t), 0);
        if (id_equal(&all[i].id, &made.id))
            assert_string_equal(t.number, "7/2026");
    }
    assert_false(is_marked(w, &d.head.id));
}

static void nothing_untrue_is_kept(void **state)
{
    struct world *w = *state;
    struct person an = citizen(w, "+84912345001");
    struct dossier d = received(w, &an.id, BIRTH);
    struct document *all = NULL;
    assert_int_equal(documents_follow(&w->app, &d.head.id, now_ms), 0);
    const struct case_world world = {
        .calendar = w->calendar, .settings = &dossier_settings_default, .now_ms = now_ms};
    struct dossier_act stop = {
        .act = {.verb = "stop", .by = id_v4(), .office = OFFICE, .reason = "untrue", .note = "Giả"},
        .actor = {.id = id_v4(), .leader = true, .agency = OFFICE}};
    assert_int_equal(dossier_do(w->app.store, &d.head.id, &stop, NULL, &world, &w->arena, &d), 0);
    assert_int_equal(documents_sweep(&w->app, now_ms, 100), 0);
    assert_int_equal(papers(w, &d.head.id, &all), 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(all[i].state, DOCUMENT_REJECTED);
    assert_false(is_marked(w, &d.head.id));
}

/* Whoever turned out to be another has the papers of both; who was erased has none. */
static void they_are_of_who_the_owner_is_by_now(void **state)
{
    struct world *w = *state;
    struct person an = citizen(w, "+84912345001"), gone = citizen(w, "+84912345002");
    struct dossier mine = received(w, &an.id, BIRTH), theirs = received(w, &gone.id, BIRTH);
    struct document *all = NULL;
    assert_int_equal(person_erase(&w->app.people, &gone.id), 0);
    assert_int_equal(documents_sweep(&w->app, now_ms, 100), 0);
    assert_int_equal(papers(w, &theirs.head.id, &all), 0);
    assert_false(is_marked(w, &theirs.head.id));
    assert_int_equal(papers(w, &mine.head.id, &all), 2);
    assert_true(id_equal(&all[0].owner, &an.id));
}

/* Those that nothing is known of, and those that cannot be opened, keep nobody waiting. */
static void one_that_fails_is_in_nobodys_way(void **state)
{
    struct world *w = *state;
    struct person an = citizen(w, "+84912345001");
    struct dossier unknown = received(w, &an.id, "9.999999"), broken = received(w, &an.id, BIRTH);
    struct document *all = NULL;
    uint8_t key[SEAL_KEY] = {1};
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    bson_append_binary(doc, "key", 3, BSON_SUBTYPE_BINARY, key, sizeof(key));
    struct store_write write = store_write_fresh();
    assert_int_equal(store_remove(w->app.people.keys, &person_key_collection, &broken.head.id, -1),
                     0);
    assert_int_equal(store_create(w->app.people.keys, &person_key_collection, &broken.head.id,
                                  &write, doc, NULL),
                     0);
    struct dossier last = received(w, &an.id, BIRTH);
    assert_int_equal(documents_sweep(&w->app, now_ms, 100), E_CORRUPT);
    assert_false(is_marked(w, &unknown.head.id));
    assert_true(is_marked(w, &broken.head.id));
    assert_false(is_marked(w, &last.head.id));
    assert_int_equal(papers(w, &last.head.id, &all), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_crash_left_is_made_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_there_stays_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_untrue_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_are_of_who_the_owner_is_by_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_fails_is_in_nobodys_way, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
