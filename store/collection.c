/* Declarations, and the values that they name in a document. */
#include "store/collection.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "base/text.h"

int store_value_compare(const struct store_value *a, const struct store_value *b)
{
    switch (a->type) {
    case STORE_INT:
        return (a->number > b->number) - (a->number < b->number);
    case STORE_TEXT:
        return strcmp(a->text, b->text);
    default:
        return id_compare(&a->id, &b->id);
    }
}

/* --- declarations ----------------------------------------------------------------------------- */

static bool name_sound(const char *name)
{
    if (!name || name[0] < 'a' || name[0] > 'z')
        return false;
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return name[n] == '\0' && n <= 40;
}

bool store_field_reserved(const char *name)
{
    static const char *const names[] = {"_id", "form", "version", "arrival", "writes"};
    size_t n = strcspn(name, ".");
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strncmp(name, names[i], n) == 0 && names[i][n] == '\0')
            return true;
    }
    return false;
}

/* Steps of letters, digits and '_' between dots. A number would mean an element of an array. */
static bool steps_sound(const char *path)
{
    for (const char *step = path;; step++) {
        if (*step >= '0' && *step <= '9')
            return false;
        size_t n = strspn(step, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        if (n == 0)
            return false;
        step += n;
        if (*step != '.')
            return *step == '\0';
    }
}

static const char *field_fault(const struct store_collection *c, size_t i)
{
    const struct store_field *f = &c->fields[i];
    if (!name_sound(f->name))
        return "a field's name is not [a-z][a-z0-9_]*";
    if (!f->path || !f->path[0] || strlen(f->path) > 200)
        return "a field has no path, or a very long one";
    if (!steps_sound(f->path))
        return "a field's path is not names with dots between them";
    if (store_field_reserved(f->path))
        return "a field's path is a reserved field";
    if (f->type < STORE_INT || f->type > STORE_WORDS)
        return "a field has no type";
    if (f->type == STORE_WORDS && f->multi)
        return "a WORDS field is not multi-valued";
    for (size_t j = 0; j < i; j++) {
        if (strcmp(c->fields[j].name, f->name) == 0)
            return "two fields of one name";
        if (c->fields[j].type == STORE_WORDS && f->type == STORE_WORDS)
            return "two WORDS fields";
    }
    return NULL;
}

static const char *single_fault(const struct store_collection *c, const char *name)
{
    int i = store_field_index(c, name);
    if (i < 0)
        return "a path names an unknown field";
    if (c->fields[i].multi || c->fields[i].type == STORE_WORDS)
        return "a path orders by or covers a field of several values";
    return NULL;
}

static const char *equals_fault(const struct store_collection *c, const struct store_path *p)
{
    int multi = 0;
    for (size_t i = 0; i < STORE_EQUALS_MAX && p->equals[i]; i++) {
        int f = store_field_index(c, p->equals[i]);
        if (f < 0)
            return "a path names an unknown field";
        if (c->fields[f].type == STORE_WORDS)
            return "a WORDS field has a path of its own";
        multi += c->fields[f].multi;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(p->equals[j], p->equals[i]) == 0)
                return "a path names a field twice";
        }
        if (p->order && strcmp(p->order, p->equals[i]) == 0)
            return "a path orders by a field that it holds equal";
    }
    return multi > 1 ? "a path has two multi-valued fields" : NULL;
}

static const char *path_fault(const struct store_collection *c, size_t i)
{
    const struct store_path *p = &c->paths[i];
    if (!name_sound(p->name))
        return "a path's name is not [a-z][a-z0-9_]*";
    if (!p->why || !p->why[0])
        return "a path does not say which screen needs it";
    for (size_t j = 0; j < i; j++) {
        if (strcmp(c->paths[j].name, p->name) == 0)
            return "two paths of one name";
    }
    if (p->equals[STORE_EQUALS_MAX] || p->covers[STORE_COVERS_MAX])
        return "a path names too many fields";
    const char *fault = equals_fault(c, p);
    if (!fault && p->order)
        fault = single_fault(c, p->order);
    for (size_t j = 0; !fault && p->covers[j]; j++) {
        fault = single_fault(c, p->covers[j]);
        for (size_t k = 0; !fault && k < j; k++) {
            if (strcmp(p->covers[k], p->covers[j]) == 0)
                fault = "a path covers a field twice";
        }
    }
    if (!fault && !p->order && !p->equals[0])
        fault = "a path that says nothing: every collection is scanned by _id anyway";
    return fault;
}

const char *store_collection_fault(const struct store_collection *c)
{
    if (!name_sound(c->name))
        return "a collection's name is not [a-z][a-z0-9_]*";
    if (c->form < 1)
        return "a collection's form is at least 1";
    if (c->n_fields > STORE_FIELDS_MAX || c->n_paths > STORE_PATHS_MAX)
        return "too many fields or paths";
    const char *fault = NULL;
    for (size_t i = 0; !fault && i < c->n_fields; i++)
        fault = field_fault(c, i);
    for (size_t i = 0; !fault && i < c->n_paths; i++)
        fault = path_fault(c, i);
    return fault;
}

int store_field_index(const struct store_collection *c, const char *name)
{
    for (size_t i = 0; i < c->n_fields; i++) {
        if (strcmp(c->fields[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

int store_path_index(const struct store_collection *c, const char *name)
{
    for (size_t i = 0; i < c->n_paths; i++) {
        if (strcmp(c->paths[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

int store_words_index(const struct store_collection *c)
{
    for (size_t i = 0; i < c->n_fields; i++) {
        if (c->fields[i].type == STORE_WORDS)
            return (int)i;
    }
    return -1;
}

/* --- values ----------------------------------------------------------------------------------- */

/* One BSON value as a declared type: 1 taken, 0 null, E_INVALID. */
static int take_value(enum store_type type, const bson_iter_t *it, struct store_value *ret)
{
    bson_type_t bson = bson_iter_type(it);
    if (bson == BSON_TYPE_NULL || bson == BSON_TYPE_UNDEFINED)
        return 0;
    *ret = (struct store_value){.type = type};
    switch (type) {
    case STORE_INT:
        if (bson == BSON_TYPE_DATE_TIME)
            ret->number = bson_iter_date_time(it);
        else if (bson == BSON_TYPE_BOOL)
            ret->number = bson_iter_bool(it);
        else if (bson == BSON_TYPE_INT32 || bson == BSON_TYPE_INT64)
            ret->number = bson_iter_as_int64(it);
        else
            return E_INVALID;
        return 1;
    case STORE_TEXT: {
        uint32_t n = 0;
        if (bson != BSON_TYPE_UTF8)
            return E_INVALID;
        ret->text = bson_iter_utf8(it, &n);
        return n <= STORE_TEXT_MAX && text_valid(ret->text, n) ? 1 : E_INVALID;
    }
    default: {
        uint32_t n = 0;
        const uint8_t *bytes = NULL;
        if (bson != BSON_TYPE_BINARY)
            return E_INVALID;
        bson_iter_binary(it, NULL, &n, &bytes);
        if (n != sizeof(ret->id.bytes))
            return E_INVALID;
        memcpy(ret->id.bytes, bytes, n);
        return 1;
    }
    }
}

struct taking {
    const struct store_field *field;
    struct store_value *values;
    int n;
};

static int keep_distinct(struct taking *t, const struct store_value *v)
{
    for (int i = 0; i < t->n; i++) {
        if (store_value_compare(&t->values[i], v) == 0)
            return 0;
    }
    if (t->n == (t->field->multi ? STORE_MULTI_MAX : 1))
        return E_INVALID;
    t->values[t->n++] = *v;
    return 0;
}

static int take_element(struct taking *t, const bson_iter_t *it)
{
    struct store_value v;
    int done = take_value(t->field->type, it, &v);
    return done > 0 ? keep_distinct(t, &v) : done;
}

static int walk(struct taking *t, const bson_iter_t *it, const char *rest);

/* Each element of an array: the value itself, or a document that the rest of the path goes into. */
static int walk_array(struct taking *t, const bson_iter_t *array, const char *rest)
{
    bson_iter_t it;
    if (!bson_iter_recurse(array, &it))
        return E_INVALID;
    int done = 0;
    while (done == 0 && bson_iter_next(&it)) {
        if (rest)
            done = BSON_ITER_HOLDS_DOCUMENT(&it) ? walk(t, &it, rest) : E_INVALID;
        else
            done = take_element(t, &it);
    }
    return done;
}

/* `it` stands on a document; `rest` is the path below it. */
static int walk_document(struct taking *t, bson_iter_t *inside, const char *rest)
{
    const char *dot = strchr(rest, '.');
    size_t n = dot ? (size_t)(dot - rest) : strlen(rest);
    while (bson_iter_next(inside)) {
        const char *key = bson_iter_key(inside);
        if (strncmp(key, rest, n) != 0 || key[n] != '\0')
            continue;
        const char *below = dot ? dot + 1 : NULL;
        if (BSON_ITER_HOLDS_ARRAY(inside))
            return walk_array(t, inside, below);
        if (!below)
            return take_element(t, inside);
        return BSON_ITER_HOLDS_DOCUMENT(inside) ? walk(t, inside, below) : 0;
    }
    return 0;
}

static int walk(struct taking *t, const bson_iter_t *it, const char *rest)
{
    bson_iter_t inside;
    return bson_iter_recurse(it, &inside) ? walk_document(t, &inside, rest) : E_INVALID;
}

int store_extract(const struct store_field *f, const bson_t *doc,
                  struct store_value ret_values[STORE_MULTI_MAX])
{
    struct taking t = {f, ret_values, 0};
    bson_iter_t it;
    if (!bson_iter_init(&it, doc))
        return E_INVALID;
    int done = walk_document(&t, &it, f->path);
    return done < 0 ? done : t.n;
}

int store_extract_words(const struct store_field *f, const bson_t *doc,
                        void (*fn)(const char *word, void *ctx), void *ctx)
{
    bson_iter_t root, it, words;
    if (!bson_iter_init(&root, doc))
        return E_INVALID;
    if (!bson_iter_find_descendant(&root, f->path, &it) || BSON_ITER_HOLDS_NULL(&it))
        return 0;
    if (!BSON_ITER_HOLDS_ARRAY(&it) || !bson_iter_recurse(&it, &words))
        return E_INVALID;
    int n = 0;
    while (bson_iter_next(&words)) {
        uint32_t bytes = 0;
        if (!BSON_ITER_HOLDS_UTF8(&words) || n == TEXT_WORDS_MAX)
            return E_INVALID;
        const char *word = bson_iter_utf8(&words, &bytes);
        if (bytes == 0 || bytes > TEXT_WORD_BYTES || strpbrk(word, " \"*\t\n"))
            return E_INVALID;
        fn(word, ctx);
        n++;
    }
    return n;
}
