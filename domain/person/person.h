/*
 * Citizens. What names a person (phone, name) is sealed under a key of their own, and those keys
 * live in a store of their own: erasing the key erases the person, also from old backups of the
 * data. A login finds the person by a keyed hash of the phone number.
 */
#pragma once

#include "base/crypto/keyring.h"
#include "domain/entity/entity.h"
#include "domain/identity/limit.h"
#include "store/store.h"

#define PERSON_NAME_MAX 200  /* bytes */
#define PERSON_PHONE_TEXT 17 /* "+" and 15 digits (E.164), and the NUL */

enum person_outcome {
    PERSON_ERASED = 321, /* the key is gone: nothing can be opened any more */
    OTP_WRONG = 322,     /* not the code */
    OTP_OVER = 323,      /* unknown, used, expired, or too many tries */
    OTP_LIMITED = 324,   /* a limit was reached; *ret_retry_ms */
    PHONE_INVALID = 325,
};

struct person {
    struct id id;                    /* v4; not a field */
    struct entity_bytes phone, name; /* sealed under the person's key */
    int64_t created_ms, seen_ms;
    int64_t level;        /* of identity: 0 phone */
    const char *language; /* "vi", "en": of notices */
    int64_t revision;
};
extern const struct entity person_entity;
extern const struct store_collection person_collection, login_collection, otp_collection;
extern const struct store_collection person_key_collection; /* of the key store */

/* What a person store needs: the data, the keys apart, the keyring that wraps them. */
struct people {
    struct store *store;
    struct store *keys;
    const struct keyring *keyring;
};

/* A Vietnamese mobile number as people write it (0912 345 678, +84…), or any E.164 number with its
 * country code; to "+84912345678". False if it cannot be one. */
bool phone_parse(const char *text, char ret[PERSON_PHONE_TEXT]);

/* The person who signs in with a number; made if it is the first time. */
int person_of_phone(const struct people *p, const char *phone, const char *language, int64_t now_ms,
                    struct arena *a, struct person *ret);
int person_get(const struct people *p, const struct id *id, struct arena *a, struct person *ret);
/* Opened texts in the arena; *ret NULL where none is stored. 0, PERSON_ERASED. */
int person_phone(const struct people *p, const struct person *person, struct arena *a,
                 const char **ret);
int person_name(const struct people *p, const struct person *person, struct arena *a,
                const char **ret);
/* name NULL: unchanged; "" removes it. language likewise. STORE_REVISED under If-Match. */
int person_rename(const struct people *p, const struct id *id, const char *name,
                  const char *language, int64_t if_revision, struct arena *a, struct person *ret);

/* --- one-time codes (NIST SP 800-63B §5.1.3) -------------------------------------------------- */

struct otp_settings {
    int64_t life_ms; /* 5 minutes */
    int64_t tries;   /* 5 */
    struct limit_rule number_hour, number_day, device_hour, address_hour, all_day;
};
extern const struct otp_settings otp_settings_default;

struct otp_request {
    const char *phone;   /* parsed */
    const char *device;  /* what the app says it is, or NULL */
    const char *address; /* key of the client's address (base/net/address.h) */
};
/* Makes a challenge and its code (6 digits), to be sent by SMS. 0 or OTP_LIMITED. */
int otp_begin(const struct people *p, const struct otp_settings *set, const struct otp_request *r,
              int64_t now_ms, struct id *ret_challenge, char ret_code[7], int64_t *ret_retry_ms);
/* One try. 0: right, used up, and ret_phone is the number it proves. OTP_WRONG, OTP_OVER. */
int otp_check(const struct people *p, const struct otp_settings *set, const struct id *challenge,
              const char *code, int64_t now_ms, char ret_phone[PERSON_PHONE_TEXT]);
