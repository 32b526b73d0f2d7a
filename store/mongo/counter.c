/*
 * Counters by compare-and-swap. Those of this process who want a number at one time are served by
 * one of them: it adds for all that wait for its counter, so that a round trip to a majority gives
 * as many numbers as there are who wait.
 */
#include <string.h>
#include <time.h>

#include "store/mongo/engine.h"

#define TRIES 200

/* One caller, on its own stack. */
struct bump {
    const char *counter;
    int64_t by, value;
    int result;
    bool ended;
    struct bump *next;
};

/* Others add too: wait a little, longer each time, never in step. */
static void back_off(int attempt)
{
    if (attempt < 2)
        return;
    uint32_t most = 200U << (attempt < 8 ? attempt : 8), chance; /* µs */
    if (most > 20000)
        most = 20000;
    memcpy(&chance, id_v4().bytes, sizeof(chance));
    struct timespec t = {.tv_nsec = (long)(chance % most) * 1000};
    nanosleep(&t, NULL);
}

/* --- one counter ------------------------------------------------------------------------------ */

static int read_counter(struct engine *e, const char *name, int64_t *ret)
{
    CLEANUP(doc_destroyp) bson_t *doc = NULL;
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    bson_iter_t it;
    BSON_APPEND_UTF8(&filter, "_id", name);
    int done = call_find_one(e, ENGINE_COUNTERS, &filter, NULL, &doc);
    if (done != 0)
        return done;
    if (!bson_iter_init_find(&it, doc, "value"))
        return E_CORRUPT;
    *ret = bson_iter_as_int64(&it);
    return 0;
}

static int insert_counter(struct engine *e, const char *name, int64_t value)
{
    CLEANUP(bson_destroy) bson_t doc = BSON_INITIALIZER;
    BSON_APPEND_UTF8(&doc, "_id", name);
    BSON_APPEND_INT64(&doc, "value", value);
    int done = call_insert(e, ENGINE_COUNTERS, &doc);
    return done == STORE_EXISTS ? STORE_CONFLICT : done;
}

static int swap_counter(struct engine *e, const char *name, int64_t old, int64_t value)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    bson_t set;
    int64_t matched = 0;
    BSON_APPEND_UTF8(&filter, "_id", name);
    BSON_APPEND_INT64(&filter, "value", old);
    BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
    BSON_APPEND_INT64(&set, "value", value);
    bson_append_document_end(&update, &set);
    struct change_one u = {.collection = ENGINE_COUNTERS, .filter = &filter, .update = &update};
    int done = call_update(e, &u, &matched);
    return done == 0 && matched == 0 ? STORE_CONFLICT : done;
}

/* Adds; *ret is what it was before. */
static int add(struct engine *e, const char *name, int64_t by, int64_t *ret)
{
    int done = STORE_CONFLICT;
    for (int i = 0; i < TRIES && done == STORE_CONFLICT; i++) {
        int64_t sum;
        back_off(i);
        *ret = 0;
        done = read_counter(e, name, ret);
        if (done < 0)
            return done;
        if (__builtin_add_overflow(*ret, by, &sum))
            return E_FULL;
        done =
            done == STORE_ABSENT ? insert_counter(e, name, sum) : swap_counter(e, name, *ret, sum);
    }
    return done == STORE_CONFLICT ? E_BUSY : done;
}

/* --- all who wait ----------------------------------------------------------------------------- */

/* Those who count up are served together: what each is given lies between the first value and the
 * last, so that none overflows where the sum does not. */
static bool goes_with(const struct bump *b, const struct bump *first, int64_t so_far)
{
    int64_t sum;
    return b->by > 0 && first->by > 0 && strcmp(b->counter, first->counter) == 0 &&
           !__builtin_add_overflow(so_far, b->by, &sum);
}

/* Takes the first out of the queue, and those who go with it; under the lock. */
static struct bump *take_together(struct engine *e, int64_t *ret_by)
{
    struct bump *first = e->bumps.first, **last = &first, **at = &e->bumps.first;
    *ret_by = 0;
    while (*at) {
        struct bump *b = *at;
        if (b != first && !goes_with(b, first, *ret_by)) {
            at = &b->next;
            continue;
        }
        *ret_by += b->by;
        *at = b->next;
        b->next = NULL;
        *last = b;
        last = &b->next;
    }
    e->bumps.last = at;
    return first;
}

/* Serves the queue until the own bump is done; under the lock, which it leaves meanwhile. */
static void serve(struct engine *e, const struct bump *own)
{
    while (!own->ended) {
        int64_t by, value = 0;
        struct bump *all = take_together(e, &by);
        const char *counter = all->counter;
        pthread_mutex_unlock(&e->bumps.lock);
        int done = add(e, counter, by, &value);
        pthread_mutex_lock(&e->bumps.lock);
        for (struct bump *b = all, *next; b; b = next) {
            next = b->next;
            value += b->by;
            b->value = value;
            b->result = done;
            b->ended = true;
        }
        pthread_cond_broadcast(&e->bumps.ended);
    }
}

int mongo_bump(struct store_driver *d, const char *counter, int64_t by, int64_t *ret)
{
    struct engine *e = engine_of(d);
    struct bump own = {.counter = counter, .by = by};
    pthread_mutex_lock(&e->bumps.lock);
    *e->bumps.last = &own;
    e->bumps.last = &own.next;
    while (e->bumps.busy && !own.ended)
        pthread_cond_wait(&e->bumps.ended, &e->bumps.lock);
    if (!own.ended) {
        e->bumps.busy = true;
        serve(e, &own);
        e->bumps.busy = false;
        pthread_cond_broadcast(&e->bumps.ended); /* one of those who still wait serves next */
    }
    pthread_mutex_unlock(&e->bumps.lock);
    if (own.result == 0)
        *ret = own.value;
    return own.result;
}

/* --- listing ---------------------------------------------------------------------------------- */

static int read_row(const bson_iter_t *row, struct arena *a, struct store_counter *ret)
{
    bson_t doc;
    bson_iter_t name, value;
    if (!call_row(row, &doc) || !bson_iter_init_find(&name, &doc, "_id") ||
        !BSON_ITER_HOLDS_UTF8(&name) || !bson_iter_init_find(&value, &doc, "value"))
        return E_CORRUPT;
    *ret = (struct store_counter){arena_strdup(a, bson_iter_utf8(&name, NULL)),
                                  bson_iter_as_int64(&value)};
    return 0;
}

int mongo_counters(struct store_driver *d, const char *after, size_t max, struct arena *a,
                   struct store_counter *ret, size_t *ret_n)
{
    CLEANUP(bson_destroy) bson_t filter = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t sort = BSON_INITIALIZER;
    CLEANUP(bson_destroy) bson_t reply = BSON_INITIALIZER;
    bson_t behind;
    bson_iter_t rows;
    *ret_n = 0;
    if (max == 0)
        return 0;
    if (after) {
        BSON_APPEND_DOCUMENT_BEGIN(&filter, "_id", &behind);
        BSON_APPEND_UTF8(&behind, "$gt", after);
        bson_append_document_end(&filter, &behind);
    }
    BSON_APPEND_INT32(&sort, "_id", 1);
    struct find f = {
        .collection = ENGINE_COUNTERS, .filter = &filter, .sort = &sort, .limit = (int64_t)max};
    int done = call_find(engine_of(d), &f, &reply, &rows);
    while (done == 0 && *ret_n < max && bson_iter_next(&rows))
        done = read_row(&rows, a, &ret[(*ret_n)++]);
    return done;
}
