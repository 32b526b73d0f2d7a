/*
 * Many workers at one thing: eight threads, and where an engine is shared, eight in each of three
 * processes. What they saw lies in memory that the processes share.
 */
#pragma once

#include "tests/contract/fixture.h"

#define CREW_THREADS 8
#define CREW_PROCESSES 3
#define CREW_MOST (CREW_THREADS * CREW_PROCESSES)
#define ROUNDS 50

struct worker {
    struct fixture *fixture; /* of its process */
    const struct crew *crew;
    int index;
    int done, others, failed; /* 0; the expected outcome of who came late; anything else */
    int64_t values[ROUNDS];   /* numbers drawn */
};

struct crew {
    int n;          /* workers */
    struct id blob; /* that they append to */
    struct worker workers[CREW_MOST];
};

/* What one worker does; asserts nothing. */
typedef void *work_fn(void *worker);
struct work {
    const char *name;
    work_fn *fn;
};
extern const struct work crew_works[]; /* ended by an empty row; concurrency_suite.c */

/* How many processes the crews to come have: 1 or CREW_PROCESSES. */
void crew_set_processes(int n);

/* Runs the work of that name on the fixture's ground, and asserts that no worker failed. The crew
 * is the caller's until the next run. `blob` may be NULL. */
const struct crew *crew_run(struct fixture *f, const char *work, const struct id *blob);
int crew_done(const struct crew *crew); /* sum of all workers' */
void crew_count(struct worker *w, int result, int late);

/* main of a process that crew_run starts: contract ENGINE --work NAME GROUND FIRST */
int crew_main(int argc, char **argv);
