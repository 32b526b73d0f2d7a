/* The life of one report, step by step, by the same table that the living obey. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "programs/seed.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* The figures of QĐ 17/2022/QĐ-UBND, and the program's defaults for what it leaves open. */
static const struct report_settings budgets = {
    .dispatch = {2 * HOUR, 12 * HOUR},
    .response = {4 * HOUR, 24 * HOUR},
    .supply_ms = 3 * DAY,
    .review_ms = 7 * DAY,
    .extend_ms = 15 * DAY,
    .warn_share = 25,
};

struct walking {
    const struct seed_walk *k;
    struct report *r;
    struct seed_life life;
};

static int pass(struct walking *w, int64_t ms)
{
    return seed_pass(&w->life, ms);
}

static struct seed_random *dice(const struct walking *w)
{
    return w->k->random;
}

static const struct seed_hands *hands(const struct walking *w)
{
    const struct catalogue *c = w->k->world->catalogue;
    const struct agency *agency = catalogue_agency(c, w->r->head.agency);
    return agency ? &w->k->hands[agency - c->agencies] : &w->k->hands[0];
}

static int act(struct walking *w, struct case_act *a)
{
    if (!a->office && (a->party & (PARTY_OFFICER | PARTY_LEADER | PARTY_DISPATCHER)))
        a->office = w->r->head.agency;
    int done = case_apply(&report_kind, w->r, a, &w->life.world, w->k->arena);
    if (done == 0)
        seed_settle(&w->life);
    return done > 0 ? E_INVALID : done; /* the walk asks only for what the table allows */
}

static int officer_does(struct walking *w, const char *verb, const char *note)
{
    struct case_act a = {
        .verb = verb, .party = PARTY_OFFICER, .by = hands(w)->officer, .note = note};
    return act(w, &a);
}

static int leader_does(struct walking *w, const char *verb, const char *note)
{
    struct case_act a = {
        .verb = verb, .party = PARTY_LEADER | PARTY_OFFICER, .by = hands(w)->leader, .note = note};
    return act(w, &a);
}

static int owner_does(struct walking *w, const char *verb, const char *note, int64_t rating)
{
    struct case_act a = {
        .verb = verb, .party = PARTY_OWNER, .by = w->r->head.owner, .note = note, .rating = rating};
    return act(w, &a);
}

/* --- the stages --------------------------------------------------------------------------------
 */

/* What nobody's rule took: the portal sends it to an agency or says no. */
static int stage_dispatch(struct walking *w)
{
    int done = pass(w, seed_span(dice(w), 5 * MINUTE, 5 * HOUR));
    if (done != 0)
        return done;
    const struct catalogue *c = w->k->world->catalogue;
    struct case_act a = {.verb = "dispatch", .party = PARTY_DISPATCHER, .by = hands(w)->officer};
    if (seed_chance(dice(w), 15)) {
        a.verb = "reject";
        a.reason = seed_chance(dice(w), 50) ? "not_in_scope" : "no_content";
        a.note = "Nội dung không thuộc phạm vi tiếp nhận của phản ánh hiện trường.";
        done = act(w, &a);
        return done == 0 ? 1 : done;
    }
    size_t at = seed_draw(dice(w), c->n_agencies);
    if (strcmp(c->agencies[at].code, w->r->head.agency) == 0) /* not to itself */
        at = (at + 1) % c->n_agencies;
    a.agency = c->agencies[at].code;
    return act(w, &a);
}

static int stage_receive(struct walking *w)
{
    int64_t most = seed_chance(dice(w), 10) ? 2 * DAY : 3 * HOUR;
    int done = pass(w, seed_span(dice(w), 4 * MINUTE, most));
    if (done == 0)
        done = officer_does(w, "receive", NULL);
    if (done != 0 || !seed_chance(dice(w), 60))
        return done;
    done = pass(w, seed_span(dice(w), MINUTE, HOUR));
    if (done != 0)
        return done;
    struct case_act a = {.verb = "assign",
                         .party = PARTY_LEADER | PARTY_OFFICER,
                         .by = hands(w)->leader,
                         .officer = hands(w)->officer};
    return act(w, &a);
}

static int stage_ask(struct walking *w)
{
    if (!seed_chance(dice(w), 8))
        return 0;
    int done = officer_does(w, "ask", "Xin cho biết rõ hơn vị trí và thời điểm xảy ra sự việc.");
    if (done == 0)
        done = pass(w, seed_span(dice(w), 20 * MINUTE, 4 * DAY));
    /* Past three days the supply clock has already sent it on. */
    if (done != 0 || w->r->head.state != REPORT_WAITING)
        return done;
    return owner_does(w, "supply", "Sự việc ở ngay đầu hẻm, xảy ra vào mỗi buổi chiều.", 0);
}

/* Most are answered within hours, some in days, and a few lie for weeks. */
static int64_t time_to_answer(const struct walking *w)
{
    if (seed_chance(dice(w), 4))
        return seed_span(dice(w), 5 * DAY, 90 * DAY);
    return seed_span(dice(w), 20 * MINUTE, seed_chance(dice(w), 20) ? 6 * DAY : 8 * HOUR);
}

static int stage_answer(struct walking *w)
{
    int done = pass(w, time_to_answer(w));
    if (done == 0)
        done = officer_does(w, "answer", w->k->answer);
    for (int i = 0; done == 0 && w->r->head.state == REPORT_APPROVAL; i++) {
        done = pass(w, seed_span(dice(w), 10 * MINUTE, DAY));
        if (done != 0)
            break;
        if (i > 0 || seed_chance(dice(w), 90)) {
            done = leader_does(w, "approve", NULL);
            break;
        }
        done = leader_does(w, "send_back", "Bổ sung kết quả cụ thể và thời hạn hoàn thành.");
        if (done == 0)
            done = pass(w, seed_span(dice(w), 20 * MINUTE, 6 * HOUR));
        if (done == 0)
            done = officer_does(w, "answer", w->k->answer);
    }
    return done;
}

static int stage_after(struct walking *w)
{
    int done = pass(w, seed_span(dice(w), 10 * MINUTE, DAY));
    if (done == 0 && seed_chance(dice(w), 60))
        done = officer_does(w, "publish", NULL);
    if (done == 0)
        done = pass(w, seed_span(dice(w), 10 * MINUTE, 2 * DAY));
    if (done != 0)
        return done;
    if (seed_chance(dice(w), 4) && w->r->reopened == 0) {
        done = owner_does(w, "reopen", "Chưa khắc phục được, sự việc vẫn còn.", 0);
        if (done == 0)
            done = stage_receive(w);
        return done == 0 ? stage_answer(w) : done;
    }
    if (seed_chance(dice(w), 40)) {
        static const int64_t stars[] = {5, 5, 5, 4, 4, 4, 3, 3, 2, 1};
        done = owner_does(w, "rate", NULL, stars[seed_draw(dice(w), ARRAY_LEN(stars))]);
    }
    return done;
}

static int live(struct walking *w)
{
    int done = w->r->head.state == REPORT_NEW ? stage_dispatch(w) : 0;
    if (done == 0 && seed_chance(dice(w), 3)) {
        done = pass(w, seed_span(dice(w), 5 * MINUTE, 2 * HOUR));
        if (done == 0)
            done = owner_does(w, "withdraw", NULL, 0);
        return done == 0 ? 1 : done;
    }
    if (done == 0)
        done = stage_receive(w);
    if (done == 0)
        done = stage_ask(w);
    if (done == 0)
        done = stage_answer(w);
    return done == 0 ? stage_after(w) : done;
}

int seed_walk(const struct seed_walk *k, struct report *r, int64_t filed_ms)
{
    const struct agency *dispatcher = catalogue_dispatcher(k->world->catalogue);
    struct walking w = {.k = k,
                        .r = r,
                        .life = {.kind = &report_kind,
                                 .record = r,
                                 .head = &r->head,
                                 .arena = k->arena,
                                 .end_ms = k->end_ms,
                                 .world = {.calendar = k->world->calendar,
                                           .settings = &budgets,
                                           .now_ms = filed_ms,
                                           .dispatcher = dispatcher->code}}};
    struct case_act filing = {
        .verb = "file", .party = PARTY_OWNER, .by = r->head.actor, .agency = r->head.agency};
    int done = case_begin(&report_kind, r, &filing, &w.life.world, NULL, k->arena);
    if (done != 0)
        return done;
    seed_settle(&w.life);
    done = live(&w);
    if (done < 0)
        return done;
    done = pass(&w, k->end_ms - w.life.world.now_ms);
    return done < 0 ? done : 0;
}
