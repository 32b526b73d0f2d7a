/* Shared by the handlers of organisations, and asked by those of photos. */
#pragma once

#include "domain/org/view.h"
#include "handlers/acting.h"
#include "handlers/identity/auth.h"

/* A problem for an outcome of domain/org/. */
int orgs_reply_outcome(const struct request *req, struct reply *reply, int outcome);
/* The organisation as `see` may see it; ETag. */
int orgs_reply(const struct request *req, struct reply *reply, const struct organisation *o,
               unsigned see, int status);
/* Who is concerned by the verb that was carried out is told, once. */
int orgs_tell(const struct request *req, const struct organisation *o, const struct org_act *act);

/* The officer's desk has to do with a commune: the portal with all, others with their own. */
bool desk_serves(const struct request *req, const char *commune);
/* What waits at the desk, or is in ?state=: of ?commune=, of an office's own, or of all for the
 * portal; nothing where the office has no commune, or not that one. The longest waiting first. */
int desk_list(struct request *req, struct reply *reply, const struct store_collection *of,
              const char *waiting, const char *order, app_show_fn show);
/* The papers of an organisation: for its members and the desk that confirms it. */
int orgs_may_see(const struct request *req, const struct id *organisation, bool *ret);
/* The caller's contacts (person_contacts), in the arena. 0, STORE_ABSENT, PERSON_ERASED. */
int orgs_contacts(const struct request *req, struct id **ret, size_t *ret_n);
/* The contact that "phone" or "card" of the body, or of a member of it, names, and its last digits;
 * false after answering a problem. */
bool orgs_read_contact(const struct request *req, struct reply *reply, const json_t *from,
                       const char *prefix, struct id *ret, const char **ret_hint);
/* Photos named by the list, the caller's, bound to `thing`; problems are answered. */
int orgs_take_papers(const struct request *req, struct reply *reply, const json_t *list,
                     const struct id *thing, struct org_paper **ret, size_t *ret_n);
