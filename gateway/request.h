/*
 * What a handler is given. Everything is a copy in the request's arena: nothing of h2o is reachable
 * from a worker. Valid until the handler returns.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"
#include "gateway/problem.h"

/* Who may call: a route's credentials are a mask of these. */
enum role {
    ROLE_PUBLIC = 1 << 0, /* nobody in particular */
    ROLE_CITIZEN = 1 << 1,
    ROLE_DISPATCHER = 1 << 2, /* the province's portal: dispatches what no rule took */
    ROLE_OFFICER = 1 << 3,    /* handles what is their agency's */
    ROLE_LEADER = 1 << 4,     /* approves, sees who is late, in their agency */
    ROLE_INSPECTOR = 1 << 5,  /* sees every step of every agency, demands answers */
    ROLE_ADMIN = 1 << 6,      /* agencies, staff, categories, routes */
    ROLE_OPERATOR = 1 << 7,   /* tramctl over the admin socket */
};
#define ROLE_STAFF (ROLE_DISPATCHER | ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR | ROLE_ADMIN)
#define ROLE_ANYONE (ROLE_PUBLIC | ROLE_CITIZEN | ROLE_STAFF | ROLE_OPERATOR)

/* The person behind a request, from a verified access token. role is ROLE_PUBLIC without one. */
struct identity {
    enum role role;
    struct id subject; /* person or staff member; nil when public */
    struct id session; /* the sign-in that the token belongs to */
    char agency[36];   /* staff: the code of their agency; "" otherwise */
    int level; /* identity level of a citizen: -1 not proven yet, 0 phone, 1, 2 (NĐ 69/2024) */
    int64_t expires_ms; /* of the token */
};

struct request_pair {
    const char *name, *value; /* names lower case for headers; values decoded */
};

struct route;
struct principal; /* handlers/acting.h */

struct request {
    struct arena *arena;
    const struct route *route;
    void *app; /* what the composition root supplied: struct app of handlers/app.h */
    struct identity who;
    enum language language; /* by Accept-Language; vi unless en is preferred */
    int64_t now_ms;         /* when the gateway received it */
    const char *method;     /* after X-HTTP-Method-Override where the route allows it */
    const char *path;       /* without query */
    const char *authority;  /* ":authority" or Host, checked to be a plausible host[:port] */
    bool secure;            /* came by TLS, or a trusted proxy says so */
    char address[46];       /* the client's, text; behind trusted proxies the forwarded one */
    char trace_id[33];      /* W3C trace context */
    const struct request_pair *params; /* of the route's {…}, in order */
    const struct request_pair *query;
    const struct request_pair *headers;
    size_t n_params, n_query, n_headers;
    struct id acting_for; /* Acting-For, on a route that honours it; nil: nobody else */
    const struct principal *principal; /* whom acting_for turned out to be; NULL: not asked yet */
    json_t *json;   /* BODY_JSON: parsed, normalised (NFC), checked against the schema */
    uint8_t *bytes; /* the body as received; who reads it last may write into it */
    size_t n_bytes;
};

/* NULL if absent. A {…} parameter of the route is always there. */
const char *request_param(const struct request *r, const char *name);
const char *request_query(const struct request *r, const char *name);
const char *request_header(const struct request *r, const char *lower_case_name);

/* A {…} parameter that must be a UUID; false otherwise (answer PROBLEM_NOT_FOUND). */
bool request_param_id(const struct request *r, const char *name, struct id *ret);
/* Accept prefers the route's also_type to what it answers otherwise. */
bool request_prefers_also(const struct request *r);
/* If-Match as a revision: 0 and *ret (STORE_ANY_REVISION without the header), or 1 if malformed. */
int request_if_match(const struct request *r, int64_t *ret_revision);
