/* What I was told: the inbox of notices, and the stream on which they arrive at once. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
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
static bool reaches(const struct acting *acting, const char *about)
{
    if (strcmp(about, "report") == 0)
        return acting->scope & SCOPE_REPORTS;
    bool dossier = strcmp(about, "dossier") == 0 || strcmp(about, "complaint") == 0;
    return dossier && (acting->scope & SCOPE_DOSSIERS) && acting->n_procedures == 0;
}

static bool is_within(const bson_t *doc, void *ctx)
{
    const struct principal *whom = ctx;
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, "subject") && BSON_ITER_HOLDS_UTF8(&it) &&
           reaches(&whom->acting, bson_iter_utf8(&it, NULL));
}

/* An organisation's inbox is its members'; each is told in their own, too. */
static const struct acting_need may_read = {.scope = SCOPE_ALL, .reads_only = true};

static int list_get(struct request *req, struct reply *reply)
{
    struct principal whom;
    int done = app_principal(req, reply, &may_read, &whom);
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

/* --- the stream ------------------------------------------------------------------------------- */

struct listening {
    const struct people *people;
    struct id reader, recipient; /* who listens, and whose notices they are */
    char last[80];
    bool has_last;
};

/* What an event is about: "subject" of its data. */
static bool event_reaches(const struct acting *acting, const char *event, size_t n)
{
    static const char mark[] = "\ndata: ";
    const char *data = memmem(event, n, mark, sizeof(mark) - 1);
    if (!data)
        return false;
    data += sizeof(mark) - 1;
    json_t *json = json_loadb(data, n - (size_t)(data - event), JSON_DISABLE_EOF_CHECK, NULL);
    const char *about = json_string_value(json_object_get(json, "subject"));
    bool reached = about && reaches(acting, about);
    json_decref(json);
    return reached;
}

static void pass_events(const struct acting *acting, const char *wire, size_t n, struct buf *out)
{
    while (n > 0) {
        const char *end = memmem(wire, n, "\n\n", 2);
        size_t one = end ? (size_t)(end - wire) + 2 : n;
        if (event_reaches(acting, wire, one))
            buf_add(out, wire, one);
        wire += one;
        n -= one;
    }
}

/* Whoever listens for somebody else is asked after again: they may be no member any more. */
static int admit(void *ctx, const char *wire, size_t n, struct buf *out)
{
    const struct listening *l = ctx;
    struct arena a;
    struct acting acting;
    enum acting_why why;
    arena_init(&a);
    int done = acting_for(l->people, &l->reader, &l->recipient, &may_read, clock_now_ms(), &a,
                          &acting, &why);
    if (done == 0 && acting.kind == ACTING_PERSON)
        pass_events(&acting, wire, n, out);
    else if (done == 0)
        buf_add(out, wire, n);
    arena_release(&a);
    return done;
}

static int write_missed(void *ctx, struct buf *out)
{
    const struct listening *l = ctx;
    const char *last = l->has_last ? l->last : NULL;
    if (id_equal(&l->reader, &l->recipient))
        return push_backlog(l->people->store, &l->recipient, last, out);
    CLEANUP(buf_release) struct buf all;
    buf_init(&all, out->max);
    int done = push_backlog(l->people->store, &l->recipient, last, &all);
    return done != 0 ? done : admit(ctx, all.data ? all.data : "", all.len, out);
}

static int events_get(struct request *req, struct reply *reply)
{
    struct principal whom;
    int done = app_principal(req, reply, &may_read, &whom);
    if (done != 0 || reply_is_problem(reply))
        return done;
    struct listening *l = calloc(1, sizeof(*l));
    if (!l)
        return E_NOMEM;
    const char *last = request_header(req, "last-event-id");
    l->people = &app_of(req)->people;
    l->reader = req->who.subject;
    l->recipient = whom.id;
    l->has_last = last && strlen(last) < sizeof(l->last);
    if (l->has_last)
        memcpy(l->last, last, strlen(last) + 1);
    return reply_sse(reply, &(struct reply_sse){.subject = whom.id,
                                                .backlog = write_missed,
                                                .admit = app_is_acting(req) ? admit : NULL,
                                                .free_ctx = free,
                                                .ctx = l});
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
     .summary =
         "Notices as they come (server-sent events); for another, until one may act for them no "
         "more",
     .tag = "notices",
     .run = events_get,
     .who = ROLE_CITIZEN | ROLE_STAFF,
     .reply_type = "text/event-stream",
     .params = event_params,
     .rate = RATE_STREAM,
     .flags = ROUTE_ACTING},
    {0},
};
