/* How far a report is that is being sent: the report itself, then each photo. */
import { size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { Button } from '../../shared/parts/ui';
import { changeDraft, isFiled, isUnsent, type DraftPhoto, type ReportDraft } from '../lib/db';
import { sendNow } from '../lib/sender';
import { waitsForNetwork } from '../lib/videos';

const own = sayFrom({
  report: ['Nội dung phản ánh: gửi trước', 'The report itself: goes first'],
  reportDone: ['Nội dung phản ánh: đã gửi, mã số {0}', 'The report itself: sent, number {0}'],
  waits: ['Ảnh {0}: gửi sau, {1}', 'Photo {0}: goes after it, {1}'],
  under: ['Ảnh {0}: {1} trong {2}', 'Photo {0}: {1} of {2}'],
  checked: ['Ảnh {0}: đã gửi, đang được kiểm tra', 'Photo {0}: sent, being checked'],
  added: ['Ảnh {0}: đã gửi', 'Photo {0}: sent'],
  problem: ['Ảnh {0}: không gửi được. {1}', 'Photo {0}: not taken. {1}'],
  filmWaits: ['Video: gửi sau ảnh, {0}', 'Video: goes after the photos, {0}'],
  filmUnder: ['Video: {0} trong {1}', 'Video: {0} of {1}'],
  filmChecked: ['Video: đã tải lên, đang được kiểm tra', 'Video: uploaded, being checked'],
  filmAdded: ['Video: đã gửi', 'Video: sent'],
  filmProblem: ['Video: không gửi được. {0}', 'Video: not taken. {0}'],
  filmHeld: ['Video {0}: chờ Wi-Fi để không tốn dữ liệu di động', 'Video of {0}: waits for Wi-Fi, so that it costs no mobile data'],
  filmNow: ['Gửi video ngay bằng dữ liệu di động', 'Send the video now over mobile data'],
  all: ['Đã gửi {0} trong {1}', '{0} of {1} sent'],
});

function filmWords(film: DraftPhoto): string {
  if (film.problem) return own('filmProblem', film.problem);
  if (film.added) return own('filmAdded');
  if (film.sent >= film.size) return own('filmChecked');
  if (waitsForNetwork(film)) return own('filmHeld', size(film.size));
  return film.sent > 0 ? own('filmUnder', size(film.sent), size(film.size)) : own('filmWaits', size(film.size));
}

function wordsOf(photo: DraftPhoto, n: number): string {
  if (photo.video) return filmWords(photo);
  if (photo.problem) return own('problem', n, photo.problem);
  if (photo.added) return own('added', n);
  if (photo.sent >= photo.size) return own('checked', n);
  return photo.sent > 0 ? own('under', n, size(photo.sent), size(photo.size)) : own('waits', n, size(photo.size));
}

export function Progress({ draft }: { draft: ReportDraft }) {
  const whole = draft.photos.reduce((sum, one) => sum + one.size, 0);
  const held = draft.photos.find((one) => isUnsent(one) && waitsForNetwork(one));
  const sendHeld = () => void changeDraft(draft.id, (kept) => kept.photos.forEach((one) => one.video && (one.costs = true))).then(sendNow);
  const sent = draft.photos.reduce((sum, one) => sum + Math.min(one.sent, one.size), 0);
  return (
    <div class="stack tight">
      {whole > 0 && <progress class="progress" max={whole} value={sent} aria-label={own('all', size(sent), size(whole))} />}
      <ul class="small">
        <li>{draft.number ? own('reportDone', draft.number) : own('report')}</li>
        {draft.photos.map((photo, i) => (
          <li key={photo.id} class={photo.problem ? 'error' : undefined}>
            {wordsOf(photo, i + 1)}
          </li>
        ))}
      </ul>
      {held && isFiled(draft) && (
        <Button icon="film" onClick={sendHeld}>
          {own('filmNow')}
        </Button>
      )}
    </div>
  );
}
