/*
 * History as a chain of digests. Encoding 1, deterministic, of a step:
 *
 *   "tram-step-1" NUL | digest of the step before (32, zero for the first) | case id (16)
 *   seq, at_ms (8 bytes big-endian each)
 *   verb, from, to, party, office, agency, reason: each length (4 bytes big-endian) and UTF-8
 *   by (16) | officer (16)
 *   note_digest: SHA-256(salt 16 | note) (32, zero without a note)
 *   inner: 1 if the note is for offices alone, else 0 (1)
 *   count of media (4 bytes big-endian) and their ids (16 each)
 *
 * Encoding 2, of a step that somebody took for another: the same, but it begins with "tram-step-2",
 * and at its end stands the id of whom they stood for (16).
 *
 * The digest is SHA-256 of that. The step keeps `note_digest` beside the note: erasing the note and
 * its salt keeps the chain provable and tells nothing of the words. That the newest steps were not
 * cut off is not said by the chain itself; whoever noted its last digest can tell.
 */
#pragma once

#include "base/cleanup.h"
#include "domain/case/case.h"

#define HISTORY_SALT 16 /* bytes */

/* Fills salt, note_digest and digest of a step; `before` is the previous digest or NULL. */
void history_digest(struct case_step *s, const struct id *case_id, const uint8_t *before,
                    struct arena *a);
/* Index of the first step whose digest does not follow, or -1 if the chain holds. */
int history_check(const struct entity_list *steps, const struct id *case_id);
/* Forgets the note of a step; the chain still holds. */
void history_erase(struct case_step *s);
