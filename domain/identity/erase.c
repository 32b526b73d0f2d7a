/* Sessions of somebody who is erased. */
#include "domain/identity/session.h"

static int end(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct session s = {0};
    int done = entity_decode(&session_entity, edit->before, edit->arena, &s);
    if (done < 0)
        return done;
    if (s.ended_ms && !s.device)
        return STORE_UNCHANGED;
    s.device = NULL;
    if (!s.ended_ms) {
        s.ended_ms = *now_ms;
        s.ended_why = "erased";
    }
    return entity_encode(&session_entity, &s, edit->before, edit->arena, edit->after);
}

int session_erase(struct store *s, const struct id *subject, int64_t now_ms, struct arena *a,
                  struct id **ret, size_t *ret_n)
{
    struct store_value value = store_id(*subject);
    struct store_condition of = {
        .field = "subject", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {.conditions = &of,
                            .n_conditions = 1,
                            .order = "seen",
                            .descending = true,
                            .limit = STORE_LIMIT_MAX};
    struct store_page page = {0};
    int done = store_scan(s, &session_collection, &q, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        if (!store_document_id(page.docs[i], &(*ret)[*ret_n]))
            continue;
        done = store_change(s, &session_collection, &(*ret)[*ret_n], NULL, end, &now_ms, NULL);
        *ret_n += 1;
    }
    return done < 0 ? done : 0;
}
