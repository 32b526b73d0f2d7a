#include <string.h>

#include "base/crypto/seal.h"
#include "base/crypto/totp.h"
#include "domain/staff/staff.h"

#define AT(member) .offset = offsetof(struct staff, member)
#define SEE_COLLEAGUES (SEE_STAFF | SEE_ADMIN | SEE_SELF)

const struct entity_name staff_roles[] = {
    {0},
    [STAFF_DISPATCHER] = {"dispatcher", {"Điều phối", "Dispatcher"}},
    [STAFF_OFFICER] = {"officer", {"Chuyên viên", "Officer"}},
    [STAFF_LEADER] = {"leader", {"Lãnh đạo", "Leader"}},
    [STAFF_INSPECTOR] = {"inspector", {"Giám sát", "Inspector"}},
    [STAFF_ADMIN] = {"admin", {"Quản trị", "Administrator"}},
    {0},
};

const struct entity_name staff_activations[] = {
    {0},
    [STAFF_ACTIVATE_ALL] = {"all", {"Mật khẩu và mã xác thực", "Password and authenticator"}},
    [STAFF_ACTIVATE_TOTP] = {"totp", {"Mã xác thực", "Authenticator"}},
    {0},
};

#define RESET(member) .offset = offsetof(struct staff_reset, member)
const struct entity staff_reset_entity = {
    .name = "StaffReset",
    .size = sizeof(struct staff_reset),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, RESET(id), .see = SEE_ADMIN},
        {.name = "what",
         .type = ENTITY_ENUM,
         RESET(what),
         .see = SEE_ADMIN,
         .names = staff_activations},
        {.name = "by", .type = ENTITY_ID, RESET(by), .see = SEE_ADMIN},
        {.name = "by_user",
         .type = ENTITY_TEXT,
         RESET(by_user),
         .see = SEE_ADMIN,
         .max = STAFF_USER_MAX},
        {.name = "reason", .type = ENTITY_TEXT, RESET(reason), .see = SEE_ADMIN, .max = 1200},
        {.name = "at", .type = ENTITY_TIME, RESET(at_ms), .see = SEE_ADMIN},
        {.name = "until",
         .type = ENTITY_TIME,
         RESET(until_ms),
         .see = SEE_ADMIN,
         .words = "Not confirmed by then, it is as if nobody had asked"},
        {0},
    }};

static const struct entity recovery_entity = {.name = "StaffRecovery",
                                              .size = sizeof(struct staff_recovery),
                                              .fields = (const struct entity_field[]){
                                                  {.name = "hash",
                                                   .type = ENTITY_BYTES,
                                                   .offset = offsetof(struct staff_recovery, hash),
                                                   .max = 32},
                                                  {0},
                                              }};

const struct entity staff_entity = {
    .name = "Staff",
    .size = sizeof(struct staff),
    .fields = (const struct entity_field[]){
        {.name = "user",
         .type = ENTITY_TEXT,
         AT(user),
         .see = SEE_ADMIN | SEE_SELF,
         .max = STAFF_USER_MAX},
        {.name = "name",
         .type = ENTITY_TEXT,
         AT(name),
         .see = SEE_COLLEAGUES,
         .max = STAFF_NAME_MAX},
        {.name = "title",
         .type = ENTITY_TEXT,
         AT(title),
         .see = SEE_COLLEAGUES,
         .max = STAFF_NAME_MAX},
        {.name = "role",
         .type = ENTITY_ENUM,
         AT(role),
         .see = SEE_COLLEAGUES,
         .names = staff_roles},
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = SEE_COLLEAGUES, .max = 35},
        {.name = "password", .type = ENTITY_TEXT, AT(password), .max = PASSWORD_PHC},
        {.name = "totp",
         .type = ENTITY_BYTES,
         AT(totp),
         .max = TOTP_SECRET + SEAL_KEYRING_OVERHEAD},
        {.name = "totp_step", .type = ENTITY_INT, AT(totp_step)},
        {.name = "phone", .type = ENTITY_BYTES, AT(phone), .max = 100},
        {.name = "active", .type = ENTITY_BOOL, AT(active), .see = SEE_ADMIN},
        {.name = "wrong", .type = ENTITY_INT, AT(wrong)},
        {.name = "paused_until", .type = ENTITY_TIME, AT(paused_until_ms), .see = SEE_ADMIN},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_ADMIN},
        {.name = "seen_at", .type = ENTITY_TIME, AT(seen_ms), .see = SEE_ADMIN},
        {.name = "ended_at", .type = ENTITY_TIME, AT(ended_ms), .see = SEE_ADMIN},
        {.name = "revision", .type = ENTITY_INT, AT(revision), .see = SEE_ADMIN},
        {.name = "activation",
         .type = ENTITY_ENUM,
         AT(activation),
         .see = SEE_ADMIN,
         .names = staff_activations,
         .words = "A code is out, with which its owner opens the account"},
        {.name = "activation_hash", .type = ENTITY_BYTES, AT(activation_hash), .max = 32},
        {.name = "activation_until",
         .type = ENTITY_TIME,
         AT(activation_until_ms),
         .see = SEE_ADMIN},
        {.name = "totp_next",
         .type = ENTITY_BYTES,
         AT(totp_next),
         .max = TOTP_SECRET + SEAL_KEYRING_OVERHEAD},
        {.name = "recovery",
         .type = ENTITY_LIST,
         AT(recovery),
         .max = STAFF_RECOVERY_CODES,
         .of = &recovery_entity},
        {.name = "reset",
         .type = ENTITY_OBJECT,
         AT(reset),
         .see = SEE_ADMIN,
         .of = &staff_reset_entity},
        STAFF_ACT_FIELDS(struct staff),
        {.name = "keys_since", .type = ENTITY_TIME, AT(keys_since_ms)},
        {.name = "vouched_by", .type = ENTITY_ID, AT(vouched_by)},
        {.name = "vouched_at", .type = ENTITY_TIME, AT(vouched_ms)},
        {0},
    }};

const struct store_collection staff_collection = {
    .name = "staff",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"agency", "agency", STORE_TEXT, false},
            {"active", "active", STORE_INT, false},
            {"role", "role", STORE_TEXT, false},
            STAFF_ACT_STORE_FIELD,
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "agency",
             .why = "whom to tell, whom to assign",
             .equals = {"agency", "active"}},
            STAFF_ACT_PATH,
        },
    .n_paths = 2,
};

struct id staff_id(const char *user)
{
    return id_v8("staff", &(struct id_part){user, strlen(user)}, 1);
}
