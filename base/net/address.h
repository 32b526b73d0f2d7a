/*
 * Internet addresses as values. An IPv4 address has one form: the mapped one (::ffff:a.b.c.d) is
 * taken for what it carries. Unused bytes are zero, so values compare with memcmp. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

#define ADDRESS_TEXT 46

struct address {
    uint8_t v6;        /* 1: bytes[16]; 0: bytes[4] */
    uint8_t bytes[16]; /* network order */
};

/* Dotted IPv4 (four decimal parts) or IPv6, n characters, without port, brackets or zone. */
bool address_parse(const char *text, size_t n, struct address *ret);
/* False unless AF_INET or AF_INET6. */
bool address_from_sockaddr(const struct sockaddr *sa, struct address *ret);
/* RFC 5952 text into out[ADDRESS_TEXT]; returns out. */
char *address_format(const struct address *a, char *out);
bool address_equal(const struct address *a, const struct address *b);

/*
 * What an address is for (IANA special-purpose registries, RFC 6890). An IPv6 address that carries
 * an IPv4 one (NAT64 64:ff9b::/96, 6to4 2002::/16) is of the class of what it carries.
 */
enum address_class {
    ADDRESS_PUBLIC, /* global unicast: the only class that strangers may have us call */
    ADDRESS_LOOPBACK,
    ADDRESS_PRIVATE, /* RFC 1918, shared 100.64/10, unique local, site-local, local NAT64 */
    ADDRESS_LINK_LOCAL,
    ADDRESS_MULTICAST,
    ADDRESS_DOCUMENTATION,
    ADDRESS_RESERVED, /* unspecified, broadcast, benchmarking, tunnels, everything unassigned */
};
enum address_class address_class(const struct address *a);

/* What is counted as one visitor: IPv4 whole, IPv6 by its /64. */
struct address address_visitor(const struct address *a);

/* A network, "10.0.0.0/8" or a single address. Bits beyond the prefix must be zero. */
struct cidr {
    struct address base;
    uint8_t bits;
};
bool cidr_parse(const char *text, size_t n, struct cidr *ret);
bool cidr_holds(const struct cidr *net, const struct address *a);

#define CIDR_LIST_MAX 64
struct cidr_list {
    struct cidr items[CIDR_LIST_MAX];
    size_t n;
};
/* Separated by commas or white space; "" is an empty list. E_CONFIG if one is wrong, E_FULL. */
int cidr_list_parse(const char *text, struct cidr_list *ret);
bool cidr_list_holds(const struct cidr_list *list, const struct address *a);
