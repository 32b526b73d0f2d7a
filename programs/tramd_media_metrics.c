/* What the pools of processes that read strangers' files count, for /metrics. */
#include "media/pool.h"
#include "programs/tramd.h"

static const struct app *counted;

/* name, member of struct media_pool_counts, type, what it says of a pool */
#define COUNTS(X, pool)                                                                            \
    X(pool, decoded_total, decoded, METRIC_COUNTER, "Files read.")                                 \
    X(pool, refused_total, refused, METRIC_COUNTER, "Files refused.")                              \
    X(pool, busy_total, busy, METRIC_COUNTER, "Callers turned away since all were taken.")         \
    X(pool, crashed_total, crashed, METRIC_COUNTER, "Processes that died of a file.")              \
    X(pool, slow_total, slow, METRIC_COUNTER, "Processes ended since a file took too long.")       \
    X(pool, started_total, started, METRIC_COUNTER, "Processes started.")                          \
    X(pool, running, running, METRIC_GAUGE, "Files being read.")                                   \
    X(pool, waiting, waiting, METRIC_GAUGE, "Files that wait to be read.")

#define READ(pool, suffix, member, kind, words)                                                    \
    static int64_t read_##pool##_##member(void)                                                    \
    {                                                                                              \
        return (int64_t)media_pool_counts(counted->pool).member;                                   \
    }                                                                                              \
    static struct metric pool##_##member = {.name = "tram_media_" #pool "_" #suffix,               \
                                            .help = (words),                                       \
                                            .type = (kind),                                        \
                                            .read = read_##pool##_##member};
COUNTS(READ, decoders)
COUNTS(READ, papers)
COUNTS(READ, forms)
#undef READ

#define ROW(pool, suffix, member, kind, words) &pool##_##member,
static struct metric *const media_metrics[] = {COUNTS(ROW, decoders) COUNTS(ROW, papers)
                                                   COUNTS(ROW, forms) NULL};
#undef ROW

int tramd_media_metrics(struct metrics *m, const struct app *app)
{
    counted = app;
    return metrics_register(m, media_metrics);
}
