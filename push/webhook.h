/*
 * Calls to an agency's own system, by the Standard Webhooks specification
 * (standardwebhooks.com): JSON of at most 20 kB, signed, without personal data. The agency reads
 * the case itself by the API.
 */
#pragma once

#include "base/crypto/keyring.h"
#include "base/crypto/webhook_sign.h"
#include "domain/agency/agency.h"
#include "domain/case/kept.h"

struct push;
struct delivery;
struct try_outcome;

/* An agency's secret as agency.webhook_key: sealed under the keyring, in the arena. */
int webhook_key_seal(const struct keyring *keys, const char *agency_code,
                     const struct webhook_secret *secret, struct arena *a,
                     struct entity_bytes *ret);
/* 0 and the secret (wipe it), or E_CORRUPT. */
int webhook_key_open(const struct keyring *keys, const struct agency *agency,
                     struct webhook_secret *ret);

/* The body of a call about a case's event, sealed as a delivery's payload. E_FULL past 20 kB. */
int webhook_payload(const struct keyring *keys, const struct case_kept *k,
                    const struct id *delivery, const struct case_head *h,
                    const struct case_event *e, struct arena *a, struct entity_bytes *ret);

/* One try. */
void webhook_try(struct push *p, const struct delivery *d, int64_t now_ms, struct arena *a,
                 struct try_outcome *ret);
