/* Papers of a dossier, as JSON and as PDF: forms 01 to 05, and the slip of each result. */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "domain/form/form.h"
#include "handlers/dossier/dossiers.h"
#include "handlers/dossier/results.h"
#include "handlers/identity/looks.h"

/* --- who gets which --------------------------------------------------------------------------- */

/* The control sheet is for offices; the rest for whose it is and who handles it. A slip goes with
 * its result: whose it is gets both once nothing is due any more. */
static bool may_get(const struct dossier *d, enum form_kind kind, unsigned see)
{
    if (kind == FORM_CONTROL)
        return (see & SEE_STAFF) != 0;
    bool held_back = kind == FORM_SLIP && !(see & SEE_AGENCY) && dossier_holds_back(d);
    return (see & (SEE_OWNER | SEE_AGENCY)) != 0 && !held_back;
}

static int find(struct request *req, struct reply *reply, struct dossier *d, unsigned *ret_see)
{
    int done = dossier_principal(req, reply, true);
    return done != 0 || reply_is_problem(reply) ? done : dossier_for(req, reply, d, ret_see);
}

/* --- the content ------------------------------------------------------------------------------ */

static const char *officer_name(void *ctx, const struct id *officer)
{
    const struct request *req = ctx;
    struct staff one;
    int done = staff_get(app_of(req)->store, officer, req->arena, &one);
    return done == 0 ? one.name : NULL;
}

/* Who applies is on all but the control sheet; an official's look at them is recorded. */
static int open_applicant(const struct request *req, const struct dossier *d, enum form_kind kind,
                          json_t **ret)
{
    const char *text = NULL;
    int done = 0;
    if (kind == FORM_CONTROL)
        return 0;
    if (req->who.role != ROLE_CITIZEN)
        done = app_look(req, &(struct app_look){.person = d->head.owner,
                                                .what = LOOK_NAME | LOOK_PHONE,
                                                .number = d->head.number});
    if (done == 0)
        done = dossier_applicant(&app_of(req)->people, d, req->arena, &text);
    if (done == 0 && text)
        *ret = json_loads(text, 0, NULL);
    return done == PERSON_ERASED ? 0 : done;
}

static int content_of(const struct request *req, const struct dossier *d, enum form_kind kind,
                      size_t result, json_t **ret)
{
    CLEANUP(app_world_release) struct app_world w = {0};
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    CLEANUP(json_decrefp) json_t *applicant = NULL;
    int done = open_applicant(req, d, kind, &applicant);
    if (done != 0)
        return done < 0 ? done : E_UNAVAILABLE;
    dossier_world_take(req, &w);
    struct form_source s = {
        .dossier = d,
        .procedure = procedure_version(book, d->procedure, d->version),
        .catalogue = w.catalogue,
        .applicant = applicant,
        .check = kind == FORM_SLIP ? result_code(req, d, result)
                                   : dossier_check_part(req, d->head.number),
        .result = result,
        .officer = officer_name,
        .ctx = (void *)(uintptr_t)req,
        .arena = req->arena,
    };
    s.link =
        kind == FORM_SLIP ? result_link(req, s.check) : progress_link(req, d->head.number, s.check);
    *ret = form_content(&s, kind);
    return *ret ? 0 : E_CORRUPT;
}

/* --- the paper -------------------------------------------------------------------------------- */

/* Made in the lane of tram-forms: who finds it full is asked to come back. */
static int reply_pdf(const struct request *req, struct reply *reply, const json_t *content,
                     const char *name)
{
    CLEANUP(media_result_release) struct media_result made = {0};
    size_t n = 0;
    const char *text = json_canonical(req->arena, content, &n);
    int done = media_decode(app_of(req)->forms,
                            &(struct media_input){.fd = -1, .bytes = text, .n = n}, &made);
    if (done != 0)
        return done < 0 ? done : E_UNAVAILABLE;
    reply_header(reply, "content-disposition",
                 arena_printf(req->arena, "inline; filename=\"%s.pdf\"", name));
    return reply_bytes(reply, 200, "application/pdf", made.large.bytes, made.large.n);
}

static int reply_form(const struct request *req, struct reply *reply, const struct dossier *d,
                      enum form_kind kind, size_t result)
{
    CLEANUP(json_decrefp) json_t *content = NULL;
    int done = content_of(req, d, kind, result, &content);
    if (done != 0)
        return done;
    reply_header(reply, "cache-control", "no-store");
    reply_header(reply, "vary", "accept");
    if (!request_prefers_also(req))
        return reply_json(reply, 200, json_incref(content));
    return reply_pdf(req, reply, content,
                     arena_printf(req->arena, "%s-%s", d->head.number, form_kinds[kind].name));
}

/* --- the routes ------------------------------------------------------------------------------- */

static int forms_get(struct request *req, struct reply *reply)
{
    struct dossier d = {0};
    unsigned see = 0;
    int done = find(req, reply, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    json_t *items = json_array();
    const char *id = app_id_text(req, &d.head.id);
    for (int kind = 1; kind < FORM_SLIP; kind++) {
        if (form_exists(&d, (enum form_kind)kind) && may_get(&d, (enum form_kind)kind, see))
            json_array_append_new(
                items, json_pack("{s:s, s:s, s:s}", "form", form_kinds[kind].name, "title",
                                 form_kinds[kind].label[req->language == LANGUAGE_EN], "href",
                                 arena_printf(req->arena, "/v1/dossiers/%s/forms/%s", id,
                                              form_kinds[kind].name)));
    }
    const struct dossier_result *results = d.results.items;
    for (size_t i = 0; i < d.results.n && may_get(&d, FORM_SLIP, see); i++)
        json_array_append_new(
            items, json_pack("{s:s, s:s, s:s}", "form", form_kinds[FORM_SLIP].name, "title",
                             form_kinds[FORM_SLIP].label[req->language == LANGUAGE_EN], "href",
                             arena_printf(req->arena, "/v1/dossiers/%s/results/%s/slip", id,
                                          app_id_text(req, &results[i].file))));
    reply_header(reply, "cache-control", "no-store");
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

static int form_get(struct request *req, struct reply *reply)
{
    struct dossier d = {0};
    unsigned see = 0;
    int kind = entity_enum_value(form_kinds, request_param(req, "form"));
    int done = find(req, reply, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (kind < FORM_RECEIPT || kind >= FORM_SLIP || !may_get(&d, (enum form_kind)kind, see) ||
        !form_exists(&d, (enum form_kind)kind))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return reply_form(req, reply, &d, (enum form_kind)kind, 0);
}

static int slip_get(struct request *req, struct reply *reply)
{
    struct dossier d = {0};
    struct id file;
    unsigned see = 0;
    size_t i = 0;
    int done = find(req, reply, &d, &see);
    if (done != 0 || reply_is_problem(reply))
        return done;
    const struct dossier_result *results = d.results.items;
    bool known = request_param_id(req, "file", &file);
    while (known && i < d.results.n && !id_equal(&results[i].file, &file))
        i++;
    if (!known || i == d.results.n || !may_get(&d, FORM_SLIP, see))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return reply_form(req, reply, &d, FORM_SLIP, i);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

#define WHO (ROLE_CITIZEN | ROLE_OFFICER | ROLE_LEADER | ROLE_INSPECTOR)

const struct route dossier_form_routes[] = {
    {.method = GET,
     .path = "/v1/dossiers/{id}/forms",
     .operation = "dossierForms",
     .summary = "The papers that a dossier has by now",
     .tag = "dossiers",
     .run = forms_get,
     .who = WHO,
     .level = LEVEL_TWO,
     .reply_schema = "DossierForms",
     .problems = problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/dossiers/{id}/forms/{form}",
     .operation = "dossierForm",
     .summary = "Form 01, 02, 03, 04 or 05: its content, or as a PDF (A5) to be printed",
     .tag = "dossiers",
     .run = form_get,
     .who = WHO,
     .level = LEVEL_TWO,
     .reply_schema = "DossierForm",
     .also_type = "application/pdf",
     .problems = problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {.method = GET,
     .path = "/v1/dossiers/{id}/results/{file}/slip",
     .operation = "dossierResultSlip",
     .summary = "The slip of a result, with the code by which it is checked",
     .tag = "dossiers",
     .run = slip_get,
     .who = WHO,
     .level = LEVEL_TWO,
     .reply_schema = "DossierForm",
     .also_type = "application/pdf",
     .problems = problems,
     .rate = RATE_READ,
     .flags = ROUTE_ACTING},
    {0},
};
