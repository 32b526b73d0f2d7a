/* Dossiers, drafts and papers of the document store, as whose they are is given a copy of them. */
#include "base/result.h"
#include "domain/document/document.h"
#include "domain/dossier/draft.h"
#include "handlers/rights/export.h"

int export_dossier(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                   const char **ret_name)
{
    struct dossier d;
    struct dossier_opened words = {0};
    int done = dossier_decode(doc, a, &d);
    if (done == 0)
        done = dossier_open(&run->app->people, &d, a, &words);
    if (done < 0)
        return done;
    export_open_object(&dossier_entity, &d, &d.head.id, out);
    if (words.applicant)
        buf_printf(out, ",\"applicant\":%s", words.applicant);
    if (words.form)
        buf_printf(out, ",\"answers\":%s", words.form);
    buf_add_str(out, "}");
    *ret_name = export_case_file(&d.head, a);
    return 0;
}

int export_complaint(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                     const char **ret_name)
{
    struct complaint c;
    int done = complaint_decode(doc, a, &c);
    (void)run;
    if (done < 0)
        return done;
    export_open_object(&complaint_entity, &c, &c.head.id, out);
    buf_add_str(out, "}");
    *ret_name = export_case_file(&c.head, a);
    return 0;
}

int export_draft(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                 const char **ret_name)
{
    struct draft d;
    const char *answers = NULL;
    int done = draft_decode(doc, a, &d);
    if (done == 0)
        done = draft_answers(&run->app->people, &d, a, &answers);
    if (done != 0)
        return done == PERSON_ERASED ? STORE_ABSENT : done;
    export_open_object(&draft_entity, &d, &d.id, out);
    if (answers)
        buf_printf(out, ",\"answers\":%s", answers);
    buf_add_str(out, "}");
    *ret_name = export_file_of(&d.id, ".json", a);
    return 0;
}

int export_document(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                    const char **ret_name)
{
    struct document d;
    struct document_details t = {0};
    int done = document_decode(doc, a, &d);
    if (done == 0)
        done = document_details(&run->app->people, &d, a, &t);
    if (done < 0)
        return done;
    const struct {
        const char *name, *text;
    } words[] = {{"number", t.number}, {"issuer", t.issuer}, {"holder", t.holder}};
    export_open_object(&document_entity, &d, &d.id, out);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!words[i].text)
            continue;
        buf_printf(out, ",\"%s\":", words[i].name);
        buf_add_json_str(out, words[i].text, strlen(words[i].text));
    }
    buf_add_str(out, "}");
    *ret_name = export_file_of(&d.id, ".json", a);
    return 0;
}
