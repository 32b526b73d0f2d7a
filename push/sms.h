/*
 * Text messages. A transport is a row of a table: how one message of one segment leaves. What is
 * sent is sealed in the delivery under the keyring, since it holds a phone number and maybe a code.
 */
#pragma once

#include "base/config.h"
#include "base/crypto/keyring.h"
#include "base/net/http_client.h"
#include "domain/entity/entity.h"
#include "store/store.h"

struct push;
struct delivery;
struct try_outcome;
struct sms_transport;

struct sms_message {
    const char *phone, *text;
};

typedef void (*sms_send_fn)(const struct sms_transport *t, const struct id *id,
                            const struct sms_message *m, struct arena *a, struct try_outcome *ret);

struct sms_transport {
    const char *name;
    sms_send_fn send; /* NULL: there is none, messages die */
    const char *url;
    char *secret; /* owned; wiped */
    int64_t max_per_day;
    struct http_client *http;
};

/* By sms.*. E_CONFIG with words in *ret_fault (static). The printing one needs `demo`. */
int sms_transport_init(const struct config *config, struct http_client *http, bool demo,
                       const char **ret_fault, struct sms_transport *ret);
void sms_transport_release(struct sms_transport *t);

/* Text to one unaccented segment; phone and text sealed for a delivery, in the arena. */
int sms_seal(const struct keyring *keys, const struct id *delivery, const char *phone,
             const char *text, struct arena *a, struct entity_bytes *ret);

/* One try: the day's cap, then the transport. */
void sms_try(struct push *p, const struct delivery *d, int64_t now_ms, struct arena *a,
             struct try_outcome *ret);
