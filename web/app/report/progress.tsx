/* How far a waiting report is: what is sent, and what waits. */
import { size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import type { ReportDraft } from '../lib/db';

const own = sayFrom({
  photo: ['Ảnh {0}: {1} trong {2}', 'Photo {0}: {1} of {2}'],
  photoDone: ['Ảnh {0}: đã gửi', 'Photo {0}: sent'],
  words: ['Nội dung phản ánh: gửi sau ảnh', 'The report itself: after the photos'],
  wordsOnly: ['Nội dung phản ánh: đang gửi', 'The report itself: being sent'],
  all: ['Đã gửi {0} trong {1}', '{0} of {1} sent'],
});

export function Progress({ draft }: { draft: ReportDraft }) {
  const whole = draft.photos.reduce((sum, one) => sum + one.size, 0);
  const sent = draft.photos.reduce((sum, one) => sum + Math.min(one.sent, one.size), 0);
  return (
    <div class="stack tight">
      {whole > 0 && <progress class="progress" max={whole} value={sent} aria-label={own('all', size(sent), size(whole))} />}
      <ul class="small">
        {draft.photos.map((photo, i) => (
          <li key={photo.id}>{photo.media ? own('photoDone', i + 1) : own('photo', i + 1, size(photo.sent), size(photo.size))}</li>
        ))}
        <li>{draft.photos.every((one) => one.media) ? own('wordsOnly') : own('words')}</li>
      </ul>
    </div>
  );
}
