/* One-time codes: 6 digits for one number, one use, few tries; nothing in the store reveals them.
 */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/crypto/seal.h"
#include "base/result.h"
#include "domain/person/person.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define PREFIX 5 /* characters, the plus sign included: the country, and a little more */
#define DAY_MS (24 * HOUR_MS)

/*
 * An address is shared by many phones (one mobile gateway, one office), so its limit only stops a
 * flood; the number's limits are the ones that protect people, the last one protects the budget.
 */
const struct otp_settings otp_settings_default = {
    .life_ms = 5 * 60 * 1000,
    .tries = 5,
    .number_hour = {"otp.number.hour", HOUR_MS, 5},
    .number_day = {"otp.number.day", DAY_MS, 10},
    .device_hour = {"otp.device.hour", HOUR_MS, 10},
    .address_hour = {"otp.address.hour", HOUR_MS, 600},
    .all_day = {"otp.all.day", DAY_MS, 20000},
    .prefix_day = {"otp.prefix.day", DAY_MS, 100},
};

struct otp {
    struct entity_bytes phone; /* sealed by the keyring */
    struct entity_bytes code;  /* tag over the challenge and the code */
    struct id device, unproven;
    int64_t tries, used_ms, expires_ms;
};

#define AT(member) .offset = offsetof(struct otp, member)
static const struct entity otp_entity = {
    .name = "Otp",
    .size = sizeof(struct otp),
    .fields = (const struct entity_field[]){
        {.name = "phone", .type = ENTITY_BYTES, AT(phone), .max = 100},
        {.name = "code", .type = ENTITY_BYTES, AT(code), .max = MAC_TAG},
        {.name = "device", .type = ENTITY_ID, AT(device)},
        {.name = "unproven", .type = ENTITY_ID, AT(unproven)},
        {.name = "tries", .type = ENTITY_INT, AT(tries)},
        {.name = "used", .type = ENTITY_TIME, AT(used_ms)},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {0},
    }};

#define BOUND 38 /* bytes: challenge, who it is told to (nil: nobody), code */

static void code_bytes(const struct id *challenge, const struct id *desk, const char *code,
                       uint8_t out[BOUND])
{
    memcpy(out, challenge->bytes, 16);
    memcpy(out + 16, desk->bytes, 16);
    memcpy(out + 32, code, 6);
}

struct id person_device_id(const struct people *p, const char *device)
{
    return device && device[0] ? mac_lookup_id(p->keyring, "device", device, strlen(device))
                               : (struct id){0};
}

static int take_limits(const struct people *p, const struct otp_settings *set,
                       const struct otp_request *r, int64_t now_ms, int64_t *ret_retry_ms)
{
    struct id number = mac_lookup_id(p->keyring, "otp.phone", r->phone, strlen(r->phone));
    bool abroad = strncmp(r->phone, "+84", 3) != 0;
    const struct {
        const struct limit_rule *rule;
        const void *key;
        size_t n;
    } limits[] = {
        {&set->number_hour, number.bytes, 16},
        {&set->number_day, number.bytes, 16},
        {&set->device_hour, r->device, r->device ? strlen(r->device) : 0},
        {&set->address_hour, r->address, r->address ? strlen(r->address) : 0},
        {&set->prefix_day, abroad ? r->phone : NULL, strnlen(r->phone, PREFIX)},
        {&set->all_day, "", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        if (!limits[i].key)
            continue;
        int done =
            limit_take(p->store, limits[i].rule, limits[i].key, limits[i].n, now_ms, ret_retry_ms);
        if (done != 0)
            return done == LIMIT_REACHED ? OTP_LIMITED : done;
    }
    return 0;
}

int otp_begin(const struct people *p, const struct otp_settings *set, const struct otp_request *r,
              int64_t now_ms, struct id *ret_challenge, char ret_code[7], int64_t *ret_retry_ms)
{
    int done = take_limits(p, set, r, now_ms, ret_retry_ms);
    if (done != 0)
        return done;
    *ret_challenge = id_v4();
    bytes_random_digits(6, ret_code);

    struct arena a;
    arena_init(&a);
    uint8_t plain[BOUND], tag[MAC_TAG];
    code_bytes(ret_challenge, &r->desk, ret_code, plain);
    mac_tag(p->keyring, KEY_REFRESH, plain, sizeof(plain), tag);
    size_t n = strlen(r->phone);
    uint8_t *sealed = arena_alloc(&a, n + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = {"otp.phone", *ret_challenge};
    done = seal_by_keyring(p->keyring, KEY_SECRET, &about, r->phone, n, sealed);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    if (done == 0) {
        struct otp otp = {.phone = {sealed, n + SEAL_KEYRING_OVERHEAD},
                          .code = {tag, sizeof(tag)},
                          .device = person_device_id(p, r->device),
                          .unproven = r->unproven,
                          .expires_ms = now_ms + set->life_ms};
        done = entity_encode(&otp_entity, &otp, NULL, &a, body);
    }
    if (done == 0) {
        struct store_write write = store_write_fresh();
        done = store_create(p->store, &otp_collection, ret_challenge, &write, body, NULL);
    }
    arena_release(&a);
    return done;
}

struct trying {
    const struct people *people;
    const struct otp_settings *set;
    const struct id *challenge, *desk;
    const char *code;
    int64_t now_ms;
    struct otp_proof *proof; /* filled when the code is right */
};

static int open_phone(const struct trying *t, const struct otp *otp)
{
    struct seal_about about = {"otp.phone", *t->challenge};
    if (otp->phone.n < SEAL_KEYRING_OVERHEAD ||
        otp->phone.n - SEAL_KEYRING_OVERHEAD >= PERSON_PHONE_TEXT)
        return E_CORRUPT;
    *t->proof = (struct otp_proof){.device = otp->device, .unproven = otp->unproven};
    return seal_open_by_keyring(t->people->keyring, KEY_SECRET, &about, otp->phone.data,
                                otp->phone.n, t->proof->phone) == 0
               ? 0
               : OTP_OVER;
}

/* A try is counted before it is judged, in the same write, so that none is free. */
static int try_code(struct store_edit *edit, void *ctx)
{
    const struct trying *t = ctx;
    struct otp otp = {0};
    int done = entity_decode(&otp_entity, edit->before, edit->arena, &otp);
    if (done < 0)
        return done;
    if (otp.used_ms || t->now_ms >= otp.expires_ms || otp.tries >= t->set->tries)
        return OTP_OVER;
    otp.tries++;
    uint8_t plain[BOUND];
    code_bytes(t->challenge, t->desk, t->code, plain);
    edit->outcome = OTP_WRONG;
    if (otp.code.n == MAC_TAG &&
        mac_check(t->people->keyring, KEY_REFRESH, plain, sizeof(plain), otp.code.data) == 0) {
        done = open_phone(t, &otp);
        if (done != 0)
            return done;
        otp.used_ms = t->now_ms;
        edit->outcome = 0;
    }
    return entity_encode(&otp_entity, &otp, edit->before, edit->arena, edit->after);
}

int otp_check_at_desk(const struct people *p, const struct otp_settings *set,
                      const struct id *challenge, const struct id *desk, const char *code,
                      int64_t now_ms, struct otp_proof *ret)
{
    if (strlen(code) != 6)
        return OTP_WRONG;
    struct trying t = {p, set, challenge, desk, code, now_ms, ret};
    struct store_changed changed = {0};
    int done = store_change(p->store, &otp_collection, challenge, NULL, try_code, &t, &changed);
    bson_destroyp(&changed.doc);
    if (done == STORE_ABSENT)
        return OTP_OVER;
    return done == 0 ? changed.outcome : done;
}

int otp_check(const struct people *p, const struct otp_settings *set, const struct id *challenge,
              const char *code, int64_t now_ms, struct otp_proof *ret)
{
    static const struct id nobody;
    return otp_check_at_desk(p, set, challenge, &nobody, code, now_ms, ret);
}
