/* Opening: who may, what is left on the disk, and that it can be done again and again. */
#include <sys/wait.h>

#include "tests/unit/store_sqlite/fixture.h"

static void a_second_opener_is_refused(void **state)
{
    struct store_driver *d = open_reports(*state), *second = NULL;
    assert_int_equal(open_as(*state, &reports, &second), E_BUSY);
    pid_t child = fork();
    if (child == 0)
        _exit(open_as(*state, &reports, &second) == E_BUSY ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    d->ops->close(d);
    d = open_reports(*state);
    d->ops->close(d);
}

static mode_t mode_of(const struct folder *f, const char *name)
{
    char path[128];
    struct stat st;
    snprintf(path, sizeof(path), "%s/%s", f->path, name);
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void nobody_else_may_read(void **state)
{
    struct folder inner;
    snprintf(inner.path, sizeof(inner.path), "%.40s/data", ((struct folder *)*state)->path);
    mode_t mask = umask(0);
    struct store_driver *d = open_reports(&inner);
    insert_reports(d, 0, 1);
    struct id blob = id_of(0);
    assert_int_equal(d->ops->blob_create(d, &blob), 0);
    umask(mask);
    assert_int_equal(mode_of(&inner, "."), 0700);
    assert_int_equal(mode_of(&inner, "blobs"), 0700);
    assert_int_equal(mode_of(&inner, "blobs/00"), 0700);
    assert_int_equal(mode_of(&inner, "blobs/00/00000000-0000-0000-0000-000000000000"), 0600);
    assert_int_equal(mode_of(&inner, "lock"), 0600);
    assert_int_equal(mode_of(&inner, "tram.db"), 0600);
    assert_int_equal(mode_of(&inner, "tram.db-wal"), 0600);
    d->ops->close(d);
}

static void a_newer_form_is_refused(void **state)
{
    struct store_driver *d = open_reports(*state);
    insert_reports(d, 0, 3);
    d->ops->close(d);
    struct store_collection older = reports;
    older.form--;
    assert_int_equal(open_as(*state, &older, &d), E_FORM);
    d = open_reports(*state); /* the refusal changed nothing */
    assert_int_equal(get_report(d, &reports, 2), 0);
    d->ops->close(d);
}

static void a_newer_layout_is_refused(void **state)
{
    struct store_driver *d = open_reports(*state);
    d->ops->close(d);
    char path[128];
    snprintf(path, sizeof(path), "%s/tram.db", ((struct folder *)*state)->path);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version=1000", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(open_as(*state, &reports, &d), E_FORM);
}

static void what_is_no_database_is_refused(void **state)
{
    char path[128], noise[8192];
    memset(noise, 'x', sizeof(noise));
    snprintf(path, sizeof(path), "%s/tram.db", ((struct folder *)*state)->path);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(noise, 1, sizeof(noise), out), sizeof(noise));
    fclose(out);
    struct store_driver *d = NULL;
    assert_int_equal(open_as(*state, &reports, &d), E_CORRUPT);
}

static void it_starts_and_stops_again_and_again(void **state)
{
    for (uint32_t n = 0; n < 40; n++) {
        struct store_driver *d = open_reports(*state);
        assert_int_equal(d->ops->ping(d), 0);
        assert_int_equal(insert_report(d, &reports, n), 0);
        if (n > 0)
            assert_int_equal(get_report(d, &reports, n - 1), 0);
        d->ops->close(d);
    }
}

static int pieces_of_words(const struct folder *f)
{
    char path[128];
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    snprintf(path, sizeof(path), "%s/tram.db", f->path);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT count(DISTINCT segid) FROM w_report_idx", -1, &s, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int n = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return n;
}

/* Each commit leaves a piece of the words' index, and a search looks through all of them. */
static void words_are_in_one_piece_after_a_stop(void **state)
{
    struct store_driver *d = open_reports(*state);
    for (uint32_t n = 0; n < 30; n++)
        assert_int_equal(insert_report(d, &reports, n), 0);
    assert_true(pieces_of_words(*state) > 1);
    d->ops->close(d);
    assert_int_equal(pieces_of_words(*state), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_second_opener_is_refused),
        FOLDER_TEST(nobody_else_may_read),
        FOLDER_TEST(a_newer_form_is_refused),
        FOLDER_TEST(a_newer_layout_is_refused),
        FOLDER_TEST(what_is_no_database_is_refused),
        FOLDER_TEST(it_starts_and_stops_again_and_again),
        FOLDER_TEST(words_are_in_one_piece_after_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
