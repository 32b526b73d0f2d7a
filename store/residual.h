/* Conditions that the path did not answer, held against a document. */
#pragma once

#include "store/plan.h"

/* 1 all hold, 0 one does not, or a failure. */
int residual_holds(const struct store_collection *c, const struct store_query *q, uint32_t used,
                   const bson_t *doc);
