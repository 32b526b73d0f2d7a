/* Shared by the files of domain/look/. */
#pragma once

#include "base/crypto/sha256.h"
#include "domain/look/look.h"

#define LOOK_SALT 16

struct id look_id(const char *agency, int64_t seq);
void look_told(const struct look *l, uint8_t out[SHA256_SIZE]);
/* `before`: digest of the record before, NULL for the first. */
void look_digest(const struct look *l, const uint8_t *before, uint8_t out[SHA256_SIZE]);
