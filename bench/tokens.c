/*
 * Signs people in without their phones: opens a data folder that no tramd has, begins a session for
 * each of the first citizens that `tramctl seed` made and for made-up staff, and writes their
 * access tokens, which are good for a day. Only who can read the folder's keys can do this.
 *
 *   tokens DATA citizen N                          of N citizens, one a line
 *   tokens DATA dispatcher|officer|… AGENCY N      of N made-up members of an agency's staff
 *   tokens DATA drafts CITIZENS N                  N drafts of dossiers, ready to be filed, of the
 *                                                  first citizens in turn: the draft, a tab and a
 *                                                  token of its owner, one a line
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "programs/stores.h"

#include "domain/dossier/draft.h"
#include "domain/identity/session.h"
#include "domain/procedure/procedure.h"

#define ACCESS_MS (INT64_C(23) * 3600 * 1000)

/* A certificate of marital status: its form alone makes it complete. */
#define PROCEDURE "1.004873"
#define ANSWERS                                                                                    \
    "{\"again\":false,\"birth\":\"1995-02-03\",\"card\":\"096095001234\",\"commune\":\"%s\","      \
    "\"name\":\"Nguyễn Thị Bưởi\",\"purpose\":\"property\",\"status\":\"never\"}"

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
                              .device = "bench",
                              .level = citizen ? 2 : 0};
    struct session_pair pair;
    int done = subject_of(s, role, i, a, &session.subject);
    if (done == 0)
        done = session_begin(s->data, &set, &session, clock_now_ms(), a, &pair);
    if (done == 0)
        printf("%s\n", pair.access);
    return done;
}

/* Of the citizens in turn, in the communes of the demonstration's desks in turn. */
static int draft(const struct stores *s, const struct procedure *p, long citizens, long i,
                 struct arena *a)
{
    static const char *const communes[] = {"32025", "31825", "31834", "31840"};
    const struct people people = stores_people(s);
    const struct draft_content content = {
        .answers = arena_printf(a, ANSWERS, communes[(size_t)i % ARRAY_LEN(communes)]),
        .fetch = "counter"};
    struct draft_beginning b = {.key =
                                    arena_printf(a, "bench-%lld-%ld", (long long)clock_now_ms(), i),
                                .procedure = p->code,
                                .version = p->version,
                                .subject = DOSSIER_CITIZEN};
    struct draft made;
    char text[ID_TEXT];
    int done = subject_of(s, "citizen", i % citizens, a, &b.owner);
    b.actor = b.owner;
    if (done == 0)
        done = draft_begin(&people, &b, &content, clock_now_ms(), a, &made);
    if (done != 0)
        return done;
    printf("%s\t", id_format(&made.id, text));
    return sign_in(s, "citizen", NULL, i % citizens, a);
}

static int drafts(const struct stores *s, long citizens, long n)
{
    CLEANUP(procedure_holder_freep) struct procedure_holder *holder = NULL;
    struct arena a;
    int done = procedure_holder_new(s->data, &holder);
    if (done != 0)
        return done;
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    const struct procedure *p = procedure_at(book, PROCEDURE, clock_now_ms());
    if (!p || citizens < 1)
        return E_INVALID;
    arena_init(&a);
    for (long i = 0; done == 0 && i < n; i++) {
        done = draft(s, p, citizens, i, &a);
        arena_release(&a);
    }
    return done;
}

int main(int argc, char **argv)
{
    struct stores stores;
    const char *fault = NULL;
    bool citizen = argc == 4 && strcmp(argv[2], "citizen") == 0;
    if (!citizen && argc != 5) {
        fprintf(stderr,
                "usage: tokens DATA citizen N | tokens DATA ROLE AGENCY N | tokens DATA drafts "
                "CITIZENS N\n");
        return 2;
    }
    int done = stores_open(argv[1], NULL, &fault, &stores);
    long n = strtol(argv[argc - 1], NULL, 10);
    struct arena a;
    arena_init(&a);
    bool drafting = done == 0 && strcmp(argv[2], "drafts") == 0;
    if (drafting)
        done = drafts(&stores, strtol(argv[3], NULL, 10), n);
    for (long i = 0; !drafting && done == 0 && i < n; i++) {
        done = sign_in(&stores, argv[2], citizen ? NULL : argv[3], i, &a);
        arena_release(&a);
    }
    if (done != 0)
        fprintf(stderr, "tokens: %s\n", fault ? fault : result_words(done));
    stores_close(&stores);
    return done == 0 ? 0 : 1;
}
