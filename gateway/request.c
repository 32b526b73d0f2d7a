#include "gateway/request.h"

#include <string.h>

#include "gateway/header.h"
#include "gateway/route.h"

#define ANY_REVISION INT64_C(-1) /* store/store.h's STORE_ANY_REVISION */

static const char *find(const struct request_pair *pairs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].name[0] == name[0] && strcmp(pairs[i].name, name) == 0)
            return pairs[i].value;
    }
    return NULL;
}

const char *request_param(const struct request *r, const char *name)
{
    return find(r->params, r->n_params, name);
}

const char *request_query(const struct request *r, const char *name)
{
    return find(r->query, r->n_query, name);
}

const char *request_header(const struct request *r, const char *lower_case_name)
{
    return find(r->headers, r->n_headers, lower_case_name);
}

bool request_param_id(const struct request *r, const char *name, struct id *ret)
{
    const char *text = request_param(r, name);
    return text && id_parse(text, ret);
}

bool request_prefers_also(const struct request *r)
{
    const char *first = r->route->reply_type ? r->route->reply_type : "application/json";
    return r->route->also_type &&
           header_prefers(request_header(r, "accept"), r->route->also_type, first);
}

/* A strong entity tag of digits: "17". "*" asks for nothing that GET would not have told. */
int request_if_match(const struct request *r, int64_t *ret_revision)
{
    const char *text = request_header(r, "if-match");
    *ret_revision = ANY_REVISION;
    if (!text || strcmp(text, "*") == 0)
        return 0;
    size_t n = strlen(text);
    if (n < 3 || n > 20 || text[0] != '"' || text[n - 1] != '"')
        return 1;
    int64_t revision = 0;
    for (size_t i = 1; i + 1 < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 1;
        revision = revision * 10 + (text[i] - '0');
    }
    *ret_revision = revision;
    return 0;
}
