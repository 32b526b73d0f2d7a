/*
 * What the tests of this engine share: a folder that is removed afterwards, one collection with
 * every kind of path, and its documents. Included once by each test program.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/result.h"
#include "store/sqlite/engine.h"
#include "store/store.h"

static const struct store_field report_fields[] = {
    {.name = "agency", .path = "head.agency", .type = STORE_ID},
    {.name = "state", .path = "head.state", .type = STORE_TEXT},
    {.name = "due", .path = "x.due", .type = STORE_INT},
    {.name = "tag", .path = "x.tags", .type = STORE_TEXT, .multi = true},
    {.name = "words", .path = "x.words", .type = STORE_WORDS},
};

static const struct store_path report_paths[] = {
    {.name = "queue",
     .why = "an agency's work",
     .equals = {"agency", "state"},
     .order = "due",
     .covers = {"due", "state"}},
    {.name = "due", .why = "the dispatcher", .order = "due", .covers = {"state"}},
    {.name = "tagged",
     .why = "a tag's page",
     .equals = {"tag"},
     .order = "due",
     .covers = {"agency"}},
    {.name = "agency", .why = "an export", .equals = {"agency"}},
};

static const struct store_collection reports = {
    .name = "report",
    .form = 3,
    .fields = report_fields,
    .n_fields = ARRAY_LEN(report_fields),
    .paths = report_paths,
    .n_paths = ARRAY_LEN(report_paths),
};

enum report_path { QUEUE, DUE, TAGGED, AGENCY };

struct folder {
    char path[64];
};

static int folder_setup(void **state)
{
    struct folder *f = calloc(1, sizeof(*f));
    const char *base = getenv("TMPDIR");
    snprintf(f->path, sizeof(f->path), "%s/tram-sqlite-XXXXXX", base ? base : "/tmp");
    *state = f;
    return mkdtemp(f->path) ? 0 : -1;
}

static int folder_remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static int folder_teardown(void **state)
{
    struct folder *f = *state;
    nftw(f->path, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

#define FOLDER_TEST(fn) cmocka_unit_test_setup_teardown(fn, folder_setup, folder_teardown)

static inline struct id id_of(uint32_t n)
{
    struct id id = {{0}};
    id.bytes[0] = (uint8_t)(n * 37); /* spread over the blob folders */
    for (int i = 0; i < 4; i++)
        id.bytes[12 + i] = (uint8_t)(n >> (24 - 8 * i));
    return id;
}

/* Report n: agency n % 4, state open or done, due n, tags odd/even and all, words. */
static inline bson_t *report_new(uint32_t n, int64_t version, int64_t arrival)
{
    struct id id = id_of(n), agency = id_of(n % 4);
    bson_t *doc = bson_new(), part, list;
    BSON_APPEND_BINARY(doc, "_id", BSON_SUBTYPE_UUID, id.bytes, 16);
    BSON_APPEND_INT32(doc, "form", 3);
    BSON_APPEND_INT64(doc, "version", version);
    BSON_APPEND_INT64(doc, "arrival", arrival);
    BSON_APPEND_DOCUMENT_BEGIN(doc, "head", &part);
    BSON_APPEND_BINARY(&part, "agency", BSON_SUBTYPE_UUID, agency.bytes, 16);
    BSON_APPEND_UTF8(&part, "state", n % 8 < 4 ? "open" : "done");
    bson_append_document_end(doc, &part);
    BSON_APPEND_DOCUMENT_BEGIN(doc, "x", &part);
    BSON_APPEND_INT64(&part, "due", n);
    BSON_APPEND_ARRAY_BEGIN(&part, "tags", &list);
    BSON_APPEND_UTF8(&list, "0", "all");
    BSON_APPEND_UTF8(&list, "1", n % 2 ? "odd" : "even");
    bson_append_array_end(&part, &list);
    BSON_APPEND_ARRAY_BEGIN(&part, "words", &list);
    BSON_APPEND_UTF8(&list, "0", "duong");
    BSON_APPEND_UTF8(&list, "1", n % 2 ? "hoa" : "binh");
    bson_append_array_end(&part, &list);
    bson_append_document_end(doc, &part);
    return doc;
}

static inline int open_as(const struct folder *f, const struct store_collection *c,
                          struct store_driver **ret)
{
    struct sqlite_options o = {.folder = f->path, .readers = 2, .log_pages = 1000};
    return sqlite_open(&o, &c, 1, ret);
}

static inline struct store_driver *open_reports(const struct folder *f)
{
    struct store_driver *d = NULL;
    assert_int_equal(open_as(f, &reports, &d), 0);
    return d;
}

/* The outcome of inserting report n; arrival n + 1. */
static inline int insert_report(struct store_driver *d, const struct store_collection *c,
                                uint32_t n)
{
    CLEANUP(bson_destroyp) bson_t *doc = report_new(n, 1, (int64_t)n + 1);
    struct store_insert_row row = {.doc = doc, .id = id_of(n)};
    int done = d->ops->insert(d, c, &row, 1);
    return done < 0 ? done : row.outcome;
}

static inline void insert_reports(struct store_driver *d, uint32_t from, uint32_t to)
{
    for (uint32_t n = from; n < to; n++)
        assert_int_equal(insert_report(d, &reports, n), 0);
}

static inline int get_report(struct store_driver *d, const struct store_collection *c, uint32_t n)
{
    struct id id = id_of(n);
    bson_t *doc = NULL;
    int done = d->ops->get(d, c, &id, &doc);
    if (doc)
        bson_destroy(doc);
    return done;
}

/* The rows of a scan in their order, by due; returns how many there are. */
static inline size_t scan_reports(struct store_driver *d, const struct store_scan *scan,
                                  uint32_t *ret_n, size_t max)
{
    struct store_session *s = NULL;
    struct store_cursor *k = NULL;
    struct store_row row;
    size_t n = 0;
    int got = 0;
    assert_int_equal(d->ops->begin(d, &s), 0);
    assert_int_equal(d->ops->scan(s, scan, &k), 0);
    while ((got = d->ops->next(k, &row)) == 1 && n < max) {
        const uint8_t *tail = row.position.id.bytes + 12;
        ret_n[n++] =
            (uint32_t)tail[0] << 24 | (uint32_t)tail[1] << 16 | (uint32_t)tail[2] << 8 | tail[3];
    }
    assert_true(got >= 0);
    d->ops->end(s);
    return n;
}
