/* What tests of the programs start from: a data folder of their own, opened, with demo data. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/setting/setting.h"
#include "handlers/demo.h"
#include "programs/shipped.h"
#include "programs/stores.h"
#include "schemas/builtin.h"

struct world {
    char folder[64]; /* holds `data` and what a test makes beside it */
    char data[80];
    struct stores stores;
    struct app app;
    struct calendar *calendar;
    struct area_set *areas;
    struct arena arena;
};

static inline int world_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

static inline void world_open(struct world *w)
{
    const char *fault = NULL;
    struct buf faults;
    buf_init(&faults, 8192);
    assert_int_equal(stores_open(w->data, NULL, &fault, &w->stores), 0);
    assert_int_equal(setting_load_calendar(w->stores.data, shipped_calendar.text,
                                           shipped_calendar.n, &faults, &w->calendar),
                     0);
    assert_int_equal(setting_load_areas(w->stores.data, shipped_communes.text, shipped_communes.n,
                                        &faults, &w->areas),
                     0);
    assert_int_equal(faults.len, 0);
    w->app = (struct app){.store = w->stores.data,
                          .keys = w->stores.keyring,
                          .people = stores_people(&w->stores),
                          .folder = w->data,
                          .demo = true};
    assert_int_equal(catalogue_holder_new(w->stores.data, &w->app.catalogue), 0);
    assert_int_equal(area_holder_new(area_set_ref(w->areas), &w->app.areas), 0);
    buf_release(&faults);
}

static inline void world_close(struct world *w)
{
    catalogue_holder_free(w->app.catalogue);
    area_holder_free(w->app.areas);
    area_set_unref(w->areas);
    calendar_unref(w->calendar);
    stores_close(&w->stores);
    w->app = (struct app){0};
    w->areas = NULL;
    w->calendar = NULL;
}

static inline int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    const char *words = NULL;
    strcpy(w->folder, "/tmp/tram-programs-XXXXXX");
    assert_non_null(w);
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->data, sizeof(w->data), "%s/data", w->folder);
    arena_init(&w->arena);
    assert_int_equal(schema_builtin_load(&w->arena, &words), 0);
    world_open(w);
    *state = w;
    return 0;
}

static inline int world_teardown(void **state)
{
    struct world *w = *state;
    world_close(w);
    schema_builtin_unload();
    arena_release(&w->arena);
    nftw(w->folder, world_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
    return 0;
}

/* The demo folder through its own loader; the tests run in the source folder. */
static inline void world_load_demo(struct world *w)
{
    struct buf faults;
    buf_init(&faults, 65536);
    int done = demo_load(&w->app, "demo", shipped_categories.text, shipped_categories.n, &faults);
    if (done != 0)
        fail_msg("demo_load: %d %s", done, faults.data ? faults.data : "");
    buf_release(&faults);
}

static inline int64_t world_count(struct world *w, const struct store_collection *c)
{
    int64_t n = 0;
    struct store_query q = {.order = "_id", .limit = STORE_LIMIT_MAX};
    for (bool more = true; more;) {
        struct store_page page;
        assert_int_equal(store_scan(w->stores.data, c, &q, &w->arena, &page), 0);
        n += (int64_t)page.n;
        more = page.more;
        q.has_after = true;
        q.after = page.next;
    }
    return n;
}

static inline void world_tell(const char *what, int64_t done, int64_t total, void *ctx)
{
    (void)what, (void)done, (void)total, (void)ctx;
}

#define WORLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, world_setup, world_teardown)
