/*
 * The number of a citizen's card (số định danh cá nhân, CCCD), Law 26/2023 §12: 12 digits = 3 where
 * the birth was registered (one of the 63 provinces before 1/7/2025, whose codes stay in numbers
 * for life, or from 100 on another country), 1 century and sex (0/1 1900s, 2/3 2000s, 4/5 2100s,
 * …; even male), 2 year of birth, 6 random. No checksum is known.
 */
#pragma once

#include <stdbool.h>

#define CARD_DIGITS 12

enum card_fault {
    CARD_SOUND = 0,
    CARD_FORM,  /* not twelve digits */
    CARD_PLACE, /* no province or country has the code */
    CARD_BIRTH, /* the year in it is not the year of birth, or lies ahead */
};

/* birth_year 0: not known; then only that it does not lie ahead of this_year is asked. */
enum card_fault card_check(const char *text, int birth_year, int this_year);
