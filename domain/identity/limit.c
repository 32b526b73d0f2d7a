#include "domain/identity/limit.h"

#include <string.h>

#include "base/clock.h"

struct limit {
    int64_t count, expires_ms;
};

static const struct entity limit_entity = {
    .name = "Limit",
    .size = sizeof(struct limit),
    .fields = (const struct entity_field[]){
        {.name = "count", .type = ENTITY_INT, .offset = offsetof(struct limit, count)},
        {.name = "expires", .type = ENTITY_TIME, .offset = offsetof(struct limit, expires_ms)},
        {0},
    }};

const struct store_collection limit_collection = {
    .name = "limit_window",
    .form = 1,
    .fields = (const struct store_field[]){{"expires", "expires", STORE_INT, false}},
    .n_fields = 1,
    .paths =
        (const struct store_path[]){{.name = "expires", .why = "the sweep", .order = "expires"}},
    .n_paths = 1,
};

struct taking {
    const struct limit_rule *rule;
    int64_t expires_ms, many;
};

static int take(struct store_edit *edit, void *ctx)
{
    const struct taking *t = ctx;
    struct limit limit = {.expires_ms = t->expires_ms};
    int done = edit->before ? entity_decode(&limit_entity, edit->before, edit->arena, &limit) : 0;
    if (done < 0)
        return done;
    if (limit.count > t->rule->max - t->many)
        return LIMIT_REACHED;
    limit.count += t->many;
    return entity_encode(&limit_entity, &limit, edit->before, edit->arena, edit->after);
}

int limit_take(struct store *s, const struct limit_rule *rule, const void *key, size_t n,
               int64_t now_ms, int64_t *ret_retry_ms)
{
    return limit_take_many(s, rule, 1, key, n, now_ms, ret_retry_ms);
}

int limit_take_many(struct store *s, const struct limit_rule *rule, int64_t many, const void *key,
                    size_t n, int64_t now_ms, int64_t *ret_retry_ms)
{
    int64_t window = now_ms / rule->window_ms;
    const struct id_part parts[] = {
        {rule->kind, strlen(rule->kind)}, {key, n}, {&window, sizeof(window)}};
    struct id id = id_v8("limit", parts, ARRAY_LEN(parts));
    struct taking taking = {rule, (window + 1) * rule->window_ms, many};
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    *ret_retry_ms = taking.expires_ms - now_ms;
    return store_change(s, &limit_collection, &id, &options, take, &taking, NULL);
}

int expiry_sweep(struct store *s, const struct store_collection *c, int64_t now_ms, size_t max,
                 size_t *ret_removed)
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
    int done = store_scan(s, c, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct id id;
        if (!store_document_id(page.docs[i], &id))
            continue;
        int removed = store_remove(s, c, &id, store_version(page.docs[i]));
        if (removed < 0)
            done = removed;
        *ret_removed += removed == 0;
    }
    arena_release(&a);
    return done;
}
