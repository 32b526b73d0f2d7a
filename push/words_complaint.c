/* What is said of complaints about dossiers: to whose it is, and to who answers for the desk. */
#include "push/templates.h"

#define TO(whom) (1U << TELL_##whom)
#define OWNER TO(OWNER)
#define ABOVE (TO(LEADER) | TO(INSPECTOR))
#define ASKER TO(DEMANDER)

/* clang-format off */
const struct template complaint_words[] = {
    {"file", OWNER,
     {"Phản ánh {number} về việc giải quyết hồ sơ đã được gửi đến lãnh đạo {agency}.[ ({by})]",
      "Complaint {number} was sent to who leads {agency}.[ ({by})]"}},
    {"file", ABOVE,
     {"Phản ánh mới {number} về việc giải quyết hồ sơ.[ Hạn thụ lý: {due}.]",
      "New complaint {number} about a dossier.[ Take it on by {due}.]"}},
    {"take", OWNER,
     {"Phản ánh {number} đang được xem xét.[ Hạn trả lời: {due}.][ ({by})]",
      "Complaint {number} is looked into.[ Answer due: {due}.][ ({by})]"}},
    {"answer", OWNER,
     {"Phản ánh {number} đã được trả lời[: {note}][ ({by})]",
      "Complaint {number} was answered[: {note}][ ({by})]"}},
    {"refuse", OWNER,
     {"Phản ánh {number} không được thụ lý.[ Lý do: {note}][ ({by})]",
      "Complaint {number} was refused.[ Reason: {note}][ ({by})]"}},
    {"withdraw", OWNER,
     {"Bạn đã rút phản ánh {number}.[ ({by})]",
      "You withdrew complaint {number}.[ ({by})]"}},
    {"withdraw", ABOVE,
     {"Người gửi đã rút phản ánh {number}.",
      "Complaint {number} was withdrawn."}},
    {"rate", ABOVE,
     {"Người gửi đã đánh giá việc trả lời phản ánh {number}.",
      "The answer to complaint {number} was rated."}},
    {"warning", ABOVE,
     {"Phản ánh {number} ({state}) sắp đến hạn[: {due}].",
      "Complaint {number} ({state}) is due soon[: {due}]."}},
    {"late", ABOVE,
     {"Phản ánh {number} ({state}) đã quá hạn[ từ {due}].",
      "Complaint {number} ({state}) is overdue[ since {due}]."}},
    {"urge", ABOVE,
     {"Đôn đốc xử lý phản ánh {number}[: {note}][ Trả lời trước {answer_by}.]",
      "Complaint {number} is urged on[: {note}][ Answer by {answer_by}.]"}},
    {"direct", ABOVE,
     {"Chỉ đạo về phản ánh {number}[: {note}][ Trả lời trước {answer_by}.]",
      "A direction about complaint {number}[: {note}][ Answer by {answer_by}.]"}},
    {"explain", ABOVE,
     {"Yêu cầu giải trình về phản ánh {number}[: {note}][ Trả lời trước {answer_by}.]",
      "An explanation of complaint {number} is asked for[: {note}][ Answer by {answer_by}.]"}},
    {"respond", ASKER,
     {"{agency} đã trả lời về phản ánh {number}[: {note}]",
      "{agency} answered about complaint {number}[: {note}]"}},
    {"unanswered", ABOVE | ASKER,
     {"Đã quá hạn trả lời yêu cầu về phản ánh {number} ({agency}).",
      "The answer about complaint {number} is overdue ({agency})."}},
    {0},
};
/* clang-format on */

const struct case_tell complaint_filing[] = {
    {TELL_OWNER, "file"}, {TELL_LEADER, "file"}, {TELL_INSPECTOR, "file"}, {0}};
