/* Uploads that go: given up by who sends them, or swept since no case took them. */
#include "base/result.h"
#include "media/upload_private.h"

#define UPLOAD_REMOVE_TRIES 16 /* others write the same document meanwhile */

static int remove_at(struct store *s, const struct upload *u, int64_t version)
{
    /* The document first: a blob that nothing names is swept (store/orphans.h). */
    int done = store_remove(s, &upload_collection, &u->id, version);
    if (done != 0)
        return done;
    const struct id *blobs[] = {&u->arriving, &u->original, &u->large, &u->small, &u->film};
    for (size_t i = 0; i < ARRAY_LEN(blobs); i++) {
        done = id_is_nil(blobs[i]) ? 0 : store_blob_remove(s, blobs[i]);
        if (done < 0)
            return done;
    }
    return 0;
}

/* Read again, so that none goes that a case took meanwhile. */
int upload_remove(struct store *s, const struct upload *u, struct arena *a)
{
    int done = STORE_CONFLICT;
    for (int i = 0; done == STORE_CONFLICT && i < UPLOAD_REMOVE_TRIES; i++) {
        CLEANUP(bson_destroyp) bson_t *doc = NULL;
        struct upload now = {.id = u->id};
        done = store_get(s, &upload_collection, &u->id, &doc);
        if (done == 0)
            done = entity_decode(&upload_entity, doc, a, &now);
        if (done == 0 && !id_is_nil(&now.attached))
            return UPLOAD_TAKEN;
        if (done == 0)
            done = remove_at(s, &now, store_version(doc));
    }
    return done == STORE_CONFLICT ? E_BUSY : done;
}

static int remove_expired(struct store *s, const bson_t *doc, struct arena *a, size_t *ret_removed)
{
    struct upload u = {0};
    int done = entity_decode(&upload_entity, doc, a, &u);
    if (done < 0 || !store_document_id(doc, &u.id))
        return done < 0 ? done : E_CORRUPT;
    done = remove_at(s, &u, store_version(doc));
    *ret_removed += done == 0;
    return done < 0 ? done : 0;
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
        done = remove_expired(s, page.docs[i], &a, ret_removed);
    arena_release(&a);
    return done;
}
