#include "base/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/result.h"

/* --- one form --------------------------------------------------------------------------------- */

static struct address from_v4(const uint8_t *bytes)
{
    struct address a = {0};

    memcpy(a.bytes, bytes, 4);
    return a;
}

static struct address from_v6(const uint8_t *bytes)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct address a = {.v6 = 1};

    if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
        return from_v4(bytes + 12);
    memcpy(a.bytes, bytes, 16);
    return a;
}

bool address_parse(const char *text, size_t n, struct address *ret)
{
    char copy[ADDRESS_TEXT];
    uint8_t bytes[16];

    if (n >= sizeof(copy) || memchr(text, '\0', n))
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (inet_pton(AF_INET, copy, bytes) == 1)
        *ret = from_v4(bytes);
    else if (inet_pton(AF_INET6, copy, bytes) == 1)
        *ret = from_v6(bytes);
    else
        return false;
    return true;
}

bool address_from_sockaddr(const struct sockaddr *sa, struct address *ret)
{
    if (sa->sa_family == AF_INET)
        *ret = from_v4((const uint8_t *)&((const struct sockaddr_in *)(const void *)sa)->sin_addr);
    else if (sa->sa_family == AF_INET6)
        *ret =
            from_v6((const uint8_t *)&((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr);
    else
        return false;
    return true;
}

char *address_format(const struct address *a, char *out)
{
    inet_ntop(a->v6 ? AF_INET6 : AF_INET, a->bytes, out, ADDRESS_TEXT);
    return out;
}

bool address_equal(const struct address *a, const struct address *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

struct address address_visitor(const struct address *a)
{
    struct address visitor = *a;

    if (visitor.v6)
        memset(visitor.bytes + 8, 0, 8);
    return visitor;
}

/* --- networks --------------------------------------------------------------------------------- */

static unsigned width(const struct address *a)
{
    return a->v6 ? 128 : 32;
}

static struct address masked(const struct address *a, unsigned bits)
{
    struct address net = *a;

    for (unsigned i = 0; i < width(a) / 8; i++) {
        unsigned keep = bits > 8 * i ? bits - 8 * i : 0;

        if (keep < 8)
            net.bytes[i] &= (uint8_t)(0xff00 >> keep);
    }
    return net;
}

static bool parse_bits(const char *text, size_t n, unsigned max, uint8_t *ret)
{
    unsigned bits = 0;

    if (n == 0 || n > 3 || (n > 1 && text[0] == '0'))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        bits = 10 * bits + (unsigned)(text[i] - '0');
    }
    *ret = (uint8_t)bits;
    return bits <= max;
}

bool cidr_parse(const char *text, size_t n, struct cidr *ret)
{
    const char *slash = memchr(text, '/', n);
    size_t address_n = slash ? (size_t)(slash - text) : n;
    struct address net;

    if (!address_parse(text, address_n, &ret->base))
        return false;
    ret->bits = (uint8_t)width(&ret->base);
    if (slash && !parse_bits(slash + 1, n - address_n - 1, width(&ret->base), &ret->bits))
        return false;
    net = masked(&ret->base, ret->bits);
    return address_equal(&net, &ret->base);
}

bool cidr_holds(const struct cidr *net, const struct address *a)
{
    struct address base = masked(a, net->bits);

    return address_equal(&base, &net->base);
}

int cidr_list_parse(const char *text, struct cidr_list *ret)
{
    static const char separators[] = ", \t\r\n";

    ret->n = 0;
    for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
        size_t n = strcspn(text, separators);

        if (ret->n == CIDR_LIST_MAX)
            return E_FULL;
        if (!cidr_parse(text, n, &ret->items[ret->n]))
            return E_CONFIG;
        ret->n++;
        text += n;
    }
    return 0;
}

bool cidr_list_holds(const struct cidr_list *list, const struct address *a)
{
    for (size_t i = 0; i < list->n; i++)
        if (cidr_holds(&list->items[i], a))
            return true;
    return false;
}

/* --- classes ---------------------------------------------------------------------------------- */

struct special {
    uint8_t base[16];
    uint8_t bits;
    enum address_class class;
};

/* The first that matches; what matches none is public. */
static const struct special special_v4[] = {
    {{0}, 8, ADDRESS_RESERVED},
    {{10}, 8, ADDRESS_PRIVATE},
    {{100, 64}, 10, ADDRESS_PRIVATE},
    {{127}, 8, ADDRESS_LOOPBACK},
    {{169, 254}, 16, ADDRESS_LINK_LOCAL},
    {{172, 16}, 12, ADDRESS_PRIVATE},
    {{192, 0, 0}, 24, ADDRESS_RESERVED},
    {{192, 0, 2}, 24, ADDRESS_DOCUMENTATION},
    {{192, 88, 99}, 24, ADDRESS_RESERVED},
    {{192, 168}, 16, ADDRESS_PRIVATE},
    {{198, 18}, 15, ADDRESS_RESERVED},
    {{198, 51, 100}, 24, ADDRESS_DOCUMENTATION},
    {{203, 0, 113}, 24, ADDRESS_DOCUMENTATION},
    {{224}, 4, ADDRESS_MULTICAST},
    {{240}, 4, ADDRESS_RESERVED},
};

/* The first that matches; what matches none is reserved, since only 2000::/3 is assigned. */
static const struct special special_v6[] = {
    {{[15] = 1}, 128, ADDRESS_LOOPBACK},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, ADDRESS_PRIVATE},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_DOCUMENTATION},
    {{0x20, 0x01}, 23, ADDRESS_RESERVED}, /* protocols: Teredo, ORCHID, benchmarking */
    {{0x3f, 0xff}, 20, ADDRESS_DOCUMENTATION},
    {{0xfc}, 7, ADDRESS_PRIVATE},
    {{0xfe, 0x80}, 10, ADDRESS_LINK_LOCAL},
    {{0xfe, 0xc0}, 10, ADDRESS_PRIVATE},
    {{0xff}, 8, ADDRESS_MULTICAST},
    {{0x20}, 3, ADDRESS_PUBLIC},
};

static enum address_class look_up(const struct special *table, size_t n, const struct address *a,
                                  enum address_class otherwise)
{
    for (size_t i = 0; i < n; i++) {
        struct address base = masked(a, table[i].bits);

        if (memcmp(base.bytes, table[i].base, sizeof(base.bytes)) == 0)
            return table[i].class;
    }
    return otherwise;
}

static bool carried_v4(const struct address *a, struct address *ret)
{
    static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b}, six_to_four[2] = {0x20, 0x02};

    if (memcmp(a->bytes, nat64, sizeof(nat64)) == 0)
        *ret = from_v4(a->bytes + 12);
    else if (memcmp(a->bytes, six_to_four, sizeof(six_to_four)) == 0)
        *ret = from_v4(a->bytes + 2);
    else
        return false;
    return true;
}

enum address_class address_class(const struct address *a)
{
    struct address v4 = *a;

    if (!a->v6 || carried_v4(a, &v4))
        return look_up(special_v4, ARRAY_LEN(special_v4), &v4, ADDRESS_PUBLIC);
    return look_up(special_v6, ARRAY_LEN(special_v6), a, ADDRESS_RESERVED);
}
