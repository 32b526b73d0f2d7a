/* What could not be delivered: looked at, tried again, dropped. */
#include "base/result.h"
#include "handlers/admin/admin.h"

#include <string.h>

#define PAGES_MAX 10 /* looked through for one that a filter passes */

int admin_count_dead(const struct request *req, json_t **ret)
{
    struct store_query q = {.limit = STORE_LIMIT_MAX};
    struct store_page page;
    int done = push_dead(app_of(req)->store, &q, req->arena, &page);
    if (done == 0)
        *ret = json_pack("{s:I, s:b}", "count", (json_int_t)page.n, "more", page.more);
    return done;
}

int admin_dead_count(struct request *req, struct reply *reply)
{
    json_t *count = NULL;
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = admin_count_dead(req, &count);
    return done == 0 ? reply_json(reply, 200, count) : done;
}

static int show_dead(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct delivery d;
    int done = delivery_decode(doc, req->arena, &d);
    if (done == 0)
        delivery_json(&d, SEE_ADMIN, out);
    return done;
}

static bool passes(const struct request *req, const struct delivery *d)
{
    const char *channel = request_query(req, "channel"), *agency = request_query(req, "agency");
    const char *name = entity_enum_name(delivery_channels, d->channel);
    return (!channel || (name && strcmp(name, channel) == 0)) &&
           (!agency || (d->agency && strcmp(d->agency, agency) == 0));
}

/* Keeps of a page what the filters pass. */
static int narrow(const struct request *req, struct store_page *page)
{
    size_t kept = 0;
    int done = 0;
    for (size_t i = 0; i < page->n && done == 0; i++) {
        struct delivery d;
        done = delivery_decode(page->docs[i], req->arena, &d);
        if (done == 0 && passes(req, &d))
            page->docs[kept++] = page->docs[i];
    }
    page->n = kept;
    return done;
}

int admin_dead_list(struct request *req, struct reply *reply)
{
    struct store_query q = {.limit = app_limit(req, 100, STORE_LIMIT_MAX)};
    struct store_page page = {.more = true};
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply) ||
        !app_cursor_read(req, reply, &q.has_after, &q.after))
        return done;
    for (int i = 0; done == 0 && page.n == 0 && page.more && i < PAGES_MAX; i++) {
        done = push_dead(app_of(req)->store, &q, req->arena, &page);
        if (done == 0)
            done = narrow(req, &page);
        q.has_after = true;
        q.after = page.next;
    }
    return done != 0 ? done : app_reply_page(req, reply, &page, show_dead);
}

/* In the log before it is done; of what is not dead nothing is said there. */
static int on_dead(struct request *req, struct reply *reply, const char *verb, const char *why,
                   int (*fn)(struct push *p, const struct id *delivery))
{
    struct id id;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct delivery d = {0};
    int done = request_param_id(req, "id", &id)
                   ? store_get(app_of(req)->store, &delivery_collection, &id, &doc)
                   : STORE_ABSENT;
    if (done == 0)
        done = delivery_decode(doc, req->arena, &d);
    if (done == 0 && d.state != DELIVERY_DEAD)
        done = STORE_ABSENT;
    if (done == 0)
        done = admin_note(req, verb, NULL,
                          arena_printf(req->arena, "%s %s%s%s", d.number ? d.number : d.what,
                                       app_id_text(req, &id), why ? ": " : "", why ? why : ""));
    if (done == 0)
        done = fn(app_of(req)->push, &id);
    return done == 0 ? reply_empty(reply, 204) : app_reply_store(reply, done);
}

int admin_dead_replay(struct request *req, struct reply *reply)
{
    int done = admin_of_province(req, reply, false);
    return done != 0 || reply_is_problem(reply)
               ? done
               : on_dead(req, reply, "dead_replay", NULL, push_replay);
}

int admin_dead_drop(struct request *req, struct reply *reply)
{
    const char *reason = app_text(req, "reason");
    int done = admin_of_province(req, reply, true);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!reason && !admin_is_operator(req))
        return reply_invalid(reply, "/reason", "Cần nêu lý do", "Give a reason");
    return on_dead(req, reply, "dead_drop", reason, push_drop);
}
