/*
 * The embedded engine: one SQLite file and a folder of blobs below one data folder.
 *
 *   DATA/tram.db (WAL, synchronous=FULL)   DATA/blobs/ab/<id>, <id>.sha256   DATA/lock
 *
 * One writer thread commits what has queued up in one transaction (group commit); readers come from
 * a pool and are taken for the length of one verb or session. A second process is refused (E_BUSY).
 *
 * If the disk reports that a commit may not have reached it, the writes of that commit end in
 * E_UNKNOWN and the engine serves nothing more (E_UNAVAILABLE, also from ping) until the process is
 * started again: after a failed fsync the kernel may have dropped the very pages it could not
 * write, so that neither a retry nor a read tells what is on the disk. Opening recovers the log and
 * makes what it found durable before anybody reads it.
 */
#pragma once

#include "store/driver.h"

struct blob_io;

struct sqlite_progress {
    void (*fn)(const char *what, int64_t done, int64_t total, void *ctx);
    void *ctx;
};

struct sqlite_options {
    const char *folder;              /* made if absent, mode 0700 */
    const char *vfs;                 /* NULL, or a registered VFS (tests drop writes below it) */
    const struct blob_io *files;     /* NULL: the system's (tests drop writes here too) */
    int readers;                     /* 0: four a core */
    int log_pages;                   /* of 4 KiB, after which the log is written back; 0: 64 MiB */
    struct sqlite_progress progress; /* rebuilding columns and indexes at start; fn may be NULL */
};

/*
 * Opens or makes the store. Each collection's tables are compared with the declaration they were
 * built for; what differs is rebuilt in batches before this returns, and goes on where it was
 * interrupted. E_FORM if the folder was written by a newer program, E_BUSY if another process has
 * it, E_CORRUPT if a stored document does not fit the declaration.
 */
int sqlite_open(const struct sqlite_options *o, const struct store_collection *const *collections,
                size_t n, struct store_driver **ret);

/* Numbers for /metrics and bench. */
/*
 * Something was erased for good. SQLite overwrites what it frees (secure_delete), but pages that
 * were once rebalanced keep copies in their gaps: the database is written anew when it is closed.
 * Nothing for another engine.
 */
void sqlite_rewrite_at_close(struct store_driver *d);

struct sqlite_stats {
    uint64_t commits, writes; /* writes / commits = how commit batches grow */
    uint64_t queue_max;
    uint64_t checkpoints, checkpoints_failed; /* log written back into the database */
    int64_t room; /* bytes that blobs may still take (store/sqlite/blob_io.h) */
};
void sqlite_stats(struct store_driver *d, struct sqlite_stats *ret);

/*
 * SQLite's online backup of the database and a copy of every finished blob, each verified. The
 * folder is made, and must not be there (E_REFUSED). The database is copied first, as it is at one
 * moment: a blob is finished before a document names it, so the copy lacks none. p may be NULL. On
 * failure what was copied stays, for the caller to remove.
 */
int sqlite_backup(struct store_driver *d, const char *folder, const struct sqlite_progress *p);
