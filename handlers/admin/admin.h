/*
 * What keeps a province: asked by tramctl over the admin socket, and of most of it by
 * administrators at their desk. One function means it, whichever door it came by; who may is said
 * in admin_who.c, and what is changed stands in the log of acts (domain/staff/act.h).
 *
 *   admin_who.c        who may, and the log
 *   admin_catalogue.c  agencies, categories, routing rules; webhook keys
 *   admin_routes.c     a rule taken away, who would take a report
 *   admin_procedures.c procedures: import and list
 *   admin_staff.c      accounts of officials
 *   admin_calendar.c   the calendar
 *   admin_place.c      the communes and their borders
 *   admin_files.c      files sent in parts
 *   admin_faults.c     faults that loaders tell, in both languages
 *   admin_dead.c       dead letters
 *   admin_system.c     status, the clock of demonstrations
 *   admin_keys.c       the keyring: listing, rotating, moving person keys to its newest key
 *   admin_media.c      whether every stored file is there and whole
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

/* --- who may ---------------------------------------------------------------------------------- */

bool admin_is_operator(const struct request *req);
/* The operator, and administrators of the province's portal. */
bool admin_over_province(const struct request *req);
/*
 * Answers 403 where it is somebody else, and, of what is dangerous, who has not just shown who they
 * are. 0 or E_*; go on where reply_is_problem says no.
 */
int admin_of_province(const struct request *req, struct reply *reply, bool dangerous);
int admin_fresh(const struct request *req, struct reply *reply);
/* ?check=true: nothing is to be written. */
bool admin_only_checks(const struct request *req);
/* An act into the log of an agency, the portal's without one. Before what it tells of is written:
 * nothing is done in silence, though what then fails stands there too. */
int admin_note(const struct request *req, const char *verb, const char *agency, const char *detail);

#define ADMIN_FAULTS_MAX ((size_t)8192) /* bytes of faults that are told */
/* Lines of a loader, "<where> <words>\n", as fields that are wrong below `prefix`; cut up. */
int admin_reply_faults(const struct request *req, struct reply *reply, const char *prefix,
                       char *lines);
/* The bytes of a file that the caller sent. 0, STORE_ABSENT, E_FULL past the buffer's bound. */
int admin_file_read(const struct request *req, const char *name, struct buf *ret);
/* {count, more}: dead letters, up to a page. */
int admin_count_dead(const struct request *req, json_t **ret);

/* --- what routes mean ------------------------------------------------------------------------- */

int admin_agencies_put(struct request *req, struct reply *reply);
int admin_agencies_list(struct request *req, struct reply *reply);
int admin_webhook_key(struct request *req, struct reply *reply);
int admin_categories_put(struct request *req, struct reply *reply);
int admin_categories_list(struct request *req, struct reply *reply);
int admin_rules_put(struct request *req, struct reply *reply);
int admin_rules_list(struct request *req, struct reply *reply);
int admin_rule_delete(struct request *req, struct reply *reply);
int admin_rule_try(struct request *req, struct reply *reply);

int admin_procedures_put(struct request *req, struct reply *reply);
int admin_procedures_list(struct request *req, struct reply *reply);

int admin_staff_post(struct request *req, struct reply *reply);
int admin_staff_patch(struct request *req, struct reply *reply);
int admin_staff_list(struct request *req, struct reply *reply);

int admin_calendar_get(struct request *req, struct reply *reply);
int admin_calendar_put(struct request *req, struct reply *reply);
int admin_file_post(struct request *req, struct reply *reply);
int admin_file_patch(struct request *req, struct reply *reply);
int admin_areas_put(struct request *req, struct reply *reply);

int admin_status(struct request *req, struct reply *reply);
int admin_keys_list(struct request *req, struct reply *reply);
int admin_keys_rewrap(struct request *req, struct reply *reply);
int admin_keys_rotate(struct request *req, struct reply *reply);
int admin_dead_count(struct request *req, struct reply *reply);
int admin_dead_list(struct request *req, struct reply *reply);
int admin_dead_replay(struct request *req, struct reply *reply);
int admin_dead_drop(struct request *req, struct reply *reply);
int admin_clock_advance(struct request *req, struct reply *reply);

int admin_backup(struct request *req, struct reply *reply);
int admin_rebuild(struct request *req, struct reply *reply);
int admin_job_get(struct request *req, struct reply *reply);
/* 202 and the job, or what jobs_start returned as an answer. */
int admin_reply_started(struct request *req, struct reply *reply, int done, const struct id *job);
int admin_media_check(struct request *req, struct reply *reply);
int admin_looks_verify(struct request *req, struct reply *reply);
