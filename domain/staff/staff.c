#include "domain/staff/staff.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/seal.h"
#include "base/crypto/sha256.h"
#include "base/crypto/totp.h"
#include "base/result.h"

int staff_get(struct store *s, const struct id *id, struct arena *a, struct staff *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &staff_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct staff){.id = *id};
    return entity_decode(&staff_entity, doc, a, ret);
}

int staff_seal(const struct keyring *keys, const char *what, const struct id *id, const void *bytes,
               size_t n, struct arena *a, struct entity_bytes *ret)
{
    if (!bytes || n == 0)
        return 0;
    uint8_t *out = arena_alloc(a, n + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = {what, *id};
    *ret = (struct entity_bytes){out, n + SEAL_KEYRING_OVERHEAD};
    return seal_by_keyring(keys, KEY_SECRET, &about, bytes, n, out);
}

int staff_password_hash(const char *password, struct arena *a, const char **ret)
{
    char *phc = arena_alloc(a, PASSWORD_PHC);
    *ret = phc;
    return password_hash(&password_cost, password, strlen(password), phc);
}

int staff_create(struct store *s, const struct keyring *keys, const struct staff_draft *d,
                 int64_t now_ms, struct arena *a, struct staff *ret)
{
    *ret = (struct staff){.id = staff_id(d->user),
                          .user = d->user,
                          .name = d->name,
                          .title = d->title,
                          .role = d->role,
                          .agency = d->agency,
                          .totp_step = TOTP_NO_STEP,
                          .active = true,
                          .created_ms = now_ms,
                          .revision = 1};
    int done = staff_password_hash(d->password, a, &ret->password);
    if (done == 0)
        done = staff_seal(keys, "staff.totp", &ret->id, d->totp, d->n_totp, a, &ret->totp);
    if (done == 0)
        done = staff_seal(keys, "staff.phone", &ret->id, d->phone, d->phone ? strlen(d->phone) : 0,
                          a, &ret->phone);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    if (done == 0)
        done = entity_encode(&staff_entity, ret, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    done = store_create(s, &staff_collection, &ret->id, &write, body, NULL);
    return done == STORE_EXISTS ? STAFF_TAKEN : done;
}

struct changing {
    const struct staff_edit *edit;
    const char *phc;
};

static int change_account(struct store_edit *edit, void *ctx)
{
    const struct changing *c = ctx;
    struct staff staff = {0};
    int done = entity_decode(&staff_entity, edit->before, edit->arena, &staff);
    if (done < 0)
        return done;
    if (c->phc) {
        staff.password = c->phc;
        staff.keys_since_ms = c->edit->now_ms;
    }
    if (c->edit->active >= 0)
        staff.active = c->edit->active > 0;
    staff.wrong = staff.paused_until_ms = 0;
    staff.revision++;
    return entity_encode(&staff_entity, &staff, edit->before, edit->arena, edit->after);
}

int staff_change(struct store *s, const struct id *id, const struct staff_edit *edit,
                 struct arena *a, struct staff *ret)
{
    struct changing c = {edit, NULL};
    int done = edit->password ? staff_password_hash(edit->password, a, &c.phc) : 0;
    if (done == 0)
        done = store_change(s, &staff_collection, id, NULL, change_account, &c, NULL);
    return done == 0 ? staff_get(s, id, a, ret) : done;
}

/* --- signing in ------------------------------------------------------------------------------- */

static int open_secret(const struct keyring *keys, const char *what, const struct id *id,
                       const struct entity_bytes *sealed, uint8_t ret[TOTP_SECRET])
{
    struct seal_about about = {what, *id};
    if (sealed->n != TOTP_SECRET + SEAL_KEYRING_OVERHEAD ||
        seal_open_by_keyring(keys, KEY_SECRET, &about, sealed->data, sealed->n, ret) != 0)
        return E_CORRUPT;
    return 0;
}

int staff_totp(const struct keyring *keys, const struct staff *staff, uint8_t ret[TOTP_SECRET])
{
    return open_secret(keys, "staff.totp", &staff->id, &staff->totp, ret);
}

int staff_totp_next(const struct keyring *keys, const struct staff *staff, uint8_t ret[TOTP_SECRET])
{
    return open_secret(keys, "staff.totp_next", &staff->id, &staff->totp_next, ret);
}

char *staff_code_new(char out[STAFF_CODE_TEXT])
{
    static const char letters[] =
        "ABCDEFGHJKMNPQRSTUVWXYZ23456789A"; /* none that look alike; A twice */
    uint8_t bytes[16];
    bytes_random(bytes, sizeof(bytes));
    char *p = out;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        if (i > 0 && i % 4 == 0)
            *p++ = '-';
        *p++ = letters[bytes[i] % 32];
    }
    *p = '\0';
    bytes_wipe(bytes, sizeof(bytes));
    return out;
}

struct entity_bytes staff_code_hash(const struct id *staff, const char *code, struct arena *a)
{
    char plain[STAFF_CODE_TEXT];
    size_t n = 0;
    for (const char *p = code; *p && n < sizeof(plain); p++) {
        if (*p != '-' && *p != ' ')
            plain[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
    }
    struct sha256 h;
    uint8_t *out = arena_alloc(a, SHA256_SIZE);
    sha256_init(&h);
    sha256_update(&h, staff->bytes, sizeof(staff->bytes));
    sha256_update(&h, plain, n);
    sha256_final(&h, out);
    bytes_wipe(plain, sizeof(plain));
    return (struct entity_bytes){out, SHA256_SIZE};
}

/* Its place among the recovery codes that are left; -1 if it is none. */
static int recovery_place(const struct staff *staff, const struct entity_bytes *hash)
{
    const struct staff_recovery *codes = staff->recovery.items;
    for (size_t i = 0; i < staff->recovery.n; i++) {
        if (codes[i].hash.n == hash->n && bytes_equal(codes[i].hash.data, hash->data, hash->n))
            return (int)i;
    }
    return -1;
}

static bool is_recovery(const char *code)
{
    return code && strlen(code) > TOTP_DIGITS;
}

/*
 * 0 and the step, STAFF_WRONG. An account without a secret signs in by password alone, unless a
 * code to set one up is out.
 */
static int check_code(const struct keyring *keys, const struct staff *staff, const char *code,
                      int64_t now_ms, int64_t *ret_step)
{
    *ret_step = staff->totp_step;
    if (staff->totp.n == 0)
        return staff->activation ? STAFF_WRONG : 0;
    uint8_t secret[TOTP_SECRET];
    int opened = staff_totp(keys, staff, secret);
    if (opened != 0)
        return opened;
    int done = code ? totp_verify(secret, code, now_ms, staff->totp_step, ret_step) : TOTP_WRONG;
    bytes_wipe(secret, sizeof(secret));
    return done > 0 ? STAFF_WRONG : done;
}

struct signing {
    struct id id;
    int64_t step, now_ms;
    bool right;
    struct entity_bytes recovery; /* hash of the recovery code; n 0: a TOTP code */
};

/* A step later than all before it, or a recovery code that is still there, is used up. */
static bool use_up(const struct signing *n, struct staff *staff, struct arena *a)
{
    if (n->recovery.n > 0) {
        struct staff_recovery *codes = staff->recovery.items;
        const struct staff_doer self = {staff->id, staff->user, staff->agency, NULL};
        struct staff_act act = staff_act_of(&self, "recovery_used", n->now_ms);
        int at = recovery_place(staff, &n->recovery);
        if (at < 0)
            return false;
        codes[at] = codes[--staff->recovery.n];
        act.to = staff->id;
        act.to_user = staff->user;
        act.agency = staff->agency;
        return staff_act_add(&staff->acts, &staff->acts_ms, &act, a);
    }
    if (staff->totp.n > 0 && n->step <= staff->totp_step)
        return false;
    staff->totp_step = n->step;
    return true;
}

/* What a sign-in leaves: the step that is used up, or one more wrong try. */
static int note_sign_in(struct store_edit *edit, void *ctx)
{
    const struct signing *n = ctx;
    struct staff staff = {.id = n->id};
    int done = entity_decode(&staff_entity, edit->before, edit->arena, &staff);
    if (done < 0)
        return done;
    if (n->right) {
        if (!staff.active || !use_up(n, &staff, edit->arena))
            return STAFF_WRONG; /* another sign-in used it first */
        staff.wrong = staff.paused_until_ms = 0;
        staff.seen_ms = n->now_ms;
    } else if (++staff.wrong % STAFF_TRIES_MAX == 0) {
        staff.paused_until_ms = n->now_ms + STAFF_PAUSE_MS;
    }
    return entity_encode(&staff_entity, &staff, edit->before, edit->arena, edit->after);
}

static int judge(const struct keyring *keys, const struct staff *staff, const char *password,
                 const char *code, struct arena *a, struct signing *ret)
{
    int done = staff->password ? password_verify(staff->password, password, strlen(password))
                               : password_verify_nobody(&password_cost, password, strlen(password));
    if (done != 0)
        return done > 0 ? STAFF_WRONG : done;
    if (!staff->active)
        return STAFF_WRONG;
    if (!is_recovery(code))
        return check_code(keys, staff, code, ret->now_ms, &ret->step);
    ret->recovery = staff_code_hash(&staff->id, code, a);
    return recovery_place(staff, &ret->recovery) >= 0 ? 0 : STAFF_WRONG;
}

int staff_sign_in(struct store *s, const struct keyring *keys, const char *user,
                  const char *password, const char *code, int64_t now_ms, struct arena *a,
                  struct staff *ret, int64_t *ret_retry_ms)
{
    struct id id = staff_id(user);
    int done = staff_get(s, &id, a, ret);
    if (done == STORE_ABSENT) {
        done = password_verify_nobody(&password_cost, password, strlen(password));
        return done < 0 ? done : STAFF_WRONG;
    }
    if (done != 0)
        return done;
    if (ret->paused_until_ms > now_ms) {
        *ret_retry_ms = ret->paused_until_ms - now_ms;
        return STAFF_PAUSED;
    }
    struct signing n = {.id = id, .now_ms = now_ms};
    int verdict = judge(keys, ret, password, code, a, &n);
    if (verdict < 0)
        return verdict;
    n.right = verdict == 0;
    done = store_change(s, &staff_collection, &id, NULL, note_sign_in, &n, NULL);
    return done != 0 ? done : verdict;
}

int staff_unlock(struct store *s, const struct id *id, const char *password, int64_t now_ms,
                 struct arena *a, struct staff *ret, int64_t *ret_retry_ms)
{
    struct signing n = {.id = *id, .now_ms = now_ms};
    int done = staff_get(s, id, a, ret);
    if (done != 0)
        return done < 0 ? done : STAFF_WRONG;
    if (ret->paused_until_ms > now_ms) {
        *ret_retry_ms = ret->paused_until_ms - now_ms;
        return STAFF_PAUSED;
    }
    done = ret->password ? password_verify(ret->password, password, strlen(password)) : STAFF_WRONG;
    if (done == 0)
        return ret->active ? 0 : STAFF_WRONG;
    int noted = done > 0 ? store_change(s, &staff_collection, id, NULL, note_sign_in, &n, NULL) : 0;
    return done < 0 ? done : noted < 0 ? noted : STAFF_WRONG;
}

/* --- whom to tell ----------------------------------------------------------------------------- */

int staff_of_agency(struct store *s, const char *agency, int role, struct arena *a,
                    struct staff **ret, size_t *ret_n)
{
    const struct store_value is_agency = store_text(agency), is_active = store_int(1);
    const struct store_value is_role = store_text(role ? staff_roles[role].name : "");
    const struct store_condition conditions[] = {
        {.field = "agency", .op = STORE_EQ, .values = &is_agency, .n_values = 1},
        {.field = "active", .op = STORE_EQ, .values = &is_active, .n_values = 1},
        {.field = "role", .op = STORE_EQ, .values = &is_role, .n_values = 1},
    };
    struct store_query q = {.conditions = conditions,
                            .n_conditions = role ? 3 : 2,
                            .order = "_id",
                            .limit = STORE_LIMIT_MAX};
    struct store_page page;
    int done = store_scan(s, &staff_collection, &q, a, &page);
    if (done != 0)
        return done;
    struct staff *all = arena_array(a, page.n, sizeof(*all));
    for (size_t i = 0; i < page.n; i++) {
        done = entity_decode(&staff_entity, page.docs[i], a, &all[i]);
        if (done < 0 || !store_document_id(page.docs[i], &all[i].id))
            return done < 0 ? done : E_CORRUPT;
    }
    *ret = all;
    *ret_n = page.n;
    return 0;
}

int staff_phone(const struct keyring *keys, const struct staff *staff, struct arena *a,
                const char **ret)
{
    *ret = NULL;
    if (staff->phone.n == 0)
        return 0;
    if (staff->phone.n < SEAL_KEYRING_OVERHEAD)
        return E_CORRUPT;
    char *text = arena_alloc(a, staff->phone.n - SEAL_KEYRING_OVERHEAD + 1);
    struct seal_about about = {"staff.phone", staff->id};
    if (seal_open_by_keyring(keys, KEY_SECRET, &about, staff->phone.data, staff->phone.n, text) !=
        0)
        return E_CORRUPT;
    *ret = text;
    return 0;
}
