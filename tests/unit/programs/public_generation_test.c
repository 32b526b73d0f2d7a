/* Which shared replies a published report makes anew, and which it leaves as they are. */
#include "handlers/public/public.h"
#include "tests/unit/programs/world.h"

/* The generation of "name=value name=value". */
static uint64_t generation(struct world *w, const char *query)
{
    struct request_pair pairs[8];
    size_t n = 0;
    for (char *at = arena_strdup(&w->arena, query); *at; n++) {
        char *value = strchr(at, '='), *end = strchrnul(at, '&');
        *value++ = '\0';
        pairs[n] = (struct request_pair){at, value};
        at = *end ? end + 1 : end;
        value[end - value] = '\0';
    }
    const struct request req = {.arena = &w->arena, .app = &w->app, .query = pairs, .n_query = n};
    return public_generation(&req);
}

static bson_t *projection(const char *category, const char *commune, const char *state, double lat,
                          double lon, const char *word)
{
    bson_t *doc = bson_new(), point, x, words;
    BSON_APPEND_UTF8(doc, "state", state);
    BSON_APPEND_UTF8(doc, "category", category);
    if (commune)
        BSON_APPEND_UTF8(doc, "commune", commune);
    bson_append_document_begin(doc, "point", -1, &point);
    BSON_APPEND_DOUBLE(&point, "lat", lat);
    BSON_APPEND_DOUBLE(&point, "lon", lon);
    bson_append_document_end(doc, &point);
    bson_append_document_begin(doc, "x", -1, &x);
    bson_append_array_begin(&x, "words", -1, &words);
    BSON_APPEND_UTF8(&words, "0", "den");
    BSON_APPEND_UTF8(&words, "1", word);
    bson_append_array_end(&x, &words);
    bson_append_document_end(doc, &x);
    return doc;
}

static const char *const lists[] = {
    "limit=9",
    "category=road",
    "category=lamp",
    "commune=1",
    "commune=2",
    "category=road&commune=1",
    "category=road&commune=2",
    "category=lamp&commune=1",
    "q=Đèn",
    "q=hư",
    "q=den nghieng",
    "q=ph",
    "q=ước",
    "box=105.1,9.1,105.3,9.3",
    "box=106,9,106.1,9.1",
    "box=100,5,110,15",
    "q=hư&commune=2",
    "state=closed",
    "state=answered&category=road",
    "q=den&state=closed&commune=2",
    "box=105.1,9.1,105.3,9.3&category=lamp",
};

/* `moved`: a letter for each of the lists, 'x' where its generation is to be another. */
static void expect(struct world *w, const bson_t *before, const bson_t *after, const char *moved)
{
    uint64_t was[ARRAY_LEN(lists)];
    assert_int_equal(strlen(moved), ARRAY_LEN(lists));
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        was[i] = generation(w, lists[i]);
    public_changed(before, after);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        bool other = generation(w, lists[i]) != was[i];
        if (other != (moved[i] == 'x'))
            fail_msg("%s %s", lists[i], other ? "moved" : "stayed");
    }
}

static void a_report_moves_the_lists_it_stands_in(void **state)
{
    struct world *w = *state;
    CLEANUP(bson_destroyp)
    bson_t *road = projection("road", "1", "answered", 9.15, 105.2, "nghiengnga");
    CLEANUP(bson_destroyp) bson_t *lamp = projection("lamp", "2", "closed", 9.05, 106.05, "uoc");
    CLEANUP(bson_destroyp) bson_t *nowhere = projection("lamp", NULL, "closed", 20, 105, "phuong");
    expect(w, NULL, road, "xx.x.x..x.x..x.x..x..");
    expect(w, road, road, "xx.x.x..x.x..x.x..x..");
    expect(w, road, lamp, "xxxxxx..x.x.xxxx.xxx."); /* out of the one, into the other */
    expect(w, NULL, nowhere, "x.x.....x..x...x.x...");
    expect(w, road, NULL, "xxxxxxxxxxxxxxxxxxxxx"); /* withdrawn: nothing is shown again */
    expect(w, NULL, NULL, "xxxxxxxxxxxxxxxxxxxxx");
}

static uint64_t page_generation(struct world *w, const char *number)
{
    struct request_pair param = {"number", number}, query = {"category", "none"};
    const struct request req = {.arena = &w->arena,
                                .app = &w->app,
                                .params = &param,
                                .n_params = 1,
                                .query = &query,
                                .n_query = 1};
    return public_generation(&req);
}

static void a_report_moves_its_own_page(void **state)
{
    struct world *w = *state;
    CLEANUP(bson_destroyp) bson_t *road = projection("road", "1", "closed", 9.15, 105.2, "uoc");
    BSON_APPEND_UTF8(road, "number", "PA-1");
    uint64_t its = page_generation(w, "PA-1"), of_another = page_generation(w, "PA-2");
    public_changed(NULL, road);
    assert_true(page_generation(w, "PA-1") != its);
    assert_int_equal(page_generation(w, "PA-2"), of_another);
}

static void what_was_written_over_unseen_moves_them_all(void **state)
{
    struct world *w = *state;
    CLEANUP(bson_destroyp) bson_t *road = projection("road", "1", "closed", 9.15, 105.2, "uoc");
    BSON_APPEND_INT64(road, "version", 2);
    expect(w, NULL, road, "xxxxxxxxxxxxxxxxxxxxx");
}

static void a_category_moves_them_all(void **state)
{
    struct world *w = *state;
    uint64_t was = generation(w, "category=road");
    world_load_demo(w);
    assert_true(generation(w, "category=road") != was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_moves_the_lists_it_stands_in, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_report_moves_its_own_page, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(what_was_written_over_unseen_moves_them_all, world_setup,
                                        world_teardown),
        cmocka_unit_test_setup_teardown(a_category_moves_them_all, world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
