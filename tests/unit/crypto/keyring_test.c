#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
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

static void first_run_leaves_private_files(void **state)
{
    struct scratch *s = *state;
    struct keyring_entry entries[4];
    char path[512], id[KEYRING_ID_TEXT];
    struct stat st;

    assert_int_equal(keyring_list(s->keyring, entries, 4), 1);
    assert_true(entries[0].active);
    assert_int_equal(stat(s->keys, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    snprintf(path, sizeof(path), "%s/%s.key", s->keys, keyring_id_format(entries[0].id, id));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(path, sizeof(path), "%s/lookup.key", s->keys);
    assert_int_equal(stat(path, &st), 0);
    snprintf(path, sizeof(path), "%s.new", s->keys);
    assert_int_not_equal(stat(path, &st), 0);
}

static void keys_survive_a_restart(void **state)
{
    struct scratch *s = *state;
    struct keyring_key before, after;
    struct keyring *again;

    keyring_active(s->keyring, KEY_TOKEN, &before);
    assert_int_equal(keyring_open(s->keys, &again), 0);
    keyring_active(again, KEY_TOKEN, &after);
    assert_true(same_key(&before, &after));
    keyring_free(again);
}

static void purposes_have_keys_of_their_own(void **state)
{
    struct scratch *s = *state;
    static const enum keyring_purpose purposes[] = {
#define X(name, value) name,
        KEYRING_PURPOSES(X)
#undef X
    };
    struct keyring_key a, b;

    for (size_t i = 0; i < sizeof(purposes) / sizeof(*purposes); i++) {
        for (size_t j = 0; j < i; j++) {
            keyring_active(s->keyring, purposes[i], &a);
            keyring_active(s->keyring, purposes[j], &b);
            assert_memory_not_equal(a.bytes, b.bytes, sizeof(a.bytes));
        }
    }
}

static void rotation_keeps_old_keys_for_reading(void **state)
{
    struct scratch *s = *state;
    struct keyring_key old, fresh, found, lookup, lookup_after;
    struct keyring_entry entries[4];
    uint8_t tag[MAC_TAG];

    keyring_active(s->keyring, KEY_CURSOR, &old);
    keyring_active(s->keyring, KEY_LOOKUP, &lookup);
    mac_tag(s->keyring, KEY_CURSOR, "page", 4, tag);
    assert_int_equal(keyring_rotate(s->keyring, 0), 0);
    keyring_active(s->keyring, KEY_CURSOR, &fresh);
    keyring_active(s->keyring, KEY_LOOKUP, &lookup_after);
    assert_false(same_key(&old, &fresh));
    assert_true(same_key(&lookup, &lookup_after));
    assert_int_equal(keyring_by_id(s->keyring, KEY_CURSOR, old.id, &found), 0);
    assert_true(same_key(&old, &found));
    assert_int_equal(keyring_by_id(s->keyring, KEY_CURSOR, old.id ^ fresh.id ^ 1, &found),
                     KEYRING_ABSENT);
    assert_int_equal(keyring_by_id(s->keyring, KEY_LOOKUP, old.id, &found), KEYRING_ABSENT);
    assert_int_equal(keyring_by_id(s->keyring, KEY_LOOKUP, lookup.id, &found), 0);
    assert_int_equal(mac_check(s->keyring, KEY_CURSOR, "page", 4, tag), 0);

    assert_int_equal(keyring_list(s->keyring, entries, 4), 2);
    assert_true(entries[0].active && entries[0].id == fresh.id);
    assert_false(entries[1].active);
    assert_true(entries[0].created_ms > entries[1].created_ms);
}

static void tags_are_bound_to_words_purpose_and_key(void **state)
{
    struct scratch *s = *state;
    uint8_t tag[MAC_TAG];

    mac_tag(s->keyring, KEY_URL, "blob", 4, tag);
    assert_int_equal(mac_check(s->keyring, KEY_URL, "blob", 4, tag), 0);
    assert_int_equal(mac_check(s->keyring, KEY_URL, "blot", 4, tag), MAC_FORGED);
    assert_int_equal(mac_check(s->keyring, KEY_CURSOR, "blob", 4, tag), MAC_FORGED);
    for (size_t i = 0; i < MAC_TAG; i++) {
        tag[i] ^= 1;
        assert_int_equal(mac_check(s->keyring, KEY_URL, "blob", 4, tag), MAC_FORGED);
        tag[i] ^= 1;
    }
}

static void lookup_ids_outlive_everything(void **state)
{
    struct scratch *s = *state;
    struct id phone = mac_lookup_id(s->keyring, "login.phone", "0912345678", 10);
    struct id other_kind = mac_lookup_id(s->keyring, "login.card", "0912345678", 10);
    struct id other_value = mac_lookup_id(s->keyring, "login.phone", "0912345679", 10);
    struct id again, elsewhere;
    struct keyring *other;
    char folder[64];

    assert_false(id_equal(&phone, &other_kind));
    assert_false(id_equal(&phone, &other_value));
    assert_int_equal(keyring_rotate(s->keyring, 0), 0);
    again = mac_lookup_id(s->keyring, "login.phone", "0912345678", 10);
    assert_true(id_equal(&phone, &again));

    snprintf(folder, sizeof(folder), "%s/other", s->folder);
    assert_int_equal(keyring_open(folder, &other), 0);
    elsewhere = mac_lookup_id(other, "login.phone", "0912345678", 10);
    assert_false(id_equal(&phone, &elsewhere));
    keyring_free(other);
    scratch_empty(folder);
}

/* Known at once, and used when its time has come. */
static void a_new_key_waits(void **state)
{
    struct scratch *s = *state;
    struct keyring_key before, now, found;
    struct keyring_entry entries[3];
    struct es256 *pair;
    uint32_t id;

    keyring_active(s->keyring, KEY_PERSON_WRAP, &before);
    assert_int_equal(keyring_rotate(s->keyring, 60000), 0);
    assert_int_equal(keyring_list(s->keyring, entries, 3), 2);
    assert_false(entries[0].active);
    assert_true(entries[1].active && entries[1].id == before.id);
    assert_int_equal(entries[0].until_ms, 0);
    assert_int_equal(entries[1].until_ms, entries[0].active_ms);
    assert_int_equal(keyring_by_id(s->keyring, KEY_PERSON_WRAP, entries[0].id, &found), 0);
    assert_int_equal(keyring_pair_by_id(s->keyring, entries[0].id, &pair), 0);
    es256_free(pair);
    keyring_active(s->keyring, KEY_PERSON_WRAP, &now);
    assert_true(same_key(&before, &now));
    clock_advance_ms(59000);
    keyring_active(s->keyring, KEY_PERSON_WRAP, &now);
    assert_true(same_key(&before, &now));
    clock_advance_ms(2000);
    keyring_active(s->keyring, KEY_PERSON_WRAP, &now);
    assert_true(same_key(&found, &now));
    keyring_pair_active(s->keyring, &id, &pair);
    es256_free(pair);
    assert_int_equal(id, now.id);
    assert_int_equal(keyring_rotate(s->keyring, 60000), 0);
    assert_int_equal(keyring_rotate(s->keyring, 0), 0); /* one that need not wait goes before */
    keyring_list(s->keyring, entries, 3);
    assert_true(entries[1].active);
    keyring_active(s->keyring, KEY_PERSON_WRAP, &before);
    assert_int_equal(before.id, entries[1].id);
    assert_int_not_equal(before.id, now.id);
}

/* It opens what it sealed, and nothing that it signed or tagged passes. */
static void a_distrusted_key_only_opens(void **state)
{
    struct scratch *s = *state;
    struct keyring_key old, found, fresh;
    struct keyring_entry entries[3];
    struct keyring *again;
    struct es256 *pair;
    uint8_t tag[MAC_TAG];

    keyring_active(s->keyring, KEY_PERSON_WRAP, &old);
    mac_tag(s->keyring, KEY_REFRESH, "x", 1, tag);
    assert_int_equal(keyring_rotate(s->keyring, 3600000),
                     0); /* one that waits is an older one too */
    assert_int_equal(keyring_distrust(s->keyring), 0);
    assert_int_equal(mac_check(s->keyring, KEY_REFRESH, "x", 1, tag), MAC_FORGED);
    assert_int_equal(keyring_by_id(s->keyring, KEY_PERSON_WRAP, old.id, &found), 0);
    assert_true(same_key(&old, &found));
    assert_int_equal(keyring_pair_by_id(s->keyring, old.id, &pair), KEYRING_ABSENT);
    assert_int_equal(keyring_open(s->keys, &again), 0); /* so it stands in the files */
    assert_int_equal(keyring_list(again, entries, 3), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(entries[i].distrusted != entries[i].active &&
                    (!entries[i].active || entries[i].until_ms == 0));
    clock_advance_ms(3600001);
    keyring_active(again, KEY_TOKEN, &fresh); /* nor does the one that waited come to be used */
    for (size_t i = 0; i < 3; i++)
        assert_true(!entries[i].active || entries[i].id == fresh.id);
    mac_tag(again, KEY_REFRESH, "x", 1, tag);
    assert_int_equal(mac_check(again, KEY_REFRESH, "x", 1, tag), 0);
    keyring_free(again);
}

static void following_reads_what_changed(void **state)
{
    struct scratch *s = *state;
    struct keyring_entry entries[3];
    struct keyring *other;
    bool read = true;

    assert_int_equal(keyring_follow(s->keyring, &read), 0);
    assert_false(read);
    assert_int_equal(keyring_open(s->keys, &other), 0);
    assert_int_equal(keyring_rotate(other, 0), 0);
    keyring_free(other);
    assert_int_equal(keyring_follow(s->keyring, &read), 0);
    assert_true(read);
    assert_int_equal(keyring_list(s->keyring, entries, 3), 2);
    assert_int_equal(keyring_follow(s->keyring, &read), 0);
    assert_false(read);
}

static void reload_sees_another_process(void **state)
{
    struct scratch *s = *state;
    struct keyring_key here, there;
    struct keyring *other;

    assert_int_equal(keyring_open(s->keys, &other), 0);
    assert_int_equal(keyring_rotate(other, 0), 0);
    keyring_active(other, KEY_TOKEN, &there);
    keyring_active(s->keyring, KEY_TOKEN, &here);
    assert_false(same_key(&here, &there));
    assert_int_equal(keyring_reload(s->keyring), 0);
    keyring_active(s->keyring, KEY_TOKEN, &here);
    assert_true(same_key(&here, &there));
    keyring_free(other);
}

static void damage_is_told_and_old_keys_stay(void **state)
{
    struct scratch *s = *state;
    struct keyring_key before, after;
    struct keyring *again = NULL;
#define HEAD "tram-key 2\nid 01020304\ncreated 2026-01-01T00:00:00Z\n"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
    static const char *const bad[] = {
        "",
        "tram-key 2\nid 01020304\n",
        "tram-key 3\nid 01020304\ncreated 2026-01-01T00:00:00Z\nactive "
        "2026-01-01T00:00:00Z\nsecret " ZEROS "\n",
        "tram-key 2\nid 01020305\ncreated 2026-01-01T00:00:00Z\nactive "
        "2026-01-01T00:00:00Z\nsecret " ZEROS "\n",
        HEAD "active 2026-01-01T00:00:00Z\nsecret 00\n",
        HEAD "active always\nsecret " ZEROS "\n",
        HEAD "active always distrusted\nsecret " ZEROS "\n",
        HEAD "active soon\nsecret " ZEROS "\n",
        HEAD "active 2026-01-01T00:00:00Z\nsecret " ZEROS "\nmore\n",
        HEAD "active 2026-01-01T00:00:00Z\nsealed 0000000000000000 " ZEROS "\n",
        HEAD "active 2026-01-01T00:00:00Z\n",
    };

    keyring_active(s->keyring, KEY_TOKEN, &before);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        write_file(s, "01020304.key", bad[i]);
        assert_int_equal(keyring_open(s->keys, &again), E_CORRUPT);
        assert_int_equal(keyring_reload(s->keyring), E_CORRUPT);
        keyring_active(s->keyring, KEY_TOKEN, &after);
        assert_true(same_key(&before, &after));
    }
    write_file(s, "01020304.key", HEAD "active 2026-01-01T00:00:00Z\nsecret " ZEROS "\n");
    assert_int_equal(keyring_reload(s->keyring), 0);
    assert_int_equal(keyring_by_id(s->keyring, KEY_TOKEN, 0x01020304, &after), 0);
}

/* A new lookup key would orphan every login: better not to start. */
static void a_lost_file_is_not_made_anew(void **state)
{
    struct scratch *s = *state;
    struct keyring_entry entry;
    struct keyring *again = NULL;
    char path[512], away[512], id[KEYRING_ID_TEXT];

    snprintf(path, sizeof(path), "%s/lookup.key", s->keys);
    snprintf(away, sizeof(away), "%s/away", s->keys);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(keyring_open(s->keys, &again), E_CORRUPT);
    assert_int_equal(rename(away, path), 0);

    keyring_list(s->keyring, &entry, 1);
    snprintf(path, sizeof(path), "%s/%s.key", s->keys, keyring_id_format(entry.id, id));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keyring_open(s->keys, &again), E_CORRUPT);
}

static void an_open_folder_is_refused(void **state)
{
    struct scratch *s = *state;
    struct keyring *again = NULL;

    assert_int_equal(chmod(s->keys, 0750), 0);
    assert_int_equal(keyring_open(s->keys, &again), E_REFUSED);
    assert_int_equal(chmod(s->keys, 0700), 0);
}

/* What a crash in the first run leaves is thrown away; an empty folder counts as none. */
static void a_broken_first_run_begins_again(void **state)
{
    struct scratch *s = *state;
    struct scratch beside = {0};
    struct keyring *again;
    struct keyring_entry entries[2];
    char empty[40];

    snprintf(empty, sizeof(empty), "%s/empty", s->folder);
    snprintf(beside.keys, sizeof(beside.keys), "%s.new", empty);
    assert_int_equal(mkdir(empty, 0700), 0);
    assert_int_equal(mkdir(beside.keys, 0700), 0);
    write_file(&beside, "lookup.key", "torn");
    write_file(&beside, "0a0b0c0d.key", "torn");
    assert_int_equal(keyring_open(empty, &again), 0);
    assert_int_equal(keyring_list(again, entries, 2), 1);
    keyring_free(again);
    scratch_empty(empty);
    assert_int_equal(keyring_open("/nonexistent/keys", &again), E_IO);
}

struct readers {
    struct keyring *keyring;
    atomic_bool stop;
    atomic_int faults;
};

static void *read_on(void *arg)
{
    struct readers *r = arg;
    uint8_t tag[MAC_TAG];

    while (!atomic_load(&r->stop)) {
        mac_tag(r->keyring, KEY_CURSOR, "x", 1, tag);
        if (mac_check(r->keyring, KEY_CURSOR, "x", 1, tag) != 0)
            atomic_fetch_add(&r->faults, 1);
    }
    return NULL;
}

static void readers_go_on_while_keys_rotate(void **state)
{
    struct scratch *s = *state;
    struct readers r = {.keyring = s->keyring};
    pthread_t threads[3];
    int rotated = 0, result = 0;

    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &r), 0);
    while ((result = keyring_rotate(s->keyring, 0)) == 0)
        rotated++;
    atomic_store(&r.stop, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(result, E_FULL);
    assert_int_equal(rotated, KEYRING_KEYS - 1);
    assert_int_equal(atomic_load(&r.faults), 0);
}

static void ids_have_one_text(void **state)
{
    (void)state;
    char text[KEYRING_ID_TEXT];
    uint32_t id;

    assert_string_equal(keyring_id_format(0x0a1b2c3d, text), "0a1b2c3d");
    assert_true(keyring_id_parse("0a1b2c3d", 8, &id));
    assert_int_equal(id, 0x0a1b2c3d);
    assert_false(keyring_id_parse("0A1B2C3D", 8, &id));
    assert_false(keyring_id_parse("0a1b2c3", 7, &id));
    assert_false(keyring_id_parse("0a1b2c3d4", 9, &id));
}

int main(void)
{
#define WITH_KEYS(test) cmocka_unit_test_setup_teardown(test, scratch_begin, scratch_end)
    const struct CMUnitTest tests[] = {
        WITH_KEYS(first_run_leaves_private_files),
        WITH_KEYS(keys_survive_a_restart),
        WITH_KEYS(purposes_have_keys_of_their_own),
        WITH_KEYS(rotation_keeps_old_keys_for_reading),
        WITH_KEYS(tags_are_bound_to_words_purpose_and_key),
        WITH_KEYS(lookup_ids_outlive_everything),
        WITH_KEYS(a_new_key_waits),
        WITH_KEYS(a_distrusted_key_only_opens),
        WITH_KEYS(following_reads_what_changed),
        WITH_KEYS(reload_sees_another_process),
        WITH_KEYS(damage_is_told_and_old_keys_stay),
        WITH_KEYS(a_lost_file_is_not_made_anew),
        WITH_KEYS(an_open_folder_is_refused),
        WITH_KEYS(a_broken_first_run_begins_again),
        WITH_KEYS(readers_go_on_while_keys_rotate),
        cmocka_unit_test(ids_have_one_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
