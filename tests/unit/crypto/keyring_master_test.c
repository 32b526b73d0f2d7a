/* A keyring under a master key: opened by that one only, moved from one to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "tests/unit/crypto/scratch.h"

static bool same_key(const struct keyring_key *a, const struct keyring_key *b)
{
    return a->id == b->id && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static void write_file(const struct scratch *s, const char *name, const char *text)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", s->keys, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct keyring_master make_master(void)
{
    struct keyring_master m;
    bytes_random(m.bytes, sizeof(m.bytes));
    return m;
}

static void masters_seal_every_file(void **state)
{
    struct scratch *s = *state;
    struct keyring_master mine = make_master(), other = make_master();
    struct keyring_key before, after;
    struct keyring *again = NULL;
    char mine_text[KEYRING_CHECK_TEXT], other_text[KEYRING_CHECK_TEXT];

    assert_string_not_equal(keyring_master_check(&mine, mine_text),
                            keyring_master_check(&other, other_text));
    assert_int_equal(keyring_rotate(s->keyring, 0), 0);
    keyring_active(s->keyring, KEY_REFRESH, &before);
    assert_int_equal(keyring_open_under(s->keys, &mine, &again), KEYRING_PLAIN);
    assert_int_equal(keyring_reseal(s->keys, NULL, &mine), 0);
    assert_int_equal(keyring_open(s->keys, &again), KEYRING_SEALED);
    assert_int_equal(keyring_open_under(s->keys, &other, &again), KEYRING_OTHER_MASTER);
    assert_int_equal(keyring_rotate(s->keyring, 0), KEYRING_SEALED); /* it was opened plain */
    assert_int_equal(keyring_open_under(s->keys, &mine, &again), 0);
    keyring_active(again, KEY_REFRESH, &after);
    assert_true(same_key(&before, &after));
    assert_int_equal(keyring_rotate(again, 0), 0);
    assert_int_equal(keyring_reload(again), 0);
    keyring_free(again);

    assert_int_equal(keyring_reseal(s->keys, &other, &mine), 0); /* done before: nothing to do */
    assert_int_equal(keyring_reseal(s->keys, &mine, &other), 0);
    assert_int_equal(keyring_reseal(s->keys, &mine, NULL), KEYRING_OTHER_MASTER);
    assert_int_equal(keyring_reseal(s->keys, &other, NULL), 0);
    assert_int_equal(keyring_reseal(s->keys, &other, NULL), 0);
    assert_int_equal(keyring_reload(s->keyring), 0);
    assert_int_equal(keyring_by_id(s->keyring, KEY_REFRESH, before.id, &after), 0);
    assert_true(same_key(&before, &after));
}

/* A crash in the middle leaves files of both kinds. */
static void resealing_goes_on_after_a_crash(void **state)
{
    struct scratch *s = *state;
    struct keyring_master from = make_master(), to = make_master();
    struct keyring *again = NULL;
    char lookup[512], away[512];

    assert_int_equal(keyring_reseal(s->keys, NULL, &from), 0);
    snprintf(lookup, sizeof(lookup), "%s/lookup.key", s->keys);
    snprintf(away, sizeof(away), "%s/away", s->keys);
    assert_int_equal(link(lookup, away), 0);
    assert_int_equal(keyring_reseal(s->keys, &from, &to), 0);
    assert_int_equal(rename(away, lookup), 0);
    assert_int_equal(keyring_open_under(s->keys, &to, &again), KEYRING_OTHER_MASTER);
    assert_int_equal(keyring_open_under(s->keys, &from, &again), KEYRING_OTHER_MASTER);
    assert_int_equal(keyring_reseal(s->keys, &from, &to), 0);
    assert_int_equal(keyring_open_under(s->keys, &to, &again), 0);
    keyring_free(again);
}

/* What is sealed is bound to the rest of its file, and no bit of it may change. */
static void sealed_files_cannot_be_changed(void **state)
{
    struct scratch *s = *state;
    struct keyring_master master = make_master();
    struct keyring *again = NULL;
    char path[512], text[1024] = "";
    FILE *file;
    size_t n;

    assert_int_equal(keyring_reseal(s->keys, NULL, &master), 0);
    snprintf(path, sizeof(path), "%s/lookup.key", s->keys);
    file = fopen(path, "r");
    assert_non_null(file);
    n = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    for (size_t i = 0; i < n; i++) {
        char was = text[i];
        text[i] = was == '0' ? '1' : '0';
        write_file(s, "lookup.key", text);
        assert_int_not_equal(keyring_open_under(s->keys, &master, &again), 0);
        text[i] = was;
    }
    write_file(s, "lookup.key", text);
    assert_int_equal(keyring_open_under(s->keys, &master, &again), 0);
    keyring_free(again);
}

int main(void)
{
#define WITH_KEYS(test) cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)
    const struct CMUnitTest tests[] = {
        WITH_KEYS(masters_seal_every_file),
        WITH_KEYS(resealing_goes_on_after_a_crash),
        WITH_KEYS(sealed_files_cannot_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
