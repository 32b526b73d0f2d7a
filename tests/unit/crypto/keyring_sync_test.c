/* A key that was made is on the disk before anything is sealed or signed with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/sync_seen.h"

#include "tests/unit/crypto/scratch.h"

static void a_new_keyring_is_synced_whole(void **state)
{
    struct scratch *s = *state;

    sync_check_all(s->folder);
}

static void a_rotated_key_is_synced(void **state)
{
    struct scratch *s = *state;
    struct keyring_key key;
    char path[80], text[KEYRING_ID_TEXT];

    sync_forget();
    assert_int_equal(keyring_rotate(s->keyring, 0), 0);
    assert_true(sync_was_seen(s->keys));
    keyring_active(s->keyring, KEY_TOKEN, &key);
    snprintf(path, sizeof(path), "%s/%s.key", s->keys, keyring_id_format(key.id, text));
    assert_true(sync_was_seen(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_keyring_is_synced_whole, scratch_begin, scratch_end),
        cmocka_unit_test_setup_teardown(a_rotated_key_is_synced, scratch_begin, scratch_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
