/*
 * The floor below the store: plain SQLite, prepared statements, one thread, no process between.
 *
 *   raw_sqlite commit BEFORE AFTER GROUP TABLE…
 *       Inserts into BEFORE the very rows by which AFTER is longer in these tables (reports, facts,
 *       notices, consents, with all their columns and indexes), and of -TABLE (drafts) removes
 *       those that AFTER has no more; what belongs to GROUP rows of the first in one transaction,
 *       each durable when it ends, as the store has it (WAL, synchronous=FULL, a log of 64 MiB, a
 *       cache of 64).
 *   raw_sqlite query DATABASE FILE ROUNDS
 *       FILE holds a query a line; each is prepared once and all are run in turn, ROUNDS times,
 *       reading every column of every row.
 *
 * Prints one line of JSON.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINES_MAX 4096
#define COLUMNS_MAX 64
#define TABLES_MAX 8

static sqlite3 *db;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "raw_sqlite: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
    exit(1);
}

static void *need(void *p)
{
    if (!p)
        fail("no memory");
    return p;
}

static void run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK)
        fail(sql);
    return s;
}

/* Times kept to be sorted. */
struct times {
    double *ms;
    size_t n, cap;
};

static void times_add(struct times *t, double ms)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 4096;
        t->ms = need(realloc(t->ms, t->cap * sizeof(*t->ms)));
    }
    t->ms[t->n++] = ms;
}

static int ascending(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

static double quantile(struct times *t, double q)
{
    if (t->n == 0)
        return 0;
    qsort(t->ms, t->n, sizeof(*t->ms), ascending);
    return t->ms[(size_t)((double)(t->n - 1) * q)];
}

/* --- commits ---------------------------------------------------------------------------------- */

/* The rows that one table gained; or lost, then only which. */
struct change {
    const char *table;
    bool lost;
    sqlite3_value **values; /* row after row */
    int columns;
    size_t n, next;
    sqlite3_stmt *apply;
};

static void load(struct change *g)
{
    char sql[512];
    size_t cap = 0;
    snprintf(sql, sizeof(sql),
             g->lost ? "SELECT row FROM main.%s EXCEPT SELECT row FROM after.%s ORDER BY row"
                     : "SELECT * FROM after.%s"
                       " WHERE row > (SELECT coalesce(max(row), 0) FROM main.%s) ORDER BY row",
             g->table, g->table);
    sqlite3_stmt *s = prepare(sql);
    g->columns = sqlite3_column_count(s);
    if (g->columns > COLUMNS_MAX)
        fail("a table has too many columns");
    int code;
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        if (g->n == cap) {
            cap = cap ? cap * 2 : 4096;
            g->values =
                need(realloc(g->values, cap * (size_t)g->columns * sizeof(sqlite3_value *)));
        }
        for (int i = 0; i < g->columns; i++)
            g->values[g->n * (size_t)g->columns + (size_t)i] =
                need(sqlite3_value_dup(sqlite3_column_value(s, i)));
        g->n++;
    }
    sqlite3_finalize(s);
    if (code != SQLITE_DONE)
        fail("the rows that changed cannot be read");
}

static void prepare_change(struct change *g)
{
    char sql[512];
    if (g->lost) {
        snprintf(sql, sizeof(sql), "DELETE FROM main.%s WHERE row = ?", g->table);
        g->apply = prepare(sql);
        return;
    }
    int n = snprintf(sql, sizeof(sql), "INSERT INTO main.%s VALUES(?", g->table);
    for (int i = 1; i < g->columns; i++)
        n += snprintf(sql + n, sizeof(sql) - (size_t)n, ", ?");
    snprintf(sql + n, sizeof(sql) - (size_t)n, ")");
    g->apply = prepare(sql);
}

static void apply_next(struct change *g)
{
    sqlite3_value **row = &g->values[g->next++ * (size_t)g->columns];
    for (int i = 0; i < g->columns; i++)
        sqlite3_bind_value(g->apply, i + 1, row[i]);
    if (sqlite3_step(g->apply) != SQLITE_DONE)
        fail("a row is not taken");
    sqlite3_reset(g->apply);
}

static int commit(const char *before, const char *after, size_t group, char **names,
                  size_t n_tables)
{
    static struct change tables[TABLES_MAX];
    size_t rows = 0;
    char attach[4200];
    struct times times = {0};
    if (sqlite3_open(before, &db) != SQLITE_OK || group == 0)
        fail(before);
    snprintf(attach, sizeof(attach), "ATTACH '%s' AS after", after);
    run(attach);
    for (size_t i = 0; i < n_tables; i++) {
        tables[i].lost = names[i][0] == '-';
        tables[i].table = names[i] + (tables[i].lost ? 1 : 0);
        load(&tables[i]);
        rows += tables[i].n;
    }
    run("DETACH after");
    run("PRAGMA main.journal_mode=WAL; PRAGMA main.synchronous=FULL; PRAGMA cache_size=-65536;"
        "PRAGMA wal_autocheckpoint=16384");
    for (size_t i = 0; i < n_tables; i++)
        prepare_change(&tables[i]);
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE"), *end = prepare("COMMIT");
    size_t n = tables[0].n;
    double from = now_s(), last = from, cpu = cpu_s();
    for (size_t done = 0; done < n;) {
        done = done + group < n ? done + group : n;
        sqlite3_step(begin);
        sqlite3_reset(begin);
        for (size_t i = 0; i < n_tables; i++) { /* each table keeps step with the reports */
            while (tables[i].next < tables[i].n * done / n)
                apply_next(&tables[i]);
        }
        if (sqlite3_step(end) != SQLITE_DONE)
            fail("COMMIT");
        sqlite3_reset(end);
        times_add(&times, (now_s() - last) * 1e3);
        last = now_s();
    }
    printf("{\"done\":%zu,\"rows\":%zu,\"seconds\":%.4f,\"cpu_s\":%.4f,\"p50_ms\":%.3f,"
           "\"p99_ms\":%.3f}\n",
           n, rows, last - from, cpu_s() - cpu, quantile(&times, 0.5), quantile(&times, 0.99));
    return 0;
}

/* --- queries ---------------------------------------------------------------------------------- */

static size_t read_all(sqlite3_stmt *s)
{
    size_t bytes = 0;
    int code;
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            if (sqlite3_column_blob(s, i))
                bytes += (size_t)sqlite3_column_bytes(s, i);
        }
    }
    if (code != SQLITE_DONE)
        fail(sqlite3_sql(s));
    sqlite3_reset(s);
    return bytes;
}

static int query(const char *database, const char *file, long rounds)
{
    static sqlite3_stmt *queries[LINES_MAX];
    size_t n = 0, cap = 0, bytes = 0;
    char *line = NULL;
    FILE *f = fopen(file, "r");
    struct times times = {0};
    if (!f || sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        fail(database);
    run("PRAGMA cache_size=-65536");
    while (n < LINES_MAX && getline(&line, &cap, f) > 0)
        queries[n++] = prepare(line);
    fclose(f);
    double from = now_s();
    for (long round = 0; round < rounds; round++) {
        for (size_t i = 0; i < n; i++) {
            double since = now_s();
            bytes += read_all(queries[i]);
            times_add(&times, (now_s() - since) * 1e3);
        }
    }
    printf("{\"done\":%zu,\"bytes\":%zu,\"seconds\":%.4f,\"p50_ms\":%.4f,\"p99_ms\":%.4f}\n",
           times.n, bytes, now_s() - from, quantile(&times, 0.5), quantile(&times, 0.99));
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 5 && argc <= 5 + TABLES_MAX && strcmp(argv[1], "commit") == 0)
        return commit(argv[2], argv[3], strtoul(argv[4], NULL, 10), argv + 5, (size_t)argc - 5);
    if (argc == 5 && strcmp(argv[1], "query") == 0)
        return query(argv[2], argv[3], strtol(argv[4], NULL, 10));
    fail("usage: raw_sqlite commit BEFORE AFTER GROUP TABLE… | raw_sqlite query DATABASE FILE "
         "ROUNDS");
}
