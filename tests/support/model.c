#include "tests/support/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "tests/support/model_private.h"

void *model_grow(void *array, size_t n, size_t size)
{
    void *grown = realloc(array, (n + 1) * size);
    if (!grown)
        abort();
    return grown;
}

void model_doc_unref(struct model_doc *doc)
{
    if (--doc->refs > 0)
        return;
    bson_destroy(doc->doc);
    free(doc);
}

struct model_disk *model_disk_new(void)
{
    struct model_disk *disk = model_grow(NULL, 0, sizeof(*disk));
    *disk = (struct model_disk){0};
    pthread_mutex_init(&disk->mutex, NULL);
    return disk;
}

void model_disk_free(struct model_disk *disk)
{
    if (!disk)
        return;
    for (size_t i = 0; i < disk->n_docs; i++)
        model_doc_unref(disk->docs[i]);
    for (size_t i = 0; i < disk->n_counters; i++)
        free(disk->counters[i].name);
    for (size_t i = 0; i < disk->n_blobs; i++)
        free(disk->blobs[i].bytes);
    free(disk->docs);
    free(disk->counters);
    free(disk->blobs);
    pthread_mutex_destroy(&disk->mutex);
    free(disk);
}

static void model_close(struct store_driver *d)
{
    free(d);
}

static int model_ping(struct store_driver *d)
{
    (void)d;
    return 0;
}

/* The index of a document, or n_docs. */
static size_t find(const struct model_disk *disk, const struct store_collection *c,
                   const struct id *id)
{
    size_t i = 0;
    while (i < disk->n_docs &&
           (disk->docs[i]->collection != c || !id_equal(&disk->docs[i]->id, id)))
        i++;
    return i;
}

static struct model_doc *doc_new(const struct store_collection *c, const struct id *id,
                                 const bson_t *doc)
{
    struct model_doc *made = model_grow(NULL, 0, sizeof(*made));
    *made = (struct model_doc){.refs = 1, .collection = c, .id = *id, .doc = bson_copy(doc)};
    return made;
}

static int64_t version_of(const bson_t *doc)
{
    bson_iter_t at;
    return bson_iter_init_find(&at, doc, "version") ? bson_iter_as_int64(&at) : -1;
}

static int insert_one(struct model_disk *disk, const struct store_collection *c,
                      const struct store_insert_row *row)
{
    if (find(disk, c, &row->id) < disk->n_docs)
        return STORE_EXISTS;
    disk->docs = model_grow(disk->docs, disk->n_docs, sizeof(*disk->docs));
    disk->docs[disk->n_docs++] = doc_new(c, &row->id, row->doc);
    return 0;
}

static int model_insert(struct store_driver *d, const struct store_collection *c,
                        struct store_insert_row *rows, size_t n)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    for (size_t i = 0; i < n; i++)
        rows[i].outcome = insert_one(disk, c, &rows[i]);
    pthread_mutex_unlock(&disk->mutex);
    return 0;
}

static int model_get(struct store_driver *d, const struct store_collection *c, const struct id *id,
                     bson_t **ret)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    size_t i = find(disk, c, id);
    bool found = i < disk->n_docs;
    if (found)
        *ret = bson_copy(disk->docs[i]->doc);
    pthread_mutex_unlock(&disk->mutex);
    return found ? 0 : STORE_ABSENT;
}

/* 0 and *ret_index if the document is there in that version (any, if it is negative). */
static int find_version(const struct model_disk *disk, const struct store_collection *c,
                        const struct id *id, int64_t version, size_t *ret_index)
{
    *ret_index = find(disk, c, id);
    if (*ret_index == disk->n_docs)
        return STORE_ABSENT;
    if (version >= 0 && version_of(disk->docs[*ret_index]->doc) != version)
        return STORE_CONFLICT;
    return 0;
}

static int model_replace(struct store_driver *d, const struct store_collection *c,
                         const struct id *id, int64_t expected_version, const bson_t *doc)
{
    if (expected_version < 0)
        return E_INVALID;
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    size_t i;
    int r = find_version(disk, c, id, expected_version, &i);
    if (r == 0) {
        model_doc_unref(disk->docs[i]);
        disk->docs[i] = doc_new(c, id, doc);
    }
    pthread_mutex_unlock(&disk->mutex);
    return r;
}

static int model_remove(struct store_driver *d, const struct store_collection *c,
                        const struct id *id, int64_t expected_version)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    size_t i;
    int r = find_version(disk, c, id, expected_version, &i);
    if (r == 0) {
        model_doc_unref(disk->docs[i]);
        disk->docs[i] = disk->docs[--disk->n_docs];
    }
    pthread_mutex_unlock(&disk->mutex);
    return r;
}

static int model_bump(struct store_driver *d, const char *counter, int64_t by, int64_t *ret)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    size_t i = 0;
    while (i < disk->n_counters && strcmp(disk->counters[i].name, counter) != 0)
        i++;
    if (i == disk->n_counters) {
        disk->counters = model_grow(disk->counters, i, sizeof(*disk->counters));
        disk->counters[disk->n_counters++] = (struct model_counter){.name = strdup(counter)};
    }
    *ret = disk->counters[i].value += by;
    pthread_mutex_unlock(&disk->mutex);
    return 0;
}

/* The counter of the least name behind `after` (NULL: of all), or NULL; holding the mutex. */
static const struct model_counter *next_counter(const struct model_disk *disk, const char *after)
{
    const struct model_counter *least = NULL;
    for (size_t i = 0; i < disk->n_counters; i++) {
        const struct model_counter *at = &disk->counters[i];
        if ((!after || strcmp(at->name, after) > 0) &&
            (!least || strcmp(at->name, least->name) < 0))
            least = at;
    }
    return least;
}

static int model_counters(struct store_driver *d, const char *after, size_t max, struct arena *a,
                          struct store_counter *ret, size_t *ret_n)
{
    struct model_disk *disk = model_disk_of(d);
    const struct model_counter *at;
    pthread_mutex_lock(&disk->mutex);
    *ret_n = 0;
    while (*ret_n < max && (at = next_counter(disk, after)) != NULL) {
        ret[(*ret_n)++] = (struct store_counter){arena_strdup(a, at->name), at->value};
        after = at->name;
    }
    pthread_mutex_unlock(&disk->mutex);
    return 0;
}

static const struct store_driver_ops model_ops = {
    .name = "model",
    .close = model_close,
    .ping = model_ping,
    .insert = model_insert,
    .get = model_get,
    .replace = model_replace,
    .remove = model_remove,
    .begin = model_begin,
    .end = model_end,
    .scan = model_scan,
    .next = model_next,
    .tally = model_tally,
    .bump = model_bump,
    .counters = model_counters,
    .blob_create = model_blob_create,
    .blob_append = model_blob_append,
    .blob_finish = model_blob_finish,
    .blob_stat = model_blob_stat,
    .blob_read = model_blob_read,
    .blob_remove = model_blob_remove,
    .blob_list = model_blob_list,
};

struct store_driver *model_open(struct model_disk *disk)
{
    struct model *m = model_grow(NULL, 0, sizeof(*m));
    *m = (struct model){.driver = {.ops = &model_ops, .exclusive = true}, .disk = disk};
    return &m->driver;
}
