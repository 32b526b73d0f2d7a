/*
 * Who a person is when they come: by a phone number that a code has proven, by the card number that
 * an e-ID provider vouches for, or not yet.
 *
 * A phone number is a thing that changes hands, so what it opens is bounded:
 *   - an account without a card opens by its number alone;
 *   - one with a card opens by its number only on a device that it knows, and only if it was used
 *     within `silent_ms`. Otherwise whoever came gets a *fresh* person of their own under the same
 *     number: they can file at once, see nothing of the other's, and are asked for the e-ID. Shown
 *     the account's card, the fresh person is merged into the account and everything is there;
 *     shown another card, the number is theirs from then on. Nobody is locked out, not even while
 *     the provider is away, and nothing is lost: the old account still opens by its e-ID.
 *   - a session that began with a phone has LEVEL_PHONE, whatever the person once showed.
 * Two people who once shared a number stay two: persons with different cards are never merged, and
 * a number never merges what two others own.
 */
#pragma once

#include "domain/person/person.h"

struct phone_sign_in {
    const struct otp_proof *proof;
    const char *language; /* of a person who is new */
    int64_t silent_ms;    /* an account with a card unused for so long wants its e-ID again */
    int64_t now_ms;
};

struct signed_in {
    struct person person;
    bool asks_eid;  /* the number is also a verified account's: an e-ID would show what is there */
    bool work;      /* something of the person's is to be moved or filed: merge.h, at once */
    struct id old;  /* who was merged into the person just now; nil nobody */
    struct id lost; /* a verified account that a number was taken from; nil none */
};

/* 0; PERSON_ERASED or STORE_ABSENT if the account's key or document is gone. */
int person_sign_in(const struct people *p, const struct phone_sign_in *in, struct arena *a,
                   struct signed_in *ret);

struct card_sign_in {
    const char *card;         /* checked (card.h) */
    const char *name, *birth; /* NULL: the provider does not say */
    const char *phone;        /* as a way to be reached, not as a proof; NULL none */
    int64_t level;            /* LEVEL_ONE, LEVEL_TWO */
    struct id device;         /* keyed hash; nil without one */
    struct id link;           /* the person whose session asked for it; nil nobody's */
    const char *language;
    int64_t now_ms;
};
/* The same; PERSON_OTHER if `link` already has another card. */
int person_sign_in_by_card(const struct people *p, const struct card_sign_in *in, struct arena *a,
                           struct signed_in *ret);

/* Whoever has the card; STORE_ABSENT. */
int person_of_card(const struct people *p, const char *card, struct arena *a, struct person *ret);

/*
 * A number is a verified person's too from now on. Who had it: without a card and seen within
 * silent_ms they are the same person and merged; otherwise they stay who they are (ret->lost).
 */
int person_add_phone(const struct people *p, const struct id *person,
                     const struct phone_sign_in *in, struct arena *a, struct signed_in *ret);

/* Somebody who files before their code has arrived; forgotten at expires_ms unless proven. */
int person_unproven(const struct people *p, const char *language, int64_t expires_ms,
                    int64_t now_ms, struct arena *a, struct person *ret);

/* Noted at most once a day. */
int person_seen(const struct people *p, const struct id *person, int64_t now_ms);
/* No device is known any more: the next sign-in by phone gets a fresh person. */
int person_forget_devices(const struct people *p, const struct id *person);

/* Removes persons who were never proven, with their keys; at most `max`. */
int person_sweep(const struct people *p, int64_t now_ms, size_t max, size_t *ret_removed);
