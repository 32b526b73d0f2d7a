/*
 * Signatures of the Standard Webhooks specification, scheme v1: base64 of HMAC-SHA256 over
 * "id.timestamp.body". Secrets are written "whsec_" and base64 of 24 to 64 bytes. Thread-safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEBHOOK_SECRET_MIN 24
#define WEBHOOK_SECRET_MAX 64
#define WEBHOOK_SECRET_TEXT 95 /* room for the longest, the NUL included */
#define WEBHOOK_SIGNATURE 48   /* "v1,", 44 characters, the NUL */
#define WEBHOOK_ID_MAX 256

struct webhook_secret {
    uint8_t bytes[WEBHOOK_SECRET_MAX];
    size_t n;
};

enum webhook_outcome {
    WEBHOOK_FORGED = 1, /* no signature in the list is right */
    WEBHOOK_STALE = 2,  /* right, but the timestamp is too far from now */
};

void webhook_secret_new(struct webhook_secret *ret); /* 32 bytes */
bool webhook_secret_parse(const char *text, struct webhook_secret *ret);
char *webhook_secret_format(const struct webhook_secret *s, char out[WEBHOOK_SECRET_TEXT]);

/* The value of webhook-signature into `out`. E_INVALID if the id is empty, too long or has a dot
 * (it would blur into the timestamp). */
int webhook_sign(const struct webhook_secret *s, const char *id, int64_t timestamp_s,
                 const void *body, size_t n, char out[WEBHOOK_SIGNATURE]);

/* What a receiver does. `signatures` is a space-separated list. 0, an outcome, or E_INVALID. */
int webhook_verify(const struct webhook_secret *s, const char *id, int64_t timestamp_s,
                   const void *body, size_t n, const char *signatures, int64_t now_s,
                   int64_t tolerance_s);
