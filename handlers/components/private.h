/* Shared by the files that make components: how one is made and added. */
#pragma once

#include "base/json.h"
#include "domain/entity/entity.h"
#include "handlers/components/components.h"

struct components {
    struct arena *arena;
    struct route_component *items;
    size_t n;
};

void component_add(struct components *c, const char *name, const char *text);
/* What a table shows `see`; with its id. */
void component_add_entity(struct components *c, const char *name, const struct entity *e,
                          unsigned see, bool has_id);
/* {"items":[…]} of another component. */
void component_add_page(struct components *c, const char *name, const char *of, bool paged);

/* The table's schema as a value, so that members which a handler writes beside it can be added. */
json_t *component_schema(const struct entity *e, unsigned see);
void component_member(json_t *schema, const char *name, bool required, const char *member);
/* Takes the schema. */
const char *component_text(struct components *c, json_t *schema);

/* cases.c */
void components_of_reports(struct components *c);
void components_of_dossiers(struct components *c);
void components_of_figures(struct components *c); /* and of complaints */
void components_of_payments(struct components *c);
/* forms.c */
void components_of_forms(struct components *c);
/* documents.c */
void components_of_documents(struct components *c);
#define DOCUMENTS_OF_DOSSIER                                                                       \
    "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/DossierDocument\"}}"
#define DOCUMENT_OFFERS                                                                            \
    "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/DocumentOffers\"}}"
/* small.c: those that are short enough to be written down; NULL-name-ended. */
extern const struct route_component components_small[];

/* --- JSON Schema text ------------------------------------------------------------------------- */

#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[" required                  \
    "],\"properties\":{" properties "}}"
#define TEXT "{\"type\":\"string\"}"
#define IDENT "{\"type\":\"string\",\"format\":\"uuid\"}"
#define WHEN "{\"type\":\"string\",\"format\":\"date-time\"}"
#define INTEGER "{\"type\":\"integer\"}"
#define SIGNED "{\"enum\":[\"none\",\"valid\",\"untrusted\",\"invalid\"]}"
#define YES_NO "{\"type\":\"boolean\"}"
#define TEXTS "{\"type\":\"array\",\"items\":" TEXT "}"
#define COMMUNE                                                                                    \
    "\"code\":" TEXT ",\"name\":" TEXT ",\"full_name\":" TEXT ",\"name_en\":" TEXT                 \
    ",\"lat\":{\"type\":\"number\"},\"lon\":{\"type\":\"number\"}"
