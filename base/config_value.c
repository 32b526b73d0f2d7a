#include "base/config_private.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"

struct unit {
    const char *suffix;
    int64_t factor;
};

/* Larger units first: config_number_text takes the first that divides. */
static const struct unit no_units[] = {{"", 1}, {NULL, 0}};
static const struct unit sizes[] = {
    {"g", 1 << 30}, {"m", 1 << 20}, {"k", 1 << 10}, {"", 1}, {NULL, 0}};
static const struct unit durations[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000},
                                        {"s", 1000},     {"ms", 1},      {NULL, 0}};

static const struct unit *units_of(enum config_type type)
{
    switch (type) {
    case CONFIG_SIZE:
        return sizes;
    case CONFIG_DURATION:
        return durations;
    default:
        return no_units;
    }
}

static const char *bad_number(enum config_type type)
{
    switch (type) {
    case CONFIG_SIZE:
        return "not a size like 512, 64k, 16m or 2g";
    case CONFIG_DURATION:
        return "not a duration like 250ms, 30s, 5m, 2h or 7d";
    default:
        return "not a whole number";
    }
}

/* Digits and a unit. Without sign but for INT. */
static bool number_read(enum config_type type, const char *s, int64_t *ret)
{
    bool negative = type == CONFIG_INT && *s == '-';
    int64_t number = 0;
    s += negative;
    if (!isdigit((unsigned char)*s))
        return false;
    for (; isdigit((unsigned char)*s); s++) {
        int digit = negative ? '0' - *s : *s - '0';
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, digit, &number))
            return false;
    }
    for (const struct unit *unit = units_of(type); unit->suffix; unit++) {
        if (strcasecmp(s, unit->suffix) == 0)
            return !__builtin_mul_overflow(number, unit->factor, ret);
    }
    *ret = number;
    return number == 0 && *s == '\0'; /* a duration of 0 needs no unit */
}

char *config_number_text(struct arena *a, enum config_type type, int64_t number)
{
    const struct unit *unit = units_of(type);
    while (number % unit->factor != 0)
        unit++;
    if (number == 0)
        return arena_strdup(a, "0");
    return arena_printf(a, "%" PRId64 "%s", number / unit->factor, unit->suffix);
}

static bool bool_read(const char *s, int64_t *ret)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcasecmp(s, words[i]) == 0) {
            *ret = i % 2;
            return true;
        }
    }
    return false;
}

/* Cuts a copy of `text` at commas; false if an item is empty. */
static bool list_read(struct arena *a, const char *text, struct config_list *ret)
{
    size_t most = 1;
    for (const char *p = text; *p; p++)
        most += *p == ',';
    const char **items = arena_array(a, most, sizeof *items);
    *ret = (struct config_list){.items = items};
    if (*text == '\0')
        return true;
    for (const char *start = text, *end;; start = end + 1) {
        end = strchrnul(start, ',');
        const char *last = end;
        while (start < last && isspace((unsigned char)*start))
            start++;
        while (last > start && isspace((unsigned char)last[-1]))
            last--;
        if (start == last)
            return false;
        items[ret->n++] = arena_strndup(a, start, (size_t)(last - start));
        if (*end == '\0')
            return true;
    }
}

static const char *bounds_fault(struct arena *a, const struct config_key *key, const char *what,
                                int64_t number)
{
    bool bounded = key->min != 0 || key->max != 0;
    if (!bounded || (number >= key->min && number <= key->max))
        return NULL;
    enum config_type type = *what ? CONFIG_INT : key->type;
    return arena_printf(a, "%smust be between %s and %s", what,
                        config_number_text(a, type, key->min),
                        config_number_text(a, type, key->max));
}

const char *config_value_read(struct arena *a, const char *text, struct config_value *value)
{
    const struct config_key *key = value->key;
    value->text = arena_strdup(a, text);
    if (!text_valid(text, strlen(text)))
        return "not valid UTF-8";
    switch (key->type) {
    case CONFIG_TEXT:
        return bounds_fault(a, key, "its length in bytes ", (int64_t)strlen(text));
    case CONFIG_INT:
    case CONFIG_SIZE:
    case CONFIG_DURATION:
        if (!number_read(key->type, text, &value->number))
            return bad_number(key->type);
        return bounds_fault(a, key, "", value->number);
    case CONFIG_BOOL:
        return bool_read(text, &value->number) ? NULL : "not one of true, yes, on, false, no, off";
    case CONFIG_LIST:
        if (!list_read(a, text, &value->list))
            return "an item of the list is empty";
        return bounds_fault(a, key, "the number of items ", (int64_t)value->list.n);
    case CONFIG_SECRET_FILE:
        return NULL;
    }
    return "a key of no known type";
}

char *config_env_name(struct arena *a, const char *name)
{
    char *env = arena_printf(a, CONFIG_ENV_PREFIX "%s", name);
    for (char *p = env; *p; p++)
        *p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
    return env;
}
