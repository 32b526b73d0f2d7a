/* What I was told: the inbox of notices, and the stream on which they arrive at once. */
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "handlers/acting.h"

static int show(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct delivery d;
    int done = delivery_decode(doc, req->arena, &d);
    if (done < 0)
        return done;
    delivery_json(&d, SEE_OWNER, out);
    return 0;
}

/* Of a person's inbox, who acts for them reads what their authority reaches. */
static bool is_within(const bson_t *doc, void *ctx)
{
    const struct principal *whom = ctx;
    bson_iter_t it;
    const char *about = bson_iter_init_find(&it, doc, "subject") && BSON_ITER_HOLDS_UTF8(&it)
                            ? bson_iter_utf8(&it, NULL)
                            : "";
    if (strcmp(about, "report") == 0)
        return whom->acting.scope & SCOPE_REPORTS;
    return strcmp(about, "dossier") == 0 && (whom->acting.scope & SCOPE_DOSSIERS) &&
           whom->acting.n_procedures == 0;
}

/* An organisation's inbox is its members'; each is told in their own, too. */
static int find_principal(struct request *req, struct reply *reply, struct principal *ret)
{
    static const struct acting_need need = {.scope = SCOPE_ALL, .reads_only = true};
    return app_principal(req, reply, &need, ret);
}

static int list_get(struct request *req, struct reply *reply)
{
    struct principal whom;
    int done = find_principal(req, reply, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    bool bound = whom.acting.kind == ACTING_PERSON;
    struct store_query q = {.descending = true,
                            .limit = app_limit(req, 30, 100),
                            .keep = bound ? is_within : NULL,
                            .keep_ctx = &whom};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    done = push_inbox(app_of(req)->store, &whom.id, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

static int read_post(struct request *req, struct reply *reply)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = push_mark_read(app_of(req)->store, &req->who.subject, &id, req->now_ms);
    if (done == STORE_ABSENT)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return done < 0 ? done : reply_empty(reply, 204);
}

struct missed {
    struct store *store;
    struct id recipient;
    char last[80];
    bool has_last;
};

static int write_missed(void *ctx, struct buf *out)
{
    const struct missed *m = ctx;
    return push_backlog(m->store, &m->recipient, m->has_last ? m->last : NULL, out);
}

static int events_get(struct request *req, struct reply *reply)
{
    struct missed *m = calloc(1, sizeof(*m));
    if (!m)
        return E_NOMEM;
    const char *last = request_header(req, "last-event-id");
    m->store = app_of(req)->store;
    m->recipient = req->who.subject;
    m->has_last = last && strlen(last) < sizeof(m->last);
    if (m->has_last)
        memcpy(m->last, last, strlen(last) + 1);
    return reply_sse(reply, &(struct reply_sse){.subject = req->who.subject,
                                                .backlog = write_missed,
                                                .free_ctx = free,
                                                .ctx = m});
}

static const struct route_param event_params[] = {
    {"Last-Event-ID", "{\"type\":\"string\",\"maxLength\":80}",
     "The event seen last: what came since is sent first, some of it perhaps again"},
    {0},
};
static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route notice_routes[] = {
    {.method = GET,
     .path = "/v1/notices",
     .operation = "noticeList",
     .summary = "What I was told, newest first",
     .tag = "notices",
     .run = list_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_schema = "NoticePage",
     .rate = RATE_READ,
     .flags = ROUTE_PAGED | ROUTE_ACTING},
    {.method = POST,
     .path = "/v1/notices/{id}/read",
     .operation = "noticeRead",
     .summary = "Mark a notice as read",
     .tag = "notices",
     .run = read_post,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_status = 204,
     .problems = not_found,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/events",
     .operation = "eventStream",
     .summary = "Notices as they come (server-sent events)",
     .tag = "notices",
     .run = events_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_type = "text/event-stream",
     .params = event_params,
     .rate = RATE_STREAM},
    {0},
};
