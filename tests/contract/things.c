#include "tests/contract/things.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

static const struct store_field thing_fields[] = {
    {"state", "state", STORE_TEXT, false},
    {"agency", "head.agency", STORE_ID, false},
    {"due", "due", STORE_INT, false},
    {"amount", "amount", STORE_INT, false},
    {"category", "category", STORE_TEXT, false},
    {"name", "name", STORE_TEXT, false},
    {"tag", "tags", STORE_TEXT, true},
    {"watcher", "people.id", STORE_ID, true},
    {"year", "years", STORE_INT, true},
    {"words", "x.words", STORE_WORDS, false},
};

static const struct store_path thing_paths[] = {
    {"by_state", "equality and order", {"state"}, "due", {"category", "amount", "agency"}},
    {"by_agency_state", "two equalities", {"agency", "state"}, "due", {"amount"}},
    {"by_tag", "a multi-valued TEXT", {"tag"}, "due", {"category"}},
    {"by_watcher", "a multi-valued ID beside TEXT", {"watcher", "state"}, "due", {NULL}},
    {"by_year", "a multi-valued INT, no order", {"year"}, NULL, {NULL}},
    {"by_due", "INT order alone", {NULL}, "due", {"state", "amount"}},
    {"by_name", "TEXT order", {NULL}, "name", {NULL}},
    {"by_owner", "ID order", {NULL}, "agency", {NULL}},
    {"by_agency", "equality, ordered by id alone", {"agency"}, NULL, {"state"}},
};

const struct store_collection things = {
    .name = "things",
    .form = 3,
    .fields = thing_fields,
    .n_fields = ARRAY_LEN(thing_fields),
    .paths = thing_paths,
    .n_paths = ARRAY_LEN(thing_paths),
};

static const struct store_field plain_fields[] = {{"kind", "kind", STORE_TEXT, false}};
static const struct store_path plain_paths[] = {
    {"by_kind", "a collection without words", {"kind"}, NULL, {NULL}},
};

const struct store_collection plain = {
    .name = "plain",
    .form = 1,
    .fields = plain_fields,
    .n_fields = ARRAY_LEN(plain_fields),
    .paths = plain_paths,
    .n_paths = ARRAY_LEN(plain_paths),
};

struct id thing_id(int n)
{
    struct id id = {{0xa0}};
    for (int i = 0; i < 4; i++)
        id.bytes[15 - i] = (uint8_t)((unsigned)n >> (8 * i));
    return id;
}

int thing_number(const struct id *id)
{
    unsigned n = 0;
    for (int i = 12; i < 16; i++)
        n = n << 8 | id->bytes[i];
    return (int)n;
}

static void add_id(bson_t *doc, const char *key, const struct id *id)
{
    bson_append_binary(doc, key, -1, BSON_SUBTYPE_UUID, id->bytes, sizeof(id->bytes));
}

static void add_texts(bson_t *doc, const char *key, const char *const texts[THING_MULTI])
{
    if (!texts[0])
        return;
    bson_t array;
    bson_append_array_begin(doc, key, -1, &array);
    for (int i = 0; i < THING_MULTI && texts[i]; i++)
        bson_append_utf8(&array, (char[]){(char)('0' + i), '\0'}, 1, texts[i], -1);
    bson_append_array_end(doc, &array);
}

static void add_people(bson_t *doc, const int watchers[THING_MULTI])
{
    if (!watchers[0])
        return;
    bson_t array, person;
    bson_append_array_begin(doc, "people", -1, &array);
    for (int i = 0; i < THING_MULTI && watchers[i]; i++) {
        struct id id = thing_id(watchers[i]);
        bson_append_document_begin(&array, (char[]){(char)('0' + i), '\0'}, 1, &person);
        add_id(&person, "id", &id);
        bson_append_document_end(&array, &person);
    }
    bson_append_array_end(doc, &array);
}

static void add_years(bson_t *doc, const int64_t years[THING_MULTI])
{
    if (!years[0])
        return;
    bson_t array;
    bson_append_array_begin(doc, "years", -1, &array);
    for (int i = 0; i < THING_MULTI && years[i]; i++)
        bson_append_int64(&array, (char[]){(char)('0' + i), '\0'}, 1, years[i]);
    bson_append_array_end(doc, &array);
}

static void add_fields(bson_t *doc, const struct thing *t)
{
    if (t->null_state)
        BSON_APPEND_NULL(doc, "state");
    else if (t->state)
        BSON_APPEND_UTF8(doc, "state", t->state);
    if (t->agency) {
        bson_t head;
        BSON_APPEND_DOCUMENT_BEGIN(doc, "head", &head);
        add_id(&head, "agency", t->agency);
        bson_append_document_end(doc, &head);
    }
    if (t->due)
        BSON_APPEND_INT64(doc, "due", *t->due);
    if (t->amount)
        BSON_APPEND_INT64(doc, "amount", *t->amount);
    if (t->category)
        BSON_APPEND_UTF8(doc, "category", t->category);
    if (t->name)
        BSON_APPEND_UTF8(doc, "name", t->name);
    add_texts(doc, "tags", t->tags);
    add_people(doc, t->watchers);
    add_years(doc, t->years);
    if (t->words[0]) {
        bson_t x;
        BSON_APPEND_DOCUMENT_BEGIN(doc, "x", &x);
        add_texts(&x, "words", t->words);
        bson_append_document_end(doc, &x);
    }
    if (t->revision)
        BSON_APPEND_INT64(doc, "revision", t->revision);
}

bson_t *thing_body(const struct thing *t)
{
    bson_t *doc = bson_new();
    add_fields(doc, t);
    return doc;
}

bson_t *thing_doc(const struct thing *t)
{
    struct id id = thing_id(t->n);
    bson_t *doc = bson_new();
    add_id(doc, "_id", &id);
    BSON_APPEND_INT32(doc, "form", things.form);
    BSON_APPEND_INT64(doc, "version", t->version);
    BSON_APPEND_INT64(doc, "arrival", t->arrival);
    bson_t writes;
    BSON_APPEND_ARRAY_BEGIN(doc, "writes", &writes);
    bson_append_array_end(doc, &writes);
    add_fields(doc, t);
    return doc;
}

int64_t doc_int(const bson_t *doc, const char *path)
{
    bson_iter_t at, found;
    return bson_iter_init(&at, doc) && bson_iter_find_descendant(&at, path, &found)
               ? bson_iter_as_int64(&found)
               : -1;
}
