/*
 * Generations of what anybody may see. A reply is shared until its generation moves, and a change
 * of one report should not make every commune's list anew: there is a generation for all lists, one
 * for each commune, each category, and each category in a commune.
 */
#pragma once

#include <bson/bson.h>

#include "gateway/gateway.h"

/* A projection was written: as it was (NULL: new, or not known) and is (NULL: withdrawn). */
void public_changed(const bson_t *before, const bson_t *after);
/* For ROUTE_CACHED rows: moves at least when the reply to this request may come out otherwise. */
uint64_t public_generation(const struct request *req);
