/* What administrators do to an account. */
#include "domain/staff/account.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/staff/account_private.h"

/* --- the one way to change an account --------------------------------------------------------- */

static int run(struct store_edit *edit, void *ctx)
{
    struct account_run *r = ctx;
    struct staff *staff = &r->after;
    struct staff_act act = r->act;
    *staff = (struct staff){.id = r->id};
    r->arena = edit->arena;
    int done = entity_decode(&staff_entity, edit->before, edit->arena, staff);
    if (done == 0)
        done = r->fn(staff, r);
    if (done != 0)
        return done;
    act.agency = staff->agency;
    act.to = staff->id;
    act.to_user = staff->user;
    act.detail = r->detail;
    if (!staff_act_add(&staff->acts, &staff->acts_ms, &act, edit->arena))
        return ACCOUNT_CROWDED;
    staff->revision++;
    return entity_encode(&staff_entity, staff, edit->before, edit->arena, edit->after);
}

int account_run(const struct account_change *c, const struct id *id, const char *verb,
                struct account_run *r, struct staff *ret)
{
    struct store_change_options options = {.if_revision = c->if_revision};
    struct store_changed changed = {0};
    r->id = *id;
    r->change = c;
    r->act = staff_act_of(c->doer, verb, c->now_ms);
    int done = store_change(c->store, &staff_collection, id, &options, run, r, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    if (done != 0)
        return done;
    *ret = (struct staff){.id = *id};
    done = entity_decode(&staff_entity, doc, c->arena, ret);
    if (done == 0)
        staff_acts_post(c->store, &staff_collection, id); /* what fails here the sweep does */
    return done;
}

/* --- opening ---------------------------------------------------------------------------------- */

int account_new_code(const struct account_change *c, const struct id *id,
                     char code[STAFF_CODE_TEXT], struct account_code *ret)
{
    uint8_t secret[TOTP_SECRET];
    totp_secret_new(secret);
    ret->hash = staff_code_hash(id, staff_code_new(code), c->arena);
    int done =
        staff_seal(c->keys, "staff.totp_next", id, secret, sizeof(secret), c->arena, &ret->secret);
    bytes_wipe(secret, sizeof(secret));
    return done;
}

void account_set_code(struct staff *staff, enum staff_activation what,
                      const struct account_code *code, int64_t now_ms)
{
    staff->activation = (int)what;
    staff->activation_hash = code->hash;
    staff->activation_until_ms = now_ms + STAFF_ACTIVATION_MS;
    staff->totp_next = code->secret;
    staff->wrong = staff->paused_until_ms = 0;
}

static void vouch(struct staff *staff, const struct account_change *c)
{
    staff->vouched_by = c->doer->id;
    staff->vouched_ms = c->now_ms;
}

int account_open(const struct account_change *c, const struct staff_draft *d,
                 const struct store_write *write, char code[STAFF_CODE_TEXT], struct staff *ret)
{
    struct account_code made;
    *ret = (struct staff){.id = staff_id(d->user),
                          .user = d->user,
                          .name = d->name,
                          .title = d->title,
                          .role = d->role,
                          .agency = d->agency,
                          .totp_step = TOTP_NO_STEP,
                          .active = true,
                          .created_ms = c->now_ms,
                          .revision = 1};
    struct staff_act act = staff_act_of(c->doer, "make", c->now_ms);
    act.agency = d->agency;
    act.to = ret->id;
    act.to_user = d->user;
    act.detail = staff_roles[d->role].name;
    int done = account_new_code(c, &ret->id, code, &made);
    if (done == 0 && d->phone)
        done = staff_seal(c->keys, "staff.phone", &ret->id, d->phone, strlen(d->phone), c->arena,
                          &ret->phone);
    if (done < 0)
        return done;
    account_set_code(ret, STAFF_ACTIVATE_ALL, &made, c->now_ms);
    vouch(ret, c);
    staff_act_add(&ret->acts, &ret->acts_ms, &act, c->arena);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    done = entity_encode(&staff_entity, ret, NULL, c->arena, body);
    if (done == 0)
        done = store_create(c->store, &staff_collection, &ret->id, write, body, NULL);
    if (done == 0)
        staff_acts_post(c->store, &staff_collection, &ret->id);
    if (done == STORE_REPEATED) { /* the code of the first answer may never have arrived */
        done = account_code(c, &ret->id, code, ret);
        return done == 0 ? STORE_REPEATED : done;
    }
    return done == STORE_EXISTS ? STAFF_TAKEN : done;
}

static int set_code(struct staff *staff, struct account_run *r)
{
    if (!staff->active)
        return ACCOUNT_ENDED;
    if (staff->password || staff->activation != STAFF_ACTIVATE_ALL)
        return ACCOUNT_ACTIVE;
    account_set_code(staff, STAFF_ACTIVATE_ALL, r->ctx, r->change->now_ms);
    vouch(staff, r->change);
    return 0;
}

int account_code(const struct account_change *c, const struct id *id, char code[STAFF_CODE_TEXT],
                 struct staff *ret)
{
    struct account_code made;
    int done = account_new_code(c, id, code, &made);
    struct account_run r = {.fn = set_code, .ctx = &made};
    return done < 0 ? done : account_run(c, id, "code", &r, ret);
}

/* --- changing --------------------------------------------------------------------------------- */

struct editing {
    const struct account_edit *edit;
    struct entity_bytes phone;
    int was;
};

static int edit_account(struct staff *staff, struct account_run *r)
{
    struct editing *e = r->ctx;
    const struct account_edit *edit = e->edit;
    struct buf words;
    if (!staff->active)
        return ACCOUNT_ENDED;
    e->was = staff->role;
    buf_init(&words, STAFF_ACT_DETAIL_MAX);
    if (edit->name)
        staff->name = edit->name, buf_add_str(&words, "name ");
    if (edit->title)
        staff->title = edit->title, buf_add_str(&words, "title ");
    if (edit->phone)
        staff->phone = e->phone, buf_add_str(&words, edit->phone[0] ? "phone " : "phone: none ");
    if (edit->role && edit->role != staff->role)
        buf_printf(&words, "role: %s to %s", staff_roles[staff->role].name,
                   staff_roles[edit->role].name);
    if (edit->role && edit->role != staff->role)
        vouch(staff, r->change);
    if (edit->role)
        staff->role = edit->role;
    r->detail = arena_strndup(r->arena, words.data ? words.data : "", words.len);
    buf_release(&words);
    return 0;
}

/* An administrator who is about to be none. 0 and *ret_leaves: admins_left is to be called. */
static int before_leaving(const struct account_change *c, const struct staff *staff,
                          bool *ret_leaves)
{
    *ret_leaves = false;
    if (!staff->active || staff->role != STAFF_ADMIN)
        return 0;
    int done = admins_leave(c->store, staff->agency, &staff->id, c->now_ms, c->arena);
    *ret_leaves = done == 0;
    return done;
}

static void after_leaving(const struct account_change *c, const struct staff *staff, bool leaves)
{
    if (leaves)
        admins_left(c->store, staff->agency, &staff->id);
}

int account_change(const struct account_change *c, const struct id *id,
                   const struct account_edit *edit, struct staff *ret, int *ret_was)
{
    struct staff before;
    struct editing e = {.edit = edit};
    bool leaves = false;
    int done = staff_get(c->store, id, c->arena, &before);
    if (done != 0)
        return done;
    bool other_role = edit->role && edit->role != before.role;
    if (other_role && id_equal(id, &c->doer->id))
        return ACCOUNT_OWN;
    if (edit->phone && edit->phone[0])
        done = staff_seal(c->keys, "staff.phone", id, edit->phone, strlen(edit->phone), c->arena,
                          &e.phone);
    if (done == 0 && other_role)
        done = before_leaving(c, &before, &leaves);
    if (done != 0)
        return done;
    struct account_run r = {.fn = edit_account, .ctx = &e};
    done = account_run(c, id, "edit", &r, ret);
    after_leaving(c, &before, leaves);
    *ret_was = e.was;
    return done;
}

static int end_account(struct staff *staff, struct account_run *r)
{
    if (!staff->active)
        return ACCOUNT_ENDED;
    staff->active = false;
    staff->ended_ms = r->change->now_ms;
    staff->activation = 0;
    staff->activation_hash = staff->totp_next = (struct entity_bytes){0};
    staff->activation_until_ms = 0;
    staff->reset = (struct staff_reset){0};
    return 0;
}

int account_end(const struct account_change *c, const struct id *id, const char *reason,
                struct staff *ret)
{
    struct staff before;
    bool leaves = false;
    int done = staff_get(c->store, id, c->arena, &before);
    if (done == 0 && id_equal(id, &c->doer->id))
        done = ACCOUNT_OWN;
    if (done == 0)
        done = before_leaving(c, &before, &leaves);
    if (done != 0)
        return done;
    struct account_run r = {.fn = end_account, .detail = reason};
    done = account_run(c, id, "end", &r, ret);
    after_leaving(c, &before, leaves);
    return done;
}

/* --- two persons ------------------------------------------------------------------------------ */

static bool waits(const struct staff *staff, int64_t now_ms)
{
    return !id_is_nil(&staff->reset.id) && now_ms < staff->reset.until_ms;
}

static int ask(struct staff *staff, struct account_run *r)
{
    if (waits(staff, r->change->now_ms))
        return ACCOUNT_PENDING;
    staff->reset = *(const struct staff_reset *)r->ctx;
    if (!staff->active || !staff->password)
        staff->reset.what = STAFF_ACTIVATE_ALL;
    return 0;
}

int account_reset_ask(const struct account_change *c, const struct id *id,
                      enum staff_activation what, const char *reason, struct staff *ret)
{
    struct staff_reset reset = {.id = id_v4(),
                                .what = (int)what,
                                .by = c->doer->id,
                                .by_user = c->doer->user,
                                .reason = reason,
                                .at_ms = c->now_ms,
                                .until_ms = c->now_ms + STAFF_RESET_MS};
    struct account_run r = {.fn = ask, .ctx = &reset, .detail = reason};
    return id_equal(id, &c->doer->id) ? ACCOUNT_OWN : account_run(c, id, "reset_ask", &r, ret);
}

#define KIN_MAX 8

/* Somebody, who vouched for them, who for those, and so on; who was vouched for long ago, or by the
 * operator, ends it, and so does who stands in it already. */
struct line {
    struct id of[KIN_MAX];
    size_t n;
    bool cut; /* it goes on, to whom is not known */
};

static bool stands_in(const struct line *line, const struct id *id)
{
    for (size_t i = 0; i < line->n; i++) {
        if (id_equal(&line->of[i], id))
            return true;
    }
    return false;
}

static int line_of(const struct account_change *c, const struct id *id, struct line *ret)
{
    struct staff staff = {.vouched_by = *id, .vouched_ms = c->now_ms};
    int done = 0;
    *ret = (struct line){0};
    while (done == 0 && !id_is_nil(&staff.vouched_by) &&
           staff.vouched_ms + STAFF_VOUCHED_MS > c->now_ms && !stands_in(ret, &staff.vouched_by)) {
        if (ret->n == KIN_MAX) {
            ret->cut = true;
            return 0;
        }
        ret->of[ret->n++] = staff.vouched_by;
        done = staff_get(c->store, &ret->of[ret->n - 1], c->arena, &staff);
    }
    return done < 0 ? done : 0;
}

/* Whether somebody stands in both lines, or might: of a line that is cut it is not known. */
static int are_kin(const struct account_change *c, const struct id *a, const struct id *b,
                   bool *ret)
{
    struct line x, y;
    int done = line_of(c, a, &x);
    if (done == 0)
        done = line_of(c, b, &y);
    if (done != 0)
        return done;
    *ret = x.cut || y.cut;
    for (size_t i = 0; i < x.n; i++)
        *ret |= stands_in(&y, &x.of[i]);
    return 0;
}

struct confirming {
    const struct id *reset;
    struct account_code code;
};

static int confirm(struct staff *staff, struct account_run *r)
{
    const struct confirming *n = r->ctx;
    if (!waits(staff, r->change->now_ms) || !id_equal(&staff->reset.id, n->reset))
        return ACCOUNT_NO_RESET;
    if (id_equal(&staff->reset.by, &r->change->doer->id))
        return ACCOUNT_SAME;
    r->detail = staff_activations[staff->reset.what].name;
    staff->totp = (struct entity_bytes){0};
    staff->totp_step = TOTP_NO_STEP;
    staff->recovery = (struct entity_list){0};
    staff->keys_since_ms = r->change->now_ms;
    if (staff->reset.what == STAFF_ACTIVATE_ALL)
        staff->password = NULL;
    staff->active = true;
    staff->ended_ms = 0;
    account_set_code(staff, (enum staff_activation)staff->reset.what, &n->code, r->change->now_ms);
    vouch(staff, r->change);
    staff->reset = (struct staff_reset){0};
    return 0;
}

int account_reset_confirm(const struct account_change *c, const struct id *id,
                          const struct id *reset, char code[STAFF_CODE_TEXT], struct staff *ret)
{
    struct confirming n = {.reset = reset};
    struct staff staff;
    bool kin = false;
    if (id_equal(id, &c->doer->id))
        return ACCOUNT_OWN;
    int done = staff_get(c->store, id, c->arena, &staff);
    if (done == 0 && !id_equal(&staff.reset.by, &c->doer->id))
        done = are_kin(c, &staff.reset.by, &c->doer->id, &kin);
    if (done != 0 || kin)
        return done != 0 ? done : ACCOUNT_KIN;
    done = account_new_code(c, id, code, &n.code);
    struct account_run r = {.fn = confirm, .ctx = &n};
    return done < 0 ? done : account_run(c, id, "reset_confirm", &r, ret);
}

static int drop(struct staff *staff, struct account_run *r)
{
    if (!waits(staff, r->change->now_ms) || !id_equal(&staff->reset.id, r->ctx))
        return ACCOUNT_NO_RESET;
    staff->reset = (struct staff_reset){0};
    return 0;
}

int account_reset_drop(const struct account_change *c, const struct id *id, const struct id *reset,
                       struct staff *ret)
{
    struct id wanted = *reset;
    struct account_run r = {.fn = drop, .ctx = &wanted};
    return account_run(c, id, "reset_drop", &r, ret);
}
