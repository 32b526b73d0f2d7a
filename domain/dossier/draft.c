#include "domain/dossier/draft.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/entity/owned.h"
#include "domain/person/key.h"

#define ANSWERS "draft.answers"
#define KEY_TRIES 8

#define AT(member) .offset = offsetof(struct draft, member)

const struct entity draft_entity = {
    .name = "DossierDraft",
    .size = sizeof(struct draft),
    .fields = (const struct entity_field[]){
        {.name = "owner", .type = ENTITY_ID, AT(owner)},
        {.name = "actor", .type = ENTITY_ID, AT(actor)},
        {.name = "procedure", .type = ENTITY_TEXT, AT(procedure), .see = SEE_OWNER, .max = 80},
        {.name = "procedure_version", .type = ENTITY_INT, AT(version), .see = SEE_OWNER},
        {.name = "subject",
         .type = ENTITY_ENUM,
         AT(subject),
         .see = SEE_OWNER,
         .names = dossier_subjects},
        {.name = "desk", .type = ENTITY_TEXT, AT(desk), .see = SEE_OWNER, .max = CASE_CODE_MAX},
        {.name = "fetch", .type = ENTITY_TEXT, AT(fetch), .see = SEE_OWNER, .max = 20},
        {.name = "key", .type = ENTITY_ID, AT(key)},
        {.name = "answers",
         .type = ENTITY_BYTES,
         AT(answers),
         .max = DOSSIER_FORM_MAX + SEAL_OVERHEAD},
        {.name = "components",
         .type = ENTITY_LIST,
         AT(components),
         .see = SEE_OWNER,
         .max = DOSSIER_COMPONENTS_MAX,
         .of = &dossier_component_entity},
        {.name = "exemptions", .type = ENTITY_WORDS, AT(exemptions), .see = SEE_OWNER, .max = 16},
        {.name = "again_of", .type = ENTITY_ID, AT(again_of), .see = SEE_OWNER},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_OWNER},
        {.name = "changed_at", .type = ENTITY_TIME, AT(changed_ms), .see = SEE_OWNER},
        {.name = "expires_at", .type = ENTITY_TIME, AT(expires_ms), .see = SEE_OWNER},
        {.name = "warn", .type = ENTITY_TIME, AT(warn_ms)},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = SEE_OWNER},
        {0},
    }};

const struct store_collection draft_collection = {
    .name = "dossier_draft",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"owner", "owner", STORE_ID, false},
            {"changed", "changed_at", STORE_INT, false},
            {"expires", "expires_at", STORE_INT, false},
            {"warn", "warn", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "owner", .why = "my drafts", .equals = {"owner"}, .order = "changed"},
            {.name = "expires", .why = "the sweep of what has expired", .order = "expires"},
            {.name = "warn", .why = "whose owner is to be warned", .order = "warn"},
        },
    .n_paths = 3,
};

int draft_decode(const bson_t *doc, struct arena *a, struct draft *ret)
{
    memset(ret, 0, sizeof(*ret));
    int done = entity_decode(&draft_entity, doc, a, ret);
    if (done < 0)
        return done;
    ret->stored = store_version(doc);
    return store_document_id(doc, &ret->id) ? 0 : E_CORRUPT;
}

/* --- writing ---------------------------------------------------------------------------------- */

static const struct id *key_of(const struct draft *d)
{
    return id_is_nil(&d->key) ? &d->id : &d->key;
}

static int fill(const struct people *p, const struct draft_content *c, int64_t now_ms,
                struct arena *a, struct draft *d)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_of(p, key_of(d), key);
    if (done == 0)
        done = person_seal(key, &d->id, ANSWERS, c->answers, a, &d->answers);
    bytes_wipe(key, sizeof(key));
    d->desk = c->desk;
    d->fetch = c->fetch;
    d->components = (struct entity_list){
        arena_dup(a, c->components, c->n_components * sizeof(*c->components)), c->n_components};
    d->exemptions = c->exemptions;
    if (c->version)
        d->version = c->version;
    d->changed_ms = now_ms;
    d->expires_ms = now_ms + DRAFT_LIFE_MS;
    d->warn_ms = d->expires_ms - DRAFT_WARN_MS;
    return done;
}

int draft_answers(const struct people *p, const struct draft *d, struct arena *a, const char **ret)
{
    uint8_t key[SEAL_KEY];
    *ret = NULL;
    int done = person_key_get(p, key_of(d), key);
    if (done == 0)
        done = person_open(key, &d->id, ANSWERS, &d->answers, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

static int count(struct store *s, const struct id *owner, struct arena *a, size_t *ret)
{
    const struct store_query q = {.limit = DRAFTS_MAX};
    struct store_page page = {0};
    int done = draft_list(s, owner, &q, a, &page);
    *ret = page.n;
    return done;
}

static struct id id_of(const struct draft_beginning *b)
{
    const struct id_part parts[] = {{b->actor.bytes, 16}, {b->key, strlen(b->key)}};
    return id_v8("draft", parts, ARRAY_LEN(parts));
}

/* One that was thrown away just now, and is begun again: its key is not to go any more. */
static int keep_key(const struct people *p, const struct draft *d)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, key_of(d), key);
    if (done == 0)
        done = person_key_write(p, key_of(d), key);
    bytes_wipe(key, sizeof(key));
    return done < 0 ? done : 0;
}

int draft_begin(const struct people *p, const struct draft_beginning *b,
                const struct draft_content *c, int64_t now_ms, struct arena *a, struct draft *ret)
{
    size_t n = 0;
    struct id id = id_of(b);
    int done = draft_get(p->store, &id, a, ret);
    if (done == 0) /* begun before; what was written since stays */
        return strcmp(ret->procedure, b->procedure) == 0 && id_equal(&ret->owner, &b->owner)
                   ? 0
                   : DRAFT_REUSED;
    if (done < 0)
        return done;
    done = count(p->store, &b->owner, a, &n);
    if (done != 0 || n >= DRAFTS_MAX)
        return done != 0 ? done : DRAFT_FULL;
    *ret = (struct draft){.id = id,
                          .owner = b->owner,
                          .actor = b->actor,
                          .procedure = b->procedure,
                          .version = b->version,
                          .subject = b->subject,
                          .again_of = b->again_of,
                          .key = dossier_of_draft(&id),
                          .created_ms = now_ms,
                          .revision = 1};
    done = keep_key(p, ret);
    if (done == 0)
        done = fill(p, c, now_ms, a, ret);
    if (done != 0)
        return done;
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_write write = store_write_fresh();
    done = entity_encode(&draft_entity, ret, NULL, a, body);
    if (done == 0)
        done = store_create(p->store, &draft_collection, &id, &write, body, NULL);
    return done == STORE_EXISTS ? draft_get(p->store, &id, a, ret) : done;
}

int draft_get(struct store *s, const struct id *id, struct arena *a, struct draft *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &draft_collection, id, &doc);
    return done == 0 ? draft_decode(doc, a, ret) : done;
}

struct putting {
    const struct people *people;
    const struct id *owner, *actor;
    int64_t now_ms;
    struct draft sealed; /* once, before the change: it may be run again */
};

static int put(struct store_edit *edit, void *ctx)
{
    struct putting *p = ctx;
    struct draft d;
    int done = draft_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (!id_equal(&d.owner, p->owner))
        return STORE_ABSENT;
    struct draft next = d;
    next.actor = *p->actor;
    next.answers = p->sealed.answers;
    next.desk = p->sealed.desk;
    next.fetch = p->sealed.fetch;
    next.components = p->sealed.components;
    next.exemptions = p->sealed.exemptions;
    next.version = p->sealed.version;
    next.changed_ms = p->sealed.changed_ms;
    next.expires_ms = p->sealed.expires_ms;
    next.warn_ms = p->sealed.warn_ms;
    next.revision++;
    return entity_encode(&draft_entity, &next, edit->before, edit->arena, edit->after);
}

int draft_put(const struct people *p, const struct id *id, const struct id *owner,
              const struct id *actor, int64_t if_revision, const struct draft_content *c,
              int64_t now_ms, struct arena *a, struct draft *ret)
{
    struct putting putting = {.people = p, .owner = owner, .actor = actor, .now_ms = now_ms};
    struct store_change_options options = {.if_revision = if_revision};
    struct store_changed changed = {0};
    int done = draft_get(p->store, id, a, &putting.sealed);
    if (done == 0 && !id_equal(&putting.sealed.owner, owner))
        done = STORE_ABSENT;
    if (done == 0)
        done = fill(p, c, now_ms, a, &putting.sealed);
    if (done != 0)
        return done;
    done = store_change(p->store, &draft_collection, id, &options, put, &putting, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    return done == 0 ? draft_decode(doc, a, ret) : done;
}

/* Not the key of a dossier; nor one that was written since it was looked at, without another look.
 */
static int drop_key(const struct people *p, const struct id *draft)
{
    const struct id of = dossier_of_draft(draft);
    int done = STORE_CONFLICT;
    for (int i = 0; i < KEY_TRIES && done == STORE_CONFLICT; i++) {
        CLEANUP(bson_destroyp) bson_t *key = NULL;
        CLEANUP(bson_destroyp) bson_t *dossier = NULL;
        done = store_get(p->keys, &person_key_collection, &of, &key);
        if (done == 0)
            done = store_get(p->store, &dossier_collection, &of, &dossier);
        else if (done == STORE_ABSENT)
            return 0;
        if (done == STORE_ABSENT)
            done = store_remove(p->keys, &person_key_collection, &of, store_version(key));
    }
    return done < 0 ? done : 0;
}

/* The key of its own that an older program gave a draft. */
static int drop_own_key(const struct people *p, const struct id *draft)
{
    int done = store_remove(p->keys, &person_key_collection, draft, -1);
    return done < 0 ? done : 0;
}

int draft_remove(const struct people *p, const struct id *id, int64_t stored)
{
    int done = store_remove(p->store, &draft_collection, id, stored);
    if (done != 0)
        return done; /* if it is gone, its key is for who removed it */
    done = drop_own_key(p, id);
    int also = drop_key(p, id);
    return done < 0 ? done : also;
}

struct store_removal draft_removal(const struct draft *d)
{
    return (struct store_removal){
        .collection = &draft_collection, .id = d->id, .version = d->stored};
}

int draft_filed(const struct people *p, const struct draft *d, int removed, const uint8_t *key)
{
    const struct id dossier = dossier_of_draft(&d->id);
    if (removed < 0 || removed == STORE_ABSENT)
        return person_key_write(p, &dossier, key);
    if (removed == 0 && id_is_nil(&d->key))
        drop_own_key(p, &d->id);
    return 0;
}

/* --- lists ------------------------------------------------------------------------------------ */

int draft_list(struct store *s, const struct id *owner, const struct store_query *page,
               struct arena *a, struct store_page *ret)
{
    struct store_value value = store_id(*owner);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = *page;
    q.conditions = &theirs;
    q.n_conditions = 1;
    q.order = "changed";
    q.descending = true;
    return store_scan(s, &draft_collection, &q, a, ret);
}

int draft_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                bool *ret_more)
{
    static const struct owned theirs = {&draft_collection, &draft_entity, "owner", "changed"};
    return owned_reown(s, &theirs, from, into, a, ret_more);
}

/* --- sweeps ----------------------------------------------------------------------------------- */

static int before(struct store *s, const char *order, int64_t now_ms, size_t max, struct arena *a,
                  struct store_page *ret)
{
    const struct store_range past = {
        .has_low = true, .low = store_int(1), .has_high = true, .high = store_int(now_ms)};
    const struct store_condition due = {
        .field = order, .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    const struct store_query q = {
        .conditions = &due, .n_conditions = 1, .order = order, .limit = max};
    return store_scan(s, &draft_collection, &q, a, ret);
}

int draft_sweep(const struct people *p, int64_t now_ms, size_t max, size_t *ret_removed)
{
    struct arena a;
    struct store_page page = {0};
    arena_init(&a);
    *ret_removed = 0;
    int done = before(p->store, "expires", now_ms, max, &a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (!store_document_id(page.docs[i], &id))
            continue;
        done = draft_remove(p, &id, store_version(page.docs[i]));
        *ret_removed += done == 0;
    }
    arena_release(&a);
    return done < 0 ? done : 0;
}

int draft_due(struct store *s, int64_t now_ms, size_t max, struct arena *a, struct draft **ret,
              size_t *ret_n)
{
    struct store_page page = {0};
    int done = before(s, "warn", now_ms, max, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        if (draft_decode(page.docs[i], a, &(*ret)[*ret_n]) == 0)
            (*ret_n)++;
    }
    return done;
}

static int warned(struct store_edit *edit, void *ctx)
{
    const struct draft *told = ctx;
    struct draft d;
    int done = draft_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.expires_ms != told->expires_ms)
        return STORE_UNCHANGED;
    d.warn_ms = 0;
    return entity_encode(&draft_entity, &d, edit->before, edit->arena, edit->after);
}

int draft_warned(struct store *s, const struct draft *d)
{
    struct draft told = *d;
    int done = store_change(s, &draft_collection, &d->id, NULL, warned, &told, NULL);
    return done == STORE_ABSENT || done == STORE_UNCHANGED ? 0 : done;
}
