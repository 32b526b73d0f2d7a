/* Parts that arrived beside each other become one upload (tus concatenation). */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "media/upload_private.h"

#define PIECE ((size_t)1 << 20) /* bytes copied at a time */

struct joining {
    const struct upload_service *service;
    struct arena *arena;
    struct upload *whole;
    int64_t now_ms;
    uint8_t key[SEAL_KEY]; /* of the whole */
    int64_t at;            /* bytes of it so far */
};

static int find_part(const struct joining *j, const struct id *id, struct upload *ret)
{
    int64_t size = 0;
    int done = upload_get(j->service->store, id, j->arena, ret);
    if (done == STORE_ABSENT || (done == 0 && !id_equal(upload_whose(ret), upload_whose(j->whole))))
        return UPLOAD_NOT_OURS;
    if (done == 0 && upload_expired(ret, j->now_ms))
        return UPLOAD_NOT_OURS;
    if (done != 0)
        return done;
    done = ret->part ? upload_arrived(j->service, ret, j->arena, &size) : UPLOAD_NO_PART;
    return done == 0 && size != ret->length ? UPLOAD_NO_PART : done;
}

static int copy_piece(struct joining *j, const struct upload *part, const uint8_t *key,
                      int64_t offset, uint8_t *room)
{
    size_t n = 0;
    struct store *s = j->service->store;
    int64_t left = part->length - offset;
    size_t wanted = left < (int64_t)PIECE ? (size_t)left : PIECE;
    int done = store_blob_read(s, &part->arriving, offset, room, wanted, &n);
    if (done != 0)
        return done < 0 ? done : UPLOAD_NO_PART;
    if (n != wanted)
        return E_CORRUPT;
    upload_stream(key, &part->id, offset, room, n);
    upload_stream(j->key, &j->whole->id, j->at, room, n);
    return store_blob_append(s, &j->whole->arriving, j->at, room, n, &j->at);
}

static int copy_part(struct joining *j, const struct upload *part, uint8_t *room)
{
    uint8_t key[SEAL_KEY];
    int done = upload_key_get(j->service->people, part, key);
    for (int64_t at = 0; done == 0 && at < part->length; at += (int64_t)PIECE)
        done = copy_piece(j, part, key, at, room);
    bytes_wipe(key, sizeof(key));
    return done;
}

static int expire(struct store_edit *edit, void *ctx)
{
    const int64_t *until_ms = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0 || u.expires_ms <= *until_ms)
        return done < 0 ? done : STORE_UNCHANGED;
    u.expires_ms = *until_ms;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

static int copy_all(struct joining *j, const struct upload *parts, size_t n)
{
    uint8_t *room = arena_alloc(j->arena, PIECE);
    int done = upload_key_get(j->service->people, j->whole, j->key);
    for (size_t i = 0; done == 0 && i < n; i++)
        done = copy_part(j, &parts[i], room);
    bytes_wipe(j->key, sizeof(j->key));
    return done;
}

static int find_parts(struct joining *j, const struct id *ids, size_t n, bool video,
                      struct upload *ret, int64_t *ret_length)
{
    *ret_length = 0;
    for (size_t i = 0; i < n; i++) {
        int done = find_part(j, &ids[i], &ret[i]);
        if (done != 0)
            return done;
        *ret_length += ret[i].length;
    }
    return *ret_length > upload_bytes_max(j->service, video) ? UPLOAD_OVER : 0;
}

static const char *list_of(const struct id *ids, size_t n, struct arena *a)
{
    char *text = arena_alloc(a, n * ID_TEXT), *out = text;
    for (size_t i = 0; i < n; i++, out += ID_TEXT) {
        id_format(&ids[i], out);
        out[ID_TEXT - 1] = i + 1 < n ? ' ' : '\0';
    }
    return text;
}

/* Of whom the whole will be, before there is one. */
static struct upload whose_of(const struct upload_new *n)
{
    struct upload whole = {.owner = *n->owner};
    if (n->principal)
        whole.principal = *n->principal;
    return whole;
}

int upload_join_length(const struct upload_service *s, const struct upload_new *n,
                       const struct id *parts, size_t n_parts, int64_t now_ms, struct arena *a,
                       int64_t *ret)
{
    struct upload whole = whose_of(n);
    struct joining j = {.service = s, .arena = a, .whole = &whole, .now_ms = now_ms};
    if (n_parts > UPLOAD_PARTS_MAX)
        return UPLOAD_OVER;
    struct upload *found = arena_array(a, n_parts, sizeof(*found));
    return find_parts(&j, parts, n_parts, n->video, found, ret);
}

int upload_join(const struct upload_service *s, const struct upload_new *n, const struct id *parts,
                size_t n_parts, int64_t now_ms, struct arena *a, struct upload *ret)
{
    *ret = whose_of(n);
    struct joining j = {.service = s, .arena = a, .whole = ret, .now_ms = now_ms};
    struct upload *found = arena_array(a, n_parts, sizeof(*found));
    struct upload_new whole = *n;
    whole.part = false;
    int done = n_parts > UPLOAD_PARTS_MAX
                   ? UPLOAD_OVER
                   : find_parts(&j, parts, n_parts, n->video, found, &whole.length);
    if (done == 0)
        done = upload_open(s, &whole, now_ms, a, ret);
    if (done != 0)
        return done;
    ret->parts = list_of(parts, n_parts, a);
    done = copy_all(&j, found, n_parts);
    if (done == 0)
        done = upload_announce(s->store, ret, a);
    if (done != 0) {
        store_blob_remove(s->store, &ret->arriving); /* a failure leaves an orphan, no lie */
        return done;
    }
    int64_t until_ms = now_ms + UPLOAD_JOINED_MS;
    for (size_t i = 0; i < n_parts; i++)
        store_change(s->store, &upload_collection, &parts[i], NULL, expire, &until_ms, NULL);
    done = upload_finish(s, ret, a);
    return done == E_BUSY ? 0 : done;
}
