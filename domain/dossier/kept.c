/* A dossier as any case that is kept (domain/case/kept.h), and what is counted of it. */
#include <string.h>

#include "base/clock.h"
#include "domain/case/project.h"
#include "domain/dossier/private.h"

static int decode(const bson_t *doc, struct arena *a, void *ret)
{
    return dossier_decode(doc, a, ret);
}

static void topic(const void *record, struct case_topic *ret)
{
    const struct dossier *d = record;
    *ret = (struct case_topic){.procedure = d->procedure, .commune = d->commune};
}

#define RETURNED_BYTES 240 /* of "component/verdict"; longer codes are not counted */

static bool listed(const struct text_words *list, const char *word)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i], word) == 0)
            return true;
    }
    return false;
}

static void add_returned(const struct dossier *d, struct arena *a, struct text_words *ret)
{
    const struct dossier_return *returns = d->returns.items;
    ret->items = arena_array(a, DOSSIER_RETURNED_MAX, sizeof(*ret->items));
    for (size_t i = 0; i < d->returns.n && ret->n < DOSSIER_RETURNED_MAX; i++) {
        const char *verdict = entity_enum_name(dossier_verdicts, returns[i].verdict);
        if (!returns[i].code || !verdict)
            continue;
        const char *word = arena_printf(a, "%s/%s", returns[i].code, verdict);
        if (strlen(word) <= RETURNED_BYTES && !listed(ret, word))
            ret->items[ret->n++] = word;
    }
}

void dossier_project_fact(const struct dossier *d, const struct calendar *c, struct arena *a,
                          struct dossier_fact *ret)
{
    const struct dossier_component *components = d->components.items;
    *ret = (struct dossier_fact){
        .id = d->head.id,
        .month = dossier_month(d->head.filed_ms),
        .day = clock_day_number(d->head.filed_ms),
        .done_month = d->finished_ms ? dossier_month(d->finished_ms) : 0,
        .done = d->finished_ms ? clock_day_number(d->finished_ms) : 0,
        .open = d->finished_ms == 0,
        .agency = d->decider,
        .desk = d->head.desk,
        .procedure = d->procedure,
        .field = d->field ? d->field : "",
        .channel = d->channel,
        .state = d->head.state,
        .outcome = d->head.closed_ms || d->finished_ms ? d->head.outcome : 0,
        /* More than one request for papers counts as overdue (NĐ 118/2025). */
        .late = d->supplements > 1 || case_was_late(&d->head, DOSSIER_CLOCK_HANDLE, c) ||
                case_was_late(&d->head, DOSSIER_CLOCK_ACCEPT, c),
        .supplied = d->supplements > 0,
        .given = (int64_t)d->components.n,
        .rating = d->rating,
        .revision = d->head.revision,
    };
    for (size_t i = 0; i < d->components.n; i++)
        ret->reused += !id_is_nil(&components[i].document);
    add_returned(d, a, &ret->returned);
}

static int first_fact(const void *record, const struct calendar *c, struct arena *a, bson_t *body)
{
    struct dossier_fact fact;
    dossier_project_fact(record, c, a, &fact);
    return entity_encode(&dossier_fact_entity, &fact, NULL, a, body);
}

static int rebuild(struct store *s, const void *record, const struct calendar *c,
                   const struct case_names *names, struct arena *a)
{
    (void)names;
    const struct dossier *d = record;
    struct dossier_fact fact;
    dossier_project_fact(d, c, a, &fact);
    struct case_projection p = {&dossier_fact_entity, &fact, d->head.revision, false, false};
    return case_project(s, &dossier_fact_collection, &d->head.id, &p);
}

/* What decides when something is due, besides days and hours: the budgets. A promised time is the
 * record's own. */
static struct id figures(const struct case_world *w)
{
    const struct dossier_settings *set = w->settings;
    return id_v8("figures", &(struct id_part){set, sizeof(*set)}, 1);
}

static void after(void *record, const struct calendar *c)
{
    dossier_stage_due(record, c);
}

const struct case_kept dossier_kept = {
    .kind = &dossier_kind,
    .entity = &dossier_entity,
    .collection = &dossier_collection,
    .fact = &dossier_fact_collection,
    .decode = decode,
    .topic = topic,
    .first_fact = first_fact,
    .rebuild = rebuild,
    .figures = figures,
    .after = after,
    .room = DOSSIER_ROOM,
};
