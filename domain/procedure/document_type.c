/* The kinds of papers that procedures ask for and give out. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "domain/procedure/procedure.h"

#define PERSON (1U << PROCEDURE_CITIZEN)
#define BUSINESS (1U << PROCEDURE_ORGANISATION | 1U << PROCEDURE_HOUSEHOLD)
#define ANYBODY (PERSON | BUSINESS)

/* Validity where the law lays one down; 0 where it holds until something changes. */
/* clang-format off */
const struct document_type document_types[] = {
    {"ban_ve_thiet_ke", "Bản vẽ thiết kế xây dựng", "Construction drawings", 0, ANYBODY},
    {"bien_ban_hop", "Biên bản họp", "Minutes of a meeting", 0, BUSINESS},
    {"cccd", "Thẻ căn cước, thẻ căn cước công dân", "Citizen identity card", 0, PERSON},
    {"dieu_le", "Điều lệ doanh nghiệp", "Charter of an enterprise", 0, BUSINESS},
    {"giay_bao_tu", "Giấy báo tử", "Notice of death", 0, PERSON},
    {"giay_chung_nhan_dkdn", "Giấy chứng nhận đăng ký doanh nghiệp", "Enterprise registration certificate", 0, BUSINESS},
    {"giay_chung_nhan_hkd", "Giấy chứng nhận đăng ký hộ kinh doanh", "Household business registration certificate", 0, BUSINESS},
    {"giay_chung_nhan_ket_hon", "Giấy chứng nhận kết hôn", "Marriage certificate", 0, PERSON},
    {"giay_chung_nhan_qsdd", "Giấy chứng nhận quyền sử dụng đất", "Land use right certificate", 0, ANYBODY},
    {"giay_chung_sinh", "Giấy chứng sinh", "Hospital record of birth", 0, PERSON},
    {"giay_khai_sinh", "Giấy khai sinh", "Birth certificate", 0, PERSON},
    {"giay_kham_suc_khoe", "Giấy khám sức khỏe", "Health certificate", 12, PERSON},
    {"giay_khuyet_tat", "Giấy xác nhận khuyết tật", "Certificate of disability", 0, PERSON},
    {"giay_phep_lai_xe", "Giấy phép lái xe", "Driving licence", 0, PERSON},
    {"giay_phep_xay_dung", "Giấy phép xây dựng", "Construction permit", 12, ANYBODY},
    {"giay_uy_quyen", "Văn bản ủy quyền", "Power of attorney", 0, ANYBODY},
    {"giay_xac_nhan_cho_o", "Giấy tờ chứng minh chỗ ở hợp pháp", "Proof of lawful residence", 0, PERSON},
    {"giay_xac_nhan_cu_tru", "Xác nhận thông tin về cư trú", "Confirmation of residence", 12, PERSON},
    {"giay_xac_nhan_ho_ngheo", "Giấy xác nhận hộ nghèo, hộ cận nghèo", "Certificate of a poor household", 12, PERSON},
    {"giay_xac_nhan_tinh_trang_hon_nhan", "Giấy xác nhận tình trạng hôn nhân", "Certificate of marital status", 6, PERSON},
    {"ho_chieu", "Hộ chiếu", "Passport", 120, PERSON},
    {"hop_dong_thue_nha", "Hợp đồng thuê, mượn nhà", "Lease of a home", 0, ANYBODY},
    {"phieu_ly_lich_tu_phap", "Phiếu lý lịch tư pháp", "Criminal record certificate", 0, PERSON},
    {"quyet_dinh_tro_cap", "Quyết định trợ cấp xã hội", "Decision on a social allowance", 0, PERSON},
    {"so_do_vi_tri", "Sơ đồ vị trí", "Site plan", 0, ANYBODY},
    {"the_bao_hiem_y_te", "Thẻ bảo hiểm y tế", "Health insurance card", 0, PERSON},
    {"trich_luc_ban_do", "Trích lục bản đồ địa chính", "Extract of the cadastral map", 0, ANYBODY},
    {"trich_luc_khai_tu", "Trích lục khai tử", "Death certificate extract", 0, PERSON},
    {"van_bang", "Văn bằng, chứng chỉ", "Degree or professional certificate", 0, PERSON},
    {0},
};
/* clang-format on */

static int by_code(const void *x, const void *y)
{
    return strcmp(((const struct document_type *)x)->code, ((const struct document_type *)y)->code);
}

const struct document_type *document_type_by_code(const char *code)
{
    const struct document_type key = {.code = code};
    return code ? bsearch(&key, document_types, ARRAY_LEN(document_types) - 1, sizeof(key), by_code)
                : NULL;
}
