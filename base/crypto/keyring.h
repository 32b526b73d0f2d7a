/*
 * The program's keys: a folder (0700, owned by who runs the program) with one file a master key,
 * and `lookup.key`. From each master a key is derived for each purpose, so that one use cannot
 * answer for another. The newest active master signs and seals; the older ones only verify and
 * open. `lookup.key` is apart since ids are derived from it: it is never rotated.
 *
 * A file is text (0600), named <id>.key:
 *     tram-key 1
 *     id 0a1b2c3d
 *     created 2026-11-24T13:55:30.123Z
 *     state active | verify-only | stable
 *     secret <64 hex digits>
 *
 * Whoever holds the folder holds every session and every sealed word: it is backed up apart from
 * the data. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEYRING_KEY 32     /* bytes of a key */
#define KEYRING_MASTERS 64 /* at most, verify-only ones included */
#define KEYRING_ID_TEXT 9  /* 8 hex digits and the NUL */

/* Values are part of the derivation and of nothing else: append, never renumber. */
#define KEYRING_PURPOSES(X)                                                                        \
    X(KEY_TOKEN, 1)       /* access tokens */                                                      \
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
    KEYRING_ABSENT = 1, /* no key of that id */
};

/* A key for one purpose. Wipe it (bytes_wipe) when done. */
struct keyring_key {
    uint32_t id; /* of the master it is derived from */
    uint8_t bytes[KEYRING_KEY];
};

struct keyring;

/*
 * Opens the folder; where it is missing or empty, makes it with a first master and the lookup key,
 * all or nothing, on disk when this returns. E_REFUSED if others than the owner may enter it,
 * E_CORRUPT if a file is not as written above or lookup.key or an active master is missing, E_IO.
 */
int keyring_open(const char *folder, struct keyring **ret);
void keyring_free(struct keyring *k);

/* Adds a new active master, on disk when this returns; the older become verify-only. E_FULL. */
int keyring_rotate(struct keyring *k);
/* Reads the folder again, after another process rotated. On failure the old keys stay. */
int keyring_reload(struct keyring *k);

void keyring_active(const struct keyring *k, enum keyring_purpose purpose, struct keyring_key *ret);
/* 0 or KEYRING_ABSENT. */
int keyring_by_id(const struct keyring *k, enum keyring_purpose purpose, uint32_t id,
                  struct keyring_key *ret);

/* For the operator: what there is, newest first. Returns how many were written (<= cap). */
struct keyring_entry {
    uint32_t id;
    int64_t created_ms;
    bool active;
};
size_t keyring_list(const struct keyring *k, struct keyring_entry *ret, size_t cap);

/* Ids are 8 lower case hex digits outside, 4 bytes big-endian in sealed forms. */
char *keyring_id_format(uint32_t id, char *out); /* out[KEYRING_ID_TEXT] */
bool keyring_id_parse(const char *text, size_t n, uint32_t *ret);
void keyring_id_store(uint32_t id, uint8_t out[4]);
uint32_t keyring_id_load(const uint8_t bytes[4]);
