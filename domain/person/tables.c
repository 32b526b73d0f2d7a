#include "domain/person/person.h"

#define AT(member) .offset = offsetof(struct person, member)

const struct entity person_entity = {
    .name = "Person",
    .size = sizeof(struct person),
    .fields = (const struct entity_field[]){
        {.name = "phone", .type = ENTITY_BYTES, AT(phone), .max = 200},
        {.name = "name", .type = ENTITY_BYTES, AT(name), .max = 300},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_OWNER},
        {.name = "seen", .type = ENTITY_TIME, AT(seen_ms)},
        {.name = "level",
         .type = ENTITY_INT,
         AT(level),
         .see = SEE_OWNER,
         .words = "Level of identity: 0 a phone number"},
        {.name = "language", .type = ENTITY_TEXT, AT(language), .see = SEE_OWNER, .max = 8},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = SEE_OWNER},
        {0},
    }};

/* Found by id alone: a person by their own, a login by a keyed hash, a key by its person's. */
const struct store_collection person_collection = {.name = "person", .form = 1};
const struct store_collection login_collection = {.name = "login", .form = 1};
const struct store_collection person_key_collection = {.name = "person_key", .form = 1};

const struct store_collection otp_collection = {
    .name = "otp",
    .form = 1,
    .fields = (const struct store_field[]){{"expires", "expires", STORE_INT, false}},
    .n_fields = 1,
    .paths =
        (const struct store_path[]){{.name = "expires", .why = "the sweep", .order = "expires"}},
    .n_paths = 1,
};
