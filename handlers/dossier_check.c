/* A draft held against its procedure: everything that is not right yet, at once. */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/dossiers.h"
#include "media/upload.h"

static void fault(struct dossier_check *k, const char *pointer, const char *vi, const char *en)
{
    if (k->n_faults < DOSSIER_FAULTS_MAX)
        k->faults[k->n_faults++] = (struct dossier_fault){pointer, vi, en};
}

/* --- the form --------------------------------------------------------------------------------- */

static int check_form(const struct request *req, const struct draft *d, struct dossier_check *k)
{
    const char *text = NULL;
    int done = draft_answers(&app_of(req)->people, d, req->arena, &text);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    if (text)
        k->answers = json_loads(text, 0, NULL);
    const struct schema *form = procedure_form(k->procedure);
    if (!form)
        return 0;
    if (!k->answers) {
        fault(k, "/form", "Chưa điền tờ khai", "The form is not filled in");
        return 0;
    }
    struct schema_violations violations;
    done = schema_check(form, k->answers, req->arena, NULL, &violations);
    if (done == SCHEMA_TOO_COSTLY)
        fault(k, "/form", "Nội dung quá phức tạp", "The form is too complex");
    for (size_t i = 0; done == SCHEMA_VIOLATED && i < violations.n; i++) {
        const struct schema_violation *v = &violations.items[i];
        fault(k, arena_printf(req->arena, "/form%s", v->pointer), v->vi, v->en);
    }
    return done < 0 ? done : 0;
}

/* --- papers ----------------------------------------------------------------------------------- */

static bool asked_for(const struct dossier_check *k, const char *code)
{
    for (size_t i = 0; i < k->n_needs; i++) {
        if (strcmp(k->needs[i].component->code, code) == 0)
            return true;
    }
    return false;
}

static int check_files(const struct request *req, const struct dossier_component *c, size_t at,
                       struct dossier_check *k)
{
    const struct case_media *files = c->files.items;
    for (size_t i = 0; i < c->files.n; i++) {
        struct upload u;
        int done = upload_get(app_of(req)->store, &files[i].id, req->arena, &u);
        if (done < 0)
            return done;
        if (done > 0 || u.state != UPLOAD_SOUND)
            fault(k, arena_printf(req->arena, "/components/%zu/files/%zu", at, i),
                  "Tệp này chưa tải lên xong, bị từ chối hoặc đã hết hạn",
                  "This file is not complete, was refused, or has expired");
    }
    return 0;
}

/* The form that is filled in here, which some procedures list among the papers. */
static bool is_the_form(const struct procedure_component *c)
{
    return c->copy == PROCEDURE_ELECTRONIC && !c->document;
}

static int check_papers(const struct request *req, const struct draft *d, struct dossier_check *k)
{
    const struct dossier_component *items = d->components.items;
    const char *codes[DOSSIER_COMPONENTS_MAX + PROCEDURE_COMPONENTS_MAX];
    size_t n = 0;
    int done = 0;
    k->n_needs = procedure_components_needed(k->procedure, k->answers, k->needs);
    for (size_t i = 0; i < k->n_needs; i++) {
        if (is_the_form(k->needs[i].component) && k->answers)
            codes[n++] = k->needs[i].component->code;
    }
    for (size_t i = 0; i < d->components.n && done == 0; i++) {
        const struct dossier_component *c = &items[i];
        if (c->files.n > 0 || !id_is_nil(&c->document) || c->copies > 0)
            codes[n++] = c->code;
        if (!asked_for(k, c->code))
            fault(k, arena_printf(req->arena, "/components/%zu/code", i),
                  "Giấy tờ này không cần cho hồ sơ như đã khai",
                  "This paper is not needed by what the form says");
        done = check_files(req, c, i, k);
    }
    const struct procedure_component *lacks = procedure_lacks(k->needs, k->n_needs, codes, n);
    if (lacks)
        fault(k, "/components", arena_printf(req->arena, "Còn thiếu: %s", lacks->name),
              arena_printf(req->arena, "Missing: %s",
                           procedure_words(PROCEDURE_EN, lacks->name, lacks->name_en)));
    return done;
}

/* --- where it goes ---------------------------------------------------------------------------- */

static void check_desk(const struct request *req, const struct draft *d, const struct catalogue *c,
                       struct dossier_check *k)
{
    (void)req;
    k->commune = procedure_commune(k->procedure, k->answers);
    k->decider = procedure_deciding_agency(k->procedure, c, k->commune);
    if (!k->decider)
        fault(k, k->procedure->commune_at ? "/form" : "/procedure",
              "Chưa xác định được cơ quan giải quyết từ tờ khai",
              "The form does not say yet which agency decides");
    k->desk = d->desk ? catalogue_agency(c, d->desk) : k->decider;
    bool open = k->desk && k->desk->active;
    bool ours = k->decider && k->desk && strcmp(k->desk->code, k->decider->code) == 0;
    bool any = k->procedure->anywhere && k->desk && k->desk->kind == AGENCY_COMMUNE;
    if (d->desk && (!open || (k->decider && !ours && !any)))
        fault(k, "/desk", "Bộ phận một cửa này không tiếp nhận thủ tục này",
              "This desk does not receive this procedure");
}

static void check_time_and_fee(const struct draft *d, struct dossier_check *k)
{
    if (!procedure_duration(k->procedure, PROCEDURE_ONLINE, &k->unit, &k->time))
        k->time = 0;
    procedure_fee(k->procedure, PROCEDURE_ONLINE, k->answers, d->exemptions.items, d->exemptions.n,
                  &k->bill);
}

int dossier_check(const struct request *req, const struct draft *d, const struct procedure_book *b,
                  const struct catalogue *c, struct dossier_check *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->procedure = procedure_version(b, d->procedure, d->version);
    if (!ret->procedure)
        return E_CORRUPT; /* versions are never removed */
    if (!procedure_in_force(ret->procedure, req->now_ms))
        fault(ret, "/procedure", "Thủ tục đã có phiên bản mới; hãy tạo hồ sơ mới từ bản nháp này",
              "The procedure has a newer version; begin again from this draft");
    else if (!procedure_fileable(ret->procedure))
        fault(ret, "/procedure", "Thủ tục này chưa nộp trực tuyến được",
              "This procedure cannot be filed online");
    int done = check_form(req, d, ret);
    if (done == 0)
        done = check_papers(req, d, ret);
    check_desk(req, d, c, ret);
    check_time_and_fee(d, ret);
    if (!d->fetch)
        fault(ret, "/fetch", "Chưa chọn cách nhận kết quả",
              "How the result is to be given is not chosen");
    return done;
}
