/* Which shared replies a published report makes anew, and which it leaves as they are. */
#include "handlers/public.h"
#include "tests/unit/programs/world.h"

static uint64_t generation(struct world *w, const char *category, const char *commune)
{
    const struct request_pair pairs[] = {{category ? "category" : "other", category},
                                         {commune ? "commune" : "other", commune}};
    const struct request req = {.app = &w->app, .query = pairs, .n_query = 2};
    return public_generation(&req);
}

static bson_t *projection(const char *category, const char *commune)
{
    bson_t *doc = bson_new();
    BSON_APPEND_UTF8(doc, "category", category);
    if (commune)
        BSON_APPEND_UTF8(doc, "commune", commune);
    return doc;
}

static const struct list {
    const char *category, *commune;
} lists[] = {{NULL, NULL}, {"road", NULL}, {"lamp", NULL}, {NULL, "1"},
             {NULL, "2"},  {"road", "1"},  {"road", "2"},  {"lamp", "1"}};

/* `moved`: a letter for each of the lists, 'x' where its generation is to be another. */
static void expect(struct world *w, const bson_t *before, const bson_t *after, const char *moved)
{
    uint64_t was[ARRAY_LEN(lists)];
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        was[i] = generation(w, lists[i].category, lists[i].commune);
    public_changed(before, after);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        bool other = generation(w, lists[i].category, lists[i].commune) != was[i];
        if (other != (moved[i] == 'x'))
            fail_msg("list %zu %s", i, other ? "moved" : "stayed");
    }
}

static void a_report_moves_the_lists_it_stands_in(void **state)
{
    struct world *w = *state;
    CLEANUP(bson_destroyp) bson_t *road = projection("road", "1");
    CLEANUP(bson_destroyp) bson_t *lamp = projection("lamp", "2");
    CLEANUP(bson_destroyp) bson_t *nowhere = projection("lamp", NULL);
    expect(w, NULL, road, "xx.x.x..");
    expect(w, road, road, "xx.x.x..");
    expect(w, road, lamp, "xxxxxx.."); /* out of the one, into the other */
    expect(w, NULL, nowhere, "x.x.....");
    expect(w, road, NULL, "xxxxxxxx"); /* withdrawn: nothing is shown again */
    expect(w, NULL, NULL, "xxxxxxxx");
}

static void a_category_moves_them_all(void **state)
{
    struct world *w = *state;
    uint64_t was = generation(w, "road", "1");
    world_load_demo(w);
    assert_true(generation(w, "road", "1") != was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_moves_the_lists_it_stands_in, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_category_moves_them_all, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
