/* One rung after the other: who is told, what stands in the case's history. */
#include "handlers/staff/emergency.h"

#include <string.h>

#include "base/result.h"

#define SMS_LIFE_MS (INT64_C(3600) * 1000)
#define NAMES_MAX 400 /* bytes of a note */
#define TOLD_MAX 20   /* persons of one rung */

struct climbing {
    struct app *app;
    const struct case_kept *kept;
    const void *settings;
    const struct alarm *alarm;
    const struct catalogue *catalogue;
    struct case_world world;
    int64_t now_ms;
    struct arena *arena;
    struct buf names;
    size_t told;
};

/* --- history ---------------------------------------------------------------------------------- */

/* A step of the system's, once for its id; a case that is full, or has gone on, goes without. */
static int note(struct climbing *c, const char *verb, const struct id *once, const struct id *by,
                const char *as, const char *words)
{
    struct store_write write = {.id = *once};
    struct store_change_options options = {.write = &write, .if_revision = STORE_ANY_REVISION};
    const struct case_actor system = {.system = true};
    struct case_act act = {
        .verb = verb, .by = *by, .as = as, .note = words, .office = as ? c->alarm->agency : NULL};
    void *after = NULL;
    int done = case_act_kept(c->kept, c->app->store, &c->alarm->about, &act, &system, &options,
                             &c->world, c->arena, &after);
    return done < 0 ? done : 0;
}

/* --- ringing ---------------------------------------------------------------------------------- */

static int ring_person(struct climbing *c, const struct staff *staff)
{
    const struct alarm *alarm = c->alarm;
    const char *phone = NULL;
    struct id rung = alarm_rung_id(alarm);
    const struct id_part parts[] = {{rung.bytes, 16}, {staff->id.bytes, 16}};
    struct id message = id_v8("alarm.sms", parts, 2);
    const struct push_account_notice notice = {.id = rung,
                                               .recipient = staff->id,
                                               .what = "emergency",
                                               .agency = alarm->agency,
                                               .text_vi = alarm->text_vi,
                                               .text_en = alarm->text_en,
                                               .subject = alarm->kind,
                                               .about = alarm->about,
                                               .number = alarm->number};
    if (c->told >= TOLD_MAX)
        return 0;
    int done = push_account(c->app->push, &notice, c->now_ms);
    if (done == 0)
        done = staff_phone(c->app->keys, staff, c->arena, &phone);
    if (done == 0 && phone)
        done = push_sms(c->app->push, &message, phone, alarm->text_vi, c->now_ms,
                        c->now_ms + SMS_LIFE_MS);
    if (done == 0 && c->names.len < NAMES_MAX)
        buf_printf(&c->names, "%s%s%s", c->told ? ", " : "", staff->name, phone ? " (SMS)" : "");
    c->told += done == 0;
    return done;
}

static int ring_role(struct climbing *c, const char *agency, int role)
{
    struct staff *all = NULL;
    size_t n = 0;
    int done = agency ? staff_of_agency(c->app->store, agency, role, c->arena, &all, &n) : 0;
    for (size_t i = 0; done == 0 && i < n; i++)
        done = ring_person(c, &all[i]);
    return done;
}

static int ring_rung(struct climbing *c, const struct alarm_rung *rung)
{
    struct staff staff;
    if (rung->kind == RUNG_LEADERS)
        return ring_role(c, c->alarm->agency, STAFF_LEADER);
    if (rung->kind == RUNG_PORTAL)
        return ring_role(c, c->world.dispatcher, STAFF_DISPATCHER);
    int done = staff_get(c->app->store, &rung->id, c->arena, &staff);
    bool there = done == 0 && staff.active && strcmp(staff.agency, c->alarm->agency) == 0;
    return there ? ring_person(c, &staff) : done < 0 ? done : 0;
}

static bool has_gone_on(const struct alarm *alarm, const struct case_kind *kind,
                        const struct case_head *h)
{
    const char *state = entity_enum_name(kind->state_names, h->state);
    return !h->agency || strcmp(h->agency, alarm->agency) != 0 || !state || !alarm->status ||
           strcmp(state, alarm->status) != 0;
}

/* The case as it is: *ret_over where it has gone on without the alarm. */
static int look(struct climbing *c, bool *ret_over)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    void *record = NULL;
    *ret_over = true;
    int done = store_get(c->app->store, c->kept->collection, &c->alarm->about, &doc);
    if (done == 0)
        done = case_read(c->kept, doc, c->arena, &record);
    if (done != 0)
        return done < 0 ? done : 0;
    *ret_over = has_gone_on(c->alarm, c->kept->kind, record);
    return 0;
}

static int ring(struct climbing *c)
{
    const struct alarm *alarm = c->alarm;
    struct alarm_rung rung = alarm_next(alarm);
    struct id once = alarm_rung_id(alarm), nobody = {0};
    bool over = false;
    int done = look(c, &over);
    if (done != 0 || over)
        return done != 0 ? done : alarm_stop(c->app->store, &alarm->id, ALARM_OVER, c->now_ms);
    done = ring_rung(c, &rung);
    if (done == 0 && c->told > 0)
        done = note(c, "ring", &once, &nobody, NULL,
                    arena_printf(c->arena, "Đã gọi: %.*s", (int)c->names.len, c->names.data));
    /* Last: who dies before it does the same again under the same ids. A rung without anybody is
     * no reason to wait. */
    return done != 0
               ? done
               : alarm_climb(c->app->store, alarm, c->told > 0 ? c->app->ring_ms : 0, c->now_ms);
}

static int note_acknowledged(struct climbing *c)
{
    const struct alarm *alarm = c->alarm;
    struct staff staff;
    struct id once = id_v8("alarm.noted", &(struct id_part){alarm->id.bytes, 16}, 1);
    int done = staff_get(c->app->store, &alarm->by, c->arena, &staff);
    if (done == 0)
        done = note(c, "acknowledge", &once, &alarm->by, staff_roles[staff.role].name, staff.name);
    return done < 0 ? done : alarm_noted(c->app->store, &alarm->id);
}

static int climb_one(struct app *app, const struct alarm *alarm, const struct app_world *w,
                     struct arena *a)
{
    struct climbing c = {.app = app,
                         .alarm = alarm,
                         .catalogue = w->catalogue,
                         .world = w->world,
                         .now_ms = w->world.now_ms,
                         .arena = a};
    for (const struct push_kind *k = app->kinds; k->kept && !c.kept; k++) {
        if (strcmp(k->kept->kind->name, alarm->kind) == 0) {
            c.kept = k->kept;
            c.world.settings = k->settings;
        }
    }
    if (!c.kept)
        return alarm_stop(app->store, &alarm->id, ALARM_OVER, c.now_ms);
    buf_init(&c.names, 16 * 1024);
    int done = alarm->state == ALARM_RINGING ? ring(&c) : note_acknowledged(&c);
    buf_release(&c.names);
    return done;
}

int emergency_climb(struct app *app, int64_t now_ms, size_t *ret_n)
{
    struct arena a;
    struct alarm *due = NULL;
    arena_init(&a);
    int done = alarm_due(app->store, now_ms, &a, &due, ret_n);
    if (done == 0 && *ret_n > 0) {
        CLEANUP(app_world_release) struct app_world w;
        app_world_open(app, now_ms, &w);
        for (size_t i = 0; i < *ret_n; i++) {
            int one = climb_one(app, &due[i], &w, &a);
            done = one < 0 ? one : done; /* the others are rung all the same */
        }
    }
    arena_release(&a);
    return done;
}

void emergency_acted(struct app *app, const struct case_kind *kind, const struct case_head *h,
                     int64_t now_ms)
{
    struct arena a;
    struct alarm alarm;
    arena_init(&a);
    if (alarm_of(app->store, &h->id, &a, &alarm) == 0 && has_gone_on(&alarm, kind, h))
        alarm_stop(app->store, &alarm.id, ALARM_OVER, now_ms);
    arena_release(&a);
}
