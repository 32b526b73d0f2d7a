/* Where a dossier lies and for how long it may; and the appointment as it was told. */
#include <string.h>

#include "domain/dossier/private.h"

static struct dossier_stage *running(struct dossier *d)
{
    struct dossier_stage *stages = d->stages.items;
    struct dossier_stage *last = d->stages.n > 0 ? &stages[d->stages.n - 1] : NULL;
    return last && !last->until_ms ? last : NULL;
}

void dossier_stage_end(struct dossier *d, int64_t now_ms)
{
    struct dossier_stage *s = running(d);
    if (s)
        s->until_ms = now_ms;
}

/* The first part of the plan that is the role's; from 1; 0: none is. */
static int64_t part_of(const struct dossier *d, const char *role)
{
    const struct dossier_plan *plan = d->plan.items;
    for (size_t i = 0; i < d->plan.n; i++) {
        if (plan[i].role && strcmp(plan[i].role, role) == 0)
            return (int64_t)i + 1;
    }
    return 0;
}

void *dossier_list_add(struct entity_list *list, size_t size, size_t max, struct arena *a)
{
    size_t kept = list->n < max ? list->n : max - 1;
    char *items = arena_array(a, kept + 1, size);
    if (kept > 0)
        memcpy(items, list->items, kept * size);
    list->items = items;
    list->n = kept + 1;
    return items + kept * size;
}

int64_t dossier_last_seq(const struct dossier *d)
{
    const struct case_step *steps = d->head.steps.items;
    return d->head.steps.n > 0 ? steps[d->head.steps.n - 1].seq : 0;
}

/* What moves a dossier between officer and leader while its state stays. */
static bool is_move(const struct case_step *step)
{
    static const char *const verbs[] = {"propose", "send_back", "forward", "assign"};
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        if (strcmp(step->verb, verbs[i]) == 0)
            return true;
    return step->from && step->to && strcmp(step->from, step->to) != 0 &&
           strcmp(step->verb, "pause") != 0 && strcmp(step->verb, "resume") != 0;
}

bool dossier_is_to_sign(const struct dossier *d)
{
    const struct case_step *steps = d->head.steps.items;
    size_t i = d->head.steps.n;
    while (i > 0 && !(steps[i - 1].verb && is_move(&steps[i - 1])))
        i--;
    return d->head.state == DOSSIER_IN_PROGRESS && i > 0 &&
           strcmp(steps[i - 1].verb, "propose") == 0;
}

void dossier_stage_begin(struct dossier *d, const char *role, const struct case_world *w,
                         struct arena *a)
{
    dossier_stage_end(d, w->now_ms);
    struct dossier_stage *s = dossier_list_add(&d->stages, sizeof(*s), DOSSIER_STAGES_MAX, a);
    *s = (struct dossier_stage){
        .seq = dossier_last_seq(d) + 1, /* of the step that is being taken */
        .agency = d->head.agency,
        .officer = d->head.officer,
        .part = part_of(d, role),
        .from_ms = w->now_ms,
    };
}

void dossier_stage_due(struct dossier *d, const struct calendar *c)
{
    struct dossier_stage *s = running(d);
    const struct dossier_plan *plan = d->plan.items;
    struct case_clock clock;
    int64_t percent = 0, due = 0;
    if (!s || !s->part || !case_clock_get(&d->head, DOSSIER_CLOCK_HANDLE, &clock) ||
        clock.state != CLOCK_STATE_RUNNING)
        return;
    for (int64_t i = 0; i < s->part && i < (int64_t)d->plan.n; i++)
        percent += plan[i].share;
    clock.budget = (clock.budget * percent + 99) / 100;
    if (clock_due_ms(&clock, c, &due) == 0)
        s->due_ms = due;
}

void dossier_appoint(struct dossier *d, struct arena *a)
{
    const struct case_clock_row *clocks = d->head.clocks.items;
    const struct dossier_appointment *told = d->appointments.items;
    int64_t last = d->appointments.n > 0 ? told[d->appointments.n - 1].due_ms : 0, due = 0;
    for (size_t i = 0; i < d->head.clocks.n; i++) {
        if (clocks[i].name == DOSSIER_CLOCK_HANDLE && clocks[i].state == CLOCK_STATE_RUNNING)
            due = clocks[i].due_ms;
    }
    if (!due || due == last)
        return;
    struct dossier_appointment *next =
        dossier_list_add(&d->appointments, sizeof(*next), DOSSIER_APPOINTMENTS_MAX, a);
    *next = (struct dossier_appointment){.seq = dossier_last_seq(d), .due_ms = due};
}

int64_t dossier_appointment(const struct dossier *d)
{
    const struct dossier_appointment *told = d->appointments.items;
    return d->appointments.n > 0 ? told[d->appointments.n - 1].due_ms : 0;
}
