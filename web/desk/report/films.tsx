/*
 * The videos of a report for who decides about them, as everybody would see them; and, with a reason, as they were
 * sent: larger, perhaps in a form that no browser plays, and then to be saved.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Media, StaffReport } from '../../api';
import { duration, size } from '../../shared/format';
import { Icon } from '../../shared/parts/icon';
import { PhotoViewer, Unchecked, useLooks } from '../../shared/parts/photos';
import { Button, Dialog, Note, Tag } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { saveAs } from '../lib/pdf';
import { OriginalOf } from './original';

const own = sayFrom({
  video: ['Video {0}', 'Video {0}'],
  play: ['Phát video {0}', 'Play video {0}'],
  agencyOnly: ['Chỉ cơ quan', 'Agency only'],
  published: ['Đã đăng', 'Published'],
  look: ['Xem video gốc', 'See the original video'],
  why: ['Vì sao cần xem video gốc', 'Why you need the original video'],
  original: ['Video gốc {0}', 'Original of video {0}'],
  isOriginal: ['Video gốc, chỉ hiện ở đây. Lần xem đã được ghi lại.', 'The original, shown here alone. The look is recorded.'],
  unplayed: ['Trình duyệt này không phát được video gốc. Hãy lưu tệp rồi mở bằng phần mềm xem phim.', 'This browser does not play the original. Save the file and open it in a video player.'],
  save: ['Lưu tệp ({0})', 'Save the file ({0})'],
});

interface Sent {
  url: string;
  file: Blob;
  name: string;
}

/* It is let go when it is closed. */
function Original({ sent: { url, file, name }, n, onClose }: { sent: Sent; n: number; onClose: () => void }) {
  const [unplayed, set] = useState(false);
  const seen = ({ currentTarget: film }: Event) => (film as HTMLVideoElement).videoWidth === 0 && set(true); // sound alone is played
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <Dialog title={own('original', n)} onClose={onClose}>
      <Note tone="warn" icon="eye" live>
        {own('isOriginal')}
      </Note>
      {unplayed ? (
        <>
          <Note tone="bad" live>
            {own('unplayed')}
          </Note>
          <div class="row end">
            <Button look="main" icon="download" onClick={() => saveAs(file, name)}>
              {own('save', size(file.size))}
            </Button>
          </div>
        </>
      ) : (
        <video class="film" src={url} controls playsInline aria-label={own('original', n)} onError={() => set(true)} onLoadedMetadata={seen} />
      )}
    </Dialog>
  );
}

function OneFilm({ report, media, n, onChange }: { report: StaffReport; media: Media; n: number; onChange: () => void }) {
  const [playing, play] = useState(false);
  const [sent, set] = useState<Sent>();
  const photo = report.photos?.find((one) => one.id === media.id);
  const mayLook = report.steps.some((step) => step.verb === 'original');
  return (
    <li class="evidence-one">
      <button type="button" class="evidence-picture" aria-label={own('play', n)} onClick={() => play(true)}>
        <img src={media.large} alt="" width={media.width} height={media.height} loading="lazy" />
        <span class="film-mark play" aria-hidden="true">
          <Icon name="play" />
        </span>
      </button>
      <div class="row">
        <Tag>{`${own('video', n)} · ${duration((media.duration_ms ?? 0) / 1000)}`}</Tag>
        {photo?.agency_only && <Tag tone="warn">{own('agencyOnly')}</Tag>}
        {report.published_at && photo?.public && <Tag tone="good">{own('published')}</Tag>}
      </div>
      {mayLook && (
        <OriginalOf report={report} id={media.id} label={own('why')} look={own('look')} onSeen={(file, name) => (set({ file, name, url: URL.createObjectURL(file) }), onChange())} />
      )}
      {playing && <PhotoViewer photos={[{ small: media.small, large: media.large, alt: own('video', n), video: media.video! }]} at={0} onClose={() => play(false)} />}
      {sent && <Original sent={sent} n={n} onClose={() => set(undefined)} />}
    </li>
  );
}

export function Films({ report, ids, onChange }: { report: StaffReport; ids: string[]; onChange: () => void }) {
  const looks = useLooks(ids);
  return (
    <>
      {looks.some((one) => one.media) && (
        <ul class="evidence">
          {looks.map((one, i) => one.media && <OneFilm key={ids[i]} report={report} media={one.media} n={i + 1} onChange={onChange} />)}
        </ul>
      )}
      {looks.map((one, i) => (
        <Unchecked key={ids[i]} of={one} />
      ))}
    </>
  );
}
