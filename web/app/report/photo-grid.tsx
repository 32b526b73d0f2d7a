/* Photos that are kept on the phone until they are sent: each can be covered, kept for the agency, and taken out. */
import { useEffect, useState } from 'preact/hooks';
import { duration, size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { getFile, removeFile, type DraftPhoto } from '../lib/db';
import { say } from '../lib/words';
import { Icon } from '../../shared/parts/icon';
import { Note } from '../../shared/parts/ui';
import { CoverDialog } from './cover';

const own = sayFrom({
  dropFilm: ['Xoá video', 'Remove the video'],
  cover: ['Che mặt, biển số trong ảnh {0}', 'Cover faces and plates in photo {0}'],
  drop: ['Xoá ảnh {0}', 'Remove photo {0}'],
  agencyOnly: ['Ảnh {0}: chỉ cơ quan xem, không bao giờ công khai', 'Photo {0}: for the agency only, never public'],
  agencyOnlyFilm: ['Video: chỉ cơ quan xem, không bao giờ công khai', 'The video: for the agency only, never public'],
  agencyOnlyMark: ['Chỉ cơ quan', 'Agency only'],
  tip: ['Có mặt người hay biển số xe? Chạm vào ô vuông trên ảnh để che trước khi gửi.', 'Faces or number plates? Tap the squares on a photo to cover them before it is sent.'],
  tipLock: ['Cơ quan có thể đăng ảnh cho mọi người xem. Chạm vào ổ khoá nếu chỉ muốn cơ quan xem: ảnh đó không bao giờ được đăng.', 'The agency may publish photos. Tap the lock for one that only the agency may see: it is never published.'],
});

/* An address of a picture that is kept on the phone. */
export function usePicture(id: string, version = 0): string | undefined {
  const [url, set] = useState<string>();
  useEffect(() => {
    let made: string | undefined;
    let wanted = true;
    void getFile(id).then((file) => {
      if (file && wanted) set((made = URL.createObjectURL(file)));
    });
    return () => {
      wanted = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id, version]);
  return url;
}

/* A photo, or a video whose first picture shows. */
export function Kept({ photo, alt, version = 0 }: { photo: DraftPhoto; alt: string; version?: number }) {
  const url = usePicture(photo.id, version);
  if (!url) return null;
  if (!photo.video) return <img src={url} alt={alt} />;
  return (
    <>
      <video src={url} muted playsInline preload="metadata" aria-label={alt} />
      <span class="film-mark" aria-hidden="true">
        <Icon name="film" /> {photo.video.seconds > 0 && duration(photo.video.seconds)}
      </span>
    </>
  );
}

interface OneProps {
  photo: DraftPhoto;
  n: number;
  version: number;
  onLock: () => void;
  onCover: () => void;
  onDrop: () => void;
}

const OnePhoto = ({ photo, n, version, onLock, onCover, onDrop }: OneProps) => (
  <li class="photo">
    <Kept photo={photo} alt={photo.video ? say('video') : say('photo', n)} version={version} />
    {photo.agencyOnly && <span class="photo-mark">{own('agencyOnlyMark')}</span>}
    <div class="photo-tools">
      <button type="button" class="round" aria-pressed={photo.agencyOnly === true} aria-label={photo.video ? own('agencyOnlyFilm') : own('agencyOnly', n)} onClick={onLock}>
        <Icon name={photo.agencyOnly ? 'lock' : 'unlock'} />
      </button>
      {!photo.video && (
        <button type="button" class="round" aria-label={own('cover', n)} onClick={onCover}>
          <Icon name="blur" />
        </button>
      )}
      <button type="button" class="round" aria-label={photo.video ? own('dropFilm') : own('drop', n)} onClick={onDrop}>
        <Icon name="trash" />
      </button>
    </div>
  </li>
);

export function PhotoGrid({ photos, set }: { photos: DraftPhoto[]; set: (photos: DraftPhoto[]) => void }) {
  const [covering, cover] = useState<DraftPhoto>();
  const [versions, setVersions] = useState<Record<string, number>>({});
  if (photos.length === 0) return null;
  const put = (next: DraftPhoto) => set(photos.map((one) => (one.id === next.id ? next : one)));
  const drop = (photo: DraftPhoto) => {
    void removeFile(photo.id);
    set(photos.filter((one) => one.id !== photo.id));
  };
  return (
    <>
      <ul class="photos">
        {photos.map((photo, i) => (
          <OnePhoto key={photo.id} photo={photo} n={i + 1} version={versions[photo.id] ?? 0} onLock={() => put({ ...photo, agencyOnly: !photo.agencyOnly })} onCover={() => cover(photo)} onDrop={() => drop(photo)} />
        ))}
      </ul>
      <p class="small soft">{size(photos.reduce((sum, one) => sum + one.size, 0))}</p>
      <Note tone="plain" icon="blur">
        {own('tip')}
      </Note>
      <Note tone="plain" icon="lock">
        {own('tipLock')}
      </Note>
      {covering && (
        <CoverDialog
          photo={covering}
          onClose={() => cover(undefined)}
          onDone={(next) => {
            put(next);
            setVersions({ ...versions, [next.id]: (versions[next.id] ?? 0) + 1 });
            cover(undefined);
          }}
        />
      )}
    </>
  );
}
