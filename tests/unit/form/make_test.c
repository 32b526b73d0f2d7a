/* Sheets by the tram-forms that was built beside it, sandbox and all; and what is no sheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/result.h"
#include "media/form/form.h"
#include "media/pool.h"
#include "media/sandbox.h"

#define FONTS "/usr/share/fonts/truetype/noto"

static struct media_pool *pool;

static int set_up(void **state)
{
    (void)state;
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    o.decoder_path = TRAM_FORMS_BUILT;
    o.argument = FONTS;
    o.decoders = 1;
    o.deadline_ms = 30000;
    o.limits.makes = MEDIA_MAKES_PDF;
    return media_pool_new(&o, &pool);
}

static int tear_down(void **state)
{
    (void)state;
    media_pool_free(pool);
    return 0;
}

static int make_bytes(const void *bytes, size_t n, struct media_result *ret)
{
    return media_decode(pool, &(struct media_input){.fd = -1, .bytes = bytes, .n = n}, ret);
}

/* A sheet with these blocks; takes them. */
static int make(json_t *blocks, struct media_result *ret)
{
    CLEANUP(json_decrefp)
    json_t *sheet =
        json_pack("{s:[s,s], s:[s,s], s:s, s:s, s:s, s:o, s:[{s:s, s:s, s:s}], s:{s:s, s:[s]}}",
                  "issuer", "Ủy ban nhân dân phường Tân Thành", "Một cửa", "nation", "Cộng hòa",
                  "Độc lập", "number", "Số: 1", "dated", "Tân Thành", "title", "GIẤY TIẾP NHẬN",
                  "blocks", blocks, "signers", "title", "NGƯỜI NỘP", "note", "(Ký)", "name",
                  "Nguyễn Thị Bưởi", "qr", "text", "https://tram.example/x", "words", "Tra cứu");
    char *text = json_dumps(sheet, JSON_COMPACT);
    int done = make_bytes(text, strlen(text), ret);
    free(text);
    return done;
}

static json_t *line(const char *text)
{
    return json_pack("[{s:s, s:s, s:s, s:s}]", "kind", "line", "key", "name", "label", "Họ tên",
                     "text", text);
}

static void the_sandbox_proves_itself(void **state)
{
    (void)state;
    char line[256];
    unsigned denied = 0;
    FILE *out = popen("'" TRAM_FORMS_BUILT "' --prove 2>&1", "r");
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

static void a_sheet_comes_back_as_pdf(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        CLEANUP(media_result_release) struct media_result r;
        assert_int_equal(make(line("Nguyễn Thị Bưởi"), &r), 0);
        assert_int_equal(r.facts.pages, 1);
        assert_memory_equal(r.large.bytes, "%PDF-", 5);
        assert_null(r.small.bytes);
    }
    struct media_pool_counts counts = media_pool_counts(pool);
    assert_int_equal(counts.started, 1);
    assert_true(counts.layers & SANDBOX_FILTER);
    assert_true(counts.layers & SANDBOX_LIMITS);
}

/* Fonts that are not open are looked for by nobody: the sandbox has no files. */
static void letters_of_all_scripts_are_drawn_or_replaced(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "中文 日本語 한국어 ไทย عربي עברית हिन्दी ខ្មែរ",
        "😀 👩‍👩‍👧 ⚖️ 1️⃣ ☎️ ©️ ™️ 🇻🇳",
        "Ελληνικά Русский ЀЁЂ ὰά",
        "\xE2\x80\xAE đảo ngược\xE2\x80\xAC \xE2\x81\xA6 x\xE2\x81\xA9 \xEF\xBB\xBF",
        "a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81 Ế \xC2\xAD­",
        "𝒜𝓁𝓁 ｆｕｌｌ ﷽ ﬁ ½ №",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(media_result_release) struct media_result r;
        assert_int_equal(make(line(texts[i]), &r), 0);
    }
    assert_int_equal(media_pool_counts(pool).slow, 0);
    assert_int_equal(media_pool_counts(pool).crashed, 0);
}

static void long_texts_go_on_further_pages(void **state)
{
    (void)state;
    CLEANUP(buf_release) struct buf b;
    CLEANUP(media_result_release) struct media_result r, endless;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 6000; i++)
        buf_add_str(&b, i < 3000 ? "dài" : "chữ ");
    assert_int_equal(make(line(b.data), &r), 0);
    assert_true(r.facts.pages > 2);
    for (int i = 0; i < 60000; i++)
        buf_add_str(&b, "nữa ");
    assert_int_equal(make(line(b.data), &endless), MEDIA_REFUSED);
}

static void what_is_no_sheet_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "x",
        "[]",
        "{\"blocks\":[{}]}",
        "{\"blocks\":[{\"kind\":\"picture\"}]}",
        "{\"blocks\":7}",
        "{\"blocks\":[{\"kind\":\"table\",\"columns\":[\"a\"],\"widths\":[0],\"rows\":[]}]}",
        "{\"blocks\":[{\"kind\":\"table\",\"columns\":[\"a\",\"b\"],\"widths\":[50],\"rows\":[]}]}",
        "{\"issuer\":[1,2,3,4,5,6,7,8,9]}",
        "{\"signers\":[{},{},{},{},{}]}",
        "{\"qr\":{}}",
        "{\"title\":\"\xFF\"}",
        "{\"title\":1,\"title\":2}",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(media_result_release) struct media_result r;
        assert_int_equal(make_bytes(texts[i], strlen(texts[i]), &r), MEDIA_REFUSED);
    }
    CLEANUP(media_result_release) struct media_result r;
    assert_int_equal(make(line("Vẫn làm việc"), &r), 0);
}

/* Without its fonts it does not start, and says so at once. */
static void no_fonts_no_start(void **state)
{
    (void)state;
    struct media_pool_options o = MEDIA_POOL_OPTIONS_DEFAULT;
    struct media_pool *none;
    o.decoder_path = TRAM_FORMS_BUILT;
    o.argument = "/nonexistent";
    o.decoders = 1;
    o.limits.makes = MEDIA_MAKES_PDF;
    assert_int_equal(media_pool_new(&o, &none), E_UNAVAILABLE);
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sandbox_proves_itself),
        cmocka_unit_test(a_sheet_comes_back_as_pdf),
        cmocka_unit_test(letters_of_all_scripts_are_drawn_or_replaced),
        cmocka_unit_test(long_texts_go_on_further_pages),
        cmocka_unit_test(what_is_no_sheet_is_refused),
        cmocka_unit_test(no_fonts_no_start),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
