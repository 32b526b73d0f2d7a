/* Readers keep their map of the database over commits, checkpoints and growth, and read what is
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/sqlite/engine.h"
#include "store/sqlite/file_above.h"

static int given_back; /* whole maps, to the system's VFS */

static int counted_unfetch(sqlite3_file *f, sqlite3_int64 offset, void *page)
{
    given_back += page == NULL;
    return file_above_unfetch(f, offset, page);
}

static const sqlite3_io_methods counted = {
    .iVersion = 3,
    FILE_ABOVE_METHODS_2,
    .xFetch = file_above_fetch,
    .xUnfetch = counted_unfetch,
};

static int counted_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags,
                        int *ret_flags)
{
    sqlite3_vfs *under = vfs_below(v);
    if (!(flags & SQLITE_OPEN_MAIN_DB))
        return under->xOpen(under, name, f, flags, ret_flags);
    struct file_above *a = (struct file_above *)f;
    a->base.pMethods = NULL;
    a->below = (sqlite3_file *)(a + 1);
    int code = under->xOpen(under, name, a->below, flags, ret_flags);
    if (code == SQLITE_OK)
        a->base.pMethods = &counted;
    return code;
}

struct ground {
    char folder[32], path[64];
    struct connection *writer;
    struct pool readers;
};

static int set_up(void **state)
{
    struct ground *g = calloc(1, sizeof(*g));
    assert_non_null(g);
    snprintf(g->folder, sizeof(g->folder), "/tmp/tram-map-XXXXXX");
    assert_non_null(mkdtemp(g->folder));
    snprintf(g->path, sizeof(g->path), "%s/tram.db", g->folder);
    FILE *f = fopen(g->path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(connection_open(g->path, NULL, &g->writer), 0);
    assert_int_equal(connection_exec(g->writer, "CREATE TABLE t (n INTEGER PRIMARY KEY, b BLOB);"
                                                "INSERT INTO t VALUES (0, zeroblob(400000));"
                                                "PRAGMA wal_checkpoint(TRUNCATE)"),
                     0);
    const char *vfs = vfs_above("counted", NULL, (int)sizeof(struct file_above), counted_open);
    assert_int_equal(pthread_mutex_init(&g->readers.lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&g->readers.freed, NULL), 0);
    assert_int_equal(pool_open(&g->readers, g->path, vfs, 1), 0);
    *state = g;
    return 0;
}

static int tear_down(void **state)
{
    struct ground *g = *state;
    static const char *const files[] = {"", "-wal", "-shm"};
    pool_close(&g->readers);
    connection_close(g->writer);
    for (size_t i = 0; i < 3; i++) {
        char path[80];
        snprintf(path, sizeof(path), "%s%s", g->path, files[i]);
        unlink(path);
    }
    rmdir(g->folder);
    free(g);
    return 0;
}

/* One byte of each row, as the writer wrote it: the row's number. */
static void assert_rows(struct ground *g, int n)
{
    struct connection *k = NULL;
    struct statement *s = NULL;
    assert_int_equal(pool_take(&g->readers, &k), 0);
    assert_int_equal(statement_take_fixed(k, 1, "SELECT n, b FROM t ORDER BY n", &s), 0);
    for (int i = 0; i < n; i++) {
        assert_int_equal(statement_step(s), 1);
        const unsigned char *b = sqlite3_column_blob(s->stmt, 1);
        int length = sqlite3_column_bytes(s->stmt, 1);
        assert_int_equal(sqlite3_column_int(s->stmt, 0), i);
        for (int at = 0; at < length; at++)
            assert_int_equal(b[at], i % 256);
    }
    assert_int_equal(statement_step(s), 0);
    statement_release(s);
    pool_give(&g->readers, k);
}

static void add_row(struct ground *g, int i, int length)
{
    char sql[100];
    struct statement *s = NULL;
    unsigned char *bytes = malloc((size_t)length);
    assert_non_null(bytes);
    memset(bytes, i % 256, (size_t)length);
    snprintf(sql, sizeof(sql), "INSERT INTO t VALUES (%d, ?)", i);
    assert_int_equal(statement_take_fixed(g->writer, (uint64_t)i + 10, sql, &s), 0);
    assert_int_equal(sqlite3_bind_blob(s->stmt, 1, bytes, length, free), SQLITE_OK);
    assert_int_equal(statement_run(s), 0);
    statement_release(s);
}

static void test_kept_over_commits(void **state)
{
    struct ground *g = *state;
    assert_rows(g, 1);
    given_back = 0;
    for (int i = 1; i <= 20; i++) {
        add_row(g, i, 100);
        assert_rows(g, i + 1);
        if (i % 5 == 0)
            assert_int_equal(connection_exec(g->writer, "PRAGMA wal_checkpoint(PASSIVE)"), 0);
        assert_rows(g, i + 1);
    }
    assert_int_equal(given_back, 0);
}

static void test_mapped_anew_when_outgrown(void **state)
{
    struct ground *g = *state;
    assert_rows(g, 1);
    given_back = 0;
    for (int i = 1; i <= 20; i++) {
        add_row(g, i, 100000);
        assert_int_equal(connection_exec(g->writer, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
        assert_rows(g, i + 1);
    }
    assert_true(given_back > 0);
    assert_true(given_back < 20);
}

/* A page in the database is changed, not added: the map shows what came from the log. */
static void test_changed_in_place(void **state)
{
    struct ground *g = *state;
    for (int i = 1; i <= 3; i++)
        add_row(g, i, 50000);
    assert_int_equal(connection_exec(g->writer, "PRAGMA wal_checkpoint(TRUNCATE)"), 0);
    assert_rows(g, 4);
    assert_int_equal(connection_exec(g->writer, "DELETE FROM t WHERE n = 3"), 0);
    add_row(g, 3, 50000);
    assert_int_equal(connection_exec(g->writer, "UPDATE t SET n = n + 100 WHERE n = 2;"
                                                "UPDATE t SET n = 2, b = (SELECT b FROM t "
                                                "WHERE n = 102) WHERE n = 102;"
                                                "PRAGMA wal_checkpoint(TRUNCATE)"),
                     0);
    assert_rows(g, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept_over_commits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mapped_anew_when_outgrown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changed_in_place, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
