/*
 * The data folder, as every program of the house lays it out:
 *
 *   DATA/tram.db, blobs/, lock   the store (store/sqlite/sqlite.h)
 *   DATA/persons/                the store of person keys, backed up apart
 *   DATA/keyring/                the program's keys (base/crypto/keyring.h), backed up apart
 *   DATA/admin.sock              where tramctl speaks to a running tramd
 */
#pragma once

#include "base/crypto/keyring.h"
#include "domain/person/person.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"

#define STORES_PERSONS "persons"
#define STORES_KEYRING "keyring"
#define STORES_SOCKET "admin.sock"
#define STORES_PATH_MAX 4096

/* What the stores hold; NULL-ended. */
extern const struct store_collection *const stores_data_collections[];
extern const struct store_collection *const stores_person_collections[];

struct stores {
    struct store *data, *persons;
    struct keyring *keyring;
};

/*
 * Opens all three, making what is missing, and takes the file lock. E_BUSY: another process has the
 * folder. *ret_fault: words for E_CONFIG (a declaration is unsound), or NULL.
 */
int stores_open(const char *folder, const struct sqlite_progress *progress, const char **ret_fault,
                struct stores *ret);
void stores_close(struct stores *s); /* for CLEANUP(stores_close); may be empty */
struct people stores_people(const struct stores *s);
