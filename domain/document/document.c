#include "domain/document/document.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/entity/owned.h"
#include "domain/person/key.h"

#define DETAILS "document.details"
#define PAGE 50

/* --- ids and reading -------------------------------------------------------------------------- */

struct id document_id_of_component(const struct id *dossier, const char *code,
                                   const struct entity_list *files)
{
    const struct case_media *media = files->items;
    struct id_part parts[2 + DOCUMENT_FILES_MAX] = {{dossier->bytes, 16}, {code, strlen(code)}};
    size_t n = 2;
    for (size_t i = 0; i < files->n && i < DOCUMENT_FILES_MAX; i++)
        parts[n++] = (struct id_part){media[i].id.bytes, 16};
    return id_v8("document.component", parts, n);
}

struct id document_id_of_result(const struct id *dossier, const struct id *file)
{
    const struct id_part parts[] = {{dossier->bytes, 16}, {file->bytes, 16}};
    return id_v8("document.result", parts, ARRAY_LEN(parts));
}

int document_decode(const bson_t *doc, struct arena *a, struct document *ret)
{
    *ret = (struct document){0};
    int done = entity_decode(&document_entity, doc, a, ret);
    return done < 0 ? done : store_document_id(doc, &ret->id) ? 0 : E_CORRUPT;
}

int document_get(struct store *s, const struct id *id, struct arena *a, struct document *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &document_collection, id, &doc);
    return done == 0 ? document_decode(doc, a, ret) : done;
}

/* --- what stands on it ------------------------------------------------------------------------ */

static int seal_details(const struct people *p, const struct id *id,
                        const struct document_details *t, struct arena *a, struct entity_bytes *ret)
{
    CLEANUP(json_decrefp)
    json_t *words = json_pack("{s:s*, s:s*, s:s*}", "number", t->number, "issuer", t->issuer,
                              "holder", t->holder);
    uint8_t key[SEAL_KEY];
    size_t n = 0;
    if (!words)
        return E_INVALID;
    const char *text = json_canonical(a, words, &n);
    if (n > DOCUMENT_DETAILS_MAX)
        return E_FULL;
    int done = person_key_of(p, id, key);
    if (done == 0)
        done = person_seal(key, id, DETAILS, text, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

int document_details(const struct people *p, const struct document *d, struct arena *a,
                     struct document_details *ret)
{
    uint8_t key[SEAL_KEY];
    const char *text = NULL;
    *ret = (struct document_details){0};
    int done = person_key_get(p, &d->id, key);
    if (done == 0)
        done = person_open(key, &d->id, DETAILS, &d->details, a, &text);
    bytes_wipe(key, sizeof(key));
    if (done != 0 || !text)
        return done;
    CLEANUP(json_decrefp) json_t *words = json_loads(text, 0, NULL);
    if (!words)
        return E_CORRUPT;
    const struct {
        const char *name;
        const char **into;
    } known[] = {{"number", &ret->number}, {"issuer", &ret->issuer}, {"holder", &ret->holder}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        const char *word = json_string_value(json_object_get(words, known[i].name));
        *known[i].into = word ? arena_strdup(a, word) : NULL;
    }
    return 0;
}

/* --- making ----------------------------------------------------------------------------------- */

static bool same_text(const char *x, const char *y)
{
    return x && y ? strcmp(x, y) == 0 : x == y;
}

static int follow(struct store_edit *edit, void *ctx)
{
    const struct document *told = ctx;
    struct document d;
    int done = document_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.state == DOCUMENT_REMOVED)
        return STORE_UNCHANGED;
    bool own_end = d.state == DOCUMENT_REVOKED && told->state != DOCUMENT_REVOKED;
    bool ends = !own_end && (d.state != told->state || !same_text(d.note, told->note));
    if (!ends && id_equal(&d.owner, &told->owner))
        return STORE_UNCHANGED;
    d.owner = told->owner;
    if (ends) {
        d.state = told->state;
        d.ended_ms = told->ended_ms;
        d.ended_by = told->ended_by;
        d.note = told->note;
    }
    d.revision++;
    return entity_encode(&document_entity, &d, edit->before, edit->arena, edit->after);
}

int document_put(const struct people *p, const struct document *d, const struct document_details *t,
                 struct arena *a)
{
    struct document made = *d;
    int done = store_change(p->store, &document_collection, &d->id, NULL, follow, &made, NULL);
    if (done != STORE_ABSENT)
        return done == STORE_UNCHANGED ? 0 : done;
    done = seal_details(p, &d->id, t, a, &made.details);
    if (done != 0)
        return done;
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_write write = store_write_fresh();
    made.revision = 1;
    done = entity_encode(&document_entity, &made, NULL, a, body);
    if (done == 0)
        done = store_create(p->store, &document_collection, &d->id, &write, body, NULL);
    return done == STORE_EXISTS ? 0 : done; /* another made it from the same record */
}

/* --- lists ------------------------------------------------------------------------------------ */

int document_list(struct store *s, const struct id *owner, const char *type,
                  const struct store_query *page, struct arena *a, struct store_page *ret)
{
    struct store_value values[] = {store_id(*owner), store_text(type)};
    struct store_condition theirs[] = {
        {.field = "owner", .op = STORE_EQ, .values = &values[0], .n_values = 1},
        {.field = "type", .op = STORE_EQ, .values = &values[1], .n_values = 1}};
    struct store_query q = *page;
    q.conditions = theirs;
    q.n_conditions = type ? 2 : 1;
    q.order = "verified";
    q.descending = true;
    return store_scan(s, &document_collection, &q, a, ret);
}

int document_of_case(struct store *s, const struct id *dossier, struct arena *a,
                     struct document **ret, size_t *ret_n)
{
    struct store_value value = store_id(*dossier);
    const struct store_condition of = {
        .field = "dossier", .op = STORE_EQ, .values = &value, .n_values = 1};
    const struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "verified", .limit = DOCUMENTS_OF_CASE};
    struct store_page page = {0};
    int done = store_scan(s, &document_collection, &q, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; i < page.n && done == 0; i++) {
        struct document *d = &(*ret)[*ret_n];
        done = document_decode(page.docs[i], a, d);
        *ret_n += done == 0 && d->state != DOCUMENT_REMOVED;
    }
    return done;
}

/* --- what officers do to one ------------------------------------------------------------------ */

struct doing {
    const struct document_act *act;
    struct entity_bytes details; /* sealed before: the change may be run again */
    bool revokes;
};

static int act_on(struct store_edit *edit, void *ctx)
{
    const struct doing *doing = ctx;
    const struct document_act *act = doing->act;
    struct document d;
    int done = document_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (!same_text(d.office, act->office))
        return STORE_ABSENT;
    if (d.state != DOCUMENT_VALID)
        return DOCUMENT_ENDED;
    if (doing->revokes) {
        d.state = DOCUMENT_REVOKED;
        d.ended_ms = act->now_ms;
        d.ended_by = act->office;
        d.note = act->note;
    } else {
        d.details = doing->details;
        d.issued_ms = act->issued_ms;
        d.until_ms = act->until_ms;
        if (!d.until_ms && d.limited && d.issued_ms)
            d.until_ms = document_months_after(d.issued_ms, d.limited);
        if (act->against)
            d.against = act->against;
        d.described = true;
        d.officer = act->officer;
    }
    d.revision++;
    return entity_encode(&document_entity, &d, edit->before, edit->arena, edit->after);
}

static int do_to(struct store *s, const struct id *id, struct doing *doing, int64_t if_revision,
                 struct arena *a, struct document *ret)
{
    const struct store_change_options options = {.if_revision = if_revision};
    struct store_changed changed = {0};
    int done = store_change(s, &document_collection, id, &options, act_on, doing, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    return done == 0 ? document_decode(doc, a, ret) : done;
}

int document_describe(const struct people *p, const struct id *id, const struct document_act *act,
                      int64_t if_revision, struct arena *a, struct document *ret)
{
    struct doing doing = {.act = act};
    struct document d;
    int done = document_get(p->store, id, a, &d);
    if (done == 0 && same_text(d.office, act->office) && d.state != DOCUMENT_VALID)
        return DOCUMENT_ENDED; /* before a key is made for it */
    if (done == 0)
        done = same_text(d.office, act->office)
                   ? seal_details(p, id, &act->details, a, &doing.details)
                   : STORE_ABSENT;
    return done == 0 ? do_to(p->store, id, &doing, if_revision, a, ret) : done;
}

int document_revoke(struct store *s, const struct id *id, const struct document_act *act,
                    int64_t if_revision, struct arena *a, struct document *ret)
{
    struct doing doing = {.act = act, .revokes = true};
    return do_to(s, id, &doing, if_revision, a, ret);
}

/* --- out of the store ------------------------------------------------------------------------- */

struct removing {
    const struct id *owner;
    int64_t now_ms;
};

static int empty(struct store_edit *edit, void *ctx)
{
    const struct removing *r = ctx;
    struct document d;
    int done = document_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (!id_equal(&d.owner, r->owner))
        return STORE_ABSENT;
    const struct document left = {.type = d.type,
                                  .state = DOCUMENT_REMOVED,
                                  .origin = d.origin,
                                  .about = d.about,
                                  .dossier = d.dossier,
                                  .part = d.part,
                                  .office = d.office,
                                  .verified_ms = d.verified_ms,
                                  .against = d.against,
                                  .created_ms = d.created_ms,
                                  .ended_ms = r->now_ms,
                                  .revision = d.revision + 1};
    d = left;
    return entity_encode(&document_entity, &d, edit->before, edit->arena, edit->after);
}

int document_remove(const struct people *p, const struct id *id, const struct id *owner,
                    int64_t now_ms)
{
    struct removing r = {owner, now_ms};
    int done = store_change(p->store, &document_collection, id, NULL, empty, &r, NULL);
    if (done != 0)
        return done;
    done = store_remove(p->keys, &person_key_collection, id, -1);
    return done < 0 ? done : 0;
}

/* --- the end of a person ---------------------------------------------------------------------- */

int document_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                   bool *ret_more)
{
    static const struct owned theirs = {&document_collection, &document_entity, "owner",
                                        "verified"};
    return owned_reown(s, &theirs, from, into, a, ret_more);
}

int document_erase(const struct people *p, const struct id *owner, struct arena *a, bool *ret_more)
{
    const struct store_query q = {.limit = PAGE};
    struct store_page page = {0};
    int done = document_list(p->store, owner, NULL, &q, a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (!store_document_id(page.docs[i], &id))
            continue;
        done = store_remove(p->keys, &person_key_collection, &id, -1);
        if (done >= 0)
            done = store_remove(p->store, &document_collection, &id, -1);
    }
    *ret_more = page.more;
    return done < 0 ? done : 0;
}
