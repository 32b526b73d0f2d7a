/* Taking and choosing photographs and a video; covering faces and plates before they leave the phone. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { duration, size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { getFile, putFile, removeFile, type DraftPhoto, type ReportDraft } from '../lib/db';
import { preparePhoto } from '../../shared/photo';
import { isTaken, isVideo, measureVideo, videoLimits, type VideoLimits } from '../lib/videos';
import { say } from '../lib/words';
import type { Change, StepProps } from '../pages/report';
import { Icon } from '../../shared/parts/icon';
import { Button, Note } from '../../shared/parts/ui';
import { CoverDialog } from './cover';

export const PHOTOS_MAX = 6;

const own = sayFrom({
  words: ['Ảnh giúp cơ quan thấy ngay việc cần làm. Tối đa {0} ảnh; không có ảnh vẫn gửi được.', 'Photos show the agency at once what is to be done. Up to {0}; you can also send without.'],
  take: ['Chụp ảnh', 'Take a photo'],
  film: ['Quay video', 'Record a video'],
  filmKind: ['Không gửi được {0}. Hãy quay hoặc chọn video MP4, MOV hoặc WebM.', '{0} cannot be sent. Record or choose an MP4, MOV or WebM video.'],
  filmLarge: ['Video nặng {0}; tối đa {1}. Hãy quay ngắn hơn.', 'The video has {0}; up to {1}. Record a shorter one.'],
  filmLong: ['Video dài {0} giây; tối đa {1} giây. Hãy cắt ngắn rồi chọn lại.', 'The video lasts {0} seconds; up to {1}. Cut it and choose it again.'],
  filmOne: ['Mỗi phản ánh gửi được một video.', 'A report takes one video.'],
  filmNone: ['Máy chủ này không nhận video; hãy gửi ảnh.', 'This server takes no videos; send photos.'],
  filmWords: ['Video: tối đa {0} giây, {1}; gửi sau cùng, sau ảnh. Không che được mặt người trong video: hãy tránh quay người.', 'A video: up to {0} seconds, {1}; it goes last, after the photos. Faces in it cannot be covered: keep people out of it.'],
  dropFilm: ['Xoá video', 'Remove the video'],
  pick: ['Chọn từ máy', 'From the gallery'],
  unreadable: ['Không đọc được {0}. Hãy chọn ảnh JPEG, PNG hoặc WebP.', '{0} cannot be read. Choose a JPEG, PNG or WebP.'],
  full: ['Đã đủ {0} ảnh.', 'There are {0} photos already.'],
  cover: ['Che mặt, biển số trong ảnh {0}', 'Cover faces and plates in photo {0}'],
  drop: ['Xoá ảnh {0}', 'Remove photo {0}'],
  agencyOnly: ['Ảnh {0}: chỉ cơ quan xem, không bao giờ công khai', 'Photo {0}: for the agency only, never public'],
  agencyOnlyFilm: ['Video: chỉ cơ quan xem, không bao giờ công khai', 'The video: for the agency only, never public'],
  agencyOnlyMark: ['Chỉ cơ quan', 'Agency only'],
  tip: ['Có mặt người hay biển số xe? Chạm vào ô vuông trên ảnh để che trước khi gửi.', 'Faces or number plates? Tap the squares on a photo to cover them before it is sent.'],
  tipLock: ['Cơ quan có thể đăng ảnh cho mọi người xem. Chạm vào ổ khoá nếu chỉ muốn cơ quan xem: ảnh đó không bao giờ được đăng.', 'The agency may publish photos. Tap the lock for one that only the agency may see: it is never published.'],
  preparing: ['Đang chuẩn bị ảnh…', 'Preparing the photo…'],
});

/* As the server's bound is meant: 100 MB, not 104.9. */
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1048576)} MB`;

async function prepare(file: File, limits: VideoLimits | null, hasVideo: boolean): Promise<{ blob: Blob; of: Pick<DraftPhoto, 'width' | 'height' | 'video'> } | string> {
  if (!isVideo(file)) {
    const { blob, width, height } = await preparePhoto(file);
    return { blob, of: { width, height } };
  }
  if (!limits) return own('filmNone');
  if (hasVideo) return own('filmOne');
  if (!isTaken(file)) return own('filmKind', file.name);
  if (file.size > limits.bytes) return own('filmLarge', megabytes(file.size), megabytes(limits.bytes));
  const { width, height, seconds } = await measureVideo(file);
  if (seconds > limits.seconds + 1) return own('filmLong', Math.round(seconds), limits.seconds);
  return { blob: file, of: { width, height, video: { type: file.type, seconds } } };
}

/* Prepares files and keeps them on the phone, at most so many; told of each, and of what went wrong last. */
export async function keepPhotos(files: File[], most: number, kept?: (photos: DraftPhoto[]) => void, hasVideo = false): Promise<{ photos: DraftPhoto[]; problem?: string }> {
  const photos: DraftPhoto[] = [];
  const limits = files.some(isVideo) ? await videoLimits() : null;
  let problem: string | undefined;
  for (const file of files) {
    if (photos.length >= most) {
      problem = own('full', PHOTOS_MAX);
      break;
    }
    try {
      const prepared = await prepare(file, limits, hasVideo || photos.some((one) => one.video));
      if (typeof prepared === 'string') {
        problem = prepared;
        continue;
      }
      const id = crypto.randomUUID();
      await putFile(id, prepared.blob);
      photos.push({ id, ...prepared.of, size: prepared.blob.size, sent: 0 });
      kept?.(photos);
    } catch {
      problem = own('unreadable', file.name); // no picture that this browser knows
    }
  }
  return { photos, ...(problem && { problem }) };
}

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

function OnePhoto({ draft, photo, n, change, version, onCover }: { draft: ReportDraft; photo: DraftPhoto; n: number; change: Change; version: number; onCover: () => void }) {
  const drop = () => {
    void removeFile(photo.id);
    change({ photos: draft.photos.filter((one) => one.id !== photo.id) });
  };
  const lock = () => change({ photos: draft.photos.map((one) => (one.id === photo.id ? { ...one, agencyOnly: !one.agencyOnly } : one)) });
  return (
    <li class="photo">
      <Kept photo={photo} alt={photo.video ? say('video') : say('photo', n)} version={version} />
      {photo.agencyOnly && <span class="photo-mark">{own('agencyOnlyMark')}</span>}
      <div class="photo-tools">
        <button type="button" class="round" aria-pressed={photo.agencyOnly === true} aria-label={photo.video ? own('agencyOnlyFilm') : own('agencyOnly', n)} onClick={lock}>
          <Icon name={photo.agencyOnly ? 'lock' : 'unlock'} />
        </button>
        {!photo.video && (
          <button type="button" class="round" aria-label={own('cover', n)} onClick={onCover}>
            <Icon name="blur" />
          </button>
        )}
        <button type="button" class="round" aria-label={photo.video ? own('dropFilm') : own('drop', n)} onClick={drop}>
          <Icon name="trash" />
        </button>
      </div>
    </li>
  );
}

export function PhotoStep({ draft, change }: StepProps) {
  const camera = useRef<HTMLInputElement>(null);
  const gallery = useRef<HTMLInputElement>(null);
  const film = useRef<HTMLInputElement>(null);
  const [limits, setLimits] = useState<VideoLimits | null>(null);
  useEffect(() => void videoLimits().then(setLimits), []);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [covering, cover] = useState<DraftPhoto>();
  const [versions, setVersions] = useState<Record<string, number>>({});

  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = '';
    setProblem(undefined);
    setBusy(true);
    const { problem: trouble } = await keepPhotos(files, PHOTOS_MAX - draft.photos.length, (photos) => change({ photos: [...draft.photos, ...photos] }), draft.photos.some((one) => one.video));
    setProblem(trouble);
    setBusy(false);
  };

  return (
    <section class="stack">
      <p class="soft">{own('words', PHOTOS_MAX)}</p>
      <input ref={camera} class="sr" type="file" accept="image/*" capture="environment" tabIndex={-1} aria-hidden="true" onChange={(event) => void add(event.currentTarget)} />
      <input ref={gallery} class="sr" type="file" accept={limits ? 'image/*,video/mp4,video/quicktime,video/webm' : 'image/*'} multiple tabIndex={-1} aria-hidden="true" data-gallery onChange={(event) => void add(event.currentTarget)} />
      <input ref={film} class="sr" type="file" accept="video/*" capture="environment" tabIndex={-1} aria-hidden="true" data-film onChange={(event) => void add(event.currentTarget)} />
      <div class="row">
        <Button look="main" icon="camera" busy={busy} onClick={() => camera.current?.click()}>
          {own('take')}
        </Button>
        <Button icon="image" disabled={busy} onClick={() => gallery.current?.click()}>
          {own('pick')}
        </Button>
        {limits && !draft.photos.some((one) => one.video) && (
          <Button icon="film" disabled={busy} onClick={() => film.current?.click()}>
            {own('film')}
          </Button>
        )}
      </div>
      {limits && <p class="small soft">{own('filmWords', limits.seconds, megabytes(limits.bytes))}</p>}
      {problem && (
        <Note tone="bad" icon="warn" live>
          {problem}
        </Note>
      )}
      {draft.photos.length > 0 && (
        <>
          <ul class="photos">
            {draft.photos.map((photo, i) => (
              <OnePhoto key={photo.id} draft={draft} photo={photo} n={i + 1} change={change} version={versions[photo.id] ?? 0} onCover={() => cover(photo)} />
            ))}
          </ul>
          <p class="small soft">{size(draft.photos.reduce((sum, one) => sum + one.size, 0))}</p>
          <Note tone="plain" icon="blur">
            {own('tip')}
          </Note>
          <Note tone="plain" icon="lock">
            {own('tipLock')}
          </Note>
        </>
      )}
      {covering && (
        <CoverDialog
          photo={covering}
          onClose={() => cover(undefined)}
          onDone={(next) => {
            change({ photos: draft.photos.map((one) => (one.id === next.id ? next : one)) });
            setVersions({ ...versions, [next.id]: (versions[next.id] ?? 0) + 1 });
            cover(undefined);
          }}
        />
      )}
    </section>
  );
}
