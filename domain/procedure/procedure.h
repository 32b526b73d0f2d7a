/*
 * What people can apply for: the province's administrative procedures (thủ tục hành chính, NĐ
 * 63/2010; one-stop handling NĐ 118/2025; online services NĐ 224/2026).
 *
 * A procedure is known by its national code ("1.001193"), and holds in versions. A version begins
 * on a day and is never changed after it: what was filed under it can be read for ever. It ends
 * where it says so, and where the next one begins. Its number is the day it begins, as in 20260701.
 *
 * Everything here but the book and the import is pure, and thread-safe.
 */
#pragma once

#include "domain/agency/agency.h"
#include "domain/calendar/calendar.h"
#include "domain/entity/entity.h"
#include "schemas/schema.h"
#include "store/store.h"

#define PROCEDURE_VERSIONS_MAX 20000 /* of all procedures together */
#define PROCEDURE_CHANNELS 3
#define PROCEDURE_STEPS_MAX 20
#define PROCEDURE_FEES_MAX 32
#define PROCEDURE_EXEMPTIONS_MAX 16
#define PROCEDURE_COMPONENTS_MAX 100
#define PROCEDURE_RESULTS_MAX 8
#define PROCEDURE_CONDITION_MAX 2000 /* bytes of a condition's text */

enum procedure_language { PROCEDURE_VI = 0, PROCEDURE_EN = 1 };

/* How a dossier comes in; the numbers are the national portal's. */
enum procedure_channel {
    PROCEDURE_IN_PERSON = 1,
    PROCEDURE_ONLINE = 2,
    PROCEDURE_POST = 3,
};

enum procedure_level { PROCEDURE_OF_PROVINCE = 1, PROCEDURE_OF_COMMUNE, PROCEDURE_OF_MINISTRY };

/* Who may apply. The national portal numbers them from 0: subtract 1. */
enum procedure_applicant {
    PROCEDURE_CITIZEN = 1,
    PROCEDURE_ORGANISATION,
    PROCEDURE_HOUSEHOLD, /* household business */
};

/* Where it is filed. Elsewhere than here, the province only shows the way (`link`). */
enum procedure_place { PROCEDURE_HERE = 1, PROCEDURE_AT_PORTAL, PROCEDURE_AT_MINISTRY };

/* How much of it is done online (NĐ 224/2026: anything but all of it has a published reason). */
enum procedure_scope { PROCEDURE_WHOLE = 1, PROCEDURE_PART, PROCEDURE_OFFLINE };

/* Which agency decides. */
enum procedure_rule {
    PROCEDURE_BY_RESIDENCE = 1, /* of the commune where somebody lives */
    PROCEDURE_BY_PLACE,         /* of the commune where the house, land or shop is */
    PROCEDURE_BY_DEPARTMENT,    /* one agency for the whole province: `agency` */
};

/* The national portal numbers them from 0: subtract 1. */
enum procedure_copy {
    PROCEDURE_ORIGINAL = 1,
    PROCEDURE_COPY,
    PROCEDURE_ELECTRONIC,
};

/* Whom a paper is about, as seen by who applies. */
enum procedure_about {
    PROCEDURE_ABOUT_APPLICANT = 1, /* the person or organisation */
    PROCEDURE_ABOUT_CHILD,
    PROCEDURE_ABOUT_OTHER,
};

enum procedure_unit { PROCEDURE_HOURS = 1, PROCEDURE_WORKING_DAYS, PROCEDURE_CALENDAR_DAYS };

enum procedure_role {
    PROCEDURE_COUNTER = 1, /* receives and gives back (một cửa) */
    PROCEDURE_OFFICER,
    PROCEDURE_LEADER,
    PROCEDURE_SEAL, /* văn thư: number and seal */
};

enum procedure_fee_kind { PROCEDURE_FEE = 1, PROCEDURE_CHARGE }; /* phí, lệ phí */

struct procedure_decision {
    const char *number; /* "163/QĐ-BTP" */
    const char *date;   /* yyyy-mm-dd, or NULL where it is not known */
};

struct procedure_time {
    int channel, unit;
    int64_t amount;
};

struct procedure_step {
    const char *name, *name_en;
    const char *unit; /* of the agency: "Tư pháp - Hộ tịch"; NULL: any */
    int role;
    int64_t share; /* percent of the whole time; all together 100 */
};

struct procedure_fee {
    const char *code, *name, *name_en;
    int kind, channel; /* channel 0: whatever the channel */
    int64_t amount;    /* đồng; of one */
    const char *times; /* JSON Pointer of the form's number that multiplies it; NULL: once */
    int64_t most;      /* it never comes to more; 0: no such end */
    const char *when;  /* a condition; NULL: always */
    const char *basis; /* "Nghị quyết 12/2025/NQ-HĐND" */
};

struct procedure_exemption {
    const char *code, *name, *name_en;
    int64_t percent;        /* taken off; 100: nothing is paid */
    struct text_words fees; /* codes of fees; none: every fee */
    const char *document;   /* type of the document that shows it, or NULL */
    const char *basis;
};

/* A paper of the dossier (thành phần hồ sơ). */
struct procedure_component {
    const char *code, *name, *name_en;
    const char *note, *note_en;
    const char *one_of; /* group of which any one will do; NULL: stands alone */
    const char *when;   /* a condition on the form; NULL: always */
    int64_t copies;
    int copy;
    const char *document;  /* type of a document that may be used again, or NULL */
    int64_t max_age_days;  /* since it was issued; 0: any age */
    int about;             /* enum procedure_about; 0: the applicant */
    const char *holder_at; /* JSON Pointer of the form's name of whom it is about; NULL: none */
    bool required;
};

struct procedure_result {
    const char *code, *name, *name_en;
    const char *document;  /* type of the document that comes of it, or NULL */
    int64_t valid_months;  /* 0: without end */
    int about;             /* enum procedure_about; 0: the applicant */
    const char *holder_at; /* as of a component */
    bool paper;            /* given on paper too */
    bool unsigned_allowed; /* need not carry a digital signature */
};

struct procedure {
    const char *code;       /* national */
    const char *local_code; /* the same and the agency: "2.000815.000.00.00.H12", or NULL */
    int64_t version;        /* yyyymmdd of `from` */
    const char *from;       /* yyyy-mm-dd in +07:00: first day */
    const char *until;      /* last day; NULL: until the next version */
    const char *name, *name_en;
    struct text_words keywords; /* further words that people look for */
    const char *field, *field_en;
    struct procedure_decision decision;
    int level, place, scope, rule;
    struct text_words applicants;   /* names of enum procedure_applicant */
    const char *reason, *reason_en; /* why not all of it is online */
    const char *link;               /* where else it is filed */
    const char *guide, *guide_en;   /* what to know before; elsewhere: how to file it there */
    const char *agency;             /* PROCEDURE_BY_DEPARTMENT: its code */
    const char *commune_at;         /* JSON Pointer of the form's commune that `rule` asks */
    bool anywhere;                  /* may be handed in at any commune (phi địa giới) */
    bool consent;                   /* asks the applicant's consent to look up their data */
    struct entity_list times;       /* of struct procedure_time */
    struct entity_list steps;       /* of struct procedure_step */
    struct entity_list fees;        /* of struct procedure_fee */
    struct entity_list exemptions;  /* of struct procedure_exemption */
    struct entity_list components;  /* of struct procedure_component */
    struct entity_list results;     /* of struct procedure_result */
    const char *form;               /* JSON Schema of the form (form.c), NULL: there is none */
    int64_t revision;
    /* Set by procedure_ready; not stored. */
    int64_t from_day, until_day; /* days in force, in +07:00 (base/clock.h); until is inclusive */
    unsigned applicant_mask;     /* 1 << enum procedure_applicant */
    struct schema *compiled;     /* of procedure_form: atomically set, once */
};

extern const struct entity procedure_entity;
extern const struct entity procedure_row_entity; /* the same struct, the fields of a list */
extern const struct store_collection procedure_collection;
extern const struct entity_name procedure_channels[], procedure_levels[], procedure_applicants[],
    procedure_places[], procedure_scopes[], procedure_rules[], procedure_copies[],
    procedure_units[], procedure_roles[], procedure_fee_kinds[], procedure_abouts[];

struct id procedure_id(const char *code, int64_t version);

/* Fills what is not stored; until_day is by `until` alone. Days that are none: E_CORRUPT. */
int procedure_ready(struct procedure *p);
/*
 * The form, compiled when it is first asked for; NULL: it has none, or one of a newer program.
 * Belongs to `p`: procedure_forget frees it (the book does for its own).
 */
const struct schema *procedure_form(const struct procedure *p);
void procedure_forget(struct procedure *p);

bool procedure_in_force(const struct procedure *p, int64_t now_ms);
/* It is filed here and online: a form, components and a time for it exist. */
bool procedure_fileable(const struct procedure *p);

/* --- what follows from a version and an applicant's answers -------------------------------------
 * `answers`: of the form, checked against it. NULL: not known yet.
 */

/*
 * The time for a channel, as domain/calendar counts it: hours as working minutes. False: none is
 * laid down.
 */
bool procedure_duration(const struct procedure *p, enum procedure_channel channel,
                        enum calendar_unit *ret_unit, int64_t *ret_budget);

/* The commune that the answers name at `commune_at`; NULL if they do not. */
const char *procedure_commune(const struct procedure *p, const json_t *answers);
/* Whose name stands on a component or result by its `holder_at`; NULL: it is not told. */
const char *procedure_holder(const struct procedure *p, const json_t *answers, const char *at);
/* Of a code; NULL: the version has none. */
const struct procedure_component *procedure_component_of(const struct procedure *p,
                                                         const char *code);
const struct procedure_result *procedure_result_of(const struct procedure *p, const char *code);
/* Such a result need not be signed digitally. `code` NULL or unknown: it might be any of them, and
 * all must allow it. */
bool procedure_unsigned_allowed(const struct procedure *p, const char *code);
/*
 * Who decides: `commune` is the one the rule asks for, NULL not known. NULL: there is no active
 * agency of that commune, or none of that code.
 */
const struct agency *procedure_deciding_agency(const struct procedure *p, const struct catalogue *c,
                                               const char *commune);

struct procedure_bill_line {
    const struct procedure_fee *fee;
    const struct procedure_exemption *exemption; /* NULL: paid in full */
    int64_t amount;                              /* đồng, after it */
};
struct procedure_bill {
    struct procedure_bill_line lines[PROCEDURE_FEES_MAX];
    size_t n;
    int64_t total;
};
/*
 * What is paid. Of several exemptions claimed the one that takes off most counts, for each fee;
 * codes that the version does not have are passed over. A fee with a condition counts where the
 * answers meet it: not before they are known.
 */
void procedure_fee(const struct procedure *p, enum procedure_channel channel, const json_t *answers,
                   const char *const *exemptions, size_t n_exemptions, struct procedure_bill *ret);

/* A component that these answers ask for. */
struct procedure_need {
    const struct procedure_component *component;
    bool required; /* it, or another of its group */
};
/*
 * Those whose condition the answers meet, in the version's order; all of them before answers are
 * known. Returns how many; `ret` has room for PROCEDURE_COMPONENTS_MAX.
 */
size_t procedure_components_needed(const struct procedure *p, const json_t *answers,
                                   struct procedure_need *ret);
/*
 * The first required need that is not among the codes handed in; of a group any one will do.
 * NULL: complete.
 */
const struct procedure_component *procedure_lacks(const struct procedure_need *needs, size_t n,
                                                  const char *const *codes, size_t n_codes);

/*
 * A condition is one of (condition.c):
 *   {"field": "/mother/foreign", "is": VALUE}       "in": [VALUES], "given": BOOL
 *   {"field": "/age", "least": N, "most": N}        either or both
 *   {"all": [CONDITIONS]}  {"any": [CONDITIONS]}  {"not": CONDITION}
 * `field` is a JSON Pointer into the answers. A member of the form may have a condition itself,
 * "x-when": while it is not met the member is not asked, and counts as not given.
 */
bool procedure_condition_holds(const char *when, const struct procedure *p, const json_t *answers);

/* --- in words ----------------------------------------------------------------------------------
 * `lang` is enum procedure_language; en falls back to vi where a version has no English.
 */
/* What the form calls a member, behind those that it is in: "Người mẹ – Quốc tịch"; NULL: it has no
 * such member. */
const char *procedure_member(const struct procedure *p, const char *pointer, int lang,
                             struct arena *a);
const char *procedure_words(int lang, const char *vi, const char *en);
const char *procedure_label(const struct entity_name *names, int value, int lang); /* never NULL */
/* "3 ngày làm việc"; "4 giờ làm việc". In the arena. */
const char *procedure_time_words(const struct procedure_time *t, int lang, struct arena *a);
/* "50.000 đồng"; "Miễn phí" of 0. */
const char *procedure_money_words(int64_t amount, int lang, struct arena *a);
/* "2.000 đồng × Số trang, tối đa 200.000 đồng (Trực tiếp)". In the arena. */
const char *procedure_fee_words(const struct procedure_fee *f, const struct procedure *p, int lang,
                                struct arena *a);
/* "Người mẹ – Quốc tịch: Nước ngoài" of a condition, by the form's titles; NULL if it cannot be
 * told. */
const char *procedure_condition_words(const char *when, const struct procedure *p, int lang,
                                      struct arena *a);

/* --- types of documents ------------------------------------------------------------------------
 * Kinds of papers that procedures ask for and give out; a table of the program (document_type.c).
 */
struct document_type {
    const char *code; /* "giay_khai_sinh" */
    const char *name, *name_en;
    int valid_months;  /* 0: without end */
    unsigned subjects; /* whom it may be about: mask of 1 << enum procedure_applicant */
};
extern const struct document_type document_types[]; /* by code; ended by a NULL code */
const struct document_type *document_type_by_code(const char *code); /* or NULL */

/* --- the book: every version in memory --------------------------------------------------------
 * An immutable snapshot that all threads share. It is read at start, after an import, and where
 * another node's import is noticed; never by who only looks: a reference waits for nothing.
 */
struct procedure_index; /* search.c */

struct procedure_book {
    const struct procedure *items; /* by code, then version */
    size_t n;
    const struct procedure_index *index;
    uint64_t generation; /* raised with each reload of this process */
};

const struct procedure *procedure_version(const struct procedure_book *b, const char *code,
                                          int64_t version);
/* The version in force; NULL: none is. `code` may be a local one. */
const struct procedure *procedure_at(const struct procedure_book *b, const char *code,
                                     int64_t now_ms);
/* All versions of a code, oldest first; NULL and 0 if there are none. */
const struct procedure *procedure_versions(const struct procedure_book *b, const char *code,
                                           size_t *ret_n);

struct procedure_holder;
int procedure_holder_new(struct store *s, struct procedure_holder **ret); /* reads the store */
void procedure_holder_free(struct procedure_holder *h);
CLEANUP_PTR(struct procedure_holder, procedure_holder_free)
/* Release it with procedure_book_unref. */
const struct procedure_book *procedure_book_ref(struct procedure_holder *h);
void procedure_book_unref(const struct procedure_book *b);
CLEANUP_PTR(const struct procedure_book, procedure_book_unref)
uint64_t procedure_generation(struct procedure_holder *h); /* of the snapshot in force */
/* Reads the store again; if that fails the old snapshot stays. */
int procedure_reload(struct procedure_holder *h);
/* The same, if another process marked an import since this one read (procedure_mark). */
int procedure_follow(struct procedure_holder *h);
/* Tells every node that the collection was written. */
int procedure_mark(struct store *s, int64_t now_ms);

/* --- searching: best match first ---------------------------------------------------------------
 */

#define PROCEDURE_QUERY_WORDS 12 /* of what is typed; further ones are passed over */

/* How well it matches, best first. The last word typed may be only begun. */
enum procedure_rank {
    PROCEDURE_RANK_CODE = 1, /* the code itself */
    PROCEDURE_RANK_NAME,     /* the name, "Thủ tục" before it or not */
    PROCEDURE_RANK_BEGINS,   /* the name, or the code, begins so */
    PROCEDURE_RANK_AROUND,   /* the name is so from end to end, with words put in between */
    PROCEDURE_RANK_PHRASE,   /* it stands in the name as typed, from the beginning of a word */
    PROCEDURE_RANK_ALL,      /* every word stands in the name */
    PROCEDURE_RANK_KEYWORDS, /* every word stands in the names, the keywords or the field */
    PROCEDURE_RANK_SOME,     /* more than half of those that tell something do */
};

struct procedure_hit {
    const struct procedure *procedure;
    int rank;       /* 0: nothing was looked for */
    int misses;     /* words that do not stand there */
    int64_t length; /* bytes of the folded name: of two that match alike the shorter is meant */
};
/* By rank, misses, length, code: how hits are ordered. */
int procedure_hit_compare(const void *x, const void *y);
/*
 * Versions in force that `keep` admits (NULL: all) and that `text` finds; without text
 * (NULL) all, by code; nothing where the text has no word. Accents do not matter, nor words that
 * say nothing; what people call a thing finds it too (synonyms.c). In the arena.
 */
size_t procedure_search(const struct procedure_book *b, const char *text, int64_t now_ms,
                        bool (*keep)(const struct procedure *p, void *ctx), void *ctx,
                        struct arena *a, struct procedure_hit **ret);
