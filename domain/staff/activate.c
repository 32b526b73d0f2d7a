/* What the owner of an account does to it. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/staff/account_private.h"
#include "domain/staff/password_rule.h"

static bool opens(const struct staff *staff, const struct entity_bytes *hash, int64_t now_ms)
{
    return staff->active && staff->activation && now_ms < staff->activation_until_ms &&
           staff->activation_hash.n == hash->n &&
           bytes_equal(staff->activation_hash.data, hash->data, hash->n);
}

static int count_wrong(struct store_edit *edit, void *ctx)
{
    const int64_t *now_ms = ctx;
    struct staff staff = {0};
    int done = entity_decode(&staff_entity, edit->before, edit->arena, &staff);
    if (done < 0)
        return done;
    if (++staff.wrong % STAFF_TRIES_MAX == 0)
        staff.paused_until_ms = *now_ms + STAFF_PAUSE_MS;
    return entity_encode(&staff_entity, &staff, edit->before, edit->arena, edit->after);
}

static int wrong(const struct account_change *c, const struct id *id)
{
    int64_t now_ms = c->now_ms;
    int done = store_change(c->store, &staff_collection, id, NULL, count_wrong, &now_ms, NULL);
    return done < 0 ? done : STAFF_WRONG;
}

int account_look(const struct account_change *c, const char *user, const char *code,
                 struct staff *ret, int64_t *ret_retry_ms)
{
    struct id id = staff_id(user);
    int done = staff_get(c->store, &id, c->arena, ret);
    if (done != 0)
        return done == STORE_ABSENT ? ACCOUNT_UNKNOWN_CODE : done;
    if (ret->paused_until_ms > c->now_ms) {
        *ret_retry_ms = ret->paused_until_ms - c->now_ms;
        return STAFF_PAUSED;
    }
    struct entity_bytes hash = staff_code_hash(&id, code, c->arena);
    return opens(ret, &hash, c->now_ms) ? 0 : ACCOUNT_UNKNOWN_CODE;
}

/* --- recovery codes --------------------------------------------------------------------------- */

static struct entity_list new_recovery(const struct account_change *c, const struct id *id,
                                       account_codes codes)
{
    struct staff_recovery *kept = arena_array(c->arena, STAFF_RECOVERY_CODES, sizeof(*kept));
    for (size_t i = 0; i < STAFF_RECOVERY_CODES; i++)
        kept[i].hash = staff_code_hash(id, staff_code_new(codes[i]), c->arena);
    return (struct entity_list){kept, STAFF_RECOVERY_CODES};
}

static int set_recovery(struct staff *staff, struct account_run *r)
{
    if (!staff->active)
        return ACCOUNT_ENDED;
    staff->recovery = *(const struct entity_list *)r->ctx;
    return 0;
}

int account_recovery(const struct account_change *c, const struct id *id, account_codes codes)
{
    struct entity_list kept = new_recovery(c, id, codes);
    struct account_run r = {.fn = set_recovery, .ctx = &kept};
    struct staff after;
    return account_run(c, id, "recovery", &r, &after);
}

/* --- activating ------------------------------------------------------------------------------- */

struct activating {
    struct entity_bytes hash, secret;
    struct entity_list recovery;
    const char *phc; /* NULL: the password stays */
    int64_t step;
};

static int activate(struct staff *staff, struct account_run *r)
{
    const struct activating *n = r->ctx;
    if (!opens(staff, &n->hash, r->change->now_ms))
        return ACCOUNT_UNKNOWN_CODE; /* used or replaced meanwhile */
    r->detail = staff_activations[staff->activation].name;
    if (n->phc)
        staff->password = n->phc;
    staff->totp = n->secret;
    staff->totp_step = n->step;
    staff->recovery = n->recovery;
    staff->activation = 0;
    staff->activation_until_ms = 0;
    staff->activation_hash = staff->totp_next = (struct entity_bytes){0};
    staff->wrong = staff->paused_until_ms = 0;
    staff->seen_ms = staff->keys_since_ms = r->change->now_ms;
    return 0;
}

/* The password by its rule, or against the one there is; *ret_phc NULL then. */
static int check_password(const struct account_change *c, const struct staff *staff,
                          const char *password, const char **ret_phc)
{
    *ret_phc = NULL;
    if (staff->activation == STAFF_ACTIVATE_TOTP) {
        int done = password_verify(staff->password, password, strlen(password));
        return done > 0 ? STAFF_WRONG : done;
    }
    int weak = password_rule(password, staff->user, c->arena);
    return weak ? weak : staff_password_hash(password, c->arena, ret_phc);
}

/* The secret under the name that it has from now on, if the code is of it. */
static int check_totp(const struct account_change *c, const struct staff *staff, const char *totp,
                      struct activating *n)
{
    uint8_t secret[TOTP_SECRET];
    int done = staff_totp_next(c->keys, staff, secret);
    if (done == 0)
        done = totp_verify(secret, totp, c->now_ms, TOTP_NO_STEP, &n->step) ? STAFF_WRONG : 0;
    if (done == 0)
        done = staff_seal(c->keys, "staff.totp", &staff->id, secret, sizeof(secret), c->arena,
                          &n->secret);
    bytes_wipe(secret, sizeof(secret));
    return done;
}

int account_activate(const struct account_change *c, const struct account_activation *in,
                     account_codes codes, struct staff *ret, int64_t *ret_retry_ms)
{
    struct staff staff;
    struct activating n = {0};
    int done = account_look(c, in->user, in->code, &staff, ret_retry_ms);
    if (done != 0)
        return done;
    done = check_totp(c, &staff, in->totp, &n);
    if (done == 0)
        done = check_password(c, &staff, in->password, &n.phc);
    if (done == STAFF_WRONG)
        return wrong(c, &staff.id);
    if (done != 0)
        return done;
    n.hash = staff_code_hash(&staff.id, in->code, c->arena);
    n.recovery = new_recovery(c, &staff.id, codes);
    struct staff_doer self = {staff.id, staff.user, staff.agency, c->doer->address};
    struct account_change own = *c;
    own.doer = &self;
    struct account_run r = {.fn = activate, .ctx = &n};
    return account_run(&own, &staff.id, "activate", &r, ret);
}

static int set_password(struct staff *staff, struct account_run *r)
{
    if (!staff->active)
        return ACCOUNT_ENDED;
    staff->password = r->ctx;
    return 0;
}

int account_password(const struct account_change *c, const struct id *id, const char *password,
                     struct staff *ret)
{
    const char *phc = NULL;
    int done = password_rule(password, c->doer->user, c->arena);
    if (done == 0)
        done = staff_password_hash(password, c->arena, &phc);
    struct account_run r = {.fn = set_password, .ctx = (void *)phc};
    return done != 0 ? done : account_run(c, id, "password", &r, ret);
}
