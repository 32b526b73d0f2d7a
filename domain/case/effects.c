/* Effects that rows of any kind may name: they touch the head alone. */
#include "domain/case/private.h"

#include <string.h>

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)
#define WORKING_DAY_MINUTES (8 * 60) /* Bộ luật Lao động 2019, Điều 105 */

void case_hold(struct case_head *h, const char *agency)
{
    h->agency = agency;
    h->unit = NULL;
    h->officer = (struct id){0};
}

static void extend(struct case_clock_row *r, int64_t more, int64_t now_ms)
{
    if (!r->missed_ms && r->due_ms && now_ms > r->due_ms)
        r->missed_ms = now_ms;
    r->budget += more;
    r->extended += more;
    r->warned_ms = r->late_ms = 0;
}

void case_extend(struct case_head *h, int clock, int64_t minutes, int64_t now_ms)
{
    struct case_clock_row *rows = h->clocks.items;
    for (size_t i = 0; i < h->clocks.n; i++) {
        bool minute = rows[i].unit == CALENDAR_WORKING_MINUTES;
        if (rows[i].name == clock)
            extend(&rows[i], minute ? minutes : minutes * 60000, now_ms);
    }
}

static int64_t of_days(enum calendar_unit unit, int64_t days)
{
    switch (unit) {
    case CALENDAR_ELAPSED:
        return days * DAY_MS;
    case CALENDAR_WORKING_MINUTES:
        return days * WORKING_DAY_MINUTES;
    default:
        return days;
    }
}

void case_extend_days(struct case_head *h, int clock, int64_t days, int64_t now_ms)
{
    struct case_clock_row *rows = h->clocks.items;
    for (size_t i = 0; i < h->clocks.n; i++) {
        if (rows[i].name == clock)
            extend(&rows[i], of_days((enum calendar_unit)rows[i].unit, days), now_ms);
    }
}

int case_do_assign(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    ((struct case_head *)record)->officer = act->officer;
    return 0;
}

int case_do_receive(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)w, (void)a;
    struct case_head *h = record;
    if (id_is_nil(&h->officer))
        h->officer = act->by;
    return 0;
}

int case_do_unassign(void *record, struct case_act *act, const struct case_world *w,
                     struct arena *a)
{
    (void)act, (void)w, (void)a;
    ((struct case_head *)record)->officer = (struct id){0};
    return 0;
}

int case_if_assigned(const void *record, const struct case_act *act, const struct case_world *w)
{
    (void)act, (void)w;
    return id_is_nil(&((const struct case_head *)record)->officer) ? 1 : 0;
}

static struct case_task *task_add(struct case_head *h, struct arena *a)
{
    struct case_task *old = h->tasks.items;
    size_t kept = h->tasks.n < CASE_TASKS_MAX ? h->tasks.n : CASE_TASKS_MAX - 1;
    struct case_task *items = arena_array(a, kept + 1, sizeof(*items));
    if (kept > 0)
        memcpy(items, old + (h->tasks.n - kept), kept * sizeof(*items));
    h->tasks.items = items;
    h->tasks.n = kept + 1;
    return &items[kept];
}

int case_do_ask(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    struct case_head *h = record;
    struct case_task *t = task_add(h, a);
    const struct id_part parts[] = {{h->id.bytes, 16}, {&h->revision, 8}};
    *t = (struct case_task){.id = id_v8("question", parts, 2),
                            .asked_ms = w->now_ms,
                            .question = act->note,
                            .by = act->by};
    return 0;
}

int case_do_supply(void *record, struct case_act *act, const struct case_world *w, struct arena *a)
{
    (void)a;
    struct case_head *h = record;
    struct case_task *items = h->tasks.items;
    for (size_t i = h->tasks.n; i-- > 0;) {
        if (!items[i].answered_ms) {
            items[i].answered_ms = w->now_ms;
            items[i].answer = act->note;
            break;
        }
    }
    return 0;
}
