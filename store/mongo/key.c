/* `key`, which a document is found by, and the indexes over it. */
#include <stdlib.h>
#include <string.h>

#include "store/mongo/engine.h"

#define TEXT_MAX (64 * 1024)

/* --- what is in the key ----------------------------------------------------------------------- */

static bool names(const char *const *list, size_t max, const char *name)
{
    for (size_t i = 0; i < max && list[i]; i++) {
        if (strcmp(list[i], name) == 0)
            return true;
    }
    return false;
}

static bool path_names(const struct store_path *p, const char *field)
{
    return names(p->equals, STORE_EQUALS_MAX, field) ||
           (p->order && strcmp(p->order, field) == 0) || names(p->covers, STORE_COVERS_MAX, field);
}

static bool is_key(const struct store_collection *c, const char *field)
{
    for (size_t i = 0; i < c->n_paths; i++) {
        if (path_names(&c->paths[i], field))
            return true;
    }
    return false;
}

static void add_field_text(struct buf *text, const struct store_field *f)
{
    static const char *const types[] = {
        [STORE_INT] = "int", [STORE_TEXT] = "text", [STORE_ID] = "id", [STORE_WORDS] = "words"};
    buf_printf(text, "%s=%s:%s%s;", f->name, f->path, types[f->type], f->multi ? "*" : "");
}

static void add_index_text(struct buf *text, const struct table *t, size_t i)
{
    char name[ENGINE_KEY_PATH];
    CLEANUP(bson_destroy) bson_t keys = BSON_INITIALIZER;
    if (!table_index(t, i, name, &keys))
        return;
    buf_printf(text, "%s(", name);
    bson_iter_t it;
    for (bson_iter_init(&it, &keys); bson_iter_next(&it);)
        buf_printf(text, "%s,", bson_iter_key(&it));
    buf_add_str(text, ");");
}

int table_make(struct table *t, const struct store_collection *c)
{
    *t = (struct table){.c = c, .words = store_words_index(c)};
    struct buf text;
    buf_init(&text, TEXT_MAX);
    buf_printf(&text, "%d;", ENGINE_FORM);
    for (size_t i = 0; i < c->n_fields; i++) {
        if (c->fields[i].type == STORE_WORDS || !is_key(c, c->fields[i].name))
            continue;
        t->keys[t->n_keys++] = (int)i;
        add_field_text(&text, &c->fields[i]);
    }
    t->key_text = text.failed ? NULL : strdup(text.data);
    for (size_t i = 0; i < c->n_paths + 2; i++)
        add_index_text(&text, t, i);
    t->text = buf_steal(&text);
    buf_release(&text);
    return t->key_text && t->text ? 0 : E_NOMEM;
}

void table_drop(struct table *t)
{
    free(t->key_text);
    free(t->text);
}

/* --- the key of a document -------------------------------------------------------------------- */

char *key_path(const struct store_collection *c, int field, char *out)
{
    snprintf(out, ENGINE_KEY_PATH, ENGINE_KEY ".%s", c->fields[field].name);
    return out;
}

void key_append_value(bson_t *out, const char *key, const struct store_value *v)
{
    char spelt[KEY_TEXT_MAX];
    if (v->type == STORE_INT)
        BSON_APPEND_INT64(out, key, v->number);
    else if (v->type == STORE_TEXT)
        BSON_APPEND_UTF8(out, key,
                         key_text_plain(v->text) ? v->text : key_text_spell(v->text, spelt));
    else
        BSON_APPEND_BINARY(out, key, BSON_SUBTYPE_UUID, v->id.bytes, sizeof(v->id.bytes));
}

struct store_value key_value(const bson_iter_t *it, enum store_type type)
{
    struct store_value v = {.type = type};
    uint32_t n = 0;
    const uint8_t *bytes = NULL;
    if (type == STORE_INT && (BSON_ITER_HOLDS_INT(it) || BSON_ITER_HOLDS_DOUBLE(it))) {
        v.number = bson_iter_as_int64(it);
        return v;
    }
    if (type == STORE_TEXT && BSON_ITER_HOLDS_UTF8(it)) {
        v.text = bson_iter_utf8(it, NULL);
        return v;
    }
    if (type == STORE_ID && BSON_ITER_HOLDS_BINARY(it)) {
        bson_iter_binary(it, NULL, &n, &bytes);
        if (n == sizeof(v.id.bytes)) {
            memcpy(v.id.bytes, bytes, n);
            return v;
        }
    }
    return (struct store_value){0};
}

static void append_values(bson_t *out, const char *name, const struct store_value *values, int n)
{
    bson_t list;
    BSON_APPEND_ARRAY_BEGIN(out, name, &list);
    for (int i = 0; i < n; i++)
        key_append_value(&list, (char[]){(char)('0' + i), '\0'}, &values[i]);
    bson_append_array_end(out, &list);
}

int key_append(const struct table *t, const bson_t *doc, bson_t *out)
{
    bson_t key;
    int n = 0;
    BSON_APPEND_DOCUMENT_BEGIN(out, ENGINE_KEY, &key);
    for (size_t i = 0; n >= 0 && i < t->n_keys; i++) {
        const struct store_field *f = &t->c->fields[t->keys[i]];
        struct store_value values[STORE_MULTI_MAX];
        n = store_extract(f, doc, values);
        if (n > 0 && f->multi)
            append_values(&key, f->name, values, n);
        else if (n > 0)
            key_append_value(&key, f->name, &values[0]);
    }
    bson_append_document_end(out, &key);
    return n < 0 ? n : 0;
}

int key_wrap(const struct table *t, const bson_t *doc, bson_t *out)
{
    bson_iter_t id, version;
    if (!bson_iter_init_find(&id, doc, "_id") || !bson_iter_init_find(&version, doc, "version"))
        return E_INVALID;
    bson_append_iter(out, "_id", -1, &id);
    BSON_APPEND_INT64(out, "version", bson_iter_as_int64(&version));
    int done = key_append(t, doc, out);
    if (done == 0 && !BSON_APPEND_DOCUMENT(out, ENGINE_DOC, doc))
        done = E_FULL;
    return done;
}

bool key_unwrap(const bson_t *stored, bson_t *ret)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, stored, ENGINE_DOC) && call_row(&it, ret);
}

/* --- indexes ---------------------------------------------------------------------------------- */

static void add_key(bson_t *keys, const char *name)
{
    if (!bson_has_field(keys, name))
        BSON_APPEND_INT32(keys, name, 1);
}

static void add_field_key(bson_t *keys, const struct store_collection *c, const char *field)
{
    char path[ENGINE_KEY_PATH];
    bson_iter_t it;
    key_path(c, store_field_index(c, field), path);
    if (!bson_iter_init_find(&it, keys, path)) /* not bson_has_field: the dot is in the name */
        BSON_APPEND_INT32(keys, path, 1);
}

static void path_keys(const struct store_collection *c, const struct store_path *p, bson_t *keys)
{
    for (size_t i = 0; i < STORE_EQUALS_MAX && p->equals[i]; i++)
        add_field_key(keys, c, p->equals[i]);
    if (p->order)
        add_field_key(keys, c, p->order);
    add_key(keys, "_id");
    for (size_t i = 0; i < STORE_COVERS_MAX && p->covers[i]; i++)
        add_field_key(keys, c, p->covers[i]);
}

bool table_index(const struct table *t, size_t i, char name[ENGINE_KEY_PATH], bson_t *keys)
{
    const struct store_collection *c = t->c;
    char path[FILTER_PATH_MAX];
    bool words = t->words >= 0 && i >= c->n_paths;
    if (i < c->n_paths) {
        snprintf(name, ENGINE_KEY_PATH, "path_%s", c->paths[i].name);
        path_keys(c, &c->paths[i], keys);
    } else if (words && i == c->n_paths) {
        snprintf(name, ENGINE_KEY_PATH, FILTER_INDEX_WORDS);
        BSON_APPEND_INT32(keys, filter_words_path(t, path), 1);
        BSON_APPEND_INT32(keys, FILTER_ARRIVAL, 1);
        BSON_APPEND_INT32(keys, "_id", 1);
    } else if (words && i == c->n_paths + 1) {
        snprintf(name, ENGINE_KEY_PATH, FILTER_INDEX_ARRIVAL);
        BSON_APPEND_INT32(keys, FILTER_ARRIVAL, 1);
        BSON_APPEND_INT32(keys, "_id", 1);
    } else {
        return false;
    }
    return true;
}
