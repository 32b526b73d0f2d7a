/*
 * What a query must find, worked out without paths: every document is looked at, every condition
 * is tried on it, and the rest is sorted. It judges plan.c, which the engines have in common.
 */
#pragma once

#include "store/store.h"

/* The documents, in order, in the arena; static views. 0 or a failure of reading. */
int oracle_scan(struct store *s, const struct store_collection *c, const struct store_query *q,
                struct arena *a, const bson_t ***ret_docs, size_t *ret_n);

struct id oracle_id(const bson_t *doc);
