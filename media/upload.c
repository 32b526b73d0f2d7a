#include "media/upload.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/stream.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "media/upload_private.h"

/* --- the key of an upload --------------------------------------------------------------------- */

static int key_new(const struct people *p, struct upload *u, struct arena *a)
{
    uint8_t key[SEAL_KEY], person[SEAL_KEY];
    struct seal_about about = {"upload.key", u->id};
    uint8_t *out = arena_alloc(a, SEAL_KEY + SEAL_KEYRING_OVERHEAD);
    seal_key_new(key);
    int done;
    if (u->staff) {
        u->key = (struct entity_bytes){out, SEAL_KEY + SEAL_KEYRING_OVERHEAD};
        done = seal_by_keyring(p->keyring, KEY_SECRET, &about, key, SEAL_KEY, out);
    } else {
        u->key = (struct entity_bytes){out, SEAL_KEY + SEAL_OVERHEAD};
        done = person_key_get(p, &u->owner, person);
        if (done == 0)
            done = seal(person, &about, key, SEAL_KEY, out);
        bytes_wipe(person, sizeof(person));
    }
    bytes_wipe(key, sizeof(key));
    return done;
}

int upload_key_get(const struct people *p, const struct upload *u, uint8_t ret[SEAL_KEY])
{
    struct seal_about about = {"upload.key", u->id};
    size_t overhead = u->staff ? SEAL_KEYRING_OVERHEAD : SEAL_OVERHEAD;
    if (u->key.n != SEAL_KEY + overhead)
        return E_CORRUPT;
    if (u->staff)
        return seal_open_by_keyring(p->keyring, KEY_SECRET, &about, u->key.data, u->key.n, ret) == 0
                   ? 0
                   : E_CORRUPT;
    uint8_t person[SEAL_KEY];
    int done = person_key_get(p, &u->owner, person);
    if (done == 0 && seal_open(person, &about, u->key.data, u->key.n, ret) != 0)
        done = E_CORRUPT;
    bytes_wipe(person, sizeof(person));
    return done;
}

static int seal_metadata(const struct people *p, struct upload *u, const char *metadata,
                         struct arena *a)
{
    struct seal_about about = {"upload.metadata", u->id};
    uint8_t key[SEAL_KEY];
    size_t n = strlen(metadata);
    uint8_t *out = arena_alloc(a, n + SEAL_OVERHEAD);
    int done = upload_key_get(p, u, key);
    if (done == 0)
        done = seal(key, &about, metadata, n, out);
    bytes_wipe(key, sizeof(key));
    u->metadata = (struct entity_bytes){out, n + SEAL_OVERHEAD};
    return done;
}

int upload_metadata(const struct upload_service *s, const struct upload *u, struct arena *a,
                    const char **ret)
{
    struct seal_about about = {"upload.metadata", u->id};
    uint8_t key[SEAL_KEY];
    *ret = NULL;
    if (u->metadata.n <= SEAL_OVERHEAD)
        return 0;
    size_t n = u->metadata.n - SEAL_OVERHEAD;
    char *text = arena_alloc(a, n + 1);
    int done = upload_key_get(s->people, u, key);
    if (done == 0 && seal_open(key, &about, u->metadata.data, u->metadata.n, text) != 0)
        done = E_CORRUPT;
    bytes_wipe(key, sizeof(key));
    text[n] = '\0';
    *ret = done == 0 ? text : NULL;
    return done;
}

/* The key stream is used once: what has arrived is replaced by the original as soon as it is whole.
 */
void upload_stream(const uint8_t key[SEAL_KEY], const struct id *upload, int64_t offset,
                   uint8_t *bytes, size_t n)
{
    uint8_t nonce[STREAM_NONCE] = {0};
    memcpy(nonce, upload->bytes, sizeof(upload->bytes));
    stream_xor(key, nonce, offset, bytes, n);
}

/* --- arriving --------------------------------------------------------------------------------- */

int upload_create(const struct upload_service *s, const struct id *owner, bool staff,
                  const struct id *principal, int64_t length, const char *metadata, int64_t now_ms,
                  struct arena *a, struct upload *ret)
{
    *ret = (struct upload){.id = id_v4(),
                           .owner = *owner,
                           .staff = staff,
                           .state = UPLOAD_ARRIVING,
                           .length = length,
                           .created_ms = now_ms,
                           .expires_ms = now_ms + UPLOAD_LIFE_MS};
    if (principal)
        ret->principal = *principal;
    int done = key_new(s->people, ret, a);
    if (done == 0 && metadata)
        done = seal_metadata(s->people, ret, metadata, a);
    if (done == 0)
        done = store_blob_create(s->store, &ret->arriving);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    if (done == 0)
        done = entity_encode(&upload_entity, ret, NULL, a, body);
    if (done != 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(s->store, &upload_collection, &ret->id, &write, body, NULL);
}

int upload_get(struct store *s, const struct id *id, struct arena *a, struct upload *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &upload_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct upload){.id = *id};
    return entity_decode(&upload_entity, doc, a, ret);
}

/* Its blob is gone: another request finished it, or a backup was restored, which has no halves. */
static int settled_elsewhere(const struct upload_service *s, struct upload *u, struct arena *a)
{
    struct id id = u->id;
    int done = upload_get(s->store, &id, a, u);
    return done == STORE_ABSENT || (done == 0 && u->state == UPLOAD_ARRIVING) ? UPLOAD_NOT_OURS
                                                                              : done;
}

static int arrived(const struct upload_service *s, struct upload *u, struct arena *a, int64_t *ret)
{
    *ret = u->length;
    if (u->state != UPLOAD_ARRIVING)
        return 0;
    struct store_blob_info info;
    int done = store_blob_stat(s->store, &u->arriving, &info);
    if (done == STORE_ABSENT)
        return settled_elsewhere(s, u, a);
    *ret = info.size;
    return done;
}

int upload_offset(const struct upload_service *s, struct upload *u, struct arena *a,
                  int64_t *ret_offset)
{
    int done = arrived(s, u, a, ret_offset);
    if (done == 0 && u->state == UPLOAD_ARRIVING && *ret_offset == u->length)
        done = upload_finish(s, u, a);
    return done;
}

int upload_append(const struct upload_service *s, struct upload *u, int64_t offset,
                  const void *bytes, size_t n, struct arena *a, int64_t *ret_offset)
{
    if (u->state != UPLOAD_ARRIVING) {
        *ret_offset = u->length;
        return offset == u->length && n == 0 ? 0 : UPLOAD_OVER;
    }
    if (offset < 0 || (int64_t)n > u->length - offset) {
        int done = arrived(s, u, a, ret_offset);
        return done < 0 ? done : offset == *ret_offset ? UPLOAD_OVER : UPLOAD_OFFSET;
    }
    uint8_t key[SEAL_KEY];
    int done = upload_key_get(s->people, u, key);
    if (done != 0)
        return done < 0 ? done : UPLOAD_NOT_OURS;
    uint8_t *sealed = arena_dup(a, bytes, n);
    upload_stream(key, &u->id, offset, sealed, n);
    bytes_wipe(key, sizeof(key));
    done = store_blob_append(s->store, &u->arriving, offset, sealed, n, ret_offset);
    if (done == STORE_CONFLICT)
        return UPLOAD_OFFSET;
    if (done == STORE_ABSENT)
        return UPLOAD_OVER; /* another request finished it meanwhile */
    if (done != 0)
        return done;
    return *ret_offset == u->length ? upload_finish(s, u, a) : 0;
}

/* --- belonging to a case ---------------------------------------------------------------------- */

enum upload_kind upload_kind(const struct upload *u)
{
    return u->type && strcmp(u->type, "application/pdf") == 0 ? UPLOAD_PAPER : UPLOAD_PHOTO;
}

struct attaching {
    const struct id *whose, *case_id;
    unsigned takes;
};

static int attach(struct store_edit *edit, void *ctx)
{
    const struct attaching *t = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (!id_equal(upload_whose(&u), t->whose))
        return UPLOAD_NOT_OURS;
    if (u.state != UPLOAD_SOUND)
        return UPLOAD_NOT_SOUND;
    if (!(upload_kind(&u) & t->takes))
        return UPLOAD_OTHER;
    if (id_equal(&u.attached, t->case_id))
        return STORE_UNCHANGED;
    if (!id_is_nil(&u.attached))
        return UPLOAD_TAKEN;
    u.attached = *t->case_id;
    u.expires_ms = 0;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

int upload_attach(struct store *s, const struct id *id, const struct id *whose, unsigned takes,
                  const struct id *case_id, struct arena *a, struct upload *ret)
{
    struct attaching t = {whose, case_id, takes};
    int done = store_change(s, &upload_collection, id, NULL, attach, &t, NULL);
    if (done == STORE_ABSENT)
        return UPLOAD_NOT_OURS;
    if (done != 0 && done != STORE_UNCHANGED)
        return done;
    return upload_get(s, id, a, ret);
}

int upload_attached(struct store *s, const struct id *case_id, struct arena *a, int64_t *ret_n,
                    int64_t *ret_bytes)
{
    struct store_value value = store_id(*case_id);
    struct store_condition its = {
        .field = "attached", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_tally_query q = {.conditions = &its, .n_conditions = 1, .sum = "size"};
    struct store_tally_row *rows;
    size_t n;
    int done = store_tally(s, &upload_collection, &q, a, &rows, &n);
    *ret_n = *ret_bytes = 0;
    for (size_t i = 0; done == 0 && i < n; i++) {
        *ret_n += rows[i].count;
        *ret_bytes += rows[i].sum;
    }
    return done;
}

/* --- the sweep -------------------------------------------------------------------------------- */

static int remove_upload(struct store *s, const bson_t *doc, struct arena *a, size_t *ret_removed)
{
    struct upload u = {0};
    int done = entity_decode(&upload_entity, doc, a, &u);
    if (done < 0 || !store_document_id(doc, &u.id))
        return done < 0 ? done : E_CORRUPT;
    /* The document first: a blob that nothing names is swept (store/orphans.h). */
    done = store_remove(s, &upload_collection, &u.id, store_version(doc));
    if (done != 0)
        return done < 0 ? done : 0;
    (*ret_removed)++;
    const struct id *blobs[] = {&u.arriving, &u.original, &u.large, &u.small};
    for (size_t i = 0; i < ARRAY_LEN(blobs); i++) {
        done = id_is_nil(blobs[i]) ? 0 : store_blob_remove(s, blobs[i]);
        if (done < 0)
            return done;
    }
    return 0;
}

int upload_sweep(struct store *s, int64_t now_ms, size_t max, size_t *ret_removed)
{
    struct arena a;
    arena_init(&a);
    struct store_range past = {.has_high = true, .high = store_int(now_ms)};
    struct store_condition expired = {
        .field = "expires", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &expired,
                            .n_conditions = 1,
                            .order = "expires",
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    struct store_page page;
    *ret_removed = 0;
    int done = store_scan(s, &upload_collection, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = remove_upload(s, page.docs[i], &a, ret_removed);
    arena_release(&a);
    return done;
}
