/* Searching procedures: what finds what, and which comes first. On the demonstration's names. */
#include "domain/procedure/private.h"
#include "tests/support/province.h"

static struct arena arena;
static struct procedure_book book;
static struct procedure *items;
static int64_t now;

static const struct {
    const char *code, *name, *field;
    const char *keywords[3];
} known[] = {
    {"1.000656", "Thủ tục đăng ký khai tử", "Hộ tịch", {"chứng tử"}},
    {"1.000894", "Thủ tục đăng ký kết hôn", "Hộ tịch", {0}},
    {"1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch", {"em bé"}},
    {"1.001612", "Đăng ký thành lập hộ kinh doanh", "Hộ kinh doanh", {0}},
    {"2.000720", "Đăng ký thay đổi nội dung đăng ký hộ kinh doanh", "Hộ kinh doanh", {0}},
    {"2.000575",
     "Cấp lại Giấy chứng nhận đăng ký hộ kinh doanh, Cấp đổi sang Giấy chứng nhận đăng ký hộ kinh "
     "doanh",
     "Hộ kinh doanh",
     {0}},
    {"1.001776", "Trợ cấp xã hội hàng tháng", "Bảo trợ xã hội", {"người cao tuổi"}},
    {"1.004194", "Đăng ký tạm trú", "Cư trú", {0}},
    {"1.004222", "Đăng ký thường trú", "Cư trú", {0}},
    {"1.004746", "Thủ tục đăng ký lại kết hôn", "Hộ tịch", {0}},
    {"1.004873", "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân", "Hộ tịch", {0}},
    {"1.004884", "Thủ tục đăng ký lại khai sinh", "Hộ tịch", {0}},
    {"1.012783", "Cấp đổi Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản", "Đất đai", {0}},
    {"1.012784", "Tách thửa hoặc hợp thửa đất", "Đất đai", {0}},
    {"1.013225",
     "Cấp giấy phép xây dựng mới đối với công trình và nhà ở riêng lẻ",
     "Xây dựng",
     {0}},
    {"2.000815", "Chứng thực bản sao từ bản chính giấy tờ, văn bản", "Chứng thực", {0}},
};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena);
    now = province_monday_ms();
    items = arena_array(&arena, ARRAY_LEN(known), sizeof(*items));
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        items[i] = (struct procedure){.code = known[i].code,
                                      .name = known[i].name,
                                      .field = known[i].field,
                                      .from = "2025-07-01",
                                      .version = 20250701};
        items[i].keywords.items = (const char **)known[i].keywords;
        items[i].keywords.n = known[i].keywords[0] != NULL;
        items[i].local_code = arena_printf(&arena, "%s.000.00.00.H12", known[i].code);
        assert_int_equal(procedure_ready(&items[i]), 0);
    }
    book = (struct procedure_book){.items = items, .n = ARRAY_LEN(known)};
    book.index = index_new(items, book.n, &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static size_t search(const char *text, struct procedure_hit **ret)
{
    return procedure_search(&book, text, now, NULL, NULL, &arena, ret);
}

static void first_is(const char *text, const char *code, int rank)
{
    struct procedure_hit *hits = NULL;
    size_t n = search(text, &hits);
    if (n == 0)
        fail_msg("%s: nothing found", text);
    if (strcmp(hits[0].procedure->code, code) != 0 || hits[0].rank != rank)
        fail_msg("%s: %s %s, rank %d", text, hits[0].procedure->code, hits[0].procedure->name,
                 hits[0].rank);
}

static void nothing_is_found(const char *text)
{
    struct procedure_hit *hits = NULL;
    if (search(text, &hits) > 0)
        fail_msg("%s: %s", text, hits[0].procedure->name);
}

static void codes_come_first(void **state)
{
    (void)state;
    first_is("1.004194", "1.004194", PROCEDURE_RANK_CODE);
    first_is(" 1.004194 ", "1.004194", PROCEDURE_RANK_CODE);
    first_is("1.004194.000.00.00.h12", "1.004194", PROCEDURE_RANK_CODE);
    first_is("2.0008", "2.000815", PROCEDURE_RANK_BEGINS);
}

static void each_rank_before_the_next(void **state)
{
    (void)state;
    first_is("Đăng ký kết hôn", "1.000894", PROCEDURE_RANK_NAME);
    first_is("thủ tục đăng ký kết hôn", "1.000894", PROCEDURE_RANK_NAME);
    first_is("đăng ký kết", "1.000894", PROCEDURE_RANK_BEGINS);
    first_is("đăng ký hộ kinh doanh", "1.001612", PROCEDURE_RANK_AROUND);
    first_is("dang ky ho kinh do", "1.001612", PROCEDURE_RANK_AROUND);
    first_is("chứng nhận đăng ký hộ kinh doanh", "2.000575", PROCEDURE_RANK_PHRASE);
    first_is("tạm trú", "1.004194", PROCEDURE_RANK_PHRASE);
    first_is("trú tạm", "1.004194", PROCEDURE_RANK_ALL);
    first_is("em bé", "1.001193", PROCEDURE_RANK_KEYWORDS);
    first_is("đất thửa bò", "1.012784", PROCEDURE_RANK_SOME);
}

static void of_two_alike_the_shorter(void **state)
{
    (void)state;
    struct procedure_hit *hits = NULL;
    size_t n = search("kết hôn", &hits);
    assert_true(n >= 2);
    assert_string_equal(hits[0].procedure->code, "1.000894");
    assert_string_equal(hits[1].procedure->code, "1.004746");
    for (size_t i = 1; i < n; i++)
        assert_true(procedure_hit_compare(&hits[i - 1], &hits[i]) < 0);
}

/* The whole of a name, with words put in between, is nearer than a part of a longer one. */
static void what_goes_around_comes_before_a_part(void **state)
{
    (void)state;
    static const char *const expected[] = {"1.001612", "2.000720", "2.000575"};
    struct procedure_hit *hits = NULL;
    size_t n = search("dang ky ho kinh doanh", &hits);
    assert_true(n >= ARRAY_LEN(expected));
    for (size_t i = 0; i < ARRAY_LEN(expected); i++)
        assert_string_equal(hits[i].procedure->code, expected[i]);
    first_is("hộ đăng ký", "1.001612", PROCEDURE_RANK_ALL); /* not in their order */
}

static void accents_and_their_form_do_not_matter(void **state)
{
    (void)state;
    first_is("dang ky ket hon", "1.000894", PROCEDURE_RANK_NAME);
    first_is("ĐĂNG KÝ KẾT HÔN", "1.000894", PROCEDURE_RANK_NAME);
    /* NFD, as some keyboards send it */
    first_is("Đa\xcc\x86ng ky\xcc\x81 ke\xcc\x82\xcc\x81t ho\xcc\x82n", "1.000894",
             PROCEDURE_RANK_NAME);
    first_is("đăng  ký,   kết-hôn!", "1.000894", PROCEDURE_RANK_NAME);
}

static void what_people_say_finds_it(void **state)
{
    (void)state;
    first_is("khai sinh", "1.001193", PROCEDURE_RANK_NAME);
    first_is("làm giấy kết hôn", "1.000894", PROCEDURE_RANK_NAME);
    first_is("lam giay ket hon o dau", "1.000894", PROCEDURE_RANK_NAME);
    first_is("sổ đỏ", "1.012783", PROCEDURE_RANK_PHRASE);
    first_is("so do", "1.012783", PROCEDURE_RANK_PHRASE);
    first_is("cất nhà", "1.013225", PROCEDURE_RANK_ALL);
    first_is("xin mở quán", "1.001612", PROCEDURE_RANK_NAME);
    first_is("hộ khẩu", "1.004222", PROCEDURE_RANK_NAME);
    first_is("sao y", "2.000815", PROCEDURE_RANK_BEGINS);
    first_is("độc thân", "1.004873", PROCEDURE_RANK_PHRASE);
    first_is("tiền người già", "1.001776", PROCEDURE_RANK_KEYWORDS);
}

/* Every row of the table reads as people type it, once folded. */
static void synonyms_are_folded(void **state)
{
    (void)state;
    for (const struct synonym *s = synonyms; s->said; s++) {
        assert_string_equal(text_fold(&arena, s->said), s->said);
        assert_string_equal(text_fold(&arena, s->means), s->means);
    }
    for (size_t i = 0; filler_words[i]; i++)
        assert_string_equal(text_fold(&arena, filler_words[i]), filler_words[i]);
}

static void what_is_no_word_finds_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",   " ",  ".*", "%",   "'; --", "\\",
                                        "()", "[[", "😀",  "🏠 🏠", "%s%n",  "\xcc\x81"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        nothing_is_found(texts[i]);
    nothing_is_found("xe đạp bay");
    nothing_is_found("đăng ký"
                     " bay");
}

static void endless_texts_are_cut(void **state)
{
    (void)state;
    struct procedure_hit *hits = NULL;
    char *text = arena_alloc(&arena, 30001);
    for (size_t i = 0; i < 10000; i++)
        memcpy(text + i * 3, "a b", 3);
    search(text, &hits);
    memset(text, 'k', 30000);
    assert_int_equal(search(text, &hits), 0);
    for (size_t i = 0; i < 30000; i++)
        text[i] = "ket hon "[i % 8];
    assert_true(search(text, &hits) > 0);
}

static bool only_land(const struct procedure *p, void *ctx)
{
    (*(int *)ctx)++;
    return strcmp(p->field, "Đất đai") == 0;
}

static void without_text_all_that_is_kept(void **state)
{
    (void)state;
    struct procedure_hit *hits = NULL;
    int asked = 0;
    assert_int_equal(search(NULL, &hits), ARRAY_LEN(known));
    assert_string_equal(hits[0].procedure->code, "1.000656");
    assert_int_equal(procedure_search(&book, NULL, now, only_land, &asked, &arena, &hits), 2);
    assert_int_equal(asked, ARRAY_LEN(known));
    assert_int_equal(procedure_search(&book, "thửa", now, only_land, &asked, &arena, &hits), 1);
    assert_int_equal(procedure_search(&book, NULL, 0, NULL, NULL, &arena, &hits), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_come_first),
        cmocka_unit_test(each_rank_before_the_next),
        cmocka_unit_test(of_two_alike_the_shorter),
        cmocka_unit_test(what_goes_around_comes_before_a_part),
        cmocka_unit_test(accents_and_their_form_do_not_matter),
        cmocka_unit_test(what_people_say_finds_it),
        cmocka_unit_test(synonyms_are_folded),
        cmocka_unit_test(what_is_no_word_finds_nothing),
        cmocka_unit_test(endless_texts_are_cut),
        cmocka_unit_test(without_text_all_that_is_kept),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
