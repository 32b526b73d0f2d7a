/* What other handlers have noted in the ledger of consents, and ask of it. */
#include <string.h>

#include "base/crypto/mac.h"
#include "base/result.h"
#include "handlers/rights/consents.h"

/* What a session's device calls itself, hashed; nil if it is gone. */
static int device_of(const struct app *app, const struct id *session, struct arena *a,
                     struct id *ret)
{
    struct session known;
    int done = id_is_nil(session) ? STORE_ABSENT : session_get(app->store, session, a, &known);
    *ret = (struct id){0};
    if (done == 0 && known.device)
        *ret = mac_lookup_id(app->keys, "consent.device", known.device, strlen(known.device));
    return done < 0 ? done : 0;
}

/* Where it was said: operation, session, device. */
int consent_say_where(const struct request *req, struct consent *c)
{
    c->route = req->route->operation;
    c->session = req->who.session;
    return device_of(app_of(req), &c->session, req->arena, &c->device);
}

/* Who said it: whoever filed the report, for themselves or for another, and is by now; it is they
 * who are shown. */
static int speaker_of(const struct app *app, const struct report *r, struct arena *a,
                      struct id *ret)
{
    struct person actor;
    *ret = r->head.owner;
    if (id_equal(&r->head.owner, &r->head.actor))
        return 0;
    int done = person_get(&app->people, &r->head.actor, a, &actor);
    if (done == 0)
        *ret = actor.id;
    return done < 0 ? done : 0;
}

/* A yes that was said with the filing. */
static int said_with(const struct app *app, const struct report *r, struct arena *a,
                     struct consent *ret)
{
    *ret = (struct consent){.given = true,
                            .purpose = CONSENT_CONTACT,
                            .subject = r->head.id,
                            .version = r->said_version,
                            .language = r->said_en ? "en" : "vi",
                            .how = "app",
                            .route = id_is_nil(&r->said_in) ? NULL : "reportFile",
                            .session = r->said_in};
    int done = speaker_of(app, r, a, &ret->owner);
    return done == 0 ? device_of(app, &r->said_in, a, &ret->device) : done;
}

/* With the filing; a yes of later is in the ledger already. */
static bool said_yes(const struct report *r)
{
    return r->consent && r->said_version > 0 && !id_is_nil(&r->head.owner);
}

void consent_note_reports(void *ctx, const void *const *reports, size_t n, struct arena *a,
                          int *outcomes)
{
    const struct app *app = ctx;
    struct consent_saying *items = arena_array(a, n, sizeof(*items));
    size_t *of = arena_array(a, n, sizeof(*of)), said = 0;
    for (size_t i = 0; i < n; i++) {
        const struct report *r = reports[i];
        struct consent_saying *item = &items[said];
        outcomes[i] = said_yes(r) ? said_with(app, r, a, &item->say) : 0;
        item->at_ms = r->head.filed_ms;
        if (said_yes(r) && outcomes[i] == 0)
            of[said++] = i;
    }
    consent_say_many(app->store, app->keys, items, said, a);
    for (size_t i = 0; i < said; i++)
        outcomes[of[i]] = items[i].outcome == CONSENT_STANDS ? 0 : items[i].outcome;
}

int consent_of_filing(const struct request *req, const struct report *r, struct consent *ret)
{
    const struct app *app = app_of(req);
    struct id speaker;
    if (!r->consent || id_is_nil(&r->head.owner))
        return STORE_ABSENT;
    int done = speaker_of(app, r, req->arena, &speaker);
    if (done == 0)
        done = consent_last(app->store, &speaker, CONSENT_CONTACT, &r->head.id, req->arena, ret);
    if (done != STORE_ABSENT || !said_yes(r))
        return done;
    struct consent said;
    done = said_with(app, r, req->arena, &said);
    if (done == 0)
        done = consent_say(app->store, app->keys, &said, true, r->head.filed_ms, req->arena, ret);
    return done == CONSENT_STANDS ? 0 : done;
}

int consent_allows_contact(const struct request *req, const struct report *r, bool *ret)
{
    struct consent last;
    int done = consent_of_filing(req, r, &last);
    *ret = done == 0 && consent_allows(&last);
    return done < 0 ? done : 0;
}

int consent_note_documents(const struct request *req, const struct id *dossier, bool anew)
{
    const struct consent_purpose *p = consent_purpose_of(CONSENT_DOCUMENTS);
    struct consent stored, say = {.owner = req->who.subject,
                                  .given = true,
                                  .purpose = CONSENT_DOCUMENTS,
                                  .subject = *dossier,
                                  .version = consent_wording_now(p)->version,
                                  .language = req->language == LANGUAGE_EN ? "en" : "vi",
                                  .how = "app"};
    int done = consent_say_where(req, &say);
    if (done == 0)
        done = consent_say(app_of(req)->store, app_of(req)->keys, &say, !anew, req->now_ms,
                           req->arena, &stored);
    return done == CONSENT_STANDS ? 0 : done;
}

int consent_note_documents_at_desk(const struct request *req, const struct id *holder,
                                   const struct id *dossier)
{
    const struct consent_purpose *p = consent_purpose_of(CONSENT_DOCUMENTS);
    struct consent stored, say = {.owner = *holder,
                                  .given = true,
                                  .purpose = CONSENT_DOCUMENTS,
                                  .subject = *dossier,
                                  .version = consent_wording_now(p)->version,
                                  .language = "vi",
                                  .how = "desk",
                                  .route = req->route->operation,
                                  .officer = req->who.subject,
                                  .office = req->who.agency};
    int done = consent_say(app_of(req)->store, app_of(req)->keys, &say, true, req->now_ms,
                           req->arena, &stored);
    return done == CONSENT_STANDS ? 0 : done;
}

int consent_allows_documents(const struct app *app, const struct id *dossier, struct arena *a,
                             bool *ret)
{
    static const struct id nobody;
    struct consent last;
    int done = consent_last(app->store, &nobody, CONSENT_DOCUMENTS, dossier, a, &last);
    *ret = done == 0 && consent_allows(&last);
    return done < 0 ? done : 0;
}
