/*
 * The adapter `signed`: JSON over HTTPS, each message signed as pay.h says. Amounts are whole đồng,
 * times RFC 3339, ids and numbers text. Below pay.url:
 *
 *   POST /orders                {order, amount, description, expires_at, notify_url?, return_url?,
 *                                language}            200, 201 {reference, url}
 *   GET  /orders/{order}        200 {order, status, transactions: [T, …]}; 404: not known
 *   GET  /transactions?date=yyyy-mm-dd&after=NUMBER   200 {items: [T, …], next?: NUMBER}
 *
 *   T: {transaction, order, amount, paid_at}     status: open, paid, failed, expired
 *
 * A callback is POST of what GET /orders/{order} answers, to pay.notify_url, answered with 204; one
 * that is answered otherwise, or not at all, is sent again.
 *
 * A transaction that is not as it should be keeps none of the others back.
 */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "pay/pay.h"

#define REPLY_MAX ((size_t)64 * 1024)
#define LIST_REPLY_MAX ((size_t)256 * 1024)
#define BODY_MAX ((size_t)16 * 1024)
#define AHEAD_MS (INT64_C(24) * 3600 * 1000) /* a payment is not of a later day than tomorrow */

/* --- what was said ---------------------------------------------------------------------------- */

static const char *const plain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";

/* A number of the provider's, as it may stand in an id, a URL and a log. */
static const char *number_of(const json_t *object, const char *name, struct arena *a)
{
    const char *text = json_string_value(json_object_get(object, name));
    size_t n = text ? strlen(text) : 0;
    bool sound = n > 0 && n <= PAYMENT_NUMBER_MAX && strspn(text, plain) == n;
    return sound ? arena_strdup(a, text) : NULL;
}

static bool read_transaction(const json_t *one, const struct pay *p, const struct id *order,
                             int source, struct arena *a, struct money_told *ret)
{
    const char *at = json_string_value(json_object_get(one, "paid_at"));
    const char *names = json_string_value(json_object_get(one, "order"));
    const json_t *amount = json_object_get(one, "amount");
    *ret = (struct money_told){.provider = p->adapter->name,
                               .transaction = number_of(one, "transaction", a),
                               .amount = json_integer_value(amount),
                               .source = source};
    if (order)
        ret->order = *order;
    else if (!names || !id_parse(names, &ret->order))
        ret->order = (struct id){0};
    return ret->transaction && json_is_integer(amount) && ret->amount > 0 &&
           ret->amount <= DOSSIER_AMOUNT_MAX && at && clock_parse(at, &ret->paid_ms) &&
           ret->paid_ms > 0 && ret->paid_ms < clock_now_ms() + AHEAD_MS;
}

static bool read_state(const json_t *json, int *ret)
{
    static const struct {
        const char *status;
        int state;
    } states[] = {{"open", PAYMENT_OPEN},
                  {"paid", PAYMENT_PAID},
                  {"failed", PAYMENT_FAILED},
                  {"expired", PAYMENT_EXPIRED}};
    const char *status = json_string_value(json_object_get(json, "status"));
    for (size_t i = 0; status && i < ARRAY_LEN(states); i++) {
        if (strcmp(states[i].status, status) == 0) {
            *ret = states[i].state;
            return true;
        }
    }
    return false;
}

/* An order as GET and callback tell it. That it is paid is believed with a transaction alone. */
static int read_told(const struct pay *p, const json_t *json, int source, struct arena *a,
                     struct pay_told *ret)
{
    const char *order = json_string_value(json_object_get(json, "order"));
    const json_t *transactions = json_object_get(json, "transactions");
    size_t n = json_array_size(transactions);
    *ret = (struct pay_told){0};
    if (!order || strlen(order) > PAYMENT_NUMBER_MAX || !read_state(json, &ret->state) ||
        n > PAY_TRANSACTIONS_MAX)
        return PAY_STRANGE;
    if (!id_parse(order, &ret->order))
        ret->order = (struct id){0};
    for (size_t i = 0; i < n; i++)
        ret->n += read_transaction(json_array_get(transactions, i), p, &ret->order, source, a,
                                   &ret->transactions[ret->n]);
    ret->unreadable = n - ret->n;
    bool nothing = ret->n == 0 && (ret->state == PAYMENT_PAID || ret->unreadable > 0);
    return nothing ? PAY_STRANGE : 0;
}

/* --- calls ------------------------------------------------------------------------------------ */

/* `path` with its query, below pay.url. */
static int call(const struct pay *p, const char *method, const char *path, const struct buf *body,
                size_t max_reply, struct arena *a, json_t **ret)
{
    char signature[PAY_SIGNATURE];
    const char *url = arena_printf(a, "%s%s", p->url, path);
    const char *host = strstr(url, "://");
    const char *from = host ? strchr(host + 3, '/') : NULL;
    const char *timestamp = arena_printf(a, "%lld", (long long)(clock_now_ms() / 1000));
    const struct pay_signed_parts parts = {.merchant = p->merchant,
                                           .timestamp = timestamp,
                                           .method = method,
                                           .path = from ? from : "/",
                                           .body = body ? body->data : "",
                                           .n = body ? body->len : 0};
    const struct http_header headers[] = {{"pay-merchant", p->merchant},
                                          {"pay-timestamp", timestamp},
                                          {"pay-signature", pay_sign(p, &parts, signature)},
                                          {"content-type", "application/json"}};
    const struct http_request request = {.method = method,
                                         .url = url,
                                         .headers = headers,
                                         .headers_n = body ? 4 : 3,
                                         .body = parts.body,
                                         .body_n = parts.n,
                                         .timeout_ms = p->timeout_ms,
                                         .max_reply = max_reply,
                                         .repeatable = true};
    CLEANUP(http_reply_release) struct http_reply reply = {0};
    struct json_fault fault;
    int done = http_call(p->http, &request, &reply);
    if (done < 0 && done != E_BUSY)
        return done;
    if (done != 0)
        return PAY_AWAY;
    if (reply.status == 404)
        return PAY_NONE;
    if (reply.status >= 400 && reply.status < 500 && reply.status != 408 && reply.status != 429)
        return PAY_REFUSED;
    if (reply.status < 200 || reply.status > 299)
        return PAY_AWAY;
    return reply.body && json_read(reply.body, reply.body_n, ret, &fault) == 0 ? 0 : PAY_STRANGE;
}

static void add_member(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, ",\"%s\":", name);
    buf_add_json_str(out, text, strlen(text));
}

static int create(const struct pay *p, const struct pay_order *o, struct arena *a,
                  struct pay_link *ret)
{
    char id[ID_TEXT], until[CLOCK_TEXT];
    CLEANUP(buf_release) struct buf body;
    CLEANUP(json_decrefp) json_t *json = NULL;
    buf_init(&body, BODY_MAX);
    buf_printf(&body, "{\"order\":\"%s\",\"amount\":%lld", id_format(&o->id, id),
               (long long)o->amount);
    add_member(&body, "description", o->number);
    add_member(&body, "expires_at", clock_format(o->expires_ms, until));
    add_member(&body, "language", o->language);
    if (p->notify_url[0])
        add_member(&body, "notify_url", p->notify_url);
    if (p->return_url[0])
        add_member(&body, "return_url", p->return_url);
    buf_add_char(&body, '}');
    if (body.failed)
        return E_FULL;
    int done = call(p, "POST", "/orders", &body, REPLY_MAX, a, &json);
    if (done != 0)
        return done == PAY_NONE ? PAY_REFUSED : done;
    const char *url = json_string_value(json_object_get(json, "url"));
    *ret = (struct pay_link){.reference = number_of(json, "reference", a)};
    /* People are sent there: the provider's own kind of address, and no other. */
    bool web = url && (strncmp(url, "https://", 8) == 0 ||
                       (strncmp(p->url, "http://", 7) == 0 && strncmp(url, "http://", 7) == 0));
    if (!ret->reference || !web || strlen(url) > PAYMENT_URL_MAX || strpbrk(url, " \"<>\r\n\t"))
        return PAY_STRANGE;
    ret->url = arena_strdup(a, url);
    return 0;
}

static int query(const struct pay *p, const struct id *order, struct arena *a, struct pay_told *ret)
{
    char id[ID_TEXT];
    CLEANUP(json_decrefp) json_t *json = NULL;
    int done = call(p, "GET", arena_printf(a, "/orders/%s", id_format(order, id)), NULL, REPLY_MAX,
                    a, &json);
    if (done == 0)
        done = read_told(p, json, MONEY_BY_QUERY, a, ret);
    if (done == 0 && !id_equal(&ret->order, order))
        return PAY_STRANGE;
    return done;
}

static int callback(const struct pay *p, const struct pay_notice *n, struct arena *a,
                    struct pay_told *ret)
{
    const struct pay_signed_parts parts = {.merchant = n->header(n->ctx, "pay-merchant"),
                                           .timestamp = n->header(n->ctx, "pay-timestamp"),
                                           .method = n->method,
                                           .path = n->path,
                                           .body = n->body,
                                           .n = n->n};
    struct json_fault fault;
    CLEANUP(json_decrefp) json_t *json = NULL;
    int done = pay_check(p, &parts, n->header(n->ctx, "pay-signature"), n->now_ms);
    if (done != 0)
        return done;
    if (json_read(n->body, n->n, &json, &fault) != 0)
        return PAY_STRANGE;
    return read_told(p, json, MONEY_BY_CALLBACK, a, ret);
}

static int list(const struct pay *p, const char *date, const char *after, struct arena *a,
                struct pay_list *ret)
{
    CLEANUP(json_decrefp) json_t *json = NULL;
    const char *path = after ? arena_printf(a, "/transactions?date=%s&after=%s", date, after)
                             : arena_printf(a, "/transactions?date=%s", date);
    int done = call(p, "GET", path, NULL, LIST_REPLY_MAX, a, &json);
    const json_t *items = json_object_get(json, "items");
    if (done == 0 && (!json_is_array(items) || json_array_size(items) > PAY_LIST_MAX))
        done = PAY_STRANGE;
    if (done != 0)
        return done;
    size_t n = json_array_size(items);
    *ret = (struct pay_list){.next = n > 0 ? number_of(json, "next", a) : NULL};
    ret->items = arena_array(a, n, sizeof(*ret->items));
    ret->unreadable = arena_array(a, n, sizeof(*ret->unreadable));
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(items, i);
        if (read_transaction(one, p, NULL, MONEY_BY_LIST, a, &ret->items[ret->n]))
            ret->n++;
        else
            ret->unreadable[ret->n_unreadable++] = number_of(one, "transaction", a);
    }
    return 0;
}

const struct pay_adapter pay_signed = {
    .name = "signed", .create = create, .query = query, .callback = callback, .list = list};
