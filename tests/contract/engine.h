/* The engines that the contract judges: one row each. */
#pragma once

#include "store/driver.h"

struct engine;

/* Where an engine keeps its things while drivers on it come and go. */
struct ground {
    const struct engine *engine;
    struct model_disk *disk; /* model */
    char folder[64];         /* of engines that keep files; the database of the others */
};

struct engine {
    const char *name;
    bool snapshots; /* a session sees one state, whatever is written meanwhile */
    bool shared;    /* several processes may open one ground */
    int (*prepare)(struct ground *g);
    /* One driver at a time; opening again, after its close, finds what was stored. */
    int (*open)(struct ground *g, const struct store_collection *const *collections, size_t n,
                struct store_driver **ret);
    void (*discard)(struct ground *g);
};

/* Whether the engine adds up as well as it counts; where it does not, stderr is told why. */
bool engine_sums(const struct engine *e);
/* NULL if there is none of that name. */
const struct engine *engine_named(const char *name);
/* Names of all, for a usage message. */
const char *engine_names(void);
