/*
 * The log of what was done to accounts, rosters, deputies and queues: append-only, read by the
 * agency's administrator and the inspector. What a change leaves is written into the changed
 * document itself ("acts"), so that nothing is done in silence, and from there to the log: at once
 * by whoever made the change, or by the sweep.
 */
#pragma once

#include "domain/entity/entity.h"
#include "store/store.h"

#define STAFF_ACTS_MAX 32         /* in one document, before they are in the log */
#define STAFF_ACT_DETAIL_MAX 1000 /* bytes */
#define STAFF_ADDRESS_KEY 45      /* room of an address key */

/* Who does something, and from where. The operator has no id. */
struct staff_doer {
    struct id id;
    const char *user, *agency;
    const char *address; /* a key derived from the address, not the address itself; or NULL */
};

struct staff_act {
    struct id id;
    int64_t at_ms;
    const char *verb;   /* "make", "end", "reset_ask", … */
    const char *agency; /* whose log it stands in */
    struct id by;
    const char *by_user, *by_agency;
    struct id to; /* the account it was done to; nil where it was none */
    const char *to_user;
    const char *detail; /* no name, no number */
    const char *address;
};
extern const struct entity staff_act_entity;
extern const struct store_collection staff_act_collection;

/* The rows of an outbox, for the table of a document that has one, and its declared field and
 * path: what is not in the log yet. */
#define STAFF_ACT_FIELDS(T)                                                                        \
    {.name = "acts",                                                                               \
     .type = ENTITY_LIST,                                                                          \
     .offset = offsetof(T, acts),                                                                  \
     .max = STAFF_ACTS_MAX,                                                                        \
     .of = &staff_act_entity},                                                                     \
    {                                                                                              \
        .name = "acts_at", .type = ENTITY_TIME, .offset = offsetof(T, acts_ms)                     \
    }
#define STAFF_ACT_STORE_FIELD                                                                      \
    {                                                                                              \
        "acts_at", "acts_at", STORE_INT, false                                                     \
    }
#define STAFF_ACT_PATH                                                                             \
    {                                                                                              \
        .name = "acts", .why = "what is not in the log yet", .order = "acts_at"                    \
    }

/* One act of `doer`, its id new: made before store_change, so that a second run keeps it. */
struct staff_act staff_act_of(const struct staff_doer *doer, const char *verb, int64_t now_ms);
/* Into the log at once, of what leaves no document with an outbox. 0, also where it is there. */
int staff_act_write(struct store *s, const struct staff_act *act);
/* Into an outbox. False if it is full: nothing more is done to the document before it is emptied.
 */
bool staff_act_add(struct entity_list *acts, int64_t *acts_ms, const struct staff_act *act,
                   struct arena *a);
/* Moves what a document's outbox holds to the log. 0, also where there was nothing. */
int staff_acts_post(struct store *s, const struct store_collection *c, const struct id *id);
/* The same for every document of the collection that has some, at most `max`. */
int staff_acts_sweep(struct store *s, const struct store_collection *c, size_t max);
