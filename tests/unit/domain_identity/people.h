/* People for the tests of identity: two stores (data, and keys apart) and a keyring. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/export/export.h"
#include "domain/identity/session.h"
#include "domain/person/key.h"
#include "domain/person/person.h"
#include "domain/person/ring.h"
#include "domain/staff/account.h"
#include "domain/staff/passkey.h"
#include "store/sqlite/sqlite.h"
#include "tests/support/model.h"
#include "tests/unit/crypto/scratch.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NOON (INT64_C(1772427600000)) /* 2 March 2026, 12:00 in +07:00 */

static const struct store_collection *const people_collections[] = {
    &person_collection,       &login_collection,   &otp_collection,          &limit_collection,
    &session_collection,      &staff_collection,   &consent_collection,      &staff_act_collection,
    &staff_admins_collection, &passkey_collection, &passkey_flow_collection, &export_collection};
static const struct store_collection *const key_collections[] = {&person_key_collection,
                                                                 &ring_collection};

struct ground {
    struct scratch *scratch;
    struct model_disk *data_disk, *key_disk;
    struct store *store, *keys;
    struct people people;
    struct session_settings sessions;
    struct arena arena;
    int64_t now_ms;
};

static inline void ground_store(struct store_driver *driver,
                                const struct store_collection *const *collections, size_t n,
                                struct store **ret)
{
    const char *fault = NULL;
    assert_int_equal(store_new(driver, collections, n, &fault, ret), 0);
}

static inline int ground_begin(struct ground *g, bool sqlite)
{
    struct store_driver *driver = NULL;
    void *scratch = NULL;
    *g = (struct ground){.now_ms = NOON};
    arena_init(&g->arena);
    assert_int_equal(scratch_begin(&scratch), 0);
    g->scratch = scratch;
    if (sqlite) {
        char folder[64];
        snprintf(folder, sizeof(folder), "%s/data", g->scratch->folder);
        struct sqlite_options o = {.folder = folder, .readers = 2};
        assert_int_equal(
            sqlite_open(&o, people_collections, ARRAY_LEN(people_collections), &driver), 0);
    } else {
        g->data_disk = model_disk_new();
        driver = model_open(g->data_disk);
    }
    ground_store(driver, people_collections, ARRAY_LEN(people_collections), &g->store);
    g->key_disk = model_disk_new();
    ground_store(model_open(g->key_disk), key_collections, ARRAY_LEN(key_collections), &g->keys);
    g->people = (struct people){g->store, g->keys, g->scratch->keyring};
    g->sessions = (struct session_settings){.keys = g->scratch->keyring,
                                            .parties = {"https://tram.test", "tram"},
                                            .access_ms = 15 * MINUTE,
                                            .citizen_ms = 90 * DAY,
                                            .staff_ms = 12 * HOUR};
    return 0;
}

static inline void ground_remove_data(const struct ground *g)
{
    char command[128];
    snprintf(command, sizeof(command), "%s/data", g->scratch->folder);
    char blobs[160];
    snprintf(blobs, sizeof(blobs), "%s/blobs", command);
    scratch_empty(blobs);
    scratch_empty(command);
}

static inline void ground_end(struct ground *g)
{
    void *scratch = g->scratch;
    store_free(g->store);
    store_free(g->keys);
    ground_remove_data(g);
    model_disk_free(g->data_disk);
    model_disk_free(g->key_disk);
    arena_release(&g->arena);
    scratch_end(&scratch);
}
