/* Drafts of dossiers: begun, saved as one types, looked through before they are filed. */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/dossier/documents.h"

/* --- writing out ------------------------------------------------------------------------------ */

static int reply_draft(const struct request *req, struct reply *reply, const struct draft *d,
                       int status)
{
    const char *answers = NULL;
    struct buf out;
    bool first = false;
    int done = draft_answers(&app_of(req)->people, d, req->arena, &answers);
    if (done != 0)
        return done < 0 ? done : reply_problem(reply, PROBLEM_GONE, NULL);
    buf_init(&out, 256 * 1024);
    buf_printf(&out, "{\"id\":\"%s\"", app_id_text(req, &d->id));
    entity_json_members(&draft_entity, d, SEE_OWNER, &first, &out);
    buf_printf(&out, ",\"form\":%s}", answers ? answers : "null");
    done = out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
    buf_release(&out);
    reply_header(reply, "cache-control", "no-store");
    reply_etag(reply, d->revision);
    return done;
}

static int show_row(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct draft d;
    bool first = false;
    int done = draft_decode(doc, req->arena, &d);
    if (done < 0)
        return done;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &d.id));
    entity_json_members(&draft_entity, &d, SEE_OWNER, &first, out);
    buf_add_str(out, "}");
    return 0;
}

static int draft_of(struct request *req, struct reply *reply, bool reads_only, struct draft *ret)
{
    struct id id;
    int done = dossier_principal(req, reply, reads_only);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = draft_get(app_of(req)->store, &id, req->arena, ret);
    if (done != 0)
        return done < 0 ? done : dossier_became(req, reply, &id);
    if (!id_equal(&ret->owner, &req->principal->id) || !dossier_in_scope(req, ret->procedure))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

/* --- reading what is written into one --------------------------------------------------------- */

static struct text_words read_words(const struct request *req, const char *member)
{
    const json_t *list = json_object_get(req->json, member);
    size_t n = json_array_size(list);
    const char **items = arena_array(req->arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++)
        items[i] = json_string_value(json_array_get(list, i));
    return (struct text_words){.items = items, .n = n};
}

static int read_content(const struct request *req, struct reply *reply,
                        const struct entity_list *kept, struct draft_content *ret)
{
    const json_t *form = json_object_get(req->json, "form");
    struct dossier_component *components = NULL;
    *ret = (struct draft_content){
        .desk = json_string_value(json_object_get(req->json, "desk")),
        .fetch = json_string_value(json_object_get(req->json, "fetch")),
        .exemptions = read_words(req, "exemptions"),
    };
    if (json_is_object(form)) {
        size_t n = 0;
        ret->answers = json_canonical(req->arena, form, &n);
        if (n > DOSSIER_FORM_MAX)
            reply_invalid(reply, "/form", "Tờ khai quá dài", "The form is too long");
    }
    int done = dossier_read_components(req, reply, kept, &components, &ret->n_components);
    ret->components = components;
    return done;
}

/* --- beginning one ---------------------------------------------------------------------------- */

/* What is known already: the form and papers of the dossier that is filed again. */
static int copy_again(const struct request *req, struct reply *reply, const struct procedure *p,
                      struct draft_beginning *b, struct draft_content *c)
{
    const char *text = json_string_value(json_object_get(req->json, "again_of"));
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d;
    if (!text || !id_parse(text, &b->again_of))
        return 0;
    int done = store_get(app_of(req)->store, &dossier_collection, &b->again_of, &doc);
    if (done < 0)
        return done;
    if (done == 0)
        done = dossier_decode(doc, req->arena, &d);
    bool again = done == 0 && id_equal(&d.head.owner, &b->owner) &&
                 strcmp(d.procedure, p->code) == 0 &&
                 (d.head.state == DOSSIER_REFUSED || d.head.state == DOSSIER_STOPPED);
    if (!again)
        return done < 0
                   ? done
                   : reply_invalid(reply, "/again_of", "Không có hồ sơ này bị từ chối hoặc đã dừng",
                                   "No such dossier was refused or stopped");
    struct dossier_component *components = d.components.items;
    for (size_t i = 0; i < d.components.n; i++) {
        components[i].verdict = 0;
        components[i].note = NULL;
        components[i].copies = 0; /* they lie with the first */
        components[i].accepted_ms = 0;
        components[i].accepted_by = components[i].offered = (struct id){0};
        components[i].accepted_at = NULL;
        if (!id_is_nil(&components[i].document))
            components[i].files.n = 0; /* held once more against the store */
    }
    c->components = components;
    c->n_components = d.components.n;
    c->desk = d.head.desk;
    c->fetch = d.fetch;
    done = dossier_form(&app_of(req)->people, &d, req->arena, &c->answers);
    return done < 0 ? done : 0;
}

static int drafts_post(struct request *req, struct reply *reply)
{
    int subject = 0, done = dossier_principal(req, reply, false);
    if (done == 0 && !reply_is_problem(reply))
        done = dossier_subject(req, &subject);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    const char *code = json_string_value(json_object_get(req->json, "procedure"));
    const struct procedure *p = procedure_at(book, code, req->now_ms);
    if (!p || !procedure_fileable(p))
        return reply_invalid(reply, "/procedure", "Không có thủ tục nộp trực tuyến mang mã này",
                             "No procedure of this code can be filed online");
    struct draft_beginning b = {
        .owner = req->principal->id,
        .actor = req->who.subject,
        .key = request_header(req, "idempotency-key"),
        .procedure = p->code,
        .version = p->version,
        .subject = subject,
    };
    struct draft_content c = {0};
    struct draft d;
    if (!(p->applicant_mask & 1U << subject))
        return reply_invalid(reply, "/procedure", "Thủ tục này không dành cho đối tượng này",
                             "This procedure is not for such applicants");
    if (!dossier_in_scope(req, p->code))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = copy_again(req, reply, p, &b, &c);
    if (done == 0 && !reply_is_problem(reply) && !c.answers) {
        done = dossier_prefill(req, p, &b.owner, &c.answers);
        if (done == 0)
            done = documents_prefill(req, &b.owner, p, c.answers, &c);
    }
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = draft_begin(&app_of(req)->people, &b, &c, req->now_ms, req->arena, &d);
    if (done == DRAFT_FULL)
        return reply_problem(reply, PROBLEM_TOO_MANY, NULL);
    if (done == DRAFT_REUSED)
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/dossier-drafts/%s", app_id_text(req, &d.id)));
    return reply_draft(req, reply, &d, 201);
}

/* --- the rest --------------------------------------------------------------------------------- */

static int drafts_get(struct request *req, struct reply *reply)
{
    struct store_query q = {
        .limit = app_limit(req, 20, 50), .keep = dossier_row_in_scope, .keep_ctx = req};
    struct store_page page;
    int done = dossier_principal(req, reply, true);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    done = draft_list(app_of(req)->store, &req->principal->id, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show_row);
}

static int draft_get_one(struct request *req, struct reply *reply)
{
    struct draft d;
    int done = draft_of(req, reply, true, &d);
    return done != 0 || reply_is_problem(reply) ? done : reply_draft(req, reply, &d, 200);
}

/* The version that it is filled in for: the one it has, or the one in force, which it is taken over
 * to. What the other asks for is the review's to say. */
static void read_version(const struct request *req, struct reply *reply, const struct draft *d,
                         struct draft_content *c)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    const struct procedure *now = procedure_at(book, d->procedure, req->now_ms);
    int64_t version = json_integer_value(json_object_get(req->json, "procedure_version"));
    if (!version || version == d->version)
        return;
    if (!now || now->version != version || !procedure_fileable(now))
        reply_invalid(reply, "/procedure_version",
                      "Phiên bản này của thủ tục không có hiệu lực, hoặc không nộp trực tuyến được",
                      "This version of the procedure is not in force, or not filed online");
    else if (!(now->applicant_mask & 1U << d->subject))
        reply_invalid(reply, "/procedure_version", "Thủ tục này không dành cho đối tượng này",
                      "This procedure is not for such applicants");
    c->version = version;
}

/* Two devices never overwrite each other silently: which revision is replaced must be said. */
static int draft_put_one(struct request *req, struct reply *reply)
{
    struct draft d = {0};
    struct draft_content c;
    int64_t revision = STORE_ANY_REVISION;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    if (revision == STORE_ANY_REVISION)
        return reply_problem(reply, PROBLEM_IF_MATCH_MISSING, NULL);
    int done = draft_of(req, reply, false, &d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = read_content(req, reply, &d.components, &c);
    if (done == 0)
        read_version(req, reply, &d, &c);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = draft_put(&app_of(req)->people, &d.id, &d.owner, &req->who.subject, revision, &c,
                     req->now_ms, req->arena, &d);
    if (done == PERSON_ERASED)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_draft(req, reply, &d, 200);
}

static int draft_delete(struct request *req, struct reply *reply)
{
    struct draft d;
    int done = draft_of(req, reply, false, &d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = draft_remove(&app_of(req)->people, &d.id, -1);
    return done < 0 ? done : reply_empty(reply, 204);
}

/* --- going by ----------------------------------------------------------------------------------
 */

static int warn_of(struct app *app, const struct draft *d, int64_t now_ms, struct arena *a)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app->procedures);
    const struct procedure *p = procedure_version(book, d->procedure, d->version);
    const char *vi = p ? p->name : d->procedure;
    const char *en = p && p->name_en ? p->name_en : vi;
    const struct id_part parts[] = {{d->id.bytes, 16}, {&d->expires_ms, sizeof(d->expires_ms)}};
    const struct push_account_notice notice = {
        .id = id_v8("draft.warning", parts, ARRAY_LEN(parts)),
        .recipient = d->actor,
        .what = "draft_expires",
        .text_vi = arena_printf(
            a, "Bản nháp hồ sơ “%s” sẽ bị xoá sau 7 ngày nếu không được nộp hoặc sửa tiếp.", vi),
        .text_en = arena_printf(
            a, "Your draft of \"%s\" will be removed in 7 days unless it is filed or changed.", en),
    };
    int done = push_account(app->push, &notice, now_ms);
    return done < 0 ? done : draft_warned(app->store, d);
}

int drafts_sweep(struct app *app, int64_t now_ms, size_t max)
{
    struct arena a;
    struct draft *due = NULL;
    size_t n = 0, removed = 0;
    arena_init(&a);
    int done = draft_sweep(&app->people, now_ms, max, &removed);
    if (done >= 0)
        done = draft_due(app->store, now_ms, max, &a, &due, &n);
    for (size_t i = 0; i < n && done >= 0; i++)
        done = warn_of(app, &due[i], now_ms, &a);
    arena_release(&a);
    return done < 0 ? done : 0;
}

/* --- looking through -------------------------------------------------------------------------- */

/* With what the document store has for it. */
static int reply_review(const struct request *req, struct reply *reply, const struct draft *d,
                        const struct dossier_check *k)
{
    CLEANUP(buf_release) struct buf offers;
    buf_init(&offers, 1 << 20);
    int done = documents_add_offers(req, &d->owner, k->procedure, k->needs, k->n_needs, k->answers,
                                    &offers);
    if (done != 0 || offers.failed)
        return done != 0 ? done : E_FULL;
    json_t *body = dossier_review(req, k);
    json_object_set_new(body, "offers", json_loadb(offers.data, offers.len, 0, NULL));
    json_object_set_new(body, "documents_consent", json_boolean(k->n_documents > 0));
    return reply_json(reply, 200, body);
}

static int draft_review(struct request *req, struct reply *reply)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    CLEANUP(catalogue_unrefp)
    const struct catalogue *catalogue = catalogue_ref(app_of(req)->catalogue);
    struct dossier_source source;
    struct dossier_check k = {0};
    struct draft d;
    int done = draft_of(req, reply, true, &d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = dossier_source(req, &d, &source);
    if (done == 0)
        done = dossier_check(req, &source, book, catalogue, &k);
    reply_header(reply, "cache-control", "no-store");
    if (done == 0)
        done = reply_review(req, reply, &d, &k);
    json_decref(k.answers);
    return done == PERSON_ERASED ? reply_problem(reply, PROBLEM_GONE, NULL) : done;
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem begin_problems[] = {PROBLEM_KEY_MISSING, PROBLEM_KEY_REUSED,
                                              PROBLEM_INVALID, PROBLEM_TOO_MANY, PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_GONE, PROBLEM_NONE};
static const enum problem put_problems[] = {
    PROBLEM_NOT_FOUND, PROBLEM_GONE,     PROBLEM_INVALID, PROBLEM_IF_MATCH_MISSING,
    PROBLEM_REVISED,   PROBLEM_CONFLICT, PROBLEM_NONE};

const struct route draft_routes[] = {
    {.method = POST,
     .path = "/v1/dossier-drafts",
     .operation = "draftBegin",
     .summary = "Begin a dossier of a procedure; a refused or stopped one can be begun again",
     .tag = "dossiers",
     .run = drafts_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "draft_new",
     .reply_schema = "DossierDraft",
     .reply_status = 201,
     .problems = begin_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_KEYED},
    {.method = GET,
     .path = "/v1/dossier-drafts",
     .operation = "draftList",
     .summary = "My drafts, newest change first",
     .tag = "dossiers",
     .run = drafts_get,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "DossierDraftPage",
     .rate = RATE_READ,
     .flags = ROUTE_ACTING | ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/dossier-drafts/{id}",
     .operation = "draftGet",
     .summary = "A draft with what is filled in",
     .tag = "dossiers",
     .run = draft_get_one,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "DossierDraft",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = PUT,
     .path = "/v1/dossier-drafts/{id}",
     .operation = "draftSave",
     .summary = "Save a draft; If-Match says which revision is replaced",
     .tag = "dossiers",
     .run = draft_put_one,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "draft_save",
     .body_max = 256 * 1024,
     .reply_schema = "DossierDraft",
     .problems = put_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING | ROUTE_IF_MATCH},
    {.method = DELETE,
     .path = "/v1/dossier-drafts/{id}",
     .operation = "draftRemove",
     .summary = "Throw a draft away",
     .tag = "dossiers",
     .run = draft_delete,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_status = 204,
     .problems = read_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/dossier-drafts/{id}/review",
     .operation = "draftReview",
     .summary = "What is not right yet, all at once; which papers, which fee, and who decides",
     .tag = "dossiers",
     .run = draft_review,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "DossierReview",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {0},
};
