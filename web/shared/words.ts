/*
 * Words in Vietnamese and English. Each part of the pages adds its own table, [vi, en]; {0}, {1} stand for
 * what is given. The choice is kept in a cookie-free place that survives: localStorage holds nothing of a person.
 */
export type Language = 'vi' | 'en';
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info';
export type Words = Record<string, readonly [vi: string, en: string]>;

const KEPT = 'tram.language';

/* What both pages say. */
export const common = {
  again: ['Thử lại', 'Try again'],
  close: ['Đóng', 'Close'],
  back: ['Quay lại', 'Back'],
  optional: ['không bắt buộc', 'optional'],
  loading: ['Đang tải…', 'Loading…'],
  notFound: ['Không tìm thấy', 'Not found'],
  notFoundWords: ['Trang này không có, hoặc không còn nữa.', 'This page is not there, or no longer.'],
  pageFailed: ['Chưa mở được trang này', 'This page could not be opened'],
  toHome: ['Về trang chủ', 'To the first page'],
  noMap: ['Chưa tải được bản đồ. Bạn vẫn chọn được xã, phường.', 'The map could not be loaded. You can still choose the commune.'],
  previous: ['Ảnh trước', 'Previous photo'],
  coveredByOffice: ['Cơ quan đã che một phần ảnh cho mọi người khác. Ảnh của bạn vẫn còn như bạn đã gửi.', 'The office covered parts of a photo for everybody else. Yours is kept as you sent it.'],
  asSent: ['Xem ảnh như tôi đã gửi', 'See it as I sent it'],
  zoom: ['Phóng to ảnh', 'Enlarge the photo'],
  following: ['Ảnh sau', 'Next photo'],
  photo: ['Ảnh {0}', 'Photo {0}'],
  video: ['Video', 'Video'],
  videoOf: ['Video {0}: {1}', 'Video {0}: {1}'],
  checking: ['Video: {0}', 'Video: {0}'],
  more: ['Xem thêm', 'Show more'],
  cancel: ['Huỷ', 'Cancel'],
  save: ['Lưu', 'Save'],
  send: ['Gửi', 'Send'],
  remove: ['Xoá', 'Remove'],
  edit: ['Sửa', 'Edit'],
  needed: ['Hãy điền ô này.', 'Please fill this in.'],
  choose: ['Chọn…', 'Choose…'],
  search: ['Tìm', 'Search'],
  otherLanguage: ['English', 'Tiếng Việt'],
  skip: ['Đến nội dung chính', 'Skip to content'],
  yes: ['Có', 'Yes'],
  no: ['Không', 'No'],
  done: ['Xong', 'Done'],
  noNetwork: ['Không có mạng. Xin thử lại khi có sóng.', 'No network. Try again when there is a signal.'],
  somethingWrong: ['Có lỗi xảy ra. Xin thử lại.', 'Something went wrong. Please try again.'],
} as const satisfies Words;

let chosen: Language = 'vi';
try {
  if (localStorage.getItem(KEPT) === 'en') chosen = 'en';
} catch {
  chosen = 'vi'; // a service worker, or a browser that keeps nothing
}

export const language = (): Language => chosen;

export function chooseLanguage(next: Language): void {
  chosen = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(KEPT, next);
  } catch {
    return; // it holds until the page is closed
  }
}

export function phrase(row: readonly [string, string], given: ReadonlyArray<string | number> = []): string {
  return row[chosen === 'en' ? 1 : 0].replace(/\{(\d)\}/g, (_, n: string) => String(given[Number(n)] ?? ''));
}

/* say('key', …) of a table. */
export const sayFrom =
  <W extends Words>(table: W) =>
  (key: keyof W, ...given: Array<string | number>): string =>
    phrase(table[key]!, given);

export const say = sayFrom(common);

/* What comes in two languages from the API: name and name_en. */
export function named(one: { name?: string; name_en?: string } | undefined, otherwise = ''): string {
  return (chosen === 'en' && one?.name_en) || one?.name || otherwise;
}
