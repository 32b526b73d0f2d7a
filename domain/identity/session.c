#include "domain/identity/session.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"

#define REFRESH_BYTES (16 + 4 + MAC_TAG)
#define AT(member) .offset = offsetof(struct session, member)

static const struct entity_name kinds[] = {
    {0},
    [TOKEN_CITIZEN + 1] = {"citizen", {"Công dân", "Citizen"}},
    [TOKEN_STAFF + 1] = {"staff", {"Cán bộ", "Staff"}},
    {0},
};

const struct entity session_entity = {
    .name = "Session",
    .size = sizeof(struct session),
    .fields = (const struct entity_field[]){
        {.name = "subject", .type = ENTITY_ID, AT(subject)},
        {.name = "kind", .type = ENTITY_ENUM, AT(kind), .names = kinds},
        {.name = "role", .type = ENTITY_TEXT, AT(role), .max = 40},
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .max = 35},
        {.name = "level", .type = ENTITY_INT, AT(level)},
        {.name = "device",
         .type = ENTITY_TEXT,
         AT(device),
         .see = SEE_OWNER,
         .max = SESSION_DEVICE_MAX},
        {.name = "generation", .type = ENTITY_INT, AT(generation)},
        {.name = "rotated", .type = ENTITY_TIME, AT(rotated_ms)},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_OWNER},
        {.name = "seen_at", .type = ENTITY_TIME, AT(seen_ms), .see = SEE_OWNER},
        {.name = "active", .type = ENTITY_TIME, AT(active_ms)},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {.name = "ended", .type = ENTITY_TIME, AT(ended_ms)},
        {.name = "how", .type = ENTITY_TEXT, AT(how), .max = 20},
        {.name = "proven", .type = ENTITY_TIME, AT(proven_ms)},
        {.name = "ended_why", .type = ENTITY_TEXT, AT(ended_why), .max = 40},
        {0},
    }};

const struct store_collection session_collection = {
    .name = "session",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"subject", "subject", STORE_ID, false},
            {"seen", "seen_at", STORE_INT, false},
            {"expires", "expires", STORE_INT, false},
            {"ended", "ended", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "subject", .why = "my devices", .equals = {"subject"}, .order = "seen"},
            {.name = "expires", .why = "the sweep", .order = "expires"},
            {.name = "ended", .why = "other nodes forget its tokens", .order = "ended"},
        },
    .n_paths = 3,
};

/* --- refresh tokens --------------------------------------------------------------------------- */

static void refresh_head(const struct id *session, int64_t generation, uint8_t out[20])
{
    memcpy(out, session->bytes, 16);
    for (int i = 0; i < 4; i++)
        out[16 + i] = (uint8_t)((uint64_t)generation >> (8 * (3 - i)));
}

static void refresh_write(const struct keyring *keys, const struct session *s,
                          char out[SESSION_REFRESH_TEXT])
{
    uint8_t bytes[REFRESH_BYTES];
    refresh_head(&s->id, s->generation, bytes);
    mac_tag(keys, KEY_REFRESH, bytes, 20, bytes + 20);
    bytes_to_base64url(bytes, sizeof(bytes), out);
}

static bool refresh_read(const struct keyring *keys, const char *text, struct id *ret_session,
                         int64_t *ret_generation)
{
    uint8_t bytes[REFRESH_BYTES];
    size_t n = 0;
    if (!bytes_from_base64url(text, strlen(text), bytes, sizeof(bytes), &n) || n != sizeof(bytes) ||
        mac_check(keys, KEY_REFRESH, bytes, 20, bytes + 20) != 0)
        return false;
    memcpy(ret_session->bytes, bytes, 16);
    *ret_generation = 0;
    for (int i = 0; i < 4; i++)
        *ret_generation = (*ret_generation << 8) | bytes[16 + i];
    return true;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static int64_t life_of(const struct session_settings *set, const struct session *s)
{
    if (s->kind == TOKEN_STAFF + 1)
        return set->staff_ms;
    return s->level < 0 ? set->unproven_ms : set->citizen_ms;
}

/* E_INVALID if it does not fit. */
static int claim_name(const char *name, char ret[TOKEN_NAME])
{
    size_t n = name ? strlen(name) : 0;
    if (n >= TOKEN_NAME)
        return E_INVALID;
    memcpy(ret, name ? name : "", n + 1);
    return 0;
}

static int make_pair(const struct session_settings *set, const struct session *s, int64_t now_ms,
                     struct arena *a, struct session_pair *ret)
{
    struct token_claims claims = {
        .subject = s->subject,
        .session = s->id,
        .token = id_v4(),
        .kind = (enum token_kind)(s->kind - 1),
        .level = (int)s->level,
        .issued_ms = now_ms,
        .not_before_ms = now_ms,
        .expires_ms = now_ms + set->access_ms,
    };
    CLEANUP(freep) char *text = NULL;
    int done = claim_name(s->role, claims.role);
    if (done == 0)
        done = claim_name(s->agency, claims.agency);
    if (done == 0)
        done = token_sign(set->keys, &set->parties, &claims, &text);
    if (done < 0)
        return done;
    ret->access = arena_strdup(a, text);
    ret->access_expires_ms = claims.expires_ms;
    ret->refresh_expires_ms = s->expires_ms;
    refresh_write(set->keys, s, ret->refresh);
    return 0;
}

int session_begin(struct store *s, const struct session_settings *set, struct session *session,
                  int64_t now_ms, struct arena *a, struct session_pair *ret)
{
    session->id = id_v4();
    session->generation = 1;
    session->created_ms = session->seen_ms = session->rotated_ms = now_ms;
    session->proven_ms = session->how ? now_ms : 0;
    session->active_ms = session->kind == TOKEN_STAFF + 1 ? now_ms : 0;
    session->expires_ms = now_ms + life_of(set, session);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&session_entity, session, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    done = store_create(s, &session_collection, &session->id, &write, body, NULL);
    if (done < 0)
        return done;
    return make_pair(set, session, now_ms, a, ret);
}

bool session_lives(const struct session *s, int64_t now_ms)
{
    return !s->ended_ms && now_ms < s->expires_ms;
}

struct rotating {
    const struct session_settings *set;
    int64_t generation, now_ms;
    struct session session; /* what it is afterwards */
};

static void end_with(struct session *s, const char *why, int64_t now_ms)
{
    s->ended_ms = now_ms;
    s->ended_why = why;
}

static int rotate(struct store_edit *edit, void *ctx)
{
    struct rotating *r = ctx;
    struct session *s = &r->session;
    struct id id = s->id;
    *s = (struct session){.id = id};
    int done = entity_decode(&session_entity, edit->before, edit->arena, s);
    if (done < 0)
        return done;
    if (!session_lives(s, r->now_ms))
        return SESSION_INVALID;
    if (session_locked(r->set, s, r->now_ms))
        return SESSION_LOCKED;
    bool repeated =
        r->generation == s->generation - 1 && r->now_ms - s->rotated_ms <= SESSION_REPEAT_MS;
    if (repeated)
        return STORE_UNCHANGED; /* the pair of the present generation once more */
    if (r->generation == s->generation) {
        s->generation++;
        s->rotated_ms = s->seen_ms = r->now_ms;
        if (s->level >= 0)
            s->expires_ms = r->now_ms + life_of(r->set, s);
    } else {
        end_with(s, "reuse", r->now_ms);
        edit->outcome = SESSION_REUSED;
    }
    return entity_encode(&session_entity, s, edit->before, edit->arena, edit->after);
}

int session_refresh(struct store *s, const struct session_settings *set, const char *refresh,
                    int64_t now_ms, struct arena *a, struct session *ret_session,
                    struct session_pair *ret)
{
    struct rotating r = {.set = set, .now_ms = now_ms};
    if (!refresh_read(set->keys, refresh, &r.session.id, &r.generation))
        return SESSION_INVALID;
    struct id id = r.session.id;
    struct store_changed changed = {0};
    int done = store_change(s, &session_collection, &id, NULL, rotate, &r, &changed);
    CLEANUP(bson_destroyp) bson_t *doc = changed.doc;
    if (done == STORE_ABSENT)
        return SESSION_INVALID;
    if (done != 0 && done != STORE_UNCHANGED)
        return done;
    *ret_session = (struct session){.id = id};
    done = entity_decode(&session_entity, doc, a, ret_session);
    if (done < 0)
        return done;
    if (!session_lives(ret_session, now_ms))
        return SESSION_REUSED;
    return make_pair(set, ret_session, now_ms, a, ret);
}

int session_by_refresh(struct store *s, const struct session_settings *set, const char *refresh,
                       int64_t now_ms, struct arena *a, struct session *ret)
{
    struct id id;
    int64_t generation = 0;
    if (!refresh_read(set->keys, refresh, &id, &generation))
        return SESSION_INVALID;
    int done = session_get(s, &id, a, ret);
    if (done != 0)
        return done;
    bool ours = generation == ret->generation || generation == ret->generation - 1;
    return ours && session_lives(ret, now_ms) ? 0 : SESSION_INVALID;
}

struct ending {
    const struct id *subject;
    const char *why;
    int64_t now_ms;
};

static int end(struct store_edit *edit, void *ctx)
{
    const struct ending *e = ctx;
    struct session s = {0};
    int done = entity_decode(&session_entity, edit->before, edit->arena, &s);
    if (done < 0)
        return done;
    if (!id_equal(&s.subject, e->subject) || !session_lives(&s, e->now_ms))
        return SESSION_INVALID;
    end_with(&s, e->why, e->now_ms);
    return entity_encode(&session_entity, &s, edit->before, edit->arena, edit->after);
}

int session_end(struct store *s, const struct id *session, const struct id *subject,
                const char *why, int64_t now_ms)
{
    struct ending e = {subject, why, now_ms};
    int done = store_change(s, &session_collection, session, NULL, end, &e, NULL);
    return done == STORE_ABSENT ? SESSION_INVALID : done;
}

struct proving {
    const struct id *subject;
    const char *how;
    int64_t now_ms;
};

static int prove(struct store_edit *edit, void *ctx)
{
    const struct proving *p = ctx;
    struct session s = {0};
    int done = entity_decode(&session_entity, edit->before, edit->arena, &s);
    if (done < 0)
        return done;
    if (!id_equal(&s.subject, p->subject) || !session_lives(&s, p->now_ms))
        return SESSION_INVALID;
    s.how = p->how;
    s.proven_ms = p->now_ms;
    return entity_encode(&session_entity, &s, edit->before, edit->arena, edit->after);
}

int session_prove(struct store *s, const struct id *session, const struct id *subject,
                  const char *how, int64_t now_ms)
{
    struct proving p = {subject, how, now_ms};
    int done = store_change(s, &session_collection, session, NULL, prove, &p, NULL);
    return done == STORE_ABSENT ? SESSION_INVALID : done;
}

bool session_fresh(const struct session *s, int64_t within_ms, int64_t now_ms)
{
    return session_lives(s, now_ms) && s->proven_ms && s->how && strcmp(s->how, "password") != 0 &&
           now_ms - s->proven_ms < within_ms;
}

int session_get(struct store *s, const struct id *session, struct arena *a, struct session *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &session_collection, session, &doc);
    if (done != 0)
        return done == STORE_ABSENT ? SESSION_INVALID : done;
    *ret = (struct session){.id = *session};
    return entity_decode(&session_entity, doc, a, ret);
}

/* Those of a page that live, behind the *n that are there already. */
static int add_living(const struct store_page *page, int64_t now_ms, struct arena *a,
                      struct session **sessions, size_t *n)
{
    struct session *all = arena_array(a, *n + page->n, sizeof(*all));
    if (*n > 0)
        memcpy(all, *sessions, *n * sizeof(*all));
    for (size_t i = 0; i < page->n; i++) {
        struct session *one = &all[*n];
        *one = (struct session){0};
        int done = entity_decode(&session_entity, page->docs[i], a, one);
        if (done < 0)
            return done;
        if (session_lives(one, now_ms) && store_document_id(page->docs[i], &one->id))
            ++*n;
    }
    *sessions = all;
    return 0;
}

int session_list(struct store *s, const struct id *subject, int64_t now_ms, struct arena *a,
                 struct session **ret, size_t *ret_n)
{
    struct store_value value = store_id(*subject);
    struct store_condition of = {
        .field = "subject", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "seen", .descending = true, .limit = 50};
    struct store_page page = {.more = true};
    *ret = NULL;
    *ret_n = 0;
    while (page.more) { /* those that ended stay until they expire */
        int done = store_scan(s, &session_collection, &q, a, &page);
        if (done == 0)
            done = add_living(&page, now_ms, a, ret, ret_n);
        if (done != 0)
            return done;
        q.has_after = true;
        q.after = page.next;
    }
    return 0;
}

int session_ended_since(struct store *s, int64_t since_ms, struct id *ret, size_t max,
                        size_t *ret_n)
{
    struct arena a;
    arena_init(&a);
    struct store_range since = {.has_low = true, .low = store_int(since_ms)};
    struct store_condition condition = {
        .field = "ended", .op = STORE_BETWEEN, .ranges = &since, .n_ranges = 1};
    struct store_query q = {.conditions = &condition,
                            .n_conditions = 1,
                            .order = "ended",
                            .descending = true,
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    struct store_page page;
    int done = store_scan(s, &session_collection, &q, &a, &page);
    *ret_n = 0;
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        if (store_document_id(page.docs[i], &ret[*ret_n]))
            (*ret_n)++;
    }
    arena_release(&a);
    return done;
}
