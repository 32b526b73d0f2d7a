/*
 * Files of cases: uploads that a step or a filing takes, and who may look at them afterwards. Each
 * kind of case has a row in `file_kinds` that says which of its files who of it sees; nothing else
 * here knows a kind.
 */
#pragma once

#include "handlers/acting.h"
#include "media/upload.h"

#define FILES_LIST_MAX 30                         /* of one list */
#define FILES_CASE_MAX 500                        /* of one case, over all its steps */
#define FILES_CASE_BYTES_MAX (INT64_C(200) << 20) /* of one case: plain bytes of originals */

struct file_kind {
    const struct case_kept *kept;
    unsigned scope; /* enum acting_scope that who acts for another needs to see any */
    /* Whether who sees `see` (enum audience, never 0) of the record sees this file of it. */
    bool (*shows)(const void *record, const struct id *file, unsigned see);
    /* Whether the record names a file that belongs to another case; NULL: none of the kind does. */
    bool (*names)(const void *record, const struct id *file);
};
extern const struct file_kind file_kinds[]; /* ended by a NULL kept */

/*
 * Whether the caller, for `whom`, may see the upload: whose it is may, and who may see it in the
 * case or organisation that it is attached to. *ret_head is that case's, NULL where none was asked.
 */
int app_may_see(const struct request *req, const struct principal *whom, const struct upload *u,
                bool *ret, const struct case_head **ret_head);

/* Answers why an upload was refused, in words that people understand. */
int app_reply_refused(const struct request *req, struct reply *reply, const struct upload *u);
const char *app_fault_words(const struct request *req, const struct upload *u);

/* Officials who open what is a person's leave a record of it, with the reason that they give (or
 * NULL), before it is opened. `head`: of the case that it is for. Forwards as app_look. */
int app_look_at_original(const struct request *req, const struct upload *u,
                         const struct case_head *head, const char *reason);
/* The original of a sound upload, to be saved under the name that its sender gave it. */
int app_reply_original(const struct request *req, struct reply *reply, const struct upload *u);

/* Files that were taken; arrays of n in the request's arena. */
struct app_files {
    struct upload *uploads;
    struct case_media *media; /* as domain/case/ and its kinds keep them */
    size_t n;
};
/* What is asked of files before a case takes them. */
struct files_wanted {
    struct id case_id;
    unsigned takes; /* mask of enum upload_kind */
    struct id also; /* files of this other case may be named too, and stay with it; nil: none */
    bool known;     /* whose they are was seen to before (a draft kept them) */
};
/*
 * Attaches the uploads that a list names (texts of ids) to a case: each sound, the caller's or the
 * principal's whom they act for, or an official's that the case has, not one twice, and within the
 * bounds above together with what the case has. All or none: what cannot be taken is answered as
 * violations below `pointer`
 * ("/components/0/files"), and nothing is attached. To repeat it is harmless. 0 (look at
 * reply_is_problem), E_*.
 */
int app_take_files(const struct request *req, struct reply *reply, const struct files_wanted *want,
                   const char *pointer, const json_t *list, struct app_files *ret);
/* The same of several lists, all or none of all of them, in one write; *ret has as many. */
struct files_list {
    const char *pointer;
    const struct case_media *media;
    size_t n;
};
int app_take_lists(const struct request *req, struct reply *reply, const struct files_wanted *want,
                   const struct files_list *lists, size_t n, struct app_files *ret);
/* The same of one, whose place `pointer` is. */
int app_take_file(const struct request *req, struct reply *reply, const struct files_wanted *want,
                  const char *pointer, const struct id *id, struct upload *ret);
