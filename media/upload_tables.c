#include <string.h>

#include "base/crypto/seal.h"
#include "media/upload_private.h"

#define AT(member) .offset = offsetof(struct upload, member)

static const struct entity_name states[] = {
    {0},
    [UPLOAD_ARRIVING] = {"arriving", {"Đang tải lên", "Arriving"}},
    [UPLOAD_SOUND] = {"sound", {"Hợp lệ", "Sound"}},
    [UPLOAD_REFUSED] = {"refused", {"Bị từ chối", "Refused"}},
    [UPLOAD_CHECKING] = {"checking", {"Đang được kiểm tra", "Being checked"}},
    {0},
};

static const struct entity_name verdicts[] = {
    {0},
    [MEDIA_SIGNED_VALID] = {"valid", {"Chữ ký hợp lệ", "Validly signed"}},
    [MEDIA_SIGNED_UNTRUSTED] = {"untrusted", {"Không rõ người ký", "Signed by a stranger"}},
    [MEDIA_SIGNED_INVALID] = {"invalid", {"Chữ ký không hợp lệ", "Invalidly signed"}},
    {0},
};

#define BOX(member) .offset = offsetof(struct upload_box, member)

const struct entity upload_box_entity = {
    .name = "PhotoBox",
    .size = sizeof(struct upload_box),
    .fields = (const struct entity_field[]){
        {.name = "x", .type = ENTITY_INT, BOX(x), .see = SEE_STAFF},
        {.name = "y", .type = ENTITY_INT, BOX(y), .see = SEE_STAFF},
        {.name = "width", .type = ENTITY_INT, BOX(width), .see = SEE_STAFF},
        {.name = "height", .type = ENTITY_INT, BOX(height), .see = SEE_STAFF},
        {0},
    }};

const struct entity upload_entity = {
    .name = "Upload",
    .size = sizeof(struct upload),
    .fields = (const struct entity_field[]){
        {.name = "owner", .type = ENTITY_ID, AT(owner)},
        {.name = "staff", .type = ENTITY_BOOL, AT(staff)},
        {.name = "principal", .type = ENTITY_ID, AT(principal)},
        {.name = "state",
         .type = ENTITY_ENUM,
         AT(state),
         .see = SEE_PARTIES | SEE_SELF,
         .names = states},
        {.name = "video", .type = ENTITY_BOOL, AT(video)},
        {.name = "part", .type = ENTITY_BOOL, AT(part)},
        {.name = "parts", .type = ENTITY_TEXT, AT(parts), .max = UPLOAD_PARTS_MAX * ID_TEXT},
        {.name = "length", .type = ENTITY_INT, AT(length), .see = SEE_PARTIES | SEE_SELF},
        {.name = "sent_as",
         .type = ENTITY_BYTES,
         AT(metadata),
         .max = UPLOAD_METADATA_MAX + SEAL_OVERHEAD},
        {.name = "key", .type = ENTITY_BYTES, AT(key), .max = SEAL_KEY + SEAL_KEYRING_OVERHEAD},
        {.name = "arriving", .type = ENTITY_ID, AT(arriving)},
        {.name = "original", .type = ENTITY_ID, AT(original)},
        {.name = "large", .type = ENTITY_ID, AT(large)},
        {.name = "small", .type = ENTITY_ID, AT(small)},
        {.name = "film", .type = ENTITY_ID, AT(film)},
        {.name = "original_size", .type = ENTITY_INT, AT(original_size), .flags = ENTITY_OPTIONAL},
        {.name = "large_size", .type = ENTITY_INT, AT(large_size), .flags = ENTITY_OPTIONAL},
        {.name = "small_size", .type = ENTITY_INT, AT(small_size), .flags = ENTITY_OPTIONAL},
        {.name = "film_size", .type = ENTITY_INT, AT(film_size), .flags = ENTITY_OPTIONAL},
        {.name = "duration_ms", .type = ENTITY_INT, AT(duration_ms), .flags = ENTITY_OPTIONAL},
        {.name = "check_at", .type = ENTITY_TIME, AT(check_ms)},
        {.name = "check_by", .type = ENTITY_ID, AT(check_by)},
        {.name = "check_tries", .type = ENTITY_INT, AT(check_tries), .flags = ENTITY_OPTIONAL},
        {.name = "progress", .type = ENTITY_INT, AT(progress), .flags = ENTITY_OPTIONAL},
        {.name = "type", .type = ENTITY_TEXT, AT(type), .see = SEE_PARTIES | SEE_SELF, .max = 40},
        {.name = "sha256", .type = ENTITY_TEXT, AT(sha256), .max = 64},
        {.name = "pages", .type = ENTITY_INT, AT(pages), .flags = ENTITY_OPTIONAL},
        {.name = "partial", .type = ENTITY_BOOL, AT(partial)},
        {.name = "verdict", .type = ENTITY_ENUM, AT(verdict), .names = verdicts},
        {.name = "signatures",
         .type = ENTITY_BYTES,
         AT(signatures),
         .max = UPLOAD_SIGNATURES_MAX + SEAL_OVERHEAD},
        {.name = "width",
         .type = ENTITY_INT,
         AT(width),
         .see = SEE_PARTIES | SEE_SELF,
         .flags = ENTITY_OPTIONAL},
        {.name = "height",
         .type = ENTITY_INT,
         AT(height),
         .see = SEE_PARTIES | SEE_SELF,
         .flags = ENTITY_OPTIONAL},
        {.name = "likeness", .type = ENTITY_TEXT, AT(likeness), .max = 16},
        {.name = "boxes",
         .type = ENTITY_LIST,
         AT(boxes),
         .max = MEDIA_BOXES_MAX,
         .of = &upload_box_entity},
        {.name = "covered", .type = ENTITY_INT, AT(covered), .flags = ENTITY_OPTIONAL},
        {.name = "covered_at", .type = ENTITY_TIME, AT(covered_ms)},
        {.name = "covered_by", .type = ENTITY_ID, AT(covered_by)},
        {.name = "exif", .type = ENTITY_BYTES, AT(exif), .max = 256},
        {.name = "fault",
         .type = ENTITY_TEXT,
         AT(fault),
         .see = SEE_PARTIES | SEE_SELF,
         .max = 40,
         .words = "Why it was refused"},
        {.name = "attached", .type = ENTITY_ID, AT(attached)},
        {.name = "created_at", .type = ENTITY_TIME, AT(created_ms), .see = SEE_PARTIES | SEE_SELF},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {0},
    }};

const struct store_collection upload_collection = {
    .name = "upload",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"expires", "expires", STORE_INT, false},
            {"owner", "owner", STORE_ID, false},
            {"created", "created_at", STORE_INT, false},
            {"attached", "attached", STORE_ID, false},
            {"size", "original_size", STORE_INT, false},
            {"check", "check_at", STORE_INT, false},
        },
    .n_fields = 6,
    .paths =
        (const struct store_path[]){
            {.name = "expires", .why = "the sweep of what no case took", .order = "expires"},
            {.name = "owner",
             .why = "they follow a person who turns out to be another",
             .equals = {"owner"},
             .order = "created"},
            {.name = "attached",
             .why = "how much a case has been given",
             .equals = {"attached"},
             .order = "created",
             .covers = {"size"}},
            {.name = "check", .why = "videos that wait to be checked", .order = "check"},
        },
    .n_paths = 4,
};

const char *upload_extension(const char *type)
{
    static const char *const names[][2] = {{"application/pdf", ".pdf"},
                                           {"image/png", ".png"},
                                           {"image/webp", ".webp"},
                                           {"video/quicktime", ".mov"},
                                           {"video/mp4", ".mp4"},
                                           {"video/webm", ".webm"},
                                           {0}};
    size_t i = 0;
    while (type && names[i][0] && strcmp(type, names[i][0]) != 0)
        i++;
    return type && names[i][0] ? names[i][1] : ".jpg";
}
