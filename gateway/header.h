/* What header fields say (RFC 9110), as pure functions. NULL stands for an absent field. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gateway/problem.h"

/* Accept-Language: vi unless English is preferred. */
enum language header_language(const char *accept_language);

/* Accept-Encoding: whether a coding may be sent; "*" and q-values count (§12.5.3). */
bool header_accepts(const char *accept_encoding, const char *coding);

/* Accept: whether `type` is wanted more than `other` (§12.5.1); of equals `other` is. */
bool header_prefers(const char *accept, const char *type, const char *other);

/* If-None-Match: whether the list holds the entity tag, compared weakly (§8.8.3.2), or is "*". */
bool header_etag_listed(const char *list, const char *etag);

/* Whether If-Match lets a request be: there is none, or it names the tag, which is then no weak one
 * (RFC 9110 §13.1.1). */
bool header_if_match(const char *if_match, const char *etag);

/* If-Range: whether a range may be sent; only the same strong entity tag allows it (§13.1.5). */
bool header_if_range(const char *if_range, const char *etag);

enum range_outcome {
    RANGE_WHOLE = 0, /* none asked for, several, or not understood: the whole is sent (§14.2) */
    RANGE_PART = 1,
    RANGE_OUTSIDE = 2, /* 416 */
};
/* Range: one range of bytes, also "-500" for the last ones; [*ret_from, *ret_end). */
enum range_outcome header_range(const char *range, int64_t size, int64_t *ret_from,
                                int64_t *ret_end);

/* traceparent (W3C Trace Context 1): its trace id into out[33]; false if it is not one. */
bool header_trace_id(const char *traceparent, char *out);

/* A host with or without a port, as it may stand in a URL that we write. */
bool header_authority_sound(const char *authority);

/* A media type without regard to case and parameters. */
bool header_type_is(const char *content_type, const char *wanted);

/* "Bearer <token>": the token; NULL if it is another scheme or empty. */
const char *header_bearer(const char *authorization);

/* Idempotency-Key: 8 to 64 of A-Z a-z 0-9 _ -. */
bool header_key_sound(const char *key);
