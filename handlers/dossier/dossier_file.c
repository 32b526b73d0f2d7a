/* Filing a draft: checked once more, its files taken, a code given; it happens once. */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/dossier/documents.h"
#include "handlers/media/files.h"
#include "handlers/rights/consents.h"

void dossier_world_take(const struct request *req, struct app_world *ret)
{
    app_world_take(req, ret);
    ret->world.settings = &app_of(req)->dossier;
}

/* Who applies, as they were identified then: a later change of the account changes nothing here. */
static int applicant_of(const struct request *req, const struct id *owner, const char **ret,
                        struct id *ret_card)
{
    CLEANUP(json_decrefp) json_t *words = NULL;
    size_t n = 0;
    int done = dossier_applicant_now(req, owner, &words, ret_card);
    if (done == 0)
        *ret = json_canonical(req->arena, words, &n);
    return done;
}

struct dossier_plan *dossier_plan_of(const struct request *req, const struct procedure *p,
                                     size_t *ret_n)
{
    const struct procedure_step *steps = p->steps.items;
    struct dossier_plan *plan = arena_array(req->arena, p->steps.n, sizeof(*plan));
    for (size_t i = 0; i < p->steps.n; i++)
        plan[i] = (struct dossier_plan){.name = steps[i].name,
                                        .unit = steps[i].unit,
                                        .role = entity_enum_name(procedure_roles, steps[i].role),
                                        .share = steps[i].share};
    *ret_n = p->steps.n;
    return plan;
}

/* Every file becomes the dossier's; papers of the store are named by it. */
static int attach(const struct request *req, struct reply *reply, const struct draft *d,
                  const struct dossier_check *k, const struct id *dossier,
                  struct dossier_component *items)
{
    const struct files_wanted want = {
        .case_id = *dossier, .takes = UPLOAD_ANY, .also = d->again_of, .known = true};
    int done = 0;
    for (size_t i = 0; i < d->components.n && done == 0; i++) {
        if (k->documents[i])
            done = document_put_in(req, dossier, k->documents[i], &items[i]);
    }
    return done == 0 ? dossier_attach(req, reply, &want, items, d->components.n) : done;
}

static int compose(const struct request *req, const struct dossier_source *s,
                   const struct dossier_check *k, struct dossier_filing *ret)
{
    const struct draft *d = s->draft;
    *ret = (struct dossier_filing){
        .owner = d->owner,
        .actor = req->who.subject,
        .desk = k->desk->code,
        .decider = k->decider->code,
        .procedure = d->procedure,
        .field = k->procedure->field,
        .commune = k->commune,
        .version = d->version,
        .channel = DOSSIER_ONLINE,
        .subject = d->subject,
        .time_unit = (int)k->unit,
        .time = k->time,
        .fee = k->bill.total,
        .fetch = d->fetch,
        .components = d->components.items,
        .n_components = d->components.n,
        .form = s->answers,
        .again_of = d->again_of,
        .draft = d,
    };
    ret->plan = dossier_plan_of(req, k->procedure, &ret->n_plan);
    return applicant_of(req, &d->owner, &ret->applicant, &ret->card);
}

/* `words`: as they were sealed just now; NULL: they are opened. */
static int reply_filed(const struct request *req, struct reply *reply, const struct dossier *d,
                       const struct dossier_opened *words)
{
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/dossiers/%s", app_id_text(req, &d->head.id)));
    return words ? dossier_reply_opened(req, reply, d, words, SEE_OWNER, 201)
                 : dossier_reply(req, reply, d, SEE_OWNER, 201);
}

/*
 * A draft is filed once, by whichever of those who may: whoever files it again is answered the
 * dossier that it became, though the draft is gone. STORE_ABSENT: it was not filed.
 */
static int filed_before(const struct request *req, struct reply *reply, const struct id *id)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d;
    const char *key = request_header(req, "idempotency-key");
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    struct store_write write =
        store_write_keyed("dossier.file", &req->who.subject, key, body, n_body);
    int done = store_get(app_of(req)->store, &dossier_collection, id, &doc);
    if (done == 0)
        done = dossier_decode(doc, req->arena, &d);
    if (done != 0)
        return done;
    if (store_wrote_otherwise(doc, &write))
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    if (!id_equal(&d.head.owner, &req->principal->id) || !dossier_in_scope(req, d.procedure))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return reply_filed(req, reply, &d, NULL);
}

static int file(const struct request *req, struct reply *reply, const struct dossier_source *s,
                const struct dossier_check *k, const struct id *id, const struct case_world *w)
{
    const struct draft *d = s->draft;
    struct dossier_filing f;
    struct dossier filed;
    struct dossier_component *items =
        arena_dup(req->arena, d->components.items, d->components.n * sizeof(*items));
    dossier_refuse(reply, k);
    if (k->n_documents > 0 && !reply_is_problem(reply))
        documents_consented(req, reply);
    if (reply_is_problem(reply))
        return 0;
    int done = compose(req, s, k, &f);
    if (done == 0)
        done = attach(req, reply, d, k, id, items);
    f.components = items;
    if (done == 0 && k->n_documents > 0 && !reply_is_problem(reply))
        done = consent_note_documents(req, id, false); /* first: the proof of a yes */
    if (done != 0 || reply_is_problem(reply))
        return reply_is_problem(reply) && done > 0 ? 0 : done;
    size_t n_body = 0;
    const void *body = app_digest_body(req, &n_body);
    done = dossier_file(&app_of(req)->people, &f, request_header(req, "idempotency-key"), body,
                        n_body, w, req->arena, &filed);
    if (done == DOSSIER_KEY_REUSED) /* another was faster with this draft */
        return filed_before(req, reply, id);
    if (done != 0 && done != DOSSIER_REPEATED)
        return done < 0 ? done : app_reply_store(reply, done);
    const struct dossier_opened words = {.applicant = f.applicant, .form = f.form, .opened = true};
    return reply_filed(req, reply, &filed, done == 0 ? &words : NULL);
}

int dossier_post(struct request *req, struct reply *reply)
{
    int done = dossier_principal(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(app_world_release) struct app_world w;
    dossier_world_take(req, &w);
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    struct id id, draft_id;
    struct draft d;
    struct dossier_source source;
    struct dossier_check k = {0};
    id_parse(json_string_value(json_object_get(req->json, "draft")), &draft_id);
    id = dossier_of_draft(&draft_id);
    done = draft_get(app_of(req)->store, &draft_id, req->arena, &d);
    int filed = done < 0 ? done : filed_before(req, reply, &id);
    if (filed != STORE_ABSENT)
        return filed;
    if (done > 0 || !id_equal(&d.owner, &req->principal->id) || !dossier_in_scope(req, d.procedure))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    json_t *revision = json_object_get(req->json, "revision");
    if (revision && json_integer_value(revision) != d.revision)
        return reply_problem(reply, PROBLEM_REVISED, NULL);
    done = dossier_source(req, &d, &source);
    if (done == 0)
        done = dossier_check(req, &source, book, w.catalogue, &k);
    if (done == 0)
        done = file(req, reply, &source, &k, &id, &w.world);
    json_decref(k.answers);
    if (done == PERSON_ERASED) /* another was faster with this draft, or threw it away */
        done = filed_before(req, reply, &id);
    return done == STORE_ABSENT ? reply_problem(reply, PROBLEM_NOT_FOUND, NULL) : done;
}

int dossier_became(struct request *req, struct reply *reply, const struct id *draft)
{
    static const char *const filed[2] = {"Hồ sơ này đã được nộp", "This dossier was filed"};
    struct dossier d;
    const struct id became = dossier_of_draft(draft);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(app_of(req)->store, &dossier_collection, &became, &doc);
    if (done == 0)
        done = dossier_decode_row(doc, req->arena, &d);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&d.head.owner, &req->principal->id) ||
        !dossier_in_scope(req, d.procedure))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = reply_problem_words(reply, PROBLEM_GONE, filed);
    reply_extra(reply, "dossier", json_string(app_id_text(req, &became)));
    return done;
}
