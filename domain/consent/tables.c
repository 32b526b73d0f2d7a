#include "domain/consent/consent.h"

#include "base/result.h"

#define AT(member) .offset = offsetof(struct consent, member)

const struct entity consent_entity = {
    .name = "Consent",
    .size = sizeof(struct consent),
    .fields = (const struct entity_field[]){
        {.name = "chain", .type = ENTITY_ID, AT(chain)},
        {.name = "owner", .type = ENTITY_ID, AT(owner)},
        {.name = "seq", .type = ENTITY_INT, AT(seq), .see = SEE_OWNER | SEE_INSPECTOR},
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = SEE_OWNER | SEE_INSPECTOR},
        {.name = "given",
         .type = ENTITY_BOOL,
         AT(given),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .words = "false: withdrawn"},
        {.name = "purpose",
         .type = ENTITY_TEXT,
         AT(purpose),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .max = 40},
        {.name = "data",
         .type = ENTITY_TEXT,
         AT(data),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .words = "Which data, codes with a space between"},
        {.name = "subject",
         .type = ENTITY_ID,
         AT(subject),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .words = "The report or dossier; absent: of the person"},
        {.name = "wording",
         .type = ENTITY_INT,
         AT(version),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .words = "Version of the words that were shown"},
        {.name = "language",
         .type = ENTITY_TEXT,
         AT(language),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .max = 8},
        {.name = "words", .type = ENTITY_BYTES, AT(words), .max = CONSENT_WORDS},
        {.name = "how",
         .type = ENTITY_TEXT,
         AT(how),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .max = 16,
         .words = "app, desk; kept: said before there was a ledger"},
        {.name = "route",
         .type = ENTITY_TEXT,
         AT(route),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .max = 40},
        {.name = "session", .type = ENTITY_ID, AT(session), .see = SEE_OWNER},
        {.name = "device", .type = ENTITY_ID, AT(device)},
        {.name = "officer", .type = ENTITY_ID, AT(officer), .see = SEE_INSPECTOR},
        {.name = "office",
         .type = ENTITY_TEXT,
         AT(office),
         .see = SEE_OWNER | SEE_INSPECTOR,
         .max = 35},
        {.name = "digest", .type = ENTITY_BYTES, AT(digest), .max = 32},
        {.name = "tag", .type = ENTITY_BYTES, AT(tag), .max = CONSENT_TAG},
        {0},
    }};

const struct store_collection consent_collection = {
    .name = "consent",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"chain", "chain", STORE_ID, false},
            {"seq", "seq", STORE_INT, false},
            {"owner", "owner", STORE_ID, false},
            {"purpose", "purpose", STORE_TEXT, false},
            {"subject", "subject", STORE_ID, false},
            {"at", "at", STORE_INT, false},
        },
    .n_fields = 6,
    .paths =
        (const struct store_path[]){
            {.name = "chain",
             .why = "the last record, behind which the next is written",
             .equals = {"chain"},
             .order = "seq"},
            {.name = "owner",
             .why = "what I consented to; they follow a person who turns out to be another",
             .equals = {"owner"},
             .order = "at"},
            {.name = "purpose",
             .why = "does it stand, of a person",
             .equals = {"owner", "purpose"},
             .order = "at"},
            {.name = "subject",
             .why = "does it stand, of a report or dossier",
             .equals = {"subject", "purpose"},
             .order = "at"},
        },
    .n_paths = 4,
};

int consent_decode(const bson_t *doc, struct arena *a, struct consent *ret)
{
    *ret = (struct consent){0};
    int done = entity_decode(&consent_entity, doc, a, ret);
    return done < 0 ? done : store_document_id(doc, &ret->id) ? 0 : E_CORRUPT;
}
