/* Which cases name a file that belongs to another. */
#include "base/result.h"
#include "domain/document/document.h"

static struct id id_of(const struct id *file, const struct id *used_by)
{
    const struct id_part parts[] = {{file->bytes, 16}, {used_by->bytes, 16}};
    return id_v8("file.use", parts, ARRAY_LEN(parts));
}

int file_use_noted(struct store *s, const struct id *file, const struct id *used_by, bool *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    struct id id = id_of(file, used_by);
    int done = store_get(s, &file_use_collection, &id, &doc);
    *ret = done == 0;
    return done < 0 ? done : 0;
}

int file_uses_note(struct store *s, const struct file_use *uses, size_t n)
{
    struct arena a;
    arena_init(&a);
    struct store_new_doc *docs = arena_array(&a, n, sizeof(*docs));
    int done = 0;
    for (size_t i = 0; i < n; i++) {
        struct file_use made = uses[i];
        bson_t *body = bson_new();
        docs[i] = (struct store_new_doc){.id = id_of(&made.file, &made.used_by), .body = body};
        int written = entity_encode(&file_use_entity, &made, NULL, &a, body);
        done = done == 0 ? written : done;
    }
    if (done == 0 && n > 0)
        done = store_insert(s, &file_use_collection, docs, n);
    for (size_t i = 0; i < n; i++) {
        if (done == 0 && docs[i].outcome < 0)
            done = docs[i].outcome;
        bson_destroy((bson_t *)(uintptr_t)docs[i].body);
    }
    arena_release(&a);
    return done;
}

int file_uses(struct store *s, const struct id *file, struct arena *a, struct file_use **ret,
              size_t *ret_n)
{
    struct store_value value = store_id(*file);
    const struct store_condition theirs = {
        .field = "file", .op = STORE_EQ, .values = &value, .n_values = 1};
    const struct store_query q = {.conditions = &theirs,
                                  .n_conditions = 1,
                                  .order = "at",
                                  .descending = true,
                                  .limit = FILE_USES_MAX};
    struct store_page page = {0};
    int done = store_scan(s, &file_use_collection, &q, a, &page);
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = 0;
    for (size_t i = 0; i < page.n && done == 0; i++) {
        struct file_use *u = &(*ret)[(*ret_n)++];
        *u = (struct file_use){0};
        done = entity_decode(&file_use_entity, page.docs[i], a, u);
        if (done == 0 && !store_document_id(page.docs[i], &u->id))
            done = E_CORRUPT;
    }
    return done;
}
