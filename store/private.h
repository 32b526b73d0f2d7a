/* Shared by the files of this folder: documents complete with their reserved fields. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "store/store.h"

#define NUMBER_RUNS 8
#define NUMBER_COUNTER 64 /* room for a counter's name */

/* Numbers of one counter that were taken and not yet given: next to end - 1. */
struct number_run {
    char counter[NUMBER_COUNTER];
    int64_t next, end;
    int64_t waiting, asked; /* now; and since the last bump */
    int64_t bumped_ms;
    uint64_t bumps;        /* that ended */
    int bumped;            /* what the last one came to */
    bool bumping, crowded; /* crowded: others waited for the last one */
};

struct numbers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct number_run runs[NUMBER_RUNS];
};
void numbers_init(struct numbers *n);
void numbers_release(struct numbers *n);

/*
 * How often an unknown outcome is looked into, and for how long: each look may take a whole timeout
 * of the network, and somebody waits.
 */
#define RESOLVE_TRIES 8
#define RESOLVE_MS 20000
struct resolving {
    int tries;
    int64_t since_ms; /* when the verb began, monotonic */
};

struct store {
    struct store_driver *driver;
    const struct store_collection *const *collections;
    size_t n;
    _Atomic uint64_t *generations;
    store_listen_fn listen;
    void *listen_ctx;
    _Atomic int64_t arrival; /* the last one given */
    struct numbers numbers;
    int64_t resolve_ms; /* RESOLVE_MS; tests have less */
};
struct resolving store_resolving(void);
bool store_late(const struct store *s, const struct resolving *r); /* its time is over */
/* After a try that ended unknown: whether another one may begin. */
bool store_resolves(const struct store *s, struct resolving *r);

/* A write record as it stands in a document. */
struct write_record {
    struct id id;
    uint8_t digest[16];
    int32_t outcome;
};

struct compose {
    struct id id;
    int64_t version;
    const bson_t *before; /* NULL for a new document */
    const bson_t *body;
    const struct write_record *write; /* NULL: none is added */
};

/*
 * The complete document: reserved fields, then the body. Checked: no reserved field in the body,
 * STORE_DOC_MAX (E_FULL), every declared field extractable (E_INVALID). Caller bson_destroy.
 */
int store_compose(struct store *s, const struct store_collection *c, const struct compose *p,
                  bson_t **ret);
/* The record of a write id in a document; false if the ring does not hold it. */
bool store_find_write(const bson_t *doc, const struct id *write, struct write_record *ret);
/* Counts a committed write and tells the listener. */
void store_committed(struct store *s, const struct store_commit *commit);
/* A driver's get, with the form checked. */
int store_read(struct store *s, const struct store_collection *c, const struct id *id,
               bson_t **ret);
