/* The end of a person: what finds them, who they once were, their document and their key. */
#include "base/result.h"
#include "domain/person/key.h"
#include "domain/person/private.h"

#define PAGE 50

struct unfinding {
    const struct id *person;
    bool gone; /* nobody is left whom it would find */
};

static int unfind(struct store_edit *edit, void *ctx)
{
    struct unfinding *u = ctx;
    struct login login = {0};
    int done = entity_decode(&login_entity, edit->before, edit->arena, &login);
    if (done < 0)
        return done;
    bool holder = id_equal(&login.person, u->person), fresh = id_equal(&login.fresh, u->person);
    u->gone = holder && (fresh || id_is_nil(&login.fresh));
    if (u->gone || (!holder && !fresh))
        return STORE_UNCHANGED;
    if (holder)
        login.person = login.fresh;
    login.fresh = (struct id){0};
    return entity_encode(&login_entity, &login, edit->before, edit->arena, edit->after);
}

/* Whoever came with the number meanwhile keeps it. */
static int drop_login(const struct people *p, const struct id *login, const struct id *person)
{
    struct unfinding u = {person, false};
    int done = store_change(p->store, &login_collection, login, NULL, unfind, &u, NULL);
    if (done == STORE_UNCHANGED && u.gone)
        done = store_remove(p->store, &login_collection, login, -1);
    return done < 0 ? done : 0;
}

int person_erase_logins(const struct people *p, const struct id *id, struct arena *a)
{
    struct person person;
    const char *phone = NULL, *card = NULL, *passport = NULL;
    int done = person_read(p, id, a, &person);
    if (done == 0)
        done = person_phone(p, &person, a, &phone);
    if (done == 0)
        done = person_card(p, &person, a, &card);
    if (done == 0)
        done = person_passport(p, &person, a, &passport);
    if (done == 0 && phone) {
        struct id login = login_phone_id(p, phone);
        done = drop_login(p, &login, id);
    }
    if (done == 0 && card) {
        struct id login = login_card_id(p, card);
        done = drop_login(p, &login, id);
    }
    if (done == 0 && passport) {
        struct id login = login_passport_id(p, passport);
        done = drop_login(p, &login, id);
    }
    return done == PERSON_ERASED || done == STORE_ABSENT ? 0 : done;
}

int person_merged(const struct people *p, const struct id *id, struct arena *a, struct id **ret,
                  size_t *ret_n)
{
    struct store_value into = store_id(*id);
    struct store_condition of = {.field = "merged", .op = STORE_EQ, .values = &into, .n_values = 1};
    struct store_query q = {
        .conditions = &of, .n_conditions = 1, .order = "created", .limit = PAGE};
    struct store_page page = {0};
    int done = store_scan(p->store, &person_collection, &q, a, &page);
    if (done != 0)
        return done;
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; i < page.n; i++)
        *ret_n += store_document_id(page.docs[i], &(*ret)[*ret_n]);
    return 0;
}

/* The key last: while it is there, what finds them can be told and is found again. */
int person_erase(const struct people *p, const struct id *id)
{
    int done = store_remove(p->store, &person_collection, id, -1);
    if (done >= 0)
        done = store_remove(p->keys, &person_key_collection, id, -1);
    return done < 0 ? done : 0;
}
