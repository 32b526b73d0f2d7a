/* Documents: made from a record however often, ended, used by other cases; and what they do for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/document/document.h"
#include "domain/procedure/procedure.h"
#include "tests/support/model.h"
#include "tests/unit/crypto/scratch.h"

#define OFFICE "H12.32025"

static const struct store_collection *const collections[] = {
    &document_collection, &file_use_collection, &person_key_collection};

static struct {
    struct model_disk *disk;
    struct store *store;
    void *scratch;
    struct people people;
    struct arena arena;
    int64_t now_ms;
} t;

static int set_up(void **state)
{
    (void)state;
    const char *fault = NULL;
    int64_t day = 0;
    arena_init(&t.arena);
    t.disk = model_disk_new();
    assert_int_equal(scratch_begin(&t.scratch), 0);
    assert_int_equal(
        store_new(model_open(t.disk), collections, ARRAY_LEN(collections), &fault, &t.store), 0);
    t.people = (struct people){t.store, t.store, ((struct scratch *)t.scratch)->keyring};
    assert_true(clock_day_of_date(2026, 3, 2, &day));
    t.now_ms = clock_day_start_ms(day);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store_free(t.store);
    model_disk_free(t.disk);
    arena_release(&t.arena);
    scratch_end(&t.scratch);
    return 0;
}

static struct id name(uint8_t n)
{
    return id_v8("test", &(struct id_part){&n, 1}, 1);
}

static int64_t day_of(int year, int month, int day)
{
    int64_t number = 0;
    assert_true(clock_day_of_date(year, month, day, &number));
    return clock_day_start_ms(number);
}

static struct document made(void)
{
    static struct case_media file;
    file.id = name(3);
    struct document d = {.owner = name(1),
                         .type = "giay_chung_nhan_ket_hon",
                         .state = DOCUMENT_VALID,
                         .origin = DOCUMENT_ACCEPTED,
                         .about = PROCEDURE_ABOUT_APPLICANT,
                         .dossier = name(2),
                         .number = "H12-260302-0001",
                         .procedure = "1.001193",
                         .part = "ket_hon",
                         .files = {&file, 1},
                         .pages = 1,
                         .office = OFFICE,
                         .officer = name(4),
                         .verified_ms = t.now_ms,
                         .against = DOCUMENT_BY_SCAN,
                         .created_ms = t.now_ms};
    d.id = document_id_of_component(&d.dossier, d.part, &d.files);
    return d;
}

static void put(const struct document *d)
{
    const struct document_details words = {.holder = "Lê Thị An"};
    assert_int_equal(document_put(&t.people, d, &words, &t.arena), 0);
}

static void get(const struct id *id, struct document *ret)
{
    assert_int_equal(document_get(t.store, id, &t.arena, ret), 0);
}

static void tables_are_sound(void **state)
{
    (void)state;
    assert_null(entity_fault(&document_entity));
    assert_null(entity_fault(&file_use_entity));
    assert_null(store_collection_fault(&document_collection));
    assert_null(store_collection_fault(&file_use_collection));
    for (int f = DOCUMENT_FIT + 1; f < DOCUMENT_FLAWS; f++)
        assert_true(document_flaws[f].slug && document_flaws[f].vi && document_flaws[f].en);
}

/* Made again from the same record nothing changes, also what an officer wrote down. */
static void it_is_made_once_and_follows(void **state)
{
    (void)state;
    struct document d = made(), stored;
    struct document_details words;
    put(&d);
    put(&d);
    get(&d.id, &stored);
    assert_int_equal(stored.revision, 1);
    assert_int_equal(document_details(&t.people, &stored, &t.arena, &words), 0);
    assert_string_equal(words.holder, "Lê Thị An");
    const struct document_act act = {.office = OFFICE,
                                     .officer = name(5),
                                     .now_ms = t.now_ms,
                                     .details = {.number = "12/2018", .holder = "Lê Thị An"},
                                     .issued_ms = day_of(2018, 6, 1)};
    assert_int_equal(
        document_describe(&t.people, &d.id, &act, STORE_ANY_REVISION, &t.arena, &stored), 0);
    put(&d);
    get(&d.id, &stored);
    assert_true(stored.described);
    assert_int_equal(stored.issued_ms, day_of(2018, 6, 1));
    d.owner = name(9);
    d.state = DOCUMENT_REJECTED;
    d.ended_ms = t.now_ms;
    put(&d);
    get(&d.id, &stored);
    assert_int_equal(stored.state, DOCUMENT_REJECTED);
    assert_true(id_equal(&stored.owner, &d.owner));
    assert_int_equal(document_details(&t.people, &stored, &t.arena, &words), 0);
    assert_string_equal(words.number, "12/2018");
}

/* The dossier says that it is valid for ever after; who verified it knows better. */
static void what_its_office_revoked_stays_revoked(void **state)
{
    (void)state;
    struct document d = made(), stored;
    struct document_act act = {
        .office = "H12.03", .officer = name(5), .now_ms = t.now_ms, .note = "Giả mạo"};
    put(&d);
    assert_int_equal(document_revoke(t.store, &d.id, &act, STORE_ANY_REVISION, &t.arena, &stored),
                     STORE_ABSENT);
    act.office = OFFICE;
    assert_int_equal(document_revoke(t.store, &d.id, &act, 7, &t.arena, &stored), STORE_REVISED);
    assert_int_equal(document_revoke(t.store, &d.id, &act, 1, &t.arena, &stored), 0);
    assert_int_equal(document_revoke(t.store, &d.id, &act, STORE_ANY_REVISION, &t.arena, &stored),
                     DOCUMENT_ENDED);
    put(&d);
    get(&d.id, &stored);
    assert_int_equal(stored.state, DOCUMENT_REVOKED);
    assert_string_equal(stored.note, "Giả mạo");
    assert_int_equal(
        document_describe(&t.people, &d.id, &act, STORE_ANY_REVISION, &t.arena, &stored),
        DOCUMENT_ENDED);
}

static void months_end_within_their_month(void **state)
{
    (void)state;
    const struct {
        int64_t from, months, day_after;
    } rows[] = {
        {day_of(2026, 1, 31), 1, day_of(2026, 3, 1)},
        {day_of(2027, 12, 31), 2, day_of(2028, 3, 1)},
        {day_of(2026, 3, 2), 6, day_of(2026, 9, 3)},
        {day_of(2026, 12, 15), 12, day_of(2027, 12, 16)},
        {day_of(2026, 8, 31), 120, day_of(2036, 9, 1)},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(document_months_after(rows[i].from, rows[i].months),
                         rows[i].day_after - 1);
}

static void each_flaw_is_told(void **state)
{
    (void)state;
    const struct document_want want = {.type = "giay_chung_nhan_ket_hon",
                                       .about = PROCEDURE_ABOUT_APPLICANT,
                                       .max_age_days = 30,
                                       .holder = "LE THI AN"};
    struct document d = made();
    d.issued_ms = t.now_ms - 30 * CLOCK_DAY_MS;
    assert_int_equal(document_fits(&d, "Lê Thị An", &want, t.now_ms), DOCUMENT_FIT);
    assert_int_equal(document_fits(&d, NULL, &want, t.now_ms), DOCUMENT_FIT);
    assert_int_equal(document_fits(&d, "Lê Thị Ân Hoà", &want, t.now_ms), DOCUMENT_OTHER_SUBJECT);
    assert_int_equal(document_fits(&d, NULL, &want, t.now_ms + 1), DOCUMENT_TOO_OLD);
    struct document other = d;
    other.type = "cccd";
    assert_int_equal(document_fits(&other, NULL, &want, t.now_ms), DOCUMENT_OTHER_TYPE);
    other = d;
    other.about = PROCEDURE_ABOUT_CHILD;
    assert_int_equal(document_fits(&other, NULL, &want, t.now_ms), DOCUMENT_OTHER_SUBJECT);
    other = d;
    other.state = DOCUMENT_REPLACED;
    assert_int_equal(document_fits(&other, NULL, &want, t.now_ms), DOCUMENT_OVER);
    other = d;
    other.until_ms = t.now_ms;
    assert_int_equal(document_fits(&other, NULL, &want, t.now_ms), DOCUMENT_FIT);
    assert_int_equal(document_fits(&other, NULL, &want, t.now_ms + 1), DOCUMENT_EXPIRED);
    other = d;
    other.issued_ms = 0;
    assert_int_equal(document_fits(&other, NULL, &want, t.now_ms), DOCUMENT_UNDATED);
    other.limited = 6;
    assert_int_equal(document_stands(&other, t.now_ms), DOCUMENT_UNDATED);
    other.limited = 0;
    assert_int_equal(document_stands(&other, t.now_ms), DOCUMENT_FIT);
}

static void uses_are_noted_once(void **state)
{
    (void)state;
    const struct file_use use = {
        .file = name(3), .used_by = name(20), .document = name(21), .at_ms = 5};
    struct file_use later = use, *uses = NULL;
    size_t n = 0;
    bool noted = true;
    assert_int_equal(file_use_noted(t.store, &use.file, &use.used_by, &noted), 0);
    assert_false(noted);
    assert_int_equal(file_uses_note(t.store, &use, 1), 0);
    later.at_ms = 9;
    assert_int_equal(file_uses_note(t.store, &later, 1), 0);
    later.used_by = name(22);
    later.document = (struct id){0};
    assert_int_equal(file_uses_note(t.store, &later, 1), 0);
    assert_int_equal(file_uses(t.store, &use.file, &t.arena, &uses, &n), 0);
    assert_int_equal(n, 2);
    assert_true(id_equal(&uses[0].used_by, &later.used_by));
    assert_int_equal(uses[1].at_ms, 5);
    assert_true(id_equal(&uses[1].document, &use.document));
    assert_int_equal(file_use_noted(t.store, &use.file, &use.used_by, &noted), 0);
    assert_true(noted);
}

/* They follow who turns out to be another; whoever is erased leaves none, nor a key. */
static void they_follow_and_go(void **state)
{
    (void)state;
    struct document d = made(), stored;
    struct document_details words;
    struct id into = name(50), from = d.owner;
    bool more = true;
    put(&d);
    assert_int_equal(document_reown(t.store, &from, &into, &t.arena, &more), 0);
    assert_false(more);
    get(&d.id, &stored);
    assert_true(id_equal(&stored.owner, &into));
    assert_int_equal(document_erase(&t.people, &from, &t.arena, &more), 0);
    get(&d.id, &stored);
    assert_int_equal(document_erase(&t.people, &into, &t.arena, &more), 0);
    assert_false(more);
    assert_int_equal(document_details(&t.people, &stored, &t.arena, &words), PERSON_ERASED);
    assert_int_equal(document_get(t.store, &d.id, &t.arena, &stored), STORE_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test_setup_teardown(it_is_made_once_and_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_its_office_revoked_stays_revoked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(months_end_within_their_month, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_flaw_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uses_are_noted_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_follow_and_go, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
