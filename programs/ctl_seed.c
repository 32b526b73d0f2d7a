/* Filling a data folder with made-up reports; the folder is locked meanwhile. */
#include "base/clock.h"
#include "base/result.h"
#include "domain/setting/setting.h"
#include "programs/ctl.h"
#include "programs/seed.h"
#include "programs/shipped.h"

CLEANUP_PTR(struct catalogue_holder, catalogue_holder_free)

static int fill(struct ctl *c, const struct stores *s, const struct seed_options *o)
{
    CLEANUP(catalogue_holder_freep) struct catalogue_holder *holder = NULL;
    CLEANUP(catalogue_unrefp) const struct catalogue *catalogue = NULL;
    CLEANUP(calendar_unrefp) struct calendar *calendar = NULL;
    CLEANUP(area_set_unrefp) struct area_set *areas = NULL;
    CLEANUP(buf_release) struct buf faults;
    buf_init(&faults, 8192);
    int done = catalogue_holder_new(s->data, &holder);
    if (done == 0)
        done = setting_load_calendar(s->data, shipped_calendar.text, shipped_calendar.n, &faults,
                                     &calendar);
    if (done == 0)
        done =
            setting_load_areas(s->data, shipped_communes.text, shipped_communes.n, &faults, &areas);
    if (done != 0)
        return ctl_fail("%s: %s", result_words(done), faults.data ? faults.data : "");
    catalogue = catalogue_ref(holder);
    struct seed_counts counts;
    const struct seed_world world = {s, catalogue, areas, calendar};
    done = seed_fill(&world, o, &counts);
    ctl_progress_end();
    if (done == E_INVALID && counts.citizens == 0)
        return ctl_fail("there is no catalogue yet: import agencies, categories and routes first");
    if (done != 0)
        return ctl_fail_with("seed", done);
    static const struct ctl_column columns[] = {
        {"Người dân", "citizens"}, {"Phản ánh", "reports"},    {"Đã có từ trước", "repeated"},
        {"Đang mở", "open"},       {"Công khai", "published"}, {0}};
    CLEANUP(json_decrefp)
    json_t *answer =
        json_pack("{s:I, s:I, s:I, s:I, s:I}", "citizens", (json_int_t)counts.citizens, "reports",
                  (json_int_t)counts.reports, "repeated", (json_int_t)counts.repeated, "open",
                  (json_int_t)counts.open, "published", (json_int_t)counts.published);
    ctl_facts(c, answer, columns);
    return CTL_DONE;
}

int ctl_seed(struct ctl *c)
{
    long reports, citizens, days, random;
    if (!ctl_number(c, "--reports", 10000, 1, SEED_REPORTS_MAX, &reports) ||
        !ctl_number(c, "--citizens", 1000, 1, SEED_CITIZENS_MAX, &citizens) ||
        !ctl_number(c, "--days", 180, 1, SEED_DAYS_MAX, &days) ||
        !ctl_number(c, "--seed", 1, 0, 1000000000, &random))
        return CTL_USAGE;
    const struct seed_options o = {.reports = reports,
                                   .citizens = citizens,
                                   .days = days,
                                   .random = (uint64_t)random,
                                   .now_ms = clock_now_ms(),
                                   .tell = ctl_progress};
    struct stores stores;
    const char *fault = NULL;
    int done = stores_open(c->data, &(struct sqlite_progress){ctl_progress, NULL}, &fault, &stores);
    ctl_progress_end();
    if (done == E_BUSY)
        return ctl_fail("%s is in use: stop tramd first", c->data);
    if (done != 0)
        return ctl_fail("%s: %s", c->data, fault ? fault : result_words(done));
    int status = fill(c, &stores, &o);
    stores_close(&stores);
    return status;
}
