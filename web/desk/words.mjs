/* What the page says, in both languages. Vietnamese first; the choice is kept in this browser. */
const WORDS = {
  vi: {
    other: 'English', documentTitle: 'Trạm · Bàn làm việc', skip: 'Đến nội dung chính', desk: 'Bàn làm việc', loading: 'Đang mở…',
    signIn: 'Đăng nhập', signInLead: 'Dành cho cán bộ, công chức xử lý phản ánh và hồ sơ.', signOut: 'Đăng xuất', signedOut: 'Bạn đã đăng xuất.',
    withPasskey: 'Đăng nhập bằng khoá', passkeyHint: 'Vân tay, khuôn mặt hoặc mã PIN của thiết bị này.', or: 'hoặc',
    user: 'Tên đăng nhập', password: 'Mật khẩu', show: 'Hiện', hide: 'Ẩn', code: 'Mã xác thực',
    codeHint: '6 số trong ứng dụng xác thực, hoặc một mã khôi phục.', needed: 'Hãy điền ô này.',
    signedInAs: 'Đang đăng nhập', title: 'Chức danh', role: 'Vai trò', agency: 'Cơ quan',
    roles: { dispatcher: 'Điều phối', officer: 'Chuyên viên', leader: 'Lãnh đạo', inspector: 'Giám sát', admin: 'Quản trị' },
    keys: 'Khoá đăng nhập', addKey: 'Thêm khoá', noKeys: 'Bạn chưa có khoá nào.',
    keysLead: 'Khoá nằm trong điện thoại, máy tính hoặc khoá bảo mật của bạn, mở bằng vân tay, khuôn mặt hoặc mã PIN. Đăng nhập bằng khoá nhanh hơn và không thể bị lừa lấy như mật khẩu.',
    unable: 'Trình duyệt này không dùng được khoá đăng nhập.',
    made: (when) => `Thêm lúc ${when}`, used: (when) => `dùng lần cuối lúc ${when}`, neverUsed: 'chưa dùng', synced: 'đồng bộ giữa các thiết bị',
    suspect: 'Có thể đã bị sao chép: hãy xoá khoá này và báo cho quản trị.',
    rename: 'Đổi tên', remove: 'Xoá', renameOf: (name) => `Đổi tên khoá ${name}`, removeOf: (name) => `Xoá khoá ${name}`,
    newTitle: 'Thêm khoá đăng nhập', renameTitle: 'Đổi tên khoá', keyName: 'Tên khoá', keyNameHint: 'Để bạn nhận ra, ví dụ “Điện thoại của tôi”.',
    removeTitle: 'Xoá khoá này?', removeWords: (name) => `Sau khi xoá, “${name}” không còn đăng nhập được vào tài khoản của bạn.`,
    confirmTitle: 'Xác nhận lại bạn là ai', confirmLead: 'Việc này chỉ làm được khi bạn vừa cho thấy mình là ai.', confirmByKey: 'Xác nhận bằng khoá', confirm: 'Xác nhận',
    cancel: 'Thôi', go: 'Tiếp tục', added: (name) => `Đã thêm khoá “${name}”.`, renamed: 'Đã đổi tên.', removed: (name) => `Đã xoá khoá “${name}”.`,
    cancelled: 'Chưa làm gì: bạn đã huỷ, hoặc thiết bị chờ quá lâu. Hãy thử lại khi sẵn sàng.',
    already: 'Thiết bị này đã có một khoá của tài khoản.', insecure: 'Khoá chỉ dùng được ở địa chỉ an toàn đã đăng ký của trang này.',
    offline: 'Chưa kết nối được máy chủ. Hãy kiểm tra mạng rồi thử lại.', ended: 'Phiên đăng nhập đã hết. Hãy đăng nhập lại.',
    lockedTitle: 'Phiên làm việc đã khoá', lockedLead: 'Máy không được dùng một lúc nên phiên đã tự khoá. Hãy cho thấy bạn là ai để làm tiếp.',
    lockedLeadOf: (name) => `${name}: máy không được dùng một lúc nên phiên đã tự khoá. Hãy cho thấy bạn là ai để làm tiếp.`,
    unlockByKey: 'Mở bằng khoá đăng nhập', unlock: 'Mở lại', otherAccount: 'Đăng nhập bằng tài khoản khác', noKeyYet: 'Tài khoản này chưa có khoá đăng nhập nào. Hãy dùng mật khẩu.', notStaff: 'Trang này dành cho cán bộ.',
  },
  en: {
    other: 'Tiếng Việt', documentTitle: 'Trạm · Desk', skip: 'Skip to main content', desk: 'Desk', loading: 'Opening…',
    signIn: 'Sign in', signInLead: 'For officials who handle reports and dossiers.', signOut: 'Sign out', signedOut: 'You have signed out.',
    withPasskey: 'Sign in with a passkey', passkeyHint: "This device's fingerprint, face or PIN.", or: 'or',
    user: 'User name', password: 'Password', show: 'Show', hide: 'Hide', code: 'One-time code',
    codeHint: 'The 6 digits of your authenticator app, or a recovery code.', needed: 'Please fill this in.',
    signedInAs: 'Signed in as', title: 'Title', role: 'Role', agency: 'Agency',
    roles: { dispatcher: 'Dispatcher', officer: 'Officer', leader: 'Leader', inspector: 'Inspector', admin: 'Administrator' },
    keys: 'Passkeys', addKey: 'Add a passkey', noKeys: 'You have no passkey yet.',
    keysLead: 'A passkey lives in your phone, computer or security key and opens with a fingerprint, a face or a PIN. It is quicker than a password, and nobody can trick you out of it.',
    unable: 'This browser cannot use passkeys.',
    made: (when) => `Added ${when}`, used: (when) => `last used ${when}`, neverUsed: 'never used', synced: 'synced between devices',
    suspect: 'There may be a copy of it: remove it, and tell your administrator.',
    rename: 'Rename', remove: 'Remove', renameOf: (name) => `Rename the passkey ${name}`, removeOf: (name) => `Remove the passkey ${name}`,
    newTitle: 'Add a passkey', renameTitle: 'Rename the passkey', keyName: 'Its name', keyNameHint: 'So that you recognise it, such as “My phone”.',
    removeTitle: 'Remove this passkey?', removeWords: (name) => `“${name}” will no longer sign in to your account.`,
    confirmTitle: 'Show once more who you are', confirmLead: 'This can be done only by who has just shown who they are.', confirmByKey: 'Confirm with a passkey', confirm: 'Confirm',
    cancel: 'Cancel', go: 'Continue', added: (name) => `The passkey “${name}” was added.`, renamed: 'Renamed.', removed: (name) => `The passkey “${name}” was removed.`,
    cancelled: 'Nothing was done: you cancelled, or the device waited too long. Try again when you are ready.',
    already: 'This device already has a passkey of the account.', insecure: 'Passkeys work only at the registered, secure address of this page.',
    offline: 'The server cannot be reached. Check your connection and try again.', ended: 'Your session has ended. Please sign in again.',
    lockedTitle: 'Your session is locked', lockedLead: 'Nobody used this page for a while, so it locked itself. Show who you are to go on.',
    lockedLeadOf: (name) => `${name}: nobody used this page for a while, so it locked itself. Show who you are to go on.`,
    unlockByKey: 'Unlock with a passkey', unlock: 'Unlock', otherAccount: 'Sign in with another account', noKeyYet: 'This account has no passkey yet. Use its password.', notStaff: 'This page is for officials.',
  },
};

const KEPT = 'tram.desk.language';

export let language = localStorage.getItem(KEPT) === 'en' ? 'en' : 'vi';

/* A word of the present language; texts that need a name are functions of it. */
export function word(name, ...args) {
  const found = WORDS[language][name];
  return typeof found === 'function' ? found(...args) : found;
}

export const roleWord = (role) => WORDS[language].roles[role] ?? role;

const CLOCK = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Ho_Chi_Minh' });

/* A time as it is in the province, wherever this browser is. */
export function dateWord(text) {
  const { day, month, year, hour, minute } = Object.fromEntries(CLOCK.formatToParts(new Date(text)).map((part) => [part.type, part.value]));
  return language === 'vi' ? `${hour}:${minute} ngày ${day}/${month}/${year}` : `${day}/${month}/${year} at ${hour}:${minute}`;
}

/* Says every element that names its word. */
export function sayAll() {
  document.documentElement.lang = language;
  document.title = word('documentTitle');
  for (const element of document.querySelectorAll('[data-words]')) element.textContent = word(element.dataset.words);
}

export function switchLanguage() {
  language = language === 'vi' ? 'en' : 'vi';
  localStorage.setItem(KEPT, language);
}
