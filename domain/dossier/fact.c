/* What is counted of a dossier. */
#include <string.h>

#include "base/clock.h"
#include "domain/dossier/private.h"

#define AT(T, member) .offset = offsetof(struct T, member)

const struct entity dossier_fact_entity = {
    .name = "DossierFact",
    .size = sizeof(struct dossier_fact),
    .fields = (const struct entity_field[]){
        {.name = "month", .type = ENTITY_INT, AT(dossier_fact, month)},
        {.name = "day", .type = ENTITY_INT, AT(dossier_fact, day)},
        {.name = "done", .type = ENTITY_INT, AT(dossier_fact, done), .flags = ENTITY_OPTIONAL},
        {.name = "done_month",
         .type = ENTITY_INT,
         AT(dossier_fact, done_month),
         .flags = ENTITY_OPTIONAL},
        {.name = "open", .type = ENTITY_INT, AT(dossier_fact, open), .flags = ENTITY_OPTIONAL},
        {.name = "agency", .type = ENTITY_TEXT, AT(dossier_fact, agency), .max = CASE_CODE_MAX},
        {.name = "desk", .type = ENTITY_TEXT, AT(dossier_fact, desk), .max = CASE_CODE_MAX},
        {.name = "procedure", .type = ENTITY_TEXT, AT(dossier_fact, procedure), .max = 80},
        {.name = "field", .type = ENTITY_TEXT, AT(dossier_fact, field), .max = STORE_TEXT_MAX},
        {.name = "channel",
         .type = ENTITY_ENUM,
         AT(dossier_fact, channel),
         .names = dossier_channels},
        {.name = "state", .type = ENTITY_ENUM, AT(dossier_fact, state), .names = dossier_states},
        {.name = "outcome",
         .type = ENTITY_ENUM,
         AT(dossier_fact, outcome),
         .names = dossier_outcomes},
        {.name = "late", .type = ENTITY_BOOL, AT(dossier_fact, late)},
        {.name = "supplied", .type = ENTITY_BOOL, AT(dossier_fact, supplied)},
        {.name = "reused", .type = ENTITY_INT, AT(dossier_fact, reused)},
        {.name = "uploaded", .type = ENTITY_INT, AT(dossier_fact, uploaded)},
        {.name = "asked", .type = ENTITY_INT, AT(dossier_fact, asked)},
        {.name = "given", .type = ENTITY_INT, AT(dossier_fact, given)},
        {.name = "returned",
         .type = ENTITY_WORDS,
         AT(dossier_fact, returned),
         .max = DOSSIER_RETURNED_MAX},
        {.name = "rating", .type = ENTITY_INT, AT(dossier_fact, rating)},
        {.name = "revision", .type = ENTITY_INT, AT(dossier_fact, revision)},
        {0},
    }};

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
        .field = d->field ? arena_strndup(a, d->field, text_cut(d->field, STORE_TEXT_MAX)) : "",
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
        .asked = (int64_t)d->asks.n,
    };
    for (size_t i = 0; i < d->components.n; i++) {
        bool reused = !id_is_nil(&components[i].document);
        ret->reused += reused;
        ret->uploaded += !reused && components[i].files.n > 0;
    }
    add_returned(d, a, &ret->returned);
}
