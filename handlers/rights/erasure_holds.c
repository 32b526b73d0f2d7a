/* What the law keeps when a person is erased, and what stands in the way of it. */
#include <string.h>

#include "base/crypto/bytes.h"
#include "base/crypto/sha256.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/dossier/dossier.h"
#include "domain/org/org.h"
#include "domain/payment/payment.h"
#include "handlers/rights/erase.h"

#define PAGE 50

static int count_open(struct app *app, const struct id *person, struct arena *a, int64_t *ret)
{
    struct report_counts n;
    (void)a;
    int done = report_count(app->store, person, &n);
    *ret = n.open;
    return done;
}

static int count_published(struct app *app, const struct id *person, struct arena *a, int64_t *ret)
{
    struct report_counts n;
    (void)a;
    int done = report_count(app->store, person, &n);
    *ret = n.published;
    return done;
}

static int count_reports(struct app *app, const struct id *person, struct arena *a, int64_t *ret)
{
    struct report_counts n;
    (void)a;
    int done = report_count(app->store, person, &n);
    *ret = n.all;
    return done;
}

/* Dossiers of the person: those that are open, or all. */
static int count_dossiers(struct app *app, const struct id *person, bool open, int64_t *ret)
{
    struct store_value whose = store_id(*person);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_query q = {
        .conditions = &theirs, .n_conditions = 1, .order = "filed", .limit = PAGE};
    bool more = true;
    int done = 0;
    *ret = 0;
    while (more && done == 0) {
        struct arena a;
        struct store_page page = {0};
        arena_init(&a);
        done = store_scan(app->store, &dossier_collection, &q, &a, &page);
        for (size_t i = 0; i < page.n && done == 0; i++) {
            struct dossier d;
            done = dossier_decode(page.docs[i], &a, &d);
            *ret += done == 0 && (!open || dossier_kind.states[d.head.state].open);
        }
        more = page.more;
        q.has_after = true;
        q.after = page.next; /* a time and an id: it borrows nothing */
        arena_release(&a);
    }
    return done;
}

static int count_open_dossiers(struct app *app, const struct id *person, struct arena *a,
                               int64_t *ret)
{
    (void)a;
    return count_dossiers(app, person, true, ret);
}

static int count_all_dossiers(struct app *app, const struct id *person, struct arena *a,
                              int64_t *ret)
{
    (void)a;
    return count_dossiers(app, person, false, ret);
}

static int count_open_complaints(struct app *app, const struct id *person, struct arena *a,
                                 int64_t *ret)
{
    return complaint_count_open(app->store, person, a, ret);
}

static int count_money(struct app *app, const struct id *person, struct arena *a, int64_t *ret)
{
    return money_pending(app->store, person, a, ret);
}

/* Of a confirmed organisation somebody must be left who may act for it. */
static bool is_last(const struct organisation *o, const struct id *person)
{
    const struct org_member *mine = org_member_of(o, person), *all = o->members.items;
    size_t n = 0;
    for (size_t i = 0; i < o->members.n; i++)
        n += all[i].state == MEMBER_ACTIVE && all[i].role == ORG_REPRESENTS;
    return o->state == ORG_CONFIRMED && mine && mine->role == ORG_REPRESENTS && n == 1;
}

static int count_represented(struct app *app, const struct id *person, struct arena *a,
                             int64_t *ret)
{
    struct organisation *all = NULL;
    size_t n = 0;
    *ret = 0;
    int done = org_list(app->store, person, NULL, 0, app->started_ms, a, &all, &n);
    for (size_t i = 0; i < n && done == 0; i++)
        *ret += is_last(&all[i], person);
    return done;
}

static int count_consents(struct app *app, const struct id *person, struct arena *a, int64_t *ret)
{
    struct store_value whose = store_id(*person);
    struct store_condition theirs = {
        .field = "owner", .op = STORE_EQ, .values = &whose, .n_values = 1};
    struct store_tally_query q = {.conditions = &theirs, .n_conditions = 1};
    struct store_tally_row *rows = NULL;
    size_t n = 0;
    int done = store_tally(app->store, &consent_collection, &q, a, &rows, &n);
    *ret = done == 0 && n > 0 ? rows[0].count : 0;
    return done;
}

/* Acts are named where they were read; what stands on none is called a rule of ours, by analogy
 * with what lets a case come to its end first. How long records are kept is the agency's to lay
 * down. */
const struct erasure_hold erasure_holds[] = {
    {.what = "open_reports",
     .words = {"Còn phản ánh đang xử lý: hãy đợi trả lời, hoặc rút phản ánh trước",
               "Reports are still being handled: wait for the answer, or withdraw them first"},
     .law = {"QĐ 17/2022/QĐ-UBND", "Decision 17/2022/QĐ-UBND"},
     .until = {"khi được trả lời hoặc rút", "answered or withdrawn"},
     .blocks = true,
     .count = count_open},
    {.what = "open_dossiers",
     .words = {"Còn hồ sơ dịch vụ công đang xử lý", "Dossiers are still being handled"},
     .law = {"NĐ 118/2025/NĐ-CP", "Decree 118/2025/NĐ-CP"},
     .until = {"khi có kết quả hoặc rút hồ sơ", "decided or withdrawn"},
     .blocks = true,
     .count = count_open_dossiers},
    {.what = "open_complaints",
     .words = {"Còn phản ánh về việc giải quyết hồ sơ chưa được trả lời",
               "Complaints about dossiers are not answered yet"},
     .law = {"Quy tắc của hệ thống này", "A rule of this system"},
     .until = {"khi được trả lời hoặc rút", "answered or withdrawn"},
     .blocks = true,
     .count = count_open_complaints},
    {.what = "money",
     .words = {"Còn tiền bạn đã nộp chưa được ghi nhận hoặc chưa hoàn trả",
               "Money that you paid is not counted or not given back yet"},
     .law = {"Quy tắc của hệ thống này", "A rule of this system"},
     .until = {"khi được ghi nhận hoặc hoàn trả", "counted or given back"},
     .blocks = true,
     .count = count_money},
    {.what = "represented_organisations",
     .words = {"Bạn là người đại diện duy nhất của một tổ chức: hãy thêm người đại diện khác trước",
               "You are the only representative of an organisation: add another first"},
     .law = {"Quy tắc của hệ thống này", "A rule of this system"},
     .until = {"khi có người đại diện khác", "another represents it"},
     .blocks = true,
     .count = count_represented},
    {.what = "published_reports",
     .words = {"Nội dung và ảnh phản ánh đã công khai, không còn tên người gửi",
               "Text and photos of published reports, without who sent them"},
     .law = {"QĐ 17/2022/QĐ-UBND", "Decision 17/2022/QĐ-UBND"},
     .until = {"khi cơ quan gỡ khỏi phần công khai", "the agency withdraws them from the public"},
     .count = count_published},
    {.what = "handling",
     .words = {"Quá trình xử lý của cơ quan và số liệu thống kê, không còn lời của bạn",
               "What offices did, and figures, without your words"},
     .law = {"Quy định của cơ quan về lưu trữ hồ sơ", "The agency's rules for keeping records"},
     .until = {"hết thời hạn lưu trữ hồ sơ", "the records' retention ends"},
     .count = count_reports},
    {.what = "dossiers",
     .words = {"Hồ sơ dịch vụ công đã kết thúc, giấy tờ kèm theo và kết quả, được niêm phong riêng",
               "Ended dossiers with their papers and results, sealed apart"},
     .law = {"Quy định của cơ quan về lưu trữ hồ sơ", "The agency's rules for keeping records"},
     .until = {"hết thời hạn lưu trữ hồ sơ", "the records' retention ends"},
     .count = count_all_dossiers},
    {.what = "consents",
     .words = {"Chứng cứ bạn đã đồng ý hay rút lại, không còn tên và số điện thoại",
               "Proof of what you consented to and withdrew, without name and number"},
     .law = {"Luật 91/2025/QH15", "Law 91/2025/QH15"},
     .until = {"khi không còn cần chứng minh", "it no longer needs to be proven"},
     .count = count_consents},
    {0},
};

int erasure_blocked(struct app *app, const struct id *person, bool *ret)
{
    int done = 0;
    *ret = false;
    for (const struct erasure_hold *h = erasure_holds; h->what && done == 0 && !*ret; h++) {
        struct arena a;
        int64_t n = 0;
        arena_init(&a);
        if (h->blocks)
            done = h->count(app, person, &a, &n);
        *ret = n > 0;
        arena_release(&a);
    }
    return done;
}

/* --- shown --------------------------------------------------------------------------------------
 */

static void add_text(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, ",\"%s\":", name);
    buf_add_json_str(out, text, strlen(text));
}

static int add_holds(struct app *app, const struct id *person, int language, bool blocks,
                     struct arena *a, struct buf *out)
{
    bool any = false;
    for (const struct erasure_hold *h = erasure_holds; h->what; h++) {
        int64_t n = 0;
        if (h->blocks != blocks)
            continue;
        int done = h->count(app, person, a, &n);
        if (done != 0)
            return done;
        if (n == 0)
            continue;
        buf_printf(out, "%s{\"what\":\"%s\",\"count\":%lld", any ? "," : "", h->what, (long long)n);
        add_text(out, "words", h->words[language]);
        add_text(out, "law", h->law[language]);
        add_text(out, "until", h->until[language]);
        buf_add_char(out, '}');
        any = true;
    }
    return 0;
}

int erasure_show(struct app *app, const struct id *person, int language, struct arena *a,
                 struct buf *out, char ret_shown[65])
{
    uint8_t sum[SHA256_SIZE];
    size_t from = out->len;
    bool any = false;
    buf_add_str(out, "\"erased\":[");
    for (const struct eraser *e = erasers; e->what; e++) {
        if (!e->words[0])
            continue;
        buf_printf(out, "%s{\"what\":\"%s\"", any ? "," : "", e->what);
        add_text(out, "words", e->words[language]);
        buf_add_char(out, '}');
        any = true;
    }
    buf_add_str(out, "],\"kept\":[");
    int done = add_holds(app, person, language, false, a, out);
    buf_add_str(out, "],\"blocked\":[");
    if (done == 0)
        done = add_holds(app, person, language, true, a, out);
    buf_add_str(out, "]");
    if (out->failed)
        return E_FULL;
    sha256_of(out->data + from, out->len - from, sum);
    bytes_to_hex(sum, sizeof(sum), ret_shown);
    return done;
}
