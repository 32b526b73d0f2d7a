/* Reply schemas of cases: reports and dossiers. */
#include "domain/complaint/complaint.h"
#include "domain/dossier/draft.h"
#include "domain/figure/figure.h"
#include "domain/payment/payment.h"
#include "domain/report/held.h"
#include "handlers/components/private.h"

/* --- reports ---------------------------------------------------------------------------------- */

#define STEPS                                                                                      \
    "{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,"           \
    "\"required\":[\"verb\",\"place\",\"label\",\"needs\"],\"properties\":{\"verb\":{\"type\":"    \
    "\"string\"},\"place\":{\"enum\":[\"forth\",\"usual\",\"aside\",\"grave\"],\"description\":"   \
    "\"Brings it to its end, is usual, is done now and then, or ends, denies or hides; in that "   \
    "order\"},"                                                                                    \
    "\"at\":{\"type\":\"string\",\"description\":\"Where it is carried out, if not by "            \
    "POST /v1/reports/{id}/steps/{verb}\"},"                                                       \
    "\"label\":{\"type\":\"string\"},\"needs\":{\"type\":\"array\",\"items\":{\"type\":"           \
    "\"string\"}},\"reasons\":{\"type\":\"array\",\"items\":{\"type\":\"object\","                 \
    "\"additionalProperties\":false,\"required\":[\"code\",\"label\"],\"properties\":{\"code\":"   \
    "{\"type\":\"string\"},\"label\":{\"type\":\"string\"}}}}}}}"

/* A case's table, and what every kind says beside it. */
static json_t *case_schema(const struct entity *e, unsigned see, bool steps)
{
    json_t *schema = component_schema(e, see);
    component_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(schema, "late", true, "{\"type\":\"boolean\"}");
    component_member(schema, "late_by_ms", false, "{\"type\":\"integer\"}");
    if (steps)
        component_member(schema, "steps", true, STEPS);
    return schema;
}

static json_t *report_schema(unsigned see, bool steps)
{
    return case_schema(&report_entity, see, steps);
}

/* A photo for who decides about it. */
static const char report_photo_schema[] = OBJECT(
    "\"id\",\"proof\",\"public\",\"proposed\",\"agency_only\",\"width\",\"height\",\"large\","
    "\"small\",\"boxes\",\"covered\",\"original\"",
    "\"id\":" IDENT ",\"proof\":" YES_NO ",\"public\":" YES_NO ",\"proposed\":" YES_NO
    ",\"agency_only\":" YES_NO ",\"width\":" INTEGER ",\"height\":" INTEGER ",\"large\":" TEXT
    ",\"small\":" TEXT ",\"boxes\":{\"type\":\"array\",\"items\":" OBJECT(
        "\"x\",\"y\",\"width\",\"height\"",
        "\"x\":" INTEGER ",\"y\":" INTEGER ",\"width\":" INTEGER
        ",\"height\":" INTEGER) ",\"description\":\"What is covered, in ten-thousandths of the "
                                "sides\"},\"covered\":{\"type\":"
                                "\"integer\",\"description\":\"How often that was set: its "
                                "ETag\"},\"original\":{\"type\":"
                                "\"boolean\",\"description\":\"Who asks may see it as it was "
                                "sent\"},\"covered_at\":" WHEN ",\"covered_by\":" IDENT
                                ",\"taken\":" OBJECT("\"place\",\"time\"",
                                                     "\"place\":" YES_NO ",\"time\":" YES_NO
                                                     ",\"distance_m\":{\"type\":\"integer\","
                                                     "\"description\":\"From the pin, rounded\"},"
                                                     "\"minutes_before\":{\"type\":\"integer\","
                                                     "\"description\":\"The report was filed; "
                                                     "negative: after it\"}"));

void components_of_reports(struct components *c)
{
    component_add(c, "OwnReport", component_text(c, report_schema(SEE_OWNER, true)));
    component_add(c, "StaffReport", component_text(c, report_schema(SEE_STAFF, true)));
    component_add(c, "Report",
                  "{\"anyOf\":[{\"$ref\":\"#/components/schemas/OwnReport\"},"
                  "{\"$ref\":\"#/components/schemas/StaffReport\"},"
                  "{\"$ref\":\"#/components/schemas/HeldReport\"}]}");
    json_t *held = component_schema(&report_held_entity, SEE_OWNER);
    component_member(held, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(held, "state", true,
                     "{\"const\":\"held\",\"description\":\"Waits for its writer's code; no agency "
                     "sees it\"}");
    component_add(c, "HeldReport", component_text(c, held));
    component_add(c, "OwnReportRow", component_text(c, report_schema(SEE_OWNER, false)));
    component_add(c, "StaffReportRow", component_text(c, report_schema(SEE_STAFF, false)));
    component_add_page(c, "ReportPage", "OwnReportRow", true);
    component_add_page(c, "StaffReportPage", "StaffReportRow", true);
    component_add(c, "ReportPhoto", report_photo_schema);
    component_add_page(c, "ReportPhotoList", "ReportPhoto", false);
    component_add(c, "ReportLike",
                  OBJECT("\"id\",\"number\",\"state\",\"filed_at\",\"distance_m\"",
                         "\"id\":" IDENT ",\"number\":" TEXT ",\"state\":" REPORT_STATE_SCHEMA
                         ",\"filed_at\":" WHEN ",\"distance_m\":" INTEGER));
    component_add_page(c, "ReportLikeList", "ReportLike", false);
    component_add_entity(c, "PublicReport", &report_public_entity, SEE_PUBLIC, false);
    component_add_page(c, "PublicReportPage", "PublicReport", true);
    component_add(
        c, "PublicReportMap",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"type\",\"features\"],"
        "\"properties\":{\"type\":{\"const\":\"FeatureCollection\"},\"features\":{\"type\":"
        "\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":["
        "\"type\",\"id\",\"geometry\",\"properties\"],\"properties\":{\"type\":{\"const\":"
        "\"Feature\"},\"id\":{\"type\":\"string\"},\"geometry\":{\"type\":[\"object\",\"null\"]},"
        "\"properties\":{\"$ref\":\"#/components/schemas/PublicReport\"}}}}}}");
}

/* --- dossiers --------------------------------------------------------------------------------- */

static json_t *dossier_schema(unsigned see, bool whole)
{
    json_t *schema = case_schema(&dossier_entity, see, whole);
    component_member(
        schema, "owed", true,
        "{\"type\":\"integer\",\"description\":\"What is due and not paid yet, đồng\"}");
    component_member(
        schema, "appointment", false,
        "{\"type\":\"string\",\"format\":\"date-time\",\"description\":\"When the result "
        "is promised for\"}");
    if (!whole)
        return schema;
    component_member(schema, "form", false,
                     "{\"type\":\"object\",\"description\":\"As it was filled in\"}");
    component_member(
        schema, "applicant", false,
        OBJECT("",
               "\"name\":" TEXT ",\"tax_code\":" TEXT
               ",\"by\":{\"type\":\"string\",\"description\":\"Who acts for them\"},\"card\":" TEXT
               ",\"passport\":" TEXT ",\"birth\":" TEXT ",\"phone\":" TEXT ",\"email\":" TEXT
               ",\"address\":" TEXT));
    component_member(schema, "documents", false, DOCUMENTS_OF_DOSSIER);
    if (see & SEE_OWNER)
        component_member(schema, "offers", false, DOCUMENT_OFFERS);
    component_member(schema, "check", false,
                     "{\"type\":\"string\",\"description\":\"The slip's check part\"}");
    return schema;
}

void components_of_dossiers(struct components *c)
{
    component_add(c, "OwnDossier", component_text(c, dossier_schema(SEE_OWNER, true)));
    component_add(c, "StaffDossier", component_text(c, dossier_schema(SEE_STAFF, true)));
    component_add(c, "Dossier",
                  "{\"anyOf\":[{\"$ref\":\"#/components/schemas/OwnDossier\"},"
                  "{\"$ref\":\"#/components/schemas/StaffDossier\"}]}");
    component_add(c, "DossierRow", component_text(c, dossier_schema(SEE_OWNER, false)));
    component_add(c, "StaffDossierRow", component_text(c, dossier_schema(SEE_STAFF, false)));
    component_add_page(c, "DossierPage", "DossierRow", true);
    component_add_page(c, "StaffDossierPage", "StaffDossierRow", true);
    json_t *draft = component_schema(&draft_entity, SEE_OWNER);
    component_member(draft, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_add(c, "DossierDraftRow", component_text(c, json_deep_copy(draft)));
    component_member(draft, "form", true, "{\"type\":[\"object\",\"null\"]}");
    component_add(c, "DossierDraft", component_text(c, draft));
    component_add_page(c, "DossierDraftPage", "DossierDraftRow", true);
    components_of_documents(c);
}

/* --- complaints ------------------------------------------------------------------------------- */

static json_t *complaint_schema(unsigned see, bool steps)
{
    return case_schema(&complaint_entity, see, steps);
}

static void add_complaints(struct components *c)
{
    component_add(c, "OwnComplaint", component_text(c, complaint_schema(SEE_OWNER, true)));
    component_add(c, "StaffComplaint", component_text(c, complaint_schema(SEE_STAFF, true)));
    component_add(c, "Complaint",
                  "{\"anyOf\":[{\"$ref\":\"#/components/schemas/OwnComplaint\"},"
                  "{\"$ref\":\"#/components/schemas/StaffComplaint\"}]}");
    component_add(c, "ComplaintRow",
                  component_text(c, complaint_schema(SEE_OWNER | SEE_STAFF, false)));
    component_add_page(c, "ComplaintPage", "ComplaintRow", true);
}

/* --- figures ---------------------------------------------------------------------------------- */

#define NUMBER "{\"type\":\"number\"}"

/* A row of figures, or their total. */
static json_t *figures_schema(void)
{
    static const char figure[] =
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"count\",\"list\"],"
        "\"properties\":{\"count\":" INTEGER
        ",\"list\":{\"type\":\"string\",\"description\":\"Opens the dossiers that are counted\"},"
        "\"frozen\":{\"type\":\"integer\",\"description\":\"As it stood when the month was "
        "frozen\"},"
        "\"correction\":{\"type\":\"integer\",\"description\":\"How much is counted otherwise "
        "since\"},\"at_end\":{\"type\":\"integer\",\"description\":\"Of what is in progress: when "
        "the month was frozen; count is now\"}}}";
    static const char *const shares[] = {"on_time_percent", "reuse_percent", "satisfied_percent",
                                         "index_percent", "rating"};
    json_t *schema = json_loads("{\"type\":\"object\",\"additionalProperties\":false,"
                                "\"properties\":{}}",
                                0, NULL);
    for (int what = 1; what < FIGURE_KINDS; what++)
        component_member(schema, figure_names[what].name, true, figure);
    for (size_t i = 0; i < ARRAY_LEN(shares); i++)
        component_member(schema, shares[i], false, NUMBER);
    return schema;
}

/* What anybody may see of a commune's month. */
#define COMMUNE_MONTH                                                                              \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"few\"],\"properties\":{"  \
    "\"few\":{\"type\":\"boolean\",\"description\":\"There were some, too few to be told; "        \
    "without "                                                                                     \
    "figures and false: none\"},\"received\":" INTEGER ",\"on_time\":" INTEGER                     \
    ",\"late\":" INTEGER ",\"satisfied_percent\":{\"type\":\"integer\",\"description\":\"Of "      \
    "those that rated, in a month "                                                                \
    "that is over; rounded to 5\"}}}"

static void add_public_figures(struct components *c)
{
    component_add(
        c, "CommuneFigures",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"commune\",\"name\","
        "\"items\"],\"properties\":{\"commune\":{\"type\":\"string\"},\"name\":{\"type\":"
        "\"string\"},"
        "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"additionalProperties\":"
        "false,"
        "\"required\":[\"month\",\"reports\",\"dossiers\"],\"properties\":{\"month\":" INTEGER
        ",\"reports\":" COMMUNE_MONTH ",\"dossiers\":" COMMUNE_MONTH "}}}}}");
}

void components_of_figures(struct components *c)
{
    static const char *const texts[] = {"agency", "field", "procedure"};
    json_t *row = figures_schema();
    component_member(row, "label", true, "{\"type\":\"string\"}");
    component_member(row, "month", false, INTEGER);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        component_member(row, texts[i], false, "{\"type\":\"string\"}");
    component_add(c, "DossierFigureRow", component_text(c, row));
    component_add(c, "DossierFigureTotal", component_text(c, figures_schema()));
    component_add(
        c, "DossierFigures",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"from\",\"to\","
        "\"items\","
        "\"total\"],\"properties\":{\"from\":{\"type\":\"string\"},\"to\":{\"type\":\"string\"},"
        "\"frozen_at\":{\"type\":\"string\",\"format\":\"date-time\"},\"items\":{\"type\":"
        "\"array\","
        "\"items\":{\"$ref\":\"#/components/schemas/DossierFigureRow\"}},"
        "\"total\":{\"$ref\":\"#/components/schemas/DossierFigureTotal\"}}}");
    add_complaints(c);
    add_public_figures(c);
}

/* --- money ------------------------------------------------------------------------------------ */

void components_of_payments(struct components *c)
{
    component_add_entity(c, "Payment", &payment_entity, SEE_PARTIES, true);
    component_add_entity(c, "Money", &money_entity, SEE_PARTIES, true);
    component_add_entity(c, "StaffMoney", &money_entity, SEE_STAFF, true);
    component_add_page(c, "StaffMoneyPage", "StaffMoney", true);
    component_add_entity(c, "AdminMoney", &money_entity, SEE_ADMIN, true);
    component_add_page(c, "AdminMoneyPage", "AdminMoney", true);
    component_add_entity(c, "MoneyDay", &money_day_entity, SEE_INSPECTOR, false);
    component_add_page(c, "MoneyDayPage", "MoneyDay", true);
}
