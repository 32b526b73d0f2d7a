/*
 * The one writer: it takes what has queued up and commits it in one transaction (group commit), so
 * that synchronous=FULL costs one fsync for all who wait. Each operation stands or falls alone:
 * when one fails, the transaction is rolled back and made again without it.
 * (Whether an operation may happen is found out before it changes anything, so only the disk or the
 * memory can fail one. A savepoint for each would make FTS5 flush its words for each: measured, an
 * insert with words costs three times as much.)
 *
 * A commit that fails in the middle of writing leaves it unknown whether it is on disk, and a
 * kernel that dropped dirty pages after a failed fsync would report the next one as good. So the
 * engine is poisoned: those who waited get E_UNKNOWN, all later reads and writes E_UNAVAILABLE,
 * until the process is started again and SQLite recovers from its log. Reads too: they would say
 * "not written" of what recovery may yet find in the log.
 *
 * Checkpoints run beside, on a thread and connection of their own; what they cannot reach because
 * of the writer, the writer does itself between two commits. They are far apart: a page of an index
 * is changed by many commits, and is then written back once for all of them (measured with reports
 * at 200,000: a log of 64 MiB takes twice the commits of one of 4 MiB).
 */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite/engine.h"

#define QUEUE_MAX 65536 /* operations; more are refused with E_BUSY */
#define WAKE_RUN 8      /* who wait for a commit and wake one another */

/* --- one batch -------------------------------------------------------------------------------- */

/* Applies every operation still without a failure; the first that fails is marked. */
static int apply_batch(struct connection *k, struct write_job *jobs, struct write_op **ret_failed)
{
    for (struct write_job *j = jobs; j; j = j->next) {
        for (size_t i = 0; i < j->n; i++) {
            struct write_op *op = &j->ops[i];
            if (op->outcome < 0)
                continue;
            int done = write_apply(k, op);
            if (done < 0) {
                *ret_failed = op;
                return done;
            }
        }
    }
    return 0;
}

static void fail_all(struct write_job *jobs, int failure)
{
    for (struct write_job *j = jobs; j; j = j->next) {
        for (size_t i = 0; i < j->n; i++) {
            if (j->ops[i].outcome >= 0)
                j->ops[i].outcome = failure;
        }
    }
}

static bool rolled_back(struct connection *k)
{
    if (!sqlite3_get_autocommit(k->db))
        connection_exec(k, "ROLLBACK");
    return sqlite3_get_autocommit(k->db) != 0;
}

static int commit(struct connection *k)
{
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take_fixed(k, 3, "COMMIT", &s);
    return done == 0 ? statement_run(s) : done;
}

static int begin(struct connection *k)
{
    CLEANUP(statement_releasep) struct statement *s = NULL;
    int done = statement_take_fixed(k, 2, "BEGIN IMMEDIATE", &s);
    return done == 0 ? statement_run(s) : done;
}

static void write_batch(struct engine *e, struct write_job *jobs)
{
    struct connection *k = e->writer.connection;
    for (;;) {
        struct write_op *failed = NULL;
        int done = begin(k);
        if (done == 0)
            done = apply_batch(k, jobs, &failed);
        if (done == 0) {
            done = commit(k);
            if (done == 0)
                return;
            /* A full disk is noticed before anything counts; other failures are not so kind. */
            if (done == E_FULL && rolled_back(k)) {
                fail_all(jobs, E_FULL);
                return;
            }
            rolled_back(k);
            atomic_store(&e->poisoned, true);
            fail_all(jobs, E_UNKNOWN);
            return;
        }
        if (!rolled_back(k))
            atomic_store(&e->poisoned, true);
        if (!failed || atomic_load(&e->poisoned)) {
            fail_all(jobs, done);
            return;
        }
        failed->outcome = done; /* the others once more, without it */
    }
}

/* --- the queue -------------------------------------------------------------------------------- */

static size_t count_ops(const struct write_job *jobs)
{
    size_t n = 0;
    for (; jobs; jobs = jobs->next)
        n += jobs->n;
    return n;
}

/*
 * Who is woken takes the writer's core, so the writer wakes one in WAKE_RUN and each of them the
 * next of its run (measured with 64 clients on two cores: the writer, which all wait for, stood a
 * third of its time behind those it had just woken).
 */
static void finish_jobs(struct write_job *jobs)
{
    while (jobs) {
        struct write_job *first = jobs, *last = jobs;
        for (size_t i = 1; i < WAKE_RUN && last->next; i++)
            last = last->next;
        jobs = last->next;
        last->next = NULL;
        sem_post(&first->done); /* its owner frees it once posted */
    }
}

static void wait_finished(struct write_job *job)
{
    while (sem_wait(&job->done) != 0)
        ; /* EINTR */
    if (job->next)
        sem_post(&job->next->done);
    sem_destroy(&job->done);
}

static void *writer_main(void *arg)
{
    struct engine *e = arg;
    struct writer *w = &e->writer;
    for (;;) {
        pthread_mutex_lock(&w->lock);
        while (!w->first && !w->stopping)
            pthread_cond_wait(&w->arrived, &w->lock);
        struct write_job *jobs = w->first;
        size_t n = w->queued;
        w->first = NULL;
        w->last = &w->first;
        w->queued = 0;
        pthread_mutex_unlock(&w->lock);
        if (!jobs)
            return NULL; /* stopping, and nothing is left */
        if (atomic_load(&e->poisoned))
            fail_all(jobs, E_UNAVAILABLE);
        else
            write_batch(e, jobs);
        pthread_mutex_lock(&w->lock);
        w->commits++;
        w->writes += n;
        pthread_mutex_unlock(&w->lock);
        finish_jobs(jobs);
        if (atomic_exchange(&w->tail_due, false))
            sqlite3_wal_checkpoint_v2(w->connection->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                      NULL);
    }
}

int writer_do(struct engine *e, struct write_op *ops, size_t n)
{
    struct writer *w = &e->writer;
    struct write_job job = {.ops = ops, .n = n};
    sem_init(&job.done, 0, 0);
    pthread_mutex_lock(&w->lock);
    bool refused = w->stopping || w->queued + n > QUEUE_MAX;
    if (!refused) {
        *w->last = &job;
        w->last = &job.next;
        w->queued += count_ops(&job);
        if (w->queued > w->queue_max)
            w->queue_max = w->queued;
        pthread_cond_signal(&w->arrived);
    }
    bool stopping = w->stopping;
    pthread_mutex_unlock(&w->lock);
    if (refused) {
        sem_destroy(&job.done);
        return stopping ? E_UNAVAILABLE : E_BUSY;
    }
    wait_finished(&job);
    return 0;
}

/* --- checkpoints ------------------------------------------------------------------------------ */

static int log_written(void *arg, sqlite3 *db, const char *name, int pages)
{
    (void)db, (void)name;
    struct writer *w = arg;
    if (pages < w->log_pages)
        return SQLITE_OK;
    pthread_mutex_lock(&w->lock);
    w->checkpoint_due = true;
    pthread_cond_signal(&w->log_grew);
    pthread_mutex_unlock(&w->lock);
    return SQLITE_OK;
}

static void *checkpoint_main(void *arg)
{
    struct writer *w = arg;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->checkpoint_due && !w->stopping)
            pthread_cond_wait(&w->log_grew, &w->lock);
        if (w->stopping)
            break;
        pthread_mutex_unlock(&w->lock);
        int code = sqlite3_wal_checkpoint_v2(w->checkpoint_connection->db, NULL,
                                             SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        bool failed = code != SQLITE_OK && code != SQLITE_BUSY;
        atomic_fetch_add(&w->checkpoints, 1);
        atomic_fetch_add(&w->checkpoints_failed, failed ? 1 : 0);
        atomic_store(&w->tail_due, !failed);
        pthread_mutex_lock(&w->lock);
        w->checkpoint_due = false;
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int writer_checkpoint_all(struct connection *k)
{
    return engine_result(
        sqlite3_wal_checkpoint_v2(k->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
}

/* --- starting and stopping -------------------------------------------------------------------- */

int writer_start(struct engine *e)
{
    struct writer *w = &e->writer;
    w->last = &w->first;
    sqlite3_wal_hook(w->connection->db, log_written, w);
    if (pthread_create(&w->thread, NULL, writer_main, e) != 0)
        return E_NOMEM;
    w->started = true;
    pthread_setname_np(w->thread, "store-write");
    if (pthread_create(&w->checkpoint_thread, NULL, checkpoint_main, w) != 0)
        return E_NOMEM;
    w->checkpoint_started = true;
    pthread_setname_np(w->checkpoint_thread, "store-log");
    return 0;
}

void writer_stop(struct engine *e)
{
    struct writer *w = &e->writer;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->arrived);
    pthread_cond_broadcast(&w->log_grew);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    if (w->checkpoint_started)
        pthread_join(w->checkpoint_thread, NULL);
    w->started = w->checkpoint_started = false;
}

/* --- the driver's writes ---------------------------------------------------------------------- */

static int do_one(struct store_driver *d, struct write_op *op)
{
    int done = op->doc ? derive(op->table, op->doc, &op->derived) : 0;
    if (done == 0)
        done = writer_do(engine_of(d), op, 1);
    derived_release(&op->derived);
    return done == 0 ? op->outcome : done;
}

/* Operations with their documents; a document that does not fit is passed over with its failure. */
static int do_many(struct store_driver *d, struct write_op *ops, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ops[i].outcome = ops[i].doc ? derive(ops[i].table, ops[i].doc, &ops[i].derived) : 0;
    int done = n > 0 ? writer_do(engine_of(d), ops, n) : 0;
    for (size_t i = 0; i < n; i++) {
        ops[i].outcome = done < 0 ? done : ops[i].outcome;
        derived_release(&ops[i].derived);
    }
    return done;
}

int sqlite_insert(struct store_driver *d, const struct store_collection *c,
                  struct store_insert_row *rows, size_t n)
{
    struct table *t = engine_table(engine_of(d), c);
    CLEANUP(freep) struct write_op *ops = calloc(n ? n : 1, sizeof(*ops));
    if (!t || !ops)
        return t ? E_NOMEM : E_INVALID;
    for (size_t i = 0; i < n; i++)
        ops[i] = (struct write_op){
            .kind = WRITE_INSERT, .table = t, .id = rows[i].id, .doc = rows[i].doc};
    int done = do_many(d, ops, n);
    for (size_t i = 0; i < n; i++)
        rows[i].outcome = ops[i].outcome;
    return done;
}

int sqlite_insert_for(struct store_driver *d, const struct store_collection *c,
                      struct store_insert_row *row, struct store_removal *gone)
{
    struct write_op ops[] = {{.kind = WRITE_INSERT,
                              .table = engine_table(engine_of(d), c),
                              .id = row->id,
                              .doc = row->doc},
                             {.kind = WRITE_REMOVE,
                              .table = engine_table(engine_of(d), gone->collection),
                              .id = gone->id,
                              .expected = gone->version,
                              .after = &ops[0]}};
    if (!ops[0].table || !ops[1].table)
        return E_INVALID;
    int done = do_many(d, ops, ARRAY_LEN(ops));
    row->outcome = ops[0].outcome;
    gone->outcome = ops[1].outcome;
    return done;
}

int sqlite_replace_many(struct store_driver *d, const struct store_collection *c,
                        struct store_replace_row *rows, size_t n)
{
    struct table *t = engine_table(engine_of(d), c);
    CLEANUP(freep) struct write_op *ops = calloc(n ? n : 1, sizeof(*ops));
    if (!t || !ops)
        return t ? E_NOMEM : E_INVALID;
    for (size_t i = 0; i < n; i++)
        ops[i] = (struct write_op){.kind = WRITE_REPLACE,
                                   .table = t,
                                   .id = rows[i].id,
                                   .doc = rows[i].doc,
                                   .expected = rows[i].expected};
    int done = do_many(d, ops, n);
    for (size_t i = 0; i < n; i++)
        rows[i].outcome = ops[i].outcome;
    return done;
}

int sqlite_replace(struct store_driver *d, const struct store_collection *c, const struct id *id,
                   int64_t expected_version, const bson_t *doc)
{
    struct write_op op = {.kind = WRITE_REPLACE,
                          .table = engine_table(engine_of(d), c),
                          .id = *id,
                          .doc = doc,
                          .expected = expected_version};
    return op.table ? do_one(d, &op) : E_INVALID;
}

int sqlite_remove(struct store_driver *d, const struct store_collection *c, const struct id *id,
                  int64_t expected_version)
{
    struct write_op op = {.kind = WRITE_REMOVE,
                          .table = engine_table(engine_of(d), c),
                          .id = *id,
                          .expected = expected_version};
    return op.table ? do_one(d, &op) : E_INVALID;
}

int sqlite_bump(struct store_driver *d, const char *counter, int64_t by, int64_t *ret)
{
    struct write_op op = {.kind = WRITE_BUMP, .counter = counter, .by = by};
    int done = do_one(d, &op);
    *ret = op.value;
    return done;
}
