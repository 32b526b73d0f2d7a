/*
 * JSON of anybody: what is read can be written, and read again as the same; its canonical text does
 * not change by that, nor does its normal form by normalising again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "schemas/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void write_and_read(struct arena *a, json_t *value)
{
    size_t n, again_n;
    json_t *again;
    struct json_fault fault;
    const char *text = json_canonical(a, value, &n);
    if (json_read(text, n, &again, &fault) != 0)
        abort();
    const char *again_text = json_canonical(a, again, &again_n);
    if (n != again_n || memcmp(text, again_text, n) != 0)
        abort();
    json_decref(again);
}

static void normalise(struct arena *a, json_t *value)
{
    const char *pointer;
    int r = schema_normalise(a, value, &pointer);
    if (r < 0 || (r > 0 && !pointer))
        abort();
    if (r > 0)
        return;
    json_t *once = json_deep_copy(value);
    if (schema_normalise(a, value, &pointer) != 0 || !json_equal(once, value))
        abort();
    json_decref(once);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    json_t *value;
    struct json_fault fault;
    struct arena a;
    if (json_read((const char *)bytes, n, &value, &fault) != 0)
        return 0;
    arena_init(&a);
    write_and_read(&a, value);
    normalise(&a, value);
    write_and_read(&a, value);
    arena_release(&a);
    json_decref(value);
    return 0;
}
