/* Writing one version. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/procedure/import.h"
#include "domain/procedure/private.h"

bool version_same(const struct procedure *x, const struct procedure *y, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *first = bson_new();
    CLEANUP(bson_destroyp) bson_t *second = bson_new();
    struct procedure rows[2] = {*x, *y};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        rows[i].from = rows[i].until = NULL;
        rows[i].version = rows[i].revision = 0;
    }
    return entity_encode(&procedure_entity, &rows[0], NULL, a, first) == 0 &&
           entity_encode(&procedure_entity, &rows[1], NULL, a, second) == 0 &&
           bson_equal(first, second);
}

struct putting {
    const struct procedure *row;
    int64_t today;
};

/* Whether what is stored may become the row: its day has not come, or only its end differs. */
static int may_become(const struct store_edit *edit, const struct putting *p)
{
    struct procedure old = {0};
    int done = entity_decode(&procedure_entity, edit->before, edit->arena, &old);
    if (done != 0 || p->row->from_day > p->today)
        return done;
    return version_same(&old, p->row, edit->arena) ? 0 : PROCEDURE_RACED;
}

/* Equal versions are left alone, so that an import repeated changes nothing. */
static int put(struct store_edit *edit, void *ctx)
{
    const struct putting *p = ctx;
    struct procedure row = *p->row;
    row.revision = edit->before ? store_revision(edit->before) : 0;
    int done = entity_encode(&procedure_entity, &row, edit->before, edit->arena, edit->after);
    if (done < 0)
        return done;
    if (edit->before && entity_unchanged(edit->before, edit->after))
        return STORE_UNCHANGED;
    done = edit->before ? may_become(edit, p) : 0;
    if (done != 0)
        return done;
    bson_reinit(edit->after);
    row.revision++;
    return entity_encode(&procedure_entity, &row, edit->before, edit->arena, edit->after);
}

int version_put(struct store *s, const struct procedure *p, int64_t now_ms)
{
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    struct id id = procedure_id(p->code, p->version);
    struct putting putting = {p, clock_day_number(now_ms)};
    int done = store_change(s, &procedure_collection, &id, &options, put, &putting, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}
