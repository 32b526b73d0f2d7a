/* What was asked for of the applicant, kept as it was told: verdicts go when papers come. */
#include <string.h>

#include "domain/dossier/private.h"

#define AT(T, member) .offset = offsetof(struct T, member)

static const struct entity asked_entity = {.name = "DossierAsked",
                                           .size = sizeof(struct dossier_component),
                                           .fields = (const struct entity_field[]){
                                               {.name = "code",
                                                .type = ENTITY_TEXT,
                                                AT(dossier_component, code),
                                                .see = SEE_PARTIES,
                                                .max = 320},
                                               {.name = "verdict",
                                                .type = ENTITY_ENUM,
                                                AT(dossier_component, verdict),
                                                .see = SEE_PARTIES,
                                                .names = dossier_verdicts},
                                               {.name = "note",
                                                .type = ENTITY_TEXT,
                                                AT(dossier_component, note),
                                                .see = SEE_PARTIES,
                                                .max = CASE_NOTE_MAX},
                                               {0},
                                           }};

const struct entity dossier_field_entity = {.name = "DossierField",
                                            .size = sizeof(struct dossier_field),
                                            .fields = (const struct entity_field[]){
                                                {.name = "pointer",
                                                 .type = ENTITY_TEXT,
                                                 AT(dossier_field, pointer),
                                                 .see = SEE_PARTIES,
                                                 .max = DOSSIER_POINTER_MAX,
                                                 .words = "JSON Pointer into the form"},
                                                {.name = "note",
                                                 .type = ENTITY_TEXT,
                                                 AT(dossier_field, note),
                                                 .see = SEE_PARTIES,
                                                 .max = DOSSIER_FIELD_NOTE_MAX},
                                                {0},
                                            }};

const struct entity dossier_request_entity = {
    .name = "DossierRequest",
    .size = sizeof(struct dossier_request),
    .fields = (const struct entity_field[]){
        {.name = "seq", .type = ENTITY_INT, AT(dossier_request, seq), .see = SEE_PARTIES},
        {.name = "components",
         .type = ENTITY_LIST,
         AT(dossier_request, components),
         .see = SEE_PARTIES,
         .max = DOSSIER_COMPONENTS_MAX,
         .of = &asked_entity},
        {.name = "fields",
         .type = ENTITY_LIST,
         AT(dossier_request, fields),
         .see = SEE_PARTIES,
         .max = DOSSIER_FIELDS_MAX,
         .of = &dossier_field_entity,
         .words = "Of the form"},
        {0},
    }};

void dossier_request_add(struct dossier *d, const struct dossier_act *o, struct arena *a)
{
    const struct dossier_component *asked = o->components;
    struct dossier_request *r = dossier_list_add(&d->requests, sizeof(*r), DOSSIER_REQUESTS_MAX, a);
    struct dossier_component *kept = arena_array(a, o->n_components, sizeof(*kept));
    size_t k = 0;
    for (size_t i = 0; i < o->n_components; i++) {
        if (asked[i].verdict > DOSSIER_FIT)
            kept[k++] = (struct dossier_component){
                .code = asked[i].code, .verdict = asked[i].verdict, .note = asked[i].note};
    }
    *r = (struct dossier_request){
        .seq = dossier_last_seq(d) + 1, .components = {kept, k}, .fields = d->fields};
}
