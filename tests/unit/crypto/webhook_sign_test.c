#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/crypto/webhook_sign.h"
#include "base/result.h"

/* The example of the Standard Webhooks specification's reference libraries. */
static const char secret_text[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
static const char id[] = "msg_p5jXN8AQM9LWM0D4loKWxJek";
static const char body[] = "{\"test\": 2432232314}";
#define BODY_N (sizeof(body) - 1)
#define AT INT64_C(1614265330)
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static void the_known_signature(void **state)
{
    (void)state;
    struct webhook_secret s;
    char signature[WEBHOOK_SIGNATURE];

    assert_true(webhook_secret_parse(secret_text, &s));
    assert_int_equal(webhook_sign(&s, id, AT, body, BODY_N, signature), 0);
    assert_string_equal(signature, SIGNATURE);
}

static void a_receiver_accepts_and_refuses(void **state)
{
    (void)state;
    struct webhook_secret s;

    assert_true(webhook_secret_parse(secret_text, &s));
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, SIGNATURE, AT + 299, 300), 0);
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, "v1,AAAA v2,zz " SIGNATURE, AT, 300),
                     0);
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, SIGNATURE, AT + 301, 300),
                     WEBHOOK_STALE);
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, SIGNATURE, AT - 301, 300),
                     WEBHOOK_STALE);
    assert_int_equal(webhook_verify(&s, id, AT + 1, body, BODY_N, SIGNATURE, AT, 300),
                     WEBHOOK_FORGED);
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N - 1, SIGNATURE, AT, 300),
                     WEBHOOK_FORGED);
    assert_int_equal(webhook_verify(&s, "msg_x", AT, body, BODY_N, SIGNATURE, AT, 300),
                     WEBHOOK_FORGED);
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, "", AT, 300), WEBHOOK_FORGED);
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, SIGNATURE "x", AT, 300),
                     WEBHOOK_FORGED);
    s.bytes[0] ^= 1;
    assert_int_equal(webhook_verify(&s, id, AT, body, BODY_N, SIGNATURE, AT, 300), WEBHOOK_FORGED);
}

static void secrets_as_text(void **state)
{
    (void)state;
    struct webhook_secret s, back;
    char text[WEBHOOK_SECRET_TEXT], longer[WEBHOOK_SECRET_TEXT + 8];

    webhook_secret_new(&s);
    assert_int_equal(s.n, 32);
    assert_true(webhook_secret_parse(webhook_secret_format(&s, text), &back));
    assert_int_equal(back.n, s.n);
    assert_memory_equal(back.bytes, s.bytes, s.n);
    s.n = WEBHOOK_SECRET_MAX;
    memset(s.bytes, 0x5a, s.n);
    assert_true(webhook_secret_parse(webhook_secret_format(&s, text), &back));
    assert_int_equal(back.n, WEBHOOK_SECRET_MAX);
    strcpy(longer, text);
    strcat(longer, "AAAA");
    assert_false(webhook_secret_parse(longer, &back));
    assert_false(webhook_secret_parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &back));
    assert_false(webhook_secret_parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", &back));
    assert_false(webhook_secret_parse("whsec_", &back));
}

static void ids_that_would_blur(void **state)
{
    (void)state;
    struct webhook_secret s;
    char signature[WEBHOOK_SIGNATURE], endless[WEBHOOK_ID_MAX + 2];

    webhook_secret_new(&s);
    memset(endless, 'a', sizeof(endless));
    endless[sizeof(endless) - 1] = '\0';
    assert_int_equal(webhook_sign(&s, "a.1", AT, body, BODY_N, signature), E_INVALID);
    assert_int_equal(webhook_sign(&s, "", AT, body, BODY_N, signature), E_INVALID);
    assert_int_equal(webhook_sign(&s, endless, AT, body, BODY_N, signature), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_signature),
        cmocka_unit_test(a_receiver_accepts_and_refuses),
        cmocka_unit_test(secrets_as_text),
        cmocka_unit_test(ids_that_would_blur),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
