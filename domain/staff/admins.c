#include <string.h>

#include "base/result.h"
#include "domain/staff/account.h"

#define LEAVING_MS (INT64_C(10) * 60 * 1000)
#define LEAVING_MAX 64
#define TRIES 20

struct leaver {
    struct id id;
    int64_t at_ms;
};

struct admins {
    struct entity_list leaving; /* struct leaver */
    int64_t revision;
};

static const struct entity leaver_entity = {
    .name = "StaffLeaver",
    .size = sizeof(struct leaver),
    .fields = (const struct entity_field[]){
        {.name = "id", .type = ENTITY_ID, .offset = offsetof(struct leaver, id)},
        {.name = "at", .type = ENTITY_TIME, .offset = offsetof(struct leaver, at_ms)},
        {0},
    }};

static const struct entity admins_entity = {
    .name = "StaffAdmins",
    .size = sizeof(struct admins),
    .fields = (const struct entity_field[]){
        {.name = "leaving",
         .type = ENTITY_LIST,
         .offset = offsetof(struct admins, leaving),
         .max = LEAVING_MAX,
         .of = &leaver_entity},
        {.name = "revision", .type = ENTITY_INT, .offset = offsetof(struct admins, revision)},
        {0},
    }};

const struct store_collection staff_admins_collection = {.name = "staff_admins", .form = 1};

static struct id admins_id(const char *agency)
{
    return id_v8("staff.admins", &(struct id_part){agency, strlen(agency)}, 1);
}

static bool leaves(const struct admins *of, const struct id *id, int64_t now_ms)
{
    const struct leaver *leaving = of->leaving.items;
    for (size_t i = 0; i < of->leaving.n; i++) {
        if (id_equal(&leaving[i].id, id) && leaving[i].at_ms + LEAVING_MS > now_ms)
            return true;
    }
    return false;
}

/* Whether somebody stays who can sign in and do an administrator's work. */
static int anybody_stays(struct store *s, const char *agency, const struct id *admin,
                         const struct admins *of, int64_t now_ms, struct arena *a, bool *ret)
{
    struct staff *all = NULL;
    size_t n = 0;
    int done = staff_of_agency(s, agency, STAFF_ADMIN, a, &all, &n);
    *ret = false;
    for (size_t i = 0; done == 0 && i < n; i++)
        *ret |= all[i].password && !id_equal(&all[i].id, admin) && !leaves(of, &all[i].id, now_ms);
    return done;
}

struct noting {
    const struct id *id;
    int64_t at_ms; /* 0: it is done */
};

static int note(struct store_edit *edit, void *ctx)
{
    const struct noting *n = ctx;
    struct admins of = {0};
    int done = edit->before ? entity_decode(&admins_entity, edit->before, edit->arena, &of) : 0;
    if (done < 0)
        return done;
    struct leaver *leaving = arena_array(edit->arena, of.leaving.n + 1, sizeof(*leaving));
    const struct leaver *before = of.leaving.items;
    size_t kept = 0;
    for (size_t i = 0; i < of.leaving.n; i++) {
        bool over = n->at_ms && before[i].at_ms + LEAVING_MS <= n->at_ms;
        if (!over && !id_equal(&before[i].id, n->id))
            leaving[kept++] = before[i];
    }
    if (n->at_ms)
        leaving[kept++] = (struct leaver){*n->id, n->at_ms};
    of.leaving = (struct entity_list){leaving, kept};
    of.revision++;
    return entity_encode(&admins_entity, &of, edit->before, edit->arena, edit->after);
}

int admins_leave(struct store *s, const char *agency, const struct id *admin, int64_t now_ms,
                 struct arena *a)
{
    struct id id = admins_id(agency);
    int done = STORE_REVISED;
    for (int i = 0; i < TRIES && done == STORE_REVISED; i++) {
        CLEANUP(bson_destroyp) bson_t *doc = NULL;
        struct admins of = {0};
        bool stays = false;
        done = store_get(s, &staff_admins_collection, &id, &doc);
        if (done == 0)
            done = entity_decode(&admins_entity, doc, a, &of);
        if (done < 0)
            return done;
        done = anybody_stays(s, agency, admin, &of, now_ms, a, &stays);
        if (done != 0 || !stays)
            return done != 0 ? done : ACCOUNT_LAST_ADMIN;
        struct noting n = {admin, now_ms};
        struct store_change_options options = {.if_revision = of.revision, .or_create = true};
        done = store_change(s, &staff_admins_collection, &id, &options, note, &n, NULL);
    }
    return done == STORE_REVISED ? E_BUSY : done;
}

int admins_left(struct store *s, const char *agency, const struct id *admin)
{
    struct id id = admins_id(agency);
    struct noting n = {admin, 0};
    int done = store_change(s, &staff_admins_collection, &id, NULL, note, &n, NULL);
    return done < 0 ? done : 0;
}
