/* store_change: how domain code writes, and what it may not write. */
#include <string.h>

#include "tests/contract/fixture.h"

/* What the change function of these tests does. */
struct step {
    struct thing after;                                         /* what it writes */
    int32_t outcome;                                            /* what it tells the write record */
    int result;                                                 /* what it returns */
    int runs;                                                   /* how often it ran */
    bool saw_before;                                            /* in the last run */
    int64_t saw_version;                                        /* of `before` */
    void (*meddle)(struct store_edit *edit, struct step *step); /* may be NULL */
    struct fixture *fixture;
};

static int run_step(struct store_edit *edit, void *ctx)
{
    struct step *step = ctx;
    step->runs++;
    step->saw_before = edit->before != NULL;
    step->saw_version = edit->before ? store_version(edit->before) : -1;
    assert_int_equal(bson_count_keys(edit->after), 0);
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&step->after);
    bson_concat(edit->after, body);
    edit->outcome = step->outcome;
    if (step->meddle)
        step->meddle(edit, step);
    return step->result;
}

static int change(struct fixture *f, int n, const struct store_change_options *options,
                  struct step *step, struct store_changed *ret)
{
    struct id id = thing_id(n);
    step->fixture = f;
    return store_change(f->store, &things, &id, options, run_step, step, ret);
}

static void create(struct fixture *f, const struct thing *t)
{
    struct id id = thing_id(t->n);
    struct store_write w = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *body = thing_body(t);
    assert_int_equal(store_create(f->store, &things, &id, &w, body, NULL), 0);
}

static bson_t *get(struct fixture *f, int n)
{
    struct id id = thing_id(n);
    bson_t *doc = NULL;
    assert_int_equal(store_get(f->store, &things, &id, &doc), 0);
    return doc;
}

/* The number of write records in a document. */
static uint32_t count_writes(const bson_t *doc)
{
    bson_iter_t at, inner;
    assert_true(bson_iter_init_find(&at, doc, "writes") && BSON_ITER_HOLDS_ARRAY(&at));
    assert_true(bson_iter_recurse(&at, &inner));
    uint32_t n = 0;
    while (bson_iter_next(&inner))
        n++;
    return n;
}

static struct store_write keyed(const char *key, const char *body)
{
    struct id owner = thing_id(900);
    return store_write_keyed("test", &owner, key, body, strlen(body));
}

static void create_repeated_gives_what_is_stored_now(void **state)
{
    struct fixture *f = *state;
    struct id id = thing_id(1);
    struct store_write w = keyed("k", "one");
    CLEANUP(bson_destroyp) bson_t *body = thing_body(&(struct thing){.due = NUM(1)});
    CLEANUP(bson_destroyp) bson_t *again = NULL;
    assert_int_equal(store_create(f->store, &things, &id, &w, body, NULL), 0);
    assert_int_equal(change(f, 1, NULL, &(struct step){.after = {.due = NUM(2)}}, NULL), 0);
    assert_int_equal(store_create(f->store, &things, &id, &w, body, &again), STORE_REPEATED);
    assert_int_equal(doc_int(again, "due"), 2);
}

static void change_writes_a_new_version(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .state = "open", .due = NUM(1), .words = {"den"}});
    CLEANUP(bson_destroyp) bson_t *before = get(f, 1);
    struct step step = {.after = {.state = "shut", .due = NUM(2), .words = {"hong"}}, .outcome = 7};
    struct store_changed changed = {0};
    assert_int_equal(change(f, 1, NULL, &step, &changed), 0);
    CLEANUP(bson_destroyp) bson_t *after = changed.doc;
    assert_int_equal(changed.outcome, 7);
    assert_int_equal(step.runs, 1);
    assert_int_equal(step.saw_version, store_version(before));
    assert_true(store_version(after) > store_version(before));
    assert_int_equal(doc_int(after, "due"), 2);
    assert_int_equal(doc_int(after, "arrival"), doc_int(before, "arrival"));
    assert_int_equal(count_writes(after), 2);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_true(bson_equal(stored, after));
}

static void a_repeated_change_is_told_from_a_new_one(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .due = NUM(1)});
    struct store_write w = keyed("k", "one"), reused = keyed("k", "two");
    struct store_change_options options = {.write = &w, .if_revision = STORE_ANY_REVISION};
    struct step step = {.after = {.due = NUM(2)}, .outcome = 42};
    assert_int_equal(change(f, 1, &options, &step, NULL), 0);
    assert_int_equal(change(f, 1, NULL, &(struct step){.after = {.due = NUM(3)}}, NULL), 0);

    struct step repeat = {.after = {.due = NUM(4)}, .outcome = 99};
    struct store_changed changed = {0};
    assert_int_equal(change(f, 1, &options, &repeat, &changed), STORE_REPEATED);
    assert_int_equal(repeat.runs, 0);
    assert_int_equal(changed.outcome, 42);
    assert_int_equal(doc_int(changed.doc, "due"), 3);
    bson_destroy(changed.doc);

    /* The same write with a stale If-Match is still the same write. */
    options.if_revision = 12345;
    assert_int_equal(change(f, 1, &options, &repeat, NULL), STORE_REPEATED);
    options = (struct store_change_options){.write = &reused, .if_revision = STORE_ANY_REVISION};
    assert_int_equal(change(f, 1, &options, &repeat, NULL), STORE_REUSED);
    assert_int_equal(repeat.runs, 0);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_int_equal(doc_int(stored, "due"), 3);
}

static void the_last_writes_are_remembered(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .due = NUM(0)});
    struct store_write w = keyed("first", "");
    struct store_change_options options = {.write = &w, .if_revision = STORE_ANY_REVISION};
    struct step step = {.after = {.due = NUM(1)}};
    assert_int_equal(change(f, 1, &options, &step, NULL), 0);
    for (int i = 1; i < STORE_WRITES; i++) {
        assert_int_equal(change(f, 1, NULL, &step, NULL), 0);
        assert_int_equal(change(f, 1, &options, &step, NULL), STORE_REPEATED);
    }
    CLEANUP(bson_destroyp) bson_t *full = get(f, 1);
    assert_int_equal(count_writes(full), STORE_WRITES);
    /* The next write pushes it out; from then on it is a new one. */
    assert_int_equal(change(f, 1, NULL, &step, NULL), 0);
    assert_int_equal(change(f, 1, &options, &step, NULL), 0);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_int_equal(count_writes(stored), STORE_WRITES);
}

static void if_match_is_about_the_revision(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .revision = 5});
    struct store_change_options options = {.if_revision = 4};
    struct step step = {.after = {.revision = 6}};
    struct store_changed changed = {0};
    assert_int_equal(change(f, 1, &options, &step, &changed), STORE_REVISED);
    bson_destroy(changed.doc);
    assert_int_equal(step.runs, 0);
    options.if_revision = 5;
    assert_int_equal(change(f, 1, &options, &step, NULL), 0);
    assert_int_equal(change(f, 1, &options, &step, NULL), STORE_REVISED);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_int_equal(store_revision(stored), 6);
}

static void absent_documents_may_be_made(void **state)
{
    struct fixture *f = *state;
    struct store_write w = keyed("k", "");
    struct store_change_options options = {.write = &w, .if_revision = STORE_ANY_REVISION};
    struct step step = {.after = {.due = NUM(1)}, .outcome = 3};
    assert_int_equal(change(f, 1, &options, &step, NULL), STORE_ABSENT);
    assert_int_equal(step.runs, 0);
    options.or_create = true;
    struct store_changed changed = {0};
    assert_int_equal(change(f, 1, &options, &step, &changed), 0);
    assert_false(step.saw_before);
    assert_int_equal(changed.outcome, 3);
    assert_int_equal(doc_int(changed.doc, "due"), 1);
    bson_destroy(changed.doc);
    assert_int_equal(change(f, 1, &options, &step, &changed), STORE_REPEATED);
    assert_int_equal(changed.outcome, 3);
    bson_destroy(changed.doc);
    options.write = NULL;
    assert_int_equal(change(f, 1, &options, &step, NULL), 0);
    assert_true(step.saw_before);
}

static void what_the_function_returns_is_forwarded(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .due = NUM(1)});
    CLEANUP(bson_destroyp) bson_t *before = get(f, 1);
    const int results[] = {STORE_UNCHANGED, 101, 5000, E_FULL, E_REFUSED};
    for (size_t i = 0; i < ARRAY_LEN(results); i++) {
        struct step step = {.after = {.due = NUM(2)}, .result = results[i]};
        struct store_changed changed = {0};
        assert_int_equal(change(f, 1, NULL, &step, &changed), results[i]);
        bson_destroy(changed.doc);
        assert_int_equal(step.runs, 1);
        step.runs = 0;
        struct store_change_options create_too = {.if_revision = STORE_ANY_REVISION,
                                                  .or_create = true};
        assert_int_equal(change(f, 2, &create_too, &step, NULL), results[i]);
    }
    CLEANUP(bson_destroyp) bson_t *after = get(f, 1);
    assert_true(bson_equal(after, before));
    struct id two = thing_id(2);
    CLEANUP(bson_destroyp) bson_t *none = NULL;
    assert_int_equal(store_get(f->store, &things, &two, &none), STORE_ABSENT);
}

/* --- another write comes between -------------------------------------------------------------- */

static void write_between(struct store_edit *edit, struct step *step)
{
    (void)edit;
    if (step->runs > 2)
        return;
    struct step other = {.after = {.due = NUM(100), .revision = 1}};
    assert_int_equal(change(step->fixture, 1, NULL, &other, NULL), 0);
}

static void remove_between(struct store_edit *edit, struct step *step)
{
    (void)edit;
    struct id id = thing_id(1);
    if (step->runs == 1)
        assert_int_equal(store_remove(step->fixture->store, &things, &id, -1), 0);
}

static void a_conflict_runs_the_function_again(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .due = NUM(1), .revision = 1});
    struct step step = {.after = {.due = NUM(2), .revision = 1}, .meddle = write_between};
    assert_int_equal(change(f, 1, NULL, &step, NULL), 0);
    assert_int_equal(step.runs, 3);
    CLEANUP(bson_destroyp) bson_t *stored = get(f, 1);
    assert_int_equal(doc_int(stored, "due"), 2);
    assert_int_equal(count_writes(stored), 4);

    step.runs = 0;
    step.meddle = remove_between;
    assert_int_equal(change(f, 1, NULL, &step, NULL), STORE_ABSENT);
    assert_int_equal(step.runs, 1);
}

/* --- what a document may not be --------------------------------------------------------------- */

static void forge(struct store_edit *edit, struct step *step)
{
    (void)step;
    struct id id = thing_id(77);
    BSON_APPEND_BINARY(edit->after, "_id", BSON_SUBTYPE_UUID, id.bytes, sizeof(id.bytes));
    BSON_APPEND_INT64(edit->after, "version", 1000);
    BSON_APPEND_INT32(edit->after, "form", 1000);
    BSON_APPEND_INT64(edit->after, "arrival", 1);
}

static void reserved_fields_cannot_be_forged(void **state)
{
    struct fixture *f = *state;
    create(f, &(struct thing){.n = 1, .due = NUM(1)});
    CLEANUP(bson_destroyp) bson_t *before = get(f, 1);
    struct step step = {.after = {.due = NUM(2)}, .meddle = forge};
    assert_int_equal(change(f, 1, NULL, &step, NULL), E_INVALID);
    CLEANUP(bson_destroyp) bson_t *after = get(f, 1);
    assert_true(bson_equal(after, before));

    struct id id = thing_id(2);
    struct store_write w = store_write_fresh();
    struct thing complete = {.n = 2, .version = 9};
    CLEANUP(bson_destroyp) bson_t *forged = thing_doc(&complete);
    assert_int_equal(store_create(f->store, &things, &id, &w, forged, NULL), E_INVALID);
}

static const char long_text[STORE_TEXT_MAX + 2] = {[0 ... STORE_TEXT_MAX] = 'x'};
static const char longest_text[STORE_TEXT_MAX + 1] = {[0 ... STORE_TEXT_MAX - 1] = 'x'};

static void unsound_values_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct thing sound[] = {
        {.n = 1, .state = longest_text},
        {.n = 2, .years = {1, 2, 3, 4, 5, 6, 7, 8}},
        {.n = 3, .tags = {"a", "a", "a", "a", "a", "a", "a", "a", "a", "b"}}, /* distinct: two */
    };
    for (size_t i = 0; i < ARRAY_LEN(sound); i++)
        create(f, &sound[i]);
    const struct thing unsound[] = {
        {.n = 4, .state = long_text},
        {.n = 5, .years = {1, 2, 3, 4, 5, 6, 7, 8, 9}},
        {.n = 6, .tags = {"a", long_text}},
    };
    for (size_t i = 0; i < ARRAY_LEN(unsound); i++) {
        struct id id = thing_id(unsound[i].n);
        struct store_write w = store_write_fresh();
        CLEANUP(bson_destroyp) bson_t *body = thing_body(&unsound[i]);
        CLEANUP(bson_destroyp) bson_t *none = NULL;
        assert_int_equal(store_create(f->store, &things, &id, &w, body, NULL), E_INVALID);
        assert_int_equal(store_get(f->store, &things, &id, &none), STORE_ABSENT);
        assert_int_equal(change(f, 1, NULL, &(struct step){.after = unsound[i]}, NULL), E_INVALID);
    }
    /* A wrong type, and a document past the maximum. */
    struct id id = thing_id(7);
    struct store_write w = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *wrong = BCON_NEW("due", BCON_UTF8("soon"));
    assert_int_equal(store_create(f->store, &things, &id, &w, wrong, NULL), E_INVALID);
    char *filler = arena_alloc(&f->arena, STORE_DOC_MAX + 1);
    memset(filler, 'x', STORE_DOC_MAX);
    CLEANUP(bson_destroyp) bson_t *huge = BCON_NEW("filler", BCON_UTF8(filler));
    assert_true(store_create(f->store, &things, &id, &w, huge, NULL) < 0);
}

static void newer_forms_are_refused(void **state)
{
    struct fixture *f = *state;
    struct id id = thing_id(1);
    CLEANUP(bson_destroyp)
    bson_t *newer = BCON_NEW("_id", BCON_BIN(BSON_SUBTYPE_UUID, id.bytes, 16), "form",
                             BCON_INT32(things.form + 1), "version", BCON_INT64(1), "arrival",
                             BCON_INT64(1), "writes", "[", "]", "due", BCON_INT64(1));
    struct store_insert_row row = {.doc = newer, .id = id};
    assert_int_equal(f->driver->ops->insert(f->driver, &things, &row, 1), 0);
    assert_int_equal(row.outcome, 0);
    bson_t *doc = NULL;
    assert_int_equal(store_get(f->store, &things, &id, &doc), E_FORM);
    struct step step = {.after = {.due = NUM(2)}};
    assert_int_equal(change(f, 1, NULL, &step, NULL), E_FORM);
    assert_int_equal(step.runs, 0);
}

/* --- who is told ----------------------------------------------------------- */

struct heard {
    int n, last;
    bool removed;
    int64_t due_before, due_after; /* -1: it was not told */
};

static void hear(const struct store_commit *commit, void *ctx)
{
    struct heard *heard = ctx;
    if (commit->collection == &things) {
        heard->n++;
        heard->last = thing_number(commit->id);
        heard->removed = !commit->after;
        heard->due_before = commit->before ? doc_int(commit->before, "due") : -1;
        heard->due_after = commit->after ? doc_int(commit->after, "due") : -1;
    }
}

static void committed_writes_are_told(void **state)
{
    struct fixture *f = *state;
    struct heard heard = {0};
    store_listen(f->store, hear, &heard);
    uint64_t generation = store_generation(f->store, &things);
    uint64_t other = store_generation(f->store, &plain);

    create(f, &(struct thing){.n = 1, .due = NUM(7)});
    assert_int_equal(heard.n, 1);
    assert_true(heard.due_before == -1 && heard.due_after == 7);
    assert_int_equal(change(f, 1, NULL, &(struct step){.after = {.due = NUM(1)}}, NULL), 0);
    assert_int_equal(heard.n, 2);
    assert_int_equal(heard.last, 1);
    assert_false(heard.removed);
    assert_true(heard.due_before == 7 && heard.due_after == 1);
    assert_true(store_generation(f->store, &things) >= generation + 2);
    generation = store_generation(f->store, &things);

    assert_int_equal(change(f, 1, NULL, &(struct step){.result = STORE_UNCHANGED}, NULL),
                     STORE_UNCHANGED);
    struct id none = thing_id(9), one = thing_id(1);
    assert_int_equal(store_remove(f->store, &things, &none, -1), STORE_ABSENT);
    assert_int_equal(heard.n, 2);
    assert_int_equal(store_generation(f->store, &things), generation);

    assert_int_equal(store_remove(f->store, &things, &one, -1), 0);
    assert_int_equal(heard.n, 3);
    assert_true(heard.removed);
    assert_true(store_generation(f->store, &things) > generation);
    assert_int_equal(store_generation(f->store, &plain), other);
}

int change_suite(void)
{
    const struct CMUnitTest tests[] = {
        TEST(create_repeated_gives_what_is_stored_now),
        TEST(change_writes_a_new_version),
        TEST(a_repeated_change_is_told_from_a_new_one),
        TEST(the_last_writes_are_remembered),
        TEST(if_match_is_about_the_revision),
        TEST(absent_documents_may_be_made),
        TEST(what_the_function_returns_is_forwarded),
        TEST(a_conflict_runs_the_function_again),
        TEST(reserved_fields_cannot_be_forged),
        TEST(unsound_values_are_refused),
        TEST(newer_forms_are_refused),
        TEST(committed_writes_are_told),
    };
    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
