/*
 * Requests that sign people in, for a data folder that no tramd has: what a person would get on
 * their phone is made here, with the folder's own keys. One line each, as load.c takes them.
 *
 *   sign_ins DATA codes N       one-time codes that were sent, of N numbers
 *   sign_ins DATA refresh N     refresh tokens of N sessions, each to be used once
 *   sign_ins DATA staff N       N officials: user, password and secret of the one-time codes, which
 *                               are of the minute
 *   sign_ins DATA tokens N      N access tokens of one session, none of which was seen before
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/identity/session.h"
#include "programs/stores.h"

#include "domain/staff/staff.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define PASSWORD "bench-mat-khau-2026"

static const struct token_parties parties = {SESSION_ISSUER_DEFAULT, SESSION_AUDIENCE_DEFAULT};

static struct session_settings settings_of(const struct stores *s)
{
    return (struct session_settings){.keys = s->keyring,
                                     .parties = parties,
                                     .access_ms = HOUR_MS,
                                     .citizen_ms = 24 * HOUR_MS,
                                     .staff_ms = 24 * HOUR_MS,
                                     .unproven_ms = HOUR_MS};
}

/* --- one line each ---------------------------------------------------------------------------- */

static int code_line(const struct stores *s, long i, struct arena *a)
{
    struct people people = stores_people(s);
    struct otp_settings set = otp_settings_default;
    struct id challenge;
    char code[7], id[ID_TEXT];
    int64_t retry_ms = 0;
    set.all_day.max = 10000000;
    set.life_ms = HOUR_MS;
    /* every address its own, as phones have */
    const struct otp_request ask = {.phone = arena_printf(a, "+8498%07ld", i),
                                    .address = arena_printf(a, "bench-%ld", i)};
    int done = otp_begin(&people, &set, &ask, clock_now_ms(), &challenge, code, &retry_ms);
    if (done == 0)
        printf("/v1/auth/otp/%s/check\t\t{\"code\":\"%s\",\"device\":\"bench\"}\n",
               id_format(&challenge, id), code);
    return done;
}

static int begin(const struct stores *s, struct session *session, struct arena *a,
                 struct session_pair *ret)
{
    const struct session_settings set = settings_of(s);
    *session = (struct session){
        .subject = id_v4(), .kind = TOKEN_CITIZEN + 1, .level = LEVEL_PHONE, .device = "bench"};
    return session_begin(s->data, &set, session, clock_now_ms(), a, ret);
}

static int refresh_line(const struct stores *s, long i, struct arena *a)
{
    struct session session;
    struct session_pair pair;
    (void)i;
    int done = begin(s, &session, a, &pair);
    if (done == 0)
        printf("/v1/auth/refresh\t\t{\"refresh_token\":\"%s\"}\n", pair.refresh);
    return done;
}

static int staff_line(const struct stores *s, long i, struct arena *a)
{
    static const uint8_t secret[TOTP_SECRET] = "bench secret";
    char hex[BYTES_HEX_TEXT(TOTP_SECRET)];
    struct staff staff;
    const char *user = arena_printf(a, "bench%ld", i);
    const struct staff_draft draft = {.user = user,
                                      .name = "Đo Lường",
                                      .title = "Chuyên viên",
                                      .agency = "H12.01",
                                      .password = PASSWORD,
                                      .role = STAFF_OFFICER,
                                      .totp = secret,
                                      .n_totp = sizeof(secret)};
    int done = staff_create(s->data, s->keyring, &draft, clock_now_ms(), a, &staff);
    if (done == 0)
        printf("%s\t" PASSWORD "\t%s\n", user, bytes_to_hex(secret, sizeof(secret), hex));
    return done;
}

/* Alike but for their jti: none is in the cache of verified ones. */
static int token_line(const struct stores *s, long i, struct arena *a)
{
    static struct session session;
    struct session_pair pair;
    int done = i == 0 ? begin(s, &session, a, &pair) : 0;
    int64_t now_ms = clock_now_ms();
    const struct token_claims claims = {.subject = session.subject,
                                        .session = session.id,
                                        .token = id_v4(),
                                        .kind = TOKEN_CITIZEN,
                                        .issued_ms = now_ms,
                                        .not_before_ms = now_ms,
                                        .expires_ms = now_ms + HOUR_MS};
    CLEANUP(freep) char *text = NULL;
    if (done == 0)
        done = token_sign(s->keyring, &parties, &claims, &text);
    if (done == 0)
        printf("/.well-known/oauth-authorization-server\t%s\t\n", text);
    return done;
}

static const struct {
    const char *name;
    int (*line)(const struct stores *s, long i, struct arena *a);
} kinds[] = {
    {"codes", code_line}, {"refresh", refresh_line}, {"staff", staff_line}, {"tokens", token_line}};

int main(int argc, char **argv)
{
    struct stores stores;
    const char *fault = NULL;
    size_t kind = 0;
    while (argc == 4 && kind < ARRAY_LEN(kinds) && strcmp(kinds[kind].name, argv[2]) != 0)
        kind++;
    if (argc != 4 || kind == ARRAY_LEN(kinds)) {
        fprintf(stderr, "usage: sign_ins DATA codes|refresh|staff|tokens N\n");
        return 2;
    }
    int done = stores_open(argv[1], NULL, &fault, &stores);
    long n = strtol(argv[3], NULL, 10);
    struct arena a;
    arena_init(&a);
    for (long i = 0; done == 0 && i < n; i++) {
        done = kinds[kind].line(&stores, i, &a);
        arena_release(&a);
    }
    if (done != 0)
        fprintf(stderr, "sign_ins: %s\n", fault ? fault : result_words(done));
    stores_close(&stores);
    return done == 0 ? 0 : 1;
}
