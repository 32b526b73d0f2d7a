/* Who was erased stays so, whatever was restored: before anything is served. */
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "handlers/rights/erase.h"
#include "programs/tramd.h"
#include "store/sqlite/sqlite.h"

int tramd_replay(struct app *app)
{
    char text[24];
    size_t n = 0;
    int done = erase_replay(app, clock_now_ms(), &n);
    snprintf(text, sizeof(text), "%zu", n);
    if (done == 0 && n > 0)
        log_event(LOG_INFO, "persons who had been erased were erased anew", "persons", text, NULL);
    return done;
}

void tramd_rewrite(struct app *app)
{
    if (!__atomic_load_n(&app->erased, __ATOMIC_RELAXED))
        return;
    sqlite_rewrite_at_close(store_driver_of(app->store));
    sqlite_rewrite_at_close(store_driver_of(app->people.keys));
}
