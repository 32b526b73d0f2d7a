/* A number for an account that an e-ID began, and what is noted of persons now and then. */
#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "domain/person/merge.h"
#include "domain/person/private.h"
#include "domain/person/sign_in.h"

struct adding {
    const uint8_t *key;
    const struct phone_sign_in *in;
};

static int add(struct person *person, struct arena *a, void *ctx)
{
    const struct adding *t = ctx;
    person_remember(person, &t->in->proof->device, t->in->now_ms, a);
    person->seen_ms = t->in->now_ms;
    person->revision++;
    return person_seal(t->key, &person->id, "person.phone", t->in->proof->phone, a, &person->phone);
}

/* Who else comes with the number: merged where they can only be the same, else left alone. */
static int reconcile(const struct people *p, const struct id *person, const struct id *other,
                     const struct phone_sign_in *in, struct arena *a, struct signed_in *ret)
{
    struct person before;
    if (id_is_nil(other))
        return 0;
    int done = person_get(p, other, a, &before);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    if (id_equal(&before.id, person))
        return 0;
    if (before.card.n > 0) {
        ret->lost = before.id;
        return 0;
    }
    if (in->now_ms - before.seen_ms >= in->silent_ms)
        return 0;
    ret->old = before.id;
    ret->work = true;
    return person_merge(p, &before.id, person, in->now_ms, a);
}

int person_add_phone(const struct people *p, const struct id *person,
                     const struct phone_sign_in *in, struct arena *a, struct signed_in *ret)
{
    struct id id = login_phone_id(p, in->proof->phone);
    struct login login = {0};
    uint8_t key[SEAL_KEY];
    struct adding t = {key, in};
    *ret = (struct signed_in){0};
    int done = login_get(p, &id, a, &login);
    if (done == STORE_ABSENT)
        done = 0;
    /* Merged before the number moves: whoever it found is found by way of it until then. */
    if (done == 0)
        done = reconcile(p, person, &login.person, in, a, ret);
    if (done == 0)
        done = reconcile(p, person, &login.fresh, in, a, ret);
    if (done == 0)
        done = login_point(p, &id, person, in->now_ms);
    if (done == 0)
        done = person_key_get(p, person, key);
    if (done == 0)
        done = person_change(p, person, STORE_ANY_REVISION, add, &t);
    bytes_wipe(key, sizeof(key));
    return done == 0 ? person_get(p, person, a, &ret->person) : done;
}

/* --- now and then ----------------------------------------------------------------------------- */

static int note_seen(struct person *person, struct arena *a, void *ctx)
{
    const int64_t *now_ms = ctx;
    (void)a;
    if (*now_ms - person->seen_ms < CLOCK_DAY_MS)
        return STORE_UNCHANGED;
    person->seen_ms = *now_ms;
    return 0;
}

int person_seen(const struct people *p, const struct id *person, int64_t now_ms)
{
    int done = person_change(p, person, STORE_ANY_REVISION, note_seen, &now_ms);
    return done < 0 ? done : 0;
}

static int forget(struct person *person, struct arena *a, void *ctx)
{
    (void)a, (void)ctx;
    person->devices = (struct entity_list){0};
    person->revision++;
    return 0;
}

int person_forget_devices(const struct people *p, const struct id *person)
{
    return person_change(p, person, STORE_ANY_REVISION, forget, NULL);
}

int person_sweep(const struct people *p, int64_t now_ms, size_t max, size_t *ret_removed)
{
    struct arena a;
    struct store_page page;
    struct store_range past = {.has_high = true, .high = store_int(now_ms)};
    struct store_condition expired = {
        .field = "expires", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &expired,
                            .n_conditions = 1,
                            .order = "expires",
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    arena_init(&a);
    *ret_removed = 0;
    int done = store_scan(p->store, &person_collection, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct id id;
        if (!store_document_id(page.docs[i], &id))
            continue;
        int removed = store_remove(p->store, &person_collection, &id, store_version(page.docs[i]));
        if (removed == 0)
            removed = store_remove(p->keys, &person_key_collection, &id, -1);
        *ret_removed += removed == 0;
        done = removed < 0 ? removed : 0;
    }
    arena_release(&a);
    return done;
}
