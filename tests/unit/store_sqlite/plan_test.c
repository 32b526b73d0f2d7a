/*
 * What SQLite makes of the engine's statements. Every shape of scan and tally is run; then each
 * SELECT left in the reader's cache is explained: no table may be scanned, nothing sorted.
 */
#include "tests/unit/store_sqlite/fixture.h"

struct plans {
    struct store_driver *d;
    uint32_t rows[64];
};

static void run_shapes(struct plans *p, struct store_scan scan, struct store_value low,
                       struct store_value high)
{
    bool ordered =
        scan.path < 0 ? scan.path == STORE_PATH_WORDS : report_paths[scan.path].order != NULL;
    for (unsigned shape = 0; shape < 16; shape++) {
        scan.descending = shape & 1;
        scan.has_after = shape & 2;
        scan.after = (struct store_position){.id = id_of(5)};
        if (ordered)
            scan.after.key = store_int(5);
        scan.range = (struct store_range){.has_low = (shape & 4) && ordered,
                                          .has_high = (shape & 8) && ordered,
                                          .low = low,
                                          .high = high};
        scan_reports(p->d, &scan, p->rows, ARRAY_LEN(p->rows));
    }
}

static void run_tallies(struct plans *p)
{
    struct store_value agency = store_id(id_of(1)), open = store_text("open");
    const struct store_tally tallies[] = {
        {.path = QUEUE,
         .equals = {agency, open},
         .sum = 2,
         .range = {.has_low = true, .low = store_int(1)}},
        {.path = DUE,
         .group = {1},
         .n_group = 1,
         .sum = -1,
         .range = {.has_high = true, .high = store_int(9)}},
        {.path = TAGGED, .equals = {store_text("odd")}, .group = {0}, .n_group = 1, .sum = 2},
        {.path = AGENCY, .equals = {agency}, .sum = -1},
    };
    for (size_t i = 0; i < ARRAY_LEN(tallies); i++) {
        struct store_tally t = tallies[i];
        struct arena a;
        arena_init(&a);
        struct store_tally_row *rows;
        size_t n = 0;
        t.collection = &reports;
        assert_int_equal(p->d->ops->tally(p->d, &t, 100, &a, &rows, &n), 0);
        assert_true(n > 0);
        arena_release(&a);
    }
}

/* One line of a plan that is not a search of an index. */
static bool is_bad(const char *line, const char *sql)
{
    bool tally = strstr(sql, "count(*)") != NULL;
    if (strstr(line, "TEMP B-TREE"))
        return !(tally && strstr(line, "GROUP BY"));
    if (strstr(line, "VIRTUAL TABLE INDEX"))
        return false;
    if (tally && !strstr(line, "COVERING INDEX") && !strstr(line, "PRIMARY KEY"))
        return true;
    /* An ordered walk of an index that holds just the path's rows is no search, and no sort. */
    bool walk = strstr(line, "SCAN p USING INDEX i_report__due") ||
                strstr(line, "SCAN p USING INDEX sqlite_autoindex_c_report_1");
    return strncmp(line, "SCAN", 4) == 0 && !walk;
}

static size_t explain(sqlite3 *db, const char *sql)
{
    char text[2048];
    sqlite3_stmt *s = NULL;
    size_t lines = 0;
    snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &s, NULL), SQLITE_OK);
    for (; sqlite3_step(s) == SQLITE_ROW; lines++) {
        const char *line = (const char *)sqlite3_column_text(s, 3);
        if (is_bad(line, sql))
            fail_msg("%s\n  is served by: %s", sql, line);
    }
    sqlite3_finalize(s);
    return lines;
}

static void every_statement_follows_its_index(void **state)
{
    struct folder *f = *state;
    struct plans p = {0};
    struct sqlite_options o = {.folder = f->path, .readers = 1};
    const struct store_collection *c = &reports;
    assert_int_equal(sqlite_open(&o, &c, 1, &p.d), 0);
    insert_reports(p.d, 0, 32);
    struct store_value agency = store_id(id_of(1));
    const char *words[] = {"duong", "ho"};
    const struct store_scan scans[] = {
        {.path = QUEUE, .equals = {agency, store_text("open")}},
        {.path = DUE},
        {.path = TAGGED, .equals = {store_text("odd")}},
        {.path = AGENCY, .equals = {agency}},
        {.path = STORE_PATH_ID},
        {.path = STORE_PATH_WORDS, .words = words, .n_words = 2, .last_is_prefix = true},
    };
    for (size_t i = 0; i < ARRAY_LEN(scans); i++) {
        struct store_scan scan = scans[i];
        scan.collection = &reports;
        run_shapes(&p, scan, store_int(2), store_int(30));
    }
    run_tallies(&p);
    const struct connection *k = engine_of(p.d)->readers.free;
    size_t explained = 0;
    for (size_t i = 0; i < k->n_statements; i++) {
        const char *sql = sqlite3_sql(k->statements[i].stmt);
        if (strncmp(sql, "SELECT", 6) == 0 && explain(k->db, sql) > 0)
            explained++;
    }
    assert_true(explained >= 40);
    p.d->ops->close(p.d);
}

/* Two documents of one arrival: the second lies below row zero, and in its place when read. */
static void displaced_rows_are_read_in_their_place(void **state)
{
    struct store_driver *d = open_reports(*state);
    static const struct {
        uint32_t n;
        int64_t arrival;
    } order[] = {{4, 30}, {2, 20}, {1, 10}, {3, 20}, {6, 30}, {5, 30}};
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        CLEANUP(bson_destroyp) bson_t *doc = report_new(order[i].n, 1, order[i].arrival);
        struct store_insert_row row = {.doc = doc, .id = id_of(order[i].n)};
        assert_int_equal(d->ops->insert(d, &reports, &row, 1), 0);
        assert_int_equal(row.outcome, 0);
    }
    d->ops->close(d);
    d = open_reports(*state); /* it is known again that some are displaced */
    const char *words[] = {"duong"};
    uint32_t rows[8];
    struct store_scan scan = {
        .collection = &reports, .path = STORE_PATH_WORDS, .words = words, .n_words = 1};
    assert_int_equal(scan_reports(d, &scan, rows, 8), 6);
    int64_t last_arrival = 0;
    struct id last = {{0}};
    for (size_t i = 0; i < 6; i++) {
        int64_t arrival = rows[i] == 1 ? 10 : rows[i] <= 3 ? 20 : 30;
        struct id id = id_of(rows[i]);
        assert_true(arrival > last_arrival ||
                    (arrival == last_arrival && id_compare(&id, &last) > 0));
        last_arrival = arrival;
        last = id;
    }
    scan.has_after = true; /* goes on between two of one arrival */
    scan.after = (struct store_position){.key = store_int(20), .id = id_of(rows[1])};
    uint32_t rest[8];
    assert_int_equal(scan_reports(d, &scan, rest, 8), 4);
    assert_memory_equal(rest, rows + 2, 4 * sizeof(*rest));
    d->ops->close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(every_statement_follows_its_index),
        FOLDER_TEST(displaced_rows_are_read_in_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
