/*
 * A disk that forgets. It stands below the SQLite engine, as an SQLite VFS and as a struct blob_io,
 * and remembers for every file what was synced. When the power is cut, what was not synced is
 * dropped: all of it, or (torn) a part that a seed chooses, down to single sectors. It is stricter
 * than most file systems: a synced file is lost all the same if the folder that names it was not.
 *
 * One disk a process. Folders are watched from drop_watch on; the files' real contents are always
 * the present ones, so that the engine runs at full speed and reads what it wrote.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "store/sqlite/blob_io.h"

#define DROP_VFS "drop" /* for struct sqlite_options.vfs */

extern const struct blob_io drop_blob_io;

/* Syncs that report success and do nothing. */
enum drop_lie {
    DROP_LOG = 1,            /* of tram.db-wal, which makes a commit durable */
    DROP_DATABASE = 2,       /* of tram.db, before the log is used anew */
    DROP_BLOB = 4,           /* of a blob's bytes, or its hash's */
    DROP_ROOT_FOLDER = 8,    /* of the watched folder, which names tram.db and blobs */
    DROP_BLOBS_FOLDER = 16,  /* of blobs, which names blobs/00 … */
    DROP_PREFIX_FOLDER = 32, /* of blobs/ab, which names blobs and hashes */
};

enum drop_call { DROP_READ, DROP_WRITE, DROP_SYNC };

/* Registers the VFS and watches a folder that is empty, or whose contents count as durable. */
void drop_watch(const char *folder);
void drop_lie(unsigned lies); /* enum drop_lie; takes the place of the former ones */
/*
 * That call on the log (else the database) fails with an SQLite code from now on; 0: no more. What
 * a failed sync left unsynced can still be read and is never synced: so does a kernel that marks
 * the pages it could not write as clean.
 */
void drop_fail(enum drop_call call, bool log, int code);
/* From here on nothing reaches the disk, and every call fails. */
void drop_cut(void);
/*
 * Once the engine is closed: leaves the files as the disk has them. torn: unsynced writes survive
 * each with an even chance, perhaps in part; else none does. Then the folder is watched anew.
 */
void drop_restore(bool torn, uint64_t seed);
void drop_forget(void); /* frees everything */
