/* Sessions follow a person who turned out to be another. */
#include "domain/identity/session.h"

#include <string.h>

struct reowning {
    const struct id *from, *into;
    int64_t now_ms;
};

static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    struct session s = {0};
    int done = entity_decode(&session_entity, edit->before, edit->arena, &s);
    if (done < 0)
        return done;
    bool ends = s.level < 0 && !s.ended_ms;
    if (!id_equal(&s.subject, r->from) || (!ends && id_equal(r->from, r->into)))
        return STORE_UNCHANGED;
    s.subject = *r->into;
    if (ends) {
        s.ended_ms = r->now_ms;
        s.ended_why = "proven";
    }
    return entity_encode(&session_entity, &s, edit->before, edit->arena, edit->after);
}

int session_reown(struct store *s, const struct id *from, const struct id *into, int64_t now_ms,
                  struct arena *a, struct id **ret, size_t *ret_n)
{
    struct reowning r = {from, into, now_ms};
    struct store_value value = store_id(*from);
    struct store_condition of = {
        .field = "subject", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {.conditions = &of, .n_conditions = 1, .order = "seen", .limit = 50};
    struct store_page page = {.more = true};
    *ret = NULL;
    *ret_n = 0;
    while (page.more) {
        int done = store_scan(s, &session_collection, &q, a, &page);
        if (done != 0)
            return done;
        struct id *all = arena_array(a, *ret_n + page.n, sizeof(*all));
        if (*ret_n > 0)
            memcpy(all, *ret, *ret_n * sizeof(*all));
        *ret = all;
        for (size_t i = 0; i < page.n; i++) {
            if (!store_document_id(page.docs[i], &all[*ret_n]))
                continue;
            done = store_change(s, &session_collection, &all[*ret_n], NULL, reown, &r, NULL);
            if (done < 0)
                return done;
            *ret_n += done == 0;
        }
        q.has_after = true;
        q.after = page.next;
    }
    return 0;
}
