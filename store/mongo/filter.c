/* How a scan's path, range and position become a filter and a sort. */
#include <string.h>

#include "store/mongo/engine.h"

#define TEXT_BEHIND_MAX 300

struct order filter_order(const struct table *t, int path, bool descending)
{
    struct order o = {.type = STORE_ID, .descending = descending};
    const char *field = path >= 0 ? t->c->paths[path].order : NULL;
    if (path == STORE_PATH_WORDS) {
        snprintf(o.key, sizeof(o.key), FILTER_ARRIVAL);
        o.type = STORE_INT;
    } else if (field) {
        int i = store_field_index(t->c, field);
        key_path(t->c, i, o.key);
        o.type = t->c->fields[i].type;
    }
    return o;
}

const char *filter_hint(const struct table *t, int path, char out[ENGINE_KEY_PATH])
{
    if (path < 0)
        return NULL;
    snprintf(out, ENGINE_KEY_PATH, "path_%s", t->c->paths[path].name);
    return out;
}

int filter_equals(const struct table *t, int path, const struct store_value *equals, bson_t *out)
{
    const struct store_path *p = path >= 0 ? &t->c->paths[path] : NULL;
    for (size_t i = 0; p && i < STORE_EQUALS_MAX && p->equals[i]; i++) {
        char key[ENGINE_KEY_PATH];
        int field = store_field_index(t->c, p->equals[i]);
        if (equals[i].type != t->c->fields[field].type)
            return E_INVALID;
        key_append_value(out, key_path(t->c, field, key), &equals[i]);
    }
    return 0;
}

/* --- words ------------------------------------------------------------------------------------ */

/* The least text that is greater than every text which begins so: the last byte but 0xff, one up.
 * It need not be UTF-8 for us, but it must be for BSON: the last character is stepped instead. */
static bool text_behind_prefix(const char *prefix, char *out, size_t max)
{
    size_t n = strlen(prefix);
    if (n == 0 || n + 4 >= max)
        return false;
    memcpy(out, prefix, n + 1);
    size_t at = n - 1;
    while (at > 0 && ((unsigned char)out[at] & 0xc0) == 0x80)
        at--;
    bson_unichar_t c = bson_utf8_get_char(out + at) + 1;
    if (c == 0xd800)
        c = 0xe000; /* no character lies between */
    if (c > 0x10ffff)
        return false;
    uint32_t bytes = 0;
    char room[6];
    bson_utf8_from_unichar(c, room, &bytes);
    memcpy(out + at, room, bytes);
    out[at + bytes] = '\0';
    return true;
}

/* {field: word}, or {field: {$elemMatch: {$gte: word, $lt: what follows the prefix}}} */
static int append_word(bson_t *out, const char *field, const char *word, bool prefix)
{
    char behind[TEXT_BEHIND_MAX];
    bson_t match, range;
    if (!prefix)
        return BSON_APPEND_UTF8(out, field, word) ? 0 : E_INVALID;
    if (!text_behind_prefix(word, behind, sizeof(behind)))
        return E_INVALID;
    BSON_APPEND_DOCUMENT_BEGIN(out, field, &match);
    BSON_APPEND_DOCUMENT_BEGIN(&match, "$elemMatch", &range);
    BSON_APPEND_UTF8(&range, "$gte", word);
    BSON_APPEND_UTF8(&range, "$lt", behind);
    bson_append_document_end(&match, &range);
    bson_append_document_end(out, &match);
    return 0;
}

int filter_words(const struct table *t, const struct store_scan *scan, bson_t *out)
{
    bson_t all, one;
    int done = 0;
    if (t->words < 0 || scan->n_words == 0 || scan->n_words > 8)
        return E_INVALID;
    BSON_APPEND_ARRAY_BEGIN(out, "$and", &all);
    for (size_t i = 0; done == 0 && i < scan->n_words; i++) {
        const char name[2] = {(char)('0' + i), '\0'};
        bool prefix = scan->last_is_prefix && i + 1 == scan->n_words;
        BSON_APPEND_DOCUMENT_BEGIN(&all, name, &one);
        done = append_word(&one, t->c->fields[t->words].path, scan->words[i], prefix);
        bson_append_document_end(&all, &one);
    }
    bson_append_array_end(out, &all);
    return done;
}

/* --- order ------------------------------------------------------------------------------------ */

/* The least value of a type: a bound that only documents which have the key are above. */
static struct store_value least(enum store_type type)
{
    if (type == STORE_INT)
        return store_int(INT64_MIN);
    return type == STORE_TEXT ? store_text("") : store_id((struct id){{0}});
}

void filter_range(bson_t *out, const struct order *o, const struct store_value *low, bool low_open,
                  const struct store_value *high)
{
    bson_t bounds;
    struct store_value lowest = least(o->type);
    BSON_APPEND_DOCUMENT_BEGIN(out, o->key, &bounds);
    key_append_value(&bounds, low && low_open ? "$gt" : "$gte", low ? low : &lowest);
    if (high)
        key_append_value(&bounds, "$lt", high);
    bson_append_document_end(out, &bounds);
}

void filter_ids_behind(bson_t *out, const struct order *o, const struct id *id)
{
    bson_t bound;
    BSON_APPEND_DOCUMENT_BEGIN(out, "_id", &bound);
    blob_filter_id(&bound, o->descending ? "$lt" : "$gt", id);
    bson_append_document_end(out, &bound);
}

void filter_ties(bson_t *out, const struct order *o, const struct store_position *at)
{
    key_append_value(out, o->key, &at->key);
    filter_ids_behind(out, o, &at->id);
}

void filter_sort(bson_t *out, const struct order *o)
{
    int direction = o->descending ? -1 : 1;
    if (o->key[0])
        BSON_APPEND_INT32(out, o->key, direction);
    BSON_APPEND_INT32(out, "_id", direction);
}
