#include "domain/person/person.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/person/key.h"

struct login {
    struct id person;
    int64_t created_ms;
};

static const struct entity login_entity = {
    .name = "Login",
    .size = sizeof(struct login),
    .fields = (const struct entity_field[]){
        {.name = "person", .type = ENTITY_ID, .offset = offsetof(struct login, person)},
        {.name = "created_at", .type = ENTITY_TIME, .offset = offsetof(struct login, created_ms)},
        {0},
    }};

static int create(struct store *s, const struct store_collection *c, const struct entity *e,
                  const struct id *id, void *record, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(e, record, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(s, c, id, &write, body, NULL);
}

static int login_get(const struct people *p, const struct id *id, struct arena *a,
                     struct login *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(p->store, &login_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct login){0};
    return entity_decode(&login_entity, doc, a, ret);
}

static int person_new(const struct people *p, const char *phone, const char *language,
                      int64_t now_ms, struct arena *a, struct person *ret)
{
    *ret = (struct person){.id = id_v4(),
                           .created_ms = now_ms,
                           .seen_ms = now_ms,
                           .language = language,
                           .revision = 1};
    uint8_t key[SEAL_KEY];
    int done = person_key_new(p, &ret->id, key);
    if (done == 0)
        done = person_seal(key, &ret->id, "person.phone", phone, a, &ret->phone);
    bytes_wipe(key, sizeof(key));
    if (done == 0)
        done = create(p->store, &person_collection, &person_entity, &ret->id, ret, a);
    return done;
}

/* Two first sign-ins at once: the login document decides, the other person is taken back. */
static int take_back(const struct people *p, const struct person *loser)
{
    int done = store_remove(p->store, &person_collection, &loser->id, -1);
    if (done >= 0)
        done = store_remove(p->keys, &person_key_collection, &loser->id, -1);
    return done < 0 ? done : 0;
}

int person_of_phone(const struct people *p, const char *phone, const char *language, int64_t now_ms,
                    struct arena *a, struct person *ret)
{
    struct id login_id = mac_lookup_id(p->keyring, "login.phone", phone, strlen(phone));
    struct login login;
    int done = login_get(p, &login_id, a, &login);
    if (done == 0)
        return person_get(p, &login.person, a, ret);
    if (done != STORE_ABSENT)
        return done;
    done = person_new(p, phone, language, now_ms, a, ret);
    if (done != 0)
        return done;
    login = (struct login){.person = ret->id, .created_ms = now_ms};
    done = create(p->store, &login_collection, &login_entity, &login_id, &login, a);
    if (done != STORE_EXISTS)
        return done;
    done = take_back(p, ret);
    if (done == 0)
        done = login_get(p, &login_id, a, &login);
    return done == 0 ? person_get(p, &login.person, a, ret) : done;
}

int person_get(const struct people *p, const struct id *id, struct arena *a, struct person *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(p->store, &person_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct person){.id = *id};
    return entity_decode(&person_entity, doc, a, ret);
}

static int open_field(const struct people *p, const struct person *person, const char *what,
                      const struct entity_bytes *sealed, struct arena *a, const char **ret)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, &person->id, key);
    if (done == 0)
        done = person_open(key, &person->id, what, sealed, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

int person_phone(const struct people *p, const struct person *person, struct arena *a,
                 const char **ret)
{
    return open_field(p, person, "person.phone", &person->phone, a, ret);
}

int person_name(const struct people *p, const struct person *person, struct arena *a,
                const char **ret)
{
    return open_field(p, person, "person.name", &person->name, a, ret);
}

struct renaming {
    const struct id *id;
    const uint8_t *key;
    const char *name, *language;
};

static int rename_person(struct store_edit *edit, void *ctx)
{
    const struct renaming *r = ctx;
    struct person person = {.id = *r->id};
    int done = entity_decode(&person_entity, edit->before, edit->arena, &person);
    if (done == 0 && r->name)
        done = person_seal(r->key, r->id, "person.name", r->name, edit->arena, &person.name);
    if (done < 0)
        return done;
    if (r->language)
        person.language = r->language;
    person.revision++;
    return entity_encode(&person_entity, &person, edit->before, edit->arena, edit->after);
}

int person_rename(const struct people *p, const struct id *id, const char *name,
                  const char *language, int64_t if_revision, struct arena *a, struct person *ret)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, id, key);
    if (done != 0)
        return done;
    struct renaming r = {id, key, name, language};
    struct store_change_options options = {.if_revision = if_revision};
    done = store_change(p->store, &person_collection, id, &options, rename_person, &r, NULL);
    bytes_wipe(key, sizeof(key));
    return done == 0 ? person_get(p, id, a, ret) : done;
}
