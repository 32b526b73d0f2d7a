/* What a pump leaves alone, however much of it there is, keeps nothing else from its turn. */
#include "tests/unit/push/fixture.h"

#include <unistd.h>

#include "push/claims.h"

#define PATIENCE 1200 /* looks of 50 ms until a test gives up; nothing is measured by it */
#define SCAN_US 60000 /* of one page: a store that is far away */
#define HELD 1500     /* documents that are left alone */
#define YOUNG (HELD + 1)

static const struct store_collection letters = {
    .name = "letters",
    .form = 1,
    .fields = (const struct store_field[]){{"next", "next", STORE_INT, false}},
    .n_fields = 1,
    .paths = (const struct store_path[]){{.name = "next", .why = "the pump", .order = "next"}},
    .n_paths = 1,
};
static const struct store_collection *const letter_collections[] = {&letters};

struct post {
    struct model_disk *disk;
    struct store *store;
    atomic_int held, young;
};

static int slow_begin(struct store_driver *d, struct store_session **ret)
{
    usleep(SCAN_US);
    return trouble_model.begin(d, ret);
}

static struct id letter_id(int n)
{
    struct id_part part = {&n, sizeof(n)};
    return id_v8("letter", &part, 1);
}

static void add_letter(struct post *p, int n)
{
    CLEANUP(bson_destroyp) bson_t *body = BCON_NEW("next", BCON_INT64(n));
    struct store_new_doc doc = {.id = letter_id(n), .body = body};
    assert_int_equal(store_insert(p->store, &letters, &doc, 1), 0);
    assert_int_equal(doc.outcome, 0);
}

static int begin(void **state)
{
    struct post *p = calloc(1, sizeof(*p));
    const char *fault;
    assert_non_null(p);
    p->disk = model_disk_new();
    struct store_driver *driver = trouble_over(model_open(p->disk));
    trouble_ops.begin = slow_begin;
    *state = p;
    return store_new(driver, letter_collections, 1, &fault, &p->store);
}

static int end(void **state)
{
    struct post *p = *state;
    store_free(p->store);
    model_disk_free(p->disk);
    free(p);
    return 0;
}

/* All but the youngest are left alone, as calls to a receiver that is away. */
static void leave_old(void *ctx, size_t worker, struct pump_job **jobs, size_t n)
{
    struct post *p = ctx;
    struct id young = letter_id(YOUNG);
    (void)worker;
    for (size_t i = 0; i < n; i++) {
        bool is_young = id_equal(&jobs[i]->id, &young);
        atomic_fetch_add(is_young ? &p->young : &p->held, 1);
        jobs[i]->hold_ms = clock_now_ms() + CLOCK_DAY_MS;
    }
}

static void what_is_held_does_not_hide_what_is_new(void **state)
{
    struct post *p = *state;
    struct pump *pump = NULL;
    const struct pump_options o = {.name = "test",
                                   .store = p->store,
                                   .collection = &letters,
                                   .workers = 1,
                                   .batch = 64,
                                   .queue = HELD * 2,
                                   .work = leave_old,
                                   .idle_ms = 50,
                                   .ctx = p};
    for (int n = 1; n <= YOUNG; n++)
        add_letter(p, n);
    assert_int_equal(pump_new(&o, &pump), 0);
    assert_int_equal(pump_start(pump), 0);
    for (int i = 0; i < PATIENCE && atomic_load(&p->young) == 0; i++)
        usleep(50000);
    pump_free(pump);
    assert_int_equal(atomic_load(&p->held), HELD); /* each was looked at once, and then left */
    assert_int_equal(atomic_load(&p->young), 1);
}

static void so_many_may_be_held_and_others_still_have_their_turn(void **state)
{
    (void)state;
    struct claims *c = NULL;
    struct id id;
    assert_int_equal(claims_new(&c), 0);
    for (int n = 0; n < CLAIMS_MAX + 3; n++) {
        id = letter_id(n);
        assert_true(claims_take(c, &id));
        assert_false(claims_take(c, &id));
        claims_finish(c, &id, 1000, false);
    }
    claims_purge(c, 999);
    assert_int_equal(claims_count(c), CLAIMS_MAX);
    assert_true(claims_take(c, &id)); /* of the three that were too many */
    claims_finish(c, &id, 0, false);
    id = letter_id(0);
    assert_false(claims_take(c, &id));
    claims_purge(c, 1000);
    assert_int_equal(claims_count(c), 0);
    assert_true(claims_take(c, &id));
    claims_finish(c, &id, 2000, false);
    claims_purge(c, 1999);
    assert_int_equal(claims_count(c), 1);
    claims_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_held_does_not_hide_what_is_new, begin, end),
        cmocka_unit_test(so_many_may_be_held_and_others_still_have_their_turn),
    };
    return cmocka_run_group_tests_name("pump", tests, NULL, NULL);
}
