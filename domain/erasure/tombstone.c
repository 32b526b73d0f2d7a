#include "base/result.h"
#include "domain/erasure/erasure.h"

const struct store_collection tombstone_collection = {.name = "tombstone", .form = 1};

int tombstone_put(struct store *tombstones, const struct id *person, int64_t now_ms)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_write write = store_write_fresh();
    if (!bson_append_date_time(body, "at", 2, now_ms))
        return E_NOMEM;
    int done = store_create(tombstones, &tombstone_collection, person, &write, body, NULL);
    return done == STORE_EXISTS ? 0 : done;
}

int tombstone_get(struct store *tombstones, const struct id *person)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    return store_get(tombstones, &tombstone_collection, person, &doc);
}

int tombstone_each(struct store *tombstones, int (*fn)(const struct id *person, void *ctx),
                   void *ctx)
{
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    bool more = true;
    int done = 0;
    while (more && done == 0) {
        struct arena a;
        struct store_page page = {0};
        arena_init(&a);
        done = store_scan(tombstones, &tombstone_collection, &q, &a, &page);
        for (size_t i = 0; i < page.n && done == 0; i++) {
            struct id id;
            if (store_document_id(page.docs[i], &id))
                done = fn(&id, ctx);
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next; /* an id: it borrows nothing */
        arena_release(&a);
    }
    return done;
}

static int take_over(const struct id *person, void *ctx)
{
    return tombstone_put(ctx, person, 1);
}

int tombstone_merge(struct store *into, struct store *from)
{
    return tombstone_each(from, take_over, into);
}
