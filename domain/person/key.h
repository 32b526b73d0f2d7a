/* The key of each person, wrapped by the keyring, in the key store. */
#pragma once

#include "base/crypto/seal.h"
#include "domain/person/person.h"

/* Makes the key of a new person. */
int person_key_new(const struct people *p, const struct id *person, uint8_t ret[SEAL_KEY]);
/* The same for many at once, of which there were none yet: one insert. E_BUSY: of one there was. */
int person_keys_new(const struct people *p, const struct id *of, size_t n,
                    uint8_t (*ret)[SEAL_KEY]);
/* 0 or PERSON_ERASED. Wipe it when done. */
int person_key_get(const struct people *p, const struct id *person, uint8_t ret[SEAL_KEY]);

/* Which key of the ring wraps a stored one. 0 or E_CORRUPT. */
int person_key_under(const bson_t *doc, uint32_t *ret);
/* Wraps it by the ring's active key. 0, PERSON_ERASED, E_CORRUPT. */
int person_key_rewrap(const struct people *p, const struct id *person);

/* The key of what has one of its own (an organisation, a draft, a dossier): made the first time,
 * found by who tries the same again. */
int person_key_of(const struct people *p, const struct id *of, uint8_t ret[SEAL_KEY]);

/* Writes a key that is in hand once more, or anew where it is gone: a removal that looked at it
 * before fails. */
int person_key_write(const struct people *p, const struct id *of, const uint8_t key[SEAL_KEY]);

/* A text sealed for a person's field, in the arena; NULL gives none. */
int person_seal(const uint8_t key[SEAL_KEY], const struct id *person, const char *what,
                const char *text, struct arena *a, struct entity_bytes *ret);
/* 0 and *ret (NULL if none was stored), E_CORRUPT. */
int person_open(const uint8_t key[SEAL_KEY], const struct id *person, const char *what,
                const struct entity_bytes *sealed, struct arena *a, const char **ret);
