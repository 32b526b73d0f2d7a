#include "tests/support/province.h"

#include <ftw.h>
#include <unistd.h>

#include "base/clock.h"
#include "domain/agency/agency.h"
#include "domain/identity/limit.h"
#include "domain/identity/session.h"
#include "domain/look/look.h"
#include "domain/procedure/procedure.h"
#include "domain/report/held.h"
#include "domain/setting/setting.h"
#include "domain/staff/staff.h"
#include "store/sqlite/sqlite.h"
#include "tests/support/model.h"

const char *const who_names[WHO_MAX] = {
    [OWNER] = "owner",
    [STRANGER] = "stranger",
    [DISPATCHER] = "dispatcher",
    [OFFICER] = "officer",
    [LEADER] = "leader",
    [OTHER_OFFICER] = "other officer",
    [OTHER_LEADER] = "other leader",
    [LONE_OFFICER] = "lone officer",
    [INSPECTOR] = "inspector",
    [SYSTEM] = "system",
};

/* clang-format off */
static const struct store_collection *const collections[] = {
    &report_collection,
    &report_public_collection,
    &report_fact_collection,
    &case_sweep_collection,
    &agency_collection,
    &category_collection,
    &rule_collection,
    &limit_collection,
    &session_collection,
    &staff_collection,
    &report_held_collection,
    &procedure_collection,
    &setting_collection,
    &look_collection,
};
/* clang-format on */

int64_t province_monday_ms(void)
{
    int64_t day = 0;
    assert_true(clock_day_of_date(2026, 3, 2, &day));
    return clock_day_start_ms(day) + 9 * HOUR;
}

static void open_store(struct province *p)
{
    struct store_driver *driver = NULL;
    const char *fault = NULL;
    if (p->engine == ENGINE_MODEL) {
        driver = model_open(p->disk);
    } else {
        struct sqlite_options o = {.folder = p->folder, .readers = 2};
        assert_int_equal(sqlite_open(&o, collections, ARRAY_LEN(collections), &driver), 0);
    }
    assert_int_equal(store_new(driver, collections, ARRAY_LEN(collections), &fault, &p->store), 0);
}

void province_open(struct province *p, enum engine engine)
{
    *p = (struct province){.engine = engine};
    arena_init(&p->arena);
    if (engine == ENGINE_MODEL) {
        p->disk = model_disk_new();
    } else {
        const char *base = getenv("TMPDIR");
        snprintf(p->folder, sizeof(p->folder), "%s/tram-province-XXXXXX", base ? base : "/tmp");
        assert_non_null(mkdtemp(p->folder));
    }
    open_store(p);
    assert_int_equal(calendar_plain(&p->calendar), 0);
    p->figures = (struct report_settings){.dispatch = {2 * HOUR, 12 * HOUR},
                                          .response = {4 * HOUR, 24 * HOUR},
                                          .supply_ms = 72 * HOUR,
                                          .review_ms = 7 * DAY,
                                          .extend_ms = 15 * DAY,
                                          .warn_share = 25};
    p->world = (struct case_world){.calendar = p->calendar,
                                   .settings = &p->figures,
                                   .now_ms = province_monday_ms(),
                                   .dispatcher = PORTAL};
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

void province_close(struct province *p)
{
    store_free(p->store);
    if (p->engine == ENGINE_SQLITE)
        nftw(p->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    model_disk_free(p->disk);
    calendar_unref(p->calendar);
    arena_release(&p->arena);
}

void province_reopen(struct province *p)
{
    store_free(p->store);
    open_store(p);
}

struct id province_id(enum who who)
{
    uint8_t n = (uint8_t)who;
    return id_v8("who", &(struct id_part){&n, 1}, 1);
}

struct case_actor province_actor(enum who who)
{
    static const char *const agencies[WHO_MAX] = {
        [DISPATCHER] = PORTAL,   [OFFICER] = HERE,       [LEADER] = HERE,
        [OTHER_OFFICER] = THERE, [OTHER_LEADER] = THERE, [INSPECTOR] = PORTAL,
        [LONE_OFFICER] = ALONE,
    };
    static const struct id nobody;
    return (struct case_actor){
        .id = who == SYSTEM ? nobody : province_id(who),
        .citizen = who == OWNER || who == STRANGER,
        .dispatcher = who == DISPATCHER,
        .officer = who == OFFICER || who == OTHER_OFFICER || who == LONE_OFFICER,
        .leader = who == LEADER || who == OTHER_LEADER,
        .inspector = who == INSPECTOR,
        .system = who == SYSTEM,
        .agency = agencies[who],
    };
}

struct case_actor province_actor_before(const struct province *p, enum who who,
                                        const struct report *r)
{
    const char *const leaderless[] = {ALONE, EMPTY, p->leaderless};
    struct case_actor actor = province_actor(who);
    for (size_t i = 0; i < ARRAY_LEN(leaderless) && actor.dispatcher; i++) {
        if (leaderless[i] && strcmp(r->head.agency, leaderless[i]) == 0)
            actor.stands_in = leaderless[i];
    }
    return actor;
}

struct report_draft province_draft(unsigned traits)
{
    return (struct report_draft){
        .owner = province_id(OWNER),
        .actor = province_id(OWNER),
        .category = "ha_tang_do_thi",
        .text = "Ổ gà lớn giữa đường, xe máy té hoài.",
        .address = "Trước số 12 Phan Ngọc Hiển",
        .point = {9.1769, 105.15, true},
        .commune = "32025",
        .place = PLACE_CHOICE,
        .agency = traits & UNROUTED ? NULL : HERE,
        .emergency = traits & EMERGENCY,
        .approval = traits & APPROVAL,
        .proof = traits & PROOF,
        .awaited = traits & AWAITED ? 2 : 0,
        .consent = traits & CONSENT,
    };
}

void province_file(struct province *p, unsigned traits, struct report *ret)
{
    char key[24];
    snprintf(key, sizeof(key), "key-%d", p->filed++);
    struct report_draft d = province_draft(traits);
    assert_int_equal(report_file(p->store, &d, key, key, strlen(key), &p->world, &p->arena, ret),
                     0);
}

void province_get(struct province *p, const struct id *id, struct report *ret)
{
    bson_t *doc = NULL;
    assert_int_equal(store_get(p->store, &report_collection, id, &doc), 0);
    assert_int_equal(report_decode(doc, &p->arena, ret), 0);
    bson_destroy(doc);
}

struct report_act province_deed(const struct province *p, const char *verb, enum who who)
{
    static const struct case_media media = {{{1, 2, 3}}}, other = {{{4, 5, 6}}};
    static const struct report_photo photo = {.id = {{1, 2, 3}}, .proof = true};
    static const struct report_photo later = {.id = {{7, 8, 9}}};
    struct report_act deed = {.actor = province_actor(who)};
    bool dispatch = strcmp(verb, "dispatch") == 0, publish = strcmp(verb, "publish") == 0;
    bool from_there = who == OTHER_OFFICER || who == OTHER_LEADER;
    bool answers = strcmp(verb, "answer") == 0, adds = strcmp(verb, "add") == 0;
    bool shows = answers || adds;
    deed.act = (struct case_act){
        .verb = verb,
        .by = deed.actor.id,
        .office = deed.actor.agency,
        .note = "Đã đến xem và làm xong trong sáng nay.",
        .reason = strcmp(verb, "transfer") == 0 ? "other_area" : "untrue",
        .agency = dispatch || from_there ? HERE : THERE,
        .officer = province_id(from_there ? OTHER_OFFICER : OFFICER),
        .other = id_v8("other", NULL, 0),
        .other_ms = province_monday_ms() - DAY,
        .rating = 4,
        .minutes = 90,
        .days = 3,
        .media = shows     ? &media
                 : publish ? &other
                           : NULL,
        .n_media = shows || publish ? 1 : 0,
        .proof = shows,
    };
    if (shows) {
        deed.photos = adds ? &later : &photo;
        deed.n_photos = 1;
    }
    (void)p;
    return deed;
}

int province_act(struct province *p, const struct id *id, struct report_act *act,
                 struct report *ret)
{
    struct report before;
    province_get(p, id, &before);
    if (act->actor.dispatcher)
        act->actor = province_actor_before(p, DISPATCHER, &before);
    return report_act(p->store, id, act, NULL, &p->world, &p->arena, ret);
}

void province_do(struct province *p, struct report *r, const char *verb, enum who who)
{
    struct report_act deed = province_deed(p, verb, who);
    struct report after;
    int done = province_act(p, &r->head.id, &deed, &after);
    if (done != 0)
        fail_msg("%s by %s in %s: %d, lacks %s", verb, who_names[who],
                 entity_enum_name(report_states, r->head.state), done,
                 deed.act.lacks ? deed.act.lacks : "nothing");
    *r = after;
}

void province_settle(struct province *p, struct report *r)
{
    const struct case_event *events = r->head.events.items;
    struct id ids[CASE_EVENTS_MAX];
    assert_true(r->head.events.n <= CASE_EVENTS_MAX);
    for (size_t i = 0; i < r->head.events.n; i++)
        ids[i] = events[i].id;
    int done = report_settle(p->store, &r->head.id, ids, r->head.events.n, &p->world);
    assert_true(done == 0 || done == STORE_UNCHANGED);
    province_get(p, &r->head.id, r);
}

void province_dispatch(struct province *p, struct report *r)
{
    const struct case_event *events = r->head.events.items;
    bool project = false;
    for (size_t i = 0; i < r->head.events.n; i++)
        project |= events[i].type == EVENT_PROJECT;
    if (project)
        assert_int_equal(report_rebuild(p->store, r, p->calendar, NULL, &p->arena), 0);
    province_settle(p, r);
}

void province_reach(struct province *p, unsigned traits, int state, struct report *ret)
{
    static const struct {
        int state;
        const char *verbs[5];
    } ways[] = {
        {REPORT_NEW, {0}},
        {REPORT_DISPATCHED, {0}},
        {REPORT_RECEIVED, {"receive"}},
        {REPORT_IN_PROGRESS, {"receive", "assign"}},
        {REPORT_WAITING, {"receive", "ask"}},
        {REPORT_APPROVAL, {"receive", "answer"}},
        {REPORT_ANSWERED, {"receive", "answer", "approve"}},
        {REPORT_CLOSED, {"receive", "answer", "approve", "close"}},
    };
    traits |= state == REPORT_APPROVAL ? APPROVAL : 0;
    bool unrouted = (traits & UNROUTED) || state == REPORT_NEW;
    province_file(p, traits | (unrouted ? UNROUTED : 0), ret);
    if (unrouted && state != REPORT_NEW)
        province_do(p, ret, "dispatch", DISPATCHER);
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        for (size_t j = 0; ways[i].state == state && ways[i].verbs[j]; j++) {
            bool approve = strcmp(ways[i].verbs[j], "approve") == 0;
            if (!approve || ret->head.state == REPORT_APPROVAL)
                province_do(p, ret, ways[i].verbs[j], approve ? LEADER : OFFICER);
        }
    }
    assert_int_equal(ret->head.state, state);
    province_dispatch(p, ret);
}

const struct case_clock_row *province_clock(const struct report *r, int name)
{
    const struct case_clock_row *rows = r->head.clocks.items;
    for (size_t i = 0; i < r->head.clocks.n; i++) {
        if (rows[i].name == name)
            return &rows[i];
    }
    fail_msg("the clock %d was never started", name);
    return NULL;
}

const struct case_step *province_last_step(const struct report *r)
{
    const struct case_step *steps = r->head.steps.items;
    assert_true(r->head.steps.n > 0);
    return &steps[r->head.steps.n - 1];
}
