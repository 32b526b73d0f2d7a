/* A changed declaration: what differs is built anew at start, and no document is lost. */
#include "tests/support/drop_disk.c"
#include "tests/support/drop_files.c"
#include "tests/support/drop_vfs.c"

#include "tests/unit/store_sqlite/fixture.h"

#define MANY 1300 /* more than two batches of filling */

/* What the next version of the program declares. */
static const struct store_field new_fields[] = {
    {.name = "agency", .path = "head.agency", .type = STORE_ID},
    {.name = "state", .path = "head.state", .type = STORE_TEXT},
    {.name = "due", .path = "arrival", .type = STORE_INT}, /* n + 1, where it was n */
    {.name = "form", .path = "form", .type = STORE_INT},
    {.name = "word", .path = "x.words", .type = STORE_TEXT, .multi = true},
    {.name = "words", .path = "x.tags", .type = STORE_WORDS},
};

static const struct store_path new_paths[] = {
    {.name = "queue", .why = "w", .equals = {"agency", "state"}, .order = "due"},
    {.name = "form", .why = "w", .equals = {"form"}, .order = "due"},
    {.name = "worded", .why = "w", .equals = {"word"}, .order = "due"},
};

static const struct store_collection new_reports = {
    .name = "report",
    .form = 4,
    .fields = new_fields,
    .n_fields = ARRAY_LEN(new_fields),
    .paths = new_paths,
    .n_paths = ARRAY_LEN(new_paths),
};

static int64_t rows_of(struct store_driver *d, const char *sql)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(engine_of(d)->readers.free->db, sql, -1, &s, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

static size_t count_path(struct store_driver *d, int path, struct store_value equal)
{
    static uint32_t rows[MANY + 1];
    struct store_scan scan = {.collection = &new_reports, .path = path, .equals = {equal}};
    size_t n = scan_reports(d, &scan, rows, ARRAY_LEN(rows));
    for (size_t i = 1; i < n; i++)
        assert_true(rows[i] > rows[i - 1]);
    return n;
}

static size_t count_word(struct store_driver *d, const char *word)
{
    static uint32_t rows[MANY + 1];
    struct store_scan scan = {
        .collection = &new_reports, .path = STORE_PATH_WORDS, .words = &word, .n_words = 1};
    return scan_reports(d, &scan, rows, ARRAY_LEN(rows));
}

/* Everything that the new declaration promises, and nothing left of the old one. */
static void check_new(struct store_driver *d)
{
    uint32_t rows[4];
    for (uint32_t n = 0; n < MANY; n++)
        assert_int_equal(get_report(d, &new_reports, n), 0);
    assert_int_equal(count_path(d, 1, store_int(3)), MANY);
    assert_int_equal(count_path(d, 2, store_text("hoa")), MANY / 2);
    assert_int_equal(count_path(d, 2, store_text("duong")), MANY);
    assert_int_equal(count_word(d, "odd"), MANY / 2);
    assert_int_equal(count_word(d, "duong"), 0);
    /* A column that kept its name but not its path holds the new values. */
    struct store_scan scan = {
        .collection = &new_reports,
        .path = 0,
        .equals = {store_id(id_of(1)), store_text("open")},
        .range = {.has_low = true, .has_high = true, .low = store_int(10), .high = store_int(11)}};
    assert_int_equal(scan_reports(d, &scan, rows, 4), 1);
    assert_int_equal(rows[0], 9);
    assert_int_equal(rows_of(d, "SELECT count(*) FROM sqlite_schema WHERE name IN"
                                " ('m_report__tagged', 'i_report__due', 'i_report__agency')"),
                     0);
    assert_int_equal(rows_of(d, "SELECT count(*) FROM object WHERE filled IS NOT NULL"), 0);
}

static void a_changed_declaration_is_built(void **state)
{
    struct store_driver *d = open_reports(*state);
    insert_reports(d, 0, MANY);
    d->ops->close(d);
    assert_int_equal(open_as(*state, &new_reports, &d), 0);
    check_new(d);
    CLEANUP(bson_destroyp) bson_t *doc = report_new(7, 2, 8);
    struct id id = id_of(7);
    assert_int_equal(d->ops->replace(d, &new_reports, &id, 1, doc), 0);
    assert_int_equal(d->ops->remove(d, &new_reports, &id, 2), 0);
    assert_int_equal(count_word(d, "odd"), MANY / 2 - 1);
    assert_int_equal(count_path(d, 2, store_text("hoa")), MANY / 2 - 1);
    d->ops->close(d);
}

struct watcher {
    int calls;
    int64_t first_total, last;
    int stop_after; /* batches; 0: never */
    enum drop_call stop_by;
};

static void watch(const char *what, int64_t done, int64_t total, void *ctx)
{
    struct watcher *w = ctx;
    assert_string_equal(what, "report");
    assert_true(done > w->last && done <= total);
    if (w->calls++ == 0)
        w->first_total = total;
    w->last = done;
    if (w->calls != w->stop_after)
        return;
    int code = w->stop_by == DROP_READ ? SQLITE_IOERR_READ : SQLITE_IOERR_WRITE;
    drop_fail(w->stop_by, true, code);
    drop_fail(w->stop_by, false, code);
}

static void nothing_is_built_twice(void **state)
{
    struct folder *f = *state;
    struct store_driver *d = open_reports(f);
    insert_reports(d, 0, 20);
    d->ops->close(d);
    struct watcher w = {0};
    struct sqlite_options o = {.folder = f->path, .readers = 1, .progress = {watch, &w}};
    const struct store_collection *c = &reports;
    assert_int_equal(sqlite_open(&o, &c, 1, &d), 0);
    assert_int_equal(w.calls, 0);
    d->ops->close(d);
}

/* Reports of 6 KB: together more than a connection caches. */
static void insert_large_reports(struct store_driver *d, uint32_t n_reports)
{
    char padding[6000];
    memset(padding, 'p', sizeof(padding) - 1);
    padding[sizeof(padding) - 1] = '\0';
    for (uint32_t n = 0; n < n_reports; n++) {
        CLEANUP(bson_destroyp) bson_t *doc = report_new(n, 1, (int64_t)n + 1);
        BSON_APPEND_UTF8(doc, "padding", padding);
        struct store_insert_row row = {.doc = doc, .id = id_of(n)};
        assert_int_equal(d->ops->insert(d, &reports, &row, 1), 0);
        assert_int_equal(row.outcome, 0);
    }
}

static void interrupt_build(struct folder *f, enum drop_call by)
{
    struct store_driver *d = open_reports(f);
    insert_large_reports(d, MANY);
    d->ops->close(d);
    struct watcher w = {.stop_after = 1, .stop_by = by};
    struct sqlite_options o = {
        .folder = f->path, .readers = 1, .vfs = DROP_VFS, .progress = {watch, &w}};
    const struct store_collection *c = &new_reports;
    drop_watch(f->path);
    assert_int_equal(sqlite_open(&o, &c, 1, &d), E_IO);
    assert_int_equal(w.first_total, MANY);
    assert_true(w.last > 0 && w.last < MANY);
    drop_fail(by, true, 0);
    drop_fail(by, false, 0);
    struct watcher again = {0};
    o.progress.ctx = &again;
    assert_int_equal(sqlite_open(&o, &c, 1, &d), 0);
    assert_int_equal(again.first_total, MANY - w.last); /* not from the beginning */
    check_new(d);
    d->ops->close(d);
    drop_forget();
}

static void an_interrupted_build_goes_on(void **state)
{
    interrupt_build(*state, DROP_WRITE);
}

/* A page that cannot be read is not the end of the documents. */
static void a_build_does_not_end_at_a_bad_page(void **state)
{
    interrupt_build(*state, DROP_READ);
}

/* An older program in between does not know what the newer one had begun. */
static void an_abandoned_build_starts_afresh(void **state)
{
    struct folder *f = *state;
    struct store_driver *d = open_reports(f);
    insert_reports(d, 0, MANY);
    d->ops->close(d);
    struct watcher w = {.stop_after = 1, .stop_by = DROP_WRITE};
    struct store_collection newer = new_reports;
    newer.form = reports.form;
    const struct store_collection *c = &newer;
    struct sqlite_options o = {
        .folder = f->path, .readers = 1, .vfs = DROP_VFS, .progress = {watch, &w}};
    drop_watch(f->path);
    assert_int_equal(sqlite_open(&o, &c, 1, &d), E_IO);
    drop_forget();
    d = open_reports(f);
    insert_reports(d, MANY, MANY + 1);
    struct id id = id_of(MANY);
    assert_int_equal(d->ops->remove(d, &reports, &id, 1), 0);
    d->ops->close(d);
    assert_int_equal(open_as(f, &new_reports, &d), 0);
    check_new(d);
    d->ops->close(d);
}

static void a_document_that_does_not_fit_is_told(void **state)
{
    struct store_driver *d = open_reports(*state);
    insert_reports(d, 0, 5);
    d->ops->close(d);
    struct store_field fields[ARRAY_LEN(new_fields)];
    memcpy(fields, new_fields, sizeof(fields));
    fields[3].path = "head.state"; /* text where the declaration says a number */
    struct store_collection bad = new_reports;
    bad.fields = fields;
    bad.form = reports.form;
    assert_int_equal(open_as(*state, &bad, &d), E_CORRUPT);
    d = open_reports(*state);
    assert_int_equal(get_report(d, &reports, 4), 0);
    d->ops->close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(a_changed_declaration_is_built),
        FOLDER_TEST(nothing_is_built_twice),
        FOLDER_TEST(an_interrupted_build_goes_on),
        FOLDER_TEST(a_build_does_not_end_at_a_bad_page),
        FOLDER_TEST(an_abandoned_build_starts_afresh),
        FOLDER_TEST(a_document_that_does_not_fit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
