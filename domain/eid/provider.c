/* The provider: its endpoints and keys, fetched when they are needed and kept for a while. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/eid/private.h"

#define DISCOVERY "/.well-known/openid-configuration"
#define DISCOVERY_MAX ((size_t)64 * 1024)
#define KEYS_MAX ((size_t)256 * 1024)
#define AFTER_FAILURE_MS 3000 /* until a fetch that failed is tried again */

static void trim_end(struct buf *secret)
{
    while (secret->len > 0 && strchr("\r\n", secret->data[secret->len - 1]))
        secret->data[--secret->len] = '\0';
}

int eid_provider_new(const struct eid_settings *set, const struct config *c,
                     struct http_client *http, const char **ret_fault, struct eid_provider **ret)
{
    struct eid_provider *p = calloc(1, sizeof(*p));
    if (!p)
        return E_NOMEM;
    *p = (struct eid_provider){.set = set, .http = http};
    buf_init(&p->secret, CONFIG_SECRET_MAX);
    pthread_rwlock_init(&p->lock, NULL);
    pthread_mutex_init(&p->discovery.lock, NULL);
    pthread_mutex_init(&p->key_set.lock, NULL);
    int done = config_secret(c, "eid.client.secret_file", &p->secret);
    if (done != 0) {
        *ret_fault = "eid.client.secret_file: cannot be read, or is not given";
        eid_provider_free(p);
        return done < 0 ? done : E_CONFIG;
    }
    if (set->auth == EID_SECRET_BASIC)
        trim_end(&p->secret);
    *ret = p;
    return 0;
}

void eid_provider_free(struct eid_provider *p)
{
    if (!p)
        return;
    if (p->secret.data)
        bytes_wipe(p->secret.data, p->secret.len);
    buf_release(&p->secret);
    pthread_rwlock_destroy(&p->lock);
    pthread_mutex_destroy(&p->discovery.lock);
    pthread_mutex_destroy(&p->key_set.lock);
    free(p);
}

const struct eid_settings *eid_provider_settings(const struct eid_provider *p)
{
    return p->set;
}

/* --- fetching --------------------------------------------------------------------------------- */

static int get(struct eid_provider *p, const char *url, size_t max, json_t **ret)
{
    const struct http_header accept = {"Accept", "application/json"};
    const struct http_request request = {.method = "GET",
                                         .url = url,
                                         .headers = &accept,
                                         .headers_n = 1,
                                         .timeout_ms = p->set->timeout_ms,
                                         .max_reply = max,
                                         .repeatable = true};
    return eid_call(p, &request, ret, NULL);
}

/*
 * Whether to fetch now, the lock held if so: nothing fresh is there, and the last attempt did not
 * fail a moment ago. `pause_ms`: fetch though something is there, unless that was tried so lately.
 * 0 fetch; 1 what is there will do; EID_AWAY.
 */
static int fetch_begin(struct eid_fetched *f, int64_t life_ms, int64_t pause_ms)
{
    pthread_mutex_lock(&f->lock);
    int64_t now_ms = clock_monotonic_ms();
    bool fresh = f->done_ms && now_ms - f->done_ms < life_ms;
    bool failed = f->tried_ms && f->tried_ms != f->done_ms;
    int said = 0;
    if (pause_ms < 0 && fresh)
        said = 1;
    else if (pause_ms >= 0 && f->tried_ms && now_ms - f->tried_ms < pause_ms)
        said = EID_AWAY;
    else if (failed && now_ms - f->tried_ms < AFTER_FAILURE_MS)
        said = EID_AWAY;
    if (said != 0)
        pthread_mutex_unlock(&f->lock);
    return said;
}

static int fetch_end(struct eid_fetched *f, int done)
{
    f->tried_ms = clock_monotonic_ms();
    if (done == 0)
        f->done_ms = f->tried_ms;
    pthread_mutex_unlock(&f->lock);
    return done;
}

/* --- endpoints -------------------------------------------------------------------------------- */

static bool lists(const json_t *list, const char *word)
{
    bool found = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        found |= text && strcmp(text, word) == 0;
    }
    return found;
}

static bool copy_url(const struct eid_settings *set, const char *text, char out[EID_URL_MAX])
{
    size_t n = text ? strlen(text) : 0;
    bool secure = n > 0 && (strncmp(text, "https://", 8) == 0 ||
                            (set->http && strncmp(text, "http://", 7) == 0));
    if (!secure || n >= EID_URL_MAX || strpbrk(text, "#\r\n \""))
        return false;
    memcpy(out, text, n + 1);
    return true;
}

static bool read_discovery(const struct eid_settings *set, const json_t *json,
                           struct eid_endpoints *ret)
{
    const char *issuer = json_string_value(json_object_get(json, "issuer"));
    const char *userinfo = json_string_value(json_object_get(json, "userinfo_endpoint"));
    *ret = (struct eid_endpoints){.response_iss = json_is_true(json_object_get(
                                      json, "authorization_response_iss_parameter_supported"))};
    return issuer && strcmp(issuer, set->issuer) == 0 &&
           lists(json_object_get(json, "code_challenge_methods_supported"), "S256") &&
           copy_url(set, json_string_value(json_object_get(json, "authorization_endpoint")),
                    ret->authorization) &&
           copy_url(set, json_string_value(json_object_get(json, "token_endpoint")), ret->token) &&
           copy_url(set, json_string_value(json_object_get(json, "jwks_uri")), ret->keys) &&
           (!set->userinfo || copy_url(set, userinfo, ret->userinfo));
}

static int configured(const struct eid_settings *set, struct eid_endpoints *ret)
{
    *ret = (struct eid_endpoints){0};
    return copy_url(set, set->authorization_url, ret->authorization) &&
                   copy_url(set, set->token_url, ret->token) &&
                   copy_url(set, set->keys_url, ret->keys) &&
                   (!set->userinfo || copy_url(set, set->userinfo_url, ret->userinfo))
               ? 0
               : E_CONFIG;
}

static int discover(struct eid_provider *p)
{
    char url[EID_URL_MAX + sizeof(DISCOVERY)];
    CLEANUP(json_decrefp) json_t *json = NULL;
    struct eid_endpoints found;
    size_t n = strlen(p->set->issuer);
    while (n > 0 && p->set->issuer[n - 1] == '/') /* OpenID Connect Discovery §4.1 */
        n--;
    memcpy(url, p->set->issuer, n);
    memcpy(url + n, DISCOVERY, sizeof(DISCOVERY));
    int done = get(p, url, DISCOVERY_MAX, &json);
    if (done != 0)
        return done < 0 ? done : EID_AWAY;
    if (!read_discovery(p->set, json, &found))
        return EID_AWAY;
    pthread_rwlock_wrlock(&p->lock);
    p->endpoints = found;
    pthread_rwlock_unlock(&p->lock);
    return 0;
}

int eid_endpoints(struct eid_provider *p, struct eid_endpoints *ret)
{
    if (p->set->authorization_url[0])
        return configured(p->set, ret);
    int said = fetch_begin(&p->discovery, p->set->keys_ms, -1);
    if (said == 0)
        said = fetch_end(&p->discovery, discover(p));
    if (said != 0 && said != 1)
        return said;
    pthread_rwlock_rdlock(&p->lock);
    *ret = p->endpoints;
    pthread_rwlock_unlock(&p->lock);
    return 0;
}

int eid_check_issuer(struct eid_provider *p, const char *iss)
{
    struct eid_endpoints e;
    int done = eid_endpoints(p, &e);
    if (done != 0)
        return done;
    if (!iss)
        return e.response_iss || p->set->response_iss ? EID_REFUSED : 0;
    return strcmp(iss, p->set->issuer) == 0 ? 0 : EID_REFUSED;
}

/* --- keys ------------------------------------------------------------------------------------- */

static int fetch_keys(struct eid_provider *p)
{
    struct eid_endpoints e;
    CLEANUP(json_decrefp) json_t *json = NULL;
    CLEANUP(freep) struct jwk_set *set = malloc(sizeof(*set));
    if (!set)
        return E_NOMEM;
    int done = eid_endpoints(p, &e);
    if (done == 0)
        done = get(p, e.keys, KEYS_MAX, &json);
    if (done != 0)
        return done < 0 ? done : EID_AWAY;
    if (jwk_set_read(json, p->set->algorithm, set) != 0 || set->n == 0)
        return EID_AWAY;
    pthread_rwlock_wrlock(&p->lock);
    p->keys = *set;
    pthread_rwlock_unlock(&p->lock);
    return 0;
}

static int keep_keys(struct eid_provider *p, int64_t pause_ms)
{
    int said = fetch_begin(&p->key_set, p->set->keys_ms, pause_ms);
    if (said == 0)
        said = fetch_end(&p->key_set, fetch_keys(p));
    return said == 1 ? 0 : said;
}

static int verify(struct eid_provider *p, const char *token, json_t **ret)
{
    pthread_rwlock_rdlock(&p->lock);
    int done = jws_verify(&p->keys, p->set->algorithm, token, strlen(token), ret);
    pthread_rwlock_unlock(&p->lock);
    return done;
}

int eid_verify(struct eid_provider *p, const char *token, json_t **ret)
{
    int done = keep_keys(p, -1);
    if (done != 0)
        return done;
    done = verify(p, token, ret);
    if (done ==
        JWS_KEY_UNKNOWN) { /* rotated, perhaps; another sign-in may just have fetched them */
        int kept = keep_keys(p, p->set->keys_pause_ms);
        done = verify(p, token, ret);
        if (done == JWS_KEY_UNKNOWN && kept != 0)
            return kept;
    }
    return done > 0 ? EID_REFUSED : done;
}
