/*
 * Organisations and mandates on their documents: who may do what, the bounds,
 * what a sweep ends, who may act and who is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/acting/acting.h"
#include "domain/mandate/mandate.h"
#include "domain/org/org.h"
#include "tests/support/model.h"
#include "tests/unit/crypto/scratch.h"

#define DAY CLOCK_DAY_MS
#define NOON (INT64_C(1772427600000)) /* 2 March 2026, 12:00 in +07:00 */

static const struct store_collection *const collections[] = {
    &person_collection, &login_collection, &organisation_collection, &org_link_collection,
    &mandate_collection};
static const struct store_collection *const key_collections[] = {&person_key_collection};

static struct ground {
    struct scratch *scratch;
    struct model_disk *disk, *key_disk;
    struct store *store, *keys;
    struct people people;
    struct arena arena;
    int64_t now_ms;
} g;

static int begin(void **state)
{
    const char *fault = NULL;
    void *scratch = NULL;
    (void)state;
    g = (struct ground){.now_ms = NOON};
    arena_init(&g.arena);
    assert_int_equal(scratch_begin(&scratch), 0);
    g.scratch = scratch;
    g.disk = model_disk_new();
    g.key_disk = model_disk_new();
    assert_int_equal(
        store_new(model_open(g.disk), collections, ARRAY_LEN(collections), &fault, &g.store), 0);
    assert_int_equal(store_new(model_open(g.key_disk), key_collections, 1, &fault, &g.keys), 0);
    g.people = (struct people){g.store, g.keys, g.scratch->keyring};
    return 0;
}

static int end(void **state)
{
    void *scratch = g.scratch;
    (void)state;
    store_free(g.store);
    store_free(g.keys);
    model_disk_free(g.disk);
    model_disk_free(g.key_disk);
    arena_release(&g.arena);
    return scratch_end(&scratch);
}

/* --- organisations ---------------------------------------------------------------------------- */

static struct organisation registered(const struct id *person, const char *code)
{
    struct organisation o;
    const struct org_draft d = {.kind = ORG_ENTERPRISE,
                                .tax_code = code,
                                .name = "Công ty",
                                .commune = "32025",
                                .person = *person,
                                .now_ms = g.now_ms};
    assert_int_equal(org_register(&g.people, &d, &g.arena, &o), 0);
    return o;
}

static int act(const struct id *org, const char *verb, const struct id *by, const char *office,
               const struct id *member, int role, struct organisation *ret)
{
    struct org_act a = {.verb = verb,
                        .by = *by,
                        .office = office,
                        .role = role,
                        .note = "giấy tờ",
                        .now_ms = g.now_ms};
    if (member)
        a.member = *member;
    return org_act(g.store, org, &a, STORE_ANY_REVISION, &g.arena, ret);
}

static struct organisation confirmed(const struct id *person, const char *code)
{
    struct organisation o = registered(person, code);
    struct id officer = id_v4();
    assert_int_equal(act(&o.id, "confirm", &officer, "H12.1", NULL, 0, &o), 0);
    return o;
}

/* Invited by a contact of their own, and accepted. */
static struct id joined(const struct id *org, const struct id *by, const struct id *person,
                        int role)
{
    struct organisation o;
    struct id contact = id_v4();
    struct org_act invite = {.verb = "invite",
                             .by = *by,
                             .member = id_v4(),
                             .contact = contact,
                             .hint = "123",
                             .role = role,
                             .now_ms = g.now_ms};
    assert_int_equal(org_act(g.store, org, &invite, STORE_ANY_REVISION, &g.arena, &o), 0);
    struct org_act accept = {.verb = "accept",
                             .by = *person,
                             .member = invite.member,
                             .contacts = &contact,
                             .n_contacts = 1,
                             .now_ms = g.now_ms};
    assert_int_equal(org_act(g.store, org, &accept, STORE_ANY_REVISION, &g.arena, &o), 0);
    return invite.member;
}

static void the_table_is_sound(void **state)
{
    (void)state;
    assert_null(org_verbs_fault());
    assert_null(entity_fault(&organisation_entity));
    assert_null(entity_fault(&mandate_entity));
}

/* Whatever representatives do to each other, in any order, one is left. */
static void there_is_always_a_representative(void **state)
{
    (void)state;
    struct id first = id_v4(), second = id_v4();
    struct organisation o = confirmed(&first, "0300588569");
    const struct org_member *m = o.members.items;
    struct id mine = m->id, theirs = joined(&o.id, &first, &second, ORG_REPRESENTS);
    static const char *const verbs[] = {"remove", "role", "leave"};
    for (int round = 0; round < 27; round++) {
        const char *verb = verbs[round % 3];
        act(&o.id, verb, &first, NULL, round & 1 ? &mine : &theirs, ORG_READS, &o);
        act(&o.id, verbs[(round / 3) % 3], &second, NULL, round & 2 ? &mine : &theirs, ORG_READS,
            &o);
        size_t n = 0;
        assert_int_equal(org_get(g.store, &o.id, &g.arena, &o), 0);
        m = o.members.items;
        for (size_t i = 0; i < o.members.n; i++)
            n += m[i].state == MEMBER_ACTIVE && m[i].role == ORG_REPRESENTS;
        assert_true(n >= 1);
    }
}

static void members_and_history_are_bounded(void **state)
{
    (void)state;
    struct id first = id_v4();
    struct organisation o = confirmed(&first, "0300588569");
    int done = 0;
    size_t open = 1;
    for (; done == 0 && open < 200; open++) {
        struct org_act invite = {.verb = "invite",
                                 .by = first,
                                 .member = id_v4(),
                                 .contact = id_v4(),
                                 .hint = "123",
                                 .role = ORG_READS,
                                 .now_ms = g.now_ms};
        done = org_act(g.store, &o.id, &invite, STORE_ANY_REVISION, &g.arena, &o);
    }
    assert_int_equal(done, ORG_FULL);
    assert_int_equal(o.members.n, ORG_MEMBERS_MAX);
    /* Over and over: those whose time has passed make room, and the oldest steps do. */
    for (int i = 0; i < 400; i++) {
        struct org_act invite = {.verb = "invite",
                                 .by = first,
                                 .member = id_v4(),
                                 .contact = id_v4(),
                                 .hint = "123",
                                 .role = ORG_READS,
                                 .now_ms = g.now_ms + ORG_INVITED_MS * (i + 1)};
        assert_int_equal(org_act(g.store, &o.id, &invite, STORE_ANY_REVISION, &g.arena, &o), 0);
    }
    assert_true(o.members.n <= ORG_KEPT_MAX);
    assert_int_equal(o.steps.n, ORG_STEPS_MAX);
    assert_non_null(org_member_of(&o, &first));
}

/* A stranger leaves nothing behind, whatever they try. */
static void strangers_learn_and_write_nothing(void **state)
{
    (void)state;
    static const char *const verbs[] = {"confirm", "refuse", "end",     "replace", "invite",
                                        "role",    "remove", "leave",   "accept",  "decline",
                                        "nothing", "",       "confirm "};
    struct id first = id_v4(), stranger = id_v4();
    struct organisation o = confirmed(&first, "0300588569"), seen;
    const struct org_member *m = o.members.items;
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        int done = act(&o.id, verbs[i], &stranger, NULL, &m->id, ORG_REPRESENTS, &seen);
        assert_int_equal(done, STORE_ABSENT);
        done = act(&stranger, verbs[i], &stranger, NULL, &m->id, ORG_REPRESENTS, &seen);
        assert_int_equal(done, STORE_ABSENT);
    }
    struct organisation *list = NULL;
    size_t n = 0;
    assert_int_equal(org_list(g.store, &stranger, NULL, 0, g.now_ms, &g.arena, &list, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(org_get(g.store, &o.id, &g.arena, &seen), 0);
    assert_int_equal(seen.revision, o.revision);
}

static void nobody_has_what_lapsed(void **state)
{
    (void)state;
    struct id first = id_v4(), second = id_v4();
    struct organisation o = registered(&first, "0300588569");
    struct org_draft d = {.kind = ORG_ENTERPRISE,
                          .tax_code = "0300588569",
                          .name = "Khác",
                          .commune = "32025",
                          .person = second,
                          .now_ms = g.now_ms + ORG_PENDING_MS};
    assert_int_equal(org_register(&g.people, &d, &g.arena, &o), ORG_TAKEN);
    d.now_ms++;
    assert_int_equal(org_register(&g.people, &d, &g.arena, &o), 0);
    assert_null(org_member_of(&o, &first));
    assert_non_null(org_member_of(&o, &second));
}

/* --- mandates --------------------------------------------------------------------------------- */

static const char *const reports_only[] = {"reports"};

static struct mandate given_for(const struct id *subject, const struct id *agent, int64_t until_ms,
                                struct text_words scope, struct text_words procedures)
{
    struct mandate m;
    char key[16];
    static int serial;
    snprintf(key, sizeof(key), "key-%08d", ++serial);
    const struct mandate_draft d = {.kind = MANDATE_PROXY,
                                    .by = *subject,
                                    .contact = id_v4(),
                                    .hint = "123",
                                    .scope = scope,
                                    .procedures = procedures,
                                    .until_ms = until_ms,
                                    .now_ms = g.now_ms};
    assert_int_equal(mandate_make(&g.people, &d, key, "x", 1, &g.arena, &m), 0);
    assert_int_equal(mandate_make(&g.people, &d, key, "x", 1, &g.arena, &m), MANDATE_REPEATED);
    assert_int_equal(mandate_make(&g.people, &d, key, "y", 1, &g.arena, &m), MANDATE_REUSED);
    const struct mandate_act accept = {.verb = "accept",
                                       .by = *agent,
                                       .contacts = &d.contact,
                                       .n_contacts = 1,
                                       .now_ms = g.now_ms};
    assert_int_equal(mandate_do(g.store, &m.id, &accept, &g.arena, &m), 0);
    assert_int_equal(m.state, MANDATE_ACTIVE);
    return m;
}

#define WORDS(words) ((struct text_words){(const char **)(uintptr_t)(words), ARRAY_LEN(words)})

static struct mandate given(const struct id *subject, const struct id *agent, int64_t until_ms)
{
    return given_for(subject, agent, until_ms, WORDS(reports_only), (struct text_words){0});
}

static int tell(const struct mandate *m, void *ctx)
{
    (void)m;
    ++*(size_t *)ctx;
    return 0;
}

static void what_is_over_is_ended_and_told_once(void **state)
{
    (void)state;
    struct id subject = id_v4(), agent = id_v4(), other = id_v4();
    size_t told = 0;
    struct mandate soon = given(&subject, &agent, g.now_ms + DAY);
    struct mandate never = given(&subject, &other, 0);
    assert_int_equal(mandate_sweep(g.store, g.now_ms + DAY - 1, 10, tell, &told), 0);
    assert_int_equal(told, 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(mandate_sweep(g.store, g.now_ms + DAY + 1, 10, tell, &told), 0);
    assert_int_equal(told, 1);
    assert_int_equal(mandate_get(g.store, &soon.id, &g.arena, &soon), 0);
    assert_int_equal(soon.state, MANDATE_ENDED);
    assert_int_equal(soon.ended_ms, g.now_ms + DAY);
    assert_int_equal(mandate_get(g.store, &never.id, &g.arena, &never), 0);
    assert_int_equal(never.state, MANDATE_ACTIVE);
}

static enum acting_why ask(const struct id *agent, const struct id *subject, unsigned scope,
                           int64_t at_ms)
{
    const struct acting_need need = {.scope = scope};
    struct acting acting;
    enum acting_why why = 0;
    int done = acting_for(&g.people, agent, subject, &need, at_ms, &g.arena, &acting, &why);
    assert_true(done == 0 || done == ACTING_NOT);
    if (done == 0)
        assert_true(id_equal(&acting.principal, subject));
    return done == 0 ? 0 : why;
}

static void an_authority_reaches_so_far(void **state)
{
    (void)state;
    struct id subject = id_v4(), agent = id_v4(), stranger = id_v4(), told[ACTING_TOLD_MAX];
    size_t n = 0;
    given(&subject, &agent, g.now_ms + DAY);
    assert_int_equal(ask(&agent, &subject, SCOPE_REPORTS, g.now_ms), 0);
    assert_int_equal(ask(&agent, &subject, SCOPE_DOSSIERS, g.now_ms), ACTING_SCOPE);
    assert_int_equal(ask(&agent, &subject, SCOPE_ALL, g.now_ms), 0);
    assert_int_equal(ask(&agent, &subject, SCOPE_REPORTS, g.now_ms + DAY - 1), 0);
    assert_int_equal(ask(&agent, &subject, SCOPE_REPORTS, g.now_ms + DAY), ACTING_ENDED);
    assert_int_equal(ask(&stranger, &subject, SCOPE_REPORTS, g.now_ms), ACTING_UNKNOWN);
    assert_int_equal(ask(&subject, &agent, SCOPE_REPORTS, g.now_ms), ACTING_UNKNOWN);
    assert_int_equal(
        acting_told(g.store, &subject, SCOPE_REPORTS, NULL, g.now_ms, &g.arena, told, &n), 0);
    assert_int_equal(n, 1);
    assert_true(id_equal(&told[0], &agent));
    assert_int_equal(
        acting_told(g.store, &subject, SCOPE_DOSSIERS, NULL, g.now_ms, &g.arena, told, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(
        acting_told(g.store, &subject, SCOPE_REPORTS, NULL, g.now_ms + DAY, &g.arena, told, &n), 0);
    assert_int_equal(n, 0);
}

/* One for reports widens nothing of one for some dossiers, in whichever order they were given. */
static void several_authorities_reach_to_what_any_names(void **state)
{
    (void)state;
    static const char *const dossiers[] = {"dossiers"}, *const birth[] = {"1.001193"},
                             *const marriage[] = {"1.000894"};
    const struct acting_need all = {.scope = SCOPE_ALL};
    struct id subject = id_v4(), agent = id_v4();
    struct acting acting;
    enum acting_why why;
    given(&subject, &agent, 0);
    given_for(&subject, &agent, 0, WORDS(dossiers), WORDS(birth));
    given(&subject, &agent, 0);
    assert_int_equal(acting_for(&g.people, &agent, &subject, &all, NOON, &g.arena, &acting, &why),
                     0);
    assert_int_equal(acting.scope, SCOPE_REPORTS | SCOPE_DOSSIERS);
    assert_true(acting_reaches(&acting, "1.001193"));
    assert_false(acting_reaches(&acting, "1.000894"));
    given_for(&subject, &agent, 0, WORDS(dossiers), WORDS(marriage));
    assert_int_equal(acting_for(&g.people, &agent, &subject, &all, NOON, &g.arena, &acting, &why),
                     0);
    assert_true(acting_reaches(&acting, "1.001193") && acting_reaches(&acting, "1.000894"));
    assert_false(acting_reaches(&acting, "1.004194"));
    given_for(&subject, &agent, 0, WORDS(dossiers), (struct text_words){0});
    assert_int_equal(acting_for(&g.people, &agent, &subject, &all, NOON, &g.arena, &acting, &why),
                     0);
    assert_true(acting_reaches(&acting, "1.004194"));
}

static void members_who_prepare_are_told_and_no_more_than_fifty(void **state)
{
    (void)state;
    struct id first = id_v4(), reader = id_v4(), told[ACTING_TOLD_MAX];
    struct organisation o = confirmed(&first, "0300588569");
    size_t n = 0;
    joined(&o.id, &first, &reader, ORG_READS);
    for (int i = 0; i < ORG_MEMBERS_MAX - 2; i++) {
        struct id person = id_v4();
        joined(&o.id, &first, &person, ORG_PREPARES);
    }
    assert_int_equal(acting_told(g.store, &o.id, SCOPE_REPORTS, NULL, g.now_ms, &g.arena, told, &n),
                     0);
    assert_int_equal(n, ORG_MEMBERS_MAX - 1);
    for (size_t i = 0; i < n; i++)
        assert_false(id_equal(&told[i], &reader));
}

static void who_turns_out_to_be_another_keeps_what_is_theirs(void **state)
{
    (void)state;
    struct id first = id_v4(), from = id_v4(), into = id_v4(), subject = id_v4();
    struct organisation o = confirmed(&first, "0300588569");
    bool more = true;
    joined(&o.id, &first, &from, ORG_PREPARES);
    joined(&o.id, &first, &into, ORG_READS);
    given(&subject, &from, 0);
    for (int i = 0; i < 2; i++) { /* repeating is harmless */
        assert_int_equal(org_reown(g.store, &from, &into, g.now_ms, &g.arena, &more), 0);
        assert_int_equal(mandate_reown(g.store, &from, &into, &g.arena, &more), 0);
    }
    assert_int_equal(org_get(g.store, &o.id, &g.arena, &o), 0);
    assert_null(org_member_of(&o, &from));
    assert_int_equal(org_member_of(&o, &into)->role, ORG_PREPARES);
    assert_int_equal(ask(&into, &subject, SCOPE_REPORTS, g.now_ms), 0);
    assert_int_equal(ask(&from, &subject, SCOPE_REPORTS, g.now_ms), ACTING_UNKNOWN);
    /* Merged with whom they acted for: nobody acts for themselves. */
    assert_int_equal(mandate_reown(g.store, &subject, &into, &g.arena, &more), 0);
    assert_int_equal(ask(&into, &into, SCOPE_REPORTS, g.now_ms), ACTING_ENDED);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_table_is_sound),
        TEST(there_is_always_a_representative),
        TEST(members_and_history_are_bounded),
        TEST(strangers_learn_and_write_nothing),
        TEST(nobody_has_what_lapsed),
        TEST(what_is_over_is_ended_and_told_once),
        TEST(an_authority_reaches_so_far),
        TEST(several_authorities_reach_to_what_any_names),
        TEST(members_who_prepare_are_told_and_no_more_than_fifty),
        TEST(who_turns_out_to_be_another_keeps_what_is_theirs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
