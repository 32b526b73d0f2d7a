/*
 * A passport as a desk is shown it: the state that issued it, three letters as in its machine
 * readable zone, and its number, at most nine letters and digits (ICAO Doc 9303, part 4).
 */
#pragma once

#include <stdbool.h>

#define PASSPORT_TEXT 14 /* "AUS N1234567", and the NUL */

/* "AUS N1234567" of the two; false if they cannot be one. */
bool passport_text(const char *country, const char *number, char ret[PASSPORT_TEXT]);
