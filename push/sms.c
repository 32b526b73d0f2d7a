#include "push/sms.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/seal.h"
#include "base/result.h"
#include "base/text.h"
#include "domain/identity/limit.h"
#include "push/private.h"

#define SMS_TIMEOUT_MS 15000
#define SMS_REPLY_MAX 4096

/* --- what is sent ----------------------------------------------------------------------------- */

static const struct entity sms_entity = {.name = "Sms",
                                         .size = sizeof(struct sms_message),
                                         .fields = (const struct entity_field[]){
                                             {.name = "to",
                                              .type = ENTITY_TEXT,
                                              .offset = offsetof(struct sms_message, phone),
                                              .see = SEE_ADMIN},
                                             {.name = "text",
                                              .type = ENTITY_TEXT,
                                              .offset = offsetof(struct sms_message, text),
                                              .see = SEE_ADMIN},
                                             {0},
                                         }};

/* GSM 03.38 counts these twice, or has them not at all. */
static void avoid_extensions(char *text)
{
    static const char from[] = "[]{}\\^|~", to[] = "()()/'/-";
    for (; *text; text++) {
        const char *at = strchr(from, *text);
        if (at)
            *text = to[at - from];
    }
}

int sms_seal(const struct keyring *keys, const struct id *delivery, const char *phone,
             const char *text, struct arena *a, struct entity_bytes *ret)
{
    char *ascii = text_ascii(a, text);
    avoid_extensions(ascii);
    if (strlen(ascii) > PUSH_SMS_MAX)
        ascii[PUSH_SMS_MAX] = '\0';
    size_t phone_n = strlen(phone) + 1, n = phone_n + strlen(ascii);
    char *plain = arena_alloc(a, n + 1);
    memcpy(plain, phone, phone_n);
    memcpy(plain + phone_n, ascii, n - phone_n);
    uint8_t *sealed = arena_alloc(a, n + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = {"delivery.sms", *delivery};
    int done = seal_by_keyring(keys, KEY_SECRET, &about, plain, n, sealed);
    bytes_wipe(plain, n);
    bytes_wipe(ascii, strlen(ascii));
    *ret = (struct entity_bytes){sealed, n + SEAL_KEYRING_OVERHEAD};
    return done;
}

static bool sms_open(const struct keyring *keys, const struct delivery *d, struct arena *a,
                     struct sms_message *ret)
{
    if (d->payload.n < SEAL_KEYRING_OVERHEAD)
        return false;
    size_t n = d->payload.n - SEAL_KEYRING_OVERHEAD;
    char *plain = arena_alloc(a, n + 1);
    struct seal_about about = {"delivery.sms", d->id};
    if (seal_open_by_keyring(keys, KEY_SECRET, &about, d->payload.data, d->payload.n, plain) != 0)
        return false;
    const char *end = memchr(plain, '\0', n);
    if (!end)
        return false;
    *ret = (struct sms_message){.phone = plain, .text = end + 1};
    return true;
}

/* --- transports ------------------------------------------------------------------------------- */

/* The whole line in one write, so that lines of several threads never mix. */
static void sms_print(const struct sms_transport *t, const struct id *id,
                      const struct sms_message *m, struct arena *a, struct try_outcome *ret)
{
    (void)t, (void)id, (void)a;
    CLEANUP(buf_release) struct buf line;
    buf_init(&line, 4096);
    buf_add_str(&line, "{\"sms\":");
    entity_json(&sms_entity, m, SEE_ADMIN, &line);
    buf_add_str(&line, "}\n");
    bool written = !line.failed && write(STDOUT_FILENO, line.data, line.len) == (ssize_t)line.len;
    ret->result = written ? TRY_SENT : TRY_AGAIN;
    ret->error = written ? NULL : "stdout cannot be written";
}

static void judge(int called, const struct http_reply *reply, int64_t now_ms, struct arena *a,
                  struct try_outcome *ret)
{
    int status = reply->status;
    ret->result = TRY_AGAIN;
    ret->retry_after_s = http_retry_after_s(reply, now_ms);
    if (called == HTTP_REFUSED) {
        ret->result = TRY_DEAD;
        ret->error = "the gateway's address is not allowed";
    } else if (called != 0 && called != HTTP_TOO_LARGE) {
        ret->away = true;
        ret->error = called < 0 ? result_words(called) : "the gateway could not be reached";
    } else if (status >= 200 && status < 300) {
        ret->result = TRY_SENT;
    } else {
        /* Other refusals of a client's request stay what they are, however often it is asked. */
        bool later = status >= 500 || status == 408 || status == 425 || status == 429;
        ret->result = later ? TRY_AGAIN : TRY_DEAD;
        ret->away = status == 429 || status == 502 || status == 503 || status == 504;
        ret->error = arena_printf(a, "the gateway answered %d", status);
    }
}

static void sms_http(const struct sms_transport *t, const struct id *id,
                     const struct sms_message *m, struct arena *a, struct try_outcome *ret)
{
    char id_text[ID_TEXT];
    CLEANUP(buf_release) struct buf body;
    buf_init(&body, 4096);
    bool first = false;
    buf_printf(&body, "{\"id\":\"%s\"", id_format(id, id_text));
    entity_json_members(&sms_entity, m, SEE_ADMIN, &first, &body);
    buf_add_char(&body, '}');
    const struct http_header headers[] = {
        {"content-type", "application/json"},
        {"authorization", arena_printf(a, "Bearer %s", t->secret ? t->secret : "")},
    };
    struct http_request request = {.method = "POST",
                                   .url = t->url,
                                   .headers = headers,
                                   .headers_n = t->secret ? 2 : 1,
                                   .body = body.data,
                                   .body_n = body.len,
                                   .timeout_ms = SMS_TIMEOUT_MS,
                                   .max_reply = SMS_REPLY_MAX};
    struct http_reply reply = {0};
    int called = http_call(t->http, &request, &reply);
    judge(called, &reply, clock_now_ms(), a, ret);
    http_reply_release(&reply);
    bytes_wipe(body.data, body.len);
}

static const struct {
    const char *name;
    sms_send_fn send;
    bool only_demo, calls;
} transports[] = {
    {"none", NULL, false, false},
    {"print", sms_print, true, false},
    {"http", sms_http, false, true},
};

/* The secret as a header's value: without the newline that a file ends with. */
static int read_secret(const struct config *config, char **ret)
{
    CLEANUP(buf_release) struct buf secret;
    buf_init(&secret, CONFIG_SECRET_MAX);
    int done = config_secret(config, "sms.secret_file", &secret);
    if (done == CONFIG_UNSET)
        return 0;
    if (done < 0)
        return done;
    size_t n = strcspn(secret.data, "\r\n");
    *ret = strndup(secret.data, n);
    bytes_wipe(secret.data, secret.len);
    return *ret ? 0 : E_NOMEM;
}

int sms_transport_init(const struct config *config, struct http_client *http, bool demo,
                       const char **ret_fault, struct sms_transport *ret)
{
    const char *name = config_text(config, "sms.transport");
    if (!name[0])
        name = demo ? "print" : "none";
    size_t i = 0;
    while (i < ARRAY_LEN(transports) && strcmp(transports[i].name, name) != 0)
        i++;
    *ret = (struct sms_transport){.url = config_text(config, "sms.url"),
                                  .max_per_day = config_int(config, "sms.max_per_day"),
                                  .http = http};
    *ret_fault = NULL;
    if (i == ARRAY_LEN(transports))
        *ret_fault = "sms.transport: none, print or http";
    else if (transports[i].only_demo && !demo)
        *ret_fault = "sms.transport: print is for demonstrations only";
    else if (transports[i].calls && (!ret->url[0] || !http))
        *ret_fault = "sms.url: needed by sms.transport http";
    if (*ret_fault)
        return E_CONFIG;
    ret->name = transports[i].name;
    ret->send = transports[i].send;
    int done = transports[i].calls ? read_secret(config, &ret->secret) : 0;
    if (done < 0)
        *ret_fault = "sms.secret_file: cannot be read";
    return done;
}

void sms_transport_release(struct sms_transport *t)
{
    if (t->secret)
        bytes_wipe(t->secret, strlen(t->secret));
    free(t->secret);
    t->secret = NULL;
}

void sms_try(struct push *p, const struct delivery *d, int64_t now_ms, struct arena *a,
             struct try_outcome *ret)
{
    *ret = (struct try_outcome){.result = TRY_DEAD, .retry_after_s = -1};
    struct sms_message m;
    if (!p->sms.send) {
        ret->error = "no transport";
        return;
    }
    if (!sms_open(p->o.keys, d, a, &m)) {
        ret->error = "the payload cannot be opened";
        return;
    }
    if (d->tries == 0) {
        struct limit_rule cap = {"sms.day", CLOCK_DAY_MS, p->sms.max_per_day};
        int64_t retry_ms;
        int taken = limit_take(p->o.store, &cap, "all", 3, now_ms, &retry_ms);
        if (taken != 0) {
            ret->result = taken < 0 ? TRY_AGAIN : TRY_DEAD;
            ret->error = taken < 0 ? result_words(taken) : "cap";
            return;
        }
    }
    p->sms.send(&p->sms, &d->id, &m, a, ret);
}
