/* Shared by the files of this folder. */
#pragma once

#include "domain/person/person.h"

/*
 * What finds a person: the document's id is a keyed hash of a phone or card number. A phone's has
 * two persons where the number is that of a verified account and somebody came with it from a
 * device that the account does not know: `fresh` is who that is, until they show an e-ID.
 */
struct login {
    struct id person, fresh;
    int64_t created_ms;
};

struct id login_phone_id(const struct people *p, const char *phone);
struct id login_card_id(const struct people *p, const char *card);
struct id login_passport_id(const struct people *p, const char *passport);
int login_get(const struct people *p, const struct id *id, struct arena *a, struct login *ret);
/* 0 or STORE_EXISTS. */
int login_create(const struct people *p, const struct id *id, const struct id *person,
                 int64_t now_ms, struct arena *a);
/* Whatever it was, it finds this person alone from now on; made if there is none. */
int login_point(const struct people *p, const struct id *id, const struct id *person,
                int64_t now_ms);
/* Sets `fresh` unless somebody else did; *ret is who it is now. */
int login_freshen(const struct people *p, const struct id *id, const struct id *fresh,
                  struct id *ret);

/* A new person with a key; phone may be NULL. expires_ms as in struct person. */
int person_new(const struct people *p, const char *phone, int64_t level, const char *language,
               int64_t expires_ms, int64_t now_ms, struct arena *a, struct person *ret);
/* A person whom a race made one too many. */
int person_take_back(const struct people *p, const struct person *loser);

/* Changes a person's document: the struct is as stored, and written after `fn` said 0. */
typedef int (*person_change_fn)(struct person *person, struct arena *a, void *ctx);
int person_change(const struct people *p, const struct id *id, int64_t if_revision,
                  person_change_fn fn, void *ctx);

/* The device is known from now on; the longest unseen makes room. Nil: none. */
void person_remember(struct person *person, const struct id *device, int64_t now_ms,
                     struct arena *a);
