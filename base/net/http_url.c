/* Which URLs may be called. curl is then given the parsed URL, so no second parser can differ. */
#include <stdlib.h>
#include <string.h>

#include "base/net/http_private.h"
#include "base/result.h"

CLEANUP_PTR(CURLU, curl_url_cleanup)

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return has;
}

static bool scheme_allowed(const struct http_policy *policy, CURLU *url, bool *ret_tls)
{
    char *scheme = NULL;
    bool plain;

    if (curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
        return false;
    *ret_tls = strcmp(scheme, "https") == 0;
    plain = strcmp(scheme, "http") == 0;
    curl_free(scheme);
    return *ret_tls || (plain && policy->allow_http);
}

static bool port_allowed(const struct http_policy *policy, CURLU *url, bool tls)
{
    char *text = NULL;
    unsigned long port;

    if (curl_url_get(url, CURLUPART_PORT, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return false;
    port = strtoul(text, NULL, 10);
    curl_free(text);
    if (policy->ports_n == 0)
        return port == (tls ? 443 : 80);
    for (size_t i = 0; i < policy->ports_n; i++)
        if (policy->ports[i] == port)
            return true;
    return false;
}

/* Visible ASCII only: curl would take or trim some of the rest. */
static bool is_plain(const char *text)
{
    size_t n = strnlen(text, HTTP_URL_MAX + 1);

    for (size_t i = 0; i < n; i++)
        if (text[i] <= 0x20 || text[i] >= 0x7f)
            return false;
    return n > 0 && n <= HTTP_URL_MAX;
}

int http_url_check(const struct http_policy *policy, const char *text, CURLU **ret)
{
    CLEANUP(curl_url_cleanupp) CURLU *url = curl_url();
    CURLUcode code;
    bool tls;

    if (!url)
        return E_NOMEM;
    if (!is_plain(text))
        return E_INVALID;
    code = curl_url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
    if (code == CURLUE_USER_NOT_ALLOWED || code == CURLUE_UNSUPPORTED_SCHEME)
        return HTTP_REFUSED;
    if (code == CURLUE_OUT_OF_MEMORY)
        return E_NOMEM;
    if (code != CURLUE_OK)
        return E_INVALID;
    if (!scheme_allowed(policy, url, &tls))
        return HTTP_REFUSED;
    if (!has_part(url, CURLUPART_HOST))
        return E_INVALID;
    if (!port_allowed(policy, url, tls) || has_part(url, CURLUPART_ZONEID))
        return HTTP_REFUSED;
    *ret = STEAL(url);
    return 0;
}
