#include "store/sealed.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/result.h"

#define BATCH 8 /* frames of one append: each waits for the disk */

/* --- writing ------------------------------------------------------------------------------------
 */

static int flush(struct sealed_writer *w)
{
    if (w->out == 0)
        return 0;
    int done = store_blob_append(w->store, &w->blob, w->at, w->sealed, w->out, &w->at);
    w->out = 0;
    return done > 0 ? E_CORRUPT : done;
}

int sealed_begin(struct store *s, const uint8_t key[SEAL_KEY], const struct seal_about *about,
                 struct sealed_writer *w)
{
    *w = (struct sealed_writer){.store = s};
    w->plain = malloc(FRAMES_PLAIN);
    w->sealed = malloc((size_t)BATCH * FRAMES_SEALED + FRAMES_HEAD);
    if (!w->plain || !w->sealed)
        return E_NOMEM;
    int done = frames_begin(&w->frames, key, about, w->sealed);
    w->out = FRAMES_HEAD;
    return done == 0 ? store_blob_create(s, &w->blob) : done;
}

static int frame(struct sealed_writer *w, bool last)
{
    int done = frames_seal(&w->frames, w->index++, last, w->plain, w->n, w->sealed + w->out);
    w->out += w->n + FRAMES_SEALED - FRAMES_PLAIN;
    w->n = 0;
    return done == 0 && (last || w->out > (size_t)(BATCH - 1) * FRAMES_SEALED) ? flush(w) : done;
}

/* A full frame waits until more comes: only then it is known that it is not the last. */
int sealed_write(struct sealed_writer *w, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    int done = 0;
    while (n > 0 && done == 0) {
        if (w->n == FRAMES_PLAIN)
            done = frame(w, false);
        size_t room = FRAMES_PLAIN - w->n, here = n < room ? n : room;
        memcpy(w->plain + w->n, from, here);
        w->n += here;
        w->size += (int64_t)here;
        from += here;
        n -= here;
    }
    return done;
}

int sealed_end(struct sealed_writer *w)
{
    struct store_blob_info info;
    int done = frame(w, true);
    if (done == 0)
        done = store_blob_finish(w->store, &w->blob, &info);
    return done > 0 ? E_CORRUPT : done;
}

void sealed_writer_release(struct sealed_writer *w)
{
    if (w->plain)
        bytes_wipe(w->plain, FRAMES_PLAIN);
    free(w->plain);
    free(w->sealed);
    frames_release(&w->frames);
    w->plain = w->sealed = NULL;
}

/* --- reading ------------------------------------------------------------------------------------
 */

int sealed_open(struct store *s, const struct id *blob, int64_t size, const uint8_t key[SEAL_KEY],
                const struct seal_about *about, struct sealed_reader *r)
{
    uint8_t head[FRAMES_HEAD];
    size_t got = 0;
    *r = (struct sealed_reader){.store = s, .blob = *blob, .size = size};
    int done = store_blob_read(s, blob, 0, head, sizeof(head), &got);
    if (done != 0)
        return done;
    done = got == sizeof(head) ? frames_resume(&r->frames, key, about, head) : SEAL_FORGED;
    return done > 0 ? E_CORRUPT : done;
}

/* One frame's worth at most; `span` is of one frame. */
static int read_frame(const struct sealed_reader *r, const struct frames_span *span,
                      uint8_t *sealed, uint8_t *plain, size_t *ret_n)
{
    size_t got = 0;
    int done =
        store_blob_read(r->store, &r->blob, span->sealed_at, sealed, (size_t)span->sealed_n, &got);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    if ((int64_t)got != span->sealed_n || frames_open_span(&r->frames, span, sealed, plain, ret_n))
        return E_CORRUPT;
    return 0;
}

int sealed_read(const struct sealed_reader *r, int64_t offset, void *out, size_t n, size_t *ret_n)
{
    CLEANUP(freep) uint8_t *sealed = malloc(FRAMES_SEALED);
    CLEANUP(freep) uint8_t *plain = malloc(FRAMES_PLAIN);
    int done = sealed && plain ? 0 : E_NOMEM;
    *ret_n = 0;
    while (done == 0 && *ret_n < n) {
        struct frames_span span;
        int64_t at = offset + (int64_t)*ret_n;
        size_t opened = 0;
        if (!frames_span(r->size, at, 1, &span))
            break; /* the end */
        done = read_frame(r, &span, sealed, plain, &opened);
        if (done != 0 || opened <= span.skip)
            break;
        size_t here = opened - span.skip;
        here = here < n - *ret_n ? here : n - *ret_n;
        memcpy((uint8_t *)out + *ret_n, plain + span.skip, here);
        *ret_n += here;
    }
    if (plain)
        bytes_wipe(plain, FRAMES_PLAIN);
    return done;
}

void sealed_close(struct sealed_reader *r)
{
    frames_release(&r->frames);
}
