#include "domain/report/held.h"

#include <string.h>

#include "base/result.h"
#include "domain/report/private.h"

#define AT(member) .offset = offsetof(struct report_held, member)

const struct entity report_held_entity = {
    .name = "HeldReport",
    .size = sizeof(struct report_held),
    .fields = (const struct entity_field[]){
        {.name = "owner", .type = ENTITY_ID, AT(owner)},
        {.name = "key", .type = ENTITY_TEXT, AT(key), .max = 64},
        {.name = "category", .type = ENTITY_TEXT, AT(category), .see = SEE_OWNER, .max = 40},
        {.name = "text", .type = ENTITY_TEXT, AT(text), .see = SEE_OWNER, .max = REPORT_TEXT_MAX},
        {.name = "address", .type = ENTITY_TEXT, AT(address), .see = SEE_OWNER, .max = 400},
        {.name = "answers", .type = ENTITY_JSON, AT(answers), .see = SEE_OWNER},
        {.name = "answers_form", .type = ENTITY_INT, AT(answers_form), .flags = ENTITY_OPTIONAL},
        {.name = "point", .type = ENTITY_POINT, AT(point), .see = SEE_OWNER},
        {.name = "commune", .type = ENTITY_TEXT, AT(commune), .see = SEE_OWNER, .max = 8},
        {.name = "place", .type = ENTITY_ENUM, AT(place), .see = SEE_OWNER, .names = report_places},
        {.name = "consent", .type = ENTITY_BOOL, AT(consent), .see = SEE_OWNER},
        {.name = "emergency", .type = ENTITY_BOOL, AT(emergency), .see = SEE_OWNER},
        {.name = "approval", .type = ENTITY_BOOL, AT(approval)},
        {.name = "proof", .type = ENTITY_BOOL, AT(proof)},
        {.name = "photos",
         .type = ENTITY_LIST,
         AT(photos),
         .see = SEE_OWNER,
         .max = REPORT_MEDIA_MAX,
         .of = &report_photo_entity},
        {.name = "awaited",
         .type = ENTITY_INT,
         AT(awaited),
         .see = SEE_OWNER,
         .flags = ENTITY_OPTIONAL},
        {.name = "held_at", .type = ENTITY_TIME, AT(held_ms), .see = SEE_OWNER},
        {.name = "expires",
         .type = ENTITY_TIME,
         AT(expires_ms),
         .see = SEE_OWNER,
         .words = "Removed then, unless its writer's code was checked before"},
        {.name = "said", .type = ENTITY_BYTES, AT(said), .max = 16},
        {.name = "filed", .type = ENTITY_ID, AT(filed)},
        {0},
    }};

const struct store_collection report_held_collection = {
    .name = "report_held",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"owner", "owner", STORE_ID, false},
            {"held", "held_at", STORE_INT, false},
            {"expires", "expires", STORE_INT, false},
        },
    .n_fields = 3,
    .paths =
        (const struct store_path[]){
            {.name = "owner",
             .why = "they are filed when their writer is proven",
             .equals = {"owner"},
             .order = "held"},
            {.name = "expires", .why = "the sweep of what nobody stood for", .order = "expires"},
        },
    .n_paths = 2,
};

static int decode(const bson_t *doc, struct arena *a, struct report_held *ret)
{
    *ret = (struct report_held){0};
    int done = entity_decode(&report_held_entity, doc, a, ret);
    return done < 0 ? done : store_document_id(doc, &ret->id) ? 0 : E_CORRUPT;
}

int report_held_get(struct store *s, const struct id *id, struct arena *a, struct report_held *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &report_held_collection, id, &doc);
    return done == 0 ? decode(doc, a, ret) : done;
}

int report_held_of(struct store *s, const struct id *owner, struct arena *a,
                   struct report_held **ret, size_t *ret_n, bool *ret_more)
{
    struct store_value whose = store_id(*owner);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "held", .limit = REPORT_HELD_MAX};
    struct store_page page;
    int done = store_scan(s, &report_held_collection, &q, a, &page);
    if (done != 0)
        return done;
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = page.n;
    *ret_more = page.more;
    for (size_t i = 0; i < page.n && done == 0; i++)
        done = decode(page.docs[i], a, &(*ret)[i]);
    return done;
}

static int repeated(const bson_t *doc, const struct store_write *write, struct arena *a,
                    struct report_held *ret)
{
    int done = decode(doc, a, ret);
    return done < 0 ? done : store_wrote(doc, write) ? REPORT_REPEATED : REPORT_KEY_REUSED;
}

int report_hold(struct store *s, const struct report_draft *d, const char *key, const void *body,
                size_t n_body, int64_t now_ms, struct arena *a, struct report_held *ret)
{
    struct store_write write = store_write_keyed("report.hold", &d->actor, key, body, n_body);
    struct id id = report_id(&d->actor, key);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct report_held *others = NULL;
    size_t n = 0;
    bool more = false;
    int done = store_get(s, &report_held_collection, &id, &doc);
    if (done == 0)
        return repeated(doc, &write, a, ret);
    if (done == STORE_ABSENT)
        done = report_held_of(s, &d->owner, a, &others, &n, &more);
    if (done != 0)
        return done;
    if (n >= REPORT_HELD_MAX)
        return REPORT_HELD_FULL;
    *ret = (struct report_held){
        .id = id,
        .owner = d->owner,
        .key = key,
        .category = d->category,
        .text = d->text,
        .address = d->address,
        .answers = d->answers,
        .answers_form = d->answers_form,
        .commune = d->commune,
        .point = d->point,
        .place = d->place,
        .consent = d->consent,
        .emergency = d->emergency,
        .approval = d->approval,
        .proof = d->proof,
        .photos = {arena_dup(a, d->photos, d->n_photos * sizeof(*d->photos)), d->n_photos},
        .awaited = d->awaited,
        .held_ms = now_ms,
        .expires_ms = now_ms + REPORT_HELD_MS,
        .said = {arena_dup(a, write.digest, sizeof(write.digest)), sizeof(write.digest)},
    };
    CLEANUP(bson_destroyp) bson_t *made = bson_new();
    done = entity_encode(&report_held_entity, ret, NULL, a, made);
    if (done == 0)
        done = store_create(s, &report_held_collection, &id, &write, made, NULL);
    if (done == STORE_REPEATED)
        return REPORT_REPEATED;
    return done == STORE_EXISTS || done == STORE_REUSED ? REPORT_KEY_REUSED : done;
}

int report_held_heir(struct store *s, const struct id *id, struct arena *a, struct id *ret)
{
    struct report_held h;
    int done = report_held_get(s, id, a, &h);
    if (done == 0)
        *ret = h.filed;
    return done == 0 && id_is_nil(ret) ? STORE_ABSENT : done;
}

/* Repeating it finds what is there. */
static int leave_heir(struct store *s, const struct report_held *h, const struct id *owner,
                      struct arena *a)
{
    struct report_held heir = {
        .id = report_id(owner, h->key), .filed = h->id, .expires_ms = h->expires_ms};
    if (id_equal(&heir.id, &h->id))
        return 0; /* its writer is who they were */
    CLEANUP(bson_destroyp) bson_t *made = bson_new();
    int done = entity_encode(&report_held_entity, &heir, NULL, a, made);
    struct store_new_doc doc = {.id = heir.id, .body = made};
    if (done == 0)
        done = store_insert(s, &report_held_collection, &doc, 1);
    return done < 0 ? done : doc.outcome < 0 ? doc.outcome : 0;
}

int report_held_file(struct store *s, const struct report_held *h, const struct id *owner,
                     const char *agency, const struct case_world *w, struct arena *a)
{
    const struct report_draft d = {
        .owner = *owner,
        .actor = h->owner,
        .category = h->category,
        .text = h->text,
        .address = h->address,
        .answers = h->answers,
        .answers_form = h->answers_form,
        .commune = h->commune,
        .point = h->point,
        .place = h->place,
        .consent = h->consent,
        .emergency = h->emergency,
        .approval = h->approval,
        .proof = h->proof,
        .agency = agency,
        .photos = h->photos.items,
        .n_photos = h->photos.n,
        .awaited = h->awaited,
    };
    struct report filed;
    struct store_write write =
        store_write_keyed("report.file", &d.actor, h->key, h->id.bytes, sizeof(h->id.bytes));
    if (h->said.n == sizeof(write.digest))
        memcpy(write.digest, h->said.data, sizeof(write.digest));
    int done = report_file_as(s, &d, h->key, &write, w, a, &filed);
    if (done >= 0)
        done = leave_heir(s, h, owner, a);
    if (done < 0)
        return done;
    done = store_remove(s, &report_held_collection, &h->id, -1);
    return done < 0 ? done : 0;
}
