/* What is asked for of a form that was filed: which members, and the form as it is filled in again.
 */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/dossier/dossiers.h"

/* --- asking ----------------------------------------------------------------------------------- */

static bool lies_in(const char *pointer, const char *outer)
{
    size_t n = strlen(outer);
    return strncmp(pointer, outer, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/');
}

/* What the agency was found by stays: a dossier of another place is filed anew. */
static bool is_place(const struct procedure *p, const char *pointer)
{
    return p->commune_at && (lies_in(p->commune_at, pointer) || lies_in(pointer, p->commune_at));
}

static void check_field(const struct request *req, struct reply *reply, const struct procedure *p,
                        const struct dossier_field *fields, size_t at)
{
    const char *pointer = arena_printf(req->arena, "/fields/%zu/pointer", at);
    if (!p || !procedure_member(p, fields[at].pointer, 0, req->arena))
        reply_invalid(reply, pointer, "Tờ khai không có mục này", "The form has no such member");
    else if (is_place(p, fields[at].pointer))
        reply_invalid(reply, pointer,
                      "Mục này quyết định cơ quan giải quyết, không sửa được sau khi nộp",
                      "It decides which agency is responsible and cannot be changed after filing");
    for (size_t i = 0; i < at; i++) {
        if (strcmp(fields[i].pointer, fields[at].pointer) == 0)
            reply_invalid(reply, pointer, "Mục này đã có ở trên", "It stands there already");
    }
}

static void read_fields(const struct request *req, struct reply *reply, const struct procedure *p,
                        struct dossier_act *act)
{
    const json_t *list = json_object_get(req->json, "fields");
    size_t n = json_array_size(list);
    struct dossier_field *fields = arena_array(req->arena, n, sizeof(*fields));
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        fields[i] = (struct dossier_field){
            .pointer = json_string_value(json_object_get(one, "pointer")),
            .note = text_trim(req->arena, json_string_value(json_object_get(one, "note")))};
        if (!fields[i].note || !*fields[i].note)
            reply_invalid(reply, arena_printf(req->arena, "/fields/%zu/note", i),
                          "Lý do không được trống", "The reason is empty");
        check_field(req, reply, p, fields, i);
    }
    act->fields = fields;
    act->n_fields = n;
}

/* --- answering -------------------------------------------------------------------------------- */

struct held {
    const struct request *req;
    struct reply *reply;
    const struct entity_list *asked;
};

static bool is_asked(const struct held *h, const char *pointer)
{
    const struct dossier_field *fields = h->asked->items;
    for (size_t i = 0; i < h->asked->n; i++) {
        if (lies_in(pointer, fields[i].pointer))
            return true;
    }
    return false;
}

/* What was said and not asked for again stays as it was. What was not said before may be added: an
 * answer may lead to a question. */
static void hold(const struct held *h, json_t *before, const json_t *now, const char *pointer)
{
    const char *name;
    json_t *value;
    if (is_asked(h, pointer) || (now && json_equal(before, now)))
        return;
    if (!json_is_object(before) || !json_is_object(now)) {
        reply_invalid(h->reply, arena_printf(h->req->arena, "/form%s", pointer),
                      "Mục này không được yêu cầu điền lại",
                      "It was not asked to be filled in again");
        return;
    }
    json_object_foreach(before, name, value) hold(
        h, value, json_object_get(now, name), arena_printf(h->req->arena, "%s/%s", pointer, name));
}

static int check_schema(const struct request *req, struct reply *reply, const struct procedure *p,
                        json_t *form)
{
    struct schema_violations violations;
    const struct schema *schema = procedure_form(p);
    int done = schema ? schema_check(schema, form, req->arena, NULL, &violations) : 0;
    if (done == SCHEMA_TOO_COSTLY)
        return reply_invalid(reply, "/form", "Nội dung quá phức tạp", "The form is too complex");
    for (size_t i = 0; done == SCHEMA_VIOLATED && i < violations.n; i++) {
        const struct schema_violation *v = &violations.items[i];
        reply_invalid(reply, arena_printf(req->arena, "/form%s", v->pointer), v->vi, v->en);
    }
    return done < 0 ? done : 0;
}

static int read_form(const struct request *req, struct reply *reply, const struct dossier *d,
                     const struct procedure *p, struct dossier_act *act)
{
    static const uint8_t something[] = {0};
    const struct people *people = &app_of(req)->people;
    json_t *form = json_object_get(req->json, "form");
    const struct held h = {req, reply, &d->fields};
    const char *text = NULL;
    size_t n = 0;
    if (!form)
        return 0;
    /* Nothing is asked for: it was answered by this very request before, or the step refuses it. */
    act->form = (struct entity_bytes){something, sizeof(something)};
    if (d->fields.n == 0 || !p)
        return 0;
    int done = dossier_form(people, d, req->arena, &text);
    CLEANUP(json_decrefp) json_t *before = text ? json_loads(text, 0, NULL) : json_object();
    if (done == 0 && before)
        hold(&h, before, form, "");
    if (done == 0)
        done = check_schema(req, reply, p, form);
    const char *canonical = json_canonical(req->arena, form, &n);
    if (n > DOSSIER_FORM_MAX)
        reply_invalid(reply, "/form", "Tờ khai quá dài", "The form is too long");
    if (done == 0 && !reply_is_problem(reply))
        done = dossier_seal_form(people, d, canonical, req->arena, &act->form);
    return done > 0 ? E_UNAVAILABLE : done;
}

int dossier_form_again(const struct request *req, struct reply *reply, const struct dossier *d,
                       struct dossier_act *act)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app_of(req)->procedures);
    const struct procedure *p = procedure_version(book, d->procedure, d->version);
    read_fields(req, reply, p, act);
    return read_form(req, reply, d, p, act);
}
