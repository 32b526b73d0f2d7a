#include "domain/person/at_desk.h"

#include "base/clock.h"
#include "base/result.h"
#include "domain/person/dependant.h"
#include "domain/person/sign_in.h"

int person_at_desk(const struct people *p, const char *card, int64_t now_ms, struct arena *a,
                   struct person *ret)
{
    struct id id;
    int done = person_of_card(p, card, a, ret);
    if (done != STORE_ABSENT)
        return done;
    /* What is left of one that was cut short is forgotten. Name and birth are the e-ID's to say. */
    done = dependant_record(p, NULL, NULL, now_ms + CLOCK_DAY_MS, now_ms, a, ret);
    if (done == 0)
        done = dependant_confirm(p, &ret->id, card, now_ms, a, &id);
    return done == 0 ? person_get(p, &id, a, ret) : done;
}
