/*
 * Import of procedures. Every row is checked before any is written, every fault is told, and
 * nothing is written when there is one.
 *
 * A row is a version of its code. With `from` it is the version of that day; without, it is
 * compared with the latest, and holds from today if it differs. A version whose day has come is
 * never changed again, but for its end. What is not named stays, so that an import repeated changes
 * nothing.
 */
#pragma once

#include <jansson.h>

#include "domain/procedure/procedure.h"

#define PROCEDURE_FAULTS_MAX 5000 /* kept; further ones are only counted */

enum procedure_import_outcome {
    PROCEDURE_FAULTY = 351, /* nothing was written; see the faults */
    PROCEDURE_RACED = 352,  /* another import wrote a version meanwhile: look again */
};

struct procedure_import_fault {
    const char *pointer; /* RFC 6901, into the array; in the arena */
    const char *vi, *en;
};

/* What a row comes to; named by procedure_changes. */
enum procedure_change {
    PROCEDURE_NEW = 1, /* a code that was not there */
    PROCEDURE_CHANGED, /* a new version, or one whose day has not come replaced */
    PROCEDURE_ENDED,   /* the same version with another end */
    PROCEDURE_UNCHANGED,
};
extern const struct entity_name procedure_changes[];

struct procedure_import_row {
    const char *code, *name;
    int64_t version;
    int change;
};

struct procedure_import_result {
    struct procedure_import_row *rows; /* as many as were given, in their order; in the arena */
    size_t n_rows;
    int64_t counts[PROCEDURE_UNCHANGED + 1]; /* by enum procedure_change */
    struct procedure_import_fault *faults;
    size_t n_faults, more_faults;
};

/* What rows are checked against. */
struct procedure_import_world {
    struct store *store;
    const struct procedure_book *book;
    const struct catalogue *catalogue;
    int64_t now_ms;
    bool only_check; /* nothing is written; the result tells what would be */
    /* How far writing is; or NULL. */
    void (*tell)(const char *what, int64_t done, int64_t total, void *ctx);
    void *ctx;
};

/*
 * `json`: an array of rows (schemas/admin_procedure.json, which is asked here row by row). The
 * built-in schemas were loaded. 0, PROCEDURE_FAULTY, PROCEDURE_RACED, E_*. After the last two some
 * rows may be written; repeating the import completes it. Who holds a book reloads it then
 * (procedure_reload).
 */
int procedure_import(const struct procedure_import_world *w, const json_t *json, struct arena *a,
                     struct procedure_import_result *ret);
