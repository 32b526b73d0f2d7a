/*
 * Passkeys of officials at the interface: what a browser is asked (PublicKeyCredential…OptionsJSON
 * of Web Authentication Level 3) and how its answer is judged. Whatever wants an official to show
 * themselves once more (signing in, confirming, unlocking) uses these two.
 */
#pragma once

#include "domain/staff/passkey.h"
#include "handlers/app.h"

/* Answers 200 {ticket, expires_in, public_key} for an assertion. staff nil: whichever key of
 * whomever; else one of theirs, 404 if they have none. session nil: nobody is signed in. */
int app_passkey_ask(const struct request *req, struct reply *reply, enum passkey_purpose purpose,
                    const struct id *session, const struct id *staff);
/*
 * The answer, in "ticket" and "credential" of the body: uses the flow up, verifies, notes the use.
 * 0 with *ret, whose key it is and whose account is open, or a problem in the reply (the same for
 * all that is wrong).
 */
int app_passkey_check(const struct request *req, struct reply *reply, enum passkey_purpose purpose,
                      const struct id *session, struct staff *ret);

/* Whether the caller showed who they are not long ago, by more than a password; answers
 * PROBLEM_NOT_FRESH if not. */
int app_fresh(const struct request *req, struct reply *reply, bool *ret);

/* --- shared by passkey.c and passkeys.c ------------------------------------------------------- */

const char *passkey_base64url(const struct request *req, const void *bytes, size_t n);
/* Bytes of a text member; false if it is not there, not base64url or longer than `max`. */
bool passkey_member(const struct request *req, const json_t *object, const char *name, size_t max,
                    struct webauthn_bytes *ret);
json_t *passkey_descriptors(const struct request *req, const struct passkey *keys, size_t n);
/* Begins a flow; answers where it may not. */
int passkey_begin(const struct request *req, struct reply *reply, struct passkey_flow *flow);
/* 200, with the options (taken over) and their challenge. */
int passkey_reply_options(const struct request *req, struct reply *reply,
                          const struct passkey_flow *flow, json_t *options);
/* 401, and why, which says nothing of a person, in the log; a failure is forwarded. */
int passkey_refuse(struct reply *reply, int outcome);
