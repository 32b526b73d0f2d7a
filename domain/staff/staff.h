/*
 * Officials: accounts made by their agency's administrator or with tramctl, one role in one agency.
 * They sign in with a user name, a password (Argon2id) and a TOTP code (RFC 6238), of which a step
 * is taken once; or, without their phone, with one of ten recovery codes. How an account comes to
 * be, changes and ends is in account.h.
 */
#pragma once

#include "base/crypto/keyring.h"
#include "base/crypto/password.h"
#include "base/crypto/totp.h"
#include "domain/entity/entity.h"
#include "domain/staff/act.h"
#include "store/store.h"

#define STAFF_NAME_MAX 240 /* bytes: 60 characters, 4 at most each */
#define STAFF_USER_MAX 64
#define STAFF_TRIES_MAX 10 /* wrong sign-ins in a row, then a pause */
#define STAFF_PAUSE_MS (INT64_C(15) * 60 * 1000)
#define STAFF_RECOVERY_CODES 10
#define STAFF_CODE_TEXT 20 /* of a code, ABCD-EFGH-JKMN-PQRS, and the NUL */

enum staff_role { STAFF_DISPATCHER = 1, STAFF_OFFICER, STAFF_LEADER, STAFF_INSPECTOR, STAFF_ADMIN };
extern const struct entity_name staff_roles[];

enum staff_outcome {
    STAFF_WRONG = 331, /* no such account, wrong password or code: the same answer, the same time */
    STAFF_PAUSED = 332, /* too many wrong tries; *ret_retry_ms */
    STAFF_TAKEN = 333,  /* the user name exists */
};

/* What an activation code is good for. */
enum staff_activation {
    STAFF_ACTIVATE_ALL = 1, /* a password is chosen, and the authenticator set up */
    STAFF_ACTIVATE_TOTP,    /* the password stays and is asked for; the authenticator is new */
};
extern const struct entity_name staff_activations[];

/* Somebody asked that the account be opened anew; a second person has to agree. */
struct staff_reset {
    struct id id;
    int what; /* enum staff_activation */
    struct id by;
    const char *by_user;
    const char *reason;
    int64_t at_ms, until_ms;
};
extern const struct entity staff_reset_entity;

struct staff_recovery {
    struct entity_bytes hash; /* staff_code_hash */
};

struct staff {
    struct id id; /* derived from the user name; not a field */
    const char *user, *name;
    const char *title; /* "Chuyên viên": what citizens are told instead of the name */
    int role;
    const char *agency;
    const char *password;      /* PHC string; NULL: not chosen yet */
    struct entity_bytes totp;  /* sealed secret; empty: not set up */
    int64_t totp_step;         /* the last one used */
    struct entity_bytes phone; /* sealed by the keyring; for emergencies */
    bool active;
    int64_t wrong, paused_until_ms;
    int64_t created_ms, seen_ms, ended_ms, revision;
    int activation; /* enum staff_activation: a code for it is out; 0 none */
    struct entity_bytes activation_hash, totp_next;
    int64_t activation_until_ms;
    struct entity_list recovery; /* struct staff_recovery: those not used yet */
    struct staff_reset reset;    /* id nil: none was asked for */
    struct entity_list acts;     /* act.h */
    int64_t acts_ms;
    int64_t keys_since_ms; /* passkeys made before it are of who had the account before */
    struct id vouched_by; /* who last opened it for its owner, or gave it its role; nil: operator */
    int64_t vouched_ms;
};
extern const struct entity staff_entity;
extern const struct store_collection staff_collection;

struct id staff_id(const char *user);
int staff_get(struct store *s, const struct id *id, struct arena *a, struct staff *ret);

/* An account as administrators write it. phone and totp secret are plain here; NULL for none. */
struct staff_draft {
    const char *user, *name, *title, *agency, *password, *phone;
    int role;
    const uint8_t *totp;
    size_t n_totp;
};
/* 0, STAFF_TAKEN. */
int staff_create(struct store *s, const struct keyring *keys, const struct staff_draft *d,
                 int64_t now_ms, struct arena *a, struct staff *ret);
/* NULL or negative: unchanged. Disabling ends no session by itself: the caller does. */
struct staff_edit {
    const char *password;
    int64_t now_ms; /* with a password: passkeys made before it count no more */
    int active;     /* -1, 0, 1 */
};
int staff_change(struct store *s, const struct id *id, const struct staff_edit *edit,
                 struct arena *a, struct staff *ret);

/*
 * One sign-in; slow (Argon2): call it in the password lane. `code` is the TOTP code, or a recovery
 * code, which is used up; NULL if none was given. 0 and *ret, STAFF_WRONG or STAFF_PAUSED.
 */
int staff_sign_in(struct store *s, const struct keyring *keys, const char *user,
                  const char *password, const char *code, int64_t now_ms, struct arena *a,
                  struct staff *ret, int64_t *ret_retry_ms);

/* The password alone, of who has signed in before; slow. 0 and *ret, STAFF_WRONG or STAFF_PAUSED.
 */
int staff_unlock(struct store *s, const struct id *id, const char *password, int64_t now_ms,
                 struct arena *a, struct staff *ret, int64_t *ret_retry_ms);

/* Staff of an agency, for notices: those of a role (0: any) that are active. At most 200. */
int staff_of_agency(struct store *s, const char *agency, int role, struct arena *a,
                    struct staff **ret, size_t *ret_n);
int staff_phone(const struct keyring *keys, const struct staff *staff, struct arena *a,
                const char **ret);
/* The opened secret (wipe it); E_CORRUPT, also where none is set up. */
int staff_totp(const struct keyring *keys, const struct staff *staff, uint8_t ret[TOTP_SECRET]);
/* The same of the secret that an activation will set up. */
int staff_totp_next(const struct keyring *keys, const struct staff *staff,
                    uint8_t ret[TOTP_SECRET]);

/* 80 random bits as ABCD-EFGH-…; and what is kept of one, SHA-256 with the account's id. Case,
 * spaces and dashes of `code` do not count. */
char *staff_code_new(char out[STAFF_CODE_TEXT]);
struct entity_bytes staff_code_hash(const struct id *staff, const char *code, struct arena *a);
/* Seals for an account, in the arena: "staff.totp", "staff.totp_next", "staff.phone". */
int staff_seal(const struct keyring *keys, const char *what, const struct id *id, const void *bytes,
               size_t n, struct arena *a, struct entity_bytes *ret);
/* Passwords as they are kept; in the arena. */
int staff_password_hash(const char *password, struct arena *a, const char **ret);
