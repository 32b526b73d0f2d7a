/* The life of one dossier, step by step, by the same table that the living obey. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "programs/seed.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

struct walking {
    const struct seed_walk *k;
    struct dossier *d;
    struct seed_life life;
};

static struct seed_random *dice(const struct walking *w)
{
    return w->k->random;
}

static int pass(struct walking *w, int64_t least, int64_t most)
{
    return seed_pass(&w->life, seed_span(dice(w), least, most));
}

static const struct seed_hands *hands(const struct walking *w)
{
    const struct catalogue *c = w->k->world->catalogue;
    const struct agency *agency = catalogue_agency(c, w->d->head.agency);
    return agency ? &w->k->hands[agency - c->agencies] : &w->k->hands[0];
}

/* As the officer unless the act says otherwise; what the table allows and nothing else is asked. */
static int act(struct walking *w, struct dossier_act *deed)
{
    if (!deed->act.party) {
        deed->act.party = PARTY_OFFICER | PARTY_DESK;
        deed->act.by = hands(w)->officer;
    }
    if (!(deed->act.party & PARTY_OWNER))
        deed->act.office = w->d->head.agency;
    int done = case_apply(&dossier_kind, w->d, &deed->act, &w->life.world, w->k->arena);
    if (done != 0)
        return done > 0 ? E_INVALID : done;
    seed_settle(&w->life);
    dossier_kept.after(w->d, w->life.world.calendar);
    return 0;
}

static int does(struct walking *w, const char *verb, const char *note)
{
    struct dossier_act deed = {.act = {.verb = verb, .note = note}};
    return act(w, &deed);
}

static int leader_does(struct walking *w, const char *verb, const char *note, int64_t days)
{
    struct dossier_act deed = {.act = {.verb = verb,
                                       .note = note,
                                       .party = PARTY_LEADER | PARTY_OFFICER,
                                       .by = hands(w)->leader,
                                       .days = days}};
    return act(w, &deed);
}

static int owner_does(struct walking *w, const char *verb, const char *note, int64_t rating)
{
    struct dossier_act deed = {.act = {.verb = verb,
                                       .note = note,
                                       .rating = rating,
                                       .party = PARTY_OWNER,
                                       .by = w->d->head.owner}};
    return act(w, &deed);
}

/* --- the stages ------------------------------------------------------------------------------- */

static int stage_desk(struct walking *w)
{
    int done = pass(w, 2 * MINUTE, seed_chance(dice(w), 5) ? 2 * DAY : 4 * HOUR);
    if (done != 0)
        return done;
    if (seed_chance(dice(w), 5)) {
        struct dossier_act deed = {.act = {.verb = "refuse",
                                           .reason = "not_complete",
                                           .note = "Hồ sơ chưa có bản chính để đối chiếu."}};
        done = act(w, &deed);
        return done == 0 ? 1 : done;
    }
    done = does(w, "receive", NULL);
    int64_t owed = dossier_owed(w->d);
    if (done == 0 && owed > 0) {
        struct dossier_act deed = {.act = {.verb = "pay", .amount = owed},
                                   .way = DOSSIER_CASH,
                                   .reference = "BL",
                                   .payment = w->d->head.id};
        done = act(w, &deed);
    }
    return done;
}

/* What is asked for comes within days, or not at all. 1: the dossier has ended. */
static int stage_supplement(struct walking *w)
{
    const struct dossier_component *first = w->d->components.items;
    struct dossier_component paper = {
        .code = first->code, .verdict = DOSSIER_UNCLEAR, .note = "Bản sao mờ, không đọc được."};
    struct dossier_act asks = {.act = {.verb = "supplement", .note = "Đề nghị nộp lại bản rõ."},
                               .components = &paper,
                               .n_components = 1};
    int done = act(w, &asks);
    if (done == 0)
        done = pass(w, 3 * HOUR, seed_chance(dice(w), 15) ? 90 * DAY : 12 * DAY);
    if (done != 0 || w->d->head.state != DOSSIER_SUPPLEMENT)
        return done != 0 ? done : 1;
    paper = (struct dossier_component){.code = first->code, .copies = 1};
    struct dossier_act hands_in = {
        .act = {.verb = "supply"}, .components = &paper, .n_components = 1};
    return act(w, &hands_in);
}

static int stage_withdraw(struct walking *w)
{
    int done = owner_does(w, "withdraw", "Tôi sẽ nộp lại sau.", 0);
    if (done == 0)
        done = pass(w, HOUR, 3 * DAY);
    if (done == 0)
        done = does(w, "release", NULL);
    return done == 0 ? 1 : done;
}

static int stage_handle(struct walking *w)
{
    int done = pass(w, 10 * MINUTE, 6 * HOUR);
    if (done == 0)
        done = does(w, "take", NULL);
    if (done == 0 && seed_chance(dice(w), 12))
        done = stage_supplement(w);
    if (done == 0 && seed_chance(dice(w), 3))
        done = stage_withdraw(w);
    if (done == 0)
        done = seed_chance(dice(w), 10) ? pass(w, 4 * DAY, 30 * DAY) : pass(w, HOUR, 3 * DAY);
    if (done != 0)
        return done;
    bool late = w->d->head.due_ms && w->life.world.now_ms > w->d->head.due_ms;
    if (!late && w->d->head.due_ms && w->life.world.now_ms + DAY <= w->d->head.due_ms &&
        seed_chance(dice(w), 3)) {
        done = leader_does(w, "apologise", "Cần xác minh thêm, xin lỗi và hẹn lại.", 2);
        if (done == 0)
            done = pass(w, HOUR, 2 * DAY);
    }
    return done;
}

static int stage_end(struct walking *w)
{
    static const int64_t stars[] = {5, 5, 5, 5, 4, 4, 4, 3, 2, 1};
    struct dossier_result result = {
        .number = arena_printf(w->k->arena, "%d/GXN", 1 + (int)seed_draw(dice(w), 4000))};
    struct dossier_act finish = {.act = {.verb = "finish",
                                         .note = "Đủ điều kiện giải quyết.",
                                         .party = PARTY_LEADER | PARTY_OFFICER,
                                         .by = hands(w)->leader},
                                 .results = &result,
                                 .n_results = 1};
    int done = seed_chance(dice(w), 3)
                   ? leader_does(w, "deny", "Không đủ điều kiện theo quy định.", 0)
                   : act(w, &finish);
    if (done == 0)
        done = pass(w, HOUR, seed_chance(dice(w), 10) ? 60 * DAY : 3 * DAY);
    if (done == 0)
        done = does(w, "hand_over", "Ký nhận tại quầy");
    if (done == 0)
        done = pass(w, MINUTE, DAY);
    if (done == 0 && seed_chance(dice(w), 35))
        done = owner_does(w, "rate", NULL, stars[seed_draw(dice(w), ARRAY_LEN(stars))]);
    return done;
}

int seed_dossier_walk(const struct seed_walk *k, struct dossier *d, int64_t filed_ms)
{
    struct walking w = {.k = k,
                        .d = d,
                        .life = {.kind = &dossier_kind,
                                 .record = d,
                                 .head = &d->head,
                                 .arena = k->arena,
                                 .end_ms = k->end_ms,
                                 .world = {.calendar = k->world->calendar,
                                           .settings = &dossier_settings_default,
                                           .now_ms = filed_ms}}};
    const struct agency *dispatcher = catalogue_dispatcher(k->world->catalogue);
    w.life.world.dispatcher = dispatcher ? dispatcher->code : NULL;
    struct case_act filing = {.verb = "file",
                              .party = PARTY_DESK,
                              .by = d->head.actor,
                              .office = d->head.desk,
                              .agency = d->head.desk};
    int done = case_begin(&dossier_kind, d, &filing, &w.life.world, NULL, k->arena);
    if (done != 0)
        return done;
    seed_settle(&w.life);
    done = stage_desk(&w);
    if (done == 0)
        done = stage_handle(&w);
    if (done == 0)
        done = stage_end(&w);
    if (done < 0)
        return done;
    done = seed_pass(&w.life, k->end_ms - w.life.world.now_ms);
    return done < 0 ? done : 0;
}
