/* What the handlers of organisations share: who may look, what is answered, who is told. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/person/card.h"
#include "handlers/filter.h"
#include "handlers/org/orgs.h"
#include "media/upload.h"

#define VIEW_MAX (256 * 1024) /* bytes of one as it is shown */

/* --- answers ---------------------------------------------------------------------------------- */

static int reply_state(const struct request *req, struct reply *reply, const char *vi,
                       const char *en)
{
    return reply_problem(reply, PROBLEM_WRONG_STATE, req->language == LANGUAGE_EN ? en : vi);
}

int orgs_reply_outcome(const struct request *req, struct reply *reply, int outcome)
{
    switch (outcome) {
    case ORG_TAKEN:
        return reply_problem(
            reply, PROBLEM_TAKEN,
            req->language == LANGUAGE_EN
                ? "Ask its representative to invite you, or show its papers at an office"
                : "Hãy đề nghị người đại diện mời bạn, hoặc mang giấy tờ đến cơ quan để xác nhận");
    case ORG_FORBIDDEN:
        return reply_problem(reply, PROBLEM_FORBIDDEN, NULL);
    case ORG_STATE:
        return reply_state(
            req, reply, "Lời mời đã được dùng, đã hết hạn, hoặc tổ chức chưa được xác nhận",
            "The invitation was used or is over, or the organisation is not confirmed");
    case ORG_LAST:
        return reply_state(req, reply,
                           "Phải còn ít nhất một người đại diện: hãy cử người khác trước",
                           "There must be a representative left: name another one first");
    case ORG_FULL:
        return reply_state(req, reply, "Tổ chức đã đủ 50 thành viên, kể cả người được mời",
                           "There are 50 members already, with those invited");
    case ORG_NO_MEMBER:
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    case PERSON_ERASED:
        return reply_problem(reply, PROBLEM_GONE, NULL);
    default:
        return outcome < 0 ? outcome : app_reply_store(reply, outcome);
    }
}

int orgs_reply(const struct request *req, struct reply *reply, const struct organisation *o,
               unsigned see, int status)
{
    struct org_view view;
    struct org_looker who = {.with_members = see == SEE_OWNER || see == SEE_AGENCY,
                             .now_ms = req->now_ms};
    struct id *contacts = NULL;
    int done = 0;
    if (req->who.role == ROLE_CITIZEN) {
        who.person = req->who.subject;
        done = orgs_contacts(req, &contacts, &who.n_contacts);
        who.contacts = contacts;
    }
    if (done == 0)
        done = org_show(&app_of(req)->people, o, &who, req->arena, &view);
    if (done != 0)
        return orgs_reply_outcome(req, reply, done);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, VIEW_MAX);
    entity_json(&org_view_entity, &view, see, &out);
    reply_etag(reply, o->revision);
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

/* --- who may look ----------------------------------------------------------------------------- */

bool desk_serves(const struct request *req, const char *commune)
{
    if (req->who.role == ROLE_DISPATCHER)
        return true;
    if (req->who.role != ROLE_OFFICER && req->who.role != ROLE_LEADER)
        return false;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = catalogue_agency(c, req->who.agency);
    return agency && agency->commune && commune && strcmp(agency->commune, commune) == 0;
}

/* NULL: all. False: the office has none, or not the one that is asked for. */
static bool commune_asked(const struct request *req, const char **ret)
{
    *ret = request_query(req, "commune");
    if (req->who.role == ROLE_DISPATCHER)
        return true;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = catalogue_agency(c, req->who.agency);
    if (!agency || !agency->commune || (*ret && strcmp(*ret, agency->commune) != 0))
        return false;
    *ret = arena_strdup(req->arena, agency->commune);
    return true;
}

int desk_list(struct request *req, struct reply *reply, const struct store_collection *of,
              const char *waiting, const char *order, app_show_fn show)
{
    struct filter f = {0};
    struct store_page page = {0};
    const char *state = request_query(req, "state"), *commune = NULL;
    if (!commune_asked(req, &commune))
        return app_reply_page(req, reply, &page, show);
    if (commune)
        filter_is(&f, "commune", store_text(commune));
    filter_is(&f, "state", store_text(state ? state : waiting));
    struct store_query q = {.conditions = f.conditions,
                            .n_conditions = f.n,
                            .order = order,
                            .limit = app_limit(req, 20, 50)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    int done = store_scan(app_of(req)->store, of, &q, req->arena, &page);
    return done != 0 ? done : app_reply_page(req, reply, &page, show);
}

int orgs_may_see(const struct request *req, const struct id *organisation, bool *ret)
{
    struct organisation o;
    *ret = false;
    int done = org_get(app_of(req)->store, organisation, req->arena, &o);
    if (done == 0)
        *ret = req->who.role == ROLE_CITIZEN ? org_member_of(&o, &req->who.subject) != NULL
                                             : desk_serves(req, o.commune);
    return done < 0 ? done : 0;
}

int orgs_contacts(const struct request *req, struct id **ret, size_t *ret_n)
{
    struct person person;
    *ret = arena_array(req->arena, PERSON_CONTACTS_MAX, sizeof(**ret));
    int done = person_get(&app_of(req)->people, &req->who.subject, req->arena, &person);
    return done == 0 ? person_contacts(&app_of(req)->people, &person, req->arena, *ret, ret_n)
                     : done;
}

/* --- what is sent ----------------------------------------------------------------------------- */

bool orgs_read_contact(const struct request *req, struct reply *reply, const json_t *from,
                       const char *prefix, struct id *ret, const char **ret_hint)
{
    const struct people *people = &app_of(req)->people;
    const char *phone = json_string_value(json_object_get(from, "phone"));
    const char *card = json_string_value(json_object_get(from, "card"));
    char parsed[PERSON_PHONE_TEXT];
    int year = clock_date_of_day(clock_day_number(req->now_ms)).year;
    if (phone && !phone_parse(phone, parsed))
        reply_invalid(reply, arena_printf(req->arena, "%s/phone", prefix),
                      "Số điện thoại không hợp lệ", "Not a phone number");
    else if (!phone && card_check(card, 0, year) != CARD_SOUND)
        reply_invalid(reply, arena_printf(req->arena, "%s/card", prefix), "Không phải số căn cước",
                      "Not a card number");
    if (reply_is_problem(reply))
        return false;
    const char *number = phone ? parsed : card;
    *ret = phone ? person_contact_of_phone(people, parsed) : person_contact_of_card(people, card);
    *ret_hint = arena_strdup(req->arena, number + strlen(number) - 3);
    return true;
}

int orgs_take_papers(const struct request *req, struct reply *reply, const json_t *list,
                     const struct id *thing, struct org_paper **ret, size_t *ret_n)
{
    *ret_n = json_array_size(list);
    *ret = arena_array(req->arena, *ret_n, sizeof(**ret));
    for (size_t i = 0; i < *ret_n; i++) {
        struct upload u;
        id_parse(json_string_value(json_array_get(list, i)), &(*ret)[i].id);
        int done = upload_attach(app_of(req)->store, &(*ret)[i].id, &req->who.subject,
                                 UPLOAD_PHOTO | UPLOAD_PAPER, thing, req->arena, &u);
        if (done < 0)
            return done;
        if (done > 0)
            reply_invalid(reply, arena_printf(req->arena, "/photos/%zu", i),
                          "Tệp này chưa tải lên xong, bị từ chối, hoặc không phải của bạn",
                          "This file is not complete, was refused, or is not yours");
    }
    return 0;
}

/* --- who is told ------------------------------------------------------------------------------ */

struct telling {
    const struct request *req;
    const struct organisation *o;
    const struct org_act *act;
    const char *name;      /* of the organisation */
    const char *office[2]; /* of who acted */
    const char *role[2];   /* of the member from now on */
    struct id notice;      /* what makes it happen once */
};

/* The step that this verb left, now or when it was carried out before. */
static const struct org_step *find_step(const struct organisation *o, const struct org_act *act)
{
    const struct org_step *steps = o->steps.items;
    for (size_t i = o->steps.n; i-- > 0;) {
        if (strcmp(steps[i].verb, act->verb) == 0 && id_equal(&steps[i].member, &act->member))
            return &steps[i];
    }
    return NULL;
}

static int tell(const struct telling *t, const struct id *person, const char *vi, const char *en)
{
    const struct push_account_notice notice = {
        .id = t->notice,
        .recipient = *person,
        .what = arena_printf(t->req->arena, "organisation_%s", t->act->verb),
        .agency = t->act->office,
        .text_vi = vi,
        .text_en = en,
    };
    return id_is_nil(person) ? 0 : push_account(app_of(t->req)->push, &notice, t->req->now_ms);
}

/* What a verb of an office says to all who represent the organisation, and to whom it concerned. */
static int tell_of_office(const struct telling *t)
{
    static const struct {
        const char *verb, *vi, *en;
    } words[] = {
        {"confirm", "đã xác nhận", "confirmed"},
        {"refuse", "chưa xác nhận được", "could not confirm"},
        {"end", "đã chấm dứt trên hệ thống", "ended in this system"},
        {"replace", "đã thay người đại diện của", "replaced the representative of"},
    };
    const struct org_member *members = t->o->members.items;
    struct arena *a = t->req->arena;
    const char *vi = "", *en = "";
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcmp(words[i].verb, t->act->verb) == 0) {
            vi = words[i].vi;
            en = words[i].en;
        }
    }
    vi = arena_printf(a, "%s %s tổ chức %s. Ghi chú: %s", t->office[0], vi, t->name, t->act->note);
    en = arena_printf(a, "%s %s the organisation %s. Note: %s", t->office[1], en, t->name,
                      t->act->note);
    int done = 0;
    for (size_t i = 0; i < t->o->members.n && done == 0; i++) {
        bool former = members[i].state == MEMBER_REMOVED && strcmp(t->act->verb, "replace") == 0 &&
                      members[i].until_ms == t->o->decided_ms;
        if (members[i].state == MEMBER_ACTIVE || former)
            done = tell(t, &members[i].person, vi, en);
    }
    return done;
}

/* Who is invited, if they have an account: whoever invites does not learn which. */
static int tell_invited(const struct telling *t)
{
    struct person person;
    struct arena *a = t->req->arena;
    int done = person_of_contact(&app_of(t->req)->people, &t->act->contact, a, &person);
    if (done != 0)
        return done < 0 ? done : 0;
    return tell(
        t, &person.id,
        arena_printf(a, "Tổ chức %s mời bạn tham gia với vai trò: %s.", t->name, t->role[0]),
        arena_printf(a, "The organisation %s invites you. Role: %s.", t->name, t->role[1]));
}

static int tell_of_member(const struct telling *t, const struct org_member *m)
{
    struct arena *a = t->req->arena;
    if (strcmp(t->act->verb, "remove") == 0)
        return tell(t, &m->person, arena_printf(a, "Bạn không còn là thành viên của %s.", t->name),
                    arena_printf(a, "You are no longer a member of %s.", t->name));
    if (strcmp(t->act->verb, "role") == 0)
        return tell(t, &m->person,
                    arena_printf(a, "Vai trò của bạn trong %s nay là: %s.", t->name, t->role[0]),
                    arena_printf(a, "Your role in %s is now: %s.", t->name, t->role[1]));
    if (strcmp(t->act->verb, "accept") == 0)
        return tell(t, &m->by, arena_printf(a, "Một người bạn mời đã tham gia %s.", t->name),
                    arena_printf(a, "Somebody you invited has joined %s.", t->name));
    return 0;
}

int orgs_tell(const struct request *req, const struct organisation *o, const struct org_act *act)
{
    struct org_texts texts;
    struct telling t = {.req = req, .o = o, .act = act};
    const struct org_step *step = find_step(o, act);
    const struct org_member *members = o->members.items, *m = NULL;
    int done = step ? org_open(&app_of(req)->people, o, req->arena, &texts) : STORE_ABSENT;
    if (done != 0)
        return done < 0 ? done : 0;
    const struct id_part parts[] = {
        {o->id.bytes, 16}, {act->verb, strlen(act->verb)}, {&step->at_ms, sizeof(step->at_ms)}};
    t.notice = id_v8("organisation.notice", parts, ARRAY_LEN(parts));
    t.name = texts.name;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = act->office ? catalogue_agency(c, act->office) : NULL;
    t.office[0] = agency ? agency->name : act->office;
    t.office[1] = agency && agency->name_en ? agency->name_en : t.office[0];
    for (size_t i = 0; i < o->members.n; i++)
        m = id_equal(&members[i].id, &act->member) ? &members[i] : m;
    t.role[0] = m ? org_roles[m->role].label[0] : "";
    t.role[1] = m ? org_roles[m->role].label[1] : "";
    if (act->office)
        return tell_of_office(&t);
    if (strcmp(act->verb, "invite") == 0)
        return tell_invited(&t);
    return m ? tell_of_member(&t, m) : 0;
}
