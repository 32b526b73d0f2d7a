/* A dossier as any case that is kept (domain/case/kept.h). */
#include "domain/case/project.h"
#include "domain/dossier/private.h"

static int decode(const bson_t *doc, struct arena *a, void *ret)
{
    return dossier_decode(doc, a, ret);
}

static void topic(const void *record, struct case_topic *ret)
{
    const struct dossier *d = record;
    *ret =
        (struct case_topic){.procedure = d->procedure, .commune = d->commune, .posted = d->posted};
}

static int first_fact(const void *record, const struct calendar *c, struct arena *a, bson_t *body)
{
    struct dossier_fact fact;
    dossier_project_fact(record, c, a, &fact);
    return entity_encode(&dossier_fact_entity, &fact, NULL, a, body);
}

static int rebuild(struct store *s, const void *record, const struct calendar *c,
                   const struct case_names *names, struct arena *a, bool *ret_differed)
{
    (void)names;
    const struct dossier *d = record;
    struct dossier_fact fact;
    dossier_project_fact(d, c, a, &fact);
    struct case_projection p = {&dossier_fact_entity, &fact, d->head.revision, ret_differed != NULL,
                                false};
    int done = case_project(s, &dossier_fact_collection, &d->head.id, &p);
    if (ret_differed)
        *ret_differed = p.differs;
    return done;
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
