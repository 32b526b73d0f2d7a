/* What happened to a case, newest first, in words. */
import { reasonWords } from '../../shared/reasons';
import { momentOf } from '../../shared/format';
import { sayFrom, type Words } from '../../shared/words';
import { agencyName, type Catalogue } from '../lib/catalogue';
import { PrivatePhotos } from '../../shared/parts/photos';
import { say } from '../lib/words';

const verbs = {
  file: ['Bạn đã gửi', 'You sent it'],
  filed: ['Bạn đã gửi', 'You sent it'],
  fileDossier: ['Bạn đã nộp', 'You filed it'],
  dispatch: ['Chuyển đến {0}', 'Sent to {0}'],
  recall: ['Thu hồi để chuyển lại', 'Taken back to be sent elsewhere'],
  receive: ['{0} tiếp nhận', '{0} received it'],
  assign: ['{0} giao người xử lý', '{0} assigned somebody'],
  take: ['{0} nhận xử lý', '{0} took it on'],
  forward: ['{0} chuyển tiếp trong cơ quan', 'Passed on within {0}'],
  unassign: ['{0} phân công lại', '{0} assigns anew'],
  transfer: ['Chuyển sang {0}', 'Transferred to {0}'],
  ask: ['{0} hỏi bạn', '{0} asks you'],
  supply: ['Bạn đã bổ sung', 'You answered'],
  resume: ['{0} tiếp tục xử lý', '{0} goes on'],
  extend: ['{0} gia hạn', '{0} extended the time'],
  answer: ['{0} trả lời', '{0} answered'],
  approve: ['{0} duyệt trả lời', '{0} approved the answer'],
  send_back: ['{0} yêu cầu làm lại', '{0} sent it back'],
  add: ['Bạn đã thêm ảnh', 'You added photos'],
  forgo: ['Không gửi thêm ảnh', 'No more photos come'],
  miss: ['Ảnh chưa gửi được', 'The photos did not come'],
  publish: ['Công khai', 'Published'],
  unpublish: ['Thôi công khai', 'No longer published'],
  rate: ['Bạn đánh giá', 'You rated it'],
  reopen: ['Bạn mở lại', 'You reopened it'],
  reject: ['{0} từ chối', '{0} rejected it'],
  duplicate: ['Trùng với phản ánh khác', 'Repeats another report'],
  withdraw: ['Bạn rút lại', 'You withdrew it'],
  askBack: ['Bạn xin rút hồ sơ', 'You asked to withdraw it'],
  reveal: ['{0} xem tên và số điện thoại của bạn', '{0} looked at your name and number'],
  cover: ['{0} che chỗ nhạy cảm trong ảnh', '{0} covered parts of a photo'],
  original: ['{0} xem ảnh, video gốc của bạn', '{0} looked at your original photo or video'],
  close: ['Khép lại', 'Closed'],
  refuse: ['{0} không tiếp nhận hồ sơ', '{0} did not take the dossier'],
  supplement: ['{0} cần thêm giấy tờ', '{0} asks for papers'],
  go_on: ['{0} tiếp tục xử lý', '{0} goes on without'],
  ask_fee: ['{0} báo phí phải nộp', '{0} asks for the fee'],
  pay: ['Đã nộp phí', 'The fee is paid'],
  lapse: ['Quá hạn, hồ sơ dừng', 'The time ran out'],
  release: ['{0} đồng ý cho rút', '{0} let it go'],
  keep: ['Tiếp tục xử lý', 'It goes on'],
  stop: ['{0} dừng xử lý', '{0} stopped it'],
  pause: ['Tạm dừng do sự cố', 'Paused: a fault'],
  apologise: ['{0} xin lỗi và hẹn lại', '{0} apologises, with a new date'],
  propose: ['{0} trình lãnh đạo', 'Put to the leader'],
  finish: ['{0} ký và hoàn thành', '{0} signed; it is done'],
  deny: ['{0} từ chối giải quyết', '{0} denied it'],
  collect: ['Bạn nhận kết quả', 'You took the result'],
  hand_over: ['{0} trao kết quả', '{0} handed out the result'],
  post: ['{0} gửi kết quả qua bưu chính', '{0} posted the result'],
  remind: ['Nhắc nhận kết quả', 'A reminder to fetch the result'],
  replace: ['{0} thay kết quả', '{0} replaced the result'],
  revoke: ['{0} thu hồi kết quả', '{0} revoked the result'],
  urge: ['Được đôn đốc xử lý', 'Those who watch over it urged it on'],
  direct: ['Có chỉ đạo xử lý', 'Those who watch over it gave a direction'],
  explain: ['Cơ quan bị yêu cầu giải trình', 'The agency was asked to explain itself'],
  respond: ['{0} đã giải trình', '{0} answered to those who watch over it'],
} as const satisfies Words;
const word = sayFrom(verbs);

/* Of an emergency's bell people need not read. */
const SILENT = new Set(['ring', 'acknowledge']);

/* Their pictures stand on the page already. */
const PICTURELESS = new Set(['file', 'add', 'publish', 'cover', 'original']);

export interface Entry {
  verb?: string;
  at?: string;
  note?: string;
  reason?: string;
  agency?: string;
  office?: string;
  media?: Array<{ id?: string }>;
  to?: string;
  seq: number;
}

/* One verb may be two things: filing here and there, withdrawing and asking to. */
const wordOf = (one: Entry, dossier: boolean): string => (dossier && one.verb === 'file' ? 'fileDossier' : one.verb === 'withdraw' && one.to === 'withdrawing' ? 'askBack' : one.verb!);

export function Timeline({ history, catalogue, dossier = false }: { dossier?: boolean; history: Entry[]; catalogue: Catalogue | undefined }) {
  const shown = history.filter((one) => one.verb && !SILENT.has(one.verb)).reverse();
  return (
    <ol class="timeline">
      {shown.map((one) => {
        const office = agencyName(catalogue, one.agency ?? one.office);
        const photos = (one.verb && PICTURELESS.has(one.verb) ? [] : (one.media ?? [])).map((photo) => photo.id!);
        const said = wordOf(one, dossier);
        return (
          <li key={one.seq}>
            <strong>{said in verbs ? word(said as keyof typeof verbs, office) : said}</strong>
            {one.at && <time dateTime={one.at} class="small soft">{momentOf(one.at)}</time>}
            {one.reason && <p>{reasonWords(one.reason, dossier ? 'dossier' : 'report')}</p>}
            {one.note && <p class="lines">{one.note}</p>}
            {photos.length > 0 && <PrivatePhotos ids={photos} label={say('after')} />}
          </li>
        );
      })}
    </ol>
  );
}
