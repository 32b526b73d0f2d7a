/*
 * A route is one row: how to reach it, who may, what it takes and gives, and the function that
 * means it. The gateway matches and guards by the row, checks the body against its schema, and
 * builds /openapi.json from the same rows, so that the document cannot drift.
 */
#pragma once

#include "gateway/reply.h"
#include "gateway/request.h"

enum method { GET = 1, POST, PUT, PATCH, DELETE, HEAD, OPTIONS };

enum body_kind {
    BODY_NONE = 0, /* a body is refused */
    BODY_JSON,     /* application/json, checked against body_schema */
    BODY_BYTES,    /* body_type, as it comes */
    BODY_FORM,     /* application/x-www-form-urlencoded, into json as an object of strings */
};

enum error_style { ERRORS_PROBLEM = 0, ERRORS_TUS }; /* tus: plain text beside the status */

/* Rate classes: a visible table in gateway/rate.c gives each its buckets. */
enum rate_class { RATE_READ = 0, RATE_WRITE, RATE_UPLOAD, RATE_SIGN_IN, RATE_STREAM, RATE_NONE };

/* Work that must not take all workers has a lane of bounded width. */
enum lane { LANE_GENERAL = 0, LANE_PASSWORD, LANE_OUTSIDE, LANE_COUNT }; /* outside: calls out */

enum route_flags {
    ROUTE_KEYED = 1 << 0,    /* Idempotency-Key is required (8 to 64 of A-Z a-z 0-9 _ -) */
    ROUTE_IF_MATCH = 1 << 1, /* If-Match is honoured */
    ROUTE_ADMIN = 1 << 2,    /* only on the admin socket */
    ROUTE_CACHED = 1 << 3,   /* public reads: the reply is shared while `generation` stays */
    ROUTE_PAGED = 1 << 4,    /* limit and cursor, Link rel=next */
    ROUTE_INLINE = 1 << 5,   /* runs on the loop thread: touches memory only (healthz) */
    ROUTE_OVERRIDE = 1 << 6, /* honours X-HTTP-Method-Override (tus) */
    ROUTE_FILE = 1 << 7,     /* answers with a file: parts of it too (206, 416) */
    ROUTE_LENIENT = 1 << 8,  /* unknown query parameters are passed over (RFC 6749 §4.1.2) */
    /* Honours Acting-For: the handler asks app_principal (handlers/acting.h). Elsewhere the header
     * is refused: what was meant for somebody else is never done for oneself instead. */
    ROUTE_ACTING = 1 << 12,
};

/* A query or header parameter, documented and checked: schema is JSON Schema text. */
struct route_param {
    const char *name; /* a header if it begins with upper case */
    const char *schema;
    const char *words; /* English */
};

typedef int (*route_fn)(struct request *req, struct reply *reply);

struct route {
    enum method method;
    const char *path;      /* "/v1/reports/{id}"; a parameter is a whole segment */
    const char *operation; /* operationId, unique: "reportFile" */
    const char *summary;   /* English, one line */
    const char *tag;
    route_fn run;
    unsigned who; /* mask of enum role */
    int level;    /* citizens: least identity level; -1: also who is not proven yet */
    enum body_kind body;
    const char *body_type;    /* BODY_BYTES: the content type that is taken */
    const char *body_schema;  /* name of a built-in schema */
    size_t body_max;          /* bytes; 0: 64 KiB; at most 1 MiB */
    const char *reply_schema; /* name of a component; NULL: no JSON body */
    const char *reply_type;   /* NULL: application/json */
    const char *also_type;    /* where Accept prefers it (request_prefers_also); NULL: none */
    int reply_status;         /* the success status; 0: 200 */
    const struct route_param *params; /* ended by a NULL name */
    const enum problem *problems;     /* besides the general ones; ended by PROBLEM_NONE */
    enum rate_class rate;
    enum lane lane;
    enum error_style errors;
    unsigned flags;
    uint64_t (*generation)(const struct request *req); /* ROUTE_CACHED; memory only */
};

/*
 * Components of the OpenAPI document that do not come from built-in schemas: reply schemas made
 * from the entity tables, supplied by the composition root. text is JSON Schema.
 */
struct route_component {
    const char *name;
    const char *text;
};
