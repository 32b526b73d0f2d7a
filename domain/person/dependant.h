/*
 * Somebody who does not speak for themselves here: a child, a ward, a parent without a telephone.
 * Who acts for them records them; they are a person like any other, with a key of their own, whom
 * no login finds. Nothing is believed until an office has seen the papers; not confirmed in time,
 * they are forgotten. From then on their card number finds them: who shows it by e-ID is them, and
 * finds what was done for them.
 */
#pragma once

#include "domain/person/person.h"

/* birth "2015-03-09"; forgotten at expires_ms unless confirmed. */
int dependant_record(const struct people *p, const char *name, const char *birth,
                     int64_t expires_ms, int64_t now_ms, struct arena *a, struct person *ret);
/*
 * The papers were seen. card NULL: there is no number. Whoever has shown the card before is them:
 * the dependant is merged into that person (merge.h), whose id is then *ret_id. Repeating it is
 * harmless. 0; STORE_ABSENT, PERSON_ERASED if they were forgotten; PERSON_OTHER if they have
 * another card.
 */
int dependant_confirm(const struct people *p, const struct id *dependant, const char *card,
                      int64_t now_ms, struct arena *a, struct id *ret_id);
/* A text sealed under the key of a person, for a document that is about them. NULL gives none. */
int dependant_seal(const struct people *p, const struct id *person, const char *what,
                   const char *text, struct arena *a, struct entity_bytes *ret);
int dependant_open(const struct people *p, const struct id *person, const char *what,
                   const struct entity_bytes *sealed, struct arena *a, const char **ret);
