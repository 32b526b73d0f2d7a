#include "domain/person/sign_in.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"
#include "domain/person/merge.h"
#include "domain/person/private.h"

/* --- who is not proven yet ---------------------------------------------------------------------
 */

int person_unproven(const struct people *p, const char *language, int64_t expires_ms,
                    int64_t now_ms, struct arena *a, struct person *ret)
{
    return person_new(p, NULL, LEVEL_UNPROVEN, language, expires_ms, now_ms, a, ret);
}

struct proving {
    const uint8_t *key;
    const char *phone;
    struct id device;
    int64_t now_ms;
};

/* A number was shown: it is theirs, and the device is known. */
static int prove(struct person *person, struct arena *a, void *ctx)
{
    const struct proving *t = ctx;
    if (!id_is_nil(&person->merged_into))
        return PERSON_OTHER;
    if (person->level < LEVEL_PHONE) {
        person->level = LEVEL_PHONE;
        person->expires_ms = 0;
        person->merging_ms = t->now_ms; /* what they filed is to be sent */
    }
    person_remember(person, &t->device, t->now_ms, a);
    person->seen_ms = t->now_ms;
    person->revision++;
    return t->phone ? person_seal(t->key, &person->id, "person.phone", t->phone, a, &person->phone)
                    : 0;
}

/* phone NULL: the number they have stays. */
static int come(const struct people *p, const struct id *id, const char *phone,
                const struct id *device, int64_t now_ms)
{
    uint8_t key[SEAL_KEY];
    struct proving t = {key, phone, *device, now_ms};
    int done = person_key_get(p, id, key);
    if (done == 0)
        done = person_change(p, id, STORE_ANY_REVISION, prove, &t);
    bytes_wipe(key, sizeof(key));
    return done;
}

/* The unproven person, if that is what they still are. */
static bool is_unproven(const struct people *p, const struct id *id, struct arena *a,
                        struct person *ret)
{
    return !id_is_nil(id) && person_read(p, id, a, ret) == 0 && ret->level == LEVEL_UNPROVEN &&
           id_is_nil(&ret->merged_into);
}

/* --- by phone --------------------------------------------------------------------------------- */

static bool knows(const struct person *person, const struct id *device)
{
    const struct person_device *devices = person->devices.items;
    bool known = false;
    for (size_t i = 0; i < person->devices.n && !id_is_nil(device); i++)
        known |= id_equal(&devices[i].id, device);
    return known;
}

static bool opens(const struct person *person, const struct phone_sign_in *in)
{
    return person->card.n == 0 ||
           (knows(person, &in->proof->device) && in->now_ms - person->seen_ms < in->silent_ms);
}

/* Who comes with a number of their own: the unproven one, or a new one (*ret_made). */
static int newcomer(const struct people *p, const struct phone_sign_in *in, struct arena *a,
                    struct person *ret, bool *ret_made)
{
    *ret_made = !is_unproven(p, &in->proof->unproven, a, ret);
    return *ret_made
               ? person_new(p, in->proof->phone, LEVEL_PHONE, in->language, 0, in->now_ms, a, ret)
               : 0;
}

/* Nobody had the number, or somebody else did a moment ago: *ret_login says who has it. `gone`:
 * whoever had it is no more. */
static int first_time(const struct people *p, const struct phone_sign_in *in,
                      const struct id *login_id, bool gone, struct arena *a,
                      struct login *ret_login)
{
    struct person person;
    bool made = false;
    int done = newcomer(p, in, a, &person, &made);
    if (done != 0)
        return done;
    done = gone ? login_point(p, login_id, &person.id, in->now_ms)
                : login_create(p, login_id, &person.id, in->now_ms, a);
    if (done == STORE_EXISTS)
        done = made ? person_take_back(p, &person) : 0;
    return done == 0 ? login_get(p, login_id, a, ret_login) : done;
}

/* The number is a verified account's that does not open by it. */
static int freshen(const struct people *p, const struct phone_sign_in *in,
                   const struct id *login_id, const struct login *login, struct arena *a,
                   struct person *ret)
{
    struct id fresh = login->fresh;
    bool made = false;
    int done = 0;
    if (id_is_nil(&fresh)) {
        struct person person;
        done = newcomer(p, in, a, &person, &made);
        if (done == 0)
            done = login_freshen(p, login_id, &person.id, &fresh);
        if (done == 0 && made && !id_equal(&fresh, &person.id))
            done = person_take_back(p, &person);
    }
    return done == 0 ? person_get(p, &fresh, a, ret) : done;
}

int person_sign_in(const struct people *p, const struct phone_sign_in *in, struct arena *a,
                   struct signed_in *ret)
{
    struct id login_id = login_phone_id(p, in->proof->phone);
    struct person unproven;
    struct login login;
    *ret = (struct signed_in){0};
    int done = login_get(p, &login_id, a, &login);
    bool absent = done == STORE_ABSENT;
    if (done == 0) {
        done = person_get(p, &login.person, a, &ret->person);
        absent = done == STORE_ABSENT;
        if (absent) /* never proven, and forgotten since */
            done = first_time(p, in, &login_id, true, a, &login);
    } else if (absent) {
        done = first_time(p, in, &login_id, false, a, &login);
    }
    if (done == 0 && absent)
        done = person_get(p, &login.person, a, &ret->person);
    if (done == 0 && !opens(&ret->person, in)) {
        ret->asks_eid = true;
        done = freshen(p, in, &login_id, &login, a, &ret->person);
    }
    if (done == 0)
        done = come(p, &ret->person.id, in->proof->phone, &in->proof->device, in->now_ms);
    if (done == 0 && is_unproven(p, &in->proof->unproven, a, &unproven)) {
        ret->old = unproven.id;
        done = person_merge(p, &unproven.id, &ret->person.id, in->now_ms, a);
    }
    if (done == 0)
        done = person_get(p, &ret->person.id, a, &ret->person);
    ret->work = ret->person.merging_ms || !id_is_nil(&ret->old);
    return done;
}

/* --- by card ---------------------------------------------------------------------------------- */

int person_of_card(const struct people *p, const char *card, struct arena *a, struct person *ret)
{
    struct id id = login_card_id(p, card);
    struct login login;
    int done = login_get(p, &id, a, &login);
    return done == 0 ? person_get(p, &login.person, a, ret) : done;
}

struct vouching {
    const uint8_t *key;
    const struct card_sign_in *in;
};

/* Nobody has two cards. */
static int other_card(const struct person *person, const struct vouching *t, struct arena *a)
{
    const char *card = NULL;
    if (!id_is_nil(&person->merged_into))
        return PERSON_OTHER;
    int done = person_open(t->key, &person->id, "person.card", &person->card, a, &card);
    return done == 0 && card && strcmp(card, t->in->card) != 0 ? PERSON_OTHER : done;
}

/* What the provider vouches for. A name that the person chose stays. */
static int vouch(struct person *person, struct arena *a, void *ctx)
{
    const struct vouching *t = ctx;
    const struct card_sign_in *in = t->in;
    int done = other_card(person, t, a);
    if (done != 0)
        return done;
    done = person_seal(t->key, &person->id, "person.card", in->card, a, &person->card);
    if (done == 0 && in->birth)
        done = person_seal(t->key, &person->id, "person.birth", in->birth, a, &person->birth);
    if (done == 0 && in->name && person->name.n == 0)
        done = person_seal(t->key, &person->id, "person.name", in->name, a, &person->name);
    if (done == 0 && in->phone && person->phone.n == 0)
        done = person_seal(t->key, &person->id, "person.phone", in->phone, a, &person->phone);
    if (person->level < LEVEL_PHONE) {
        person->expires_ms = 0;
        person->merging_ms = in->now_ms;
    }
    if (person->level < in->level)
        person->level = in->level;
    person_remember(person, &in->device, in->now_ms, a);
    person->eid_ms = person->seen_ms = in->now_ms;
    person->revision++;
    return done;
}

static int vouch_for(const struct people *p, const struct id *id, const struct card_sign_in *in)
{
    uint8_t key[SEAL_KEY];
    struct vouching t = {key, in};
    int done = person_key_get(p, id, key);
    if (done == 0)
        done = person_change(p, id, STORE_ANY_REVISION, vouch, &t);
    bytes_wipe(key, sizeof(key));
    return done;
}

/* Whose card it is from now on: who asked, or somebody new. `gone` as above. */
static int first_card(const struct people *p, const struct card_sign_in *in,
                      const struct person *link, bool gone, struct arena *a, struct login *ret)
{
    struct id id = login_card_id(p, in->card);
    struct person person;
    int done = 0;
    if (link)
        person = *link;
    else
        done = person_new(p, NULL, LEVEL_PHONE, in->language, 0, in->now_ms, a, &person);
    if (done != 0)
        return done;
    done = gone ? login_point(p, &id, &person.id, in->now_ms)
                : login_create(p, &id, &person.id, in->now_ms, a);
    if (done == STORE_EXISTS)
        done = link ? 0 : person_take_back(p, &person);
    return done == 0 ? login_get(p, &id, a, ret) : done;
}

/* Who has the card: *ret. link NULL: nobody asked for it. */
static int holder_of(const struct people *p, const struct card_sign_in *in,
                     const struct person *link, struct arena *a, struct person *ret)
{
    struct id id = login_card_id(p, in->card);
    struct login login;
    int done = login_get(p, &id, a, &login);
    bool gone = done == 0;
    if (done == 0)
        done = person_get(p, &login.person, a, ret);
    if (done != STORE_ABSENT)
        return done;
    if (link && link->card.n > 0)
        return PERSON_OTHER;
    done = first_card(p, in, link, gone, a, &login);
    return done == 0 ? person_get(p, &login.person, a, ret) : done;
}

/*
 * Who has the card is vouched for. It was to be the first card of `link`, and another came before
 * it there (that request was cut short, or is another's of this moment): then the card is of
 * somebody new, and `link` is not who asks.
 */
static int vouch_for_holder(const struct people *p, const struct card_sign_in *in,
                            const struct person *link, struct arena *a, struct person *ret)
{
    struct login login;
    int done = vouch_for(p, &ret->id, in);
    if (done != PERSON_OTHER)
        return done;
    done = first_card(p, in, NULL, true, a, &login);
    if (done == 0)
        done = person_get(p, &login.person, a, ret);
    if (done == 0)
        done = vouch_for(p, &ret->id, in);
    return done == 0 && link ? PERSON_OTHER : done;
}

/*
 * The number by which `link` came is `into`'s alone now. *ret_lost: the account that had it, where
 * they were only somebody fresh beside it.
 */
static int settle_number(const struct people *p, const struct person *link, const struct id *into,
                         int64_t now_ms, struct arena *a, struct id *ret_lost)
{
    const char *phone = NULL;
    struct login login;
    int done = person_phone(p, link, a, &phone);
    if (done != 0 || !phone)
        return done;
    struct id id = login_phone_id(p, phone);
    done = login_get(p, &id, a, &login);
    if (done != 0)
        return done == STORE_ABSENT ? 0 : done; /* the provider's word, never proven */
    if (!id_equal(&login.fresh, &link->id))
        return 0;
    if (!id_equal(&login.person, into))
        *ret_lost = login.person;
    return login_point(p, &id, into, now_ms);
}

int person_sign_in_by_card(const struct people *p, const struct card_sign_in *in, struct arena *a,
                           struct signed_in *ret)
{
    struct person link;
    bool linking = !id_is_nil(&in->link);
    *ret = (struct signed_in){0};
    int done = linking ? person_get(p, &in->link, a, &link) : 0;
    if (done == 0)
        done = holder_of(p, in, linking ? &link : NULL, a, &ret->person);
    bool joins = done == 0 && linking && !id_equal(&link.id, &ret->person.id);
    if (joins && link.card.n > 0)
        return PERSON_OTHER;
    if (done == 0)
        done = vouch_for_holder(p, in, linking ? &link : NULL, a, &ret->person);
    if (done == 0 && linking)
        done = settle_number(p, &link, &ret->person.id, in->now_ms, a, &ret->lost);
    if (done == 0 && joins) {
        ret->old = link.id;
        done = person_merge(p, &ret->old, &ret->person.id, in->now_ms, a);
    }
    if (done == 0)
        done = person_get(p, &ret->person.id, a, &ret->person);
    ret->work = ret->person.merging_ms || !id_is_nil(&ret->old);
    return done;
}
