/* For whom a dossier is: the caller, an organisation of theirs, or a person they act for. */
#include <string.h>

#include "base/crypto/mac.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/org/org.h"
#include "handlers/dossier/dossiers.h"

int dossier_principal(struct request *req, struct reply *reply, bool reads_only)
{
    const struct acting_need need = {.scope = SCOPE_DOSSIERS, .reads_only = reads_only};
    struct principal whom;
    return app_principal(req, reply, &need, &whom);
}

bool dossier_in_scope(const struct request *req, const char *procedure)
{
    return !req->principal || acting_reaches(&req->principal->acting, procedure);
}

bool dossier_row_in_scope(const bson_t *doc, void *ctx)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, "procedure") && BSON_ITER_HOLDS_UTF8(&it) &&
           dossier_in_scope(ctx, bson_iter_utf8(&it, NULL));
}

int dossier_subject(const struct request *req, int *ret)
{
    const struct principal *whom = req->principal;
    *ret = DOSSIER_CITIZEN;
    if (!whom || whom->acting.kind != ACTING_ORGANISATION)
        return 0;
    struct organisation o;
    int done = org_get(app_of(req)->store, &whom->id, req->arena, &o);
    if (done == 0)
        *ret = o.kind == ORG_HOUSEHOLD ? DOSSIER_HOUSEHOLD : DOSSIER_ENTERPRISE;
    return done > 0 ? E_CORRUPT : done;
}

static int organisation_words(const struct request *req, const struct id *id, json_t *words)
{
    struct organisation o;
    struct org_texts texts = {0};
    int done = org_get(app_of(req)->store, id, req->arena, &o);
    if (done == 0)
        done = org_open(&app_of(req)->people, &o, req->arena, &texts);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    if (texts.name)
        json_object_set_new(words, "name", json_string(texts.name));
    if (texts.tax_code)
        json_object_set_new(words, "tax_code", json_string(texts.tax_code));
    return 0;
}

static int person_words(const struct request *req, const struct id *id, json_t *words,
                        struct id *ret_card)
{
    const struct people *people = &app_of(req)->people;
    struct person person;
    struct person_texts t = {0};
    int done = person_get(people, id, req->arena, &person);
    if (done == 0)
        done = person_texts(people, &person, req->arena, &t);
    if (done != 0)
        return done < 0 ? done : E_CORRUPT;
    const struct {
        const char *member, *value;
    } known[] = {{"name", t.name}, {"card", t.card}, {"birth", t.birth}, {"phone", t.phone}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (known[i].value)
            json_object_set_new(words, known[i].member, json_string(known[i].value));
    }
    if (t.card)
        *ret_card = mac_lookup_id(people->keyring, "login.card", t.card, strlen(t.card));
    return 0;
}

int dossier_applicant_now(const struct request *req, const struct id *owner, json_t **ret,
                          struct id *ret_card)
{
    const struct principal *whom = req->principal;
    CLEANUP(json_decrefp) json_t *words = json_object();
    *ret_card = (struct id){0};
    int done = whom && whom->acting.kind == ACTING_ORGANISATION
                   ? organisation_words(req, owner, words)
                   : person_words(req, owner, words, ret_card);
    if (done == 0 && !id_equal(owner, &req->who.subject)) {
        struct id nobody;
        CLEANUP(json_decrefp) json_t *by = json_object();
        done = person_words(req, &req->who.subject, by, &nobody);
        if (json_object_get(by, "name"))
            json_object_set(words, "by", json_object_get(by, "name"));
    }
    *ret = json_incref(words);
    return done;
}
