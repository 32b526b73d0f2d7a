/*
 * The document store follows dossiers: what an office accepted or issued is there for the next one,
 * and what it found unfit, replaced or revoked is there no more. Made from the dossier's record
 * alone, after the step that marked it and by the sweep. So does what was paid for it.
 */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/payment/payment.h"
#include "handlers/dossier/documents.h"
#include "handlers/media/files.h"

struct following {
    struct app *app;
    const struct dossier *dossier;
    const struct procedure *procedure;
    struct id owner;          /* who they are by now */
    json_t *applicant, *form; /* NULL: not to be opened any more */
    struct arena *arena;
    struct id *wanted;
    size_t n_wanted;
};

static const char *holder_of(const struct following *f, int about, const char *at)
{
    if (about != PROCEDURE_ABOUT_APPLICANT)
        return procedure_holder(f->procedure, f->form, at);
    return json_string_value(json_object_get(f->applicant, "name"));
}

static int64_t day_of(int64_t at_ms)
{
    return clock_day_start_ms(clock_day_number(at_ms));
}

/* What a signature that holds says: who issued the paper, and when. */
static int read_signature(const struct following *f, const struct upload *u, struct document *d,
                          struct document_details *t)
{
    const struct upload_service s = app_uploads(f->app);
    json_t *list = NULL;
    int done = upload_signatures(&s, u, &list);
    const json_t *first = json_array_get(list, 0);
    const char *signer = json_string_value(json_object_get(first, "signer"));
    int64_t at_ms = json_integer_value(json_object_get(first, "signed_ms"));
    if (at_ms)
        d->issued_ms = day_of(at_ms);
    t->issuer = signer ? arena_strdup(f->arena, signer) : NULL;
    json_decref(list);
    return done < 0 ? done : 0; /* a key that is gone says nothing */
}

static int read_files(const struct following *f, struct document *d, struct document_details *t)
{
    const struct case_media *files = d->files.items;
    bool is_signed = d->files.n > 0;
    int done = 0;
    for (size_t i = 0; i < d->files.n && done == 0; i++) {
        struct upload u = {0};
        done = upload_get(f->app->store, &files[i].id, f->arena, &u);
        bool valid = done == 0 && strcmp(upload_signed(&u), "valid") == 0;
        is_signed = is_signed && valid;
        d->pages += done == 0 && u.pages > 0 ? u.pages : 1;
        if (valid && i == 0 && d->origin == DOCUMENT_ACCEPTED)
            done = read_signature(f, &u, d, t);
        if (done == STORE_ABSENT)
            done = 0;
    }
    if (is_signed && d->against == DOCUMENT_BY_SCAN)
        d->against = DOCUMENT_BY_SIGNATURE;
    return done;
}

static int put(struct following *f, struct document *d, struct document_details *t)
{
    f->wanted[f->n_wanted++] = d->id;
    d->owner = f->owner;
    d->dossier = f->dossier->head.id;
    d->number = f->dossier->head.number;
    d->procedure = f->dossier->procedure;
    d->created_ms = d->verified_ms;
    int done = read_files(f, d, t);
    if (d->limited && d->issued_ms) /* a signature may say another day than who handed it in */
        d->until_ms = document_months_after(d->issued_ms, d->limited);
    return done == 0 ? document_put(&f->app->people, d, t, f->arena) : done;
}

static int64_t months_of(const char *type)
{
    const struct document_type *t = document_type_by_code(type);
    return t ? t->valid_months : 0;
}

/* One that came from the store is there already. */
static int put_component(struct following *f, const struct dossier_component *c)
{
    const struct procedure_component *asked = procedure_component_of(f->procedure, c->code);
    if (!c->accepted_ms || c->files.n == 0 || !id_is_nil(&c->document) || !asked ||
        !asked->document)
        return 0;
    struct document d = document_given(
        asked->document, asked->about ? asked->about : PROCEDURE_ABOUT_APPLICANT, c->issued_on);
    d.id = document_id_of_component(&f->dossier->head.id, c->code, &c->files);
    d.origin = DOCUMENT_ACCEPTED;
    d.part = c->code;
    d.files = c->files;
    d.office = c->accepted_at;
    d.officer = c->accepted_by;
    d.verified_ms = c->accepted_ms;
    d.against = c->copies > 0 ? DOCUMENT_BY_ORIGINAL : DOCUMENT_BY_SCAN;
    struct document_details t = {.holder = holder_of(f, d.about, asked->holder_at)};
    return put(f, &d, &t);
}

static int put_result(struct following *f, const struct dossier_result *r)
{
    static const int states[] = {[DOSSIER_VALID] = DOCUMENT_VALID,
                                 [DOSSIER_REPLACED] = DOCUMENT_REPLACED,
                                 [DOSSIER_REVOKED] = DOCUMENT_REVOKED};
    const struct procedure_result *granted = procedure_result_of(f->procedure, r->code);
    if (!granted || !granted->document)
        return 0;
    struct case_media *file = ARENA_NEW(f->arena, struct case_media);
    file->id = r->file;
    struct document d = {
        .id = document_id_of_result(&f->dossier->head.id, &r->file),
        .type = granted->document,
        .state = states[r->state],
        .origin = DOCUMENT_ISSUED,
        .about = granted->about ? granted->about : PROCEDURE_ABOUT_APPLICANT,
        .part = r->code,
        .files = {file, 1},
        .issued_ms = day_of(r->issued_ms),
        .limited = granted->valid_months ? granted->valid_months : months_of(granted->document),
        .office = f->dossier->head.agency,
        .verified_ms = r->issued_ms,
        .against = DOCUMENT_BY_REGISTER,
        .ended_ms = r->ended_ms,
        .ended_by = r->ended_ms ? f->dossier->head.agency : NULL,
    };
    struct document_details t = {.number = r->number,
                                 .holder = holder_of(f, d.about, granted->holder_at)};
    return put(f, &d, &t);
}

/* Papers that came of it before and that no office takes for fit any more. */
static int reject_others(struct following *f, int64_t now_ms)
{
    struct document *all = NULL;
    size_t n = 0;
    int done = document_of_case(f->app->store, &f->dossier->head.id, f->arena, &all, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        bool wanted = all[i].origin != DOCUMENT_ACCEPTED || all[i].state != DOCUMENT_VALID;
        for (size_t j = 0; j < f->n_wanted; j++)
            wanted |= id_equal(&f->wanted[j], &all[i].id);
        if (wanted)
            continue;
        all[i].state = DOCUMENT_REJECTED;
        all[i].ended_ms = now_ms;
        all[i].ended_by = f->dossier->head.agency;
        done = document_put(&f->app->people, &all[i], &(struct document_details){0}, f->arena);
    }
    return done;
}

static int open_words(struct following *f)
{
    struct dossier_opened words;
    int done = dossier_open(&f->app->people, f->dossier, f->arena, &words);
    f->applicant = words.applicant ? json_loads(words.applicant, 0, NULL) : NULL;
    f->form = words.form ? json_loads(words.form, 0, NULL) : NULL;
    return done < 0 ? done : 0;
}

static int follow_all(struct following *f, int64_t now_ms)
{
    const struct dossier *d = f->dossier;
    const struct dossier_component *components = d->components.items;
    const struct dossier_result *results = d->results.items;
    bool granted = d->head.outcome == DOSSIER_GRANTED && dossier_owed(d) == 0;
    f->wanted = arena_array(f->arena, d->components.n + d->results.n, sizeof(*f->wanted));
    int done = open_words(f);
    for (size_t i = 0; i < d->components.n && done == 0; i++)
        done = put_component(f, &components[i]);
    for (size_t i = 0; granted && i < d->results.n && done == 0; i++)
        done = put_result(f, &results[i]);
    return done == 0 ? reject_others(f, now_ms) : done;
}

/* Whoever was erased has no store any more. An organisation's id is derived. */
static int owner_of(struct app *app, const struct dossier *d, struct arena *a, struct id *ret)
{
    struct person person;
    *ret = d->head.owner;
    if (id_is_nil(ret))
        return STORE_ABSENT;
    if (ret->bytes[6] >> 4 != 4)
        return 0;
    int done = person_get(&app->people, ret, a, &person);
    if (done == 0)
        *ret = person.id;
    return done;
}

static int follow(struct app *app, const struct dossier *d, int64_t now_ms, struct arena *a)
{
    CLEANUP(procedure_book_unrefp)
    const struct procedure_book *book = procedure_book_ref(app->procedures);
    struct following f = {.app = app, .dossier = d, .arena = a};
    f.procedure = procedure_version(book, d->procedure, d->version);
    if (!f.procedure) /* made up: nothing says what its papers are */
        return dossier_kept_up(app->store, d);
    int done = owner_of(app, d, a, &f.owner);
    if (done == 0)
        done = follow_all(&f, now_ms);
    json_decref(f.applicant);
    json_decref(f.form);
    return done < 0 ? done : dossier_kept_up(app->store, d);
}

int documents_follow(struct app *app, const struct id *dossier, int64_t now_ms)
{
    struct arena a;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d = {0};
    arena_init(&a);
    int done = store_get(app->store, &dossier_collection, dossier, &doc);
    if (done == 0)
        done = dossier_decode(doc, &a, &d);
    if (done == 0 && d.keep_ms)
        done = money_release(app->store, &d, now_ms, &a);
    if (done == 0 && d.keep_ms)
        done = follow(app, &d, now_ms, &a);
    arena_release(&a);
    return done < 0 ? done : 0;
}

/* Those that cannot be followed stay in front, and are passed over. */
int documents_sweep(struct app *app, int64_t now_ms, size_t max)
{
    struct store_position after = {0};
    int failed = 0, done = 0;
    bool more = true;
    for (size_t seen = 0; more && seen < max && done == 0;) {
        struct arena a;
        struct id *ids = NULL;
        size_t n = 0;
        arena_init(&a);
        done = dossier_to_keep(app->store, seen > 0 ? &after : NULL, &a, &ids, &n, &after, &more);
        for (size_t i = 0; i < n && done == 0; i++) {
            int one = documents_follow(app, &ids[i], now_ms);
            failed = failed ? failed : one;
        }
        seen += n > 0 ? n : 1;
        arena_release(&a);
    }
    return done < 0 ? done : failed;
}
