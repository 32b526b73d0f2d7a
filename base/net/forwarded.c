#include "base/net/forwarded.h"

#include <string.h>
#include <strings.h>

struct slice {
    const char *at;
    size_t n;
};

static struct slice trim(struct slice s)
{
    while (s.n > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
        s.at++, s.n--;
    while (s.n > 0 && (s.at[s.n - 1] == ' ' || s.at[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* A port after an address is of no interest, but what stands there must be one. */
static bool is_port(const char *text, size_t n)
{
    if (n < 2 || n > 6 || text[0] != ':')
        return false;
    for (size_t i = 1; i < n; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

/* address, address:port (IPv4), [address], [address]:port. */
static bool parse_node(struct slice s, struct address *ret)
{
    const char *end;

    if (s.n > 0 && s.at[0] == '[') {
        end = memchr(s.at, ']', s.n);
        return end && address_parse(s.at + 1, (size_t)(end - s.at) - 1, ret) &&
               (end + 1 == s.at + s.n || is_port(end + 1, (size_t)(s.at + s.n - end) - 1));
    }
    if (address_parse(s.at, s.n, ret))
        return true;
    end = memchr(s.at, ':', s.n);
    return end && is_port(end, (size_t)(s.at + s.n - end)) &&
           address_parse(s.at, (size_t)(end - s.at), ret) && !ret->v6;
}

/*
 * Takes the part after the last separator outside quotes off *s; false when nothing is left. Quotes
 * are paired from the right: a stranger's open quote on the left cannot swallow what a proxy added.
 */
static bool take_last(struct slice *s, char separator, struct slice *ret)
{
    size_t start = s->n;
    bool quoted = false;

    if (!s->at)
        return false;
    for (; start > 0; start--) {
        char c = s->at[start - 1];

        if (c == '"')
            quoted = !quoted;
        else if (c == separator && !quoted)
            break;
    }
    *ret = trim((struct slice){s->at + start, s->n - start});
    if (start == 0)
        s->at = NULL;
    else
        s->n = start - 1;
    return true;
}

/* The value of `for` in one element of Forwarded, RFC 7239 §4. */
static bool find_for(struct slice element, struct slice *ret)
{
    struct slice pair;

    while (take_last(&element, ';', &pair)) {
        if (pair.n < 4 || strncasecmp(pair.at, "for=", 4) != 0)
            continue;
        *ret = (struct slice){pair.at + 4, pair.n - 4};
        if (ret->n >= 2 && ret->at[0] == '"' && ret->at[ret->n - 1] == '"')
            *ret = (struct slice){ret->at + 1, ret->n - 2};
        return true;
    }
    return false;
}

struct address forwarded_client(enum forwarded_style style, const struct address *peer,
                                const struct cidr_list *trusted, const char *header, size_t n)
{
    struct address hop = *peer;
    struct slice left = {style == FORWARDED_NONE ? NULL : header, n}, element, node;

    while (cidr_list_holds(trusted, &hop) && take_last(&left, ',', &element)) {
        struct address before;

        node = element;
        if (style == FORWARDED_RFC7239 && !find_for(element, &node))
            break;
        if (!parse_node(node, &before))
            break;
        hop = before;
    }
    return hop;
}
