/* Notices follow a person who turned out to be another. */
#include "push/push.h"

#define PAGE 100

struct reowning {
    const struct id *from, *into;
};

static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    struct delivery d;
    int done = delivery_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (!id_equal(&d.recipient, r->from))
        return STORE_UNCHANGED;
    d.recipient = *r->into;
    return entity_encode(&delivery_entity, &d, edit->before, edit->arena, edit->after);
}

int push_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
               bool *ret_more)
{
    struct reowning r = {from, into};
    const struct store_query q = {.limit = PAGE};
    struct store_page page = {0};
    *ret_more = false;
    if (id_equal(from, into))
        return 0;
    int done = push_inbox(s, from, &q, a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = store_change(s, &delivery_collection, &id, NULL, reown, &r, NULL);
    }
    *ret_more = page.more;
    return done < 0 ? done : 0;
}

int push_forget(struct store *s, const struct id *recipient, struct arena *a, bool *ret_more)
{
    const struct store_query q = {.limit = PAGE};
    struct store_page page = {0};
    int done = push_inbox(s, recipient, &q, a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = store_remove(s, &delivery_collection, &id, -1);
    }
    *ret_more = page.more;
    return done < 0 ? done : 0;
}
