/*
 * The operator's side: everything that tramctl asks of a running tramd, on the admin socket only.
 *
 *   admin_catalogue.c  agencies, categories, routing rules; webhook keys
 *   admin_procedures.c procedures: import and list
 *   admin_staff.c      accounts of officials
 *   admin_place.c      the calendar, the communes and their borders
 *   admin_system.c     status, dead letters, the clock of demonstrations
 *   admin_keys.c       the keyring: listing, rotating, moving person keys to its newest key
 *   admin_jobs.c       backup, rebuild, and how far they are
 *   admin_looks.c      the proof of the log of looks
 *   admin.c            the table of routes, and what their replies look like
 */
#pragma once

#include "handlers/app.h"

/* Components made from an entity's table: its fields as `see` sees them, and its id if has_id. */
struct admin_entity_component {
    const char *name;
    const struct entity *entity;
    unsigned see;
    bool has_id;
};
extern const struct admin_entity_component admin_entity_components[]; /* NULL-name-ended */
/* All other replies. */
extern const struct route_component admin_components[]; /* NULL-name-ended */

int admin_agencies_put(struct request *req, struct reply *reply);
int admin_agencies_list(struct request *req, struct reply *reply);
int admin_webhook_key(struct request *req, struct reply *reply);
int admin_categories_put(struct request *req, struct reply *reply);
int admin_categories_list(struct request *req, struct reply *reply);
int admin_rules_put(struct request *req, struct reply *reply);
int admin_rules_list(struct request *req, struct reply *reply);

int admin_procedures_put(struct request *req, struct reply *reply);
int admin_procedures_list(struct request *req, struct reply *reply);

int admin_staff_post(struct request *req, struct reply *reply);
int admin_staff_patch(struct request *req, struct reply *reply);
int admin_staff_list(struct request *req, struct reply *reply);

int admin_calendar_put(struct request *req, struct reply *reply);
int admin_areas_put(struct request *req, struct reply *reply);

int admin_status(struct request *req, struct reply *reply);
int admin_keys_list(struct request *req, struct reply *reply);
int admin_keys_rewrap(struct request *req, struct reply *reply);
int admin_keys_rotate(struct request *req, struct reply *reply);
int admin_dead_list(struct request *req, struct reply *reply);
int admin_dead_replay(struct request *req, struct reply *reply);
int admin_dead_drop(struct request *req, struct reply *reply);
int admin_clock_advance(struct request *req, struct reply *reply);

int admin_backup(struct request *req, struct reply *reply);
int admin_rebuild(struct request *req, struct reply *reply);
int admin_job_get(struct request *req, struct reply *reply);
/* 202 and the job, or what jobs_start returned as an answer. */
int admin_reply_started(struct request *req, struct reply *reply, int done, const struct id *job);
int admin_looks_verify(struct request *req, struct reply *reply);
