/* How a scan's path, range and position become a filter and a sort. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "store/mongo/engine.h"

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

/* {field: word}, or {field: /^word/}, of which servers make a range of the index. */
static int append_word(bson_t *out, const char *field, const char *word, bool prefix)
{
    char pattern[2 * TEXT_WORD_BYTES + 2] = "^";
    size_t n = 1;
    if (!prefix)
        return BSON_APPEND_UTF8(out, field, word) ? 0 : E_INVALID;
    for (; *word && n + 2 < sizeof(pattern); word++) {
        if ((unsigned char)*word < 0x80 && !isalnum((unsigned char)*word))
            pattern[n++] = '\\';
        pattern[n++] = *word;
    }
    pattern[n] = '\0';
    return !*word && BSON_APPEND_REGEX(out, field, pattern, "") ? 0 : E_INVALID;
}

const char *filter_words_path(const struct table *t, char out[FILTER_PATH_MAX])
{
    snprintf(out, FILTER_PATH_MAX, ENGINE_DOC ".%s", t->c->fields[t->words].path);
    return out;
}

int filter_words(const struct table *t, const struct store_scan *scan, bson_t *out)
{
    bson_t all, one;
    char path[FILTER_PATH_MAX];
    int done = 0;
    if (t->words < 0 || scan->n_words == 0 || scan->n_words > 8)
        return E_INVALID;
    BSON_APPEND_ARRAY_BEGIN(out, "$and", &all);
    for (size_t i = 0; done == 0 && i < scan->n_words; i++) {
        const char name[2] = {(char)('0' + i), '\0'};
        bool prefix = scan->last_is_prefix && i + 1 == scan->n_words;
        BSON_APPEND_DOCUMENT_BEGIN(&all, name, &one);
        done = append_word(&one, filter_words_path(t, path), scan->words[i], prefix);
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
    gridfs_filter_id(&bound, o->descending ? "$lt" : "$gt", id);
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
