#include "domain/roster/roster.h"

#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/case/case.h"

#define DAY_MINUTES 1440
#define AT(member) .offset = offsetof(struct roster, member)
#define SHIFT(member) .offset = offsetof(struct roster_shift, member)
#define READERS (SEE_AGENCY | SEE_ADMIN)

static const struct entity person_entity = {.name = "RosterPerson",
                                            .size = sizeof(struct roster_person),
                                            .fields = (const struct entity_field[]){
                                                {.name = "id",
                                                 .type = ENTITY_ID,
                                                 .offset = offsetof(struct roster_person, id),
                                                 .see = READERS},
                                                {0},
                                            }};

static const struct entity shift_entity = {
    .name = "RosterShift",
    .size = sizeof(struct roster_shift),
    .fields = (const struct entity_field[]){
        {.name = "name", .type = ENTITY_TEXT, SHIFT(name), .see = READERS, .max = 240},
        {.name = "days",
         .type = ENTITY_TEXT,
         SHIFT(days),
         .see = READERS,
         .max = 7,
         .words = "Weekdays on which it begins, 1 is Monday"},
        {.name = "first", .type = ENTITY_TEXT, SHIFT(first), .see = READERS, .max = 10},
        {.name = "last", .type = ENTITY_TEXT, SHIFT(last), .see = READERS, .max = 10},
        {.name = "start", .type = ENTITY_TEXT, SHIFT(start), .see = READERS, .max = 5},
        {.name = "end", .type = ENTITY_TEXT, SHIFT(end), .see = READERS, .max = 5},
        {.name = "people",
         .type = ENTITY_LIST,
         SHIFT(people),
         .see = READERS,
         .max = ROSTER_PEOPLE_MAX,
         .of = &person_entity},
        {0},
    }};

const struct entity roster_entity = {
    .name = "Roster",
    .size = sizeof(struct roster),
    .fields = (const struct entity_field[]){
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = READERS, .max = CASE_CODE_MAX},
        {.name = "shifts",
         .type = ENTITY_LIST,
         AT(shifts),
         .see = READERS,
         .max = ROSTER_SHIFTS_MAX,
         .of = &shift_entity},
        {.name = "changed_at", .type = ENTITY_TIME, AT(changed_ms), .see = READERS},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = READERS},
        STAFF_ACT_FIELDS(struct roster),
        {0},
    }};

const struct store_collection roster_collection = {
    .name = "roster",
    .form = 1,
    .fields = (const struct store_field[]){STAFF_ACT_STORE_FIELD},
    .n_fields = 1,
    .paths = (const struct store_path[]){STAFF_ACT_PATH},
    .n_paths = 1,
};

struct id roster_id(const char *agency)
{
    return id_v8("roster", &(struct id_part){agency, strlen(agency)}, 1);
}

int roster_get(struct store *s, const char *agency, struct arena *a, struct roster *ret)
{
    struct id id = roster_id(agency);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &roster_collection, &id, &doc);
    *ret = (struct roster){0};
    return done != 0 ? done : entity_decode(&roster_entity, doc, a, ret);
}

struct putting {
    const struct roster *roster;
    struct staff_act act;
};

static int put(struct store_edit *edit, void *ctx)
{
    const struct putting *p = ctx;
    struct roster r = {0};
    int done = edit->before ? entity_decode(&roster_entity, edit->before, edit->arena, &r) : 0;
    if (done < 0)
        return done;
    r.agency = p->roster->agency;
    r.shifts = p->roster->shifts;
    r.changed_ms = p->act.at_ms;
    r.revision++;
    if (!staff_act_add(&r.acts, &r.acts_ms, &p->act, edit->arena))
        return E_UNAVAILABLE;
    return entity_encode(&roster_entity, &r, edit->before, edit->arena, edit->after);
}

int roster_put(struct store *s, const struct roster *r, const struct staff_doer *doer,
               int64_t if_revision, int64_t now_ms)
{
    struct id id = roster_id(r->agency);
    struct putting p = {r, staff_act_of(doer, "roster", now_ms)};
    struct store_change_options options = {.if_revision = if_revision, .or_create = true};
    p.act.agency = r->agency;
    int done = store_change(s, &roster_collection, &id, &options, put, &p, NULL);
    if (done == 0)
        staff_acts_post(s, &roster_collection, &id);
    return done;
}

/* --- who is on duty --------------------------------------------------------------------------- */

/* "17:00" as minutes; the schema has seen it. */
static int minutes_of(const char *text)
{
    if (!text || strlen(text) != 5)
        return 0;
    return ((text[0] - '0') * 10 + (text[1] - '0')) * 60 + (text[3] - '0') * 10 + (text[4] - '0');
}

static bool begins_on(const struct roster_shift *s, int64_t day)
{
    int64_t first, last;
    char weekday = (char)('0' + clock_date_of_day(day).weekday);
    if (s->days && !strchr(s->days, weekday))
        return false;
    if (s->first && clock_day_parse(s->first, &first) && day < first)
        return false;
    return !(s->last && clock_day_parse(s->last, &last) && day > last);
}

static bool covers(const struct roster_shift *s, int64_t now_ms)
{
    int64_t day = clock_day_number(now_ms);
    int minute = (int)((now_ms - clock_day_start_ms(day)) / 60000);
    int start = minutes_of(s->start), end = minutes_of(s->end);
    if (end <= start)
        end += DAY_MINUTES;
    return (begins_on(s, day) && minute >= start && minute < end) ||
           (begins_on(s, day - 1) && minute + DAY_MINUTES < end);
}

size_t roster_on_duty(const struct roster *r, int64_t now_ms, struct id ret[ROSTER_DUTY_MAX])
{
    const struct roster_shift *shifts = r->shifts.items;
    size_t n = 0;
    for (size_t i = 0; i < r->shifts.n; i++) {
        const struct roster_person *people = shifts[i].people.items;
        if (!covers(&shifts[i], now_ms))
            continue;
        for (size_t j = 0; j < shifts[i].people.n && n < ROSTER_DUTY_MAX; j++) {
            bool known = false;
            for (size_t k = 0; k < n && !known; k++)
                known = id_equal(&ret[k], &people[j].id);
            if (!known)
                ret[n++] = people[j].id;
        }
    }
    return n;
}
