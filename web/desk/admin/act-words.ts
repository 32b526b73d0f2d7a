/*
 * Acts of the log in words. What a program noted of one is in codes and plain English, so that it reads the same for
 * years; here it is said in the reader's language. What is not known here is shown as it was noted.
 */
import type { StaffAct } from '../../api';
import { agencyName, categoryName, communeName, type Catalogue } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { sayFrom, type Words } from '../../shared/words';
import { daysWords } from '../lib/week';
import { roleWord } from '../words';

/* domain/staff, handlers/admin: the verbs of acts. */
const verbs = {
  make: ['Tạo tài khoản', 'An account was made'],
  edit: ['Sửa tài khoản', 'An account was changed'],
  end: ['Kết thúc tài khoản', 'An account was ended'],
  enable: ['Mở lại tài khoản', 'An account was enabled'],
  password: ['Đặt mật khẩu', 'A password was set'],
  code: ['Cấp mã mở tài khoản', 'A new code was given'],
  activate: ['Mở tài khoản lần đầu', 'An account was opened'],
  recovery: ['Lấy mã khôi phục mới', 'New recovery codes were made'],
  recovery_used: ['Dùng mã khôi phục', 'A recovery code was used'],
  reset_ask: ['Xin mở lại tài khoản', 'A reset was asked for'],
  reset_confirm: ['Xác nhận mở lại tài khoản', 'A reset was confirmed'],
  reset_drop: ['Bỏ yêu cầu mở lại', 'A reset was dropped'],
  deputy: ['Uỷ quyền', 'A deputy was named'],
  deputy_end: ['Thôi uỷ quyền', 'A deputy was ended'],
  roster: ['Sửa lịch trực', 'The duty roster was changed'],
  handover: ['Bàn giao việc', 'Cases were handed over'],
  agency_edit: ['Sửa cơ quan', 'An agency was changed'],
  agency_import: ['Nạp cơ quan', 'Agencies were imported'],
  category_edit: ['Sửa lĩnh vực', 'A category was changed'],
  category_import: ['Nạp lĩnh vực', 'Categories were imported'],
  route_edit: ['Sửa tuyến', 'A route was changed'],
  route_remove: ['Bỏ tuyến', 'A route was taken away'],
  route_import: ['Nạp tuyến', 'Routes were imported'],
  procedure_import: ['Nạp thủ tục', 'Procedures were imported'],
  calendar_set: ['Đặt lịch làm việc', 'The calendar was set'],
  area_set: ['Đặt địa giới', 'Borders were set'],
  webhook_key: ['Tạo khoá ký webhook', 'A webhook secret was made'],
  dead_replay: ['Gửi lại thư', 'A letter was tried again'],
  dead_drop: ['Bỏ thư', 'A letter was dropped'],
} as const satisfies Words;

const fields = {
  name: ['tên', 'name'],
  name_en: ['tên tiếng Anh', 'name in English'],
  kind: ['loại', 'kind'],
  commune: ['xã, phường', 'commune'],
  hotline: ['điện thoại', 'telephone'],
  phone: ['điện thoại', 'phone'],
  title: ['chức danh', 'title'],
  address: ['địa chỉ', 'address'],
  hours: ['giờ làm việc', 'hours'],
  hours_en: ['giờ làm việc bằng tiếng Anh', 'hours in English'],
  webhook_url: ['địa chỉ nhận webhook', 'webhook address'],
  webhook_key: ['khoá ký webhook', 'webhook secret'],
  active: ['đang hoạt động', 'active'],
  code: ['mã', 'code'],
  hint: ['gợi ý', 'hint'],
  hint_en: ['gợi ý bằng tiếng Anh', 'hint in English'],
  redirect: ['nơi cần đến', 'where to go'],
  redirect_en: ['nơi cần đến bằng tiếng Anh', 'where to go in English'],
  icon: ['biểu tượng', 'icon'],
  rank: ['thứ tự', 'place in the list'],
  approval: ['lãnh đạo duyệt', 'approval'],
  proof: ['ảnh kết quả', 'photo of the result'],
  questions: ['câu hỏi', 'questions'],
  communes: ['danh sách xã, phường', 'communes'],
  borders: ['ranh giới', 'borders'],
} as const satisfies Words;

const activations = {
  all: ['mật khẩu và mã xác thực', 'password and authenticator'],
  totp: ['mã xác thực', 'authenticator'],
} as const satisfies Words;

const own = sayFrom({
  role: ['vai trò: {0} thành {1}', 'role: {0} to {1}'],
  asRole: ['vai trò: {0}', 'role: {0}'],
  noPhone: ['bỏ điện thoại', 'no phone'],
  until: ['từ {0} đến {1}', 'from {0} until {1}'],
  handed: ['{0} việc cho {1}: {2}', '{0} cases to {1}: {2}'],
  unit: ['đơn vị', 'the unit'],
  rule: ['{0}, {1}: từ {2} sang {3}', '{0}, {1}: from {2} to {3}'],
  ruleNew: ['{0}, {1}: {2}', '{0}, {1}: {2}'],
  ruleGone: ['{0}, {1}: không còn {2}', '{0}, {1}: no longer {2}'],
  anyCategory: ['mọi lĩnh vực', 'any category'],
  anyCommune: ['mọi xã, phường', 'any commune'],
  imported: ['thêm {0}, đổi {1}', '{0} added, {1} changed'],
  procedures: ['mới {0}, đổi {1}, kết thúc {2}', '{0} new, {1} changed, {2} ended'],
  nothing: ['không đổi gì', 'nothing'],
});

type Say = (found: RegExpExecArray, c: Catalogue | undefined) => string;

const list = (names: string): string =>
  names
    .split(/,?\s+/)
    .filter(Boolean)
    .map((name) => (name in fields ? sayFrom(fields)(name as keyof typeof fields) : name))
    .join(', ') || own('nothing');
const category = (c: Catalogue | undefined, code: string | undefined) => (code === '*' ? own('anyCategory') : categoryName(c, code));
const commune = (c: Catalogue | undefined, code: string | undefined) => (code === '*' ? own('anyCommune') : communeName(c, code) || (code ?? ''));
const ofRow =
  (name: (c: Catalogue | undefined, code: string | undefined) => string): Say =>
  ([, code, names], c) => `${name(c, code)}: ${list(names ?? '')}`;
const counted: [RegExp, Say] = [/^added (\d+), changed (\d+)$/, ([, added, changed]) => own('imported', added!, changed!)];

/* domain/calendar: calendar_changed. */
const calendarWords = sayFrom({
  weekdays: ['ngày làm việc: {0}', 'working days: {0}'],
  hours: ['giờ làm việc: {0}', 'hours: {0}'],
  years: ['các năm {0}', 'years {0}'],
  off: ['nghỉ {0}', 'off {0}'],
  worked: ['làm bù {0}', 'worked instead {0}'],
  usual: ['như thường lệ {0}', 'as usual {0}'],
  named: ['tên hoặc lý do của {0} ngày', 'names of {0} days'],
  more: ['và {0} ngày nữa', 'and {0} more'],
});
const dateWord = (date: string) => date.split('-').reverse().join('/');
function calendarPart(part: string): string {
  const [name, ...given] = part.split(' ');
  switch (name) {
    case 'weekdays':
      return calendarWords(name, daysWords(given.join('')));
    case 'hours':
      return calendarWords(name, given.map((one) => one.replace('-', '–')).join(', '));
    case 'years':
      return calendarWords(name, given.join('–'));
    case 'named':
      return calendarWords(name, given[0]!);
    case 'off':
    case 'worked':
    case 'usual':
      return calendarWords(name, given.map((one) => (one.startsWith('+') ? calendarWords('more', one.slice(1)) : dateWord(one))).join(', '));
    default:
      return name === 'nothing' ? own('nothing') : part;
  }
}

/* How what is noted of a verb reads, as domain/ and handlers/admin write it. */
const forms: Record<string, Array<[RegExp, Say]>> = {
  make: [[/^(\w+)$/, ([, role]) => own('asRole', roleWord(role))]],
  edit: [
    [
      /^((?:name |title )*)(phone(: none)? )?(?:role: (\w+) to (\w+))?$/,
      ([, names, phone, none, from, to]) =>
        [names && list(names), phone && (none ? own('noPhone') : list('phone')), from && own('role', roleWord(from), roleWord(to))].filter(Boolean).join(', ') || own('nothing'),
    ],
  ],
  deputy: [[/^(\S+) to (\S+)$/, ([, from, until]) => own('until', momentOf(from!), momentOf(until!))]],
  handover: [[/^(\d+) to (the unit|\S+): ([^]*)$/, ([, n, to, why]) => own('handed', n!, to === 'the unit' ? own('unit') : to!, why!)]],
  agency_edit: [[/^(\S+): (.*)$/, ofRow(agencyName)]],
  category_edit: [[/^(\S+): (.*)$/, ofRow(category)]],
  agency_import: [counted],
  category_import: [counted],
  route_import: [counted],
  route_edit: [
    [/^(\S+) in (\S+): nobody to (\S+)$/, ([, of, at, to], c) => own('ruleNew', category(c, of), commune(c, at), agencyName(c, to))],
    [/^(\S+) in (\S+): (\S+) to (\S+)$/, ([, of, at, from, to], c) => own('rule', category(c, of), commune(c, at), agencyName(c, from), agencyName(c, to))],
  ],
  route_remove: [[/^(\S+) in (\S+): no longer (\S+)$/, ([, of, at, from], c) => own('ruleGone', category(c, of), commune(c, at), agencyName(c, from))]],
  procedure_import: [[/^new (\d+), changed (\d+), ended (\d+)$/, ([, added, changed, ended]) => own('procedures', added!, changed!, ended!)]],
  calendar_set: [[/^([^]+)$/, ([, parts]) => parts!.split('; ').map(calendarPart).join(' · ')]],
  area_set: [[/^([\w, ]+)$/, ([, names]) => list(names!)]],
  dead_replay: [[/^(\S+) [0-9a-f-]{36}$/, ([, number]) => number!]],
  dead_drop: [[/^(\S+) [0-9a-f-]{36}: ([^]*)$/, ([, number, why]) => `${number}: ${why}`]],
};
for (const verb of ['activate', 'reset_confirm']) forms[verb] = [[/^(all|totp)$/, ([, what]) => sayFrom(activations)(what as keyof typeof activations)]];

export function detailWords({ verb = '', detail }: StaffAct, catalogue: Catalogue | undefined): string {
  for (const [form, words] of forms[verb] ?? []) {
    const found = form.exec(detail ?? '');
    if (found && detail) return words(found, catalogue);
  }
  return detail ?? '';
}

export const verbWord = (verb: string | undefined): string => (verb && verb in verbs ? sayFrom(verbs)(verb as keyof typeof verbs) : (verb ?? ''));
