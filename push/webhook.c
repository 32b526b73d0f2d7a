#include "push/webhook.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/seal.h"
#include "base/log.h"
#include "base/result.h"
#include "push/private.h"

#define WEBHOOK_TIMEOUT_MS 20000
#define WEBHOOK_REPLY_MAX 4096

/* --- secrets ---------------------------------------------------------------------------------- */

static struct seal_about about_key(const char *agency_code)
{
    return (struct seal_about){"agency.webhook", agency_id(agency_code)};
}

int webhook_key_seal(const struct keyring *keys, const char *agency_code,
                     const struct webhook_secret *secret, struct arena *a, struct entity_bytes *ret)
{
    uint8_t *sealed = arena_alloc(a, secret->n + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = about_key(agency_code);
    *ret = (struct entity_bytes){sealed, secret->n + SEAL_KEYRING_OVERHEAD};
    return seal_by_keyring(keys, KEY_SECRET, &about, secret->bytes, secret->n, sealed);
}

int webhook_key_open(const struct keyring *keys, const struct agency *agency,
                     struct webhook_secret *ret)
{
    const struct entity_bytes *sealed = &agency->webhook_key;
    if (sealed->n < SEAL_KEYRING_OVERHEAD + WEBHOOK_SECRET_MIN ||
        sealed->n > SEAL_KEYRING_OVERHEAD + WEBHOOK_SECRET_MAX)
        return E_CORRUPT;
    struct seal_about about = about_key(agency->code);
    ret->n = sealed->n - SEAL_KEYRING_OVERHEAD;
    if (seal_open_by_keyring(keys, KEY_SECRET, &about, sealed->data, sealed->n, ret->bytes) != 0)
        return E_CORRUPT;
    return 0;
}

/* --- what is sent ----------------------------------------------------------------------------- */

struct call_data {
    struct id id;
    const char *number, *state, *outcome, *agency;
    struct case_topic topic;
    int64_t due_ms, step;
};

struct call {
    const char *type; /* "report.receive" */
    int64_t at_ms;
    struct call_data data;
};

#define AT(T, member) .offset = offsetof(struct T, member), .see = SEE_AGENCY

static const struct entity call_data_entity = {
    .name = "WebhookData",
    .size = sizeof(struct call_data),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(call_data, id)},
        {.name = "number", .type = ENTITY_TEXT, AT(call_data, number)},
        {.name = "state", .type = ENTITY_TEXT, AT(call_data, state)},
        {.name = "outcome", .type = ENTITY_TEXT, AT(call_data, outcome)},
        {.name = "agency", .type = ENTITY_TEXT, AT(call_data, agency)},
        {.name = "category", .type = ENTITY_TEXT, AT(call_data, topic.category)},
        {.name = "procedure", .type = ENTITY_TEXT, AT(call_data, topic.procedure)},
        {.name = "commune", .type = ENTITY_TEXT, AT(call_data, topic.commune)},
        {.name = "due_at", .type = ENTITY_TIME, AT(call_data, due_ms)},
        {.name = "step", .type = ENTITY_INT, AT(call_data, step)},
        {0},
    }};

static const struct entity call_entity = {
    .name = "Webhook",
    .size = sizeof(struct call),
    .fields = (const struct entity_field[]){
        {.name = "type", .type = ENTITY_TEXT, AT(call, type)},
        {.name = "timestamp", .type = ENTITY_TIME, AT(call, at_ms)},
        {.name = "data", .type = ENTITY_OBJECT, AT(call, data), .of = &call_data_entity},
        {0},
    }};

int webhook_payload(const struct keyring *keys, const struct case_kept *k,
                    const struct id *delivery, const struct case_head *h,
                    const struct case_event *e, struct arena *a, struct entity_bytes *ret)
{
    int outcome = h->closed_ms ? h->outcome : 0;
    struct call call = {
        .type = arena_printf(a, "%s.%s", k->kind->name, e->what),
        .at_ms = e->at_ms,
        .data = {.id = h->id,
                 .number = h->number,
                 .agency = h->agency,
                 .state = entity_enum_name(k->kind->state_names, h->state),
                 .outcome = entity_enum_name(k->kind->outcome_names, outcome),
                 .due_ms = h->due_ms,
                 .step = e->step},
    };
    k->topic(h, &call.data.topic);
    CLEANUP(buf_release) struct buf body;
    buf_init(&body, PUSH_WEBHOOK_MAX);
    entity_json(&call_entity, &call, SEE_AGENCY, &body);
    if (body.failed)
        return E_FULL;
    uint8_t *sealed = arena_alloc(a, body.len + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = {"delivery.webhook", *delivery};
    *ret = (struct entity_bytes){sealed, body.len + SEAL_KEYRING_OVERHEAD};
    return seal_by_keyring(keys, KEY_SECRET, &about, body.data, body.len, sealed);
}

/* --- sending ---------------------------------------------------------------------------------- */

struct letter {
    char id[WEBHOOK_ID_MAX + 1], timestamp[24], signature[WEBHOOK_SIGNATURE];
    char *body;
    size_t n;
};

/* Opens the payload and signs it for this try. NULL, or what is wrong. */
static const char *prepare(const struct keyring *keys, const struct delivery *d,
                           const struct agency *agency, int64_t now_ms, struct arena *a,
                           struct letter *ret)
{
    struct webhook_secret secret;
    struct seal_about about = {"delivery.webhook", d->id};
    if (d->payload.n < SEAL_KEYRING_OVERHEAD)
        return "the payload cannot be opened";
    ret->n = d->payload.n - SEAL_KEYRING_OVERHEAD;
    ret->body = arena_alloc(a, ret->n + 1);
    if (seal_open_by_keyring(keys, KEY_SECRET, &about, d->payload.data, d->payload.n, ret->body) !=
        0)
        return "the payload cannot be opened";
    if (webhook_key_open(keys, agency, &secret) != 0)
        return "the agency's webhook key cannot be opened";
    id_format(&d->id, ret->id);
    snprintf(ret->timestamp, sizeof(ret->timestamp), "%lld", (long long)(now_ms / 1000));
    int done = webhook_sign(&secret, ret->id, now_ms / 1000, ret->body, ret->n, ret->signature);
    bytes_wipe(&secret, sizeof(secret));
    return done < 0 ? result_words(done) : NULL;
}

/* Standard Webhooks: only 2xx succeeds; 410 asks to be left alone; 429, 502 and 504 for time. */
static void judge(int called, const struct http_reply *reply, int64_t now_ms, struct arena *a,
                  struct try_outcome *ret)
{
    static const char *const failed[] = {
        [HTTP_REFUSED] = "the address is not allowed",
        [HTTP_NOT_SENT] = "no connection",
        [HTTP_TLS] = "the receiver could not prove who it is",
        [HTTP_TIMEOUT] = "no answer in time",
        [HTTP_UNKNOWN] = "the connection ended before the answer",
    };
    int status = reply->status;
    ret->result = TRY_AGAIN;
    ret->retry_after_s = http_retry_after_s(reply, now_ms);
    if (called != 0 && called != HTTP_TOO_LARGE) {
        ret->away = called > 0;
        ret->error = called < 0 ? result_words(called) : failed[called];
    } else if (status >= 200 && status < 300) {
        ret->result = TRY_SENT;
    } else {
        if (status == 410)
            ret->result = TRY_GONE;
        ret->away = status == 429 || status == 502 || status == 503 || status == 504;
        ret->error = arena_printf(a, "the receiver answered %d", status);
    }
}

static void call(struct push *p, const struct agency *agency, const struct letter *letter,
                 int64_t now_ms, struct arena *a, struct try_outcome *ret)
{
    const struct http_header headers[] = {
        {"content-type", "application/json"},
        {"webhook-id", letter->id},
        {"webhook-timestamp", letter->timestamp},
        {"webhook-signature", letter->signature},
    };
    struct http_request request = {.method = "POST",
                                   .url = agency->webhook_url,
                                   .headers = headers,
                                   .headers_n = ARRAY_LEN(headers),
                                   .body = letter->body,
                                   .body_n = letter->n,
                                   .timeout_ms = WEBHOOK_TIMEOUT_MS,
                                   .max_reply = WEBHOOK_REPLY_MAX,
                                   .repeatable = true};
    struct http_reply reply = {0};
    int called = http_call(p->o.http, &request, &reply);
    judge(called, &reply, now_ms, a, ret);
    http_reply_release(&reply);
}

/* The receiver wants no more: nothing is made for it until an administrator names a URL again. */
static void disable(struct push *p, const struct agency *agency)
{
    struct agency row = *agency;
    row.webhook_url = NULL;
    /* Changed just now: whatever it names is tried with the next letter. */
    int done = agency_put_at(p->o.store, &row, agency->revision);
    log_event(LOG_WARN, "a webhook was disabled by its receiver", "agency", agency->code, "stored",
              done < 0 ? result_words(done) : "yes", NULL);
}

void webhook_try(struct push *p, const struct delivery *d, int64_t now_ms, struct arena *a,
                 struct try_outcome *ret)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(p->o.catalogue);
    const struct agency *agency = d->agency ? catalogue_agency(catalogue, d->agency) : NULL;
    *ret = (struct try_outcome){.result = TRY_DEAD, .retry_after_s = -1};
    if (!agency || !agency->webhook_url || !p->o.http) {
        ret->error = "the agency has no webhook any more";
        return;
    }
    struct letter letter;
    ret->error = prepare(p->o.keys, d, agency, now_ms, a, &letter);
    if (ret->error)
        return;
    call(p, agency, &letter, now_ms, a, ret);
    if (ret->result == TRY_GONE)
        disable(p, agency);
}
