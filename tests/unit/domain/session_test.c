/* Sessions and their generations, on the store in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/result.h"
#include "domain/identity/session.h"
#include "tests/support/model.h"
#include "tests/unit/crypto/scratch.h"

/* The model is no part of a floor: each of these test programs carries it. */
#include "tests/support/model.c"
#include "tests/support/model_scan.c"
#define find find_blob
#include "tests/support/model_blob.c"
#undef find

#define NOW_MS INT64_C(1764000000000)
#define MINUTE INT64_C(60000)
#define DAY (24 * 60 * MINUTE)

struct fixture {
    struct scratch *scratch;
    struct model_disk *disk;
    struct store *store;
    struct session_settings set;
    struct arena arena;
    struct session session;
    struct session_pair pair; /* of the session's beginning */
};

static int set_up(void **state)
{
    static const struct store_collection *const collections[] = {&session_collection};
    struct fixture *f = calloc(1, sizeof(*f));
    void *scratch = NULL;
    const char *fault = NULL;
    assert_int_equal(scratch_begin(&scratch), 0);
    f->scratch = scratch;
    f->disk = model_disk_new();
    assert_int_equal(store_new(model_open(f->disk), collections, 1, &fault, &f->store), 0);
    f->set = (struct session_settings){.keys = f->scratch->keyring,
                                       .parties = {"https://tram.example", "tram"},
                                       .access_ms = 15 * MINUTE,
                                       .citizen_ms = 90 * DAY,
                                       .staff_ms = DAY / 2};
    arena_init(&f->arena);
    f->session = (struct session){.subject = id_v4(),
                                  .kind = TOKEN_STAFF + 1,
                                  .role = "officer",
                                  .agency = "H12.01",
                                  .device = "Trình duyệt"};
    assert_int_equal(session_begin(f->store, &f->set, &f->session, NOW_MS, &f->arena, &f->pair), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    void *scratch = f->scratch;
    store_free(f->store);
    model_disk_free(f->disk);
    arena_release(&f->arena);
    scratch_end(&scratch);
    free(f);
    return 0;
}

static int refresh(struct fixture *f, const char *token, int64_t now_ms, struct session *ret,
                   struct session_pair *ret_pair)
{
    return session_refresh(f->store, &f->set, token, now_ms, &f->arena, ret, ret_pair);
}

static void tokens_say_whose_they_are(void **state)
{
    struct fixture *f = *state;
    struct token_claims claims;
    const char *access = f->pair.access;
    assert_int_equal(
        token_verify(f->scratch->keyring, &f->set.parties, access, strlen(access), NOW_MS, &claims),
        0);
    assert_true(id_equal(&claims.subject, &f->session.subject));
    assert_true(id_equal(&claims.session, &f->session.id));
    assert_string_equal(claims.role, "officer");
    assert_string_equal(claims.agency, "H12.01");
    assert_int_equal(claims.expires_ms, NOW_MS + 15 * MINUTE);
}

/* Never cut: another name would be another right. */
static void a_name_that_does_not_fit_is_refused(void **state)
{
    struct fixture *f = *state;
    char agency[TOKEN_NAME + 1];
    memset(agency, 'H', TOKEN_NAME);
    agency[TOKEN_NAME] = '\0';
    struct session long_named = {
        .subject = f->session.subject, .kind = TOKEN_STAFF + 1, .agency = agency};
    struct session_pair pair;
    int done = session_begin(f->store, &f->set, &long_named, NOW_MS, &f->arena, &pair);
    assert_int_equal(done, E_FULL);
}

static void each_use_makes_the_next_generation(void **state)
{
    struct fixture *f = *state;
    struct session now;
    struct session_pair second, third;
    int64_t later = NOW_MS + 10 * MINUTE;
    assert_int_equal(refresh(f, f->pair.refresh, later, &now, &second), 0);
    assert_string_not_equal(second.refresh, f->pair.refresh);
    assert_true(id_equal(&now.id, &f->session.id));
    assert_int_equal(now.generation, 2);
    assert_int_equal(now.seen_ms, later);
    assert_string_equal(now.device, "Trình duyệt");
    assert_int_equal(second.refresh_expires_ms, later + DAY / 2);
    assert_int_equal(refresh(f, second.refresh, later + MINUTE, &now, &third), 0);
    assert_int_equal(now.generation, 3);
}

static void a_lost_reply_is_repeated(void **state)
{
    struct fixture *f = *state;
    struct session now;
    struct session_pair second, again;
    assert_int_equal(refresh(f, f->pair.refresh, NOW_MS, &now, &second), 0);
    assert_int_equal(refresh(f, f->pair.refresh, NOW_MS + SESSION_REPEAT_MS, &now, &again), 0);
    assert_string_equal(again.refresh, second.refresh);
    assert_int_equal(now.generation, 2);
}

static void an_old_generation_ends_the_session(void **state)
{
    struct fixture *f = *state;
    struct session now;
    struct session_pair second, other;
    assert_int_equal(refresh(f, f->pair.refresh, NOW_MS, &now, &second), 0);
    int64_t later = NOW_MS + SESSION_REPEAT_MS + 1;
    assert_int_equal(refresh(f, f->pair.refresh, later, &now, &other), SESSION_REUSED);
    assert_true(id_equal(&now.id, &f->session.id));
    assert_true(id_equal(&now.subject, &f->session.subject));
    assert_string_equal(now.ended_why, "reuse");
    assert_false(session_lives(&now, later));
    /* The thief's pair and the owner's are worth nothing now. */
    assert_int_equal(refresh(f, second.refresh, later, &now, &other), SESSION_INVALID);
}

static void only_ours_that_live_are_refreshed(void **state)
{
    struct fixture *f = *state;
    struct session now;
    struct session_pair pair;
    struct id other = id_v4();
    char forged[SESSION_REFRESH_TEXT];
    memcpy(forged, f->pair.refresh, sizeof(forged));
    forged[30] = forged[30] == 'A' ? 'B' : 'A';
    assert_int_equal(refresh(f, forged, NOW_MS, &now, &pair), SESSION_INVALID);
    assert_int_equal(refresh(f, "", NOW_MS, &now, &pair), SESSION_INVALID);
    assert_int_equal(refresh(f, f->pair.refresh, NOW_MS + DAY, &now, &pair), SESSION_INVALID);
    assert_int_equal(session_end(f->store, &f->session.id, &other, "signed_out", NOW_MS),
                     SESSION_INVALID);
    assert_int_equal(
        session_end(f->store, &f->session.id, &f->session.subject, "signed_out", NOW_MS), 0);
    assert_int_equal(refresh(f, f->pair.refresh, NOW_MS, &now, &pair), SESSION_INVALID);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tokens_say_whose_they_are),          TEST(a_name_that_does_not_fit_is_refused),
        TEST(each_use_makes_the_next_generation), TEST(a_lost_reply_is_repeated),
        TEST(an_old_generation_ends_the_session), TEST(only_ours_that_live_are_refreshed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
