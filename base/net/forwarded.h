/*
 * Whose request a reverse proxy passes on: Forwarded (RFC 7239) or X-Forwarded-For. Anybody may
 * write these headers, so they are believed from the right only, hop by hop, as long as the hop
 * that wrote an element is a proxy we trust. Which of the two the proxy writes is configured: the
 * other one comes from strangers.
 */
#pragma once

#include <stddef.h>

#include "base/net/address.h"

enum forwarded_style { FORWARDED_NONE, FORWARDED_RFC7239, FORWARDED_X };

/*
 * The rightmost address that is not of a trusted proxy: the peer, if it is not trusted itself. At
 * an element without an address (unknown, _hidden, malformed) the walk ends at the hop before it.
 * `header` is n bytes, several lines joined by commas; NULL if absent.
 */
struct address forwarded_client(enum forwarded_style style, const struct address *peer,
                                const struct cidr_list *trusted, const char *header, size_t n);
