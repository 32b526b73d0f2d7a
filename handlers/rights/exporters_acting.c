/* For whom a person acts, and where they belong, as they are given a copy of it. */
#include <string.h>

#include "base/result.h"
#include "domain/mandate/view.h"
#include "domain/org/view.h"
#include "handlers/rights/export.h"

/* A link names an organisation; what is shown of it is what a member sees, and of one that they no
 * longer belong to no more than which it is. */
int export_membership(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                      const char **ret_name)
{
    const struct org_looker looker = {.person = run->person.id, .now_ms = run->now_ms};
    const uint8_t *bytes = NULL;
    uint32_t n = 0;
    bson_iter_t it;
    struct id id;
    struct organisation o;
    struct org_view view;
    bool first = true;
    (void)ret_name;
    if (bson_iter_init_find(&it, doc, "organisation") && BSON_ITER_HOLDS_BINARY(&it))
        bson_iter_binary(&it, NULL, &n, &bytes);
    if (n != sizeof(id.bytes))
        return E_CORRUPT;
    memcpy(id.bytes, bytes, n);
    int done = org_get(run->app->store, &id, a, &o);
    if (done == 0)
        done = org_show(&run->app->people, &o, &looker, a, &view);
    if (done != 0)
        return done == PERSON_ERASED ? STORE_ABSENT : done;
    buf_add_str(out, "{");
    entity_json_members(&org_view_entity, &view, run->with_eid && view.role ? SEE_OWNER : SEE_SELF,
                        &first, out);
    buf_add_str(out, "}");
    return 0;
}

static int add_mandates(struct export_run *run, const char *side, struct arena *a, struct buf *out)
{
    struct mandate *list = NULL;
    size_t n = 0;
    int done = mandate_list(run->app->store, side, &run->person.id, a, &list, &n);
    buf_printf(out, "\"%s\":[", side);
    for (size_t i = 0; i < n && done == 0; i++) {
        struct mandate_view view;
        done = mandate_show(&run->app->people, &list[i], side, true, run->now_ms, a, &view);
        if (done == 0 && i > 0)
            buf_add_str(out, ",");
        if (done == 0)
            entity_json(&mandate_view_entity, &view, SEE_OWNER, out);
    }
    buf_add_str(out, "]");
    return done;
}

/* What was made with an e-ID is given to who showed one. */
int export_mandates(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                    const char **ret_name)
{
    (void)doc;
    if (!run->with_eid)
        return STORE_ABSENT;
    *ret_name = "mandates.json";
    buf_add_str(out, "{");
    int done = add_mandates(run, "agent", a, out);
    buf_add_str(out, ",");
    if (done == 0)
        done = add_mandates(run, "subject", a, out);
    buf_add_str(out, "}");
    return done;
}
