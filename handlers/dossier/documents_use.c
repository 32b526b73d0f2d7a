/* Dossiers that use papers of the document store: consent, steps, and what is shown of them. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/dossier/documents.h"
#include "handlers/identity/looks.h"
#include "handlers/rights/consents.h"

int documents_consented(const struct request *req, struct reply *reply)
{
    if (json_is_true(json_object_get(req->json, "documents_consent")))
        return 0;
    return reply_invalid(
        reply, "/documents_consent",
        "Hồ sơ dùng giấy tờ trong kho của bạn: cần bạn đồng ý cho riêng hồ sơ này",
        "Papers of your document store are used: say that you consent to it for this dossier");
}

int document_put_in(const struct request *req, const struct id *case_id, const struct document *d,
                    struct dossier_component *c)
{
    const struct case_media *files = d->files.items;
    struct file_use *uses = arena_array(req->arena, d->files.n, sizeof(*uses));
    c->document = d->id;
    c->files = d->files;
    for (size_t i = 0; i < d->files.n; i++)
        uses[i] = (struct file_use){
            .file = files[i].id, .used_by = *case_id, .document = d->id, .at_ms = req->now_ms};
    return file_uses_note(app_of(req)->store, uses, d->files.n);
}

int documents_open_to(const struct request *req, const struct id *dossier, bool *ret)
{
    return consent_allows_documents(app_of(req), dossier, req->arena, ret);
}

/* --- steps ------------------------------------------------------------------------------------ */

/* What a dossier's version asks for, by its answers. */
struct asking {
    const struct procedure *procedure;
    json_t *answers;
};

static int ask(const struct request *req, const struct dossier *d, const struct procedure_book *b,
               struct asking *ret)
{
    const char *form = NULL;
    *ret = (struct asking){.procedure = procedure_version(b, d->procedure, d->version)};
    if (!ret->procedure)
        return E_CORRUPT;
    int done = dossier_form(&app_of(req)->people, d, req->arena, &form);
    ret->answers = form ? json_loads(form, 0, NULL) : NULL;
    return done < 0 ? done : 0;
}

static bool want_of(const struct asking *k, const char *code, struct document_want *ret)
{
    const struct procedure_component *c = procedure_component_of(k->procedure, code);
    *ret = c ? document_want_of(k->procedure, c, k->answers) : (struct document_want){0};
    return ret->type != NULL;
}

static int supply(const struct request *req, struct reply *reply, const struct dossier *d,
                  const struct asking *k, struct dossier_act *act)
{
    struct dossier_component *items =
        arena_dup(req->arena, act->components, act->n_components * sizeof(*items));
    size_t used = 0;
    int done = 0;
    for (size_t i = 0; i < act->n_components && done >= 0; i++) {
        struct document_want want;
        struct document named;
        enum document_flaw flaw = DOCUMENT_FIT;
        const char *at = arena_printf(req->arena, "/components/%zu/document", i);
        if (id_is_nil(&items[i].document))
            continue;
        want_of(k, items[i].code, &want);
        done = document_named(req, &d->head.owner, &items[i].document, &want, &named, &flaw);
        if (done > 0 || req->who.role != ROLE_CITIZEN)
            reply_invalid(reply, at, "Không có giấy tờ này trong kho của bạn",
                          "Your document store has no such paper");
        else if (done == 0 && flaw != DOCUMENT_FIT)
            reply_invalid(reply, at, document_flaws[flaw].vi, document_flaws[flaw].en);
        else if (done == 0)
            done = document_put_in(req, &d->head.id, &named, &items[i]);
        used++;
    }
    act->components = items;
    if (done < 0 || used == 0 || reply_is_problem(reply))
        return done < 0 ? done : 0;
    documents_consented(req, reply);
    return reply_is_problem(reply) ? 0 : consent_note_documents(req, &d->head.id, true);
}

static json_t *held_json(const struct request *req, const char *code, const struct document *d)
{
    char text[ID_TEXT], at[CLOCK_TEXT], until[CLOCK_TEXT];
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *office = catalogue_agency(c, d->office);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*}", "component", code, "id",
                     id_format(&d->id, text), "type", d->type, "name",
                     document_type_words(req, d->type), "verified_at",
                     clock_format(d->verified_ms, at), "valid_until",
                     d->until_ms ? clock_format(d->until_ms, until) : NULL, "office", d->office,
                     "office_name", office ? office->name : NULL);
}

/*
 * A paper that whose it is need not give again: it may be asked to use it, which is no asking for
 * papers; or asked for all the same with a reason, which is counted (NĐ 224/2026: given once).
 */
static int hold_against_store(const struct request *req, struct reply *reply,
                              const struct dossier *d, const struct asking *k,
                              struct dossier_act *act)
{
    struct dossier_component *items =
        arena_dup(req->arena, act->components, act->n_components * sizeof(*items));
    CLEANUP(json_decrefp) json_t *held = json_array();
    int done = 0;
    for (size_t i = 0; i < act->n_components && done == 0; i++) {
        struct document_want want;
        const struct document_offer *there = NULL;
        struct id named = items[i].document;
        items[i].document = items[i].offered = (struct id){0};
        if (items[i].verdict <= DOSSIER_FIT || !want_of(k, items[i].code, &want)) {
            items[i].despite = NULL;
            continue;
        }
        done = document_fitting(req, &d->head.owner, &want, &d->head.id, &there);
        if (done == 0 && !there)
            items[i].despite = NULL;
        if (done != 0 || !there)
            continue;
        items[i].offered = there->document.id;
        if (!items[i].despite && !id_equal(&named, &there->document.id))
            json_array_append_new(held, held_json(req, items[i].code, &there->document));
    }
    act->components = items;
    if (done != 0 || json_array_size(held) == 0)
        return done;
    done = app_look(req, &(struct app_look){.person = d->head.owner,
                                            .what = LOOK_DOCUMENT,
                                            .number = d->head.number});
    if (done != 0)
        return done;
    reply_problem(reply, PROBLEM_GIVEN_BEFORE, NULL);
    reply_extra(reply, "documents", json_incref(held));
    return 0;
}

/* Whoever accepts or decides sees that what was taken from the store holds now. */
static int look_once_more(const struct request *req, struct reply *reply, const struct dossier *d,
                          const struct asking *k, bool ended_only)
{
    const struct dossier_component *items = d->components.items;
    bool open = true;
    int done = 0;
    for (size_t i = 0; i < d->components.n && done >= 0; i++) {
        struct document now;
        struct document_want want;
        enum document_flaw flaw = DOCUMENT_FIT;
        if (id_is_nil(&items[i].document))
            continue;
        want_of(k, items[i].code, &want);
        done = document_get(app_of(req)->store, &items[i].document, req->arena, &now);
        if (done == 0)
            flaw = document_fits(&now, NULL, &want, req->now_ms);
        if (done > 0 || !id_equal(&now.owner, &d->head.owner))
            flaw = DOCUMENT_OVER;
        if (done >= 0 && flaw == DOCUMENT_FIT)
            done = documents_open_to(req, &d->head.id, &open);
        if (ended_only && flaw != DOCUMENT_OVER)
            flaw = DOCUMENT_FIT;
        const char *at = arena_printf(req->arena, "/components/%zu/document", i);
        if (flaw != DOCUMENT_FIT)
            reply_invalid(reply, at, document_flaws[flaw].vi, document_flaws[flaw].en);
        else if (!open)
            reply_invalid(reply, at, "Người nộp đã rút sự đồng ý dùng giấy tờ trong kho",
                          "The applicant withdrew the consent to use papers of the store");
    }
    return done < 0 ? done : 0;
}

static bool is_verb(const struct dossier_act *act, const char *verb)
{
    return strcmp(act->act.verb, verb) == 0;
}

static void refuse_named(const struct request *req, struct reply *reply,
                         const struct dossier_act *act)
{
    for (size_t i = 0; i < act->n_components; i++) {
        if (!id_is_nil(&act->components[i].document))
            reply_invalid(reply, arena_printf(req->arena, "/components/%zu/document", i),
                          "Bước này không dùng giấy tờ trong kho",
                          "This step uses no papers of the store");
    }
}

int documents_for_step(const struct request *req, struct reply *reply, const struct dossier *d,
                       struct dossier_act *act)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    bool supplies = is_verb(act, "supply"), asks = is_verb(act, "supplement"),
         receives = is_verb(act, "receive"), finishes = is_verb(act, "finish");
    struct asking k = {0};
    if (!supplies && !asks)
        refuse_named(req, reply, act);
    if (reply_is_problem(reply) || (!supplies && !asks && !receives && !finishes))
        return 0;
    int done = ask(req, d, book, &k);
    if (done == 0 && supplies)
        done = supply(req, reply, d, &k, act);
    else if (done == 0 && asks)
        done = hold_against_store(req, reply, d, &k, act);
    else if (done == 0)
        done = look_once_more(req, reply, d, &k, finishes);
    json_decref(k.answers);
    return done;
}

/* --- shown ------------------------------------------------------------------------------------ */

struct showing {
    const struct request *req;
    struct buf *out;
    unsigned see;
    bool any;
};

/* `role`: "used" in the dossier, "offered" for it, "made" of it. */
static int add_one(struct showing *s, const struct document *d, const char *component,
                   const char *role, bool opened)
{
    buf_printf(s->out, "%s{\"role\":\"%s\",\"component\":", s->any ? "," : "", role);
    buf_add_json_str(s->out, component, strlen(component));
    buf_add_str(s->out, ",");
    int done = document_add_members(s->req, d, s->see & (SEE_OWNER | SEE_AGENCY), opened, s->out);
    buf_add_str(s->out, "}");
    s->any = true;
    return done;
}

static int add_named(struct showing *s, const struct dossier_component *c, bool open)
{
    const struct {
        const struct id *id;
        const char *role;
        bool opened;
    } named[] = {{&c->document, "used", open}, {&c->offered, "offered", s->see & SEE_OWNER}};
    int done = 0;
    for (size_t i = 0; i < ARRAY_LEN(named) && done == 0; i++) {
        struct document d;
        if (id_is_nil(named[i].id))
            continue;
        done = document_get(app_of(s->req)->store, named[i].id, s->req->arena, &d);
        if (done == 0)
            done = add_one(s, &d, c->code, named[i].role, named[i].opened);
        done = done == STORE_ABSENT ? 0 : done;
    }
    return done;
}

static int add_offers(const struct request *req, const struct dossier *d, struct buf *out)
{
    const struct dossier_component *items = d->components.items;
    struct procedure_need needs[PROCEDURE_COMPONENTS_MAX];
    struct asking k = {0};
    size_t n = 0;
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    int done = ask(req, d, book, &k);
    for (size_t i = 0; i < d->components.n && done == 0; i++) {
        needs[n].component = procedure_component_of(k.procedure, items[i].code);
        if (items[i].verdict > DOSSIER_FIT && needs[n].component && n + 1 < ARRAY_LEN(needs))
            n++;
    }
    buf_add_str(out, ",\"offers\":");
    if (done == 0)
        done = documents_add_offers(req, &d->head.owner, k.procedure, needs, n, k.answers, out);
    json_decref(k.answers);
    return done;
}

int documents_add(const struct request *req, const struct dossier *d, unsigned see, struct buf *out)
{
    const struct dossier_component *items = d->components.items;
    struct showing s = {.req = req, .out = out, .see = see};
    struct document *made = NULL;
    size_t n = 0;
    bool open = true, used = false;
    if (!(see & (SEE_OWNER | SEE_AGENCY)))
        return 0;
    int done = 0;
    for (size_t i = 0; i < d->components.n && !used; i++)
        used = !id_is_nil(&items[i].document);
    if (used && !(see & SEE_OWNER)) /* whose it is sees it whatever they consent to */
        done = documents_open_to(req, &d->head.id, &open);
    buf_add_str(out, ",\"documents\":[");
    for (size_t i = 0; i < d->components.n && done == 0; i++)
        done = add_named(&s, &items[i], open);
    if (done == 0 && d->received_ms)
        done = document_of_case(app_of(req)->store, &d->head.id, req->arena, &made, &n);
    for (size_t i = 0; i < n && done == 0; i++)
        done = add_one(&s, &made[i], made[i].part, "made", true);
    buf_add_str(out, "]");
    if (done == 0 && (see & SEE_OWNER) && d->head.state == DOSSIER_SUPPLEMENT)
        done = add_offers(req, d, out);
    return done;
}
