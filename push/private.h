/* Shared by the files of this folder. */
#pragma once

#include <semaphore.h>
#include <stdatomic.h>

#include "push/pump.h"
#include "push/push.h"
#include "push/sms.h"

#define PUSH_HOLD_MS 5000 /* after a failure of the store: how long a document is left alone */

struct dispatch;
struct sending;

/*
 * One batch against a store that is away, where every call may take a whole timeout of the network:
 * once it has lasted PUSH_PATIENCE_MS and a call fails, the rest of the batch fails with it and is
 * left for later, so that a stop does not wait for each.
 */
#define PUSH_PATIENCE_MS 10000
struct patience {
    int64_t until_ms; /* monotonic */
    int failed;       /* what the rest fails with; 0: go on */
};

struct push {
    struct push_options o;
    struct sms_transport sms;
    int64_t inbox_keep_ms, sent_keep_ms, dead_keep_ms;
    int64_t patience_ms; /* PUSH_PATIENCE_MS; tests have none */
    struct sending *sending;
    struct pump *letters;
    struct dispatch *dispatch[PUSH_KINDS_MAX]; /* of each kind, with a pump of its own */
    struct pump *cases[PUSH_KINDS_MAX];
    size_t n_kinds;
    struct duty *duty; /* NULL: the store is ours alone */
    pthread_t tidier;
    bool tidying, started;
    sem_t stop;
};

/* --- patience.c ------------------------------------------------------------------------------- */

struct patience patience_begin(const struct push *p);
int patience_note(struct patience *p, int outcome); /* returns the outcome */

/* --- events to deliveries: dispatch.c --------------------------------------------------------- */

int dispatch_new(struct push *p, const struct push_kind *kind, size_t workers,
                 struct dispatch **ret);
void dispatch_free(struct dispatch *d);
bool dispatch_may(void *ctx); /* whether it is this process's turn; ctx: dispatch */
void dispatch_work(void *ctx, size_t worker, struct pump_job **jobs, size_t n); /* ctx: dispatch */

/* --- what cannot be read: aside.c ------------------------------------------------------------- */

#define ASIDE_HOLD_MS 60000 /* between two looks at one, so that any node takes up a replay */

/* Whether a failure is the document's own, and will be the same the next time. */
bool is_unreadable(int failure);
/*
 * Sets a document aside: a dead letter that names it is stored, once, and the job is left alone. 0,
 * or a failure of the store; then it is held like any other.
 */
int aside_put(struct push *p, const struct store_collection *c, struct pump_job *job, int failure);

/* --- whose turn it is: duty.c ----------------------------------------------------------------- */

int duty_new(struct store *s, struct duty **ret);
int duty_start(struct duty *d); /* a thread that takes and renews */
void duty_stop(struct duty *d); /* gives up what it holds; NULL is allowed */
void duty_free(struct duty *d);
bool duty_dispatches(struct duty *d); /* NULL: yes */
bool duty_sends(struct duty *d);

/* --- deliveries to the world: send.c ---------------------------------------------------------- */

int sending_new(struct push *p, size_t workers, struct sending **ret);
void sending_free(struct sending *s);
void sending_work(void *ctx, size_t worker, struct pump_job **jobs, size_t n);
size_t sending_shard(const struct id *id, const bson_t *doc);

/* What one try came to. */
enum try_result { TRY_SENT = 1, TRY_AGAIN, TRY_DEAD, TRY_GONE };
struct try_outcome {
    enum try_result result;
    bool away;             /* the receiver cannot be reached, or asked for time */
    int64_t retry_after_s; /* what it asked for; -1 nothing */
    const char *error;     /* static or in the arena */
};

/* Encodes and inserts deliveries, up to 256 a write; outcomes[i] is 0, STORE_EXISTS or a failure.
 */
int deliveries_insert(struct store *s, struct delivery *const *d, size_t n, struct arena *a,
                      int *outcomes);
struct id delivery_id(const struct id *event, const struct id *recipient, int channel);

/* For tests: in the calling thread, of a push that was not started. */
int push_drain(struct push *p);

/* --- metrics.c -------------------------------------------------------------------------------- */

enum delivered { DELIVERED_SENT, DELIVERED_RETRY, DELIVERED_DEAD };
void count_delivery(int channel, enum delivered outcome, size_t n);
void count_dispatched(size_t n);
void count_failed(void);
void count_aside(void);
void set_lag(int64_t ms);
void set_waiting(int64_t pending, int64_t dead);
