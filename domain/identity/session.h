/*
 * Sessions: what a sign-in began. An access token lives 15 minutes and names its session; a refresh
 * token makes the next pair. Refresh tokens are generations of their session, made from it by the
 * keyring (nothing secret is stored):
 *
 *     base64url( session id 16 | generation 4 big-endian | tag of both under KEY_REFRESH 36 )
 *
 * RFC 9700 §4.14: each use makes the next generation. The one before may be repeated for 30 s (a
 * lost reply on a weak network) and gives the same token again; any other reuse ends the session.
 */
#pragma once

#include "base/crypto/keyring.h"
#include "base/crypto/token.h"
#include "domain/entity/entity.h"
#include "store/store.h"

#define SESSION_ISSUER_DEFAULT "https://localhost:8443"
#define SESSION_AUDIENCE_DEFAULT "tram-api"
#define SESSION_REFRESH_TEXT 76 /* base64url of 56 bytes, and the NUL */
#define SESSION_REPEAT_MS INT64_C(30000)
#define SESSION_DEVICE_MAX 480 /* bytes of what a device calls itself: 120 characters */

enum session_outcome {
    SESSION_INVALID = 311, /* not one of ours, ended or expired */
    SESSION_REUSED = 312,  /* an old generation came back: the session was ended */
    SESSION_LOCKED = 313,  /* an official left it idle; it goes on once they show who they are */
};

struct session {
    struct id id; /* not a field */
    struct id subject;
    int kind;           /* enum token_kind + 1 */
    const char *role;   /* staff */
    const char *agency; /* staff */
    int64_t level;      /* citizens: what this sign-in has shown; -1 nothing yet */
    const char *device; /* "Android, Trạm 1.2" */
    int64_t generation, rotated_ms;
    int64_t created_ms, seen_ms, expires_ms, ended_ms;
    int64_t active_ms; /* staff: when it was last used, to SESSION_ACTIVE_MS */
    const char *how; /* who it is was shown last by: "password", "totp", "passkey", "otp", "eid" */
    int64_t proven_ms;     /* and when */
    const char *ended_why; /* "signed_out", "reuse", "by_other_device", "disabled", … */
};
extern const struct entity session_entity;
extern const struct store_collection session_collection;

struct session_settings {
    const struct keyring *keys;
    struct token_parties parties;
    int64_t access_ms;            /* 15 minutes */
    int64_t citizen_ms, staff_ms; /* a session unused for so long ends: 90 days, 12 hours */
    int64_t unproven_ms;          /* one of nobody yet (level -1) ends after: 24 hours */
    int64_t idle_ms;              /* an official's is locked when unused for so long; 0: never */
    int64_t shift_ms;             /* and unlocked by less than a whole sign-in for so long: 10 h */
};

/* Tokens are known to a gateway for a minute, in which use is not seen: so much later it locks. */
#define SESSION_ACTIVE_MS INT64_C(60000)

struct session_pair {
    char *access; /* in the arena */
    int64_t access_expires_ms;
    char refresh[SESSION_REFRESH_TEXT];
    int64_t refresh_expires_ms;
};

/* Begins one. The struct's subject, kind, role, agency, level, device and how are the caller's. */
int session_begin(struct store *s, const struct session_settings *set, struct session *session,
                  int64_t now_ms, struct arena *a, struct session_pair *ret);
/* The next pair for a refresh token. 0, SESSION_INVALID or SESSION_REUSED; *ret_session is filled
 * on SESSION_REUSED too, so that the caller can end its streams. */
int session_refresh(struct store *s, const struct session_settings *set, const char *refresh,
                    int64_t now_ms, struct arena *a, struct session *ret_session,
                    struct session_pair *ret);
/* An official's that lives and was left idle. Refreshing is no use: pages do it by themselves. */
bool session_locked(const struct session_settings *set, const struct session *s, int64_t now_ms);
/* It is used; written at most twice a minute. 0, also where there was nothing to write. */
int session_used(struct store *s, const struct session *session, int64_t now_ms);
/* Whose a refresh token is, without using it up: the present generation, or the one before. 0 or
 * SESSION_INVALID. */
int session_by_refresh(struct store *s, const struct session_settings *set, const char *refresh,
                       int64_t now_ms, struct arena *a, struct session *ret);
/* 0, or SESSION_INVALID if it does not live or is another subject's. */
int session_end(struct store *s, const struct id *session, const struct id *subject,
                const char *why, int64_t now_ms);
/* Who it is was shown once more. 0; SESSION_INVALID if it does not live or is another subject's. */
int session_prove(struct store *s, const struct id *session, const struct id *subject,
                  const char *how, int64_t now_ms);
/* It lives, and who it is was shown within the last `within_ms` by something stronger than a
 * password alone. */
bool session_fresh(const struct session *s, int64_t within_ms, int64_t now_ms);
int session_get(struct store *s, const struct id *session, struct arena *a, struct session *ret);
bool session_lives(const struct session *s, int64_t now_ms);
/* Ids of those that ended at or after an instant, at most `max`, for other nodes' caches. */
int session_ended_since(struct store *s, int64_t since_ms, struct id *ret, size_t max,
                        size_t *ret_n);
/*
 * The sessions of one person are another's: their access tokens end, their refresh tokens go on as
 * the other's. Those of level -1 end: who they began for signs in anew. from may equal into.
 * *ret are those that changed, in the arena.
 */
int session_reown(struct store *s, const struct id *from, const struct id *into, int64_t now_ms,
                  struct arena *a, struct id **ret, size_t *ret_n);
/* Somebody is erased: all of theirs end, and what their devices call themselves goes; a page a
 * call. *ret are those of it, in the arena. Repeating is harmless. */
int session_erase(struct store *s, const struct id *subject, int64_t now_ms, struct arena *a,
                  struct id **ret, size_t *ret_n);
/* Those of a subject that live, newest first. */
int session_list(struct store *s, const struct id *subject, int64_t now_ms, struct arena *a,
                 struct session **ret, size_t *ret_n);
