/* Reply schemas of the document store, and of a draft's review, which offers what is in it. */
#include "domain/document/document.h"
#include "handlers/components/private.h"

#define FLAG "{\"type\":\"boolean\"}"
#define LIST(of) "{\"type\":\"array\",\"items\":" of "}"
#define NAMED OBJECT("\"code\",\"name\"", "\"code\":" TEXT ",\"name\":" TEXT)
#define GROUP "{\"type\":\"string\",\"description\":\"Group of which any one will do\"}"

#define MEDIA                                                                                      \
    LIST(OBJECT("\"id\",\"kind\",\"pages\",\"large\",\"small\"",                                   \
                "\"id\":" TEXT ",\"kind\":{\"enum\":[\"photo\",\"paper\"]},\"pages\":" INTEGER     \
                ",\"large\":" TEXT ",\"small\":" TEXT ",\"original\":" TEXT))
#define USES                                                                                       \
    LIST(OBJECT("\"id\",\"number\",\"procedure\"",                                                 \
                "\"id\":" TEXT ",\"number\":" TEXT ",\"procedure\":" TEXT))

#define PROBLEM OBJECT("\"pointer\",\"detail\"", "\"pointer\":" TEXT ",\"detail\":" TEXT)
#define NEED                                                                                       \
    OBJECT("\"code\",\"name\",\"required\"",                                                       \
           "\"code\":" TEXT ",\"name\":" TEXT ",\"one_of\":" GROUP ",\"required\":" FLAG)
#define FEE                                                                                        \
    OBJECT("\"code\",\"name\",\"amount\"",                                                         \
           "\"code\":" TEXT ",\"name\":" TEXT ",\"amount\":" INTEGER ",\"exemption\":" TEXT)

static const char review[] = OBJECT(
    "\"complete\",\"problems\",\"needs\",\"fees\",\"total\"",
    "\"complete\":" FLAG ",\"problems\":" LIST(PROBLEM) ",\"needs\":" LIST(NEED) ",\"fees\":" LIST(
        FEE) ",\"total\":" INTEGER ",\"decider\":" NAMED ",\"desk\":" NAMED
             ",\"offers\":" DOCUMENT_OFFERS ",\"documents_consent\":{\"type\":\"boolean\","
             "\"description\":\"Papers of the document "
             "store are used: filing it wants documents_consent\"}");

static json_t *document_schema(unsigned see)
{
    json_t *schema = component_schema(&document_entity, see);
    component_member(schema, "id", true, "{\"type\":\"string\",\"format\":\"uuid\"}");
    component_member(schema, "stands", true,
                     "{\"type\":\"boolean\",\"description\":\"It holds now\"}");
    component_member(schema, "why", false,
                     "{\"type\":\"string\",\"description\":\"Why it does not\"}");
    component_member(schema, "why_words", false, TEXT);
    component_member(schema, "name", true, "{\"type\":\"string\",\"description\":\"Of its type\"}");
    component_member(schema, "office_name", false, TEXT);
    component_member(schema, "number", false, TEXT);
    component_member(schema, "issuer", false, TEXT);
    component_member(schema, "holder", false,
                     "{\"type\":\"string\",\"description\":\"Whose name stands on it\"}");
    return schema;
}

void components_of_documents(struct components *c)
{
    json_t *offer = document_schema(SEE_OWNER), *detail = document_schema(SEE_OWNER),
           *named = document_schema(SEE_OWNER | SEE_AGENCY);
    component_add(c, "Document", component_text(c, document_schema(SEE_OWNER)));
    component_add_page(c, "DocumentPage", "Document", true);
    component_member(detail, "media", true, MEDIA);
    component_member(detail, "used_in", true, USES);
    component_add(c, "DocumentDetail", component_text(c, detail));
    component_add(c, "DeskDocument", component_text(c, document_schema(SEE_AGENCY)));
    component_member(offer, "fits", true, FLAG);
    component_member(offer, "unfit", false,
                     "{\"type\":\"string\",\"description\":\"Why it does not do here\"}");
    component_member(offer, "unfit_words", false, TEXT);
    component_add(c, "DocumentOffer", component_text(c, offer));
    component_add(c, "DocumentOffers",
                  OBJECT("\"code\",\"items\"",
                         "\"code\":{\"type\":\"string\",\"description\":\"Of the component\"},"
                         "\"items\":{\"type\":\"array\",\"items\":{\"$ref\":"
                         "\"#/components/schemas/DocumentOffer\"}}"));
    component_member(named, "role", true,
                     "{\"enum\":[\"used\",\"offered\",\"made\"],\"description\":\"Used in this "
                     "dossier, offered for it, or made of what came with it\"}");
    component_member(named, "component", true,
                     "{\"type\":\"string\",\"description\":\"Code of the component or result\"}");
    component_add(c, "DossierDocument", component_text(c, named));
    component_add(c, "DossierReview", review);
}
