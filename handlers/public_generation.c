#include "handlers/public.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "handlers/app.h"

#define SLOTS 4096 /* two that meet in one are made anew together */

static _Atomic uint64_t slots[SLOTS]; /* of the process: it serves one store */
static _Atomic uint64_t withdrawn;

static size_t slot_of(const char *category, const char *commune)
{
    const char *const parts[] = {category ? category : "", commune ? commune : ""};
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        for (const char *c = parts[i];; c++) {
            h = (h ^ (unsigned char)*c) * UINT64_C(1099511628211);
            if (!*c)
                break;
        }
    }
    return (size_t)(h ^ h >> 29) % SLOTS;
}

static void raise(const char *category, const char *commune)
{
    atomic_fetch_add(&slots[slot_of(category, commune)], 1);
}

static const char *text_of(const bson_t *doc, const char *field)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, field) && BSON_ITER_HOLDS_UTF8(&it)
               ? bson_iter_utf8(&it, NULL)
               : NULL;
}

/* Every list that a report of this category and commune may stand in. */
static void raise_lists(const bson_t *doc)
{
    const char *category = text_of(doc, "category"), *commune = text_of(doc, "commune");
    raise(NULL, NULL);
    raise(category, NULL);
    raise(NULL, commune);
    raise(category, commune);
}

void public_changed(const bson_t *before, const bson_t *after)
{
    if (before)
        raise_lists(before);
    if (after)
        raise_lists(after);
    else
        atomic_fetch_add(&withdrawn, 1);
}

/* Other nodes' writes to a shared store are not counted here: then every second is a generation. */
uint64_t public_generation(const struct request *req)
{
    const struct app *app = app_of(req);
    if (!store_exclusive(app->store))
        return (uint64_t)(clock_monotonic_ms() / 1000);
    size_t slot = slot_of(request_query(req, "category"), request_query(req, "commune"));
    return atomic_load(&slots[slot]) + atomic_load(&withdrawn) +
           store_generation(app->store, &category_collection);
}
