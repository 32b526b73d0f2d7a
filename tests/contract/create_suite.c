/* Documents come and go: store_create, store_insert, store_remove, and what makes writes the same.
 */
#include <string.h>

#include "tests/contract/fixture.h"

static bson_t *get(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    bson_t *doc = NULL;
    assert_int_equal(store_get(f->store, &things, &id, &doc), 0);
    return doc;
}

static int create(struct fixture *f, const struct thing *t)
{
    struct id id = thing_id(t->n);
    struct store_write w = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *body = thing_body(t);
    return store_create(f->store, &things, &id, &w, body, NULL);
}

static struct store_write keyed(const char *key, const char *body)
{
    struct id owner = thing_id(900);
    return store_write_keyed("test", &owner, key, body, strlen(body));
}

static void a_write_is_named_by_its_key_and_told_by_its_body(void **state)
{
    (void)state;
    struct id owner = thing_id(900), other = thing_id(901);
    struct store_write w = keyed("k", "body"), same = keyed("k", "body");
    assert_memory_equal(&w, &same, sizeof(w));
    struct store_write differs = keyed("k", "other");
    assert_true(id_equal(&w.id, &differs.id));
    assert_memory_not_equal(w.digest, differs.digest, sizeof(w.digest));
    const struct store_write strangers[] = {
        keyed("k2", "body"),
        store_write_keyed("test2", &owner, "k", "body", 4),
        store_write_keyed("test", &other, "k", "body", 4),
        store_write_fresh(),
        store_write_fresh(),
    };
    for (size_t i = 0; i < ARRAY_LEN(strangers); i++) {
        assert_false(id_equal(&w.id, &strangers[i].id));
        for (size_t j = 0; j < i; j++)
            assert_false(id_equal(&strangers[j].id, &strangers[i].id));
    }
}

static void create_happens_once(void **state)
{
    struct fixture *f = *state;
    struct id id = thing_id(1);
    struct store_write w = keyed("k", "one"), reused = keyed("k", "two"), other = keyed("l", "one");
    CLEANUP(bson_destroyp)
    bson_t *body = thing_body(&(struct thing){.state = "open", .due = NUM(1)});
    CLEANUP(bson_destroyp) bson_t *made = NULL;
    CLEANUP(bson_destroyp) bson_t *again = NULL;
    assert_int_equal(store_create(f->store, &things, &id, &w, body, &made), 0);
    assert_int_equal(doc_int(made, "due"), 1);
    assert_int_equal(doc_int(made, "form"), things.form);
    assert_int_equal(store_create(f->store, &things, &id, &w, body, &again), STORE_REPEATED);
    assert_true(bson_equal(again, made));
    assert_int_equal(store_create(f->store, &things, &id, &reused, body, NULL), STORE_REUSED);
    assert_int_equal(store_create(f->store, &things, &id, &other, body, NULL), STORE_EXISTS);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_true(bson_equal(stored, made));
}

static void many_are_inserted_each_with_its_outcome(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(create(f, &(struct thing){.n = 2, .due = NUM(22)}), 0);
    struct store_new_doc docs[3];
    for (int i = 0; i < 3; i++)
        docs[i] = (struct store_new_doc){.id = thing_id(i + 1),
                                         .body = thing_body(&(struct thing){.due = NUM(i)})};
    assert_int_equal(store_insert(f->store, &things, docs, ARRAY_LEN(docs)), 0);
    const int outcomes[] = {0, STORE_EXISTS, 0};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(docs[i].outcome, outcomes[i]);
        bson_destroy((bson_t *)docs[i].body);
    }
    CLEANUP(bson_destroyp) bson_t *first = get(f, 1), *kept = get(f, 2), *last = get(f, 3);
    assert_int_equal(doc_int(kept, "due"), 22);
    assert_true(doc_int(first, "arrival") < doc_int(last, "arrival"));
}

static void removal_compares_versions(void **state)
{
    struct fixture *f = *state;
    struct id id = thing_id(1);
    assert_int_equal(create(f, &(struct thing){.n = 1}), 0);
    CLEANUP(bson_destroyp) bson_t *doc = get(f, 1);
    int64_t version = store_version(doc);
    assert_int_equal(store_remove(f->store, &things, &id, version + 1), STORE_CONFLICT);
    assert_int_equal(store_remove(f->store, &things, &id, version), 0);
    assert_int_equal(store_remove(f->store, &things, &id, version), STORE_ABSENT);
    assert_int_equal(store_remove(f->store, &things, &id, -1), STORE_ABSENT);
}

static int create_for(struct fixture *f, int n, struct store_removal *gone)
{
    struct id id = thing_id(n);
    struct store_write w = keyed("k", "one");
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(n)});
    return store_create_for(f->store, &things, &id, &w, body, gone, NULL);
}

static bool is_there(struct fixture *f, int n)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct id id = thing_id(n);
    return store_get(f->store, &things, &id, &doc) == 0;
}

static void one_goes_when_another_comes(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(create(f, &(struct thing){.n = 1}), 0);
    struct store_removal gone = {.collection = &things, .id = thing_id(1), .version = 7};
    assert_int_equal(create_for(f, 2, &gone), 0);
    assert_int_equal(gone.outcome, STORE_CONFLICT);
    assert_true(is_there(f, 1) && is_there(f, 2));
    CLEANUP(bson_destroyp) bson_t *doc = get(f, 1);
    gone.version = store_version(doc);
    assert_int_equal(create_for(f, 2, &gone), STORE_REPEATED); /* so nothing goes */
    assert_true(is_there(f, 1));
    assert_int_equal(create_for(f, 3, &gone), 0);
    assert_int_equal(gone.outcome, 0);
    assert_true(!is_there(f, 1) && is_there(f, 3));
    assert_int_equal(create_for(f, 4, &gone), 0);
    assert_int_equal(gone.outcome, STORE_ABSENT);
    assert_true(is_there(f, 4));
}

int create_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_write_is_named_by_its_key_and_told_by_its_body),
        TEST(create_happens_once),
        TEST(many_are_inserted_each_with_its_outcome),
        TEST(removal_compares_versions),
        TEST(one_goes_when_another_comes),
    };
    return cmocka_run_group_tests_name("create", tests, NULL, NULL);
}
