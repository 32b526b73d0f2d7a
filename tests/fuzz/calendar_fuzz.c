/* A calendar of anybody: refused with words, or one that answers every question alike. */
#include "domain/calendar/calendar.h"
#include "tests/fuzz/feed.h"

#define FROM_MS INT64_C(1764000000000)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void ask(const struct calendar *c)
{
    static const enum calendar_unit units[] = {CALENDAR_ELAPSED, CALENDAR_WORKING_MINUTES,
                                               CALENDAR_WORKING_DAYS, CALENDAR_CALENDAR_DAYS};
    static const int64_t budgets[] = {0, 1, 15, 480, 4000};
    for (size_t u = 0; u < 4; u++) {
        for (size_t b = 0; b < 5; b++) {
            int64_t due = calendar_add(c, units[u], FROM_MS, budgets[b]);
            check(due >= FROM_MS);
            int64_t spent = calendar_spent(c, units[u], FROM_MS, due);
            check(units[u] == CALENDAR_CALENDAR_DAYS ? spent >= budgets[b] : spent == budgets[b]);
        }
    }
    int64_t day = calendar_next_working_day(c, FROM_MS / 86400000);
    check(calendar_is_working_day(c, day));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct buf faults;
    struct calendar *c = NULL;
    buf_init(&faults, 4096);
    int done = calendar_load((const char *)bytes, n, &faults, &c);
    check(done == 0 || done == CALENDAR_FAULTY);
    check((done == 0) == (c != NULL));
    if (done == CALENDAR_FAULTY)
        check(faults.len > 0 || faults.failed);
    if (c)
        ask(c);
    calendar_unref(c);
    buf_release(&faults);
    return 0;
}
