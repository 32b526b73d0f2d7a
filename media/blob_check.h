/*
 * Whether every blob is what was stored, and stands where documents say: all of them are read and
 * held against their hash, and all documents that name blobs are read. While a program serves, too;
 * in memory that does not grow with what is stored (about 2 MiB), at the cost of reading the
 * documents once for every 65,536 blobs.
 */
#pragma once

#include "media/upload.h"

/* Documents that name blobs, in fields at their top level; NULL-ended (store/orphans.h). */
extern const struct store_collection *const blob_naming[];

enum blob_flaw {
    BLOB_MISSING,  /* a document names it, and it is not there */
    BLOB_DAMAGED,  /* not the bytes that were stored, or not as many as its document says */
    BLOB_UNOPENED, /* an original that cannot be opened, or is not of the hash in its document */
    BLOB_ORPHANED, /* no document names it: a crash left it, and the sweep takes it within a day;
                    * or it is being stored at this moment */
};

struct blob_finding {
    enum blob_flaw flaw;
    struct id blob;
    /* Of the document that names it; an orphan has none. */
    const char *collection, *field;
    struct id document;
};

struct blob_check {
    const struct upload_service *uploads;
    size_t at_once; /* blobs that are held against the documents together; 0: 65,536 */
    bool open;      /* also each original, with its owner's key; erased persons' are passed over */
    /* Before each blob; false ends it with E_UNAVAILABLE. */
    bool (*go_on)(void *ctx, int64_t looked, int64_t total);
    void (*found)(void *ctx, const struct blob_finding *f);
    void *ctx;
};

struct blob_sum {
    int64_t blobs, bytes, documents, opened;
    int64_t missing, damaged, unopened, orphaned;
};

int blob_check(const struct blob_check *c, struct blob_sum *ret);

#define BLOB_FINDINGS_SHOWN 100 /* by whoever shows them; all are counted */
/* {flaw, blob, in?, document?, field?}, and the sum with those that are shown, whose reference it
 * takes. NULL: no memory. */
json_t *blob_finding_json(const struct blob_finding *f);
json_t *blob_sum_json(const struct blob_sum *sum, json_t *shown);
