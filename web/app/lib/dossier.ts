/* How far a dossier is, in a word and in one sentence. */
import type { OwnDossier } from '../../api';
import { dateOf, deadlineOf, money } from '../../shared/format';
import { dossierStates, type DossierState } from '../../shared/states';
import { sayFrom, type Tone } from '../../shared/words';

const tones: Record<DossierState, Tone> = { submitted: 'info', received: 'info', refused: 'bad', in_progress: 'info', supplement: 'warn', fee: 'warn', withdrawing: 'info', stopped: 'plain', finished: 'good', returned: 'good', paused: 'warn' };

export const dossierWord = (state: string | undefined): string => (state && state in dossierStates ? sayFrom(dossierStates)(state as DossierState) : (state ?? ''));
export const dossierTone = (state: string | undefined): Tone => tones[state as DossierState] ?? 'plain';

/* Where whoever holds the slip sees how far it is; behind the "#", so that no server is told the check part. */
export const lookupAddress = (number: string, check: string): string => `${location.origin}/app/lookup#${new URLSearchParams({ number, check })}`;

const sentences = sayFrom({
  submitted: ['{0} đang kiểm tra hồ sơ của bạn.', '{0} is checking your dossier.'],
  withUntil: ['{0} đang xử lý, hẹn trả kết quả ngày {1}.', 'With {0} until {1}.'],
  with: ['{0} đang xử lý.', 'With {0}.'],
  supplement: ['Bạn cần bổ sung giấy tờ chậm nhất {0}.', 'You must hand in papers by {0}.'],
  fillIn: ['Bạn cần điền lại tờ khai chậm nhất {0}.', 'You must fill in the form again by {0}.'],
  fee: ['Bạn cần nộp {0} chậm nhất {1}.', 'You must pay {0} by {1}.'],
  finished: ['Kết quả đã có. Bạn tải về hoặc đến nhận.', 'The result is there. Download it, or fetch it.'],
  finishedOwed: ['Kết quả đã có. Nộp {0} để nhận.', 'The result is there. Pay {0} to get it.'],
  posted: ['Kết quả đã gửi qua bưu chính, mã vận đơn {0}.', 'The result was sent by post, tracking number {0}.'],
  returned: ['Bạn đã nhận kết quả.', 'You have the result.'],
  refused: ['Hồ sơ không được tiếp nhận. Xem lý do, rồi làm lại nếu cần.', 'It was not taken. See why below, and file it again.'],
  stopped: ['Hồ sơ đã dừng xử lý.', 'It was stopped.'],
  withdrawn: ['Hồ sơ đã được rút theo yêu cầu của bạn.', 'It was withdrawn, as you asked.'],
  not_supplied: ['Hồ sơ dừng vì quá hạn bổ sung.', 'It was stopped: what was asked for did not come in time.'],
  not_paid: ['Hồ sơ dừng vì quá hạn nộp phí.', 'It was stopped: the fee was not paid in time.'],
  withdrawing: ['{0} đang xem yêu cầu rút hồ sơ của bạn.', '{0} is looking at your wish to withdraw.'],
  paused: ['Hệ thống của cơ quan gặp sự cố; thời hạn của bạn được giữ.', 'The office has a fault; your time is kept.'],
});

/* What stands on top: "You must … by …", or "With … until …". */
export function dossierSentence(one: OwnDossier, agency: string): string {
  const due = one.due_at ? deadlineOf(one.due_at) : '';
  switch (one.state as DossierState) {
    case 'supplement':
      return sentences(one.fields?.length ? 'fillIn' : 'supplement', due);
    case 'fee':
      return sentences('fee', money(one.owed), due);
    case 'finished':
      return one.owed > 0 ? sentences('finishedOwed', money(one.owed)) : sentences('finished');
    case 'returned':
      return one.posted ? sentences('posted', one.posted) : sentences('returned');
    case 'stopped':
      return sentences(one.outcome === 'withdrawn' || one.outcome === 'not_supplied' || one.outcome === 'not_paid' ? one.outcome : 'stopped');
    case 'received':
    case 'in_progress':
      return one.appointment ? sentences('withUntil', agency, dateOf(one.appointment)) : sentences('with', agency);
    default:
      return sentences((one.state ?? 'submitted') as 'submitted', agency);
  }
}
