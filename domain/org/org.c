#include "domain/org/org.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/org/private.h"
#include "domain/person/key.h"

#define LINKS_MAX 100 /* of a person, looked at for a list */

struct id org_id(const struct people *p, const char *tax_code)
{
    return mac_lookup_id(p->keyring, "organisation", tax_code, strlen(tax_code));
}

int org_decode(const bson_t *doc, struct arena *a, struct organisation *ret)
{
    *ret = (struct organisation){0};
    if (!store_document_id(doc, &ret->id))
        return E_CORRUPT;
    return entity_decode(&organisation_entity, doc, a, ret);
}

int org_get(struct store *s, const struct id *id, struct arena *a, struct organisation *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &organisation_collection, id, &doc);
    return done != 0 ? done : org_decode(doc, a, ret);
}

const struct org_member *org_member_of(const struct organisation *o, const struct id *person)
{
    const struct org_member *members = o->members.items;
    for (size_t i = 0; i < o->members.n; i++) {
        if (members[i].state == MEMBER_ACTIVE && id_equal(&members[i].person, person))
            return &members[i];
    }
    return NULL;
}

const struct org_member *org_invitation(const struct organisation *o, const struct id *contacts,
                                        size_t n, int64_t now_ms)
{
    const struct org_member *members = o->members.items;
    for (size_t i = 0; i < o->members.n; i++) {
        const struct org_member *m = &members[i];
        for (size_t j = 0; j < n && m->state == MEMBER_INVITED && m->expires_ms > now_ms; j++) {
            if (id_equal(&m->contact, &contacts[j]))
                return m;
        }
    }
    return NULL;
}

/* --- whose ------------------------------------------------------------------------------------ */

struct link {
    struct id organisation, who;
    int64_t at_ms;
};

static const struct entity link_entity = {
    .name = "OrgLink",
    .size = sizeof(struct link),
    .fields = (const struct entity_field[]){
        {.name = "organisation", .type = ENTITY_ID, .offset = offsetof(struct link, organisation)},
        {.name = "who", .type = ENTITY_ID, .offset = offsetof(struct link, who)},
        {.name = "at", .type = ENTITY_TIME, .offset = offsetof(struct link, at_ms)},
        {0},
    }};

static struct id link_id(const struct id *org, const struct id *who)
{
    const struct id_part parts[] = {{org->bytes, 16}, {who->bytes, 16}};
    return id_v8("org.link", parts, ARRAY_LEN(parts));
}

int org_link_put(struct store *s, const struct id *org, const struct id *who, int64_t now_ms,
                 struct arena *a)
{
    struct link link = {*org, *who, now_ms};
    struct id id = link_id(org, who);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&link_entity, &link, NULL, a, body);
    struct store_write write = store_write_fresh();
    if (done == 0)
        done = store_create(s, &org_link_collection, &id, &write, body, NULL);
    return done < 0 ? done : 0;
}

static int scan_links(struct store *s, const struct id *who, size_t n, struct arena *a,
                      struct store_page *ret)
{
    struct store_value *values = arena_array(a, n, sizeof(*values));
    for (size_t i = 0; i < n; i++)
        values[i] = store_id(who[i]);
    struct store_condition theirs = {
        .field = "who", .op = STORE_IN, .values = values, .n_values = n};
    struct store_query q = {.conditions = &theirs,
                            .n_conditions = 1,
                            .order = "at",
                            .descending = true,
                            .limit = LINKS_MAX};
    return store_scan(s, &org_link_collection, &q, a, ret);
}

static bool listed(const struct organisation *list, size_t n, const struct id *id)
{
    for (size_t i = 0; i < n; i++) {
        if (id_equal(&list[i].id, id))
            return true;
    }
    return false;
}

int org_list(struct store *s, const struct id *person, const struct id *contacts, size_t n,
             int64_t now_ms, struct arena *a, struct organisation **ret, size_t *ret_n)
{
    struct id *who = arena_array(a, n + 1, sizeof(*who));
    struct store_page page = {0};
    who[0] = *person;
    for (size_t i = 0; i < n; i++)
        who[i + 1] = contacts[i];
    *ret = arena_array(a, LINKS_MAX, sizeof(**ret));
    *ret_n = 0;
    int done = scan_links(s, who, n + 1, a, &page);
    for (size_t i = 0; i < page.n && done == 0; i++) {
        struct link link = {0};
        struct organisation *o = &(*ret)[*ret_n];
        done = entity_decode(&link_entity, page.docs[i], a, &link);
        if (done != 0 || listed(*ret, *ret_n, &link.organisation))
            continue;
        done = org_get(s, &link.organisation, a, o);
        if (done == 0 && (org_member_of(o, person) || org_invitation(o, contacts, n, now_ms)))
            ++*ret_n;
        done = done == STORE_ABSENT ? 0 : done;
    }
    return done;
}

/* --- what is sealed --------------------------------------------------------------------------- */

int org_open(const struct people *p, const struct organisation *o, struct arena *a,
             struct org_texts *ret)
{
    uint8_t key[SEAL_KEY];
    *ret = (struct org_texts){0};
    int done = person_key_get(p, &o->id, key);
    if (done == 0)
        done = person_open(key, &o->id, "org.tax_code", &o->tax_code, a, &ret->tax_code);
    if (done == 0)
        done = person_open(key, &o->id, "org.name", &o->name, a, &ret->name);
    if (done == 0)
        done = person_open(key, &o->id, "org.address", &o->address, a, &ret->address);
    bytes_wipe(key, sizeof(key));
    return done;
}

/* --- registering ------------------------------------------------------------------------------ */

struct registering {
    const struct org_draft *d;
    const uint8_t *key;
    struct id id, member;
};

/* Nobody has it: it is new, was not confirmed in time, or is no more. */
static bool is_free(const struct organisation *o, int64_t now_ms)
{
    const struct org_member *members = o->members.items;
    size_t active = 0;
    for (size_t i = 0; i < o->members.n; i++)
        active += members[i].state == MEMBER_ACTIVE;
    return (o->state == ORG_PENDING && active == 0) || o->state == 0 || o->state == ORG_REFUSED ||
           o->state == ORG_ENDED ||
           (o->state == ORG_PENDING && now_ms - o->registered_ms > ORG_PENDING_MS);
}

static int seal_texts(const struct registering *r, struct organisation *o, struct arena *a)
{
    const struct org_draft *d = r->d;
    int done = person_seal(r->key, &r->id, "org.tax_code", d->tax_code, a, &o->tax_code);
    if (done == 0)
        done = person_seal(r->key, &r->id, "org.name", d->name, a, &o->name);
    if (done == 0)
        done = person_seal(r->key, &r->id, "org.address", d->address, a, &o->address);
    return done;
}

/* Who belonged to it before belongs to it no more; what they did stays in its history. */
static int begin_anew(struct organisation *o, const struct registering *r, struct arena *a)
{
    struct org_member *members = o->members.items;
    for (size_t i = 0; i < o->members.n; i++) {
        if (members[i].state == MEMBER_ACTIVE || members[i].state == MEMBER_INVITED) {
            members[i].state = MEMBER_REMOVED;
            members[i].until_ms = r->d->now_ms;
        }
    }
    struct org_member *first = org_member_add(o, r->d->now_ms, a);
    if (!first)
        return ORG_FULL;
    *first = (struct org_member){.id = r->member,
                                 .person = r->d->person,
                                 .role = ORG_REPRESENTS,
                                 .state = MEMBER_ACTIVE,
                                 .at_ms = r->d->now_ms,
                                 .since_ms = r->d->now_ms};
    return 0;
}

static int enrol(struct store_edit *edit, void *ctx)
{
    const struct registering *r = ctx;
    const struct org_draft *d = r->d;
    struct organisation o = {.id = r->id};
    int done =
        edit->before ? entity_decode(&organisation_entity, edit->before, edit->arena, &o) : 0;
    if (done < 0)
        return done;
    bool free = is_free(&o, d->now_ms);
    const struct org_member *mine = org_member_of(&o, &d->person);
    if (!free && !(mine && mine->role == ORG_REPRESENTS))
        return ORG_TAKEN;
    if (!free && o.state != ORG_PENDING)
        return STORE_UNCHANGED; /* theirs, and confirmed */
    if (free)
        done = begin_anew(&o, r, edit->arena);
    if (done == 0)
        done = seal_texts(r, &o, edit->arena);
    if (done != 0)
        return done;
    o.kind = d->kind;
    o.state = ORG_PENDING;
    o.commune = d->commune;
    o.papers = (struct entity_list){
        arena_dup(edit->arena, d->papers, d->n_papers * sizeof(*d->papers)), d->n_papers};
    o.registered_ms = d->now_ms;
    o.reason = NULL;
    o.revision++;
    org_step_add(&o, &(struct org_step){.at_ms = d->now_ms, .verb = "register", .by = d->person},
                 edit->arena);
    return entity_encode(&organisation_entity, &o, edit->before, edit->arena, edit->after);
}

int org_register(const struct people *p, const struct org_draft *d, struct arena *a,
                 struct organisation *ret)
{
    uint8_t key[SEAL_KEY];
    struct registering r = {.d = d, .key = key, .id = org_id(p, d->tax_code), .member = id_v4()};
    struct store_change_options options = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    int done = org_link_put(p->store, &r.id, &d->person, d->now_ms, a);
    if (done == 0)
        done = person_key_of(p, &r.id, key);
    if (done == 0)
        done = store_change(p->store, &organisation_collection, &r.id, &options, enrol, &r, NULL);
    bytes_wipe(key, sizeof(key));
    return done == 0 || done == STORE_UNCHANGED ? org_get(p->store, &r.id, a, ret) : done;
}

/* --- another person --------------------------------------------------------------------------- */

struct reowning {
    const struct id *from, *into;
    int64_t now_ms;
};

/* Who is a member twice stays one once, in the stronger role. */
static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    struct organisation o = {0};
    int done = entity_decode(&organisation_entity, edit->before, edit->arena, &o);
    if (done < 0)
        return done;
    struct org_member *theirs = (struct org_member *)(uintptr_t)org_member_of(&o, r->into);
    struct org_member *members = o.members.items;
    bool changed = false;
    for (size_t i = 0; i < o.members.n; i++) {
        if (!id_equal(&members[i].person, r->from))
            continue;
        members[i].person = *r->into;
        changed = true;
        if (theirs && members[i].state == MEMBER_ACTIVE) {
            theirs->role = members[i].role < theirs->role ? members[i].role : theirs->role;
            members[i].state = MEMBER_LEFT;
            members[i].until_ms = r->now_ms;
        }
    }
    return changed ? entity_encode(&organisation_entity, &o, edit->before, edit->arena, edit->after)
                   : STORE_UNCHANGED;
}

int org_reown(struct store *s, const struct id *from, const struct id *into, int64_t now_ms,
              struct arena *a, bool *ret_more)
{
    struct reowning r = {from, into, now_ms};
    struct store_page page = {0};
    *ret_more = false;
    if (id_equal(from, into))
        return 0;
    int done = scan_links(s, from, 1, a, &page);
    for (size_t i = 0; i < page.n && done >= 0; i++) {
        struct link link = {0};
        struct id id;
        done = entity_decode(&link_entity, page.docs[i], a, &link);
        if (done < 0 || !store_document_id(page.docs[i], &id))
            continue;
        done = org_link_put(s, &link.organisation, into, now_ms, a);
        if (done == 0)
            done = store_change(s, &organisation_collection, &link.organisation, NULL, reown, &r,
                                NULL);
        if (done >= 0)
            done = store_remove(s, &org_link_collection, &id, -1);
    }
    *ret_more = page.more;
    return done < 0 ? done : 0;
}
