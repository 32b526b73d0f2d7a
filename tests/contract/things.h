/*
 * The collections of the contract: `things` has every type of field and every shape of path,
 * `plain` has no words, hence no arrival.
 */
#pragma once

#include "store/driver.h"

extern const struct store_collection things;
extern const struct store_collection plain;

#define THING_MULTI 10 /* more than a field may have, so that refusals can be tried */

/* A field is absent where its pointer is NULL or its count is 0. */
struct thing {
    int n;           /* its id is thing_id(n) */
    int64_t version; /* of a complete document */
    int64_t arrival; /* of a complete document */
    const char *state;
    bool null_state; /* `state` is there, and null */
    const struct id *agency;
    const int64_t *due;
    const int64_t *amount;
    const char *category;
    const char *name;
    const char *tags[THING_MULTI];
    int watchers[THING_MULTI];  /* the n of their ids; 0 ends */
    int64_t years[THING_MULTI]; /* 0 ends */
    const char *words[THING_MULTI];
    int64_t revision; /* 0: none */
};

#define NUM(n) (&(int64_t){(n)})

/* Ids in the order of n. */
struct id thing_id(int n);
int thing_number(const struct id *id);

/* A body as domain code writes it, without reserved fields; caller bson_destroy. */
bson_t *thing_body(const struct thing *t);
/* A complete document as store.c hands it to a driver; caller bson_destroy. */
bson_t *thing_doc(const struct thing *t);

int64_t doc_int(const bson_t *doc, const char *path); /* -1 if absent */
