/* What is private in the ended reports of somebody who is erased. */
#include <string.h>

#include "domain/area/cell.h"
#include "domain/case/history.h"
#include "domain/report/report.h"

#define PAGE 50

static bool is_over(const struct report *r)
{
    return r->head.state == REPORT_CLOSED || r->head.state == REPORT_ANSWERED;
}

static void forget_words(struct report *r)
{
    struct case_step *steps = r->head.steps.items;
    struct case_task *tasks = r->head.tasks.items;
    for (size_t i = 0; i < r->head.steps.n; i++) {
        if (steps[i].party && strcmp(steps[i].party, "owner") == 0)
            history_erase(&steps[i]);
    }
    for (size_t i = 0; i < r->head.tasks.n; i++)
        tasks[i].answer = NULL;
    r->address = r->answers = r->rating_note = NULL;
    r->answers_form = 0;
    r->consent = false;
    r->said_in = (struct id){0};
    if (!r->published_ms)
        r->text = NULL;
}

/* The pin is gone; what was published stays where the public saw it. */
static void forget_place(struct report *r)
{
    if (r->published_ms && r->point.set)
        area_round(r->point.lat, r->point.lon, &r->point.lat, &r->point.lon);
    else
        r->point = (struct point){0};
}

static void forget_photos(struct report *r)
{
    struct report_photo *photos = r->photos.items;
    size_t n = 0;
    for (size_t i = 0; i < r->photos.n; i++) {
        if (photos[i].proof || (photos[i].public && r->published_ms))
            photos[n++] = photos[i];
    }
    r->photos.n = n;
}

/* Nobody did anything to the case: it is no step, and its revision stays. */
static int erase(struct store_edit *edit, void *ctx)
{
    const struct id *owner = ctx;
    struct report r;
    int done = report_decode(edit->before, edit->arena, &r);
    if (done < 0)
        return done;
    if (!id_equal(&r.head.owner, owner) || !is_over(&r))
        return STORE_UNCHANGED;
    forget_words(&r);
    forget_place(&r);
    forget_photos(&r);
    if (id_equal(&r.head.actor, owner))
        r.head.actor = (struct id){0};
    r.head.owner = (struct id){0};
    return entity_encode(&report_entity, &r, edit->before, edit->arena, edit->after);
}

int report_erase(struct store *s, const struct id *owner, struct arena *a, bool *ret_more)
{
    struct id who = *owner;
    return case_each_owned(&report_kept, s, owner, erase, &who, a, ret_more);
}

int report_count(struct store *s, const struct id *owner, struct report_counts *ret)
{
    struct store_value whose = store_id(*owner);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "filed", .limit = PAGE};
    bool more = true;
    int done = 0;
    *ret = (struct report_counts){0};
    while (more && done == 0) {
        struct arena a;
        struct store_page page = {0};
        arena_init(&a);
        done = store_scan(s, &report_collection, &q, &a, &page);
        for (size_t i = 0; i < page.n && done == 0; i++) {
            struct report r;
            done = report_decode(page.docs[i], &a, &r);
            ret->all++;
            ret->open += done == 0 && !is_over(&r);
            ret->published += done == 0 && r.published_ms != 0;
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next; /* a time and an id: it borrows nothing */
        arena_release(&a);
    }
    return done;
}
