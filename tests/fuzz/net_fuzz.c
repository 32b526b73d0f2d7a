/*
 * Addresses, networks, Forwarded headers and URLs of anybody. What is read is written and read as
 * the same; a header never makes a stranger of a trusted proxy's client, nor ends in nothing.
 */
#include "base/net/forwarded.h"
#include "base/net/http_private.h"
#include "base/result.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_address(const char *text, size_t n)
{
    struct address address, again;
    struct cidr net;
    char out[ADDRESS_TEXT];
    if (address_parse(text, n, &address)) {
        address_format(&address, out);
        check(strlen(out) < ADDRESS_TEXT && address_parse(out, strlen(out), &again));
        check(address_equal(&address, &again));
        struct address visitor = address_visitor(&address);
        check(address_class(&address) <= ADDRESS_RESERVED && visitor.v6 == address.v6);
    }
    if (cidr_parse(text, n, &net))
        check(cidr_holds(&net, &net.base) && net.bits <= (net.base.v6 ? 128 : 32));
}

static void check_forwarded(const char *text, size_t n)
{
    struct cidr_list trusted;
    struct address proxy, stranger;
    check(cidr_list_parse("10.0.0.0/8", &trusted) == 0);
    check(address_parse("10.1.2.3", 8, &proxy) && address_parse("192.0.2.9", 9, &stranger));
    static const enum forwarded_style styles[] = {FORWARDED_NONE, FORWARDED_RFC7239, FORWARDED_X};
    for (size_t i = 0; i < 3; i++) {
        struct address client = forwarded_client(styles[i], &proxy, &trusted, text, n);
        char out[ADDRESS_TEXT];
        check(strlen(address_format(&client, out)) > 0);
        client = forwarded_client(styles[i], &stranger, &trusted, text, n);
        check(address_equal(&client, &stranger));
    }
}

static void check_url(const char *text)
{
    struct http_policy policy = {0};
    CURLU *url = NULL;
    int done = http_url_check(&policy, text, &url);
    check(done == 0 || done == HTTP_REFUSED || done == E_INVALID);
    if (done == 0) {
        char *scheme = NULL, *host = NULL;
        check(curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK);
        check(strcmp(scheme, "https") == 0);
        check(curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK && host[0]);
        curl_free(scheme);
        curl_free(host);
    }
    curl_url_cleanup(url);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = feed_of(bytes, n);
    struct cidr_list list;
    struct arena a;
    arena_init(&a);
    const char *text = feed_text(&f, '\0', &a);
    check_address((const char *)bytes, n);
    check_forwarded((const char *)bytes, n);
    check_url(text);
    int done = cidr_list_parse(text, &list);
    check(done == 0 || done == E_CONFIG || done == E_FULL);
    arena_release(&a);
    return 0;
}
