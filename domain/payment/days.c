/* Days that were held against a provider's list, as they are kept. */
#include <string.h>

#include "domain/payment/payment.h"

struct id money_day_id(const char *provider, int64_t day)
{
    const struct id_part parts[] = {{provider, strlen(provider)}, {&day, sizeof(day)}};
    return id_v8("money.day", parts, ARRAY_LEN(parts));
}

int money_day_get(struct store *s, const char *provider, int64_t day, struct arena *a,
                  struct money_day *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    *ret = (struct money_day){.id = money_day_id(provider, day)};
    int done = store_get(s, &money_day_collection, &ret->id, &doc);
    return done == 0 ? entity_decode(&money_day_entity, doc, a, ret) : done;
}

static int write_day(struct store_edit *edit, void *ctx)
{
    return entity_encode(&money_day_entity, ctx, edit->before, edit->arena, edit->after);
}

int money_day_put(struct store *s, const struct money_day *d)
{
    struct money_day copy = *d;
    const struct store_change_options options = {.if_revision = STORE_ANY_REVISION,
                                                 .or_create = true};
    return store_change(s, &money_day_collection, &d->id, &options, write_day, &copy, NULL);
}
