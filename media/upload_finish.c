/* An upload that is whole: decoded in the sandbox, its original sealed, its renditions stored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/frames.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "media/upload_private.h"

/* All that has arrived, opened; caller wipes nothing: it is the person's own picture. */
static int read_arrived(const struct upload_service *s, const struct upload *u,
                        const uint8_t key[SEAL_KEY], uint8_t **ret)
{
    CLEANUP(freep) uint8_t *bytes = malloc((size_t)u->length);
    if (!bytes)
        return E_NOMEM;
    size_t n = 0;
    int done = store_blob_read(s->store, &u->arriving, 0, bytes, (size_t)u->length, &n);
    if (done != 0)
        return done;
    if (n != (size_t)u->length)
        return E_CORRUPT;
    upload_stream(key, &u->id, 0, bytes, n);
    *ret = STEAL(bytes);
    return 0;
}

int upload_store_bytes(struct store *s, const void *bytes, size_t n, struct id *ret_blob)
{
    int64_t size = 0;
    struct store_blob_info info;
    int done = store_blob_create(s, ret_blob);
    if (done == 0)
        done = store_blob_append(s, ret_blob, 0, bytes, n, &size);
    if (done == 0)
        done = store_blob_finish(s, ret_blob, &info);
    return done;
}

static int store_original(const struct upload_service *s, struct upload *u,
                          const uint8_t key[SEAL_KEY], const uint8_t *bytes, size_t n)
{
    struct seal_about about = {"upload.original", u->id};
    struct frames frames;
    size_t sealed_n = (size_t)frames_sealed_size((int64_t)n);
    CLEANUP(freep) uint8_t *sealed = malloc(sealed_n);
    if (!sealed)
        return E_NOMEM;
    int done = frames_begin(&frames, key, &about, sealed);
    uint8_t *out = sealed + FRAMES_HEAD;
    for (size_t at = 0, i = 0; done == 0 && at < n; at += FRAMES_PLAIN, i++) {
        size_t here = n - at < FRAMES_PLAIN ? n - at : FRAMES_PLAIN;
        done = frames_seal(&frames, (uint32_t)i, at + here == n, bytes + at, here, out);
        out += FRAMES_SEALED;
    }
    frames_release(&frames);
    if (done == 0)
        done = upload_store_bytes(s->store, sealed, sealed_n, &u->original);
    u->original_size = (int64_t)n;
    return done;
}

int upload_seal_exif(struct upload *u, const uint8_t key[SEAL_KEY], const struct media_exif *exif,
                     struct arena *a)
{
    if (!exif->has_place && !exif->has_taken)
        return 0;
    struct seal_about about = {"upload.exif", u->id};
    uint8_t *out = arena_alloc(a, sizeof(*exif) + SEAL_OVERHEAD);
    u->exif = (struct entity_bytes){out, sizeof(*exif) + SEAL_OVERHEAD};
    return seal(key, &about, exif, sizeof(*exif), out);
}

static const char *type_of(const struct media_facts *facts)
{
    static const char *const names[] = {[MEDIA_TYPE_JPEG] = "image/jpeg",
                                        [MEDIA_TYPE_PNG] = "image/png",
                                        [MEDIA_TYPE_WEBP] = "image/webp",
                                        [MEDIA_TYPE_PDF] = "application/pdf"};
    return names[facts->type];
}

static const char *digest_of(const uint8_t *bytes, size_t n, struct arena *a)
{
    uint8_t digest[SHA256_SIZE];
    char *text = arena_alloc(a, 2 * SHA256_SIZE + 1);
    sha256_of(bytes, n, digest);
    bytes_to_hex(digest, SHA256_SIZE, text);
    return text;
}

static int store_sound(const struct upload_service *s, struct upload *u,
                       const uint8_t key[SEAL_KEY], const uint8_t *bytes,
                       const struct media_result *r, struct arena *a)
{
    u->state = UPLOAD_SOUND;
    u->type = type_of(&r->facts);
    u->sha256 = digest_of(bytes, (size_t)r->facts.sound_bytes, a);
    u->pages = r->facts.pages;
    u->partial = r->facts.partial;
    u->verdict = r->facts.verdict;
    u->width = r->facts.width;
    u->height = r->facts.height;
    u->likeness = arena_printf(a, "%016llx", (unsigned long long)r->facts.likeness);
    u->large_size = (int64_t)r->large.n;
    u->small_size = (int64_t)r->small.n;
    int done = upload_seal_exif(u, key, &r->facts.exif, a);
    if (done == 0)
        done = upload_seal_signatures(u, key, &r->facts, a);
    if (done == 0) /* what trails the picture proper is dropped */
        done = store_original(s, u, key, bytes, (size_t)r->facts.sound_bytes);
    if (done == 0)
        done = upload_store_bytes(s->store, r->large.bytes, r->large.n, &u->large);
    if (done == 0)
        done = upload_store_bytes(s->store, r->small.bytes, r->small.n, &u->small);
    return done;
}

/* The other request that finished it wins; what this one stored is taken back. */
static int write_result(struct store_edit *edit, void *ctx)
{
    struct upload *made = ctx, now = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &now);
    if (done < 0)
        return done;
    if (now.state != UPLOAD_ARRIVING)
        return STORE_UNCHANGED;
    made->arriving = (struct id){0};
    return entity_encode(&upload_entity, made, edit->before, edit->arena, edit->after);
}

void upload_drop_blobs(struct store *s, const struct id *const *blobs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!id_is_nil(blobs[i]))
            store_blob_remove(s, blobs[i]);
    }
}

/* What was made for a document that will not name it: on a disk that is full it must not stay. */
static void drop_made(struct store *s, const struct upload *u)
{
    upload_drop_blobs(s, (const struct id *const[]){&u->original, &u->large, &u->small}, 3);
}

static int settle(const struct upload_service *s, struct upload *u, struct arena *a)
{
    struct id arriving = u->arriving;
    struct upload made = *u;
    int done = store_change(s->store, &upload_collection, &u->id, NULL, write_result, &made, NULL);
    if (done == 0)
        upload_drop_blobs(s->store, (const struct id *const[]){&arriving}, 1);
    else if (done == STORE_UNCHANGED || done == STORE_ABSENT || (done < 0 && done != E_UNKNOWN))
        drop_made(s->store, u);
    if (done < 0)
        return done;
    return upload_get(s->store, &u->id, a, u);
}

static int decode_and_store(const struct upload_service *s, struct upload *u,
                            const uint8_t key[SEAL_KEY], struct media_pool *pool, struct arena *a)
{
    CLEANUP(freep) uint8_t *bytes = NULL;
    int done = read_arrived(s, u, key, &bytes);
    if (done != 0)
        return done;
    struct media_result result = {0};
    const struct media_input input = {.fd = -1, .bytes = bytes, .n = (size_t)u->length};
    done = media_decode(pool, &input, &result);
    if (done == 0) {
        done = store_sound(s, u, key, bytes, &result, a);
        if (done < 0)
            drop_made(s->store, u);
    } else if (done > 0) {
        u->state = UPLOAD_REFUSED;
        u->fault = media_fault_words(result.fault)->slug;
        done = 0;
    }
    media_result_release(&result);
    return done;
}

/* A paper says so in its first bytes; what only looks like one is refused by who reads it. Nothing
 * of it is in memory before there is a place for it. */
static int take_turn(const struct upload_service *s, struct upload *u, const uint8_t key[SEAL_KEY],
                     bool paper, struct arena *a)
{
    struct media_pool *pool = paper ? s->papers : s->decoders;
    int done = media_pool_enter(pool);
    if (done != 0)
        return done;
    done = decode_and_store(s, u, key, pool, a);
    media_pool_leave(pool);
    return done;
}

/* What it is, by its first bytes; what was announced as a video is looked at nowhere else. A video
 * goes on in the queue. */
static int take_up(const struct upload_service *s, struct upload *u, const uint8_t key[SEAL_KEY],
                   struct arena *a)
{
    static const char paper[] = "%PDF-";
    uint8_t head[32];
    size_t n = 0;
    int done = store_blob_read(s->store, &u->arriving, 0, head, sizeof(head), &n);
    if (done != 0)
        return done;
    upload_stream(key, &u->id, 0, head, n);
    if (!u->video && video_sniff(head, n) == 0)
        return take_turn(s, u, key, n >= 5 && memcmp(head, paper, 5) == 0, a);
    if (upload_bytes_max(s, true) >= u->length)
        return upload_queue(s, u, a);
    u->state = UPLOAD_REFUSED;
    u->fault = media_fault_words(MEDIA_FAULT_FILM_OFF)->slug;
    return 0;
}

int upload_finish(const struct upload_service *s, struct upload *u, struct arena *a)
{
    uint8_t key[SEAL_KEY];
    int done = upload_key_get(s->people, u, key);
    if (done == 0)
        done = take_up(s, u, key, a);
    bytes_wipe(key, sizeof(key));
    if (done == 0 && u->state == UPLOAD_CHECKING)
        return 0;
    if (done == 0) {
        done = settle(s, u, a);
    } else if (done == STORE_ABSENT) { /* the bytes are gone: another request came first */
        struct id id = u->id;
        done = upload_get(s->store, &id, a, u);
        if (done == 0 && u->state == UPLOAD_ARRIVING)
            done = E_CORRUPT;
    } else if (done > 0) {
        done = E_CORRUPT;
    }
    return done == STORE_ABSENT ? UPLOAD_NOT_OURS : done;
}
