/* Made-up procedures: as many as a province has, with forms and papers as large as real ones. */
#include <string.h>

#include "base/result.h"
#include "domain/procedure/import.h"
#include "programs/seed.h"
#include "schemas/builtin.h"

#define PART 200 /* rows imported at once */

/* What is done to what, in which field: 18 × 10 × 10 names, each once. */
static const char *const deeds[] = {
    "Cấp",
    "Cấp lại",
    "Cấp đổi",
    "Gia hạn",
    "Điều chỉnh nội dung",
    "Bổ sung nội dung",
    "Tạm ngừng hiệu lực",
    "Khôi phục hiệu lực",
    "Thu hồi theo đề nghị",
    "Xác nhận việc sử dụng",
};

/* clang-format off */
static const struct {
    const char *name, *name_en;
    const char *things[10];
} fields[] = {
    {"Lưu thông hàng hóa trong nước", "Domestic trade", {"giấy phép bán lẻ rượu", "giấy phép bán buôn rượu", "giấy phép bán lẻ thuốc lá", "giấy phép bán buôn thuốc lá", "giấy chứng nhận cửa hàng bán lẻ xăng dầu", "giấy xác nhận tổng đại lý xăng dầu", "giấy chứng nhận đủ điều kiện kinh doanh khí", "giấy chứng nhận trạm nạp khí vào chai", "giấy phép sản xuất rượu thủ công", "giấy phép chợ đầu mối"}},
    {"Hóa chất", "Chemicals", {"giấy phép sản xuất hóa chất", "giấy phép kinh doanh hóa chất", "giấy xác nhận khai báo hóa chất", "giấy chứng nhận kho hóa chất", "giấy phép vận chuyển hóa chất", "giấy chứng nhận huấn luyện an toàn hóa chất", "giấy phép tiền chất", "giấy xác nhận kế hoạch ứng phó sự cố", "giấy chứng nhận phòng thử nghiệm hóa chất", "giấy phép nhập khẩu hóa chất"}},
    {"Khám bệnh, chữa bệnh", "Medical care", {"giấy phép hoạt động phòng khám", "giấy phép hành nghề khám bệnh", "giấy phép nhà hộ sinh", "giấy phép trạm y tế", "giấy phép cơ sở dịch vụ kính thuốc", "giấy phép cơ sở xét nghiệm", "giấy phép cơ sở cấp cứu", "giấy phép phòng chẩn trị y học cổ truyền", "giấy xác nhận quảng cáo dịch vụ khám bệnh", "giấy chứng nhận người bán thuốc gia truyền"}},
    {"Dược phẩm", "Pharmacy", {"chứng chỉ hành nghề dược", "giấy chứng nhận nhà thuốc", "giấy chứng nhận quầy thuốc", "giấy chứng nhận tủ thuốc trạm y tế", "giấy chứng nhận thực hành tốt phân phối thuốc", "giấy phép bán lẻ thuốc kiểm soát đặc biệt", "giấy xác nhận nội dung thông tin thuốc", "giấy phép xuất khẩu dược liệu", "giấy chứng nhận cơ sở nuôi trồng dược liệu", "giấy phép tổ chức hội chợ thuốc"}},
    {"An toàn thực phẩm", "Food safety", {"giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm", "giấy chứng nhận bếp ăn tập thể", "giấy chứng nhận cơ sở sản xuất nước đá", "giấy chứng nhận cơ sở chế biến thủy sản", "giấy xác nhận kiến thức an toàn thực phẩm", "giấy xác nhận quảng cáo thực phẩm", "giấy chứng nhận lô hàng thủy sản", "giấy tiếp nhận bản công bố sản phẩm", "giấy chứng nhận chuỗi cung ứng an toàn", "giấy chứng nhận chợ an toàn thực phẩm"}},
    {"Giáo dục mầm non", "Preschools", {"giấy phép hoạt động nhóm trẻ độc lập", "giấy phép trường mẫu giáo", "giấy phép nhà trẻ", "giấy phép lớp mẫu giáo độc lập", "giấy chứng nhận trường đạt chuẩn quốc gia", "giấy chứng nhận kiểm định chất lượng", "giấy phép trường mầm non tư thục", "giấy phép lớp năng khiếu", "giấy xác nhận hoàn thành chương trình", "giấy phép dạy thêm"}},
    {"Giáo dục nghề nghiệp", "Vocational training", {"giấy chứng nhận hoạt động giáo dục nghề nghiệp", "giấy phép trung tâm ngoại ngữ", "giấy phép trung tâm tin học", "giấy phép trung tâm kỹ năng sống", "giấy phép trường trung cấp", "giấy phép cơ sở đào tạo lái xe", "giấy chứng nhận giáo viên dạy thực hành lái xe", "giấy phép tư vấn du học", "chứng chỉ sơ cấp", "giấy phép liên kết đào tạo"}},
    {"Đất đai", "Land", {"giấy chứng nhận quyền sử dụng đất ở", "giấy chứng nhận quyền sử dụng đất nông nghiệp", "giấy chứng nhận đất nuôi trồng thủy sản", "hợp đồng thuê đất", "giấy xác nhận chuyển mục đích sử dụng đất", "giấy xác nhận thế chấp quyền sử dụng đất", "trích lục bản đồ địa chính", "giấy xác nhận hiện trạng sử dụng đất", "giấy chứng nhận tài sản gắn liền với đất", "giấy phép sử dụng đất kết hợp đa mục đích"}},
    {"Môi trường", "Environment", {"giấy phép môi trường", "giấy xác nhận đăng ký môi trường", "giấy phép xả thải", "giấy chứng nhận túi ni lông thân thiện", "giấy xác nhận phục hồi môi trường", "giấy phép vận chuyển chất thải", "giấy chứng nhận nhãn sinh thái", "giấy phép trao đổi nguồn gen", "giấy xác nhận kế hoạch quản lý chất thải", "giấy phép cơ sở bảo tồn đa dạng sinh học"}},
    {"Tài nguyên nước", "Water", {"giấy phép khai thác nước dưới đất", "giấy phép khai thác nước mặt", "giấy phép thăm dò nước dưới đất", "giấy phép hành nghề khoan nước", "giấy xác nhận đăng ký khai thác nước", "giấy phép sử dụng nước biển", "giấy xác nhận trám lấp giếng", "giấy phép san lấp kênh rạch", "giấy phép quan trắc tài nguyên nước", "giấy phép chuyển nước"}},
    {"Thủy sản", "Fisheries", {"giấy phép khai thác thủy sản", "giấy chứng nhận an toàn tàu cá", "giấy chứng nhận cơ sở nuôi tôm", "giấy xác nhận nuôi lồng bè", "giấy chứng nhận giống thủy sản", "giấy phép cảng cá", "giấy chứng nhận cơ sở đóng mới tàu cá", "văn bản chấp thuận cải hoán tàu cá", "giấy chứng nhận thuyền trưởng tàu cá", "giấy phép nuôi trồng thủy sản trên biển"}},
    {"Lâm nghiệp", "Forestry", {"giấy phép khai thác lâm sản", "giấy chứng nhận nguồn giống cây rừng", "giấy xác nhận bảng kê lâm sản", "giấy phép nuôi động vật hoang dã", "giấy xác nhận phương án trồng rừng", "hợp đồng giao khoán rừng", "giấy phép du lịch sinh thái rừng", "giấy chứng nhận rừng bền vững", "giấy xác nhận chi trả dịch vụ môi trường rừng", "giấy phép nghiên cứu trong rừng đặc dụng"}},
    {"Đường thủy nội địa", "Inland waterways", {"giấy chứng nhận đăng ký phương tiện thủy", "giấy phép bến thủy nội địa", "giấy phép bến khách ngang sông", "bằng thuyền trưởng hạng ba", "chứng chỉ lái phương tiện", "văn bản chấp thuận vận tải hành khách ngang sông", "giấy phép thi công trên luồng", "giấy chứng nhận an toàn phương tiện thủy", "giấy phép vui chơi dưới nước", "văn bản công bố luồng chuyên dùng"}},
    {"Đường bộ", "Road transport", {"giấy phép xe tập lái", "phù hiệu xe ô tô kinh doanh vận tải", "giấy phép lưu hành xe quá tải", "giấy phép đấu nối vào đường tỉnh", "giấy phép thi công trên đường đang khai thác", "giấy phép lái xe hạng A1", "giấy phép liên vận", "giấy chứng nhận bến xe khách", "giấy phép sử dụng tạm lòng đường", "giấy chứng nhận xe máy chuyên dùng"}},
    {"Văn hóa", "Culture", {"giấy phép kinh doanh karaoke", "giấy phép tổ chức lễ hội", "giấy phép biểu diễn nghệ thuật", "giấy phép triển lãm mỹ thuật", "giấy tiếp nhận thông báo quảng cáo", "giấy phép phổ biến phim", "giấy phép khai quật khảo cổ", "giấy chứng nhận di vật", "giấy phép vũ trường", "giấy công nhận gia đình văn hóa"}},
    {"Du lịch", "Tourism", {"giấy phép kinh doanh lữ hành nội địa", "thẻ hướng dẫn viên du lịch", "giấy công nhận khu du lịch cấp tỉnh", "giấy công nhận điểm du lịch", "giấy công nhận hạng cơ sở lưu trú", "giấy công nhận cơ sở ăn uống đạt chuẩn", "giấy công nhận cơ sở mua sắm đạt chuẩn", "giấy phép văn phòng đại diện lữ hành", "giấy chứng nhận du lịch cộng đồng", "giấy phép tàu du lịch"}},
    {"Việc làm", "Employment", {"giấy phép hoạt động dịch vụ việc làm", "giấy phép lao động cho người nước ngoài", "giấy xác nhận không thuộc diện cấp phép lao động", "giấy phép cho thuê lại lao động", "giấy xác nhận nội quy lao động", "quyết định hưởng trợ cấp thất nghiệp", "giấy phép đưa lao động đi nước ngoài", "giấy chứng nhận huấn luyện an toàn lao động", "giấy xác nhận thỏa ước lao động tập thể", "giấy xác nhận thang lương"}},
    {"Công tác xã hội", "Social work", {"giấy phép cơ sở trợ giúp xã hội", "giấy xác nhận khuyết tật", "quyết định hỗ trợ mai táng", "giấy chứng nhận cơ sở cai nghiện", "giấy phép quỹ từ thiện cấp xã", "thẻ nhân viên công tác xã hội", "giấy xác nhận hộ nghèo", "quyết định chăm sóc tại cộng đồng", "giấy chứng nhận cơ sở chăm sóc người cao tuổi", "quyết định trợ giúp khẩn cấp"}},
};
/* clang-format on */

/* What all forms have; the fields differ in what is asked, not in how much. */
static const char *const common =
    "{\"times\":[{\"channel\":\"in_person\",\"unit\":\"working_days\",\"amount\":10},"
    "{\"channel\":\"online\",\"unit\":\"working_days\",\"amount\":8}],"
    "\"steps\":[{\"name\":\"Tiếp nhận hồ sơ\",\"role\":\"counter\",\"share\":10},"
    "{\"name\":\"Thẩm định\",\"role\":\"officer\",\"share\":60},"
    "{\"name\":\"Ký duyệt\",\"role\":\"leader\",\"share\":20},"
    "{\"name\":\"Trả kết quả\",\"role\":\"seal\",\"share\":10}],"
    "\"fees\":[{\"code\":\"tham_dinh\",\"name\":\"Phí thẩm định\",\"kind\":\"fee\",\"amount\":"
    "500000},{\"code\":\"le_phi\",\"name\":\"Lệ phí\",\"kind\":\"charge\",\"amount\":100000,"
    "\"when\":{\"field\":\"/kind\",\"is\":\"organisation\"}}],"
    "\"components\":[{\"code\":\"don\",\"name\":\"Đơn đề nghị\",\"copy\":\"electronic\","
    "\"copies\":1,\"required\":true},{\"code\":\"dang_ky\",\"name\":\"Giấy chứng nhận đăng ký "
    "doanh nghiệp\",\"copy\":\"copy\",\"copies\":1,\"required\":true,\"document\":"
    "\"giay_chung_nhan_dkdn\",\"when\":{\"field\":\"/kind\",\"is\":\"organisation\"}},"
    "{\"code\":\"cu\",\"name\":\"Bản gốc giấy tờ đã cấp\",\"copy\":\"original\",\"copies\":1,"
    "\"one_of\":\"da_cap\",\"required\":true},{\"code\":\"mat\",\"name\":\"Đơn cớ mất\",\"copy\":"
    "\"original\",\"copies\":1,\"one_of\":\"da_cap\"},{\"code\":\"so_do\",\"name\":\"Sơ đồ vị "
    "trí\",\"copy\":\"copy\",\"copies\":2,\"document\":\"so_do_vi_tri\"}],"
    "\"results\":[{\"code\":\"ket_qua\",\"name\":\"Giấy phép\",\"valid_months\":60,\"paper\":"
    "true}],"
    "\"form_schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"name\","
    "\"kind\",\"commune\"],\"properties\":{"
    "\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200,\"format\":\"line\",\"title\":"
    "\"Tên người đề nghị\",\"x-title-en\":\"Applicant\",\"x-order\":1},"
    "\"kind\":{\"type\":\"string\",\"enum\":[\"person\",\"organisation\"],\"title\":\"Là\","
    "\"x-title-en\":\"Is\",\"x-order\":2,\"x-labels\":{\"person\":{\"vi\":\"Cá nhân\",\"en\":\"A "
    "person\"},\"organisation\":{\"vi\":\"Tổ chức\",\"en\":\"An organisation\"}}},"
    "\"phone\":{\"type\":\"string\",\"format\":\"phone-vn\",\"title\":\"Điện thoại\","
    "\"x-title-en\":\"Telephone\",\"x-order\":3},"
    "\"commune\":{\"type\":\"string\",\"pattern\":\"^[0-9]{5}$\",\"title\":\"Xã, phường\","
    "\"x-title-en\":\"Commune\",\"x-order\":4},"
    "\"address\":{\"type\":\"string\",\"maxLength\":200,\"title\":\"Địa chỉ\",\"x-title-en\":"
    "\"Address\",\"x-order\":5},"
    "\"since\":{\"type\":\"string\",\"format\":\"date\",\"title\":\"Ngày cấp lần đầu\","
    "\"x-title-en\":\"First issued on\",\"x-order\":6},"
    "\"reason\":{\"type\":\"string\",\"maxLength\":1000,\"format\":\"prose\",\"title\":\"Lý do\","
    "\"x-title-en\":\"Reason\",\"x-order\":7}}}}";

/* Every third is filed here, the others are shown. */
static json_t *made(size_t i, const char *agency)
{
    size_t field = i % ARRAY_LEN(fields), thing = i / ARRAY_LEN(fields) % 10;
    size_t deed = i / ARRAY_LEN(fields) / 10 % ARRAY_LEN(deeds);
    bool filed = i % 3 == 0;
    json_t *row =
        json_pack("{s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:[s, s]}", "code",
                  json_sprintf("9.%06zu", i + 1), "name",
                  json_sprintf("%s %s", deeds[deed], fields[field].things[thing]), "from",
                  "2025-07-01", "field", fields[field].name, "field_en", fields[field].name_en,
                  "level", filed ? "commune" : "province", "place", filed ? "here" : "portal",
                  "scope", filed ? "whole" : "offline", "applicants", "citizen", "organisation");
    if (filed) {
        CLEANUP(json_decrefp) json_t *rest = json_loads(common, 0, NULL);
        json_object_update(row, rest);
        json_object_set_new(row, "rule", json_string("place"));
        json_object_set_new(row, "commune_at", json_string("/commune"));
        json_object_set_new(row, "anywhere", json_true());
        return row;
    }
    json_object_set_new(row, "rule", json_string("department"));
    json_object_set_new(row, "agency", json_string(agency));
    json_object_set_new(row, "reason", json_string("Nộp trên Cổng Dịch vụ công quốc gia."));
    json_object_set_new(row, "link", json_string("https://dichvucong.gov.vn/"));
    return row;
}

static const char *some_department(const struct catalogue *c, size_t i)
{
    for (size_t k = 0; k < c->n_agencies; k++) {
        const struct agency *one = &c->agencies[(i + k) % c->n_agencies];
        if (one->kind == AGENCY_DEPARTMENT && one->active)
            return one->code;
    }
    return NULL;
}

static int import_part(const struct seed_world *w, const struct procedure_book *book,
                       const struct seed_options *o, size_t from, size_t n)
{
    CLEANUP(json_decrefp) json_t *rows = json_array();
    const struct procedure_import_world world = {
        .store = w->stores->data, .book = book, .catalogue = w->catalogue, .now_ms = o->now_ms};
    struct procedure_import_result result;
    struct arena a;
    for (size_t i = from; i < from + n; i++)
        json_array_append_new(rows, made(i, some_department(w->catalogue, i)));
    arena_init(&a);
    int done = procedure_import(&world, rows, &a, &result);
    arena_release(&a);
    return done == PROCEDURE_FAULTY ? E_INVALID : done;
}

int seed_procedures(const struct seed_world *w, const struct seed_options *o)
{
    CLEANUP(procedure_holder_freep) struct procedure_holder *holder = NULL;
    size_t wanted = (size_t)o->procedures;
    if (!some_department(w->catalogue, 0))
        return E_INVALID;
    int done = procedure_holder_new(w->stores->data, &holder);
    if (done != 0)
        return done;
    CLEANUP(procedure_book_unrefp) const struct procedure_book *book = procedure_book_ref(holder);
    for (size_t at = 0; at < wanted && done == 0; at += PART) {
        done = import_part(w, book, o, at, wanted - at < PART ? wanted - at : PART);
        if (o->tell)
            o->tell("procedures", (int64_t)(at + PART < wanted ? at + PART : wanted), o->procedures,
                    o->ctx);
    }
    return done;
}
