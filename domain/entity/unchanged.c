/* Whether a write would change anything. */
#include "domain/entity/private.h"

/* Goes on to the next field that the store does not write itself. */
static bool next_free(bson_iter_t *it)
{
    while (bson_iter_next(it)) {
        if (!entity_is_reserved(bson_iter_key(it)))
            return true;
    }
    return false;
}

/* One element as a document of its own, to compare bytes without knowing every BSON type. */
static bool same_element(const bson_iter_t *a, const bson_iter_t *b)
{
    bson_t x = BSON_INITIALIZER, y = BSON_INITIALIZER;
    bson_append_iter(&x, NULL, 0, a);
    bson_append_iter(&y, NULL, 0, b);
    bool same = bson_equal(&x, &y);
    bson_destroy(&x);
    bson_destroy(&y);
    return same;
}

bool entity_unchanged(const bson_t *stored, const bson_t *body)
{
    bson_iter_t a, b;
    if (!bson_iter_init(&a, stored) || !bson_iter_init(&b, body))
        return false;
    for (;;) {
        bool more_a = next_free(&a), more_b = next_free(&b);
        if (!more_a || !more_b)
            return more_a == more_b;
        if (!same_element(&a, &b))
            return false;
    }
}
