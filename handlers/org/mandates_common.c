/* What the handlers of mandates share: what is answered, who is told. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/org/mandates.h"

int mandates_reply_outcome(const struct request *req, struct reply *reply, int outcome)
{
    bool en = req->language == LANGUAGE_EN;
    switch (outcome) {
    case MANDATE_REUSED:
        return reply_problem(reply, PROBLEM_KEY_REUSED, NULL);
    case MANDATE_FULL:
        return reply_problem(reply, PROBLEM_WRONG_STATE,
                             en ? "There are 50 that are not over"
                                : "Đã có 50 uỷ quyền còn hiệu lực hoặc đang chờ");
    case MANDATE_STATE:
        return reply_problem(reply, PROBLEM_WRONG_STATE, NULL);
    case MANDATE_SELF:
        return reply_problem(reply, PROBLEM_WRONG_STATE,
                             en ? "Nobody acts for themselves" : "Không thể tự uỷ quyền cho mình");
    case PERSON_OTHER:
        return reply_invalid(reply, "/card", "Người này đã có số định danh khác",
                             "This person has another number");
    case PERSON_ERASED:
        return reply_problem(reply, PROBLEM_GONE, NULL);
    default:
        return outcome < 0 ? outcome : app_reply_store(reply, outcome);
    }
}

int mandates_reply(const struct request *req, struct reply *reply, const struct mandate *m,
                   const char *side, unsigned see, int status)
{
    struct mandate_view view;
    int done = mandate_show(&app_of(req)->people, m, side, see != SEE_INSPECTOR, req->now_ms,
                            req->arena, &view);
    if (done != 0)
        return done;
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 128 * 1024);
    entity_json(&mandate_view_entity, &view, see, &out);
    reply_etag(reply, m->revision);
    return out.failed ? E_FULL : reply_json_text(reply, status, out.data, out.len);
}

int mandates_may_see(const struct request *req, const struct id *mandate, bool *ret)
{
    struct mandate m;
    *ret = false;
    int done = mandate_get(app_of(req)->store, mandate, req->arena, &m);
    if (done == 0)
        *ret = req->who.role == ROLE_CITIZEN ? mandate_party(&m, &req->who.subject, NULL, 0) != NULL
                                             : desk_serves(req, m.commune);
    return done < 0 ? done : 0;
}

/* --- who is told ------------------------------------------------------------------------------ */

struct words {
    const char *verb, *vi, *en; /* of whom a name stands before */
};

static const struct words words[] = {
    {"give", "muốn uỷ quyền cho bạn", "wants you to act for them"},
    {"accept", "đã nhận uỷ quyền của bạn", "now acts for you"},
    {"decline", "đã từ chối uỷ quyền của bạn", "declined to act for you"},
    {"verify", "đã xác nhận việc đại diện", "confirmed that somebody is represented"},
    {"refuse", "chưa xác nhận được việc đại diện",
     "could not confirm that somebody is represented"},
    {"end", "đã chấm dứt việc đại diện", "ended an authority to act"},
    {"hand_on", "đã giao cho bạn đại diện cho một người không còn ai đại diện",
     "gave you the authority to act for somebody for whom nobody acted any more"},
};

static int send(struct push *push, const struct mandate *m, const struct id *person,
                const char *verb, int64_t at_ms, const char *agency, const char *vi, const char *en,
                int64_t now_ms, struct arena *a)
{
    const struct id_part parts[] = {
        {m->id.bytes, 16}, {verb, strlen(verb)}, {&at_ms, sizeof(at_ms)}};
    const struct push_account_notice notice = {
        .id = id_v8("mandate.notice", parts, ARRAY_LEN(parts)),
        .recipient = *person,
        .what = arena_printf(a, "mandate_%s", verb),
        .agency = agency,
        .text_vi = vi,
        .text_en = en,
    };
    return id_is_nil(person) ? 0 : push_account(push, &notice, now_ms);
}

/* The latest step of the verb, now or when it was carried out before. */
static const struct mandate_step *find_step(const struct mandate *m, const char *verb)
{
    const struct mandate_step *steps = m->steps.items;
    for (size_t i = m->steps.n; i-- > 0;) {
        if (strcmp(steps[i].verb, verb) == 0)
            return &steps[i];
    }
    return NULL;
}

/* Who did it, as the others know them: the office by its name, a person by theirs. */
static int name_actor(const struct request *req, const struct mandate *m,
                      const struct mandate_act *act, const char *ret[2])
{
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = act->office ? catalogue_agency(c, act->office) : NULL;
    if (act->office) {
        ret[0] = arena_strdup(req->arena, agency ? agency->name : act->office);
        ret[1] = arena_strdup(req->arena, agency && agency->name_en ? agency->name_en : ret[0]);
        return 0;
    }
    struct mandate_view view;
    int done = mandate_show(&app_of(req)->people, m, NULL, true, req->now_ms, req->arena, &view);
    bool subject = id_equal(&act->by, &m->subject);
    const char *name = done == 0 ? (subject ? view.subject_name : view.agent_name) : NULL;
    ret[0] = name ? name : "Một người";
    ret[1] = name ? name : "Somebody";
    return done;
}

int mandates_tell(const struct request *req, const struct mandate *m, const struct mandate_act *act)
{
    const struct mandate_step *step = find_step(m, act->verb);
    const char *by[2] = {NULL, NULL}, *note = act->note;
    struct arena *a = req->arena;
    const struct words *w = NULL;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        w = strcmp(words[i].verb, act->verb) == 0 ? &words[i] : w;
    int done = step && w ? name_actor(req, m, act, by) : STORE_ABSENT;
    if (done != 0)
        return done < 0 ? done : 0;
    const char *vi =
        arena_printf(a, "%s %s.%s%s", by[0], w->vi, note ? " Ghi chú: " : "", note ? note : "");
    const char *en =
        arena_printf(a, "%s %s.%s%s", by[1], w->en, note ? " Note: " : "", note ? note : "");
    struct id agent = m->agent;
    struct person invited;
    if (id_is_nil(&agent) && m->state == MANDATE_OFFERED) {
        done = person_of_contact(&app_of(req)->people, &m->contact, a, &invited);
        if (done < 0)
            return done;
        if (done == 0)
            agent = invited.id;
        done = 0;
    }
    const struct id *sides[] = {&m->subject, &agent};
    for (size_t i = 0; i < ARRAY_LEN(sides) && done == 0; i++) {
        if (!id_equal(sides[i], &act->by))
            done = send(app_of(req)->push, m, sides[i], act->verb, step->at_ms, act->office, vi, en,
                        req->now_ms, a);
    }
    return done;
}

int mandates_tell_over(const struct mandate *m, void *ctx)
{
    struct app *app = ctx;
    const struct id *sides[] = {&m->subject, &m->agent};
    struct arena a;
    int done = 0;
    arena_init(&a);
    for (size_t i = 0; i < ARRAY_LEN(sides) && done == 0; i++)
        done = send(app->push, m, sides[i], "over", m->until_ms, NULL,
                    "Một uỷ quyền hoặc quyền đại diện của bạn đã hết thời hạn.",
                    "An authority to act, given to you or by you, is over.", clock_now_ms(), &a);
    arena_release(&a);
    return done;
}
