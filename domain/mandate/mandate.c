#include "domain/mandate/mandate.h"

#include <string.h>

#include "base/result.h"
#include "domain/mandate/private.h"

#define LIST_MAX 100

/* --- reading ---------------------------------------------------------------------------------- */

int mandate_decode(const bson_t *doc, struct arena *a, struct mandate *ret)
{
    *ret = (struct mandate){0};
    if (!store_document_id(doc, &ret->id))
        return E_CORRUPT;
    return entity_decode(&mandate_entity, doc, a, ret);
}

int mandate_get(struct store *s, const struct id *id, struct arena *a, struct mandate *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &mandate_collection, id, &doc);
    return done != 0 ? done : mandate_decode(doc, a, ret);
}

int mandate_state_now(const struct mandate *m, int64_t now_ms)
{
    bool waits = m->state == MANDATE_OFFERED || m->state == MANDATE_PENDING;
    bool over = ((m->state == MANDATE_ACTIVE || waits) && m->until_ms && m->until_ms <= now_ms) ||
                (m->state == MANDATE_OFFERED && m->created_ms + MANDATE_OFFERED_MS <= now_ms) ||
                (m->state == MANDATE_PENDING && m->created_ms + MANDATE_PENDING_MS <= now_ms);
    return over ? MANDATE_OVER : m->state;
}

unsigned mandate_scope(const struct mandate *m)
{
    unsigned scope = 0;
    for (size_t i = 0; i < m->scope.n; i++) {
        int value = entity_enum_value(mandate_scopes, m->scope.items[i]);
        scope |= value > 0 ? 1U << (value - 1) : 0;
    }
    return scope;
}

bool mandate_covers(const struct mandate *m, unsigned scope, const char *procedure)
{
    if (!(mandate_scope(m) & scope))
        return false;
    bool named = m->procedures.n == 0 || !procedure;
    for (size_t i = 0; i < m->procedures.n && !named; i++)
        named = strcmp(m->procedures.items[i], procedure) == 0;
    return named;
}

static int scan(struct store *s, const char *side, const struct id *who, size_t limit,
                struct arena *a, struct store_page *ret)
{
    struct store_value value = store_id(*who);
    struct store_condition theirs = {
        .field = side, .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {.conditions = &theirs,
                            .n_conditions = 1,
                            .order = "created",
                            .descending = true,
                            .limit = limit};
    return store_scan(s, &mandate_collection, &q, a, ret);
}

int mandate_list(struct store *s, const char *side, const struct id *who, struct arena *a,
                 struct mandate **ret, size_t *ret_n)
{
    struct store_page page = {0};
    int done = scan(s, side, who, LIST_MAX, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; i < page.n && done == 0; i++)
        done = mandate_decode(page.docs[i], a, &(*ret)[(*ret_n)++]);
    return done;
}

/* --- making ----------------------------------------------------------------------------------- */

struct id mandate_id(const struct id *by, const char *key)
{
    const struct id_part parts[] = {{by->bytes, 16}, {key, strlen(key)}};
    return id_v8("mandate", parts, ARRAY_LEN(parts));
}

static int made_before(struct store *s, const struct id *id, const struct store_write *write,
                       struct arena *a, struct mandate *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &mandate_collection, id, &doc);
    if (done != 0)
        return done;
    bool same = store_wrote(doc, write);
    done = mandate_decode(doc, a, ret);
    return done < 0 ? done : same ? MANDATE_REPEATED : MANDATE_REUSED;
}

static int check_room(struct store *s, const char *side, const struct id *who, int64_t now_ms,
                      struct arena *a)
{
    struct mandate *list = NULL;
    size_t n = 0, open = 0;
    int done = mandate_list(s, side, who, a, &list, &n);
    for (size_t i = 0; i < n; i++) {
        int state = mandate_state_now(&list[i], now_ms);
        open += state == MANDATE_OFFERED || state == MANDATE_PENDING || state == MANDATE_ACTIVE;
    }
    return done != 0 ? done : open >= MANDATES_MAX ? MANDATE_FULL : 0;
}

static struct mandate compose(const struct mandate_draft *d, const struct id *id, struct arena *a)
{
    struct mandate_step *step = ARENA_NEW(a, struct mandate_step);
    *step = (struct mandate_step){.at_ms = d->now_ms,
                                  .verb = d->name ? "record" : "give",
                                  .party = d->name ? "agent" : "subject",
                                  .by = d->by};
    struct mandate m = {
        .id = *id,
        .kind = d->kind,
        .state = d->name ? MANDATE_PENDING : MANDATE_OFFERED,
        .recorded = d->name != NULL,
        .contact = d->contact,
        .hint = d->hint,
        .scope = d->scope,
        .procedures = d->procedures,
        .commune = d->commune,
        .papers = {arena_dup(a, d->papers, d->n_papers * sizeof(*d->papers)), d->n_papers},
        .created_ms = d->now_ms,
        .from_ms = d->from_ms ? d->from_ms : d->now_ms,
        .until_ms = d->until_ms,
        .steps = {step, 1},
        .revision = 1,
    };
    *(d->name ? &m.agent : &m.subject) = d->by;
    return m;
}

/* Who is recorded is forgotten with the mandate, unless an office confirms it. */
static int record_subject(const struct people *p, const struct mandate_draft *d, struct arena *a,
                          struct mandate *m)
{
    struct person person;
    int done = dependant_record(p, d->name, d->birth, d->now_ms + MANDATE_PENDING_MS, d->now_ms, a,
                                &person);
    if (done != 0)
        return done;
    m->subject = person.id;
    return dependant_seal(p, &person.id, "mandate.card", d->card, a, &m->card);
}

int mandate_make(const struct people *p, const struct mandate_draft *d, const char *key,
                 const void *body, size_t n_body, struct arena *a, struct mandate *ret)
{
    struct store_write write = store_write_keyed("mandate.make", &d->by, key, body, n_body);
    struct id id = mandate_id(&d->by, key);
    int done = made_before(p->store, &id, &write, a, ret);
    if (done != STORE_ABSENT)
        return done;
    struct mandate m = compose(d, &id, a);
    done = check_room(p->store, d->name ? "agent" : "subject", &d->by, d->now_ms, a);
    if (done == 0 && d->name)
        done = record_subject(p, d, a, &m);
    if (done != 0)
        return done;
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    done = entity_encode(&mandate_entity, &m, NULL, a, doc);
    if (done == 0)
        done = store_create(p->store, &mandate_collection, &id, &write, doc, NULL);
    if (done == STORE_REPEATED || done == STORE_EXISTS || done == STORE_REUSED)
        return made_before(p->store, &id, &write, a, ret);
    return done == 0 ? mandate_get(p->store, &id, a, ret) : done;
}

static struct mandate compose_handed(const struct mandate_handing *h, const struct id *id,
                                     struct arena *a)
{
    struct mandate_step *step = ARENA_NEW(a, struct mandate_step);
    *step = (struct mandate_step){.at_ms = h->now_ms,
                                  .verb = "hand_on",
                                  .party = "office",
                                  .staff = h->officer,
                                  .office = h->office,
                                  .note = h->note};
    struct mandate m = {.id = *id,
                        .subject = h->from->subject,
                        .agent = h->agent,
                        .kind = h->kind,
                        .recorded = true,
                        .scope = h->from->scope,
                        .procedures = h->from->procedures,
                        .commune = h->from->commune,
                        .created_ms = h->now_ms,
                        .from_ms = h->now_ms,
                        .until_ms = h->until_ms,
                        .decided_ms = h->now_ms,
                        .decided_office = h->office,
                        .seen = h->note,
                        .steps = {step, 1},
                        .revision = 1};
    mandate_set_state(&m, MANDATE_ACTIVE);
    return m;
}

bool mandate_may_be_handed_on(const struct mandate *m, int64_t now_ms)
{
    int state = mandate_state_now(m, now_ms);
    return m->recorded && m->seen && (state == MANDATE_ENDED || state == MANDATE_OVER);
}

int mandate_hand_on(struct store *s, const struct mandate_handing *h, struct arena *a,
                    struct mandate *ret)
{
    const struct id_part parts[] = {{h->from->id.bytes, 16}, {h->agent.bytes, 16}};
    const struct id id = id_v8("mandate.handed", parts, ARRAY_LEN(parts));
    int done = mandate_get(s, &id, a, ret);
    if (done != STORE_ABSENT)
        return done == 0 && mandate_state_now(ret, h->now_ms) != MANDATE_ACTIVE ? MANDATE_STATE
                                                                                : done;
    if (!mandate_may_be_handed_on(h->from, h->now_ms))
        return MANDATE_STATE;
    if (id_equal(&h->agent, &h->from->subject))
        return MANDATE_SELF;
    done = check_room(s, "agent", &h->agent, h->now_ms, a);
    if (done != 0)
        return done;
    struct mandate m = compose_handed(h, &id, a);
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    const struct store_write write = store_write_fresh();
    done = entity_encode(&mandate_entity, &m, NULL, a, doc);
    if (done == 0)
        done = store_create(s, &mandate_collection, &id, &write, doc, NULL);
    return done == 0 || done == STORE_EXISTS || done == STORE_REPEATED ? mandate_get(s, &id, a, ret)
                                                                       : done;
}

/* --- another person --------------------------------------------------------------------------- */

struct reowning {
    const struct id *from, *into;
};

static int reown(struct store_edit *edit, void *ctx)
{
    const struct reowning *r = ctx;
    struct mandate m;
    int done = mandate_decode(edit->before, edit->arena, &m);
    if (done < 0)
        return done;
    bool agent = id_equal(&m.agent, r->from), subject = id_equal(&m.subject, r->from);
    if (!agent && !subject)
        return STORE_UNCHANGED;
    if (agent)
        m.agent = *r->into;
    if (subject)
        m.subject = *r->into;
    if (id_equal(&m.agent, &m.subject)) /* nobody acts for themselves */
        mandate_set_state(&m, MANDATE_ENDED);
    return entity_encode(&mandate_entity, &m, edit->before, edit->arena, edit->after);
}

static int reown_side(struct store *s, const char *side, struct reowning *r, struct arena *a,
                      bool *more)
{
    struct store_page page = {0};
    int done = scan(s, side, r->from, LIST_MAX, a, &page);
    for (size_t i = 0; done >= 0 && i < page.n; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = store_change(s, &mandate_collection, &id, NULL, reown, r, NULL);
    }
    *more |= page.more;
    return done < 0 ? done : 0;
}

int mandate_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
                  bool *ret_more)
{
    struct reowning r = {from, into};
    *ret_more = false;
    if (id_equal(from, into))
        return 0;
    int done = reown_side(s, "agent", &r, a, ret_more);
    return done == 0 ? reown_side(s, "subject", &r, a, ret_more) : done;
}
