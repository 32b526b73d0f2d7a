/* The log of looks: its chain, its proof, and persons who become others or are erased. */
#include <pthread.h>

#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/look/look.h"
#include "domain/look/private.h"
#include "tests/support/province.h"
#include "tests/unit/crypto/scratch.h"

#define THREADS 8
#define EACH 12

static struct province p;
static struct scratch *keys;

static int set_up_on(enum engine engine)
{
    void *state = NULL;
    province_open(&p, engine);
    assert_int_equal(scratch_begin(&state), 0);
    keys = state;
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    return set_up_on(ENGINE_MODEL);
}

static int set_up_sqlite(void **state)
{
    (void)state;
    return set_up_on(ENGINE_SQLITE);
}

static int tear_down(void **state)
{
    void *scratch = keys;
    (void)state;
    scratch_end(&scratch);
    province_close(&p);
    return 0;
}

static struct look_draft draft_of(const struct id *person, const char *agency)
{
    return (struct look_draft){.agency = agency,
                               .office = "Uỷ ban nhân dân phường",
                               .title = "Chuyên viên",
                               .role = "officer",
                               .staff = province_id(OFFICER),
                               .person = *person,
                               .what = LOOK_NAME | LOOK_PHONE,
                               .number = "PA-2026-000001",
                               .reason = "Gọi hẹn giờ vào sửa",
                               .route = "reportReveal"};
}

static struct look add(const struct id *person, const char *agency)
{
    struct look l;
    struct look_draft d = draft_of(person, agency);
    assert_int_equal(look_add(p.store, keys->keyring, &d, p.world.now_ms, &p.arena, &l), 0);
    return l;
}

static struct look_chain check_with(const struct look_anchor *anchor, const struct look_judge *j)
{
    struct look_chain chain;
    assert_int_equal(look_check(p.store, keys->keyring, HERE, anchor, j, &chain), 0);
    return chain;
}

static struct look_chain check(void)
{
    const struct look_judge nobody = {0};
    return check_with(NULL, &nobody);
}

static void assert_one_fault(const struct look_chain *chain, int64_t seq, int kind)
{
    assert_int_equal(chain->n_faults, 1);
    assert_int_equal(chain->faults[0].seq, seq);
    assert_int_equal(chain->faults[0].kind, kind);
}

static void test_chain_holds(void **state)
{
    (void)state;
    struct id a = id_v4(), b = id_v4();
    struct look_chain chain = check();
    assert_int_equal(chain.records, 0);
    for (int i = 0; i < 5; i++) {
        struct look l = add(i % 2 ? &a : &b, HERE);
        assert_int_equal(l.seq, i + 1);
        assert_int_equal(l.what.n, 2);
    }
    assert_int_equal(add(&a, THERE).seq, 1); /* a chain of its own */
    chain = check();
    assert_int_equal(chain.n_faults, 0);
    assert_int_equal(chain.records, 5);
    assert_int_equal(chain.head, 5);

    struct look_count *chains = NULL;
    size_t n = 0;
    assert_int_equal(look_chains(p.store, &p.arena, &chains, &n), 0);
    assert_int_equal(n, 2);
    int64_t sum = chains[0].records + chains[1].records;
    assert_int_equal(sum, 6);
}

static void test_drafts_that_name_nothing(void **state)
{
    (void)state;
    struct id person = id_v4();
    struct look l;
    struct look_draft d = draft_of(&person, HERE);
    d.what = 0;
    assert_int_equal(look_add(p.store, keys->keyring, &d, 1, &p.arena, &l), E_INVALID);
    d = draft_of(&person, "");
    assert_int_equal(look_add(p.store, keys->keyring, &d, 1, &p.arena, &l), E_INVALID);
    d = draft_of(&(struct id){0}, HERE);
    assert_int_equal(look_add(p.store, keys->keyring, &d, 1, &p.arena, &l), E_INVALID);
    assert_int_equal(check().records, 0);
}

/* --- who meddles is found --------------------------------------------------------------------- */

struct meddling {
    const char *reason, *title;
    const struct id *person;
    bool redigest; /* as one who has the store but not the keys would */
};

static int meddle(struct store_edit *edit, void *ctx)
{
    const struct meddling *m = ctx;
    struct look l;
    uint8_t digest[SHA256_SIZE];
    int done = look_decode(edit->before, edit->arena, &l);
    if (done != 0)
        return done;
    if (m->reason)
        l.reason = m->reason;
    if (m->title)
        l.title = m->title;
    if (m->person)
        l.person = *m->person;
    if (m->redigest) {
        look_digest(&l, NULL, digest);
        l.digest.data = digest;
    }
    return entity_encode(&look_entity, &l, edit->before, edit->arena, edit->after);
}

static void alter(const struct id *look, struct meddling m)
{
    assert_int_equal(store_change(p.store, &look_collection, look, NULL, meddle, &m, NULL), 0);
}

static void test_altered_is_found(void **state)
{
    (void)state;
    struct id person = id_v4(), other = id_v4();
    struct look first = add(&person, HERE);
    add(&person, HERE);
    alter(&first.id, (struct meddling){.title = "Lãnh đạo"});
    struct look_chain chain = check();
    assert_one_fault(&chain, 1, LOOK_ALTERED);
    alter(&first.id, (struct meddling){.title = "Chuyên viên", .reason = "Lý do khác"});
    chain = check();
    assert_one_fault(&chain, 1, LOOK_RETOLD);
    alter(&first.id, (struct meddling){.reason = "Gọi hẹn giờ vào sửa", .person = &other});
    chain = check();
    assert_one_fault(&chain, 1, LOOK_RETOLD);
    alter(&first.id, (struct meddling){.person = &person});
    assert_int_equal(check().n_faults, 0);
}

/* The digest can be made anew by anybody, the tag cannot. */
static void test_forged_is_found(void **state)
{
    (void)state;
    struct id person = id_v4();
    struct look only = add(&person, HERE);
    alter(&only.id, (struct meddling){.title = "Lãnh đạo", .redigest = true});
    struct look_chain chain = check();
    assert_one_fault(&chain, 1, LOOK_FORGED);
}

static void test_removed_is_found(void **state)
{
    (void)state;
    struct id person = id_v4();
    struct look l[4];
    const struct look_judge nobody = {0};
    for (int i = 0; i < 4; i++)
        l[i] = add(&person, HERE);
    struct look_chain before = check();
    struct look_anchor anchor = {.seq = before.head};
    memcpy(anchor.digest, before.digest, sizeof(anchor.digest));
    assert_int_equal(check_with(&anchor, &nobody).n_faults, 0);

    assert_int_equal(store_remove(p.store, &look_collection, &l[3].id, -1), 0);
    assert_int_equal(check().n_faults, 0); /* a chain does not say where it ended */
    struct look_chain chain = check_with(&anchor, &nobody);
    assert_one_fault(&chain, 4, LOOK_CUT);

    add(&person, HERE); /* another in its place */
    chain = check_with(&anchor, &nobody);
    assert_one_fault(&chain, 4, LOOK_CUT);

    assert_int_equal(store_remove(p.store, &look_collection, &l[1].id, -1), 0);
    chain = check();
    assert_int_equal(chain.n_faults, 2);
    assert_int_equal(chain.faults[0].kind, LOOK_MISSING);
    assert_int_equal(chain.faults[0].seq, 2);
    assert_int_equal(chain.faults[1].kind, LOOK_ALTERED); /* it does not follow on the first */
}

/* --- persons ---------------------------------------------------------------------------------- */

struct merge {
    struct id from, into;
};

static bool is_merged(void *ctx, const struct id *was, const struct id *is)
{
    const struct merge *m = ctx;
    return id_equal(was, &m->from) && id_equal(is, &m->into);
}

static size_t looks_at(const struct id *person)
{
    struct store_value value = store_id(*person);
    struct store_condition of = {
        .field = "person", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "at", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    assert_int_equal(store_scan(p.store, &look_collection, &q, &p.arena, &page), 0);
    return page.n;
}

static void test_merged(void **state)
{
    (void)state;
    struct merge m = {id_v4(), id_v4()};
    const struct look_judge judge = {.same = is_merged, .ctx = &m};
    bool more = true;
    add(&m.from, HERE);
    add(&m.into, HERE);
    assert_int_equal(look_reown(p.store, &m.from, &m.into, &p.arena, &more), 0);
    assert_false(more);
    assert_int_equal(looks_at(&m.from), 0);
    assert_int_equal(looks_at(&m.into), 2);
    assert_int_equal(check_with(NULL, &judge).n_faults, 0);
    struct look_chain chain = check(); /* nobody knows of a merge */
    assert_one_fault(&chain, 1, LOOK_RETOLD);
}

static void test_erased(void **state)
{
    (void)state;
    struct id person = id_v4(), other = id_v4();
    struct look l = add(&person, HERE);
    add(&other, HERE);
    bool more = true;
    for (int i = 0; more && i < 10; i++)
        assert_int_equal(look_forget(p.store, &person, &p.arena, &more), 0);
    assert_int_equal(looks_at(&person), 0);
    assert_int_equal(looks_at(&other), 1);
    struct look_chain chain = check();
    assert_int_equal(chain.n_faults, 0);
    assert_int_equal(chain.erased, 1);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(store_get(p.store, &look_collection, &l.id, &doc), 0);
    struct look after;
    assert_int_equal(look_decode(doc, &p.arena, &after), 0);
    assert_true(id_is_nil(&after.person) && id_is_nil(&after.whom));
    assert_null(after.reason);
    assert_int_equal(after.salt.n, 0);
    assert_string_equal(after.title, "Chuyên viên");
}

/* --- at once ---------------------------------------------------------------------------------- */

static void *add_many(void *arg)
{
    int *failed = arg;
    struct id person = id_v4();
    for (int i = 0; i < EACH; i++) {
        struct arena a;
        struct look l;
        arena_init(&a);
        struct look_draft d = draft_of(&person, HERE);
        *failed += look_add(p.store, keys->keyring, &d, p.world.now_ms, &a, &l) != 0;
        arena_release(&a);
    }
    return NULL;
}

static void test_many_at_once(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    int failed[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, &failed[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(failed[i], 0);
    struct look_chain chain = check();
    assert_int_equal(chain.n_faults, 0);
    assert_int_equal(chain.records, THREADS * EACH);
}

static void test_labels(void **state)
{
    (void)state;
    assert_string_equal(look_what_label("phone", 0), "Số điện thoại");
    assert_string_equal(look_what_label("phone", 1), "Phone number");
    assert_string_equal(look_what_label("new_thing", 0), "new_thing");
    assert_null(entity_fault(&look_entity));
}

#define BOTH(test)                                                                                 \
    cmocka_unit_test_setup_teardown(test, set_up, tear_down),                                      \
        cmocka_unit_test_setup_teardown(test, set_up_sqlite, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_chain_holds),
        BOTH(test_drafts_that_name_nothing),
        BOTH(test_altered_is_found),
        BOTH(test_forged_is_found),
        BOTH(test_removed_is_found),
        BOTH(test_merged),
        BOTH(test_erased),
        BOTH(test_many_at_once),
        cmocka_unit_test(test_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
