/*
 * Payment providers. An adapter is one file and one table of functions: how an order is made known
 * to a provider, how its callback is believed, how it is asked, and how its list of a day is read.
 * An adapter remembers nothing and changes nothing here: it says what the provider said
 * (struct pay_told), and domain/payment/ takes it once. Which one is used, and its secret, is
 * configured (pay.*); without one, fees are paid at the counter alone.
 *
 * Calls go through a client with a policy of its own, as strict as that of webhooks.
 */
#pragma once

#include <jansson.h>

#include "base/config.h"
#include "base/crypto/mac.h"
#include "base/net/http_client.h"
#include "domain/payment/payment.h"

extern const struct config_key pay_config[]; /* "pay.*" */

#define PAY_TRANSACTIONS_MAX 16 /* of one order */
#define PAY_LIST_MAX 500        /* of one page of a day's list */
#define PAY_SECRET_MIN 32       /* bytes */
#define PAY_SIGNATURE (3 + 2 * MAC_SIZE + 1)

/* Everybody knows it: taken in a demonstration where no other is configured, refused elsewhere. */
#define PAY_DEMO_SECRET "trinh-dien-khong-phai-bi-mat-0000000000"

enum pay_outcome {
    PAY_AWAY = 421,    /* it does not answer, or says that it is not well: ask again */
    PAY_REFUSED = 422, /* it does not want the request */
    PAY_NONE = 423,    /* it knows no such order */
    PAY_FORGED = 424,  /* not signed by it, or too old, or not yet made */
    PAY_STRANGE = 425, /* signed by it, and not what was agreed on */
};

struct pay {
    const struct pay_adapter *adapter;
    const char *url, *merchant, *notify_url, *return_url; /* of the configuration */
    int64_t timeout_ms, tolerance_ms, life_ms, ask_after_ms, patience_ms;
    char *secret; /* owned; wiped */
    size_t secret_n;
    struct http_client *http;
};

/* An order as it is made known: the same id is the same order there, however often it comes. */
struct pay_order {
    struct id id;
    const char *number; /* of the dossier: what people read beside the amount */
    int64_t amount, expires_ms;
    const char *language; /* "vi", "en" */
};

struct pay_link {
    const char *reference, *url;
};

/* What the provider says of an order. */
struct pay_told {
    struct id order; /* nil: it names none that could be ours */
    int state;       /* enum payment_state; 0: nothing new */
    struct money_told transactions[PAY_TRANSACTIONS_MAX];
    size_t n;
    size_t unreadable; /* transactions that are not as they should be, and passed over */
};

/* A callback as it came. */
struct pay_notice {
    const char *method, *path;
    const void *body;
    size_t n;
    int64_t now_ms;
    const char *(*header)(const void *ctx, const char *lower_case_name);
    const void *ctx;
};

/* A page of what the provider took on a day. */
struct pay_list {
    struct money_told *items; /* in the arena */
    size_t n;
    const char *
        *unreadable;     /* rows that are not as they should be: numbers; NULL where even that */
    size_t n_unreadable; /* is not */
    const char *next;    /* NULL: that was all */
};

/* Texts that come back are in the arena, bounded and checked. */
struct pay_adapter {
    const char *name;
    int (*create)(const struct pay *p, const struct pay_order *o, struct arena *a,
                  struct pay_link *ret);
    int (*query)(const struct pay *p, const struct id *order, struct arena *a,
                 struct pay_told *ret);
    int (*callback)(const struct pay *p, const struct pay_notice *n, struct arena *a,
                    struct pay_told *ret);
    int (*list)(const struct pay *p, const char *date, const char *after, struct arena *a,
                struct pay_list *ret);
};
extern const struct pay_adapter pay_signed; /* signed.c */

/* By pay.*: NULL where none is configured. E_CONFIG with words in *ret_fault (static). */
int pay_new(const struct config *c, bool demo, const char **ret_fault, struct pay **ret);
void pay_free(struct pay *p);

/* --- signatures (signature.c) ------------------------------------------------------------------
 *
 * Both sides sign what they send. The header `pay-signature` is "v1=" and, in lower-case hex,
 * HMAC-SHA256 under the shared secret over these lines, each ended by a line feed:
 *
 *     v1
 *     the header pay-merchant
 *     the header pay-timestamp: seconds since 1970, decimal
 *     the method, upper case
 *     the path with its query, as it is sent
 *     SHA-256 of the body, lower-case hex
 *
 * A timestamp that is further from now than pay.tolerance is refused. What is repeated within it is
 * known by its ids, so nothing more is remembered.
 */
struct pay_signed_parts {
    const char *merchant, *timestamp, *method, *path;
    const void *body;
    size_t n;
};
char *pay_sign(const struct pay *p, const struct pay_signed_parts *s, char out[PAY_SIGNATURE]);
/* 0 or PAY_FORGED; the comparison takes constant time. */
int pay_check(const struct pay *p, const struct pay_signed_parts *s, const char *signature,
              int64_t now_ms);
