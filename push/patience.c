#include "base/clock.h"
#include "base/result.h"
#include "push/private.h"

struct patience patience_begin(const struct push *p)
{
    return (struct patience){.until_ms = clock_monotonic_ms() + p->patience_ms};
}

int patience_note(struct patience *p, int outcome)
{
    bool away = outcome == E_UNAVAILABLE || outcome == E_TIMEOUT || outcome == E_UNKNOWN;
    if (away && clock_monotonic_ms() >= p->until_ms)
        p->failed = outcome;
    return outcome;
}
