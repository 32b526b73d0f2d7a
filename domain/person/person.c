#include "domain/person/person.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "domain/person/private.h"

#define FOLLOW_MAX 5 /* unproven, into a number's, into a card's, which goes nowhere */

/* --- making one ------------------------------------------------------------------------------- */

static int create(const struct people *p, struct person *person, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&person_entity, person, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(p->store, &person_collection, &person->id, &write, body, NULL);
}

int person_new(const struct people *p, const char *phone, int64_t level, const char *language,
               int64_t expires_ms, int64_t now_ms, struct arena *a, struct person *ret)
{
    *ret = (struct person){.id = id_v4(),
                           .created_ms = now_ms,
                           .seen_ms = now_ms,
                           .level = level,
                           .language = language,
                           .expires_ms = expires_ms,
                           .revision = 1};
    uint8_t key[SEAL_KEY];
    int done = person_key_new(p, &ret->id, key);
    if (done == 0)
        done = person_seal(key, &ret->id, "person.phone", phone, a, &ret->phone);
    bytes_wipe(key, sizeof(key));
    return done == 0 ? create(p, ret, a) : done;
}

/* Two first sign-ins at once: the login document decides, the other person is taken back. */
int person_take_back(const struct people *p, const struct person *loser)
{
    int done = store_remove(p->store, &person_collection, &loser->id, -1);
    if (done >= 0)
        done = store_remove(p->keys, &person_key_collection, &loser->id, -1);
    return done < 0 ? done : 0;
}

int person_of_phone(const struct people *p, const char *phone, const char *language, int64_t now_ms,
                    struct arena *a, struct person *ret)
{
    struct id id = login_phone_id(p, phone);
    struct login login;
    int done = login_get(p, &id, a, &login);
    if (done == 0)
        return person_get(p, &login.person, a, ret);
    if (done != STORE_ABSENT)
        return done;
    done = person_new(p, phone, LEVEL_PHONE, language, 0, now_ms, a, ret);
    if (done != 0)
        return done;
    done = login_create(p, &id, &ret->id, now_ms, a);
    if (done != STORE_EXISTS)
        return done;
    done = person_take_back(p, ret);
    if (done == 0)
        done = login_get(p, &id, a, &login);
    return done == 0 ? person_get(p, &login.person, a, ret) : done;
}

/* --- reading ---------------------------------------------------------------------------------- */

int person_read(const struct people *p, const struct id *id, struct arena *a, struct person *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(p->store, &person_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct person){.id = *id};
    return entity_decode(&person_entity, doc, a, ret);
}

int person_get(const struct people *p, const struct id *id, struct arena *a, struct person *ret)
{
    struct id at = *id;
    for (int i = 0; i < FOLLOW_MAX; i++) {
        int done = person_read(p, &at, a, ret);
        if (done != 0 || id_is_nil(&ret->merged_into))
            return done;
        at = ret->merged_into;
    }
    return E_CORRUPT;
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

int person_card(const struct people *p, const struct person *person, struct arena *a,
                const char **ret)
{
    return open_field(p, person, "person.card", &person->card, a, ret);
}

int person_passport(const struct people *p, const struct person *person, struct arena *a,
                    const char **ret)
{
    return open_field(p, person, "person.passport", &person->passport, a, ret);
}

int person_birth(const struct people *p, const struct person *person, struct arena *a,
                 const char **ret)
{
    return open_field(p, person, "person.birth", &person->birth, a, ret);
}

int person_texts(const struct people *p, const struct person *person, struct arena *a,
                 struct person_texts *ret)
{
    const struct {
        const char *what;
        const struct entity_bytes *sealed;
        const char **opened;
    } fields[] = {{"person.name", &person->name, &ret->name},
                  {"person.card", &person->card, &ret->card},
                  {"person.birth", &person->birth, &ret->birth},
                  {"person.phone", &person->phone, &ret->phone}};
    uint8_t key[SEAL_KEY];
    *ret = (struct person_texts){0};
    int done = person_key_get(p, &person->id, key);
    for (size_t i = 0; i < ARRAY_LEN(fields) && done == 0; i++)
        done = person_open(key, &person->id, fields[i].what, fields[i].sealed, a, fields[i].opened);
    bytes_wipe(key, sizeof(key));
    return done;
}

/* --- changing --------------------------------------------------------------------------------- */

struct changing {
    const struct id *id;
    person_change_fn fn;
    void *ctx;
};

static int change(struct store_edit *edit, void *ctx)
{
    const struct changing *c = ctx;
    struct person person = {.id = *c->id};
    int done = entity_decode(&person_entity, edit->before, edit->arena, &person);
    if (done == 0)
        done = c->fn(&person, edit->arena, c->ctx);
    return done == 0
               ? entity_encode(&person_entity, &person, edit->before, edit->arena, edit->after)
               : done;
}

int person_change(const struct people *p, const struct id *id, int64_t if_revision,
                  person_change_fn fn, void *ctx)
{
    struct changing c = {id, fn, ctx};
    struct store_change_options options = {.if_revision = if_revision};
    return store_change(p->store, &person_collection, id, &options, change, &c, NULL);
}

void person_remember(struct person *person, const struct id *device, int64_t now_ms,
                     struct arena *a)
{
    struct person_device *devices = person->devices.items;
    size_t n = person->devices.n, place = 0;
    if (id_is_nil(device))
        return;
    for (size_t i = 0; i < n; i++) {
        if (id_equal(&devices[i].id, device)) {
            devices[i].seen_ms = now_ms;
            return;
        }
        if (devices[i].seen_ms < devices[place].seen_ms)
            place = i;
    }
    if (n < PERSON_DEVICES_MAX) {
        struct person_device *more = arena_array(a, n + 1, sizeof(*more));
        if (devices)
            memcpy(more, devices, n * sizeof(*more));
        person->devices = (struct entity_list){more, n + 1};
        devices = more;
        place = n;
    }
    devices[place] = (struct person_device){*device, now_ms};
}

struct renaming {
    const uint8_t *key;
    const char *name, *language;
};

static int rename_person(struct person *person, struct arena *a, void *ctx)
{
    const struct renaming *r = ctx;
    int done = 0;
    if (r->name)
        done = person_seal(r->key, &person->id, "person.name", r->name, a, &person->name);
    if (r->language)
        person->language = r->language;
    person->revision++;
    return done;
}

int person_rename(const struct people *p, const struct id *id, const char *name,
                  const char *language, int64_t if_revision, struct arena *a, struct person *ret)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, id, key);
    if (done != 0)
        return done;
    struct renaming r = {key, name, language};
    done = person_change(p, id, if_revision, rename_person, &r);
    bytes_wipe(key, sizeof(key));
    return done == 0 ? person_get(p, id, a, ret) : done;
}
