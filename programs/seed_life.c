/* Time passes for a made-up case of any kind: alarms ring, and nobody is told. */
#include "programs/seed.h"

#define ALARMS_MAX 32 /* of one case between two steps; each rings once */

void seed_settle(struct seed_life *l)
{
    l->head->events = (struct entity_list){0};
    case_recompute(l->kind, l->head, l->world.calendar, &l->world, l->arena);
}

int seed_pass(struct seed_life *l, int64_t ms)
{
    int64_t until = l->world.now_ms + ms;
    bool over = until > l->end_ms;
    until = over ? l->end_ms : until;
    for (int i = 0; i < ALARMS_MAX && l->head->next_ms && l->head->next_ms <= until; i++) {
        if (l->head->next_ms > l->world.now_ms)
            l->world.now_ms = l->head->next_ms;
        int done = case_ring(l->kind, l->record, &l->world, l->arena);
        if (done < 0)
            return done;
        seed_settle(l);
        if (done > 0 && ++l->world.now_ms > until) /* due at that instant is still in time */
            break;
    }
    if (until > l->world.now_ms)
        l->world.now_ms = until;
    return over ? 1 : 0;
}
