/* Uploads that stay a while longer, and those that follow a person who turned out to be another. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/entity/owned.h"
#include "domain/person/key.h"
#include "media/upload.h"

struct keeping {
    const struct id *owner;
    unsigned takes;
    int64_t until_ms;
};

static int keep(struct store_edit *edit, void *ctx)
{
    const struct keeping *k = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (!id_equal(upload_whose(&u), k->owner))
        return UPLOAD_NOT_OURS;
    if (!upload_is_whole(&u))
        return UPLOAD_NOT_SOUND;
    if (!(upload_kind(&u) & k->takes))
        return UPLOAD_OTHER;
    if (!id_is_nil(&u.attached))
        return UPLOAD_TAKEN;
    if (u.expires_ms >= k->until_ms)
        return STORE_UNCHANGED;
    u.expires_ms = k->until_ms;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

int upload_keep(struct store *s, const struct id *id, const struct id *owner, unsigned takes,
                int64_t until_ms, struct arena *a, struct upload *ret)
{
    struct keeping k = {owner, takes, until_ms};
    int done = store_change(s, &upload_collection, id, NULL, keep, &k, NULL);
    if (done == STORE_ABSENT)
        return UPLOAD_NOT_OURS;
    return done == 0 || done == STORE_UNCHANGED ? upload_get(s, id, a, ret) : done;
}

/* --- another owner ---------------------------------------------------------------------------- */

struct reowning {
    const struct id *from, *into;
    uint8_t old_key[SEAL_KEY], new_key[SEAL_KEY];
};

static int reseal(const struct reowning *r, const struct id *id, struct upload *u, struct arena *a)
{
    uint8_t key[SEAL_KEY];
    uint8_t *out = arena_alloc(a, SEAL_KEY + SEAL_OVERHEAD);
    struct seal_about about = {"upload.key", *id};
    int done = u->key.n == SEAL_KEY + SEAL_OVERHEAD &&
                       seal_open(r->old_key, &about, u->key.data, u->key.n, key) == 0
                   ? seal(r->new_key, &about, key, SEAL_KEY, out)
                   : E_CORRUPT;
    bytes_wipe(key, sizeof(key));
    u->key = (struct entity_bytes){out, SEAL_KEY + SEAL_OVERHEAD};
    return done;
}

static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    struct upload u = {0};
    struct id id;
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (!id_equal(&u.owner, r->from) || !store_document_id(edit->before, &id))
        return STORE_UNCHANGED;
    done = reseal(r, &id, &u, edit->arena);
    if (done < 0)
        return done == E_CORRUPT ? STORE_UNCHANGED : done;
    u.owner = *r->into;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

int upload_reown(const struct upload_service *s, const struct id *from, const struct id *into,
                 struct arena *a, bool *ret_more)
{
    static const struct owned theirs = {&upload_collection, &upload_entity, "owner", "created"};
    struct reowning r = {from, into, {0}, {0}};
    *ret_more = false;
    if (id_equal(from, into))
        return 0;
    int done = person_key_get(s->people, from, r.old_key);
    if (done == PERSON_ERASED)
        return 0; /* erased on purpose, or moved before */
    if (done == 0)
        done = person_key_get(s->people, into, r.new_key);
    if (done == 0)
        done = owned_each(s->store, &theirs, from, reown, &r, a, ret_more);
    bytes_wipe(&r, sizeof(r));
    return done;
}
