/* Shared by the files of this folder. */
#pragma once

#include <pthread.h>

#include "domain/eid/eid.h"

#define EID_URL_MAX 1024

/* As fetched by discovery, or configured. */
struct eid_endpoints {
    char authorization[EID_URL_MAX], token[EID_URL_MAX], keys[EID_URL_MAX], userinfo[EID_URL_MAX];
    bool response_iss; /* the provider promises `iss` in its responses */
};

/* Something fetched now and then: one thread fetches at a time, failures are not repeated at once.
 */
struct eid_fetched {
    pthread_mutex_t lock; /* of who fetches */
    int64_t done_ms;      /* monotonic; 0 never */
    int64_t tried_ms;     /* the last attempt; 0 never */
};

struct eid_provider {
    const struct eid_settings *set;
    struct http_client *http;
    struct buf secret;     /* the client's secret, or its private key in PEM */
    pthread_rwlock_t lock; /* of the two below */
    struct eid_endpoints endpoints;
    struct jwk_set keys;
    struct eid_fetched discovery, key_set;
};

/* The endpoints; fetched where discovery is used. 0, EID_AWAY, E_*. */
int eid_endpoints(struct eid_provider *p, struct eid_endpoints *ret);

/* One call. A reply of 200 with a JSON object: 0 and *ret (caller json_decref). EID_REFUSED for
 * 400 with "invalid_grant"; else EID_AWAY. ret_sent may be NULL. */
int eid_call(struct eid_provider *p, const struct http_request *request, json_t **ret,
             bool *ret_sent);

/* Verifies an ID token; fetches the keys when they are old or lack its kid. *ret: its claims,
 * caller json_decref. 0, EID_REFUSED, EID_AWAY. */
int eid_verify(struct eid_provider *p, const char *token, json_t **ret);

/* Claims that every ID token must have right (OpenID Connect Core §3.1.3.7). */
bool eid_token_sound(const struct eid_settings *set, const json_t *claims, const char *nonce,
                     int64_t now_ms);
/* The person in the claims; `more` are those of the userinfo endpoint, or NULL. 0, EID_CARD. */
int eid_identity_of(const struct eid_settings *set, const json_t *claims, const json_t *more,
                    int64_t now_ms, struct arena *a, struct eid_identity *ret);
