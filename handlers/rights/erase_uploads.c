/* What people sent: their own goes with them, and so does what others sent for them. */
#include "base/result.h"
#include "handlers/rights/erase.h"
#include "media/upload.h"

#define PAGE 50

struct fates {
    struct app *app;
    const struct id *person; /* who is erased */
};

static bool is_shown(const struct report *r, const struct id *photo)
{
    const struct report_photo *photos = r->photos.items;
    bool shown = false;
    for (size_t i = 0; i < r->photos.n; i++)
        shown |= r->published_ms && photos[i].public && id_equal(&photos[i].id, photo);
    return shown;
}

/* Shown with a published report; or of a dossier, an organisation, or a report of whom they acted
 * for, which are kept. */
static int fate_of(void *ctx, const struct upload *u, struct arena *a, enum upload_fate *ret)
{
    const struct fates *f = ctx;
    struct app *app = f->app;
    CLEANUP(bson_destroyp) bson_t *report = NULL;
    struct report r;
    *ret = UPLOAD_GONE;
    if (id_is_nil(&u->attached))
        return 0;
    int done = store_get(app->store, &report_collection, &u->attached, &report);
    if (done == STORE_ABSENT) {
        *ret = UPLOAD_RELEASED;
        return 0;
    }
    if (done == 0)
        done = report_decode(report, a, &r);
    if (done != 0)
        return done;
    bool others = !id_is_nil(&r.head.owner) && !id_equal(&r.head.owner, f->person);
    *ret = others ? UPLOAD_RELEASED : is_shown(&r, &u->id) ? UPLOAD_SHOWN : UPLOAD_GONE;
    return 0;
}

int erase_uploads(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                  bool *ret_more)
{
    const struct upload_service s = app_uploads(app);
    struct fates f = {app, person};
    (void)now_ms;
    return upload_erase(&s, person, fate_of, &f, a, ret_more);
}

/* Photos of a report of theirs that somebody sent for them: whatever no office took. */
static int erase_photos_of(struct app *app, const struct report *r, struct arena *a)
{
    const struct upload_service s = app_uploads(app);
    const struct report_photo *photos = r->photos.items;
    int done = 0;
    for (size_t i = 0; i < r->photos.n && done >= 0; i++) {
        struct upload u;
        done = upload_get(app->store, &photos[i].id, a, &u);
        if (done == 0 && (!u.staff || !id_is_nil(&u.principal)))
            done =
                upload_erase_one(&s, &u, is_shown(r, &photos[i].id) ? UPLOAD_SHOWN : UPLOAD_GONE);
    }
    return done < 0 ? done : 0;
}

/* By the reports that name them, which are erased after: each is looked at, so all in one go. */
int erase_sent_for(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                   bool *ret_more)
{
    struct store_value whose = store_id(*person);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "filed", .limit = PAGE};
    int done = 0;
    (void)a, (void)now_ms;
    *ret_more = false;
    for (bool more = true; more && done == 0;) {
        struct arena page_arena;
        struct store_page page = {0};
        arena_init(&page_arena);
        done = store_scan(app->store, &report_collection, &q, &page_arena, &page);
        for (size_t i = 0; i < page.n && done == 0; i++) {
            struct report r;
            done = report_decode(page.docs[i], &page_arena, &r);
            if (done == 0)
                done = erase_photos_of(app, &r, &page_arena);
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next; /* a time and an id: it borrows nothing */
        arena_release(&page_arena);
    }
    return done;
}
