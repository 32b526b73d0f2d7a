/*
 * Citizens. What names a person (phone, name, card number, birth) is sealed under a key of their
 * own, and those keys live in a store of their own: erasing the key erases the person, also from
 * old backups of the data. A login finds the person by a keyed hash of the phone or card number.
 *
 * A person is known by a card number (an e-ID sign-in), by a phone number, or not yet: who files
 * before a code has arrived is *unproven* until it is checked (sign_in.h). Two documents that turn
 * out to be one person are merged: the one without a card names the other in `merged_into`, and
 * what it owns follows (merge.h).
 */
#pragma once

#include "base/crypto/keyring.h"
#include "domain/entity/entity.h"
#include "domain/identity/limit.h"
#include "store/store.h"

#define PERSON_NAME_MAX 240  /* bytes: 60 characters, 4 at most each */
#define PERSON_PHONE_TEXT 17 /* "+" and 15 digits (E.164), and the NUL */

enum person_outcome {
    PERSON_ERASED = 321, /* the key is gone: nothing can be opened any more */
    OTP_WRONG = 322,     /* not the code */
    OTP_OVER = 323,      /* unknown, used, expired, or too many tries */
    OTP_LIMITED = 324,   /* a limit was reached; *ret_retry_ms */
    PHONE_INVALID = 325,
    PERSON_OTHER = 326, /* the card is another person's than who asks */
};

/* Of a person: the highest ever shown. Of a session: what its own sign-in has shown. */
enum identity_level {
    LEVEL_UNPROVEN = -1, /* nothing yet: a code is on its way */
    LEVEL_PHONE = 0,
    LEVEL_ONE = 1, /* e-ID, NĐ 69/2024 */
    LEVEL_TWO = 2,
};

/* A device on which a person signed in: the keyed hash of an id that the app keeps. */
struct person_device {
    struct id id;
    int64_t seen_ms;
};
#define PERSON_DEVICES_MAX 8 /* the longest unseen make room */

struct person {
    struct id id;                    /* v4; not a field */
    struct entity_bytes phone, name; /* sealed under the person's key */
    struct entity_bytes card, birth; /* so too; birth is "1990" or "1990-05-17" */
    struct entity_bytes passport;    /* so too: "AUS N1234567" (passport.h); found by it at desks */
    int64_t created_ms, seen_ms;
    int64_t level;              /* enum identity_level */
    int64_t eid_ms;             /* last signed in by e-ID; 0 never */
    const char *language;       /* "vi", "en": of notices */
    struct entity_list devices; /* struct person_device */
    struct id merged_into;      /* who this is too; nil: nobody else */
    int64_t merging_ms;         /* since when what is theirs is being moved or filed; 0 done */
    int64_t expires_ms;         /* unproven: removed after; 0 never */
    int64_t revision;
};
extern const struct entity person_entity, login_entity;
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

/* The person of a number; made if there is none. For data that is made up: sign_in.h is the door.
 */
int person_of_phone(const struct people *p, const char *phone, const char *language, int64_t now_ms,
                    struct arena *a, struct person *ret);
/* The person of an id, or whom they were merged into: ret->id says who it is. STORE_ABSENT. */
int person_get(const struct people *p, const struct id *id, struct arena *a, struct person *ret);
/* Exactly the document of that id. */
int person_read(const struct people *p, const struct id *id, struct arena *a, struct person *ret);
/* Opened texts in the arena; *ret NULL where none is stored. 0, PERSON_ERASED. */
int person_phone(const struct people *p, const struct person *person, struct arena *a,
                 const char **ret);
int person_name(const struct people *p, const struct person *person, struct arena *a,
                const char **ret);
int person_card(const struct people *p, const struct person *person, struct arena *a,
                const char **ret);
int person_passport(const struct people *p, const struct person *person, struct arena *a,
                    const char **ret);
int person_birth(const struct people *p, const struct person *person, struct arena *a,
                 const char **ret);
/* Several of them, by one look for the key. */
struct person_texts {
    const char *name, *card, *birth, *phone;
};
int person_texts(const struct people *p, const struct person *person, struct arena *a,
                 struct person_texts *ret);
/*
 * The keyed hashes by which the person can be found from outside: of their card, and of their phone
 * number as long as it opens their account. At most PERSON_CONTACTS_MAX.
 */
#define PERSON_CONTACTS_MAX 2
int person_contacts(const struct people *p, const struct person *person, struct arena *a,
                    struct id ret[PERSON_CONTACTS_MAX], size_t *ret_n);
/* The hash of a number that somebody names: of a phone (parsed), of a card (checked). */
struct id person_contact_of_phone(const struct people *p, const char *phone);
struct id person_contact_of_card(const struct people *p, const char *card);
/* Whom such a hash finds; STORE_ABSENT. */
int person_of_contact(const struct people *p, const struct id *contact, struct arena *a,
                      struct person *ret);
/* name NULL: unchanged; "" removes it. language likewise. STORE_REVISED under If-Match. */
int person_rename(const struct people *p, const struct id *id, const char *name,
                  const char *language, int64_t if_revision, struct arena *a, struct person *ret);

/* --- the end of a person (domain/erasure/) -----------------------------------------------------
 */

/* Their number and card find nobody any more, or whoever came with them since. Before the key goes:
 * without it nobody knows what found them. Repeating is harmless. */
int person_erase_logins(const struct people *p, const struct id *id, struct arena *a);
/* Who turned out to be this person; a page of them. */
int person_merged(const struct people *p, const struct id *id, struct arena *a, struct id **ret,
                  size_t *ret_n);
/* The document, then the key: nothing that was sealed for them is opened again. */
int person_erase(const struct people *p, const struct id *id);

/* --- one-time codes (NIST SP 800-63B §5.1.3) -------------------------------------------------- */

struct otp_settings {
    int64_t life_ms; /* 5 minutes */
    int64_t tries;   /* 5 */
    struct limit_rule number_hour, number_day, device_hour, address_hour, all_day;
    struct limit_rule prefix_day; /* of one prefix abroad: paid numbers are asked for in runs */
};
extern const struct otp_settings otp_settings_default;

struct otp_request {
    const char *phone;   /* parsed */
    const char *device;  /* what the app says it is, or NULL */
    const char *address; /* key of the client's address (base/net/address.h) */
    struct id unproven;  /* who filed already and is to be proven by this code; nil nobody */
    struct id desk; /* the official whom the code is told at a desk; nil: it is for signing in */
};
/* Makes a challenge and its code (6 digits), to be sent by SMS. 0 or OTP_LIMITED. */
int otp_begin(const struct people *p, const struct otp_settings *set, const struct otp_request *r,
              int64_t now_ms, struct id *ret_challenge, char ret_code[7], int64_t *ret_retry_ms);
struct otp_proof {
    char phone[PERSON_PHONE_TEXT];
    struct id device;   /* keyed hash of otp_request.device; nil without one */
    struct id unproven; /* otp_request.unproven */
};
/* One try. 0: right, used up, and *ret is what it proves. OTP_WRONG, OTP_OVER. */
int otp_check(const struct people *p, const struct otp_settings *set, const struct id *challenge,
              const char *code, int64_t now_ms, struct otp_proof *ret);
/* The same of one that was made for this official: a code that is told to somebody signs nobody in,
 * and one for signing in is worth nothing at a desk. */
int otp_check_at_desk(const struct people *p, const struct otp_settings *set,
                      const struct id *challenge, const struct id *desk, const char *code,
                      int64_t now_ms, struct otp_proof *ret);
/* The keyed hash of an id that an app keeps; nil for NULL and "". */
struct id person_device_id(const struct people *p, const char *device);
