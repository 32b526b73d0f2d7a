/*
 * Generations of what anybody may see. A reply is shared until its generation moves, and a change
 * of one report should not make every list anew: there is a generation for each set of codes that a
 * list may name (category, commune, state), and for each such set with a beginning of a word, with
 * a tile of the map, with a number. A list goes by one that every report which stands in it, or
 * stood in it, has moved.
 */
#pragma once

#include <bson/bson.h>

#include "domain/area/cell.h"
#include "gateway/gateway.h"
#include "store/store.h"

/* A projection was written: as it was (NULL: new, or not known) and is (NULL: withdrawn). */
void public_changed(const bson_t *before, const bson_t *after);
/* For ROUTE_CACHED rows: moves at least when the reply to this request may come out otherwise. */
uint64_t public_generation(const struct request *req);

/* --- what a list is asked by ------------------------------------------------------------------ */

#define PUBLIC_WORDS_MAX 8
/* The words of ?q=, folded; the last may be only begun. Returns how many. */
size_t public_words(const struct request *req, const char *ret[PUBLIC_WORDS_MAX]);
/* "west,south,east,north", as GeoJSON orders a bbox. */
bool public_box(const char *text, struct area_box *ret);

/* The published report of the route's {number}: a page of one document, or of none. */
int public_by_number(const struct request *req, struct store_page *ret);
