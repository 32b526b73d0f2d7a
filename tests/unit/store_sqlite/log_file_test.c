/*
 * Transactions larger than the cache: pages go to the log before the commit, are read back from it,
 * written anew in the middle of it, and left there by a rollback. What another connection finds
 * through the system's own files, and what is found in the files as they lie there after each
 * commit, is what a database in memory has that was told the same.
 */
#include <fcntl.h>
#include <sys/sendfile.h>

#include "tests/unit/store_sqlite/fixture.h"

#define IDS 400
#define ROUNDS 40
#define STEPS_MAX 150 /* of a transaction; each changes several of the ten pages that stay */

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

static sqlite3 *open_at(const char *path, const char *vfs)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    assert_int_equal(sqlite3_open_v2(path, &db, flags, vfs), SQLITE_OK);
    return db;
}

static int64_t number_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK || sqlite3_step(s) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int64_t number = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return number;
}

static int64_t sum_of(sqlite3 *db)
{
    return number_of(db, "SELECT total(id * 31 + version * 7919 + length(bytes)) FROM t");
}

static bool is_sound(sqlite3 *db)
{
    return number_of(db, "SELECT count(*) = 1 AND max(integrity_check) = 'ok' "
                         "FROM pragma_integrity_check") == 1;
}

/* The same each time. */
static uint32_t chance(uint32_t n)
{
    static uint64_t state = 20261128;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* Told to both; a third of them is rolled back. Without savepoints: the engine has none, and after
 * ROLLBACK TO SQLite 3.40 itself may leave a wrong checksum in the log. */
static void transact(sqlite3 *db, sqlite3 *model, int64_t *version)
{
    char sql[160];
    sqlite3 *const both[] = {db, model};
    for (uint32_t left = 1 + chance(STEPS_MAX), n = 0; n <= left + 1; n++) {
        const char *told = sql;
        sqlite3_snprintf(sizeof(sql), sql, "REPLACE INTO t VALUES(%u, %lld, zeroblob(%u))",
                         chance(IDS), (long long)++*version, 300 + chance(3000));
        if (n == 0)
            told = "BEGIN";
        else if (n == left + 1)
            told = chance(3) == 0 ? "ROLLBACK" : "COMMIT";
        for (size_t i = 0; i < ARRAY_LEN(both); i++)
            run(both[i], told);
    }
}

static void copy_file(const char *from, const char *to)
{
    CLEANUP(closep) int in = open(from, O_RDONLY | O_CLOEXEC);
    CLEANUP(closep) int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(in >= 0 && out >= 0);
    ssize_t n;
    while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
        continue;
    assert_int_equal(n, 0);
}

/* As after a kill: database and log, without what is shared between those that have it open. */
static void check_recovered(const char *path, int64_t sum)
{
    char from[96], to[96], copy[80];
    snprintf(copy, sizeof(copy), "%s-copy", path);
    copy_file(path, copy);
    snprintf(from, sizeof(from), "%s-wal", path);
    snprintf(to, sizeof(to), "%s-wal", copy);
    copy_file(from, to);
    sqlite3 *db = open_at(copy, NULL);
    assert_int_equal(sum_of(db), sum);
    assert_true(is_sound(db));
    sqlite3_close(db);
    unlink(copy);
}

static void what_the_cache_does_not_hold_is_written_and_read(void **state)
{
    char path[72];
    snprintf(path, sizeof(path), "%s/t.db", ((struct folder *)*state)->path);
    sqlite3 *db = open_at(path, log_file_vfs(NULL)), *model = open_at(":memory:", NULL);
    run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
            "PRAGMA cache_size=10; PRAGMA temp_store=MEMORY");
    for (size_t i = 0; i < 2; i++)
        run(i ? model : db, "CREATE TABLE t(id INTEGER PRIMARY KEY, version INT, bytes BLOB);"
                            "CREATE INDEX t_version ON t(version)");
    sqlite3 *other = open_at(path, NULL);
    int64_t version = 0;
    for (int round = 0; round < ROUNDS; round++) {
        transact(db, model, &version);
        int64_t sum = sum_of(model);
        assert_int_equal(sum_of(db), sum);
        assert_int_equal(sum_of(other), sum);
        check_recovered(path, sum);
        if (chance(8) == 0)
            run(other, "PRAGMA wal_checkpoint(RESTART)");
    }
    assert_true(sum_of(model) > 0);
    sqlite3_close(db);
    sqlite3_close(other);
    sqlite3_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(what_the_cache_does_not_hold_is_written_and_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
