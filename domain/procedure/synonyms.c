/* What people say, and what procedures are called. Both are folded. */
#include "domain/procedure/private.h"

/* Several rows may say the same: each is a reading of its own. */
/* clang-format off */
const struct synonym synonyms[] = {
    {"khai sinh", "dang ky khai sinh"},
    {"lam khai sinh", "dang ky khai sinh"},
    {"giay khai sinh", "dang ky khai sinh"},
    {"giay ket hon", "dang ky ket hon"},
    {"ket hon", "dang ky ket hon"},
    {"cuoi", "dang ky ket hon"},
    {"doc than", "giay xac nhan tinh trang hon nhan"},
    {"chung tu", "dang ky khai tu"},
    {"giay chung tu", "dang ky khai tu"},
    {"bao tu", "dang ky khai tu"},
    {"so do", "giay chung nhan quyen su dung dat"},
    {"so hong", "giay chung nhan quyen su dung dat"},
    {"bia do", "giay chung nhan quyen su dung dat"},
    {"giay dat", "giay chung nhan quyen su dung dat"},
    {"sang ten", "dang ky bien dong dat dai"},
    {"tach so", "tach thua"},
    {"chuyen muc dich", "chuyen muc dich su dung dat"},
    {"len tho cu", "chuyen muc dich su dung dat"},
    {"cat nha", "giay phep xay dung nha o"},
    {"xay nha", "giay phep xay dung nha o"},
    {"lam nha", "giay phep xay dung nha o"},
    {"phep xay", "giay phep xay dung"},
    {"mo quan", "dang ky thanh lap ho kinh doanh"},
    {"mo tiem", "dang ky thanh lap ho kinh doanh"},
    {"mo cua hang", "dang ky thanh lap ho kinh doanh"},
    {"ban hang", "dang ky thanh lap ho kinh doanh"},
    {"giay phep kinh doanh", "dang ky thanh lap ho kinh doanh"},
    {"nghi ban", "cham dut hoat dong ho kinh doanh"},
    {"dong quan", "cham dut hoat dong ho kinh doanh"},
    {"ho khau", "dang ky thuong tru"},
    {"nhap khau", "dang ky thuong tru"},
    {"cat khau", "xoa dang ky thuong tru"},
    {"kt3", "dang ky tam tru"},
    {"o tro", "dang ky tam tru"},
    {"sao y", "chung thuc ban sao"},
    {"photo cong chung", "chung thuc ban sao"},
    {"cong chung", "chung thuc"},
    {"tien gia", "tro cap xa hoi"},
    {"nguoi gia", "tro cap xa hoi nguoi cao tuoi"},
    {"tien nguoi gia", "tro cap xa hoi nguoi cao tuoi"},
    {"ly lich", "phieu ly lich tu phap"},
    {"ghe", "tau ca"},
    {"ghe danh ca", "tau ca"},
    {"xin con nuoi", "nuoi con nuoi"},
    {"nhan con", "nhan cha me con"},
    {"doi ten", "thay doi cai chinh ho tich"},
    {"sua khai sinh", "cai chinh bo sung thong tin ho tich"},
    {0},
};
/* clang-format on */

const char *const filler_words[] = {
    "lam",    "xin",     "muon",  "can",  "toi", "cho",     "o dau", "the nao", "nhu nao",
    "ra sao", "thu tuc", "ho so", "giup", "hoi", "ve viec", "phai",  "mat bao", NULL,
};

const char *const plain_words[] = {
    "dang", "ky",  "cap", "lai",  "giay", "xac", "nhan", "chung", "cua",   "va",    "cho",
    "doi",  "voi", "tai", "theo", "tu",   "co",  "mot",  "khi",   "trong", "ngoai", NULL,
};
