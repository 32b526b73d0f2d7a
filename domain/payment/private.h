/* Shared by the files of this folder. */
#pragma once

#include "domain/payment/payment.h"

/* Documents whose `next` has come, at most `max`. */
int payment_scan_due(struct store *s, const struct store_collection *c, int64_t now_ms, size_t max,
                     struct arena *a, struct store_page *ret);
