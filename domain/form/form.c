#include "domain/form/form.h"

#include "base/cleanup.h"
#include "domain/form/private.h"

const struct entity_name form_kinds[] = {
    {0},
    [FORM_RECEIPT] = {"01",
                      {"Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipt with appointment"}},
    [FORM_SUPPLEMENT] = {"02", {"Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Request for papers"}},
    [FORM_REFUSAL] = {"03", {"Phiếu từ chối giải quyết hồ sơ", "Refusal"}},
    [FORM_APOLOGY] = {"04",
                      {"Phiếu xin lỗi và hẹn lại ngày trả kết quả",
                       "Apology with a new appointment"}},
    [FORM_CONTROL] = {"05", {"Phiếu kiểm soát quá trình giải quyết hồ sơ", "Control sheet"}},
    [FORM_SLIP] = {"slip", {"Phiếu xác nhận kết quả", "Slip of a result"}},
    {0},
};

static const struct {
    const char *title;
    const char *verb; /* of the step that it is about; NULL: of none */
    void (*write)(struct form_sheet *f);
    const char *qr_words; /* over the code; NULL: it has none */
} sheets[FORM_KINDS] = {
    [FORM_RECEIPT] = {"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "receive", form_receipt,
                      "Tra cứu tình trạng hồ sơ"},
    [FORM_SUPPLEMENT] = {"PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "supplement", form_supplement,
                         "Tra cứu tình trạng hồ sơ"},
    [FORM_REFUSAL] = {"PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ", "refuse", form_refusal, NULL},
    [FORM_APOLOGY] = {"PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "apologise", form_apology,
                      "Tra cứu tình trạng hồ sơ"},
    [FORM_CONTROL] = {"PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", NULL, form_control, NULL},
    [FORM_SLIP] = {"PHIẾU XÁC NHẬN KẾT QUẢ", NULL, form_slip, "Kiểm tra kết quả"},
};

bool form_exists(const struct dossier *d, enum form_kind kind)
{
    if (kind == FORM_SLIP)
        return d->results.n > 0;
    return kind >= FORM_RECEIPT && kind < FORM_KINDS &&
           (!sheets[kind].verb || form_step(d, sheets[kind].verb));
}

static void add_code(struct form_sheet *f, enum form_kind kind)
{
    const struct form_source *s = f->s;
    if (!sheets[kind].qr_words || !s->check)
        return;
    json_t *words = json_pack("[s]", sheets[kind].qr_words);
    if (kind != FORM_SLIP)
        json_array_append_new(
            words, json_string(arena_printf(s->arena, "Mã hồ sơ: %s", f->d->head.number)));
    json_array_append_new(words, json_string(arena_printf(s->arena, "Mã kiểm tra: %s", s->check)));
    json_object_set_new(
        f->root, "qr",
        json_pack("{s:s, s:o}", "text", s->link ? s->link : s->check, "words", words));
}

json_t *form_content(const struct form_source *s, enum form_kind kind)
{
    if (!form_exists(s->dossier, kind) || (kind == FORM_SLIP && s->result >= s->dossier->results.n))
        return NULL;
    struct form_sheet f = {.s = s,
                           .d = s->dossier,
                           .arena = s->arena,
                           .root = json_object(),
                           .blocks = json_array(),
                           .signers = json_array()};
    json_object_set_new(f.root, "form", json_string(form_kinds[kind].name));
    json_object_set_new(
        f.root, "nation",
        json_pack("[s, s]", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"));
    json_object_set_new(f.root, "title", json_string(sheets[kind].title));
    sheets[kind].write(&f);
    json_object_set_new(f.root, "blocks", f.blocks);
    json_object_set_new(f.root, "signers", f.signers);
    add_code(&f, kind);
    return f.root;
}
