/* Who applies at a counter, and what they hand in. */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "domain/org/org.h"
#include "domain/org/tax_code.h"
#include "domain/person/at_desk.h"
#include "domain/person/card.h"
#include "domain/person/card_text.h"
#include "domain/person/passport.h"
#include "domain/person/sign_in.h"
#include "handlers/dossier/counter.h"
#include "handlers/dossier/permits.h"

/* --- who applies ------------------------------------------------------------------------------ */

static const char *member(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void put(json_t *words, const char *name, const char *value)
{
    if (value && value[0])
        json_object_set_new(words, name, json_string(value));
}

static int this_year(const struct request *req)
{
    return clock_date_of_day(clock_day_number(req->now_ms)).year;
}

/* What the scan says stands where nothing was typed; two numbers are a mistake. */
static void read_scan(const struct request *req, struct reply *reply, const json_t *body,
                      struct card_text *t)
{
    const char *scan = member(body, "scan"), *card = member(body, "card");
    *t = (struct card_text){0};
    if (scan && !card_text_read(scan, this_year(req), req->arena, t))
        reply_invalid(reply, "/applicant/scan", "Không đọc được mã QR của thẻ căn cước",
                      "This is not the text of a card's QR code");
    else if (scan && card && strcmp(card, t->card) != 0)
        reply_invalid(reply, "/applicant/card", "Số căn cước khác với mã QR đã quét",
                      "The card number is not that of the code which was scanned");
    if (card)
        t->card = card;
    if (member(body, "name"))
        t->name = member(body, "name");
    if (member(body, "birth"))
        t->birth = member(body, "birth");
    if (member(body, "address"))
        t->address = member(body, "address");
}

static void read_phone(struct reply *reply, const json_t *body, json_t *words)
{
    char phone[PERSON_PHONE_TEXT];
    const char *typed = member(body, "phone");
    if (!typed)
        return;
    if (phone_parse(typed, phone))
        put(words, "phone", phone);
    else
        reply_invalid(reply, "/applicant/phone", "Số điện thoại không đúng",
                      "This is not a telephone number");
}

/* An organisation applies; the person of the card does so for it. */
static void read_organisation(const struct request *req, struct reply *reply, const json_t *body,
                              const struct card_text *t, struct counter *ret)
{
    const json_t *o = json_object_get(body, "organisation");
    if (!o)
        return;
    bool household = strcmp(member(o, "kind"), "household") == 0;
    ret->draft.subject = household ? DOSSIER_HOUSEHOLD : DOSSIER_ENTERPRISE;
    ret->tax_code = member(o, "tax_code");
    if (tax_code_check(ret->tax_code, this_year(req)) == TAX_CODE_NONE)
        reply_invalid(reply, "/applicant/organisation/tax_code", "Mã số thuế không đúng",
                      "This is not a tax code");
    put(ret->applicant, "name", member(o, "name"));
    put(ret->applicant, "tax_code", ret->tax_code);
    put(ret->applicant, "by", member(body, "by") ? member(body, "by") : t->name);
}

static void check_card(const struct request *req, struct reply *reply, const struct card_text *t)
{
    int born = 0;
    int64_t day = 0;
    if (t->birth && clock_day_parse(t->birth, &day))
        born = clock_date_of_day(day).year;
    if (card_check(t->card, born, this_year(req)) != CARD_SOUND)
        reply_invalid(reply, "/applicant/card", "Không phải số căn cước, hoặc không khớp năm sinh",
                      "Not a card number, or not that of somebody born then");
}

/* Of who has no card. */
static void read_passport(const struct request *req, struct reply *reply, const json_t *passport,
                          struct counter *ret)
{
    char text[PASSPORT_TEXT];
    if (!passport_text(member(passport, "country"), member(passport, "number"), text)) {
        reply_invalid(reply, "/applicant/passport", "Không phải số hộ chiếu",
                      "This is not the number of a passport");
        return;
    }
    ret->passport = arena_strdup(req->arena, text);
    put(ret->applicant, "passport", ret->passport);
}

static void read_applicant(const struct request *req, struct reply *reply, struct counter *ret)
{
    const json_t *body = json_object_get(req->json, "applicant");
    struct card_text t;
    read_scan(req, reply, body, &t);
    if (reply_is_problem(reply))
        return;
    ret->card = t.card;
    if (t.card)
        check_card(req, reply, &t);
    else
        read_passport(req, reply, json_object_get(body, "passport"), ret);
    put(ret->applicant, "name", t.name);
    put(ret->applicant, "card", t.card);
    put(ret->applicant, "birth", t.birth);
    put(ret->applicant, "address", t.address);
    put(ret->applicant, "email", member(body, "email"));
    put(ret->applicant, "by", member(body, "by"));
    read_phone(reply, body, ret->applicant);
    read_organisation(req, reply, body, &t, ret);
}

int counter_owner(const struct request *req, const struct counter *c, struct id *ret)
{
    const struct people *people = &app_of(req)->people;
    struct organisation o;
    struct person person;
    int done = STORE_ABSENT;
    if (c->tax_code) {
        *ret = org_id(people, c->tax_code);
        done = org_get(app_of(req)->store, ret, req->arena, &o);
        if (done < 0 || (done == 0 && o.state == ORG_CONFIRMED))
            return done;
    }
    if (c->passport)
        done = person_at_desk_by_passport(people, c->passport, req->now_ms, req->arena, &person);
    else
        done = person_at_desk(people, c->card, req->now_ms, req->arena, &person);
    *ret = person.id;
    return done > 0 ? E_UNAVAILABLE : done;
}

/* --- what is handed in ------------------------------------------------------------------------ */

static struct text_words exemptions_of(const struct request *req)
{
    const json_t *list = json_object_get(req->json, "exemptions");
    size_t n = json_array_size(list);
    const char **items = arena_array(req->arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++)
        items[i] = json_string_value(json_array_get(list, i));
    return (struct text_words){.items = items, .n = n};
}

/* Whose papers of the store may be named: who stands there, and permits it. */
static int read_permit(const struct request *req, struct reply *reply, struct counter *c)
{
    const char *text = member(req->json, "permit");
    struct person person;
    if (!text || reply_is_problem(reply))
        return 0;
    int done = c->card && permit_read(req, text, &c->draft.owner)
                   ? person_of_card(&app_of(req)->people, c->card, req->arena, &person)
                   : STORE_ABSENT;
    if (done == 0 && !c->tax_code && id_equal(&person.id, &c->draft.owner))
        return 0;
    reply_invalid(reply, "/permit",
                  "Người này chưa cho phép dùng giấy tờ trong kho, hoặc đã quá 30 phút",
                  "They have not permitted the use of their papers, or it is over");
    return done < 0 ? done : 0;
}

int counter_read(const struct request *req, struct reply *reply, const struct procedure_book *book,
                 struct counter *ret)
{
    const json_t *form = json_object_get(req->json, "form");
    const struct procedure *p = procedure_at(book, member(req->json, "procedure"), req->now_ms);
    struct dossier_component *components = NULL;
    size_t n = 0, n_form = 0;
    if (!p)
        return reply_invalid(reply, "/procedure", "Không có thủ tục mang mã này đang có hiệu lực",
                             "No procedure of this code is in force");
    ret->channel = entity_enum_value(dossier_channels, member(req->json, "channel"));
    ret->draft = (struct draft){.procedure = p->code,
                                .version = p->version,
                                .subject = DOSSIER_CITIZEN,
                                .desk = req->who.agency,
                                .fetch = member(req->json, "fetch"),
                                .exemptions = exemptions_of(req)};
    read_applicant(req, reply, ret);
    int done = read_permit(req, reply, ret);
    if (done < 0)
        return done;
    if (!(p->applicant_mask & 1U << ret->draft.subject))
        reply_invalid(reply, "/procedure", "Thủ tục này không dành cho đối tượng này",
                      "This procedure is not for such applicants");
    done = dossier_read_components(req, reply, NULL, &components, &n);
    ret->draft.components = (struct entity_list){components, n};
    ret->source = (struct dossier_source){
        .draft = &ret->draft,
        .channel = ret->channel == DOSSIER_BY_POST ? PROCEDURE_POST : PROCEDURE_IN_PERSON,
        .commune = member(req->json, "commune"),
    };
    if (form)
        ret->source.answers = json_canonical(req->arena, form, &n_form);
    if (n_form > DOSSIER_FORM_MAX)
        reply_invalid(reply, "/form", "Tờ khai quá dài", "The form is too long");
    return done;
}
