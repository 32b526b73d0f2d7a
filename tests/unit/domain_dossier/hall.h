/*
 * A one-stop hall for the tests of dossiers: a desk in a commune (DESK), the agency that decides
 * (DEPT), one that is asked for an opinion (OTHER), applicants and officials. Its clock stands
 * still unless a test moves it: Monday 2 March 2026, 09:00, of the plain calendar.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/dossier/draft.h"
#include "domain/payment/payment.h"
#include "tests/support/model.h"
#include "tests/unit/crypto/scratch.h"

#define MINUTE (INT64_C(60) * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define DESK "H12.50"
#define DEPT "H12.01"
#define OTHER "H12.02"
#define PORTAL "CMU.IOC"

enum who {
    OWNER,
    STRANGER,
    DESK_OFFICER,
    DESK_LEADER,
    OFFICER, /* of DEPT */
    LEADER,
    OTHER_OFFICER,
    OTHER_LEADER,
    DISPATCHER,
    INSPECTOR,
    SYSTEM,
    WHO_MAX
};

struct hall {
    struct model_disk *disk;
    struct store *store;
    struct scratch *scratch;
    struct calendar *calendar;
    struct dossier_settings figures;
    struct case_world world;
    struct people people;
    struct arena arena;
    int filed;
};

static const struct store_collection *const hall_collections[] = {
    &dossier_collection, &dossier_fact_collection, &person_key_collection, &case_sweep_collection,
    &draft_collection,   &payment_collection,      &money_collection};

static inline void hall_open(struct hall *h)
{
    const char *fault = NULL;
    int64_t day = 0;
    void *scratch = NULL;
    *h = (struct hall){.disk = model_disk_new(), .figures = dossier_settings_default};
    arena_init(&h->arena);
    assert_int_equal(scratch_begin(&scratch), 0);
    h->scratch = scratch;
    int done = store_new(model_open(h->disk), hall_collections, ARRAY_LEN(hall_collections), &fault,
                         &h->store);
    if (done != 0)
        fail_msg("%s", fault ? fault : result_words(done));
    assert_int_equal(calendar_plain(&h->calendar), 0);
    assert_true(clock_day_of_date(2026, 3, 2, &day));
    h->people = (struct people){h->store, h->store, h->scratch->keyring};
    h->world = (struct case_world){.calendar = h->calendar,
                                   .settings = &h->figures,
                                   .now_ms = clock_day_start_ms(day) + 9 * HOUR,
                                   .dispatcher = PORTAL};
}

static inline void hall_close(struct hall *h)
{
    void *scratch = h->scratch;
    store_free(h->store);
    model_disk_free(h->disk);
    calendar_unref(h->calendar);
    arena_release(&h->arena);
    scratch_end(&scratch);
}

static inline struct id hall_id(int who)
{
    uint8_t n = (uint8_t)who;
    return id_v8("who", &(struct id_part){&n, 1}, 1);
}

static inline struct case_actor hall_actor(enum who who)
{
    static const char *const agencies[WHO_MAX] = {
        [DESK_OFFICER] = DESK, [DESK_LEADER] = DESK,    [OFFICER] = DEPT,
        [LEADER] = DEPT,       [OTHER_OFFICER] = OTHER, [OTHER_LEADER] = OTHER,
        [DISPATCHER] = PORTAL, [INSPECTOR] = PORTAL,
    };
    static const struct id nobody;
    return (struct case_actor){
        .id = who == SYSTEM ? nobody : hall_id(who),
        .citizen = who == OWNER || who == STRANGER,
        .dispatcher = who == DISPATCHER,
        .officer = who == DESK_OFFICER || who == OFFICER || who == OTHER_OFFICER,
        .leader = who == DESK_LEADER || who == LEADER || who == OTHER_LEADER,
        .inspector = who == INSPECTOR,
        .system = who == SYSTEM,
        .agency = agencies[who],
    };
}

#define HALL_APPLICANT "{\"name\":\"Nguyễn Thị Bưởi\"}"
#define HALL_FORM "{\"child\":\"Trần Văn Cam\"}"

/* Five working days; three components, of which the second came from the document store. */
static inline struct dossier_filing hall_filing(int64_t fee)
{
    static const struct case_media file = {{{7, 7, 7}}};
    static struct dossier_component components[3];
    static const struct dossier_plan plan[] = {{"Tiếp nhận", NULL, "counter", 10},
                                               {"Thẩm định", "Tư pháp", "officer", 60},
                                               {"Ký duyệt", NULL, "leader", 30}};
    components[0] = (struct dossier_component){.code = "form", .files = {(void *)&file, 1}};
    components[1] = (struct dossier_component){.code = "card", .document = hall_id(99)};
    components[2] = (struct dossier_component){.code = "proof", .files = {(void *)&file, 1}};
    return (struct dossier_filing){
        .owner = hall_id(OWNER),
        .actor = hall_id(OWNER),
        .desk = DESK,
        .decider = DEPT,
        .procedure = "1.001193",
        .field = "Hộ tịch",
        .version = 20260101,
        .channel = DOSSIER_ONLINE,
        .subject = DOSSIER_CITIZEN,
        .applicant = HALL_APPLICANT,
        .form = HALL_FORM,
        .time_unit = CALENDAR_WORKING_DAYS,
        .time = 5,
        .fee = fee,
        .fetch = "download",
        .components = components,
        .n_components = 3,
        .plan = plan,
        .n_plan = ARRAY_LEN(plan),
    };
}

static inline void hall_file(struct hall *h, int64_t fee, struct dossier *ret)
{
    char key[24];
    snprintf(key, sizeof(key), "key-%d", h->filed++);
    struct dossier_filing f = hall_filing(fee);
    assert_int_equal(dossier_file(&h->people, &f, key, key, strlen(key), &h->world, &h->arena, ret),
                     0);
}

static inline void hall_get(struct hall *h, const struct id *id, struct dossier *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    assert_int_equal(store_get(h->store, &dossier_collection, id, &doc), 0);
    assert_int_equal(dossier_decode(doc, &h->arena, ret), 0);
}

/* Verdicts: the third is unclear; or the file that comes in its place. */
static inline void hall_papers(struct dossier_act *deed)
{
    static const struct case_media file = {{{8, 8, 8}}};
    static struct dossier_component asked[1], supplied[1];
    asked[0] = (struct dossier_component){
        .code = "proof", .verdict = DOSSIER_UNCLEAR, .note = "Ảnh mờ, xin chụp lại."};
    supplied[0] = (struct dossier_component){.code = "proof", .files = {(void *)&file, 1}};
    bool supplement = strcmp(deed->act.verb, "supplement") == 0;
    deed->components = supplement ? asked : supplied;
    deed->n_components = 1;
}

/* The verb with all that any row of it could need. */
static inline struct dossier_act hall_deed(struct hall *h, const char *verb, enum who who)
{
    static struct dossier_result result = {.file = {{9, 9, 9}}, .code = "result"};
    struct dossier_act deed = {.actor = hall_actor(who)};
    bool elsewhere = who == OTHER_OFFICER || who == OTHER_LEADER;
    const char *reasons[][2] = {
        {"refuse", "not_complete"}, {"stop", "dispute"}, {"transfer", "opinion"}};
    deed.act = (struct case_act){
        .verb = verb,
        .by = deed.actor.id,
        .office = deed.actor.agency,
        .note = "Theo quy định tại Nghị định 118/2025/NĐ-CP.",
        .agency = elsewhere ? DEPT : OTHER,
        .officer = hall_id(elsewhere ? OTHER_OFFICER : OFFICER),
        .rating = 5,
    };
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        if (strcmp(reasons[i][0], verb) == 0)
            deed.act.reason = reasons[i][1];
    }
    hall_papers(&deed);
    deed.results = &result;
    deed.n_results = 1;
    deed.act.amount = 50000;
    deed.act.days = 3;
    deed.way = DOSSIER_CASH;
    deed.reference = "VN123456789";
    deed.payment = hall_id(100 + h->filed);
    return deed;
}

static inline int hall_do(struct hall *h, struct dossier *d, struct dossier_act *deed)
{
    return dossier_do(h->store, &d->head.id, deed, NULL, &h->world, &h->arena, d);
}

/* Which must succeed; a minute passes. */
static inline void hall_take(struct hall *h, struct dossier *d, const char *verb, enum who who)
{
    struct dossier_act deed = hall_deed(h, verb, who);
    int done = hall_do(h, d, &deed);
    if (done != 0)
        fail_msg("%s by %d in %s: %d, lacks %s", verb, (int)who,
                 entity_enum_name(dossier_states, d->head.state), done,
                 deed.act.lacks ? deed.act.lacks : "nothing");
    h->world.now_ms += MINUTE;
}

/* Its events count as dispatched. */
static inline void hall_settle(struct hall *h, struct dossier *d)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    const struct case_event *events = d->head.events.items;
    struct id *ids = arena_array(&h->arena, d->head.events.n, sizeof(*ids));
    for (size_t i = 0; i < d->head.events.n; i++)
        ids[i] = events[i].id;
    assert_int_equal(store_get(h->store, &dossier_collection, &d->head.id, &doc), 0);
    struct case_settling one = {
        .id = d->head.id, .seen = doc, .events = ids, .n = d->head.events.n, .world = &h->world};
    case_settle_many(&dossier_kept, h->store, &one, 1, &h->arena);
    assert_true(one.outcome == 0 || one.outcome == STORE_UNCHANGED);
    hall_get(h, &d->head.id, d);
}

/* Files one and takes the way to a state. */
static inline void hall_reach(struct hall *h, int64_t fee, int state, struct dossier *d)
{
    static const struct {
        int state;
        const char *verb;
        enum who who;
    } ways[] = {
        {DOSSIER_RECEIVED, "receive", DESK_OFFICER},
        {DOSSIER_IN_PROGRESS, "take", OFFICER},
    };
    hall_file(h, fee, d);
    if (state == DOSSIER_REFUSED)
        hall_take(h, d, "refuse", DESK_OFFICER);
    for (size_t i = 0; i < ARRAY_LEN(ways) && d->head.state != state &&
                       state != DOSSIER_SUBMITTED && state != DOSSIER_REFUSED;
         i++)
        hall_take(h, d, ways[i].verb, ways[i].who);
    if (state == DOSSIER_SUPPLEMENT)
        hall_take(h, d, "supplement", OFFICER);
    if (state == DOSSIER_FEE)
        hall_take(h, d, "ask_fee", OFFICER);
    if (state == DOSSIER_WITHDRAWING)
        hall_take(h, d, "withdraw", OWNER);
    if (state == DOSSIER_PAUSED)
        hall_take(h, d, "pause", LEADER);
    if (state == DOSSIER_STOPPED)
        hall_take(h, d, "stop", LEADER);
    if (state == DOSSIER_FINISHED || state == DOSSIER_RETURNED)
        hall_take(h, d, "finish", LEADER);
    if (state == DOSSIER_RETURNED)
        hall_take(h, d, "hand_over", DESK_OFFICER);
    assert_int_equal(d->head.state, state);
    hall_settle(h, d);
}
