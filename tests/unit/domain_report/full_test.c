/* Reports that are full: of events, of history, of words, of photos. None is ever stuck. */
#include "base/result.h"
#include "tests/unit/domain_report/invariants.h"

static struct province p;

static int set_up(void **state)
{
    (void)state;
    province_open(&p, ENGINE_MODEL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    province_close(&p);
    return 0;
}

static const struct case_event *event_of(const struct report *r, int type, int whom)
{
    const struct case_event *events = r->head.events.items;
    for (size_t i = 0; i < r->head.events.n; i++) {
        if (events[i].type == type && events[i].whom == whom)
            return &events[i];
    }
    return NULL;
}

static size_t count_events(const struct report *r, int type, int whom)
{
    const struct case_event *events = r->head.events.items;
    size_t n = 0;
    for (size_t i = 0; i < r->head.events.n; i++)
        n += events[i].type == type && events[i].whom == whom;
    return n;
}

/* Publishes and withdraws, five events at a time, until one more would pass the mark. */
static void pile_up_events(struct report *r)
{
    while (r->head.events.n < CASE_EVENTS_MERGE) {
        p.world.now_ms += MINUTE;
        province_do(&p, r, r->published_ms ? "unpublish" : "publish", OFFICER);
    }
}

static void test_events_of_a_class_become_one(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    pile_up_events(&r);
    size_t n = r.head.events.n, tells = count_events(&r, EVENT_TELL, TELL_OWNER);
    for (int i = 0; i < 20; i++) {
        p.world.now_ms += MINUTE;
        province_do(&p, &r, r.published_ms ? "unpublish" : "publish", OFFICER);
        assert_int_equal(r.head.events.n, n);
        check_report(&p, &r);
    }
    /* A class that had none is added; what is told is what happened last. */
    province_do(&p, &r, "ask", OFFICER);
    assert_int_equal(r.head.events.n, n);
    assert_int_equal(count_events(&r, EVENT_TELL, TELL_OWNER), tells);
    province_do(&p, &r, "supply", OWNER);
    assert_int_equal(r.head.events.n, n + 1);
    const struct case_event *told = event_of(&r, EVENT_TELL, TELL_OFFICER);
    assert_string_equal(told->what, "supply");
    assert_int_equal(told->step, r.head.steps.n);
}

/* What is told of one agency does not take the place of what is told of another. */
static void test_merging_keeps_agencies_apart(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    pile_up_events(&r);
    province_do(&p, &r, "transfer", OFFICER);
    const struct case_event *events = r.head.events.items;
    size_t here = 0, there = 0;
    for (size_t i = 0; i < r.head.events.n; i++) {
        here += events[i].type == EVENT_CALL && strcmp(events[i].agency, HERE) == 0;
        there += events[i].type == EVENT_CALL && strcmp(events[i].agency, THERE) == 0;
    }
    assert_true(here > 0);
    assert_int_equal(there, 1);
}

/*
 * A dispatcher is at work on the events it read when another step replaces one of them. What it
 * settles afterwards is what it read: the projections and the tellings of the new step remain.
 */
static void test_settling_spares_what_replaced_an_event(void **state)
{
    (void)state;
    struct report r, read, now;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    pile_up_events(&r);
    if (r.published_ms)
        province_do(&p, &r, "unpublish", OFFICER);
    province_get(&p, &r.head.id, &read);
    p.world.now_ms += MINUTE;
    province_do(&p, &r, "publish", OFFICER);
    province_dispatch(&p, &read); /* rebuilds from what it read, and settles that */
    province_get(&p, &r.head.id, &now);
    assert_non_null(event_of(&now, EVENT_PROJECT, 0));
    assert_string_equal(event_of(&now, EVENT_TELL, TELL_OWNER)->what, "publish");
    province_dispatch(&p, &now);
    assert_int_equal(now.head.events.n, 0);
    check_projections(&p, &now);
}

/* On to another agency each time, so that hardly anything merges. */
static int move_on(struct report *r, int i)
{
    const char *next = arena_printf(&p.arena, "H12.%d", 100 + i);
    bool portal = r->head.state == REPORT_NEW;
    struct report_act deed =
        province_deed(&p, portal ? "dispatch" : "transfer", portal ? DISPATCHER : OFFICER);
    struct report after;
    if (!portal)
        deed.actor.agency = r->head.agency;
    deed.act.agency = next;
    p.world.now_ms += MINUTE;
    int done = province_act(&p, &r->head.id, &deed, &after);
    if (done == 0)
        *r = after;
    return done;
}

static void test_full_of_events_is_refused_until_they_are_told(void **state)
{
    (void)state;
    struct report r;
    int done = 0;
    province_reach(&p, EMERGENCY, REPORT_DISPATCHED, &r);
    for (int i = 0; i < 64 && done == 0; i++) {
        done = move_on(&r, i);
        assert_true(r.head.events.n <= CASE_EVENTS_MAX);
    }
    assert_int_equal(done, CASE_CROWDED);
    /* The system is not held up by it, as long as there is room at all. */
    p.world.now_ms = r.head.due_ms + 1;
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &r), 0);
    assert_true(r.head.events.n <= CASE_EVENTS_MAX);
    province_dispatch(&p, &r);
    assert_int_equal(move_on(&r, 64), 0);
}

/* --- history ---------------------------------------------------------------------------------- */

/* Goes on to and fro until its history takes no more of that; events are told all along. */
static void fill_history(struct report *r)
{
    for (;;) {
        struct report after;
        p.world.now_ms += MINUTE;
        struct report_act deed = province_deed(&p, "reveal", OFFICER);
        deed.act.note = "Cần gọi điện hỏi đường.";
        int done = province_act(&p, &r->head.id, &deed, &after);
        if (done == CASE_CROWDED)
            return;
        assert_int_equal(done, 0);
        *r = after;
        province_settle(&p, r);
    }
}

static void expect_crowded(struct report *r, const char *verb, enum who who)
{
    struct report after;
    struct report_act deed = province_deed(&p, verb, who);
    assert_int_equal(province_act(&p, &r->head.id, &deed, &after), CASE_CROWDED);
}

/* From a state with a full history to the end, by nothing but what leads there. */
static void expect_end_from(int state, unsigned traits)
{
    static const struct {
        const char *verb;
        enum who who;
    } onward[REPORT_STATES] = {
        [REPORT_NEW] = {"dispatch", DISPATCHER}, [REPORT_DISPATCHED] = {"receive", OFFICER},
        [REPORT_RECEIVED] = {"answer", OFFICER}, [REPORT_IN_PROGRESS] = {"answer", OFFICER},
        [REPORT_WAITING] = {"supply", OWNER},    [REPORT_APPROVAL] = {"approve", LEADER},
        [REPORT_ANSWERED] = {"close", OFFICER},
    };
    struct report r;
    province_reach(&p, traits | CONSENT, state, &r);
    for (size_t i = r.head.steps.n; i < CASE_STEPS_MAX; i++) {
        p.world.now_ms += MINUTE;
        province_do(&p, &r, "reveal", state == REPORT_NEW ? DISPATCHER : OFFICER);
        province_settle(&p, &r);
    }
    assert_int_equal(r.head.steps.n, CASE_STEPS_MAX);
    assert_int_equal(r.head.state, state);
    expect_crowded(&r, "reveal", DISPATCHER);
    while (r.head.state != REPORT_CLOSED) {
        province_do(&p, &r, onward[r.head.state].verb, onward[r.head.state].who);
        province_settle(&p, &r);
        check_report(&p, &r);
        assert_true(r.head.steps.n <= CASE_STEPS_MAX + CASE_STEPS_MORE);
    }
}

static void test_full_history_leads_to_the_end(void **state)
{
    (void)state;
    for (int at = REPORT_NEW; at < REPORT_CLOSED; at++) {
        expect_end_from(at, 0);
        expect_end_from(at, APPROVAL | PROOF);
    }
}

/* The system's alarms ring on: nobody has to remember a full report. */
static void test_full_history_is_resumed_and_closed_by_the_system(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, CONSENT, REPORT_RECEIVED, &r);
    fill_history(&r);
    assert_int_equal(r.head.steps.n, CASE_STEPS_MAX);
    expect_crowded(&r, "ask", OFFICER);
    expect_crowded(&r, "transfer", OFFICER);
    province_reach(&p, CONSENT, REPORT_WAITING, &r);
    fill_history(&r);
    p.world.now_ms = r.head.due_ms + 1;
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &r), 0);
    assert_int_equal(r.head.state, REPORT_RECEIVED);
    province_settle(&p, &r);
    province_do(&p, &r, "answer", OFFICER);
    province_settle(&p, &r);
    p.world.now_ms = r.head.due_ms + 1;
    assert_int_equal(report_ring(p.store, &r.head.id, &p.world, &p.arena, &r), 0);
    assert_int_equal(r.head.state, REPORT_CLOSED);
    expect_crowded(&r, "publish", OFFICER);
}

/* What was made public can always be taken back. */
static void test_full_history_can_be_withdrawn_from_the_public(void **state)
{
    (void)state;
    struct report r;
    province_reach(&p, CONSENT, REPORT_RECEIVED, &r);
    province_do(&p, &r, "publish", OFFICER);
    fill_history(&r);
    province_do(&p, &r, "unpublish", OFFICER);
    assert_int_equal(r.published_ms, 0);
    expect_crowded(&r, "publish", OFFICER);
}

/* --- words and photos ------------------------------------------------------------------------- */

static size_t stored_bytes(const struct report *r)
{
    bson_t *doc = NULL;
    assert_int_equal(store_get(p.store, &report_collection, &r->head.id, &doc), 0);
    size_t n = doc->len;
    bson_destroy(doc);
    return n;
}

static void test_full_of_words_leads_to_the_end(void **state)
{
    (void)state;
    static char note[CASE_NOTE_MAX + 1];
    struct report r, after;
    int done = 0;
    memset(note, 'n', CASE_NOTE_MAX);
    province_reach(&p, APPROVAL | PROOF, REPORT_RECEIVED, &r);
    province_do(&p, &r, "publish", OFFICER);
    for (bool asked = false; done == 0; asked = !asked) {
        p.world.now_ms += MINUTE;
        struct report_act deed =
            province_deed(&p, asked ? "supply" : "ask", asked ? OWNER : OFFICER);
        deed.act.note = note;
        done = province_act(&p, &r.head.id, &deed, &after);
        if (done == 0) {
            r = after;
            province_settle(&p, &r);
        }
    }
    assert_int_equal(done, CASE_CROWDED);
    assert_int_equal(r.head.state, REPORT_RECEIVED);
    assert_true(r.head.steps.n < CASE_STEPS_MAX);
    static const struct {
        const char *verb;
        enum who who;
    } rest[] = {{"unpublish", OFFICER},
                {"answer", OFFICER},
                {"approve", LEADER},
                {"rate", OWNER},
                {"close", OFFICER}};
    for (size_t i = 0; i < ARRAY_LEN(rest); i++) {
        struct report_act deed = province_deed(&p, rest[i].verb, rest[i].who);
        deed.act.note = note;
        assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
        assert_true(stored_bytes(&r) < STORE_DOC_MAX);
    }
    assert_int_equal(r.head.state, REPORT_CLOSED);
}

static void test_full_of_photos_says_so(void **state)
{
    (void)state;
    static struct report_photo photos[CASE_MEDIA_MAX];
    static struct case_media media[CASE_MEDIA_MAX];
    struct report r, after;
    int done = 0;
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    for (uint8_t round = 0; done == 0 && round < 8; round++) {
        for (uint8_t i = 0; i < CASE_MEDIA_MAX; i++) {
            photos[i] = (struct report_photo){.id = {{1, round, i}}, .proof = true};
            media[i].id = photos[i].id;
        }
        struct report_act deed = province_deed(&p, "answer", OFFICER);
        deed.act.media = media;
        deed.act.n_media = CASE_MEDIA_MAX;
        deed.photos = photos;
        deed.n_photos = CASE_MEDIA_MAX;
        done = province_act(&p, &r.head.id, &deed, &after);
        if (done != 0) {
            assert_int_equal(done, CASE_LACKS);
            assert_string_equal(deed.act.lacks, "/media");
            break;
        }
        r = after;
        province_do(&p, &r, "reopen", OWNER);
        province_do(&p, &r, "receive", OFFICER);
        province_settle(&p, &r);
    }
    assert_int_equal(done, CASE_LACKS);
    province_do(&p, &r, "answer", OFFICER); /* with one photo */
    assert_true(r.photos.n <= REPORT_PHOTOS_MAX);
}

/* Without a portal nobody would be responsible: nothing is filed, nothing given back to it. */
static void test_without_a_portal(void **state)
{
    (void)state;
    struct report r, after;
    province_reach(&p, 0, REPORT_DISPATCHED, &r);
    province_do(&p, &r, "transfer", OFFICER);
    province_do(&p, &r, "transfer", OTHER_OFFICER);
    p.world.dispatcher = NULL;
    struct report_act deed = province_deed(&p, "transfer", OFFICER);
    assert_int_equal(province_act(&p, &r.head.id, &deed, &after), E_UNAVAILABLE);
    struct report_draft draft = province_draft(UNROUTED);
    assert_int_equal(report_file(p.store, &draft, "lonely", "", 0, &p.world, &p.arena, &after),
                     E_UNAVAILABLE);
    draft = province_draft(0);
    assert_int_equal(report_file(p.store, &draft, "lonely", "", 0, &p.world, &p.arena, &after), 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_events_of_a_class_become_one),
        TEST(test_merging_keeps_agencies_apart),
        TEST(test_settling_spares_what_replaced_an_event),
        TEST(test_full_of_events_is_refused_until_they_are_told),
        TEST(test_full_history_leads_to_the_end),
        TEST(test_full_history_is_resumed_and_closed_by_the_system),
        TEST(test_full_history_can_be_withdrawn_from_the_public),
        TEST(test_full_of_words_leads_to_the_end),
        TEST(test_full_of_photos_says_so),
        TEST(test_without_a_portal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
