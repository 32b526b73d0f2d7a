/*
 * A published report as a page of its own: it can be read without scripts, and what is shared of it
 * elsewhere has a title, words and a picture (https://ogp.me). The app takes it over where it runs.
 */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "base/text.h"
#include "gateway/pages.h"
#include "handlers/app.h"
#include "handlers/public/public.h"

#define PAGE_MAX ((size_t)256 * 1024)
#define SUMMARY_BYTES 200

struct shown {
    const struct request *req;
    struct report_public p;
    const char *category, *commune, *agency, *state;
};

static void add_element(struct buf *out, const char *name, const char *text)
{
    if (!text || !text[0])
        return;
    buf_printf(out, "<%s>", name);
    buf_add_html(out, text);
    buf_printf(out, "</%s>", name);
}

static void add_meta(struct buf *out, const char *property, const char *text)
{
    buf_printf(out, "<meta property=\"%s\" content=\"", property);
    buf_add_html(out, text);
    buf_add_str(out, "\">\n");
}

static const char *word(const struct shown *s, const char *vi, const char *en)
{
    return s->req->language == LANGUAGE_EN ? en : vi;
}

static const char *date_of(const struct shown *s, int64_t ms)
{
    struct clock_date d = clock_date_of_day(clock_day_number(ms));
    return arena_printf(s->req->arena, "%02d/%02d/%d", d.day, d.month, d.year);
}

static void name_all(struct shown *s, const struct catalogue *c, const struct area_set *areas)
{
    bool en = s->req->language == LANGUAGE_EN;
    const struct category *category = s->p.category ? catalogue_category(c, s->p.category) : NULL;
    const struct agency *agency = s->p.agency ? catalogue_agency(c, s->p.agency) : NULL;
    const struct commune *commune = s->p.commune ? area_by_code(areas, s->p.commune) : NULL;
    if (category)
        s->category = en && category->name_en ? category->name_en : category->name;
    if (agency)
        s->agency = en && agency->name_en ? agency->name_en : agency->name;
    if (commune)
        s->commune = commune->full_name;
    s->state = report_kind.state_names[s->p.state].label[s->req->language];
}

static const char *title_of(const struct shown *s)
{
    return arena_printf(s->req->arena, "%s%s%s", s->category ? s->category : "",
                        s->commune ? " · " : "", s->commune ? s->commune : "");
}

static void add_head(const struct shown *s, struct buf *out)
{
    const struct request *req = s->req;
    const char *origin =
        arena_printf(req->arena, "%s://%s", req->secure ? "https" : "http", req->authority);
    const struct report_photo *photos = s->p.photos.items;
    char *summary = arena_strdup(req->arena, s->p.text ? s->p.text : "");
    summary[text_cut(summary, SUMMARY_BYTES)] = '\0';
    add_element(out, "title", arena_printf(req->arena, "%s · Trạm", title_of(s)));
    add_meta(out, "og:type", "article");
    add_meta(out, "og:site_name", "Trạm");
    add_meta(out, "og:locale", req->language == LANGUAGE_EN ? "en_GB" : "vi_VN");
    add_meta(out, "og:title", title_of(s));
    add_meta(out, "og:description", summary);
    add_meta(out, "og:url", arena_printf(req->arena, "%s/r/%s", origin, s->p.number));
    if (s->p.photos.n > 0)
        add_meta(out, "og:image",
                 arena_printf(req->arena, "%s/v1/public/media/%s/large", origin,
                              app_id_text(req, &photos[0].id)));
}

static void add_video(const struct shown *s, const struct id *video, struct buf *out)
{
    const char *id = app_id_text(s->req, video);
    buf_printf(out,
               "<p><video controls preload=\"none\" poster=\"/v1/public/media/%s/large\" "
               "src=\"/v1/public/media/%s/video\"></video></p>\n",
               id, id);
}

static void add_photos(const struct shown *s, bool proof, const char *heading, struct buf *out)
{
    const struct report_photo *photos = s->p.photos.items;
    size_t n = 0;
    for (size_t i = 0; i < s->p.photos.n; i++) {
        if (photos[i].proof != proof)
            continue;
        if (n++ == 0)
            add_element(out, "h2", heading);
        if (photos[i].video) {
            add_video(s, &photos[i].id, out);
            continue;
        }
        buf_printf(
            out, "<p><img src=\"/v1/public/media/%s/large\" width=\"%lld\" height=\"%lld\" alt=\"",
            app_id_text(s->req, &photos[i].id), (long long)photos[i].width,
            (long long)photos[i].height);
        buf_add_html(out, heading);
        buf_add_str(out, "\"></p>\n");
    }
}

static void add_body(const struct shown *s, struct buf *out)
{
    const struct report_public *p = &s->p;
    buf_add_str(out, "<main class=\"unscripted\"><p><a href=\"/\">Trạm</a></p>\n");
    add_element(out, "h1", title_of(s));
    add_element(
        out, "p",
        arena_printf(s->req->arena, "%s · %s · %s", p->number, date_of(s, p->filed_ms), s->state));
    add_element(out, "p", p->text);
    add_photos(s, false, word(s, "Ảnh hiện trường", "As it was found"), out);
    if (p->answer && p->answer[0]) {
        add_element(out, "h2", word(s, "Trả lời", "Answer"));
        add_element(out, "p", s->agency);
        add_element(out, "p", p->answer);
    }
    add_photos(s, true, word(s, "Sau khi xử lý", "After the work"), out);
    buf_add_str(out, "</main>");
}

static int page_get(struct request *req, struct reply *reply)
{
    struct shown s = {.req = req};
    struct store_page page = {0};
    int done = public_by_number(req, &page);
    if (done != 0)
        return done;
    if (page.n == 0)
        return reply_problem(reply, PROBLEM_NOT_FOUND, NULL);
    done = entity_decode_shown(&report_public_entity, page.docs[0], SEE_PUBLIC, req->arena, &s.p);
    if (done < 0)
        return done;
    CLEANUP(catalogue_unrefp) const struct catalogue *c = catalogue_ref(app_of(req)->catalogue);
    CLEANUP(area_set_unrefp) struct area_set *areas = area_current(app_of(req)->areas);
    CLEANUP(buf_release) struct buf head, body;
    buf_init(&head, PAGE_MAX);
    buf_init(&body, PAGE_MAX);
    name_all(&s, c, areas);
    add_head(&s, &head);
    add_body(&s, &body);
    if (head.failed || body.failed)
        return E_FULL;
    return reply_page(reply, req, "app.html", head.data, body.data);
}

static const enum problem not_found[] = {PROBLEM_NOT_FOUND, PROBLEM_NONE};

const struct route public_page_routes[] = {
    {.method = GET,
     .path = "/r/{number}",
     .operation = "publicReportPage",
     .summary = "A published report as a page, to share",
     .tag = "public",
     .run = page_get,
     .who = ROLE_ANYONE,
     .reply_type = "text/html",
     .problems = not_found,
     .rate = RATE_READ,
     .flags = ROUTE_LENIENT},
    {0},
};
