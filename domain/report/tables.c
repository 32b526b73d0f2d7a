/* The fields of a report, of what the public sees of it, and of what is counted. */
#include "domain/report/report.h"

#include <string.h>

#include "base/clock.h"
#include "domain/area/cell.h"
#include "domain/case/kept.h"

#define AT(T, member) .offset = offsetof(struct T, member)

const struct entity report_photo_entity = {
    .name = "ReportPhoto",
    .size = sizeof(struct report_photo),
    .fields = (const struct entity_field[]){
        {.name = "id",
         .type = ENTITY_ID,
         AT(report_photo, id),
         .see = SEE_ALL,
         .words = "Of the upload; /v1/media/{id} serves its renditions"},
        {.name = "proof",
         .type = ENTITY_BOOL,
         AT(report_photo, proof),
         .see = SEE_ALL,
         .words = "Taken by the agency, of what was done"},
        {.name = "video",
         .type = ENTITY_BOOL,
         AT(report_photo, video),
         .see = SEE_ALL,
         .words = "A video, which /v1/media/{id}/state says is checked or not"},
        {.name = "public", .type = ENTITY_BOOL, AT(report_photo, public), .see = SEE_PARTIES},
        {.name = "proposed",
         .type = ENTITY_BOOL,
         AT(report_photo, proposed),
         .see = SEE_STAFF,
         .words = "With an answer that was not approved; seen by offices alone"},
        {.name = "agency_only",
         .type = ENTITY_BOOL,
         AT(report_photo, agency_only),
         .see = SEE_PARTIES,
         .words = "Its reporter shows it to offices alone; it cannot be published"},
        {.name = "width",
         .type = ENTITY_INT,
         AT(report_photo, width),
         .see = SEE_ALL,
         .flags = ENTITY_OPTIONAL},
        {.name = "height",
         .type = ENTITY_INT,
         AT(report_photo, height),
         .see = SEE_ALL,
         .flags = ENTITY_OPTIONAL},
        {.name = "hash", .type = ENTITY_TEXT, AT(report_photo, hash), .see = SEE_STAFF, .max = 16},
        {0},
    }};

/* Derived values, so that both stores can order and filter by them. */
static const struct entity report_x_entity = {
    .name = "ReportDerived",
    .size = sizeof(struct report_x),
    .fields = (const struct entity_field[]){
        {.name = "open", .type = ENTITY_BOOL, AT(report_x, open), .see = SEE_ALL},
        {.name = "duty",
         .type = ENTITY_BOOL,
         AT(report_x, duty),
         .see = SEE_PARTIES,
         .words = "The clock that runs is an office's, not the citizen's"},
        {.name = "due_at",
         .type = ENTITY_TIME,
         AT(report_x, due_ms),
         .see = SEE_PARTIES,
         .words = "When the running clock runs out"},
        {.name = "turn", .type = ENTITY_INT, AT(report_x, turn), .flags = ENTITY_OPTIONAL},
        {.name = "next", .type = ENTITY_TIME, AT(report_x, next_ms)},
        {.name = "asked", .type = ENTITY_WORDS, AT(report_x, demands.asked), .max = CASE_ASKED_MAX},
        {.name = "answer_due_at",
         .type = ENTITY_TIME,
         AT(report_x, demands.due_ms),
         .see = SEE_STAFF,
         .words = "By when the earliest answer to a demand is owed"},
        {.name = "cell", .type = ENTITY_INT, AT(report_x, cell), .flags = ENTITY_OPTIONAL},
        {.name = "month", .type = ENTITY_INT, AT(report_x, month), .flags = ENTITY_OPTIONAL},
        {0},
    }};

static int64_t month_of(int64_t ms)
{
    struct clock_date d = clock_date_of_day(clock_day_number(ms));
    return (int64_t)d.year * 100 + d.month;
}

static void report_derive(void *record, struct arena *a)
{
    (void)a;
    struct report *r = record;
    int clock = r->head.state > 0 ? report_kind.states[r->head.state].clock : 0;
    r->x = (struct report_x){
        .open = clock != 0,
        .duty = clock && report_kind.clocks[clock].duty,
        .due_ms = r->head.due_ms,
        .next_ms = r->head.next_ms,
        .cell = r->point.set ? cell_of(r->point.lat, r->point.lon) : 0,
        .month = month_of(r->head.filed_ms),
    };
    r->x.turn = case_turn(r->emergency, r->x.duty, r->x.due_ms);
    case_demands_derive(&r->head, a, &r->x.demands);
}

/* What an answer proposes that waits for approval is not yet the agency's word. */
static int project_outcome(const void *record, unsigned see, struct buf *out)
{
    const struct report *r = record;
    const char *name = entity_enum_name(report_outcomes, r->head.outcome);
    if (!name || (r->head.state == REPORT_APPROVAL && !(see & SEE_STAFF)))
        return 0;
    buf_add_json_str(out, name, strlen(name));
    return 1;
}

/* Nor are the photos that came with it. */
static int project_photos(const void *record, unsigned see, struct buf *out)
{
    const struct report *r = record;
    const struct report_photo *photos = r->photos.items;
    bool any = false;
    for (size_t i = 0; i < r->photos.n; i++) {
        if (photos[i].proposed && !(see & SEE_STAFF))
            continue;
        buf_add_char(out, any ? ',' : '[');
        entity_json(&report_photo_entity, &photos[i], see, out);
        any = true;
    }
    buf_add_str(out, any ? "]" : "");
    return any;
}

const struct entity report_entity = {
    .name = "Report",
    .size = sizeof(struct report),
    .derive = report_derive,
    .fields = (const struct entity_field[]){
        CASE_FIELDS(struct report, report_states, report_outcomes, project_outcome),
        {.name = "category", .type = ENTITY_TEXT, AT(report, category), .see = SEE_ALL, .max = 40},
        {.name = "text",
         .type = ENTITY_TEXT,
         AT(report, text),
         .see = SEE_PARTIES,
         .max = REPORT_TEXT_MAX},
        {.name = "address",
         .type = ENTITY_TEXT,
         AT(report, address),
         .see = SEE_PARTIES,
         .max = 400},
        {.name = "point", .type = ENTITY_POINT, AT(report, point), .see = SEE_PARTIES},
        {.name = "commune", .type = ENTITY_TEXT, AT(report, commune), .see = SEE_ALL, .max = 8},
        {.name = "place",
         .type = ENTITY_ENUM,
         AT(report, place),
         .see = SEE_PARTIES,
         .names = report_places,
         .words = "How the commune was found"},
        {.name = "answers", .type = ENTITY_JSON, AT(report, answers), .see = SEE_PARTIES},
        {.name = "answers_form",
         .type = ENTITY_INT,
         AT(report, answers_form),
         .flags = ENTITY_OPTIONAL},
        {.name = "consent",
         .type = ENTITY_BOOL,
         AT(report, consent),
         .see = SEE_PARTIES,
         .words = "The handling agency may see the reporter's name and phone"},
        {.name = "said_in", .type = ENTITY_ID, AT(report, said_in), .flags = ENTITY_OPTIONAL},
        {.name = "said_version",
         .type = ENTITY_INT,
         AT(report, said_version),
         .flags = ENTITY_OPTIONAL},
        {.name = "said_en", .type = ENTITY_BOOL, AT(report, said_en)},
        {.name = "emergency", .type = ENTITY_BOOL, AT(report, emergency), .see = SEE_PARTIES},
        {.name = "approval", .type = ENTITY_BOOL, AT(report, approval), .see = SEE_STAFF},
        {.name = "proof", .type = ENTITY_BOOL, AT(report, proof), .see = SEE_STAFF},
        {.name = "photos",
         .type = ENTITY_LIST,
         AT(report, photos),
         .see = SEE_PARTIES,
         .max = REPORT_PHOTOS_MAX,
         .of = &report_photo_entity,
         .project = project_photos},
        {.name = "awaited",
         .type = ENTITY_INT,
         AT(report, awaited),
         .see = SEE_PARTIES,
         .flags = ENTITY_OPTIONAL,
         .words = "Photos that its owner announced and that have not arrived yet"},
        {.name = "awaited_until",
         .type = ENTITY_TIME,
         AT(report, awaited_until_ms),
         .see = SEE_PARTIES,
         .words = "Until when they are waited for; absent once it was told that they did not come"},
        {.name = "answer",
         .type = ENTITY_TEXT,
         AT(report, answer),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX,
         .words = "The agency's latest that was said; a reopened report keeps it"},
        {.name = "answered_at",
         .type = ENTITY_TIME,
         AT(report, answered_ms),
         .see = SEE_PARTIES,
         .words = "Absent once the report is reopened"},
        {.name = "proposed_answer",
         .type = ENTITY_TEXT,
         AT(report, proposed),
         .see = SEE_STAFF,
         .max = CASE_NOTE_MAX,
         .words = "Waits for approval"},
        {.name = "proposed_at", .type = ENTITY_TIME, AT(report, proposed_ms), .see = SEE_STAFF},
        {.name = "transfers", .type = ENTITY_INT, AT(report, transfers), .see = SEE_PARTIES},
        {.name = "reopened", .type = ENTITY_INT, AT(report, reopened), .see = SEE_PARTIES},
        {.name = "extensions", .type = ENTITY_INT, AT(report, extensions), .see = SEE_PARTIES},
        {.name = "rating",
         .type = ENTITY_INT,
         AT(report, rating),
         .see = SEE_PARTIES,
         .flags = ENTITY_OPTIONAL},
        {.name = "rating_note",
         .type = ENTITY_TEXT,
         AT(report, rating_note),
         .see = SEE_PARTIES,
         .max = CASE_NOTE_MAX},
        {.name = "published_at", .type = ENTITY_TIME, AT(report, published_ms), .see = SEE_PARTIES},
        {.name = "duplicate_of", .type = ENTITY_ID, AT(report, duplicate_of), .see = SEE_PARTIES},
        {.name = "x",
         .type = ENTITY_OBJECT,
         AT(report, x),
         .see = SEE_PARTIES,
         .of = &report_x_entity,
         .flags = ENTITY_FLAT | ENTITY_DERIVED},
        {0},
    }};

static const struct entity report_public_x_entity = {
    .name = "PublicReportDerived",
    .size = sizeof(struct report_public_x),
    .fields = (const struct entity_field[]){
        {.name = "cell", .type = ENTITY_INT, AT(report_public_x, cell), .flags = ENTITY_OPTIONAL},
        {.name = "words", .type = ENTITY_WORDS, AT(report_public_x, words)},
        {0},
    }};

const struct entity report_public_entity = {
    .name = "PublicReport",
    .size = sizeof(struct report_public),
    .fields = (const struct entity_field[]){
        {.name = "number", .type = ENTITY_TEXT, AT(report_public, number), .see = SEE_ALL},
        {.name = "category", .type = ENTITY_TEXT, AT(report_public, category), .see = SEE_ALL},
        {.name = "commune", .type = ENTITY_TEXT, AT(report_public, commune), .see = SEE_ALL},
        {.name = "agency", .type = ENTITY_TEXT, AT(report_public, agency), .see = SEE_ALL},
        {.name = "text",
         .type = ENTITY_TEXT,
         AT(report_public, text),
         .see = SEE_ALL,
         .max = REPORT_TEXT_MAX},
        {.name = "answer",
         .type = ENTITY_TEXT,
         AT(report_public, answer),
         .see = SEE_ALL,
         .max = CASE_NOTE_MAX},
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(report_public, state),
         .see = SEE_ALL,
         .names = report_states},
        {.name = "outcome",
         .type = ENTITY_ENUM,
         AT(report_public, outcome),
         .see = SEE_ALL,
         .names = report_outcomes},
        {.name = "point",
         .type = ENTITY_POINT,
         AT(report_public, point),
         .see = SEE_ALL,
         .words = "Rounded to a grid of about 110 m"},
        {.name = "filed_at", .type = ENTITY_TIME, AT(report_public, filed_ms), .see = SEE_ALL},
        {.name = "answered_at",
         .type = ENTITY_TIME,
         AT(report_public, answered_ms),
         .see = SEE_ALL},
        {.name = "closed_at", .type = ENTITY_TIME, AT(report_public, closed_ms), .see = SEE_ALL},
        {.name = "published_at",
         .type = ENTITY_TIME,
         AT(report_public, published_ms),
         .see = SEE_ALL},
        {.name = "rating",
         .type = ENTITY_INT,
         AT(report_public, rating),
         .see = SEE_ALL,
         .flags = ENTITY_OPTIONAL},
        {.name = "photos",
         .type = ENTITY_LIST,
         AT(report_public, photos),
         .see = SEE_ALL,
         .max = REPORT_PHOTOS_MAX,
         .of = &report_photo_entity},
        {.name = "revision", .type = ENTITY_INT, AT(report_public, revision)},
        {.name = "x",
         .type = ENTITY_OBJECT,
         AT(report_public, x),
         .of = &report_public_x_entity,
         .flags = ENTITY_DERIVED},
        {0},
    }};

const struct entity report_fact_entity = {
    .name = "ReportFact",
    .size = sizeof(struct report_fact),
    .fields = (const struct entity_field[]){
        {.name = "month", .type = ENTITY_INT, AT(report_fact, month)},
        {.name = "day", .type = ENTITY_INT, AT(report_fact, day)},
        {.name = "agency", .type = ENTITY_TEXT, AT(report_fact, agency), .max = CASE_CODE_MAX},
        {.name = "category", .type = ENTITY_TEXT, AT(report_fact, category), .max = 40},
        {.name = "commune", .type = ENTITY_TEXT, AT(report_fact, commune), .max = 8},
        {.name = "state", .type = ENTITY_ENUM, AT(report_fact, state), .names = report_states},
        {.name = "outcome",
         .type = ENTITY_ENUM,
         AT(report_fact, outcome),
         .names = report_outcomes},
        {.name = "late", .type = ENTITY_BOOL, AT(report_fact, late)},
        {.name = "duration",
         .type = ENTITY_INT,
         AT(report_fact, duration),
         .flags = ENTITY_OPTIONAL},
        {.name = "rating", .type = ENTITY_INT, AT(report_fact, rating), .flags = ENTITY_OPTIONAL},
        {.name = "reopened", .type = ENTITY_INT, AT(report_fact, reopened)},
        {.name = "transfers", .type = ENTITY_INT, AT(report_fact, transfers)},
        {.name = "revision", .type = ENTITY_INT, AT(report_fact, revision)},
        {0},
    }};
