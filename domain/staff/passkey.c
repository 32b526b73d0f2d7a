#include "domain/staff/passkey.h"

#include <string.h>

#include "base/crypto/mac.h"
#include "base/result.h"

#define AT(member) .offset = offsetof(struct passkey, member)

const struct entity passkey_entity = {
    .name = "Passkey",
    .size = sizeof(struct passkey),
    .fields = (const struct entity_field[]){
        {.name = "staff", .type = ENTITY_ID, AT(staff)},
        {.name = "credential",
         .type = ENTITY_BYTES,
         AT(credential),
         .max = WEBAUTHN_CREDENTIAL_MAX},
        {.name = "key", .type = ENTITY_BYTES, AT(key), .max = WEBAUTHN_KEY_MAX},
        {.name = "aaguid", .type = ENTITY_BYTES, AT(aaguid), .max = WEBAUTHN_AAGUID},
        {.name = "algorithm", .type = ENTITY_INT, AT(algorithm)},
        {.name = "sign_count", .type = ENTITY_INT, AT(sign_count)},
        {.name = "transports",
         .type = ENTITY_WORDS,
         AT(transports),
         .see = SEE_SELF,
         .max = PASSKEY_TRANSPORTS_MAX},
        {.name = "name", .type = ENTITY_TEXT, AT(name), .see = SEE_SELF, .max = PASSKEY_NAME_MAX},
        {.name = "attestation", .type = ENTITY_TEXT, AT(attestation), .max = 16},
        {.name = "backup_eligible", .type = ENTITY_BOOL, AT(backup_eligible)},
        {.name = "backed_up",
         .type = ENTITY_BOOL,
         AT(backed_up),
         .see = SEE_SELF,
         .words = "It is on more than one device"},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_SELF},
        {.name = "used_at", .type = ENTITY_TIME, AT(used_ms), .see = SEE_SELF},
        {.name = "suspect_at",
         .type = ENTITY_TIME,
         AT(suspect_ms),
         .see = SEE_SELF,
         .words = "Its signature count went back then: there may be a copy of it"},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = SEE_SELF},
        {0},
    }};

const struct store_collection passkey_collection = {
    .name = "passkey",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"staff", "staff", STORE_ID, false},
            {"created", "created_at", STORE_INT, false},
        },
    .n_fields = 2,
    .paths =
        (const struct store_path[]){
            {.name = "staff", .why = "my passkeys", .equals = {"staff"}, .order = "created"},
        },
    .n_paths = 1,
};

struct id passkey_id(const void *credential, size_t n)
{
    return id_v8("passkey", &(struct id_part){credential, n}, 1);
}

struct id passkey_user(const struct keyring *keys, const struct id *staff)
{
    return mac_lookup_id(keys, "passkey.user", staff->bytes, sizeof(staff->bytes));
}

bool passkey_counts(const struct passkey *p, const struct staff *owner)
{
    return owner->active && p->created_ms >= owner->keys_since_ms;
}

struct webauthn_credential passkey_credential(const struct passkey *p)
{
    return (struct webauthn_credential){
        .id = {p->credential.data, p->credential.n},
        .algorithm = (int)p->algorithm,
        .key = {p->key.data, p->key.n},
        .sign_count = (uint32_t)p->sign_count,
        .attestation = p->attestation,
        .backup_eligible = p->backup_eligible,
        .backed_up = p->backed_up,
    };
}

static int decode(const bson_t *doc, struct arena *a, struct passkey *ret)
{
    *ret = (struct passkey){0};
    int done = entity_decode(&passkey_entity, doc, a, ret);
    return done == 0 && !store_document_id(doc, &ret->id) ? E_CORRUPT : done;
}

int passkey_get(struct store *s, const struct id *id, struct arena *a, struct passkey *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &passkey_collection, id, &doc);
    return done != 0 ? done : decode(doc, a, ret);
}

/* One more than there may be is looked for, so that who adds sees that it is too many. */
static int scan(struct store *s, const struct id *staff, struct arena *a, struct store_page *ret)
{
    struct store_value value = store_id(*staff);
    struct store_condition of = {.field = "staff", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "created", .limit = PASSKEYS_MAX + 1};
    return store_scan(s, &passkey_collection, &q, a, ret);
}

int passkey_list(struct store *s, const struct id *staff, struct arena *a, struct passkey **ret,
                 size_t *ret_n)
{
    struct store_page page;
    int done = scan(s, staff, a, &page);
    *ret_n = page.n < PASSKEYS_MAX ? page.n : PASSKEYS_MAX;
    *ret = arena_array(a, done == 0 ? page.n : 0, sizeof(**ret));
    for (size_t i = 0; done == 0 && i < *ret_n; i++)
        done = decode(page.docs[i], a, &(*ret)[i]);
    return done;
}

/* Two who add at once both count afterwards: the later sees them all, so that never more stay. */
int passkey_add(struct store *s, struct passkey *p, int64_t now_ms, struct arena *a)
{
    struct store_page page;
    p->id = passkey_id(p->credential.data, p->credential.n);
    p->created_ms = now_ms;
    p->revision = 1;
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&passkey_entity, p, NULL, a, body);
    struct store_write write = store_write_fresh();
    if (done == 0)
        done = store_create(s, &passkey_collection, &p->id, &write, body, NULL);
    if (done != 0)
        return done == STORE_EXISTS ? PASSKEY_TAKEN : done;
    done = scan(s, &p->staff, a, &page);
    if (done == 0 && page.n <= PASSKEYS_MAX)
        return 0;
    int removed = store_remove(s, &passkey_collection, &p->id, -1);
    return done < 0 ? done : removed < 0 ? removed : PASSKEY_FULL;
}

/* --- changes ---------------------------------------------------------------------------------- */

struct renaming {
    const struct id *staff;
    const char *name;
};

static int rename_it(struct store_edit *edit, void *ctx)
{
    const struct renaming *r = ctx;
    struct passkey p;
    int done = decode(edit->before, edit->arena, &p);
    if (done < 0)
        return done;
    if (!id_equal(&p.staff, r->staff))
        return STORE_ABSENT;
    p.name = r->name;
    p.revision++;
    return entity_encode(&passkey_entity, &p, edit->before, edit->arena, edit->after);
}

int passkey_rename(struct store *s, const struct id *id, const struct id *staff, const char *name,
                   struct arena *a, struct passkey *ret)
{
    struct renaming r = {staff, name};
    int done = store_change(s, &passkey_collection, id, NULL, rename_it, &r, NULL);
    return done == 0 ? passkey_get(s, id, a, ret) : done;
}

int passkey_remove(struct store *s, const struct id *id, const struct id *owner_id,
                   const struct staff *owner, struct arena *a)
{
    struct passkey *all = NULL;
    size_t n = 0;
    bool found = false;
    int done = passkey_list(s, owner_id, a, &all, &n);
    for (size_t i = 0; done == 0 && i < n; i++)
        found |= id_equal(&all[i].id, id);
    if (done != 0)
        return done;
    if (!found)
        return STORE_ABSENT;
    if (n == 1 && (!owner->password || !*owner->password))
        return PASSKEY_LAST;
    return store_remove(s, &passkey_collection, id, -1);
}

int passkey_remove_all(struct store *s, const struct id *staff, struct arena *a)
{
    struct store_page page = {.n = 1};
    int done = 0;
    while (done >= 0 && page.n > 0) {
        done = scan(s, staff, a, &page);
        for (size_t i = 0; done >= 0 && i < page.n; i++) {
            struct id id;
            if (store_document_id(page.docs[i], &id))
                done = store_remove(s, &passkey_collection, &id, -1);
        }
    }
    return done < 0 ? done : 0;
}

struct using
{
    uint32_t count;
    bool backed_up;
    int64_t now_ms;
};

static int use(struct store_edit *edit, void *ctx)
{
    const struct using *u = ctx;
    struct passkey p;
    int done = decode(edit->before, edit->arena, &p);
    if (done < 0)
        return done;
    if ((u->count || p.sign_count) && (int64_t)u->count <= p.sign_count) {
        p.suspect_ms = u->now_ms;
        edit->outcome = PASSKEY_CLONED;
    } else {
        p.sign_count = u->count;
        p.backed_up = u->backed_up;
        p.used_ms = u->now_ms;
    }
    return entity_encode(&passkey_entity, &p, edit->before, edit->arena, edit->after);
}

int passkey_used(struct store *s, const struct id *id, uint32_t count, bool backed_up,
                 int64_t now_ms)
{
    struct using u = {count, backed_up, now_ms};
    struct store_changed changed = {0};
    int done = store_change(s, &passkey_collection, id, NULL, use, &u, &changed);
    bson_destroy(changed.doc);
    return done == 0 ? changed.outcome : done;
}
