/* Recording that an official is shown what is a person's alone: domain/look/look.h. */
#pragma once

#include "domain/look/look.h"
#include "handlers/app.h"

struct app_look {
    struct id person;   /* whose */
    unsigned what;      /* mask of enum look_what */
    const char *number; /* of the case that it is for, or NULL */
    const char *reason; /* as the official gave it, or NULL */
};

/*
 * Records a look of the caller, who is an official. It is called before what is looked at is
 * answered, better still before it is opened: whatever but 0 comes back is forwarded (it is never
 * an outcome), and nothing is shown.
 */
int app_look(const struct request *req, const struct app_look *look);

/* Whose card is shown at a desk, "card" of the body: 0 and *ret, or a problem answered. An official
 * may ask so often in a day. */
int desk_person_of_card(const struct request *req, struct reply *reply, struct person *ret);
