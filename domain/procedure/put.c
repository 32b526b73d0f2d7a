/* Writing one version. */
#include "base/result.h"
#include "domain/procedure/private.h"

/* Equal versions are left alone, so that an import repeated changes nothing. */
static int put(struct store_edit *edit, void *ctx)
{
    struct procedure row = *(const struct procedure *)ctx;
    row.revision = edit->before ? store_revision(edit->before) : 0;
    int done = entity_encode(&procedure_entity, &row, edit->before, edit->arena, edit->after);
    if (done < 0)
        return done;
    if (edit->before && entity_unchanged(edit->before, edit->after))
        return STORE_UNCHANGED;
    bson_reinit(edit->after);
    row.revision++;
    return entity_encode(&procedure_entity, &row, edit->before, edit->arena, edit->after);
}

int version_put(struct store *s, const struct procedure *p)
{
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    struct id id = procedure_id(p->code, p->version);
    return store_change(s, &procedure_collection, &id, &options, put, (void *)p, NULL);
}
