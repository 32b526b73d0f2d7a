/*
 * The code that stands on the slip of a result, as QR and as text: dossier, place among its results
 * and a tag over both and the file under the lookup key, which is the same for ever, in 40 digits
 * of Crockford's base 32. It cannot be guessed, and needs no list: who has it asks for the result.
 */
#pragma once

#include "handlers/app.h"

#define RESULT_CODE 40

/* In the request's arena. n: of d->results. */
const char *result_code(const struct request *req, const struct dossier *d, size_t n);
/* Address to be scanned; the code's, or that of a dossier's progress. */
const char *result_link(const struct request *req, const char *code);
const char *progress_link(const struct request *req, const char *number, const char *check);
