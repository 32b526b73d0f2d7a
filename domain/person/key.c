#include "domain/person/key.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"

struct key_record {
    struct entity_bytes wrapped;
};

static const struct entity key_entity = {.name = "PersonKey",
                                         .size = sizeof(struct key_record),
                                         .fields = (const struct entity_field[]){
                                             {.name = "key",
                                              .type = ENTITY_BYTES,
                                              .offset = offsetof(struct key_record, wrapped),
                                              .max = SEAL_KEY + SEAL_KEYRING_OVERHEAD},
                                             {0},
                                         }};

static struct seal_about about_key(const struct id *person)
{
    return (struct seal_about){"person.key", *person};
}

/* A fresh key, and the document that holds it wrapped. */
static int wrap_new(const struct people *p, const struct id *person, struct arena *a,
                    uint8_t ret[SEAL_KEY], bson_t *body)
{
    seal_key_new(ret);
    uint8_t *wrapped = arena_alloc(a, SEAL_KEY + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = about_key(person);
    int done = seal_by_keyring(p->keyring, KEY_PERSON_WRAP, &about, ret, SEAL_KEY, wrapped);
    struct key_record record = {{wrapped, SEAL_KEY + SEAL_KEYRING_OVERHEAD}};
    return done == 0 ? entity_encode(&key_entity, &record, NULL, a, body) : done;
}

int person_key_new(const struct people *p, const struct id *person, uint8_t ret[SEAL_KEY])
{
    struct arena a;
    arena_init(&a);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = wrap_new(p, person, &a, ret, body);
    if (done == 0) {
        struct store_write write = store_write_fresh();
        done = store_create(p->keys, &person_key_collection, person, &write, body, NULL);
    }
    arena_release(&a);
    return done;
}

int person_keys_new(const struct people *p, const struct id *of, size_t n, uint8_t (*ret)[SEAL_KEY])
{
    struct arena a;
    arena_init(&a);
    struct store_new_doc *docs = arena_array(&a, n, sizeof(*docs));
    int done = 0;
    for (size_t i = 0; i < n && done == 0; i++) {
        bson_t *body = bson_new();
        done = wrap_new(p, &of[i], &a, ret[i], body);
        docs[i] = (struct store_new_doc){.id = of[i], .body = body};
    }
    if (done == 0)
        done = store_insert(p->keys, &person_key_collection, docs, n);
    for (size_t i = 0; i < n; i++) {
        if (done == 0 && docs[i].outcome != 0)
            done = docs[i].outcome < 0 ? docs[i].outcome : E_BUSY;
        if (docs[i].body)
            bson_destroy((bson_t *)(uintptr_t)docs[i].body);
    }
    arena_release(&a);
    return done;
}

int person_key_get(const struct people *p, const struct id *person, uint8_t ret[SEAL_KEY])
{
    struct arena a;
    arena_init(&a);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct key_record record = {0};
    int done = store_get(p->keys, &person_key_collection, person, &doc);
    if (done == 0)
        done = entity_decode(&key_entity, doc, &a, &record);
    else if (done == STORE_ABSENT)
        done = PERSON_ERASED;
    if (done == 0) {
        struct seal_about about = about_key(person);
        bool whole = record.wrapped.n == SEAL_KEY + SEAL_KEYRING_OVERHEAD;
        if (!whole || seal_open_by_keyring(p->keyring, KEY_PERSON_WRAP, &about, record.wrapped.data,
                                           record.wrapped.n, ret) != 0)
            done = E_CORRUPT;
    }
    arena_release(&a);
    return done;
}

static int decode_wrapped(const bson_t *doc, struct arena *a, struct key_record *ret)
{
    *ret = (struct key_record){0};
    int done = entity_decode(&key_entity, doc, a, ret);
    return done == 0 && ret->wrapped.n != SEAL_KEY + SEAL_KEYRING_OVERHEAD ? E_CORRUPT : done;
}

int person_key_under(const bson_t *doc, uint32_t *ret)
{
    struct arena a;
    struct key_record record;
    arena_init(&a);
    int done = decode_wrapped(doc, &a, &record);
    if (done == 0)
        *ret = keyring_id_load(record.wrapped.data + 1); /* base/crypto/seal.h */
    arena_release(&a);
    return done;
}

struct rewrapping {
    const struct people *people;
    const struct id *person;
};

static int rewrap(struct store_edit *edit, void *ctx)
{
    const struct rewrapping *r = ctx;
    struct seal_about about = about_key(r->person);
    uint8_t key[SEAL_KEY];
    struct key_record record;
    int done = decode_wrapped(edit->before, edit->arena, &record);
    if (done == 0 && seal_open_by_keyring(r->people->keyring, KEY_PERSON_WRAP, &about,
                                          record.wrapped.data, record.wrapped.n, key) != 0)
        done = E_CORRUPT;
    uint8_t *wrapped = arena_alloc(edit->arena, record.wrapped.n);
    if (done == 0)
        done =
            seal_by_keyring(r->people->keyring, KEY_PERSON_WRAP, &about, key, sizeof(key), wrapped);
    bytes_wipe(key, sizeof(key));
    record.wrapped.data = wrapped;
    return done == 0 ? entity_encode(&key_entity, &record, edit->before, edit->arena, edit->after)
                     : done;
}

int person_key_rewrap(const struct people *p, const struct id *person)
{
    struct rewrapping r = {p, person};
    int done = store_change(p->keys, &person_key_collection, person, NULL, rewrap, &r, NULL);
    return done == STORE_ABSENT ? PERSON_ERASED : done;
}

struct writing {
    const struct people *people;
    const struct id *of;
    const uint8_t *key;
};

static int write_key(struct store_edit *edit, void *ctx)
{
    const struct writing *w = ctx;
    struct seal_about about = about_key(w->of);
    struct key_record record = {{arena_alloc(edit->arena, SEAL_KEY + SEAL_KEYRING_OVERHEAD),
                                 SEAL_KEY + SEAL_KEYRING_OVERHEAD}};
    int done = seal_by_keyring(w->people->keyring, KEY_PERSON_WRAP, &about, w->key, SEAL_KEY,
                               (uint8_t *)(uintptr_t)record.wrapped.data);
    return done == 0 ? entity_encode(&key_entity, &record, edit->before, edit->arena, edit->after)
                     : done;
}

int person_key_write(const struct people *p, const struct id *of, const uint8_t key[SEAL_KEY])
{
    struct writing w = {p, of, key};
    const struct store_change_options options = {.if_revision = STORE_ANY_REVISION,
                                                 .or_create = true};
    return store_change(p->keys, &person_key_collection, of, &options, write_key, &w, NULL);
}

int person_key_of(const struct people *p, const struct id *of, uint8_t ret[SEAL_KEY])
{
    int done = person_key_get(p, of, ret);
    if (done != PERSON_ERASED)
        return done;
    done = person_key_new(p, of, ret);
    return done == STORE_EXISTS ? person_key_get(p, of, ret) : done;
}

int person_seal(const uint8_t key[SEAL_KEY], const struct id *person, const char *what,
                const char *text, struct arena *a, struct entity_bytes *ret)
{
    *ret = (struct entity_bytes){0};
    if (!text || !text[0])
        return 0;
    size_t n = strlen(text);
    uint8_t *out = arena_alloc(a, n + SEAL_OVERHEAD);
    struct seal_about about = {what, *person};
    int done = seal(key, &about, text, n, out);
    if (done == 0)
        *ret = (struct entity_bytes){out, n + SEAL_OVERHEAD};
    return done;
}

int person_open(const uint8_t key[SEAL_KEY], const struct id *person, const char *what,
                const struct entity_bytes *sealed, struct arena *a, const char **ret)
{
    *ret = NULL;
    if (sealed->n == 0)
        return 0;
    if (sealed->n < SEAL_OVERHEAD)
        return E_CORRUPT;
    char *text = arena_alloc(a, sealed->n - SEAL_OVERHEAD + 1);
    struct seal_about about = {what, *person};
    if (seal_open(key, &about, sealed->data, sealed->n, text) != 0)
        return E_CORRUPT;
    *ret = text;
    return 0;
}
