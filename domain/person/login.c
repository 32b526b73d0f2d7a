/* Logins: documents that are found by what must not be guessed from them. */
#include <string.h>

#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/person/private.h"

const struct entity login_entity = {
    .name = "Login",
    .size = sizeof(struct login),
    .fields = (const struct entity_field[]){
        {.name = "person", .type = ENTITY_ID, .offset = offsetof(struct login, person)},
        {.name = "fresh", .type = ENTITY_ID, .offset = offsetof(struct login, fresh)},
        {.name = "created_at", .type = ENTITY_TIME, .offset = offsetof(struct login, created_ms)},
        {0},
    }};

struct id login_phone_id(const struct people *p, const char *phone)
{
    return mac_lookup_id(p->keyring, "login.phone", phone, strlen(phone));
}

struct id login_card_id(const struct people *p, const char *card)
{
    return mac_lookup_id(p->keyring, "login.card", card, strlen(card));
}

struct id login_passport_id(const struct people *p, const char *passport)
{
    return mac_lookup_id(p->keyring, "login.passport", passport, strlen(passport));
}

int login_get(const struct people *p, const struct id *id, struct arena *a, struct login *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(p->store, &login_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct login){0};
    return entity_decode(&login_entity, doc, a, ret);
}

int login_create(const struct people *p, const struct id *id, const struct id *person,
                 int64_t now_ms, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct login login = {.person = *person, .created_ms = now_ms};
    int done = entity_encode(&login_entity, &login, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(p->store, &login_collection, id, &write, body, NULL);
}

struct pointing {
    struct id person, fresh;
    int64_t now_ms;
    bool keep; /* freshen: keep who is there */
};

static int point(struct store_edit *edit, void *ctx)
{
    struct pointing *t = ctx;
    struct login login = {.created_ms = t->now_ms};
    int done = edit->before ? entity_decode(&login_entity, edit->before, edit->arena, &login) : 0;
    if (done < 0)
        return done;
    if (t->keep && !id_is_nil(&login.fresh)) {
        t->fresh = login.fresh;
        return STORE_UNCHANGED;
    }
    if (!t->keep && id_equal(&login.person, &t->person) && id_is_nil(&login.fresh))
        return STORE_UNCHANGED;
    if (!t->keep)
        login.person = t->person;
    login.fresh = t->fresh;
    return entity_encode(&login_entity, &login, edit->before, edit->arena, edit->after);
}

int login_point(const struct people *p, const struct id *id, const struct id *person,
                int64_t now_ms)
{
    struct pointing t = {.person = *person, .now_ms = now_ms};
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    int done = store_change(p->store, &login_collection, id, &options, point, &t, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}

int login_freshen(const struct people *p, const struct id *id, const struct id *fresh,
                  struct id *ret)
{
    struct pointing t = {.fresh = *fresh, .keep = true};
    int done = store_change(p->store, &login_collection, id, NULL, point, &t, NULL);
    *ret = t.fresh;
    return done == STORE_UNCHANGED ? 0 : done;
}
