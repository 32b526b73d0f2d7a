/* What is new in anybody's inbox, whichever node stored it. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "push/private.h"

#define GLANCE_MS 1500 /* how far back most calls look */
#define GLANCES 10     /* after so many, one looks back PUSH_TAIL_BACK_MS */
#define SLOTS 65536    /* ids remembered, of each of two ages; a power of two */
#define PROBES 8

/* What was told lately: two tables, the older emptied when the newer has aged. */
struct push_tail {
    struct store *store;
    int64_t latest_ms, turned_ms; /* by the times of notices */
    unsigned calls, young;
    struct id told[2][SLOTS];
};

static size_t slot_of(const struct id *id, unsigned probe)
{
    uint32_t h;
    memcpy(&h, id->bytes, sizeof(h));
    return (h + probe) & (SLOTS - 1);
}

static bool remembers(const struct push_tail *t, const struct id *id)
{
    for (unsigned age = 0; age < 2; age++) {
        for (unsigned i = 0; i < PROBES; i++) {
            if (id_equal(&t->told[age][slot_of(id, i)], id))
                return true;
        }
    }
    return false;
}

/* Where there is no room the notice may be told twice, which streams allow. */
static void remember(struct push_tail *t, const struct id *id)
{
    for (unsigned i = 0; i < PROBES; i++) {
        struct id *slot = &t->told[t->young][slot_of(id, i)];
        if (id_is_nil(slot)) {
            *slot = *id;
            return;
        }
    }
}

static void age(struct push_tail *t)
{
    if (t->latest_ms - t->turned_ms < 2 * PUSH_TAIL_BACK_MS)
        return;
    t->turned_ms = t->latest_ms;
    t->young = !t->young;
    memset(t->told[t->young], 0, sizeof(t->told[t->young]));
}

static int newest(struct store *s, int64_t *ret_ms)
{
    struct arena a;
    arena_init(&a);
    struct store_range all = {.has_low = true, .low = store_int(0)};
    struct store_condition condition = {
        .field = "told", .op = STORE_BETWEEN, .ranges = &all, .n_ranges = 1};
    struct store_query q = {.conditions = &condition,
                            .n_conditions = 1,
                            .order = "told",
                            .descending = true,
                            .limit = 1};
    struct store_page page;
    struct delivery d = {0};
    int done = store_scan(s, &delivery_collection, &q, &a, &page);
    if (done == 0 && page.n > 0)
        done = delivery_decode(page.docs[0], &a, &d);
    *ret_ms = d.at_ms;
    arena_release(&a);
    return done;
}

int push_tail_new(struct store *s, struct push_tail **ret)
{
    struct push_tail *t = calloc(1, sizeof(*t));
    if (!t)
        return E_NOMEM;
    t->store = s;
    int done = newest(s, &t->latest_ms);
    t->turned_ms = t->latest_ms;
    if (done < 0) {
        free(t);
        return done;
    }
    *ret = t;
    return 0;
}

void push_tail_free(struct push_tail *t)
{
    free(t);
}

/* A clock that once ran ahead must not hide what right ones stamp: nothing is later than now. */
static void tell_page(struct push_tail *t, const struct store_page *page, int64_t now_ms,
                      struct arena *a,
                      void (*sink)(void *, const struct id *, const char *, size_t), void *ctx)
{
    for (size_t i = 0; i < page->n; i++) {
        struct delivery d;
        struct id id;
        if (!store_document_id(page->docs[i], &id))
            continue;
        bool told = remembers(t, &id);
        int done = delivery_decode(page->docs[i], a, &d);
        if (done == 0 && d.at_ms > t->latest_ms)
            t->latest_ms = d.at_ms < now_ms ? d.at_ms : now_ms;
        if (told)
            continue;
        remember(t, &id);
        if (done < 0) { /* what is behind it is told all the same */
            char text[ID_TEXT];
            log_event(LOG_ERROR, "a notice cannot be read", "delivery", id_format(&id, text),
                      "error", result_words(done), NULL);
            continue;
        }
        CLEANUP(buf_release) struct buf wire;
        buf_init(&wire, 32 * 1024);
        push_wire(&d, &wire);
        if (!wire.failed)
            sink(ctx, &d.recipient, wire.data, wire.len);
    }
}

int push_tail(struct push_tail *t,
              void (*sink)(void *ctx, const struct id *recipient, const char *wire, size_t n),
              void *ctx)
{
    int64_t back_ms = ++t->calls % GLANCES == 0 ? PUSH_TAIL_BACK_MS : GLANCE_MS;
    int64_t now_ms = clock_now_ms(), from_ms = t->latest_ms < now_ms ? t->latest_ms : now_ms;
    struct store_range since = {.has_low = true, .low = store_int(from_ms - back_ms)};
    struct store_condition condition = {
        .field = "told", .op = STORE_BETWEEN, .ranges = &since, .n_ranges = 1};
    struct store_query q = {
        .conditions = &condition, .n_conditions = 1, .order = "told", .limit = STORE_LIMIT_MAX};
    struct store_page page = {.more = true};
    int done = 0;
    age(t);
    while (done == 0 && page.more) {
        struct arena a;
        arena_init(&a);
        done = store_scan(t->store, &delivery_collection, &q, &a, &page);
        if (done == 0)
            tell_page(t, &page, now_ms, &a, sink, ctx);
        q.has_after = true;
        q.after = page.next; /* an int key: it borrows nothing */
        arena_release(&a);
    }
    return done;
}
