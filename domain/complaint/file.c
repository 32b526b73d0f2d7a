/* A complaint comes in; and goes with whose it was. */
#include <string.h>

#include "base/result.h"
#include "domain/case/history.h"
#include "domain/complaint/complaint.h"

static const struct case_tell to_leader[] = {{TELL_OWNER, "file"}, {TELL_LEADER, "file"}, {0}};
static const struct case_tell to_inspectors[] = {
    {TELL_OWNER, "file"}, {TELL_INSPECTOR, "file"}, {0}};

struct id complaint_id(const struct id *actor, const struct id *dossier, const char *key)
{
    const struct id_part parts[] = {{actor->bytes, 16}, {dossier->bytes, 16}, {key, strlen(key)}};
    return id_v8("complaint", parts, ARRAY_LEN(parts));
}

/* As it is stored under its id: this write made it, or another did. */
static int stored(struct store *s, const struct id *id, const struct store_write *write,
                  struct arena *a, struct complaint *ret)
{
    CLEANUP(bson_destroyp) bson_t *doc = NULL;
    int done = store_get(s, &complaint_collection, id, &doc);
    if (done != 0)
        return done;
    bool same = store_wrote(doc, write);
    done = complaint_decode(doc, a, ret);
    return done < 0 ? done : same ? COMPLAINT_REPEATED : COMPLAINT_KEY_REUSED;
}

static int begin(struct store *s, struct complaint *c, const struct case_world *w, struct arena *a)
{
    int64_t n = 0;
    int done = store_number(s, case_counter(a, complaint_kind.prefix, w->now_ms), &n);
    if (done != 0)
        return done;
    bool above = strcmp(c->head.agency, c->head.desk) != 0;
    struct case_act act = {
        .verb = "file", .party = PARTY_OWNER, .by = c->head.actor, .agency = c->head.agency};
    c->head.number = case_number(a, complaint_kind.prefix, w->now_ms, n);
    c->head.state = COMPLAINT_FILED;
    return case_begin(&complaint_kind, c, &act, w, above ? to_inspectors : to_leader, a);
}

int complaint_file(struct store *s, struct complaint *c, const char *key, const void *body,
                   size_t n_body, const struct case_world *w, struct arena *a,
                   struct complaint *ret)
{
    struct store_write write =
        store_write_keyed("complaint.file", &c->head.actor, key, body, n_body);
    c->head.id = complaint_id(&c->head.actor, &c->dossier, key);
    int done = stored(s, &c->head.id, &write, a, ret);
    if (done != STORE_ABSENT)
        return done;
    CLEANUP(bson_destroyp) bson_t *doc = bson_new();
    done = begin(s, c, w, a);
    if (done == 0)
        done = entity_encode(&complaint_entity, c, NULL, a, doc);
    if (done == 0)
        done = store_create(s, &complaint_collection, &c->head.id, &write, doc, NULL);
    if (done < 0)
        return done;
    int read = stored(s, &c->head.id, &write, a, ret);
    return done == 0 && read == COMPLAINT_REPEATED ? 0 : read;
}

/* --- erasing ---------------------------------------------------------------------------------- */

static int erase(struct store_edit *edit, void *ctx)
{
    const struct id *owner = ctx;
    struct complaint c;
    int done = complaint_decode(edit->before, edit->arena, &c);
    if (done < 0)
        return done;
    if (!id_equal(&c.head.owner, owner) || c.x.open)
        return STORE_UNCHANGED;
    struct case_step *steps = c.head.steps.items;
    for (size_t i = 0; i < c.head.steps.n; i++) {
        if (steps[i].party && strcmp(steps[i].party, "owner") == 0)
            history_erase(&steps[i]);
    }
    c.text = c.rating_note = NULL;
    c.head.owner = c.head.actor = (struct id){0};
    return entity_encode(&complaint_entity, &c, edit->before, edit->arena, edit->after);
}

int complaint_erase(struct store *s, const struct id *owner, struct arena *a, bool *ret_more)
{
    struct id who = *owner;
    return case_each_owned(&complaint_kept, s, owner, erase, &who, a, ret_more);
}

int complaint_count_open(struct store *s, const struct id *owner, struct arena *a, int64_t *ret)
{
    struct store_value whose = store_id(*owner), yes = store_int(1);
    const struct store_condition conditions[] = {
        {.field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1},
        {.field = "open", .op = STORE_EQ, .values = &yes, .n_values = 1}};
    struct store_query q = {.conditions = conditions,
                            .n_conditions = ARRAY_LEN(conditions),
                            .order = "filed",
                            .limit = STORE_LIMIT_MAX};
    struct store_page page = {0};
    int done = store_scan(s, &complaint_collection, &q, a, &page);
    *ret = done == 0 ? (int64_t)page.n : 0;
    return done;
}
