/* Projections: pure functions of a report, written whole, only if newer. */
#include "domain/report/report.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/area/cell.h"
#include "domain/case/project.h"

int report_decode(const bson_t *doc, struct arena *a, struct report *ret)
{
    memset(ret, 0, sizeof(*ret));
    int done = entity_decode(&report_entity, doc, a, ret);
    if (done < 0)
        return done;
    if (!store_document_id(doc, &ret->head.id))
        return E_CORRUPT;
    ret->head.due_ms = ret->x.due_ms;
    ret->head.next_ms = ret->x.next_ms;
    return 0;
}

static struct entity_list public_photos(const struct report *r, struct arena *a)
{
    const struct report_photo *all = r->photos.items;
    struct report_photo *kept = arena_array(a, r->photos.n, sizeof(*kept));
    size_t n = 0;
    for (size_t i = 0; i < r->photos.n; i++) {
        if (all[i].public && !all[i].proposed && !all[i].agency_only)
            kept[n++] = all[i];
    }
    return (struct entity_list){kept, n};
}

bool report_project_public(const struct report *r, struct arena *a, struct report_public *ret)
{
    if (!r->published_ms)
        return false;
    *ret = (struct report_public){
        .id = r->head.id,
        .number = r->head.number,
        .category = r->category,
        .commune = r->commune,
        .agency = r->head.agency,
        .text = r->text,
        .answer = r->answered_ms ? r->answer : NULL,
        .state = r->head.state,
        .outcome = r->head.closed_ms || r->answered_ms ? r->head.outcome : 0,
        .filed_ms = r->head.filed_ms,
        .answered_ms = r->answered_ms,
        .closed_ms = r->head.closed_ms,
        .published_ms = r->published_ms,
        .rating = r->rating,
        .photos = public_photos(r, a),
        .revision = r->head.revision,
    };
    if (r->point.set) {
        area_round(r->point.lat, r->point.lon, &ret->point.lat, &ret->point.lon);
        ret->point.set = true;
        ret->x.cell = cell_of(ret->point.lat, ret->point.lon);
    }
    return true;
}

/* 1 up to 4 h, 2 a day, 3 three days, 4 a week, 5 longer; 0 not yet answered. */
static int64_t duration_bucket(const struct report *r)
{
    static const int64_t hours[] = {4, 24, 72, 168};
    int64_t end = r->answered_ms ? r->answered_ms : r->head.closed_ms;
    if (!end)
        return 0;
    int64_t bucket = 1;
    for (size_t i = 0; i < ARRAY_LEN(hours); i++)
        bucket += end - r->head.filed_ms > hours[i] * 3600 * 1000;
    return bucket;
}

void report_project_fact(const struct report *r, const struct calendar *c, struct arena *a,
                         struct report_fact *ret)
{
    (void)a;
    struct clock_date date = clock_date_of_day(clock_day_number(r->head.filed_ms));
    bool late = case_was_late(&r->head, REPORT_CLOCK_RESPONSE, c) ||
                case_was_late(&r->head, REPORT_CLOCK_DISPATCH, c);
    *ret = (struct report_fact){
        .id = r->head.id,
        .month = (int64_t)date.year * 100 + date.month,
        .day = clock_day_number(r->head.filed_ms),
        .agency = r->head.agency,
        .category = r->category,
        .commune = r->commune,
        .state = r->head.state,
        .outcome = r->head.outcome,
        .late = late,
        .duration = duration_bucket(r),
        .rating = r->rating,
        .reopened = r->reopened,
        .transfers = r->transfers,
        .revision = r->head.revision,
    };
}

const char *report_code_word(struct arena *a, const char *code)
{
    size_t n = strlen(code), kept = 0;
    char *word = arena_alloc(a, n + sizeof("þ"));
    for (const char *c = "þ"; *c; c++)
        word[kept++] = *c;
    for (size_t i = 0; i < n; i++) {
        if (isalnum((unsigned char)code[i]))
            word[kept++] = code[i];
    }
    return text_fold(a, word);
}

void report_public_words(struct report_public *p, const struct case_names *names, struct arena *a)
{
    const char *texts[] = {p->category ? report_code_word(a, p->category) : NULL,
                           p->commune ? report_code_word(a, p->commune) : NULL,
                           p->number,
                           p->text,
                           p->answer,
                           names ? names->category(names->ctx, p->category) : NULL,
                           names && p->commune ? names->commune(names->ctx, p->commune) : NULL};
    p->x.words = text_words(a, texts, ARRAY_LEN(texts));
}

/* What was never published has no projection to withdraw; history forgets no step. */
static bool was_published(const struct report *r)
{
    const struct case_step *steps = r->head.steps.items;
    for (size_t i = 0; i < r->head.steps.n; i++) {
        if (steps[i].verb && strcmp(steps[i].verb, "publish") == 0)
            return true;
    }
    return false;
}

/* Not what was made of a newer revision meanwhile: that is public again. */
static int withdraw(struct store *s, const struct report *r, bool *ret_differs)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &report_public_collection, &r->head.id, &doc);
    if (done == 0 && store_revision(doc) <= r->head.revision)
        done = store_remove(s, &report_public_collection, &r->head.id, store_version(doc));
    else if (done == 0)
        return 0;
    *ret_differs |= done == 0;
    return done == STORE_ABSENT || done == STORE_CONFLICT ? 0 : done;
}

/* Who read the report before it was withdrawn, and wrote after that, takes the page back. */
static int check_still_public(struct store *s, const struct report *r, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct report now;
    bool differs = false;
    int done = store_get(s, &report_collection, &r->head.id, &doc);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    if (store_revision(doc) <= r->head.revision)
        return 0;
    done = report_decode(doc, a, &now);
    return done == 0 && !now.published_ms ? withdraw(s, &now, &differs) : done;
}

static int rebuild(struct store *s, const struct report *r, const struct calendar *c,
                   const struct case_names *names, bool exact, struct arena *a, bool *ret_differs)
{
    struct report_fact fact;
    report_project_fact(r, c, a, &fact);
    struct case_projection p = {&report_fact_entity, &fact, r->head.revision, exact, false};
    int done = case_project(s, &report_fact_collection, &r->head.id, &p);
    *ret_differs = p.differs;
    if (done != 0)
        return done;
    struct report_public public;
    if (!report_project_public(r, a, &public))
        return exact || was_published(r) ? withdraw(s, r, ret_differs) : 0;
    report_public_words(&public, names, a);
    p = (struct case_projection){&report_public_entity, &public, r->head.revision, exact, false};
    done = case_project(s, &report_public_collection, &r->head.id, &p);
    *ret_differs |= p.differs;
    return done == 0 && p.differs ? check_still_public(s, r, a) : done;
}

int report_rebuild(struct store *s, const struct report *r, const struct calendar *c,
                   const struct case_names *names, struct arena *a)
{
    bool differs = false;
    return rebuild(s, r, c, names, false, a, &differs);
}

int report_verify(struct store *s, const struct report *r, const struct calendar *c,
                  const struct case_names *names, struct arena *a, bool *ret_differed)
{
    const struct case_event *events = r->head.events.items;
    bool pending = false;
    for (size_t i = 0; i < r->head.events.n; i++)
        pending |= events[i].type == EVENT_PROJECT;
    int done = rebuild(s, r, c, names, true, a, ret_differed);
    *ret_differed &= !pending;
    return done;
}
