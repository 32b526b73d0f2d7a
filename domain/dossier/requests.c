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
        {0},
    }};

void dossier_request_add(struct dossier *d, const struct dossier_component *asked, size_t n,
                         struct arena *a)
{
    struct dossier_request *r = dossier_list_add(&d->requests, sizeof(*r), DOSSIER_REQUESTS_MAX, a);
    struct dossier_component *kept = arena_array(a, n, sizeof(*kept));
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (asked[i].verdict > DOSSIER_FIT)
            kept[k++] = (struct dossier_component){
                .code = asked[i].code, .verdict = asked[i].verdict, .note = asked[i].note};
    }
    *r = (struct dossier_request){.seq = dossier_last_seq(d) + 1, .components = {kept, k}};
}
