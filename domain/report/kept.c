/* A report as any case that is kept (domain/case/kept.h). */
#include "domain/report/report.h"

static int decode(const bson_t *doc, struct arena *a, void *ret)
{
    return report_decode(doc, a, ret);
}

static void topic(const void *record, struct case_topic *ret)
{
    const struct report *r = record;
    *ret = (struct case_topic){.category = r->category, .commune = r->commune};
}

static int first_fact(const void *record, const struct calendar *c, struct arena *a, bson_t *body)
{
    const struct report *r = record;
    struct report_fact fact;
    if (r->published_ms)
        return 1;
    report_project_fact(r, c, a, &fact);
    return entity_encode(&report_fact_entity, &fact, NULL, a, body);
}

static int rebuild(struct store *s, const void *record, const struct calendar *c,
                   const struct case_names *names, struct arena *a, bool *ret_differed)
{
    return ret_differed ? report_verify(s, record, c, names, a, ret_differed)
                        : report_rebuild(s, record, c, names, a);
}

/* What decides when something is due, besides days and hours: the budgets. */
static struct id figures(const struct case_world *w)
{
    const struct report_settings *set = w->settings;
    const int64_t all[] = {set->dispatch.working_day_ms,
                           set->dispatch.day_off_ms,
                           set->response.working_day_ms,
                           set->response.day_off_ms,
                           set->supply_ms,
                           set->review_ms,
                           set->warn_share};
    return id_v8("figures", &(struct id_part){all, sizeof(all)}, 1);
}

const struct case_kept report_kept = {
    .kind = &report_kind,
    .entity = &report_entity,
    .collection = &report_collection,
    .fact = &report_fact_collection,
    .decode = decode,
    .topic = topic,
    .first_fact = first_fact,
    .rebuild = rebuild,
    .figures = figures,
    .room = REPORT_ROOM,
};
