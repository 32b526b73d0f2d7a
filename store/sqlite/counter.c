/* Counters, listed; they are added to by the writer (write_ops.c). */
#include "store/sqlite/engine.h"

#define STATEMENT_COUNTERS 6 /* among the fixed texts */

static int read_counters(struct connection *k, const char *after, size_t max, struct arena *a,
                         struct store_counter *ret, size_t *ret_n)
{
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take_fixed(k, STATEMENT_COUNTERS,
                                    "SELECT name, value FROM counter WHERE ?1 IS NULL OR name > ?1"
                                    " ORDER BY name LIMIT ?2",
                                    &s);
    if (done == 0 && after)
        done = engine_result(sqlite3_bind_text(s->stmt, 1, after, -1, SQLITE_TRANSIENT));
    if (done == 0)
        done = engine_result(sqlite3_bind_int64(s->stmt, 2, (sqlite3_int64)max));
    while (done == 0 && (done = statement_step(s)) == 1) {
        const char *name = (const char *)sqlite3_column_text(s->stmt, 0);
        if (!name)
            return E_CORRUPT;
        ret[(*ret_n)++] =
            (struct store_counter){arena_strdup(a, name), sqlite3_column_int64(s->stmt, 1)};
        done = 0;
    }
    return done;
}

int sqlite_counters(struct store_driver *d, const char *after, size_t max, struct arena *a,
                    struct store_counter *ret, size_t *ret_n)
{
    struct engine *e = engine_of(d);
    struct connection *k = NULL;
    *ret_n = 0;
    int done = engine_take_reader(e, &k);
    if (done < 0)
        return done;
    done = read_counters(k, after, max, a, ret, ret_n);
    pool_give(&e->readers, k);
    return done;
}
