#include "handlers/media/files.h"

#include <string.h>

#include "base/result.h"
#include "domain/document/document.h"
#include "domain/dossier/dossier.h"
#include "handlers/org/mandates.h"
#include "handlers/rights/consents.h"

/* --- who sees which file ---------------------------------------------------------------------- */

/* A photo of an answer that was not approved is for offices alone. */
static bool report_shows(const void *record, const struct id *file, unsigned see)
{
    const struct report *r = record;
    const struct report_photo *photos = r->photos.items;
    bool proposed = false;
    for (size_t i = 0; i < r->photos.n; i++)
        proposed |= photos[i].proposed && id_equal(&photos[i].id, file);
    return (see & SEE_STAFF) || !proposed;
}

/* Whose dossier it is and who handles it see what was handed in, and what came of it: what was
 * granted, whose it is sees once nothing is due any more. */
static bool dossier_shows(const void *record, const struct id *file, unsigned see)
{
    const struct dossier *d = record;
    const struct dossier_result *results = d->results.items;
    bool result = false;
    for (size_t i = 0; i < d->results.n; i++)
        result |= id_equal(&results[i].file, file);
    bool held_back = result && dossier_holds_back(d);
    return (see & SEE_STAFF) || ((see & SEE_OWNER) && !held_back);
}

static bool dossier_names_file(const void *record, const struct id *file)
{
    return dossier_names(record, file);
}

const struct file_kind file_kinds[] = {
    {&report_kept, SCOPE_REPORTS, report_shows, NULL},
    {&dossier_kept, SCOPE_DOSSIERS, dossier_shows, dossier_names_file},
    {0},
};

/* The papers of an organisation, or of a mandate. */
static int may_see_paper(const struct request *req, const struct id *thing, bool *ret)
{
    int done = orgs_may_see(req, thing, ret);
    return done == 0 && !*ret ? mandates_may_see(req, thing, ret) : done;
}

/* By a case of this kind; STORE_ABSENT: it is none. */
static int by_case(const struct request *req, const struct principal *whom,
                   const struct file_kind *kind, const struct id *case_id, const struct id *file,
                   bool *ret, const struct case_head **ret_head)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    const struct case_actor actor = app_actor(req);
    struct case_topic topic = {0};
    void *record = NULL;
    int done = store_get(app_of(req)->store, kind->kept->collection, case_id, &doc);
    if (done == 0)
        done = case_read(kind->kept, doc, req->arena, &record);
    if (done != 0)
        return done < 0 ? done : STORE_ABSENT;
    unsigned see = case_see(record, &actor);
    kind->kept->topic(record, &topic);
    bool reaches = (whom->acting.scope & kind->scope) &&
                   (!topic.procedure || acting_reaches(&whom->acting, topic.procedure));
    *ret = see && reaches && kind->shows(record, file, see);
    *ret_head = record;
    return 0;
}

/* A case that names a file of another shows it to who handles that case, as long as whose it is
 * consents. */
static int by_uses(const struct request *req, const struct principal *whom, const struct upload *u,
                   bool *ret, const struct case_head **ret_head)
{
    struct file_use *uses = NULL;
    size_t n = 0;
    int done = file_uses(app_of(req)->store, &u->id, req->arena, &uses, &n);
    for (size_t i = 0; i < n && done == 0 && !*ret; i++) {
        const struct case_head *head = NULL;
        bool seen = false, open = true;
        for (const struct file_kind *kind = file_kinds; kind->kept && !head && done >= 0; kind++) {
            if (kind->names)
                done = by_case(req, whom, kind, &uses[i].used_by, &u->id, &seen, &head);
            seen = seen && head && kind->names(head, &u->id);
        }
        if (done >= 0 && seen && !id_is_nil(&uses[i].document))
            done = consent_allows_documents(app_of(req), &uses[i].used_by, req->arena, &open);
        done = done < 0 ? done : 0;
        *ret = seen && open;
        if (*ret)
            *ret_head = head;
    }
    return done;
}

int app_may_see(const struct request *req, const struct principal *whom, const struct upload *u,
                bool *ret, const struct case_head **ret_head)
{
    *ret_head = NULL;
    /* A representative sees what is attached only by the scope of the case. */
    *ret = id_equal(upload_whose(u), &whom->id) &&
           (whom->acting.kind != ACTING_PERSON || id_is_nil(&u->attached));
    if (*ret || id_is_nil(&u->attached))
        return 0;
    for (const struct file_kind *kind = file_kinds; kind->kept; kind++) {
        int done = by_case(req, whom, kind, &u->attached, &u->id, ret, ret_head);
        if (done == STORE_ABSENT)
            continue;
        return done == 0 && !*ret ? by_uses(req, whom, u, ret, ret_head) : done;
    }
    return whom->acting.scope & SCOPE_REPORTS ? may_see_paper(req, &u->attached, ret) : 0;
}

/* What was exceeded and is the operator's to set: how much would have done is said with it. */
static const struct {
    enum media_fault fault;
    const char *key, *units[2];
} fault_bounds[] = {
    {MEDIA_FAULT_TOO_MANY_PAGES, "media.max_pages", {"trang", "pages"}},
    {MEDIA_FAULT_FILM_LONG, "media.video_seconds", {"giây", "seconds"}},
};

const char *app_fault_words(const struct request *req, const struct upload *u)
{
    const bool en = req->language == LANGUAGE_EN;
    enum media_fault f = 0;
    while (f < MEDIA_FAULT_COUNT &&
           (!u->fault || strcmp(media_fault_words(f)->slug, u->fault) != 0))
        f++;
    const char *words = en ? media_fault_words(f)->en : media_fault_words(f)->vi;
    for (size_t i = 0; i < ARRAY_LEN(fault_bounds); i++) {
        if (fault_bounds[i].fault == f)
            return arena_printf(req->arena, "%s (%s %lld %s)", words, en ? "at most" : "tối đa",
                                (long long)config_int(app_of(req)->config, fault_bounds[i].key),
                                fault_bounds[i].units[en]);
    }
    return words;
}

int app_reply_refused(const struct request *req, struct reply *reply, const struct upload *u)
{
    return reply_problem(reply, PROBLEM_INVALID, app_fault_words(req, u));
}

/* --- taking files ----------------------------------------------------------------------------- */

struct taking {
    const struct request *req;
    struct reply *reply;
    const struct files_wanted *want;
    bool single; /* the pointer is that of the file, not of a list */
    const struct files_list *lists;
    struct app_files *files; /* of each list */
    size_t n;
    int64_t fresh, fresh_bytes; /* that the case does not have yet */
    const char *fresh_at;       /* the last list with such */
};

static void refuse(const struct taking *t, size_t list, size_t i, const char *vi, const char *en)
{
    const char *pointer = t->lists[list].pointer;
    reply_invalid(t->reply, t->single ? pointer : arena_printf(t->req->arena, "%s/%zu", pointer, i),
                  vi, en);
}

static bool is_named_before(const struct app_files *files, size_t n, const struct id *id)
{
    for (size_t i = 0; i < n; i++) {
        if (id_equal(&files->media[i].id, id))
            return true;
    }
    return false;
}

/* Theirs, or for whom they act; also what was sent before they said for whom, or for whom that was
 * before they turned out to be another. */
static bool is_theirs(const struct request *req, const struct upload *u)
{
    const struct id *whose = req->principal ? &req->principal->id : &req->who.subject;
    return id_equal(upload_whose(u), whose) ||
           (app_is_acting(req) && (id_equal(upload_whose(u), &req->acting_for) ||
                                   id_equal(upload_whose(u), &req->who.subject)));
}

/* What an official put into this case serves whoever goes on with it: an answer that was sent back.
 */
static bool is_colleagues(const struct taking *t, const struct upload *u)
{
    return t->req->who.role != ROLE_CITIZEN && u->staff && !id_is_nil(&u->attached) &&
           id_equal(&u->attached, &t->want->case_id);
}

static bool is_free(const struct taking *t, const struct upload *u)
{
    return id_is_nil(&u->attached) || id_equal(&u->attached, &t->want->case_id);
}

/* With the other case whose files may be named, or with one whose files that names in turn. */
static int stays_elsewhere(const struct taking *t, const struct upload *u, bool *ret)
{
    *ret = !is_free(t, u) && id_equal(&u->attached, &t->want->also);
    if (*ret || is_free(t, u) || id_is_nil(&t->want->also))
        return 0;
    return file_use_noted(app_of(t->req)->store, &u->id, &t->want->also, ret);
}

static const struct takes {
    unsigned takes;
    const char *vi, *en;
} takes_table[] = {
    {UPLOAD_PHOTO, "Chỉ nhận ảnh ở đây", "Only photos are taken here"},
    {UPLOAD_PHOTO | UPLOAD_VIDEO, "Chỉ nhận ảnh và video ở đây",
     "Only photos and videos are taken here"},
    {UPLOAD_ANY, "Chỉ nhận ảnh và tệp PDF ở đây", "Only photos and PDFs are taken here"},
    {UPLOAD_PAPER, "Chỉ nhận tệp PDF ở đây", "Only PDFs are taken here"},
    {0},
};

static const struct takes *takes_words(unsigned takes)
{
    const struct takes *t = takes_table;
    while (t[1].takes && t->takes != takes)
        t++;
    return t;
}

static int look_at(struct taking *t, size_t list, size_t i)
{
    const struct files_wanted *want = t->want;
    const struct app_files *files = &t->files[list];
    struct upload *u = &files->uploads[i];
    const struct id *id = &files->media[i].id;
    bool elsewhere = false;
    int done = upload_get(app_of(t->req)->store, id, t->req->arena, u);
    if (done == 0)
        done = stays_elsewhere(t, u, &elsewhere);
    if (done < 0)
        return done;
    if (done > 0 || !upload_is_whole(u) ||
        (!want->known && !is_theirs(t->req, u) && !is_colleagues(t, u)))
        refuse(t, list, i, "Tệp này chưa tải lên xong, bị từ chối, hoặc không phải của bạn",
               "This file is not complete, was refused, or is not yours");
    else if (!(upload_kind(u) & want->takes))
        refuse(t, list, i, takes_words(want->takes)->vi, takes_words(want->takes)->en);
    else if (!is_free(t, u) && !elsewhere)
        refuse(t, list, i, "Tệp này đã nộp trong hồ sơ khác; hãy tải lên lại",
               "This file belongs to another case; upload it again");
    else if (is_named_before(files, i, id))
        refuse(t, list, i, "Tệp này được nêu hai lần", "This file is named twice");
    else if (id_is_nil(&u->attached)) {
        t->fresh++;
        t->fresh_bytes += u->original_size;
        t->fresh_at = t->lists[list].pointer;
    }
    return 0;
}

static int look_at_list(struct taking *t, size_t list)
{
    struct app_files *files = &t->files[list];
    const struct files_list *l = &t->lists[list];
    *files = (struct app_files){
        .media = arena_dup(t->req->arena, l->media, l->n * sizeof(*l->media)), .n = l->n};
    if (l->n > FILES_LIST_MAX)
        return reply_invalid(t->reply, l->pointer, "Nhiều nhất 30 tệp", "At most 30 files");
    files->uploads = arena_array(t->req->arena, l->n, sizeof(*files->uploads));
    int done = 0;
    for (size_t i = 0; done == 0 && i < l->n; i++)
        done = look_at(t, list, i);
    return done;
}

static int check_bounds(const struct taking *t)
{
    int64_t n = 0, bytes = 0;
    if (t->fresh == 0)
        return 0;
    int done = upload_attached(app_of(t->req)->store, &t->want->case_id, t->req->arena, &n, &bytes);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    if (n + t->fresh > FILES_CASE_MAX)
        reply_invalid(t->reply, t->fresh_at, "Hồ sơ có quá nhiều tệp (nhiều nhất 500)",
                      "The case has too many files (at most 500)");
    if (bytes + t->fresh_bytes > FILES_CASE_BYTES_MAX)
        reply_invalid(t->reply, t->fresh_at, "Các tệp của hồ sơ vượt quá 200 MB",
                      "The files of the case exceed 200 MB");
    return 0;
}

/* What is to be bound, and where each stands. */
struct binding {
    struct upload_attaching *items;
    struct place {
        size_t list, i;
    } * places;
    size_t n;
};

/* What is elsewhere stays there, as it was looked at. */
static struct binding binding_of(const struct taking *t)
{
    struct binding b = {0};
    size_t most = 0;
    for (size_t list = 0; list < t->n; list++)
        most += t->files[list].n;
    b.items = arena_array(t->req->arena, most, sizeof(*b.items));
    b.places = arena_array(t->req->arena, most, sizeof(*b.places));
    for (size_t list = 0; list < t->n; list++) {
        for (size_t i = 0; i < t->files[list].n; i++) {
            const struct upload *u = &t->files[list].uploads[i];
            if (!is_free(t, u))
                continue;
            b.items[b.n] = (struct upload_attaching){.id = u->id, .whose = *upload_whose(u)};
            b.places[b.n++] = (struct place){list, i};
        }
    }
    return b;
}

/* Another request may have been faster since they were looked at. */
static int bind(struct taking *t)
{
    struct binding b = binding_of(t);
    int done = 0;
    upload_attach_many(app_of(t->req)->store, b.items, b.n, t->want->takes, &t->want->case_id,
                       t->req->arena);
    for (size_t k = 0; k < b.n && done == 0; k++) {
        const struct place *at = &b.places[k];
        if (b.items[k].outcome == 0)
            t->files[at->list].uploads[at->i] = b.items[k].upload;
        else if (b.items[k].outcome > 0)
            refuse(t, at->list, at->i, "Tệp này vừa được nộp ở nơi khác",
                   "This file was just handed in elsewhere");
        else
            done = b.items[k].outcome;
    }
    return done;
}

static int take(struct taking *t)
{
    int done = 0;
    for (size_t list = 0; done == 0 && list < t->n; list++)
        done = look_at_list(t, list);
    if (done == 0 && !reply_is_problem(t->reply))
        done = check_bounds(t);
    return done == 0 && !reply_is_problem(t->reply) ? bind(t) : done;
}

int app_take_lists(const struct request *req, struct reply *reply, const struct files_wanted *want,
                   const struct files_list *lists, size_t n, struct app_files *ret)
{
    struct taking t = {
        .req = req, .reply = reply, .want = want, .lists = lists, .files = ret, .n = n};
    return take(&t);
}

int app_take_files(const struct request *req, struct reply *reply, const struct files_wanted *want,
                   const char *pointer, const json_t *list, struct app_files *ret)
{
    size_t n = json_array_size(list);
    struct case_media *media = arena_array(req->arena, n, sizeof(*media));
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (!text || !id_parse(text, &media[i].id))
            media[i].id = (struct id){0}; /* nobody's */
    }
    return app_take_lists(req, reply, want, &(struct files_list){pointer, media, n}, 1, ret);
}

int app_take_file(const struct request *req, struct reply *reply, const struct files_wanted *want,
                  const char *pointer, const struct id *id, struct upload *ret)
{
    const struct case_media media = {.id = *id};
    const struct files_list list = {pointer, &media, 1};
    struct app_files files;
    struct taking t = {.req = req,
                       .reply = reply,
                       .want = want,
                       .single = true,
                       .lists = &list,
                       .files = &files,
                       .n = 1};
    int done = take(&t);
    *ret = files.uploads[0];
    return done;
}
