/*
 * Writes that fail as a disk or a network would: by a script for the first of them, then by odds.
 * The model's own table of functions is copied and its writes replaced, so one store at a time.
 */
#pragma once

#include <pthread.h>

#include "base/result.h"
#include "store/driver.h"

struct trouble {
    const char *script; /* of the first writes: '.' none, 'u' unavailable */
    int applied, lost;  /* of 1,000: the outcome is unknown, and it was written, or was not */
    int unavailable;    /* of 1,000 */
    unsigned seed;
    size_t n;
};

static struct store_driver_ops trouble_ops, trouble_model;
static struct trouble trouble;
static pthread_mutex_t trouble_lock = PTHREAD_MUTEX_INITIALIZER;

/* '.', 'a' applied, 'l' lost or 'u' unavailable. */
static inline char trouble_draw(void)
{
    pthread_mutex_lock(&trouble_lock);
    int odds = rand_r(&trouble.seed) % 1000;
    char fate = '.';
    if (trouble.script && trouble.n < strlen(trouble.script))
        fate = trouble.script[trouble.n];
    else if (odds < trouble.applied)
        fate = 'a';
    else if ((odds -= trouble.applied) < trouble.lost)
        fate = 'l';
    else if (odds - trouble.lost < trouble.unavailable)
        fate = 'u';
    trouble.n++;
    pthread_mutex_unlock(&trouble_lock);
    return fate;
}

static inline int trouble_before(char fate)
{
    return fate == 'u' ? E_UNAVAILABLE : fate == 'l' ? E_UNKNOWN : 0;
}

static inline int trouble_insert(struct store_driver *d, const struct store_collection *c,
                                 struct store_insert_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char fate = trouble_draw();
        rows[i].outcome = trouble_before(fate);
        if (rows[i].outcome != 0)
            continue;
        int done = trouble_model.insert(d, c, &rows[i], 1);
        if (done < 0 || (fate == 'a' && rows[i].outcome == 0))
            rows[i].outcome = done < 0 ? done : E_UNKNOWN;
    }
    return 0;
}

static inline int trouble_replace(struct store_driver *d, const struct store_collection *c,
                                  const struct id *id, int64_t version, const bson_t *doc)
{
    char fate = trouble_draw();
    int done = trouble_before(fate);
    if (done == 0)
        done = trouble_model.replace(d, c, id, version, doc);
    return done == 0 && fate == 'a' ? E_UNKNOWN : done;
}

static inline struct store_driver *trouble_over(struct store_driver *model)
{
    trouble = (struct trouble){0};
    trouble_model = trouble_ops = *model->ops;
    trouble_ops.insert = trouble_insert;
    trouble_ops.replace = trouble_replace;
    model->ops = &trouble_ops;
    return model;
}

/* Not while others write. */
static inline void trouble_set(struct trouble plan)
{
    trouble = plan;
}
