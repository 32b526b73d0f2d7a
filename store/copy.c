#include "store/copy.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/result.h"
#include "store/copy_private.h"
#include "store/lease.h"

#define LOOK_MS 250 /* between two looks at the leases */

const struct store_collection copy_collection = {.name = "copy", .form = 1};

/* --- telling ---------------------------------------------------------------------------------- */

int copy_tell(struct copying *c, int64_t done)
{
    c->progress.done = done;
    return c->copy->tell ? c->copy->tell(&c->progress, c->copy->ctx) : 0;
}

int copy_step(struct copying *c, const char *what, int64_t total)
{
    c->progress.part = c->part->name;
    c->progress.what = what;
    c->progress.step++;
    c->progress.total = total;
    return copy_tell(c, 0);
}

int copy_at(struct copying *c, const char *what, const struct id *id, int done)
{
    char text[ID_TEXT];
    if (!c->result->at)
        c->result->at =
            arena_printf(c->arena, "%s%s%s", what, id ? " " : "", id ? id_format(id, text) : "");
    return done;
}

/* --- counting --------------------------------------------------------------------------------- */

int copy_count(struct store_driver *d, const struct store_collection *c, int64_t *ret)
{
    struct store_tally t = {.collection = c, .path = STORE_PATH_ID, .sum = -1};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    struct arena a;
    arena_init(&a);
    int done = d->ops->tally(d, &t, 1, &a, &rows, &n);
    *ret = done == 0 && n > 0 ? rows[0].count : 0;
    arena_release(&a);
    return done;
}

int copy_count_blobs(struct store_driver *d, int64_t *ret)
{
    struct id ids[COPY_IDS];
    size_t n = COPY_IDS;
    int done = 0;
    *ret = 0;
    for (struct id after; done == 0 && n == COPY_IDS; after = ids[COPY_IDS - 1]) {
        done = d->ops->blob_list(d, *ret > 0 ? &after : NULL, ids, COPY_IDS, &n);
        *ret += (int64_t)n;
    }
    return done;
}

/* --- the marker ------------------------------------------------------------------------------- */

static struct id marker_id(void)
{
    return id_v8("copy", NULL, 0);
}

static int64_t read_time(const bson_t *doc, const char *key)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) && BSON_ITER_HOLDS_DATE_TIME(&it)
               ? bson_iter_date_time(&it)
               : 0;
}

int copy_marker_read(struct store *s, struct arena *a, struct copy_marker *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    bson_iter_t it;
    struct id id = marker_id();
    int done = store_get(s, &copy_collection, &id, &doc);
    if (done != 0)
        return done;
    if (!bson_iter_init_find(&it, doc, "from") || !BSON_ITER_HOLDS_UTF8(&it))
        return E_CORRUPT;
    *ret = (struct copy_marker){.from = arena_strdup(a, bson_iter_utf8(&it, NULL)),
                                .begun_ms = read_time(doc, "begun"),
                                .finished_ms = read_time(doc, "finished")};
    return 0;
}

static int set_marker(struct store_edit *edit, void *ctx)
{
    const struct copy_marker *m = ctx;
    BSON_APPEND_UTF8(edit->after, "from", m->from);
    BSON_APPEND_DATE_TIME(edit->after, "begun", m->begun_ms);
    if (m->finished_ms)
        BSON_APPEND_DATE_TIME(edit->after, "finished", m->finished_ms);
    return 0;
}

static int write_marker(struct store *s, struct copy_marker *m)
{
    struct store_change_options o = {.if_revision = STORE_ANY_REVISION, .or_create = true};
    struct id id = marker_id();
    return store_change(s, &copy_collection, &id, &o, set_marker, m, NULL);
}

/* --- before ----------------------------------------------------------------------------------- */

/* 1 if the store holds anything but the marker; *ret_what is what. */
static int holds_anything(struct store *s, struct arena *a, const char **ret_what)
{
    struct store_driver *d = s->driver;
    struct store_counter counter;
    struct id id;
    int64_t count = 0;
    size_t n = 0;
    int done = 0;
    for (size_t i = 0; done == 0 && i < s->n; i++) {
        if (s->collections[i] == &copy_collection)
            continue;
        *ret_what = s->collections[i]->name;
        done = copy_count(d, s->collections[i], &count);
        if (done == 0 && count > 0)
            return 1;
    }
    if (done == 0)
        done = d->ops->blob_list(d, NULL, &id, 1, &n);
    *ret_what = "blobs";
    if (done != 0 || n > 0)
        return done != 0 ? done : 1;
    done = d->ops->counters(d, NULL, 1, a, &counter, &n);
    *ret_what = "counters";
    return done != 0 ? done : n > 0;
}

/* Into an empty target only, and from a source that is something. */
static int check_first(struct copying *c)
{
    const char *what = NULL;
    int any = 0;
    for (size_t i = 0; i < c->copy->n; i++) {
        int to = holds_anything(c->copy->parts[i].to, c->arena, &what);
        if (to != 0)
            return to < 0 ? to : copy_at(c, what, NULL, COPY_TAKEN);
        int from = holds_anything(c->copy->parts[i].from, c->arena, &what);
        if (from < 0)
            return from;
        any |= from;
    }
    return any ? 0 : COPY_FROM_NOTHING;
}

static bool declares_leases(const struct store *s)
{
    bool found = false;
    for (size_t i = 0; i < s->n; i++)
        found |= s->collections[i] == &lease_collection;
    return found;
}

/* The versions of leases that somebody holds, added up: they rise while somebody lives. */
static int leases_of(struct store *s, struct arena *a, int64_t *ret)
{
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    struct store_page page;
    bson_iter_t it;
    *ret = 0;
    int done = store_scan(s, &lease_collection, &q, a, &page);
    for (size_t i = 0; done == 0 && i < page.n; i++) {
        if (bson_iter_init_find(&it, page.docs[i], "holder"))
            *ret += store_version(page.docs[i]);
    }
    return done;
}

static int watch_leases(const struct copying *c, struct store *s)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    int64_t first = 0, now = 0, until = clock_monotonic_ms() + c->copy->watch_ms;
    struct arena a;
    if (c->copy->watch_ms == 0 || store_exclusive(s) || !declares_leases(s))
        return 0;
    arena_init(&a);
    int done = leases_of(s, &a, &first);
    for (now = first; done == 0 && now == first && now > 0 && clock_monotonic_ms() < until;) {
        nanosleep(&pause, NULL);
        done = leases_of(s, &a, &now);
    }
    arena_release(&a);
    return done == 0 && now > first ? COPY_SERVED : done;
}

/* --- all of it -------------------------------------------------------------------------------- */

static struct copying begin(const struct copy *copy, struct arena *a, struct copy_result *ret)
{
    struct copying c = {.copy = copy, .part = &copy->parts[0], .arena = a, .result = ret};
    *ret = (struct copy_result){0};
    for (size_t i = 0; i < copy->n; i++) {
        const struct store *s = copy->parts[i].from;
        c.progress.steps += 2; /* blobs and counters */
        for (size_t k = 0; k < s->n; k++)
            c.progress.steps += s->collections[k] != &copy_collection;
    }
    return c;
}

static int copy_part(struct copying *c)
{
    const struct store *s = c->part->from;
    int done = copy_blobs(c);
    for (size_t i = 0; done == 0 && i < s->n; i++) {
        if (s->collections[i] != &copy_collection)
            done = copy_documents(c, s->collections[i]);
    }
    return done == 0 ? copy_counters(c) : done;
}

/* Whether there is something to go on with: 0, or an outcome that ends the copy. */
static int check_markers(struct copying *c)
{
    struct copy_marker source;
    struct copy_marker *m = &c->result->marker;
    int done = copy_marker_read(c->copy->parts[0].from, c->arena, &source);
    if (done < 0)
        return done;
    if (done == 0 && !source.finished_ms)
        return COPY_FROM_UNFINISHED;
    done = copy_marker_read(c->copy->parts[0].to, c->arena, m);
    if (done == STORE_ABSENT)
        return check_first(c);
    return done == 0 && strcmp(m->from, c->copy->from) != 0 ? COPY_OTHER : done;
}

int copy_run(const struct copy *copy, struct arena *a, struct copy_result *ret)
{
    struct copying c = begin(copy, a, ret);
    int done = check_markers(&c);
    for (size_t i = 0; done == 0 && i < copy->n; i++)
        done = watch_leases(&c, copy->parts[i].from);
    if (done != 0 || ret->marker.finished_ms)
        return done != 0 ? done : copy_compare(&c);
    struct store *first = copy->parts[0].to;
    struct copy_marker marker = ret->marker;
    if (!marker.from) {
        marker = (struct copy_marker){.from = copy->from, .begun_ms = clock_now_ms()};
        done = write_marker(first, &marker);
    }
    for (size_t i = 0; done == 0 && i < copy->n; i++) {
        c.part = &copy->parts[i];
        done = copy_part(&c);
    }
    if (done == 0)
        done = copy_compare(&c);
    if (done != 0)
        return done;
    marker.finished_ms = clock_now_ms();
    return write_marker(first, &marker);
}

int copy_verify(const struct copy *copy, struct arena *a, struct copy_result *ret)
{
    struct copying c = begin(copy, a, ret);
    int done = copy_marker_read(copy->parts[0].to, a, &ret->marker);
    return done < 0 ? done : copy_compare(&c);
}
