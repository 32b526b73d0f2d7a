/* What the document store (domain/document/) and the money that was paid (domain/payment/) are to
 * follow: a mark in the dossier, set by the step that changed what they follow, and taken away once
 * they have. */
#include "base/result.h"
#include "domain/dossier/private.h"

#define PAGE 50

bool dossier_names(const struct dossier *d, const struct id *file)
{
    const struct dossier_component *components = d->components.items;
    const struct dossier_result *results = d->results.items;
    for (size_t i = 0; i < d->components.n; i++) {
        const struct case_media *files = components[i].files.items;
        for (size_t j = 0; j < components[i].files.n; j++) {
            if (id_equal(&files[j].id, file))
                return true;
        }
    }
    for (size_t i = 0; i < d->results.n; i++) {
        if (id_equal(&results[i].file, file))
            return true;
    }
    return false;
}

static int kept_up(struct store_edit *edit, void *ctx)
{
    const struct dossier *seen = ctx;
    struct dossier d;
    int done = dossier_decode(edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.head.revision != seen->head.revision || !id_equal(&d.head.owner, &seen->head.owner))
        return STORE_UNCHANGED;
    d.keep_ms = 0;
    return entity_encode(&dossier_entity, &d, edit->before, edit->arena, edit->after);
}

int dossier_kept_up(struct store *s, const struct dossier *d)
{
    struct dossier seen = *d;
    int done = store_change(s, &dossier_collection, &d->head.id, NULL, kept_up, &seen, NULL);
    return done == STORE_UNCHANGED || done == STORE_ABSENT ? 0 : done;
}

int dossier_to_keep(struct store *s, const struct store_position *after, struct arena *a,
                    struct id **ret, size_t *ret_n, struct store_position *ret_next, bool *ret_more)
{
    const struct store_range any = {.has_low = true, .low = store_int(1)};
    const struct store_condition marked = {
        .field = "keep", .op = STORE_BETWEEN, .ranges = &any, .n_ranges = 1};
    struct store_query q = {
        .conditions = &marked, .n_conditions = 1, .order = "keep", .limit = PAGE};
    struct store_page page = {0};
    if (after) {
        q.has_after = true;
        q.after = *after;
    }
    int done = store_scan(s, &dossier_collection, &q, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; i < page.n && done == 0; i++)
        *ret_n += store_document_id(page.docs[i], &(*ret)[*ret_n]);
    *ret_next = page.next; /* a time and an id: it borrows nothing */
    *ret_more = page.more;
    return done;
}
