/* The document store for whose it is: what is there, one paper with its pages, where it was used.
 */
#include "handlers/dossier/documents.h"

#include <string.h>

#include "base/result.h"
#include "handlers/media/files.h"

#define USES_READ                                                                                  \
    40 /* of a paper, newest first, for its page; what was never filed is among them */

/* --- writing out ------------------------------------------------------------------------------ */

const char *document_type_words(const struct request *req, const char *type)
{
    const struct document_type *t = document_type_by_code(type);
    return t ? procedure_words((int)req->language, t->name, t->name_en) : type;
}

static void add_text(struct buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    buf_printf(out, ",\"%s\":", name);
    buf_add_json_str(out, text, strlen(text));
}

int document_add_members(const struct request *req, const struct document *d, unsigned see,
                         bool opened, struct buf *out)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *office = d->office ? catalogue_agency(c, d->office) : NULL;
    enum document_flaw flaw = document_stands(d, req->now_ms);
    struct document_details t = {0};
    bool first = false;
    int done = opened ? document_details(&app_of(req)->people, d, req->arena, &t) : 0;
    if (done < 0)
        return done;
    buf_printf(out, "\"id\":\"%s\",\"stands\":%s", app_id_text(req, &d->id),
               flaw == DOCUMENT_FIT ? "true" : "false");
    if (flaw != DOCUMENT_FIT) {
        add_text(out, "why", document_flaws[flaw].slug);
        add_text(out, "why_words",
                 req->language == LANGUAGE_EN ? document_flaws[flaw].en : document_flaws[flaw].vi);
    }
    add_text(out, "name", document_type_words(req, d->type));
    if (office)
        add_text(out, "office_name",
                 procedure_words((int)req->language, office->name, office->name_en));
    add_text(out, "number", t.number);
    add_text(out, "issuer", t.issuer);
    add_text(out, "holder", t.holder);
    entity_json_members(&document_entity, d, see, &first, out);
    return 0;
}

static int show_row(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct document d;
    int done = document_decode(doc, req->arena, &d);
    if (done < 0)
        return done;
    buf_add_str(out, "{");
    done = document_add_members(req, &d, SEE_OWNER, true, out);
    buf_add_str(out, "}");
    return done;
}

/* Where each page is fetched, for a while, by whoever has the address. */
static int add_media(const struct request *req, const struct document *d, struct buf *out)
{
    const struct case_media *files = d->files.items;
    int done = 0;
    bool any = false;
    buf_add_str(out, ",\"media\":[");
    for (size_t i = 0; i < d->files.n && done == 0; i++) {
        struct upload u = {0};
        done = upload_get(app_of(req)->store, &files[i].id, req->arena, &u);
        if (done == STORE_ABSENT || (done == 0 && u.state != UPLOAD_SOUND)) {
            done = 0;
            continue;
        }
        if (done != 0)
            break;
        bool paper = upload_kind(&u) == UPLOAD_PAPER;
        const char *id = app_id_text(req, &u.id);
        buf_printf(out, "%s{\"id\":\"%s\",\"kind\":\"%s\",\"pages\":%lld", any ? "," : "", id,
                   paper ? "paper" : "photo", (long long)(u.pages ? u.pages : 1));
        add_text(out, "large", app_media_url(req, &u, "large"));
        add_text(out, "small", app_media_url(req, &u, "small"));
        if (paper)
            add_text(out, "original", arena_printf(req->arena, "/v1/media/%s/original", id));
        buf_add_str(out, "}");
        any = true;
    }
    buf_add_str(out, "]");
    return done;
}

/* --- where it is used ------------------------------------------------------------------------- */

/*
 * Cases that may use it, newest first, FILE_USES_MAX at most. A paper's files go together, so those
 * of its first say each case once.
 */
static int uses_of(const struct request *req, const struct document *d, struct file_use **ret,
                   size_t *ret_n)
{
    const struct case_media *files = d->files.items;
    *ret_n = 0;
    return d->files.n > 0 ? file_uses(app_of(req)->store, &files[0].id, req->arena, ret, ret_n) : 0;
}

/* 0 and whether this dossier names the paper; else *ret is of no use. */
static int using(const struct request *req, const struct id *dossier, const struct document *d,
                 struct dossier *ret, bool *ret_uses)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(app_of(req)->store, &dossier_collection, dossier, &doc);
    *ret_uses = false;
    if (done == 0)
        done = dossier_decode(doc, req->arena, ret);
    const struct dossier_component *components = ret->components.items;
    for (size_t i = 0; done == 0 && i < ret->components.n; i++)
        *ret_uses |= id_equal(&components[i].document, &d->id);
    return done < 0 ? done : 0;
}

/* The newest of their dossiers in which it was used: of USES_READ uses; no others are read. */
static int add_uses(const struct request *req, const struct document *d, struct buf *out)
{
    struct file_use *uses = NULL;
    size_t n = 0;
    int done = uses_of(req, d, &uses, &n);
    bool any = false;
    buf_add_str(out, ",\"used_in\":[");
    for (size_t i = 0; i < n && i < USES_READ && done == 0; i++) {
        struct dossier in = {0};
        bool theirs = false;
        done = using(req, &uses[i].used_by, d, &in, &theirs);
        if (done != 0 || !theirs || !id_equal(&in.head.owner, &d->owner) ||
            !dossier_in_scope(req, in.procedure))
            continue;
        buf_printf(out, "%s{\"id\":\"%s\"", any ? "," : "", app_id_text(req, &in.head.id));
        add_text(out, "number", in.head.number);
        add_text(out, "procedure", in.procedure);
        buf_add_str(out, "}");
        any = true;
    }
    buf_add_str(out, "]");
    return done;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool stands(const bson_t *doc, void *ctx)
{
    const struct request *req = ctx;
    struct arena a;
    struct document d;
    arena_init(&a);
    bool fit =
        document_decode(doc, &a, &d) == 0 && document_stands(&d, req->now_ms) == DOCUMENT_FIT;
    arena_release(&a);
    return fit && dossier_row_in_scope(doc, ctx);
}

static int documents_get(struct request *req, struct reply *reply)
{
    const char *valid = request_query(req, "valid");
    bool only = valid && strcmp(valid, "true") == 0;
    struct store_query q = {.limit = app_limit(req, 20, 50),
                            .keep = only ? stands : dossier_row_in_scope,
                            .keep_ctx = req};
    struct store_page page;
    int done = dossier_principal(req, reply, true);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    done = document_list(app_of(req)->store, &req->principal->id, request_query(req, "type"), &q,
                         req->arena, &page);
    reply_header(reply, "cache-control", "no-store");
    return done != 0 ? done : app_reply_page(req, reply, &page, show_row);
}

static int document_get_one(struct request *req, struct reply *reply)
{
    struct id id;
    struct document d;
    int done = dossier_principal(req, reply, true);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = document_get(app_of(req)->store, &id, req->arena, &d);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&d.owner, &req->principal->id) || !dossier_in_scope(req, d.procedure))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 256 * 1024);
    buf_add_str(&out, "{");
    done = document_add_members(req, &d, SEE_OWNER, true, &out);
    if (done == 0)
        done = add_media(req, &d, &out);
    if (done == 0)
        done = add_uses(req, &d, &out);
    buf_add_str(&out, "}");
    reply_header(reply, "cache-control", "no-store");
    reply_etag(reply, d.revision);
    return done != 0 ? done : out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* --- taking one out ----------------------------------------------------------------------------
 */

/* 0 and whether an open dossier has it: the one it came with, or one that uses it. Of a paper with
 * more uses than are looked at it is not known, and it stays. */
static int in_open_dossier(const struct request *req, const struct document *d, bool *ret)
{
    struct file_use *uses = NULL;
    struct dossier in = {0};
    size_t n = 0;
    bool named = false;
    int done = using(req, &d->dossier, d, &in, &named);
    *ret = done == 0 && dossier_kind.states[in.head.state].open;
    if (done == 0 && !*ret)
        done = uses_of(req, d, &uses, &n);
    *ret |= n == FILE_USES_MAX;
    for (size_t i = 0; i < n && done == 0 && !*ret; i++) {
        in = (struct dossier){0};
        done = using(req, &uses[i].used_by, d, &in, &named);
        *ret = done == 0 && named && dossier_kind.states[in.head.state].open;
    }
    return done;
}

static int document_delete(struct request *req, struct reply *reply)
{
    struct id id;
    struct document d;
    bool open = false;
    int done = dossier_principal(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = request_param_id(req, "id", &id) ? document_get(app_of(req)->store, &id, req->arena, &d)
                                            : STORE_ABSENT;
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&d.owner, &req->principal->id) || !dossier_in_scope(req, d.procedure))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = in_open_dossier(req, &d, &open);
    if (done == 0 && open)
        return reply_problem(reply, PROBLEM_CONFLICT, NULL);
    if (done == 0)
        done = document_remove(&app_of(req)->people, &id, &d.owner, req->now_ms);
    if (done == STORE_ABSENT)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return done == 0 ? reply_empty(reply, 204) : done;
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct route_param list_params[] = {
    {"type", "{\"type\":\"string\",\"maxLength\":40}", "Code of a type of documents"},
    {"valid", "{\"enum\":[\"true\",\"false\"]}", "Only those that hold now"},
    {0}};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

static const enum problem remove_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_CONFLICT, PROBLEM_NONE};

const struct route document_routes[] = {
    {.method = GET,
     .path = "/v1/documents",
     .operation = "documentList",
     .summary = "Papers of mine that offices accepted or issued, last verified first",
     .tag = "dossiers",
     .run = documents_get,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "DocumentPage",
     .params = list_params,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING | ROUTE_PAGED},
    {.method = GET,
     .path = "/v1/documents/{id}",
     .operation = "documentGet",
     .summary = "One paper: what stands on it, its pages by signed addresses, where it was used",
     .tag = "dossiers",
     .run = document_get_one,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "DocumentDetail",
     .problems = read_problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = DELETE,
     .path = "/v1/documents/{id}",
     .operation = "documentRemove",
     .summary =
         "Take a paper out of my store, if no open dossier has it; with its dossier it stays",
     .tag = "dossiers",
     .run = document_delete,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_status = 204,
     .problems = remove_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_ACTING},
    {0},
};
