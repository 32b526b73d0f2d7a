/*
 * A driver that keeps a single document and does what a script says, one letter a write: 'o' as
 * asked, 'a' applied but unknown, 'l' lost and unknown, 'u' unavailable, 'c' conflict; 'o' once it
 * has ended. Included once by each test program.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/result.h"
#include "store/private.h"

static const struct store_collection notes = {
    .name = "notes",
    .form = 1,
    .fields = (const struct store_field[]){{"n", "n", STORE_INT, false}},
    .n_fields = 1,
    .paths = (const struct store_path[]){{"by_n", "why", {NULL}, "n", {NULL}}},
    .n_paths = 1,
};
static const struct store_collection *const collections[] = {&notes};

struct scripted {
    struct store_driver driver;
    const char *script;
    void (*meanwhile)(struct scripted *s); /* once, after the next unknown outcome */
    bson_t *doc;
    struct id id;
    int writes;
    bool unreadable;
};

static struct scripted *scripted_of(struct store_driver *d)
{
    return (struct scripted *)d;
}

static void put(struct scripted *s, const bson_t *doc)
{
    if (s->doc)
        bson_destroy(s->doc);
    s->doc = doc ? bson_copy(doc) : NULL;
}

/* `outcome` is what an engine would say; `doc` what it would then hold. */
static int write_as_scripted(struct scripted *s, int outcome, const bson_t *doc)
{
    char fate = *s->script ? *s->script++ : 'o';
    s->writes++;
    if (outcome == 0 && (fate == 'o' || fate == 'a'))
        put(s, doc);
    if (fate == 'o')
        return outcome;
    if (fate == 'u')
        return E_UNAVAILABLE;
    if (fate == 'c')
        return STORE_CONFLICT;
    void (*meanwhile)(struct scripted *) = s->meanwhile;
    s->meanwhile = NULL;
    if (meanwhile)
        meanwhile(s);
    return E_UNKNOWN;
}

static int scripted_insert(struct store_driver *d, const struct store_collection *c,
                           struct store_insert_row *rows, size_t n)
{
    (void)c;
    struct scripted *s = scripted_of(d);
    for (size_t i = 0; i < n; i++) {
        rows[i].outcome = write_as_scripted(s, s->doc ? STORE_EXISTS : 0, rows[i].doc);
        s->id = rows[i].id;
    }
    return 0;
}

static int scripted_get(struct store_driver *d, const struct store_collection *c,
                        const struct id *id, bson_t **ret)
{
    (void)c, (void)id;
    struct scripted *s = scripted_of(d);
    if (s->unreadable)
        return E_UNAVAILABLE;
    if (!s->doc)
        return STORE_ABSENT;
    *ret = bson_copy(s->doc);
    return 0;
}

static int scripted_replace(struct store_driver *d, const struct store_collection *c,
                            const struct id *id, int64_t expected_version, const bson_t *doc)
{
    (void)c, (void)id;
    struct scripted *s = scripted_of(d);
    int outcome = !s->doc                                     ? STORE_ABSENT
                  : store_version(s->doc) == expected_version ? 0
                                                              : STORE_CONFLICT;
    return write_as_scripted(s, outcome, doc);
}

static void scripted_close(struct store_driver *d)
{
    put(scripted_of(d), NULL);
}

static const struct store_driver_ops scripted_ops = {
    .name = "scripted",
    .close = scripted_close,
    .insert = scripted_insert,
    .get = scripted_get,
    .replace = scripted_replace,
};

/* --- fixture ---------------------------------------------------------------------------------- */

struct fixture {
    struct scripted driver;
    struct store *store;
    struct id id;
};

static struct fixture *fixture; /* of the running test, for what happens meanwhile */

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    const char *fault;
    if (!f)
        return -1;
    f->driver = (struct scripted){.driver = {.ops = &scripted_ops}, .script = ""};
    f->id = id_v4();
    *state = fixture = f;
    return store_new(&f->driver.driver, collections, 1, &fault, &f->store);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    store_free(f->store);
    free(f);
    return 0;
}

static inline int create(struct fixture *f, const struct store_write *w)
{
    CLEANUP(bson_destroyp) bson_t *body = BCON_NEW("n", BCON_INT64(0));
    return store_create(f->store, &notes, &f->id, w, body, NULL);
}

static inline int64_t number(const bson_t *doc)
{
    bson_iter_t it;
    return doc && bson_iter_init_find(&it, doc, "n") ? bson_iter_as_int64(&it) : -1;
}

static int add_one(struct store_edit *edit, void *ctx)
{
    (void)ctx;
    edit->outcome = 9;
    BSON_APPEND_INT64(edit->after, "n", number(edit->before) + 1);
    return 0;
}

static inline int add(struct fixture *f, struct store_changed *ret)
{
    return store_change(f->store, &notes, &f->id, NULL, add_one, NULL, ret);
}

static inline void prepare(struct fixture *f)
{
    struct store_write w = store_write_fresh();
    assert_int_equal(create(f, &w), 0);
    f->driver.writes = 0;
}
