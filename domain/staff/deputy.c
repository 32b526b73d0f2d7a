#include "domain/staff/deputy.h"

#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/case/case.h"

#define LOOK 20 /* periods of one officer that are looked at, those that end first */
#define AT(member) .offset = offsetof(struct deputy, member)
#define READERS (SEE_AGENCY | SEE_ADMIN)

const struct entity deputy_entity = {
    .name = "Deputy",
    .size = sizeof(struct deputy),
    .fields = (const struct entity_field[]){
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = READERS, .max = CASE_CODE_MAX},
        {.name = "leader", .type = ENTITY_ID, AT(leader), .see = READERS},
        {.name = "deputy", .type = ENTITY_ID, AT(deputy), .see = READERS},
        {.name = "from", .type = ENTITY_TIME, AT(from_ms), .see = READERS},
        {.name = "until", .type = ENTITY_TIME, AT(until_ms), .see = READERS},
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = READERS},
        {.name = "ended_at",
         .type = ENTITY_TIME,
         AT(ended_ms),
         .see = READERS,
         .words = "Ended before its time"},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = READERS},
        STAFF_ACT_FIELDS(struct deputy),
        {0},
    }};

const struct store_collection deputy_collection = {
    .name = "deputy",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"agency", "agency", STORE_TEXT, false},
            {"deputy", "deputy", STORE_ID, false},
            {"until", "until", STORE_INT, false},
            STAFF_ACT_STORE_FIELD,
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "agency",
             .why = "an agency's deputies, last ones first",
             .equals = {"agency"},
             .order = "until"},
            {.name = "deputy",
             .why = "whom an officer stands for, asked with each of their steps",
             .equals = {"deputy"},
             .order = "until"},
            STAFF_ACT_PATH,
        },
    .n_paths = 3,
};

int deputy_get(struct store *s, const struct id *id, struct arena *a, struct deputy *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &deputy_collection, id, &doc);
    if (done != 0)
        return done;
    *ret = (struct deputy){.id = *id};
    return entity_decode(&deputy_entity, doc, a, ret);
}

static bool period_fits(const struct deputy *d, int64_t now_ms)
{
    return d->from_ms < d->until_ms && d->until_ms > now_ms &&
           d->until_ms - d->from_ms <= DEPUTY_DAYS_MAX * CLOCK_DAY_MS &&
           d->from_ms - now_ms <= DEPUTY_AHEAD_DAYS_MAX * CLOCK_DAY_MS;
}

static struct staff_act act_of(const struct staff_doer *doer, const char *verb,
                               const struct deputy *d, const struct staff *to, int64_t now_ms)
{
    struct staff_act act = staff_act_of(doer, verb, now_ms);
    act.agency = d->agency;
    act.to = d->deputy;
    act.to_user = to ? to->user : NULL;
    return act;
}

int deputy_name(struct store *s, const struct id *id, const struct store_write *write,
                struct deputy *d, const struct staff_doer *doer, int64_t now_ms, struct arena *a)
{
    struct staff officer;
    if (!period_fits(d, now_ms))
        return DEPUTY_PERIOD;
    int done = staff_get(s, &d->deputy, a, &officer);
    if (done < 0)
        return done;
    if (done > 0 || !officer.active || officer.role != STAFF_OFFICER ||
        strcmp(officer.agency, d->agency) != 0)
        return DEPUTY_NOT_OFFICER;
    char from[CLOCK_TEXT], until[CLOCK_TEXT];
    struct staff_act act = act_of(doer, "deputy", d, &officer, now_ms);
    act.detail = arena_printf(a, "%s to %s", clock_format(d->from_ms, from),
                              clock_format(d->until_ms, until));
    d->id = *id;
    d->at_ms = now_ms;
    d->revision = 1;
    staff_act_add(&d->acts, &d->acts_ms, &act, a);
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    done = entity_encode(&deputy_entity, d, NULL, a, body);
    if (done == 0)
        done = store_create(s, &deputy_collection, id, write, body, NULL);
    if (done == 0)
        staff_acts_post(s, &deputy_collection, id);
    if (done == STORE_REPEATED) {
        int got = deputy_get(s, id, a, d);
        return got != 0 ? got : STORE_REPEATED;
    }
    return done;
}

struct ending {
    const struct staff_doer *doer;
    struct staff_act act;
    int64_t now_ms;
};

static int end(struct store_edit *edit, void *ctx)
{
    struct ending *e = ctx;
    struct deputy d = {0};
    int done = entity_decode(&deputy_entity, edit->before, edit->arena, &d);
    if (done < 0)
        return done;
    if (d.until_ms <= e->now_ms)
        return DEPUTY_OVER;
    struct staff_act act = e->act;
    act.agency = d.agency;
    act.to = d.deputy;
    d.ended_ms = e->now_ms;
    d.until_ms = e->now_ms;
    d.revision++;
    if (!staff_act_add(&d.acts, &d.acts_ms, &act, edit->arena))
        return DEPUTY_OVER;
    return entity_encode(&deputy_entity, &d, edit->before, edit->arena, edit->after);
}

int deputy_end(struct store *s, const struct id *id, const struct staff_doer *doer, int64_t now_ms,
               struct arena *a, struct deputy *ret)
{
    struct ending e = {doer, staff_act_of(doer, "deputy_end", now_ms), now_ms};
    int done = store_change(s, &deputy_collection, id, NULL, end, &e, NULL);
    if (done != 0)
        return done;
    staff_acts_post(s, &deputy_collection, id);
    return deputy_get(s, id, a, ret);
}

/* The leader's own account decides, too. */
static int still_leads(struct store *s, const struct deputy *d, const char *agency, struct arena *a,
                       struct id *ret_leader)
{
    struct staff leader;
    int done = staff_get(s, &d->leader, a, &leader);
    if (done == 0 && leader.active && leader.role == STAFF_LEADER &&
        strcmp(leader.agency, agency) == 0 && strcmp(d->agency, agency) == 0)
        *ret_leader = d->leader;
    return done < 0 ? done : 0;
}

int deputy_stands_for(struct store *s, const struct id *officer, const char *agency, int64_t now_ms,
                      struct arena *a, struct id *ret_leader)
{
    struct store_value value = store_id(*officer);
    struct store_range later = {.has_low = true, .low = store_int(now_ms + 1)};
    const struct store_condition conditions[] = {
        {.field = "deputy", .op = STORE_EQ, .values = &value, .n_values = 1},
        {.field = "until", .op = STORE_BETWEEN, .ranges = &later, .n_ranges = 1}};
    struct store_query q = {
        .conditions = conditions, .n_conditions = 2, .order = "until", .limit = LOOK};
    struct store_page page;
    *ret_leader = (struct id){0};
    int done = store_scan(s, &deputy_collection, &q, a, &page);
    for (size_t i = 0; done == 0 && i < page.n && id_is_nil(ret_leader); i++) {
        struct deputy d = {0};
        done = entity_decode(&deputy_entity, page.docs[i], a, &d);
        if (done == 0 && d.from_ms <= now_ms)
            done = still_leads(s, &d, agency, a, ret_leader);
    }
    return done;
}
