#include <stdlib.h>
#include <string.h>

#include "base/net/http_private.h"

#define RETRY_AFTER_MAX_S 86400

void http_reply_release(struct http_reply *r)
{
    for (size_t i = 0; i < HTTP_REPLY_HEADERS_N; i++)
        free(r->headers[i]);
    free(r->body);
    memset(r, 0, sizeof(*r));
}

int64_t http_retry_after_s(const struct http_reply *r, int64_t now_ms)
{
    const char *text = r->headers[HTTP_RETRY_AFTER];
    int64_t wait_s;

    if (!text || !*text)
        return -1;
    if (strspn(text, "0123456789") == strlen(text)) {
        wait_s = strlen(text) > 5 ? RETRY_AFTER_MAX_S : strtol(text, NULL, 10);
    } else {
        time_t date = curl_getdate(text, NULL);

        if (date == -1)
            return -1;
        wait_s = (int64_t)date - now_ms / 1000;
    }
    if (wait_s < 0)
        return 0;
    return wait_s > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : wait_s;
}
