#include <string.h>

#include "base/crypto/mac.h"
#include "domain/look/private.h"

#define AT(member) .offset = offsetof(struct look, member)
#define SEE_BOTH (SEE_OWNER | SEE_INSPECTOR)

const struct entity look_entity = {
    .name = "Look",
    .size = sizeof(struct look),
    .fields = (const struct entity_field[]){
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = SEE_BOTH},
        {.name = "office", .type = ENTITY_TEXT, AT(office), .see = SEE_BOTH, .max = 600},
        {.name = "title",
         .type = ENTITY_TEXT,
         AT(title),
         .see = SEE_BOTH,
         .max = 240,
         .words = "Of the official; their name is not told"},
        {.name = "role", .type = ENTITY_TEXT, AT(role), .see = SEE_BOTH, .max = 40},
        {.name = "what", .type = ENTITY_WORDS, AT(what), .see = SEE_BOTH, .max = LOOK_WHAT_MAX},
        {.name = "number",
         .type = ENTITY_TEXT,
         AT(number),
         .see = SEE_BOTH,
         .max = 60,
         .words = "Of the case that it was for"},
        {.name = "reason",
         .type = ENTITY_TEXT,
         AT(reason),
         .see = SEE_BOTH,
         .max = LOOK_REASON_MAX},
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = SEE_INSPECTOR, .max = 35},
        {.name = "staff", .type = ENTITY_ID, AT(staff), .see = SEE_INSPECTOR},
        {.name = "person", .type = ENTITY_ID, AT(person), .see = SEE_INSPECTOR},
        {.name = "route", .type = ENTITY_TEXT, AT(route), .see = SEE_INSPECTOR, .max = 60},
        {.name = "seq",
         .type = ENTITY_INT,
         AT(seq),
         .see = SEE_INSPECTOR,
         .words = "In the agency's chain"},
        {.name = "day", .type = ENTITY_INT, AT(day)},
        {.name = "whom", .type = ENTITY_ID, AT(whom)},
        {.name = "salt", .type = ENTITY_BYTES, AT(salt), .max = LOOK_SALT},
        {.name = "told", .type = ENTITY_BYTES, AT(told), .max = SHA256_SIZE},
        {.name = "digest", .type = ENTITY_BYTES, AT(digest), .max = SHA256_SIZE},
        {.name = "tag", .type = ENTITY_BYTES, AT(tag), .max = MAC_TAG},
        {0},
    }};

/* One more index entry each for a write that a person waits for with their eyes: they are few. */
const struct store_collection look_collection = {
    .name = "look",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"person", "person", STORE_ID, false},
            {"staff", "staff", STORE_ID, false},
            {"agency", "agency", STORE_TEXT, false},
            {"at", "at", STORE_INT, false},
            {"seq", "seq", STORE_INT, false},
            {"day", "day", STORE_INT, false},
        },
    .n_fields = 6,
    .paths =
        (const struct store_path[]){
            {.name = "person", .why = "who looked at me", .equals = {"person"}, .order = "at"},
            {.name = "staff",
             .why = "inspector: looks of an officer",
             .equals = {"staff"},
             .order = "at"},
            {.name = "agency",
             .why = "inspector: looks of an agency",
             .equals = {"agency"},
             .order = "at"},
            {.name = "time", .why = "inspector: all looks", .order = "at"},
            {.name = "chain",
             .why = "the head to append to, and the proof",
             .equals = {"agency"},
             .order = "seq"},
            {.name = "day",
             .why = "looks of each officer a day",
             .order = "day",
             .covers = {"agency", "staff"}},
            {.name = "agency_day",
             .why = "the same of one agency",
             .equals = {"agency"},
             .order = "day",
             .covers = {"staff"}},
        },
    .n_paths = 7,
};

const struct entity_name look_faults[] = {
    {0},
    [LOOK_MISSING] = {"missing", {"Thiếu bản ghi", "Missing"}},
    [LOOK_ALTERED] = {"altered", {"Bị sửa", "Altered"}},
    [LOOK_FORGED] = {"forged", {"Không do hệ thống ghi", "Not written by this program"}},
    [LOOK_RETOLD] = {"retold", {"Người hoặc lý do bị đổi", "Person or reason changed"}},
    [LOOK_CUT] = {"cut", {"Bị cắt so với lần trước", "Cut off since it was noted"}},
    {0},
};

struct id look_id(const char *agency, int64_t seq)
{
    const struct id_part parts[] = {{agency, strlen(agency)}, {&seq, sizeof(seq)}};
    return id_v8("look", parts, ARRAY_LEN(parts));
}

/* --- digests ---------------------------------------------------------------------------------- */

static const char ENCODING[] = "tram-look-1"; /* its NUL is part of it */

static void feed_number(struct sha256 *h, uint64_t value, size_t bytes)
{
    uint8_t out[8];
    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    sha256_update(h, out, bytes);
}

static void feed_text(struct sha256 *h, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    feed_number(h, n, 4);
    sha256_update(h, text, n);
}

void look_told(const struct look *l, uint8_t out[SHA256_SIZE])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, l->salt.data, l->salt.n);
    sha256_update(&h, l->whom.bytes, 16);
    sha256_update(&h, l->reason, l->reason ? strlen(l->reason) : 0);
    sha256_final(&h, out);
}

void look_digest(const struct look *l, const uint8_t *before, uint8_t out[SHA256_SIZE])
{
    static const uint8_t zero[SHA256_SIZE];
    struct sha256 h;
    sha256_init(&h);
    sha256_update(&h, ENCODING, sizeof(ENCODING));
    sha256_update(&h, before ? before : zero, SHA256_SIZE);
    feed_number(&h, (uint64_t)l->seq, 8);
    feed_number(&h, (uint64_t)l->at_ms, 8);
    sha256_update(&h, l->staff.bytes, 16);
    const char *texts[] = {l->agency, l->office, l->title, l->role, l->number, l->route};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        feed_text(&h, texts[i]);
    feed_number(&h, l->what.n, 4);
    for (size_t i = 0; i < l->what.n; i++)
        feed_text(&h, l->what.items[i]);
    sha256_update(&h, l->told.n == SHA256_SIZE ? l->told.data : zero, SHA256_SIZE);
    sha256_final(&h, out);
}
