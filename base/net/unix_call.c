#include "base/net/unix_call.h"

#include <curl/curl.h>
#include <string.h>

#include "base/buf.h"
#include "base/result.h"

CLEANUP_PTR(CURL, curl_easy_cleanup)
CLEANUP_PTR(struct curl_slist, curl_slist_free_all)

static size_t take(char *bytes, size_t size, size_t n, void *ctx)
{
    struct buf *body = ctx;
    buf_add(body, bytes, size * n);
    return body->failed ? 0 : size * n;
}

static int result_of(CURLcode code, const struct buf *body)
{
    switch (code) {
    case CURLE_OK:
        return 0;
    case CURLE_COULDNT_CONNECT:
        return E_UNAVAILABLE;
    case CURLE_OPERATION_TIMEDOUT:
        return E_TIMEOUT;
    case CURLE_OUT_OF_MEMORY:
        return E_NOMEM;
    case CURLE_URL_MALFORMAT:
        return E_INVALID;
    case CURLE_WRITE_ERROR:
        return body->failed ? E_FULL : E_UNKNOWN;
    default:
        return E_UNKNOWN;
    }
}

static CURLcode set_up(CURL *easy, const char *socket, const char *method, const char *path,
                       struct curl_slist *headers, int64_t timeout_ms, struct buf *url)
{
    buf_printf(url, "http://localhost%s", path);
    if (url->failed)
        return CURLE_URL_MALFORMAT;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, socket);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_URL, url->data);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    return code;
}

int unix_call(const char *socket, const char *method, const char *path, const void *body, size_t n,
              int64_t timeout_ms, struct http_reply *ret)
{
    *ret = (struct http_reply){0};
    CLEANUP(curl_easy_cleanupp) CURL *easy = curl_easy_init();
    CLEANUP(curl_slist_free_allp)
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (!easy || !headers)
        return E_NOMEM;
    CLEANUP(buf_release) struct buf url, reply;
    buf_init(&url, HTTP_URL_MAX);
    buf_init(&reply, HTTP_REPLY_MAX);
    CURLcode code = set_up(easy, socket, method, path, headers, timeout_ms, &url);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
    if (body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    }
    if (code == CURLE_OK)
        code = curl_easy_perform(easy);
    if (code != CURLE_OK)
        return result_of(code, &reply);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    ret->status = (int)status;
    ret->sent = true;
    ret->body_n = reply.len;
    ret->body = buf_steal(&reply);
    return 0;
}
