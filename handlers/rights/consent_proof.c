/* The proof of a consent: for an inspector, of one report; for the operator, of a whole chain. */
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "handlers/identity/auth.h"
#include "handlers/identity/looks.h"
#include "handlers/rights/consents.h"

/* --- proof --------------------------------------------------------------------------------------
 */

static json_t *proof_json(const struct consent_proof *p)
{
    char hex[BYTES_HEX_TEXT(32)];
    bool holds = p->broken == 0;
    json_t *json = json_pack("{s:b, s:I}", "holds", holds, "records", (json_int_t)p->records);
    if (p->records > 0)
        json_object_set_new(json, "last_digest", json_string(bytes_to_hex(p->last, 32, hex)));
    if (!holds) {
        json_object_set_new(json, "broken", json_integer(p->broken));
        json_object_set_new(json, "why", json_string(p->why));
    }
    return json;
}

/* In the log of looks, and in the inbox of whose it is: nobody looks unseen. */
static int tell_looked(const struct request *req, const struct report *r, const char *note)
{
    int done = app_look(req, &(struct app_look){.person = r->head.owner,
                                                .what = LOOK_CONSENT,
                                                .number = r->head.number,
                                                .reason = note});
    if (done != 0)
        return done;
    return auth_tell(
        req, &r->head.owner, "consent_proof",
        arena_printf(req->arena,
                     "Thanh tra đã xem chứng cứ sự đồng ý của bạn ở phản ánh %s. Lý do: %s",
                     r->head.number, note),
        arena_printf(req->arena,
                     "An inspector looked at the proof of your consent for report %s. Reason: %s",
                     r->head.number, note));
}

static int add_subject(const struct request *req, const struct report *r, json_t *items)
{
    struct store_value report = store_id(r->head.id), what = store_text(CONSENT_CONTACT);
    struct store_condition of[] = {
        {.field = "subject", .op = STORE_EQ, .values = &report, .n_values = 1},
        {.field = "purpose", .op = STORE_EQ, .values = &what, .n_values = 1}};
    struct store_query q = {
        .conditions = of, .n_conditions = 2, .order = "at", .limit = STORE_LIMIT_MAX};
    struct store_page page = {0};
    int done = store_scan(app_of(req)->store, &consent_collection, &q, req->arena, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        CLEANUP(buf_release) struct buf out;
        struct consent c;
        buf_init(&out, 64 * 1024);
        done = consent_decode(page.docs[i], req->arena, &c);
        if (done == 0)
            done = consent_add_record(req, &c, SEE_INSPECTOR, &out);
        if (done == 0)
            json_array_append_new(items, json_loadb(out.data, out.len, 0, NULL));
    }
    return done;
}

/* Whose chain it is: of who said it first, whoever they turned out to be. */
static int chain_of(const struct request *req, const struct report *r, struct id *ret)
{
    struct consent last;
    int done = consent_of_filing(req, r, &last);
    if (done == STORE_ABSENT)
        done = consent_last(app_of(req)->store, &r->head.owner, CONSENT_CONTACT, &r->head.id,
                            req->arena, &last);
    *ret = done == 0 ? last.chain : r->head.owner;
    return done < 0 ? done : 0;
}

/* The proof of one report's consent: its records, and whether the chain they stand in holds. */
int consent_proof(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct id id, chain = {0};
    struct report r = {0};
    struct consent_proof proof = {0};
    id_parse(json_string_value(json_object_get(req->json, "report")), &id);
    int done = store_get(app->store, &report_collection, &id, &doc);
    if (done == 0)
        done = report_decode(doc, req->arena, &r);
    if (done > 0)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done == 0 && !id_is_nil(&r.head.owner))
        done = tell_looked(req, &r, json_string_value(json_object_get(req->json, "note")));
    if (done == 0)
        done = chain_of(req, &r, &chain);
    if (done == 0)
        done = consent_verify(app->store, app->keys, &chain, &proof);
    if (done != 0 && done != CONSENT_BROKEN)
        return done;
    json_t *items = json_array(), *json = proof_json(&proof);
    done = add_subject(req, &r, items);
    json_object_set_new(json, "items", items);
    reply_header(reply, "cache-control", "no-store");
    if (done == 0)
        return reply_json(reply, 200, json);
    json_decref(json);
    return done;
}

/* For tramctl: does a person's chain hold? */
int consent_verify_person(struct request *req, struct reply *reply)
{
    const struct app *app = app_of(req);
    struct id person;
    struct consent_proof proof = {0};
    if (!request_param_id(req, "person", &person))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = consent_verify(app->store, app->keys, &person, &proof);
    if (done != 0 && done != CONSENT_BROKEN)
        return done;
    return reply_json(reply, 200, proof_json(&proof));
}
