/* The pool with the tram-papers that was built beside it, sandbox and all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "media/pool.h"
#include "media/sandbox.h"
#include "tests/unit/paper/papers.h"

static struct media_pool *pool_of(unsigned deadline_ms)
{
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *pool;
    o.decoder_path = TRAM_PAPERS_BUILT;
    o.argument = "";
    o.decoders = 1;
    o.deadline_ms = deadline_ms;
    o.memory_mb = MEDIA_PAPERS_MEMORY_MB;
    assert_int_equal(media_pool_new(&o, &pool), 0);
    return pool;
}

static int decode(struct media_pool *pool, const struct bytes *b, struct media_result *ret)
{
    return media_decode(pool, &(struct media_input){.fd = -1, .bytes = b->at, .n = b->n}, ret);
}

static pid_t only_pid(struct media_pool *pool)
{
    pid_t pid = 0;
    assert_int_equal(media_pool_pids(pool, &pid, 1), 1);
    return pid;
}

static void still_works(struct media_pool *pool)
{
    CLEANUP(bytes_release) struct bytes good = paper(1, "", "", NULL);
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(decode(pool, &good, &r), 0);
    assert_int_equal(r.facts.pages, 1);
}

static void the_sandbox_proves_itself(void **state)
{
    (void)state;
    char line[256];
    unsigned denied = 0;
    FILE *out = popen("'" TRAM_PAPERS_BUILT "' --prove 2>&1", "r");
    assert_non_null(out);
    while (fgets(line, sizeof(line), out)) {
        denied += strstr(line, " denied: Operation not permitted\n") != NULL;
        assert_null(strstr(line, "NOT DENIED"));
    }
    int status = pclose(out);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(denied >= 20);
}

static void a_paper_comes_back(void **state)
{
    (void)state;
    struct media_pool *pool = pool_of(30000);
    CLEANUP(bytes_release) struct bytes good = paper(3, "", "", NULL);
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(decode(pool, &good, &r), 0);
    assert_int_equal(r.facts.pages, 3);
    assert_int_equal(r.facts.type, MEDIA_TYPE_PDF);
    assert_int_equal(r.facts.partial, 0);
    assert_int_equal(r.large.height, 1280);
    assert_int_equal(r.small.height, 320);
    CLEANUP(bytes_release) struct bytes half = joined(good.at, good.n / 2, "", 0);
    struct media_result refused;
    assert_int_equal(decode(pool, &half, &refused), MEDIA_REFUSED);
    assert_int_equal(refused.fault, MEDIA_FAULT_TRUNCATED);
    struct media_pool_counts counts = media_pool_counts(pool);
    assert_int_equal(counts.started, 1);
    assert_true(counts.layers & SANDBOX_LIMITS && counts.layers & SANDBOX_FILTER);
    media_pool_free(pool);
}

/* Text in fonts that the file does not bring: nothing is opened, and the rest is drawn. */
static void a_paper_without_its_fonts_is_drawn(void **state)
{
    (void)state;
    struct media_pool *pool = pool_of(30000);
    static const char text[] = "BT /F1 24 Tf 72 700 Td (Xin chao) Tj ET " TWO_COLOURS;
    struct maker *m = maker_new();
    object(m, 1, "<< /Type /Catalog /Pages 2 0 R >>");
    object(m, 2, "<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 595 842] >>");
    object(m, 3,
           "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font "
           "/Subtype /Type1 /BaseFont /Helvetica >> >> >> >>");
    stream(m, 4, "", text, sizeof(text) - 1);
    ending(m, 0, -1, "");
    CLEANUP(bytes_release) struct bytes b = maker_end(m);
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(decode(pool, &b, &r), 0);
    assert_int_equal(r.facts.partial, 1);
    assert_int_equal(media_pool_counts(pool).crashed, 0);
    media_pool_free(pool);
}

/* An object stream that unpacks to more than there is memory; a content that never ends. */
static void bombs_end_and_the_next_is_read(void **state)
{
    (void)state;
    struct media_pool *pool = pool_of(5000);
    CLEANUP(bytes_release) struct bytes zeros = bomb((size_t)1200 << 20);
    struct maker *m = maker_new();
    /* Object 6 lies in object stream 5, as the cross-reference stream 7 says. */
    int next = put_pages(m, 1, "/Inner 6 0 R", "");
    stream(m, next, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", zeros.at, zeros.n);
    uint8_t rows[8 * 5] = {0};
    for (int i = 1; i <= next; i++) {
        rows[i * 5] = 1;
        for (int k = 0; k < 3; k++)
            rows[i * 5 + 1 + k] = (uint8_t)(m->at[i] >> (16 - 8 * k));
    }
    memcpy(rows + 6 * 5, (uint8_t[]){2, 0, 0, 5, 0}, 5);
    long at = ftell(m->out);
    memcpy(rows + 7 * 5, (uint8_t[]){1, (uint8_t)(at >> 16), (uint8_t)(at >> 8), (uint8_t)at, 0},
           5);
    stream(m, 7, "/Type /XRef /Size 8 /W [1 3 1] /Root 1 0 R", rows, sizeof(rows));
    fprintf(m->out, "startxref\n%ld\n%%%%EOF\n", at);
    CLEANUP(bytes_release) struct bytes packed = maker_end(m);
    struct media_result r;
    assert_true(decode(pool, &packed, &r) > 0);
    still_works(pool);

    /* Patterns in patterns: work that doubles with each level. */
    m = maker_new();
    object(m, 1, "<< /Type /Catalog /Pages 2 0 R >>");
    object(m, 2, "<< /Type /Pages /Count 1 /Kids [3 0 R] /MediaBox [0 0 595 842] >>");
    object(
        m, 3,
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>");
    stream(m, 4, "", "/X Do /X Do", 11);
    for (int i = 5; i < 60; i++) {
        char entries[200];
        snprintf(entries, sizeof(entries),
                 "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X "
                 "%d 0 R >> >>",
                 i + 1);
        stream(m, i, entries, "/X Do /X Do", 11);
    }
    stream(m, 60, "/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f", 12);
    ending(m, 0, -1, "");
    CLEANUP(bytes_release) struct bytes doubling = maker_end(m);
    assert_int_equal(decode(pool, &doubling, &r), MEDIA_REFUSED);
    assert_int_equal(r.fault, MEDIA_FAULT_TOO_SLOW);
    still_works(pool);
    assert_true(media_pool_counts(pool).slow >= 1);
    media_pool_free(pool);
}

static void a_reader_that_dies_is_replaced(void **state)
{
    (void)state;
    struct media_pool *pool = pool_of(30000);
    pid_t before = only_pid(pool);
    assert_int_equal(kill(before, SIGKILL), 0);
    still_works(pool);
    assert_int_not_equal(only_pid(pool), before);
    media_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sandbox_proves_itself),
        cmocka_unit_test(a_paper_comes_back),
        cmocka_unit_test(a_paper_without_its_fonts_is_drawn),
        cmocka_unit_test(bombs_end_and_the_next_is_read),
        cmocka_unit_test(a_reader_that_dies_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
