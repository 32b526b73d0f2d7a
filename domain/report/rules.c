/* What rows of the table (transitions.c) ask first and do last; each is pure but for the record. */
#include "domain/report/private.h"

#include <string.h>

#include "base/result.h"

/* --- guards ----------------------------------------------------------------------------------- */

int report_if_transfers_left(const void *record, const struct case_act *act,
                             const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->transfers < REPORT_TRANSFERS_MAX ? 0 : 1;
}

int report_if_emergency(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->emergency ? 0 : 1;
}

int report_if_needs_approval(const void *record, const struct case_act *act,
                             const struct case_world *w)
{
    (void)w;
    return ((const struct report *)record)->approval && !(act->party & PARTY_LEADER) ? 0 : 1;
}

int report_if_proof_wanted(const void *record, const struct case_act *act,
                           const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->proof ? 0 : 1;
}

int report_if_public(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->published_ms ? 0 : 1;
}

int report_if_private(const void *record, const struct case_act *act, const struct case_world *w)
{
    return report_if_public(record, act, w) ? 0 : 1;
}

int report_if_consented(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->consent ? 0 : 1;
}

int report_if_in_review(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act;
    const struct report *r = record;
    if (r->head.outcome != REPORT_RESOLVED)
        return 1;
    const struct report_settings *set = w->settings;
    return r->answered_ms && w->now_ms <= r->answered_ms + set->review_ms ? 0 : 1;
}

int report_if_not_rated(const void *record, const struct case_act *act, const struct case_world *w)
{
    int skip = report_if_in_review(record, act, w);
    return skip ? skip : ((const struct report *)record)->rating != 0;
}

int report_if_addable(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act;
    return w->now_ms < ((const struct report *)record)->head.filed_ms + REPORT_ADD_MS ? 0 : 1;
}

int report_if_more_awaited(const void *record, const struct case_act *act,
                           const struct case_world *w)
{
    const struct report *r = record;
    return r->awaited > (int64_t)act->n_media ? report_if_addable(record, act, w) : 1;
}

int report_if_awaiting(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return ((const struct report *)record)->awaited > 0 ? 0 : 1;
}

/* --- places ----------------------------------------------------------------------------------- */

/* Once somebody has it, there is seldom a reason to give it away. */
enum case_place report_place_assign(const void *record, bool mine)
{
    const struct case_head *h = &((const struct report *)record)->head;
    (void)mine; /* then somebody has it */
    return !id_is_nil(&h->officer) || h->state == REPORT_ANSWERED ? CASE_ASIDE : CASE_USUAL;
}

enum case_place report_place_answer(const void *record, bool mine)
{
    (void)record;
    return mine ? CASE_FORTH : CASE_USUAL;
}

/* What was answered is to be shown to all. */
enum case_place report_place_publish(const void *record, bool mine)
{
    (void)mine;
    return ((const struct report *)record)->head.state == REPORT_ANSWERED ? CASE_USUAL : CASE_ASIDE;
}

/* --- effects ---------------------------------------------------------------------------------- */

static bool is_agency(const char *agency, const char *code)
{
    return agency && strcmp(agency, code) == 0;
}

static int lacks(struct case_act *act, const char *pointer)
{
    act->lacks = pointer;
    return CASE_LACKS;
}

int report_do_move(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)a;
    struct report *r = record;
    /* To where it lies it would not move and still count; nobody receives anything at the portal.
     */
    if (is_agency(r->head.agency, act->agency) || is_agency(w->dispatcher, act->agency))
        return lacks(act, "/agency");
    if (strcmp(act->verb, "transfer") == 0)
        r->transfers++;
    case_hold(&r->head, act->agency);
    return 0;
}

int report_do_recall(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)a;
    if (!w->dispatcher)
        return E_UNAVAILABLE; /* nobody would be responsible */
    act->agency = w->dispatcher;
    case_hold(record, w->dispatcher);
    return 0;
}

int report_do_give_back(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    ((struct report *)record)->transfers++;
    return report_do_recall(record, act, w, a);
}

/* What extensions added to the response by now. */
static int64_t extended(const struct report *r)
{
    const struct case_clock_row *rows = r->head.clocks.items;
    for (size_t i = 0; i < r->head.clocks.n; i++) {
        if (rows[i].name == REPORT_CLOCK_RESPONSE)
            return rows[i].extended;
    }
    return 0;
}

int report_do_extend(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)a;
    struct report *r = record;
    const struct report_settings *set = w->settings;
    if (extended(r) + act->minutes * 60000 > set->extend_ms)
        return lacks(act, "/minutes");
    case_extend(&r->head, REPORT_CLOCK_RESPONSE, act->minutes, w->now_ms);
    r->extensions++;
    return 0;
}

static void propose_photos(struct report *r, const struct case_media *media, size_t n,
                           bool proposed)
{
    struct report_photo *photos = r->photos.items;
    for (size_t i = 0; i < r->photos.n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (photos[i].proof && id_equal(&photos[i].id, &media[j].id))
                photos[i].proposed = proposed;
        }
    }
}

int report_do_answer(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)a;
    struct report *r = record;
    bool waits = r->head.state == REPORT_APPROVAL;
    *(waits ? &r->proposed : &r->answer) = act->note;
    *(waits ? &r->proposed_ms : &r->answered_ms) = w->now_ms;
    propose_photos(r, act->media, act->n_media, waits);
    if (id_is_nil(&r->head.officer))
        r->head.officer = act->by;
    return 0;
}

int report_do_approve(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)act, (void)a;
    struct report *r = record;
    const struct case_step *steps = r->head.steps.items;
    r->answer = r->proposed;
    r->answered_ms = w->now_ms;
    r->proposed = NULL;
    r->proposed_ms = 0;
    /* Of this answer alone: what was shown with one that was sent back stays inside. */
    for (size_t i = r->head.steps.n; i-- > 0;) {
        if (strcmp(steps[i].verb, "answer") == 0) {
            propose_photos(r, steps[i].media.items, steps[i].media.n, false);
            break;
        }
    }
    return 0;
}

/* What was not approved was never said; history keeps it for the offices. */
int report_do_send_back(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)act, (void)w, (void)a;
    struct report *r = record;
    r->proposed = NULL;
    r->proposed_ms = 0;
    return 0;
}

int report_do_publish(void *record, struct case_act *act, const struct case_world *w,
                      struct arena *a)
{
    (void)act, (void)a;
    ((struct report *)record)->published_ms = w->now_ms;
    return 0;
}

int report_do_unpublish(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)act, (void)w, (void)a;
    struct report *r = record;
    r->published_ms = 0;
    if (id_is_nil(&r->head.owner)) /* erased: it stayed because it was public */
        r->text = NULL;
    return 0;
}

int report_do_rate(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    r->rating = act->rating;
    r->rating_note = act->note;
    return 0;
}

int report_do_reopen(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)act, (void)w, (void)a;
    struct report *r = record;
    r->reopened++;
    r->answered_ms = 0;
    r->rating = 0;
    r->rating_note = NULL;
    return 0;
}

/*
 * A duplicate points to an earlier report. When a report was filed never changes, so that pointing
 * leads back in time and never round, whatever others do to either meanwhile.
 */
static bool came_before(const struct case_act *act, const struct report *r)
{
    if (act->other_ms == r->head.filed_ms)
        return memcmp(act->other.bytes, r->head.id.bytes, sizeof(act->other.bytes)) < 0;
    return act->other_ms && act->other_ms < r->head.filed_ms;
}

int report_do_duplicate(void *record, struct case_act *act, const struct case_world *w,
                        struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (!came_before(act, r))
        return lacks(act, "/other");
    r->duplicate_of = act->other;
    return 0;
}

/* --- photos that come later ------------------------------------------------------------------- */

static int64_t own_photos(const struct report *r)
{
    const struct report_photo *photos = r->photos.items;
    int64_t n = 0;
    for (size_t i = 0; i < r->photos.n; i++)
        n += !photos[i].proof;
    return n;
}

static void await(struct report *r, int64_t n)
{
    r->awaited = n > 0 ? n : 0;
    if (r->awaited == 0)
        r->awaited_until_ms = 0;
}

int report_do_add(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct report *r = record;
    if (own_photos(r) > REPORT_OWN_MAX)
        return lacks(act, "/media");
    await(r, r->awaited - (int64_t)act->n_media);
    return 0;
}

int report_do_forgo(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)act, (void)w, (void)a;
    await(record, 0);
    return 0;
}

int report_do_missed(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)act, (void)w, (void)a;
    ((struct report *)record)->awaited_until_ms = 0;
    return 0;
}

/* Once it is decided upon they are waited for no more; nor where history has no room to say so. */
int64_t report_alarm(const void *record)
{
    const struct report *r = record;
    bool decided = r->head.state == REPORT_ANSWERED || r->head.state == REPORT_CLOSED;
    return decided || r->head.steps.n >= CASE_STEPS_MAX ? 0 : r->awaited_until_ms;
}
