/*
 * What the tests of this engine share: a database of its own on the server of MONGODB_URL, which is
 * dropped afterwards, one collection with times and switches among its fields, and mongoc beside
 * the engine, to see what lies there. Included once by each test program.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/mongo/engine.h"

struct base {
    char name[40]; /* of the database */
    char url[2048];
    mongoc_client_t *client; /* beside the engine */
    struct store_driver *driver;
};

static const struct store_field note_fields[] = {
    {.name = "open", .path = "open", .type = STORE_INT},
    {.name = "at", .path = "at", .type = STORE_INT},
    {.name = "tag", .path = "tags", .type = STORE_TEXT, .multi = true},
    {.name = "owner", .path = "head.owner", .type = STORE_ID},
    {.name = "words", .path = "x.words", .type = STORE_WORDS},
};
static const struct store_path note_paths[] = {
    {.name = "open", .why = "a test", .equals = {"open"}, .order = "at", .covers = {"owner"}},
    {.name = "tag", .why = "a test", .equals = {"tag"}},
};
/* Three of the five fields are named by a path. */
static const struct store_collection notes = {.name = "note",
                                              .form = 1,
                                              .fields = note_fields,
                                              .n_fields = ARRAY_LEN(note_fields),
                                              .paths = note_paths,
                                              .n_paths = ARRAY_LEN(note_paths)};

static inline struct id id_of(int n)
{
    struct id id = {{0xb0, [14] = (uint8_t)(n >> 8), [15] = (uint8_t)n}};
    return id;
}

/* Note n: open if odd, at n, tags "all" and "odd" or "even", owner n % 4, one word. */
static inline bson_t *note_new(int n, int64_t version)
{
    struct id id = id_of(n), owner = id_of(n % 4);
    bson_t *doc = bson_new(), part, list;
    BSON_APPEND_BINARY(doc, "_id", BSON_SUBTYPE_UUID, id.bytes, 16);
    BSON_APPEND_INT32(doc, "form", 1);
    BSON_APPEND_INT64(doc, "version", version);
    BSON_APPEND_INT64(doc, "arrival", n + 1);
    BSON_APPEND_BOOL(doc, "open", n % 2 == 1);
    BSON_APPEND_DATE_TIME(doc, "at", n);
    BSON_APPEND_ARRAY_BEGIN(doc, "tags", &list);
    BSON_APPEND_UTF8(&list, "0", "all");
    BSON_APPEND_UTF8(&list, "1", n % 2 ? "odd" : "even");
    bson_append_array_end(doc, &list);
    BSON_APPEND_DOCUMENT_BEGIN(doc, "head", &part);
    BSON_APPEND_BINARY(&part, "owner", BSON_SUBTYPE_BINARY, owner.bytes, 16);
    bson_append_document_end(doc, &part);
    BSON_APPEND_DOCUMENT_BEGIN(doc, "x", &part);
    BSON_APPEND_ARRAY_BEGIN(&part, "words", &list);
    BSON_APPEND_UTF8(&list, "0", n % 2 ? "hoa" : "binh");
    bson_append_array_end(&part, &list);
    bson_append_document_end(doc, &part);
    return doc;
}

static inline int insert_note(struct store_driver *d, const struct store_collection *c, int n)
{
    CLEANUP(doc_destroyp) bson_t *doc = note_new(n, 1);
    struct store_insert_row row = {.doc = doc, .id = id_of(n)};
    int done = d->ops->insert(d, c, &row, 1);
    return done < 0 ? done : row.outcome;
}

static inline int open_as(const struct base *b, const struct store_collection *c,
                          struct store_driver **ret)
{
    struct mongo_options o = {.url = b->url, .database = b->name, .grace_ms = 1};
    return mongo_open(&o, &c, 1, ret);
}

static int base_setup(void **state)
{
    struct base *b = calloc(1, sizeof(*b));
    char text[ID_TEXT];
    struct id id = id_v4();
    *state = b;
    snprintf(b->url, sizeof(b->url), "%s", getenv("MONGODB_URL") ? getenv("MONGODB_URL") : "");
    snprintf(b->name, sizeof(b->name), "tram_test_%.8s", id_format(&id, text));
    if (open_as(b, &notes, &b->driver) != 0)
        return -1;
    b->client = mongoc_client_new(b->url);
    return b->client ? 0 : -1;
}

static int base_teardown(void **state)
{
    struct base *b = *state;
    if (b->client) {
        mongoc_database_t *database = mongoc_client_get_database(b->client, b->name);
        mongoc_database_drop(database, NULL);
        mongoc_database_destroy(database);
        mongoc_client_destroy(b->client);
    }
    if (b->driver)
        b->driver->ops->close(b->driver);
    free(b);
    return 0;
}

#define BASE_TEST(fn) cmocka_unit_test_setup_teardown(fn, base_setup, base_teardown)

/* --- beside the engine ------------------------------------------------------------------------ */

static inline int64_t count_rows(const struct base *b, const char *collection, const bson_t *filter)
{
    bson_t all = BSON_INITIALIZER;
    mongoc_collection_t *c = mongoc_client_get_collection(b->client, b->name, collection);
    int64_t n =
        mongoc_collection_count_documents(c, filter ? filter : &all, NULL, NULL, NULL, NULL);
    mongoc_collection_destroy(c);
    return n;
}

static inline void set_fields(const struct base *b, const char *collection, const bson_t *filter,
                              const bson_t *set)
{
    CLEANUP(bson_destroy) bson_t update = BSON_INITIALIZER;
    mongoc_collection_t *c = mongoc_client_get_collection(b->client, b->name, collection);
    BSON_APPEND_DOCUMENT(&update, "$set", set);
    assert_true(mongoc_collection_update_many(c, filter, &update, NULL, NULL, NULL));
    mongoc_collection_destroy(c);
}

static inline void insert_row(const struct base *b, const char *collection, const bson_t *row)
{
    mongoc_collection_t *c = mongoc_client_get_collection(b->client, b->name, collection);
    assert_true(mongoc_collection_insert_one(c, row, NULL, NULL, NULL));
    mongoc_collection_destroy(c);
}

/* The numbers of the notes that a scan finds, as "1 3 5 "; or its failure. */
static inline int scan_text(struct store_driver *d, const struct store_scan *scan, char *out,
                            size_t room)
{
    struct store_session *session;
    struct store_cursor *cursor;
    struct store_row row;
    size_t n = 0;
    out[0] = '\0';
    int done = d->ops->begin(d, &session);
    if (done != 0)
        return done;
    done = d->ops->scan(session, scan, &cursor);
    if (done == 0) {
        while ((done = d->ops->next(cursor, &row)) == 1)
            n += (size_t)snprintf(out + n, n < room ? room - n : 0, "%d ",
                                  row.position.id.bytes[14] << 8 | row.position.id.bytes[15]);
    }
    d->ops->end(session);
    return done;
}
