#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/net/address.h"
#include "base/result.h"

static struct address parse(const char *text)
{
    struct address a;

    assert_true(address_parse(text, strlen(text), &a));
    return a;
}

static void texts(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::FFFF:c000:201", "192.0.2.1"},
        {"::", "::"},
    };
    static const char *const bad[] = {
        "",      "1.2.3", "1.2.3.4.5",  "256.1.1.1", "0x7f.1",   "1.2.3.4 ", "2130706433",
        "127.1", "[::1]", "fe80::1%lo", "::1::",     "1.2.3.04", "12345::"};
    char text[ADDRESS_TEXT];
    struct address a;

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        a = parse(pairs[i][0]);
        assert_string_equal(address_format(&a, text), pairs[i][1]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(address_parse(bad[i], strlen(bad[i]), &a));
    assert_false(address_parse("1.2.3.4\0", 8, &a));
}

static void from_sockets(void **state)
{
    (void)state;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xc0000201)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    struct sockaddr other = {.sa_family = AF_UNIX};
    struct address a, expected = parse("192.0.2.1");

    assert_true(address_from_sockaddr((struct sockaddr *)&v4, &a));
    assert_true(address_equal(&a, &expected));
    inet_pton(AF_INET6, "::ffff:192.0.2.1", &v6.sin6_addr);
    assert_true(address_from_sockaddr((struct sockaddr *)&v6, &a));
    assert_true(address_equal(&a, &expected));
    assert_false(address_from_sockaddr(&other, &a));
}

static void classes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum address_class class;
    } cases[] = {
        {"8.8.8.8", ADDRESS_PUBLIC},
        {"172.15.255.255", ADDRESS_PUBLIC},
        {"172.32.0.0", ADDRESS_PUBLIC},
        {"100.63.255.255", ADDRESS_PUBLIC},
        {"223.255.255.255", ADDRESS_PUBLIC},
        {"2606:4700::1111", ADDRESS_PUBLIC},
        {"2001:4860::8888", ADDRESS_PUBLIC},
        {"64:ff9b::808:808", ADDRESS_PUBLIC},
        {"2002:808:808::1", ADDRESS_PUBLIC},
        {"0.0.0.0", ADDRESS_RESERVED},
        {"10.1.2.3", ADDRESS_PRIVATE},
        {"100.64.0.1", ADDRESS_PRIVATE},
        {"127.255.255.255", ADDRESS_LOOPBACK},
        {"169.254.169.254", ADDRESS_LINK_LOCAL},
        {"172.31.255.255", ADDRESS_PRIVATE},
        {"192.0.0.8", ADDRESS_RESERVED},
        {"192.0.2.1", ADDRESS_DOCUMENTATION},
        {"192.88.99.1", ADDRESS_RESERVED},
        {"192.168.0.1", ADDRESS_PRIVATE},
        {"198.19.0.1", ADDRESS_RESERVED},
        {"198.51.100.1", ADDRESS_DOCUMENTATION},
        {"203.0.113.1", ADDRESS_DOCUMENTATION},
        {"239.1.1.1", ADDRESS_MULTICAST},
        {"240.0.0.1", ADDRESS_RESERVED},
        {"255.255.255.255", ADDRESS_RESERVED},
        {"::", ADDRESS_RESERVED},
        {"::1", ADDRESS_LOOPBACK},
        {"::127.0.0.1", ADDRESS_RESERVED}, /* IPv4-compatible, deprecated */
        {"::ffff:127.0.0.1", ADDRESS_LOOPBACK},
        {"::ffff:10.0.0.1", ADDRESS_PRIVATE},
        {"64:ff9b::7f00:1", ADDRESS_LOOPBACK},
        {"64:ff9b::a9fe:a9fe", ADDRESS_LINK_LOCAL},
        {"64:ff9b:1::808:808", ADDRESS_PRIVATE},
        {"64:ff9b:2::1", ADDRESS_RESERVED},
        {"100::1", ADDRESS_RESERVED},
        {"2001::1", ADDRESS_RESERVED}, /* Teredo */
        {"2001:db8::1", ADDRESS_DOCUMENTATION},
        {"2002:7f00:1::", ADDRESS_LOOPBACK},
        {"2002:a00:1::1", ADDRESS_PRIVATE},
        {"3fff::1", ADDRESS_DOCUMENTATION},
        {"4000::1", ADDRESS_RESERVED},
        {"5f00::1", ADDRESS_RESERVED},
        {"fd12::1", ADDRESS_PRIVATE},
        {"fe80::1", ADDRESS_LINK_LOCAL},
        {"fec0::1", ADDRESS_PRIVATE},
        {"ff02::1", ADDRESS_MULTICAST},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct address a = parse(cases[i].text);

        if (address_class(&a) != cases[i].class)
            fail_msg("%s: class %d", cases[i].text, address_class(&a));
    }
}

static void visitors(void **state)
{
    (void)state;
    struct address a = parse("2001:4860:1:2:3:4:5:6"), b = parse("2001:4860:1:2::");
    struct address c = parse("8.8.8.8"), visitor = address_visitor(&a);

    assert_true(address_equal(&visitor, &b));
    visitor = address_visitor(&c);
    assert_true(address_equal(&visitor, &c));
}

static void networks(void **state)
{
    (void)state;
    static const struct {
        const char *net, *address;
        bool held;
    } cases[] = {
        {"10.0.0.0/8", "10.255.0.1", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "::1", true},
        {"::/0", "8.8.8.8", false},
        {"192.0.2.7", "192.0.2.7", true},
        {"192.0.2.7", "192.0.2.6", false},
        {"192.0.2.128/25", "192.0.2.200", true},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"127.0.0.0/8", "::ffff:127.0.0.1", true},
    };
    static const char *const bad[] = {"10.0.0.1/8", "10.0.0.0/33",  "::/129",
                                      "10.0.0.0/",  "10.0.0.0/08",  "10.0.0.0/-1",
                                      "x/8",        "10.0.0.0/8/8", ""};
    struct cidr net;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct address a = parse(cases[i].address);

        assert_true(cidr_parse(cases[i].net, strlen(cases[i].net), &net));
        assert_int_equal(cidr_holds(&net, &a), cases[i].held);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(cidr_parse(bad[i], strlen(bad[i]), &net));
}

static void lists(void **state)
{
    (void)state;
    struct cidr_list list;
    struct address in = parse("::1"), out = parse("10.0.0.1");
    char many[CIDR_LIST_MAX * 8 + 16] = "";

    assert_int_equal(cidr_list_parse("", &list), 0);
    assert_int_equal(list.n, 0);
    assert_false(cidr_list_holds(&list, &in));
    assert_int_equal(cidr_list_parse(" 127.0.0.0/8, ::1\t192.168.0.0/16,", &list), 0);
    assert_int_equal(list.n, 3);
    assert_true(cidr_list_holds(&list, &in));
    assert_false(cidr_list_holds(&list, &out));
    assert_int_equal(cidr_list_parse("127.0.0.0/8 ten", &list), E_CONFIG);
    for (int i = 0; i < CIDR_LIST_MAX; i++)
        strcat(many, "1.1.1.1,");
    assert_int_equal(cidr_list_parse(many, &list), 0);
    strcat(many, "1.1.1.1");
    assert_int_equal(cidr_list_parse(many, &list), E_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),    cmocka_unit_test(from_sockets), cmocka_unit_test(classes),
        cmocka_unit_test(visitors), cmocka_unit_test(networks),     cmocka_unit_test(lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
