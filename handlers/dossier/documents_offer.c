/* What the document store has for the components of a draft or a dossier. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/dossier/documents.h"

#define PAGE 100

struct document_want document_want_of(const struct procedure *p,
                                      const struct procedure_component *c, const json_t *answers)
{
    return (struct document_want){
        .type = c->document,
        .about = c->about ? c->about : PROCEDURE_ABOUT_APPLICANT,
        .max_age_days = c->max_age_days,
        .holder = procedure_holder(p, answers, c->holder_at),
    };
}

struct document document_given(const char *type, int about, const char *issued_on)
{
    const struct document_type *t = document_type_by_code(type);
    struct document d = {
        .type = type, .state = DOCUMENT_VALID, .about = about, .limited = t ? t->valid_months : 0};
    int64_t day = 0;
    if (issued_on && clock_day_parse(issued_on, &day))
        d.issued_ms = clock_day_start_ms(day);
    if (d.limited && d.issued_ms)
        d.until_ms = document_months_after(d.issued_ms, d.limited);
    return d;
}

static bool in_scope(const bson_t *doc, void *ctx)
{
    return dossier_row_in_scope(doc, ctx);
}

/* Whose name stands on it is opened where nothing else speaks against it. */
static int judge(const struct request *req, const struct document_want *want,
                 struct document_offer *o)
{
    struct document_details details = {0};
    o->flaw = document_fits(&o->document, NULL, want, req->now_ms);
    int done = o->flaw == DOCUMENT_FIT
                   ? document_details(&app_of(req)->people, &o->document, req->arena, &details)
                   : 0;
    if (done == 0 && details.holder)
        o->flaw = document_fits(&o->document, details.holder, want, req->now_ms);
    return done;
}

/* What was found so far: those that do, and others. */
struct offering {
    struct document_offer *fit, *unfit;
    size_t n_fit, n_unfit;
};

static int offer_page(const struct request *req, const struct document_want *want,
                      const struct store_page *page, struct offering *o)
{
    int done = 0;
    for (size_t i = 0; i < page->n && done >= 0 && o->n_fit < DOCUMENT_OFFERS_MAX; i++) {
        struct document_offer one = {0};
        done = document_decode(page->docs[i], req->arena, &one.document);
        if (done == 0)
            done = judge(req, want, &one);
        if (done != 0) /* one whose key is gone is nobody's */
            continue;
        if (one.flaw == DOCUMENT_FIT)
            o->fit[o->n_fit++] = one;
        else if (o->n_unfit < DOCUMENT_OFFERS_MAX)
            o->unfit[o->n_unfit++] = one;
    }
    return done < 0 ? done : 0;
}

int documents_for(const struct request *req, const struct id *owner,
                  const struct document_want *want, struct document_offer **ret, size_t *ret_n)
{
    struct store_query q = {.limit = PAGE, .keep = in_scope, .keep_ctx = (void *)req};
    struct offering o = {arena_array(req->arena, DOCUMENT_OFFERS_MAX, sizeof(*o.fit)),
                         arena_array(req->arena, DOCUMENT_OFFERS_MAX, sizeof(*o.unfit)), 0, 0};
    bool more = want->type != NULL;
    int done = 0;
    for (size_t looked = 0; more && done == 0 && looked < DOCUMENTS_LOOKED_AT; looked += PAGE) {
        struct store_page page = {0};
        done = document_list(app_of(req)->store, owner, want->type, &q, req->arena, &page);
        if (done == 0)
            done = offer_page(req, want, &page, &o);
        more = page.more && o.n_fit < DOCUMENT_OFFERS_MAX;
        q.has_after = true;
        q.after = page.next;
    }
    for (size_t i = 0; i < o.n_unfit && o.n_fit < DOCUMENT_OFFERS_MAX; i++)
        o.fit[o.n_fit++] = o.unfit[i];
    *ret = o.fit;
    *ret_n = o.n_fit;
    return done;
}

int document_fitting(const struct request *req, const struct id *owner,
                     const struct document_want *want, const struct id *not_of,
                     const struct document_offer **ret)
{
    struct document_offer *all = NULL;
    size_t n = 0;
    *ret = NULL;
    int done = documents_for(req, owner, want, &all, &n);
    for (size_t i = 0; i < n && done == 0 && !*ret; i++) {
        bool other = !not_of || !id_equal(&all[i].document.dossier, not_of);
        *ret = all[i].flaw == DOCUMENT_FIT && other ? &all[i] : NULL;
    }
    return done;
}

int document_named(const struct request *req, const struct id *owner, const struct id *id,
                   const struct document_want *want, struct document *ret,
                   enum document_flaw *ret_flaw)
{
    struct document_offer o = {0};
    int done = document_get(app_of(req)->store, id, req->arena, &o.document);
    if (done == 0 &&
        (!id_equal(&o.document.owner, owner) || !dossier_in_scope(req, o.document.procedure)))
        done = STORE_ABSENT;
    if (done == 0)
        done = judge(req, want, &o);
    *ret = o.document;
    *ret_flaw = o.flaw;
    return done > 0 ? STORE_ABSENT : done;
}

static int add_offer(const struct request *req, const struct document_offer *o, struct buf *out)
{
    buf_add_str(out, "{");
    int done = document_add_members(req, &o->document, SEE_OWNER, true, out);
    buf_printf(out, ",\"fits\":%s", o->flaw == DOCUMENT_FIT ? "true" : "false");
    if (o->flaw != DOCUMENT_FIT) {
        const struct document_flaw_words *w = &document_flaws[o->flaw];
        const char *words = req->language == LANGUAGE_EN ? w->en : w->vi;
        buf_printf(out, ",\"unfit\":\"%s\",\"unfit_words\":", w->slug);
        buf_add_json_str(out, words, strlen(words));
    }
    buf_add_str(out, "}");
    return done;
}

int documents_add_offers(const struct request *req, const struct id *owner,
                         const struct procedure *p, const struct procedure_need *needs,
                         size_t n_needs, const json_t *answers, struct buf *out)
{
    bool any = false;
    int done = 0;
    buf_add_str(out, "[");
    for (size_t i = 0; i < n_needs && done == 0; i++) {
        const struct document_want want = document_want_of(p, needs[i].component, answers);
        struct document_offer *offers = NULL;
        size_t n = 0;
        done = documents_for(req, owner, &want, &offers, &n);
        if (n == 0)
            continue;
        buf_printf(out, "%s{\"code\":", any ? "," : "");
        buf_add_json_str(out, needs[i].component->code, strlen(needs[i].component->code));
        buf_add_str(out, ",\"items\":[");
        for (size_t j = 0; j < n && done == 0; j++) {
            buf_add_str(out, j ? "," : "");
            done = add_offer(req, &offers[j], out);
        }
        buf_add_str(out, "]}");
        any = true;
    }
    buf_add_str(out, "]");
    return done;
}

static bool group_has_one(const struct procedure *p, const struct dossier_component *put, size_t n,
                          const char *group)
{
    for (size_t i = 0; group && i < n; i++) {
        const struct procedure_component *c = procedure_component_of(p, put[i].code);
        if (c && c->one_of && strcmp(c->one_of, group) == 0)
            return true;
    }
    return false;
}

/* Of several of one kind the applicant chooses, and whose it is must be said by the form already:
 * what is put in stands for consent until it is filed, and may be taken out. */
int documents_prefill(const struct request *req, const struct id *owner, const struct procedure *p,
                      const char *answers, struct draft_content *c)
{
    CLEANUP(json_decrefp) json_t *form = answers ? json_loads(answers, 0, NULL) : NULL;
    CLEANUP(json_decrefp) json_t *none = json_object();
    struct procedure_need needs[PROCEDURE_COMPONENTS_MAX];
    size_t n = procedure_components_needed(p, form ? form : none, needs), put = 0;
    struct dossier_component *items = arena_array(req->arena, n, sizeof(*items));
    int done = 0;
    for (size_t i = 0; i < n && done == 0; i++) {
        const struct procedure_component *asked = needs[i].component;
        const struct document_want want = document_want_of(p, asked, form);
        struct document_offer *offers = NULL;
        size_t n_offers = 0, fitting = 0, at = 0;
        if (!needs[i].required || (asked->holder_at && !want.holder) ||
            group_has_one(p, items, put, asked->one_of))
            continue;
        done = documents_for(req, owner, &want, &offers, &n_offers);
        for (size_t j = 0; j < n_offers; j++) {
            at = offers[j].flaw == DOCUMENT_FIT ? j : at;
            fitting += offers[j].flaw == DOCUMENT_FIT;
        }
        if (fitting == 1)
            items[put++] =
                (struct dossier_component){.code = asked->code, .document = offers[at].document.id};
    }
    c->components = items;
    c->n_components = put;
    return done;
}
