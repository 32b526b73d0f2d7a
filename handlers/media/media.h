/* Between the handlers of what is looked at: photos, papers, videos. */
#pragma once

#include "handlers/app.h"

/* The sound upload that the path names, or NOT_FOUND answered; to its owner also why it was
 * refused. */
int media_find(const struct request *req, struct reply *reply, struct upload *ret);
/* A rendition: "large", "small", and of a video "video". */
int media_reply_rendition(const struct request *req, struct reply *reply, const struct upload *u,
                          const char *name, const char *cache);
/* The signature is the permission: whoever was given the address may look until it expires. */
int media_reply_signed(const struct request *req, struct reply *reply, const char *name);
/* To anybody, what is published with a report. */
int media_reply_public(const struct request *req, struct reply *reply, const char *name);
extern const struct route_param media_signature_params[];
