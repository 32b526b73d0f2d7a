#include "domain/staff/staff.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/seal.h"
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

static int seal_into(const struct keyring *keys, const char *what, const struct id *id,
                     const void *bytes, size_t n, struct arena *a, struct entity_bytes *ret)
{
    if (!bytes || n == 0)
        return 0;
    uint8_t *out = arena_alloc(a, n + SEAL_KEYRING_OVERHEAD);
    struct seal_about about = {what, *id};
    *ret = (struct entity_bytes){out, n + SEAL_KEYRING_OVERHEAD};
    return seal_by_keyring(keys, KEY_SECRET, &about, bytes, n, out);
}

static int hash_password(const char *password, struct arena *a, const char **ret)
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
    int done = hash_password(d->password, a, &ret->password);
    if (done == 0)
        done = seal_into(keys, "staff.totp", &ret->id, d->totp, d->n_totp, a, &ret->totp);
    if (done == 0)
        done = seal_into(keys, "staff.phone", &ret->id, d->phone, d->phone ? strlen(d->phone) : 0,
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
    if (c->phc)
        staff.password = c->phc;
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
    int done = edit->password ? hash_password(edit->password, a, &c.phc) : 0;
    if (done == 0)
        done = store_change(s, &staff_collection, id, NULL, change_account, &c, NULL);
    return done == 0 ? staff_get(s, id, a, ret) : done;
}

/* --- signing in ------------------------------------------------------------------------------- */

int staff_totp(const struct keyring *keys, const struct staff *staff, uint8_t ret[TOTP_SECRET])
{
    struct seal_about about = {"staff.totp", staff->id};
    if (staff->totp.n != TOTP_SECRET + SEAL_KEYRING_OVERHEAD ||
        seal_open_by_keyring(keys, KEY_SECRET, &about, staff->totp.data, staff->totp.n, ret) != 0)
        return E_CORRUPT;
    return 0;
}

/* 0 and the step, STAFF_WRONG. An account without a secret signs in by password alone. */
static int check_code(const struct keyring *keys, const struct staff *staff, const char *code,
                      int64_t now_ms, int64_t *ret_step)
{
    *ret_step = staff->totp_step;
    if (staff->totp.n == 0)
        return 0;
    uint8_t secret[TOTP_SECRET];
    int opened = staff_totp(keys, staff, secret);
    if (opened != 0)
        return opened;
    int done = code ? totp_verify(secret, code, now_ms, staff->totp_step, ret_step) : TOTP_WRONG;
    bytes_wipe(secret, sizeof(secret));
    return done > 0 ? STAFF_WRONG : done;
}

struct signing {
    int64_t step, now_ms;
    bool right;
};

/* What a sign-in leaves: the step that is used up, or one more wrong try. */
static int note_sign_in(struct store_edit *edit, void *ctx)
{
    const struct signing *n = ctx;
    struct staff staff = {0};
    int done = entity_decode(&staff_entity, edit->before, edit->arena, &staff);
    if (done < 0)
        return done;
    if (n->right) {
        if (!staff.active || (staff.totp.n > 0 && n->step <= staff.totp_step))
            return STAFF_WRONG; /* another sign-in used this step first */
        staff.totp_step = n->step;
        staff.wrong = staff.paused_until_ms = 0;
        staff.seen_ms = n->now_ms;
    } else if (++staff.wrong % STAFF_TRIES_MAX == 0) {
        staff.paused_until_ms = n->now_ms + STAFF_PAUSE_MS;
    }
    return entity_encode(&staff_entity, &staff, edit->before, edit->arena, edit->after);
}

static int judge(const struct keyring *keys, const struct staff *staff, const char *password,
                 const char *code, int64_t now_ms, int64_t *ret_step)
{
    int done = password_verify(staff->password, password, strlen(password));
    if (done != 0)
        return done > 0 ? STAFF_WRONG : done;
    if (!staff->active)
        return STAFF_WRONG;
    return check_code(keys, staff, code, now_ms, ret_step);
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
    struct signing n = {.now_ms = now_ms};
    int verdict = judge(keys, ret, password, code, now_ms, &n.step);
    if (verdict < 0)
        return verdict;
    n.right = verdict == 0;
    done = store_change(s, &staff_collection, &id, NULL, note_sign_in, &n, NULL);
    return done != 0 ? done : verdict;
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
