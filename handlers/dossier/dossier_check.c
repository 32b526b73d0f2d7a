/* A draft held against its procedure: everything that is not right yet, at once. */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/dossier/documents.h"
#include "media/upload.h"

static void fault(struct dossier_check *k, const char *pointer, const char *vi, const char *en)
{
    if (k->n_faults < DOSSIER_FAULTS_MAX)
        k->faults[k->n_faults++] = (struct dossier_fault){pointer, vi, en};
}

/* --- the form --------------------------------------------------------------------------------- */

static bool at_desk(const struct dossier_source *s)
{
    return s->channel != PROCEDURE_ONLINE;
}

static int check_form(const struct request *req, const struct dossier_source *s,
                      struct dossier_check *k)
{
    if (s->answers)
        k->answers = json_loads(s->answers, 0, NULL);
    const struct schema *form = procedure_form(k->procedure);
    if (!form)
        return 0;
    if (!k->answers) {
        if (!at_desk(s)) /* there it is a paper among the others */
            fault(k, "/form", "Chưa điền tờ khai", "The form is not filled in");
        return 0;
    }
    struct schema_violations violations;
    int done = schema_check(form, k->answers, req->arena, NULL, &violations);
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

/* What holds for a time, or must not be old: by the day that stands on it, where that is said. */
static void check_issued(const struct request *req, const struct dossier_component *c, size_t at,
                         struct dossier_check *k)
{
    const struct procedure_component *asked = procedure_component_of(k->procedure, c->code);
    if (!c->issued_on || !id_is_nil(&c->document) || !asked || !asked->document)
        return;
    const struct document_want want = document_want_of(k->procedure, asked, k->answers);
    const struct document given = document_given(want.type, want.about, c->issued_on);
    enum document_flaw flaw = document_fits(&given, NULL, &want, req->now_ms);
    if (flaw != DOCUMENT_FIT)
        fault(k, arena_printf(req->arena, "/components/%zu/issued_on", at), document_flaws[flaw].vi,
              document_flaws[flaw].en);
}

/* A paper of the store: theirs, of the kind that is asked for, and it holds. */
static int check_document(const struct request *req, const struct dossier_source *s,
                          const struct dossier_component *c, size_t at, struct dossier_check *k)
{
    const struct procedure_component *asked = procedure_component_of(k->procedure, c->code);
    const char *pointer = arena_printf(req->arena, "/components/%zu/document", at);
    struct document *named = ARENA_NEW(req->arena, struct document);
    enum document_flaw flaw = DOCUMENT_FIT;
    if (id_is_nil(&c->document) || !asked)
        return 0;
    const struct document_want want = document_want_of(k->procedure, asked, k->answers);
    /* At a desk, only with what the holder permits there. */
    int done = id_is_nil(&s->draft->owner)
                   ? STORE_ABSENT
                   : document_named(req, &s->draft->owner, &c->document, &want, named, &flaw);
    if (done > 0)
        fault(k, pointer, "Không có giấy tờ này trong kho của bạn",
              "Your document store has no such paper");
    else if (done == 0 && flaw != DOCUMENT_FIT)
        fault(k, pointer, document_flaws[flaw].vi, document_flaws[flaw].en);
    k->documents[at] = named;
    k->n_documents++;
    return done < 0 ? done : 0;
}

/* The form that is filled in here, which some procedures list among the papers. */
static bool is_the_form(const struct procedure_component *c)
{
    return c->copy == PROCEDURE_ELECTRONIC && !c->document;
}

/* What a form on paper says is not known here: what its conditions ask for is the officer's to see.
 */
static void pass_over_conditions(struct dossier_check *k)
{
    for (size_t i = 0; !k->answers && i < k->n_needs; i++)
        k->needs[i].required &= k->needs[i].component->when == NULL;
}

static int check_papers(const struct request *req, const struct dossier_source *s,
                        struct dossier_check *k)
{
    const struct draft *d = s->draft;
    const struct dossier_component *items = d->components.items;
    const char *codes[DOSSIER_COMPONENTS_MAX + PROCEDURE_COMPONENTS_MAX];
    size_t n = 0;
    int done = 0;
    k->n_needs = procedure_components_needed(k->procedure, k->answers, k->needs);
    k->documents = arena_array(req->arena, d->components.n, sizeof(*k->documents));
    if (at_desk(s))
        pass_over_conditions(k);
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
        check_issued(req, c, i, k);
        done = check_files(req, c, i, k);
        if (done == 0)
            done = check_document(req, s, c, i, k);
    }
    const struct procedure_component *lacks = procedure_lacks(k->needs, k->n_needs, codes, n);
    if (lacks)
        fault(k, "/components", arena_printf(req->arena, "Còn thiếu: %s", lacks->name),
              arena_printf(req->arena, "Missing: %s",
                           procedure_words(PROCEDURE_EN, lacks->name, lacks->name_en)));
    return done;
}

/* --- where it goes ---------------------------------------------------------------------------- */

/* At the desk of any commune, whatever the place (NĐ 118/2025: phi địa giới); online where the
 * procedure says so. */
static bool takes_any(const struct dossier_source *s, const struct dossier_check *k)
{
    return (k->procedure->anywhere || at_desk(s)) && k->desk && k->desk->kind == AGENCY_COMMUNE;
}

static void check_desk(const struct dossier_source *s, const struct catalogue *c,
                       struct dossier_check *k)
{
    const struct draft *d = s->draft;
    const char *said = procedure_commune(k->procedure, k->answers);
    k->commune = said ? said : s->commune;
    k->decider = procedure_deciding_agency(k->procedure, c, k->commune);
    if (!k->decider)
        fault(k,
              at_desk(s) && !said        ? "/commune"
              : k->procedure->commune_at ? "/form"
                                         : "/procedure",
              "Chưa xác định được cơ quan giải quyết từ tờ khai",
              "The form does not say yet which agency decides");
    k->desk = d->desk ? catalogue_agency(c, d->desk) : k->decider;
    bool open = k->desk && k->desk->active;
    bool ours = k->decider && k->desk && strcmp(k->desk->code, k->decider->code) == 0;
    if (d->desk && (!open || (k->decider && !ours && !takes_any(s, k))))
        fault(k, "/desk", "Bộ phận một cửa này không tiếp nhận thủ tục này",
              "This desk does not receive this procedure");
}

static void check_time_and_fee(const struct dossier_source *s, struct dossier_check *k)
{
    const struct text_words *exemptions = &s->draft->exemptions;
    if (!procedure_duration(k->procedure, s->channel, &k->unit, &k->time) &&
        !(at_desk(s) && procedure_duration(k->procedure, PROCEDURE_IN_PERSON, &k->unit, &k->time)))
        k->time = 0;
    procedure_fee(k->procedure, s->channel, k->answers, exemptions->items, exemptions->n, &k->bill);
}

static void check_procedure(const struct request *req, const struct dossier_source *s,
                            const struct procedure_book *b, struct dossier_check *k)
{
    const struct procedure *p = k->procedure;
    if (!procedure_in_force(p, req->now_ms) && procedure_at(b, p->code, req->now_ms))
        fault(k, "/procedure_version",
              "Thủ tục đã có phiên bản mới; hãy chuyển bản nháp này sang phiên bản đó",
              "The procedure has a newer version; take this draft over to it");
    else if (!procedure_in_force(p, req->now_ms))
        fault(k, "/procedure", "Thủ tục này không còn hiệu lực",
              "This procedure is no longer in force");
    else if (!at_desk(s) && !procedure_fileable(p))
        fault(k, "/procedure", "Thủ tục này chưa nộp trực tuyến được",
              "This procedure cannot be filed online");
    else if (at_desk(s) && (p->place != PROCEDURE_HERE || p->components.n == 0 || k->time == 0))
        fault(k, "/procedure", "Thủ tục này không nộp tại tỉnh, hoặc chưa có thành phần, thời hạn",
              "This procedure is not filed in the province, or has no components or time yet");
}

int dossier_source(const struct request *req, const struct draft *d, struct dossier_source *ret)
{
    *ret = (struct dossier_source){.draft = d, .channel = PROCEDURE_ONLINE};
    int done = draft_answers(&app_of(req)->people, d, req->arena, &ret->answers);
    return done;
}

int dossier_check(const struct request *req, const struct dossier_source *s,
                  const struct procedure_book *b, const struct catalogue *c,
                  struct dossier_check *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->procedure = procedure_version(b, s->draft->procedure, s->draft->version);
    if (!ret->procedure)
        return E_CORRUPT; /* versions are never removed */
    int done = check_form(req, s, ret);
    if (done == 0)
        done = check_papers(req, s, ret);
    check_desk(s, c, ret);
    check_time_and_fee(s, ret);
    check_procedure(req, s, b, ret);
    if (!s->draft->fetch)
        fault(ret, "/fetch", "Chưa chọn cách nhận kết quả",
              "How the result is to be given is not chosen");
    return done;
}

void dossier_refuse(struct reply *reply, const struct dossier_check *k)
{
    for (size_t i = 0; i < k->n_faults; i++)
        reply_invalid(reply, k->faults[i].pointer, k->faults[i].vi, k->faults[i].en);
}
