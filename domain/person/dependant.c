#include "domain/person/dependant.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "domain/person/merge.h"
#include "domain/person/private.h"

struct describing {
    const uint8_t *key;
    const char *name, *birth, *card;
    bool confirmed;
};

static int describe(struct person *person, struct arena *a, void *ctx)
{
    const struct describing *d = ctx;
    int done = 0;
    if (!id_is_nil(&person->merged_into))
        return STORE_UNCHANGED;
    if (d->name)
        done = person_seal(d->key, &person->id, "person.name", d->name, a, &person->name);
    if (done == 0 && d->birth)
        done = person_seal(d->key, &person->id, "person.birth", d->birth, a, &person->birth);
    if (done == 0 && d->card)
        done = person_seal(d->key, &person->id, "person.card", d->card, a, &person->card);
    if (d->confirmed)
        person->expires_ms = 0;
    person->revision++;
    return done;
}

static int describe_person(const struct people *p, const struct id *id, struct describing d)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, id, key);
    d.key = key;
    if (done == 0)
        done = person_change(p, id, STORE_ANY_REVISION, describe, &d);
    bytes_wipe(key, sizeof(key));
    return done == STORE_UNCHANGED ? 0 : done;
}

int dependant_record(const struct people *p, const char *name, const char *birth,
                     int64_t expires_ms, int64_t now_ms, struct arena *a, struct person *ret)
{
    struct describing d = {.name = name, .birth = birth};
    int done = person_new(p, NULL, LEVEL_UNPROVEN, "vi", expires_ms, now_ms, a, ret);
    if (done == 0)
        done = describe_person(p, &ret->id, d);
    return done == 0 ? person_read(p, &ret->id, a, ret) : done;
}

/* The card finds the dependant from now on; or somebody else whom it finds already. */
static int point_card(const struct people *p, const struct id *dependant, const char *card,
                      int64_t now_ms, struct arena *a, struct person *ret)
{
    struct id login_id = login_card_id(p, card);
    struct login login;
    int done = login_create(p, &login_id, dependant, now_ms, a);
    if (done == STORE_EXISTS)
        done = login_get(p, &login_id, a, &login);
    else
        login.person = *dependant;
    if (done == 0)
        done = person_get(p, &login.person, a, ret);
    if (done == STORE_ABSENT) { /* whoever had it was forgotten */
        done = login_point(p, &login_id, dependant, now_ms);
        if (done == 0)
            done = person_get(p, dependant, a, ret);
    }
    return done;
}

static int known_card(const struct people *p, const struct person *person, const char *card,
                      struct arena *a)
{
    const char *known = NULL;
    int done = person_card(p, person, a, &known);
    return done == 0 && known && strcmp(known, card) != 0 ? PERSON_OTHER : done;
}

int dependant_confirm(const struct people *p, const struct id *dependant, const char *card,
                      int64_t now_ms, struct arena *a, struct id *ret_id)
{
    struct person person, holder;
    struct describing d = {.card = card, .confirmed = true};
    int done = person_get(p, dependant, a, &person);
    if (done == 0 && card)
        done = known_card(p, &person, card, a);
    if (done != 0)
        return done;
    *ret_id = person.id;
    if (!id_equal(&person.id, dependant)) /* merged before */
        return 0;
    if (card) {
        done = point_card(p, dependant, card, now_ms, a, &holder);
        if (done == 0 && !id_equal(&holder.id, dependant)) {
            *ret_id = holder.id;
            done = person_merge(p, dependant, &holder.id, now_ms, a);
            d.card = NULL;
        }
    }
    return done == 0 && id_equal(ret_id, dependant) ? describe_person(p, dependant, d) : done;
}

int dependant_seal(const struct people *p, const struct id *person, const char *what,
                   const char *text, struct arena *a, struct entity_bytes *ret)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, person, key);
    if (done == 0)
        done = person_seal(key, person, what, text, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}

int dependant_open(const struct people *p, const struct id *person, const char *what,
                   const struct entity_bytes *sealed, struct arena *a, const char **ret)
{
    uint8_t key[SEAL_KEY];
    int done = person_key_get(p, person, key);
    if (done == 0)
        done = person_open(key, person, what, sealed, a, ret);
    bytes_wipe(key, sizeof(key));
    return done;
}
