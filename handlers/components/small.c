/* Reply schemas that are short enough to be written down. */
#include "handlers/components/private.h"

const struct route_component components_small[] = {
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
    {"PasskeyStatus", OBJECT("\"on\"", "\"on\":{\"type\":\"boolean\"},\"rp_id\":" TEXT)},
    {"PresenceList",
     OBJECT("\"items\",\"revision\",\"again_seconds\"",
            "\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Presence\"}}"
            ",\"revision\":" INTEGER ",\"again_seconds\":" INTEGER)},
    {"ReportOffers",
     OBJECT("\"items\"",
            "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                "\"agency\",\"name\",\"why\",\"came_back\"",
                "\"agency\":" TEXT ",\"name\":" TEXT
                ",\"why\":{\"enum\":[\"rule\",\"commune\",\"near\",\"category\"]}"
                ",\"distance_m\":" INTEGER ",\"came_back\":{\"type\":\"boolean\"}") "}")},
    {"Confirmed", OBJECT("\"fresh_until\"", "\"fresh_until\":" TEXT)},
    {"DeskSignOut", OBJECT("\"ended\"", "\"ended\":" INTEGER)},
    {"Tokens",
     OBJECT("\"access_token\",\"token_type\",\"expires_in\","
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
    {"OfficerQueue",
     OBJECT("\"total\",\"items\"",
            "\"total\":" INTEGER ",\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                "\"kind\",\"state\",\"label\",\"count\"",
                "\"kind\":" TEXT ",\"state\":" TEXT ",\"label\":" TEXT ",\"count\":" INTEGER) "}")},
    {"Me", OBJECT("\"id\",\"kind\"",
                  "\"id\":" TEXT ",\"kind\":{\"enum\":[\"citizen\",\"staff\"]},\"name\":" TEXT
                  ",\"phone\":" TEXT ",\"level\":" INTEGER ",\"language\":" TEXT ",\"title\":" TEXT
                  ",\"role\":" TEXT ",\"agency\":" TEXT
                  ",\"deputy_for\":{\"type\":\"string\",\"description\":\"The leader "
                  "whom an officer stands for just now\"}")},
    {"SessionList",
     OBJECT("\"items\"", "\"items\":{\"type\":\"array\",\"items\":" OBJECT(
                             "\"id\",\"created_at\",\"seen_at\",\"this\"",
                             "\"id\":" TEXT ",\"device\":" TEXT ",\"created_at\":" TEXT
                             ",\"seen_at\":" TEXT ",\"this\":{\"type\":\"boolean\"}") "}")},
    {"Calendar",
     OBJECT("\"from\",\"until\",\"off\"", "\"from\":" TEXT ",\"until\":" TEXT ",\"off\":" TEXTS)},
    {"Commune", OBJECT("\"code\",\"name\",\"full_name\"", COMMUNE)},
    {"Place", OBJECT("\"found\",\"nearest\"",
                     "\"found\":{\"enum\":[\"polygon\",\"nearest\",\"choose\",\"outside\"]},"
                     "\"commune\":"
                     "{\"$ref\":\"#/components/schemas/Commune\"},\"nearest\":{\"type\":\"array\","
                     "\"items\":" OBJECT("\"code\",\"distance_m\"",
                                         COMMUNE ",\"distance_m\":" INTEGER) "}")},
    {"Media",
     OBJECT(
         "\"id\",\"type\",\"kind\",\"size\",\"pages\",\"width\",\"height\",\"large\",\"small\"",
         "\"id\":" TEXT ",\"type\":" TEXT
         ",\"kind\":{\"enum\":[\"photo\",\"paper\",\"video\"]},\"size\":" INTEGER
         ",\"sha256\":" TEXT ",\"pages\":" INTEGER ",\"width\":" INTEGER ",\"height\":" INTEGER
         ",\"large\":" TEXT ",\"small\":" TEXT ",\"original\":" TEXT ",\"video\":" TEXT
         ",\"duration_ms\":" INTEGER
         ",\"covered\":{\"type\":\"boolean\",\"description\":\"Parts of the photo are not in its "
         "renditions\"},\"partial\":{\"type\":\"boolean\"},\"signed\":" SIGNED
         ",\"signatures\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
         "Signature\"}}")},
    {"MediaState",
     OBJECT(
         "\"id\",\"state\",\"words\"",
         "\"id\":" TEXT
         ",\"state\":{\"enum\":[\"arriving\",\"checking\",\"sound\",\"refused\"]},\"words\":" TEXT
         ",\"kind\":{\"enum\":[\"photo\",\"paper\",\"video\"]},\"progress\":{\"type\":"
         "\"integer\",\"description\":\"Percent, of one that is being checked\"}")},
    {"Signature",
     OBJECT("\"verdict\",\"flaw\",\"words\",\"stamped\",\"whole\",\"timestamp\",\"revocation\"",
            "\"verdict\":" SIGNED ",\"flaw\":" TEXT ",\"words\":" TEXT ",\"signer\":" TEXT
            ",\"issuer\":" TEXT ",\"serial\":" TEXT ",\"signed_at\":" TEXT
            ",\"stamped\":{\"type\":\"boolean\"},\"whole\":{\"type\":\"boolean\"},\"timestamp\":{"
            "\"type\":\"boolean\"},\"revocation\":{\"enum\":[\"unknown\",\"good\",\"revoked\"]}")},
    {"DossierProgress",
     OBJECT("\"number\",\"percent\"", "\"number\":" TEXT ",\"percent\":" INTEGER)},
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
    {"PaymentList",
     OBJECT("\"owed\",\"online\",\"orders\",\"money\"",
            "\"owed\":" INTEGER ",\"online\":{\"type\":\"boolean\",\"description\":\"It can be "
            "paid online now\"},\"orders\":{\"type\":\"array\",\"items\":{\"$ref\":"
            "\"#/components/schemas/Payment\"}},\"money\":{\"type\":\"array\",\"items\":{\"$ref\":"
            "\"#/components/schemas/Money\"}}")},
    {"Receipt",
     OBJECT("\"id\",\"number\",\"procedure\",\"amount\",\"amount_words\",\"at\",\"way\"",
            "\"id\":" IDENT ",\"number\":" TEXT ",\"procedure\":" TEXT ",\"procedure_name\":" TEXT
            ",\"agency\":" TEXT ",\"agency_name\":" TEXT ",\"payer\":" TEXT ",\"amount\":" INTEGER
            ",\"amount_words\":" TEXT ",\"at\":" WHEN ",\"way\":" TEXT ",\"reference\":" TEXT)},
    {0},
};
