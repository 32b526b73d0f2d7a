/*
 * A field report (phản ánh hiện trường), the first kind of case: QĐ 17/2022/QĐ-UBND of Cà Mau. Its
 * words, states and rules; domain/case/ has the machinery.
 *
 *   collection `report`         the case itself
 *   collection `report_public`  what anybody may see: only once published, the place rounded
 *   collection `report_fact`    what is counted: month, agency, category, state, late, duration
 */
#pragma once

#include "domain/case/kept.h"

#define REPORT_TEXT_MAX 8000 /* bytes of the reporter's words: 2,000 characters, 4 at most each */
#define REPORT_TEXT_MIN 5    /* characters of it that can be seen */
#define REPORT_MEDIA_MAX 8   /* photos that it is filed with */
#define REPORT_OWN_MAX 16    /* photos of its owner in all, with those that came later */
#define REPORT_PHOTOS_MAX 40 /* with those that its steps added */
/* Photos that were announced with a report and are not there after so long are told of. */
#define REPORT_AWAIT_MS (INT64_C(24) * 3600 * 1000)
#define REPORT_ADD_MS (INT64_C(30) * 24 * 3600 * 1000) /* for so long more may be added */
#define REPORT_ROOM (96 * 1024) /* of a document, kept for the steps that lead to its end */
#define REPORT_TRANSFERS_MAX 2  /* between agencies; the third goes to the province's dispatcher */

enum report_state {
    REPORT_NEW = 1,     /* mới gửi: at the province's dispatcher */
    REPORT_DISPATCHED,  /* đã phân phối: at an agency, not yet received */
    REPORT_RECEIVED,    /* đã tiếp nhận */
    REPORT_IN_PROGRESS, /* đang xử lý: an officer has it */
    REPORT_WAITING,     /* chờ bổ sung: for the citizen's answer; the response clock pauses */
    REPORT_APPROVAL,    /* chờ duyệt: a leader looks at the answer */
    REPORT_ANSWERED,    /* đã xử lý: the citizen may rate and reopen */
    REPORT_CLOSED,      /* đóng */
    REPORT_STATES
};
extern const struct entity_name report_states[];
/* JSON Schema of a state's name. */
#define REPORT_STATE_SCHEMA                                                                        \
    "{\"enum\":[\"new\",\"dispatched\",\"received\",\"in_progress\",\"waiting\",\"approval\","     \
    "\"answered\",\"closed\"]}"

enum report_outcome {
    REPORT_RESOLVED = 1, /* mended, with a photo as proof where the category asks for one */
    REPORT_REJECTED,     /* từ chối, with a listed reason */
    REPORT_DUPLICATE,    /* trùng lặp: points to the first */
    REPORT_WITHDRAWN,    /* by the citizen */
};
extern const struct entity_name report_outcomes[];

enum report_clock {
    REPORT_CLOCK_DISPATCH = 1,
    REPORT_CLOCK_RESPONSE,
    REPORT_CLOCK_SUPPLY,
    REPORT_CLOCK_REVIEW,
    REPORT_CLOCKS
};

/* How the commune was found. */
enum report_place { PLACE_POLYGON = 1, PLACE_CHOICE, PLACE_NEAREST };
extern const struct entity_name report_places[];

/* Budgets and windows, from the configuration (report.*). Milliseconds of elapsed time. */
struct report_settings {
    struct clock_budget dispatch; /* 2 h, 12 h */
    struct clock_budget response; /* 4 h, 24 h */
    int64_t supply_ms;            /* for the citizen's answer: 72 h */
    int64_t review_ms;            /* in which the citizen may reopen: 7 days */
    int64_t extend_ms;            /* of all extensions of one response: 15 days */
    int64_t warn_share;           /* a warning when this share (percent) of a budget is left: 25 */
};

struct report_photo {
    struct id id;     /* of the upload */
    bool proof;       /* of the mended thing, by an officer */
    bool video;       /* a video, perhaps still being checked; else a photo */
    bool public;      /* shown to anybody once published */
    bool proposed;    /* with an answer that no leader approved: for offices alone */
    bool agency_only; /* so its reporter wants it, for good: never public */
    int64_t width, height;
    const char *hash; /* perceptual hash, 16 hex digits */
};
extern const struct entity report_photo_entity;

struct report_x {
    bool open, duty; /* duty: the clock that runs is an office's */
    int64_t due_ms;  /* of the running clock */
    int64_t turn;    /* case_turn; emergencies first */
    int64_t next_ms; /* when the dispatcher must look */
    struct case_demands_x demands;
    int64_t cell;  /* of the exact place */
    int64_t month; /* 202611, of filing in +07:00 */
};

struct report {
    struct case_head head; /* first */
    const char *category;  /* code */
    const char *text;
    const char *address; /* as the reporter wrote it */
    struct point point;
    const char *commune;  /* code */
    int place;            /* enum report_place */
    const char *answers;  /* canonical JSON of the category's questions, checked by their schema */
    int64_t answers_form; /* version of the questions */
    bool consent;         /* may the agency see name and phone for handling? */
    struct id said_in;    /* session that said so when it was filed; nil: by none */
    int64_t said_version; /* of the wording (domain/consent/); 0: no yes was said with it */
    bool said_en;         /* in English */
    bool emergency;
    bool approval;             /* the category demands a leader's approval of answers */
    bool proof;                /* the category demands a photo with the answer */
    struct entity_list photos; /* struct report_photo */
    int64_t awaited;           /* photos that its owner announced and that are not there yet */
    int64_t awaited_until_ms;  /* then it is told that they did not come; 0: it was, or none are */
    const char *answer;        /* the agency's, the latest that was said; reopening keeps it */
    int64_t answered_ms;       /* 0: no answer stands */
    const char *proposed;      /* an answer that waits for approval: for offices alone */
    int64_t proposed_ms;
    int64_t transfers, reopened, extensions;
    int64_t rating;
    const char *rating_note;
    int64_t published_ms; /* 0: not public */
    struct id duplicate_of;
    struct report_x x;
};
extern const struct entity report_entity;
extern const struct store_collection report_collection;
extern const struct case_kind report_kind;

/* Reads a stored report; head.id is set from _id. E_CORRUPT. */
int report_decode(const bson_t *doc, struct arena *a, struct report *ret);

/* --- what is shown and counted ---------------------------------------------------------------- */

struct report_public_x {
    int64_t cell;
    struct text_words words; /* of text, answer, number, category, commune */
};
struct report_public {
    struct id id; /* of the report; not a field */
    const char *number, *category, *commune, *agency, *text, *answer;
    int state, outcome; /* of the report */
    struct point point; /* rounded (domain/area/cell.h) */
    int64_t filed_ms, answered_ms, closed_ms, published_ms, rating;
    struct entity_list photos; /* only public ones */
    int64_t revision;          /* of the report it was made from */
    struct report_public_x x;
};
extern const struct entity report_public_entity;
extern const struct store_collection report_public_collection;

/* Duration buckets, in hours: up to 4, 24, 72, 168, more; open ones have none (0). */
struct report_fact {
    struct id id;
    int64_t month; /* 202611 */
    int64_t day;   /* clock day number of filing */
    const char *agency, *category, *commune;
    int state, outcome;
    bool late;        /* the response came, or is due, after its time */
    int64_t duration; /* bucket 1 to 5 */
    int64_t rating, reopened, transfers;
    int64_t revision;
};
extern const struct entity report_fact_entity;
extern const struct store_collection report_fact_collection;

/* Pure: what a report projects to. False when there is nothing public. */
bool report_project_public(const struct report *r, struct arena *a, struct report_public *ret);
void report_project_fact(const struct report *r, const struct calendar *c, struct arena *a,
                         struct report_fact *ret);

/*
 * Rebuilds both projections of a report as it is stored now; writes only if its revision is newer.
 * Idempotent; called for each project event, and by `tramctl rebuild`. Names (category, commune)
 * enter the searchable words by `names`, which may be NULL.
 */
int report_rebuild(struct store *s, const struct report *r, const struct calendar *c,
                   const struct case_names *names, struct arena *a);
/*
 * A word that a category or commune has among x.words, so that who searches for words in one of
 * them is served by the words alone. It begins with a letter that nobody types here.
 */
const char *report_code_word(struct arena *a, const char *code);
/* Fills x.words, which report_project_public leaves empty. */
void report_public_words(struct report_public *p, const struct case_names *names, struct arena *a);
/*
 * The same, but compared field by field with what is stored, and written where it differs. What
 * differs only because its event is still pending is written and not told.
 */
int report_verify(struct store *s, const struct report *r, const struct calendar *c,
                  const struct case_names *names, struct arena *a, bool *ret_differed);

/* --- what is done ----------------------------------------------------------------------------- */

enum report_result {
    REPORT_REPEATED = 211,   /* filed before under this key: *ret is what is stored */
    REPORT_KEY_REUSED = 212, /* the key was used with another body */
};

/* The id of the report that an actor files under a key. */
struct id report_id(const struct id *actor, const char *key);

/* A report to be filed. Everything was checked against the schema; places and category looked up.
 */
struct report_draft {
    struct id owner, actor;
    const char *category, *text, *address, *answers;
    int64_t answers_form;
    struct point point;
    const char *commune; /* code; NULL: the dispatcher finds out */
    int place;
    bool consent, emergency, approval, proof;
    struct id said_in; /* consent: session and language */
    bool said_en;
    const char *agency; /* from the routing table; NULL: nobody's rule */
    const struct report_photo *photos;
    size_t n_photos;
    int64_t awaited; /* photos that follow; with those above at most REPORT_MEDIA_MAX */
};

/* Whether this very request was filed before: REPORT_REPEATED with *ret, REPORT_KEY_REUSED (by
 * another body), STORE_ABSENT, E_*. */
int report_filed_before(struct store *s, const struct id *actor, const char *key, const void *body,
                        size_t n_body, struct arena *a, struct report *ret);
/*
 * Files a report: key, number and report are one insert under an id derived from (owner, key). 0 or
 * REPORT_REPEATED with *ret, REPORT_KEY_REUSED, E_* (E_UNAVAILABLE: there is no agency to be
 * responsible for it). `body` is what the digest is made of.
 */
int report_file(struct store *s, const struct report_draft *d, const char *key, const void *body,
                size_t n_body, const struct case_world *w, struct arena *a, struct report *ret);

/*
 * Carries out a verb under a write record. Outcomes of case_apply, STORE_* of store_change. On 0
 * and STORE_REPEATED *ret is what is stored now.
 */
struct report_act {
    struct case_act act; /* party is filled in here, from the actor and what is stored */
    struct case_actor actor;
    const struct report_photo *photos; /* that the step adds; act.media names them */
    size_t n_photos;
    bool publish_photos; /* publish: show the reporter's photos too */
};
int report_act(struct store *s, const struct id *id, struct report_act *act,
               const struct store_change_options *options, const struct case_world *w,
               struct arena *a, struct report *ret);

/* Whether the agency may see who the owner is: what the ledger of consents said last
 * (domain/consent/), for the report to show. STORE_ABSENT: not the owner's. */
int report_set_consent(struct store *s, const struct id *id, const struct id *owner, bool given);

/*
 * Somebody is erased: texts, answers, address and pin of their ended reports go, and whose they
 * were; what is published stays as anybody sees it, and the chain of history holds. A page a call;
 * open ones are passed over.
 */
int report_erase(struct store *s, const struct id *owner, struct arena *a, bool *ret_more);
struct report_counts {
    int64_t all, open, published; /* open: an office or the owner is still to act */
};
int report_count(struct store *s, const struct id *owner, struct report_counts *ret);

/*
 * Reports of the same agency that may be of the same thing: filed within a week of it, within 500 m
 * of its pin, with a photo that looks like one of its own. A hint for people, never acted upon: the
 * newest few, among as many as one page may look at (STORE_LOOK_MAX).
 */
#define REPORT_ALIKE_MAX 3
#define REPORT_ALIKE_MS (INT64_C(7) * 24 * 3600 * 1000)
#define REPORT_ALIKE_M 500
#define REPORT_ALIKE_BITS 6 /* of 64 (struct media_facts.likeness) */
struct report_like {
    struct report report;
    double metres;
};
int report_alike(struct store *s, const struct report *r, struct arena *a,
                 struct report_like ret[REPORT_ALIKE_MAX], size_t *ret_n);

/* What the dispatcher, the sweeps and a merge of persons do, they do through this. */
extern const struct case_kept report_kept;
