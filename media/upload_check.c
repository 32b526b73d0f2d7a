/*
 * Films that wait to be checked, and what becomes of them. `check_at` says when one may be taken:
 * at once when it has arrived whole, and at the end of the lease of who has taken it; so what a
 * crash left is found again. Everything made before the lease was lost is taken back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "media/upload_private.h"
#include "media/video.h"
#include "media/videos.h"

#define LEASE_MS (INT64_C(60) * 1000)
#define RENEW_MS 10000 /* of the monotonic clock */
#define TRIES_MAX 3    /* of which nothing was heard again: it may be the file that ends us */
#define LATER_MS 15000 /* until it is tried again */
#define AT_ONCE 8
#define POSTER_TRIES 60
#define PIECE ((size_t)64 << 10)

/* --- what waits ------------------------------------------------------------------------------- */

static int scan_due(struct store *s, int64_t until_ms, size_t limit, struct arena *a,
                    struct store_page *ret)
{
    struct store_range due = {.has_high = true, .high = store_int(until_ms)};
    struct store_condition its = {
        .field = "check", .op = STORE_BETWEEN, .ranges = &due, .n_ranges = 1};
    struct store_query q = {
        .conditions = &its, .n_conditions = 1, .order = "check", .limit = limit};
    return store_scan(s, &upload_collection, &q, a, ret);
}

int upload_checks_waiting(struct store *s, size_t max, size_t *ret)
{
    struct arena a;
    struct store_page page = {0};
    arena_init(&a);
    int done = scan_due(s, INT64_MAX, max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX, &a, &page);
    *ret = page.n;
    arena_release(&a);
    return done;
}

int upload_checks_full(struct store *s, const struct id *owner, size_t max, bool *ret)
{
    struct arena a;
    struct store_page page = {0};
    size_t limit = max && max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX, theirs = 0;
    arena_init(&a);
    int done = scan_due(s, INT64_MAX, limit, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct upload u = {0};
        done = entity_decode(&upload_entity, page.docs[i], &a, &u);
        theirs += done == 0 && id_equal(&u.owner, owner);
    }
    *ret = (max && page.n >= max) || theirs >= UPLOAD_CHECKS_MAX;
    arena_release(&a);
    return done < 0 ? done : 0;
}

/* --- the lease -------------------------------------------------------------------------------- */

struct leasing {
    const struct id *runner;
    int64_t now_ms, until_ms;
    int64_t progress;
    bool takes, gives; /* else it is kept */
};

static int lease(struct store_edit *edit, void *ctx)
{
    struct leasing *l = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    bool ours = id_equal(&u.check_by, l->runner);
    if (u.state != UPLOAD_CHECKING || (l->takes ? u.check_ms > l->now_ms : !ours))
        return STORE_UNCHANGED;
    u.check_by = *l->runner;
    u.check_ms = l->until_ms;
    u.check_tries += l->takes - l->gives;
    u.progress = l->progress;
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

static int write_lease(struct store *s, const struct id *upload, struct leasing *l)
{
    return store_change(s, &upload_collection, upload, NULL, lease, l, NULL);
}

/* The first that can be had; *ret_id nil: none. */
static int take_next(const struct upload_check *c, struct arena *a, struct upload *ret)
{
    struct store_page page = {0};
    int64_t now_ms = clock_now_ms();
    int done = scan_due(c->service->store, now_ms + 1, AT_ONCE, a, &page);
    ret->id = (struct id){0};
    for (size_t i = 0; done == 0 && i < page.n && id_is_nil(&ret->id); i++) {
        struct id id;
        struct leasing l = {
            .runner = &c->runner, .now_ms = now_ms, .until_ms = now_ms + LEASE_MS, .takes = true};
        if (!store_document_id(page.docs[i], &id))
            return E_CORRUPT;
        done = write_lease(c->service->store, &id, &l);
        if (done == 0)
            done = upload_get(c->service->store, &id, a, ret);
        if (done == STORE_UNCHANGED || done == STORE_ABSENT)
            done = 0; /* another was faster */
    }
    return done;
}

/* --- one film --------------------------------------------------------------------------------- */

struct checking {
    const struct upload_check *c;
    struct arena *arena;
    struct upload *u;
    uint8_t key[SEAL_KEY];
    int64_t renewed_ms; /* monotonic */
    int progress;       /* as it is stored */
    bool lost;          /* the lease */
    struct upload made; /* what came of it */
    enum upload_check_end end;
    struct video_film film;
};

static int read_arrived(void *ctx, int64_t offset, void *out, size_t n)
{
    struct checking *k = ctx;
    size_t got = 0;
    int done = store_blob_read(k->c->service->store, &k->u->arriving, offset, out, n, &got);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    if (got != n)
        return E_CORRUPT;
    upload_stream(k->key, &k->u->id, offset, out, n);
    return 0;
}

static int write_film(void *ctx, const void *bytes, size_t n)
{
    struct checking *k = ctx;
    int done = store_blob_append(k->c->service->store, &k->made.film, k->made.film_size, bytes, n,
                                 &k->made.film_size);
    return done > 0 ? E_CORRUPT : done;
}

/* Keeps the lease, and tells how far it is. */
static bool go_on(void *ctx, int percent)
{
    struct checking *k = ctx;
    int64_t now_ms = clock_monotonic_ms();
    if (!k->c->go_on(k->c->ctx))
        return false;
    bool moved = percent >= k->progress + 5 && now_ms - k->renewed_ms > 1000;
    if (now_ms - k->renewed_ms < RENEW_MS && !moved)
        return true;
    struct leasing l = {.runner = &k->c->runner, .progress = percent, .now_ms = 0};
    l.until_ms = clock_now_ms() + LEASE_MS;
    int done = write_lease(k->c->service->store, &k->u->id, &l);
    k->renewed_ms = now_ms;
    k->progress = percent;
    k->lost = done == STORE_UNCHANGED || done == STORE_ABSENT;
    return !k->lost;
}

/* The decoder of pictures makes of the poster what it makes of a photo, and judges it likewise. */
static int make_renditions(struct checking *k)
{
    const struct media_input poster = {.fd = -1, .bytes = k->film.poster, .n = k->film.poster_n};
    struct media_result r = {0};
    int done = E_BUSY;
    for (int i = 0; done == E_BUSY && i < POSTER_TRIES && go_on(k, 99); i++)
        done = media_decode(k->c->service->decoders, &poster, &r);
    if (done > 0) {
        k->film.fault = MEDIA_FAULT_DAMAGED;
        done = MEDIA_REFUSED;
    }
    k->made.large_size = (int64_t)r.large.n;
    k->made.small_size = (int64_t)r.small.n;
    k->made.likeness = arena_printf(k->arena, "%016llx", (unsigned long long)r.facts.likeness);
    if (done == 0)
        done = upload_store_bytes(k->c->service->store, r.large.bytes, r.large.n, &k->made.large);
    if (done == 0)
        done = upload_store_bytes(k->c->service->store, r.small.bytes, r.small.n, &k->made.small);
    media_result_release(&r);
    return done;
}

/* As it was sent, in frames, in place of what arrived. */
static int seal_original(struct checking *k)
{
    const struct seal_about about = {"upload.original", k->u->id};
    struct sealed_writer w = {0};
    struct sha256 sum;
    uint8_t digest[SHA256_SIZE];
    uint8_t *piece = arena_alloc(k->arena, PIECE);
    sha256_init(&sum);
    int done = sealed_begin(k->c->service->store, k->key, &about, &w);
    k->made.original = w.blob;
    for (int64_t at = 0; done == 0 && at < k->u->length;) {
        size_t n = k->u->length - at < (int64_t)PIECE ? (size_t)(k->u->length - at) : PIECE;
        done = read_arrived(k, at, piece, n);
        if (done == 0)
            done = sealed_write(&w, piece, n);
        sha256_update(&sum, piece, n);
        at += (int64_t)n;
        if (done == 0 && !go_on(k, 99))
            done = E_BUSY;
    }
    if (done == 0)
        done = sealed_end(&w);
    sealed_writer_release(&w);
    sha256_final(&sum, digest);
    char *text = arena_alloc(k->arena, 2 * SHA256_SIZE + 1);
    bytes_to_hex(digest, SHA256_SIZE, text);
    k->made.sha256 = text;
    k->made.original_size = k->u->length;
    return done;
}

static int make(struct checking *k)
{
    uint8_t head[32] = {0};
    size_t n = k->u->length < (int64_t)sizeof(head) ? (size_t)k->u->length : sizeof(head);
    const struct video_calls calls = {read_arrived, write_film, go_on, k};
    struct store *s = k->c->service->store;
    int done = read_arrived(k, 0, head, n);
    if (done != 0)
        return done;
    enum video_container container = video_sniff(head, n);
    k->made.type = video_type(head, n);
    if (!container) {
        k->film.fault = MEDIA_FAULT_NOT_FILM;
        return MEDIA_REFUSED;
    }
    done = store_blob_create(s, &k->made.film);
    if (done == 0)
        done = video_make(k->c->video, container, k->u->length, &calls, &k->film);
    if (done == 0) {
        struct store_blob_info info;
        done = store_blob_finish(s, &k->made.film, &info);
    }
    if (done == 0)
        done = make_renditions(k);
    if (done == 0)
        done = upload_seal_exif(&k->made, k->key, &k->film.exif, k->arena);
    return done == 0 ? seal_original(k) : done;
}

/* --- what became of it ------------------------------------------------------------------------ */

/* Attached, moved to another owner, or kept longer meanwhile: only what the check found is new. */
static int write_end(struct store_edit *edit, void *ctx)
{
    struct checking *k = ctx;
    const struct upload *made = &k->made;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (u.state != UPLOAD_CHECKING || !id_equal(&u.check_by, &k->c->runner))
        return STORE_UNCHANGED;
    u.state = made->state;
    u.check_ms = u.progress = 0;
    u.check_by = u.arriving = (struct id){0};
    u.fault = made->fault;
    if (made->state == UPLOAD_SOUND) {
        u.type = made->type;
        u.sha256 = made->sha256;
        u.likeness = made->likeness;
        u.exif = made->exif;
        u.original = made->original;
        u.original_size = made->original_size;
        u.large = made->large;
        u.large_size = made->large_size;
        u.small = made->small;
        u.small_size = made->small_size;
        u.film = made->film;
        u.film_size = made->film_size;
        u.width = k->film.width;
        u.height = k->film.height;
        u.duration_ms = k->film.duration_ms;
    } else {
        u.original_size = 0;
    }
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

static void drop(struct store *s, const struct id *blob)
{
    if (!id_is_nil(blob))
        store_blob_remove(s, blob); /* a failure leaves an orphan, no lie */
}

static void drop_made(struct store *s, const struct upload *made)
{
    drop(s, &made->film);
    drop(s, &made->large);
    drop(s, &made->small);
    drop(s, &made->original);
}

static int settle(struct checking *k)
{
    struct store *s = k->c->service->store;
    int done = store_change(s, &upload_collection, &k->u->id, NULL, write_end, k, NULL);
    if (done == 0)
        drop(s, &k->u->arriving);
    if (done > 0 || (done == 0 && k->made.state == UPLOAD_REFUSED))
        drop_made(s, &k->made);
    if (done == 0)
        k->end = k->made.state == UPLOAD_SOUND ? UPLOAD_CHECK_SOUND : UPLOAD_CHECK_REFUSED;
    return done > 0 ? 0 : done;
}

/* To be taken up again: at once by whoever comes, if it is we who stop; later, if the store or the
 * machine failed, which says nothing of the file. */
static int give_back(struct checking *k, bool failed)
{
    struct leasing l = {.runner = &k->c->runner, .now_ms = clock_now_ms(), .gives = true};
    l.until_ms = l.now_ms + (failed ? LATER_MS : 0);
    drop_made(k->c->service->store, &k->made);
    int done = write_lease(k->c->service->store, &k->u->id, &l);
    return done > 0 ? 0 : done;
}

static int check(struct checking *k)
{
    int done = upload_key_get(k->c->service->people, k->u, k->key);
    if (done == 0 && k->u->check_tries <= TRIES_MAX)
        done = make(k);
    else if (done >= 0) /* too often, or whose it is was erased */
        done = MEDIA_CRASHED;
    bytes_wipe(k->key, sizeof(k->key));
    if (done == MEDIA_CRASHED || done == E_CORRUPT) { /* E_CORRUPT: what arrived is gone */
        k->film.fault = MEDIA_FAULT_CRASHED;
        done = MEDIA_CRASHED;
    }
    if (done < 0) {
        int given = give_back(k, done != E_BUSY);
        return done == E_BUSY ? given : done;
    }
    k->made.state = done == 0 ? UPLOAD_SOUND : UPLOAD_REFUSED;
    k->made.fault = done == 0 ? NULL : media_fault_words(k->film.fault)->slug;
    return settle(k);
}

int upload_check_next(const struct upload_check *c, struct arena *a, enum upload_check_end *ret)
{
    struct upload u = {0};
    int done = take_next(c, a, &u);
    *ret = UPLOAD_CHECK_NONE;
    if (done < 0 || id_is_nil(&u.id))
        return done;
    c->begun(c->ctx);
    struct checking k = {
        .c = c, .arena = a, .u = &u, .renewed_ms = clock_monotonic_ms(), .end = UPLOAD_CHECK_BACK};
    done = check(&k);
    video_film_release(&k.film);
    *ret = k.end;
    return done;
}

/* --- into the queue --------------------------------------------------------------------------- */

static int queue(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct upload u = {0};
    int done = entity_decode(&upload_entity, edit->before, edit->arena, &u);
    if (done < 0)
        return done;
    if (u.state != UPLOAD_ARRIVING)
        return STORE_UNCHANGED;
    u.state = UPLOAD_CHECKING;
    u.video = true;
    u.check_ms = *now_ms;
    u.original_size = u.length; /* a case counts it from now on */
    return entity_encode(&upload_entity, &u, edit->before, edit->arena, edit->after);
}

int upload_queue(const struct upload_service *s, struct upload *u, struct arena *a)
{
    struct store_blob_info info;
    int64_t now_ms = clock_now_ms();
    struct id id = u->id;
    bool full = false;
    /* What was announced as a video was let begin: others do not keep it out. */
    size_t max = u->video ? 0 : videos_waiting_max(s->videos);
    int done = upload_checks_full(s->store, &u->owner, max, &full);
    if (done != 0 || full)
        return done != 0 ? done : E_BUSY;
    /* Finished: a backup takes it along, and nothing is added any more. */
    done = store_blob_finish(s->store, &u->arriving, &info);
    if (done >= 0)
        done = store_change(s->store, &upload_collection, &id, NULL, queue, &now_ms, NULL);
    if (done == 0)
        videos_wake(s->videos);
    if (done == 0 || done == STORE_UNCHANGED)
        done = upload_get(s->store, &id, a, u);
    return done;
}
