/* What becomes of the photos of somebody who is erased. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "media/upload_private.h"

#define PAGE 50

struct erasing {
    const struct upload_service *s;
    const struct id *owner;
    enum upload_fate fate;
    struct id original, arriving; /* blobs that are named no more */
};

/* Its key goes under the keyring's, since its owner's ends. */
static int release(const struct upload_service *s, struct upload *u, struct arena *a)
{
    uint8_t key[SEAL_KEY];
    uint8_t *out = arena_alloc(a, SEAL_KEY + SEAL_KEYRING_OVERHEAD);
    const struct seal_about about = {"upload.key", u->id};
    int done = upload_key_get(s->people, u, key);
    if (done == 0)
        done = seal_by_keyring(s->people->keyring, KEY_SECRET, &about, key, SEAL_KEY, out);
    bytes_wipe(key, sizeof(key));
    if (done == 0) {
        u->key = (struct entity_bytes){out, SEAL_KEY + SEAL_KEYRING_OVERHEAD};
        u->staff = true;
    }
    return done == PERSON_ERASED || done == E_CORRUPT ? 0 : done;
}

static int detach(struct store_edit *edit, void *ctx)
{
    struct erasing *e = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0 || !store_document_id(edit->before, &u.id))
        return done < 0 ? done : E_CORRUPT;
    if (!id_equal(&u.owner, e->owner))
        return STORE_UNCHANGED;
    if (e->fate == UPLOAD_RELEASED)
        done = release(e->s, &u, edit->arena);
    if (e->fate == UPLOAD_SHOWN) {
        e->original = u.original;
        e->arriving = u.arriving;
        u.original = u.arriving = (struct id){0};
        u.original_size = 0;
        u.key = u.exif = u.signatures = (struct entity_bytes){0};
        u.principal = (struct id){0};
    }
    u.metadata = (struct entity_bytes){0};
    u.owner = (struct id){0};
    return done == 0 ? entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after)
                     : done;
}

static int keep(const struct upload_service *s, const struct upload *u, const struct id *owner,
                enum upload_fate fate)
{
    struct erasing e = {.s = s, .owner = owner, .fate = fate};
    int done = store_change(s->store, &upload_collection, &u->id, NULL, detach, &e, NULL);
    if (done == 0 && !id_is_nil(&e.original))
        done = store_blob_remove(s->store, &e.original);
    if (done >= 0 && !id_is_nil(&e.arriving))
        done = store_blob_remove(s->store, &e.arriving);
    return done < 0 ? done : 0;
}

/* The blobs first: what is not found again is not removed. */
static int drop(const struct upload_service *s, const struct upload *u)
{
    const struct id *blobs[] = {&u->arriving, &u->original, &u->large, &u->small, &u->film};
    int done = 0;
    for (size_t i = 0; i < ARRAY_LEN(blobs) && done >= 0; i++)
        done = id_is_nil(blobs[i]) ? 0 : store_blob_remove(s->store, blobs[i]);
    if (done >= 0)
        done = store_remove(s->store, &upload_collection, &u->id, -1);
    return done < 0 ? done : 0;
}

int upload_erase_one(const struct upload_service *s, const struct upload *u, enum upload_fate fate)
{
    return fate == UPLOAD_GONE ? drop(s, u) : keep(s, u, &u->owner, fate);
}

int upload_erase(const struct upload_service *s, const struct id *owner,
                 int (*fate)(void *ctx, const struct upload *u, struct arena *a,
                             enum upload_fate *ret),
                 void *ctx, struct arena *a, bool *ret_more)
{
    struct store_value whose = store_id(*owner);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "created", .limit = PAGE};
    struct store_page page = {0};
    int done = store_scan(s->store, &upload_collection, &q, a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct upload u = {0};
        enum upload_fate end = UPLOAD_GONE;
        done = entity_decode(&upload_entity, page.docs[i], a, &u);
        if (done == 0 && !store_document_id(page.docs[i], &u.id))
            done = E_CORRUPT;
        if (done == 0)
            done = fate(ctx, &u, a, &end);
        if (done == 0)
            done = end == UPLOAD_GONE ? drop(s, &u) : keep(s, &u, owner, end);
    }
    *ret_more = page.more;
    return done;
}
