/* Seeded reports are ones that could have come about. */
#include "tests/unit/programs/world.h"

#include "programs/seed.h"

#define REPORTS 200
#define DOSSIERS 400

static struct seed_counts fill(struct world *w, int64_t now_ms)
{
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    const struct seed_world world = {&w->stores, c, w->areas, w->calendar};
    const struct seed_options o = {.reports = REPORTS,
                                   .citizens = 20,
                                   .days = 60,
                                   .random = 7,
                                   .now_ms = now_ms,
                                   .tell = world_tell};
    struct seed_counts counts;
    assert_int_equal(seed_fill(&world, &o, &counts), 0);
    catalogue_unref(c);
    return counts;
}

static void check_report(struct world *w, const struct report *r, int64_t now_ms)
{
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    const struct case_head *h = &r->head;
    bool open = report_kind.states[h->state].open;
    assert_true(catalogue_agency(c, h->agency) != NULL);
    assert_true(catalogue_category(c, r->category) != NULL);
    assert_true(area_by_code(w->areas, r->commune) != NULL);
    assert_true(strncmp(h->number, "PA-", 3) == 0);
    assert_int_equal(h->events.n, 0);
    assert_int_equal(open, h->closed_ms == 0);
    if (!open)
        assert_true(h->outcome > 0);
    /* What was to ring has rung; a closed one has nothing to ring. */
    assert_true(h->next_ms == 0 || (open && h->next_ms > now_ms));
    const struct case_step *steps = h->steps.items;
    assert_string_equal(steps[0].verb, "file");
    for (size_t i = 1; i < h->steps.n; i++) {
        assert_true(steps[i].at_ms >= steps[i - 1].at_ms);
        assert_true(steps[i].at_ms <= now_ms);
        assert_string_equal(steps[i].from, steps[i - 1].to);
    }
    catalogue_unref(c);
}

static const char *name_of(void *ctx, const char *code)
{
    const struct catalogue *c = ctx;
    const struct category *k = catalogue_category(c, code);
    return k ? k->name : NULL;
}

static struct area_set *commune_names;

static const char *commune_of(void *ctx, const char *code)
{
    (void)ctx;
    return area_by_code(commune_names, code)->full_name;
}

static void documents_and_projections_are_true(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    int64_t now_ms = clock_now_ms();
    struct seed_counts counts = fill(w, now_ms);
    assert_int_equal(counts.reports, REPORTS);
    assert_int_equal(counts.citizens, 20);
    assert_int_equal(world_count(w, &report_fact_collection), REPORTS);
    assert_int_equal(world_count(w, &report_public_collection), counts.published);
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    commune_names = w->areas;
    const struct case_names names = {name_of, commune_of, (void *)(uintptr_t)c};
    int64_t by_state[REPORT_STATES] = {0}, open = 0;
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    for (bool more = true; more;) {
        struct store_page page;
        assert_int_equal(store_scan(w->stores.data, &report_collection, &q, &w->arena, &page), 0);
        for (size_t i = 0; i < page.n; i++) {
            struct report r;
            bool differed = true;
            assert_int_equal(report_decode(page.docs[i], &w->arena, &r), 0);
            check_report(w, &r, now_ms);
            assert_int_equal(
                report_verify(w->stores.data, &r, w->calendar, &names, &w->arena, &differed), 0);
            assert_false(differed);
            by_state[r.head.state]++;
            open += report_kind.states[r.head.state].open;
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next;
    }
    catalogue_unref(c);
    assert_int_equal(open, counts.open);
    assert_true(by_state[REPORT_CLOSED] > REPORTS / 2);
    assert_true(by_state[REPORT_ANSWERED] > 0);
    assert_true(counts.published > 0 && counts.open > 0);
}

static void a_second_run_adds_nothing(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    int64_t now_ms = clock_now_ms();
    fill(w, now_ms);
    struct seed_counts again = fill(w, now_ms);
    assert_int_equal(again.reports, 0);
    assert_int_equal(again.repeated, REPORTS);
    assert_int_equal(world_count(w, &person_collection), 20);
}

static void a_changed_projection_is_found_and_mended(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    fill(w, clock_now_ms());
    struct store_query q = {.order = "_id", .limit = 1};
    struct store_page page;
    struct report r;
    bool differed = false;
    assert_int_equal(store_scan(w->stores.data, &report_collection, &q, &w->arena, &page), 0);
    assert_int_equal(report_decode(page.docs[0], &w->arena, &r), 0);
    assert_int_equal(store_remove(w->stores.data, &report_fact_collection, &r.head.id, -1), 0);
    assert_int_equal(report_verify(w->stores.data, &r, w->calendar, NULL, &w->arena, &differed), 0);
    assert_true(differed);
    assert_int_equal(report_verify(w->stores.data, &r, w->calendar, NULL, &w->arena, &differed), 0);
    assert_false(differed);
}

static void an_empty_catalogue_is_refused(void **state)
{
    struct world *w = *state;
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    const struct seed_world world = {&w->stores, c, w->areas, w->calendar};
    const struct seed_options o = {.reports = 1, .citizens = 1, .days = 1, .tell = world_tell};
    struct seed_counts counts;
    assert_int_equal(seed_fill(&world, &o, &counts), E_INVALID);
    assert_int_equal(counts.citizens, 0);
    catalogue_unref(c);
}

/* As many as are wanted, each in force, a third of them filed here; a second run adds nothing. */
static void procedures_are_made_up(void **state)
{
    struct world *w = *state;
    const char *words = NULL;
    struct procedure_holder *holder = NULL;
    world_load_demo(w);
    int64_t now_ms = clock_now_ms();
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    const struct seed_world world = {&w->stores, c, w->areas, w->calendar};
    const struct seed_options o = {.procedures = 450, .now_ms = now_ms, .tell = world_tell};
    if (schema_builtin("admin_procedure") == NULL)
        assert_int_equal(schema_builtin_load(&w->arena, &words), 0);
    assert_int_equal(procedure_holder_new(w->stores.data, &holder), 0);
    const struct procedure_book *before = procedure_book_ref(holder);
    for (int run = 0; run < 2; run++) {
        assert_int_equal(seed_procedures(&world, &o), 0);
        assert_int_equal(procedure_reload(holder), 0);
        const struct procedure_book *b = procedure_book_ref(holder);
        size_t fileable = 0;
        for (size_t i = 0; i < b->n; i++) {
            assert_true(procedure_in_force(&b->items[i], now_ms));
            fileable += b->items[i].code[0] == '9' && procedure_fileable(&b->items[i]);
        }
        assert_int_equal(b->n, before->n + 450);
        assert_int_equal(fileable, 150);
        procedure_book_unref(b);
    }
    procedure_book_unref(before);
    procedure_holder_free(holder);
    catalogue_unref(c);
}

/* Dossiers are filed at desks and walked to every state that a desk leaves them in. */
static void check_dossier(struct world *w, const struct dossier *d, int64_t now_ms)
{
    const struct people people = stores_people(&w->stores);
    const struct case_head *h = &d->head;
    const struct case_step *steps = h->steps.items;
    const char *applicant = NULL, *form = NULL;
    bool open = dossier_kind.states[h->state].open;
    assert_int_equal(h->events.n, 0);
    assert_int_equal(open, h->closed_ms == 0);
    assert_true(h->next_ms == 0 || (open && h->next_ms > now_ms));
    assert_string_equal(steps[0].verb, "file");
    for (size_t i = 1; i < h->steps.n; i++)
        assert_true(steps[i].at_ms >= steps[i - 1].at_ms && steps[i].at_ms <= now_ms);
    assert_int_equal(dossier_applicant(&people, d, &w->arena, &applicant), 0);
    assert_int_equal(dossier_form(&people, d, &w->arena, &form), 0);
    CLEANUP(json_decrefp) json_t *answers = form ? json_loads(form, 0, NULL) : NULL;
    assert_true(applicant && json_is_object(answers));
}

static void dossiers_are_made_up(void **state)
{
    struct world *w = *state;
    world_load_demo(w);
    int64_t now_ms = clock_now_ms(), by_state[DOSSIER_STATES] = {0};
    const struct catalogue *c = catalogue_ref(w->app.catalogue);
    const struct seed_world world = {&w->stores, c, w->areas, w->calendar};
    const struct seed_options o = {.reports = 1,
                                   .citizens = 20,
                                   .days = 120,
                                   .dossiers = DOSSIERS,
                                   .random = 7,
                                   .now_ms = now_ms,
                                   .tell = world_tell};
    struct seed_counts counts;
    assert_int_equal(seed_fill(&world, &o, &counts), 0);
    assert_int_equal(counts.dossiers, DOSSIERS);
    assert_int_equal(seed_fill(&world, &o, &counts), 0);
    assert_int_equal(world_count(w, &dossier_collection), DOSSIERS);
    assert_int_equal(world_count(w, &dossier_fact_collection), DOSSIERS);
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    for (bool more = true; more;) {
        struct store_page page;
        assert_int_equal(store_scan(w->stores.data, &dossier_collection, &q, &w->arena, &page), 0);
        for (size_t i = 0; i < page.n; i++) {
            struct dossier d;
            assert_int_equal(dossier_decode(page.docs[i], &w->arena, &d), 0);
            check_dossier(w, &d, now_ms);
            by_state[d.head.state]++;
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next;
    }
    static const int met[] = {DOSSIER_REFUSED, DOSSIER_STOPPED, DOSSIER_FINISHED, DOSSIER_RETURNED};
    for (size_t i = 0; i < ARRAY_LEN(met); i++)
        assert_true(by_state[met[i]] > 0);
    catalogue_unref(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(documents_and_projections_are_true),
        WORLD_TEST(a_second_run_adds_nothing),
        WORLD_TEST(a_changed_projection_is_found_and_mended),
        WORLD_TEST(an_empty_catalogue_is_refused),
        WORLD_TEST(procedures_are_made_up),
        WORLD_TEST(dossiers_are_made_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
