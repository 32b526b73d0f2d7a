/* Whoever adds a collection says what of it a person is given, or why nothing is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "handlers/rights/export.h"
#include "programs/stores.h"

static size_t times_exported(const struct store_collection *c)
{
    size_t n = 0;
    for (const struct exporter *e = exporters; e->folder; e++)
        n += e->collection == c;
    return n;
}

static size_t times_refused(const struct store_collection *c)
{
    size_t n = 0;
    for (const struct export_reason *r = export_not; r->collection; r++)
        n += r->collection == c;
    return n;
}

static void check(const struct store_collection *const *collections)
{
    for (; *collections; collections++) {
        size_t n = times_exported(*collections) + times_refused(*collections);
        if (n != 1)
            fail_msg("the collection %s stands %zu times in exporters and export_not "
                     "(handlers/rights/exporters.c), and must once",
                     (*collections)->name, n);
    }
}

static void every_collection_is_given_or_has_a_reason(void **state)
{
    (void)state;
    check(stores_data_collections);
    check(stores_person_collections);
    check(stores_tombstone_collections);
}

static bool has_path(const struct exporter *e)
{
    for (size_t i = 0; i < e->collection->n_paths; i++) {
        const struct store_path *p = &e->collection->paths[i];
        if (p->equals[0] && !p->equals[1] && strcmp(p->equals[0], e->owner) == 0 && p->order &&
            strcmp(p->order, e->order) == 0)
            return true;
    }
    return false;
}

/* Folders are plain words, and what is scanned stands on an access path. */
static void rows_are_sound(void **state)
{
    (void)state;
    for (const struct exporter *e = exporters; e->folder; e++) {
        assert_true(strspn(e->folder, "abcdefghijklmnopqrstuvwxyz") == strlen(e->folder));
        assert_non_null(e->words[0]);
        assert_non_null(e->words[1]);
        assert_non_null(e->show);
        assert_true(!e->owner || has_path(e));
        for (const struct exporter *other = exporters; other < e; other++)
            assert_string_not_equal(other->folder, e->folder);
    }
    for (const struct export_reason *r = export_not; r->collection; r++)
        assert_true(r->why && strlen(r->why) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_collection_is_given_or_has_a_reason),
        cmocka_unit_test(rows_are_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
