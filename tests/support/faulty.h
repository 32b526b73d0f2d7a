/*
 * A driver that wraps another and, by a seeded plan, makes its writes (insert, replace, remove,
 * bump, blob_append) fail as a network would. The same seed and the same order of writes give the
 * same faults, so that two engines can be compared under them. Reads pass unharmed.
 */
#pragma once

#include "store/driver.h"

struct faulty_plan {
    /* The fates of the first writes, one character each: '.' none, 'a' applied, 'l' lost, 'u'
     * unavailable. Then the odds below decide. NULL for none; borrowed. */
    const char *script;
    uint64_t seed;
    int applied;                /* of 1,000 writes: E_UNKNOWN, and it took effect */
    int lost;                   /* of 1,000 writes: E_UNKNOWN, and it did not */
    int unavailable;            /* of 1,000 writes: E_UNAVAILABLE, and it did not take effect */
    void (*between)(void *ctx); /* called after each fault, before the caller hears; or NULL */
    void *ctx;
    int delay_us; /* every write first sleeps for 0 to this many microseconds */
};

/* Takes `inner` over: closing this closes it. Without faults until the first faulty_set. */
struct store_driver *faulty_open(struct store_driver *inner);

/* Starts a plan from its seed; a plan of zeros ends the faults. Not while others write. */
void faulty_set(struct store_driver *faulty, const struct faulty_plan *plan);

/* Faults since the plan was set. */
uint64_t faulty_count(struct store_driver *faulty);
