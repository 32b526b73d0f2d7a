/* The papers that a body names: which component, which files, an officer's verdict. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/dossier/documents.h"
#include "handlers/media/files.h"

static bool has_file(const struct entity_list *kept, const struct id *id)
{
    const struct dossier_component *items = kept ? kept->items : NULL;
    for (size_t i = 0; kept && i < kept->n; i++) {
        const struct case_media *files = items[i].files.items;
        for (size_t j = 0; j < items[i].files.n; j++) {
            if (id_equal(&files[j].id, id))
                return true;
        }
    }
    return false;
}

/* Of a draft, files stay theirs until the dossier is filed: as long as the draft does. `kept` NULL:
 * of a step, which attaches them. */
static int read_files(const struct request *req, struct reply *reply, const json_t *list, size_t at,
                      const struct entity_list *kept, struct entity_list *ret)
{
    size_t n = json_array_size(list);
    struct case_media *files = arena_array(req->arena, n, sizeof(*files));
    int done = 0;
    for (size_t i = 0; i < n && done >= 0; i++) {
        struct upload u;
        id_parse(json_string_value(json_array_get(list, i)), &files[i].id);
        if (!kept || has_file(kept, &files[i].id))
            continue;
        done = upload_keep(app_of(req)->store, &files[i].id, &req->principal->id, UPLOAD_ANY,
                           req->now_ms + DRAFT_LIFE_MS, req->arena, &u);
        if (done == UPLOAD_NOT_OURS && app_is_acting(req)) /* sent before they said for whom */
            done = upload_keep(app_of(req)->store, &files[i].id, &req->who.subject, UPLOAD_ANY,
                               req->now_ms + DRAFT_LIFE_MS, req->arena, &u);
        if (done > 0)
            reply_invalid(reply, arena_printf(req->arena, "/components/%zu/files/%zu", at, i),
                          "Tệp này chưa tải lên xong, bị từ chối, hoặc không phải của bạn",
                          "This file is not complete, was refused, or is not yours");
    }
    *ret = (struct entity_list){files, n};
    return done < 0 ? done : 0;
}

/* Of a draft: the paper is of whoever's the draft is, and files are not sent beside it. */
static int check_document(const struct request *req, struct reply *reply, size_t at,
                          const struct dossier_component *c)
{
    struct document d;
    const char *pointer = arena_printf(req->arena, "/components/%zu/document", at);
    if (id_is_nil(&c->document))
        return 0;
    if (c->files.n > 0)
        return reply_invalid(reply, pointer,
                             "Chọn giấy tờ trong kho hoặc tải tệp lên, không cả hai",
                             "Choose a paper of the store or send files, not both");
    int done = document_get(app_of(req)->store, &c->document, req->arena, &d);
    if (done > 0 || (done == 0 && (!id_equal(&d.owner, &req->principal->id) ||
                                   !dossier_in_scope(req, d.procedure))))
        return reply_invalid(reply, pointer, "Không có giấy tờ này trong kho của bạn",
                             "Your document store has no such paper");
    return done;
}

/* When a paper was issued, as who hands it in reads it there. */
static const char *read_issued(const struct request *req, struct reply *reply, size_t at,
                               const json_t *one)
{
    const char *text = json_string_value(json_object_get(one, "issued_on"));
    int64_t day = 0;
    if (text && (!clock_day_parse(text, &day) || day > clock_day_number(req->now_ms)))
        reply_invalid(reply, arena_printf(req->arena, "/components/%zu/issued_on", at),
                      "Ngày cấp không có, hoặc chưa đến",
                      "There is no such day, or it has not come");
    return text;
}

int dossier_read_components(const struct request *req, struct reply *reply,
                            const struct entity_list *kept, struct dossier_component **ret,
                            size_t *ret_n)
{
    const json_t *list = json_object_get(req->json, "components");
    size_t n = json_array_size(list);
    struct dossier_component *items = arena_array(req->arena, n, sizeof(*items));
    int done = 0;
    for (size_t i = 0; i < n && done == 0; i++) {
        const json_t *one = json_array_get(list, i);
        const char *verdict = json_string_value(json_object_get(one, "verdict"));
        const char *note = json_string_value(json_object_get(one, "note"));
        const char *document = json_string_value(json_object_get(one, "document"));
        const char *despite = json_string_value(json_object_get(one, "despite"));
        items[i] = (struct dossier_component){
            .code = json_string_value(json_object_get(one, "code")),
            .copies = json_integer_value(json_object_get(one, "copies")),
            .verdict = verdict ? entity_enum_value(dossier_verdicts, verdict) : 0,
            .note = note ? text_trim(req->arena, note) : NULL,
            .despite = despite ? text_trim(req->arena, despite) : NULL,
            .issued_on = read_issued(req, reply, i, one),
        };
        if (document)
            id_parse(document, &items[i].document);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(items[j].code, items[i].code) == 0)
                reply_invalid(reply, arena_printf(req->arena, "/components/%zu/code", i),
                              "Giấy tờ này đã có ở trên", "This paper stands there already");
        }
        done = read_files(req, reply, json_object_get(one, "files"), i, kept, &items[i].files);
        if (done == 0 && kept)
            done = check_document(req, reply, i, &items[i]);
    }
    *ret = items;
    *ret_n = n;
    return done;
}

/* Of a dossier that is filed again, papers stay with the first, which does not say who may see the
 * second: that names them. */
static int note_elsewhere(const struct request *req, const struct app_files *files, size_t n_lists,
                          const struct id *case_id)
{
    struct file_use *uses = NULL;
    size_t most = 0, n = 0;
    for (size_t i = 0; i < n_lists; i++)
        most += files[i].n;
    uses = arena_array(req->arena, most, sizeof(*uses));
    for (size_t i = 0; i < n_lists; i++) {
        for (size_t j = 0; j < files[i].n; j++) {
            if (!id_equal(&files[i].uploads[j].attached, case_id))
                uses[n++] = (struct file_use){
                    .file = files[i].media[j].id, .used_by = *case_id, .at_ms = req->now_ms};
        }
    }
    return file_uses_note(app_of(req)->store, uses, n);
}

int dossier_attach(const struct request *req, struct reply *reply, const struct files_wanted *want,
                   const struct dossier_component *components, size_t n)
{
    struct files_list *lists = arena_array(req->arena, n, sizeof(*lists));
    struct app_files *files = arena_array(req->arena, n, sizeof(*files));
    size_t n_lists = 0;
    for (size_t i = 0; i < n; i++) {
        if (id_is_nil(&components[i].document) && components[i].files.n > 0)
            lists[n_lists++] =
                (struct files_list){arena_printf(req->arena, "/components/%zu/files", i),
                                    components[i].files.items, components[i].files.n};
    }
    int done = app_take_lists(req, reply, want, lists, n_lists, files);
    return done == 0 && !reply_is_problem(reply)
               ? note_elsewhere(req, files, n_lists, &want->case_id)
               : done;
}

/* What goes out signs for the office: by somebody who is known to be vouched for, or unsigned where
 * the procedure says so; never under a signature that does not hold. */
static void check_signed(struct reply *reply, const struct procedure *p, const struct upload *u,
                         const char *code, const char *pointer)
{
    bool need = !p || !procedure_unsigned_allowed(p, code);
    if (u->verdict == MEDIA_SIGNED_INVALID)
        reply_invalid(reply, pointer, "Chữ ký số trên tệp này không hợp lệ; hãy ký lại rồi tải lên",
                      "The digital signature on this file does not hold; sign it again");
    else if (need && u->verdict == MEDIA_SIGNED_NONE)
        reply_invalid(reply, pointer, "Kết quả này phải có chữ ký số",
                      "This result has to be signed digitally");
    else if (need && u->verdict != MEDIA_SIGNED_VALID)
        reply_invalid(reply, pointer, "Không rõ ai bảo đảm cho người ký tệp này",
                      "Nobody who is known here vouches for who signed this file");
}

/* Before any of them is the dossier's: who is refused may use the file elsewhere. */
static int check_results(const struct request *req, struct reply *reply,
                         const struct dossier *before, const struct dossier_act *act)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    const struct procedure *p = procedure_version(book, before->procedure, before->version);
    int done = 0;
    for (size_t i = 0; i < act->n_results && done >= 0; i++) {
        struct upload u;
        done = upload_get(app_of(req)->store, &act->results[i].file, req->arena, &u);
        if (done == 0 && u.state == UPLOAD_SOUND && id_equal(&u.owner, &req->who.subject))
            check_signed(reply, p, &u, act->results[i].code,
                         arena_printf(req->arena, "/results/%zu/file", i));
    }
    return done < 0 ? done : 0;
}

static int read_results(const struct request *req, struct reply *reply,
                        const struct dossier *before, struct dossier_act *act)
{
    struct dossier_result *results =
        arena_dup(req->arena, act->results, act->n_results * sizeof(*results));
    const struct files_wanted want = {.case_id = before->head.id, .takes = UPLOAD_ANY};
    int done = check_results(req, reply, before, act);
    if (done != 0 || reply_is_problem(reply))
        return done;
    for (size_t i = 0; i < act->n_results && done >= 0; i++) {
        struct upload u;
        done = app_take_file(req, reply, &want, arena_printf(req->arena, "/results/%zu/file", i),
                             &results[i].file, &u);
        results[i].signature = upload_signed(&u);
    }
    act->results = results;
    return done < 0 ? done : 0;
}

int dossier_take_papers(const struct request *req, struct reply *reply,
                        const struct dossier *before, struct dossier_act *act)
{
    /* Files that come with a step are the dossier's from then on. */
    const struct files_wanted want = {.case_id = before->head.id, .takes = UPLOAD_ANY};
    int done = documents_for_step(req, reply, before, act);
    if (done == 0 && !reply_is_problem(reply))
        done = dossier_attach(req, reply, &want, act->components, act->n_components);
    return done == 0 && !reply_is_problem(reply) ? read_results(req, reply, before, act) : done;
}
