/*
 * A small province for the tests of push: a portal, one agency with a webhook, its staff, a person,
 * and a store in memory whose writes can be made to fail.
 */
#pragma once

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/crypto/seal.h"
#include "base/result.h"
#include "domain/identity/limit.h"
#include "domain/mandate/mandate.h"
#include "domain/roster/alarm.h"
#include "push/private.h"
#include "push/webhook.h"
#include "store/lease.h"
#include "tests/support/model.h"
#include "tests/unit/crypto/scratch.h"

/* The model is no part of a floor: each of these test programs carries it. */
#include "tests/support/model.c"
#include "tests/support/model_scan.c"
#define find find_blob
#include "tests/support/model_blob.c"
#undef find

#include "tests/unit/push/trouble.h"

#define PORTAL "CMU.IOC"
#define AGENCY "H12.01"
#define LEADER_PHONE "+84912345678"

static const struct store_collection *const fixture_collections[] = {
    &report_collection, &report_public_collection, &report_fact_collection,  &delivery_collection,
    &staff_collection,  &agency_collection,        &category_collection,     &rule_collection,
    &limit_collection,  &lease_collection,         &organisation_collection, &mandate_collection,
    &roster_collection, &alarm_collection};

struct fixture {
    struct scratch *scratch;
    struct model_disk *disk;
    struct store *store;
    struct catalogue_holder *catalogue;
    struct calendar_holder *calendar;
    struct config *config;
    struct http_client *http;
    struct webhook_secret secret;
    struct report_settings report;
    struct push_kind kinds[2]; /* the second ends them */
    struct push *push;
    struct id owner, officer, leader, dispatcher;
    struct arena arena;
    struct buf heard; /* what the sink was told */
    int n_heard;
};

static inline void fixture_hear(void *ctx, const struct id *recipient, const char *wire, size_t n)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* the dispatcher has many threads */
    struct fixture *f = ctx;
    char id[ID_TEXT];
    pthread_mutex_lock(&lock);
    buf_printf(&f->heard, "to: %s\n", id_format(recipient, id));
    buf_add(&f->heard, wire, n);
    f->n_heard++;
    pthread_mutex_unlock(&lock);
}

/* Sets TRAM_… variables in pairs, ended by NULL, and reads them. */
static inline void fixture_configure(struct fixture *f, const char *const *pairs)
{
    static const struct config_key *const tables[] = {push_config};
    struct buf faults;
    buf_init(&faults, 4096);
    for (size_t i = 0; pairs && pairs[i]; i += 2)
        setenv(pairs[i], pairs[i + 1], 1);
    setenv("TRAM_PUSH_WORKERS", "4", 1);
    setenv("TRAM_PUSH_SENDERS", "2", 1);
    config_free(f->config);
    int done = config_load(tables, 1, NULL, &f->config, &faults);
    if (done != 0)
        fprintf(stderr, "%s\n", faults.data);
    assert_int_equal(done, 0);
    for (size_t i = 0; pairs && pairs[i]; i += 2)
        unsetenv(pairs[i]);
    buf_release(&faults);
}

static inline struct push_options fixture_options(struct fixture *f)
{
    f->kinds[0] = (struct push_kind){.kept = &report_kept, .settings = &f->report};
    return (struct push_options){.config = f->config,
                                 .store = f->store,
                                 .keys = f->scratch->keyring,
                                 .catalogue = f->catalogue,
                                 .calendar = f->calendar,
                                 .kinds = f->kinds,
                                 .http = f->http,
                                 .demo = true,
                                 .sink = fixture_hear,
                                 .sink_ctx = f};
}

/* A push as after a start of the program: nothing is remembered but what is stored. */
static inline void fixture_push(struct fixture *f)
{
    struct push_options o = fixture_options(f);
    push_free(f->push);
    f->push = NULL;
    assert_int_equal(push_new(&o, &f->push), 0);
}

/* An account without the cost of a password. */
static inline struct id fixture_staff(struct fixture *f, const char *user, const char *agency,
                                      int role, const char *phone)
{
    struct staff staff = {.id = staff_id(user),
                          .user = user,
                          .name = user,
                          .role = role,
                          .agency = agency,
                          .password = "none",
                          .active = true,
                          .revision = 1};
    uint8_t sealed[64 + SEAL_KEYRING_OVERHEAD];
    if (phone) {
        struct seal_about about = {"staff.phone", staff.id};
        assert_int_equal(
            seal_by_keyring(f->scratch->keyring, KEY_SECRET, &about, phone, strlen(phone), sealed),
            0);
        staff.phone = (struct entity_bytes){sealed, strlen(phone) + SEAL_KEYRING_OVERHEAD};
    }
    bson_t *body = bson_new();
    struct store_write w = store_write_fresh();
    assert_int_equal(entity_encode(&staff_entity, &staff, NULL, &f->arena, body), 0);
    assert_int_equal(store_create(f->store, &staff_collection, &staff.id, &w, body, NULL), 0);
    bson_destroy(body);
    return staff.id;
}

static inline void fixture_agency(struct fixture *f, const char *code, int kind, const char *url)
{
    struct agency row = {
        .code = code, .name = "Sở Xây dựng", .kind = kind, .webhook_url = url, .active = true};
    if (url)
        assert_int_equal(
            webhook_key_seal(f->scratch->keyring, code, &f->secret, &f->arena, &row.webhook_key),
            0);
    assert_true(agency_put(f->store, &row) >= 0);
}

static inline int fixture_begin(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_int_equal(scratch_begin((void **)&f->scratch), 0);
    arena_init(&f->arena);
    buf_init(&f->heard, 1 << 20);
    f->disk = model_disk_new();
    const char *fault = NULL;
    assert_int_equal(store_new(trouble_over(model_open(f->disk)), fixture_collections,
                               ARRAY_LEN(fixture_collections), &fault, &f->store),
                     0);
    webhook_secret_new(&f->secret);
    fixture_agency(f, PORTAL, AGENCY_DISPATCHER, NULL);
    fixture_agency(f, AGENCY, AGENCY_DEPARTMENT, NULL);
    f->owner = id_v4();
    f->officer = fixture_staff(f, "lan", AGENCY, STAFF_OFFICER, NULL);
    f->leader = fixture_staff(f, "hung", AGENCY, STAFF_LEADER, LEADER_PHONE);
    f->dispatcher = fixture_staff(f, "portal", PORTAL, STAFF_DISPATCHER, NULL);
    struct calendar *plain = NULL;
    assert_int_equal(calendar_plain(&plain), 0);
    assert_int_equal(calendar_holder_new(plain, &f->calendar), 0);
    assert_int_equal(catalogue_holder_new(f->store, &f->catalogue), 0);
    f->report = (struct report_settings){.dispatch = {7200000, 43200000},
                                         .response = {14400000, 86400000},
                                         .supply_ms = 259200000,
                                         .review_ms = 604800000,
                                         .extend_ms = 1296000000,
                                         .warn_share = 25};
    const char *const pairs[] = {"TRAM_SMS_TRANSPORT", "none", NULL};
    fixture_configure(f, pairs);
    fixture_push(f);
    *state = f;
    return 0;
}

static inline int fixture_end(void **state)
{
    struct fixture *f = *state;
    push_free(f->push);
    http_client_free(f->http);
    config_free(f->config);
    catalogue_holder_free(f->catalogue);
    calendar_holder_free(f->calendar);
    store_free(f->store);
    model_disk_free(f->disk);
    buf_release(&f->heard);
    arena_release(&f->arena);
    scratch_end((void **)&f->scratch);
    free(f);
    return 0;
}

static inline struct case_world fixture_world(struct fixture *f, struct calendar *c)
{
    return (struct case_world){
        .calendar = c, .settings = &f->report, .now_ms = clock_now_ms(), .dispatcher = PORTAL};
}

static inline struct id fixture_file(struct fixture *f, const char *key, bool emergency)
{
    struct calendar *c = calendar_current(f->calendar);
    struct case_world w = fixture_world(f, c);
    struct report_draft d = {.owner = f->owner,
                             .actor = f->owner,
                             .category = "road",
                             .text = "Ổ gà trước cổng trường",
                             .place = PLACE_CHOICE,
                             .agency = AGENCY,
                             .emergency = emergency};
    struct report r;
    assert_int_equal(report_file(f->store, &d, key, "x", 1, &w, &f->arena, &r), 0);
    calendar_unref(c);
    return r.head.id;
}

static inline int fixture_act(struct fixture *f, const struct id *id, const char *verb,
                              const char *note)
{
    struct calendar *c = calendar_current(f->calendar);
    struct case_world w = fixture_world(f, c);
    struct report_act act = {
        .act = {.verb = verb, .by = f->officer, .office = AGENCY, .note = note},
        .actor = {.id = f->officer, .officer = true, .agency = AGENCY}};
    struct report r;
    int done = report_act(f->store, id, &act, NULL, &w, &f->arena, &r);
    calendar_unref(c);
    return done;
}

static inline struct report fixture_report(struct fixture *f, const struct id *id)
{
    bson_t *doc = NULL;
    struct report r;
    assert_int_equal(store_get(f->store, &report_collection, id, &doc), 0);
    assert_int_equal(report_decode(doc, &f->arena, &r), 0);
    bson_destroy(doc);
    return r;
}

/* Somebody's notices, oldest first. */
static inline size_t fixture_inbox(struct fixture *f, const struct id *who, struct delivery *ret,
                                   size_t cap)
{
    struct store_query q = {.limit = STORE_LIMIT_MAX};
    struct store_page page;
    assert_int_equal(push_inbox(f->store, who, &q, &f->arena, &page), 0);
    assert_true(page.n <= cap);
    for (size_t i = 0; i < page.n; i++)
        assert_int_equal(delivery_decode(page.docs[i], &f->arena, &ret[i]), 0);
    return page.n;
}

/* Deliveries of a channel in a state, wherever they stand. */
static inline size_t fixture_letters(struct fixture *f, int channel, int state,
                                     struct delivery *ret, size_t cap)
{
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    size_t n = 0;
    assert_int_equal(store_scan(f->store, &delivery_collection, &q, &f->arena, &page), 0);
    for (size_t i = 0; i < page.n; i++) {
        struct delivery d;
        assert_int_equal(delivery_decode(page.docs[i], &f->arena, &d), 0);
        if (d.channel == channel && d.state == state && n < cap)
            ret[n++] = d;
    }
    return n;
}
