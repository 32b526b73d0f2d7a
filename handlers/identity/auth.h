/* Shared by the handlers of sign-ins. */
#pragma once

#include "domain/person/merge.h"
#include "domain/person/sign_in.h"
#include "handlers/app.h"

/* Begins the session, named by "device" of the body, and answers with its tokens; `extra` (may be
 * NULL, taken over) are further members. */
int auth_begin_session(const struct request *req, struct reply *reply, struct session *session,
                       json_t *extra);
/* The same for an official, whose account must still be what it was when they were seen; `how` as a
 * session has it: "password", "totp", "passkey". */
int auth_begin_staff(const struct request *req, struct reply *reply, const struct staff *staff,
                     const char *how, json_t *extra);
/* How an official has shown themselves who gave a password, and a code if the account has them. */
const char *auth_staff_how(const struct staff *staff);
/* The tokens of a new session as a JSON object; NULL in *ret where it failed. */
int auth_new_tokens(const struct request *req, struct session *session, json_t **ret);
/* Goes on with a session that was left idle, for who has just shown who they are. */
int auth_unlock(const struct request *req, struct reply *reply, const struct session *locked,
                const char *refresh);
/* 429, with Retry-After. */
int auth_reply_later(const struct request *req, struct reply *reply, int64_t retry_ms);
/* The address that limits count by; NULL if there is none (the admin socket). */
const char *auth_visitor(const struct request *req);
/* Ends a session of the caller's: 204, or 404. */
int auth_end_session(const struct request *req, struct reply *reply, const struct id *session,
                     const char *why);
/* What follows from a sign-in: reports, uploads, notices and sessions of who was merged are moved;
 * what was filed while unproven is sent. What fails here is done by the sweep. */
void auth_settle(const struct request *req, const struct signed_in *in);
/* A notice about the account itself, in the inbox. */
int auth_tell(const struct request *req, const struct id *person, const char *what,
              const char *text_vi, const char *text_en);

/* Movers of everything that a person owns; ctx is the app. For the sweep, too. */
extern const struct person_mover auth_movers[];
