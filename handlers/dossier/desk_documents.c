/* The document store at the desk: what stands on a paper is written down, one is revoked, and what
 * was asked for though it is there is listed. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "handlers/cases.h"
#include "handlers/dossier/documents.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/looks.h"

/* --- one paper -------------------------------------------------------------------------------- */

/* Of the caller's office; another is as if there were none. */
static int desk_document(const struct request *req, struct reply *reply, struct document *ret)
{
    struct id id;
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = document_get(app_of(req)->store, &id, req->arena, ret);
    if (done < 0)
        return done;
    if (done > 0 || !ret->office || strcmp(ret->office, req->who.agency) != 0)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    return 0;
}

static int reply_document(const struct request *req, struct reply *reply, const struct document *d)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 64 * 1024);
    buf_add_str(&out, "{");
    int done = document_add_members(req, d, SEE_AGENCY, true, &out);
    buf_add_str(&out, "}");
    reply_header(reply, "cache-control", "no-store");
    reply_etag(reply, d->revision);
    return done != 0 ? done : out.failed ? E_FULL : reply_json_text(reply, 200, out.data, out.len);
}

static int reply_done(const struct request *req, struct reply *reply, int done,
                      const struct document *d)
{
    if (done == DOCUMENT_ENDED)
        return reply_problem(reply, PROBLEM_WRONG_STATE, NULL);
    if (done == PERSON_ERASED)
        return reply_problem(reply, PROBLEM_GONE, NULL);
    if (done != 0)
        return done < 0 ? done : app_reply_store(reply, done);
    return reply_document(req, reply, d);
}

/* Who writes down what stands on a paper has it before them: it is a look. */
static int look(const struct request *req, const struct document *d)
{
    return app_look(
        req, &(struct app_look){.person = d->owner, .what = LOOK_DOCUMENT, .number = d->number});
}

/* --- writing down ----------------------------------------------------------------------------- */

static int64_t read_day(const struct request *req, const char *member)
{
    const char *text = json_string_value(json_object_get(req->json, member));
    int64_t day = 0;
    return text && clock_day_parse(text, &day) ? clock_day_start_ms(day) : 0;
}

static void check_days(const struct request *req, struct reply *reply,
                       const struct document_act *act)
{
    if (act->issued_ms > req->now_ms)
        reply_invalid(reply, "/issued_on", "Ngày cấp chưa tới", "It is issued in the future");
    if (act->until_ms && act->until_ms < act->issued_ms)
        reply_invalid(reply, "/valid_until", "Hết hạn trước ngày cấp",
                      "It ends before it was issued");
}

static int describe_put(struct request *req, struct reply *reply)
{
    const char *against = json_string_value(json_object_get(req->json, "against"));
    struct document_act act = {
        .office = req->who.agency,
        .officer = req->who.subject,
        .now_ms = req->now_ms,
        .details = {app_text(req, "number"), app_text(req, "issuer"), app_text(req, "holder")},
        .issued_ms = read_day(req, "issued_on"),
        .against = against ? entity_enum_value(document_checks, against) : 0,
    };
    int64_t until = read_day(req, "valid_until"), revision = STORE_ANY_REVISION;
    struct document d = {0};
    act.until_ms = until ? until + CLOCK_DAY_MS - 1 : 0;
    if (request_if_match(req, &revision) != 0)
        return reply_problem(reply, PROBLEM_BAD_REQUEST, "If-Match");
    check_days(req, reply, &act);
    if (reply_is_problem(reply))
        return 0;
    int done = desk_document(req, reply, &d);
    if (done == 0 && !reply_is_problem(reply))
        done = look(req, &d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = document_describe(&app_of(req)->people, &d.id, &act, revision, req->arena, &d);
    return reply_done(req, reply, done, &d);
}

/* --- revoking --------------------------------------------------------------------------------- */

static int tell_owner(const struct request *req, const struct document *d)
{
    const struct id_part parts[] = {{d->id.bytes, 16}, {&d->revision, sizeof(d->revision)}};
    const struct document_type *t = document_type_by_code(d->type);
    const struct push_account_notice notice = {
        .id = id_v8("document.revoked", parts, ARRAY_LEN(parts)),
        .recipient = d->owner,
        .what = "document_revoked",
        .agency = req->who.agency,
        .text_vi =
            arena_printf(req->arena, "“%s” trong kho giấy tờ của bạn đã bị thu hồi. Lý do: %s",
                         t ? t->name : d->type, d->note),
        .text_en = arena_printf(req->arena, "\"%s\" of your document store was revoked. Reason: %s",
                                t ? t->name_en : d->type, d->note),
    };
    return app_tell_owner(app_of(req), &notice, SCOPE_DOSSIERS, d->procedure, req->now_ms,
                          req->arena);
}

/* A result is revoked where it was issued, so that the dossier and what is printed say the same. */
static int reply_at_dossier(const struct request *req, struct reply *reply,
                            const struct document *d)
{
    reply_problem(reply, PROBLEM_WRONG_STATE,
                  req->language == LANGUAGE_EN
                      ? "A result is revoked by the step revoke of its dossier"
                      : "Kết quả được thu hồi bằng bước “Thu hồi kết quả” của hồ sơ");
    reply_extra(reply, "at",
                json_string(arena_printf(req->arena, "/v1/dossiers/%s/steps/revoke",
                                         app_id_text(req, &d->dossier))));
    return 0;
}

static int revoke_post(struct request *req, struct reply *reply)
{
    const struct document_act act = {.office = req->who.agency,
                                     .officer = req->who.subject,
                                     .now_ms = req->now_ms,
                                     .note = app_text(req, "note")};
    struct document d = {0};
    if (!act.note)
        return reply_invalid(reply, "/note", "Cần nêu lý do", "Say why");
    int done = desk_document(req, reply, &d);
    if (done != 0 || reply_is_problem(reply))
        return done;
    if (d.origin == DOCUMENT_ISSUED)
        return reply_at_dossier(req, reply, &d);
    done = look(req, &d);
    if (done == 0 && d.state != DOCUMENT_REVOKED) /* once more: told once more, and no more */
        done = document_revoke(app_of(req)->store, &d.id, &act, STORE_ANY_REVISION, req->arena, &d);
    if (done == 0)
        done = tell_owner(req, &d);
    return reply_done(req, reply, done, &d);
}

/* --- asked for again -------------------------------------------------------------------------- */

static int asked_get(struct request *req, struct reply *reply)
{
    struct filter f = {0};
    const struct store_range any = {.has_low = true, .low = store_int(1)};
    const char *agency = cases_agency_asked(req);
    filter_between(&f, "again", &any, 1);
    if (agency)
        filter_is(&f, "agency", store_text(agency));
    return cases_reply_rows(req, reply, &dossier_collection, &f, "again", true, dossier_show_staff);
}

/* --- the table -------------------------------------------------------------------------------- */

static const enum problem describe_problems[] = {PROBLEM_NOT_FOUND,   PROBLEM_INVALID,
                                                 PROBLEM_WRONG_STATE, PROBLEM_REVISED,
                                                 PROBLEM_GONE,        PROBLEM_NONE};
static const enum problem revoke_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_INVALID,
                                               PROBLEM_WRONG_STATE, PROBLEM_NONE};
static const struct route_param asked_params[] = {
    {"agency", "{\"type\":\"string\",\"maxLength\":35}", "Code; leaders: theirs"}, {0}};

const struct route desk_document_routes[] = {
    {.method = PUT,
     .path = "/v1/desk/documents/{id}",
     .operation = "deskDocumentDescribe",
     .summary = "Write down what stands on a paper that this office verified: number, issuer, days",
     .tag = "desk",
     .run = describe_put,
     .who = ROLE_OFFICER | ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "document_describe",
     .reply_schema = "DeskDocument",
     .problems = describe_problems,
     .rate = RATE_WRITE,
     .flags = ROUTE_IF_MATCH},
    {.method = POST,
     .path = "/v1/desk/documents/{id}/revoke",
     .operation = "deskDocumentRevoke",
     .summary =
         "Revoke a paper that this office verified: it is offered no more, whose it is is told",
     .tag = "desk",
     .run = revoke_post,
     .who = ROLE_OFFICER | ROLE_LEADER,
     .body = BODY_JSON,
     .body_schema = "document_revoke",
     .reply_schema = "DeskDocument",
     .problems = revoke_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/desk/dossiers/asked-again",
     .operation = "deskDossierAskedAgain",
     .summary = "Dossiers in which a paper was asked for though the document store has it, and why",
     .tag = "desk",
     .run = asked_get,
     .who = ROLE_LEADER | ROLE_INSPECTOR,
     .reply_schema = "StaffDossierPage",
     .params = asked_params,
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {0},
};
