#include "domain/person/at_desk.h"

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/dependant.h"
#include "domain/person/key.h"
#include "domain/person/private.h"
#include "domain/person/sign_in.h"

int person_at_desk(const struct people *p, const char *card, int64_t now_ms, struct arena *a,
                   struct person *ret)
{
    struct id id;
    int done = person_of_card(p, card, a, ret);
    if (done != STORE_ABSENT)
        return done;
    /* What is left of one that was cut short is forgotten. Name and birth are the e-ID's to say. */
    done = dependant_record(p, NULL, NULL, now_ms + CLOCK_DAY_MS, now_ms, a, ret);
    if (done == 0)
        done = dependant_confirm(p, &ret->id, card, now_ms, a, &id);
    return done == 0 ? person_get(p, &id, a, ret) : done;
}

struct showing {
    const uint8_t *key;
    const char *passport;
};

static int keep_passport(struct person *person, struct arena *a, void *ctx)
{
    const struct showing *s = ctx;
    person->expires_ms = 0;
    person->revision++;
    return person_seal(s->key, &person->id, "person.passport", s->passport, a, &person->passport);
}

/* Whom the login finds now: this person, or who came first with the same passport. */
static int point_passport(const struct people *p, const struct id *login_id,
                          const struct id *person, int64_t now_ms, struct arena *a,
                          struct person *ret)
{
    struct login login = {.person = *person};
    int done = login_create(p, login_id, person, now_ms, a);
    if (done == STORE_EXISTS)
        done = login_get(p, login_id, a, &login);
    if (done == 0)
        done = person_get(p, &login.person, a, ret);
    if (done == STORE_ABSENT) { /* whoever had it was forgotten */
        done = login_point(p, login_id, person, now_ms);
        if (done == 0)
            done = person_get(p, person, a, ret);
    }
    return done;
}

int person_at_desk_by_passport(const struct people *p, const char *passport, int64_t now_ms,
                               struct arena *a, struct person *ret)
{
    const struct id login_id = login_passport_id(p, passport);
    struct login login;
    uint8_t key[SEAL_KEY];
    struct showing showing = {key, passport};
    int done = login_get(p, &login_id, a, &login);
    if (done == 0)
        done = person_get(p, &login.person, a, ret);
    if (done == STORE_ABSENT) {
        /* One that is left over, by who was cut short or came second, is forgotten in a day. */
        done = dependant_record(p, NULL, NULL, now_ms + CLOCK_DAY_MS, now_ms, a, ret);
        if (done == 0)
            done = point_passport(p, &login_id, &ret->id, now_ms, a, ret);
    }
    if (done != 0 || ret->passport.n > 0)
        return done;
    done = person_key_get(p, &ret->id, key);
    if (done == 0)
        done = person_change(p, &ret->id, STORE_ANY_REVISION, keep_passport, &showing);
    bytes_wipe(key, sizeof(key));
    return done == 0 ? person_get(p, &ret->id, a, ret) : done;
}
