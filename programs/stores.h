/*
 * The data folder, as every program of the house lays it out:
 *
 *   DATA/tram.db, blobs/, lock   the store (store/sqlite/sqlite.h)
 *   DATA/persons/                the store of person keys, backed up apart
 *   DATA/tombstones/             the store of who was erased: no restore takes it back
 *   DATA/keyring/                the program's keys (base/crypto/keyring.h), backed up apart
 *   DATA/admin.sock              where tramctl speaks to a running tramd
 *
 * With a store URL the first two are databases on a MongoDB server instead, the persons' named like
 * the data's with "_keys" behind, so that it too may be backed up apart. Every tramd at one store
 * needs the same keyring.
 */
#pragma once

#include "base/crypto/keyring.h"
#include "domain/person/person.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"

#define STORES_PERSONS "persons"
#define STORES_KEYRING "keyring"
#define STORES_TOMBSTONES "tombstones"
#define STORES_KEYS_SUFFIX "_keys"
#define STORES_TOMBSTONES_SUFFIX "_tombstones"
#define STORES_SOCKET "admin.sock"
#define STORES_PATH_MAX 4096

/* What the stores hold; NULL-ended. */
extern const struct store_collection *const stores_data_collections[];
extern const struct store_collection *const stores_person_collections[];
extern const struct store_collection *const stores_tombstone_collections[];

struct stores {
    struct store *data, *persons, *tombstones;
    struct keyring *keyring;
    bool shared; /* on a server: several tramd may serve one store; its own tools back it up */
    int lock_fd; /* where it is shared; else the engine holds the lock */
};

#define STORES_URL_MAX 2048
/*
 * What --store names: "mongodb://…" or "mongodb+srv://…" itself, or a file with that in its first
 * line, since others may read a command line. The URL into `out`; E_CONFIG if it is neither.
 */
int stores_url(const char *option, char out[STORES_URL_MAX]);

/*
 * Opens all three, making what is missing, and takes the file lock. E_BUSY: another process has the
 * folder. *ret_fault: words for E_CONFIG (a declaration is unsound) and E_REFUSED (the store is a
 * copy that is not finished, the keyring is sealed by another master key or is another store's), or
 * NULL. `url`: of a server (store/mongo/mongo.h), or NULL. `master`: that seals the keyring, or
 * NULL.
 */
int stores_open_under(const char *folder, const char *url, const struct keyring_master *master,
                      const struct sqlite_progress *progress, const char **ret_fault,
                      struct stores *ret);
/* The same without a master key. */
int stores_open_url(const char *folder, const char *url, const struct sqlite_progress *progress,
                    const char **ret_fault, struct stores *ret);
/* The same, all of it in the folder. */
int stores_open(const char *folder, const struct sqlite_progress *progress, const char **ret_fault,
                struct stores *ret);
/* For copies: the two stores alone, finished or not. The folder is only of a store that lies in it,
 * and only then locked; with a URL it may be NULL. */
int stores_open_bare(const char *folder, const char *url, const struct sqlite_progress *progress,
                     const char **ret_fault, struct stores *ret);
void stores_close(struct stores *s); /* for CLEANUP(stores_close); may be empty */
/* Takes over the tombstones of another data folder's DATA/tombstones/. */
int stores_merge_tombstones(const char *folder, struct store *into);
struct people stores_people(const struct stores *s);
