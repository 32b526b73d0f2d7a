#include "bench/lag.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_NS 20000000

static atomic_int_fast64_t last;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t look(sqlite3_stmt *oldest)
{
    int64_t lag = 0;
    if (sqlite3_step(oldest) == SQLITE_ROW)
        lag = now_ms() - sqlite3_column_int64(oldest, 0);
    sqlite3_reset(oldest);
    return lag > 0 ? lag : 0; /* below: an alarm of the future */
}

static void *watch(void *arg)
{
    sqlite3_stmt *oldest = arg;
    for (;;) {
        atomic_store(&last, look(oldest));
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
    return NULL;
}

void lag_start(const char *database, const char *kind)
{
    char sql[200];
    sqlite3 *db = NULL;
    sqlite3_stmt *oldest = NULL;
    pthread_t thread;
    snprintf(sql, sizeof(sql),
             "SELECT f_next FROM c_%s INDEXED BY i_%s__next WHERE f_next IS NOT NULL"
             " ORDER BY f_next LIMIT 1",
             kind, kind);
    if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_busy_timeout(db, 5000) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &oldest, NULL) != SQLITE_OK ||
        pthread_create(&thread, NULL, watch, oldest) != 0) {
        fprintf(stderr, "load: %s: %s\n", database, db ? sqlite3_errmsg(db) : "cannot be read");
        exit(1);
    }
    pthread_detach(thread);
}

int64_t lag_ms(void)
{
    return atomic_load(&last);
}
