/*
 * Consents as a ledger (Law 91/2025, Articles 9 and 10; NĐ 356/2025): no consent by default, proof
 * of each, withdrawal at any time. Records are only ever added. Each says what one person said of
 * one purpose: yes, or no longer; under which wording, when, where and how. Who may use what asks
 * the ledger: it is the truth, and fields elsewhere (report.consent) follow it.
 *
 * The records of a person are a chain. Encoding 1, deterministic, of a record:
 *
 *   "tram-consent-1" NUL | digest of the record before (32, zero for the first)
 *   chain (16) | seq, at_ms, version (8 bytes big-endian each) | given: 1 or 0 (1)
 *   purpose, data, language, how, route, office: each length (4 bytes big-endian) and UTF-8
 *   subject (16) | session (16) | device (16) | officer (16) | words (32)
 *
 * `digest` is SHA-256 of that, `tag` a MAC over it under KEY_CONSENT: who has the store alone can
 * neither change nor invent a record. `owner` stands outside: it follows a person who turns out to
 * be another, and the chain stays what it was. That the newest records were not cut off is not said
 * by a chain itself; whoever noted its last digest can tell.
 */
#pragma once

#include "base/crypto/keyring.h"
#include "domain/entity/entity.h"
#include "store/store.h"

#define CONSENT_WORDS 32 /* SHA-256 of a wording */
#define CONSENT_TAG 36   /* MAC_TAG */

/* --- purposes and wordings: a shipped table (purposes.c) ----------------------------------------
 */

struct consent_wording {
    int64_t version;     /* from 1; the last of a purpose is in force */
    const char *text[2]; /* vi, en: what a person reads before they say yes */
};

struct consent_purpose {
    const char *code;     /* "report.contact" */
    const char *title[2]; /* vi, en */
    const char *data;     /* which data, codes: "name phone" */
    /* Of one thing each, "report" or "dossier", and stands under the wording of then; NULL: of the
     * person, and a new wording asks again. */
    const char *of;
    const struct consent_wording *wordings; /* ended by a version 0; never changed, only added to */
};
#define CONSENT_CONTACT "report.contact" /* of a report: its agency may see name and phone */
#define CONSENT_DOCUMENTS                                                                          \
    "dossier.documents" /* of a dossier: papers of the document store are used in it */
#define CONSENT_SMS "notices.sms"
#define CONSENT_PREFILL "eid.prefill"
extern const struct consent_purpose consent_purposes[]; /* ended by a NULL code */

const struct consent_purpose *consent_purpose_of(const char *code); /* NULL: none */
const struct consent_wording *consent_wording_now(const struct consent_purpose *p);
/* NULL: there was no such version. */
const struct consent_wording *consent_wording_of(const struct consent_purpose *p, int64_t version);
/* SHA-256 over title, text and data, each with a NUL behind, as shown in a language (0 vi, 1 en).
 */
void consent_words(const struct consent_purpose *p, const struct consent_wording *w, int language,
                   uint8_t ret[CONSENT_WORDS]);

/* --- the ledger ---------------------------------------------------------------------------------
 */

struct consent {
    struct id id;    /* v8 of chain and seq; not a field */
    struct id chain; /* the person who said it */
    struct id owner; /* whose it is now */
    int64_t seq;     /* from 1 */
    int64_t at_ms;   /* rises along a chain */
    bool given;      /* false: withdrawn */
    const char *purpose, *data;
    struct id subject; /* the report or dossier; nil: of the person */
    int64_t version;
    const char *language;      /* "vi", "en" */
    struct entity_bytes words; /* consent_words of what was shown */
    const char *how;           /* "app", "desk" */
    const char *route;         /* operation that said so; NULL by no request */
    struct id session, device; /* keyed hash of what the device calls itself */
    struct id officer;         /* at a desk: by whom */
    const char *office;        /* at a desk: code of the agency */
    struct entity_bytes digest, tag;
};
extern const struct entity consent_entity;
extern const struct store_collection consent_collection;

enum consent_outcome {
    CONSENT_STANDS = 331, /* that is what was said last: *ret says so, nothing was added */
    CONSENT_NEVER = 332,  /* nothing to withdraw */
    CONSENT_BROKEN = 333, /* consent_verify: a chain does not hold */
};

int consent_decode(const bson_t *doc, struct arena *a, struct consent *ret);

/*
 * Adds a record to the owner's chain. The struct's owner, given, purpose, subject, version,
 * language and how, route, session, device, officer, office are the caller's; all else is filled
 * in. `first`: only if nothing was ever said of that purpose and subject (a repeated filing does
 * not undo a withdrawal); otherwise CONSENT_STANDS with what was said last. 0, outcomes above, E_*.
 */
int consent_say(struct store *s, const struct keyring *k, struct consent *say, bool first,
                int64_t now_ms, struct arena *a, struct consent *ret);

/*
 * The same for many, each only if nothing was ever said of its purpose and subject; they may share
 * a commit. Outcomes as consent_say's.
 */
struct consent_saying {
    struct consent say;
    int64_t at_ms; /* when it was said */
    int outcome;
};
void consent_say_many(struct store *s, const struct keyring *k, struct consent_saying *items,
                      size_t n, struct arena *a);

/* What was said last: of a subject, or (nil) of the person. STORE_ABSENT: nothing ever. */
int consent_last(struct store *s, const struct id *owner, const char *purpose,
                 const struct id *subject, struct arena *a, struct consent *ret);
/* Whether what was said last allows it now: given, and under a wording that still counts. */
bool consent_allows(const struct consent *c);
/* STORE_ABSENT. */
int consent_get(struct store *s, const struct id *id, struct arena *a, struct consent *ret);

/* A chain from its first record to its last. */
struct consent_proof {
    int64_t records;
    int64_t broken;   /* CONSENT_BROKEN: seq of the first that does not hold */
    const char *why;  /* English, static */
    uint8_t last[32]; /* digest of the last that holds; zero: none */
};
/* 0 the chain holds (also of no record), CONSENT_BROKEN, E_*. */
int consent_verify(struct store *s, const struct keyring *k, const struct id *chain,
                   struct consent_proof *ret);

/* The records of one person are another's (domain/person/merge.h), a page of them a call. */
int consent_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                  bool *ret_more);
