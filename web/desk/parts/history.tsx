/* What happened to a case, newest first, as offices see it: who, for whom, in which words, with which photographs. */
import type { StaffMember, StaffReport } from '../../api';
import { agencyName, type Catalogue } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { reasonWords } from '../../shared/reasons';
import { sayFrom, type Words } from '../../shared/words';
import { nameOf } from '../lib/catalogue';
import { roleWord, type Kind } from '../words';
import { MediaWall } from './media';

const verbs = {
  file: ['Đã gửi', 'Filed'],
  dispatch: ['Phân phối đến {1}', 'Dispatched to {1}'],
  recall: ['Thu hồi', 'Taken back'],
  receive: ['Tiếp nhận', 'Received'],
  assign: ['Giao {2}', 'Assigned to {2}'],
  unassign: ['Trả về đơn vị', 'Given back to the unit'],
  take: ['Nhận xử lý', 'Taken on'],
  forward: ['Chuyển xử lý cho {2}', 'Passed on to {2}'],
  transfer: ['Chuyển sang {1}', 'Transferred to {1}'],
  ask: ['Hỏi thêm', 'Asked the reporter'],
  supply: ['Người gửi bổ sung', 'The reporter supplied'],
  resume: ['Xử lý tiếp', 'Goes on'],
  extend: ['Gia hạn', 'Extended'],
  answer: ['Trả lời', 'Answered'],
  approve: ['Duyệt', 'Approved'],
  send_back: ['Trả lại', 'Sent back'],
  add: ['Người gửi thêm ảnh', 'The reporter added photos'],
  forgo: ['Người gửi không gửi thêm ảnh', 'The reporter sends no more photos'],
  miss: ['Ảnh báo trước chưa đến', 'The announced photos did not come'],
  publish: ['Công khai', 'Published'],
  unpublish: ['Gỡ công khai', 'Withdrawn from the public'],
  rate: ['Người gửi đánh giá', 'Rated'],
  reopen: ['Người gửi mở lại', 'Reopened'],
  reject: ['Từ chối', 'Rejected'],
  duplicate: ['Trùng lặp', 'Marked as duplicate'],
  withdraw: ['Người gửi rút', 'Withdrawn'],
  reveal: ['Xem người gửi', 'Looked at the reporter'],
  cover: ['Che ảnh', 'Covered parts of a photo'],
  original: ['Xem ảnh, video gốc', 'Looked at an original photo or video'],
  ring: ['Gọi người trực', 'Rang who is on duty'],
  acknowledge: ['Nhận tin khẩn', 'Heard by who is on duty'],
  close: ['Đóng', 'Closed'],
  refuse: ['Từ chối tiếp nhận', 'Not received'],
  supplement: ['Yêu cầu bổ sung', 'Papers asked for'],
  go_on: ['Tiếp tục không chờ', 'Goes on without'],
  ask_fee: ['Yêu cầu nộp phí', 'Fee asked for'],
  pay: ['Đã nộp phí', 'Paid'],
  lapse: ['Hết hạn chờ', 'The time ran out'],
  release: ['Đồng ý cho rút', 'Let go'],
  keep: ['Không cho rút', 'Not let go'],
  stop: ['Dừng xử lý', 'Stopped'],
  pause: ['Tạm dừng do sự cố', 'Paused: a fault'],
  apologise: ['Xin lỗi, hẹn lại', 'Apologised, a new appointment'],
  propose: ['Trình lãnh đạo', 'Put to the leader'],
  finish: ['Ký, trả kết quả', 'Signed and finished'],
  deny: ['Không giải quyết', 'Denied'],
  collect: ['Đã nhận kết quả', 'Result taken'],
  hand_over: ['Trao kết quả', 'Handed out'],
  post: ['Gửi bưu chính', 'Sent by post'],
  remind: ['Nhắc nhận kết quả', 'Reminded'],
  replace: ['Thay kết quả', 'Result replaced'],
  revoke: ['Thu hồi kết quả', 'Result revoked'],
  urge: ['Đôn đốc', 'Urged'],
  direct: ['Chỉ đạo', 'Directed'],
  explain: ['Yêu cầu giải trình', 'Explanation asked for'],
  respond: ['Trả lời yêu cầu', 'Responded'],
} as const satisfies Words;
const word = sayFrom(verbs as Words);
/* Where a kind's button says it otherwise. */
const ofKind: Partial<Record<Kind, Words>> = {
  dossier: { assign: ['Phân công {2}', 'Assigned to {2}'], transfer: ['Chuyển cơ quan: {1}', 'To another agency: {1}'] },
  complaint: { take: ['Thụ lý', 'Taken on'], refuse: ['Không thụ lý', 'Refused'] },
};

const parties = {
  owner: ['Người dân', 'The citizen'],
  system: ['Hệ thống', 'The system'],
  desk: ['Bộ phận một cửa', 'The desk'],
  deputy: ['Người được uỷ quyền', 'A deputy'],
} as const satisfies Words;

export type Entry = NonNullable<StaffReport['history']>[number];

export function whoOf(one: Entry, catalogue: Catalogue | undefined, staff: StaffMember[] | undefined): string {
  const name = nameOf(staff, one.by);
  const party = one.party && one.party in parties ? sayFrom(parties)(one.party as keyof typeof parties) : roleWord(one.party);
  return [name || party, one.party === 'owner' || one.party === 'system' ? '' : agencyName(catalogue, one.office)].filter(Boolean).join(' · ');
}

export function entryWords({ verb = '', agency, officer }: Entry, kind: Kind, catalogue: Catalogue | undefined, staff: StaffMember[] | undefined): string {
  const named = ['', agencyName(catalogue, agency), nameOf(staff, officer)] as const;
  const own = ofKind[kind];
  return own && verb in own ? sayFrom(own)(verb, ...named) : verb in verbs ? word(verb, ...named) : verb;
}

export function History({ entries, kind, catalogue, staff }: { entries: Entry[]; kind: Kind; catalogue: Catalogue | undefined; staff: StaffMember[] | undefined }) {
  return (
    <ol class="timeline">
      {[...entries].reverse().map((one) => {
        const photos = one.verb === 'file' ? [] : (one.media ?? []).map((photo) => photo.id!); // those stand above
        return (
          <li key={one.seq}>
            <strong>{entryWords(one, kind, catalogue, staff)}</strong>
            <span class="small soft">
              {whoOf(one, catalogue, staff)}
              {one.at && <time dateTime={one.at}> · {momentOf(one.at)}</time>}
            </span>
            {one.reason && <span class="small">{reasonWords(one.reason, kind)}</span>}
            {one.note && <p class="lines said">{one.note}</p>}
            {photos.length > 0 && <MediaWall ids={photos} />}
          </li>
        );
      })}
    </ol>
  );
}
