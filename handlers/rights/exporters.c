/* The kinds of data that a person is given, and those they are not. */
#include <string.h>

#include "base/clock.h"
#include "base/result.h"
#include "domain/consent/consent.h"
#include "domain/document/document.h"
#include "domain/dossier/draft.h"
#include "domain/erasure/erasure.h"
#include "domain/figure/figure.h"
#include "domain/handover/handover.h"
#include "domain/look/look.h"
#include "domain/mandate/mandate.h"
#include "domain/org/org.h"
#include "domain/payment/payment.h"
#include "domain/person/ring.h"
#include "domain/presence/presence.h"
#include "domain/procedure/procedure.h"
#include "domain/report/held.h"
#include "domain/roster/alarm.h"
#include "domain/roster/roster.h"
#include "domain/setting/setting.h"
#include "domain/staff/account.h"
#include "domain/staff/act.h"
#include "domain/staff/deputy.h"
#include "domain/staff/passkey.h"
#include "handlers/rights/export.h"
#include "store/copy.h"
#include "store/lease.h"

void export_open_object(const struct entity *e, const void *record, const struct id *id,
                        struct buf *out)
{
    char text[ID_TEXT];
    bool first = false;
    buf_printf(out, "{\"id\":\"%s\"", id_format(id, text));
    entity_json_members(e, record, SEE_OWNER, &first, out);
}

const char *export_file_of(const struct id *id, const char *ending, struct arena *a)
{
    char text[ID_TEXT];
    return arena_printf(a, "%s%s", id_format(id, text), ending);
}

/* --- who they are -------------------------------------------------------------------------------
 */

static json_t *devices_json(const struct person *p)
{
    const struct person_device *devices = p->devices.items;
    json_t *list = json_array();
    for (size_t i = 0; i < p->devices.n; i++) {
        char seen[CLOCK_TEXT];
        json_array_append_new(
            list, json_pack("{s:s}", "seen_at", clock_format(devices[i].seen_ms, seen)));
    }
    return list;
}

/* What finds them: each is found only by what is given here. */
static json_t *logins_json(const char *phone, bool card)
{
    json_t *list = json_array();
    if (phone)
        json_array_append_new(list, json_pack("{s:s, s:s}", "by", "phone", "phone", phone));
    if (card)
        json_array_append_new(list, json_pack("{s:s}", "by", "eid"));
    return list;
}

static int show_person(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                       const char **ret_name)
{
    const struct people *people = &run->app->people;
    const struct person *p = &run->person;
    const char *name = NULL, *phone = NULL, *card = NULL, *birth = NULL, *passport = NULL;
    char created[CLOCK_TEXT], seen[CLOCK_TEXT], eid[CLOCK_TEXT], id[ID_TEXT];
    (void)doc;
    int done = person_name(people, p, a, &name);
    if (done == 0)
        done = person_phone(people, p, a, &phone);
    if (done == 0 && run->with_eid)
        done = person_card(people, p, a, &card);
    if (done == 0 && run->with_eid)
        done = person_birth(people, p, a, &birth);
    if (done == 0)
        done = person_passport(people, p, a, &passport);
    if (done != 0)
        return done;
    CLEANUP(json_decrefp)
    json_t *json = json_pack(
        "{s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:I, s:s*, s:s, s:s, s:s*, s:o, s:o}", "id",
        id_format(&p->id, id), "name", name, "phone", phone, "card", card, "passport", passport,
        "birth", birth, "level", (json_int_t)p->level, "language", p->language, "created_at",
        clock_format(p->created_ms, created), "seen_at", clock_format(p->seen_ms, seen), "eid_at",
        p->eid_ms ? clock_format(p->eid_ms, eid) : NULL, "devices", devices_json(p), "logins",
        logins_json(phone, p->card.n > 0));
    char *text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
    buf_add_str(out, text ? text : "");
    free(text);
    *ret_name = "person.json";
    return text ? 0 : E_NOMEM;
}

static int show_session(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                        const char **ret_name)
{
    struct session s = {0};
    char ended[CLOCK_TEXT];
    (void)run, (void)ret_name;
    int done = entity_decode(&session_entity, doc, a, &s);
    if (done < 0 || !store_document_id(doc, &s.id))
        return done < 0 ? done : E_CORRUPT;
    export_open_object(&session_entity, &s, &s.id, out);
    if (s.ended_ms)
        buf_printf(out, ",\"ended_at\":\"%s\"", clock_format(s.ended_ms, ended));
    buf_add_str(out, "}");
    return 0;
}

/* --- what they sent -----------------------------------------------------------------------------
 */

const char *export_case_file(const struct case_head *h, struct arena *a)
{
    return h->number ? arena_printf(a, "%s.json", h->number) : export_file_of(&h->id, ".json", a);
}

static int show_report(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                       const char **ret_name)
{
    struct report r;
    (void)run;
    int done = report_decode(doc, a, &r);
    if (done < 0)
        return done;
    export_open_object(&report_entity, &r, &r.head.id, out);
    buf_add_str(out, "}");
    *ret_name = export_case_file(&r.head, a);
    return 0;
}

static int show_held(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                     const char **ret_name)
{
    struct report_held h = {0};
    (void)run;
    int done = entity_decode(&report_held_entity, doc, a, &h);
    if (done < 0 || !store_document_id(doc, &h.id))
        return done < 0 ? done : E_CORRUPT;
    export_open_object(&report_held_entity, &h, &h.id, out);
    buf_add_str(out, "}");
    *ret_name = export_file_of(&h.id, ".json", a);
    return 0;
}

/* Place and time as the camera wrote them. */
static int add_exif(const struct upload_service *s, const struct upload *u, struct buf *out)
{
    struct media_exif exif;
    char taken[CLOCK_TEXT];
    int done = upload_exif(s, u, &exif);
    if (done == 0 && exif.has_place)
        buf_printf(out, ",\"camera_place\":{\"lat\":%.7f,\"lon\":%.7f}", exif.lat, exif.lon);
    if (done == 0 && exif.has_taken)
        buf_printf(out, ",\"camera_time\":\"%s\"", clock_format(exif.taken_ms, taken));
    return done == E_CORRUPT || done > 0 ? 0 : done;
}

static int add_original(struct export_run *run, const struct upload_service *s,
                        const struct upload *u, struct arena *a, struct buf *out)
{
    struct sealed_reader original;
    const char *name = export_file_of(&u->id, upload_extension(u->type), a);
    int done = upload_original(s, u, &original);
    if (done == STORE_ABSENT || done == E_CORRUPT) {
        if (u->state == UPLOAD_SOUND)
            export_miss(run, arena_printf(a, "uploads/%s", name));
        return 0;
    }
    if (done != 0)
        return done;
    buf_printf(out, ",\"file\":\"%s\"", name);
    done = export_pour(run, arena_printf(a, "uploads/%s", name), &original);
    sealed_close(&original);
    return done;
}

static int show_upload(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                       const char **ret_name)
{
    const struct upload_service s = app_uploads(run->app);
    struct upload u = {0};
    char attached[ID_TEXT];
    (void)ret_name;
    int done = entity_decode(&upload_entity, doc, a, &u);
    if (done < 0 || !store_document_id(doc, &u.id))
        return done < 0 ? done : E_CORRUPT;
    export_open_object(&upload_entity, &u, &u.id, out);
    if (!id_is_nil(&u.attached))
        buf_printf(out, ",\"attached\":\"%s\"", id_format(&u.attached, attached));
    done = add_exif(&s, &u, out);
    if (done == 0)
        done = add_original(run, &s, &u, a, out);
    buf_add_str(out, "}");
    return done;
}

/* --- what was said to them and of them ----------------------------------------------------------
 */

static int show_notice(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                       const char **ret_name)
{
    struct delivery d;
    (void)run, (void)ret_name;
    int done = delivery_decode(doc, a, &d);
    if (done == 0)
        delivery_json(&d, SEE_OWNER, out);
    return done;
}

static int show_consent(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                        const char **ret_name)
{
    struct consent c;
    (void)run, (void)ret_name;
    int done = consent_decode(doc, a, &c);
    if (done < 0)
        return done;
    const struct consent_purpose *p = consent_purpose_of(c.purpose);
    const struct consent_wording *w = p ? consent_wording_of(p, c.version) : NULL;
    int language = c.language && strcmp(c.language, "en") == 0;
    export_open_object(&consent_entity, &c, &c.id, out);
    buf_add_str(out, ",\"text\":");
    buf_add_json_str(out, w ? w->text[language] : "", w ? strlen(w->text[language]) : 0);
    buf_add_str(out, "}");
    return 0;
}

static int show_look(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                     const char **ret_name)
{
    struct look l;
    (void)run, (void)ret_name;
    int done = look_decode(doc, a, &l);
    if (done < 0)
        return done;
    export_open_object(&look_entity, &l, &l.id, out);
    buf_add_str(out, "}");
    return 0;
}

static int show_export(struct export_run *run, const bson_t *doc, struct arena *a, struct buf *out,
                       const char **ret_name)
{
    struct export e;
    (void)run, (void)ret_name;
    int done = export_decode(doc, a, &e);
    if (done < 0)
        return done;
    export_open_object(&export_entity, &e, &e.id, out);
    buf_add_str(out, "}");
    return 0;
}

/* --- the tables ---------------------------------------------------------------------------------
 */

const struct exporter exporters[] = {
    {"person",
     {"bạn là ai: tên, số điện thoại, cách đăng nhập, thiết bị đã biết",
      "who you are: name, number, how you sign in, known devices"},
     &person_collection,
     NULL,
     NULL,
     show_person},
    {"sessions",
     {"các lần đăng nhập", "your sign-ins"},
     &session_collection,
     "subject",
     "seen",
     show_session},
    {"reports",
     {"phản ánh, kèm toàn bộ quá trình xử lý", "your reports with their history"},
     &report_collection,
     "owner",
     "filed",
     show_report},
    {"dossiers",
     {"hồ sơ dịch vụ công, kèm toàn bộ quá trình xử lý", "your dossiers with their history"},
     &dossier_collection,
     "owner",
     "filed",
     export_dossier},
    {"complaints",
     {"phản ánh về việc giải quyết hồ sơ", "your complaints about dossiers"},
     &complaint_collection,
     "owner",
     "filed",
     export_complaint},
    {"drafts",
     {"hồ sơ đang soạn", "dossiers that you are filling in"},
     &draft_collection,
     "owner",
     "changed",
     export_draft},
    {"payments",
     {"lệnh thanh toán trực tuyến", "orders to pay fees online"},
     &payment_collection,
     "owner",
     "created",
     export_payment},
    {"money",
     {"tiền đã nộp trực tuyến, đã ghi nhận hay hoàn trả",
      "what you paid online, and what became of it"},
     &money_collection,
     "owner",
     "paid",
     export_money},
    {"documents",
     {"kho giấy tờ: giấy tờ của bạn đã được xác minh hoặc cấp",
      "the document store: papers of yours that were verified or issued"},
     &document_collection,
     "owner",
     "verified",
     export_document},
    {"held",
     {"phản ánh chờ xác thực số điện thoại", "reports that wait for your number to be confirmed"},
     &report_held_collection,
     "owner",
     "held",
     show_held},
    {"uploads",
     {"ảnh gốc đã gửi và thông tin máy ảnh ghi trong đó",
      "the photos as you sent them, and what the camera wrote into them"},
     &upload_collection,
     "owner",
     "created",
     show_upload},
    {"notices",
     {"thông báo đã nhận", "notices that you got"},
     &delivery_collection,
     "recipient",
     "at",
     show_notice},
    {"consents",
     {"những điều bạn đã đồng ý và đã rút lại, đúng lời đã hiển thị",
      "what you consented to and withdrew, in the words you were shown"},
     &consent_collection,
     "owner",
     "at",
     show_consent},
    {"looks",
     {"những lần cơ quan xem thông tin riêng của bạn",
      "each time an office looked at what is yours"},
     &look_collection,
     "person",
     "at",
     show_look},
    {"organisations",
     {"tổ chức bạn là thành viên hoặc đại diện", "organisations that you belong to or act for"},
     &org_link_collection,
     "who",
     "at",
     export_membership},
    {"mandates",
     {"những người bạn đại diện, và người đại diện cho bạn",
      "for whom you act, and who acts for you"},
     &mandate_collection,
     NULL,
     NULL,
     export_mandates},
    {"exports",
     {"những lần bạn yêu cầu bản sao này", "each time you asked for this copy"},
     &export_collection,
     "owner",
     "asked",
     show_export},
    {0},
};

const struct export_reason export_not[] = {
    {&report_public_collection, "made from reports; anybody may read it"},
    {&report_fact_collection, "counts, of nobody"},
    {&dossier_fact_collection, "counts, of nobody"},
    {&figure_month_collection, "counts, of nobody"},
    {&complaint_fact_collection, "counts, of nobody"},
    {&money_day_collection, "sums of a day, held against the payment provider's list"},
    {&file_use_collection, "which dossier names a file of another; both stand in dossiers/"},
    {&login_collection, "keyed hashes that find a person; what they are of stands in person/"},
    {&person_key_collection, "a key: it opens what is given, and is nothing itself"},
    {&ring_collection, "which keyring opens the keys"},
    {&erasure_collection, "a request to be erased: it is shown where it is asked for"},
    {&tombstone_collection, "an id that stands for nobody any more"},
    {&otp_collection, "codes of a few minutes"},
    {&limit_collection, "keyed hashes with a count, for a window"},
    {&eid_flow_collection, "a sign-in that is on its way, for minutes"},
    {&organisation_collection, "its members' together; what one belongs to: organisations/"},
    {&staff_collection, "accounts of officials"},
    {&passkey_collection, "keys of officials"},
    {&passkey_flow_collection, "a sign-in of an official that is on its way"},
    {&handover_collection, "which officer hands what to whom"},
    {&deputy_collection, "which officer stands in for whom"},
    {&roster_collection, "which official is on duty"},
    {&presence_collection, "which case an official has open, for seconds"},
    {&alarm_collection, "which official was rung for an emergency"},
    {&staff_act_collection, "what administrators did to accounts of officials"},
    {&staff_admins_collection, "which accounts administer an agency"},
    {&agency_collection, "the catalogue"},
    {&category_collection, "the catalogue"},
    {&rule_collection, "the catalogue"},
    {&procedure_collection, "the catalogue"},
    {&setting_collection, "calendar and borders"},
    {&case_sweep_collection, "how far a sweep came"},
    {&lease_collection, "which node has a duty"},
    {&copy_collection, "where a copy of the store came from"},
    {0},
};
