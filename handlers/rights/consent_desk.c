/* Consents on paper: what a person signed at a desk, or took back there, goes into their ledger.
 * Who recorded it and where stands in it, and is told to the person. */
#include <string.h>

#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/looks.h"
#include "handlers/rights/consents.h"

/* Who it is of, and of which report. */
struct signer {
    struct id person, owner, report; /* owner: whose the report is; nil, both, without one */
    const char *number;
    bool by_card;
};

/* By their card, which they show. */
static int find_by_card(struct request *req, struct reply *reply, struct signer *ret)
{
    struct person person;
    int done = desk_person_of_card(req, reply, &person);
    if (done == 0 && !reply_is_problem(reply))
        ret->person = person.id;
    ret->by_card = true;
    return done;
}

/* Who filed the report, which the caller's agency has. */
static int find_by_report(struct request *req, struct reply *reply, struct signer *ret)
{
    const struct app *app = app_of(req);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct report r = {0};
    struct case_actor actor;
    struct person person = {0};
    id_parse(json_string_value(json_object_get(req->json, "report")), &ret->report);
    int done = store_get(app->store, &report_collection, &ret->report, &doc);
    if (done == 0)
        done = report_decode(doc, req->arena, &r);
    if (done == 0)
        done = app_actor_before(req, &r, &actor);
    if (done < 0)
        return done;
    if (done > 0 || !(case_see(&r.head, &actor) & SEE_AGENCY) || id_is_nil(&r.head.owner))
        return reply_invalid(reply, "/report", "Cơ quan của bạn không giữ phản ánh này",
                             "Your agency does not have this report");
    done = person_get(&app->people, &r.head.actor, req->arena, &person);
    if (done == STORE_ABSENT)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done == 0 && !id_is_nil(&ret->person) && !id_equal(&ret->person, &person.id))
        return reply_invalid(reply, "/card", "Không phải người gửi phản ánh này",
                             "This is not who filed the report");
    ret->person = person.id;
    ret->owner = r.head.owner;
    ret->number = arena_strdup(req->arena, r.head.number);
    return done;
}

static int find_signer(struct request *req, struct reply *reply, const struct consent_purpose *p,
                       struct signer *ret)
{
    bool card = json_object_get(req->json, "card"), report = json_object_get(req->json, "report");
    int done = 0;
    if (consent_is_of(p, "dossier"))
        return reply_invalid(reply, "/purpose", "Điều này được đồng ý khi nộp hồ sơ",
                             "This is consented to where the dossier is filed");
    if (consent_is_of(p, "report") != report)
        return reply_invalid(reply, "/report",
                             report ? "Mục đích này không gắn với phản ánh nào"
                                    : "Cần nêu phản ánh",
                             report ? "This purpose is of no report" : "Name the report");
    if (!report && !card)
        return reply_invalid(reply, "/card", "Cần số căn cước của người ký",
                             "The card of who signed is needed");
    if (card)
        done = find_by_card(req, reply, ret);
    if (report && done == 0 && !reply_is_problem(reply))
        done = find_by_report(req, reply, ret);
    return done;
}

static int tell(const struct request *req, const struct signer *who, const struct consent *c,
                const struct consent_purpose *p)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *all = catalogue_ref(app_of(req)->catalogue);
    const struct agency *agency = catalogue_agency(all, req->who.agency);
    const char *vi = agency ? agency->name : req->who.agency;
    const char *en = agency && agency->name_en ? agency->name_en : vi;
    const char *note = app_text(req, "note"), *number = who->number ? who->number : "";
    const char *space = who->number ? " " : "";
    return auth_tell(
        req, &who->person, "consent_at_desk",
        arena_printf(
            req->arena,
            "%s ghi nhận bạn đã ký trên giấy tại quầy: %s “%s”%s%s. Ghi chú: %s. Nếu không "
            "phải bạn, hãy báo ngay cho cơ quan này.",
            vi, c->given ? "đồng ý" : "rút lại đồng ý", p->title[0], space, number, note),
        arena_printf(req->arena,
                     "%s noted that you signed on paper at its desk: you %s “%s”%s%s. Note: %s. If "
                     "it was not you, tell that agency at once.",
                     en, c->given ? "consent to" : "no longer consent to", p->title[1], space,
                     number, note));
}

/* Told first: nothing is said for somebody in silence. */
static int record(const struct request *req, const struct signer *who, struct consent *c,
                  const struct consent_purpose *p, struct consent *ret)
{
    const struct app *app = app_of(req);
    int done = app_look(req, &(struct app_look){.person = who->person,
                                                .what = who->by_card ? LOOK_CARD : LOOK_CONSENT,
                                                .number = who->number,
                                                .reason = app_text(req, "note")});
    if (done == 0)
        done = tell(req, who, c, p);
    if (done == 0)
        done = consent_say(app->store, app->keys, c, false, req->now_ms, req->arena, ret);
    if (done < 0 || done == CONSENT_NEVER || !who->number)
        return done;
    int set = report_set_consent(app->store, &who->report, &who->owner, c->given);
    return set < 0 ? set : done;
}

static int desk_post(struct request *req, struct reply *reply)
{
    const json_t *body = req->json;
    struct signer who = {0};
    struct consent stored;
    struct consent c = {.given = json_is_true(json_object_get(body, "given")),
                        .purpose = json_string_value(json_object_get(body, "purpose")),
                        .version = json_integer_value(json_object_get(body, "version")),
                        .language = json_string_value(json_object_get(body, "language")),
                        .how = "desk",
                        .route = req->route->operation,
                        .officer = req->who.subject,
                        .office = req->who.agency};
    const struct consent_purpose *p = consent_purpose_of(c.purpose);
    if (!app_text(req, "note"))
        return reply_invalid(reply, "/note", "Ghi chú không được trống", "The note is empty");
    int done = consent_check_wording(reply, &c);
    if (done == 0 && !reply_is_problem(reply))
        done = find_signer(req, reply, p, &who);
    if (done != 0 || reply_is_problem(reply))
        return done;
    c.owner = who.person;
    c.subject = who.report;
    done = record(req, &who, &c, p, &stored);
    if (done == CONSENT_NEVER)
        return reply_invalid(reply, "/given", "Người này chưa từng đồng ý điều đó",
                             "They never consented to that");
    if (done != 0 && done != CONSENT_STANDS)
        return done < 0 ? done : app_reply_store(reply, done);
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 64 * 1024);
    done = consent_add_record(req, &stored, SEE_INSPECTOR, &out);
    reply_header(reply, "cache-control", "no-store");
    return done != 0 ? done : out.failed ? E_FULL : reply_json_text(reply, 201, out.data, out.len);
}

static const enum problem desk_problems[] = {PROBLEM_INVALID, PROBLEM_NOT_FOUND, PROBLEM_GONE,
                                             PROBLEM_NONE};

const struct route consent_desk_routes[] = {
    {.method = POST,
     .path = "/v1/desk/consents",
     .operation = "deskConsent",
     .summary =
         "Record what a person signed on paper: a consent, or that it is taken back; told to "
         "them",
     .tag = "desk",
     .run = desk_post,
     .who = ROLE_OFFICER | ROLE_LEADER | ROLE_DISPATCHER,
     .body = BODY_JSON,
     .body_schema = "desk_consent",
     .reply_schema = "ConsentRecordProven",
     .reply_status = 201,
     .problems = desk_problems,
     .rate = RATE_WRITE},
    {0},
};
