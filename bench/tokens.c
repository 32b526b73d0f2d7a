/*
 * Signs people in without their phones: opens a data folder that no tramd has, begins a session for
 * each of the first citizens that `tramctl seed` made and for made-up staff, and writes their
 * access tokens, which are good for a day. Only who can read the folder's keys can do this.
 *
 *   tokens DATA citizen N                          of N citizens, one a line
 *   tokens DATA dispatcher|officer|… AGENCY N      of N made-up members of an agency's staff
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "programs/stores.h"

#include "domain/identity/session.h"

#define ACCESS_MS (INT64_C(23) * 3600 * 1000)

static int subject_of(const struct stores *s, const char *role, long i, struct arena *a,
                      struct id *ret)
{
    struct people people = stores_people(s);
    struct person person;
    *ret = id_v4();
    if (strcmp(role, "citizen") != 0)
        return 0;
    /* the numbers of programs/seed_citizens.c */
    int done = person_of_phone(&people, arena_printf(a, "+8499%07ld", i), "vi", clock_now_ms(), a,
                               &person);
    *ret = person.id;
    return done;
}

static int sign_in(const struct stores *s, const char *role, const char *agency, long i,
                   struct arena *a)
{
    const struct session_settings set = {
        .keys = s->keyring,
        .parties = {SESSION_ISSUER_DEFAULT, SESSION_AUDIENCE_DEFAULT},
        .access_ms = ACCESS_MS,
        .citizen_ms = ACCESS_MS,
        .staff_ms = ACCESS_MS};
    bool citizen = strcmp(role, "citizen") == 0;
    struct session session = {.kind = citizen ? TOKEN_CITIZEN + 1 : TOKEN_STAFF + 1,
                              .role = citizen ? NULL : role,
                              .agency = agency,
                              .device = "bench"};
    struct session_pair pair;
    int done = subject_of(s, role, i, a, &session.subject);
    if (done == 0)
        done = session_begin(s->data, &set, &session, clock_now_ms(), a, &pair);
    if (done == 0)
        puts(pair.access);
    return done;
}

int main(int argc, char **argv)
{
    struct stores stores;
    const char *fault = NULL;
    bool citizen = argc == 4 && strcmp(argv[2], "citizen") == 0;
    if (!citizen && argc != 5) {
        fprintf(stderr, "usage: tokens DATA citizen N | tokens DATA ROLE AGENCY N\n");
        return 2;
    }
    int done = stores_open(argv[1], NULL, &fault, &stores);
    long n = strtol(argv[argc - 1], NULL, 10);
    struct arena a;
    arena_init(&a);
    for (long i = 0; done == 0 && i < n; i++) {
        done = sign_in(&stores, argv[2], citizen ? NULL : argv[3], i, &a);
        arena_release(&a);
    }
    if (done != 0)
        fprintf(stderr, "tokens: %s\n", fault ? fault : result_words(done));
    stores_close(&stores);
    return done == 0 ? 0 : 1;
}
