/*
 * The program's keys: a folder (0700, owned by who runs the program) with one file a key, and
 * `lookup.key`. From each a key is derived for each purpose, so that one use cannot answer for
 * another. The key that became active last signs and seals; the older ones only verify and open,
 * and so does a new one until its time comes: it is known everywhere before anything depends on it.
 * `lookup.key` is apart since ids are derived from it: it is never rotated.
 *
 * A file is text (0600), named <id>.key:
 *     tram-key 2
 *     id 0a1b2c3d
 *     created 2026-11-24T13:55:30.123Z
 *     active 2026-11-24T14:55:30.123Z [distrusted] | always
 *     secret <64 hex digits>                              or, under a master key,
 *     sealed <check: 16 hex digits> <nonce, ciphertext and tag of XChaCha20-Poly1305, hex>
 *
 * A distrusted key opens what it sealed, and nothing that it signed or tagged passes any more:
 * access and refresh tokens, one-time codes, cursors, signed addresses.
 *
 * A master key seals the secrets of all files. It comes from outside and lies nowhere here; `check`
 * is a value derived from it, by which a wrong one is known before anything is opened.
 *
 * Without one, whoever holds the folder holds every session and every sealed word: it is backed up
 * apart from the data. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto/es256.h"

#define KEYRING_KEY 32    /* bytes of a key */
#define KEYRING_KEYS 64   /* at most, all that were ever active included */
#define KEYRING_ID_TEXT 9 /* 8 hex digits and the NUL */
#define KEYRING_CHECK_TEXT 17

/* Values are part of the derivation and of nothing else: append, never renumber. */
#define KEYRING_PURPOSES(X)                                                                        \
    X(KEY_TOKEN, 1)       /* access tokens: the seed of a pair */                                  \
    X(KEY_CURSOR, 2)      /* page cursors */                                                       \
    X(KEY_URL, 3)         /* signed addresses of blobs */                                          \
    X(KEY_LOOKUP, 4)      /* ids derived from phone, card number, …; from lookup.key */          \
    X(KEY_PERSON_WRAP, 5) /* seals the keys of persons */                                          \
    X(KEY_REFRESH, 6)     /* digests of refresh tokens and one-time codes */                       \
    X(KEY_SECRET, 7)      /* seals secrets in the store: TOTP, webhook, VAPID */                   \
    X(KEY_HISTORY, 8)     /* salts of history digests */                                           \
    X(KEY_LOOK, 9)        /* tags of the log of looks */                                           \
    X(KEY_CONSENT, 10)    /* tags of the ledger of consents */

enum keyring_purpose {
#define X(name, value) name = value,
    KEYRING_PURPOSES(X)
#undef X
};

enum keyring_outcome {
    KEYRING_ABSENT = 1,       /* no key of that id */
    KEYRING_OTHER_MASTER = 2, /* the files are sealed by another master key */
    KEYRING_SEALED = 3,       /* they are sealed, and no master key was given */
    KEYRING_PLAIN = 4,        /* a master key was given, and they are not sealed */
};

/* Wipe it (bytes_wipe) when done. */
struct keyring_master {
    uint8_t bytes[KEYRING_KEY];
};
/* The value that tells masters apart, 16 hex digits; says nothing else of it. */
char *keyring_master_check(const struct keyring_master *master, char out[KEYRING_CHECK_TEXT]);

/* A key for one purpose. Wipe it (bytes_wipe) when done. */
struct keyring_key {
    uint32_t id; /* of the file it is derived from */
    uint8_t bytes[KEYRING_KEY];
};

struct keyring;

/*
 * Opens the folder; where it is missing or empty, makes it with a first key, active at once, and
 * the lookup key, all or nothing, on disk when this returns. `master` may be NULL: the files are
 * plain. A positive outcome, E_REFUSED if others than the owner may enter it, E_CORRUPT if a file
 * is not as written above or lookup.key or every other key is missing, E_IO.
 */
int keyring_open_under(const char *folder, const struct keyring_master *master,
                       struct keyring **ret);
int keyring_open(const char *folder, struct keyring **ret); /* plain */
void keyring_free(struct keyring *k);

/* Adds a key that becomes active after `wait_ms`, on disk when this returns. E_FULL; or an outcome,
 * if the files were sealed otherwise meanwhile. */
int keyring_rotate(struct keyring *k, int64_t wait_ms);
/* The same with a key that is active at once; all older ones are distrusted. */
int keyring_distrust(struct keyring *k);
/* Reads the folder again, after another process changed it. On failure the old keys stay. */
int keyring_reload(struct keyring *k);
/* The same if the folder changed since it was read; *ret_read says if it was. */
int keyring_follow(struct keyring *k, bool *ret_read);

/*
 * Writes every file anew, sealed by `to` instead of `from`; NULL: plain. What was done to the half
 * by an earlier call is left, so it may be repeated after a crash. An opened keyring knows nothing
 * of it. 0, an outcome, or as keyring_open.
 */
int keyring_reseal(const char *folder, const struct keyring_master *from,
                   const struct keyring_master *to);

void keyring_active(const struct keyring *k, enum keyring_purpose purpose, struct keyring_key *ret);
/* 0 or KEYRING_ABSENT. */
int keyring_by_id(const struct keyring *k, enum keyring_purpose purpose, uint32_t id,
                  struct keyring_key *ret);

/*
 * The pair that signs tokens now, and the one of an id: derived from KEY_TOKEN, parsed once. Caller
 * es256_free.
 */
void keyring_pair_active(const struct keyring *k, uint32_t *ret_id, struct es256 **ret);
int keyring_pair_by_id(const struct keyring *k, uint32_t id,
                       struct es256 **ret); /* KEYRING_ABSENT */

/* What there is, the last to become active first. Returns how many were written (<= cap). */
struct keyring_entry {
    uint32_t id;
    int64_t created_ms;
    int64_t active_ms; /* since when, or from when on, it signs and seals */
    int64_t until_ms;  /* when a later one did or will take its place; 0: none yet */
    bool active;       /* now */
    bool distrusted;
};
size_t keyring_list(const struct keyring *k, struct keyring_entry *ret, size_t cap);

/* Ids are 8 lower case hex digits outside, 4 bytes big-endian in sealed forms. */
char *keyring_id_format(uint32_t id, char *out); /* out[KEYRING_ID_TEXT] */
bool keyring_id_parse(const char *text, size_t n, uint32_t *ret);
void keyring_id_store(uint32_t id, uint8_t out[4]);
uint32_t keyring_id_load(const uint8_t bytes[4]);
