/* Consents: what one may consent to, what one did, saying yes, taking it back, and the proof. */
#include "handlers/rights/consents.h"

#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"
#include "handlers/identity/auth.h"

/* --- showing ------------------------------------------------------------------------------------
 */

const struct route_component consent_members[] = {
    {"id", "{\"type\":\"string\",\"format\":\"uuid\"}"},
    {"title", "{\"type\":\"string\"}"},
    {"text", "{\"type\":\"string\",\"description\":\"The words that were shown\"}"},
    {"words_sha256", "{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}"},
    {"digest", "{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\",\"description\":\"Of the "
               "record, chained to the one before\"}"},
    {"stands", "{\"type\":\"boolean\",\"description\":\"It is what was said last, and allows\"}"},
    {0},
};

#define TEXT "{\"type\":\"string\"}"
#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required                  \
    "],\"properties\":{" properties "}}"
#define PROOF                                                                                      \
    "\"holds\":{\"type\":\"boolean\"},\"records\":{\"type\":\"integer\"},\"last_digest\":" TEXT    \
    ",\"broken\":{\"type\":\"integer\"},\"why\":" TEXT

const struct route_component consent_components[] = {
    {"ConsentPurposes",
     OBJECT(
         "\"items\"",
         "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
             "\"purpose\",\"title\",\"text\",\"data\",\"version\",\"language\","
             "\"words_sha256\",\"of_report\",\"of_dossier\"",
             "\"purpose\":" TEXT ",\"title\":" TEXT ",\"text\":" TEXT
             ",\"data\":{\"type\":\"string\"},\"version\":{\"type\":\"integer\"},\"language\":"
             "{\"enum\":[\"vi\",\"en\"]},\"words_sha256\":" TEXT
             ",\"of_report\":{\"type\":\"boolean\"},\"of_dossier\":{\"type\":\"boolean\"}") "}")},
    {"ConsentProof", OBJECT("\"holds\",\"records\"", PROOF)},
    {"ConsentProofOfReport",
     OBJECT("\"holds\",\"records\",\"items\"",
            PROOF ",\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
                  "ConsentRecordProven\"}}")},
    {0},
};

static void add_hex(struct buf *out, const char *name, const struct entity_bytes *bytes)
{
    char text[BYTES_HEX_TEXT(32)];
    buf_printf(out, ",\"%s\":\"%s\"", name,
               bytes->n == 32 ? bytes_to_hex(bytes->data, 32, text) : "");
}

int consent_add_record(const struct request *req, const struct consent *c, unsigned see,
                       struct buf *out)
{
    const struct consent_purpose *p = consent_purpose_of(c->purpose);
    const struct consent_wording *w = p ? consent_wording_of(p, c->version) : NULL;
    int language = c->language && strcmp(c->language, "en") == 0;
    struct consent last;
    int done =
        consent_last(app_of(req)->store, &c->owner, c->purpose, &c->subject, req->arena, &last);
    if (done < 0)
        return done;
    bool stands = done == 0 && id_equal(&last.id, &c->id) && consent_allows(c);
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", app_id_text(req, &c->id));
    entity_json_members(&consent_entity, c, see, &first, out);
    buf_add_str(out, ",\"title\":");
    buf_add_json_str(out, w ? p->title[language] : "", w ? strlen(p->title[language]) : 0);
    buf_add_str(out, ",\"text\":");
    buf_add_json_str(out, w ? w->text[language] : "", w ? strlen(w->text[language]) : 0);
    add_hex(out, "words_sha256", &c->words);
    add_hex(out, "digest", &c->digest);
    buf_printf(out, ",\"stands\":%s}", stands ? "true" : "false");
    return 0;
}

static int show_own(const struct request *req, const bson_t *doc, struct buf *out)
{
    struct consent c;
    int done = consent_decode(doc, req->arena, &c);
    return done == 0 ? consent_add_record(req, &c, SEE_OWNER, out) : done;
}

static int reply_record(const struct request *req, struct reply *reply, const struct consent *c)
{
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, 64 * 1024);
    int done = consent_add_record(req, c, SEE_OWNER, &out);
    if (done == 0)
        done = out.failed ? E_FULL : reply_json_text(reply, 201, out.data, out.len);
    return done;
}

bool consent_is_of(const struct consent_purpose *p, const char *what)
{
    return p->of && strcmp(p->of, what) == 0;
}

static int purposes_get(struct request *req, struct reply *reply)
{
    json_t *items = json_array();
    int language = req->language == LANGUAGE_EN;
    for (const struct consent_purpose *p = consent_purposes; p->code; p++) {
        const struct consent_wording *w = consent_wording_now(p);
        uint8_t words[CONSENT_WORDS];
        char hex[BYTES_HEX_TEXT(CONSENT_WORDS)];
        consent_words(p, w, language, words);
        json_array_append_new(
            items,
            json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:b, s:b}", "purpose", p->code, "title",
                      p->title[language], "text", w->text[language], "data", p->data, "version",
                      (json_int_t)w->version, "language", language ? "en" : "vi", "words_sha256",
                      bytes_to_hex(words, sizeof(words), hex), "of_report",
                      consent_is_of(p, "report"), "of_dossier", consent_is_of(p, "dossier")));
    }
    return reply_json(reply, 200, json_pack("{s:o}", "items", items));
}

static int consents_get(struct request *req, struct reply *reply)
{
    struct store_value owner = store_id(req->who.subject);
    struct store_condition mine = {
        .field = "owner", .op = STORE_EQ, .values = &owner, .n_values = 1};
    struct store_query q = {.conditions = &mine,
                            .n_conditions = 1,
                            .order = "at",
                            .descending = true,
                            .limit = app_limit(req, 20, 100)};
    if (!app_cursor_read(req, reply, &q.has_after, &q.after))
        return 0;
    struct store_page page;
    int done = store_scan(app_of(req)->store, &consent_collection, &q, req->arena, &page);
    reply_header(reply, "cache-control", "no-store");
    return done != 0 ? done : app_reply_page(req, reply, &page, show_own);
}

/* --- giving and withdrawing ---------------------------------------------------------------------
 */

/* The ledger first, for it decides; the report's flag is what offices see of it. */
static int say(const struct request *req, struct reply *reply, struct consent *c)
{
    const struct app *app = app_of(req);
    struct consent stored = {0};
    int done = consent_say_where(req, c);
    if (done == 0)
        done = consent_say(app->store, app->keys, c, false, req->now_ms, req->arena, &stored);
    if (done == CONSENT_NEVER)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    if (done != 0 && done != CONSENT_STANDS)
        return done;
    if (strcmp(c->purpose, CONSENT_CONTACT) == 0) {
        done = report_set_consent(app->store, &c->subject, &req->who.subject, c->given);
        if (done < 0)
            return done;
    }
    return reply_record(req, reply, &stored);
}

/* The report must be the caller's, whatever its state. */
static int check_report(const struct request *req, struct reply *reply, const struct id *id)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct report r = {0};
    int done = store_get(app_of(req)->store, &report_collection, id, &doc);
    if (done == 0)
        done = report_decode(doc, req->arena, &r);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&r.head.owner, &req->who.subject))
        return reply_invalid(reply, "/report", "Bạn không có phản ánh này",
                             "You have no such report");
    return 0;
}

int consent_check_wording(struct reply *reply, const struct consent *c)
{
    const struct consent_purpose *p = consent_purpose_of(c->purpose);
    if (!p)
        return reply_invalid(reply, "/purpose", "Không có mục đích này", "No such purpose");
    if (c->version != consent_wording_now(p)->version)
        return reply_invalid(reply, "/version", "Nội dung đã được thay; hãy đọc bản mới",
                             "The wording has changed; read the new one");
    return 0;
}

/* The dossier must be the caller's, or one that they filed. */
static int check_dossier(const struct request *req, struct reply *reply, const struct id *id)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct dossier d = {0};
    int done = store_get(app_of(req)->store, &dossier_collection, id, &doc);
    if (done == 0)
        done = dossier_decode(doc, req->arena, &d);
    if (done < 0)
        return done;
    if (done > 0 || (!id_equal(&d.head.owner, &req->who.subject) &&
                     !id_equal(&d.head.actor, &req->who.subject)))
        return reply_invalid(reply, "/dossier", "Bạn không có hồ sơ này",
                             "You have no such dossier");
    return 0;
}

/* Which report or dossier it is of, where the purpose is of one. */
static int read_subject(const struct request *req, struct reply *reply,
                        const struct consent_purpose *p, struct id *ret)
{
    static const struct {
        const char *of, *pointer, *vi[2], *en[2];
        int (*check)(const struct request *req, struct reply *reply, const struct id *id);
    } kinds[] = {
        {"report",
         "/report",
         {"Cần nêu phản ánh", "Mục đích này không gắn với phản ánh nào"},
         {"Name the report", "This purpose is of no report"},
         check_report},
        {"dossier",
         "/dossier",
         {"Cần nêu hồ sơ", "Mục đích này không gắn với hồ sơ nào"},
         {"Name the dossier", "This purpose is of no dossier"},
         check_dossier},
    };
    int done = 0;
    for (size_t i = 0; i < ARRAY_LEN(kinds) && done == 0; i++) {
        const char *text = json_string_value(json_object_get(req->json, kinds[i].of));
        if (consent_is_of(p, kinds[i].of) != (text != NULL))
            reply_invalid(reply, kinds[i].pointer, kinds[i].vi[text != NULL],
                          kinds[i].en[text != NULL]);
        else if (text && id_parse(text, ret))
            done = kinds[i].check(req, reply, ret);
    }
    return done;
}

static int consent_post(struct request *req, struct reply *reply)
{
    const json_t *body = req->json;
    struct consent c = {.owner = req->who.subject, .given = true, .how = "app"};
    c.purpose = json_string_value(json_object_get(body, "purpose"));
    c.version = json_integer_value(json_object_get(body, "version"));
    c.language = json_string_value(json_object_get(body, "language"));
    const struct consent_purpose *p = consent_purpose_of(c.purpose);
    int done = consent_check_wording(reply, &c);
    if (done == 0 && !reply_is_problem(reply))
        done = read_subject(req, reply, p, &c.subject);
    if (done != 0 || reply_is_problem(reply))
        return done;
    return say(req, reply, &c);
}

/* A record of the caller's own says what is taken back. */
static int withdraw_post(struct request *req, struct reply *reply)
{
    struct id id;
    struct consent given = {0};
    if (!request_param_id(req, "id", &id))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    int done = consent_get(app_of(req)->store, &id, req->arena, &given);
    if (done < 0)
        return done;
    if (done > 0 || !id_equal(&given.owner, &req->who.subject))
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    struct consent c = {.owner = req->who.subject,
                        .purpose = given.purpose,
                        .subject = given.subject,
                        .version = given.version,
                        .language = given.language,
                        .how = "app"};
    return say(req, reply, &c);
}

/* --- the table ----------------------------------------------------------------------------------
 */

static const enum problem say_problems[] = {PROBLEM_INVALID, PROBLEM_NOT_FOUND, PROBLEM_NONE};
static const enum problem found_problems[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route consent_routes[] = {
    {.method = GET,
     .path = "/v1/consents/purposes",
     .operation = "consentPurposes",
     .summary = "What one may consent to, in the words in force",
     .tag = "rights",
     .run = purposes_get,
     .who = ROLE_ANYONE,
     .reply_schema = "ConsentPurposes",
     .rate = RATE_READ},
    {.method = GET,
     .path = "/v1/me/consents",
     .operation = "consentList",
     .summary = "What I consented to and withdrew, newest first, in the words that I was shown",
     .tag = "rights",
     .run = consents_get,
     .who = ROLE_CITIZEN,
     .reply_schema = "ConsentPage",
     .rate = RATE_READ,
     .flags = ROUTE_PAGED},
    {.method = POST,
     .path = "/v1/me/consents",
     .operation = "consentGive",
     .summary = "Consent; repeating it adds nothing",
     .tag = "rights",
     .run = consent_post,
     .who = ROLE_CITIZEN,
     .body = BODY_JSON,
     .body_schema = "consent_new",
     .reply_schema = "ConsentRecord",
     .reply_status = 201,
     .problems = say_problems,
     .rate = RATE_WRITE},
    {.method = POST,
     .path = "/v1/me/consents/{id}/withdraw",
     .operation = "consentWithdraw",
     .summary = "Withdraw what a record says, from now on; repeating it adds nothing",
     .tag = "rights",
     .run = withdraw_post,
     .who = ROLE_CITIZEN,
     .reply_schema = "ConsentRecord",
     .reply_status = 201,
     .problems = say_problems,
     .rate = RATE_WRITE},
    {.method = POST,
     .path = "/v1/desk/consents/proof",
     .operation = "consentProof",
     .summary = "The proof of a report's consent; told to the person",
     .tag = "desk",
     .run = consent_proof,
     .who = ROLE_INSPECTOR,
     .body = BODY_JSON,
     .body_schema = "consent_proof",
     .reply_schema = "ConsentProofOfReport",
     .problems = found_problems,
     .rate = RATE_WRITE},
    {.method = GET,
     .path = "/v1/admin/consents/{person}",
     .operation = "adminConsentVerify",
     .summary = "Whether the chain of a person's consents holds",
     .tag = "admin",
     .run = consent_verify_person,
     .who = ROLE_OPERATOR,
     .reply_schema = "ConsentProof",
     .problems = found_problems,
     .rate = RATE_NONE,
     .flags = ROUTE_ADMIN},
    {0},
};
