/* Small helpers that every handler wants. */
#include "handlers/acting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "base/text.h"
#include "store/position.h"

/* A store that does not answer makes nobody a leader. */
static void stand_for(const struct request *req, struct case_actor *actor)
{
    if (!actor->officer || !actor->agency)
        return;
    deputy_stands_for(app_of(req)->store, &actor->id, actor->agency, req->now_ms, req->arena,
                      &actor->deputy_for);
    actor->leader = !id_is_nil(&actor->deputy_for);
}

struct case_actor app_actor(const struct request *req)
{
    const struct identity *who = &req->who;
    const struct principal *whom = req->principal;
    struct case_actor actor = {
        .id = who->subject,
        .reads_only = whom && !whom->acting.may_prepare,
        .citizen = who->role == ROLE_CITIZEN,
        .dispatcher = who->role == ROLE_DISPATCHER,
        .officer = who->role == ROLE_OFFICER,
        .leader = who->role == ROLE_LEADER,
        .inspector = who->role == ROLE_INSPECTOR,
        .agency = who->agency[0] ? arena_strdup(req->arena, who->agency) : NULL,
    };
    if (whom)
        actor.principal = whom->id;
    else if (app_is_acting(req))
        actor.citizen = false; /* nobody looked whether that may be: nobody's request */
    stand_for(req, &actor);
    return actor;
}

bool app_oversees(const struct request *req)
{
    struct case_actor actor = app_actor(req);
    return actor.inspector || actor.leader;
}

static bool has_stand_in(int state)
{
    for (size_t i = 0; i < report_kind.n_rows; i++) {
        const struct case_row *row = &report_kind.rows[i];
        if ((row->who & PARTY_STAND_IN) && (row->from & (1U << state)))
            return true;
    }
    return false;
}

int app_actor_before(const struct request *req, const struct report *r, struct case_actor *ret)
{
    *ret = app_actor(req);
    struct staff *leaders = NULL;
    size_t n = 0;
    if (!ret->dispatcher || !r->head.agency || !has_stand_in(r->head.state))
        return 0;
    int done =
        staff_of_agency(app_of(req)->store, r->head.agency, STAFF_LEADER, req->arena, &leaders, &n);
    if (done == 0 && n == 0)
        ret->stands_in = r->head.agency;
    return done;
}

void app_world_open(struct app *app, int64_t now_ms, struct app_world *ret)
{
    ret->calendar = calendar_current(app->calendar);
    ret->catalogue = catalogue_ref(app->catalogue);
    const struct agency *dispatcher = catalogue_dispatcher(ret->catalogue);
    ret->world = (struct case_world){
        .calendar = ret->calendar,
        .settings = &app->report,
        .now_ms = now_ms,
        .dispatcher = dispatcher ? dispatcher->code : NULL,
    };
}

void app_world_take(const struct request *req, struct app_world *ret)
{
    app_world_open(app_of(req), req->now_ms, ret);
}

void app_world_release(struct app_world *w)
{
    calendar_unref(w->calendar);
    catalogue_unref(w->catalogue);
}

const char *app_text(const struct request *req, const char *name)
{
    const char *text = json_string_value(json_object_get(req->json, name));
    char *trimmed = text ? text_trim(req->arena, text) : NULL;
    return trimmed && *trimmed ? trimmed : NULL;
}

const char *app_id_text(const struct request *req, const struct id *id)
{
    return id_format(id, arena_alloc(req->arena, ID_TEXT));
}

/* --- pages ------------------------------------------------------------------------------------ */

size_t app_limit(const struct request *req, size_t fallback, size_t max)
{
    const char *text = request_query(req, "limit");
    size_t n = 0;
    for (const char *p = text; p && *p >= '0' && *p <= '9' && n <= max; p++)
        n = n * 10 + (size_t)(*p - '0');
    return n == 0 ? fallback : n > max ? max : n;
}

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(((const struct request_pair *)a)->name, ((const struct request_pair *)b)->name);
}

/*
 * What a cursor is bound to: the route, every query parameter but itself in whichever order, and
 * the caller, unless the reply is one that all callers share.
 */
static void cursor_binding(const struct request *req, struct buf *out)
{
    struct request_pair *pairs = arena_dup(req->arena, req->query, req->n_query * sizeof(*pairs));
    qsort(pairs, req->n_query, sizeof(*pairs), compare_pairs);
    buf_add_str(out, req->route->operation);
    if (!(req->route->flags & ROUTE_CACHED))
        buf_add(out, req->who.subject.bytes, 16);
    buf_add(out, req->acting_for.bytes, 16);
    for (size_t i = 0; i < req->n_query; i++) {
        if (strcmp(pairs[i].name, "cursor") == 0 || strcmp(pairs[i].name, "limit") == 0)
            continue;
        buf_add(out, pairs[i].name, strlen(pairs[i].name) + 1);
        buf_add(out, pairs[i].value, strlen(pairs[i].value) + 1);
    }
}

const char *app_cursor_write(const struct request *req, const struct store_position *p)
{
    struct buf bytes;
    buf_init(&bytes, 8192);
    store_position_write(p, &bytes);
    size_t n = bytes.len;
    cursor_binding(req, &bytes);
    uint8_t tag[MAC_TAG];
    mac_tag(app_of(req)->keys, KEY_CURSOR, bytes.data, bytes.len, tag);
    bytes.len = n;
    buf_add(&bytes, tag, sizeof(tag));
    char *text = arena_alloc(req->arena, bytes.len * 4 / 3 + 4);
    bytes_to_base64url(bytes.data, bytes.len, text);
    buf_release(&bytes);
    return text;
}

bool app_cursor_read(const struct request *req, struct reply *reply, bool *ret_has,
                     struct store_position *ret)
{
    const char *text = request_query(req, "cursor");
    *ret_has = text != NULL;
    if (!text)
        return true;
    uint8_t bytes[1024];
    size_t n = 0;
    bool ours = bytes_from_base64url(text, strlen(text), bytes, sizeof(bytes), &n) && n > MAC_TAG;
    if (ours) {
        struct buf bound;
        buf_init(&bound, 8192);
        buf_add(&bound, bytes, n - MAC_TAG);
        cursor_binding(req, &bound);
        ours = mac_check(app_of(req)->keys, KEY_CURSOR, bound.data, bound.len,
                         bytes + n - MAC_TAG) == 0 &&
               store_position_read(req->arena, bytes, n - MAC_TAG, ret);
        buf_release(&bound);
    }
    if (!ours)
        reply_invalid(reply, "/cursor", "Con trỏ trang không hợp lệ với bộ lọc này",
                      "The cursor does not belong to this list and filter");
    return ours;
}

int app_reply_page(const struct request *req, struct reply *reply, const struct store_page *page,
                   app_show_fn show)
{
    struct buf out;
    buf_init(&out, 8U << 20);
    buf_add_str(&out, "{\"items\":[");
    int done = 0;
    for (size_t i = 0; i < page->n && done == 0; i++) {
        if (i > 0)
            buf_add_str(&out, ",");
        done = show(req, page->docs[i], &out);
    }
    buf_add_str(&out, "]");
    if (page->more) {
        const char *cursor = app_cursor_write(req, &page->next);
        buf_printf(&out, ",\"next\":\"%s\"", cursor);
        reply_next(reply, req, cursor);
    }
    buf_add_str(&out, "}");
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
    buf_release(&out);
    return done;
}

/* --- problems --------------------------------------------------------------------------------- */

int app_reply_store(struct reply *reply, int outcome)
{
    switch (outcome) {
    case STORE_ABSENT:
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    case STORE_REUSED:
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    case STORE_REVISED:
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    case STORE_EXISTS:
    case STORE_CONFLICT:
        return reply_problem(reply, PROBLEM_CONFLICT, NULL);
    default:
        return outcome < 0 ? outcome : E_INVALID;
    }
}

int app_check_value(const struct request *req, struct reply *reply, const struct schema *schema,
                    json_t *value, const char *prefix)
{
    struct schema_violations violations;
    int done = schema_check(schema, value, req->arena, NULL, &violations);
    if (done == SCHEMA_TOO_COSTLY)
        return reply_invalid(reply, prefix, "Nội dung quá phức tạp", "The value is too complex");
    for (size_t i = 0; done == SCHEMA_VIOLATED && i < violations.n; i++) {
        const struct schema_violation *v = &violations.items[i];
        reply_invalid(reply, arena_printf(req->arena, "%s%s", prefix, v->pointer), v->vi, v->en);
    }
    return done < 0 ? done : 0;
}

/* --- signed addresses ------------------------------------------------------------------------- */

#define MEDIA_URL_LIFE_MS (INT64_C(15) * 60 * 1000)

static void url_tag(const struct request *req, const struct id *media, const char *name,
                    const char *until, struct buf *out)
{
    (void)req;
    buf_init(out, 256);
    buf_add(out, media->bytes, 16);
    buf_add(out, name, strlen(name) + 1);
    buf_add_str(out, until);
}

/* Signed is `bound`, which names more than the address shows. */
static const char *signed_url(const struct request *req, const char *path, const struct id *media,
                              const char *name, const char *bound_name)
{
    char until[24], sig[MAC_TAG * 4 / 3 + 4];
    /* Rounded up, so that the same address serves for a while and caches can keep it. */
    int64_t end = (req->now_ms / MEDIA_URL_LIFE_MS + 2) * MEDIA_URL_LIFE_MS;
    snprintf(until, sizeof(until), "%lld", (long long)end);
    struct buf bound;
    uint8_t tag[MAC_TAG];
    url_tag(req, media, bound_name, until, &bound);
    mac_tag(app_of(req)->keys, KEY_URL, bound.data, bound.len, tag);
    buf_release(&bound);
    bytes_to_base64url(tag, sizeof(tag), sig);
    return arena_printf(req->arena, "%s/%s/%s?until=%s&sig=%s", path, app_id_text(req, media), name,
                        until, sig);
}

const char *app_signed_url(const struct request *req, const char *path, const struct id *media,
                           const char *name)
{
    return signed_url(req, path, media, name, name);
}

const char *app_rendition(const struct request *req, const struct upload *u, const char *name)
{
    return u->covered ? arena_printf(req->arena, "%s-%lld", name, (long long)u->covered) : name;
}

const char *app_media_url(const struct request *req, const struct upload *u, const char *name)
{
    return signed_url(req, "/v1/media", &u->id, name, app_rendition(req, u, name));
}

bool app_media_url_check(const struct request *req, const struct upload *u, const char *name)
{
    return app_signed_url_check(req, &u->id, app_rendition(req, u, name));
}

bool app_signed_url_check(const struct request *req, const struct id *media, const char *name)
{
    const char *until = request_query(req, "until"), *sig = request_query(req, "sig");
    if (!until || !sig || strlen(until) > 20)
        return false;
    uint8_t tag[MAC_TAG];
    size_t n = 0;
    if (!bytes_from_base64url(sig, strlen(sig), tag, sizeof(tag), &n) || n != sizeof(tag))
        return false;
    struct buf bound;
    url_tag(req, media, name, until, &bound);
    bool good = mac_check(app_of(req)->keys, KEY_URL, bound.data, bound.len, tag) == 0;
    buf_release(&bound);
    return good && req->now_ms < strtoll(until, NULL, 10); /* digits: we signed them */
}
