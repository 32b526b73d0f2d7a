#include "schemas/value.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define TWO_TO_63 0x1p63

bool budget_take(struct budget *b, uint64_t steps)
{
    if (b->spent || steps > b->left) {
        b->spent = true;
        return false;
    }
    b->left -= steps;
    return true;
}

static bool array_equal(struct budget *b, const json_t *x, const json_t *y)
{
    size_t n = json_array_size(x);
    if (n != json_array_size(y))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!value_equal(b, json_array_get(x, i), json_array_get(y, i)))
            return false;
    }
    return true;
}

static bool object_equal(struct budget *b, const json_t *x, const json_t *y)
{
    if (json_object_size(x) != json_object_size(y))
        return false;
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)x, key, member)
    {
        const json_t *other = json_object_get(y, key);
        if (!other || !value_equal(b, member, other))
            return false;
    }
    return true;
}

static bool string_equal(struct budget *b, const json_t *x, const json_t *y)
{
    size_t n = json_string_length(x);
    return n == json_string_length(y) && budget_take(b, budget_of_bytes(n)) &&
           memcmp(json_string_value(x), json_string_value(y), n) == 0;
}

bool value_equal(struct budget *b, const json_t *x, const json_t *y)
{
    if (!budget_take(b, 1))
        return false;
    if (json_is_number(x) && json_is_number(y))
        return number_compare(x, y) == 0;
    if (json_typeof(x) != json_typeof(y))
        return false;
    switch (json_typeof(x)) {
    case JSON_OBJECT:
        return object_equal(b, x, y);
    case JSON_ARRAY:
        return array_equal(b, x, y);
    case JSON_STRING:
        return string_equal(b, x, y);
    default:
        return true; /* true, false and null are equal to themselves */
    }
}

/* FNV-1a. Who makes values collide on purpose only spends the budget sooner. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t hash_number(const json_t *value)
{
    double real = json_number_value(value);
    int64_t integer = json_integer_value(value); /* 0 if it is a real */
    uint64_t seed = 'n';
    if (json_is_real(value)) {
        if (!number_is_integer(value) || real < -TWO_TO_63 || real >= TWO_TO_63)
            return hash_bytes(seed, &real, sizeof real);
        integer = (int64_t)real;
    }
    return hash_bytes(seed, &integer, sizeof integer);
}

uint64_t value_hash(struct budget *b, const json_t *value)
{
    if (!budget_take(b, 1))
        return 0;
    uint64_t hash = UINT64_C(0xcbf29ce484222325) + (uint64_t)json_typeof(value);
    const char *key;
    json_t *part;
    size_t i;
    switch (json_typeof(value)) {
    case JSON_INTEGER:
    case JSON_REAL:
        return hash_number(value);
    case JSON_STRING:
        if (!budget_take(b, budget_of_bytes(json_string_length(value))))
            return 0;
        return hash_bytes(hash, json_string_value(value), json_string_length(value));
    case JSON_ARRAY:
        json_array_foreach(value, i, part)
        {
            uint64_t item = value_hash(b, part);
            hash = hash_bytes(hash, &item, sizeof item);
        }
        return hash;
    case JSON_OBJECT:
        json_object_foreach((json_t *)value, key, part)
        {
            uint64_t member = value_hash(b, part);
            hash += hash_bytes(member, key, strlen(key)); /* a sum has no order */
        }
        return hash;
    default:
        return hash;
    }
}

static int compare_int_real(int64_t i, double d)
{
    if (d >= TWO_TO_63)
        return -1;
    if (d < -TWO_TO_63)
        return 1;
    int64_t whole = (int64_t)d;
    if (i != whole)
        return i < whole ? -1 : 1;
    double rest = d - (double)whole;
    return rest > 0 ? -1 : rest < 0 ? 1 : 0;
}

int number_compare(const json_t *x, const json_t *y)
{
    if (json_is_integer(x) && json_is_integer(y)) {
        json_int_t i = json_integer_value(x), j = json_integer_value(y);
        return (i > j) - (i < j);
    }
    if (json_is_integer(x))
        return compare_int_real(json_integer_value(x), json_real_value(y));
    if (json_is_integer(y))
        return -compare_int_real(json_integer_value(y), json_real_value(x));
    double d = json_real_value(x), e = json_real_value(y);
    return (d > e) - (d < e);
}

bool number_is_integer(const json_t *x)
{
    if (json_is_integer(x))
        return true;
    return json_is_real(x) && trunc(json_real_value(x)) == json_real_value(x);
}

bool number_is_multiple(const json_t *x, const json_t *of)
{
    if (json_is_integer(x) && json_is_integer(of)) {
        json_int_t divisor = json_integer_value(of);
        return divisor == 1 || json_integer_value(x) % divisor == 0;
    }
    double value = json_number_value(x), divisor = json_number_value(of);
    double quotient = value / divisor;
    /* 0.0075 is a multiple of 0.0001 to people, though not to fmod: forgive the last bits. */
    if (isfinite(quotient))
        return fabs(quotient - nearbyint(quotient)) <= 4 * DBL_EPSILON * fabs(quotient);
    return fmod(value, divisor) == 0;
}
