#include "tests/contract/copy_ground.h"

#include <sodium.h>
#include <string.h>

#include "tests/support/model.h"

struct other other_new(void)
{
    struct other o = {.disk = model_disk_new()};
    assert_int_equal(fixture_store(model_open(o.disk), &o.store), 0);
    return o;
}

void other_free(struct other *o)
{
    store_free(o->store);
    model_disk_free(o->disk);
}

/* --- what is moved ---------------------------------------------------------------------------- */

int copy_insert(struct store *s, const struct thing *t)
{
    struct store_driver *d = store_driver_of(s);
    CLEANUP(bson_destroyp) bson_t *doc = thing_doc(t);
    struct store_insert_row row = {.doc = doc, .id = thing_id(t->n), .outcome = E_IO};
    int r = d->ops->insert(d, &things, &row, 1);
    return r != 0 ? r : row.outcome;
}

/* Every kind of field; now and then two documents of one arrival, as several writers make them. */
void copy_add_documents(struct store *s, int n)
{
    struct store_driver *d = store_driver_of(s);
    for (int i = 1; i <= n; i++) {
        struct id agency = thing_id(i % 3);
        struct thing t = {.n = i * 7 % 1009,
                          .version = i,
                          .arrival = 1000 + i / 2,
                          .state = i % 2 ? "open" : "closed",
                          .agency = &agency,
                          .due = NUM(i),
                          .name = i % 5 ? "đường" : NULL,
                          .tags = {"a", i % 4 ? "b" : NULL},
                          .watchers = {1 + i % 9},
                          .years = {2020 + i % 7},
                          .words = {"duong", i % 3 ? "hoa" : NULL}};
        assert_int_equal(copy_insert(s, &t), 0);
    }
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    struct id id = thing_id(1);
    BSON_APPEND_BINARY(doc, "_id", BSON_SUBTYPE_UUID, id.bytes, 16);
    BSON_APPEND_INT32(doc, "form", 1);
    BSON_APPEND_INT64(doc, "version", 1);
    struct store_insert_row row = {.doc = doc, .id = id, .outcome = E_IO};
    assert_int_equal(d->ops->insert(d, &plain, &row, 1), 0);
}

uint8_t *copy_bytes(struct arena *a, uint8_t kind, size_t n)
{
    uint8_t *bytes = arena_alloc(a, n);
    uint8_t seed[randombytes_SEEDBYTES] = {kind};
    randombytes_buf_deterministic(bytes, n, seed);
    return bytes;
}

void copy_add_blob(struct store *s, struct arena *a, int n, size_t size, bool finished)
{
    struct store_driver *d = store_driver_of(s);
    struct id id = thing_id(n);
    struct store_blob_info info;
    int64_t at = 0;
    const uint8_t *bytes = copy_bytes(a, (uint8_t)n, size);
    assert_int_equal(d->ops->blob_create(d, &id), 0);
    while ((size_t)at < size) {
        size_t left = size - (size_t)at, part = left < 1 << 20 ? left : 1 << 20;
        assert_int_equal(d->ops->blob_append(d, &id, at, bytes + at, part, &at), 0);
    }
    if (finished)
        assert_int_equal(d->ops->blob_finish(d, &id, &info), 0);
}

void copy_add_counter(struct store *s, const char *name, int64_t value)
{
    int64_t now;
    assert_int_equal(store_bump(s, name, value, &now), 0);
}

void copy_fill(struct store *s, struct arena *a)
{
    copy_add_documents(s, COPY_MANY);
    copy_add_blob(s, a, 1, 0, true);
    copy_add_blob(s, a, 2, 5, true);
    copy_add_blob(s, a, 3, COPY_PIECE_SIZE + 17, true);
    copy_add_blob(s, a, 4, 300 * 1024, false);
    copy_add_blob(s, a, 5, 0, false);
    copy_add_counter(s, "report/2026", 41);
    copy_add_counter(s, "debt", -3);
    copy_add_counter(s, "đơn", INT64_MAX);
}

/* --- moving ----------------------------------------------------------------------------------- */

static int tell(const struct copy_progress *p, void *ctx)
{
    struct ending *e = ctx;
    assert_in_range(p->step, 1, p->steps);
    return e && e->left-- == 0 ? E_TIMEOUT : 0;
}

struct copy_result copy_result;

int copy_go(struct fixture *f, struct store *from, struct store *to, struct ending *e)
{
    const struct copy_part part = {"data", from, to};
    const struct copy c = {.parts = &part, .n = 1, .from = "there", .tell = tell, .ctx = e};
    return copy_run(&c, &f->arena, &copy_result);
}

int copy_look(struct fixture *f, struct store *from, struct store *to)
{
    const struct copy_part part = {"data", from, to};
    const struct copy c = {.parts = &part, .n = 1, .from = "there", .tell = tell};
    return copy_verify(&c, &f->arena, &copy_result);
}

int copy_marked(struct fixture *f, struct store *s)
{
    struct copy_marker m = {0};
    int r = copy_marker_read(s, &f->arena, &m);
    assert_true(r == 0 || r == STORE_ABSENT);
    return r == STORE_ABSENT ? -1 : m.finished_ms != 0;
}

const struct copy_sum *copy_sum_of(const char *collection)
{
    for (size_t i = 0; i < copy_result.n_sums; i++)
        if (strcmp(copy_result.sums[i].collection, collection) == 0)
            return &copy_result.sums[i];
    return NULL;
}
