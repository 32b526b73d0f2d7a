/*
 * Signing in with an electronic identity (VNeID, by configuration): this program as a client of one
 * OpenID Connect provider, by the authorization code flow. Nothing of a provider is written here:
 * where it is, how it signs and what it calls a card number are configuration (eid.*).
 *
 * A sign-in is a *flow*, a document that lives ten minutes and is used once:
 *
 *   phone                          this program                       provider
 *     begin  ------------------------> flow (a sealed seed)
 *            <-- flow, secret, URL ---
 *     opens the URL in the system's browser (RFC 8252) ----------------> who are you?
 *            <-- to the callback, or the app's claimed https link: code, state, iss --
 *     finish: flow, secret, code, state, iss -> checks -> code, verifier ->
 *                                                      <- ID token -------
 *            <-- tokens of our own ---
 *
 * From the seed (32 random bytes, sealed in the flow) four values are derived, so that none of them
 * tells another: state, nonce, PKCE verifier (S256), and the secret that only the device which
 * began the flow has. What they stand against, by RFC 9700 §4:
 *   4.1, 4.11  redirect addresses are exact and configured; the callback forwards only to the one
 *              that the flow was begun with, found by its state: there is no open redirect
 *   4.2, 4.3   a code in a referrer or history is of no use: single use, verifier and secret here
 *   4.4        mix-up: `iss` of the response is the configured issuer (RFC 9207), and is demanded
 *              where the provider promises it; one provider only; endpoints are never the client's
 *   4.5        code injection: PKCE, nonce, and the flow's secret
 *   4.7        forged requests: state and secret are of one flow, and a code is taken only from the
 *              device that began it. The code travels through the browser that signed in: whoever
 *              lures another into their flow gets nothing, for the code does not come to them
 *   4.8        downgrade: S256 always; a discovery document without it is refused
 *   4.12       303, never 307
 *   4.14       the provider's tokens are used for this one answer and kept nowhere
 * Replay: the flow is claimed in one write before the code leaves.
 */
#pragma once

#include "base/config.h"
#include "base/crypto/jws.h"
#include "base/crypto/keyring.h"
#include "base/net/http_client.h"
#include "domain/entity/entity.h"
#include "store/store.h"

extern const struct config_key eid_config[]; /* "eid.*" */

#define EID_FLOW_MS (INT64_C(10) * 60 * 1000)
#define EID_SECRET_TEXT 44 /* base64url of 32 bytes, and the NUL */
#define EID_STATE_TEXT 65  /* of 48 */
#define EID_CODE_MAX 2048
#define EID_REDIRECTS_MAX 8

enum eid_outcome {
    EID_NO_FLOW = 511, /* unknown, over, used, or not this device's */
    EID_REFUSED = 512, /* the provider refuses the code, or its answer is not what it must be */
    EID_AWAY = 513,    /* the provider does not answer, or not so that it can be used */
    EID_CARD = 514,    /* it vouches for nobody with a card number that can be one */
};

enum eid_client_auth { EID_SECRET_BASIC = 1, EID_PRIVATE_KEY };

/* What no two providers call alike: the claim's name, or a JSON Pointer ("/person/id"); "": none.
 */
struct eid_claim_names {
    const char *card, *name, *birth, *phone, *level;
};

struct eid_settings {
    bool on; /* eid.issuer is set */
    const char *issuer, *client_id, *client_kid, *scope, *acr;
    const char *authorization_url, *token_url, *keys_url, *userinfo_url; /* "": by discovery */
    const char *callback;         /* our own, as registered; "": the app's link is */
    struct config_list redirects; /* links that apps claim, exact */
    enum eid_client_auth auth;
    enum jws_algorithm algorithm; /* of ID tokens, pinned */
    bool response_iss, userinfo, http;
    int64_t skew_ms, timeout_ms, keys_ms, keys_pause_ms;
    struct eid_claim_names claims;
    struct config_list level_one, level_two; /* values of the level claim */
    int64_t level_otherwise;
};

/* Texts live as long as the configuration. E_CONFIG with words (static) in *ret_fault. */
int eid_settings_read(const struct config *c, bool demo, const char **ret_fault,
                      struct eid_settings *ret);
/* The policy of the HTTP client that the provider is called with. */
int eid_http_policy(const struct config *c, bool demo, const char **ret_fault,
                    struct http_policy *ret);

/* --- the provider ----------------------------------------------------------------------------- */

struct eid_provider; /* its endpoints and keys, as fetched; thread-safe */

/* Reads the client's secret. Nothing is fetched yet. `set` and `http` must outlive it. */
int eid_provider_new(const struct eid_settings *set, const struct config *c,
                     struct http_client *http, const char **ret_fault, struct eid_provider **ret);
void eid_provider_free(struct eid_provider *p);
const struct eid_settings *eid_provider_settings(const struct eid_provider *p);

/* The address that the system's browser is to open for a flow. 0, EID_AWAY. */
struct eid_flow;
int eid_authorization_url(struct eid_provider *p, const struct eid_flow *flow, const char *language,
                          struct arena *a, const char **ret);

/* Appends "name=value", percent-encoded, behind `join` ('?', '&', or 0 for nothing). */
void eid_add_pair(struct buf *out, char join, const char *name, const char *value);

/* `iss` of the authorization response (NULL: absent). 0, EID_REFUSED, EID_AWAY. */
int eid_check_issuer(struct eid_provider *p, const char *iss);

/* What the provider vouches for. Texts in the arena; NULL: it does not say. */
struct eid_identity {
    const char *card, *name, *phone;
    const char *birth; /* "1990" or "1990-05-17" */
    int64_t level;     /* 1, 2 */
};
/*
 * Exchanges a code and judges what comes: signature, iss, aud, azp, exp, nbf, iat, nonce; then the
 * claims, and the card's number. 0; EID_REFUSED, EID_CARD; EID_AWAY with *ret_sent: false if the
 * code did not leave, so that it may be tried again.
 */
int eid_exchange(struct eid_provider *p, const struct eid_flow *flow, const char *code,
                 int64_t now_ms, struct arena *a, struct eid_identity *ret, bool *ret_sent);

/* --- flows ------------------------------------------------------------------------------------ */

struct eid_flow {
    struct id id;      /* v4; not a field */
    struct id person;  /* whose session asked for it; nil: nobody's */
    struct id session; /* which */
    struct id device;  /* keyed hash of the device's id; nil without one */
    struct entity_bytes seed;
    const char *redirect;     /* where the app waits */
    const char *redirect_uri; /* what the provider is told: the callback, or the same */
    int64_t used_ms, expires_ms;
    /* derived, not fields */
    char state[EID_STATE_TEXT], nonce[EID_SECRET_TEXT], verifier[EID_SECRET_TEXT],
        secret[EID_SECRET_TEXT];
};
extern const struct store_collection eid_flow_collection;

/* Person, session, device and addresses are the caller's; the rest is made here. */
int eid_flow_begin(struct store *s, const struct keyring *k, int64_t now_ms, struct arena *a,
                   struct eid_flow *flow);
/* The open flow of a state. 0, EID_NO_FLOW. */
int eid_flow_of_state(struct store *s, const struct keyring *k, const char *state, int64_t now_ms,
                      struct arena *a, struct eid_flow *ret);
/* Uses the flow up, if secret and state are its own and `person` (nil: nobody) began it. */
int eid_flow_claim(struct store *s, const struct keyring *k, const struct id *id,
                   const char *secret, const char *state, const struct id *person, int64_t now_ms,
                   struct arena *a, struct eid_flow *ret);
/* Nothing left for the provider: the flow may be finished again. */
int eid_flow_release(struct store *s, const struct id *id);
