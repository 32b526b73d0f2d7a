#include "domain/export/export.h"

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/person/key.h"

#define LATER_MS INT64_C(30000) /* after a failure */
#define PAGE 50

static bool is_going(const struct export *e)
{
    return e->state == EXPORT_QUEUED || e->state == EXPORT_RUNNING;
}

/* --- reading ------------------------------------------------------------------------------------
 */

int export_get(struct store *s, const struct id *id, struct arena *a, struct export *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &export_collection, id, &doc);
    return done == 0 ? export_decode(doc, a, ret) : done;
}

int export_list(struct store *s, const struct id *owner, size_t max, struct arena *a,
                struct export **ret, size_t *ret_n)
{
    struct store_value whose = store_id(*owner);
    struct store_condition of = {.field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {.conditions = &of,
                            .n_conditions = 1,
                            .order = "asked",
                            .descending = true,
                            .limit = max < PAGE ? max : PAGE};
    struct store_page page = {0};
    int done = store_scan(s, &export_collection, &q, a, &page);
    if (done != 0)
        return done;
    *ret = arena_array(a, page.n, sizeof(**ret));
    *ret_n = page.n;
    for (size_t i = 0; i < page.n && done == 0; i++)
        done = export_decode(page.docs[i], a, &(*ret)[i]);
    return done;
}

/* --- asking -------------------------------------------------------------------------------------
 */

static struct id job_id(const struct id *owner, int64_t day, int64_t nth)
{
    uint8_t when[2][8];
    for (size_t i = 0; i < 8; i++) {
        when[0][i] = (uint8_t)((uint64_t)day >> (8 * (7 - i)));
        when[1][i] = (uint8_t)((uint64_t)nth >> (8 * (7 - i)));
    }
    const struct id_part parts[] = {{owner->bytes, 16}, {when, sizeof(when)}};
    return id_v8("export", parts, ARRAY_LEN(parts));
}

static int create(struct store *s, struct export *e, struct arena *a)
{
    CLEANUP(bson_destroyp) bson_t *body = bson_new();
    int done = entity_encode(&export_entity, e, NULL, a, body);
    if (done < 0)
        return done;
    struct store_write write = store_write_fresh();
    return store_create(s, &export_collection, &e->id, &write, body, NULL);
}

/* The one that is being made, of whichever day. */
static int find_going(struct store *s, const struct id *owner, struct arena *a, struct export *ret)
{
    struct export *all = NULL;
    size_t n = 0;
    int done = export_list(s, owner, EXPORT_A_DAY_MAX, a, &all, &n);
    for (size_t i = 0; done == 0 && i < n; i++) {
        if (is_going(&all[i])) {
            *ret = all[i];
            return EXPORT_GOING;
        }
    }
    return done;
}

int export_ask(struct store *s, const struct id *owner, int64_t level, int64_t a_day,
               int64_t keep_ms, int64_t now_ms, struct arena *a, struct export *ret,
               int64_t *ret_retry_ms)
{
    int64_t day = clock_day_number(now_ms);
    int done = find_going(s, owner, a, ret);
    for (int64_t nth = 0; done == 0 && nth < a_day; nth++) {
        struct export e = {.id = job_id(owner, day, nth),
                           .owner = *owner,
                           .level = level,
                           .state = EXPORT_QUEUED,
                           .asked_ms = now_ms,
                           .next_ms = now_ms,
                           .expires_ms = now_ms + keep_ms};
        *ret = e;
        done = create(s, &e, a);
        if (done != STORE_EXISTS)
            return done;
        done = export_get(s, &e.id, a, ret);
        if (done == 0 && is_going(ret))
            return EXPORT_GOING;
        done = done == STORE_ABSENT ? 0 : done; /* removed this instant: the next */
    }
    *ret_retry_ms = clock_day_start_ms(day + 1) - now_ms;
    return done == 0 ? EXPORT_ENOUGH : done;
}

/* --- whoever makes it ---------------------------------------------------------------------------
 */

/* Changes a job that `worker` has (nil: whoever); fn is told the stored one. */
struct changing {
    struct id worker;
    int64_t now_ms;
    void (*fn)(struct export *e, const struct changing *c);
    const struct export *with;
};

static int change(struct store_edit *edit, void *ctx)
{
    struct changing *c = ctx;
    struct export e;
    int done = export_decode(edit->before, edit->arena, &e);
    if (done < 0)
        return done;
    bool ours = e.state == EXPORT_RUNNING && id_equal(&e.worker, &c->worker);
    if (!id_is_nil(&c->worker) && !ours)
        return EXPORT_LOST;
    c->fn(&e, c);
    return entity_encode(&export_entity, &e, edit->before, edit->arena, edit->after);
}

static int change_ours(struct store *s, struct export *job,
                       void (*fn)(struct export *, const struct changing *), int64_t now_ms)
{
    struct changing c = {.worker = job->worker, .now_ms = now_ms, .fn = fn, .with = job};
    int done = store_change(s, &export_collection, &job->id, NULL, change, &c, NULL);
    return done == STORE_ABSENT ? EXPORT_LOST : done;
}

struct claiming {
    const struct id *worker;
    int64_t now_ms;
    struct id stale; /* blob of whoever had it before */
};

static int claim(struct store_edit *edit, void *ctx)
{
    struct claiming *c = ctx;
    struct export e;
    int done = export_decode(edit->before, edit->arena, &e);
    if (done < 0)
        return done;
    if (!is_going(&e) || e.next_ms > c->now_ms)
        return STORE_UNCHANGED; /* another node came first */
    c->stale = e.blob;
    bool over = e.tries >= EXPORT_TRIES_MAX;
    e.state = over ? EXPORT_FAILED : EXPORT_RUNNING;
    e.next_ms = over ? 0 : c->now_ms + EXPORT_CLAIM_MS;
    e.worker = *c->worker;
    e.tries++;
    e.blob = (struct id){0};
    e.key = (struct entity_bytes){0};
    e.done = e.total = 0;
    return entity_encode(&export_entity, &e, edit->before, edit->arena, edit->after);
}

static int claim_one(struct store *s, const struct id *id, const struct id *worker, int64_t now_ms,
                     struct arena *a, struct export *ret)
{
    struct claiming c = {.worker = worker, .now_ms = now_ms};
    int done = store_change(s, &export_collection, id, NULL, claim, &c, NULL);
    if (done == 0 && !id_is_nil(&c.stale))
        store_blob_remove(s, &c.stale); /* a failure leaves an orphan, no lie */
    if (done == 0)
        done = export_get(s, id, a, ret);
    return done == 0 && ret->state != EXPORT_RUNNING ? STORE_ABSENT : done;
}

int export_claim(struct store *s, const struct id *worker, int64_t now_ms, struct arena *a,
                 struct export *ret)
{
    struct store_range past = {.has_high = true, .high = store_int(now_ms + 1)}; /* exclusive */
    struct store_condition due = {
        .field = "next", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &due, .n_conditions = 1, .order = "next", .limit = PAGE};
    struct store_page page = {0};
    int done = store_scan(s, &export_collection, &q, a, &page);
    for (size_t i = 0; i < page.n && done >= 0; i++) {
        struct id id;
        if (!store_document_id(page.docs[i], &id))
            continue;
        done = claim_one(s, &id, worker, now_ms, a, ret);
        if (done == 0)
            return 0;
    }
    return done < 0 ? done : STORE_ABSENT;
}

static void set_free(struct export *e, const struct changing *c)
{
    if (e->state != EXPORT_RUNNING)
        return;
    e->state = EXPORT_QUEUED;
    e->next_ms = c->now_ms;
    e->worker = (struct id){0};
}

int export_free_all(struct store *s, int64_t now_ms)
{
    struct arena a;
    struct store_query q = {.order = "next", .limit = STORE_LIMIT_MAX};
    struct store_page page = {0};
    arena_init(&a);
    int done = store_scan(s, &export_collection, &q, &a, &page);
    for (size_t i = 0; i < page.n && done >= 0; i++) {
        struct changing c = {.now_ms = now_ms, .fn = set_free};
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = store_change(s, &export_collection, &id, NULL, change, &c, NULL);
    }
    arena_release(&a);
    return done < 0 ? done : 0;
}

static void set_blob(struct export *e, const struct changing *c)
{
    e->blob = c->with->blob;
    e->key = c->with->key;
    e->next_ms = c->now_ms + EXPORT_CLAIM_MS;
}

int export_writes(struct store *s, struct export *job, const struct id *blob,
                  const struct entity_bytes *key, int64_t now_ms)
{
    job->blob = *blob;
    job->key = *key;
    return change_ours(s, job, set_blob, now_ms);
}

static void set_done(struct export *e, const struct changing *c)
{
    e->done = c->with->done;
    e->total = c->with->total;
    e->next_ms = c->now_ms + EXPORT_CLAIM_MS;
}

int export_tell(struct store *s, struct export *job, int64_t done, int64_t total, int64_t now_ms)
{
    job->done = done;
    job->total = total;
    return change_ours(s, job, set_done, now_ms);
}

static void set_ready(struct export *e, const struct changing *c)
{
    set_done(e, c);
    e->state = EXPORT_READY;
    e->size = c->with->size;
    e->ready_ms = c->now_ms;
    e->expires_ms = c->with->expires_ms;
    e->next_ms = 0;
}

int export_finish(struct store *s, struct export *job, int64_t size, int64_t keep_ms,
                  int64_t now_ms)
{
    job->size = size;
    job->expires_ms = now_ms + keep_ms;
    return change_ours(s, job, set_ready, now_ms);
}

static void set_later(struct export *e, const struct changing *c)
{
    set_free(e, c);
    e->next_ms = c->now_ms + LATER_MS;
}

/* Nobody failed: it is not counted as a try. */
static void set_unbegun(struct export *e, const struct changing *c)
{
    set_free(e, c);
    e->tries--;
}

int export_give_back(struct store *s, struct export *job, bool failed, int64_t now_ms)
{
    return change_ours(s, job, failed ? set_later : set_unbegun, now_ms);
}

/* --- its key ------------------------------------------------------------------------------------
 */

int export_key_new(const struct people *p, const struct export *job, struct arena *a,
                   uint8_t key[SEAL_KEY], struct entity_bytes *ret)
{
    uint8_t person[SEAL_KEY];
    uint8_t *out = arena_alloc(a, SEAL_KEY + SEAL_OVERHEAD);
    const struct seal_about about = {"export.key", job->id};
    seal_key_new(key);
    int done = person_key_get(p, &job->owner, person);
    if (done == 0)
        done = seal(person, &about, key, SEAL_KEY, out);
    bytes_wipe(person, sizeof(person));
    *ret = (struct entity_bytes){out, SEAL_KEY + SEAL_OVERHEAD};
    return done;
}

int export_key_open(const struct people *p, const struct export *job, uint8_t key[SEAL_KEY])
{
    uint8_t person[SEAL_KEY];
    const struct seal_about about = {"export.key", job->id};
    int done = person_key_get(p, &job->owner, person);
    if (done == 0 && (job->key.n != SEAL_KEY + SEAL_OVERHEAD ||
                      seal_open(person, &about, job->key.data, job->key.n, key) != 0))
        done = E_CORRUPT;
    bytes_wipe(person, sizeof(person));
    return done;
}

/* --- ends ---------------------------------------------------------------------------------------
 */

/* The blob first: a job without one is removed by the next sweep, a blob without a job by nobody
 * for a day. */
int export_drop(struct store *s, const struct export *job)
{
    int done = id_is_nil(&job->blob) ? 0 : store_blob_remove(s, &job->blob);
    if (done >= 0)
        done = store_remove(s, &export_collection, &job->id, -1);
    return done < 0 ? done : 0;
}

static void set_removed(struct export *e, const struct changing *c)
{
    (void)c;
    if (is_going(e))
        return;
    e->state = EXPORT_REMOVED;
    e->blob = (struct id){0};
    e->key = (struct entity_bytes){0};
    e->size = 0;
}

int export_drop_file(struct store *s, const struct export *job)
{
    struct changing c = {.fn = set_removed};
    int done = id_is_nil(&job->blob) ? 0 : store_blob_remove(s, &job->blob);
    if (done >= 0)
        done = store_change(s, &export_collection, &job->id, NULL, change, &c, NULL);
    return done < 0 ? done : 0;
}

int export_sweep(struct store *s, int64_t now_ms, size_t max)
{
    struct arena a;
    struct store_range past = {.has_high = true, .high = store_int(now_ms + 1)}; /* exclusive */
    struct store_condition over = {
        .field = "expires", .op = STORE_BETWEEN, .ranges = &past, .n_ranges = 1};
    struct store_query q = {.conditions = &over,
                            .n_conditions = 1,
                            .order = "expires",
                            .limit = max < PAGE ? max : PAGE};
    struct store_page page = {0};
    arena_init(&a);
    int done = store_scan(s, &export_collection, &q, &a, &page);
    for (size_t i = 0; i < page.n && done == 0; i++) {
        struct export e;
        done = export_decode(page.docs[i], &a, &e);
        if (done == 0)
            done = export_drop(s, &e);
    }
    arena_release(&a);
    return done;
}

int export_drop_all(struct store *s, const struct id *owner, struct arena *a, bool *ret_more)
{
    struct export *all = NULL;
    size_t n = 0;
    int done = export_list(s, owner, PAGE, a, &all, &n);
    for (size_t i = 0; i < n && done == 0; i++)
        done = export_drop(s, &all[i]);
    *ret_more = done == 0 && n == PAGE;
    return done;
}
