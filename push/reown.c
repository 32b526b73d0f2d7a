/* Notices follow a person who turned out to be another. */
#include "domain/entity/owned.h"
#include "push/push.h"

#define PAGE 100

int push_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
               bool *ret_more)
{
    static const struct owned theirs = {&delivery_collection, &delivery_entity, "recipient", "at"};
    return owned_reown(s, &theirs, from, into, a, ret_more);
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
