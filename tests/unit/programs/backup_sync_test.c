/* Who was told that there is a backup has one, also after a power cut; a restored folder likewise.
 */
#include "tests/unit/programs/world.h"

#include "programs/backup.h"
#include "tests/support/sync_seen.h"

static void a_backup_and_what_it_restores_are_synced_whole(void **state)
{
    struct world *w = *state;
    char backup[96], restored[96];
    const char *file = NULL;
    snprintf(backup, sizeof(backup), "%s/backup", w->folder);
    snprintf(restored, sizeof(restored), "%s/restored", w->folder);
    assert_int_equal(setting_put(w->stores.data, "calendar", "{}", 2, 1000), 0);
    sync_forget();
    assert_int_equal(backup_make(&w->stores, w->data, backup, world_tell, NULL), 0);
    sync_check_all(backup);
    assert_true(sync_was_seen(w->folder));
    sync_forget();
    assert_int_equal(backup_restore(backup, restored, world_tell, NULL, &w->arena, &file), 0);
    char blobs[128], keyring[128];
    snprintf(blobs, sizeof(blobs), "%s/blobs", restored);
    snprintf(keyring, sizeof(keyring), "%s/" STORES_KEYRING, restored);
    sync_check_files(blobs);
    sync_check_all(keyring);
    assert_true(sync_was_seen(w->folder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_backup_and_what_it_restores_are_synced_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
