/*
 * What the QR code of a citizen's card says, as scanners read it: fields between '|',
 *   number | number of the old card or nothing | name | birth ddmmyyyy | sex | residence | issued
 * ddmmyyyy as on the cards issued since 2021; cards of 2024 and later have further fields, which
 * are passed over. There is no published specification. Pure.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

#define CARD_SCAN_MAX 4000 /* bytes of a scanned text */

struct card_text {
    const char *card;    /* twelve digits, checked (card.h) */
    const char *name;    /* NFC */
    const char *birth;   /* "1990-05-17" */
    const char *address; /* residence; NULL: none is there */
};

/* In the arena; false if it is not the text of such a card. this_year as in card_check. */
bool card_text_read(const char *text, int this_year, struct arena *a, struct card_text *ret);
