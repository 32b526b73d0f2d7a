/* The fields of a delivery, and what the store may order deliveries by. */
#include "push/push.h"

#include <string.h>

#include "base/crypto/seal.h"
#include "base/result.h"

#define AT(member) .offset = offsetof(struct delivery, member)
#define AT_X(member) .offset = offsetof(struct delivery_x, member)
#define SEE_READER (SEE_OWNER | SEE_SELF)

const struct entity_name delivery_channels[] = {
    {0},
    [CHANNEL_INBOX] = {"inbox", {"Hộp thư", "Inbox"}},
    [CHANNEL_SMS] = {"sms", {"Tin nhắn", "Text message"}},
    [CHANNEL_WEBHOOK] = {"webhook", {"Webhook", "Webhook"}},
    [CHANNEL_DOCUMENT] = {"document", {"Tài liệu không đọc được", "Unreadable document"}},
    {0},
};

const struct entity_name delivery_states[] = {
    {0},
    [DELIVERY_DONE] = {"done", {"Đã gửi", "Done"}},
    [DELIVERY_PENDING] = {"pending", {"Đang chờ", "Pending"}},
    [DELIVERY_DEAD] = {"dead", {"Không gửi được", "Dead"}},
    {0},
};

static const struct entity delivery_x_entity = {
    .name = "DeliveryDerived",
    .size = sizeof(struct delivery_x),
    .fields = (const struct entity_field[]){
        {.name = "told", .type = ENTITY_TIME, AT_X(told_ms)},
        {.name = "next", .type = ENTITY_TIME, AT_X(next_ms)},
        {.name = "dead", .type = ENTITY_TIME, AT_X(dead_ms)},
        {.name = "lane", .type = ENTITY_ID, AT_X(lane)},
        {0},
    }};

static void delivery_derive(void *record, struct arena *a)
{
    (void)a;
    struct delivery *d = record;
    bool pending = d->state == DELIVERY_PENDING;
    d->x = (struct delivery_x){.told_ms = d->channel == CHANNEL_INBOX ? d->at_ms : 0,
                               .next_ms = pending ? d->next_ms : 0,
                               .dead_ms = d->state == DELIVERY_DEAD ? d->next_ms : 0};
    if (pending && d->channel == CHANNEL_WEBHOOK)
        d->x.lane = d->about;
}

const struct entity delivery_entity = {
    .name = "Notice",
    .size = sizeof(struct delivery),
    .derive = delivery_derive,
    .fields = (const struct entity_field[]){
        {.name = "recipient", .type = ENTITY_ID, AT(recipient)},
        {.name = "channel",
         .type = ENTITY_ENUM,
         AT(channel),
         .see = SEE_ADMIN,
         .names = delivery_channels},
        {.name = "delivery_state",
         .type = ENTITY_ENUM,
         AT(state),
         .see = SEE_ADMIN,
         .names = delivery_states},
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = SEE_READER | SEE_ADMIN},
        {.name = "subject",
         .type = ENTITY_TEXT,
         AT(subject),
         .see = SEE_READER | SEE_ADMIN,
         .max = 40,
         .words = "Kind of what it is about: report"},
        {.name = "about", .type = ENTITY_ID, AT(about), .see = SEE_READER | SEE_ADMIN},
        {.name = "number",
         .type = ENTITY_TEXT,
         AT(number),
         .see = SEE_READER | SEE_ADMIN,
         .max = 40},
        {.name = "what",
         .type = ENTITY_TEXT,
         AT(what),
         .see = SEE_READER | SEE_ADMIN,
         .max = 40,
         .words = "The verb of the step, or warning, late, emergency"},
        {.name = "status",
         .type = ENTITY_TEXT,
         AT(status),
         .see = SEE_READER,
         .max = 40,
         .words = "State of the case after the step"},
        {.name = "agency",
         .type = ENTITY_TEXT,
         AT(agency),
         .see = SEE_READER | SEE_ADMIN,
         .max = CASE_CODE_MAX},
        {.name = "step", .type = ENTITY_INT, AT(step), .see = SEE_READER, .flags = ENTITY_OPTIONAL},
        {.name = "text_vi",
         .type = ENTITY_TEXT,
         AT(text_vi),
         .see = SEE_READER,
         .max = PUSH_TEXT_MAX},
        {.name = "text_en",
         .type = ENTITY_TEXT,
         AT(text_en),
         .see = SEE_READER,
         .max = PUSH_TEXT_MAX},
        {.name = "read_at", .type = ENTITY_TIME, AT(read_ms), .see = SEE_READER},
        {.name = "payload",
         .type = ENTITY_BYTES,
         AT(payload),
         .max = PUSH_WEBHOOK_MAX + SEAL_KEYRING_OVERHEAD},
        {.name = "tries",
         .type = ENTITY_INT,
         AT(tries),
         .see = SEE_ADMIN,
         .flags = ENTITY_OPTIONAL},
        {.name = "next_at", .type = ENTITY_TIME, AT(next_ms), .see = SEE_ADMIN},
        {.name = "until", .type = ENTITY_TIME, AT(until_ms), .see = SEE_ADMIN},
        {.name = "error", .type = ENTITY_TEXT, AT(error), .see = SEE_ADMIN},
        {.name = "expires", .type = ENTITY_TIME, AT(expires_ms)},
        {.name = "x",
         .type = ENTITY_OBJECT,
         AT(x),
         .of = &delivery_x_entity,
         .flags = ENTITY_DERIVED},
        {0},
    }};

const struct store_collection delivery_collection = {
    .name = "delivery",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"recipient", "recipient", STORE_ID, false},
            {"at", "at", STORE_INT, false},
            {"told", "x.told", STORE_INT, false},
            {"next", "x.next", STORE_INT, false},
            {"dead", "x.dead", STORE_INT, false},
            {"lane", "x.lane", STORE_ID, false},
            {"expires", "expires", STORE_INT, false},
        },
    .n_fields = 7,
    .paths =
        (const struct store_path[]){
            {.name = "inbox",
             .why = "somebody's notices by time; streams that resume",
             .equals = {"recipient"},
             .order = "at"},
            {.name = "told", .why = "streams of another node: what is new", .order = "told"},
            {.name = "next", .why = "the sender: what waits for a try", .order = "next"},
            {.name = "dead", .why = "the operator: dead letters", .order = "dead"},
            {.name = "lane",
             .why = "the sender: an earlier call about the same case goes first",
             .equals = {"lane"},
             .order = "at"},
            {.name = "expires", .why = "the sweep", .order = "expires"},
        },
    .n_paths = 6,
};

int delivery_decode(const bson_t *doc, struct arena *a, struct delivery *ret)
{
    *ret = (struct delivery){0};
    int done = entity_decode(&delivery_entity, doc, a, ret);
    if (done < 0)
        return done;
    return store_document_id(doc, &ret->id) ? 0 : E_CORRUPT;
}

void delivery_json(const struct delivery *d, unsigned see, struct buf *out)
{
    char id[ID_TEXT];
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", id_format(&d->id, id));
    entity_json_members(&delivery_entity, d, see, &first, out);
    buf_add_char(out, '}');
}
