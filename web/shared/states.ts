/*
 * How far a case is, and how it ended: the words of the tables in domain/, for dossiers those of the national portal.
 * Notices and the app say them, and so does the desk, but for reportDuties.
 */
import type { Words } from './words';

export const reportStates = {
  new: ['Mới gửi', 'New'],
  dispatched: ['Đã phân phối', 'Dispatched'],
  received: ['Đã tiếp nhận', 'Received'],
  in_progress: ['Đang xử lý', 'In progress'],
  waiting: ['Chờ bổ sung', 'Waiting for the reporter'],
  approval: ['Chờ duyệt', 'Waiting for approval'],
  answered: ['Đã xử lý', 'Answered'],
  closed: ['Đã đóng', 'Closed'],
} as const satisfies Words;
export type ReportState = keyof typeof reportStates;
export const reportStateCodes = Object.keys(reportStates) as ReportState[];

/*
 * Where the desk says it otherwise, on purpose: a citizen is told what was done for them ("sent", "dispatched"), who
 * works on it what is to be done next.
 */
export const reportDuties = {
  new: ['Chờ phân phối', 'To be dispatched'],
  dispatched: ['Chờ tiếp nhận', 'To be received'],
} as const satisfies Partial<Record<ReportState, readonly [string, string]>>;

export const reportOutcomes = {
  resolved: ['Đã giải quyết', 'Resolved'],
  rejected: ['Từ chối', 'Rejected'],
  duplicate: ['Trùng lặp', 'Duplicate'],
  withdrawn: ['Đã rút', 'Withdrawn'],
} as const satisfies Words;

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
export const dossierStateCodes = Object.keys(dossierStates) as DossierState[];

export const dossierOutcomes = {
  granted: ['Được giải quyết', 'Granted'],
  denied: ['Không đủ điều kiện giải quyết', 'Denied'],
  not_accepted: ['Từ chối tiếp nhận', 'Not accepted'],
  withdrawn: ['Đã rút', 'Withdrawn'],
  not_supplied: ['Không bổ sung giấy tờ', 'Papers did not come'],
  not_paid: ['Không thực hiện nghĩa vụ tài chính', 'Not paid'],
  halted: ['Dừng giải quyết', 'Stopped by the agency'],
} as const satisfies Words;

/* These say no more than the state does: refused, and stopped by who decides. */
const SAID_BY_STATE = ['not_accepted', 'halted'];
export const saysMore = (outcome: string | undefined): outcome is string => outcome !== undefined && !SAID_BY_STATE.includes(outcome);

export const complaintStates = {
  filed: ['Mới gửi', 'Filed'],
  taken: ['Đang xem xét', 'Looked into'],
  closed: ['Đã kết thúc', 'Closed'],
} as const satisfies Words;

export const complaintOutcomes = {
  answered: ['Đã trả lời', 'Answered'],
  refused: ['Không thụ lý', 'Refused'],
  withdrawn: ['Đã rút', 'Withdrawn'],
} as const satisfies Words;
