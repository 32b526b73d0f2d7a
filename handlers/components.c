#include "handlers/components.h"

#include <string.h>

#include "base/json.h"
#include "domain/look/look.h"
#include "domain/org/view.h"
#include "domain/report/held.h"
#include "handlers/admin.h"
#include "handlers/consents.h"
#include "handlers/procedures.h"
#include "push/push.h"

#define COMPONENTS_MAX 256
#define TEXT_MAX ((size_t)1 << 20)

struct components {
    struct arena *arena;
    struct route_component *items;
    size_t n;
};

static void add(struct components *c, const char *name, const char *text)
{
    if (c->n + 1 < COMPONENTS_MAX)
        c->items[c->n++] = (struct route_component){name, text};
}

/* The table's schema as a value, so that members which a handler writes beside it can be added. */
static json_t *schema_of(const struct entity *e, unsigned see)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    entity_schema(e, see, &text);
    json_t *schema = text.failed ? NULL : json_loadb(text.data, text.len, 0, NULL);
    buf_release(&text);
    return schema;
}

static void with_member(json_t *schema, const char *name, bool required, const char *member)
{
    json_object_set_new(json_object_get(schema, "properties"), name, json_loads(member, 0, NULL));
    if (!required)
        return;
    json_t *list = json_object_get(schema, "required");
    if (!list) {
        list = json_array();
        json_object_set_new(schema, "required", list);
    }
    json_array_append_new(list, json_string(name));
}

static const char *text_of(struct components *c, json_t *schema)
{
    size_t n = 0;
    const char *text = json_canonical(c->arena, schema, &n);
    json_decref(schema);
    return text;
}

static void add_entity(struct components *c, const char *name, const struct entity *e, unsigned see,
                       bool has_id)
{
    json_t *schema = schema_of(e, see);
    if (has_id)
        with_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    add(c, name, text_of(c, schema));
}

/* An account as its administrators see it; and handed over with its code. */
static void add_accounts(struct components *c)
{
    json_t *schema = schema_of(&staff_entity, SEE_ADMIN);
    with_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    with_member(schema, "activated", true, "{\"type\":\"boolean\"}");
    with_member(schema, "has_phone", true, "{\"type\":\"boolean\"}");
    add(c, "StaffAccount", text_of(c, schema));
    add(c, "StaffCode",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"account\",\"sent\"],"
        "\"properties\":{\"account\":{\"$ref\":\"#/components/schemas/StaffAccount\"},\"sent\":{"
        "\"type\":\"boolean\",\"description\":\"By SMS\"},\"code\":{\"type\":\"string\","
        "\"description\":\"Shown once, where it was not sent\"}}}");
}

static void add_page(struct components *c, const char *name, const char *of, bool paged)
{
    add(c, name,
        arena_printf(c->arena,
                     "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\"],"
                     "\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":"
                     "\"#/components/schemas/%s\"}}%s}}",
                     of, paged ? ",\"next\":{\"type\":\"string\"}" : ""));
}

/* --- reports ---------------------------------------------------------------------------------- */

#define STEPS                                                                                      \
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"           \
    "\"required\":[\"verb\",\"label\",\"needs\"],\"properties\":{\"verb\":{\"type\":\"string\"},"  \
    "\"at\":{\"type\":\"string\",\"description\":\"Where it is posted to, if not to "              \
    "/v1/reports/{id}/steps/{verb}\"},"                                                            \
    "\"label\":{\"type\":\"string\"},\"needs\":{\"type\":\"array\",\"items\":{\"type\":"           \
    "\"string\"}},\"reasons\":{\"type\":\"array\",\"items\":{\"type\":\"object\","                 \
    "\"additionalProperties\":false,\"required\":[\"code\",\"label\"],\"properties\":{\"code\":"   \
    "{\"type\":\"string\"},\"label\":{\"type\":\"string\"}}}}}}}"

static json_t *report_schema(unsigned see, bool steps)
{
    json_t *schema = schema_of(&report_entity, see);
    with_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    with_member(schema, "late", true, "{\"type\":\"boolean\"}");
    with_member(schema, "late_by_ms", false, "{\"type\":\"integer\"}");
    if (steps)
        with_member(schema, "steps", true, STEPS);
    return schema;
}

static void add_reports(struct components *c)
{
    add(c, "OwnReport", text_of(c, report_schema(SEE_OWNER, true)));
    add(c, "StaffReport", text_of(c, report_schema(SEE_STAFF, true)));
    add(c, "Report",
        "{\"anyOf\":[{\"$ref\":\"#/components/schemas/OwnReport\"},"
        "{\"$ref\":\"#/components/schemas/StaffReport\"},"
        "{\"$ref\":\"#/components/schemas/HeldReport\"}]}");
    json_t *held = schema_of(&report_held_entity, SEE_OWNER);
    with_member(held, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    with_member(held, "state", true,
                "{\"const\":\"held\",\"description\":\"Waits for its writer's code; no agency "
                "sees it\"}");
    add(c, "HeldReport", text_of(c, held));
    add(c, "OwnReportRow", text_of(c, report_schema(SEE_OWNER, false)));
    add(c, "StaffReportRow", text_of(c, report_schema(SEE_STAFF, false)));
    add_page(c, "ReportPage", "OwnReportRow", true);
    add_page(c, "StaffReportPage", "StaffReportRow", true);
    add_entity(c, "PublicReport", &report_public_entity, SEE_PUBLIC, false);
    add_page(c, "PublicReportPage", "PublicReport", true);
    add(c, "PublicReportMap",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"type\",\"features\"],"
        "\"properties\":{\"type\":{\"const\":\"FeatureCollection\"},\"features\":{\"type\":"
        "\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":["
        "\"type\",\"id\",\"geometry\",\"properties\"],\"properties\":{\"type\":{\"const\":"
        "\"Feature\"},\"id\":{\"type\":\"string\"},\"geometry\":{\"type\":[\"object\",\"null\"]},"
        "\"properties\":{\"$ref\":\"#/components/schemas/PublicReport\"}}}}}}");
}

/* --- procedures ------------------------------------------------------------------------------- */

static void add_procedures(struct components *c)
{
    json_t *detail = schema_of(&procedure_entity, SEE_PUBLIC);
    for (const struct route_component *m = procedure_page_members; m->name; m++)
        with_member(detail, m->name, true, m->text);
    add(c, "ProcedureDetail", text_of(c, detail));
    add_entity(c, "ProcedureRow", &procedure_row_entity, SEE_PUBLIC, false);
    add(c, "ProcedurePage",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"total\"],"
        "\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":"
        "\"#/components/schemas/ProcedureRow\"}},\"total\":{\"type\":\"integer\"},\"next\":"
        "{\"type\":\"string\"}}}");
}

/* --- everything else -------------------------------------------------------------------------- */

#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required                  \
    "],\"properties\":{" properties "}}"
#define TEXT "{\"type\":\"string\"}"
#define INTEGER "{\"type\":\"integer\"}"
#define TEXTS "{\"type\":\"array\",\"items\":" TEXT "}"
#define COMMUNE                                                                                    \
    "\"code\":" TEXT ",\"name\":" TEXT ",\"full_name\":" TEXT ",\"name_en\":" TEXT                 \
    ",\"lat\":{\"type\":\"number\"},\"lon\":{\"type\":\"number\"}"

static void add_looks(struct components *c)
{
    static const char words[] =
        "{\"type\":\"string\",\"description\":\"What was looked at, to be read\"}";
    json_t *own = schema_of(&look_entity, SEE_OWNER), *all = schema_of(&look_entity, SEE_INSPECTOR);
    with_member(own, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    with_member(own, "words", true, words);
    with_member(all, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    with_member(all, "words", true, words);
    with_member(all, "officer", false, "{\"type\":\"string\"}");
    add(c, "Look", text_of(c, own));
    add(c, "InspectedLook", text_of(c, all));
    add_page(c, "LookPage", "Look", true);
    add_page(c, "InspectedLookPage", "InspectedLook", true);
}

static const struct route_component small_components[] = {
    {"OtpChallenge", OBJECT("\"challenge\",\"expires_in\"",
                            "\"challenge\":" TEXT ",\"expires_in\":" INTEGER
                            ",\"tokens\":{\"$ref\":\"#/components/schemas/Tokens\"}")},
    {"KeySet",
     OBJECT("\"keys\"", "\"keys\":{\"type\":\"array\",\"minItems\":1,\"items\":" OBJECT(
                            "\"kty\",\"crv\",\"use\",\"alg\",\"kid\",\"x\",\"y\"",
                            "\"kty\":{\"const\":\"EC\"},\"crv\":{\"const\":\"P-256\"},\"use\":{"
                            "\"const\":\"sig\"},\"alg\":{\"const\":\"ES256\"},\"kid\":" TEXT
                            ",\"x\":" TEXT ",\"y\":" TEXT) "}")},
    {"AuthorizationServer",
     OBJECT("\"issuer\",\"jwks_uri\",\"response_types_supported\"",
            "\"issuer\":" TEXT ",\"jwks_uri\":" TEXT ",\"service_documentation\":" TEXT
            ",\"response_types_supported\":" TEXTS ",\"grant_types_supported\":" TEXTS
            ",\"token_endpoint_auth_methods_supported\":" TEXTS
            ",\"ui_locales_supported\":" TEXTS)},
    {"EidFlow", OBJECT("\"flow\",\"secret\",\"authorization_url\",\"expires_in\"",
                       "\"flow\":" TEXT ",\"secret\":" TEXT ",\"authorization_url\":" TEXT
                       ",\"expires_in\":" INTEGER)},
    {"Identity", OBJECT("\"level\"", "\"card\":" TEXT ",\"name\":" TEXT ",\"birth\":" TEXT
                                     ",\"level\":" INTEGER ",\"eid_at\":" TEXT)},
    {"PasskeyOptions",
     OBJECT("\"ticket\",\"expires_in\",\"public_key\"",
            "\"ticket\":" TEXT ",\"expires_in\":" INTEGER
            ",\"public_key\":{\"type\":\"object\",\"description\":\"As JSON of Web "
            "Authentication Level 3: PublicKeyCredentialRequestOptionsJSON, or ...Creation...\"}")},
    {"Confirmed", OBJECT("\"fresh_until\"", "\"fresh_until\":" TEXT)},
    {"DeskSignOut", OBJECT("\"ended\"", "\"ended\":" INTEGER)},
    {"Tokens",
     OBJECT("\"access_token\",\"token_type\",\"refresh_token\",\"expires_in\","
            "\"refresh_expires_in\",\"session\"",
            "\"access_token\":" TEXT
            ",\"token_type\":{\"const\":\"Bearer\"},\"refresh_token\":" TEXT
            ",\"expires_in\":" INTEGER ",\"refresh_expires_in\":" INTEGER ",\"session\":" TEXT
            ",\"step_up\":{\"type\":\"string\",\"description\":\"The number is a verified "
            "account's too: signing in by e-ID, there, shows what it holds\"}"
            ",\"recovery_codes\":" TEXTS)},
    {"StaffActivation",
     OBJECT("\"user\",\"name\",\"what\",\"totp_secret\",\"totp_uri\"",
            "\"user\":" TEXT ",\"name\":" TEXT
            ",\"what\":{\"enum\":[\"all\",\"totp\"]},\"totp_secret\":" TEXT ",\"totp_uri\":" TEXT)},
    {"RecoveryCodes", OBJECT("\"recovery_codes\"", "\"recovery_codes\":" TEXTS)},
    {"Me", OBJECT("\"id\",\"kind\"",
                  "\"id\":" TEXT ",\"kind\":{\"enum\":[\"citizen\",\"staff\"]},\"name\":" TEXT
                  ",\"phone\":" TEXT ",\"level\":" INTEGER ",\"language\":" TEXT ",\"title\":" TEXT
                  ",\"role\":" TEXT ",\"agency\":" TEXT)},
    {"SessionList",
     OBJECT("\"items\"", "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                             "\"id\",\"created_at\",\"seen_at\",\"this\"",
                             "\"id\":" TEXT ",\"device\":" TEXT ",\"created_at\":" TEXT
                             ",\"seen_at\":" TEXT ",\"this\":{\"type\":\"boolean\"}") "}")},
    {"Commune", OBJECT("\"code\",\"name\",\"full_name\"", COMMUNE)},
    {"Place",
     OBJECT(
         "\"found\",\"nearest\"",
         "\"found\":{\"enum\":[\"polygon\",\"nearest\",\"choose\",\"outside\"]},\"commune\":"
         "{\"$ref\":\"#/components/schemas/Commune\"},\"nearest\":{\"type\":\"array\","
         "\"items\":" OBJECT("\"code\",\"distance_m\"", COMMUNE ",\"distance_m\":" INTEGER) "}")},
    {"Media", OBJECT("\"id\",\"type\",\"width\",\"height\",\"large\",\"small\"",
                     "\"id\":" TEXT ",\"type\":" TEXT ",\"width\":" INTEGER ",\"height\":" INTEGER
                     ",\"large\":" TEXT ",\"small\":" TEXT)},
    {"Reporter",
     OBJECT("\"name\",\"phone\"",
            "\"name\":{\"type\":[\"string\",\"null\"]},\"phone\":"
            "{\"type\":[\"string\",\"null\"]},\"by\":{\"type\":\"string\",\"description\":"
            "\"Who filed it for them\"}")},
    {"LookFigures", OBJECT("\"items\",\"rows\",\"looks\"",
                           "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                               "\"day\",\"staff\",\"count\"",
                               "\"day\":" TEXT ",\"staff\":" TEXT ",\"agency\":" TEXT
                               ",\"officer\":" TEXT ",\"title\":" TEXT
                               ",\"count\":" INTEGER) "},\"rows\":" INTEGER ",\"looks\":" INTEGER)},
    {"ProcedureFieldList",
     OBJECT("\"items\"", "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                             "\"name\",\"count\"",
                             "\"name\":" TEXT ",\"name_en\":" TEXT ",\"count\":" INTEGER) "}")},
    {"DocumentTypeList",
     OBJECT("\"items\"",
            "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                "\"code\",\"name\",\"name_en\",\"subjects\"",
                "\"code\":" TEXT ",\"name\":" TEXT ",\"name_en\":" TEXT ",\"valid_months\":" INTEGER
                ",\"subjects\":{\"type\":\"array\",\"items\":" TEXT "}") "}")},
    {"Figures",
     OBJECT("\"items\"",
            "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                "\"late\",\"count\"",
                "\"agency\":" TEXT ",\"category\":" TEXT ",\"month\":" INTEGER ",\"state\":" TEXT
                ",\"late\":{\"type\":\"boolean\"},\"count\":" INTEGER) "}")},
    {0},
};

const struct route_component *app_components(struct arena *a)
{
    struct components c = {.arena = a, .items = arena_array(a, COMPONENTS_MAX, sizeof(*c.items))};
    add_reports(&c);
    add_procedures(&c);
    add_entity(&c, "Category", &category_entity, SEE_PUBLIC, false);
    add_page(&c, "CategoryList", "Category", false);
    add_entity(&c, "Agency", &agency_entity, SEE_PUBLIC, false);
    add_page(&c, "AgencyList", "Agency", false);
    add_page(&c, "CommuneList", "Commune", false);
    add_entity(&c, "StaffMember", &staff_entity, SEE_AGENCY, true);
    add_page(&c, "StaffList", "StaffMember", false);
    add_accounts(&c);
    add_page(&c, "StaffAccountPage", "StaffAccount", true);
    add_entity(&c, "StaffAct", &staff_act_entity, SEE_ADMIN | SEE_INSPECTOR, false);
    add_page(&c, "StaffActPage", "StaffAct", true);
    add_entity(&c, "Notice", &delivery_entity, SEE_OWNER, true);
    add_page(&c, "NoticePage", "Notice", true);
    add_looks(&c);
    add_entity(&c, "Organisation", &org_view_entity, SEE_OWNER | SEE_SELF, false);
    add_page(&c, "OrganisationList", "Organisation", false);
    add_entity(&c, "DeskOrganisation", &org_view_entity, SEE_AGENCY, false);
    add_entity(&c, "DeskOrganisationRow", &org_view_entity, SEE_INSPECTOR, false);
    add_page(&c, "DeskOrganisationPage", "DeskOrganisationRow", true);
    add_entity(&c, "Passkey", &passkey_entity, SEE_SELF, true);
    add_page(&c, "PasskeyList", "Passkey", false);
    for (const struct route_component *s = small_components; s->name; s++)
        add(&c, s->name, s->text);
    json_t *consent = schema_of(&consent_entity, SEE_OWNER);
    json_t *proven = schema_of(&consent_entity, SEE_INSPECTOR);
    for (const struct route_component *m = consent_members; m->name; m++) {
        with_member(consent, m->name, true, m->text);
        with_member(proven, m->name, true, m->text);
    }
    add(&c, "ConsentRecord", text_of(&c, consent));
    add(&c, "ConsentRecordProven", text_of(&c, proven));
    add_page(&c, "ConsentPage", "ConsentRecord", true);
    for (const struct route_component *s = consent_components; s->name; s++)
        add(&c, s->name, s->text);
    for (const struct admin_entity_component *e = admin_entity_components; e->name; e++)
        add_entity(&c, e->name, e->entity, e->see, e->has_id);
    for (const struct route_component *s = admin_components; s->name; s++)
        add(&c, s->name, s->text);
    return c.items;
}

/* clang-format off */
const struct route *const app_routes[] = {
    auth_routes,
    eid_routes,
    well_known_routes,
    me_routes,
    catalogue_routes,
    report_routes,
    upload_routes,
    media_routes,
    notice_routes,
    public_routes,
    desk_routes,
    desk_people_routes,
    look_routes,
    passkey_routes,
    admin_routes,
    consent_routes,
    staff_routes,
    staff_own_routes,
    org_routes,
    desk_org_routes,
    procedure_routes,
    NULL,
};
/* clang-format on */
