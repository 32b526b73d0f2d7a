/* Forms 01 to 04 and the slip of a result, line by line as TT 01/2018/TT-VPCP lays them out. */
#include <inttypes.h>
#include <string.h>

#include "domain/form/private.h"

#define SIGN_AND_NAME "(Ký và ghi rõ họ tên)"

static const char *applicant(const struct form_sheet *f, const char *member)
{
    return json_string_value(json_object_get(f->s->applicant, member));
}

/* Who stands there and signs. */
static const char *handed_in_by(const struct form_sheet *f)
{
    return applicant(f, "by") ? applicant(f, "by") : applicant(f, "name");
}

static const char *procedure_name(const struct form_sheet *f)
{
    return f->s->procedure ? f->s->procedure->name : f->d->procedure;
}

static const char *officer(const struct form_sheet *f, const struct id *who)
{
    return f->s->officer ? f->s->officer(f->s->ctx, who) : NULL;
}

static const struct procedure_component *component(const struct form_sheet *f, const char *code)
{
    const struct procedure *p = f->s->procedure;
    const struct procedure_component *all = p ? p->components.items : NULL;
    for (size_t i = 0; p && i < p->components.n; i++) {
        if (strcmp(all[i].code, code) == 0)
            return &all[i];
    }
    return NULL;
}

static const char *component_name(const struct form_sheet *f, const char *code)
{
    const struct procedure_component *c = component(f, code);
    return c ? c->name : code;
}

/* Who applies, where they are reached, and for what: alike on forms 01 to 03. */
static void add_parties(struct form_sheet *f, const char *label)
{
    form_line(f, "code", "Mã hồ sơ", f->d->head.number);
    form_line(f, "applicant", label, applicant(f, "name"));
    form_line(f, "passport", "Số hộ chiếu", applicant(f, "passport"));
    form_line(f, "by", "Người nộp thay", applicant(f, "by"));
    form_line(f, "address", "Địa chỉ", applicant(f, "address"));
    form_line(f, "phone", "Số điện thoại", applicant(f, "phone"));
    form_line(f, "email", "Email", applicant(f, "email"));
    form_line(f, "procedure", "Nội dung yêu cầu giải quyết", procedure_name(f));
}

/* --- 01 --------------------------------------------------------------------------------------- */

static json_t *papers(const struct form_sheet *f)
{
    const struct dossier_component *all = f->d->components.items;
    json_t *items = json_array();
    for (size_t i = 0; i < f->d->components.n; i++) {
        const struct dossier_component *c = &all[i];
        struct arena *a = f->arena;
        const char *files = c->files.n ? arena_printf(a, ", %zu tệp", c->files.n) : "";
        const char *copies = c->copies ? arena_printf(a, ", %" PRId64 " bản giấy", c->copies) : "";
        const char *kept = id_is_nil(&c->document) ? "" : ", từ kho dữ liệu điện tử";
        json_array_append_new(items,
                              json_string(arena_printf(a, "%s%s%s%s", component_name(f, c->code),
                                                       files, copies, kept)));
    }
    return items;
}

static const char *fetch_words(const struct form_sheet *f)
{
    const char *fetch = f->d->fetch ? f->d->fetch : "counter";
    if (strcmp(fetch, "download") == 0)
        return "Ứng dụng của tỉnh (bản điện tử)";
    if (strcmp(fetch, "post") == 0)
        return "Địa chỉ của người nộp, qua dịch vụ bưu chính";
    return arena_printf(f->arena, "%s, %s", form_desk_words(f->s, f->d->head.desk),
                        form_agency(f->s, f->d->head.desk));
}

static const char *money(struct arena *a, int64_t amount)
{
    return amount > 0 ? procedure_money_words(amount, PROCEDURE_VI, a) : NULL;
}

void form_receipt(struct form_sheet *f)
{
    const struct dossier *d = f->d;
    const struct case_step *received = form_step(d, "receive"), *sorry = form_step(d, "apologise");
    int64_t due = form_appointment_before(d, sorry ? sorry->seq : INT64_MAX);

    form_head(f, d->head.desk, received->at_ms, "TNHS");
    add_parties(f, "Tiếp nhận hồ sơ của");
    form_list(f, "components", "Thành phần hồ sơ nộp gồm", papers(f));
    form_line(f, "copies", "Số lượng hồ sơ", "01 bộ");
    form_line(f, "decider", "Cơ quan giải quyết", form_agency(f->s, d->decider));
    form_line(f, "time", "Thời gian giải quyết theo quy định", form_span(f->arena, d));
    form_line(f, "received", "Thời gian nhận hồ sơ", form_moment(f->arena, received->at_ms));
    form_line(f, "appointment", "Thời gian trả kết quả giải quyết hồ sơ",
              form_moment(f->arena, due));
    form_line(f, "fee", "Phí, lệ phí phải nộp", money(f->arena, d->fee));
    form_line(f, "fetch", "Đăng ký nhận kết quả tại", fetch_words(f));
    form_signer(f, "NGƯỜI NỘP HỒ SƠ", SIGN_AND_NAME, handed_in_by(f));
    form_signer(f, "NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN_AND_NAME, officer(f, &received->by));
}

/* --- 02 and 03 -------------------------------------------------------------------------------- */

static json_t *asked(const struct form_sheet *f)
{
    const struct dossier_request *last = f->d->requests.items;
    json_t *items = json_array();
    last += f->d->requests.n > 0 ? f->d->requests.n - 1 : 0;
    const struct dossier_component *all = f->d->requests.n > 0 ? last->components.items : NULL;
    for (size_t i = 0; all && i < last->components.n; i++)
        json_array_append_new(
            items, json_string(arena_printf(f->arena, "%s – %s: %s", component_name(f, all[i].code),
                                            procedure_label(dossier_verdicts, all[i].verdict, 0),
                                            all[i].note ? all[i].note : "")));
    const struct dossier_field *fields = f->d->requests.n > 0 ? last->fields.items : NULL;
    for (size_t i = 0; fields && i < last->fields.n; i++) {
        const char *title = f->s->procedure
                                ? procedure_member(f->s->procedure, fields[i].pointer, 0, f->arena)
                                : NULL;
        json_array_append_new(
            items, json_string(arena_printf(f->arena, "Tờ khai, mục %s: %s",
                                            title ? title : fields[i].pointer, fields[i].note)));
    }
    return items;
}

void form_supplement(struct form_sheet *f)
{
    const struct case_step *step = form_step(f->d, "supplement");
    const char *office = step->office ? step->office : f->d->head.desk;
    const struct agency *agency = catalogue_agency(f->s->catalogue, office);

    form_head(f, office, step->at_ms, "HDHS");
    add_parties(f, "Hồ sơ của");
    form_list(f, "components", "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau", asked(f));
    form_line(f, "reason", "Lý do", step->note);
    form_text(
        f, "contact",
        arena_printf(f->arena,
                     "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông (Bà) liên hệ với "
                     "%s, %s%s%s để được hướng dẫn.",
                     form_desk_words(f->s, office), form_agency(f->s, office),
                     agency && agency->hotline ? ", số điện thoại " : "",
                     agency && agency->hotline ? agency->hotline : ""));
    form_signer(f, "NGƯỜI HƯỚNG DẪN", SIGN_AND_NAME, officer(f, &step->by));
}

void form_refusal(struct form_sheet *f)
{
    const struct case_step *step = form_step(f->d, "refuse");
    const char *office = f->d->head.desk;

    form_head(f, office, step->at_ms, "TCHS");
    add_parties(f, "Tiếp nhận hồ sơ của");
    form_text(
        f, "words",
        arena_printf(f->arena,
                     "Qua xem xét, %s, %s thông báo không tiếp nhận, giải quyết hồ sơ này với "
                     "lý do cụ thể như sau:",
                     form_desk_words(f->s, office), form_agency(f->s, office)));
    form_line(f, "reason", "Lý do", form_reason("refuse", step->reason));
    form_text(f, "note", step->note);
    form_text(f, "closing", "Xin thông báo cho Ông/Bà được biết và thực hiện.");
    form_signer(f, "NGƯỜI NỘP HỒ SƠ", SIGN_AND_NAME, handed_in_by(f));
    form_signer(f, "NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN_AND_NAME, officer(f, &step->by));
}

/* --- 04 --------------------------------------------------------------------------------------- */

void form_apology(struct form_sheet *f)
{
    const struct dossier *d = f->d;
    const struct case_step *step = form_step(d, "apologise"), *received = form_step(d, "receive");
    const char *office = step->office ? step->office : d->decider;
    const char *name = form_agency(f->s, office);

    form_head(f, office, step->at_ms, "PXL");
    form_line(f, "applicant", "Kính gửi", applicant(f, "name"));
    form_text(
        f, "words",
        arena_printf(
            f->arena, "%s%s đã tiếp nhận giải quyết hồ sơ của Ông/Bà về việc: %s.",
            received ? arena_printf(f->arena, "Vào %s, ", form_day(f->arena, received->at_ms)) : "",
            name, procedure_name(f)));
    form_line(f, "code", "Mã hồ sơ", d->head.number);
    form_line(f, "appointment", "Thời gian hẹn trả kết quả",
              form_moment(f->arena, form_appointment_before(d, step->seq)));
    form_text(f, "late",
              arena_printf(f->arena,
                           "Tuy nhiên, %s không trả được kết quả giải quyết hồ sơ của "
                           "Ông/Bà đúng thời hạn đã hẹn.",
                           name));
    form_line(f, "reason", "Lý do", step->note);
    form_text(f, "sorry",
              arena_printf(f->arena,
                           "Sự chậm trễ này gây phiền hà, tốn kém chi phí, công sức của Ông/Bà. %s "
                           "xin lỗi Ông/Bà và hẹn trả kết quả giải quyết hồ sơ vào thời gian sau:",
                           name));
    form_line(f, "new_appointment", "Hẹn lại",
              form_moment(f->arena, form_appointment_from(d, step->seq)));
    form_text(f, "closing", "Mong nhận được sự thông cảm của Ông/Bà vì sự chậm trễ này.");
    form_signer(f, "THỦ TRƯỞNG ĐƠN VỊ", "(Ký tên và đóng dấu)", officer(f, &step->by));
}

/* --- the slip of a result --------------------------------------------------------------------- */

void form_slip(struct form_sheet *f)
{
    const struct dossier *d = f->d;
    const struct dossier_result *r =
        &((const struct dossier_result *)d->results.items)[f->s->result];
    const struct procedure *p = f->s->procedure;
    const struct procedure_result *all = p ? p->results.items : NULL;
    const char *name = r->code;
    for (size_t i = 0; p && r->code && i < p->results.n; i++)
        name = strcmp(all[i].code, r->code) == 0 ? all[i].name : name;

    form_head(f, d->decider, r->issued_ms, NULL);
    form_line(f, "code", "Mã hồ sơ", d->head.number);
    form_line(f, "applicant", "Cấp cho", applicant(f, "name"));
    form_line(f, "procedure", "Thủ tục hành chính", procedure_name(f));
    form_line(f, "result", "Kết quả", name);
    form_line(f, "result_number", "Số, ký hiệu", r->number);
    form_line(f, "decider", "Cơ quan giải quyết", form_agency(f->s, d->decider));
    form_line(f, "issued", "Thời gian cấp", form_moment(f->arena, r->issued_ms));
    form_text(f, "closing",
              "Phiếu này đi kèm kết quả. Quét mã dưới đây để biết kết quả còn hiệu lực, đã được "
              "thay thế hay đã bị thu hồi.");
}
