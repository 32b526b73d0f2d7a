/* Words of made-up reports. */
#include <string.h>

#include "programs/seed.h"

struct topic {
    const char *category;
    struct seed_text texts[6];
    size_t n;
};

/* clang-format off */
static const struct topic topics[] = {
    {"an_ninh_trat_tu", {
        {"Hàng quán bày bàn ghế chiếm hết vỉa hè, người đi bộ phải xuống lòng đường.", "Đã nhắc nhở và yêu cầu các hộ dời bàn ghế vào trong; tổ trật tự sẽ kiểm tra mỗi chiều."},
        {"Karaoke loa kéo mở rất lớn sau 22 giờ, trẻ nhỏ không ngủ được.", "Công an xã đã lập biên bản và nhắc nhở chủ hộ, hộ cam kết không tái phạm."},
        {"Nhóm thanh niên tụ tập nẹt pô, chạy xe tốc độ cao vào ban đêm.", "Đã tăng cường tuần tra từ 21 giờ đến 1 giờ sáng, tạm giữ 3 xe vi phạm."},
        {"Nhà tôi bị mất trộm hai bình ắc quy vuông tôm trong đêm.", "Công an đã tiếp nhận tin báo, khám nghiệm hiện trường và đang xác minh."},
        {"Xe tải đậu qua đêm che khuất tầm nhìn ở khúc cua.", "Đã cắm biển cấm đậu và yêu cầu chủ xe dời đi."}}, 5},
    {"ha_tang_do_thi", {
        {"Mặt đường có ổ gà lớn, trời mưa ngập không thấy, đã có người té xe.", "Đã dặm vá ổ gà bằng bê tông nhựa nguội, giao thông trở lại bình thường."},
        {"Lan can cầu bị gãy một đoạn, rất nguy hiểm cho học sinh đi học.", "Đã hàn lại lan can và sơn phản quang."},
        {"Nắp hố ga trên vỉa hè bị bể, chưa ai che chắn.", "Đã thay nắp hố ga mới bằng gang."},
        {"Cây xanh nghiêng hẳn ra đường sau trận mưa giông hôm qua.", "Đội cây xanh đã cắt tỉa và chống lại cây."},
        {"Biển tên đường bị gãy, người giao hàng không tìm được nhà.", "Đã dựng lại biển tên đường."},
        {"Lộ bê tông bị sụt lở mé sông, chỉ còn nửa mặt đường.", "Đã cắm cọc cừ, rào chắn; đang lập dự toán gia cố đoạn sạt lở."}}, 6},
    {"ve_sinh_moi_truong", {
        {"Rác sinh hoạt chất đống ba ngày nay chưa có xe đến lấy, bốc mùi hôi.", "Đã thu gom toàn bộ; lịch lấy rác tuyến này được chỉnh thành hai ngày một lần."},
        {"Có người đổ xà bần xuống kênh vào ban đêm.", "Đã nạo vét và lắp biển cấm đổ rác, giao ấp theo dõi."},
        {"Cơ sở thu mua tôm xả nước thải thẳng ra rạch, cá chết nổi.", "Đã lập biên bản, yêu cầu cơ sở dừng xả thải và khắc phục trong 5 ngày."},
        {"Khói đốt than từ lò hầm bay vào khu dân cư cả ngày.", "Đã làm việc với chủ lò; lò chuyển thời gian đốt và nâng ống khói."},
        {"Bãi đất trống cỏ mọc um tùm thành chỗ đổ rác.", "Đã phát quang, dọn sạch và giao chủ đất quản lý."}}, 5},
    {"gop_y_hien_ke", {
        {"Đề nghị mở thêm quầy hướng dẫn nộp hồ sơ trực tuyến cho người lớn tuổi.", "Ghi nhận góp ý; từ tháng sau có đoàn viên hỗ trợ mỗi sáng thứ Hai và thứ Năm."},
        {"Nên gắn mã QR lịch tàu ra Hòn Khoai ở bến để du khách tiện theo dõi.", "Cảm ơn góp ý; đã chuyển ban quản lý bến thực hiện trong quý này."},
        {"Đề xuất trồng lại hàng phượng dọc tuyến đường đi trường học.", "Đã đưa vào kế hoạch trồng cây của địa phương."},
        {"Đề nghị công khai lịch cúp điện trên bảng tin ấp trước hai ngày.", "Đã thống nhất với điện lực gửi lịch để ấp dán thông báo."}}, 4},
    {"y_te_suc_khoe", {
        {"Xóm tôi có bốn ca sốt xuất huyết trong hai tuần, đề nghị phun thuốc.", "Đã điều tra ổ dịch, diệt lăng quăng và phun hoá chất lần một; lần hai sau 7 ngày."},
        {"Quán ăn gần trường bán thức ăn để lộ thiên, ruồi bám đầy.", "Đã kiểm tra, nhắc nhở và yêu cầu che đậy thức ăn theo quy định."},
        {"Trạm y tế hết thuốc huyết áp theo bảo hiểm hai tuần nay.", "Thuốc đã được cấp bổ sung, bà con có thể đến nhận theo lịch."},
        {"Có chó lạ cắn hai người, nghi chó dại.", "Đã hướng dẫn tiêm phòng, bắt giữ con vật để theo dõi và tiêm phòng cho đàn chó trong ấp."}}, 4},
    {"giao_duc_dao_tao", {
        {"Cổng trường giờ tan học kẹt cứng, phụ huynh đậu xe tràn lòng đường.", "Trường đã chia giờ tan học theo khối và bố trí dân quân phân luồng."},
        {"Mái phòng học bị dột, mưa xuống các cháu phải dồn vào một góc.", "Đã thay tôn mái và chống dột xong trước đầu tuần."},
        {"Trường thu tiền quỹ lớp không có biên nhận.", "Đã kiểm tra; nhà trường đã hoàn trả các khoản thu chưa đúng quy định."},
        {"Đề nghị mở thêm điểm giữ trẻ cho con công nhân khu công nghiệp.", "Ghi nhận; đang khảo sát nhu cầu để mở thêm một nhóm trẻ."}}, 4},
    {"dien_chieu_sang", {
        {"Đèn đường tắt cả tuyến hơn một tuần, đi lại ban đêm rất nguy hiểm.", "Đã thay bóng và sửa tủ điều khiển, đèn sáng trở lại."},
        {"Trụ điện nghiêng sau mưa bão, dây chùng sát mái nhà.", "Đã dựng lại trụ và căng dây."},
        {"Dây điện chằng chịt, chùng thấp vướng xe cao.", "Đã bó gọn và nâng cao dây."},
        {"Đèn trước trạm y tế chập chờn ba đêm nay.", "Đã thay chấn lưu và bóng đèn."},
        {"Điện yếu giờ cao điểm, máy bơm không chạy nổi.", "Đã cân pha và lên kế hoạch nâng công suất trạm biến áp."}}, 5},
    {"cap_thoat_nuoc", {
        {"Nước máy đục vàng, có mùi tanh từ hai hôm nay.", "Đã súc xả đường ống, kết quả thử nước đạt quy chuẩn."},
        {"Mưa lớn là ngập đến đầu gối, nước rút rất chậm.", "Đã nạo vét hố ga và khơi thông cống thoát ra kênh."},
        {"Ống nước vỡ chảy tràn đường cả ngày.", "Đã thay đoạn ống vỡ, cấp nước trở lại lúc 16 giờ."},
        {"Triều cường tràn qua bờ kè vào nhà dân.", "Đã đắp bao cát tạm; kè đang được nâng cao độ."},
        {"Cống bị nghẹt, nước thải tràn lên mặt đường.", "Đã thông cống và thay nắp đan."}}, 5},
    {"vi_pham_phap_luat", {
        {"Có ghe dùng xung điện đánh cá ban đêm trên sông.", "Lực lượng chức năng đã bắt quả tang và tịch thu ngư cụ."},
        {"Nhà bên cạnh xây lấn ra hành lang lộ giới.", "Đã lập biên bản đình chỉ và yêu cầu tháo dỡ phần vi phạm."},
        {"Xe ben chở cát quá tải làm hư đường, chạy không che bạt.", "Đã xử phạt hai xe và yêu cầu doanh nghiệp che chắn."},
        {"Cửa hàng bán phân bón không rõ nguồn gốc.", "Đã kiểm tra, tạm giữ lô hàng để lấy mẫu kiểm nghiệm."}}, 4},
    {NULL, {
        {"Đề nghị chính quyền kiểm tra giúp sự việc này, bà con phản ánh nhiều lần.", "Đã kiểm tra thực tế và xử lý, cảm ơn phản ánh của ông bà."},
        {"Bến phà đông nhưng không có áo phao cho khách.", "Chủ bến đã trang bị đủ áo phao, đoàn kiểm tra sẽ quay lại."},
        {"Vé giữ xe ở chợ thu cao hơn giá niêm yết.", "Đã nhắc nhở và niêm yết lại giá giữ xe."}}, 3},
};

static const char *const landmarks[] = {
    "gần chợ", "trước cổng trường tiểu học", "đoạn qua cầu sắt", "gần trạm y tế", "đầu hẻm số 4",
    "cạnh nhà văn hoá ấp", "đoạn từ ngã ba đến bến đò", "bên hông uỷ ban", "gần cây xăng",
    "sau khu chợ cũ", "đối diện bưu điện", "gần cống ngăn mặn", "tuyến lộ dọc kênh xáng",
    "gần đình thần", "cuối tuyến đường ven sông", "khu tái định cư", "gần trạm biến áp",
    "đầu vàm", "gần bến tàu", "khu vực vuông tôm cuối ấp"};

static const char *const families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ",
                                       "Lâm", "Đặng", "Bùi", "Dương", "Hồ", "Thạch", "Danh", "Lý"};
static const char *const middles[] = {"Văn", "Thị", "Hữu", "Thị Mỹ", "Minh", "Ngọc", "Quốc", "Kim",
                                      "Thanh", "Hoàng"};
static const char *const givens[] = {"An", "Bình", "Cường", "Diễm", "Đông", "Giang", "Hạnh", "Hùng",
                                     "Khoa", "Lan", "Linh", "Mai", "Nam", "Nhân", "Oanh", "Phúc",
                                     "Quyên", "Sang", "Thảo", "Trúc", "Út", "Vân", "Xuyên", "Yến"};
/* clang-format on */

#define PICK(list, r) (list)[seed_draw((r), ARRAY_LEN(list))]

const struct seed_text *seed_text_of(const char *category, struct seed_random *r)
{
    const struct topic *t = topics;
    while (t->category && strcmp(t->category, category) != 0)
        t++;
    return &t->texts[seed_draw(r, t->n)];
}

const char *seed_landmark(struct seed_random *r)
{
    return PICK(landmarks, r);
}

const char *seed_name(struct seed_random *r, struct arena *a)
{
    const char *family = PICK(families, r), *middle = PICK(middles, r);
    return arena_printf(a, "%s %s %s", family, middle, PICK(givens, r));
}

const char *seed_answers(const char *category, struct seed_random *r)
{
    bool yes = seed_chance(r, 20);
    if (strcmp(category, "dien_chieu_sang") == 0)
        return yes ? "{\"danger\":true,\"pole\":\"CM-12/4\"}" : "{\"danger\":false}";
    if (strcmp(category, "ha_tang_do_thi") == 0)
        return yes ? "{\"blocks_traffic\":true}" : "{\"blocks_traffic\":false}";
    if (strcmp(category, "an_ninh_trat_tu") == 0)
        return yes ? "{\"still_going_on\":true,\"time_of_day\":\"toi\"}" : NULL;
    return NULL;
}
