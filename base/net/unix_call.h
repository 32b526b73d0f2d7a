/*
 * A call over HTTP to a program on this machine, by the path of its socket: tramctl to tramd. Who
 * may call is for the socket's folder and the receiver (SO_PEERCRED) to say; none of
 * http_client.h's guards applies, since no address is involved. Thread-safe.
 */
#pragma once

#include "base/net/http_client.h"

/*
 * `path` begins with '/'; `body` is JSON, NULL for none. 0 and *ret (release it whatever is
 * returned); E_UNAVAILABLE: nobody listens there; E_TIMEOUT; E_UNKNOWN: sent, but no whole reply
 * came; E_INVALID for a malformed path, E_FULL for a reply past HTTP_REPLY_MAX, E_NOMEM.
 */
int unix_call(const char *socket, const char *method, const char *path, const void *body, size_t n,
              int64_t timeout_ms, struct http_reply *ret);
