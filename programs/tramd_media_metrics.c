/* What those who read strangers' files count, for /metrics: pools of processes, and the lane of
 * films. */
#include "media/pool.h"
#include "media/videos.h"
#include "programs/tramd.h"

static const struct app *counted;

/* of what, its end of the name, member of its counts, type, divisor, what it says */
#define POOL(X, pool)                                                                              \
    X(pool, decoded_total, decoded, METRIC_COUNTER, 1, "Files read.")                              \
    X(pool, refused_total, refused, METRIC_COUNTER, 1, "Files refused.")                           \
    X(pool, busy_total, busy, METRIC_COUNTER, 1, "Callers turned away since all were taken.")      \
    X(pool, crashed_total, crashed, METRIC_COUNTER, 1, "Processes that died of a file.")           \
    X(pool, slow_total, slow, METRIC_COUNTER, 1, "Processes ended since a file took too long.")    \
    X(pool, started_total, started, METRIC_COUNTER, 1, "Processes started.")                       \
    X(pool, seconds_total, worked_ms, METRIC_COUNTER, 1000, "Seconds that files were read.")       \
    X(pool, running, running, METRIC_GAUGE, 1, "Files being read.")                                \
    X(pool, waiting, waiting, METRIC_GAUGE, 1, "Files that wait to be read.")

#define VIDEOS(X)                                                                                  \
    X(videos, checked_total, checked, METRIC_COUNTER, 1, "Videos found sound by this program.")    \
    X(videos, refused_total, refused, METRIC_COUNTER, 1, "Videos refused by this program.")        \
    X(videos, back_total, back, METRIC_COUNTER, 1, "Checks that ended unfinished.")                \
    X(videos, busy_total, full, METRIC_COUNTER, 1, "Callers told that too many videos wait.")      \
    X(videos, seconds_total, worked_ms, METRIC_COUNTER, 1000, "Seconds that videos were checked.") \
    X(videos, running, running, METRIC_GAUGE, 1, "Videos that this program checks now.")

#define COUNTS_decoders media_pool_counts(counted->decoders)
#define COUNTS_papers media_pool_counts(counted->papers)
#define COUNTS_forms media_pool_counts(counted->forms)
#define COUNTS_videos videos_counts(counted->videos)

#define READ(of, suffix, member, kind, by, words)                                                  \
    static int64_t read_##of##_##member(void)                                                      \
    {                                                                                              \
        return (int64_t)COUNTS_##of.member;                                                        \
    }                                                                                              \
    static struct metric of##_##member = {.name = "tram_media_" #of "_" #suffix,                   \
                                          .help = (words),                                         \
                                          .type = (kind),                                          \
                                          .divisor = (by),                                         \
                                          .read = read_##of##_##member};
POOL(READ, decoders)
POOL(READ, papers)
POOL(READ, forms)
VIDEOS(READ)
#undef READ

static int64_t read_videos_waiting(void)
{
    return (int64_t)videos_waiting(counted->videos);
}
static struct metric videos_waiting_now = {
    .name = "tram_media_videos_waiting",
    .help = "Videos in the store that were not checked to the end yet.",
    .type = METRIC_GAUGE,
    .read = read_videos_waiting};

#define ROW(of, suffix, member, kind, by, words) &of##_##member,
static struct metric *const media_metrics[] = {
    POOL(ROW, decoders) POOL(ROW, papers) POOL(ROW, forms) VIDEOS(ROW) & videos_waiting_now, NULL};
#undef ROW

int tramd_media_metrics(struct metrics *m, const struct app *app)
{
    counted = app;
    return metrics_register(m, media_metrics);
}
