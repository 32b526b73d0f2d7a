/* What people may consent to, in the words that they read. A wording that was shown is never
 * changed here: a better one is added with the next version. */
#include <string.h>

#include "base/crypto/sha256.h"
#include "domain/consent/consent.h"

const struct consent_purpose consent_purposes[] = {
    {.code = CONSENT_CONTACT,
     .title = {"Cho cơ quan xử lý biết tên và số điện thoại của tôi",
               "The handling agency may see my name and phone number"},
     .data = "name phone",
     .of = "report",
     .wordings =
         (const struct consent_wording[]){
             {1,
              {"Tôi đồng ý để cơ quan đang xử lý phản ánh này xem họ tên và số điện thoại của tôi, "
               "chỉ để liên hệ xử lý phản ánh. Mỗi lần xem đều được ghi lại và báo cho tôi. Tôi có "
               "thể rút lại bất cứ lúc nào; phản ánh vẫn được xử lý dù tôi không đồng ý.",
               "I agree that the agency that handles this report may see my name and phone number, "
               "only to reach me about it. Each look is recorded and told to me. I may withdraw "
               "this at any time; the report is handled also without it."}},
             {0}}},
    {.code = CONSENT_DOCUMENTS,
     .title = {"Dùng giấy tờ trong kho của tôi cho hồ sơ này",
               "Papers of my document store are used in this dossier"},
     .data = "documents",
     .of = "dossier",
     .wordings =
         (const struct consent_wording[]){
             {1,
              {"Tôi đồng ý để các cơ quan giải quyết hồ sơ này xem và dùng những giấy tờ mà tôi đã "
               "chọn từ kho giấy tờ của tôi, thay cho việc nộp lại. Đồng ý này chỉ cho hồ sơ này. "
               "Tôi có thể rút lại bất cứ lúc nào: từ đó cơ quan không mở được các giấy tờ ấy nữa "
               "và có thể yêu cầu tôi nộp bản khác.",
               "I agree that the agencies that handle this dossier see and use the papers that I "
               "have chosen from my document store, so that I need not hand them in again. This "
               "is for this dossier alone. I may withdraw it at any time: from then on they "
               "cannot open these papers any more, and may ask me for others."}},
             {0}}},
    {.code = CONSENT_SMS,
     .title = {"Nhận thông báo bằng tin nhắn SMS", "Notices by text message"},
     .data = "phone",
     .wordings = (const struct consent_wording[]){{1,
                                                   {"Tôi đồng ý nhận tin nhắn SMS báo tiến độ xử "
                                                    "lý vào số điện thoại đã đăng ký. Số điện "
                                                    "thoại được chuyển cho nhà mạng để gửi tin. "
                                                    "Tôi có thể rút lại bất cứ lúc nào; thông "
                                                    "báo trong ứng dụng vẫn như cũ.",
                                                    "I agree to get text messages about progress "
                                                    "on the number of my account. The number "
                                                    "is passed to the operator that sends them. I "
                                                    "may withdraw this at any time; notices "
                                                    "in the app stay as they are."}},
                                                  {0}}},
    {.code = CONSENT_PREFILL,
     .title = {"Điền sẵn biểu mẫu từ định danh điện tử", "Forms filled in from the e-ID"},
     .data = "name card birth",
     .wordings =
         (const struct consent_wording[]){
             {1,
              {"Tôi đồng ý để hệ thống điền sẵn họ tên, số định danh cá nhân và ngày sinh mà định "
               "danh điện tử đã xác nhận vào biểu mẫu của tôi. Tôi xem và sửa được trước khi gửi, "
               "và "
               "có thể rút lại bất cứ lúc nào.",
               "I agree that my forms are filled in with the name, personal number and birth date "
               "that my e-ID has confirmed. I see them and may change them before I send a form, "
               "and "
               "I may withdraw this at any time."}},
             {0}}},
    {0},
};

const struct consent_purpose *consent_purpose_of(const char *code)
{
    for (const struct consent_purpose *p = consent_purposes; code && p->code; p++) {
        if (strcmp(p->code, code) == 0)
            return p;
    }
    return NULL;
}

const struct consent_wording *consent_wording_now(const struct consent_purpose *p)
{
    const struct consent_wording *w = p->wordings;
    while (w[1].version)
        w++;
    return w;
}

const struct consent_wording *consent_wording_of(const struct consent_purpose *p, int64_t version)
{
    for (const struct consent_wording *w = p->wordings; w->version; w++) {
        if (w->version == version)
            return w;
    }
    return NULL;
}

void consent_words(const struct consent_purpose *p, const struct consent_wording *w, int language,
                   uint8_t ret[CONSENT_WORDS])
{
    const char *const parts[] = {p->title[language], w->text[language], p->data};
    struct sha256 h;
    sha256_init(&h);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        sha256_update(&h, parts[i], strlen(parts[i]) + 1);
    sha256_final(&h, ret);
}
