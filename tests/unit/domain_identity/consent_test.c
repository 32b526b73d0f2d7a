/* The ledger of consents: what is said once, in what order, and what a thief of the store cannot
 * change unseen. */
#include <pthread.h>

#include "base/crypto/bytes.h"
#include "tests/unit/domain_identity/people.h"

#define CROWD 12

static const struct id NOTHING;
static struct ground g;

static int set_up(void **state)
{
    (void)state;
    return ground_begin(&g, false);
}

static int tear_down(void **state)
{
    (void)state;
    ground_end(&g);
    return 0;
}

static int say(const struct id *owner, const char *purpose, const struct id *subject, bool given,
               bool first, struct arena *a, struct consent *ret)
{
    struct consent c = {.owner = *owner,
                        .given = given,
                        .purpose = purpose,
                        .subject = subject ? *subject : NOTHING,
                        .version = 1,
                        .language = "vi",
                        .how = "app"};
    return consent_say(g.store, g.scratch->keyring, &c, first, NOON, a, ret);
}

static int verify(const struct id *chain, struct consent_proof *p)
{
    return consent_verify(g.store, g.scratch->keyring, chain, p);
}

static void test_purposes_are_sound(void **state)
{
    (void)state;
    for (const struct consent_purpose *p = consent_purposes; p->code; p++) {
        assert_ptr_equal(consent_purpose_of(p->code), p);
        int64_t version = 0;
        for (const struct consent_wording *w = p->wordings; w->version; w++) {
            uint8_t vi[CONSENT_WORDS], en[CONSENT_WORDS];
            assert_int_equal(w->version, ++version);
            consent_words(p, w, 0, vi);
            consent_words(p, w, 1, en);
            assert_false(bytes_equal(vi, en, sizeof(vi)));
        }
        assert_int_equal(consent_wording_now(p)->version, version);
        assert_null(consent_wording_of(p, version + 1));
    }
}

/* A wording that people were shown is never changed: its sum is that of the day it was shipped. */
static void test_shown_wordings_stay(void **state)
{
    (void)state;
    static const struct {
        const char *purpose;
        int64_t version;
        const char *vi, *en;
    } shown[] = {
        {"report.contact", 1, "a9fa1e827c2058bb4cc1fdb3f16b92e66253be19a87c05862f521cbec0b63738",
         "309b6783a0ef1147074ce47b46e7dc5d93216cbe4cce0ab2bc19da1f50dde7e8"},
        {"dossier.documents", 1, "c1f43c6337af8274e78a8d1c9a99fed72fe26037c759d7f08e636a1d0627ec6c",
         "6552dfeda571a7b8c7e3b4a2d7d5a489cb6048e060fbf3c09e1abc4789e166b6"},
        {"notices.sms", 1, "d627bd59b5b26f51cbaadf0c0eb99c8e1bf733cec59eca4c590c0ec165beab67",
         "1aa11fb475cb1757dea672a95e10efa7eb0ed3cf1f2c03e2d66b0158d7bde62d"},
        {"eid.prefill", 1, "73a01ac34645c99cc482dbdd0953d2b253d13325159536753b8cc25874d05f9c",
         "938decbbfc35f7905e058151c4b74a855101200a7c0049042d6a90d978e9ba54"},
    };
    size_t n = 0;
    for (const struct consent_purpose *p = consent_purposes; p->code; p++) {
        for (const struct consent_wording *w = p->wordings; w->version; w++)
            n++;
    }
    assert_int_equal(n, ARRAY_LEN(shown));
    for (size_t i = 0; i < n; i++) {
        const struct consent_purpose *p = consent_purpose_of(shown[i].purpose);
        uint8_t sum[CONSENT_WORDS];
        char hex[BYTES_HEX_TEXT(CONSENT_WORDS)];
        assert_non_null(p);
        consent_words(p, consent_wording_of(p, shown[i].version), 0, sum);
        assert_string_equal(bytes_to_hex(sum, sizeof(sum), hex), shown[i].vi);
        consent_words(p, consent_wording_of(p, shown[i].version), 1, sum);
        assert_string_equal(bytes_to_hex(sum, sizeof(sum), hex), shown[i].en);
    }
}

static void test_yes_no_and_yes_again(void **state)
{
    (void)state;
    struct id who = id_v4(), report = id_v4();
    struct consent c, last;
    struct consent_proof proof;
    assert_int_equal(say(&who, CONSENT_SMS, NULL, false, false, &g.arena, &c), CONSENT_NEVER);
    assert_int_equal(say(&who, CONSENT_SMS, &report, true, false, &g.arena, &c), E_INVALID);
    assert_int_equal(say(&who, CONSENT_CONTACT, NULL, true, false, &g.arena, &c), E_INVALID);
    assert_int_equal(say(&who, "all", NULL, true, false, &g.arena, &c), E_INVALID);
    assert_int_equal(say(&who, CONSENT_SMS, NULL, true, false, &g.arena, &c), 0);
    assert_int_equal(say(&who, CONSENT_SMS, NULL, true, false, &g.arena, &last), CONSENT_STANDS);
    assert_true(id_equal(&c.id, &last.id));
    assert_true(consent_allows(&last));
    assert_int_equal(say(&who, CONSENT_SMS, NULL, false, false, &g.arena, &c), 0);
    assert_int_equal(say(&who, CONSENT_SMS, NULL, true, true, &g.arena, &last), CONSENT_STANDS);
    assert_false(consent_allows(&last)); /* a first yes does not undo a no */
    assert_int_equal(say(&who, CONSENT_CONTACT, &report, true, true, &g.arena, &c), 0);
    assert_int_equal(say(&who, CONSENT_SMS, NULL, true, false, &g.arena, &c), 0);
    assert_int_equal(c.seq, 4);
    assert_int_equal(c.at_ms, NOON + 3); /* one instant, and still an order */
    assert_int_equal(verify(&who, &proof), 0);
    assert_int_equal(proof.records, 4);
    assert_memory_equal(proof.last, c.digest.data, 32);
}

static void test_an_older_wording_asks_again(void **state)
{
    (void)state;
    struct consent person = {.given = true, .purpose = CONSENT_SMS, .version = 0},
                   subject = {.given = true, .purpose = CONSENT_CONTACT, .version = 0};
    assert_false(consent_allows(&person));
    assert_true(consent_allows(&subject)); /* what was said of a report is said of it */
}

/* Of one person twice, of another, of one who took it back, of a wording that there is not. */
static void test_many_in_one_write(void **state)
{
    (void)state;
    struct id who = id_v4(), other = id_v4(), third = id_v4(), reports[5];
    struct consent_saying all[5];
    const struct id *owners[] = {&who, &who, &other, &third, &other};
    const int wanted[] = {0, 0, 0, CONSENT_STANDS, E_INVALID};
    struct consent c;
    struct consent_proof proof;
    for (size_t i = 0; i < 5; i++) {
        reports[i] = id_v4();
        all[i] = (struct consent_saying){.say = {.owner = *owners[i],
                                                 .given = true,
                                                 .purpose = CONSENT_CONTACT,
                                                 .subject = reports[i],
                                                 .version = i < 4 ? 1 : 99,
                                                 .language = "vi",
                                                 .how = "app"},
                                         .at_ms = NOON};
    }
    assert_int_equal(say(&third, CONSENT_CONTACT, &reports[3], true, true, &g.arena, &c), 0);
    assert_int_equal(say(&third, CONSENT_CONTACT, &reports[3], false, false, &g.arena, &c), 0);
    for (int again = 0; again < 2; again++) {
        consent_say_many(g.store, g.scratch->keyring, all, 5, &g.arena);
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(all[i].outcome, again && wanted[i] == 0 ? CONSENT_STANDS : wanted[i]);
    }
    assert_int_equal(verify(&who, &proof), 0);
    assert_int_equal(proof.records, 2);
    assert_int_equal(verify(&other, &proof), 0);
    assert_int_equal(proof.records, 1);
    assert_int_equal(verify(&third, &proof), 0);
    assert_int_equal(proof.records, 2);
    consent_say_many(g.store, g.scratch->keyring, NULL, 0, &g.arena);
}

/* --- at once ------------------------------------------------------------------------------------
 */

struct sayer {
    pthread_t thread;
    struct id who, report;
    int done;
};

static void *sayer_main(void *arg)
{
    struct sayer *s = arg;
    struct arena a;
    struct consent c;
    arena_init(&a);
    s->done = say(&s->who, CONSENT_CONTACT, &s->report, true, true, &a, &c);
    arena_release(&a);
    return NULL;
}

static void test_a_crowd_makes_one_chain(void **state)
{
    (void)state;
    struct sayer crowd[CROWD];
    struct id who = id_v4(), report = id_v4();
    struct consent_proof proof;
    size_t made = 0;
    for (size_t i = 0; i < CROWD; i++) {
        crowd[i] = (struct sayer){.who = who, .report = i % 2 ? report : id_v4()};
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, sayer_main, &crowd[i]), 0);
    }
    for (size_t i = 0; i < CROWD; i++) {
        pthread_join(crowd[i].thread, NULL);
        assert_true(crowd[i].done == 0 || crowd[i].done == CONSENT_STANDS);
        made += crowd[i].done == 0;
    }
    assert_int_equal(made, CROWD / 2 + 1);
    assert_int_equal(verify(&who, &proof), 0);
    assert_int_equal(proof.records, CROWD / 2 + 1);
}

/* --- what a thief does --------------------------------------------------------------------------
 */

typedef void (*spoil_fn)(struct consent *c);

static void spoil_given(struct consent *c)
{
    c->given = !c->given;
}
static void spoil_time(struct consent *c)
{
    c->at_ms++;
}
static void spoil_subject(struct consent *c)
{
    c->subject.bytes[0] ^= 1;
}
static void spoil_language(struct consent *c)
{
    c->language = "en";
}
static void spoil_how(struct consent *c)
{
    c->how = "desk";
}
static void spoil_session(struct consent *c)
{
    c->session = c->chain;
}
static void spoil_words(struct consent *c)
{
    ((uint8_t *)(uintptr_t)c->words.data)[3] ^= 1;
}
static void spoil_tag(struct consent *c)
{
    ((uint8_t *)(uintptr_t)c->tag.data)[CONSENT_TAG - 1] ^= 1;
}

static int spoil(struct store_edit *edit, void *ctx)
{
    struct consent c;
    assert_int_equal(consent_decode(edit->before, edit->arena, &c), 0);
    (*(spoil_fn *)ctx)(&c);
    return entity_encode(&consent_entity, &c, edit->before, edit->arena, edit->after);
}

static void test_what_is_changed_is_found(void **state)
{
    (void)state;
    static const spoil_fn spoils[] = {spoil_given, spoil_time,    spoil_subject, spoil_language,
                                      spoil_how,   spoil_session, spoil_words,   spoil_tag};
    for (size_t i = 0; i < ARRAY_LEN(spoils); i++) {
        struct id who = id_v4(), middle = {0};
        struct consent_proof proof;
        for (int n = 0; n < 3; n++) {
            struct id report = id_v4();
            struct consent c;
            assert_int_equal(say(&who, CONSENT_CONTACT, &report, true, true, &g.arena, &c), 0);
            if (n == 1)
                middle = c.id;
        }
        spoil_fn fn = spoils[i];
        assert_int_equal(
            store_change(g.store, &consent_collection, &middle, NULL, spoil, &fn, NULL), 0);
        assert_int_equal(verify(&who, &proof), CONSENT_BROKEN);
        assert_int_equal(proof.broken, 2);
        assert_int_equal(proof.records, 1);
        assert_non_null(proof.why);
    }
}

static void test_what_is_taken_out_is_found(void **state)
{
    (void)state;
    struct id who = id_v4(), middle = {0};
    struct consent c;
    struct consent_proof proof;
    for (int n = 0; n < 3; n++) {
        struct id report = id_v4();
        assert_int_equal(say(&who, CONSENT_CONTACT, &report, true, true, &g.arena, &c), 0);
        if (n == 1)
            middle = c.id;
    }
    assert_int_equal(store_remove(g.store, &consent_collection, &middle, -1), 0);
    assert_int_equal(verify(&who, &proof), CONSENT_BROKEN);
    assert_int_equal(proof.broken, 2);
}

/* Two accounts turn out to be one person: what they said is there, and both chains hold. */
static void test_it_follows_who_they_turn_out_to_be(void **state)
{
    (void)state;
    struct id old = id_v4(), now = id_v4(), report = id_v4();
    struct consent c, last;
    struct consent_proof proof;
    bool more = false;
    assert_int_equal(say(&old, CONSENT_SMS, NULL, true, false, &g.arena, &c), 0);
    assert_int_equal(say(&old, CONSENT_CONTACT, &report, true, true, &g.arena, &c), 0);
    assert_int_equal(consent_reown(g.store, &old, &now, &g.arena, &more), 0);
    assert_false(more);
    assert_int_equal(consent_last(g.store, &now, CONSENT_SMS, &NOTHING, &g.arena, &last), 0);
    assert_int_equal(say(&now, CONSENT_CONTACT, &report, false, false, &g.arena, &c), 0);
    assert_int_equal(c.seq, 1);
    assert_int_equal(verify(&old, &proof), 0);
    assert_int_equal(proof.records, 2);
    assert_int_equal(verify(&now, &proof), 0);
    assert_int_equal(proof.records, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purposes_are_sound),
        cmocka_unit_test(test_shown_wordings_stay),
        cmocka_unit_test_setup_teardown(test_yes_no_and_yes_again, set_up, tear_down),
        cmocka_unit_test(test_an_older_wording_asks_again),
        cmocka_unit_test_setup_teardown(test_many_in_one_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_crowd_makes_one_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_changed_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_taken_out_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_it_follows_who_they_turn_out_to_be, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
