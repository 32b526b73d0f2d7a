/* People first: each is a handful of commits, so many threads make them and share the commits. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/result.h"
#include "programs/seed.h"

#define HANDS 64

struct making {
    const struct seed_world *world;
    const struct seed_options *options;
    struct id *citizens;
    int64_t since_ms;
    atomic_int_fast64_t next; /* of the citizens: who is made next */
    atomic_int failed;        /* the first failure */
};

/* A name is drawn for each citizen apart, so that neither order nor who is new matters. */
static int make_citizen(const struct making *m, int64_t i, struct arena *a)
{
    struct people people = stores_people(m->world->stores);
    const char *phone = arena_printf(a, "+8499%07lld", (long long)i);
    struct person person;
    int done = person_of_phone(&people, phone, "vi", m->since_ms, a, &person);
    if (done == 0 && person.name.n == 0) {
        struct seed_random names = {m->options->random + (uint64_t)i};
        done = person_rename(&people, &person.id, seed_name(&names, a), NULL, STORE_ANY_REVISION, a,
                             &person);
    }
    m->citizens[i] = person.id;
    return done;
}

/* Until all are made or one failed; the calling thread of seed_citizens also tells how far it is.
 */
static void make_some(struct making *m, bool tells)
{
    const struct seed_options *o = m->options;
    struct arena a;
    arena_init(&a);
    for (int64_t i;
         atomic_load(&m->failed) == 0 && (i = atomic_fetch_add(&m->next, 1)) < o->citizens;) {
        int none = 0, done = make_citizen(m, i, &a);
        if (done != 0)
            atomic_compare_exchange_strong(&m->failed, &none, done);
        arena_release(&a);
        if (tells)
            o->tell("citizens", i + 1, o->citizens, o->ctx);
    }
}

static void *hand_main(void *making)
{
    make_some(making, false);
    return NULL;
}

int seed_citizens(const struct seed_world *w, const struct seed_options *o, struct id *ret)
{
    struct making m = {
        .world = w, .options = o, .citizens = ret, .since_ms = o->now_ms - o->days * CLOCK_DAY_MS};
    pthread_t hands[HANDS - 1];
    size_t n = 0;
    while (n < HANDS - 1 && pthread_create(&hands[n], NULL, hand_main, &m) == 0)
        n++;
    make_some(&m, true);
    for (size_t i = 0; i < n; i++)
        pthread_join(hands[i], NULL);
    return atomic_load(&m.failed);
}
