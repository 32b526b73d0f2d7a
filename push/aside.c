/*
 * Documents that cannot be read: damaged, or of a newer form than this program. They stay where
 * they are, and are shown to the operator among the dead letters; nothing else waits for them.
 */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "push/private.h"

bool is_unreadable(int failure)
{
    return failure == E_CORRUPT || failure == E_FORM;
}

/* The same for ever, so that a document stands there once. */
static struct id letter_id(const struct store_collection *c, const struct id *document)
{
    const struct id collection =
        id_v8("collection", &(struct id_part){c->name, strlen(c->name)}, 1);
    return delivery_id(document, &collection, CHANNEL_DOCUMENT);
}

static void tell(const struct store_collection *c, const struct id *document, int failure)
{
    char id[ID_TEXT];
    count_aside();
    log_event(LOG_ERROR, "a document cannot be read and was set aside", c->name,
              id_format(document, id), "error", result_words(failure), NULL);
}

int aside_put(struct push *p, const struct store_collection *c, struct pump_job *job, int failure)
{
    int64_t now_ms = clock_now_ms();
    struct delivery d = {
        .id = letter_id(c, &job->id),
        .channel = CHANNEL_DOCUMENT,
        .state = DELIVERY_DEAD,
        .at_ms = now_ms,
        .subject = c->name,
        .about = job->id,
        .what = "unreadable",
        .error = result_words(failure),
        .next_ms = now_ms,
        .expires_ms = now_ms + p->dead_keep_ms,
    };
    struct delivery *const one[] = {&d};
    struct arena a;
    int outcome = 0;
    arena_init(&a);
    int done = deliveries_insert(p->o.store, one, 1, &a, &outcome);
    arena_release(&a);
    if (done == 0 && outcome < 0)
        done = outcome;
    if (done < 0)
        return done;
    if (outcome == 0)
        tell(c, &job->id, failure);
    job->aside = true;
    job->hold_ms = now_ms + ASIDE_HOLD_MS;
    return 0;
}
