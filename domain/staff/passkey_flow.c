/* One ceremony: a challenge that is used once, by who asked for it. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "domain/staff/passkey.h"

#define SECRET 32
#define TICKET (16 + SECRET)

/* As it is stored. */
struct record {
    int purpose;
    struct id staff, session;
    struct entity_bytes challenge, secret; /* of the secret its SHA-256 */
    int64_t used_ms, expires_ms;
};

#define AT(member) .offset = offsetof(struct record, member)

static const struct entity_name purposes[] = {
    {0},
    [PASSKEY_REGISTER] = {"register", {"Đăng ký", "Register"}},
    [PASSKEY_SIGN_IN] = {"sign_in", {"Đăng nhập", "Sign in"}},
    [PASSKEY_CONFIRM] = {"confirm", {"Xác nhận lại", "Confirm"}},
    [PASSKEY_UNLOCK] = {"unlock", {"Mở khoá", "Unlock"}},
    {0},
};

static const struct entity record_entity = {
    .name = "PasskeyFlow",
    .size = sizeof(struct record),
    .fields = (const struct entity_field[]){
        {.name = "purpose", .type = ENTITY_ENUM, AT(purpose), .names = purposes},
        {.name = "staff", .type = ENTITY_ID, AT(staff)},
        {.name = "session", .type = ENTITY_ID, AT(session)},
        {.name = "challenge", .type = ENTITY_BYTES, AT(challenge), .max = WEBAUTHN_CHALLENGE},
        {.name = "secret", .type = ENTITY_BYTES, AT(secret), .max = SHA256_SIZE},
        {.name = "used", .type = ENTITY_TIME, AT(used_ms)},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {0},
    }};

const struct store_collection passkey_flow_collection = {
    .name = "passkey_flow",
    .form = 1,
    .fields = (const struct store_field[]){{"expires", "expires", STORE_INT, false}},
    .n_fields = 1,
    .paths =
        (const struct store_path[]){{.name = "expires", .why = "the sweep", .order = "expires"}},
    .n_paths = 1,
};

int passkey_flow_begin(struct store *s, struct passkey_flow *flow, int64_t now_ms, struct arena *a)
{
    uint8_t ticket[TICKET], digest[SHA256_SIZE];
    flow->id = id_v4();
    bytes_random(flow->challenge, sizeof(flow->challenge));
    memcpy(ticket, flow->id.bytes, 16);
    bytes_random(ticket + 16, SECRET);
    sha256_of(ticket + 16, SECRET, digest);
    bytes_to_base64url(ticket, sizeof(ticket), flow->ticket);
    struct record r = {.purpose = flow->purpose,
                       .staff = flow->staff,
                       .session = flow->session,
                       .challenge = {flow->challenge, sizeof(flow->challenge)},
                       .secret = {digest, sizeof(digest)},
                       .expires_ms = now_ms + PASSKEY_FLOW_MS};
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&record_entity, &r, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(s, &passkey_flow_collection, &flow->id, &write, body, NULL);
}

static bool read_ticket(const char *text, struct id *ret_id, uint8_t ret_digest[SHA256_SIZE])
{
    uint8_t bytes[TICKET];
    size_t n = 0;
    if (!text || !bytes_from_base64url(text, strlen(text), bytes, sizeof(bytes), &n) || n != TICKET)
        return false;
    memcpy(ret_id->bytes, bytes, 16);
    sha256_of(bytes + 16, SECRET, ret_digest);
    return true;
}

struct claiming {
    const uint8_t *digest;
    enum passkey_purpose purpose;
    const struct id *session;
    int64_t now_ms;
    struct passkey_flow *flow;
};

static int claim(struct store_edit *edit, void *ctx)
{
    const struct claiming *c = ctx;
    struct record r = {0};
    int done = entity_decode(&record_entity, edit->before, edit->arena, &r);
    if (done < 0)
        return done;
    if (r.secret.n != SHA256_SIZE || !bytes_equal(r.secret.data, c->digest, SHA256_SIZE) ||
        r.purpose != (int)c->purpose || !id_equal(&r.session, c->session) || r.used_ms ||
        c->now_ms >= r.expires_ms || r.challenge.n != WEBAUTHN_CHALLENGE)
        return PASSKEY_NO_FLOW;
    r.used_ms = c->now_ms;
    c->flow->purpose = r.purpose;
    c->flow->staff = r.staff;
    c->flow->session = r.session;
    memcpy(c->flow->challenge, r.challenge.data, WEBAUTHN_CHALLENGE);
    return entity_encode(&record_entity, &r, edit->before, edit->arena, edit->after);
}

int passkey_flow_claim(struct store *s, const char *ticket, enum passkey_purpose purpose,
                       const struct id *session, int64_t now_ms, struct passkey_flow *ret)
{
    uint8_t digest[SHA256_SIZE];
    struct claiming c = {digest, purpose, session, now_ms, ret};
    *ret = (struct passkey_flow){0};
    if (!read_ticket(ticket, &ret->id, digest))
        return PASSKEY_NO_FLOW;
    int done = store_change(s, &passkey_flow_collection, &ret->id, NULL, claim, &c, NULL);
    return done == STORE_ABSENT ? PASSKEY_NO_FLOW : done;
}
