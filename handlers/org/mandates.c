/* Acting for a person: recording a child or a ward, letting somebody act for me, ending it. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/person/card.h"
#include "handlers/org/mandates.h"

#define LIST_BYTES ((size_t)1 << 20)

static const struct limit_rule make_day = {"mandate.make.day", CLOCK_DAY_MS, 20};

/* --- reading what was sent -------------------------------------------------------------------- */

/* The first instant of a day so many years later; of 29 February, in a year without it, 1 March. */
static int64_t years_later(int64_t day, int years)
{
    struct clock_date d = clock_date_of_day(day);
    int64_t later = 0;
    if (!clock_day_of_date(d.year + years, d.month, d.day, &later))
        clock_day_of_date(d.year + years, 3, 1, &later);
    return clock_day_start_ms(later);
}

/* "until" of the body is the last day. */
static void read_until(const struct request *req, struct reply *reply, struct mandate_draft *d,
                       int64_t born)
{
    int64_t today = clock_day_number(req->now_ms), last = 0;
    const char *text = json_string_value(json_object_get(req->json, "until"));
    int64_t of_age_ms = born ? years_later(born, MANDATE_OF_AGE) : 0;
    bool minor = born && of_age_ms > req->now_ms;
    if (d->kind == MANDATE_PARENT && born && !minor)
        reply_invalid(reply, "/dependant/birth", "Người này đã đủ 18 tuổi",
                      "This person is 18 already");
    if (text && (!clock_day_parse(text, &last) || last < today ||
                 clock_day_start_ms(last) > years_later(today, MANDATE_YEARS_MAX)))
        reply_invalid(reply, "/until", "Phải từ hôm nay đến 10 năm sau",
                      "Must be from today to ten years from now");
    if (text)
        d->until_ms = clock_day_start_ms(last + 1);
    else if (d->kind == MANDATE_PROXY)
        d->until_ms = years_later(today, 1);
    if (minor && d->kind != MANDATE_PROXY && (!d->until_ms || d->until_ms > of_age_ms))
        d->until_ms = of_age_ms;
}

static int read_dependant(const struct request *req, struct reply *reply, const json_t *dependant,
                          struct mandate_draft *d)
{
    int64_t today = clock_day_number(req->now_ms), born = 0;
    int year = clock_date_of_day(today).year;
    struct person me;
    const char *mine = NULL;
    const char *name = json_string_value(json_object_get(dependant, "name"));
    d->name = text_trim(req->arena, name);
    d->birth = json_string_value(json_object_get(dependant, "birth"));
    d->card = json_string_value(json_object_get(dependant, "card"));
    if (!d->name || !*d->name)
        reply_invalid(reply, "/dependant/name", "Họ tên không được trống", "The name is empty");
    if (!clock_day_parse(d->birth, &born) || born > today ||
        clock_date_of_day(born).year < year - 130)
        return reply_invalid(reply, "/dependant/birth", "Ngày sinh không đúng",
                             "Not a day of birth");
    if (d->card && card_check(d->card, clock_date_of_day(born).year, year) != CARD_SOUND)
        reply_invalid(reply, "/dependant/card",
                      "Không khớp với ngày sinh, hoặc không phải số định danh",
                      "Not a number, or not of this birth");
    read_until(req, reply, d, born ? born : 1); /* 0 says: nobody's */
    int done = d->card ? person_get(&app_of(req)->people, &req->who.subject, req->arena, &me) : 0;
    if (done == 0 && d->card)
        done = person_card(&app_of(req)->people, &me, req->arena, &mine);
    if (done == 0 && mine && strcmp(mine, d->card) == 0)
        reply_invalid(reply, "/dependant/card", "Đây là số của chính bạn",
                      "This is your own number");
    return done;
}

static struct text_words read_words(const struct request *req, const char *name)
{
    const json_t *list = json_object_get(req->json, name);
    struct text_words words = {.n = json_array_size(list)};
    words.items = arena_array(req->arena, words.n, sizeof(*words.items));
    for (size_t i = 0; i < words.n; i++)
        words.items[i] = arena_strdup(req->arena, json_string_value(json_array_get(list, i)));
    return words;
}

static int read_draft(const struct request *req, struct reply *reply, struct mandate_draft *d)
{
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    const json_t *dependant = json_object_get(req->json, "dependant");
    *d = (struct mandate_draft){
        .kind =
            entity_enum_value(mandate_kinds, json_string_value(json_object_get(req->json, "kind"))),
        .by = req->who.subject,
        .scope = read_words(req, "scope"),
        .procedures = read_words(req, "procedures"),
        .commune = json_string_value(json_object_get(req->json, "commune")),
        .now_ms = req->now_ms,
    };
    if (d->commune && !area_by_code(areas, d->commune))
        reply_invalid(reply, "/commune", "Không có xã, phường mang mã này",
                      "There is no commune of this code");
    if (dependant)
        return read_dependant(req, reply, dependant, d);
    if (d->kind != MANDATE_PROXY)
        reply_invalid(reply, "/kind", "Người khác đại diện cho bạn theo uỷ quyền",
                      "Somebody else acts for you as a proxy");
    read_until(req, reply, d, 0);
    orgs_read_contact(req, reply, json_object_get(req->json, "agent"), "/agent", &d->contact,
                      &d->hint);
    return 0;
}

/* --- making ----------------------------------------------------------------------------------- */

static int is_own(const struct request *req, const struct mandate_draft *d, bool *ret)
{
    struct id *contacts = NULL;
    size_t n = 0;
    int done = orgs_contacts(req, &contacts, &n);
    *ret = false;
    for (size_t i = 0; i < n && done == 0; i++)
        *ret |= id_equal(&contacts[i], &d->contact);
    return done;
}

static int make_post(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    const char *key = request_header(req, "idempotency-key");
    struct mandate_draft d;
    struct mandate m;
    struct org_paper *papers = NULL;
    struct id id = mandate_id(&req->who.subject, key);
    int64_t retry_ms = 0;
    bool own = false;
    int done = read_draft(req, reply, &d);
    if (done == 0 && !reply_is_problem(reply))
        done = is_own(req, &d, &own);
    if (done == 0 && own)
        done = MANDATE_SELF;
    if (done != 0 || reply_is_problem(reply))
        return done == 0 ? 0 : mandates_reply_outcome(req, reply, done);
    done = limit_take(app->store, &make_day, req->who.subject.bytes, 16, req->now_ms, &retry_ms);
    if (done == LIMIT_REACHED)
        return auth_reply_later(req, reply, retry_ms);
    if (done == 0)
        done = orgs_take_papers(req, reply, json_object_get(req->json, "photos"), &id, &papers,
                                &d.n_papers);
    if (done != 0 || reply_is_problem(reply))
        return done;
    d.papers = papers;
    done = mandate_make(&app->people, &d, key, req->bytes, req->n_bytes, req->arena, &m);
    if (done != 0 && done != MANDATE_REPEATED)
        return mandates_reply_outcome(req, reply, done);
    const struct mandate_act act = {.verb = "give", .by = req->who.subject};
    done = d.name ? 0 : mandates_tell(req, &m, &act);
    if (done < 0)
        return done;
    reply_header(reply, "location",
                 arena_printf(req->arena, "/v1/me/mandates/%s", app_id_text(req, &m.id)));
    return mandates_reply(req, reply, &m, d.name ? "agent" : "subject", SEE_OWNER, 201);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Who it is offered to sees what they would accept, not who is told what. */
static unsigned see_of(const struct request *req, const struct mandate *m)
{
    bool side = id_equal(&m->subject, &req->who.subject) || id_equal(&m->agent, &req->who.subject);
    return side ? SEE_OWNER : SEE_SELF;
}

static bool is_offer(const struct request *req, const struct mandate *m)
{
    return see_of(req, m) == SEE_OWNER || mandate_state_now(m, req->now_ms) == MANDATE_OFFERED;
}

static int add_side(const struct request *req, const char *side, const struct id *who,
                    struct buf *out, bool *first)
{
    const struct people *people = &app_of(req)->people;
    struct mandate *list = NULL;
    size_t n = 0;
    int done = mandate_list(people->store, side, who, req->arena, &list, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        struct mandate_view view;
        bool contact = strcmp(side, "contact") == 0;
        if (contact && (!id_is_nil(&list[i].agent) || !is_offer(req, &list[i])))
            continue;
        done = mandate_show(people, &list[i], contact ? "agent" : side, true, req->now_ms,
                            req->arena, &view);
        if (!*first)
            buf_add_char(out, ',');
        *first = false;
        entity_json(&mandate_view_entity, &view, see_of(req, &list[i]), out);
    }
    return done;
}

static int mine_get(struct request *req, struct reply *reply)
{
    struct id *contacts = NULL;
    size_t n = 0;
    bool first = true;
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, LIST_BYTES);
    buf_add_str(&out, "{\"items\":[");
    int done = orgs_contacts(req, &contacts, &n);
    if (done == 0)
        done = add_side(req, "agent", &req->who.subject, &out, &first);
    if (done == 0)
        done = add_side(req, "subject", &req->who.subject, &out, &first);
    for (size_t i = 0; i < n && done == 0; i++)
        done = add_side(req, "contact", &contacts[i], &out, &first);
    buf_add_str(&out, "]}");
    if (done != 0)
        return mandates_reply_outcome(req, reply, done);
    return out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

/* One that concerns the caller: their side of it; 404 answered otherwise. */
static int find(const struct request *req, struct reply *reply, struct mandate *ret,
                struct id **ret_contacts, size_t *ret_n, const char **ret_side)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = mandate_get(app_of(req)->store, &id, req->arena, ret);
    if (done == 0)
        done = orgs_contacts(req, ret_contacts, ret_n);
    if (done != 0)
        return mandates_reply_outcome(req, reply, done);
    *ret_side = mandate_party(ret, &req->who.subject, *ret_contacts, *ret_n);
    if (!*ret_side || !is_offer(req, ret))
        reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

static int one_get(struct request *req, struct reply *reply)
{
    struct mandate m;
    struct id *contacts = NULL;
    size_t n = 0;
    const char *side = NULL;
    int done = find(req, reply, &m, &contacts, &n, &side);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return mandates_reply(req, reply, &m, side, see_of(req, &m), 200);
}

static int step_post(struct request *req, struct reply *reply)
{
    struct mandate m;
    struct mandate_act act = {.verb = request_param(req, "verb"),
                              .by = req->who.subject,
                              .note = app_text(req, "note"),
                              .now_ms = req->now_ms};
    struct id *contacts = NULL;
    const char *side = NULL;
    int done = find(req, reply, &m, &contacts, &act.n_contacts, &side);
    if (done != 0 || reply_is_problem(reply))
        return done;
    act.contacts = contacts;
    done = mandate_do(app_of(req)->store, &m.id, &act, req->arena, &m);
    if (done == 0)
        app_acting_changed(req, &m.subject);
    if (done == 0)
        done = mandates_tell(req, &m, &act);
    if (done != 0)
        return mandates_reply_outcome(req, reply, done);
    return mandates_reply(req, reply, &m, side, see_of(req, &m), 200);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem make_problems[] = {PROBLEM_INVALID,     PROBLEM_KEY_REUSED,
                                             PROBLEM_WRONG_STATE, PROBLEM_GONE,
                                             PROBLEM_CONFLICT,    PROBLEM_NONE};
static const enum problem read_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_GONE, PROBLEM_NONE};
static const enum problem step_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_WRONG_STATE, PROBLEM_GONE,
                                             PROBLEM_CONFLICT, PROBLEM_NONE};

const struct route mandate_routes[] = {
    {.method = POST,
     .path = "/v1/me/mandates",
     .operation = "mandateMake",
     .summary = "Record somebody for whom I act, or let somebody act for me",
     .tag = "mandates",
     .run = make_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "mandate_new",
     .reply_schema = "Mandate",
     .reply_status = 201,
     .problems = make_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_KEYED},
    {.method = GET,
     .path = "/v1/me/mandates",
     .operation = "mandateList",
     .summary = "For whom I act, who acts for me, and what is offered to my numbers",
     .tag = "mandates",
     .run = mine_get,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "MandateList",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/me/mandates/{id}",
     .operation = "mandateGet",
     .summary = "One of them, with its history",
     .tag = "mandates",
     .run = one_get,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .reply_schema = "Mandate",
     .problems = read_problems,
     .rate = RATE_READ},
    {.method = POST,
     .path = "/v1/me/mandates/{id}/steps/{verb}",
     .operation = "mandateStep",
     .summary = "accept or decline what is offered; end it, from either side, at once",
     .tag = "mandates",
     .run = step_post,
     .who = ROLE_CITIZEN,
     .level = LEVEL_TWO,
     .body = BODY_JSON,
     .body_schema = "mandate_step",
     .reply_schema = "Mandate",
     .problems = step_problems,
     .rate = RATE_WRITE},
    {0},
};
