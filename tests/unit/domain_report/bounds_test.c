/*
 * What a schema lets in, the table behind it can hold: a character is at most 4 bytes. Every text
 * of every schema that is part of the program is named here, with what keeps it, so that a new one
 * cannot be forgotten.
 */
#include "base/json.h"
#include "domain/agency/agency.h"
#include "domain/complaint/complaint.h"
#include "domain/document/document.h"
#include "domain/dossier/draft.h"
#include "domain/handover/handover.h"
#include "domain/identity/session.h"
#include "domain/look/look.h"
#include "domain/mandate/mandate.h"
#include "domain/org/org.h"
#include "domain/payment/payment.h"
#include "domain/person/card_text.h"
#include "domain/person/person.h"
#include "domain/procedure/procedure.h"
#include "domain/report/held.h"
#include "domain/staff/passkey.h"
#include "domain/staff/staff.h"
#include "schemas/builtin.h"
#include "tests/support/province.h"

static const struct {
    const char *schema, *pointer;
    const struct entity *entity; /* with `field`; or */
    const char *field;
    size_t bytes; /* that can be kept */
} kept[] = {
    {"admin_agencies", "/items/properties/name", &agency_entity, "name", 0},
    {"admin_agencies", "/items/properties/name_en", &agency_entity, "name_en", 0},
    {"admin_agencies", "/items/properties/hotline", &agency_entity, "hotline", 0},
    {"admin_agencies", "/items/properties/address", &agency_entity, "address", 0},
    {"admin_agencies", "/items/properties/hours", &agency_entity, "hours", 0},
    {"admin_agencies", "/items/properties/hours_en", &agency_entity, "hours_en", 0},
    /* after a number and an id */
    {"admin_dead_drop", "/properties/reason", NULL, NULL, STAFF_ACT_DETAIL_MAX - 2 * CASE_CODE_MAX},
    {"admin_categories", "/items/properties/name", &category_entity, "name", 0},
    {"admin_categories", "/items/properties/name_en", &category_entity, "name_en", 0},
    {"admin_categories", "/items/properties/hint", &category_entity, "hint", 0},
    {"admin_categories", "/items/properties/hint_en", &category_entity, "hint_en", 0},
    {"admin_categories", "/items/properties/redirect", &category_entity, "redirect", 0},
    {"admin_categories", "/items/properties/redirect_en", &category_entity, "redirect_en", 0},
    {"admin_procedure", "/properties/name", &procedure_entity, "name", 0},
    {"admin_procedure", "/properties/name_en", &procedure_entity, "name_en", 0},
    {"admin_procedure", "/properties/field", &procedure_entity, "field", 0},
    {"admin_procedure", "/properties/field_en", &procedure_entity, "field_en", 0},
    {"admin_procedure", "/properties/decision/properties/number", &procedure_entity,
     "decision.number", 0},
    {"admin_procedure", "/properties/reason", &procedure_entity, "reason", 0},
    {"admin_procedure", "/properties/reason_en", &procedure_entity, "reason_en", 0},
    {"admin_procedure", "/properties/guide", &procedure_entity, "guide", 0},
    {"admin_procedure", "/properties/guide_en", &procedure_entity, "guide_en", 0},
    {"admin_procedure", "/properties/steps/items/properties/name", &procedure_entity, "steps.name",
     0},
    {"admin_procedure", "/properties/steps/items/properties/name_en", &procedure_entity,
     "steps.name_en", 0},
    {"admin_procedure", "/properties/steps/items/properties/unit", &procedure_entity, "steps.unit",
     0},
    {"admin_procedure", "/properties/fees/items/properties/name", &procedure_entity, "fees.name",
     0},
    {"admin_procedure", "/properties/fees/items/properties/name_en", &procedure_entity,
     "fees.name_en", 0},
    {"admin_procedure", "/properties/fees/items/properties/basis", &procedure_entity, "fees.basis",
     0},
    {"admin_procedure", "/properties/exemptions/items/properties/name", &procedure_entity,
     "exemptions.name", 0},
    {"admin_procedure", "/properties/exemptions/items/properties/name_en", &procedure_entity,
     "exemptions.name_en", 0},
    {"admin_procedure", "/properties/exemptions/items/properties/basis", &procedure_entity,
     "exemptions.basis", 0},
    {"admin_procedure", "/properties/components/items/properties/name", &procedure_entity,
     "components.name", 0},
    {"admin_procedure", "/properties/components/items/properties/name_en", &procedure_entity,
     "components.name_en", 0},
    {"admin_procedure", "/properties/components/items/properties/note", &procedure_entity,
     "components.note", 0},
    {"admin_procedure", "/properties/components/items/properties/holder_at", &procedure_entity,
     "components.holder_at", 0},
    {"admin_procedure", "/properties/results/items/properties/holder_at", &procedure_entity,
     "results.holder_at", 0},
    {"admin_procedure", "/properties/components/items/properties/note_en", &procedure_entity,
     "components.note_en", 0},
    {"admin_procedure", "/properties/results/items/properties/name", &procedure_entity,
     "results.name", 0},
    {"admin_procedure", "/properties/results/items/properties/name_en", &procedure_entity,
     "results.name_en", 0},
    {"admin_procedure", "/properties/keywords/items", NULL, NULL, 240},
    {"admin_staff_new", "/properties/name", &staff_entity, "name", 0},
    {"admin_staff_new", "/properties/title", &staff_entity, "title", 0},
    {"complaint_act", "/properties/note", &case_step_entity, "note", 0},
    {"complaint_act", "/properties/note", &complaint_entity, "answer", 0},
    {"complaint_act", "/properties/note", &complaint_entity, "rating_note", 0},
    {"complaint_new", "/properties/text", &complaint_entity, "text", 0},
    {"consent_proof", "/properties/note", &look_entity, "reason", 0},
    {"desk_holder_permit", "/properties/note", &look_entity, "reason", 0},
    {"desk_consent", "/properties/note", &look_entity, "reason", 0},
    /* one JSON of all of them */
    {"document_describe", "/properties/number", NULL, NULL, DOCUMENT_DETAILS_MAX / 4},
    {"document_describe", "/properties/issuer", NULL, NULL, DOCUMENT_DETAILS_MAX / 4},
    {"document_describe", "/properties/holder", NULL, NULL, DOCUMENT_DETAILS_MAX / 4},
    {"document_revoke", "/properties/note", &document_entity, "note", 0},
    {"desk_dossier_new", "/properties/applicant/properties/scan", NULL, NULL, CARD_SCAN_MAX},
    {"desk_dossier_new", "/properties/applicant/properties/name", NULL, NULL, DOSSIER_NAME_MAX},
    {"desk_dossier_new", "/properties/applicant/properties/by", NULL, NULL, DOSSIER_NAME_MAX},
    {"desk_dossier_new", "/properties/applicant/properties/address", NULL, NULL, ORG_ADDRESS_MAX},
    {"desk_dossier_new", "/properties/applicant/properties/email", NULL, NULL, 480},
    {"desk_dossier_new", "/properties/applicant/properties/phone", NULL, NULL, 96},
    {"desk_dossier_new", "/properties/applicant/properties/organisation/properties/tax_code", NULL,
     NULL, 56},
    {"desk_dossier_new", "/properties/procedure", NULL, NULL, 320},
    {"desk_dossier_new", "/properties/commune", NULL, NULL, 32},
    {"desk_dossier_new", "/properties/applicant/properties/organisation/properties/name", NULL,
     NULL, ORG_NAME_MAX},
    {"desk_dossier_new", "/properties/components/items/properties/code", &dossier_entity,
     "components.code", 0},
    {"desk_dossier_new", "/properties/exemptions/items", NULL, NULL, 320},
    {"dossier_act", "/properties/note", &case_step_entity, "note", 0},
    {"dossier_act", "/properties/components/items/properties/despite", &dossier_entity,
     "asks.reason", 0},
    {"dossier_act", "/properties/note", &case_task_entity, "question", 0},
    {"dossier_act", "/properties/fields/items/properties/pointer", &dossier_entity,
     "fields.pointer", 0},
    {"dossier_act", "/properties/fields/items/properties/note", &dossier_entity, "fields.note", 0},
    {"dossier_act", "/properties/note", &dossier_entity, "decision", 0},
    {"dossier_act", "/properties/note", &dossier_entity, "rating_note", 0},
    {"dossier_act", "/properties/reference", &dossier_entity, "posted", 0},
    {"dossier_act", "/properties/reference", &dossier_entity, "payments.reference", 0},
    {"dossier_act", "/properties/components/items/properties/code", &dossier_entity,
     "components.code", 0},
    {"dossier_act", "/properties/components/items/properties/note", &dossier_entity,
     "components.note", 0},
    {"dossier_act", "/properties/results/items/properties/code", &dossier_entity, "results.code",
     0},
    {"dossier_act", "/properties/results/items/properties/number", &dossier_entity,
     "results.number", 0},
    {"draft_save", "/properties/components/items/properties/code", &draft_entity, "components.code",
     0},
    {"draft_save", "/properties/exemptions/items", NULL, NULL, 320},
    {"eid_finish", "/properties/device", &session_entity, "device", 0},
    {"handover", "/properties/reason", &handover_entity, "reason", 0},
    {"handover", "/properties/reason", &case_step_entity, "note", 0},
    {"mandate_decide", "/properties/note", NULL, NULL, MANDATE_NOTE_MAX},
    {"mandate_hand_on", "/properties/note", NULL, NULL, MANDATE_NOTE_MAX},
    {"mandate_new", "/properties/dependant/properties/name", NULL, NULL, PERSON_NAME_MAX},
    {"mandate_step", "/properties/note", NULL, NULL, MANDATE_NOTE_MAX},
    {"me_change", "/properties/name", NULL, NULL, PERSON_NAME_MAX},
    {"org_decide", "/properties/note", NULL, NULL, ORG_NOTE_MAX},
    {"org_new", "/properties/name", NULL, NULL, ORG_NAME_MAX},
    {"org_new", "/properties/address", NULL, NULL, ORG_ADDRESS_MAX},
    {"otp_check", "/properties/device", &session_entity, "device", 0},
    {"passkey_new", "/properties/name", NULL, NULL, PASSKEY_NAME_MAX},
    {"passkey_rename", "/properties/name", NULL, NULL, PASSKEY_NAME_MAX},
    {"passkey_sign_in", "/properties/device", &session_entity, "device", 0},
    {"refund", "/properties/reference", &money_entity, "refund_reference", 0},
    {"refund", "/properties/note", &money_entity, "refund_note", 0},
    {"retain", "/properties/note", &money_entity, "refund_note", 0},
    {"report_act", "/properties/note", &case_step_entity, "note", 0},
    {"report_act", "/properties/note", &case_task_entity, "question", 0},
    {"report_act", "/properties/note", &case_task_entity, "answer", 0},
    {"report_act", "/properties/note", &report_entity, "answer", 0},
    {"report_act", "/properties/note", &report_entity, "proposed_answer", 0},
    {"report_act", "/properties/note", &report_entity, "rating_note", 0},
    {"report_act", "/properties/note", &report_public_entity, "answer", 0},
    {"report_act", "/properties/note", NULL, NULL, CASE_NOTE_MAX},
    {"report_new", "/properties/text", &report_entity, "text", 0},
    {"report_new", "/properties/text", &report_held_entity, "text", 0},
    {"report_new", "/properties/text", &report_public_entity, "text", 0},
    {"report_new", "/properties/address", &report_entity, "address", 0},
    {"report_new", "/properties/address", &report_held_entity, "address", 0},
    {"photo_original", "/properties/note", &case_step_entity, "note", 0},
    {"photo_original", "/properties/note", &look_entity, "reason", 0},
    {"report_reveal", "/properties/note", &case_step_entity, "note", 0},
    {"roster", "/properties/shifts/items/properties/name", NULL, NULL, 240},
    {"staff_activate", "/properties/device", &session_entity, "device", 0},
    {"staff_change", "/properties/name", &staff_entity, "name", 0},
    {"staff_change", "/properties/title", &staff_entity, "title", 0},
    {"staff_end", "/properties/reason", &staff_act_entity, "detail", 0},
    {"staff_new", "/properties/name", &staff_entity, "name", 0},
    {"staff_new", "/properties/title", &staff_entity, "title", 0},
    {"staff_password", "/properties/device", &session_entity, "device", 0},
    {"staff_reset", "/properties/reason", &staff_act_entity, "detail", 0},
    {"staff_reset", "/properties/reason", &staff_reset_entity, "reason", 0},
    {"staff_sign_in", "/properties/device", &session_entity, "device", 0},
};

/* Codes, secrets and tokens, which must be those that are known already; reasons for the log. */
static const char *const unkept[] = {
    "session_unlock",     "desk_sign_out",          "eid_new",     "otp_new",     "problem",
    "token_refresh",      "admin_backup",           "admin_areas", "admin_rules", "admin_calendar",
    "admin_looks_verify", "session_unlock_options", "reconcile",
};
static const char *const unkept_members[] = {
    "/properties/desk",
    "/properties/ticket",
    "/properties/purpose",
    "/properties/procedure",
    "/properties/credential/properties/id",
    "/properties/credential/properties/response/properties/clientDataJSON",
    "/properties/credential/properties/response/properties/authenticatorData",
    "/properties/credential/properties/response/properties/attestationObject",
    "/properties/credential/properties/response/properties/signature",
    "/properties/credential/properties/response/properties/transports/items",
    "/properties/agent/properties/phone",
    "/properties/procedures/items",
    "/properties/category",
    "/properties/commune",
    "/properties/agency",
    "/properties/reason",
    "/properties/code",
    "/properties/secret",
    "/properties/state",
    "/properties/iss",
    "/properties/user",
    "/properties/password",
    "/properties/phone",
    "/properties/new",
};

/* Of a member, or of one in an object or list: "steps.name". */
static size_t bytes_of(const struct entity *e, const char *path)
{
    size_t n = strcspn(path, ".");
    const struct entity_field *f = e->fields;
    while (f->name && (strlen(f->name) != n || strncmp(f->name, path, n) != 0))
        f++;
    assert_non_null(f->name);
    if (path[n])
        return bytes_of(f->of, path + n + 1);
    return f->max ? f->max : ENTITY_TEXT_MAX;
}

static bool is_listed(const char *const *list, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], word) == 0)
            return true;
    }
    return false;
}

/* What a pattern or one of these formats admits is ASCII, and has a bound of its own. */
static bool is_ascii(const json_t *text)
{
    const char *format = json_string_value(json_object_get(text, "format"));
    return json_object_get(text, "pattern") ||
           (format && strcmp(format, "prose") != 0 && strcmp(format, "line") != 0);
}

static void expect_room(const char *schema, const char *pointer, const json_t *text)
{
    json_int_t characters = json_integer_value(json_object_get(text, "maxLength"));
    bool found = false;
    for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
        if (strcmp(kept[i].schema, schema) != 0 || strcmp(kept[i].pointer, pointer) != 0)
            continue;
        size_t room = kept[i].entity ? bytes_of(kept[i].entity, kept[i].field) : kept[i].bytes;
        found = true;
        if (characters <= 0 || (size_t)characters * 4 > room)
            fail_msg("%s%s: %lld characters, %zu bytes", schema, pointer, (long long)characters,
                     room);
    }
    if (!found && !is_listed(unkept_members, ARRAY_LEN(unkept_members), pointer))
        fail_msg("%s%s: nobody says what keeps it", schema, pointer);
}

static size_t walk(const char *schema, const char *pointer, const json_t *at)
{
    char below[200];
    const char *name;
    json_t *member;
    const char *type = json_string_value(json_object_get(at, "type"));
    if (type && strcmp(type, "string") == 0) {
        if (!is_ascii(at))
            expect_room(schema, pointer, at);
        return 1;
    }
    size_t n = 0;
    json_object_foreach((json_t *)at, name, member)
    {
        snprintf(below, sizeof(below), "%s/%s", pointer, name);
        n += json_is_object(member) ? walk(schema, below, member) : 0;
    }
    return n;
}

static void test_what_is_let_in_can_be_kept(void **state)
{
    (void)state;
    size_t n = 0, texts = 0;
    const struct schema_builtin_text *all = schema_builtin_texts(&n);
    assert_true(n > 10);
    for (size_t i = 0; i < n; i++) {
        if (is_listed(unkept, ARRAY_LEN(unkept), all[i].name))
            continue;
        json_t *schema = json_loadb(all[i].json, all[i].n, 0, NULL);
        texts += walk(all[i].name, "", schema);
        json_decref(schema);
    }
    assert_true(texts > 25);
}

static void test_pictures_that_may_be_chosen_are_those_that_are_known(void **state)
{
    (void)state;
    size_t n = 0, known = 0;
    const struct schema_builtin_text *all = schema_builtin_texts(&n);
    while (n > 0 && strcmp(all->name, "admin_categories") != 0) {
        all++;
        n--;
    }
    assert_true(n > 0);
    json_t *schema = json_loadb(all->json, all->n, 0, NULL), *items, *icon;
    assert_int_equal(
        json_unpack(schema, "{s:{s:{s:{s:o}}}}", "items", "properties", "icon", "enum", &items), 0);
    while (category_icons[known + 1].name)
        known++;
    assert_int_equal(json_array_size(items), known);
    json_array_foreach(items, n, icon)
        assert_int_not_equal(entity_enum_value(category_icons, json_string_value(icon)), 0);
    json_decref(schema);
}

/* The longest report and the longest note of the widest characters, all the way to the public. */
static void test_the_longest_texts(void **state)
{
    (void)state;
    static char text[REPORT_TEXT_MAX + 1], note[CASE_NOTE_MAX + 1];
    struct province p;
    struct report r;
    for (size_t i = 0; i + 4 < sizeof(text); i += 4)
        memcpy(text + i, "\U0001F6A7", 4);
    for (size_t i = 0; i + 4 < sizeof(note); i += 4)
        memcpy(note + i, "\U0001F6A7", 4);
    province_open(&p, ENGINE_MODEL);
    struct report_draft d = province_draft(0);
    d.text = text;
    assert_int_equal(report_file(p.store, &d, "long", "", 0, &p.world, &p.arena, &r), 0);
    static const char *const verbs[] = {"receive", "ask", "resume", "publish", "answer"};
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        struct report_act deed = province_deed(&p, verbs[i], OFFICER);
        deed.act.note = note;
        assert_int_equal(province_act(&p, &r.head.id, &deed, &r), 0);
        province_dispatch(&p, &r);
    }
    assert_string_equal(r.text, text);
    assert_string_equal(r.answer, note);
    province_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_let_in_can_be_kept),
        cmocka_unit_test(test_pictures_that_may_be_chosen_are_those_that_are_known),
        cmocka_unit_test(test_the_longest_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
