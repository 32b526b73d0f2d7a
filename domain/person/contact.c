/* How a person can be meant by somebody who knows a number of theirs, and not whether they are
 * here. */
#include "domain/person/private.h"

struct id person_contact_of_phone(const struct people *p, const char *phone)
{
    return login_phone_id(p, phone);
}

struct id person_contact_of_card(const struct people *p, const char *card)
{
    return login_card_id(p, card);
}

int person_of_contact(const struct people *p, const struct id *contact, struct arena *a,
                      struct person *ret)
{
    struct login login;
    int done = login_get(p, contact, a, &login);
    return done == 0 ? person_get(p, &login.person, a, ret) : done;
}

/* The login of the number finds this person, or who they were merged into. */
static int opens(const struct people *p, const struct id *login_id, const struct person *person,
                 struct arena *a, bool *ret)
{
    struct login login;
    struct person found;
    int done = login_get(p, login_id, a, &login);
    if (done == 0)
        done = person_get(p, &login.person, a, &found);
    *ret = done == 0 && id_equal(&found.id, &person->id);
    return done < 0 ? done : 0;
}

int person_contacts(const struct people *p, const struct person *person, struct arena *a,
                    struct id ret[PERSON_CONTACTS_MAX], size_t *ret_n)
{
    const char *card = NULL, *phone = NULL;
    bool theirs = false;
    *ret_n = 0;
    int done = person_card(p, person, a, &card);
    if (done == 0)
        done = person_phone(p, person, a, &phone);
    if (done == 0 && card)
        ret[(*ret_n)++] = login_card_id(p, card);
    if (done != 0 || !phone)
        return done;
    struct id login = login_phone_id(p, phone);
    done = opens(p, &login, person, a, &theirs);
    if (theirs)
        ret[(*ret_n)++] = login;
    return done;
}
