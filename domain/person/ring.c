#include "domain/person/ring.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/person/key.h"

const struct store_collection ring_collection = {.name = "ring", .form = 1};

struct ring_record {
    struct entity_bytes check;
};

static const struct entity ring_entity = {.name = "Ring",
                                          .size = sizeof(struct ring_record),
                                          .fields = (const struct entity_field[]){
                                              {.name = "check",
                                               .type = ENTITY_BYTES,
                                               .offset = offsetof(struct ring_record, check),
                                               .max = MAC_SIZE},
                                              {0},
                                          }};

/* --- the right one ---------------------------------------------------------------------------- */

static void make_check(const struct keyring *k, uint8_t out[MAC_SIZE])
{
    static const char what[] = "the keyring of this store";
    struct keyring_key lookup;
    keyring_active(k, KEY_LOOKUP, &lookup);
    mac_hmac(lookup.bytes, sizeof(lookup.bytes), what, sizeof(what) - 1, out);
    bytes_wipe(&lookup, sizeof(lookup));
}

/* 0, STORE_ABSENT, or RING_OTHER. */
static int compare(const struct people *p, const struct id *id, const uint8_t check[MAC_SIZE])
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct ring_record stored = {0};
    struct arena a;
    arena_init(&a);
    int done = store_get(p->keys, &ring_collection, id, &doc);
    if (done == 0)
        done = entity_decode(&ring_entity, doc, &a, &stored);
    if (done == 0 &&
        (stored.check.n != MAC_SIZE || !bytes_equal(stored.check.data, check, MAC_SIZE)))
        done = RING_OTHER;
    arena_release(&a);
    return done;
}

/* 0 or STORE_EXISTS. */
static int remember(const struct people *p, const struct id *id, const uint8_t check[MAC_SIZE])
{
    struct ring_record record = {{check, MAC_SIZE}};
    struct store_write write = store_write_fresh();
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct arena a;
    arena_init(&a);
    int done = entity_encode(&ring_entity, &record, NULL, &a, body);
    if (done == 0)
        done = store_create(p->keys, &ring_collection, id, &write, body, NULL);
    arena_release(&a);
    return done;
}

/* A store that has no value yet, but persons: the ring must open the first of them. */
static int try_one(const struct people *p)
{
    struct store_query q = {.order = "_id", .limit = 1};
    struct store_page page;
    struct arena a;
    uint8_t key[SEAL_KEY];
    struct id id;
    arena_init(&a);
    int done = store_scan(p->keys, &person_key_collection, &q, &a, &page);
    if (done == 0 && page.n > 0 && store_document_id(page.docs[0], &id)) {
        done = person_key_get(p, &id, key);
        bytes_wipe(key, sizeof(key));
        done = done == E_CORRUPT ? RING_OTHER : done == PERSON_ERASED ? 0 : done;
    }
    arena_release(&a);
    return done;
}

int ring_check(const struct people *p)
{
    struct id id = id_v8("ring", NULL, 0);
    uint8_t check[MAC_SIZE];
    make_check(p->keyring, check);
    int done = compare(p, &id, check);
    if (done != STORE_ABSENT)
        return done;
    done = try_one(p);
    if (done == 0)
        done = remember(p, &id, check);
    return done == STORE_EXISTS ? compare(p, &id, check) : done; /* another node was faster */
}

/* --- moving ----------------------------------------------------------------------------------- */

static int take(const struct people *p, const bson_t *doc, uint32_t active, bool count_only,
                struct ring_sums *sums)
{
    struct id id;
    uint32_t under = active;
    if (!store_document_id(doc, &id))
        return E_CORRUPT;
    sums->looked++;
    int done = person_key_under(doc, &under);
    if (done == 0 && under != active) {
        sums->stale++;
        done = count_only ? 0 : person_key_rewrap(p, &id);
        sums->rewrapped += done == 0 && !count_only;
    }
    sums->unsound += done == E_CORRUPT;
    return done == E_CORRUPT || done == PERSON_ERASED ? 0 : done;
}

int ring_rewrap(const struct people *p, bool count_only, struct ring_sums *sums, bool *ret_more)
{
    struct store_query q = {.order = "_id",
                            .limit = STORE_LIMIT_MAX,
                            .has_after = sums->has_after,
                            .after = sums->after};
    struct keyring_key active;
    struct store_page page;
    struct arena a;
    arena_init(&a);
    keyring_active(p->keyring, KEY_PERSON_WRAP, &active);
    int done = store_scan(p->keys, &person_key_collection, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = take(p, page.docs[i], active.id, count_only, sums);
    if (done == 0) {
        *ret_more = page.more;
        sums->has_after = true;
        sums->after = page.next;
    }
    bytes_wipe(&active, sizeof(active));
    arena_release(&a);
    return done;
}
