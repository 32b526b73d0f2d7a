/* The complaint's transition table: sound, and each row taken by whom it names and by nobody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "domain/case/history.h"
#include "domain/complaint/complaint.h"
#include "tests/support/model.h"

#define DESK "H12.50"
#define PORTAL "CMU.IOC"
#define DAY (INT64_C(24) * 3600 * 1000)

enum who { OWNER, STRANGER, OFFICER, LEADER, BARRED, INSPECTOR, DISPATCHER, WHO_MAX };

static struct arena arena;
static struct case_world world;

static struct id id_of(int who)
{
    uint8_t n = (uint8_t)who;
    return id_v8("who", &(struct id_part){&n, 1}, 1);
}

static struct case_actor actor_of(enum who who)
{
    bool citizen = who == OWNER || who == STRANGER;
    bool portal = who == INSPECTOR || who == DISPATCHER;
    return (struct case_actor){.id = id_of(who),
                               .citizen = citizen,
                               .officer = who == OFFICER,
                               .leader = who == LEADER || who == BARRED,
                               .inspector = who == INSPECTOR,
                               .dispatcher = who == DISPATCHER,
                               .agency = citizen  ? NULL
                                         : portal ? PORTAL
                                                  : DESK};
}

static int set_up(void **state)
{
    (void)state;
    struct calendar *calendar = NULL;
    int64_t day = 0;
    arena_init(&arena);
    assert_int_equal(calendar_plain(&calendar), 0);
    assert_true(clock_day_of_date(2026, 3, 2, &day));
    world = (struct case_world){.calendar = calendar,
                                .settings = &complaint_settings_default,
                                .now_ms = clock_day_start_ms(day) + 9 * INT64_C(3600) * 1000,
                                .dispatcher = PORTAL};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    calendar_unref((struct calendar *)(uintptr_t)world.calendar);
    arena_release(&arena);
    return 0;
}

static int take(struct complaint *c, const char *verb, enum who who)
{
    struct case_actor actor = actor_of(who);
    struct case_act act = {.verb = verb,
                           .by = actor.id,
                           .office = actor.agency,
                           .note = "Đã xem xét và trả lời.",
                           .reason = "formal",
                           .rating = 4,
                           .days = 2};
    case_act_by(&act, &c->head, &actor);
    return case_apply(&complaint_kind, c, &act, &world, &arena);
}

static void begin(struct complaint *c)
{
    struct case_act act = {.verb = "file", .party = PARTY_OWNER, .by = id_of(OWNER)};
    *c = (struct complaint){.head = {.id = id_of(99),
                                     .owner = id_of(OWNER),
                                     .actor = id_of(OWNER),
                                     .agency = DESK,
                                     .desk = DESK,
                                     .barred = id_of(BARRED),
                                     .state = COMPLAINT_FILED}};
    assert_int_equal(case_begin(&complaint_kind, c, &act, &world, NULL, &arena), 0);
}

static void reach(struct complaint *c, int state)
{
    begin(c);
    if (state == COMPLAINT_TAKEN)
        assert_int_equal(take(c, "take", LEADER), 0);
    if (state == COMPLAINT_CLOSED)
        assert_int_equal(take(c, "answer", LEADER), 0);
    assert_int_equal(c->head.state, state);
}

#define IN(state) (1U << COMPLAINT_##state)
#define OPEN (IN(FILED) | IN(TAKEN))
#define ANY (OPEN | IN(CLOSED))
#define BY(who) (1U << (who))
#define ABOVE (BY(LEADER) | BY(INSPECTOR))

static const struct {
    const char *verb, *before;
    uint32_t from;
    int to;
    uint32_t who;
} scenarios[] = {
    {"take", NULL, IN(FILED), COMPLAINT_TAKEN, ABOVE},
    {"answer", NULL, OPEN, COMPLAINT_CLOSED, ABOVE},
    {"refuse", NULL, OPEN, COMPLAINT_CLOSED, ABOVE},
    {"withdraw", NULL, OPEN, COMPLAINT_CLOSED, BY(OWNER)},
    {"rate", NULL, IN(CLOSED), CASE_STAY, BY(OWNER)},
    {"urge", NULL, OPEN, CASE_STAY, ABOVE},
    {"direct", NULL, ANY, CASE_STAY, ABOVE},
    {"explain", NULL, ANY, CASE_STAY, ABOVE},
    {"respond", "explain", ANY, CASE_STAY, BY(LEADER) | BY(OFFICER)},
};

static void the_tables_are_sound(void **state)
{
    (void)state;
    const char *fault = case_kind_fault(&complaint_kind);
    if (!fault)
        fault = entity_fault(&complaint_entity);
    if (!fault)
        fault = store_collection_fault(&complaint_collection);
    if (!fault)
        fault = store_collection_fault(&complaint_fact_collection);
    if (fault)
        fail_msg("%s", fault);
    assert_int_equal(ARRAY_LEN(scenarios), complaint_kind.n_rows);
    for (size_t i = 0; i < complaint_kind.n_rows; i++) {
        assert_string_equal(complaint_kind.rows[i].verb, scenarios[i].verb);
        assert_int_equal(complaint_kind.rows[i].from, scenarios[i].from);
        assert_int_equal(complaint_kind.rows[i].to, scenarios[i].to);
    }
}

static void try_one(size_t i, int from, enum who who)
{
    struct complaint c;
    reach(&c, from);
    if (scenarios[i].before)
        assert_int_equal(take(&c, scenarios[i].before, INSPECTOR), 0);
    int64_t revision = c.head.revision;
    int wanted = !(scenarios[i].from & (1U << from)) ? CASE_WRONG_STATE
                 : scenarios[i].who & BY(who)        ? 0
                                                     : CASE_FORBIDDEN;
    int done = take(&c, scenarios[i].verb, who);
    if (done != wanted)
        fail_msg("%s in %d by %d: %d instead of %d", scenarios[i].verb, from, (int)who, done,
                 wanted);
    assert_int_equal(c.head.revision, revision + (done == 0));
    if (done == 0 && scenarios[i].to != CASE_STAY)
        assert_int_equal(c.head.state, scenarios[i].to);
    assert_int_equal(history_check(&c.head.steps, &c.head.id), -1);
}

static void each_is_taken_by_whom_it_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        for (int from = 1; from < COMPLAINT_STATES; from++) {
            for (int who = 0; who < WHO_MAX; who++)
                try_one(i, from, (enum who)who);
        }
    }
}

static void who_it_is_about_and_the_portal_see_nothing(void **state)
{
    (void)state;
    struct complaint c;
    begin(&c);
    for (int who = 0; who < WHO_MAX; who++) {
        struct case_actor actor = actor_of((enum who)who);
        bool sees = case_see(&c.head, &actor) != 0;
        /* Officers are kept out where complaints are served: to the case they are of the desk. */
        if (who != OFFICER)
            assert_int_equal(sees, who == OWNER || who == LEADER || who == INSPECTOR);
    }
}

static void its_clocks_are_working_days(void **state)
{
    (void)state;
    struct complaint c;
    begin(&c);
    int64_t filed_ms = world.now_ms;
    assert_int_equal(c.head.due_ms,
                     calendar_add(world.calendar, CALENDAR_WORKING_DAYS, filed_ms, 2));
    world.now_ms = filed_ms + 10 * DAY;
    assert_int_equal(case_ring(&complaint_kind, &c, &world, &arena), 0);
    const struct case_event *e = c.head.events.items;
    assert_int_equal(e[c.head.events.n - 3].whom, TELL_LEADER);
    assert_int_equal(e[c.head.events.n - 2].whom, TELL_INSPECTOR);
    assert_int_equal(take(&c, "take", LEADER), 0);
    assert_int_equal(c.head.due_ms,
                     calendar_add(world.calendar, CALENDAR_WORKING_DAYS, world.now_ms, 15));
}

/* Whose they are moves with two persons that are one; what it is about, and who is barred, does
 * not. */
static void those_of_one_become_the_others(void **state)
{
    (void)state;
    static const struct store_collection *const collections[] = {
        &complaint_collection, &complaint_fact_collection, &case_sweep_collection};
    struct model_disk *disk = model_disk_new();
    struct store *store = NULL;
    const char *fault = NULL;
    struct id ids[3], from = id_of(OWNER), into = id_of(STRANGER);
    bool more = true;
    assert_int_equal(
        store_new(model_open(disk), collections, ARRAY_LEN(collections), &fault, &store), 0);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        struct complaint c, filed;
        char key[16];
        begin(&c);
        snprintf(key, sizeof(key), "key-%zu", i);
        if (i == 2)
            c.head.owner = c.head.actor = id_of(INSPECTOR); /* somebody else's */
        assert_int_equal(complaint_file(store, &c, key, key, 5, &world, &arena, &filed), 0);
        ids[i] = filed.head.id;
    }
    while (more)
        assert_int_equal(case_reown(&complaint_kept, store, &from, &into, &arena, &more), 0);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        CLEANUP(bson_destroyp) bson_t *doc = NULL;
        struct complaint c;
        struct id owner = i == 2 ? id_of(INSPECTOR) : into, barred = id_of(BARRED);
        assert_int_equal(store_get(store, &complaint_collection, &ids[i], &doc), 0);
        assert_int_equal(complaint_decode(doc, &arena, &c), 0);
        assert_true(id_equal(&c.head.owner, &owner));
        assert_true(id_equal(&c.head.barred, &barred));
        assert_string_equal(c.head.desk, DESK);
    }
    store_free(store);
    model_disk_free(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_are_sound),
        cmocka_unit_test(each_is_taken_by_whom_it_names),
        cmocka_unit_test(who_it_is_about_and_the_portal_see_nothing),
        cmocka_unit_test(its_clocks_are_working_days),
        cmocka_unit_test(those_of_one_become_the_others),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
