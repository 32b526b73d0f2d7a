/* The words that several pages of the app say. What one page alone says stands there. */
import { reportOutcomes, reportStates } from '../../shared/states';
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

const states = { ...reportStates, held: ['Chờ xác nhận số điện thoại', 'Waits for your number'] } as const satisfies Words;
type ShownState = keyof typeof states;
export const stateWord = (state: string | undefined): string => (state && state in states ? sayFrom(states)(state as ShownState) : (state ?? ''));

const tones: Record<ShownState, Tone> = { new: 'info', dispatched: 'info', received: 'info', in_progress: 'info', waiting: 'warn', approval: 'info', answered: 'good', closed: 'plain', held: 'warn' };
export const stateTone = (state: string | undefined): Tone => tones[state as ShownState] ?? 'plain';

export const outcomeWord = (outcome: string | undefined): string => (outcome && outcome in reportOutcomes ? sayFrom(reportOutcomes)(outcome as keyof typeof reportOutcomes) : '');
