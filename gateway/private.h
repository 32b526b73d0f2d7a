/*
 * Shared by the files of the gateway; nothing here knows h2o.
 *
 *   the whole      gateway.c (made, served, ended), config.c, metrics.c, journal.c (request lines)
 *   sockets        listen.c, tls.c, loop.c (one loop thread), conn.c and sweep.c (abuse of them)
 *   a request      intake.c (copied and matched), body.c (where its bytes lie), http1.c (what h2o
 *                  lets through), match.c, header.c, rate.c, tokens.c, cache.c
 *   its handler    worker.c (queue, lanes, threads), run.c, guard.c, decode.c
 *   its reply      reply.c (what handlers fill), send.c, file.c, hub.c (events), write.h
 *   own routes     routes.c, problem.c, openapi.c, docs.c, pages.c
 *   beside h2o     interpose.c
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/config.h"
#include "base/metrics.h"
#include "base/net/address.h"
#include "base/result.h"
#include "gateway/gateway.h"
#include "schemas/schema.h"

#define REPLY_HEADERS_MAX 16
#define REPLY_ERRORS_MAX 32
#define BODY_MAX_DEFAULT ((size_t)64 * 1024)
#define BODY_MAX ((size_t)1 << 20)
#define HEADERS_MAX 64
#define QUERY_PAIRS_MAX 32
#define SLOTS_A_CONNECTION 32 /* requests of one connection that workers may have at once */
#define HEADER_BYTES_MAX ((size_t)16 * 1024)
#define FILE_PIECE ((size_t)256 * 1024)
#define GZIP_LEAST ((size_t)1024)
#define ROUTE_SEGMENTS_MAX 12
#define ROUTE_PARAMS_MAX 8

/* --- reply.c ---------------------------------------------------------------------------------- */

enum reply_kind { REPLY_NONE = 0, REPLY_BODY, REPLY_PROBLEM, REPLY_FILE, REPLY_SSE };

struct reply {
    const struct request *request;
    struct arena *arena;
    enum reply_kind kind;
    int status;
    const char *content_type;
    char *body; /* in the arena */
    size_t n_body;
    struct request_pair headers[REPLY_HEADERS_MAX];
    size_t n_headers;
    enum problem problem;
    const char *detail;
    json_t *errors; /* array of {pointer, detail}; NULL */
    json_t *extra;  /* object; NULL */
    struct reply_file file;
    struct reply_sse sse;
};

void reply_init(struct reply *r, const struct request *req, struct arena *a);
void reply_release(struct reply *r); /* JSON values, and what nobody sent of a file or stream */
/* A problem becomes its body: problem+json; a page for who asks as a browser does that opens an
 * address; plain text for ERRORS_TUS. */
void reply_render(struct reply *r);
/* What a handler returned becomes a reply if it filled none; failures become problems. */
void reply_settle(struct reply *r, int result);
/* The value is not copied, and lives as long as the reply. */
void reply_header_kept(struct reply *r, const char *name, const char *value);
const char *reply_find_header(const struct reply *r, const char *name);
bool reply_compressible(const struct reply *r); /* text of GZIP_LEAST bytes or more */
/* gzip of a body, in the arena; NULL if it came out no smaller. */
char *reply_gzip(struct arena *a, const char *body, size_t n, size_t *ret_n);

/* --- match.c ---------------------------------------------------------------------------------- */

#define PAGE_ROWS_MAX 200 /* that ?limit= may ask for */

struct compiled_param {
    const struct route_param *param;
    const char *lower; /* its name as headers are kept */
    struct schema *schema;
    bool header, number; /* number: the schema's type is integer or number */
};

struct compiled_route {
    const struct route *route;
    struct compiled_param *params;
    size_t n_params;
    const struct schema *body;
    size_t index; /* among all */
};

struct route_segment {
    const char *text; /* of a parameter: its name */
    size_t n;
    bool param;
};

struct route_path {
    const char *pattern;
    struct route_segment segments[ROUTE_SEGMENTS_MAX];
    size_t n, n_params;
    const struct compiled_route *by_method[OPTIONS + 1];
};

struct routes {
    struct compiled_route *items; /* in the order of the tables */
    struct route_path *paths;     /* sorted: by segments, the more specific first */
    size_t n, n_paths;
    size_t first_of[ROUTE_SEGMENTS_MAX + 2]; /* paths by their number of segments */
    const struct route_path **plain;         /* those without parameters, sorted by pattern */
    size_t n_plain;
    struct arena arena;
};

/* E_CONFIG and words in ret_words (in the arena) if a row is unsound. */
int routes_compile(struct routes *r, const struct route *const *tables, const char **ret_words);
void routes_release(struct routes *r);

struct match {
    const struct compiled_route *route; /* NULL: no such path, or not by this method */
    struct request_pair params[ROUTE_PARAMS_MAX];
    size_t n_params;
    unsigned methods; /* without a route: mask of 1 << method; 0: there is no such path */
    bool malformed;   /* a parameter is not percent-encoded UTF-8 */
};
/* GET answers HEAD. Rows of ROUTE_ADMIN exist only for `admin`. Values are in the arena. */
void routes_match(const struct routes *r, enum method method, const char *path, bool admin,
                  struct arena *a, struct match *ret);
enum method method_of(const char *name); /* 0: not one of ours */
const char *method_name(enum method m);

/* --- decode.c --------------------------------------------------------------------------------- */

/* "a=1&b=%20" into pairs; false if malformed or more than 32. */
bool decode_query(const char *text, size_t n, struct arena *a, struct request_pair **ret,
                  size_t *ret_n);
/* Percent-decoding of a path segment or query part; NULL if malformed or not clean UTF-8. */
char *decode_percent(const char *text, size_t n, bool plus, struct arena *a);
/* Parameters, then body, against their schemas; answers what is wrong. False: answered. */
bool decode_request(const struct compiled_route *route, struct request *req, struct reply *reply);

/* --- guard.c ---------------------------------------------------------------------------------- */

/* Before the body is looked at: credentials, level, Idempotency-Key, kind and size of the body. */
/* Sets request.acting_for. */
bool guard_request(const struct route *route, struct request *req, struct reply *reply);
size_t route_body_max(const struct route *route);

/* --- rate.c ----------------------------------------------------------------------------------- */

struct rate_table;
/* percent: of the limits built in. */
struct rate_table *rate_table_new(int64_t percent);
void rate_table_free(struct rate_table *t);
struct rate_verdict {
    bool allowed;
    const char *name;   /* of the class; NULL: not limited */
    const char *policy; /* the value of RateLimit-Policy; lives as long as the table */
    int64_t retry_ms;   /* when not allowed */
    int64_t limit, remaining, reset_s;
};
/* One of the class for the key (a subject, or a visitor's address). Loop thread only. */
struct rate_verdict rate_take(struct rate_table *t, enum rate_class class, const uint8_t key[16],
                              bool signed_in, int64_t monotonic_ms);

/* --- tokens.c --------------------------------------------------------------------------------- */

struct token_cache;
struct token_cache *token_cache_new(void);
void token_cache_free(struct token_cache *t);
/* Any thread. */
bool token_cache_get(struct token_cache *t, const char *token, int64_t now_ms,
                     struct identity *ret);
/* What sessions ended so far; a token verified before the latest end is not kept. */
uint64_t token_cache_epoch(struct token_cache *t);
void token_cache_put(struct token_cache *t, const char *token, const struct identity *who,
                     uint64_t epoch, int64_t now_ms);
void token_cache_forget(struct token_cache *t, const struct id *session);

/* --- cache.c ---------------------------------------------------------------------------------- */

#define CACHE_BYTES ((size_t)64 << 20)
#define CACHE_ITEM_MAX ((size_t)1 << 20)
#define CACHE_STALE_MS 2000 /* how long a reply is still shown after its generation moved */
#define CACHE_LIFE_MS 60000 /* signed addresses in it must outlive it */

struct cache;

/* A reply that many requests share: one block of memory, immutable once it is in the cache. */
struct cached {
    atomic_int refs;
    const char *content_type; /* static */
    const char *etag, *gzip_etag;
    const struct request_pair *headers; /* without etag */
    size_t n_headers;
    const char *body, *gzip; /* gzip NULL: only as it is */
    size_t n_body, n_gzip, bytes;
};

enum cache_outcome {
    CACHE_HIT = 0,
    CACHE_MISS = 1, /* run the handler; then cache_put or cache_abandon */
};

/* What a request asks of the cache; kept with it until its answer is put or given up. */
struct cache_ask {
    const char *key; /* NULL: not cacheable; lives as long as the request */
    uint64_t generation, epoch;
    int64_t asked_ms; /* monotonic: when the generation was this one */
    bool refreshing;  /* this request is the one that makes the key anew */
};

struct cache *cache_new(size_t bytes);
void cache_free(struct cache *c);
/* Route, parameters, sorted query, language: what the reply depends on. In the arena. */
const char *cache_key(const struct compiled_route *route, const struct request *req,
                      struct arena *a);
/*
 * Any thread; ask->key and ask->generation are set. CACHE_HIT: *ret is held for the caller
 * (cached_unref). A reply of an older generation still hits for CACHE_STALE_MS after it was last
 * known to be right, while one request makes it anew; that one misses.
 */
enum cache_outcome cache_get(struct cache *c, struct cache_ask *ask, int64_t monotonic_ms,
                             struct cached **ret);
/* A 200 with a body becomes shared; returns it held for the caller, or NULL if it was not taken. */
struct cached *cache_put(struct cache *c, struct cache_ask *ask, const struct reply *r);
void cache_abandon(struct cache *c, struct cache_ask *ask);
void cache_evict_all(struct cache *c); /* also what is being made now */
void cached_unref(struct cached *item);

/* --- metrics.c -------------------------------------------------------------------------------- */

enum refusal { REFUSAL_RATE, REFUSAL_QUEUE, REFUSAL_SLOTS, REFUSAL_HEADERS, REFUSAL_COUNT };
enum shutdown_cause {
    SHUTDOWN_RESETS, /* resets and refusals, again and again */
    SHUTDOWN_NOISE,  /* much that belongs to no request */
    SHUTDOWN_SLOW,   /* a request or body that does not come */
    SHUTDOWN_UNREAD, /* a reply that is not read */
    SHUTDOWN_IDLE,
    SHUTDOWN_ROOM,   /* others wanted its place */
    SHUTDOWN_MEMORY, /* it held the most when all together held too much */
    SHUTDOWN_DRAIN,  /* the program ends */
    SHUTDOWN_CAUSES,
};

void count_request(int status, int64_t ms);
void count_refusal(enum refusal which);
void count_shutdown(enum shutdown_cause which);
void count_cache(bool hit);
void count_cancelled(void);
void gauge_connections(int by);
void gauge_streams(int by);
void gauge_queue(size_t queued);
void gauge_memory(int64_t by);

/* --- openapi.c, docs.c ------------------------------------------------------------------------ */

/* The document; caller frees. E_CONFIG and words if a component does not parse. */
int openapi_build(const struct routes *r, const struct route_component *components, char **ret,
                  size_t *ret_n, const char **ret_words);
char *docs_build(const struct routes *r, size_t *ret_n);

/* Routes that every gateway has: health, metrics, openapi, docs, problems. */
extern const struct route gateway_routes[];
/* pages.c */
extern const struct route page_routes[];
