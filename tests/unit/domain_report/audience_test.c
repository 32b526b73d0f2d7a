/*
 * Who sees what, said once more as lists: for each table and each audience the members that its
 * JSON has, and no others. Every field of every table is filled with a value of its own; what an
 * audience may not see is searched for in all that it is shown.
 */
#include <jansson.h>

#include "base/clock.h"

#include "domain/agency/agency.h"
#include "domain/identity/session.h"
#include "domain/mandate/view.h"
#include "domain/org/view.h"
#include "domain/person/person.h"
#include "domain/setting/setting.h"
#include "domain/staff/staff.h"
#include "tests/support/province.h"

#define CANARIES_MAX 400

struct canary {
    const char *path;
    char text[64]; /* as it would stand in JSON */
};

struct aviary {
    struct arena arena;
    struct canary all[CANARIES_MAX];
    size_t n;
};

static struct aviary aviary;

/* --- filling ---------------------------------------------------------------------------------- */

static struct canary *canary_new(const char *path)
{
    assert_true(aviary.n < CANARIES_MAX);
    struct canary *c = &aviary.all[aviary.n++];
    *c = (struct canary){.path = path};
    return c;
}

static void fill(const struct entity *e, void *record, const char *prefix);

static void *fill_items(const struct entity_field *f, const char *path)
{
    void *item = arena_alloc(&aviary.arena, f->of->size);
    fill(f->of, item, arena_printf(&aviary.arena, "%s[].", path));
    return item;
}

static void fill_id(struct id *id, struct canary *c)
{
    char text[ID_TEXT];
    *id = id_v8("canary", &(struct id_part){c->path, strlen(c->path)}, 1);
    snprintf(c->text, sizeof(c->text), "%s", id_format(id, text));
}

static void fill_number(int64_t *number, struct canary *c)
{
    *number = INT64_C(7700000000) + (int64_t)aviary.n * 1117;
    snprintf(c->text, sizeof(c->text), "%lld", (long long)*number);
}

static void fill_time(int64_t *ms, struct canary *c)
{
    char text[CLOCK_TEXT];
    *ms = INT64_C(1000000000000) + (int64_t)aviary.n * 86461000;
    snprintf(c->text, sizeof(c->text), "%s", clock_format(*ms, text));
}

static void fill_field(const struct entity_field *f, void *record, const char *prefix)
{
    void *at = (char *)record + f->offset;
    bool flat = f->flags & ENTITY_FLAT;
    const char *path = arena_printf(&aviary.arena, "%s%s", prefix, f->name);
    struct canary *c =
        f->of || f->type == ENTITY_BOOL || f->type == ENTITY_ENUM || f->type == ENTITY_WORDS
            ? NULL
            : canary_new(path);
    switch (f->type) {
    case ENTITY_TEXT:
        snprintf(c->text, sizeof(c->text), "canary-%zu-%s", aviary.n, f->name);
        *(const char **)at = c->text;
        break;
    case ENTITY_JSON:
        snprintf(c->text, sizeof(c->text), "\"canary-%zu\"", aviary.n);
        *(const char **)at = c->text;
        break;
    case ENTITY_INT:
    case ENTITY_MONEY:
        fill_number(at, c);
        break;
    case ENTITY_TIME:
        fill_time(at, c);
        break;
    case ENTITY_ID:
        fill_id(at, c);
        break;
    case ENTITY_POINT:
        *(struct point *)at = (struct point){9.1234567 + (double)aviary.n, 105.7654321, true};
        snprintf(c->text, sizeof(c->text), "%.7f", ((struct point *)at)->lat);
        break;
    case ENTITY_BYTES:
        snprintf(c->text, sizeof(c->text), "canary-%zu-%s", aviary.n, f->name);
        *(struct entity_bytes *)at = (struct entity_bytes){(const uint8_t *)c->text, 20};
        break;
    case ENTITY_BOOL:
        *(bool *)at = false;
        break;
    case ENTITY_ENUM:
        *(int *)at = 1;
        break;
    case ENTITY_WORDS:
        break;
    case ENTITY_OBJECT:
        fill(f->of, at, flat ? prefix : arena_printf(&aviary.arena, "%s.", path));
        break;
    case ENTITY_OBJECT_PTR:
        *(void **)at = fill_items(f, path);
        break;
    case ENTITY_LIST:
        *(struct entity_list *)at = (struct entity_list){fill_items(f, path), 1};
        break;
    }
}

static void fill(const struct entity *e, void *record, const char *prefix)
{
    for (const struct entity_field *f = e->fields; f->name; f++)
        fill_field(f, record, prefix);
}

/* --- what is shown ---------------------------------------------------------------------------- */

/* Paths of all members, in the order of the JSON, with a space after each. */
static void list_members(const json_t *object, const char *prefix, struct buf *out)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        char path[128];
        snprintf(path, sizeof(path), "%s%s", prefix, name);
        const json_t *item = json_is_array(value) ? json_array_get(value, 0) : value;
        bool point = json_object_get(item, "lat") != NULL;
        if (json_is_object(item) && !point) {
            snprintf(path, sizeof(path), "%s%s%s", prefix, name,
                     json_is_array(value) ? "[]." : ".");
            list_members(item, path, out);
        } else {
            buf_printf(out, "%s ", path);
        }
    }
}

static bool is_member(const char *members, const char *path)
{
    size_t n = strlen(path);
    for (const char *at = strstr(members, path); at; at = strstr(at + 1, path)) {
        if ((at == members || at[-1] == ' ') && at[n] == ' ')
            return true;
    }
    return false;
}

#define ALL 0x3fU /* every audience but none beyond */

#define CASE_PUBLIC "number agency desk state outcome filed_at closed_at "
#define QUESTION                                                                                   \
    "questions[].id questions[].asked_at questions[].answered_at "                                 \
    "questions[].question questions[].answer "
#define STEP                                                                                       \
    "history[].seq history[].at history[].verb history[].from history[].to "                       \
    "history[].party history[].office history[].agency history[].reason history[].note "           \
    "history[].media[].id "
#define PHOTO                                                                                      \
    "photos[].id photos[].proof photos[].video photos[].public photos[].agency_only "              \
    "photos[].width photos[].height "
#define WORDS "category text address point commune place answers consent emergency "
#define AFTER                                                                                      \
    "awaited awaited_until answer answered_at transfers reopened extensions rating rating_note "   \
    "published_at duplicate_of open duty due_at "
#define REPORT_OWNER CASE_PUBLIC "revision changed_at " QUESTION STEP WORDS PHOTO AFTER
#define DEMAND                                                                                     \
    "demands[].id demands[].kind demands[].seq demands[].answer_seq demands[].agency "             \
    "demands[].officer demands[].by demands[].answered_by demands[].office demands[].text "        \
    "demands[].at demands[].due_at demands[].answered_at demands[].late_at answer_due_at "
#define REPORT_STAFF                                                                               \
    REPORT_OWNER DEMAND                                                                            \
        "unit officer questions[].by history[].by history[].deputy_for history[].officer "         \
        "history[].inner approval proof photos[].hash photos[].proposed "                          \
        "proposed_answer proposed_at "
#define PAGE                                                                                       \
    "number category commune agency text answer state outcome point filed_at "                     \
    "answered_at closed_at published_at rating photos[].id photos[].proof photos[].video "         \
    "photos[].width photos[].height "
#define PAGE_STAFF "photos[].public photos[].agency_only photos[].hash photos[].proposed "
#define AGENCY "code name name_en kind commune hotline active address hours hours_en "
#define CATEGORY                                                                                   \
    "code name name_en hint hint_en questions questions_form approval proof "                      \
    "redirect redirect_en icon rank active "
#define ORG "id kind state name commune revision "
#define ORG_PARTY                                                                                  \
    "tax_code address registered_at decided_at decided_office seen reason papers[].id "            \
    "members[].id members[].name members[].role members[].state "
#define MINE "invitation invited_as invited_until "
#define MANDATE "id kind state recorded commune created_at revision "
#define MANDATE_PARTY                                                                              \
    "subject_name subject_birth subject_card agent_name papers[].id from "                         \
    "until decided_at decided_office seen reason ended_at "
#define OFFER "offered_until "
#define ACCOUNT "name title role agency "

/* By enum audience's bits: owner, agency, inspector, public, admin, self. */
static const struct sight {
    const struct entity *entity;
    const char *members[6]; /* each with a space after it; NULL: nothing */
} sights[] = {
    {&report_entity,
     {REPORT_OWNER, REPORT_STAFF, REPORT_STAFF, CASE_PUBLIC "category commune ",
      CASE_PUBLIC "category commune ", NULL}},
    {&report_public_entity,
     {PAGE "photos[].public photos[].agency_only ", PAGE PAGE_STAFF, PAGE PAGE_STAFF, PAGE, PAGE,
      NULL}},
    {&report_fact_entity, {NULL}},
    {&organisation_entity, {NULL}},
    {&org_view_entity,
     {ORG ORG_PARTY MINE "role members[].person members[].hint members[].me members[].at "
                         "members[].expires_at members[].since members[].until members[].by "
                         "history[].at history[].verb history[].by history[].office "
                         "history[].member history[].role history[].note ",
      ORG ORG_PARTY, ORG "registered_at decided_at ", NULL, NULL, ORG MINE}},
    {&mandate_entity, {NULL}},
    {&mandate_view_entity,
     {MANDATE MANDATE_PARTY OFFER
      "subject hint side history[].at history[].verb history[].party history[].office "
      "history[].note ",
      MANDATE MANDATE_PARTY, MANDATE, NULL, NULL, MANDATE OFFER "subject_name side from until "}},
    {&person_entity, {"created_at level eid_at language revision ", NULL, NULL, NULL, NULL, NULL}},
    {&session_entity, {"device created_at seen_at ", NULL, NULL, NULL, NULL, NULL}},
    {&staff_entity,
     {NULL, ACCOUNT, ACCOUNT, NULL,
      ACCOUNT "user active paused_until created_at seen_at ended_at revision activation "
              "activation_until reset.id reset.what reset.by reset.by_user reset.reason reset.at "
              "reset.until ",
      ACCOUNT "user "}},
    {&agency_entity, {AGENCY, AGENCY, AGENCY, AGENCY, AGENCY "webhook_url revision ", NULL}},
    {&category_entity, {CATEGORY, CATEGORY, CATEGORY, CATEGORY, CATEGORY "revision ", NULL}},
    {&routing_rule_entity, {NULL, NULL, NULL, NULL, "category commune agency revision ", NULL}},
    {&setting_entity, {NULL, NULL, NULL, NULL, "name size set_at revision ", NULL}},
};

static bool may_see(const struct sight *s, unsigned see, const char *path)
{
    for (int i = 0; i < 6; i++) {
        if ((see & (1U << i)) && s->members[i] && is_member(s->members[i], path))
            return true;
    }
    return false;
}

/* Every word of `list` is a member that this audience may see, or is not there at all. */
static void expect_members(const struct sight *s, unsigned see, const char *found)
{
    char path[128];
    for (const char *at = found; *at;) {
        size_t n = strcspn(at, " ");
        assert_true(n < sizeof(path));
        memcpy(path, at, n);
        path[n] = '\0';
        at += n + 1;
        if (!may_see(s, see, path))
            fail_msg("%s seen by %x: %s is shown", s->entity->name, see, path);
    }
    for (int i = 0; i < 6; i++) {
        const char *at = see & (1U << i) && s->members[i] ? s->members[i] : "";
        while (*at) {
            size_t n = strcspn(at, " ");
            memcpy(path, at, n);
            path[n] = '\0';
            at += n + 1;
            if (!is_member(found, path))
                fail_msg("%s seen by %x: %s is missing", s->entity->name, see, path);
        }
    }
}

static void expect_canaries(const struct sight *s, unsigned see, const char *text)
{
    for (size_t i = 0; i < aviary.n; i++) {
        const struct canary *c = &aviary.all[i];
        bool there = strstr(text, c->text) != NULL, may = may_see(s, see, c->path);
        if (there != may)
            fail_msg("%s seen by %x: the value of %s is %s", s->entity->name, see, c->path,
                     there ? "shown" : "missing");
    }
}

static void expect_sight(const struct sight *s, const void *record, unsigned see)
{
    struct buf text, members;
    buf_init(&text, 1 << 20);
    buf_init(&members, 1 << 16);
    entity_json(s->entity, record, see, &text);
    assert_false(text.failed);
    json_t *json = json_loads(text.data, 0, NULL);
    assert_non_null(json);
    list_members(json, "", &members);
    expect_members(s, see, members.data ? members.data : "");
    expect_canaries(s, see, text.data);
    json_decref(json);
    buf_release(&text);
    buf_release(&members);
}

/* Each audience alone, and all of them together in every way. */
static void test_each_audience_sees_its_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sights); i++) {
        const struct sight *s = &sights[i];
        assert_null(entity_fault(s->entity));
        aviary.n = 0;
        void *record = arena_alloc(&aviary.arena, s->entity->size);
        fill(s->entity, record, "");
        assert_true(aviary.n > 3);
        for (unsigned see = 0; see <= ALL; see++)
            expect_sight(s, record, see);
        arena_release(&aviary.arena);
    }
}

/* Secrets are bytes or hashes, and no audience has them. */
static void test_nobody_sees_secrets(void **state)
{
    (void)state;
    static const struct {
        const struct entity *entity;
        const char *fields[8];
    } secrets[] = {
        {&person_entity, {"phone", "name", "card", "birth", "devices", "merged_into"}},
        {&staff_entity, {"password", "totp", "totp_step", "phone", "activation_hash", "totp_next"}},
        {&agency_entity, {"webhook_key"}},
        {&session_entity, {"subject", "generation", "rotated"}},
        {&case_step_entity, {"salt", "note_digest", "digest"}},
        {&report_entity, {"owner", "actor", "events", "clocks", "back_to"}},
    };
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        for (size_t j = 0; j < 8 && secrets[i].fields[j]; j++) {
            const struct entity_field *f = secrets[i].entity->fields;
            while (f->name && strcmp(f->name, secrets[i].fields[j]) != 0)
                f++;
            assert_non_null(f->name);
            assert_int_equal(f->see, 0);
        }
    }
}

/* --- who is which audience -------------------------------------------------------------------- */

static void test_who_is_which_audience(void **state)
{
    (void)state;
    static const unsigned at_here[WHO_MAX] = {
        [OWNER] = SEE_OWNER,         [DISPATCHER] = SEE_AGENCY,
        [OFFICER] = SEE_AGENCY,      [LEADER] = SEE_AGENCY | SEE_INSPECTOR,
        [INSPECTOR] = SEE_INSPECTOR,
    };
    struct province p;
    struct report r;
    province_open(&p, ENGINE_MODEL);
    province_reach(&p, 0, REPORT_RECEIVED, &r);
    for (int who = 0; who < WHO_MAX; who++) {
        struct case_actor actor = province_actor((enum who)who);
        assert_int_equal(case_see(&r.head, &actor), at_here[who]);
    }
    /* Given away: officers see it no more, leaders look on; who has it now sees it. */
    province_do(&p, &r, "transfer", OFFICER);
    static const unsigned at_there[WHO_MAX] = {
        [OWNER] = SEE_OWNER,
        [DISPATCHER] = SEE_AGENCY,
        [LEADER] = SEE_INSPECTOR,
        [OTHER_OFFICER] = SEE_AGENCY,
        [OTHER_LEADER] = SEE_AGENCY | SEE_INSPECTOR,
        [INSPECTOR] = SEE_INSPECTOR,
    };
    for (int who = 0; who < WHO_MAX; who++) {
        struct case_actor actor = province_actor((enum who)who);
        assert_int_equal(case_see(&r.head, &actor), at_there[who]);
    }
    province_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_audience_sees_its_members),
        cmocka_unit_test(test_nobody_sees_secrets),
        cmocka_unit_test(test_who_is_which_audience),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
