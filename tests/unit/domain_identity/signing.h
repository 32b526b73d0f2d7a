/*
 * What tests of signing in share: a ground with faults under the data, and coming by phone or by
 * card. Included once by each test program.
 */
#pragma once

#include <stdio.h>

#include "domain/person/merge.h"
#include "domain/person/sign_in.h"
#include "tests/support/faulty.h"
#include "tests/unit/domain_identity/people.h"

#include "tests/support/faulty.c"

#define PHONE "+84912345678"
#define CARD "096190123456"
#define OTHER_CARD "096085000001"
#define SILENT (90 * DAY)

static struct ground g;
static struct store_driver *faulty;

/* As ground_begin, with faults under the data. */
static int set_up(void **state)
{
    (void)state;
    ground_begin(&g, false);
    store_free(g.store);
    model_disk_free(g.data_disk);
    g.data_disk = model_disk_new();
    faulty = faulty_open(model_open(g.data_disk));
    ground_store(faulty, people_collections, ARRAY_LEN(people_collections), &g.store);
    g.people.store = g.store;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ground_end(&g);
    return 0;
}

static int by_phone(const char *device, const struct id *unproven, struct signed_in *ret)
{
    struct otp_proof proof = {.phone = PHONE, .device = person_device_id(&g.people, device)};
    if (unproven)
        proof.unproven = *unproven;
    struct phone_sign_in in = {
        .proof = &proof, .language = "vi", .silent_ms = SILENT, .now_ms = g.now_ms};
    return person_sign_in(&g.people, &in, &g.arena, ret);
}

static int by_card(const char *card, const struct id *link, const char *device,
                   struct signed_in *ret)
{
    struct card_sign_in in = {.card = card,
                              .name = "Lê Thị An",
                              .birth = "1990",
                              .level = LEVEL_TWO,
                              .device = person_device_id(&g.people, device),
                              .language = "vi",
                              .now_ms = g.now_ms};
    if (link)
        in.link = *link;
    return person_sign_in_by_card(&g.people, &in, &g.arena, ret);
}

static struct id phone_person(const char *device)
{
    struct signed_in in;
    assert_int_equal(by_phone(device, NULL, &in), 0);
    return in.person.id;
}

static struct id card_person(const char *card)
{
    struct signed_in in;
    assert_int_equal(by_card(card, NULL, NULL, &in), 0);
    return in.person.id;
}

static struct id same_as(const struct id *id)
{
    struct person person;
    assert_int_equal(person_get(&g.people, id, &g.arena, &person), 0);
    return person.id;
}

static bool equal(struct id a, struct id b)
{
    return id_equal(&a, &b);
}
#define assert_same(a, b) assert_true(equal(a, b))
#define assert_other(a, b) assert_false(equal(a, b))

/* What a person owns: sessions stand for all of it. */
static int move_sessions(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                         struct arena *a, bool *ret_more)
{
    struct id *changed = NULL;
    size_t n = 0;
    *ret_more = false;
    return session_reown(ctx, from, into, now_ms, a, &changed, &n);
}

static const struct person_mover mover_rows[] = {{"sessions", move_sessions}, {0}};

static int sweep(void)
{
    const struct person_movers movers = {mover_rows, g.store};
    return person_move_due(&g.people, &movers, g.now_ms, 50);
}
