#include "base/result.h"
#include "domain/export/export.h"

#define AT(member) .offset = offsetof(struct export, member)

const struct entity_name export_states[] = {
    {0},
    [EXPORT_QUEUED] = {"queued", {"Đang chờ", "Queued"}},
    [EXPORT_RUNNING] = {"running", {"Đang chuẩn bị", "Being made"}},
    [EXPORT_READY] = {"ready", {"Sẵn sàng", "Ready"}},
    [EXPORT_FAILED] = {"failed", {"Không làm được", "Failed"}},
    [EXPORT_REMOVED] = {"removed", {"Đã gỡ", "Removed"}},
    {0},
};

const struct entity export_entity = {
    .name = "Export",
    .size = sizeof(struct export),
    .fields = (const struct entity_field[]){
        {.name = "owner", .type = ENTITY_ID, AT(owner)},
        {.name = "level", .type = ENTITY_INT, AT(level)},
        {.name = "state", .type = ENTITY_ENUM, AT(state), .see = SEE_OWNER, .names = export_states},
        {.name = "asked_at", .type = ENTITY_TIME, AT(asked_ms), .see = SEE_OWNER},
        {.name = "done", .type = ENTITY_INT, AT(done), .see = SEE_OWNER, .words = "Things so far"},
        {.name = "total",
         .type = ENTITY_INT,
         AT(total),
         .see = SEE_OWNER,
         .flags = ENTITY_OPTIONAL,
         .words = "Things in all; absent until they are counted"},
        {.name = "tries", .type = ENTITY_INT, AT(tries)},
        {.name = "worker", .type = ENTITY_ID, AT(worker)},
        {.name = "next", .type = ENTITY_TIME, AT(next_ms)},
        {.name = "blob", .type = ENTITY_ID, AT(blob)},
        {.name = "size",
         .type = ENTITY_INT,
         AT(size),
         .see = SEE_OWNER,
         .flags = ENTITY_OPTIONAL,
         .words = "Bytes of the ZIP"},
        {.name = "key", .type = ENTITY_BYTES, AT(key), .max = SEAL_KEY + SEAL_OVERHEAD},
        {.name = "ready_at", .type = ENTITY_TIME, AT(ready_ms), .see = SEE_OWNER},
        {.name = "expires",
         .type = ENTITY_TIME,
         AT(expires_ms),
         .see = SEE_OWNER,
         .words = "Removed then"},
        {0},
    }};

const struct store_collection export_collection = {
    .name = "export",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"owner", "owner", STORE_ID, false},
            {"asked", "asked_at", STORE_INT, false},
            {"next", "next", STORE_INT, false},
            {"expires", "expires", STORE_INT, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "owner",
             .why = "what I was given; who is merged or erased",
             .equals = {"owner"},
             .order = "asked"},
            {.name = "next", .why = "what a worker must take up", .order = "next"},
            {.name = "expires", .why = "the sweep", .order = "expires"},
        },
    .n_paths = 3,
};

int export_decode(const bson_t *doc, struct arena *a, struct export *ret)
{
    *ret = (struct export){0};
    int done = entity_decode(&export_entity, doc, a, ret);
    return done < 0 ? done : store_document_id(doc, &ret->id) ? 0 : E_CORRUPT;
}
