/*
 * Imports of agencies, categories and routing rules. Every row is checked before any is written,
 * every fault is told, and nothing is written when there is one. Rows are added, or changed where
 * their key exists; what is not named stays, so that an import repeated changes nothing. A row may
 * name the `revision` that it was made from (0: there was none): it is written only upon that one.
 */
#pragma once

#include <jansson.h>

#include "domain/agency/agency.h"
#include "domain/area/area.h"

#define IMPORT_FAULTS_MAX 32

struct import_fault {
    const char *pointer; /* RFC 6901, into the array; in the arena */
    const char *vi, *en;
};

struct import_result {
    int64_t added, changed, unchanged;
    struct import_fault faults[IMPORT_FAULTS_MAX]; /* the first ones met */
    size_t n_faults;
};

enum import_outcome {
    IMPORT_FAULTY = 341,  /* nothing was written; see the faults */
    IMPORT_REVISED = 350, /* a row names a revision that is not, or no longer, the stored one's */
};

/* What rows are checked against. */
struct import_world {
    struct store *store;
    const struct catalogue *catalogue;
    const struct area_set *areas;
    bool only_check; /* nothing is written; the result tells what would be */
    bool allow_http; /* webhooks without TLS: demonstrations */
};

/*
 * `json` was accepted by the schema of the same name: admin_agencies, admin_categories,
 * admin_rules. 0, IMPORT_FAULTY, IMPORT_REVISED, E_*. After a failure some rows may be written;
 * repeating the import completes it. So it is where a revision changed just then; where it had
 * changed before, nothing is written.
 */
int import_agencies(const struct import_world *w, const json_t *json, struct arena *a,
                    struct import_result *ret);
int import_categories(const struct import_world *w, const json_t *json, struct arena *a,
                      struct import_result *ret);
int import_rules(const struct import_world *w, const json_t *json, struct arena *a,
                 struct import_result *ret);
