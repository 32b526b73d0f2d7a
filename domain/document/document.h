/*
 * The document store (kho giấy tờ của tổ chức, cá nhân; NĐ 118/2025, NĐ 224/2026: information is
 * given once). A document is a paper that an office accepted in a dossier, or a result that an
 * office issued. It is offered in the next dossier of whose it is, so that nothing is asked for
 * twice: who verified it, against what and until when it holds is said with it.
 *
 *   collection `document`   the papers, of a person, an organisation or who is represented
 *   collection `file_use`   which case names a file that belongs to another
 *
 * Files stay the uploads that they are: they belong to the dossier that they came with, and who may
 * see them by another case is asked of the cases that name them. Number, issuer and whose name
 * stands on it are sealed under a key of the document's own.
 *
 * A document is made from its dossier's record alone and its id is derived from where it came from,
 * so that it may be made again at any time (handlers/dossier/documents_follow.c).
 */
#pragma once

#include "domain/case/case.h"
#include "domain/person/person.h"

#define DOCUMENT_FILES_MAX 20
#define DOCUMENT_DETAILS_MAX 4096 /* bytes: canonical JSON before it is sealed */
#define DOCUMENT_NOTE_MAX 6000    /* bytes of why it ended */

enum document_state {
    DOCUMENT_VALID = 1,
    DOCUMENT_REPLACED, /* by a better one of the same issuer */
    DOCUMENT_REVOKED,  /* by its issuer, or by who had verified it */
    DOCUMENT_REJECTED, /* an office found it unfit after all, in the dossier that it came with */
    DOCUMENT_REMOVED,  /* whose it was took it out of their store: nobody's, and empty */
};
extern const struct entity_name document_states[];

enum document_origin {
    DOCUMENT_ACCEPTED = 1, /* handed in, and accepted */
    DOCUMENT_ISSUED,       /* the result of a dossier */
};
extern const struct entity_name document_origins[];

/* Against what whoever accepted it held it. */
enum document_against {
    DOCUMENT_BY_SCAN = 1,  /* what was sent, to the eye */
    DOCUMENT_BY_SIGNATURE, /* a digital signature that holds */
    DOCUMENT_BY_ORIGINAL,  /* the original on paper, seen at a desk */
    DOCUMENT_BY_REGISTER,  /* the office's own register: it issued it */
    DOCUMENT_BY_DATABASE,  /* a national or specialised database */
};
extern const struct entity_name document_checks[];

struct document {
    struct id id;                 /* v8; not a field */
    struct id owner;              /* person or organisation */
    const char *type;             /* of domain/procedure's document_types */
    int state, origin, about;     /* about: enum procedure_about */
    struct id dossier;            /* that it came with */
    const char *number;           /* of that dossier */
    const char *procedure, *part; /* of that dossier; code of its component or result */
    struct entity_list files;     /* struct case_media */
    int64_t pages;
    struct entity_bytes details; /* sealed: canonical JSON of struct document_details */
    int64_t issued_ms;           /* beginning of the day it was issued; 0: not known */
    int64_t until_ms;            /* last instant at which it holds; 0: without end, or not known */
    int64_t limited;             /* months for which its kind holds; 0: without end */
    const char *office;          /* code of the agency that verified or issued it */
    struct id officer;           /* of it */
    int64_t verified_ms;
    int against;
    bool described; /* an officer wrote down what stands on it */
    int64_t ended_ms;
    const char *ended_by; /* code of the agency */
    const char *note;     /* why it ended */
    int64_t created_ms, revision;
};
extern const struct entity document_entity;
extern const struct store_collection document_collection;

/* What stands on it. Any may be NULL. */
struct document_details {
    const char *number, *issuer, *holder;
};

struct id document_id_of_component(const struct id *dossier, const char *code,
                                   const struct entity_list *files);
struct id document_id_of_result(const struct id *dossier, const struct id *file);

int document_decode(const bson_t *doc, struct arena *a, struct document *ret);
/* 0, STORE_ABSENT. */
int document_get(struct store *s, const struct id *id, struct arena *a, struct document *ret);
/* 0, PERSON_ERASED, E_*. */
int document_details(const struct people *p, const struct document *d, struct arena *a,
                     struct document_details *ret);

/*
 * Stores what a dossier says of a document: made where it is not there yet; else owner, state and
 * end follow, and what an officer wrote down stays. One that its office revoked stays revoked. 0
 * (also where nothing changed), E_*.
 */
int document_put(const struct people *p, const struct document *d, const struct document_details *t,
                 struct arena *a);

/* Of an owner, newest first; type NULL: all. */
int document_list(struct store *s, const struct id *owner, const char *type,
                  const struct store_query *page, struct arena *a, struct store_page *ret);
/* Those that came with a dossier and were not taken out of the store, oldest first; at most
 * DOCUMENTS_OF_CASE. */
#define DOCUMENTS_OF_CASE 200
int document_of_case(struct store *s, const struct id *dossier, struct arena *a,
                     struct document **ret, size_t *ret_n);

/* What an officer does to one. */
struct document_act {
    const char *office; /* code of theirs: must be that of the document */
    struct id officer;
    int64_t now_ms;
    const char *note; /* revoke: why */
    /* describe */
    struct document_details details;
    int64_t issued_ms, until_ms; /* 0: not known; none but what follows from its kind */
    int against;                 /* 0: as it is */
};
enum document_outcome {
    DOCUMENT_ENDED = 391, /* it does not stand any more */
};
/* 0 and *ret, STORE_ABSENT (also of another office), STORE_REVISED, DOCUMENT_ENDED, PERSON_ERASED.
 */
int document_describe(const struct people *p, const struct id *id, const struct document_act *act,
                      int64_t if_revision, struct arena *a, struct document *ret);
int document_revoke(struct store *s, const struct id *id, const struct document_act *act,
                    int64_t if_revision, struct arena *a, struct document *ret);

/*
 * Whose it is takes it out of their store: what stands on it goes with its key, and it is not made
 * again of its dossier, where the paper stays as it was handed in or issued. 0; STORE_ABSENT, also
 * where it is another's.
 */
int document_remove(const struct people *p, const struct id *id, const struct id *owner,
                    int64_t now_ms);

/* The last instant of the day that comes so many months after the one of `from_ms`, in +07:00. */
int64_t document_months_after(int64_t from_ms, int64_t months);

/* --- may it be used ---------------------------------------------------------------------------
 */

/* What a component asks for. */
struct document_want {
    const char *type;
    int about;            /* enum procedure_about */
    int64_t max_age_days; /* 0: any age */
    const char *holder;   /* whose name must stand on it; NULL: not known, or does not matter */
};

/* Why one does not do, in the order in which they are told. 0: it does. */
enum document_flaw {
    DOCUMENT_FIT = 0,
    DOCUMENT_OTHER_TYPE,
    DOCUMENT_OTHER_SUBJECT, /* it is about somebody else */
    DOCUMENT_OVER,          /* replaced, revoked, rejected */
    DOCUMENT_EXPIRED,
    DOCUMENT_UNDATED, /* when it was issued is not known, and matters */
    DOCUMENT_TOO_OLD,
    DOCUMENT_FLAWS
};
struct document_flaw_words {
    const char *slug, *vi, *en;
};
extern const struct document_flaw_words document_flaws[DOCUMENT_FLAWS];

/* Whether it holds now, whatever for. */
enum document_flaw document_stands(const struct document *d, int64_t now_ms);
/* Whether it does for a component. `holder`: as it stands on it; NULL: not written down. */
enum document_flaw document_fits(const struct document *d, const char *holder,
                                 const struct document_want *want, int64_t now_ms);

/* --- which cases name a file --------------------------------------------------------------------
 */

struct file_use {
    struct id id;       /* v8 of file and case; not a field */
    struct id file;     /* an upload that belongs to another case */
    struct id used_by;  /* the case that names it */
    struct id document; /* as which; nil: a dossier that was filed again */
    int64_t at_ms;
};
extern const struct entity file_use_entity;
extern const struct store_collection file_use_collection;
#define FILE_USES_MAX 200 /* looked at of one file, newest first */

/* Noted before the case names them, in one write; repeating is harmless. Says nothing: the case's
 * record decides. */
int file_uses_note(struct store *s, const struct file_use *uses, size_t n);
/* Whether it was noted. */
int file_use_noted(struct store *s, const struct id *file, const struct id *used_by, bool *ret);
/* Cases that may name a file, each once, newest first; FILE_USES_MAX at most. */
int file_uses(struct store *s, const struct id *file, struct arena *a, struct file_use **ret,
              size_t *ret_n);

/* --- the end of a person ------------------------------------------------------------------------
 */

/* The documents of one person are another's (domain/person/merge.h), a page of them a call. */
int document_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                   bool *ret_more);
/* A page of somebody's documents goes, with their keys. */
int document_erase(const struct people *p, const struct id *owner, struct arena *a, bool *ret_more);
