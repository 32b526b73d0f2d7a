/* The proof of the log of looks: every chain, from its first record on. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/result.h"
#include "domain/look/look.h"
#include "handlers/admin/admin.h"

struct anchors {
    struct app *app;
    json_t *items; /* as they were sent: {agency, head, digest} */
};

struct proving {
    struct job *job;
    struct app *app;
    int64_t before, total; /* looked at in earlier chains; in all */
};

static void anchors_free(void *ctx)
{
    struct anchors *a = ctx;
    json_decref(a->items);
    free(a);
}

static bool same_person(void *ctx, const struct id *was, const struct id *is)
{
    const struct proving *p = ctx;
    struct person person;
    struct arena a;
    arena_init(&a);
    bool same = person_get(&p->app->people, was, &a, &person) == 0 && id_equal(&person.id, is);
    arena_release(&a);
    return same;
}

static bool go_on(void *ctx, int64_t looked)
{
    const struct proving *p = ctx;
    job_tell(p->job, "looks", p->before + looked, p->total);
    return !job_stopped(p->job);
}

static bool find_anchor(const json_t *items, const char *agency, struct look_anchor *ret)
{
    size_t i, n = 0;
    const json_t *one;
    json_array_foreach((json_t *)items, i, one)
    {
        const char *digest = json_string_value(json_object_get(one, "digest"));
        if (strcmp(json_string_value(json_object_get(one, "agency")), agency) != 0)
            continue;
        ret->seq = json_integer_value(json_object_get(one, "head"));
        return bytes_from_hex(digest, strlen(digest), ret->digest, sizeof(ret->digest), &n) &&
               n == sizeof(ret->digest);
    }
    return false;
}

static json_t *chain_json(const char *agency, const struct look_chain *c)
{
    char first[CLOCK_TEXT], last[CLOCK_TEXT], digest[BYTES_HEX_TEXT(32)];
    json_t *faults = json_array();
    for (int64_t i = 0; i < c->n_faults && i < LOOK_FAULTS_MAX; i++)
        json_array_append_new(faults, json_pack("{s:I, s:s}", "seq", (json_int_t)c->faults[i].seq,
                                                "kind", look_faults[c->faults[i].kind].name));
    return json_pack("{s:s, s:I, s:I, s:s*, s:s*, s:I, s:s, s:I, s:o}", "agency", agency, "records",
                     (json_int_t)c->records, "erased", (json_int_t)c->erased, "first_at",
                     c->records ? clock_format(c->first_ms, first) : NULL, "last_at",
                     c->records ? clock_format(c->last_ms, last) : NULL, "head",
                     (json_int_t)c->head, "digest", bytes_to_hex(c->digest, 32, digest), "faults",
                     (json_int_t)c->n_faults, "shown", faults);
}

static int prove(struct proving *p, const char *agency, const json_t *anchors, json_t *items,
                 int64_t *faults)
{
    struct look_anchor anchor;
    struct look_chain chain;
    const struct look_judge judge = {same_person, go_on, p};
    bool anchored = find_anchor(anchors, agency, &anchor);
    int done =
        look_check(p->app->store, p->app->keys, agency, anchored ? &anchor : NULL, &judge, &chain);
    if (done != 0)
        return done;
    *faults += chain.n_faults;
    p->before += chain.records;
    json_array_append_new(items, chain_json(agency, &chain));
    return 0;
}

static bool is_listed(const struct look_count *chains, size_t n, const char *agency)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(chains[i].agency, agency) == 0)
            return true;
    }
    return false;
}

static int verify_run(struct job *job, void *ctx)
{
    const struct anchors *anchors = ctx;
    struct proving p = {.job = job, .app = anchors->app};
    struct look_count *chains = NULL;
    size_t n = 0, i;
    int64_t faults = 0;
    const json_t *one;
    struct arena a;
    arena_init(&a);
    json_t *items = json_array();
    int done = look_chains(p.app->store, &a, &chains, &n);
    for (i = 0; done == 0 && i < n; i++)
        p.total += chains[i].records;
    for (i = 0; done == 0 && i < n; i++)
        done = prove(&p, chains[i].agency, anchors->items, items, &faults);
    /* A chain that was noted and is gone altogether. */
    json_array_foreach((json_t *)anchors->items, i, one)
    {
        const char *agency = json_string_value(json_object_get(one, "agency"));
        if (done == 0 && !is_listed(chains, n, agency))
            done = prove(&p, agency, anchors->items, items, &faults);
    }
    arena_release(&a);
    job_result(job, json_pack("{s:o, s:I, s:I}", "items", items, "records", (json_int_t)p.before,
                              "faults", (json_int_t)faults));
    return done;
}

int admin_looks_verify(struct request *req, struct reply *reply)
{
    struct anchors *a = calloc(1, sizeof(*a));
    struct id id;
    if (!a)
        return E_NOMEM;
    a->app = app_of(req);
    a->items = json_deep_copy(json_object_get(req->json, "anchors"));
    if (!a->items)
        a->items = json_array();
    int done = jobs_start(app_of(req)->jobs, "looks", verify_run, a, anchors_free, &id);
    return admin_reply_started(req, reply, done, &id);
}
