/* Drafts where two act at once: filed twice, and changed while something is done to them. */
#include "base/crypto/seal.h"
#include "domain/person/key.h"
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

static void begin(struct draft *ret)
{
    const struct draft_beginning b = {.owner = hall_id(OWNER),
                                      .actor = hall_id(OWNER),
                                      .key = "begin",
                                      .procedure = "1.001193",
                                      .version = 20260101,
                                      .subject = DOSSIER_CITIZEN};
    const struct draft_content c = {.answers = HALL_FORM};
    assert_int_equal(draft_begin(&h.people, &b, &c, h.world.now_ms, &h.arena, ret), 0);
}

static void save(struct draft *d)
{
    const struct draft_content c = {.answers = "{\"child\":\"Trần Thị Quýt\"}"};
    const struct id owner = d->owner, actor = d->actor, id = d->id;
    assert_int_equal(
        draft_put(&h.people, &id, &owner, &actor, d->revision, &c, h.world.now_ms, &h.arena, d), 0);
}

/* Two members of an organisation, or one person on two devices: keys of their own, one dossier. */
static void a_draft_is_filed_once_by_whomever(void **state)
{
    (void)state;
    struct draft d;
    struct dossier one, two = {0};
    begin(&d);
    struct dossier_filing f = hall_filing(0);
    f.draft = d.id;
    assert_int_equal(dossier_file(&h.people, &f, "key", "body", 4, &h.world, &h.arena, &one), 0);
    f.actor = hall_id(STRANGER);
    assert_int_equal(dossier_file(&h.people, &f, "other", "body", 4, &h.world, &h.arena, &two),
                     DOSSIER_KEY_REUSED);
    struct id id = dossier_of_draft(&d.id);
    assert_true(id_equal(&one.head.id, &id));
    f.actor = hall_id(OWNER);
    assert_int_equal(dossier_file(&h.people, &f, "key", "body", 4, &h.world, &h.arena, &two),
                     DOSSIER_REPEATED);
    assert_true(id_equal(&one.head.id, &two.head.id));
}

static void what_was_written_meanwhile_stays(void **state)
{
    (void)state;
    struct draft read, d;
    const char *answers = NULL;
    begin(&d);
    read = d;
    save(&d);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), 0);
    read.stored = d.stored - 1;
    assert_int_equal(draft_remove(&h.people, &d.id, read.stored), STORE_CONFLICT);
    assert_int_equal(draft_answers(&h.people, &d, &h.arena, &answers), 0);
    assert_non_null(strstr(answers, "Quýt"));
    assert_int_equal(draft_remove(&h.people, &d.id, d.stored), 0);
    assert_int_equal(draft_remove(&h.people, &d.id, -1), STORE_ABSENT);
}

/* Changed between the warning and its mark, a draft is warned of again before it goes. */
static void a_warning_is_of_one_time_of_expiry(void **state)
{
    (void)state;
    struct draft d, *due = NULL;
    size_t n = 0;
    begin(&d);
    h.world.now_ms += DRAFT_LIFE_MS - DRAFT_WARN_MS + MINUTE;
    assert_int_equal(draft_due(h.store, h.world.now_ms, 10, &h.arena, &due, &n), 0);
    assert_int_equal(n, 1);
    struct draft told = due[0];
    save(&d);
    assert_int_equal(draft_warned(h.store, &told), 0);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), 0);
    assert_int_not_equal(d.warn_ms, 0);
    assert_int_equal(draft_warned(h.store, &d), 0);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), 0);
    assert_int_equal(d.warn_ms, 0);
}

/* A filed draft is gone with its answer; its key behind it, unless it is there after all. */
static void the_key_goes_behind_the_answer(void **state)
{
    (void)state;
    struct draft d;
    uint8_t key[SEAL_KEY];
    begin(&d);
    assert_int_equal(draft_forget(&h.people, &d.id), 0);
    assert_int_equal(person_key_get(&h.people, &d.id, key), 0);
    assert_int_equal(draft_take(&h.people, &d.id, -1), 0);
    assert_int_equal(person_key_get(&h.people, &d.id, key), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(draft_forget(&h.people, &d.id), 0);
    assert_int_equal(person_key_get(&h.people, &d.id, key), PERSON_ERASED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_draft_is_filed_once_by_whomever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_written_meanwhile_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_key_goes_behind_the_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_warning_is_of_one_time_of_expiry, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
