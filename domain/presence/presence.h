/*
 * Presence: which cases an official has open just now, so that two who work on the same one see
 * each other. It is kept in one document for each official, in the store: officials on different
 * nodes see each other, and nothing grows. A place is a sign of life, not a lock: what guards a
 * case is its revision (If-Match). It fades PRESENCE_LIFE_MS after the last sign.
 */
#pragma once

#include "domain/entity/entity.h"
#include "domain/staff/staff.h"

#define PRESENCE_PLACES_MAX 4 /* cases of one official; the one not seen longest goes */
#define PRESENCE_LIFE_MS (INT64_C(45) * 1000)
#define PRESENCE_BEAT_MS (INT64_C(10) * 1000) /* how often a page gives a sign */
#define PRESENCE_STORED_MS                                                                         \
    (INT64_C(20) * 1000)       /* a sign younger than this is not written again                    \
                                */
#define PRESENCE_OTHERS_MAX 16 /* that are shown of one case */

/* An official who has a case open. */
struct presence {
    struct id id; /* staff; not a field */
    const char *name, *title, *agency;
    int role; /* enum staff_role */
    bool writing;
    int64_t since_ms, seen_ms;
};
extern const struct entity presence_entity; /* of one case; SEE_AGENCY: the same agency's */
extern const struct store_collection presence_collection;

/* `who` has a case open. 0; E_*. */
int presence_here(struct store *s, const struct staff *who, const struct id *about, bool writing,
                  int64_t now_ms);
/* They left it. 0, also where they were not there; E_*. */
int presence_gone(struct store *s, const struct id *who, const struct id *about, int64_t now_ms);
/* Whether their last sign is so young, and says the same, that it need not be written again. */
int presence_is_fresh(struct store *s, const struct id *who, const struct id *about, bool writing,
                      int64_t now_ms, struct arena *a, bool *ret);
/* Who else has it open, the latest sign first; ret[PRESENCE_OTHERS_MAX]. 0; E_*. */
int presence_others(struct store *s, const struct id *who, const struct id *about, int64_t now_ms,
                    struct arena *a, struct presence *ret, size_t *ret_n);
