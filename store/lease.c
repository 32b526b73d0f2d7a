#include "store/lease.h"

#include <stdatomic.h>
#include <string.h>

#include "base/result.h"

const struct store_collection lease_collection = {.name = "lease", .form = 1};

void lease_init(struct lease *l, const char *name, const struct id *node, int64_t life_ms)
{
    const struct id_part parts[] = {{name, strlen(name)}};
    *l = (struct lease){.id = id_v8("lease", parts, 1), .node = *node, .life_ms = life_ms};
}

static bool holder_of(const bson_t *doc, struct id *ret)
{
    bson_iter_t at;
    bson_subtype_t subtype;
    uint32_t n;
    const uint8_t *bytes;
    if (!bson_iter_init_find(&at, doc, "holder") || !BSON_ITER_HOLDS_BINARY(&at))
        return false;
    bson_iter_binary(&at, &subtype, &n, &bytes);
    if (n != sizeof(ret->bytes))
        return false;
    memcpy(ret->bytes, bytes, n);
    return true;
}

struct trying {
    struct lease *lease;
    int64_t now_ms;
};

/* Ours, nobody's, or another's that stood still for long enough. */
static bool may_take(struct lease *l, const bson_t *before, int64_t now_ms)
{
    struct id holder;
    if (!before || !holder_of(before, &holder) || id_equal(&holder, &l->node))
        return true;
    int64_t version = store_version(before);
    if (version != l->seen_version) {
        l->seen_version = version;
        l->seen_ms = now_ms;
    }
    return now_ms - l->seen_ms >= l->life_ms;
}

static int take(struct store_edit *edit, void *ctx)
{
    struct trying *t = ctx;
    if (!may_take(t->lease, edit->before, t->now_ms))
        return STORE_UNCHANGED;
    BSON_APPEND_BINARY(edit->after, "holder", BSON_SUBTYPE_UUID, t->lease->node.bytes, 16);
    return 0;
}

int lease_try(struct store *s, struct lease *l, int64_t monotonic_ms)
{
    struct trying t = {l, monotonic_ms};
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    int done = store_change(s, &lease_collection, &l->id, &options, take, &t, NULL);
    if (done == 0) {
        l->seen_version = 0;
        atomic_store(&l->until_ms, monotonic_ms + l->life_ms * 2 / 3);
        return 0;
    }
    if (done < 0)
        return done;
    atomic_store(&l->until_ms, 0);
    return LEASE_ELSEWHERE;
}

bool lease_holds(const struct lease *l, int64_t monotonic_ms)
{
    return monotonic_ms < atomic_load(&l->until_ms);
}

static int let_go(struct store_edit *edit, void *ctx)
{
    const struct lease *l = ctx;
    struct id holder;
    if (!edit->before || !holder_of(edit->before, &holder) || !id_equal(&holder, &l->node))
        return STORE_UNCHANGED;
    return 0; /* without a holder */
}

int lease_give(struct store *s, struct lease *l)
{
    atomic_store(&l->until_ms, 0);
    int done = store_change(s, &lease_collection, &l->id, NULL, let_go, l, NULL);
    return done == STORE_UNCHANGED || done == STORE_ABSENT ? 0 : done;
}
