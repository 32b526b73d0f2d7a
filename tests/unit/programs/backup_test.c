/* A backup restores to what was there, or says which file is not what was written. */
#include "tests/unit/programs/world.h"

#include "programs/backup.h"

#define CALENDAR                                                                                   \
    "{\"form\":1,\"years\":[2026,2026],\"weekdays\":[1],\"hours\":[[\"08:00\",\"12:00\"]],"        \
    "\"holidays\":[],\"working_days\":[]}"

static void make(struct world *w, char backup[96])
{
    snprintf(backup, 96, "%s/backup", w->folder);
    assert_int_equal(
        setting_put(w->stores.data, SETTING_CALENDAR, CALENDAR, strlen(CALENDAR), 1000), 0);
    world_load_demo(w);
    assert_int_equal(backup_make(&w->stores, w->data, backup, world_tell, NULL), 0);
}

static int restore(struct world *w, const char *backup, const char **ret_file)
{
    char target[96];
    snprintf(target, sizeof(target), "%s/restored", w->folder);
    return backup_restore(backup, target, world_tell, NULL, &w->arena, ret_file);
}

static void what_was_there_is_there_again(void **state)
{
    struct world *w = *state;
    char backup[96];
    const char *file = NULL;
    make(w, backup);
    struct staff before, after;
    struct id id = staff_id("leader.demo");
    assert_int_equal(staff_get(w->stores.data, &id, &w->arena, &before), 0);
    assert_int_equal(restore(w, backup, &file), 0);
    world_close(w);
    snprintf(w->data, sizeof(w->data), "%s/restored", w->folder);
    world_open(w);
    assert_int_equal(world_count(w, &staff_collection), 7);
    assert_int_equal(staff_get(w->stores.data, &id, &w->arena, &after), 0);
    assert_string_equal(before.password, after.password);
    uint8_t secret[TOTP_SECRET];
    assert_int_equal(staff_totp(w->stores.keyring, &after, secret), 0); /* the keyring came along */
    struct buf text;
    buf_init(&text, 4096);
    assert_int_equal(setting_read(w->stores.data, SETTING_CALENDAR, &text), 0);
    assert_string_equal(text.data, CALENDAR);
    buf_release(&text);
}

static void a_backup_never_lands_on_another(void **state)
{
    struct world *w = *state;
    char backup[96];
    const char *file = NULL;
    make(w, backup);
    assert_int_equal(backup_make(&w->stores, w->data, backup, world_tell, NULL), E_REFUSED);
    assert_int_equal(backup_restore(backup, w->data, world_tell, NULL, &w->arena, &file),
                     E_REFUSED);
}

/* One byte of the database is another. */
static void a_changed_file_is_named(void **state)
{
    struct world *w = *state;
    char backup[96], path[128];
    const char *file = NULL;
    make(w, backup);
    snprintf(path, sizeof(path), "%s/store/tram.db", backup);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    fseek(f, 5000, SEEK_SET);
    int c = fgetc(f);
    fseek(f, 5000, SEEK_SET);
    fputc(c ^ 1, f);
    fclose(f);
    assert_int_equal(restore(w, backup, &file), E_CORRUPT);
    assert_string_equal(file, "store/tram.db");
}

static void a_file_too_many_is_refused(void **state)
{
    struct world *w = *state;
    char backup[96], path[128];
    const char *file = NULL;
    make(w, backup);
    snprintf(path, sizeof(path), "%s/keyring/00000000.key", backup);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(restore(w, backup, &file), E_CORRUPT);
    assert_string_equal(file, "SHA256SUMS");
}

static void a_list_may_not_lead_elsewhere(void **state)
{
    struct world *w = *state;
    char backup[96], path[128];
    const char *file = NULL;
    make(w, backup);
    snprintf(path, sizeof(path), "%s/SHA256SUMS", backup);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%064d  store/../../escaped\n", 0);
    fclose(f);
    assert_int_equal(restore(w, backup, &file), E_CORRUPT);
    assert_string_equal(file, "store/../../escaped");
    snprintf(path, sizeof(path), "%s/escaped", w->folder);
    assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(what_was_there_is_there_again), WORLD_TEST(a_backup_never_lands_on_another),
        WORLD_TEST(a_changed_file_is_named),       WORLD_TEST(a_file_too_many_is_refused),
        WORLD_TEST(a_list_may_not_lead_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
