#include "handlers/rights/erase.h"

#include <string.h>

#include "base/clock.h"
#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "domain/document/document.h"
#include "domain/dossier/draft.h"
#include "domain/export/export.h"
#include "domain/look/look.h"
#include "domain/mandate/mandate.h"
#include "domain/org/org.h"
#include "domain/report/held.h"

#define MERGED_MAX 6 /* unproven, into a number's, into a card's */

/* --- what goes ----------------------------------------------------------------------------------
 */

static int erase_sessions(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                          bool *ret_more)
{
    struct id *ended = NULL;
    size_t n = 0;
    *ret_more = false;
    int done = session_erase(app->store, person, now_ms, a, &ended, &n);
    for (size_t i = 0; i < n && app->gateway; i++)
        gateway_end_session(app->gateway, &ended[i]);
    return done;
}

static int erase_logins(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                        bool *ret_more)
{
    (void)now_ms;
    *ret_more = false;
    return person_erase_logins(&app->people, person, a);
}

static int erase_exports(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                         bool *ret_more)
{
    (void)now_ms;
    return export_drop_all(app->store, person, a, ret_more);
}

static int erase_held(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                      bool *ret_more)
{
    struct report_held *held = NULL;
    size_t n = 0;
    (void)now_ms;
    int done = report_held_of(app->store, person, a, &held, &n, ret_more);
    for (size_t i = 0; i < n && done >= 0; i++)
        done = store_remove(app->store, &report_held_collection, &held[i].id, -1);
    return done < 0 ? done : 0;
}

static int erase_drafts(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                        bool *ret_more)
{
    const struct store_query q = {.limit = DRAFTS_MAX};
    struct store_page page = {0};
    (void)now_ms;
    int done = draft_list(app->store, person, &q, a, &page);
    for (size_t i = 0; i < page.n && done >= 0; i++) {
        struct id id;
        if (store_document_id(page.docs[i], &id))
            done = draft_remove(&app->people, &id, -1);
    }
    *ret_more = page.more;
    return done < 0 ? done : 0;
}

/* The store is theirs; the papers stay with the dossiers that they came with, which are kept. */
static int erase_documents(struct app *app, const struct id *person, int64_t now_ms,
                           struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return document_erase(&app->people, person, a, ret_more);
}

static int erase_reports(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                         bool *ret_more)
{
    (void)now_ms;
    return report_erase(app->store, person, a, ret_more);
}

static int erase_notices(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                         bool *ret_more)
{
    (void)now_ms;
    return push_forget(app->store, person, a, ret_more);
}

static int erase_looks(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                       bool *ret_more)
{
    (void)now_ms;
    return look_forget(app->store, person, a, ret_more);
}

/* What is left of a membership is that somebody was a member. */
static int erase_memberships(struct app *app, const struct id *person, int64_t now_ms,
                             struct arena *a, bool *ret_more)
{
    struct organisation *all = NULL;
    size_t n = 0;
    *ret_more = false;
    int done = org_list(app->store, person, NULL, 0, now_ms, a, &all, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        const struct org_member *m = org_member_of(&all[i], person);
        struct organisation after;
        if (!m)
            continue;
        struct org_act act = {.verb = "leave", .by = *person, .member = m->id, .now_ms = now_ms};
        done = org_act(app->store, &all[i].id, &act, STORE_ANY_REVISION, a, &after);
        done = done < 0 ? done : 0; /* the last one of what was never confirmed stays its last */
    }
    return done;
}

static int erase_complaints(struct app *app, const struct id *person, int64_t now_ms,
                            struct arena *a, bool *ret_more)
{
    (void)now_ms;
    return complaint_erase(app->store, person, a, ret_more);
}

/* Somebody acts, or is about to act, for the subject. */
static int is_represented(struct app *app, const struct id *subject, int64_t now_ms,
                          struct arena *a, bool *ret)
{
    struct mandate *all = NULL;
    size_t n = 0;
    *ret = false;
    int done = mandate_list(app->store, "subject", subject, a, &all, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        int state = mandate_state_now(&all[i], now_ms);
        *ret |= state == MANDATE_ACTIVE || state == MANDATE_PENDING;
    }
    return done;
}

/*
 * Whom they recorded, and nobody acts for any more: who is known by a card finds what is theirs by
 * it, alone or through who records them next. Who is not can be reached by nobody: they are erased
 * too, after the same wait and once nothing of theirs is open.
 */
static int erase_left_alone(struct app *app, const struct mandate *m, int64_t now_ms,
                            struct arena *a)
{
    struct person subject;
    struct erasure e;
    bool represented = false;
    int done = person_get(&app->people, &m->subject, a, &subject);
    if (done != 0)
        return done < 0 ? done : 0;
    if (!id_equal(&subject.id, &m->subject) || subject.card.n > 0 || subject.expires_ms)
        return 0;
    done = is_represented(app, &m->subject, now_ms, a, &represented);
    if (done == 0 && !represented)
        done = erasure_ask(app->store, &m->subject, app->rights.erasure_wait_ms, now_ms, a, &e);
    return done < 0 ? done : 0;
}

/* Both what they did for others and what others did for them. */
static int erase_mandates(struct app *app, const struct id *person, int64_t now_ms, struct arena *a,
                          bool *ret_more)
{
    static const char *const sides[] = {"agent", "subject"};
    int done = 0;
    *ret_more = false;
    for (size_t side = 0; side < ARRAY_LEN(sides) && done == 0; side++) {
        struct mandate *all = NULL;
        size_t n = 0;
        done = mandate_list(app->store, sides[side], person, a, &all, &n);
        for (size_t i = 0; i < n && done == 0; i++) {
            const struct mandate_act act = {.verb = "end", .by = *person, .now_ms = now_ms};
            struct mandate after;
            done = mandate_do(app->store, &all[i].id, &act, a, &after);
            done = done < 0 ? done : 0; /* what is over is over */
            if (done == 0 && all[i].recorded && id_equal(&all[i].agent, person))
                done = erase_left_alone(app, &all[i], now_ms, a);
        }
    }
    return done;
}

/* Uploads before the reports that say what of them is shown; the person last. */
const struct eraser erasers[] = {
    {"sessions", {"mọi phiên đăng nhập", "all sign-ins"}, erase_sessions},
    {"exports",
     {"các bản sao dữ liệu đã chuẩn bị", "copies of data that were made"},
     erase_exports},
    {"logins",
     {"số điện thoại và định danh điện tử dùng để đăng nhập",
      "the number and e-ID that you sign in by"},
     erase_logins},
    {"uploads",
     {"ảnh gốc đã gửi và các bản thu nhỏ chưa công khai",
      "photos as you sent them, and smaller ones that were not published"},
     erase_uploads},
    {"sent_for", {NULL, NULL}, erase_sent_for},
    {"held", {NULL, NULL}, erase_held},
    {"drafts", {"hồ sơ đang soạn", "dossiers that you are filling in"}, erase_drafts},
    {"documents",
     {"kho giấy tờ: những gì ghi trên giấy tờ đã được xác minh; bản giấy tờ còn trong hồ sơ đã nộp",
      "the document store: what stands on verified papers; the papers stay in their dossiers"},
     erase_documents},
    {"reports",
     {"nội dung, địa chỉ, vị trí chính xác và câu trả lời trong phản ánh đã kết thúc",
      "text, address, exact place and answers of reports that have ended"},
     erase_reports},
    {"complaints",
     {"lời của bạn trong các phản ánh về việc giải quyết hồ sơ đã kết thúc",
      "your words in complaints about dossiers that have ended"},
     erase_complaints},
    {"notices", {"thông báo", "notices"}, erase_notices},
    {"looks", {NULL, NULL}, erase_looks},
    {"memberships",
     {"tư cách thành viên tổ chức", "memberships of organisations"},
     erase_memberships},
    {"mandates",
     {"các uỷ quyền bạn đã cho và đã nhận; người do bạn khai, chưa có số định danh và không còn ai "
      "thay mặt, cũng được xoá",
      "mandates that you gave and got; whom you recorded is erased too, if no personal number is "
      "known and nobody else acts for them"},
     erase_mandates},
    {"person",
     {"họ tên, số điện thoại, số định danh, ngày sinh, thiết bị, và khoá mở chúng, kể cả "
      "trong các bản sao lưu",
      "name, number, personal number, birth date, devices, and the key that opens them, "
      "also in backups"},
     NULL},
    {0},
};

/* --- the run ------------------------------------------------------------------------------------
 */

static int run_kinds(struct app *app, const struct id *person, int64_t now_ms)
{
    int done = 0;
    for (const struct eraser *e = erasers; e->what && done == 0; e++) {
        bool more = e->erase != NULL;
        while (more && done == 0) {
            struct arena a;
            arena_init(&a);
            done = e->erase(app, person, now_ms, &a, &more);
            arena_release(&a);
        }
    }
    return done;
}

static int erase_whole(struct app *app, const struct id *person, int64_t now_ms, int depth);

/* Whoever turned out to be this person, first: once the document is gone nobody finds them. */
static int erase_merged(struct app *app, const struct id *person, int64_t now_ms, int depth)
{
    struct id *merged = NULL;
    size_t n = 1;
    int done = 0;
    while (n > 0 && done == 0 && depth < MERGED_MAX) {
        struct arena a;
        arena_init(&a);
        done = person_merged(&app->people, person, &a, &merged, &n);
        for (size_t i = 0; i < n && done == 0; i++)
            done = erase_whole(app, &merged[i], now_ms, depth + 1);
        arena_release(&a);
    }
    return done;
}

static int erase_whole(struct app *app, const struct id *person, int64_t now_ms, int depth)
{
    int done = tombstone_put(app->tombstones, person, now_ms);
    if (done == 0)
        done = erase_merged(app, person, now_ms, depth);
    if (done == 0)
        done = run_kinds(app, person, now_ms);
    if (done == 0)
        done = person_erase(&app->people, person);
    return done == 0 ? erasure_finish(app->store, person, now_ms) : done;
}

int erase_person(struct app *app, const struct id *person, int64_t now_ms)
{
    __atomic_store_n(&app->erased, true, __ATOMIC_RELAXED);
    return erase_whole(app, person, now_ms, 0);
}

static int tell_held(struct app *app, const struct id *person, int64_t now_ms)
{
    const struct push_account_notice notice = {
        .id = id_v4(),
        .recipient = *person,
        .what = "erasure_held",
        .text_vi = "Chưa xoá được tài khoản vì còn phản ánh hoặc hồ sơ đang xử lý. Tài khoản sẽ "
                   "được xoá khi các việc đó kết thúc, trừ khi bạn rút lại yêu cầu.",
        .text_en = "Your account could not be erased yet: a report or dossier is still being "
                   "handled. It is erased once they have ended, unless you take the request back.",
    };
    return push_account(app->push, &notice, now_ms);
}

static int erase_one(struct app *app, const struct id *person, int64_t now_ms)
{
    struct arena a;
    struct erasure e;
    bool blocked = false, first = false;
    arena_init(&a);
    int done = erasure_get(app->store, person, &a, &e);
    arena_release(&a);
    if (done == 0 && e.state == ERASURE_WAITING)
        done = erasure_blocked(app, person, &blocked);
    if (done == 0 && blocked) {
        done = erasure_hold(app->store, person, now_ms + CLOCK_DAY_MS, now_ms, &first);
        if (done == 0 && first)
            done = tell_held(app, person, now_ms);
        return done < 0 ? done : 0;
    }
    if (done == 0 && e.state == ERASURE_WAITING)
        done = erasure_begin(app->store, person, now_ms);
    if (done == ERASURE_EARLY || done == STORE_ABSENT)
        return 0;
    return done == 0 ? erase_person(app, person, now_ms) : done;
}

/* One that fails does not keep the others back. */
int erase_due(struct app *app, int64_t now_ms, size_t max)
{
    struct arena a;
    struct id *due = NULL;
    size_t n = 0;
    int failed = 0;
    arena_init(&a);
    int done = erasure_due(app->store, now_ms, max, &a, &due, &n);
    for (size_t i = 0; i < n && done == 0; i++) {
        int one = erase_one(app, &due[i], now_ms);
        failed = failed ? failed : one;
    }
    arena_release(&a);
    return done ? done : failed;
}

/* --- after a restore ----------------------------------------------------------------------------
 */

struct replaying {
    struct app *app;
    int64_t now_ms;
    size_t n;
};

static int replay(const struct id *person, void *ctx)
{
    struct replaying *r = ctx;
    struct app *app = r->app;
    CLEANUP(bson_destroyp) bson_t *key = NULL;
    struct arena a;
    struct erasure e;
    arena_init(&a);
    int done = erasure_get(app->store, person, &a, &e);
    bool clean = done == 0 && e.state == ERASURE_ERASED;
    if (done >= 0)
        done = store_get(app->people.keys, &person_key_collection, person, &key);
    arena_release(&a);
    if (done < 0 || (clean && done == STORE_ABSENT))
        return done < 0 ? done : 0;
    r->n++;
    done = erasure_replay(app->store, person, r->now_ms);
    return done == 0 ? erase_person(app, person, r->now_ms) : done;
}

int erase_replay(struct app *app, int64_t now_ms, size_t *ret)
{
    struct replaying r = {app, now_ms, 0};
    int done = tombstone_each(app->tombstones, replay, &r);
    *ret = r.n;
    return done;
}
