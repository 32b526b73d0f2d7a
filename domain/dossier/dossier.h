/*
 * A dossier (hồ sơ thủ tục hành chính), the second kind of case: one-stop handling by NĐ 118/2025,
 * online services by NĐ 224/2026, states and outcomes as the national portal numbers them.
 *
 *   collection `dossier`        the case itself
 *   collection `dossier_fact`   what is counted
 *
 * It is filed at a *desk* (bộ phận một cửa, case_head.desk), which receives or refuses it and hands
 * out its result. On receiving it the agency that decides becomes responsible (case_head.agency).
 * Who applies and what they filled in is sealed under a key of the dossier's own, in the key store:
 * it can be destroyed alone when the time for keeping it is over.
 */
#pragma once

#include "domain/case/kept.h"
#include "domain/person/person.h"

#define DOSSIER_COMPONENTS_MAX 100
#define DOSSIER_FILES_MAX 20   /* of one component */
#define DOSSIER_RESULTS_MAX 16 /* those replaced included */
#define DOSSIER_STAGES_MAX 64
#define DOSSIER_PLAN_MAX 20
#define DOSSIER_PAYMENTS_MAX 16
#define DOSSIER_APPOINTMENTS_MAX 64
#define DOSSIER_RETURNS_MAX 64  /* the oldest are dropped */
#define DOSSIER_RETURNED_MAX 16 /* of them in what is counted, each once */
#define DOSSIER_REQUESTS_MAX 4
#define DOSSIER_FIELDS_MAX 20        /* of the form, asked for again at once */
#define DOSSIER_FIELD_NOTE_MAX 1200  /* bytes */
#define DOSSIER_POINTER_MAX 400      /* bytes */
#define DOSSIER_FORM_MAX (32 * 1024) /* bytes of the filled-in form, canonical JSON */
#define DOSSIER_NAME_MAX 240         /* bytes */
#define DOSSIER_AMOUNT_MAX INT64_C(100000000000)
#define DOSSIER_ROOM (64 * 1024) /* of a document, kept for the steps that lead to its end */

/* The national portal's numbers. The last is ours; to the portal it is 4. */
enum dossier_state {
    DOSSIER_SUBMITTED = 1,   /* mới đăng ký: at the desk */
    DOSSIER_RECEIVED = 2,    /* được tiếp nhận: with an appointment */
    DOSSIER_REFUSED = 3,     /* không được tiếp nhận */
    DOSSIER_IN_PROGRESS = 4, /* đang xử lý */
    DOSSIER_SUPPLEMENT = 5,  /* yêu cầu bổ sung giấy tờ: the clock stops */
    DOSSIER_FEE = 6,         /* yêu cầu thực hiện nghĩa vụ tài chính: the clock stops */
    DOSSIER_WITHDRAWING = 7, /* công dân yêu cầu rút */
    DOSSIER_STOPPED = 8,     /* dừng xử lý */
    DOSSIER_FINISHED = 9,    /* đã xử lý xong: the result waits to be fetched */
    DOSSIER_RETURNED = 10,   /* đã trả kết quả */
    DOSSIER_PAUSED = 11,     /* tạm dừng vì sự cố hệ thống */
    DOSSIER_STATES
};
extern const struct entity_name dossier_states[];

enum dossier_outcome {
    DOSSIER_GRANTED = 1,  /* with results */
    DOSSIER_DENIED,       /* a decision with its reason */
    DOSSIER_NOT_ACCEPTED, /* refused at the desk: form 03 */
    DOSSIER_WITHDRAWN,    /* by the applicant */
    DOSSIER_NOT_SUPPLIED, /* what was asked for did not come */
    DOSSIER_NOT_PAID,
    DOSSIER_HALTED, /* by a leader, with a reason */
};
extern const struct entity_name dossier_outcomes[];

enum dossier_clock {
    DOSSIER_CLOCK_ACCEPT = 1, /* the desk: 8 working hours */
    DOSSIER_CLOCK_HANDLE,     /* the appointment */
    DOSSIER_CLOCK_SUPPLY,     /* the applicant's */
    DOSSIER_CLOCK_PAY,
    DOSSIER_CLOCK_WITHDRAW, /* the agency's, to agree */
    DOSSIER_CLOCK_COLLECT,
    DOSSIER_CLOCK_REPAIR, /* of a fault of the system */
    DOSSIER_CLOCKS
};

/* How it came (the national portal's numbers). */
enum dossier_channel { DOSSIER_IN_PERSON = 1, DOSSIER_ONLINE, DOSSIER_BY_POST };
extern const struct entity_name dossier_channels[];

/* For whom. The national portal numbers them from 0: subtract 1. */
enum dossier_subject { DOSSIER_CITIZEN = 1, DOSSIER_ENTERPRISE, DOSSIER_HOUSEHOLD };
extern const struct entity_name dossier_subjects[];

/* What an officer says of a component. */
enum dossier_verdict {
    DOSSIER_FIT = 1, /* hợp lệ */
    DOSSIER_MISSING, /* thiếu */
    DOSSIER_UNCLEAR, /* mờ, không đọc được */
    DOSSIER_WRONG,   /* không đúng loại, không đúng người */
    DOSSIER_EXPIRED, /* hết hạn */
};
extern const struct entity_name dossier_verdicts[];

enum dossier_result_state { DOSSIER_VALID = 1, DOSSIER_REPLACED, DOSSIER_REVOKED };
extern const struct entity_name dossier_result_states[];

enum dossier_payment_way { DOSSIER_CASH = 1, DOSSIER_PAYMENT_SERVICE };
extern const struct entity_name dossier_payment_ways[];

/* Windows and budgets, from the configuration (dossier.*). */
struct dossier_settings {
    int64_t accept_minutes; /* working; 480 */
    int64_t cutoff_minute;  /* of the day: what comes later counts from the next (900: 15:00) */
    int64_t supply_days;    /* calendar days; 30 */
    int64_t pay_days;       /* calendar days; 30 */
    int64_t withdraw_days;  /* working days; 3 */
    int64_t collect_days;   /* calendar days between reminders; 30 */
    int64_t repair_ms;      /* 3 days */
};
extern const struct dossier_settings dossier_settings_default;

/* A paper (thành phần hồ sơ), by the code that the procedure's version gives it. */
struct dossier_component {
    const char *code;
    struct entity_list files; /* struct case_media: uploads */
    struct id document;      /* given once: of the document store, and `files` are its; nil: none */
    struct id offered;       /* of the document store: an officer asks to use it instead */
    const char *despite;     /* of an act that asks again for what `offered` holds: why; not kept */
    int64_t accepted_ms;     /* an office took it for fit; 0: not (any more) */
    struct id accepted_by;   /* of it */
    const char *accepted_at; /* code of the agency */
    int64_t copies;          /* on paper, handed in at a desk */
    int verdict;             /* enum dossier_verdict; 0 not looked at */
    const char *note;        /* the officer's, of a verdict */
    const char
        *issued_on; /* "2026-03-09": as the paper says, by who handed it in; NULL: not said */
};

/* A member of the form that is to be filled in again, and why. */
struct dossier_field {
    const char *pointer; /* JSON Pointer into the form */
    const char *note;
};

/* Part of the way that the procedure lays down, and its share of the time. */
struct dossier_plan {
    const char *name, *unit, *role;
    int64_t share; /* percent */
};

/* Where it lay, and for how long it was to (phiếu kiểm soát quá trình, form 05). */
struct dossier_stage {
    int64_t seq; /* step that began it */
    const char *agency;
    struct id officer; /* nil: nobody in the agency yet */
    int64_t part;      /* of the plan, from 1; 0: none */
    int64_t from_ms, until_ms;
    int64_t due_ms; /* by the shares of the plan up to its part; 0: none */
};

/* The promised time, as it was told: a record for each time it moved. */
struct dossier_appointment {
    int64_t seq; /* last step before it */
    int64_t due_ms;
};

/* What was asked for, as it was told then (phiếu yêu cầu bổ sung, form 02). */
struct dossier_request {
    int64_t seq;                   /* of the step */
    struct entity_list components; /* struct dossier_component: code, verdict, note */
    struct entity_list fields;     /* struct dossier_field */
};

struct dossier_payment {
    struct id id;
    int64_t amount;        /* đồng */
    int64_t at_ms;         /* it was taken; it may be counted later */
    int way;               /* enum dossier_payment_way */
    const char *reference; /* receipt or the service's number */
};

/* A component that papers were asked for again, and why: it stays when the paper came. */
struct dossier_return {
    const char *code; /* of the component */
    int verdict;      /* enum dossier_verdict, past DOSSIER_FIT */
    int64_t at_ms;
};

struct dossier_result {
    struct id file;     /* of the upload */
    const char *code;   /* of the version's result; NULL: another paper */
    const char *number; /* of the paper: "123/GKS" */
    int state;          /* enum dossier_result_state */
    int64_t issued_ms, ended_ms;
    const char *signature; /* verdict of its digital signature: "valid", "none", … */
};

/* A paper was asked for though it stands in the document store and holds. */
struct dossier_ask {
    const char *code;   /* of the component */
    struct id document; /* that is there */
    const char *reason; /* why it was asked for all the same */
    const char *office; /* code of the agency that asked */
    struct id officer;
    int64_t at_ms;
};
#define DOSSIER_ASKS_MAX 32

struct dossier_x {
    bool open, duty;
    int64_t due_ms, next_ms, month;
    int64_t turn; /* case_turn */
    struct case_demands_x demands;
    int64_t asked_ms; /* the last of `asks`; 0: none */
};

struct dossier {
    struct case_head head; /* first; agency: who is responsible, desk: where it was filed */
    const char *procedure; /* national code */
    int64_t version;       /* of the procedure, under which it stays */
    const char *field;     /* of the procedure, for figures */
    int channel, subject;
    const char *decider;           /* agency that decides */
    const char *commune;           /* of the matter; NULL: not asked */
    struct entity_bytes applicant; /* sealed: canonical JSON (applicant.h) */
    struct entity_bytes form;      /* sealed: the filled-in form, canonical JSON */
    struct entity_bytes first;     /* the same as it was filed, where it was filled in again */
    struct entity_list fields;     /* struct dossier_field: of it, what is asked for again */
    struct id card;                /* keyed hash of the applicant's card number; nil: not known */
    int64_t time_unit, time;       /* promised: enum calendar_unit and how many */
    struct entity_list components; /* struct dossier_component */
    struct entity_list plan;       /* struct dossier_plan */
    struct entity_list stages;     /* struct dossier_stage */
    struct entity_list appointments;
    int64_t received_ms; /* from which the time is counted */
    int64_t finished_ms;
    int64_t supplements, apologies, reminders;
    struct entity_list returns;  /* struct dossier_return */
    struct entity_list requests; /* struct dossier_request; a full list keeps first and newest */
    int64_t fee;                 /* that is due in all, đồng */
    struct entity_list payments;
    struct entity_list results;
    const char *decision; /* words with a result, or why there is none */
    const char *fetch;    /* how the applicant wants the result: "download", "counter", "post" */
    const char *posted;   /* tracking number */
    struct id again_of;   /* filed again from a refused or stopped one */
    int64_t rating;
    const char *rating_note;
    struct entity_list asks; /* struct dossier_ask; the oldest are dropped */
    int64_t keep_ms;         /* since when documents and money are to follow; 0: they have */
    struct dossier_x x;
};
extern const struct entity dossier_entity, dossier_component_entity, dossier_result_entity;
extern const struct store_collection dossier_collection;
extern const struct case_kind dossier_kind;
extern const struct case_kept dossier_kept;

/* Reads a stored dossier; head.id is set from _id. E_CORRUPT. */
int dossier_decode(const bson_t *doc, struct arena *a, struct dossier *ret);
/* The same for a row of a list: without history, stages, plan, components, events, and without what
 * is sealed. Not to be stored again. */
int dossier_decode_row(const bson_t *doc, struct arena *a, struct dossier *ret);

/* An officer has put it to the leader, who has neither signed nor sent it back. */
bool dossier_is_to_sign(const struct dossier *d);

/* --- what is counted -------------------------------------------------------------------------- */

struct dossier_fact {
    struct id id;
    int64_t month, day;       /* of filing; day: clock day number */
    int64_t done_month, done; /* of its end, whichever it was; 0: it is open */
    int64_t open;             /* 1: it has no end yet; 0 */
    const char *agency;       /* that decides */
    const char *desk, *procedure, *field;
    int channel, state, outcome;
    bool late;        /* finished, or due, after its appointment; or asked for papers twice */
    bool supplied;    /* papers were asked for */
    int64_t reused;   /* components that came from the document store */
    int64_t uploaded; /* components whose files were sent for this dossier */
    int64_t asked;    /* times that a paper was asked for though the store has it */
    int64_t given;    /* components in all */
    /* What papers were asked for again for: "component/verdict", each once. */
    struct text_words returned;
    int64_t rating, revision;
};
extern const struct entity dossier_fact_entity;
extern const struct store_collection dossier_fact_collection;
void dossier_project_fact(const struct dossier *d, const struct calendar *c, struct arena *a,
                          struct dossier_fact *ret);

/* --- filing ----------------------------------------------------------------------------------- */

enum dossier_result_code {
    DOSSIER_REPEATED = 341,   /* filed before under this key: *ret is what is stored */
    DOSSIER_KEY_REUSED = 342, /* the key was used with another body */
};

/* A dossier to be filed: checked against its procedure's version, everything looked up. */
struct draft; /* draft.h */
struct dossier_filing {
    struct id owner, actor;
    const char *desk, *decider, *procedure, *field, *commune;
    int64_t version;
    int channel, subject;
    const char *applicant, *form; /* canonical JSON; sealed here */
    struct id card;
    int time_unit;
    int64_t time, fee;
    const char *fetch;
    const struct dossier_component *components;
    size_t n_components;
    const struct dossier_plan *plan;
    size_t n_plan;
    struct id again_of;
    bool receives; /* who files it receives it at once: nobody of the desk is told to */
    /* It is made from, as it was read: a draft is filed once, by whomever, and goes then, unless it
     * was changed meanwhile; NULL: by actor and key. */
    const struct draft *draft;
};

/* What filing makes of it, before it has a number, a first step and its sealed words. Borrows the
 * texts. */
void dossier_compose(const struct dossier_filing *f, const struct id *id, struct arena *a,
                     struct dossier *d);
/* Seals who applies and what they filled in under the dossier's key (SEAL_KEY bytes). */
int dossier_seal(const uint8_t *key, const struct dossier_filing *f, struct arena *a,
                 struct dossier *d);
/* The id of the dossier that a draft becomes. */
struct id dossier_of_draft(const struct id *draft);
/*
 * Files it: key, number and dossier are one insert; its key in the key store is made before. 0 or
 * DOSSIER_REPEATED with *ret, DOSSIER_KEY_REUSED (also where its draft was filed under another),
 * E_*. `body` is what the digest is made of.
 */
int dossier_file(const struct people *p, const struct dossier_filing *f, const char *key,
                 const void *body, size_t n_body, const struct case_world *w, struct arena *a,
                 struct dossier *ret);

/* The id of what this actor files under this key, where no draft is behind it. */
struct id dossier_of_key(const struct id *actor, const char *key);
/* Whether it was filed before, told as dossier_file does; STORE_ABSENT: not. */
int dossier_filed_before(struct store *s, const struct id *id, const struct store_write *write,
                         struct arena *a, struct dossier *ret);

/* What was sealed, opened into the arena; NULL where none is stored. 0, PERSON_ERASED, E_*. */
int dossier_applicant(const struct people *p, const struct dossier *d, struct arena *a,
                      const char **ret);
int dossier_form(const struct people *p, const struct dossier *d, struct arena *a,
                 const char **ret);
/* Both, by one look for the key. */
struct dossier_opened {
    const char *applicant, *form;
    bool opened; /* their key is there */
};
int dossier_open(const struct people *p, const struct dossier *d, struct arena *a,
                 struct dossier_opened *ret);

/* A form that is filled in again, canonical JSON, sealed as the first. 0, PERSON_ERASED, E_*. */
int dossier_seal_form(const struct people *p, const struct dossier *d, const char *form,
                      struct arena *a, struct entity_bytes *ret);

/* --- what is done ----------------------------------------------------------------------------- */

/* The verbs' own members, beside case_act's. The effects cast from the act: it stands first. */
struct dossier_act {
    struct case_act act;
    struct case_actor actor;
    /* supplement: verdicts on components; supply: files in the place of those asked for. */
    const struct dossier_component *components;
    size_t n_components;
    const struct dossier_field *fields; /* supplement: of the form */
    size_t n_fields;
    struct entity_bytes
        form; /* supply: sealed (dossier_seal_form), in place of the one that is there */
    const struct dossier_result *results; /* finish, replace */
    size_t n_results;
    int way; /* pay: enum dossier_payment_way */
    const char *reference;
    struct id payment; /* pay: makes it once */
    int64_t paid_ms;   /* pay: when it was taken, where that was elsewhere; 0: now */
};
/*
 * Carries out a verb under a write record. Outcomes of case_apply, STORE_* of store_change. On 0
 * and STORE_REPEATED *ret is what is stored now.
 */
int dossier_do(struct store *s, const struct id *id, struct dossier_act *act,
               const struct store_change_options *options, const struct case_world *w,
               struct arena *a, struct dossier *ret);

/* Whether it could be carried out on the dossier as it was read, which is changed by it: outcomes
 * as above. */
int dossier_try(struct dossier *d, const struct dossier_act *act, const struct case_world *w,
                struct arena *a);

/* The document store has followed what the dossier was at this revision. 0, also where it has
 * changed since and is followed once more. */
int dossier_kept_up(struct store *s, const struct dossier *d);
/* Ids of those that the document store is to follow, longest waiting first, a page behind `after`
 * (NULL: the first); *ret_next leads on where there are more. */
int dossier_to_keep(struct store *s, const struct store_position *after, struct arena *a,
                    struct id **ret, size_t *ret_n, struct store_position *ret_next,
                    bool *ret_more);
/* Whether it names the file: among its components or results. */
bool dossier_names(const struct dossier *d, const struct id *file);

/* The appointment: when it is promised for; 0 before it is received. */
int64_t dossier_appointment(const struct dossier *d);
/* How far it is, percent, as anybody may look it up by its code (NĐ 61/2018 art. 24). */
int dossier_percent(int state);
/* It ended and nobody decided on what was applied for: what was paid for it served nothing. */
bool dossier_unserved(const struct dossier *d);
/* What people are told is still to be paid: of one that ended so, nothing. */
int64_t dossier_due(const struct dossier *d);
/* What is due and not paid yet, đồng. */
int64_t dossier_owed(const struct dossier *d);
/* What was granted is kept from whose it is until nothing is due any more. */
bool dossier_holds_back(const struct dossier *d);
