/* What the tests of the gateway share: routes of a made-up service, and a request without h2o. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "gateway/private.h"
#include "schemas/builtin.h"

static inline int run_nothing(struct request *req, struct reply *reply)
{
    (void)req;
    return reply_empty(reply, 204);
}

/* The least of a row. */
#define ROW(method_, path_, operation_, ...)                                                       \
    {                                                                                              \
        .method = (method_), .path = (path_), .operation = (operation_), .summary = "s",           \
        .tag = "t", .run = run_nothing, .who = ROLE_ANYONE, __VA_ARGS__                            \
    }

/* A request and the reply to it, in one arena. */
struct exchange {
    struct arena arena;
    struct request request;
    struct reply reply;
};

static inline void exchange_init(struct exchange *x, const struct route *route)
{
    *x = (struct exchange){0};
    arena_init(&x->arena);
    x->request = (struct request){.arena = &x->arena,
                                  .route = route,
                                  .who = {.role = ROLE_PUBLIC},
                                  .method = "GET",
                                  .path = "/v1/things"};
    reply_init(&x->reply, &x->request, &x->arena);
}

static inline void exchange_release(struct exchange *x)
{
    reply_release(&x->reply);
    arena_release(&x->arena);
}

/* The query of the request, decoded; it must be sound. */
static inline void exchange_query(struct exchange *x, const char *query)
{
    struct request_pair *pairs = NULL;
    assert_true(decode_query(query, strlen(query), &x->arena, &pairs, &x->request.n_query));
    x->request.query = pairs;
}

/* The body of a rendered reply as JSON; caller json_decref. */
static inline json_t *exchange_json(const struct exchange *x)
{
    json_t *json = json_loadb(x->reply.body, x->reply.n_body, 0, NULL);
    assert_non_null(json);
    return json;
}

static inline const char *text_at(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}
