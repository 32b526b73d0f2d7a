/* The words that several pages of the desk say. What one page alone says stands there. */
import { complaintOutcomes, complaintStates, dossierOutcomes, dossierStates, reportDuties, reportOutcomes, reportStates } from '../shared/states';
import { common, sayFrom, type Tone, type Words } from '../shared/words';

const table = {
  desk: ['Bàn làm việc', 'Desk'],
  signIn: ['Đăng nhập', 'Sign in'],
  signOut: ['Đăng xuất', 'Sign out'],
  signedOut: ['Bạn đã đăng xuất.', 'You have signed out.'],
  ended: ['Phiên đăng nhập đã hết. Hãy đăng nhập lại.', 'Your session has ended. Please sign in again.'],
  notStaff: ['Trang này dành cho cán bộ.', 'This page is for officials.'],
  covered: ['Màn hình được che vì lâu không ai dùng. Nhấn phím hoặc di chuột để tiếp tục.', 'Covered, since nobody used it for a while. Press a key or move the mouse to go on.'],
  or: ['hoặc', 'or'],
  password: ['Mật khẩu', 'Password'],
  code: ['Mã xác thực', 'One-time code'],
  show: ['Hiện', 'Show'],
  hide: ['Ẩn', 'Hide'],
  cancelled: ['Chưa làm gì: bạn đã huỷ, hoặc thiết bị chờ quá lâu. Hãy thử lại khi sẵn sàng.', 'Nothing was done: you cancelled, or the device waited too long. Try again when you are ready.'],
  already: ['Thiết bị này đã có một khoá của tài khoản.', 'This device already has a passkey of the account.'],
  insecure: ['Khoá chỉ dùng được ở địa chỉ an toàn đã đăng ký của trang này.', 'Passkeys work only at the registered, secure address of this page.'],
  unable: ['Trình duyệt này không dùng được khoá đăng nhập.', 'This browser cannot use passkeys.'],
  leaveIt: ['Thôi', 'Cancel'],
  go: ['Tiếp tục', 'Continue'],
  reports: ['Phản ánh', 'Reports'],
  dossiers: ['Hồ sơ', 'Dossiers'],
  complaints: ['Phản ánh hồ sơ', 'Complaints'],
  figures: ['Số liệu', 'Figures'],
  looks: ['Lượt xem', 'Looks'],
  counter: ['Tại quầy', 'Counter'],
  confirmations: ['Xác nhận', 'Confirm'],
  staff: ['Đơn vị', 'Unit'],
  admin: ['Thiết lập', 'Set-up'],
  importFile: ['Nạp từ tệp', 'Import a file'],
  notices: ['Thông báo', 'Notices'],
  me: ['Của tôi', 'My account'],
  keysHelp: ['Phím tắt', 'Shortcuts'],
  find: ['Tìm mã số', 'Find a number'],
  all: ['Tất cả', 'All'],
  ofAgency: ['Của đơn vị', 'Of my agency'],
  ofMine: ['Giao cho tôi', 'Assigned to me'],
  anyCategory: ['Mọi lĩnh vực', 'Any category'],
  anyCommune: ['Mọi xã, phường', 'Any commune'],
  anyState: ['Mọi tình trạng', 'Any state'],
  anyAgency: ['Mọi cơ quan', 'Any agency'],
  category: ['Lĩnh vực', 'Category'],
  commune: ['Xã, phường', 'Commune'],
  state: ['Tình trạng', 'State'],
  agency: ['Cơ quan', 'Agency'],
  officer: ['Người xử lý', 'Officer'],
  somebody: ['Đã giao', 'Assigned'],
  nobody: ['Chưa giao ai', 'Nobody yet'],
  emergency: ['Khẩn cấp', 'Emergency'],
  dueAt: ['Hạn {0}', 'Due {0}'],
  filedAt: ['Gửi lúc', 'Filed'],
  place: ['Nơi xảy ra', 'Place'],
  photos: ['Ảnh', 'Photos'],
  history: ['Quá trình xử lý', 'History'],
  next: ['Việc có thể làm', 'What you may do'],
  nothingNext: ['Bạn không có việc phải làm ở bước này.', 'There is nothing for you to do at this point.'],
  note: ['Nội dung', 'Words'],
  reason: ['Lý do', 'Reason'],
  selected: ['Đã chọn {0}', '{0} selected'],
  unselect: ['Bỏ chọn', 'Clear'],
  waitsForCitizen: ['Chờ người dân', 'Waits for the citizen'],
  demands: ['Đôn đốc', 'Demands'],
  noDemands: ['Không có yêu cầu nào chờ trả lời.', 'No demands wait for an answer.'],
  noDeadline: ['Không có hạn', 'No deadline'],
  unsent: ['Chưa gửi', 'Not sent yet'],
  documents: ['Giấy tờ', 'Papers'],
} as const satisfies Words;

const words = { ...common, ...table };
export const say = sayFrom(words);

const roles = {
  dispatcher: ['Điều phối', 'Dispatcher'],
  officer: ['Chuyên viên', 'Officer'],
  leader: ['Lãnh đạo', 'Leader'],
  inspector: ['Giám sát', 'Inspector'],
  admin: ['Quản trị', 'Administrator'],
} as const satisfies Words;
export const roleWord = (role: string | undefined): string => (role && role in roles ? sayFrom(roles)(role as keyof typeof roles) : (role ?? ''));

const tones: Record<string, Tone> = { new: 'warn', dispatched: 'warn', approval: 'warn', answered: 'good', finished: 'good', returned: 'good', closed: 'plain', refused: 'bad', stopped: 'plain', withdrawing: 'warn', paused: 'bad', submitted: 'warn', filed: 'warn', waiting: 'plain', supplement: 'plain', fee: 'plain' };
export const toneOfState = (state: string | undefined): Tone => tones[state ?? ''] ?? 'info';
export type Kind = 'report' | 'dossier' | 'complaint';
const states: Record<Kind, Words> = { report: { ...reportStates, ...reportDuties }, dossier: dossierStates, complaint: complaintStates };
export function stateWord(state: string | undefined, kind: Kind): string {
  const own = states[kind];
  return state && state in own ? sayFrom(own)(state) : (state ?? '');
}

const outcomes = { ...reportOutcomes, ...dossierOutcomes, ...complaintOutcomes } as const satisfies Words;
export const outcomeWord = (outcome: string | undefined): string => (outcome && outcome in outcomes ? sayFrom(outcomes)(outcome as keyof typeof outcomes) : (outcome ?? ''));
