/* Texts of cards' QR codes, and what only looks like one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "domain/person/card_text.h"

#define NUMBER "096190000123"
#define REST "|Nữ|Khóm 3, phường Tân Thành, Cà Mau|28042021"

static void what_cards_say_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *address;
    } rows[] = {
        {NUMBER "|381234567|Lê Thị An|17051990" REST, "Khóm 3, phường Tân Thành, Cà Mau"},
        {NUMBER "||Lê Thị An|17051990" REST, "Khóm 3, phường Tân Thành, Cà Mau"},
        {NUMBER "|| Lê Thị An |17051990" REST "|Lê Văn Ba|Trần Thị Tư||",
         "Khóm 3, phường Tân Thành, Cà Mau"},
        {NUMBER "||Lê Thị An|17051990|Nữ||28042021", NULL},
        {NUMBER "||Lê Thị An|17051990|Nữ|Cà Mau", "Cà Mau"},
        {NUMBER "||Lê Thị An|17051990|Nữ|Cà Mau|28042021\n", "Cà Mau"},
    };
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct card_text t;
        if (!card_text_read(rows[i].text, 2026, &a, &t))
            fail_msg("%s", rows[i].text);
        assert_string_equal(t.card, NUMBER);
        assert_string_equal(t.name, "Lê Thị An");
        assert_string_equal(t.birth, "1990-05-17");
        if (rows[i].address)
            assert_string_equal(t.address, rows[i].address);
        else
            assert_null(t.address);
    }
    arena_release(&a);
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "|",
        "||||||",
        NUMBER,
        NUMBER "||Lê Thị An|17051990|Nữ",
        "09619000012||Lê Thị An|17051990" REST,
        "0961900001234||Lê Thị An|17051990" REST,
        "003190000123||Lê Thị An|17051990" REST, /* no such place */
        NUMBER "||Lê Thị An|17051991" REST,      /* another year than the number's */
        NUMBER "||Lê Thị An|31021990" REST,      /* no such day */
        NUMBER "||Lê Thị An|1705199" REST,
        NUMBER "||Lê Thị An|1990-5-1" REST,
        NUMBER "|| |17051990" REST,
        "https://tram.example/|a|b|c|d|e|f",
    };
    struct arena a;
    struct card_text t;
    arena_init(&a);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (card_text_read(texts[i], 2026, &a, &t))
            fail_msg("taken: %s", texts[i]);
    }
    char *endless = arena_alloc(&a, 3 * CARD_SCAN_MAX);
    memset(endless, '|', 3 * CARD_SCAN_MAX - 1);
    assert_false(card_text_read(endless, 2026, &a, &t));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cards_say_is_read),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
