#include "media/upload.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/stream.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "media/upload_private.h"
#include "media/videos.h"

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

int64_t upload_bytes_max(const struct upload_service *s, bool video)
{
    return video ? videos_bytes_max(s->videos) : UPLOAD_BYTES_MAX;
}

int upload_open(const struct upload_service *s, const struct upload_new *n, int64_t now_ms,
                struct arena *a, struct upload *ret)
{
    *ret = (struct upload){.id = id_v4(),
                           .owner = *n->owner,
                           .staff = n->staff,
                           .state = UPLOAD_ARRIVING,
                           .video = n->video,
                           .part = n->part,
                           .length = n->length,
                           .created_ms = now_ms,
                           .expires_ms = now_ms + UPLOAD_LIFE_MS};
    if (n->principal)
        ret->principal = *n->principal;
    int done = key_new(s->people, ret, a);
    if (done == 0 && n->metadata)
        done = seal_metadata(s->people, ret, n->metadata, a);
    return done == 0 ? store_blob_create(s->store, &ret->arriving) : done;
}

int upload_announce(struct store *s, struct upload *u, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&upload_entity, u, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(s, &upload_collection, &u->id, &write, body, NULL);
}

int upload_create(const struct upload_service *s, const struct upload_new *n, int64_t now_ms,
                  struct arena *a, struct upload *ret)
{
    int done = upload_open(s, n, now_ms, a, ret);
    if (done != 0)
        return done;
    done = upload_announce(s->store, ret, a);
    if (done < 0 && done != E_UNKNOWN)
        store_blob_remove(s->store, &ret->arriving); /* on a full disk it must not stay */
    return done;
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

int upload_arrived(const struct upload_service *s, struct upload *u, struct arena *a, int64_t *ret)
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

/* More arrived than it was said to be: how long it is, is not known after all. */
static int undeclare(struct store_edit *edit, void *ctx)
{
    const int64_t *at = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (u.state != UPLOAD_ARRIVING || u.length == UPLOAD_UNKNOWN || u.length >= *at)
        return STORE_UNCHANGED;
    u.length = UPLOAD_UNKNOWN;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

/*
 * Who says how long it is and who sends more may do so at once. Each writes first and looks then,
 * so that one of them sees the other: nothing stays that can never become whole. *u is read anew.
 */
static int agree(const struct upload_service *s, struct upload *u, int64_t at, struct arena *a)
{
    int done = store_change(s->store, &upload_collection, &u->id, NULL, undeclare, &at, NULL);
    return done < 0 ? done : upload_get(s->store, &u->id, a, u);
}

/* A part is bytes and no more. */
static int finish_if_whole(const struct upload_service *s, struct upload *u, int64_t offset,
                           struct arena *a)
{
    bool whole = u->state == UPLOAD_ARRIVING && offset == u->length && !u->part;
    return whole ? upload_finish(s, u, a) : 0;
}

int upload_offset(const struct upload_service *s, struct upload *u, struct arena *a,
                  int64_t *ret_offset)
{
    int done = upload_arrived(s, u, a, ret_offset);
    return done == 0 ? finish_if_whole(s, u, *ret_offset, a) : done;
}

/* Something more for one that is not arriving any more: nothing at its end is the end told again.
 */
static int append_late(const struct upload *u, int64_t offset, size_t n, int64_t *ret_offset)
{
    *ret_offset = u->length;
    if (offset != u->length)
        return UPLOAD_OFFSET;
    return n == 0 ? 0 : UPLOAD_OVER;
}

int upload_append(const struct upload_service *s, struct upload *u, int64_t offset, void *bytes,
                  size_t n, struct arena *a, int64_t *ret_offset)
{
    if (u->state != UPLOAD_ARRIVING)
        return append_late(u, offset, n, ret_offset);
    int64_t most = u->length == UPLOAD_UNKNOWN ? upload_bytes_max(s, u->video) : u->length;
    if (offset < 0 || (int64_t)n > most - offset) {
        int done = upload_arrived(s, u, a, ret_offset);
        return done < 0 ? done : offset == *ret_offset ? UPLOAD_OVER : UPLOAD_OFFSET;
    }
    uint8_t key[SEAL_KEY];
    int done = upload_key_get(s->people, u, key);
    if (done != 0)
        return done < 0 ? done : UPLOAD_NOT_OURS;
    upload_stream(key, &u->id, offset, bytes, n);
    bytes_wipe(key, sizeof(key));
    done = store_blob_append(s->store, &u->arriving, offset, bytes, n, ret_offset);
    if (done == STORE_CONFLICT)
        return UPLOAD_OFFSET;
    if (done == STORE_ABSENT) {
        done = settled_elsewhere(s, u, a);
        return done == 0 ? append_late(u, offset, n, ret_offset) : done;
    }
    if (done == 0 && u->length == UPLOAD_UNKNOWN)
        done = agree(s, u, *ret_offset, a);
    if (done == STORE_ABSENT)
        return UPLOAD_NOT_OURS;
    if (done != 0)
        return done;
    return finish_if_whole(s, u, *ret_offset, a);
}

/* --- how long it is --------------------------------------------------------------------------- */

static int declare(struct store_edit *edit, void *ctx)
{
    const int64_t *length = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (u.length != UPLOAD_UNKNOWN)
        return u.length == *length ? STORE_UNCHANGED : UPLOAD_LENGTH;
    u.length = *length;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

int upload_declare(const struct upload_service *s, struct upload *u, int64_t length,
                   struct arena *a)
{
    int64_t at = 0;
    int done = upload_arrived(s, u, a, &at);
    if (done == 0 && u->length == UPLOAD_UNKNOWN && at > length)
        return UPLOAD_LENGTH;
    if (done == 0)
        done = store_change(s->store, &upload_collection, &u->id, NULL, declare, &length, NULL);
    if (done == 0 || done == STORE_UNCHANGED) {
        u->length = length;
        done = upload_arrived(s, u, a, &at);
    }
    if (done == 0 && at > length) {
        done = agree(s, u, at, a);
        return done < 0 ? done : UPLOAD_LENGTH;
    }
    return done == STORE_ABSENT ? UPLOAD_NOT_OURS : done;
}

/* --- belonging to a case ---------------------------------------------------------------------- */

enum upload_kind upload_kind(const struct upload *u)
{
    if (u->video)
        return UPLOAD_VIDEO;
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
    if (!upload_is_whole(&u))
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

void upload_attach_many(struct store *s, struct upload_attaching *items, size_t n, unsigned takes,
                        const struct id *case_id, struct arena *a)
{
    struct store_one *ones = arena_array(a, n, sizeof(*ones));
    struct attaching *ctx = arena_array(a, n, sizeof(*ctx));
    size_t *of = arena_array(a, n, sizeof(*of)), n_ones = 0;
    for (size_t i = 0; i < n; i++) {
        bson_t *seen = NULL;
        items[i].outcome = store_get(s, &upload_collection, &items[i].id, &seen);
        if (items[i].outcome != 0)
            continue;
        ctx[n_ones] = (struct attaching){&items[i].whose, case_id, takes};
        ones[n_ones] = (struct store_one){.id = items[i].id, .seen = seen, .ctx = &ctx[n_ones]};
        of[n_ones++] = i;
    }
    store_change_many(s, &upload_collection, ones, n_ones, attach);
    for (size_t i = 0; i < n_ones; i++) {
        items[of[i]].outcome = ones[i].outcome == STORE_UNCHANGED ? 0 : ones[i].outcome;
        bson_destroy((bson_t *)(uintptr_t)ones[i].seen);
    }
    for (size_t i = 0; i < n; i++) {
        struct upload_attaching *one = &items[i];
        if (one->outcome == 0)
            one->outcome = upload_get(s, &one->id, a, &one->upload);
        if (one->outcome == STORE_ABSENT)
            one->outcome = UPLOAD_NOT_OURS;
    }
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
