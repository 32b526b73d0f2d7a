#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/mac.h"
#include "base/result.h"
#include "domain/entity/owned.h"
#include "domain/look/private.h"

#define TRIES 256 /* places in the chain that others took first: each one is a record of theirs */

static const struct {
    unsigned what;
    struct entity_name name;
} things[] = {
    {LOOK_NAME, {"name", {"Họ tên", "Name"}}},
    {LOOK_PHONE, {"phone", {"Số điện thoại", "Phone number"}}},
    {LOOK_CARD, {"card", {"Tài khoản theo số căn cước", "Account found by card number"}}},
    {LOOK_ORIGINAL, {"original", {"Tệp gốc", "Original file"}}},
    {LOOK_ORGANISATION, {"organisation", {"Dữ liệu thành viên tổ chức", "Organisation members"}}},
    {LOOK_EXPORT, {"export", {"Bản xuất dữ liệu", "Export of data"}}},
    {LOOK_CONSENT, {"consent", {"Bằng chứng đồng ý", "Proof of consent"}}},
    {LOOK_DOCUMENT, {"document", {"Giấy tờ trong kho", "A paper of the document store"}}},
};

const char *look_what_label(const char *name, int language)
{
    for (size_t i = 0; i < ARRAY_LEN(things); i++) {
        if (strcmp(things[i].name.name, name) == 0)
            return things[i].name.label[language];
    }
    return name;
}

int look_decode(const bson_t *doc, struct arena *a, struct look *ret)
{
    *ret = (struct look){0};
    int done = entity_decode(&look_entity, doc, a, ret);
    return done == 0 && !store_document_id(doc, &ret->id) ? E_CORRUPT : done;
}

/* --- appending -------------------------------------------------------------------------------- */

/* The newest record; seq 0 where there is none. */
static int find_head(struct store *s, const char *agency, struct arena *a, struct look *ret)
{
    struct store_value value = store_text(agency);
    struct store_condition of = {
        .field = "agency", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "seq", .descending = true, .limit = 1};
    struct store_page page;
    *ret = (struct look){0};
    int done = store_scan(s, &look_collection, &q, a, &page);
    return done == 0 && page.n > 0 ? look_decode(page.docs[0], a, ret) : done;
}

/* Who took the place: what follows stands behind them. An index may tell of it later than the id.
 */
static int take_over(struct store *s, const struct id *id, struct arena *a, struct look *head)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &look_collection, id, &doc);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done;
    return look_decode(doc, a, head);
}

static void add_things(unsigned what, struct arena *a, struct text_words *ret)
{
    ret->items = arena_array(a, ARRAY_LEN(things), sizeof(*ret->items));
    for (size_t i = 0; i < ARRAY_LEN(things); i++) {
        if (what & things[i].what)
            ret->items[ret->n++] = things[i].name.name;
    }
}

static struct look look_of(const struct look_draft *d, int64_t now_ms, struct arena *a)
{
    struct look l = {.agency = d->agency,
                     .office = d->office,
                     .title = d->title,
                     .role = d->role,
                     .staff = d->staff,
                     .person = d->person,
                     .whom = d->person,
                     .number = d->number,
                     .reason = d->reason,
                     .route = d->route,
                     .at_ms = now_ms,
                     .day = clock_day_number(now_ms)};
    uint8_t *salt = arena_alloc(a, LOOK_SALT), *told = arena_alloc(a, SHA256_SIZE);
    add_things(d->what, a, &l.what);
    bytes_random(salt, LOOK_SALT);
    l.salt = (struct entity_bytes){salt, LOOK_SALT};
    look_told(&l, told);
    l.told = (struct entity_bytes){told, SHA256_SIZE};
    return l;
}

int look_add(struct store *s, const struct keyring *keys, const struct look_draft *draft,
             int64_t now_ms, struct arena *a, struct look *ret)
{
    if (!draft->agency || !*draft->agency || !draft->what || id_is_nil(&draft->person))
        return E_INVALID;
    uint8_t digest[SHA256_SIZE], tag[MAC_TAG];
    struct look head;
    *ret = look_of(draft, now_ms, a);
    ret->digest = (struct entity_bytes){digest, sizeof(digest)};
    ret->tag = (struct entity_bytes){tag, sizeof(tag)};
    int done = find_head(s, draft->agency, a, &head);
    for (int i = 0; done == 0 && i < TRIES; i++) {
        ret->seq = head.seq + 1;
        ret->id = look_id(draft->agency, ret->seq);
        look_digest(ret, head.seq ? head.digest.data : NULL, digest);
        mac_tag(keys, KEY_LOOK, digest, sizeof(digest), tag);
        CLEANUP(bson_destroyp) bson_t *body = bson_new();
        done = entity_encode(&look_entity, ret, NULL, a, body);
        struct store_write write = store_write_fresh();
        if (done == 0)
            done = store_create(s, &look_collection, &ret->id, &write, body, NULL);
        if (done == 0) {
            ret->digest.data = arena_dup(a, digest, sizeof(digest));
            ret->tag.data = arena_dup(a, tag, sizeof(tag));
            return 0;
        }
        if (done == STORE_EXISTS)
            done = take_over(s, &ret->id, a, &head);
    }
    return done < 0 ? done : E_BUSY;
}

/* --- whose it is ------------------------------------------------------------------------------ */

static const struct owned theirs = {&look_collection, &look_entity, "person", "at"};

int look_reown(struct store *s, const struct id *from, const struct id *into, struct arena *a,
               bool *ret_more)
{
    return owned_reown(s, &theirs, from, into, a, ret_more);
}

static int forget(struct store_edit *edit, void *ctx)
{
    const struct id *person = ctx;
    struct look l = {0};
    int done = entity_decode(&look_entity, edit->before, edit->arena, &l);
    if (done < 0)
        return done;
    if (!id_equal(&l.person, person))
        return STORE_UNCHANGED;
    l.person = l.whom = (struct id){0};
    l.reason = NULL;
    l.salt = (struct entity_bytes){0};
    return entity_encode(&look_entity, &l, edit->before, edit->arena, edit->after);
}

int look_forget(struct store *s, const struct id *person, struct arena *a, bool *ret_more)
{
    struct id who = *person;
    return owned_each(s, &theirs, person, forget, &who, a, ret_more);
}
