/* Filing a dossier, and carrying out verbs on a stored one. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/dossier/draft.h"
#include "domain/dossier/private.h"
#include "domain/person/key.h"

#define APPLICANT "dossier.applicant"
#define FORM "dossier.form"

static const struct case_tell told_on_filing[] = {{TELL_OWNER, NULL}, {TELL_AGENCY, NULL}, {0}};
static const struct case_tell told_if_received[] = {{TELL_OWNER, NULL}, {0}};

static int decode(const bson_t *doc, const char *const *without, struct arena *a,
                  struct dossier *ret)
{
    memset(ret, 0, sizeof(*ret));
    int done = entity_decode_without(&dossier_entity, doc, without, a, ret);
    if (done < 0)
        return done;
    if (!store_document_id(doc, &ret->head.id))
        return E_CORRUPT;
    ret->head.due_ms = ret->x.due_ms;
    ret->head.next_ms = ret->x.next_ms;
    return 0;
}

int dossier_decode(const bson_t *doc, struct arena *a, struct dossier *ret)
{
    return decode(doc, NULL, a, ret);
}

int dossier_decode_row(const bson_t *doc, struct arena *a, struct dossier *ret)
{
    static const char *const without[] = {"history",       "stages",    "plan",
                                          "components",    "applicant", "answers",
                                          "first_answers", "events",    NULL};
    return decode(doc, without, a, ret);
}

/* --- what is sealed --------------------------------------------------------------------------- */

int dossier_seal(const uint8_t *key, const struct dossier_filing *f, struct arena *a,
                 struct dossier *d)
{
    int done = person_seal(key, &d->head.id, APPLICANT, f->applicant, a, &d->applicant);
    return done == 0 ? person_seal(key, &d->head.id, FORM, f->form, a, &d->form) : done;
}

int dossier_open(const struct people *p, const struct dossier *d, struct arena *a,
                 struct dossier_opened *ret)
{
    uint8_t key[SEAL_KEY];
    *ret = (struct dossier_opened){0};
    int done = person_key_get(p, &d->head.id, key);
    if (done == 0)
        done = person_open(key, &d->head.id, APPLICANT, &d->applicant, a, &ret->applicant);
    if (done == 0)
        done = person_open(key, &d->head.id, FORM, &d->form, a, &ret->form);
    bytes_wipe(key, sizeof(key));
    ret->opened = done == 0;
    return done;
}

static int open_one(const struct people *p, const struct dossier *d, const char *what,
                    const struct entity_bytes *sealed, struct arena *a, const char **ret)
{
    uint8_t key[SEAL_KEY];
    *ret = NULL;
    int done = person_key_get(p, &d->head.id, key);
    if (done == 0)
        done = person_open(key, &d->head.id, what, sealed, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

int dossier_applicant(const struct people *p, const struct dossier *d, struct arena *a,
                      const char **ret)
{
    return open_one(p, d, APPLICANT, &d->applicant, a, ret);
}

int dossier_form(const struct people *p, const struct dossier *d, struct arena *a, const char **ret)
{
    return open_one(p, d, FORM, &d->form, a, ret);
}

int dossier_seal_form(const struct people *p, const struct dossier *d, const char *form,
                      struct arena *a, struct entity_bytes *ret)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, &d->head.id, key);
    if (done == 0)
        done = person_seal(key, &d->head.id, FORM, form, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

/* --- filing ----------------------------------------------------------------------------------- */

void dossier_compose(const struct dossier_filing *f, const struct id *id, struct arena *a,
                     struct dossier *d)
{
    *d = (struct dossier){
        .head = {.id = *id,
                 .owner = f->owner,
                 .actor = f->actor,
                 .agency = f->desk,
                 .desk = f->desk,
                 .state = DOSSIER_SUBMITTED},
        .procedure = f->procedure,
        .version = f->version,
        .field = f->field,
        .channel = f->channel,
        .subject = f->subject,
        .decider = f->decider,
        .commune = f->commune,
        .card = f->card,
        .time_unit = f->time_unit,
        .time = f->time,
        .components = {arena_dup(a, f->components, f->n_components * sizeof(*f->components)),
                       f->n_components},
        .plan = {arena_dup(a, f->plan, f->n_plan * sizeof(*f->plan)), f->n_plan},
        .fee = f->fee,
        .fetch = f->fetch,
        .again_of = f->again_of,
    };
}

static int number_of(const struct people *p, const struct dossier_filing *f,
                     const struct case_world *w, struct arena *a, struct dossier *d)
{
    int64_t n = 0;
    int done = store_number(p->store, case_counter(a, f->desk, w->now_ms), &n);
    d->head.number = case_number(a, f->desk, w->now_ms, n);
    return done;
}

static int begin(const struct dossier_filing *f, const struct case_world *w, struct arena *a,
                 struct dossier *d)
{
    bool citizen = f->channel == DOSSIER_ONLINE;
    struct case_act act = {.verb = "file",
                           .party = citizen ? PARTY_OWNER : PARTY_DESK,
                           .by = f->actor,
                           .office = citizen ? NULL : f->desk,
                           .agency = f->desk};
    const struct case_tell *tells = f->receives ? told_if_received : told_on_filing;
    return case_begin(&dossier_kind, d, &act, w, tells, a);
}

static int insert(const struct people *p, const struct dossier_filing *f,
                  const struct store_write *write, const struct case_world *w, struct arena *a,
                  struct dossier *d, bson_t **ret)
{
    uint8_t key[SEAL_KEY];
    struct store_removal gone = f->draft ? draft_removal(f->draft) : (struct store_removal){0};
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = number_of(p, f, w, a, d);
    if (done == 0)
        done = person_key_of(p, &d->head.id, key);
    if (done == 0)
        done = dossier_seal(key, f, a, d);
    if (done == 0)
        done = begin(f, w, a, d);
    if (done == 0)
        done = entity_encode(&dossier_entity, d, NULL, a, body);
    if (done == 0)
        done = store_create_for(p->store, &dossier_collection, &d->head.id, write, body,
                                f->draft ? &gone : NULL, ret);
    if (done == 0 && f->draft)
        done = draft_filed(p, f->draft, gone.outcome, key);
    bytes_wipe(key, sizeof(key));
    return done;
}

static int decode_and_free(bson_t *doc, struct arena *a, struct dossier *ret)
{
    int done = dossier_decode(doc, a, ret);
    bson_destroy(doc);
    return done;
}

/* Filed before? The stored write records say whether it was this very request. */
int dossier_filed_before(struct store *s, const struct id *id, const struct store_write *write,
                         struct arena *a, struct dossier *ret)
{
    bson_t *doc = NULL;
    int done = store_get(s, &dossier_collection, id, &doc);
    if (done != 0)
        return done;
    bool same = store_wrote(doc, write);
    done = decode_and_free(doc, a, ret);
    if (done < 0)
        return done;
    return same ? DOSSIER_REPEATED : DOSSIER_KEY_REUSED;
}

struct id dossier_of_draft(const struct id *draft)
{
    return id_v8("dossier.draft", &(struct id_part){draft->bytes, 16}, 1);
}

struct id dossier_of_key(const struct id *actor, const char *key)
{
    const struct id_part parts[] = {{actor->bytes, 16}, {key, strlen(key)}};
    return id_v8("dossier", parts, ARRAY_LEN(parts));
}

static struct id id_of(const struct dossier_filing *f, const char *key)
{
    return f->draft ? dossier_of_draft(&f->draft->id) : dossier_of_key(&f->actor, key);
}

int dossier_file(const struct people *p, const struct dossier_filing *f, const char *key,
                 const void *body, size_t n_body, const struct case_world *w, struct arena *a,
                 struct dossier *ret)
{
    struct store_write write = store_write_keyed("dossier.file", &f->actor, key, body, n_body);
    struct id id = id_of(f, key);
    struct dossier d;
    CLEANUP(bson_destroyp) bson_t *stored = NULL;
    dossier_compose(f, &id, a, &d);
    int done = insert(p, f, &write, w, a, &d, &stored);
    if (done == STORE_EXISTS || done == STORE_REUSED)
        return DOSSIER_KEY_REUSED;
    if (done < 0 || (done > 0 && done != STORE_REPEATED))
        return done;
    int decoded = dossier_decode(stored, a, ret);
    if (decoded < 0)
        return decoded;
    return done == STORE_REPEATED ? DOSSIER_REPEATED : 0;
}

/* --- verbs ------------------------------------------------------------------------------------ */

struct acting {
    struct dossier_act *act;
    const struct case_world *world;
};

int dossier_try(struct dossier *d, const struct dossier_act *act, const struct case_world *w,
                struct arena *a)
{
    struct dossier_act copy = *act;
    case_act_by(&copy.act, &d->head, &copy.actor);
    return case_apply(&dossier_kind, d, &copy.act, w, a);
}

static int act_on(struct store_edit *edit, void *ctx)
{
    struct acting *acting = ctx;
    struct dossier d;
    int done = dossier_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    struct dossier_act copy = *acting->act;
    case_act_by(&copy.act, &d.head, &copy.actor);
    done = case_apply(&dossier_kind, &d, &copy.act, acting->world, edit->arena);
    acting->act->act.lacks = copy.act.lacks;
    if (done != 0)
        return done;
    dossier_stage_due(&d, acting->world->calendar);
    done = entity_encode(&dossier_entity, &d, edit->before, edit->arena, edit->after);
    if (done == 0 && !copy.act.onward && edit->after->len > STORE_DOC_MAX - DOSSIER_ROOM)
        done = CASE_CROWDED;
    return done;
}

int dossier_do(struct store *s, const struct id *id, struct dossier_act *act,
               const struct store_change_options *options, const struct case_world *w,
               struct arena *a, struct dossier *ret)
{
    struct acting acting = {act, w};
    struct store_changed changed = {0};
    int done = store_change(s, &dossier_collection, id, options, act_on, &acting, &changed);
    if (!changed.doc)
        return done;
    int decoded = decode_and_free(changed.doc, a, ret);
    return decoded < 0 ? decoded : done;
}
