/*
 * What a holder permits at a desk: that this official offers their stored documents for a dossier,
 * for half an hour. Given by a one-time code that the holder tells, or by a slip that they signed;
 * a text that is bound to official and holder, and kept by nobody. Each is in the log of looks and
 * is told to the holder.
 */
#pragma once

#include "handlers/app.h"

#define PERMIT_MS (INT64_C(30) * 60 * 1000)

/* Whose documents a permit opens to the caller. False: it is none of theirs, or over. */
bool permit_read(const struct request *req, const char *text, struct id *ret_owner);
