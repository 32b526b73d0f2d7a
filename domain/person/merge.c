#include "domain/person/merge.h"

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "domain/person/private.h"

#define SWEEP_PAGES 20

/* --- deciding --------------------------------------------------------------------------------- */

struct merging {
    const struct id *into;
    int64_t now_ms;
};

static int decide(struct person *from, struct arena *a, void *ctx)
{
    const struct merging *m = ctx;
    (void)a;
    if (id_equal(&from->merged_into, m->into))
        return STORE_UNCHANGED;
    if (from->card.n > 0 || !id_is_nil(&from->merged_into))
        return PERSON_OTHER;
    from->merged_into = *m->into;
    from->merging_ms = m->now_ms;
    from->expires_ms = 0;
    from->revision++;
    return 0;
}

/* --- what the document itself holds ------------------------------------------------------------
 */

struct taking {
    const uint8_t *key; /* of who takes */
    const char *name, *phone;
    const struct person *from;
};

static int take(struct person *into, struct arena *a, void *ctx)
{
    const struct taking *t = ctx;
    const struct person_device *devices = t->from->devices.items;
    int done = 0;
    if (t->name && into->name.n == 0)
        done = person_seal(t->key, &into->id, "person.name", t->name, a, &into->name);
    if (done == 0 && t->phone)
        done = person_seal(t->key, &into->id, "person.phone", t->phone, a, &into->phone);
    for (size_t i = 0; i < t->from->devices.n; i++)
        person_remember(into, &devices[i].id, devices[i].seen_ms, a);
    if (into->seen_ms < t->from->seen_ms)
        into->seen_ms = t->from->seen_ms;
    into->revision++;
    return done;
}

static int empty(struct person *from, struct arena *a, void *ctx)
{
    (void)a, (void)ctx;
    from->name = from->phone = (struct entity_bytes){0};
    from->devices = (struct entity_list){0};
    return 0;
}

static bool has_fields(const struct person *from)
{
    return from->name.n > 0 || from->phone.n > 0 || from->devices.n > 0;
}

/* Name, number and devices; the number then finds who they are now. Emptied behind, so that it
 * happens once: a number that moves on later is not brought back. */
static int take_fields(const struct people *p, const struct person *from, const struct id *into,
                       int64_t now_ms, struct arena *a)
{
    struct taking t = {.from = from};
    int done = person_name(p, from, a, &t.name);
    if (done == 0)
        done = person_phone(p, from, a, &t.phone);
    if (done != 0)
        return done == PERSON_ERASED ? 0 : done;
    if (t.phone) {
        struct id login = login_phone_id(p, t.phone);
        done = login_point(p, &login, into, now_ms);
    }
    uint8_t key[SEAL_KEY];
    if (done == 0)
        done = person_key_get(p, into, key);
    if (done == 0) {
        t.key = key;
        done = person_change(p, into, STORE_ANY_REVISION, take, &t);
    }
    bytes_wipe(key, sizeof(key));
    return done == 0 ? person_change(p, &from->id, STORE_ANY_REVISION, empty, NULL) : done;
}

int person_merge(const struct people *p, const struct id *from, const struct id *into,
                 int64_t now_ms, struct arena *a)
{
    struct merging m = {into, now_ms};
    struct person person;
    if (id_equal(from, into))
        return 0;
    int done = person_change(p, from, STORE_ANY_REVISION, decide, &m);
    if (done != 0 && done != STORE_UNCHANGED)
        return done;
    done = person_read(p, from, a, &person);
    return done == 0 && has_fields(&person) ? take_fields(p, &person, into, now_ms, a) : done;
}

/* --- moving ----------------------------------------------------------------------------------- */

static int finish(struct person *person, struct arena *a, void *ctx)
{
    (void)a, (void)ctx;
    person->merging_ms = 0;
    return 0;
}

static int run(const struct person_movers *movers, const struct id *from, const struct id *into,
               int64_t now_ms, size_t pages, bool *ret_left)
{
    int done = 0;
    *ret_left = false;
    for (const struct person_mover *m = movers->items; m->what && done == 0; m++) {
        bool more = true;
        for (size_t i = 0; i < pages && more && done == 0; i++) {
            struct arena a;
            arena_init(&a);
            done = m->move(movers->ctx, from, into, now_ms, &a, &more);
            arena_release(&a);
        }
        *ret_left |= more;
    }
    return done;
}

static int move(const struct people *p, const struct person *from,
                const struct person_movers *movers, int64_t now_ms, size_t pages, struct arena *a)
{
    struct person into = *from;
    bool left = false;
    int done = id_is_nil(&from->merged_into) ? 0 : person_get(p, &from->merged_into, a, &into);
    bool merged = !id_equal(&from->id, &into.id);
    if (done == 0 && merged && has_fields(from))
        done = take_fields(p, from, &into.id, now_ms, a);
    if (done == 0)
        done = run(movers, &from->id, &into.id, now_ms, pages, &left);
    if (done != 0 || left || now_ms < from->merging_ms + MERGE_AGAIN_MS)
        return done;
    if (merged)
        done = store_remove(p->keys, &person_key_collection, &from->id, -1);
    if (done >= 0)
        done = person_change(p, &from->id, STORE_ANY_REVISION, finish, NULL);
    return done < 0 ? done : 0;
}

int person_move(const struct people *p, const struct id *from, const struct person_movers *movers,
                int64_t now_ms, size_t pages)
{
    struct arena a;
    struct person person;
    arena_init(&a);
    int done = person_read(p, from, &a, &person);
    if (done == 0 && person.merging_ms)
        done = move(p, &person, movers, now_ms, pages, &a);
    arena_release(&a);
    return done;
}

int person_move_due(const struct people *p, const struct person_movers *movers, int64_t now_ms,
                    size_t max)
{
    struct arena a;
    struct store_page page;
    struct store_query q = {.order = "merging",
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    arena_init(&a);
    int done = store_scan(p->store, &person_collection, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = person_move(p, &id, movers, now_ms, SWEEP_PAGES);
    }
    arena_release(&a);
    return done;
}
