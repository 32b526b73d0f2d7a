#include "domain/setting/setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"

#define CHUNK ((size_t)256 * 1024)

static const struct entity_field fields[] = {
    {.name = "name",
     .type = ENTITY_TEXT,
     .offset = offsetof(struct setting, name),
     .see = SEE_ADMIN,
     .max = 40},
    {.name = "blob", .type = ENTITY_ID, .offset = offsetof(struct setting, blob)},
    {.name = "size",
     .type = ENTITY_INT,
     .offset = offsetof(struct setting, size),
     .see = SEE_ADMIN},
    {.name = "set_at",
     .type = ENTITY_TIME,
     .offset = offsetof(struct setting, set_ms),
     .see = SEE_ADMIN},
    {.name = "revision",
     .type = ENTITY_INT,
     .offset = offsetof(struct setting, revision),
     .see = SEE_ADMIN},
    {0},
};

const struct entity setting_entity = {
    .name = "Setting", .size = sizeof(struct setting), .fields = fields};

/* Read by id alone. */
const struct store_collection setting_collection = {.name = "setting", .form = 1};

struct id setting_id(const char *name)
{
    return id_v8("setting", &(struct id_part){name, strlen(name)}, 1);
}

int setting_get(struct store *s, const char *name, struct arena *a, struct setting *ret)
{
    struct id id = setting_id(name);
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &setting_collection, &id, &doc);
    if (done != 0)
        return done;
    *ret = (struct setting){0};
    return entity_decode(&setting_entity, doc, a, ret);
}

static int read_blob(struct store *s, const struct setting *setting, struct buf *ret)
{
    CLEANUP(freep) char *chunk = malloc(CHUNK);
    if (!chunk)
        return E_NOMEM;
    for (int64_t at = 0; at < setting->size;) {
        size_t n = 0;
        int done = store_blob_read(s, &setting->blob, at, chunk, CHUNK, &n);
        if (done != 0 || n == 0)
            return done != 0 ? done : E_CORRUPT;
        buf_add(ret, chunk, n);
        at += (int64_t)n;
    }
    return ret->failed ? E_FULL : 0;
}

int setting_read(struct store *s, const char *name, struct buf *ret)
{
    struct arena a;
    arena_init(&a);
    struct setting setting;
    size_t before = ret->len;
    int done = setting_get(s, name, &a, &setting);
    if (done == 0)
        done = read_blob(s, &setting, ret);
    if (done == STORE_ABSENT && ret->len == before) {
        /* Replaced between the two reads: the new one is named by now. */
        done = setting_get(s, name, &a, &setting);
        if (done == 0 && read_blob(s, &setting, ret) != 0)
            done = E_CORRUPT;
    }
    arena_release(&a);
    return done;
}

static int write_blob(struct store *s, const char *bytes, size_t n, struct id *ret)
{
    int done = store_blob_create(s, ret);
    if (done != 0)
        return done;
    int64_t size = 0;
    for (size_t at = 0; done == 0 && at < n;) {
        size_t part = n - at < CHUNK ? n - at : CHUNK;
        done = store_blob_append(s, ret, (int64_t)at, bytes + at, part, &size);
        at += part;
    }
    struct store_blob_info info;
    if (done == 0)
        done = store_blob_finish(s, ret, &info);
    if (done != 0)
        store_blob_remove(s, ret);
    return done;
}

struct putting {
    const struct setting *next;
    struct id old; /* blob that is no longer named */
};

static int put(struct store_edit *edit, void *ctx)
{
    struct putting *p = ctx;
    struct setting before = {0}, next = *p->next;
    int done =
        edit->before ? entity_decode(&setting_entity, edit->before, edit->arena, &before) : 0;
    if (done < 0)
        return done;
    p->old = before.blob;
    next.revision = before.revision + 1;
    return entity_encode(&setting_entity, &next, edit->before, edit->arena, edit->after);
}

int setting_put(struct store *s, const char *name, const void *bytes, size_t n, int64_t now_ms)
{
    return setting_put_at(s, name, bytes, n, now_ms, STORE_ANY_REVISION);
}

int setting_put_at(struct store *s, const char *name, const void *bytes, size_t n, int64_t now_ms,
                   int64_t revision)
{
    if (n == 0 || n > SETTING_MAX)
        return E_INVALID;
    struct setting next = {.name = name, .size = (int64_t)n, .set_ms = now_ms};
    int done = write_blob(s, bytes, n, &next.blob);
    if (done != 0)
        return done;
    struct id id = setting_id(name);
    struct putting p = {.next = &next};
    struct store_change_options options = {.if_revision = revision, .or_create = true};
    done = store_change(s, &setting_collection, &id, &options, put, &p, NULL);
    if (done == E_UNKNOWN)
        return done; /* either blob may be the one that is named: both stay */
    const struct id *unnamed = done == 0 ? &p.old : &next.blob;
    if (!id_is_nil(unnamed))
        store_blob_remove(s, unnamed);
    return done;
}
