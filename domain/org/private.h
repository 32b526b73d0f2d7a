/* Shared by the files of this folder. */
#pragma once

#include "domain/org/org.h"

/* A document that finds the organisation by a person or a number; there already is as good. */
int org_link_put(struct store *s, const struct id *org, const struct id *who, int64_t now_ms,
                 struct arena *a);
/* The latest step of history; the oldest makes room. */
void org_step_add(struct organisation *o, const struct org_step *step, struct arena *a);
/* A place for a member who is new; the earliest of those who left makes room. NULL: ORG_FULL. */
struct org_member *org_member_add(struct organisation *o, int64_t now_ms, struct arena *a);
