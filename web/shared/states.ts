/*
 * How far a dossier or a complaint is: one vocabulary for who files and who handles, that of the tables in domain/,
 * which for dossiers is the national portal's.
 */
import type { Words } from './words';

export const dossierStates = {
  submitted: ['Mới đăng ký', 'Submitted'],
  received: ['Được tiếp nhận', 'Received'],
  refused: ['Không được tiếp nhận', 'Not received'],
  in_progress: ['Đang xử lý', 'In progress'],
  supplement: ['Yêu cầu bổ sung giấy tờ', 'Papers are asked for'],
  fee: ['Yêu cầu thực hiện nghĩa vụ tài chính', 'To be paid'],
  withdrawing: ['Công dân yêu cầu rút', 'Withdrawal asked for'],
  stopped: ['Dừng xử lý', 'Stopped'],
  finished: ['Đã xử lý xong', 'Finished'],
  returned: ['Đã trả kết quả', 'Result handed out'],
  paused: ['Tạm dừng do sự cố hệ thống', 'Paused: a fault of the system'],
} as const satisfies Words;
export type DossierState = keyof typeof dossierStates;

export const complaintStates = {
  filed: ['Mới gửi', 'Filed'],
  taken: ['Đang xem xét', 'Looked into'],
  closed: ['Đã kết thúc', 'Closed'],
} as const satisfies Words;

/* How a complaint ended. */
export const complaintOutcomes = {
  answered: ['Đã trả lời', 'Answered'],
  refused: ['Không thụ lý', 'Refused'],
  withdrawn: ['Đã rút', 'Withdrawn'],
} as const satisfies Words;
