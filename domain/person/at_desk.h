/*
 * Somebody who stands at a desk with their card, or whose papers came by post. Whoever has shown
 * the card by e-ID is them; otherwise a person is made whom that card alone finds, so that they see
 * what was filed for them once they sign in with it (level 2).
 */
#pragma once

#include "domain/person/person.h"

/*
 * The same for who has no card: somebody from abroad with their passport ("AUS N1234567",
 * passport.h). It finds them at desks alone; nobody signs in by it. 0 and *ret, PERSON_ERASED.
 */
int person_at_desk_by_passport(const struct people *p, const char *passport, int64_t now_ms,
                               struct arena *a, struct person *ret);
/* card: checked (card.h). Repeating it finds the same. 0 and *ret, PERSON_ERASED. */
int person_at_desk(const struct people *p, const char *card, int64_t now_ms, struct arena *a,
                   struct person *ret);
