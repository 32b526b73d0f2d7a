#include "tests/contract/fixture.h"

#include <stdlib.h>

#include "store/copy.h"
#include "store/lease.h"
#include "tests/support/faulty.h"

const struct engine *fixture_engine;

static const struct store_collection *const collections[] = {&things, &plain, &lease_collection,
                                                             &copy_collection};

int fixture_store(struct store_driver *inner, struct store **ret)
{
    const char *fault = NULL;
    int r = store_new(faulty_open(inner), collections, ARRAY_LEN(collections), &fault, ret);
    if (r != 0)
        print_error("store_new: %s\n", fault ? fault : result_words(r));
    return r;
}

int fixture_open(struct fixture *f)
{
    struct store_driver *inner;
    int r = f->ground.engine->open(&f->ground, collections, ARRAY_LEN(collections), &inner);
    if (r != 0)
        return r;
    r = fixture_store(inner, &f->store);
    if (r == 0)
        f->driver = store_driver_of(f->store);
    return r;
}

int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    if (!f)
        return -1;
    *state = f;
    arena_init(&f->arena);
    f->ground.engine = fixture_engine;
    int r = fixture_engine->prepare(&f->ground);
    return r != 0 ? r : fixture_open(f);
}

int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    store_free(f->store);
    fixture_engine->discard(&f->ground);
    arena_release(&f->arena);
    free(f);
    return 0;
}

void fixture_reopen(struct fixture *f)
{
    store_free(f->store);
    f->store = NULL;
    assert_int_equal(fixture_open(f), 0);
}

void fixture_insert(struct fixture *f, const struct thing *t)
{
    CLEANUP(bson_destroyp) bson_t *doc = thing_doc(t);
    struct store_insert_row row = {.doc = doc, .id = thing_id(t->n), .outcome = E_IO};
    assert_int_equal(f->driver->ops->insert(f->driver, &things, &row, 1), 0);
    assert_int_equal(row.outcome, 0);
}

int fixture_replace(struct fixture *f, const struct thing *t)
{
    CLEANUP(bson_destroyp) bson_t *doc = thing_doc(t);
    struct id id = thing_id(t->n);
    return f->driver->ops->replace(f->driver, &things, &id, t->version - 1, doc);
}

static const char *add_number(struct arena *a, const char *list, int n)
{
    return arena_printf(a, "%s%s%d", list, *list ? " " : "", n);
}

const char *fixture_scan(struct fixture *f, const struct store_scan *scan)
{
    const struct store_driver_ops *ops = f->driver->ops;
    struct store_session *session;
    struct store_cursor *cursor;
    assert_int_equal(ops->begin(f->driver, &session), 0);
    assert_int_equal(ops->scan(session, scan, &cursor), 0);
    const char *list = "";
    struct store_row row;
    int r;
    while ((r = ops->next(cursor, &row)) == 1)
        list = add_number(&f->arena, list, thing_number(&row.position.id));
    ops->end(session);
    assert_int_equal(r, 0);
    return list;
}

const char *fixture_page(struct fixture *f, const struct store_page *page)
{
    const char *list = "";
    for (size_t i = 0; i < page->n; i++) {
        bson_iter_t at;
        const uint8_t *bytes;
        uint32_t n;
        struct id id;
        assert_true(bson_iter_init_find(&at, page->docs[i], "_id"));
        bson_iter_binary(&at, NULL, &n, &bytes);
        assert_int_equal(n, sizeof(id.bytes));
        memcpy(id.bytes, bytes, n);
        list = add_number(&f->arena, list, thing_number(&id));
    }
    return list;
}
