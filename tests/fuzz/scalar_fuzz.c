/*
 * Small values that people and programs write: ids, times, days, phone numbers, base64, hex,
 * base32. What is read is written as what means the same.
 */
#include <strings.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/keyring.h"
#include "base/crypto/totp.h"
#include "base/id.h"
#include "domain/person/person.h"
#include "tests/fuzz/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_id(const char *text)
{
    struct id id, again;
    char out[ID_TEXT];
    if (!id_parse(text, &id))
        return;
    check(id_parse(id_format(&id, out), &again) && id_equal(&id, &again));
}

static void check_time(const char *text)
{
    int64_t ms, again, day;
    char out[CLOCK_TEXT];
    if (clock_parse(text, &ms)) {
        check(clock_parse(clock_format(ms, out), &again));
        check(again == ms || ms < -62167219200000 || ms > 253402300799999);
    }
    if (clock_day_parse(text, &day)) {
        struct clock_date d = clock_date_of_day(day);
        check(clock_day_of_date(d.year, d.month, d.day, &again) && again == day);
    }
}

static void check_phone(const char *text)
{
    char phone[PERSON_PHONE_TEXT], again[PERSON_PHONE_TEXT];
    if (!phone_parse(text, phone))
        return;
    check(phone[0] == '+' && strlen(phone) < PERSON_PHONE_TEXT);
    check(phone_parse(phone, again) && strcmp(phone, again) == 0);
}

static void check_coded(const char *text, struct arena *a)
{
    size_t n = strlen(text), got = 0;
    uint8_t *bytes = arena_alloc(a, n + 1);
    char *out = arena_alloc(a, 2 * n + 4);
    if (bytes_from_hex(text, n, bytes, n, &got))
        check(strcmp(bytes_to_hex(bytes, got, out), text) == 0);
    if (bytes_from_base64(text, n, bytes, n, &got))
        check(strcmp(bytes_to_base64(bytes, got, out), text) == 0);
    if (bytes_from_base64url(text, n, bytes, n, &got))
        check(strcmp(bytes_to_base64url(bytes, got, out), text) == 0);
    uint8_t secret[TOTP_SECRET];
    char base32[TOTP_BASE32_TEXT];
    if (totp_from_base32(text, secret))
        check(strcasecmp(totp_base32(secret, base32), text) == 0);
    uint32_t key;
    char key_text[KEYRING_ID_TEXT];
    if (keyring_id_parse(text, n, &key))
        check(strcmp(keyring_id_format(key, key_text), text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct feed f = feed_of(bytes, n);
    struct arena a;
    arena_init(&a);
    const char *text = feed_text(&f, '\0', &a);
    check_id(text);
    check_time(text);
    check_phone(text);
    check_coded(text, &a);
    arena_release(&a);
    return 0;
}
