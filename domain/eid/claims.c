/* Claims: those that make an ID token ours, and those that say who somebody is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "domain/eid/private.h"
#include "domain/person/card.h"
#include "domain/person/person.h"

#define SECOND_MS 1000
#define TOKEN_AGE_MS EID_FLOW_MS /* an ID token is made in its flow */
#define SECONDS_MAX INT64_C(253402300799)

/* --- ours, now -------------------------------------------------------------------------------- */

static bool is_text(const json_t *claims, const char *name, const char *expected)
{
    const char *text = json_string_value(json_object_get(claims, name));
    return text && strcmp(text, expected) == 0;
}

/* Seconds, perhaps with a fraction (RFC 7519 §2); false if it is no time. */
static bool time_of(const json_t *claims, const char *name, int64_t *ret_ms)
{
    const json_t *value = json_object_get(claims, name);
    double s = json_number_value(value);
    if (!json_is_number(value) || !(s >= 0 && s <= (double)SECONDS_MAX))
        return false;
    *ret_ms = (int64_t)(s * SECOND_MS);
    return true;
}

/* For us and for nobody else: a further audience is one that is not trusted (§3.1.3.7, 3). */
static bool is_for_us(const struct eid_settings *set, const json_t *claims)
{
    const json_t *aud = json_object_get(claims, "aud");
    if (json_is_array(aud))
        return json_array_size(aud) == 1 && json_is_string(json_array_get(aud, 0)) &&
               strcmp(json_string_value(json_array_get(aud, 0)), set->client_id) == 0;
    return is_text(claims, "aud", set->client_id);
}

static bool is_timely(const struct eid_settings *set, const json_t *claims, int64_t now_ms)
{
    int64_t exp, iat, nbf = 0;
    if (!time_of(claims, "exp", &exp) || !time_of(claims, "iat", &iat) ||
        (json_object_get(claims, "nbf") && !time_of(claims, "nbf", &nbf)))
        return false;
    return exp > now_ms - set->skew_ms && iat <= now_ms + set->skew_ms &&
           iat >= now_ms - TOKEN_AGE_MS - set->skew_ms && nbf <= now_ms + set->skew_ms && exp > iat;
}

bool eid_token_sound(const struct eid_settings *set, const json_t *claims, const char *nonce,
                     int64_t now_ms)
{
    const char *sub = json_string_value(json_object_get(claims, "sub"));
    return is_text(claims, "iss", set->issuer) && is_for_us(set, claims) &&
           (!json_object_get(claims, "azp") || is_text(claims, "azp", set->client_id)) &&
           is_text(claims, "nonce", nonce) && sub && sub[0] && strlen(sub) <= 255 &&
           is_timely(set, claims, now_ms);
}

/* --- who -------------------------------------------------------------------------------------- */

/* A name, or a JSON Pointer without escapes. */
static const json_t *find(const json_t *claims, const char *name)
{
    if (name[0] != '/')
        return json_object_get(claims, name);
    const json_t *at = claims;
    while (at && *name == '/') {
        char step[200];
        size_t n = strcspn(++name, "/");
        if (n >= sizeof(step))
            return NULL;
        memcpy(step, name, n);
        step[n] = '\0';
        at = json_object_get(at, step);
        name += n;
    }
    return at;
}

/* As text, NFC; NULL if it is not there, no text, empty, or longer than `max` bytes. */
static const char *claim(const json_t *claims, const json_t *more, const char *name, size_t max,
                         struct arena *a)
{
    const json_t *value = name[0] ? find(claims, name) : NULL;
    if (!value && name[0] && more)
        value = find(more, name);
    if (json_is_integer(value))
        return arena_printf(a, "%lld", (long long)json_integer_value(value));
    const char *text = json_string_value(value);
    if (!text || !text[0] || strlen(text) > max)
        return NULL;
    return text_nfc(a, text, strlen(text));
}

static int digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* 1990-05-17, 17/05/1990, 19900517 or 1990, to the first or last of them; NULL if it is none. */
static const char *read_birth(const char *text, struct arena *a, int *ret_year)
{
    static const struct {
        size_t length, year, month, day;
        char mark;
    } forms[] = {{10, 0, 5, 8, '-'}, {10, 6, 3, 0, '/'}, {8, 0, 4, 6, 0}};
    size_t n = strlen(text);
    if (n == 4 && (*ret_year = digits(text, 4)) > 0)
        return arena_strdup(a, text);
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (n != forms[i].length ||
            (forms[i].mark && text[forms[i].mark == '-' ? 4 : 2] != forms[i].mark))
            continue;
        int year = digits(text + forms[i].year, 4), month = digits(text + forms[i].month, 2),
            day = digits(text + forms[i].day, 2);
        int64_t number;
        if (year > 0 && clock_day_of_date(year, month, day, &number)) {
            *ret_year = year;
            return arena_printf(a, "%04d-%02d-%02d", year, month, day);
        }
    }
    return NULL;
}

static bool is_in(const struct config_list *list, const char *text)
{
    bool found = false;
    for (size_t i = 0; i < list->n; i++)
        found |= text && strcmp(list->items[i], text) == 0;
    return found;
}

static int64_t level_of(const struct eid_settings *set, const char *value)
{
    if (is_in(&set->level_two, value))
        return LEVEL_TWO;
    return is_in(&set->level_one, value) ? LEVEL_ONE : set->level_otherwise;
}

int eid_identity_of(const struct eid_settings *set, const json_t *claims, const json_t *more,
                    int64_t now_ms, struct arena *a, struct eid_identity *ret)
{
    const struct eid_claim_names *names = &set->claims;
    const char *birth = claim(claims, more, names->birth, 20, a);
    const char *phone = claim(claims, more, names->phone, 40, a);
    char number[PERSON_PHONE_TEXT];
    int year = 0;
    *ret = (struct eid_identity){
        .card = claim(claims, more, names->card, 40, a),
        .name = claim(claims, more, names->name, PERSON_NAME_MAX, a),
        .birth = birth ? read_birth(birth, a, &year) : NULL,
        .phone = phone && phone_parse(phone, number) ? arena_strdup(a, number) : NULL,
        .level = level_of(set, claim(claims, more, names->level, 100, a)),
    };
    int this_year = clock_date_of_day(clock_day_number(now_ms)).year;
    if (!ret->card || card_check(ret->card, ret->birth ? year : 0, this_year) != CARD_SOUND)
        return EID_CARD;
    return ret->level > 0 ? 0 : EID_REFUSED;
}
