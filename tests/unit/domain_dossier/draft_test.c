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
    f.draft = &d;
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

static int key_of(const struct id *of)
{
    uint8_t key[SEAL_KEY];
    return person_key_get(&h.people, of, key);
}

static int64_t key_version(const struct id *of)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(store_get(h.people.keys, &person_key_collection, of, &doc), 0);
    return store_version(doc);
}

static void file(const struct draft *d, struct dossier *ret)
{
    struct dossier_filing f = hall_filing(0);
    f.draft = d;
    assert_int_equal(dossier_file(&h.people, &f, "key", "body", 4, &h.world, &h.arena, ret), 0);
}

static void assert_readable(const struct dossier *d)
{
    struct dossier_opened words;
    assert_int_equal(dossier_open(&h.people, d, &h.arena, &words), 0);
    assert_string_equal(words.form, HALL_FORM);
}

/* No key is made by a filing, and none goes. */
static void a_draft_has_the_key_of_its_dossier(void **state)
{
    (void)state;
    struct draft d;
    struct dossier filed;
    begin(&d);
    struct id id = dossier_of_draft(&d.id);
    int64_t version = key_version(&id);
    assert_int_equal(key_of(&d.id), PERSON_ERASED);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), 0);
    file(&d, &filed);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), STORE_ABSENT);
    assert_int_equal(key_version(&id), version);
    assert_readable(&filed);
}

static void what_is_thrown_away_is_closed_for_good(void **state)
{
    (void)state;
    struct draft d;
    begin(&d);
    struct id id = dossier_of_draft(&d.id);
    assert_int_equal(draft_remove(&h.people, &d.id, -1), 0);
    assert_int_equal(key_of(&id), PERSON_ERASED);
}

/* Changed while it was filed, it stays to be read, and goes without its dossier's key. */
static void what_stays_beside_its_dossier_goes_alone(void **state)
{
    (void)state;
    struct draft read, d;
    struct dossier filed;
    begin(&d);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &read), 0);
    save(&d);
    file(&read, &filed);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), 0);
    assert_int_equal(draft_remove(&h.people, &d.id, -1), 0);
    assert_readable(&filed);
}

/* Each place at which the filing of a draft may stand while it is thrown away. */
static void what_is_filed_while_it_is_thrown_away_can_be_read(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct draft d;
        struct dossier filed;
        hall_close(&h);
        hall_open(&h);
        begin(&d);
        struct id id = dossier_of_draft(&d.id);
        int64_t seen = key_version(&id);
        if (i == 0) /* all of it before */
            assert_int_equal(draft_remove(&h.people, &d.id, -1), 0);
        else /* it looked for the dossier before it was there, and for the key before that */
            assert_int_equal(store_remove(h.store, &draft_collection, &d.id, -1), 0);
        file(&d, &filed);
        if (i == 1)
            assert_int_equal(store_remove(h.people.keys, &person_key_collection, &id, seen),
                             STORE_CONFLICT);
        assert_readable(&filed);
    }
}

/* The same key begins it once more, before whoever threw it away is done. */
static void what_is_begun_again_can_be_read(void **state)
{
    (void)state;
    struct draft d;
    const char *answers = NULL;
    begin(&d);
    struct id id = dossier_of_draft(&d.id);
    int64_t seen = key_version(&id);
    assert_int_equal(store_remove(h.store, &draft_collection, &d.id, -1), 0);
    begin(&d);
    assert_int_equal(store_remove(h.people.keys, &person_key_collection, &id, seen),
                     STORE_CONFLICT);
    assert_int_equal(draft_answers(&h.people, &d, &h.arena, &answers), 0);
    assert_string_equal(answers, HALL_FORM);
}

static int as_it_was(struct store_edit *edit, void *ctx)
{
    return entity_encode(&draft_entity, ctx, edit->before, edit->arena, edit->after);
}

/* Older programs gave each draft a key of its own. */
static void make_old(struct draft *d)
{
    uint8_t key[SEAL_KEY];
    struct id id = dossier_of_draft(&d->id);
    assert_int_equal(store_remove(h.people.keys, &person_key_collection, &id, -1), 0);
    assert_int_equal(person_key_new(&h.people, &d->id, key), 0);
    assert_int_equal(person_seal(key, &d->id, "draft.answers", HALL_FORM, &h.arena, &d->answers),
                     0);
    d->key = (struct id){0};
    assert_int_equal(store_change(h.store, &draft_collection, &d->id, NULL, as_it_was, d, NULL), 0);
    assert_int_equal(draft_get(h.store, &d->id, &h.arena, d), 0);
}

static void a_draft_of_an_older_program_goes_on(void **state)
{
    (void)state;
    struct draft d;
    struct dossier filed;
    const char *answers = NULL;
    begin(&d);
    make_old(&d);
    save(&d);
    assert_int_equal(draft_answers(&h.people, &d, &h.arena, &answers), 0);
    assert_non_null(strstr(answers, "Quýt"));
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), 0);
    file(&d, &filed);
    assert_int_equal(draft_get(h.store, &d.id, &h.arena, &d), STORE_ABSENT);
    assert_int_equal(key_of(&d.id), PERSON_ERASED);
    assert_readable(&filed);
}

static void a_draft_of_an_older_program_is_thrown_away(void **state)
{
    (void)state;
    struct draft d;
    begin(&d);
    make_old(&d);
    assert_int_equal(draft_remove(&h.people, &d.id, -1), 0);
    assert_int_equal(key_of(&d.id), PERSON_ERASED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_draft_is_filed_once_by_whomever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_written_meanwhile_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_draft_has_the_key_of_its_dossier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_thrown_away_is_closed_for_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_stays_beside_its_dossier_goes_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_filed_while_it_is_thrown_away_can_be_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_begun_again_can_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_draft_of_an_older_program_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_draft_of_an_older_program_is_thrown_away, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_warning_is_of_one_time_of_expiry, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
