/* One call as curl sees it: set up, guarded, and its end put into words. */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/net/http_private.h"
#include "base/result.h"

#define CONNECT_MS 10000
#define TIMEOUT_MAX_MS 300000
#define REPLY_HEADER_BYTES_MAX (64 * 1024)
#define HEADER_VALUE_MAX 1024
#define REQUEST_HEADER_BYTES_MAX 8192

/* --- guards ----------------------------------------------------------------------------------- */

static bool may_reach(const struct http_rules *rules, const struct address *a)
{
    return address_class(a) == ADDRESS_PUBLIC || cidr_list_holds(&rules->policy.allowed, a);
}

/* Called with the address that is about to be connected to, after every name was resolved. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *peer)
{
    struct http_transfer *t = ctx;
    struct address a;

    if (purpose != CURLSOCKTYPE_IPCXN || !address_from_sockaddr(&peer->addr, &a) ||
        !may_reach(t->rules, &a)) {
        t->refused = true;
        return CURL_SOCKET_BAD;
    }
    t->connected = true;
    return socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}

/*
 * Called on every connection, kept ones included, just before the request leaves. curl sends again
 * by itself when a kept connection turns out closed; that is for the caller to allow.
 */
static int before_sending(void *ctx, char *peer_ip, char *local_ip, int peer_port, int local_port)
{
    struct http_transfer *t = ctx;
    struct address a;

    (void)local_ip, (void)peer_port, (void)local_port;
    if (!address_parse(peer_ip, strlen(peer_ip), &a) || !may_reach(t->rules, &a)) {
        t->refused = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (t->sent && !t->repeatable)
        return CURL_PREREQFUNC_ABORT;
    t->sent = true;
    return CURL_PREREQFUNC_OK;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct http_transfer *t = ctx;

    buf_add(&t->body, bytes, size * n);
    if (t->body.failed)
        t->too_large = true;
    return t->body.failed ? 0 : size * n;
}

static size_t count_headers(char *bytes, size_t size, size_t n, void *ctx)
{
    struct http_transfer *t = ctx;

    (void)bytes;
    t->header_bytes += size * n;
    if (t->header_bytes > REPLY_HEADER_BYTES_MAX)
        t->too_large = true;
    return t->too_large ? 0 : size * n;
}

/* --- setting up ------------------------------------------------------------------------------- */

/* RFC 9110 §5.6.2 */
static bool is_token(const char *text)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    size_t n = strnlen(text, HEADER_VALUE_MAX);

    for (size_t i = 0; i < n; i++) {
        char c = text[i];

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              strchr(marks, c)))
            return false;
    }
    return n > 0 && n < HEADER_VALUE_MAX;
}

/* Nothing that could end the line. */
static bool is_value(const char *text)
{
    size_t n = strnlen(text, REQUEST_HEADER_BYTES_MAX);

    for (size_t i = 0; i < n; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
            return false;
    return n < REQUEST_HEADER_BYTES_MAX - HEADER_VALUE_MAX;
}

static int add_header_line(struct http_transfer *t, const char *line)
{
    struct curl_slist *longer = curl_slist_append(t->headers, line);

    if (!longer)
        return E_NOMEM;
    t->headers = longer;
    return 0;
}

/* Unless told not to, curl waits for 100 Continue before a large body, and calls any body a form.
 */
static int silence_curl(struct http_transfer *t, const struct http_request *request)
{
    int r = add_header_line(t, "Expect:");

    for (size_t i = 0; i < request->headers_n; i++)
        if (strcasecmp(request->headers[i].name, "Content-Type") == 0)
            return r;
    return r ? r : add_header_line(t, "Content-Type:");
}

static int add_headers(struct http_transfer *t, const struct http_request *request)
{
    int r = silence_curl(t, request);

    for (size_t i = 0; !r && i < request->headers_n; i++) {
        const struct http_header *h = &request->headers[i];
        char line[REQUEST_HEADER_BYTES_MAX];

        if (!is_token(h->name) || !is_value(h->value))
            return E_INVALID;
        /* "Name;" is curl's way to send an empty value; "Name:" would remove the field. */
        snprintf(line, sizeof(line), *h->value ? "%s: %s" : "%s;", h->name, h->value);
        r = add_header_line(t, line);
    }
    return r;
}

static bool in_bounds(const struct http_request *request)
{
    return request->method && is_token(request->method) && request->url &&
           request->headers_n <= HTTP_HEADERS_MAX && request->body_n <= HTTP_BODY_MAX &&
           (request->body_n == 0 || strcmp(request->method, "HEAD") != 0) &&
           request->max_reply <= HTTP_REPLY_MAX && request->timeout_ms > 0 &&
           request->timeout_ms <= TIMEOUT_MAX_MS;
}

#define SET(option, value) (ok = ok && curl_easy_setopt(t->easy, (option), (value)) == CURLE_OK)

static bool set_method(struct http_transfer *t, const struct http_request *request)
{
    bool ok = true;

    if (request->body_n > 0 || strcmp(request->method, "POST") == 0) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_n);
        SET(CURLOPT_POSTFIELDS, t->request_body);
    }
    if (strcmp(request->method, "HEAD") == 0)
        SET(CURLOPT_NOBODY, 1L);
    else
        SET(CURLOPT_CUSTOMREQUEST, request->method);
    SET(CURLOPT_HTTPHEADER, t->headers);
    return ok;
}

static bool set_rules(struct http_transfer *t)
{
    bool ok = true;

    SET(CURLOPT_CURLU, t->url);
    SET(CURLOPT_PROTOCOLS_STR, t->rules->policy.allow_http ? "http,https" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, "");
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* leave a late resolver behind: every call would wait for it */
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_HTTP09_ALLOWED, 0L);
    SET(CURLOPT_PIPEWAIT, 1L);
    SET(CURLOPT_MAXAGE_CONN, 60L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (t->rules->ca_file) {
        SET(CURLOPT_CAINFO, t->rules->ca_file);
        SET(CURLOPT_CAPATH, NULL);
    }
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, t);
    SET(CURLOPT_PREREQFUNCTION, before_sending);
    SET(CURLOPT_PREREQDATA, t);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, t);
    SET(CURLOPT_HEADERFUNCTION, count_headers);
    SET(CURLOPT_HEADERDATA, t);
    SET(CURLOPT_PRIVATE, t);
    return ok;
}

int http_transfer_init(struct http_transfer *t, const struct http_rules *rules,
                       const struct http_request *request)
{
    int r;

    memset(t, 0, sizeof(*t));
    t->rules = rules;
    t->repeatable = request->repeatable;
    t->deadline_ms = clock_monotonic_ms() + request->timeout_ms;
    buf_init(&t->body, request->max_reply);
    if (!in_bounds(request))
        return E_INVALID;
    r = http_url_check(&rules->policy, request->url, &t->url);
    r = r ? r : add_headers(t, request);
    if (r)
        return r;
    t->request_body = malloc(request->body_n + 1);
    t->easy = curl_easy_init();
    if (!t->request_body || !t->easy)
        return E_NOMEM;
    if (request->body_n > 0)
        memcpy(t->request_body, request->body, request->body_n);
    return set_rules(t) && set_method(t, request) ? 0 : E_NOMEM;
}

void http_transfer_release(struct http_transfer *t)
{
    curl_easy_cleanup(t->easy);
    curl_url_cleanup(t->url);
    curl_slist_free_all(t->headers);
    free(t->request_body);
    buf_release(&t->body);
}

/* --- the end ---------------------------------------------------------------------------------- */

static const char *const reply_fields[HTTP_REPLY_HEADERS_N] = {
#define X(name, field) [name] = field,
    HTTP_REPLY_HEADERS(X)
#undef X
};

static void take_headers(struct http_transfer *t, struct http_reply *ret)
{
    for (size_t i = 0; i < HTTP_REPLY_HEADERS_N; i++) {
        struct curl_header *header;

        if (curl_easy_header(t->easy, reply_fields[i], 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
            continue;
        while (header->index + 1 < header->amount &&
               curl_easy_header(t->easy, reply_fields[i], header->index + 1, CURLH_HEADER, -1,
                                &header) == CURLHE_OK)
            ;
        ret->headers[i] = strndup(header->value, HEADER_VALUE_MAX);
    }
}

static bool is_tls_failure(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return true;
    default:
        return false;
    }
}

static int judge(const struct http_transfer *t, CURLcode code)
{
    if (code == CURLE_OK)
        return 0;
    if (code == CURLE_OUT_OF_MEMORY)
        return E_NOMEM;
    if (t->too_large)
        return HTTP_TOO_LARGE;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return HTTP_TIMEOUT;
    if (t->sent)
        return HTTP_UNKNOWN;
    if (t->refused && (!t->connected || code == CURLE_ABORTED_BY_CALLBACK))
        return HTTP_REFUSED;
    return is_tls_failure(code) ? HTTP_TLS : HTTP_NOT_SENT;
}

int http_transfer_finish(struct http_transfer *t, CURLcode code, struct http_reply *ret)
{
    long status = 0;

    memset(ret, 0, sizeof(*ret));
    ret->sent = t->sent;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    ret->status = (int)status;
    if (status > 0)
        take_headers(t, ret);
    if (code == CURLE_OK && t->body.len > 0) {
        ret->body_n = t->body.len;
        ret->body = buf_steal(&t->body);
    }
    return judge(t, code);
}
