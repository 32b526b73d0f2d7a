/* History as a chain: the encoding never changes, every change to a step shows, words can go. */
#include "base/crypto/bytes.h"
#include "domain/case/history.h"
#include "tests/support/province.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

/* --- golden vectors: made by another program from the encoding that history.h states -----------
 */

static const struct id golden_case = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};

static struct id filled(uint8_t byte)
{
    struct id id;
    memset(id.bytes, byte, sizeof(id.bytes));
    return id;
}

static void golden_steps(struct case_step steps[3])
{
    static struct case_media media[2];
    static uint8_t salt[HISTORY_SALT];
    media[0].id = filled(9);
    media[1].id = filled(10);
    memset(salt, 0xab, sizeof(salt));
    steps[0] = (struct case_step){.seq = 1,
                                  .at_ms = INT64_C(1772416800000),
                                  .verb = "file",
                                  .to = "new",
                                  .party = "owner",
                                  .by = filled(1),
                                  .agency = "CMU.IOC",
                                  .media = {media, 2}};
    steps[1] = (struct case_step){.seq = 2,
                                  .at_ms = INT64_C(1772416860123),
                                  .verb = "reject",
                                  .from = "new",
                                  .to = "closed",
                                  .party = "dispatcher",
                                  .by = filled(2),
                                  .office = "CMU.IOC",
                                  .reason = "no_content",
                                  .note = "Không đủ nội dung để xử lý.",
                                  .salt = {salt, HISTORY_SALT}};
    steps[2] = (struct case_step){.seq = 3,
                                  .at_ms = INT64_C(1772416860123),
                                  .verb = "assign",
                                  .from = "received",
                                  .to = "in_progress",
                                  .party = "leader",
                                  .by = filled(3),
                                  .office = "H12.01",
                                  .officer = filled(4),
                                  .note = "",
                                  .inner = true,
                                  .salt = {golden_case.bytes, HISTORY_SALT}};
}

static void test_the_encoding_is_for_ever(void **state)
{
    (void)state;
    static const char *const digests[] = {
        "d69c4b0e8c0605d823d1f5a066a83fba61e9eb946bbb4c88c4b1b700969443d4",
        "fd4a8fe48880919abdb6cad975817358ac100ecd3169c00fbff5bab7509bfd93",
        "bc3dfa2338b3995d26032b78db0cf54def19eef30108dbc3b05561e24aae21bd",
    };
    static const char *const notes[] = {
        NULL,
        "1671a743c9c3e132c982b4dc368511ef1c8ddce8f279a33ab2c5526761a07879",
        "be45cb2605bf36bebde684841a28f0fd43c69850a3dce5fedba69928ee3a8991",
    };
    struct case_step steps[3];
    char hex[BYTES_HEX_TEXT(32)];
    golden_steps(steps);
    for (size_t i = 0; i < 3; i++) {
        history_digest(&steps[i], &golden_case, i > 0 ? steps[i - 1].digest.data : NULL, &p.arena);
        assert_int_equal(steps[i].digest.n, 32);
        assert_string_equal(bytes_to_hex(steps[i].digest.data, 32, hex), digests[i]);
        assert_int_equal(steps[i].note_digest.n, notes[i] ? 32 : 0);
        if (notes[i])
            assert_string_equal(bytes_to_hex(steps[i].note_digest.data, 32, hex), notes[i]);
    }
    const struct entity_list list = {steps, 3};
    assert_int_equal(history_check(&list, &golden_case), -1);
    struct id other = filled(7);
    assert_int_equal(history_check(&list, &other), 0);
}

/* Equal notes have unequal digests: nobody can try words against them. */
static void test_notes_are_salted(void **state)
{
    (void)state;
    struct case_step a = {.seq = 1, .verb = "x", .note = "như nhau"}, b = a;
    history_digest(&a, &golden_case, NULL, &p.arena);
    history_digest(&b, &golden_case, NULL, &p.arena);
    assert_int_equal(a.salt.n, HISTORY_SALT);
    assert_memory_not_equal(a.salt.data, b.salt.data, HISTORY_SALT);
    assert_memory_not_equal(a.note_digest.data, b.note_digest.data, 32);
    assert_memory_not_equal(a.digest.data, b.digest.data, 32);
    /* With the same salt it is the same: what is stored can be proven later. */
    struct case_step again = {.seq = 1, .verb = "x", .note = "như nhau", .salt = a.salt};
    history_digest(&again, &golden_case, NULL, &p.arena);
    assert_memory_equal(again.digest.data, a.digest.data, 32);
}

/* --- a real history --------------------------------------------------------------------------- */

/* Steps of every kind: with and without note, reason, agency, officer, media. */
static void long_life(struct report *r)
{
    province_file(&p, PROOF, r);
    province_do(&p, r, "transfer", OFFICER);
    province_do(&p, r, "transfer", OTHER_OFFICER);
    province_do(&p, r, "receive", OFFICER);
    province_do(&p, r, "assign", LEADER);
    province_do(&p, r, "ask", OFFICER);
    province_do(&p, r, "supply", OWNER);
    province_do(&p, r, "answer", OFFICER);
    province_do(&p, r, "rate", OWNER);
    p.world.now_ms = r->head.due_ms + 1;
    assert_int_equal(report_ring(p.store, &r->head.id, &p.world, &p.arena, r), 0);
    assert_int_equal(r->head.state, REPORT_CLOSED);
}

static struct entity_list copy_of(const struct report *r)
{
    return (struct entity_list){
        arena_dup(&p.arena, r->head.steps.items, r->head.steps.n * sizeof(struct case_step)),
        r->head.steps.n};
}

static void flip(struct entity_bytes *bytes)
{
    uint8_t *changed = arena_dup(&p.arena, bytes->data, bytes->n);
    changed[0] ^= 1;
    bytes->data = changed;
}

/* Changes a field as little as can be; false where there is nothing to change. */
static bool tamper(struct case_step *step, const struct entity_field *f)
{
    void *at = (char *)step + f->offset;
    struct entity_list *list = at;
    switch (f->type) {
    case ENTITY_TEXT: {
        const char **text = at;
        *text = *text ? arena_printf(&p.arena, "%s.", *text) : "x";
        return true;
    }
    case ENTITY_INT:
    case ENTITY_TIME:
        ++*(int64_t *)at;
        return true;
    case ENTITY_BOOL:
        *(bool *)at = !*(bool *)at;
        return true;
    case ENTITY_ID:
        ((struct id *)at)->bytes[15] ^= 1;
        return true;
    case ENTITY_BYTES:
        if (((struct entity_bytes *)at)->n == 0)
            return false;
        flip(at);
        return true;
    case ENTITY_LIST: {
        struct case_media *media = arena_array(&p.arena, list->n + 1, sizeof(*media));
        if (list->n > 0)
            memcpy(media, list->items, list->n * sizeof(*media));
        *list = (struct entity_list){media, list->n + 1};
        return true;
    }
    default:
        fail_msg("a field of a step, %s, that this test cannot change", f->name);
        return false;
    }
}

/* Every field of the table, in every step: what is not in the digest would be found here. */
static void test_every_change_of_a_step_shows(void **state)
{
    (void)state;
    struct report r;
    int tried = 0;
    long_life(&r);
    assert_int_equal(history_check(&r.head.steps, &r.head.id), -1);
    for (size_t i = 0; i < r.head.steps.n; i++) {
        for (const struct entity_field *f = case_step_entity.fields; f->name; f++) {
            struct entity_list steps = copy_of(&r);
            if (!tamper((struct case_step *)steps.items + i, f))
                continue;
            int at = history_check(&steps, &r.head.id);
            if (at != (int)i)
                fail_msg("step %zu, %s: found at %d", i, f->name, at);
            tried++;
        }
    }
    assert_true(tried > 100);
}

static void expect_broken_at(const struct entity_list *steps, const struct report *r, int at)
{
    assert_int_equal(history_check(steps, &r->head.id), at);
}

static void test_steps_cannot_be_moved_added_or_taken_out(void **state)
{
    (void)state;
    struct report r;
    long_life(&r);
    for (size_t i = 0; i + 1 < r.head.steps.n; i++) {
        struct entity_list steps = copy_of(&r);
        struct case_step *items = steps.items, kept = items[i];
        items[i] = items[i + 1]; /* swapped */
        items[i + 1] = kept;
        expect_broken_at(&steps, &r, (int)i);

        steps = copy_of(&r); /* left out */
        items = steps.items;
        memmove(items + i, items + i + 1, (steps.n - i - 1) * sizeof(*items));
        steps.n--;
        expect_broken_at(&steps, &r, (int)i);

        steps = copy_of(&r); /* told twice */
        items = steps.items;
        items[i + 1] = items[i];
        expect_broken_at(&steps, &r, (int)i + 1);
    }
}

/* A step of one case is no step of another, though all its fields are the same. */
static void test_steps_belong_to_their_case(void **state)
{
    (void)state;
    struct report a, b;
    province_reach(&p, 0, REPORT_ANSWERED, &a);
    province_reach(&p, 0, REPORT_ANSWERED, &b);
    assert_int_equal(history_check(&a.head.steps, &a.head.id), -1);
    assert_int_equal(history_check(&a.head.steps, &b.head.id), 0);
}

/* What is encoded and read again still proves. */
static void test_erased_notes_leave_the_chain_whole(void **state)
{
    (void)state;
    struct report r, now;
    long_life(&r);
    struct case_step *steps = r.head.steps.items;
    int erased = 0;
    for (size_t i = 0; i < r.head.steps.n; i++) {
        erased += steps[i].note != NULL;
        history_erase(&steps[i]);
    }
    assert_true(erased > 3);
    assert_int_equal(history_check(&r.head.steps, &r.head.id), -1);

    bson_t *doc = bson_new();
    assert_int_equal(entity_encode(&report_entity, &r, NULL, &p.arena, doc), 0);
    BSON_APPEND_BINARY(doc, "_id", BSON_SUBTYPE_UUID, r.head.id.bytes, 16);
    assert_int_equal(report_decode(doc, &p.arena, &now), 0);
    bson_destroy(doc);
    steps = now.head.steps.items;
    assert_int_equal(history_check(&now.head.steps, &now.head.id), -1);
    for (size_t i = 0; i < now.head.steps.n; i++)
        assert_null(steps[i].note);

    /* Nobody can put other words in their place. */
    size_t noted = 0;
    while (steps[noted].note_digest.n == 0)
        noted++;
    steps[noted].note = "Tôi chưa từng nói thế.";
    assert_int_equal(history_check(&now.head.steps, &now.head.id), noted);
    steps[noted].salt = (struct entity_bytes){golden_case.bytes, HISTORY_SALT};
    assert_int_equal(history_check(&now.head.steps, &now.head.id), noted);
}

/* A clock that is behind the one that wrote last does not turn history back. */
static void test_time_does_not_run_back(void **state)
{
    (void)state;
    struct report r;
    province_file(&p, 0, &r);
    int64_t filed = p.world.now_ms;
    p.world.now_ms -= 3 * SECOND;
    province_do(&p, &r, "receive", OFFICER);
    assert_int_equal(province_last_step(&r)->at_ms, filed);
    assert_int_equal(history_check(&r.head.steps, &r.head.id), -1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_encoding_is_for_ever),
        TEST(test_notes_are_salted),
        TEST(test_every_change_of_a_step_shows),
        TEST(test_steps_cannot_be_moved_added_or_taken_out),
        TEST(test_steps_belong_to_their_case),
        TEST(test_erased_notes_leave_the_chain_whole),
        TEST(test_time_does_not_run_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
