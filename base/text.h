/*
 * Text as people write it: UTF-8, normalised to NFC on input (iOS may send NFD), folded for search
 * (NFD, marks dropped, đ/Đ/Ð to d, lower case, runs of space to one; query and index alike).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

#define TEXT_WORDS_MAX 256 /* folded words kept of one text */
#define TEXT_WORD_BYTES 64 /* a longer word is cut at a character */

/* Valid UTF-8 (no surrogates, no overlong forms) without NUL. */
bool text_valid(const char *s, size_t n);

/* Length in Unicode code points of valid UTF-8. */
size_t text_length(const char *s);

/*
 * NFC copy; NULL if `s` is not valid UTF-8 or holds a NUL. Control characters other than \n and \t
 * are dropped, and of a run of combining marks those behind the 30th (UAX #15 §13: hostile runs
 * make normalising quadratic).
 */
char *text_nfc(struct arena *a, const char *s, size_t n);

/*
 * How many characters of valid UTF-8 can be seen: no spaces, marks alone, controls, nor what has no
 * width or no ink (joiners, byte order marks, fillers).
 */
size_t text_visible(const char *s);

/* Copy without spaces, controls and what has no width at both ends. */
char *text_trim(struct arena *a, const char *s);

/* Folded copy of valid UTF-8, as above and trimmed; "Đường Hoà Bình" gives "duong hoa binh". */
char *text_fold(struct arena *a, const char *s);

struct text_words {
    const char **items;
    size_t n;
};

/*
 * The distinct folded words of several texts together, sorted bytewise, at most TEXT_WORDS_MAX (the
 * first ones met). A word is a run of letters and digits. NULL texts are skipped.
 */
struct text_words text_words(struct arena *a, const char *const *texts, size_t n);

/* Bytes of the longest prefix of `s` that is at most `max` bytes and ends at a character. */
size_t text_cut(const char *s, size_t max);

/*
 * Unaccented ASCII of valid UTF-8, case kept, for one GSM-7 segment of SMS. What has no ASCII form
 * becomes '?', a backtick (not in GSM-7) an apostrophe, a control character other than \n a space.
 */
char *text_ascii(struct arena *a, const char *s);
