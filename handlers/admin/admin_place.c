/* The communes and their borders: whole files, checked, stored, then in force. */
#include <string.h>

#include "base/file.h"
#include "base/result.h"
#include "domain/setting/setting.h"
#include "handlers/admin/admin.h"

/* One of the two texts: the file that the request names, or the one that was sent before, or what
 * is stored. */
struct source {
    const char *member, *sent_member, *setting;
    size_t max;
    struct buf text;
    bool given;
};

static int read_source(const struct request *req, struct reply *reply, struct source *s)
{
    buf_init(&s->text, s->max);
    const char *path = json_string_value(json_object_get(req->json, s->member));
    const char *sent = json_string_value(json_object_get(req->json, s->sent_member));
    s->given = path || sent;
    if (!s->given) {
        int done = setting_read(app_of(req)->store, s->setting, &s->text);
        return done == STORE_ABSENT ? 0 : done;
    }
    const char *pointer = arena_printf(req->arena, "/%s", path ? s->member : s->sent_member);
    if (path && !admin_is_operator(req))
        return reply_invalid(reply, pointer, "Tệp trên máy chủ chỉ nạp được tại máy chủ",
                             "A file of the server is loaded at the server alone");
    int done = path ? file_read(path, s->max, &s->text) : admin_file_read(req, sent, &s->text);
    if (done == STORE_ABSENT)
        return reply_invalid(reply, pointer, "Không còn tệp này; hãy gửi lại",
                             "There is no such file, or no longer: send it again");
    if (done == E_IO)
        return reply_invalid(reply, pointer, "Không đọc được tệp này trên máy chủ",
                             "The server cannot read this file");
    if (done == E_FULL)
        return reply_invalid(reply, pointer, "Tệp quá lớn", "The file is too large");
    return done;
}

static int store_source(const struct request *req, const struct source *s)
{
    return s->given
               ? setting_put(app_of(req)->store, s->setting, s->text.data, s->text.len, req->now_ms)
               : 0;
}

/* Where no communes were ever set, those in force (the shipped ones) are written out again. */
static void write_communes(const struct area_set *set, struct buf *out)
{
    static const char *const types[] = {"", "xa", "phuong", "dac_khu"};
    buf_add_str(out, "code,type,name,full_name,name_en,label_lat,label_lon,neighbours\n");
    for (size_t i = 0; i < area_count(set); i++) {
        const struct commune *c = area_at(set, i);
        buf_printf(out, "%s,%s,%s,%s,%s,%.15g,%.15g,", c->code, types[c->type], c->name,
                   c->full_name, c->name_en, c->lat, c->lon);
        for (size_t j = 0; j < c->n_neighbours; j++)
            buf_printf(out, "%s%s", j ? " " : "", c->neighbours[j]->code);
        buf_add_char(out, '\n');
    }
}

/* In the log first, then stored, then in force. */
static int set_areas(const struct request *req, const struct source *communes,
                     const struct source *borders)
{
    int done = admin_note(req, "area_set", NULL,
                          arena_printf(req->arena, "%s%s%s", communes->given ? "communes" : "",
                                       communes->given && borders->given ? ", " : "",
                                       borders->given ? "borders" : ""));
    if (done == 0)
        done = store_source(req, communes);
    return done == 0 ? store_source(req, borders) : done;
}

static int replace_areas(const struct request *req, struct reply *reply, struct source *communes,
                         struct source *borders)
{
    struct app *app = app_of(req);
    bool writes = !admin_only_checks(req);
    if (communes->text.len == 0) {
        CLEANUP(area_set_unrefp) struct area_set *now = area_current(app->areas);
        write_communes(now, &communes->text);
    }
    CLEANUP(buf_release) struct buf faults;
    buf_init(&faults, ADMIN_FAULTS_MAX);
    CLEANUP(area_set_unrefp) struct area_set *next = NULL;
    int done = area_set_load(communes->text.data, communes->text.len, borders->text.data,
                             borders->text.len, NULL, &faults, &next);
    if (done == AREA_FAULTY)
        return admin_reply_faults(req, reply, borders->given ? "/borders" : "/communes",
                                  faults.data);
    if (done == 0 && writes)
        done = set_areas(req, communes, borders);
    if (done != 0)
        return done;
    json_t *body = json_pack("{s:I, s:b}", "communes", (json_int_t)area_count(next), "borders",
                             area_has_polygons(next));
    if (writes)
        area_replace(app->areas, STEAL(next));
    return reply_json(reply, 200, body);
}

int admin_areas_put(struct request *req, struct reply *reply)
{
    struct source communes = {"communes", "", SETTING_COMMUNES, AREA_CSV_MAX, {0}, false};
    struct source borders = {"borders", "borders_file", SETTING_BORDERS, AREA_GEOJSON_MAX,
                             {0},       false};
    int done = admin_of_province(req, reply, !admin_only_checks(req));
    if (done != 0 || reply_is_problem(reply))
        return done;
    done = read_source(req, reply, &communes);
    if (done == 0)
        done = read_source(req, reply, &borders);
    if (done == 0 && !reply_is_problem(reply))
        done = replace_areas(req, reply, &communes, &borders);
    buf_release(&communes.text);
    buf_release(&borders.text);
    return done;
}
