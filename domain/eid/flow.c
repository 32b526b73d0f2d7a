/* Flows: one sign-in each, bound to the device that began it, used once. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/crypto/seal.h"
#include "base/result.h"
#include "domain/eid/eid.h"

#define SEED 32
#define AT(member) .offset = offsetof(struct eid_flow, member)

static const struct entity flow_entity = {
    .name = "EidFlow",
    .size = sizeof(struct eid_flow),
    .fields = (const struct entity_field[]){
        {.name = "person", .type = ENTITY_ID, AT(person)},
        {.name = "session", .type = ENTITY_ID, AT(session)},
        {.name = "device", .type = ENTITY_ID, AT(device)},
        {.name = "seed", .type = ENTITY_BYTES, AT(seed), .max = SEED + SEAL_KEYRING_OVERHEAD},
        {.name = "redirect", .type = ENTITY_TEXT, AT(redirect), .max = 500},
        {.name = "redirect_uri", .type = ENTITY_TEXT, AT(redirect_uri), .max = 500},
        {.name = "used", .type = ENTITY_TIME, AT(used_ms)},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {0},
    }};

const struct store_collection eid_flow_collection = {
    .name = "eid_flow",
    .form = 1,
    .fields = (const struct store_field[]){{"expires", "expires", STORE_INT, false}},
    .n_fields = 1,
    .paths =
        (const struct store_path[]){{.name = "expires", .why = "the sweep", .order = "expires"}},
    .n_paths = 1,
};

/* --- what is derived from the seed ------------------------------------------------------------ */

static void derive_text(const uint8_t seed[SEED], const char *what, char out[EID_SECRET_TEXT])
{
    uint8_t digest[MAC_SIZE];
    mac_hmac(seed, SEED, what, strlen(what), digest);
    bytes_to_base64url(digest, sizeof(digest), out);
    bytes_wipe(digest, sizeof(digest));
}

/* state: the flow's id, by which the callback finds it, and what cannot be guessed. */
static void derive_state(const uint8_t seed[SEED], const struct id *id, char out[EID_STATE_TEXT])
{
    uint8_t bytes[16 + MAC_SIZE];
    memcpy(bytes, id->bytes, 16);
    mac_hmac(seed, SEED, "state", 5, bytes + 16);
    bytes_to_base64url(bytes, sizeof(bytes), out);
}

static void derive(const uint8_t seed[SEED], struct eid_flow *flow)
{
    derive_state(seed, &flow->id, flow->state);
    derive_text(seed, "nonce", flow->nonce);
    derive_text(seed, "verifier", flow->verifier);
    derive_text(seed, "secret", flow->secret);
}

static int open_seed(const struct keyring *k, struct eid_flow *flow)
{
    uint8_t seed[SEED];
    struct seal_about about = {"eid.flow", flow->id};
    if (flow->seed.n != SEED + SEAL_KEYRING_OVERHEAD ||
        seal_open_by_keyring(k, KEY_SECRET, &about, flow->seed.data, flow->seed.n, seed) != 0)
        return EID_NO_FLOW;
    derive(seed, flow);
    bytes_wipe(seed, sizeof(seed));
    return 0;
}

static bool same_text(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n == strlen(b) && bytes_equal(a, b, n);
}

/* --- life ------------------------------------------------------------------------------------- */

int eid_flow_begin(struct store *s, const struct keyring *k, int64_t now_ms, struct arena *a,
                   struct eid_flow *flow)
{
    uint8_t seed[SEED];
    uint8_t *sealed = arena_alloc(a, SEED + SEAL_KEYRING_OVERHEAD);
    flow->id = id_v4();
    flow->expires_ms = now_ms + EID_FLOW_MS;
    bytes_random(seed, sizeof(seed));
    derive(seed, flow);
    struct seal_about about = {"eid.flow", flow->id};
    int done = seal_by_keyring(k, KEY_SECRET, &about, seed, sizeof(seed), sealed);
    bytes_wipe(seed, sizeof(seed));
    flow->seed = (struct entity_bytes){sealed, SEED + SEAL_KEYRING_OVERHEAD};
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    if (done == 0)
        done = entity_encode(&flow_entity, flow, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(s, &eid_flow_collection, &flow->id, &write, body, NULL);
}

static bool is_open(const struct eid_flow *flow, int64_t now_ms)
{
    return !flow->used_ms && now_ms < flow->expires_ms;
}

int eid_flow_of_state(struct store *s, const struct keyring *k, const char *state, int64_t now_ms,
                      struct arena *a, struct eid_flow *ret)
{
    uint8_t bytes[16 + MAC_SIZE];
    size_t n = 0;
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    *ret = (struct eid_flow){0};
    if (!bytes_from_base64url(state, strlen(state), bytes, sizeof(bytes), &n) || n != sizeof(bytes))
        return EID_NO_FLOW;
    memcpy(ret->id.bytes, bytes, 16);
    int done = store_get(s, &eid_flow_collection, &ret->id, &doc);
    if (done == 0)
        done = entity_decode(&flow_entity, doc, a, ret);
    if (done == 0)
        done = open_seed(k, ret);
    if (done == 0 && (!is_open(ret, now_ms) || !same_text(ret->state, state)))
        done = EID_NO_FLOW;
    return done == STORE_ABSENT ? EID_NO_FLOW : done;
}

struct claiming {
    const struct keyring *keyring;
    const struct id *id, *person;
    const char *secret, *state;
    int64_t now_ms;
};

static int claim(struct store_edit *edit, void *ctx)
{
    const struct claiming *c = ctx;
    struct eid_flow flow = {.id = *c->id};
    int done = entity_decode(&flow_entity, edit->before, edit->arena, &flow);
    if (done == 0)
        done = open_seed(c->keyring, &flow);
    if (done != 0)
        return done;
    bool theirs = (int)same_text(flow.secret, c->secret) & (int)same_text(flow.state, c->state);
    bytes_wipe(flow.secret, sizeof(flow.secret));
    if (!theirs || !is_open(&flow, c->now_ms) || !id_equal(&flow.person, c->person))
        return EID_NO_FLOW;
    flow.used_ms = c->now_ms;
    return entity_encode(&flow_entity, &flow, edit->before, edit->arena, edit->after);
}

int eid_flow_claim(struct store *s, const struct keyring *k, const struct id *id,
                   const char *secret, const char *state, const struct id *person, int64_t now_ms,
                   struct arena *a, struct eid_flow *ret)
{
    struct claiming c = {k, id, person, secret, state, now_ms};
    struct store_changed changed = {0};
    int done = store_change(s, &eid_flow_collection, id, NULL, claim, &c, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    if (done != 0)
        return done == STORE_ABSENT ? EID_NO_FLOW : done;
    *ret = (struct eid_flow){.id = *id};
    done = entity_decode(&flow_entity, doc, a, ret);
    return done == 0 ? open_seed(k, ret) : done;
}

static int release(struct store_edit *edit, void *ctx)
{
    (void)ctx;
    struct eid_flow flow = {0};
    int done = entity_decode(&flow_entity, edit->before, edit->arena, &flow);
    flow.used_ms = 0;
    return done == 0 ? entity_encode(&flow_entity, &flow, edit->before, edit->arena, edit->after)
                     : done;
}

int eid_flow_release(struct store *s, const struct id *id)
{
    int done = store_change(s, &eid_flow_collection, id, NULL, release, NULL, NULL);
    return done < 0 ? done : 0;
}
