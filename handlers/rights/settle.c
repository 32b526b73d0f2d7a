/* What follows from a sign-in, in other documents than the person's: the movers of merge.h. */
#include <string.h>

#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/document/document.h"
#include "domain/dossier/draft.h"
#include "domain/export/export.h"
#include "domain/look/look.h"
#include "domain/mandate/mandate.h"
#include "domain/org/org.h"
#include "domain/payment/payment.h"
#include "domain/report/held.h"
#include "handlers/identity/auth.h"

#define PAGES_AT_ONCE 4 /* while somebody waits; the sweep has time */

static int move_sessions(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                         struct arena *a, bool *ret_more)
{
    struct app *app = ctx;
    struct id *changed = NULL;
    size_t n = 0;
    *ret_more = false;
    int done = session_reown(app->store, from, into, now_ms, a, &changed, &n);
    for (size_t i = 0; i < n && app->gateway; i++)
        gateway_end_session(app->gateway, &changed[i]); /* of the tokens that name the other */
    return done;
}

static int move_uploads(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                        struct arena *a, bool *ret_more)
{
    struct upload_service s = app_uploads(ctx);
    (void)now_ms;
    return upload_reown(&s, from, into, a, ret_more);
}

/* A photo that is gone does not keep the report back. */
static int attach(struct app *app, struct report_held *h, const struct id *owner, struct arena *a)
{
    struct report_photo *photos = h->photos.items;
    size_t kept = 0;
    for (size_t i = 0; i < h->photos.n; i++) {
        struct upload u;
        int done = upload_attach(app->store, &photos[i].id, owner, UPLOAD_PHOTO | UPLOAD_VIDEO,
                                 &h->id, a, &u);
        if (done < 0)
            return done;
        if (done == 0)
            photos[kept++] = photos[i];
    }
    h->photos.n = kept;
    return 0;
}

/* What was written before its writer was proven is filed. */
static int move_held(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                     struct arena *a, bool *ret_more)
{
    struct app *app = ctx;
    struct report_held *held = NULL;
    size_t n = 0;
    int done = report_held_of(app->store, from, a, &held, &n, ret_more);
    if (done != 0 || n == 0)
        return done;
    CLEANUP(app_world_release) struct app_world w;
    app_world_open(app, now_ms, &w);
    for (size_t i = 0; i < n && done == 0; i++) {
        const struct agency *agency =
            catalogue_route(w.catalogue, held[i].category, held[i].commune);
        done = attach(app, &held[i], into, a);
        if (done == 0)
            done = report_held_file(app->store, &held[i], into, agency ? agency->code : NULL,
                                    &w.world, a);
    }
    return done;
}

static int move_reports(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                        struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return case_reown(&report_kept, ((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_notices(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                        struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return push_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_looks(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                      struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return look_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_consents(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                         struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return consent_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_memberships(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                            struct arena *a, bool *ret_more)
{
    return org_reown(((struct app *)ctx)->store, from, into, now_ms, a, ret_more);
}

static int move_drafts(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                       struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return draft_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_dossiers(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                         struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return case_reown(&dossier_kept, ((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_payments(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                         struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return payment_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

/* Behind the dossiers, which say whose they are. */
static int move_documents(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                          struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return document_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

static int move_complaints(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                           struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return case_reown(&complaint_kept, ((struct app *)ctx)->store, from, into, a, ret_more);
}

/* Made of half a person and sealed under their key: it is asked for anew. */
static int drop_exports(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                        struct arena *a, bool *ret_more)
{
    (void)now_ms;
    *ret_more = false;
    return id_equal(from, into) ? 0
                                : export_drop_all(((struct app *)ctx)->store, from, a, ret_more);
}

static int move_mandates(void *ctx, const struct id *from, const struct id *into, int64_t now_ms,
                         struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return mandate_reown(((struct app *)ctx)->store, from, into, a, ret_more);
}

/* Uploads before what names them; sessions first, so that little is written for who is left. */
const struct person_mover auth_movers[] = {
    /* clang-format off */
    {"sessions", move_sessions},
    {"uploads", move_uploads},
    {"held", move_held},
    {"reports", move_reports},
    {"notices", move_notices},
    {"looks", move_looks},
    {"consents", move_consents},
    {"memberships", move_memberships},
    {"mandates", move_mandates},
    {"exports", drop_exports},
    {"drafts", move_drafts},
    {"dossiers", move_dossiers},
    {"complaints", move_complaints},
    {"payments", move_payments},
    {"documents", move_documents},
    {0},
    /* clang-format on */
};

void auth_settle(const struct request *req, const struct signed_in *in)
{
    struct app *app = app_of(req);
    const struct person_movers movers = {auth_movers, app};
    if (!in->work)
        return;
    if (!id_is_nil(&in->old))
        person_move(&app->people, &in->old, &movers, req->now_ms, PAGES_AT_ONCE);
    person_move(&app->people, &in->person.id, &movers, req->now_ms, PAGES_AT_ONCE);
}

int auth_tell(const struct request *req, const struct id *person, const char *what,
              const char *text_vi, const char *text_en)
{
    const struct push_account_notice notice = {
        .id = id_v4(),
        .recipient = *person,
        .what = what,
        .agency = req->who.agency[0] ? req->who.agency : NULL,
        .text_vi = text_vi,
        .text_en = text_en,
    };
    return push_account(app_of(req)->push, &notice, req->now_ms);
}
