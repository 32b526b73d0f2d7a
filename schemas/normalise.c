#include "schemas/normalise.h"

#include <stdbool.h>
#include <string.h>

#include "base/result.h"
#include "base/text.h"
#include "schemas/place.h"

#define DEPTH_MAX 64

/* Printable ASCII, as most keys, ids and numbers are: nothing to do. */
static bool is_plain(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] < ' ' || s[i] > '~')
            return false;
    }
    return true;
}

static int normalise_string(struct arena *a, json_t *value)
{
    const char *s = json_string_value(value);
    size_t n = json_string_length(value);
    if (is_plain(s, n))
        return 0;
    const char *normal = text_nfc(a, s, n);
    if (!normal)
        return NORMALISE_BAD_TEXT;
    if (strlen(normal) == n && memcmp(normal, s, n) == 0)
        return 0;
    return json_string_set_nocheck(value, normal) == 0 ? 0 : E_NOMEM;
}

static bool is_normal_name(struct arena *a, const char *name)
{
    size_t n = strlen(name);
    if (is_plain(name, n))
        return true;
    const char *normal = text_nfc(a, name, n);
    return normal && strcmp(normal, name) == 0;
}

static int normalise_at(struct arena *a, json_t *value, int depth, const struct place *at,
                        const char **ret_pointer);

static int normalise_members(struct arena *a, json_t *value, int depth, const struct place *at,
                             const char **ret_pointer)
{
    const char *key;
    json_t *member;
    json_object_foreach(value, key, member)
    {
        struct place place = {.parent = at, .key = key};
        if (!is_normal_name(a, key)) {
            *ret_pointer = place_pointer(a, &place);
            return NORMALISE_BAD_TEXT;
        }
        int r = normalise_at(a, member, depth + 1, &place, ret_pointer);
        if (r != 0)
            return r;
    }
    return 0;
}

static int normalise_at(struct arena *a, json_t *value, int depth, const struct place *at,
                        const char **ret_pointer)
{
    if (depth > DEPTH_MAX)
        return E_INVALID;
    if (json_is_object(value))
        return normalise_members(a, value, depth, at, ret_pointer);
    if (json_is_string(value)) {
        int r = normalise_string(a, value);
        if (r == NORMALISE_BAD_TEXT)
            *ret_pointer = place_pointer(a, at);
        return r;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct place place = {.parent = at, .index = i};
        int r = normalise_at(a, json_array_get(value, i), depth + 1, &place, ret_pointer);
        if (r != 0)
            return r;
    }
    return 0;
}

int schema_normalise(struct arena *a, json_t *value, const char **ret_pointer)
{
    static const struct place whole = {0};
    *ret_pointer = NULL;
    return normalise_at(a, value, 0, &whole, ret_pointer);
}
