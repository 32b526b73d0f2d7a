/* What one sender may send in a day. Each: 0, perhaps with 429 and Retry-After answered; E_*. */
#pragma once

#include "handlers/app.h"

/* One upload more. Whose code has not arrived may send what their reports can take; anybody else,
 * a day's worth. */
int upload_take_one(const struct request *req, struct reply *reply);
/* Bytes: what was announced, whether it came or not; of what has no length yet, each chunk as it
 * comes; and what is joined, for its parts stay beside it. None where n is not positive. */
int upload_take_bytes(const struct request *req, struct reply *reply, int64_t n);
