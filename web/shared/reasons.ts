/* Why a step was taken, as domain/ names it: what was chosen from a list stands beside what was written. */
import { sayFrom, type Words } from './words';

export const caseReasons = {
  report: {
    not_in_scope: ['Không thuộc phạm vi phản ánh hiện trường', 'Not a matter for field reports'],
    complaint: ['Là khiếu nại, tố cáo: nộp tại Ban Tiếp công dân', 'A complaint or denunciation: file it at the Citizen Reception Board'],
    dossier: ['Thuộc xử lý hồ sơ: liên hệ bộ phận một cửa', 'About a dossier: ask the one-stop desk'],
    no_content: ['Không đủ nội dung để xử lý', 'Too little to act upon'],
    untrue: ['Đã kiểm tra, sự việc không có', 'Checked: it is not so'],
    abuse: ['Ngôn từ xúc phạm, spam', 'Abuse or spam'],
    other_area: ['Không thuộc địa bàn', 'Another area'],
    other_field: ['Không thuộc lĩnh vực phụ trách', 'Another field'],
    higher_level: ['Vượt thẩm quyền', 'Beyond our competence'],
  },
  dossier: {
    not_competent: ['Không thuộc thẩm quyền giải quyết', 'Not within our competence'],
    not_this_procedure: ['Không đúng thủ tục hành chính', 'Another procedure'],
    not_eligible: ['Không thuộc đối tượng, không đủ điều kiện', 'The applicant is not eligible'],
    not_complete: ['Hồ sơ không đầy đủ, không hợp lệ', 'Not complete or not valid'],
    repeated: ['Hồ sơ đã nộp trước đó', 'Filed before'],
    dispute: ['Có tranh chấp, đang được giải quyết', 'Disputed, being settled elsewhere'],
    by_law: ['Theo quyết định của cơ quan có thẩm quyền', 'By decision of an authority'],
    untrue: ['Thông tin, giấy tờ không đúng sự thật', 'Papers or statements are not true'],
    other: ['Lý do khác', 'Another reason'],
    opinion: ['Lấy ý kiến cơ quan phối hợp', 'For an opinion'],
    competence: ['Chuyển cơ quan có thẩm quyền', 'To the competent agency'],
    return: ['Trả lại cơ quan chuyển', 'Back to who sent it'],
  },
  complaint: {
    formal: ['Là khiếu nại, tố cáo theo luật: nộp tại Ban Tiếp công dân', "A formal complaint or denunciation: to be filed with the citizens' reception office"],
    not_this: ['Không liên quan đến việc giải quyết hồ sơ', 'Not about the dossier'],
    repeated: ['Đã được trả lời trước đó', 'Answered before'],
  },
} as const satisfies Record<string, Words>;

/* What was chosen from the list; a word of old that has no name any more is shown as it is. */
export function reasonWords(code: string, kind: keyof typeof caseReasons): string {
  const words: Words = caseReasons[kind];
  return code in words ? sayFrom(words)(code) : code;
}
