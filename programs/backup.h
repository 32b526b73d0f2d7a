/*
 * Backups: a folder with
 *
 *   store/      the data (database and blobs)
 *   persons/    the keys of persons       } whoever holds these can read what is sealed in store/:
 *   keyring/    the program's keys        } keep them apart from it
 *   SHA256SUMS  over every file, as sha256sum(1) reads it
 */
#pragma once

#include "handlers/app.h"
#include "programs/stores.h"

/* Copies all of it while the program serves. E_REFUSED: the folder exists, or the stores are on a
 * server, which has tools of its own. */
int backup_make(const struct stores *s, const char *data, const char *folder, app_tell_fn tell,
                void *ctx);

/*
 * Checks every file of a backup against SHA256SUMS, copies it into `data` (absent or empty, else
 * E_REFUSED), and opens the result. E_CORRUPT: a file is missing, too many, or not what was
 * written; *ret_file names it (in `a`).
 */
int backup_restore(const char *folder, const char *data, app_tell_fn tell, void *ctx,
                   struct arena *a, const char **ret_file);

/* Where a backup's tombstones lie until they are taken over by those of the data folder. */
#define BACKUP_TOMBSTONES STORES_TOMBSTONES ".restored"
/* Puts them where there are none; else they are merged into `into`, and removed. */
int backup_place_tombstones(const char *data);
int backup_merge_tombstones(const char *data, struct store *into);
