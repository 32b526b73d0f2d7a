/* How the store commits, for /metrics: writes divided by commits is how many shared one. */
#include <string.h>

#include "programs/tramd.h"
#include "store/sqlite/sqlite.h"

static struct store_driver *driver;

static struct sqlite_stats stats(void)
{
    struct sqlite_stats s;
    sqlite_stats(driver, &s);
    return s;
}

static int64_t read_commits(void)
{
    return (int64_t)stats().commits;
}

static int64_t read_writes(void)
{
    return (int64_t)stats().writes;
}

static int64_t read_checkpoints(void)
{
    return (int64_t)stats().checkpoints;
}

static int64_t read_room(void)
{
    return stats().room;
}

static struct metric commits = {.name = "tram_store_commits_total",
                                .help = "Commits of the data store.",
                                .type = METRIC_COUNTER,
                                .read = read_commits};

static struct metric writes = {.name = "tram_store_writes_total",
                               .help = "Documents and counters written by them.",
                               .type = METRIC_COUNTER,
                               .read = read_writes};

static struct metric checkpoints = {.name = "tram_store_checkpoints_total",
                                    .help = "Times the log was written back into the database.",
                                    .type = METRIC_COUNTER,
                                    .read = read_checkpoints};

static struct metric room = {.name = "tram_store_room_bytes",
                             .help = "What files may still take on the disk; 0: they are answered "
                                     "507, the rest of it is for documents.",
                             .type = METRIC_GAUGE,
                             .read = read_room};

static struct metric *const store_metrics[] = {&commits, &writes, &checkpoints, &room, NULL};

int tramd_store_metrics(struct metrics *m, struct store *s)
{
    driver = store_driver_of(s);
    if (strcmp(driver->ops->name, "sqlite") != 0)
        return 0; /* a server counts for itself */
    return metrics_register(m, store_metrics);
}
