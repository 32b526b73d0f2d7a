/*
 * Looks: every time an official is shown what is a person's alone (name and phone of a reporter, an
 * account found by its card, an original photo, an export or a proof), one record says who looked,
 * at whom, at what, why and by which route. It is written before the data is answered: what cannot
 * be recorded is not shown. Law 91/2025/QH15 and NĐ 356/2025 (access to personal data is
 * accounted for), NĐ 85/2016 (logs of information systems are kept).
 *
 * Records stand in one chain for each agency, numbered from 1: the id of a record is derived from
 * agency and number, so that no two records can take one place, on any store and any number of
 * nodes. A record holds
 *
 *   told    SHA-256 of: salt (16) | id of the person looked at (16) | reason
 *   digest  SHA-256 of the encoding "tram-look-1": its name with its NUL | digest of the record
 *           before (32, zero for the first) | seq (8, big-endian) | at_ms (8) | staff (16) | then
 *           agency, office, title, role, number, route, each as length (4) and bytes | count of
 *           `what` (4) and each as length and bytes | told (32)
 *   tag     of the digest under KEY_LOOK: who has the store alone cannot write a chain anew
 *
 * Nothing removes a record, and what the digest covers is never changed. A person who is erased is
 * taken out by emptying person, whom, reason and salt: the chain still holds and names nobody. One
 * who turned out to be another gets the other's id in `person`; `whom` stays.
 * That the newest records were cut off the chain itself cannot say; a head that was noted elsewhere
 * can (struct look_anchor).
 */
#pragma once

#include "base/cleanup.h"
#include "base/crypto/keyring.h"
#include "domain/entity/entity.h"
#include "store/store.h"

#define LOOK_WHAT_MAX 8
#define LOOK_REASON_MAX 2000 /* bytes: 500 characters */
#define LOOK_FAULTS_MAX 20   /* kept of one chain */

/* What can be looked at: a mask. The names are stored and shown. */
enum look_what {
    LOOK_NAME = 1 << 0,
    LOOK_PHONE = 1 << 1,
    LOOK_CARD = 1 << 2,         /* an account found by its card number */
    LOOK_ORIGINAL = 1 << 3,     /* a photo or paper as it was sent */
    LOOK_ORGANISATION = 1 << 4, /* an organisation's member data */
    LOOK_EXPORT = 1 << 5,
    LOOK_CONSENT = 1 << 6, /* the proof of a consent */
    LOOK_DOCUMENT =
        1 << 7, /* a paper of the document store: what stands on it, or that it is there */
};

struct look {
    struct id id;       /* of agency and seq; not a field */
    const char *agency; /* whose chain */
    int64_t seq, at_ms, day;
    struct id staff;
    const char *office, *title, *role; /* as they were then */
    struct id person;                  /* whose data; nil once erased */
    struct id whom;                    /* the same as it was then */
    struct text_words what;
    const char *number; /* of the case, or NULL */
    const char *reason; /* or NULL */
    const char *route;  /* operation: "reportReveal" */
    struct entity_bytes salt, told, digest, tag;
};
extern const struct entity look_entity;
extern const struct store_collection look_collection;

/* What the caller knows; everything is borrowed. */
struct look_draft {
    const char *agency, *office, *title, *role;
    struct id staff, person;
    unsigned what;
    const char *number, *reason, *route;
};

/* Appends one. 0 and *ret (borrows the draft's texts), or a failure: then nothing may be shown.
 * E_BUSY when too many append to the chain at once. */
int look_add(struct store *s, const struct keyring *keys, const struct look_draft *draft,
             int64_t now_ms, struct arena *a, struct look *ret);
int look_decode(const bson_t *doc, struct arena *a, struct look *ret);
/* The words for a value of `what`; the name itself if it is not known. */
const char *look_what_label(const char *name, int language);

/* A mover of person_merge. */
int look_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
               bool *ret_more);
/* Takes an erased person out of at most a page of records; *ret_more: there are more. */
int look_forget(struct store *s, const struct id *person, struct arena *a, bool *ret_more);

/* --- proof ------------------------------------------------------------------------------------ */

enum look_fault_kind {
    LOOK_MISSING = 1, /* a number that is not there */
    LOOK_ALTERED,     /* the digest is not of what is there, or does not follow */
    LOOK_FORGED,      /* the tag was not made by this program's keys */
    LOOK_RETOLD,      /* person or reason are not those that were recorded */
    LOOK_CUT,         /* an anchor's record is not there, or another is */
};
extern const struct entity_name look_faults[];

struct look_fault {
    int64_t seq;
    int kind;
};

/* A record whose digest was noted before. */
struct look_anchor {
    int64_t seq;
    uint8_t digest[32];
};

struct look_chain {
    int64_t records, erased, first_ms, last_ms;
    int64_t head; /* seq of the newest */
    uint8_t digest[32];
    struct look_fault faults[LOOK_FAULTS_MAX];
    int64_t n_faults; /* may be more than are kept */
};

/*
 * Whether `was` has become `is`: a merge. NULL: nobody has. go_on false: the check ends with
 * E_UNAVAILABLE.
 */
struct look_judge {
    bool (*same)(void *ctx, const struct id *was, const struct id *is);
    bool (*go_on)(void *ctx, int64_t looked);
    void *ctx;
};

/* Checks the chain of an agency from its first record on. Faults are in *ret; 0, E_*. */
int look_check(struct store *s, const struct keyring *keys, const char *agency,
               const struct look_anchor *anchor, const struct look_judge *judge,
               struct look_chain *ret);
/* The agencies that have a chain, and how many records; in the arena. */
struct look_count {
    const char *agency;
    int64_t records;
};
int look_chains(struct store *s, struct arena *a, struct look_count **ret, size_t *ret_n);
