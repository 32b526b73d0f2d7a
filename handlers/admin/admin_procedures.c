/* Importing procedures: what would change first, every fault by its pointer. */
#include "base/result.h"
#include "domain/procedure/import.h"
#include "handlers/admin/admin.h"

static json_t *faults_of(const struct procedure_import_result *r)
{
    json_t *faults = json_array();
    for (size_t i = 0; i < r->n_faults; i++)
        json_array_append_new(faults, json_pack("{s:s, s:s, s:s}", "pointer", r->faults[i].pointer,
                                                "vi", r->faults[i].vi, "en", r->faults[i].en));
    return faults;
}

/* Rows that stay as they are would only make the answer long. */
static json_t *rows_of(const struct procedure_import_result *r)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < r->n_rows; i++) {
        const struct procedure_import_row *row = &r->rows[i];
        if (row->code && row->change != PROCEDURE_UNCHANGED)
            json_array_append_new(
                rows, json_pack("{s:s, s:s, s:I, s:s}", "code", row->code, "name", row->name,
                                "version_no", (json_int_t)row->version, "change",
                                entity_enum_name(procedure_changes, row->change)));
    }
    return rows;
}

/* What changes something is checked whole, logged, and then written. */
static int import(const struct request *req, const struct procedure_import_world *w,
                  struct procedure_import_result *r)
{
    struct procedure_import_world trial = *w;
    trial.only_check = true;
    int done = procedure_import(&trial, req->json, req->arena, r);
    int64_t changes =
        r->counts[PROCEDURE_NEW] + r->counts[PROCEDURE_CHANGED] + r->counts[PROCEDURE_ENDED];
    if (done != 0 || w->only_check || changes == 0)
        return done;
    done = admin_note(req, "procedure_import", NULL,
                      arena_printf(req->arena, "new %lld, changed %lld, ended %lld",
                                   (long long)r->counts[PROCEDURE_NEW],
                                   (long long)r->counts[PROCEDURE_CHANGED],
                                   (long long)r->counts[PROCEDURE_ENDED]));
    return done == 0 ? procedure_import(w, req->json, req->arena, r) : done;
}

/* A file with faults is answered with 200 and all of them: a problem would hold only the first. */
int admin_procedures_put(struct request *req, struct reply *reply)
{
    struct app *app = app_of(req);
    bool checks = admin_only_checks(req);
    int done = admin_of_province(req, reply, !checks);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = procedure_follow(app->procedures); /* what another node imported a moment ago */
    if (done < 0)
        return done;
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(app->catalogue);
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app->procedures);
    const struct procedure_import_world world = {.store = app->store,
                                                 .book = book,
                                                 .catalogue = catalogue,
                                                 .now_ms = req->now_ms,
                                                 .only_check = checks};
    struct procedure_import_result r;
    done = import(req, &world, &r);
    if (done < 0)
        return done;
    int reloaded = world.only_check ? 0 : procedure_reload(app->procedures);
    if (reloaded < 0)
        return reloaded;
    if (done == PROCEDURE_RACED)
        return reply_problem(reply, PROBLEM_CONFLICT, NULL);
    return reply_json(reply, 200,
                      json_pack("{s:b, s:I, s:I, s:I, s:I, s:o, s:o, s:I}", "applied",
                                done == 0 && !world.only_check, "new",
                                (json_int_t)r.counts[PROCEDURE_NEW], "changed",
                                (json_int_t)r.counts[PROCEDURE_CHANGED], "ended",
                                (json_int_t)r.counts[PROCEDURE_ENDED], "unchanged",
                                (json_int_t)r.counts[PROCEDURE_UNCHANGED], "rows", rows_of(&r),
                                "faults", faults_of(&r), "more_faults", (json_int_t)r.more_faults));
}

int admin_procedures_list(struct request *req, struct reply *reply)
{
    int done = admin_of_province(req, reply, false);
    if (done != 0 || reply_is_problem(reply))
        return done;
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *b = procedure_book_ref(app_of(req)->procedures);
    json_t *items = json_array();
    for (size_t i = 0; i < b->n; i++) {
        const struct procedure *p = &b->items[i];
        json_array_append_new(items, json_pack("{s:s, s:s, s:I, s:s, s:s*, s:s*, s:s*, s:b, s:b}",
                                               "code", p->code, "name", p->name, "version_no",
                                               (json_int_t)p->version, "from", p->from, "until",
                                               p->until, "field", p->field, "scope",
                                               entity_enum_name(procedure_scopes, p->scope),
                                               "in_force", procedure_in_force(p, req->now_ms),
                                               "fileable", procedure_fileable(p)));
    }
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}
