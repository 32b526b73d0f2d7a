/* Amounts as they are read and written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "domain/payment/payment.h"

static const struct {
    int64_t amount;
    const char *digits, *words;
} amounts[] = {
    {0, "0", "Không đồng"},
    {1, "1", "Một đồng"},
    {10, "10", "Mười đồng"},
    {15, "15", "Mười lăm đồng"},
    {21, "21", "Hai mươi mốt đồng"},
    {105, "105", "Một trăm linh năm đồng"},
    {110, "110", "Một trăm mười đồng"},
    {8000, "8.000", "Tám nghìn đồng"},
    {15500, "15.500", "Mười lăm nghìn năm trăm đồng"},
    {20005, "20.005", "Hai mươi nghìn không trăm linh năm đồng"},
    {1000000, "1.000.000", "Một triệu đồng"},
    {1005000, "1.005.000", "Một triệu không trăm linh năm nghìn đồng"},
    {1250031, "1.250.031", "Một triệu hai trăm năm mươi nghìn không trăm ba mươi mốt đồng"},
    {INT64_C(2000000055), "2.000.000.055", "Hai tỷ không trăm năm mươi lăm đồng"},
    {DOSSIER_AMOUNT_MAX, "100.000.000.000", "Một trăm tỷ đồng"},
};

static void amounts_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(amounts); i++) {
        char digits[MONEY_TEXT], words[MONEY_WORDS];
        assert_string_equal(money_format(amounts[i].amount, digits), amounts[i].digits);
        assert_string_equal(money_words(amounts[i].amount, words), amounts[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(amounts_are_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
