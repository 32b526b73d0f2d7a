#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "tests/support/model_private.h"

/* The blob of that id, or NULL; holding the mutex. */
static struct model_blob *find(struct model_disk *disk, const struct id *id)
{
    for (size_t i = 0; i < disk->n_blobs; i++)
        if (id_equal(&disk->blobs[i].id, id))
            return &disk->blobs[i];
    return NULL;
}

int model_blob_create(struct store_driver *d, const struct id *id)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    int r = STORE_EXISTS;
    if (!find(disk, id)) {
        disk->blobs = model_grow(disk->blobs, disk->n_blobs, sizeof(*disk->blobs));
        disk->blobs[disk->n_blobs++] = (struct model_blob){.id = *id};
        r = 0;
    }
    pthread_mutex_unlock(&disk->mutex);
    return r;
}

static int append(struct model_blob *blob, int64_t offset, const void *bytes, size_t n,
                  int64_t *ret_size)
{
    if (!blob)
        return STORE_ABSENT;
    if (blob->info.finished)
        return E_INVALID;
    *ret_size = blob->info.size;
    if (offset != blob->info.size)
        return STORE_CONFLICT;
    blob->bytes = model_grow(blob->bytes, (size_t)offset + n, 1);
    if (n > 0)
        memcpy(blob->bytes + offset, bytes, n);
    *ret_size = blob->info.size += (int64_t)n;
    return 0;
}

int model_blob_append(struct store_driver *d, const struct id *id, int64_t offset,
                      const void *bytes, size_t n, int64_t *ret_size)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    int r = append(find(disk, id), offset, bytes, n, ret_size);
    pthread_mutex_unlock(&disk->mutex);
    return r;
}

int model_blob_finish(struct store_driver *d, const struct id *id, struct store_blob_info *ret)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    struct model_blob *blob = find(disk, id);
    if (blob) {
        blob->info.finished = true;
        crypto_hash_sha256(blob->info.sha256, blob->bytes, (size_t)blob->info.size);
        *ret = blob->info;
    }
    pthread_mutex_unlock(&disk->mutex);
    return blob ? 0 : STORE_ABSENT;
}

int model_blob_stat(struct store_driver *d, const struct id *id, struct store_blob_info *ret)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    const struct model_blob *blob = find(disk, id);
    if (blob)
        *ret = blob->info;
    pthread_mutex_unlock(&disk->mutex);
    return blob ? 0 : STORE_ABSENT;
}

int model_blob_read(struct store_driver *d, const struct id *id, int64_t offset, void *out,
                    size_t n, size_t *ret_n)
{
    if (offset < 0)
        return E_INVALID;
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    const struct model_blob *blob = find(disk, id);
    if (blob) {
        size_t left = offset < blob->info.size ? (size_t)(blob->info.size - offset) : 0;
        *ret_n = n < left ? n : left;
        if (*ret_n > 0)
            memcpy(out, blob->bytes + offset, *ret_n);
    }
    pthread_mutex_unlock(&disk->mutex);
    return blob ? 0 : STORE_ABSENT;
}

int model_blob_remove(struct store_driver *d, const struct id *id)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    struct model_blob *blob = find(disk, id);
    if (blob) {
        free(blob->bytes);
        *blob = disk->blobs[--disk->n_blobs];
    }
    pthread_mutex_unlock(&disk->mutex);
    return blob ? 0 : STORE_ABSENT;
}

/* The smallest id behind `after` (NULL: of all), or NULL; holding the mutex. */
static const struct id *next_id(const struct model_disk *disk, const struct id *after)
{
    const struct id *least = NULL;
    for (size_t i = 0; i < disk->n_blobs; i++) {
        const struct id *id = &disk->blobs[i].id;
        if ((!after || id_compare(id, after) > 0) && (!least || id_compare(id, least) < 0))
            least = id;
    }
    return least;
}

int model_blob_list(struct store_driver *d, const struct id *after, struct id *ret_ids, size_t max,
                    size_t *ret_n)
{
    struct model_disk *disk = model_disk_of(d);
    pthread_mutex_lock(&disk->mutex);
    *ret_n = 0;
    while (*ret_n < max && (after = next_id(disk, after)) != NULL)
        ret_ids[(*ret_n)++] = *after;
    pthread_mutex_unlock(&disk->mutex);
    return 0;
}
