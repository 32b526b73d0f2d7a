/*
 * A schema of anybody on a value of anybody: the input is schema text, a record separator (0x1e)
 * and a value. Without one it is a value for a fixed schema that has every keyword.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "schemas/schema.h"

#define SEPARATOR 0x1e
#define COST_MAX 20000 /* small, so that giving up is met often */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char every_keyword[] =
    "{\"$defs\":{\"a\":{\"items\":{\"$ref\":\"#/$defs/a\"},\"uniqueItems\":true,\"maxItems\":9,"
    "\"contains\":{\"type\":[\"integer\",\"array\"]},\"minContains\":0,\"maxContains\":3}},"
    "\"$ref\":\"#/$defs/a\",\"properties\":{\"s\":{\"minLength\":2,\"maxLength\":9,"
    "\"pattern\":\"^(a|\\\\p{L}+)+$\"},\"d\":{\"format\":\"date\"},\"t\":{\"format\":\"date-time\"}"
    ","
    "\"u\":{\"format\":\"uuid\"},\"e\":{\"format\":\"email\"},\"l\":{\"format\":\"uri\"},"
    "\"p\":{\"format\":\"phone-vn\"},\"n\":{\"minimum\":-1,\"exclusiveMaximum\":9.5,"
    "\"multipleOf\":0.25},\"f\":false,\"x\":{\"enum\":[1,\"a\",[null]]}},"
    "\"additionalProperties\":{\"oneOf\":[{\"const\":1.0},{\"not\":{\"type\":\"number\"}}]},"
    "\"propertyNames\":{\"maxLength\":3},\"dependentRequired\":{\"s\":[\"d\"]},"
    "\"if\":{\"required\":[\"u\"]},\"then\":{\"minProperties\":2},\"else\":{\"maxProperties\":3},"
    "\"anyOf\":[{\"prefixItems\":[{\"type\":\"null\"}],\"minItems\":1},{\"type\":\"object\"}]}";

/* A check is repeatable, and says what is wrong exactly when something is. */
static void check(const struct schema *s, const json_t *value, struct arena *a)
{
    struct schema_options options = SCHEMA_OPTIONS_DEFAULT;
    struct schema_violations found, again;
    options.cost_max = COST_MAX;
    int r = schema_check(s, value, a, &options, &found);
    if (r != schema_check(s, value, a, &options, &again) || found.n != again.n)
        abort();
    if (r < 0 || (r == SCHEMA_VIOLATED) != (found.n > 0))
        abort();
    for (size_t i = 0; i < found.n; i++) {
        if (!found.items[i].keyword || !*found.items[i].vi || !*found.items[i].en ||
            strlen(found.items[i].pointer) > SCHEMA_POINTER_MAX)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const uint8_t *separator = n > 0 ? memchr(bytes, SEPARATOR, n) : NULL;
    size_t schema_n = separator ? (size_t)(separator - bytes) : 0;
    size_t value_at = separator ? schema_n + 1 : 0;
    struct schema *s;
    struct schema_faults faults;
    struct json_fault fault;
    json_t *value;
    struct arena a;
    arena_init(&a);
    int r = separator ? schema_compile_text((const char *)bytes, schema_n, &a, &s, &faults)
                      : schema_compile_text(every_keyword, strlen(every_keyword), &a, &s, &faults);
    if (r < 0 || (r > 0 && (!separator || faults.n == 0)))
        abort();
    if (r == 0) {
        if (json_read((const char *)bytes + value_at, n - value_at, &value, &fault) == 0) {
            check(s, value, &a);
            json_decref(value);
        }
        schema_free(s);
    }
    arena_release(&a);
    return 0;
}
