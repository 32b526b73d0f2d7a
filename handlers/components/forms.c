/* Reply schemas of papers and of the check of a printed result. */
#include "handlers/components/private.h"

static const char block[] =
    OBJECT("\"kind\",\"key\"",
           "\"kind\":{\"enum\":[\"line\",\"text\",\"list\",\"table\"]},\"key\":" TEXT
           ",\"label\":" TEXT ",\"text\":" TEXT ",\"items\":" TEXTS ",\"columns\":" TEXTS
           ",\"widths\":{\"type\":\"array\",\"items\":" INTEGER
           ",\"description\":\"Percent\"},\"rows\":{\"type\":\"array\",\"items\":" TEXTS "}");

static const char form[] = OBJECT(
    "\"form\",\"made_at\",\"issuer\",\"nation\",\"number\",\"dated\",\"title\",\"blocks\","
    "\"signers\"",
    "\"form\":{\"enum\":[\"01\",\"02\",\"03\",\"04\",\"05\",\"slip\"]},\"made_at\":" TEXT
    ",\"issuer\":" TEXTS ",\"nation\":" TEXTS ",\"number\":" TEXT ",\"dated\":" TEXT
    ",\"title\":" TEXT ",\"blocks\":{\"type\":\"array\",\"items\":{\"$ref\":"
    "\"#/components/schemas/DossierFormBlock\"}},\"signers\":{\"type\":\"array\",\"items\":" OBJECT(
        "\"title\",\"note\",\"name\"",
        "\"title\":" TEXT ",\"note\":" TEXT
        ",\"name\":" TEXT) "},\"qr\":" OBJECT("\"text\",\"words\"",
                                              "\"text\":" TEXT ",\"words\":" TEXTS));

static const char forms[] =
    OBJECT("\"items\"", "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                            "\"form\",\"title\",\"href\"",
                            "\"form\":" TEXT ",\"title\":" TEXT ",\"href\":" TEXT) "}");

static const char check[] =
    OBJECT("\"state\",\"words\"",
           "\"state\":{\"enum\":[\"valid\",\"replaced\",\"revoked\",\"unknown\"]},\"words\":" TEXT
           ",\"procedure\":" TEXT ",\"procedure_name\":" TEXT ",\"issued_at\":" TEXT
           ",\"ended_at\":" TEXT);

static const char desk_review[] =
    OBJECT("\"review\",\"applicant\"",
           "\"review\":{\"$ref\":\"#/components/schemas/DossierReview\"},"
           "\"applicant\":{\"type\":\"object\",\"description\":\"As it was read\"}");

static const char holder_code[] = OBJECT(
    "\"challenge\",\"expires_in\",\"hint\"",
    "\"challenge\":" TEXT ",\"expires_in\":" INTEGER
    ",\"hint\":{\"type\":\"string\",\"description\":\"Last digits of the telephone number\"}");

static const char holder_permit[] =
    OBJECT("\"permit\",\"until\"", "\"permit\":" TEXT ",\"until\":" TEXT);

void components_of_forms(struct components *c)
{
    component_add(c, "DeskHolderCode", holder_code);
    component_add(c, "DeskHolderPermit", holder_permit);
    component_add(c, "DeskDossierReview", desk_review);
    component_add(c, "DossierFormBlock", block);
    component_add(c, "DossierForm", form);
    component_add(c, "DossierForms", forms);
    component_add(c, "ResultCheck", check);
}
