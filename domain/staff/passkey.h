/*
 * Passkeys of officials (Web Authentication Level 2): a key pair in a phone, a computer or a stick,
 * which signs in without a password since it asks its owner for a finger, a face or a PIN itself.
 * base/crypto/webauthn.h judges what a browser brings; here is what is kept.
 *
 * A passkey's id is derived from its credential id, so that none can be two officials'. A flow is
 * one ceremony: a challenge that is used once, within five minutes, by who asked for it. Whoever
 * asks gets a ticket (the flow's id and a secret of which only a digest is stored), and a flow that
 * began in a session ends in that session alone.
 */
#pragma once

#include "base/config.h"
#include "base/crypto/keyring.h"
#include "base/crypto/webauthn.h"
#include "domain/staff/staff.h"

#define PASSKEYS_MAX 10 /* of one official */
#define PASSKEY_ORIGINS_MAX 8
#define PASSKEY_NAME_MAX 240 /* bytes: 60 characters */
#define PASSKEY_TRANSPORTS_MAX 8
#define PASSKEY_FLOW_MS (INT64_C(5) * 60 * 1000)
#define PASSKEY_TICKET_TEXT 65 /* base64url of 48 bytes, and the NUL */

enum passkey_outcome {
    PASSKEY_TAKEN = 591,   /* the credential is registered already */
    PASSKEY_FULL = 592,    /* PASSKEYS_MAX are there */
    PASSKEY_LAST = 593,    /* nothing would be left to sign in with */
    PASSKEY_NO_FLOW = 594, /* no such flow, over, used, or another's */
    PASSKEY_CLONED = 595,  /* its signature count went back: there are two of it */
};

struct passkey {
    struct id id; /* derived; not a field */
    struct id staff;
    struct entity_bytes credential, key, aaguid;
    int64_t algorithm; /* COSE, as enum webauthn_algorithm */
    int64_t sign_count;
    struct text_words transports; /* hints for the browser, as it gave them */
    const char *name;             /* given by its owner */
    const char *attestation;      /* format: "none", "packed" */
    bool backup_eligible;         /* may be on several devices */
    bool backed_up;
    int64_t created_ms, used_ms;
    int64_t suspect_ms; /* when its count went back */
    int64_t revision;
};
extern const struct entity passkey_entity;
extern const struct store_collection passkey_collection, passkey_flow_collection;

/* As configured: "passkey.*", and http.port, http.demo_port for what a demonstration falls back on.
 */
struct passkey_settings {
    bool on;
    struct webauthn_party party; /* origins in the arena */
    const char *name;
};
extern const struct config_key passkey_config[];
/* E_CONFIG with words (static) in *ret_fault. */
int passkey_settings_read(const struct config *c, bool demo, struct arena *a,
                          const char **ret_fault, struct passkey_settings *ret);

struct id passkey_id(const void *credential, size_t n);
/* What an authenticator keeps of whose key it is: 16 bytes that say nothing of the account. */
struct id passkey_user(const struct keyring *keys, const struct id *staff);
/* The account is open, and has not been given to somebody since the key was made. */
bool passkey_counts(const struct passkey *p, const struct staff *owner);
/* As webauthn_verify wants it; borrows. */
struct webauthn_credential passkey_credential(const struct passkey *p);

/* 0 and *ret, STORE_ABSENT. */
int passkey_get(struct store *s, const struct id *id, struct arena *a, struct passkey *ret);
/* Those of an official, oldest first; at most PASSKEYS_MAX. */
int passkey_list(struct store *s, const struct id *staff, struct arena *a, struct passkey **ret,
                 size_t *ret_n);
/* Keeps *p, whose id, created_ms and revision are set here. 0, PASSKEY_TAKEN, PASSKEY_FULL. */
int passkey_add(struct store *s, struct passkey *p, int64_t now_ms, struct arena *a);
/* 0 and *ret; STORE_ABSENT if it is not this official's. */
int passkey_rename(struct store *s, const struct id *id, const struct id *staff, const char *name,
                   struct arena *a, struct passkey *ret);
/* 0, STORE_ABSENT, PASSKEY_LAST. `owner` is the account as it is. */
int passkey_remove(struct store *s, const struct id *id, const struct id *owner_id,
                   const struct staff *owner, struct arena *a);
/* All of an official's, whose account was opened anew. */
int passkey_remove_all(struct store *s, const struct id *staff, struct arena *a);
/*
 * It was verified with this count. 0; PASSKEY_CLONED if the count does not go forward (then that is
 * noted in it, and nothing else), §7.2 step 21.
 */
int passkey_used(struct store *s, const struct id *id, uint32_t count, bool backed_up,
                 int64_t now_ms);

/* --- flows ------------------------------------------------------------------------------------ */

enum passkey_purpose { PASSKEY_REGISTER = 1, PASSKEY_SIGN_IN, PASSKEY_CONFIRM, PASSKEY_UNLOCK };

struct passkey_flow {
    struct id id;      /* not a field */
    int purpose;       /* enum passkey_purpose */
    struct id staff;   /* nil: whoever the key says */
    struct id session; /* nil: nobody was signed in */
    uint8_t challenge[WEBAUTHN_CHALLENGE];
    char ticket[PASSKEY_TICKET_TEXT]; /* of a flow that has just begun */
};

/* Purpose, staff and session are the caller's; the rest is made. */
int passkey_flow_begin(struct store *s, struct passkey_flow *flow, int64_t now_ms, struct arena *a);
/*
 * Uses a flow up. `session` nil: for who is not signed in. 0 and *ret, or PASSKEY_NO_FLOW; of two
 * who bring the same ticket one gets it. A ticket whose secret, purpose or session is wrong leaves
 * the flow to its owner.
 */
int passkey_flow_claim(struct store *s, const char *ticket, enum passkey_purpose purpose,
                       const struct id *session, int64_t now_ms, struct passkey_flow *ret);
