/* What a check of a dossier found, told to who fills it in. */
#include "base/json.h"
#include "handlers/dossier/dossiers.h"

static json_t *needs_json(const struct request *req, const struct dossier_check *k)
{
    json_t *list = json_array();
    for (size_t i = 0; i < k->n_needs; i++) {
        const struct procedure_component *c = k->needs[i].component;
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s*, s:b}", "code", c->code, "name",
                            procedure_words((int)req->language, c->name, c->name_en), "one_of",
                            c->one_of, "required", (int)k->needs[i].required));
    }
    return list;
}

static json_t *bill_json(const struct request *req, const struct dossier_check *k)
{
    json_t *list = json_array();
    for (size_t i = 0; i < k->bill.n; i++) {
        const struct procedure_bill_line *l = &k->bill.lines[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:I, s:s*}", "code", l->fee->code, "name",
                            procedure_words((int)req->language, l->fee->name, l->fee->name_en),
                            "amount", (json_int_t)l->amount, "exemption",
                            l->exemption ? l->exemption->code : NULL));
    }
    return list;
}

static const char *agency_name(const struct request *req, const struct agency *a)
{
    return req->language == LANGUAGE_EN && a->name_en ? a->name_en : a->name;
}

json_t *dossier_review(const struct request *req, const struct dossier_check *k)
{
    json_t *problems = json_array();
    for (size_t i = 0; i < k->n_faults; i++) {
        const struct dossier_fault *f = &k->faults[i];
        json_array_append_new(problems, json_pack("{s:s, s:s}", "pointer", f->pointer, "detail",
                                                  req->language == LANGUAGE_EN ? f->en : f->vi));
    }
    json_t *body = json_pack("{s:b, s:o, s:o, s:o, s:I}", "complete", k->n_faults == 0, "problems",
                             problems, "needs", needs_json(req, k), "fees", bill_json(req, k),
                             "total", (json_int_t)k->bill.total);
    if (k->decider)
        json_object_set_new(body, "decider",
                            json_pack("{s:s, s:s}", "code", k->decider->code, "name",
                                      agency_name(req, k->decider)));
    if (k->desk)
        json_object_set_new(
            body, "desk",
            json_pack("{s:s, s:s}", "code", k->desk->code, "name", agency_name(req, k->desk)));
    return body;
}
