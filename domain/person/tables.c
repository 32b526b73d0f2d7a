#include "domain/person/person.h"

#define AT(member) .offset = offsetof(struct person, member)

static const struct entity device_entity = {
    .name = "PersonDevice",
    .size = sizeof(struct person_device),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, .offset = offsetof(struct person_device, id)},
        {.name = "seen", .type = ENTITY_TIME, .offset = offsetof(struct person_device, seen_ms)},
        {0},
    }};

const struct entity person_entity = {
    .name = "Person",
    .size = sizeof(struct person),
    .fields = (const struct entity_field[]){
        {.name = "phone", .type = ENTITY_BYTES, AT(phone), .max = 200},
        {.name = "name", .type = ENTITY_BYTES, AT(name), .max = 300},
        {.name = "card", .type = ENTITY_BYTES, AT(card), .max = 100},
        {.name = "passport", .type = ENTITY_BYTES, AT(passport), .max = 100},
        {.name = "birth", .type = ENTITY_BYTES, AT(birth), .max = 100},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_OWNER},
        {.name = "seen", .type = ENTITY_TIME, AT(seen_ms)},
        {.name = "level",
         .type = ENTITY_INT,
         AT(level),
         .see = SEE_OWNER,
         .words = "Level of identity: 0 a phone number, 1 and 2 an e-ID"},
        {.name = "eid_at", .type = ENTITY_TIME, AT(eid_ms), .see = SEE_OWNER},
        {.name = "language", .type = ENTITY_TEXT, AT(language), .see = SEE_OWNER, .max = 8},
        {.name = "devices",
         .type = ENTITY_LIST,
         AT(devices),
         .max = PERSON_DEVICES_MAX,
         .of = &device_entity},
        {.name = "merged_into", .type = ENTITY_ID, AT(merged_into)},
        {.name = "merging", .type = ENTITY_TIME, AT(merging_ms)},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = SEE_OWNER},
        {0},
    }};

/* Found by id alone but by sweeps: a person by their own, a login by a keyed hash, a key by its
 * person's. */
const struct store_collection person_collection = {
    .name = "person",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"merging", "merging", STORE_INT, false},
            {"expires", "expires", STORE_INT, false},
            {"merged", "merged_into", STORE_ID, false},
            {"created", "created_at", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "merging", .why = "what is theirs is being moved", .order = "merging"},
            {.name = "expires", .why = "the sweep of who was never proven", .order = "expires"},
            {.name = "merged",
             .why = "who is erased with the person that they turned out to be",
             .equals = {"merged"},
             .order = "created"},
        },
    .n_paths = 3,
};
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
