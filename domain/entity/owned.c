/* What belongs to somebody, and to whom it goes. */
#include "domain/entity/owned.h"

#include "base/result.h"
#include "domain/entity/private.h"

struct reowning {
    const struct owned *owned;
    const struct id *from, *into;
};

static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    const struct entity *e = r->owned->entity;
    void *record = arena_alloc(edit->arena, e->size);
    int done = entity_decode(e, edit->before, edit->arena, record);
    if (done < 0)
        return done;
    struct id *owner = (struct id *)((char *)record + entity_row(e, r->owned->owner, NULL)->offset);
    if (!id_equal(owner, r->from))
        return STORE_UNCHANGED;
    *owner = *r->into;
    return entity_encode(e, record, edit->before, edit->arena, edit->after);
}

int owned_each(struct store *s, const struct owned *o, const struct id *owner, store_change_fn fn,
               void *ctx, struct arena *a, bool *ret_more)
{
    struct store_value whose = store_id(*owner);
    struct store_condition theirs = {
        .field = o->owner, .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = o->order, .limit = OWNED_PAGE};
    struct store_page page = {0};
    size_t left = 0;
    int done = store_scan(s, o->collection, &q, a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (!store_document_id(page.docs[i], &id))
            continue;
        done = store_change(s, o->collection, &id, NULL, fn, ctx, NULL);
        left += done == STORE_UNCHANGED;
    }
    *ret_more = page.more && left < page.n;
    return done < 0 ? done : 0;
}

int owned_reown(struct store *s, const struct owned *o, const struct id *from,
                const struct id *into, struct arena *a, bool *ret_more)
{
    struct reowning r = {o, from, into};
    *ret_more = false;
    return id_equal(from, into) ? 0 : owned_each(s, o, from, reown, &r, a, ret_more);
}
