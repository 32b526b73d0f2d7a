/* The words that several pages of the app say. What one page alone says stands there. */
import { common, sayFrom, type Tone, type Words } from '../../shared/words';

const table = {
  home: ['Trang chủ', 'Home'],
  around: ['Quanh tôi', 'Around me'],
  report: ['Phản ánh', 'Report'],
  services: ['Thủ tục', 'Services'],
  mine: ['Của tôi', 'Mine'],
  account: ['Tài khoản', 'Account'],
  notices: ['Thông báo', 'Notices'],
  next: ['Tiếp tục', 'Continue'],
  signIn: ['Đăng nhập', 'Sign in'],
  signInWhy: ['Đăng nhập bằng số điện thoại để xem việc của bạn.', 'Sign in by phone to see what is yours.'],
  offline: ['Không có mạng. Bạn vẫn viết phản ánh được; khi có mạng, ứng dụng sẽ gửi.', 'No network. You can still write a report; it is sent when there is one.'],
  offlineKept: ['Không có mạng. Bạn vẫn viết phản ánh được, ứng dụng giữ trên máy.', 'No network. You can still write a report; it is kept on this phone.'],
  offlineOld: ['Không có mạng. Đây là lần xem trước.', 'No network. This is what was seen last.'],
  fresh: ['Có bản mới của ứng dụng.', 'There is a new version of the app.'],
  reload: ['Tải lại', 'Reload'],
  actingFor: ['Bạn đang làm thay cho {0}.', 'You act for {0}.'],
  stopActing: ['Thôi', 'Stop'],
  dossier: ['Hồ sơ', 'Dossier'],
  number: ['Mã số', 'Number'],
  before: ['Ảnh hiện trường', 'As it was found'],
  after: ['Sau khi xử lý', 'After the work'],
  answer: ['Trả lời', 'Answer'],
  late: ['Trễ hạn', 'Late'],
  commune: ['Xã, phường', 'Commune'],
  category: ['Lĩnh vực', 'Category'],
  state: ['Tình trạng', 'State'],
  anyState: ['Mọi tình trạng', 'Any state'],
  anyCategory: ['Mọi lĩnh vực', 'Any category'],
  anyCommune: ['Toàn tỉnh', 'Whole province'],
  map: ['Bản đồ', 'Map'],
  list: ['Danh sách', 'List'],
  newReport: ['Phản ánh mới', 'New report'],
  noNews: ['Chưa tải được danh sách.', 'The list could not be loaded.'],
} as const satisfies Words;

export const say = sayFrom({ ...common, ...table });

const states = {
  new: ['Mới gửi', 'New'],
  dispatched: ['Đã phân phối', 'With the agency'],
  received: ['Đã tiếp nhận', 'Received'],
  in_progress: ['Đang xử lý', 'In progress'],
  waiting: ['Chờ bổ sung', 'Waits for the reporter'],
  approval: ['Chờ duyệt', 'Answer being approved'],
  answered: ['Đã xử lý', 'Answered'],
  closed: ['Đóng', 'Closed'],
  held: ['Chờ xác nhận số điện thoại', 'Waits for your number'],
} as const satisfies Words;
export type ReportState = keyof typeof states;
export const reportStates = Object.keys(states).filter((one) => one !== 'held') as ReportState[];
export const stateWord = (state: string | undefined): string => (state && state in states ? sayFrom(states)(state as ReportState) : (state ?? ''));

const tones: Record<ReportState, Tone> = { new: 'info', dispatched: 'info', received: 'info', in_progress: 'info', waiting: 'warn', approval: 'info', answered: 'good', closed: 'plain', held: 'warn' };
export const stateTone = (state: string | undefined): Tone => tones[state as ReportState] ?? 'plain';

const outcomes = {
  resolved: ['Đã giải quyết', 'Resolved'],
  rejected: ['Từ chối', 'Rejected'],
  duplicate: ['Trùng lặp', 'Duplicate'],
  withdrawn: ['Đã rút', 'Withdrawn'],
} as const satisfies Words;
export const outcomeWord = (outcome: string | undefined): string => (outcome && outcome in outcomes ? sayFrom(outcomes)(outcome as keyof typeof outcomes) : '');
