#include "domain/staff/act.h"

#include <string.h>

#include "base/result.h"
#include "domain/case/case.h"
#include "domain/staff/staff.h"

#define AT(member) .offset = offsetof(struct staff_act, member)
#define READERS (SEE_ADMIN | SEE_INSPECTOR)

const struct entity staff_act_entity = {
    .name = "StaffAct",
    .size = sizeof(struct staff_act),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, AT(id), .see = READERS},
        {.name = "at", .type = ENTITY_TIME, AT(at_ms), .see = READERS},
        {.name = "verb", .type = ENTITY_TEXT, AT(verb), .see = READERS, .max = 40},
        {.name = "agency", .type = ENTITY_TEXT, AT(agency), .see = READERS, .max = CASE_CODE_MAX},
        {.name = "by",
         .type = ENTITY_ID,
         AT(by),
         .see = READERS,
         .words = "Who did it; absent: the operator, at the server"},
        {.name = "by_user",
         .type = ENTITY_TEXT,
         AT(by_user),
         .see = READERS,
         .max = STAFF_USER_MAX},
        {.name = "by_agency",
         .type = ENTITY_TEXT,
         AT(by_agency),
         .see = READERS,
         .max = CASE_CODE_MAX},
        {.name = "to", .type = ENTITY_ID, AT(to), .see = READERS, .words = "To whose account"},
        {.name = "to_user",
         .type = ENTITY_TEXT,
         AT(to_user),
         .see = READERS,
         .max = STAFF_USER_MAX},
        {.name = "detail",
         .type = ENTITY_TEXT,
         AT(detail),
         .see = READERS,
         .max = STAFF_ACT_DETAIL_MAX},
        {.name = "address",
         .type = ENTITY_TEXT,
         AT(address),
         .see = READERS,
         .max = STAFF_ADDRESS_KEY,
         .words = "The same for the same address, which it does not tell"},
        {0},
    }};

const struct store_collection staff_act_collection = {
    .name = "staff_act",
    .form = 1,
    .fields =
        (const struct store_field[]){
            {"agency", "agency", STORE_TEXT, false},
            {"at", "at", STORE_INT, false},
            {"to", "to", STORE_ID, false},
            {"by", "by", STORE_ID, false},
        },
    .n_fields = 4,
    .paths =
        (const struct store_path[]){
            {.name = "agency",
             .why = "the administrator's log, newest first",
             .equals = {"agency"},
             .order = "at"},
            {.name = "at", .why = "the inspector's log, newest first", .order = "at"},
            {.name = "to", .why = "what was done to one account", .equals = {"to"}, .order = "at"},
            {.name = "by", .why = "what one person did", .equals = {"by"}, .order = "at"},
        },
    .n_paths = 4,
};

/* --- the outbox ------------------------------------------------------------------------------- */

struct outbox {
    struct entity_list acts;
    int64_t acts_ms;
};

/* Of any document that has one; what else it holds is kept as it is. */
static const struct entity outbox_entity = {
    .name = "StaffOutbox",
    .size = sizeof(struct outbox),
    .fields = (const struct entity_field[]){STAFF_ACT_FIELDS(struct outbox), {0}}};

struct staff_act staff_act_of(const struct staff_doer *doer, const char *verb, int64_t now_ms)
{
    return (struct staff_act){.id = id_v7(now_ms),
                              .at_ms = now_ms,
                              .verb = verb,
                              .by = doer->id,
                              .by_user = doer->user,
                              .by_agency = doer->agency,
                              .address = doer->address};
}

bool staff_act_add(struct entity_list *acts, int64_t *acts_ms, const struct staff_act *act,
                   struct arena *a)
{
    if (acts->n >= STAFF_ACTS_MAX)
        return false;
    struct staff_act *items = arena_array(a, acts->n + 1, sizeof(*items));
    if (acts->n > 0)
        memcpy(items, acts->items, acts->n * sizeof(*items));
    items[acts->n] = *act;
    *acts = (struct entity_list){items, acts->n + 1};
    if (!*acts_ms)
        *acts_ms = act->at_ms;
    return true;
}

struct posting {
    const struct staff_act *acts;
    size_t n;
};

static bool posted(const struct posting *p, const struct id *id)
{
    for (size_t i = 0; i < p->n; i++) {
        if (id_equal(&p->acts[i].id, id))
            return true;
    }
    return false;
}

static int empty(struct store_edit *edit, void *ctx)
{
    struct outbox box = {0};
    int done = entity_decode(&outbox_entity, edit->before, edit->arena, &box);
    if (done < 0)
        return done;
    struct staff_act *acts = box.acts.items;
    size_t kept = 0, before = box.acts.n;
    for (size_t i = 0; i < before; i++) {
        if (!posted(ctx, &acts[i].id))
            acts[kept++] = acts[i];
    }
    if (kept == before)
        return STORE_UNCHANGED;
    box.acts.n = kept;
    box.acts_ms = kept > 0 ? acts[0].at_ms : 0;
    return entity_encode(&outbox_entity, &box, edit->before, edit->arena, edit->after);
}

int staff_act_write(struct store *s, const struct staff_act *act)
{
    struct arena a;
    struct staff_act written = *act;
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    struct store_write write = store_write_fresh();
    arena_init(&a);
    int done = entity_encode(&staff_act_entity, &written, NULL, &a, body);
    if (done == 0)
        done = store_create(s, &staff_act_collection, &act->id, &write, body, NULL);
    arena_release(&a);
    return done == STORE_EXISTS ? 0 : done; /* whoever came before did not come to empty the box */
}

static int post(struct store *s, const struct store_collection *c, const struct id *id,
                const bson_t *doc, struct arena *a)
{
    struct outbox box = {0};
    int done = entity_decode(&outbox_entity, doc, a, &box);
    if (done < 0 || box.acts.n == 0)
        return done;
    const struct staff_act *acts = box.acts.items;
    for (size_t i = 0; i < box.acts.n && done == 0; i++)
        done = staff_act_write(s, &acts[i]);
    if (done != 0)
        return done;
    struct posting p = {box.acts.items, box.acts.n};
    done = store_change(s, c, id, NULL, empty, &p, NULL);
    return done < 0 ? done : 0;
}

int staff_acts_post(struct store *s, const struct store_collection *c, const struct id *id)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, c, id, &doc);
    if (done != 0)
        return done < 0 ? done : 0;
    struct arena a;
    arena_init(&a);
    done = post(s, c, id, doc, &a);
    arena_release(&a);
    return done;
}

int staff_acts_sweep(struct store *s, const struct store_collection *c, size_t max)
{
    struct arena a;
    arena_init(&a);
    struct store_query q = {.order = "acts_at",
                            .limit = max < STORE_LIMIT_MAX ? max : STORE_LIMIT_MAX};
    struct store_page page;
    int done = store_scan(s, c, &q, &a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = post(s, c, &id, page.docs[i], &a);
    }
    arena_release(&a);
    return done;
}
