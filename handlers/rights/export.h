/*
 * What everything kept about a person is made into: a ZIP of folders, one for each kind of data.
 * A kind is a row of `exporters`; a collection that holds something of a person has one, or stands
 * in `export_not` with the reason (a test asks).
 *
 *   export_make.c   the ZIP: folders, sums, README and manifest; the job's claim
 *   exporters.c     the kinds
 *   exports.c       the routes
 */
#pragma once

#include "base/zip.h"
#include "domain/export/export.h"
#include "handlers/app.h"
#include "store/sealed.h"

struct export_run {
    struct app *app;
    struct export *job;
    const bool *stop; /* read with atomic loads; NULL: never */
    struct person person;
    bool with_eid; /* the session that asked had shown an e-ID */
    int64_t now_ms;
    struct zip *zip;
    struct sealed_writer out;
    struct buf files;   /* rows of the manifest */
    struct buf missing; /* what could not be read, as rows of the manifest */
    size_t n_files, n_missing;
    int64_t told_ms; /* when it was last said how far it is; monotonic */
};

struct exporter {
    const char *folder;
    const char *words[2]; /* what is in it, vi and en */
    const struct store_collection *collection;
    const char *owner, *order; /* an access path; NULL: it is one thing, found by id */
    /*
     * One document as JSON, in its file `name` (NULL: the documents of a page share one), and what
     * belongs to it (files, each by export_put). 0, STORE_ABSENT leaves it out, E_*. doc is NULL
     * where owner is.
     */
    int (*show)(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                const char **ret_name);
};
/* exporters_dossiers.c, exporters_acting.c, exporters_money.c */
int export_dossier(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                   const char **ret_name);
int export_complaint(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                     const char **ret_name);
int export_draft(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                 const char **ret_name);
int export_document(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                    const char **ret_name);
int export_membership(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                      const char **ret_name);
int export_payment(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                   const char **ret_name);
int export_money(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                 const char **ret_name);
int export_mandates(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                    const char **ret_name);

extern const struct exporter exporters[]; /* ended by a NULL folder */

/* Collections of which nothing is given, and why. Ended by a NULL collection. */
struct export_reason {
    const struct store_collection *collection;
    const char *why;
};
extern const struct export_reason export_not[];

/* A file of which all bytes are there; packed: deflated. */
int export_put(struct export_run *run, const char *name, const void *bytes, size_t n, bool packed);
/* A file that is read piece by piece; content that cannot be read is told in the manifest. */
int export_pour(struct export_run *run, const char *name, const struct sealed_reader *from);
/* Something that is listed and could not be read. */
void export_miss(struct export_run *run, const char *name);

/*
 * Makes what a claimed job asks for. 0; EXPORT_LOST; E_UNAVAILABLE if *stop became true: then the
 * job is given back; E_*, after which it is tried again.
 */
int export_make(struct app *app, struct export *job, const bool *stop);

/* {"id": …, members of the table as the owner sees them. The brace stays open. */
void export_open_object(const struct entity *e, const void *record, const struct id *id,
                        struct buf *out);
/* Names of files: of a case its number, else of an id. */
const char *export_case_file(const struct case_head *h, struct arena *a);
const char *export_file_of(const struct id *id, const char *ending, struct arena *a);
