#include "domain/case/project.h"

#include "base/result.h"

static int write_projection(struct store_edit *edit, void *ctx)
{
    struct case_projection *p = ctx;
    int64_t stored = edit->before ? store_revision(edit->before) : -1;
    p->differs = stored < p->revision;
    if (stored > p->revision || (stored == p->revision && !p->exact))
        return STORE_UNCHANGED;
    int done = entity_encode(p->entity, p->record, edit->before, edit->arena, edit->after);
    if (done < 0)
        return done;
    if (stored == p->revision && entity_unchanged(edit->before, edit->after))
        return STORE_UNCHANGED;
    p->differs = true;
    return 0;
}

int case_project(struct store *s, const struct store_collection *c, const struct id *id,
                 struct case_projection *p)
{
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    int done = store_change(s, c, id, &options, write_projection, p, NULL);
    return done == STORE_UNCHANGED || done == STORE_REPEATED ? 0 : done;
}
