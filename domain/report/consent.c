/* The flag that offices see follows the ledger of consents. */
#include "domain/report/report.h"

struct setting {
    const struct id *owner;
    bool given;
};

/* Nobody did anything to the case: it is no step, and the revision stays. */
static int set(struct store_edit *edit, void *ctx)
{
    const struct setting *w = ctx;
    struct report r;
    int done = report_decode(edit->before, edit->arena, &r);
    if (done < 0)
        return done;
    if (!id_equal(&r.head.owner, w->owner))
        return STORE_ABSENT;
    if (r.consent == w->given)
        return STORE_UNCHANGED;
    r.consent = w->given;
    return entity_encode(&report_entity, &r, edit->before, edit->arena, edit->after);
}

int report_set_consent(struct store *s, const struct id *id, const struct id *owner, bool given)
{
    struct setting w = {owner, given};
    int done = store_change(s, &report_collection, id, NULL, set, &w, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}
