/*
 * What a draft begins with, so that nothing that is known is typed again: who applies, from the
 * verified identity, and what they told of themselves in their last dossier of the same procedure.
 */
#include <string.h>

#include "base/json.h"
#include "base/result.h"
#include "handlers/dossier/dossiers.h"

/*
 * Members of forms that tell of the applicant, by the names that forms give them. Where a form is
 * about somebody else too, the applicant's begin with "applicant_".
 */
static const char *const own_members[] = {"name",  "owner",   "birth",   "card",     "phone",
                                          "email", "commune", "address", "residence"};
#define PREFIX "applicant_"

static bool of_somebody_else(const json_t *properties)
{
    return json_object_get(properties, PREFIX "name") != NULL;
}

static bool tells_of_applicant(const json_t *properties, const char *member)
{
    if (of_somebody_else(properties))
        return strncmp(member, PREFIX, sizeof(PREFIX) - 1) == 0 || strcmp(member, "commune") == 0;
    for (size_t i = 0; i < ARRAY_LEN(own_members); i++) {
        if (strcmp(member, own_members[i]) == 0)
            return true;
    }
    return false;
}

static int last_answers(const struct request *req, const struct procedure *p,
                        const struct id *owner, json_t **ret)
{
    struct store_value values[] = {store_id(*owner), store_text(p->code)};
    const struct store_condition conditions[] = {
        {.field = "owner", .op = STORE_EQ, .values = &values[0], .n_values = 1},
        {.field = "procedure", .op = STORE_EQ, .values = &values[1], .n_values = 1}};
    struct store_query q = {.conditions = conditions,
                            .n_conditions = ARRAY_LEN(conditions),
                            .order = "filed",
                            .descending = true,
                            .limit = 1};
    struct store_page page = {0};
    struct dossier d;
    const char *text = NULL;
    int done = store_scan(app_of(req)->store, &dossier_collection, &q, req->arena, &page);
    if (done != 0 || page.n == 0)
        return done;
    done = dossier_decode(page.docs[0], req->arena, &d);
    if (done == 0)
        done = dossier_form(&app_of(req)->people, &d, req->arena, &text);
    if (done == 0 && text)
        *ret = json_loads(text, 0, NULL);
    return done < 0 ? done : 0;
}

static void put(json_t *answers, const json_t *properties, const char *member, json_t *value)
{
    if (value && json_object_get(properties, member))
        json_object_set(answers, member, value);
}

/* A form that asks who owns calls a business by "name": a person's is no business's, nor the other
 * way round. */
static bool fits(const struct request *req, const json_t *properties, const char *member)
{
    const struct principal *whom = req->principal;
    bool organisation = whom && whom->acting.kind == ACTING_ORGANISATION;
    if (!json_object_get(properties, "owner"))
        return true;
    return strcmp(member, "name") == 0    ? organisation
           : strcmp(member, "owner") == 0 ? !organisation
                                          : true;
}

static int identity_of(const struct request *req, const struct id *owner, json_t *answers,
                       const json_t *properties)
{
    CLEANUP(json_decrefp) json_t *words = NULL;
    struct id card;
    int done = dossier_applicant_now(req, owner, &words, &card);
    static const char *const known[][2] = {{"name", "name"},   {"owner", "name"},
                                           {"card", "card"},   {"birth", "birth"},
                                           {"phone", "phone"}, {"tax", "tax_code"}};
    const char *prefix = of_somebody_else(properties) ? PREFIX : "";
    for (size_t i = 0; done == 0 && i < ARRAY_LEN(known); i++) {
        if (fits(req, properties, known[i][0]))
            put(answers, properties, arena_printf(req->arena, "%s%s", prefix, known[i][0]),
                json_object_get(words, known[i][1]));
    }
    return done < 0 ? done : 0;
}

int dossier_prefill(const struct request *req, const struct procedure *p, const struct id *owner,
                    const char **ret)
{
    const struct schema *form = procedure_form(p);
    if (!form)
        return 0;
    const json_t *properties = json_object_get(schema_json(form), "properties");
    CLEANUP(json_decrefp) json_t *answers = json_object();
    CLEANUP(json_decrefp) json_t *last = NULL;
    const char *member;
    json_t *value;
    int done = last_answers(req, p, owner, &last);
    json_object_foreach(last, member, value)
    {
        if (tells_of_applicant(properties, member))
            put(answers, properties, member, value);
    }
    if (done == 0)
        done = identity_of(req, owner, answers, properties);
    size_t n = 0;
    if (json_object_size(answers) > 0)
        *ret = json_canonical(req->arena, answers, &n);
    return done;
}
