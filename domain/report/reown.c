/* Reports follow a person who turned out to be another. */
#include "domain/report/report.h"

#define PAGE 50

struct reowning {
    const struct id *from, *into;
};

/* Whose it is is no step: nobody did anything to the case, and history keeps who did. */
static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    struct report report;
    int done = report_decode(edit->before, edit->arena, &report);
    if (done < 0)
        return done;
    if (!id_equal(&report.head.owner, r->from))
        return STORE_UNCHANGED;
    report.head.owner = *r->into;
    return entity_encode(&report_entity, &report, edit->before, edit->arena, edit->after);
}

int report_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                 bool *ret_more)
{
    struct reowning r = {from, into};
    struct store_value owner = store_id(*from);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &owner, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "filed", .limit = PAGE};
    struct store_page page = {0};
    *ret_more = false;
    if (id_equal(from, into))
        return 0;
    int done = store_scan(s, &report_collection, &q, a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = store_change(s, &report_collection, &id, NULL, reown, &r, NULL);
    }
    *ret_more = page.more;
    return done < 0 ? done : 0;
}
