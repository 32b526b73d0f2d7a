/* Shared by the handlers of field reports. */
#pragma once

#include "domain/report/held.h"
#include "handlers/acting.h"

/* The report as `see` may see it, with its id, what may be done next and by when; ETag. */
int report_reply(const struct request *req, struct reply *reply, const struct report *r,
                 unsigned see, int status);
/* One that waits for its writer's code. */
int report_reply_held(const struct request *req, struct reply *reply, const struct report_held *h,
                      int status);
/* The principal (handlers/acting.h) of a request about reports, to read them or for more. */
int report_principal(struct request *req, struct reply *reply, bool reads_only,
                     struct principal *ret);
/* One report for the caller: 0 and *ret, *ret_see; answers 404 where they may see nothing. */
int report_for(const struct request *req, struct reply *reply, struct report *ret,
               unsigned *ret_see);
/* The same for who may have written `write` before: what it gave away is still answered to them, as
 * long as nobody did anything since. */
int report_for_write(const struct request *req, struct reply *reply,
                     const struct store_write *write, struct report *ret, unsigned *ret_see);
/* A row of a list: {"id":…, fields}. */
int report_show_owner(const struct request *req, const bson_t *doc, struct buf *out);
int report_show_staff(const struct request *req, const bson_t *doc, struct buf *out);

/* Where a verb is carried out that is none of /steps/{verb}, below the report: "/reporter",
 * "/photos/{photo}/boxes" with the photo's id put in; or NULL. */
const char *report_own_door(const char *verb);

/* Photos named by "photos" of the body: each sound and the caller's, bound to the case. */
struct app_photos {
    struct report_photo *items;
    struct case_media *media;
    size_t n;
};
/* … or of whom they act for. */
int app_take_photos(const struct request *req, struct reply *reply, const struct id *case_id,
                    bool proof, struct app_photos *ret);

/* The same for photos that the report already has. */
int report_named_photos(const struct request *req, struct reply *reply, const struct report *r,
                        struct app_photos *ret);

/* An outcome of report_act as a problem; `before` is the report as it was tried on. */
int report_reply_outcome(const struct request *req, struct reply *reply, const struct app_world *w,
                         const struct report *before, const struct report_act *act, int outcome);
/* "agency_only" of the body names photos of "photos" that their sender, a citizen, shows to offices
 * alone. False, answered: it names others. Asked before any is bound to the case. */
bool report_check_agency_only(const struct request *req, struct reply *reply);
bool report_is_agency_only(const struct request *req, const struct id *photo);

int report_post(struct request *req, struct reply *reply);
int report_step(struct request *req, struct reply *reply);
int report_reveal(struct request *req, struct reply *reply);
int report_offers(struct request *req, struct reply *reply);
