#include "handlers/components/components.h"

#include <string.h>

#include "base/json.h"
#include "domain/export/export.h"
#include "domain/handover/handover.h"
#include "domain/look/look.h"
#include "domain/mandate/view.h"
#include "domain/org/view.h"
#include "domain/presence/presence.h"
#include "domain/roster/alarm.h"
#include "handlers/admin/admin.h"
#include "handlers/components/private.h"
#include "handlers/procedure/procedures.h"
#include "handlers/rights/consents.h"
#include "push/push.h"

#define COMPONENTS_MAX 256
#define TEXT_MAX ((size_t)1 << 20)

void component_add(struct components *c, const char *name, const char *text)
{
    if (c->n + 1 < COMPONENTS_MAX)
        c->items[c->n++] = (struct route_component){name, text};
}

/* The table's schema as a value, so that members which a handler writes beside it can be added. */
json_t *component_schema(const struct entity *e, unsigned see)
{
    struct buf text;
    buf_init(&text, TEXT_MAX);
    entity_schema(e, see, &text);
    json_t *schema = text.failed ? NULL : json_loadb(text.data, text.len, 0, NULL);
    buf_release(&text);
    return schema;
}

void component_member(json_t *schema, const char *name, bool required, const char *member)
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

const char *component_text(struct components *c, json_t *schema)
{
    size_t n = 0;
    const char *text = json_canonical(c->arena, schema, &n);
    json_decref(schema);
    return text;
}

void component_add_entity(struct components *c, const char *name, const struct entity *e,
                          unsigned see, bool has_id)
{
    json_t *schema = component_schema(e, see);
    if (has_id)
        component_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_add(c, name, component_text(c, schema));
}

void component_add_page(struct components *c, const char *name, const char *of, bool paged)
{
    component_add(
        c, name,
        arena_printf(c->arena,
                     "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\"],"
                     "\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":"
                     "\"#/components/schemas/%s\"}}%s}}",
                     of, paged ? ",\"next\":{\"type\":\"string\"}" : ""));
}

/* An account as its administrators see it; and handed over with its code. */
static void add_accounts(struct components *c)
{
    json_t *schema = component_schema(&staff_entity, SEE_ADMIN);
    component_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(schema, "activated", true, "{\"type\":\"boolean\"}");
    component_member(schema, "has_phone", true, "{\"type\":\"boolean\"}");
    component_add(c, "StaffAccount", component_text(c, schema));
    component_add(
        c, "StaffCode",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"account\",\"sent\"],"
        "\"properties\":{\"account\":{\"$ref\":\"#/components/schemas/StaffAccount\"},\"sent\":{"
        "\"type\":\"boolean\",\"description\":\"By SMS\"},\"code\":{\"type\":\"string\","
        "\"description\":\"Shown once, where it was not sent\"}}}");
}

static void add_looks(struct components *c)
{
    static const char words[] =
        "{\"type\":\"string\",\"description\":\"What was looked at, to be read\"}";
    json_t *own = component_schema(&look_entity, SEE_OWNER),
           *all = component_schema(&look_entity, SEE_INSPECTOR);
    component_member(own, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(own, "words", true, words);
    component_member(all, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(all, "words", true, words);
    component_member(all, "officer", false, "{\"type\":\"string\"}");
    component_add(c, "Look", component_text(c, own));
    component_add(c, "InspectedLook", component_text(c, all));
    component_add_page(c, "LookPage", "Look", true);
    component_add_page(c, "InspectedLookPage", "InspectedLook", true);
}

static void add_procedures(struct components *c)
{
    json_t *detail = component_schema(&procedure_entity, SEE_PUBLIC);
    for (const struct route_component *m = procedure_page_members; m->name; m++)
        component_member(detail, m->name, true, m->text);
    component_add(c, "ProcedureDetail", component_text(c, detail));
    component_add_entity(c, "ProcedureRow", &procedure_row_entity, SEE_PUBLIC, false);
    component_add(
        c, "ProcedurePage",
        "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"items\",\"total\"],"
        "\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":"
        "\"#/components/schemas/ProcedureRow\"}},\"total\":{\"type\":\"integer\"},\"next\":"
        "{\"type\":\"string\"}}}");
}

const struct route_component *app_components(struct arena *a)
{
    struct components c = {.arena = a, .items = arena_array(a, COMPONENTS_MAX, sizeof(*c.items))};
    components_of_reports(&c);
    components_of_forms(&c);
    components_of_dossiers(&c);
    components_of_figures(&c);
    add_procedures(&c);
    component_add_entity(&c, "Category", &category_entity, SEE_PUBLIC, false);
    component_add_page(&c, "CategoryList", "Category", false);
    component_add_entity(&c, "Agency", &agency_entity, SEE_PUBLIC, false);
    component_add_page(&c, "AgencyList", "Agency", false);
    component_add_page(&c, "CommuneList", "Commune", false);
    component_add_entity(&c, "StaffMember", &staff_entity, SEE_AGENCY, true);
    component_add_page(&c, "StaffList", "StaffMember", false);
    add_accounts(&c);
    component_add_page(&c, "StaffAccountPage", "StaffAccount", true);
    component_add_entity(&c, "StaffAct", &staff_act_entity, SEE_ADMIN | SEE_INSPECTOR, false);
    component_add_page(&c, "StaffActPage", "StaffAct", true);
    component_add_entity(&c, "Handover", &handover_entity, SEE_ADMIN, true);
    component_add_page(&c, "HandoverPage", "Handover", true);
    component_add_entity(&c, "Deputy", &deputy_entity, SEE_ADMIN, true);
    component_add_page(&c, "DeputyPage", "Deputy", true);
    component_add_entity(&c, "Roster", &roster_entity, SEE_AGENCY, false);
    component_add_entity(&c, "Emergency", &alarm_entity, SEE_AGENCY, true);
    component_add_page(&c, "EmergencyPage", "Emergency", true);
    component_add_entity(&c, "Presence", &presence_entity, SEE_AGENCY | SEE_INSPECTOR, true);
    component_add_entity(&c, "Notice", &delivery_entity, SEE_OWNER, true);
    component_add_page(&c, "NoticePage", "Notice", true);
    add_looks(&c);
    component_add_entity(&c, "Organisation", &org_view_entity, SEE_OWNER | SEE_SELF, false);
    component_add_page(&c, "OrganisationList", "Organisation", false);
    component_add_entity(&c, "DeskOrganisation", &org_view_entity, SEE_AGENCY, false);
    component_add_entity(&c, "DeskOrganisationRow", &org_view_entity, SEE_INSPECTOR, false);
    component_add_page(&c, "DeskOrganisationPage", "DeskOrganisationRow", true);
    component_add_entity(&c, "Mandate", &mandate_view_entity, SEE_OWNER | SEE_SELF, false);
    component_add_page(&c, "MandateList", "Mandate", false);
    component_add_entity(&c, "DeskMandate", &mandate_view_entity, SEE_AGENCY, false);
    component_add_entity(&c, "DeskMandateRow", &mandate_view_entity, SEE_INSPECTOR, false);
    component_add_page(&c, "DeskMandatePage", "DeskMandateRow", true);
    component_add_entity(&c, "Passkey", &passkey_entity, SEE_SELF, true);
    component_add_page(&c, "PasskeyList", "Passkey", false);
    for (const struct route_component *s = components_small; s->name; s++)
        component_add(&c, s->name, s->text);
    json_t *consent = component_schema(&consent_entity, SEE_OWNER);
    json_t *proven = component_schema(&consent_entity, SEE_INSPECTOR);
    for (const struct route_component *m = consent_members; m->name; m++) {
        component_member(consent, m->name, true, m->text);
        component_member(proven, m->name, true, m->text);
    }
    component_add(&c, "ConsentRecord", component_text(&c, consent));
    component_add(&c, "ConsentRecordProven", component_text(&c, proven));
    component_add_page(&c, "ConsentPage", "ConsentRecord", true);
    for (const struct route_component *s = consent_components; s->name; s++)
        component_add(&c, s->name, s->text);
    json_t *export = component_schema(&export_entity, SEE_OWNER);
    component_member(export, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(
        export, "url", false,
        "{\"type\":\"string\",\"description\":\"Good for some minutes; ask again for another\"}");
    component_add(&c, "Export", component_text(&c, export));
    component_add_page(&c, "ExportList", "Export", false);
    for (const struct route_component *s = erasure_components; s->name; s++)
        component_add(&c, s->name, s->text);
    components_of_payments(&c);
    for (const struct admin_entity_component *e = admin_entity_components; e->name; e++)
        component_add_entity(&c, e->name, e->entity, e->see, e->has_id);
    for (const struct route_component *s = admin_components; s->name; s++)
        component_add(&c, s->name, s->text);
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
    photo_routes,
    draft_routes,
    dossier_routes,
    document_routes,
    desk_document_routes,
    desk_dossier_routes,
    figure_routes,
    complaint_routes,
    desk_counter_routes,
    permit_routes,
    public_figure_routes,
    dossier_form_routes,
    result_routes,
    upload_routes,
    media_routes,
    video_routes,
    notice_routes,
    presence_routes,
    public_routes,
    public_page_routes,
    desk_routes,
    desk_people_routes,
    look_routes,
    passkey_routes,
    admin_routes,
    consent_routes,
    consent_desk_routes,
    export_routes,
    erasure_routes,
    staff_routes,
    staff_own_routes,
    org_routes,
    desk_org_routes,
    mandate_routes,
    desk_mandate_routes,
    procedure_routes,
    handover_routes,
    deputy_routes,
    roster_routes,
    payment_routes,
    desk_payment_routes,
    NULL,
};
/* clang-format on */
