/* Filling a store with made-up reports; the data folder is locked meanwhile. */
#include "base/clock.h"
#include "base/result.h"
#include "domain/setting/setting.h"
#include "handlers/demo.h"
#include "programs/ctl.h"
#include "programs/seed.h"
#include "programs/shipped.h"
#include "schemas/builtin.h"

/* What reports are made from, held while they are made. */
struct ground {
    struct catalogue_holder *catalogue;
    struct area_holder *areas;
    struct calendar *calendar;
};

static void ground_release(struct ground *g)
{
    catalogue_holder_free(g->catalogue);
    area_holder_free(g->areas);
    calendar_unref(g->calendar);
}

static int ground_load(const struct stores *s, struct ground *ret, struct buf *faults)
{
    struct area_set *areas = NULL;
    int done = catalogue_holder_new(s->data, &ret->catalogue);
    if (done == 0)
        done = setting_load_calendar(s->data, shipped_calendar.text, shipped_calendar.n, faults,
                                     &ret->calendar);
    if (done == 0)
        done =
            setting_load_areas(s->data, shipped_communes.text, shipped_communes.n, faults, &areas);
    return done == 0 ? area_holder_new(areas, &ret->areas) : done;
}

static bool has_agencies(const struct ground *g)
{
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(g->catalogue);
    return catalogue->n_agencies > 0;
}

/* As tramd --demo does at its first start; nothing if there are agencies already. */
static int load_demo(struct ctl *c, const struct stores *s, const struct ground *g,
                     struct buf *faults)
{
    const char *folder = ctl_option(c, "--demo");
    if (!folder || has_agencies(g))
        return 0;
    struct app app = {.store = s->data,
                      .keys = s->keyring,
                      .people = stores_people(s),
                      .catalogue = g->catalogue,
                      .areas = g->areas,
                      .demo = true};
    return demo_load(&app, folder, shipped_categories.text, shipped_categories.n, faults);
}

static int fill(struct ctl *c, const struct stores *s, const struct seed_options *o)
{
    CLEANUP(ground_release) struct ground g = {0};
    CLEANUP(buf_release) struct buf faults;
    buf_init(&faults, 64 * 1024);
    int done = ground_load(s, &g, &faults);
    if (done == 0 && ctl_option(c, "--if-empty") && has_agencies(&g)) {
        printf("there is a province already: nothing is made up\n");
        return CTL_DONE;
    }
    if (done == 0)
        done = load_demo(c, s, &g, &faults);
    if (done != 0)
        return ctl_fail("%s: %s", result_words(done), faults.data ? faults.data : "");
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = catalogue_ref(g.catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(g.areas);
    struct seed_counts counts;
    const struct seed_world world = {s, catalogue, areas, g.calendar};
    done = o->procedures > 0 ? seed_procedures(&world, o) : 0;
    counts = (struct seed_counts){0};
    if (done == 0)
        done = seed_fill(&world, o, &counts);
    ctl_progress_end();
    if (done == E_INVALID && counts.citizens == 0)
        return ctl_fail("there is no catalogue yet: import agencies, categories and "
                        "routes first");
    if (done != 0)
        return ctl_fail_with("seed", done);
    static const struct ctl_column columns[] = {{"Người dân", "citizens"},
                                                {"Phản ánh", "reports"},
                                                {"Đã có từ trước", "repeated"},
                                                {"Đang mở", "open"},
                                                {"Công khai", "published"},
                                                {"Hồ sơ", "dossiers"},
                                                {0}};
    CLEANUP(json_decrefp)
    json_t *answer =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "citizens", (json_int_t)counts.citizens,
                  "reports", (json_int_t)counts.reports, "repeated", (json_int_t)counts.repeated,
                  "open", (json_int_t)counts.open, "published", (json_int_t)counts.published,
                  "dossiers", (json_int_t)counts.dossiers);
    ctl_facts(c, answer, columns);
    return CTL_DONE;
}

int ctl_seed(struct ctl *c)
{
    long reports, citizens, days, random, procedures, dossiers;
    if (!ctl_number(c, "--reports", 10000, 1, SEED_REPORTS_MAX, &reports) ||
        !ctl_number(c, "--citizens", 1000, 1, SEED_CITIZENS_MAX, &citizens) ||
        !ctl_number(c, "--days", 180, 1, SEED_DAYS_MAX, &days) ||
        !ctl_number(c, "--procedures", 0, 0, SEED_PROCEDURES_MAX, &procedures) ||
        !ctl_number(c, "--dossiers", 0, 0, SEED_DOSSIERS_MAX, &dossiers) ||
        !ctl_number(c, "--seed", 1, 0, 1000000000, &random))
        return CTL_USAGE;
    const struct seed_options o = {.reports = reports,
                                   .citizens = citizens,
                                   .days = days,
                                   .procedures = procedures,
                                   .dossiers = dossiers,
                                   .random = (uint64_t)random,
                                   .now_ms = clock_now_ms(),
                                   .tell = ctl_progress};
    struct stores stores;
    const char *fault = NULL;
    char url[STORES_URL_MAX];
    int done = c->store ? stores_url(c->store, url) : 0;
    if (done != 0)
        return ctl_fail("%s: neither a URL nor a file with one", c->store);
    done = stores_open_url(c->data, c->store ? url : NULL,
                           &(struct sqlite_progress){ctl_progress, NULL}, &fault, &stores);
    ctl_progress_end();
    if (done == E_BUSY)
        return ctl_fail("%s is in use: stop tramd first", c->data);
    if (done != 0)
        return ctl_fail("%s: %s", c->data, fault ? fault : result_words(done));
    const char *words = NULL;
    done = schema_builtin_load(c->arena, &words);
    int status = done == 0 ? fill(c, &stores, &o) : ctl_fail("%s", words ? words : "schemas");
    schema_builtin_unload();
    stores_close(&stores);
    return status;
}
