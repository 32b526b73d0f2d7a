/*
 * The shared engine: a database on any server that speaks MongoDB's protocol, for more than one
 * tramd beside each other. Only what every such server has is used: single-document writes, finds,
 * $group, plain and multikey indexes; no transactions, sessions, change streams, text, geo, partial
 * or TTL indexes, and no findAndModify.
 *
 *   <collection>     the documents as the domain made them, and `key` beside (engine.h)
 *   fs.files         finished blobs, as GridFS lays them out: any driver reads them
 *   fs.chunks        their bytes
 *   tram.uploads     blobs that are not finished; their whole chunks lie in fs.chunks already
 *   tram.counters    {_id: name, value: int64}
 *   tram.store       the form of the store, and what each collection's keys were built for
 *
 * Writes are acknowledged by a majority that has them in its journal, and reads see what a majority
 * has, from the primary. A server that refuses such a concern when the store is opened is asked for
 * less, in the order of mongo_facts; what it took then is asked of it until the store is closed.
 *
 * A server that is away is waited for: five seconds to find a primary (E_UNAVAILABLE), fifteen for
 * its answer to a write (E_UNKNOWN), ten for one of the connections (E_BUSY); the URL may say
 * otherwise. It is found again by itself.
 *
 * Programs beside each other declare the same collections. One that declares something else makes
 * the store its own when it opens it; the others notice within seconds and answer E_FORM from then
 * on, also to ping, until they are started again as the same program.
 */
#pragma once

#include "store/driver.h"

struct mongo_progress {
    void (*fn)(const char *what, int64_t done, int64_t total, void *ctx);
    void *ctx;
};

struct mongo_options {
    const char *url; /* mongodb://… or mongodb+srv://…; options of the driver's own apply */
    const char *database; /* NULL: the one that the URL names, or "tram" */
    const char *suffix;   /* added to the database's name; may be NULL */
    int grace_ms;         /* for others to notice changed declarations; 0: twelve seconds */
    struct mongo_progress progress; /* rebuilding keys and indexes at start; fn may be NULL */
    const char **ret_why;           /* words for E_CONFIG; may be NULL */
};

/*
 * Opens or makes the store; keys and indexes that are not as declared are made anew before this
 * returns. E_CONFIG: the URL is none; E_UNAVAILABLE: no server answers; E_REFUSED: it does not let
 * us in; E_FORM: a newer program wrote the store; E_CORRUPT: a stored document does not fit the
 * declaration. Wants mongoc's own log silent, and makes it so.
 */
int mongo_open(const struct mongo_options *o, const struct store_collection *const *collections,
               size_t n, struct store_driver **ret);

/* What the server took when the store was opened, strongest first. */
enum mongo_write_concern {
    MONGO_WRITE_MAJORITY_JOURNAL, /* what is asked for first */
    MONGO_WRITE_MAJORITY,
    MONGO_WRITE_ONE_JOURNAL,
    MONGO_WRITE_ONE,
};
struct mongo_facts {
    enum mongo_write_concern write_concern;
    bool read_majority;
    const char *database; /* lives as long as the driver */
};
void mongo_facts(struct store_driver *d, struct mongo_facts *ret);
const char *mongo_write_concern_words(enum mongo_write_concern w); /* English */

/* Drops the whole database; for tests. Nothing else may be done with the driver but to close it. */
int mongo_drop(struct store_driver *d);
