#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "base/net/forwarded.h"

static const char trusted_text[] = "127.0.0.0/8 ::1 10.0.0.0/8";

struct example {
    enum forwarded_style style;
    const char *peer, *header, *client;
};

static void check(const struct example *e)
{
    struct cidr_list trusted;
    struct address peer, client;
    char text[ADDRESS_TEXT];

    assert_int_equal(cidr_list_parse(trusted_text, &trusted), 0);
    assert_true(address_parse(e->peer, strlen(e->peer), &peer));
    client =
        forwarded_client(e->style, &peer, &trusted, e->header, e->header ? strlen(e->header) : 0);
    if (strcmp(address_format(&client, text), e->client) != 0)
        fail_msg("%s by %s: %s", e->header ? e->header : "(none)", e->peer, text);
}

static void x_forwarded_for(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {FORWARDED_X, "127.0.0.1", NULL, "127.0.0.1"},
        {FORWARDED_X, "127.0.0.1", "", "127.0.0.1"},
        {FORWARDED_X, "127.0.0.1", "8.8.8.8", "8.8.8.8"},
        {FORWARDED_X, "9.9.9.9", "8.8.8.8", "9.9.9.9"}, /* a stranger's own header */
        {FORWARDED_X, "127.0.0.1", "1.1.1.1, 8.8.8.8", "8.8.8.8"},
        {FORWARDED_X, "127.0.0.1", "1.1.1.1, 8.8.8.8 ,\t10.0.0.7", "8.8.8.8"},
        {FORWARDED_X, "127.0.0.1", "10.0.0.1, 10.0.0.7", "10.0.0.1"},
        {FORWARDED_X, "127.0.0.1", "8.8.8.8, unknown, 10.0.0.7", "10.0.0.7"},
        {FORWARDED_X, "127.0.0.1", "8.8.8.8:1234", "8.8.8.8"},
        {FORWARDED_X, "127.0.0.1", "8.8.8.8:", "127.0.0.1"},
        {FORWARDED_X, "127.0.0.1", "2001:4860::1", "2001:4860::1"},
        {FORWARDED_X, "127.0.0.1", "[2001:4860::1]:443", "2001:4860::1"},
        {FORWARDED_X, "::ffff:127.0.0.1", "8.8.8.8", "8.8.8.8"},
        {FORWARDED_X, "127.0.0.1", "8.8.8.8, \"", "127.0.0.1"},
        {FORWARDED_X, "127.0.0.1", "\", 8.8.8.8", "8.8.8.8"},
        {FORWARDED_NONE, "127.0.0.1", "8.8.8.8", "127.0.0.1"},
    };

    for (size_t i = 0; i < ARRAY_LEN(examples); i++)
        check(&examples[i]);
}

static void rfc_7239(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {FORWARDED_RFC7239, "127.0.0.1", "for=8.8.8.8", "8.8.8.8"},
        {FORWARDED_RFC7239, "127.0.0.1", "For=\"[2001:4860::1]:4711\"", "2001:4860::1"},
        {FORWARDED_RFC7239, "127.0.0.1", "proto=https;for=8.8.8.8;by=203.0.113.43", "8.8.8.8"},
        {FORWARDED_RFC7239, "127.0.0.1", "for=1.1.1.1, for=8.8.8.8 ; host=x, for=10.0.0.2",
         "8.8.8.8"},
        {FORWARDED_RFC7239, "127.0.0.1", "for=1.1.1.1, for=unknown", "127.0.0.1"},
        {FORWARDED_RFC7239, "127.0.0.1", "for=1.1.1.1, for=\"_hidden\"", "127.0.0.1"},
        {FORWARDED_RFC7239, "127.0.0.1", "for=1.1.1.1, proto=http", "127.0.0.1"},
        {FORWARDED_RFC7239, "127.0.0.1", "host=\"a,for=1.1.1.1\";for=8.8.8.8", "8.8.8.8"},
        {FORWARDED_RFC7239, "127.0.0.1", "for=\"1.1.1.1, for=8.8.8.8", "8.8.8.8"},
        {FORWARDED_RFC7239, "127.0.0.1", "8.8.8.8", "127.0.0.1"},
        {FORWARDED_RFC7239, "9.9.9.9", "for=8.8.8.8", "9.9.9.9"},
    };

    for (size_t i = 0; i < ARRAY_LEN(examples); i++)
        check(&examples[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x_forwarded_for),
        cmocka_unit_test(rfc_7239),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
