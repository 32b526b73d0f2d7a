#include "domain/roster/alarm.h"

#include <string.h>

#include "base/result.h"
#include "domain/case/case.h"

#define AT(member) .offset = offsetof(struct alarm, member)
#define DUE_MAX 50
#define READERS (SEE_AGENCY | SEE_ADMIN)

static const struct entity_name states[] = {
    {0},
    [ALARM_RINGING] = {"ringing", {"Đang gọi", "Ringing"}},
    [ALARM_ACKNOWLEDGED] = {"acknowledged", {"Đã nhận tin", "Acknowledged"}},
    [ALARM_OVER] = {"over", {"Đã được xử lý", "Taken up otherwise"}},
    [ALARM_UNHEARD] = {"unheard", {"Không ai nhận tin", "Nobody acknowledged"}},
    {0},
};

static const struct entity_name rung_kinds[] = {
    {0},
    [RUNG_PERSON] = {"person", {"Người trực", "On duty"}},
    [RUNG_LEADERS] = {"leaders", {"Lãnh đạo", "Leaders"}},
    [RUNG_PORTAL] = {"portal", {"Cổng của tỉnh", "The portal"}},
    {0},
};

static const struct entity rung_entity = {.name = "EmergencyRung",
                                          .size = sizeof(struct alarm_rung),
                                          .fields = (const struct entity_field[]){
                                              {.name = "kind",
                                               .type = ENTITY_ENUM,
                                               .offset = offsetof(struct alarm_rung, kind),
                                               .see = READERS,
                                               .names = rung_kinds},
                                              {.name = "id",
                                               .type = ENTITY_ID,
                                               .offset = offsetof(struct alarm_rung, id),
                                               .see = READERS},
                                              {0},
                                          }};

const struct entity alarm_entity = {
    .name = "Emergency",
    .size = sizeof(struct alarm),
    .fields = (const struct entity_field[]){
        {.name = "kind", .type = ENTITY_TEXT, AT(kind), .see = READERS, .max = 40},
        {.name = "about", .type = ENTITY_ID, AT(about), .see = READERS, .words = "The report"},
        {.name = "number", .type = ENTITY_TEXT, AT(number), .see = READERS},
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = READERS, .max = CASE_CODE_MAX},
        {.name = "status", .type = ENTITY_TEXT, AT(status), .max = 40},
        {.name = "plan",
         .type = ENTITY_LIST,
         AT(plan),
         .see = READERS,
         .max = ROSTER_DUTY_MAX + 2,
         .of = &rung_entity},
        {.name = "rung",
         .type = ENTITY_INT,
         AT(rung),
         .see = READERS,
         .words = "How many rungs were rung"},
        {.name = "state", .type = ENTITY_ENUM, AT(state), .see = READERS, .names = states},
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = READERS},
        {.name = "rung_at", .type = ENTITY_TIME, AT(rung_ms), .see = READERS},
        {.name = "next_at", .type = ENTITY_TIME, AT(next_ms), .see = READERS},
        {.name = "text_vi", .type = ENTITY_TEXT, AT(text_vi), .max = 1600},
        {.name = "text_en", .type = ENTITY_TEXT, AT(text_en), .max = 1600},
        {.name = "by", .type = ENTITY_ID, AT(by), .see = READERS, .words = "Who acknowledged"},
        {.name = "acknowledged_at", .type = ENTITY_TIME, AT(acknowledged_ms), .see = READERS},
        {.name = "noted", .type = ENTITY_BOOL, AT(noted)},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = READERS},
        {0},
    }};

const struct store_collection alarm_collection = {
    .name = "alarm",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"next", "next_at", STORE_INT, false},
            {"agency", "agency", STORE_TEXT, false},
            {"about", "about", STORE_ID, false},
            {"at", "at", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "next", .why = "who climbs: what is due", .order = "next"},
            {.name = "agency",
             .why = "an agency's, newest first",
             .equals = {"agency"},
             .order = "at"},
            {.name = "at", .why = "inspectors and the portal: all, newest first", .order = "at"},
            {.name = "about", .why = "of one report", .equals = {"about"}, .order = "at"},
        },
    .n_paths = 4,
};

int alarm_decode(const bson_t *doc, struct arena *a, struct alarm *ret)
{
    *ret = (struct alarm){0};
    int done = entity_decode(&alarm_entity, doc, a, ret);
    return done == 0 && !store_document_id(doc, &ret->id) ? E_CORRUPT : done;
}

int alarm_get(struct store *s, const struct id *id, struct arena *a, struct alarm *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &alarm_collection, id, &doc);
    return done != 0 ? done : alarm_decode(doc, a, ret);
}

int alarm_begin(struct store *s, const struct id *event, struct alarm *alarm, int64_t now_ms,
                struct arena *a)
{
    struct roster roster;
    struct id duty[ROSTER_DUTY_MAX];
    int done = roster_get(s, alarm->agency, a, &roster);
    if (done != 0)
        return done == STORE_ABSENT ? ALARM_NO_ROSTER : done;
    size_t n = roster_on_duty(&roster, now_ms, duty);
    struct alarm_rung *plan = arena_array(a, n + 2, sizeof(*plan));
    for (size_t i = 0; i < n; i++)
        plan[i] = (struct alarm_rung){RUNG_PERSON, duty[i]};
    plan[n] = (struct alarm_rung){.kind = RUNG_LEADERS};
    plan[n + 1] = (struct alarm_rung){.kind = RUNG_PORTAL};
    alarm->id = id_v8("alarm", &(struct id_part){event->bytes, 16}, 1);
    alarm->plan = (struct entity_list){plan, n + 2};
    alarm->state = ALARM_RINGING;
    alarm->at_ms = alarm->next_ms = now_ms;
    alarm->revision = 1;
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_write write = store_write_fresh();
    done = entity_encode(&alarm_entity, alarm, NULL, a, body);
    if (done == 0)
        done = store_create(s, &alarm_collection, &alarm->id, &write, body, NULL);
    return done == STORE_EXISTS ? 0 : done;
}

int alarm_of(struct store *s, const struct id *about, struct arena *a, struct alarm *ret)
{
    struct store_value value = store_id(*about);
    struct store_condition is = {.field = "about", .op = STORE_EQ, .values = &value, .n_values = 1};
    struct store_query q = {
        .conditions = &is, .n_conditions = 1, .order = "at", .descending = true, .limit = 1};
    struct store_page page;
    int done = store_scan(s, &alarm_collection, &q, a, &page);
    if (done != 0)
        return done;
    return page.n > 0 ? alarm_decode(page.docs[0], a, ret) : STORE_ABSENT;
}

int alarm_due(struct store *s, int64_t now_ms, struct arena *a, struct alarm **ret, size_t *ret_n)
{
    struct store_range past = {.has_high = true, .high = store_int(now_ms + 1)};
    struct store_condition is = {
        .field = "next", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {
        .conditions = &is, .n_conditions = 1, .order = "next", .limit = DUE_MAX};
    struct store_page page;
    int done = store_scan(s, &alarm_collection, &q, a, &page);
    *ret_n = 0;
    if (done != 0)
        return done;
    *ret = arena_array(a, page.n, sizeof(**ret));
    for (size_t i = 0; done == 0 && i < page.n; i++)
        done = alarm_decode(page.docs[i], a, &(*ret)[(*ret_n)++]);
    return done;
}

struct alarm_rung alarm_next(const struct alarm *alarm)
{
    const struct alarm_rung *plan = alarm->plan.items;
    size_t at = (size_t)alarm->rung < alarm->plan.n ? (size_t)alarm->rung : alarm->plan.n - 1;
    return alarm->plan.n > 0 ? plan[at] : (struct alarm_rung){.kind = RUNG_PORTAL};
}

struct id alarm_rung_id(const struct alarm *alarm)
{
    const struct id_part parts[] = {{alarm->id.bytes, 16}, {&alarm->rung, sizeof(alarm->rung)}};
    return id_v8("alarm.rung", parts, 2);
}

/* --- changing --------------------------------------------------------------------------------- */

struct changing {
    void (*fn)(struct alarm *alarm, const struct changing *c);
    int64_t rung, wait_ms, now_ms;
    int state;
    const struct id *by;
    bool over;
};

static bool on_plan(const struct alarm *alarm, const struct id *by)
{
    const struct alarm_rung *plan = alarm->plan.items;
    for (size_t i = 0; i < alarm->plan.n; i++) {
        if (plan[i].kind == RUNG_PERSON && id_equal(&plan[i].id, by))
            return true;
    }
    return false;
}

static int run(struct store_edit *edit, void *ctx)
{
    const struct changing *c = ctx;
    struct alarm alarm = {0};
    int done = entity_decode(&alarm_entity, edit->before, edit->arena, &alarm);
    if (done < 0)
        return done;
    if (c->by && !c->over && !on_plan(&alarm, c->by))
        return ALARM_NOT_YOURS;
    bool waits = alarm.state == ALARM_RINGING || alarm.state == ALARM_UNHEARD;
    if (c->state != 0 && !waits)
        return ALARM_PAST;
    if (c->state == 0 && c->rung >= 0 && (alarm.state != ALARM_RINGING || alarm.rung != c->rung))
        return STORE_UNCHANGED;
    c->fn(&alarm, c);
    alarm.revision++;
    return entity_encode(&alarm_entity, &alarm, edit->before, edit->arena, edit->after);
}

static void climb(struct alarm *alarm, const struct changing *c)
{
    alarm->rung++;
    alarm->rung_ms = c->now_ms;
    alarm->next_ms = c->now_ms + c->wait_ms;
    if (alarm->rung >= ALARM_RUNGS_MAX) {
        alarm->state = ALARM_UNHEARD;
        alarm->next_ms = 0;
    }
}

int alarm_climb(struct store *s, const struct alarm *alarm, int64_t wait_ms, int64_t now_ms)
{
    struct changing c = {.fn = climb, .rung = alarm->rung, .wait_ms = wait_ms, .now_ms = now_ms};
    int done = store_change(s, &alarm_collection, &alarm->id, NULL, run, &c, NULL);
    return done == STORE_UNCHANGED ? 0 : done;
}

static void stop(struct alarm *alarm, const struct changing *c)
{
    alarm->state = c->state;
    alarm->next_ms = 0;
    if (!c->by)
        return;
    alarm->by = *c->by;
    alarm->acknowledged_ms = c->now_ms;
    alarm->next_ms = c->now_ms; /* to be noted in the history */
}

int alarm_stop(struct store *s, const struct id *id, enum alarm_state state, int64_t now_ms)
{
    struct changing c = {.fn = stop, .rung = -1, .state = (int)state, .now_ms = now_ms};
    int done = store_change(s, &alarm_collection, id, NULL, run, &c, NULL);
    return done == ALARM_PAST ? 0 : done;
}

static void note(struct alarm *alarm, const struct changing *c)
{
    (void)c;
    alarm->noted = true;
    alarm->next_ms = 0;
}

int alarm_noted(struct store *s, const struct id *id)
{
    struct changing c = {.fn = note, .rung = -1};
    return store_change(s, &alarm_collection, id, NULL, run, &c, NULL);
}

int alarm_acknowledge(struct store *s, const struct id *id, const struct id *by, bool over,
                      int64_t now_ms, struct arena *a, struct alarm *ret)
{
    struct changing c = {.fn = stop,
                         .rung = -1,
                         .state = ALARM_ACKNOWLEDGED,
                         .now_ms = now_ms,
                         .by = by,
                         .over = over};
    int done = store_change(s, &alarm_collection, id, NULL, run, &c, NULL);
    if (done != 0 && done != ALARM_PAST)
        return done;
    int got = alarm_get(s, id, a, ret);
    return got != 0 ? got : done;
}
