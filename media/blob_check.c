#include "media/blob_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/frames.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "domain/export/export.h"
#include "domain/setting/setting.h"

#define AT_ONCE 65536
#define LISTING 1024
#define PIECE ((size_t)256 * 1024)
#define NAMED 1U
#define BAD 2U

const struct store_collection *const blob_naming[] = {&upload_collection, &setting_collection,
                                                      &export_collection, NULL};

/* Fields with the id of a blob that must be there once it is named. What is still arriving may be
 * gone: a backup has no halves. */
static const struct {
    const struct store_collection *collection;
    const char *blob, *size; /* size: the field with its plain bytes; NULL: none */
    bool sealed;
} places[] = {
    {&upload_collection, "original", "original_size", true},
    {&upload_collection, "large", "large_size", false},
    {&upload_collection, "small", "small_size", false},
    {&upload_collection, "film", "film_size", false},
    {&setting_collection, "blob", NULL, false},
    {&export_collection, "blob", NULL, false},
};

/* The blobs of one pass: from behind `after` to the last, or without end. */
struct pass {
    const struct blob_check *c;
    struct blob_sum *sum;
    struct id *ids; /* ascending */
    int64_t *sizes;
    uint8_t *marks;
    size_t n, room;
    bool has_after, last;
    struct id after;
    int64_t total;
    uint8_t *piece;
};

json_t *blob_finding_json(const struct blob_finding *f)
{
    static const char *const names[] = {[BLOB_MISSING] = "missing",
                                        [BLOB_DAMAGED] = "damaged",
                                        [BLOB_UNOPENED] = "unopened",
                                        [BLOB_ORPHANED] = "orphaned"};
    char blob[ID_TEXT], document[ID_TEXT];
    id_format(&f->blob, blob);
    id_format(&f->document, document);
    return json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "flaw", names[f->flaw], "blob", blob, "in",
                     f->collection, "document", f->collection ? document : NULL, "field",
                     f->collection ? f->field : NULL);
}

json_t *blob_sum_json(const struct blob_sum *sum, json_t *shown)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "blobs",
                     (json_int_t)sum->blobs, "bytes", (json_int_t)sum->bytes, "documents",
                     (json_int_t)sum->documents, "opened", (json_int_t)sum->opened, "missing",
                     (json_int_t)sum->missing, "damaged", (json_int_t)sum->damaged, "unopened",
                     (json_int_t)sum->unopened, "orphaned", (json_int_t)sum->orphaned, "found",
                     shown);
}

static void tell(struct pass *p, const struct blob_finding *f)
{
    int64_t *const counts[] = {[BLOB_MISSING] = &p->sum->missing,
                               [BLOB_DAMAGED] = &p->sum->damaged,
                               [BLOB_UNOPENED] = &p->sum->unopened,
                               [BLOB_ORPHANED] = &p->sum->orphaned};
    (*counts[f->flaw])++;
    p->c->found(p->c->ctx, f);
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

/* --- the blobs -------------------------------------------------------------------------------- */

static int list(struct pass *p)
{
    struct store_driver *d = store_driver_of(p->c->uploads->store);
    size_t got = 1, want = 0;
    int done = 0;
    p->n = 0;
    while (done == 0 && got > 0 && p->n < p->room) {
        const struct id *after = p->n ? &p->ids[p->n - 1] : p->has_after ? &p->after : NULL;
        want = p->room - p->n < LISTING ? p->room - p->n : LISTING;
        got = 0;
        done = d->ops->blob_list(d, after, p->ids + p->n, want, &got);
        p->n += got;
    }
    p->last = p->n < p->room;
    memset(p->marks, 0, p->room);
    return done;
}

static int count(struct pass *p)
{
    struct store_driver *d = store_driver_of(p->c->uploads->store);
    struct id last;
    size_t got = 1, want = p->room < LISTING ? p->room : LISTING;
    int done = 0;
    while (done == 0 && got > 0) {
        got = 0;
        done = d->ops->blob_list(d, p->total > 0 ? &last : NULL, p->ids, want, &got);
        if (got > 0)
            last = p->ids[got - 1];
        p->total += (int64_t)got;
    }
    return done;
}

/* 0, STORE_ABSENT: it went meanwhile; E_CORRUPT: it is not what was stored. */
static int read_blob(struct pass *p, const struct id *id, int64_t *ret_size)
{
    struct store *s = p->c->uploads->store;
    struct store_blob_info info;
    struct sha256 h;
    uint8_t digest[SHA256_SIZE];
    int done = store_blob_stat(s, id, &info);
    *ret_size = done == 0 ? info.size : -1;
    if (done != 0 || !info.finished)
        return done;
    sha256_init(&h);
    int64_t at = 0;
    size_t n = PIECE;
    while (done == 0 && n == PIECE) {
        done = store_blob_read(s, id, at, p->piece, PIECE, &n);
        if (done == 0)
            sha256_update(&h, p->piece, n);
        at += done == 0 ? (int64_t)n : 0;
    }
    p->sum->bytes += at;
    sha256_final(&h, digest);
    if (done == 0 && (at != info.size || memcmp(digest, info.sha256, SHA256_SIZE) != 0))
        done = E_CORRUPT;
    return done;
}

static int read_blobs(struct pass *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct store_blob_info info;
        if (!p->c->go_on(p->c->ctx, p->sum->blobs, p->total))
            return E_UNAVAILABLE;
        int done = read_blob(p, &p->ids[i], &p->sizes[i]);
        p->sum->blobs++;
        if (done == E_CORRUPT &&
            store_blob_stat(p->c->uploads->store, &p->ids[i], &info) != STORE_ABSENT)
            p->marks[i] |= BAD;
        else if (done < 0 && done != E_CORRUPT)
            return done;
        if (done == STORE_ABSENT)
            p->marks[i] |= NAMED; /* nobody's orphan: it is gone */
    }
    return 0;
}

/* --- the documents ---------------------------------------------------------------------------- */

static bool field_id(const bson_t *doc, const char *name, struct id *ret)
{
    bson_iter_t it;
    bson_subtype_t subtype;
    const uint8_t *bytes = NULL;
    uint32_t n = 0;
    if (!bson_iter_init_find(&it, doc, name) || !BSON_ITER_HOLDS_BINARY(&it))
        return false;
    bson_iter_binary(&it, &subtype, &n, &bytes);
    if (n != sizeof(ret->bytes))
        return false;
    memcpy(ret->bytes, bytes, n);
    return !id_is_nil(ret);
}

static bool in_pass(const struct pass *p, const struct id *id)
{
    return (!p->has_after || id_compare(id, &p->after) > 0) &&
           (p->last || id_compare(id, &p->ids[p->n - 1]) <= 0);
}

/* Where it stands among the blobs of the pass; n: it does not. */
static size_t find(const struct pass *p, const struct id *id)
{
    const struct id *found = bsearch(id, p->ids, p->n, sizeof(*id), compare_ids);
    return found ? (size_t)(found - p->ids) : p->n;
}

static void strike_out(struct pass *p, const bson_t *doc)
{
    bson_iter_t it;
    struct id id;
    for (bool more = bson_iter_init(&it, doc); more && bson_iter_next(&it);) {
        size_t at = field_id(doc, bson_iter_key(&it), &id) ? find(p, &id) : p->n;
        if (at < p->n)
            p->marks[at] |= NAMED;
    }
}

/* Whether the document names it still, and it is not there. */
static int is_missing(struct pass *p, const struct blob_finding *f,
                      const struct store_collection *of, bool *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct store_blob_info info;
    struct id now;
    int done = store_get(p->c->uploads->store, of, &f->document, &doc);
    *ret = false;
    if (done != 0)
        return done < 0 ? done : 0;
    if (!field_id(doc, f->field, &now) || !id_equal(&now, &f->blob))
        return 0;
    done = store_blob_stat(p->c->uploads->store, &f->blob, &info);
    *ret = done == STORE_ABSENT;
    return done == E_CORRUPT || done > 0 ? 0 : done;
}

static int64_t stored_size(const bson_t *doc, size_t place)
{
    bson_iter_t it;
    if (!places[place].size || !bson_iter_init_find(&it, doc, places[place].size))
        return -1;
    int64_t plain = bson_iter_as_int64(&it);
    return places[place].sealed ? (int64_t)frames_sealed_size(plain) : plain;
}

static int hold_place(struct pass *p, const bson_t *doc, size_t place, struct blob_finding *f)
{
    f->field = places[place].blob;
    if (!field_id(doc, f->field, &f->blob) || !in_pass(p, &f->blob))
        return 0;
    size_t at = find(p, &f->blob);
    if (at == p->n) {
        bool missing = false;
        int done = is_missing(p, f, places[place].collection, &missing);
        f->flaw = BLOB_MISSING;
        if (missing)
            tell(p, f);
        return done;
    }
    int64_t size = stored_size(doc, place);
    f->flaw = BLOB_DAMAGED;
    if ((p->marks[at] & BAD) || (size >= 0 && p->sizes[at] >= 0 && p->sizes[at] != size))
        tell(p, f);
    return 0;
}

/* Opened, and of the hash that was taken of it when it came. */
static int hold_original(struct pass *p, const bson_t *doc, struct blob_finding *f)
{
    struct upload u = {.id = f->document};
    struct sealed_reader r;
    struct sha256 h;
    uint8_t digest[SHA256_SIZE];
    char text[2 * SHA256_SIZE + 1];
    struct arena a;
    arena_init(&a);
    int done = entity_decode(&upload_entity, doc, &a, &u);
    if (done == 0 && (!u.sha256 || !in_pass(p, &u.original) || find(p, &u.original) == p->n))
        done = STORE_ABSENT;
    if (done == 0)
        done = upload_original(p->c->uploads, &u, &r);
    if (done == 0) {
        size_t n = PIECE;
        sha256_init(&h);
        for (int64_t at = 0; done == 0 && n == PIECE; at += (int64_t)n) {
            done = sealed_read(&r, at, p->piece, PIECE, &n);
            if (done == 0)
                sha256_update(&h, p->piece, n);
        }
        sha256_final(&h, digest);
        bytes_to_hex(digest, SHA256_SIZE, text);
        sealed_close(&r);
        p->sum->opened++;
        if (done == 0 && strcmp(text, u.sha256) != 0)
            done = E_CORRUPT;
    }
    arena_release(&a);
    f->field = "original";
    f->blob = u.original;
    f->flaw = BLOB_UNOPENED;
    if (done == E_CORRUPT || done == E_CRYPTO)
        tell(p, f);
    return done == E_CORRUPT || done == E_CRYPTO || done > 0 ? 0 : done;
}

static int hold(struct pass *p, const struct store_collection *of, const bson_t *doc)
{
    struct blob_finding f = {.collection = of->name};
    int done = store_document_id(doc, &f.document) ? 0 : E_CORRUPT;
    strike_out(p, doc);
    for (size_t i = 0; done == 0 && i < ARRAY_LEN(places); i++) {
        if (places[i].collection == of)
            done = hold_place(p, doc, i, &f);
    }
    if (done == 0 && p->c->open && of == &upload_collection)
        done = hold_original(p, doc, &f);
    return done;
}

static int read_documents(struct pass *p, const struct store_collection *of)
{
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    bool more = true, first = !p->has_after;
    int done = 0;
    while (more && done == 0) {
        struct arena a;
        struct store_page page;
        arena_init(&a);
        if (!p->c->go_on(p->c->ctx, p->sum->blobs, p->total))
            done = E_UNAVAILABLE;
        if (done == 0)
            done = store_scan(p->c->uploads->store, of, &q, &a, &page);
        for (size_t i = 0; done == 0 && i < page.n; i++)
            done = hold(p, of, page.docs[i]);
        if (done == 0) {
            p->sum->documents += first ? (int64_t)page.n : 0;
            more = page.more;
            q.has_after = true;
            q.after = page.next; /* an id: it borrows nothing */
        }
        arena_release(&a);
    }
    return done;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void tell_orphans(struct pass *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct store_blob_info info;
        struct blob_finding f = {.flaw = BLOB_ORPHANED, .blob = p->ids[i]};
        if (!(p->marks[i] & NAMED) &&
            store_blob_stat(p->c->uploads->store, &p->ids[i], &info) != STORE_ABSENT)
            tell(p, &f);
    }
}

static int run_pass(struct pass *p)
{
    int done = list(p);
    if (done == 0)
        done = read_blobs(p);
    for (size_t i = 0; done == 0 && blob_naming[i]; i++)
        done = read_documents(p, blob_naming[i]);
    if (done == 0)
        tell_orphans(p);
    if (done == 0 && p->n > 0) {
        p->has_after = true;
        p->after = p->ids[p->n - 1];
    }
    return done;
}

int blob_check(const struct blob_check *c, struct blob_sum *ret)
{
    *ret = (struct blob_sum){0};
    size_t room = c->at_once ? c->at_once : AT_ONCE;
    CLEANUP(freep) struct id *ids = calloc(room, sizeof(*ids));
    CLEANUP(freep) int64_t *sizes = calloc(room, sizeof(*sizes));
    CLEANUP(freep) uint8_t *marks = calloc(room, 1);
    CLEANUP(freep) uint8_t *piece = malloc(PIECE);
    if (!ids || !sizes || !marks || !piece)
        return E_NOMEM;
    struct pass p = {.c = c,
                     .sum = ret,
                     .ids = ids,
                     .sizes = sizes,
                     .marks = marks,
                     .room = room,
                     .piece = piece};
    int done = count(&p);
    while (done == 0 && !p.last)
        done = run_pass(&p);
    return done;
}
