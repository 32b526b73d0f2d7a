#include "base/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#include "base/result.h"

struct zip {
    struct archive *archive;
    zip_sink_fn sink;
    void *ctx;
    int failure; /* of the sink */
};

static la_ssize_t leave(struct archive *a, void *ctx, const void *bytes, size_t n)
{
    struct zip *z = ctx;
    if (z->failure == 0)
        z->failure = z->sink(z->ctx, bytes, n);
    if (z->failure == 0)
        return (la_ssize_t)n;
    archive_set_error(a, EIO, "the sink failed");
    return -1;
}

/* A warning of libarchive does no harm to the archive. */
static int result_of(const struct zip *z, int code)
{
    return z->failure != 0 ? z->failure : code < ARCHIVE_WARN ? E_IO : 0;
}

int zip_new(zip_sink_fn sink, void *ctx, struct zip **ret)
{
    CLEANUP(zip_freep) struct zip *z = calloc(1, sizeof(*z));
    if (!z)
        return E_NOMEM;
    z->sink = sink;
    z->ctx = ctx;
    z->archive = archive_write_new();
    if (!z->archive)
        return E_NOMEM;
    archive_write_set_format_zip(z->archive);
    archive_write_set_bytes_in_last_block(z->archive, 1); /* a ZIP has no padding behind it */
    int done = result_of(z, archive_write_open2(z->archive, z, NULL, leave, NULL, NULL));
    if (done == 0)
        *ret = STEAL(z);
    return done;
}

void zip_free(struct zip *z)
{
    if (!z)
        return;
    if (z->archive && z->failure == 0)
        z->failure = E_IO; /* freeing would write the directory */
    archive_write_free(z->archive);
    free(z);
}

int zip_begin(struct zip *z, const char *name, int64_t size, bool packed, int64_t time_ms)
{
    struct archive_entry *e = archive_entry_new();
    if (!e)
        return E_NOMEM;
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0600);
    archive_entry_set_size(e, size);
    archive_entry_set_mtime(e, time_ms / 1000, 0);
    int code = packed ? archive_write_zip_set_compression_deflate(z->archive)
                      : archive_write_zip_set_compression_store(z->archive);
    if (code >= ARCHIVE_WARN)
        code = archive_write_header(z->archive, e);
    archive_entry_free(e);
    return result_of(z, code);
}

int zip_add(struct zip *z, const void *bytes, size_t n)
{
    la_ssize_t written = archive_write_data(z->archive, bytes, n);
    if (written < 0)
        return result_of(z, (int)written);
    return (size_t)written == n ? 0 : E_INVALID; /* more than was announced */
}

int zip_end(struct zip *z)
{
    return result_of(z, archive_write_close(z->archive));
}
