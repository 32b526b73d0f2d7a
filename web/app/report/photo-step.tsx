/* Taking and choosing photographs and a video. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { sayFrom } from '../../shared/words';
import { putFile, type DraftPhoto } from '../lib/db';
import { preparePhoto } from '../../shared/photo';
import { isTaken, isVideo, measureVideo, videoLimits, type VideoLimits } from '../lib/videos';
import type { StepProps } from '../pages/report';
import { Button, Note } from '../../shared/parts/ui';
import { PhotoGrid } from './photo-grid';

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
  pick: ['Chọn từ máy', 'From the gallery'],
  unreadable: ['Không đọc được {0}. Hãy chọn ảnh JPEG, PNG hoặc WebP.', '{0} cannot be read. Choose a JPEG, PNG or WebP.'],
  full: ['Đã đủ {0} ảnh.', 'There are {0} photos already.'],
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

/* Prepares files and keeps them on the phone, at most so many; told of each, and of all that went wrong. */
export async function keepPhotos(files: File[], most: number, kept?: (photo: DraftPhoto) => void, hasVideo = false): Promise<{ photos: DraftPhoto[]; problem?: string }> {
  const photos: DraftPhoto[] = [];
  const limits = files.some(isVideo) ? await videoLimits() : null;
  const problems = new Set<string>();
  for (const file of files) {
    if (photos.length >= most) {
      problems.add(own('full', PHOTOS_MAX));
      break;
    }
    try {
      const prepared = await prepare(file, limits, hasVideo || photos.some((one) => one.video));
      if (typeof prepared === 'string') {
        problems.add(prepared);
        continue;
      }
      const id = crypto.randomUUID();
      await putFile(id, prepared.blob);
      const photo = { id, ...prepared.of, size: prepared.blob.size, sent: 0 };
      photos.push(photo);
      kept?.(photo);
    } catch {
      problems.add(own('unreadable', file.name)); // no picture that this browser knows
    }
  }
  return { photos, ...(problems.size > 0 && { problem: [...problems].join(' ') }) };
}

export function PhotoStep({ draft, change }: StepProps) {
  const camera = useRef<HTMLInputElement>(null);
  const gallery = useRef<HTMLInputElement>(null);
  const film = useRef<HTMLInputElement>(null);
  const [limits, setLimits] = useState<VideoLimits | null>(null);
  useEffect(() => void videoLimits().then(setLimits), []);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = '';
    setProblem(undefined);
    setBusy(true);
    const { problem: trouble } = await keepPhotos(files, PHOTOS_MAX - draft.photos.length, (photo) => change((now) => ({ photos: [...now.photos, photo] })), draft.photos.some((one) => one.video));
    setProblem(trouble);
    setBusy(false);
  };

  return (
    <section class="stack">
      {draft.photos.length === 0 && <p class="soft">{own('words', PHOTOS_MAX)}</p>}
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
      {problem && (
        <Note tone="bad" icon="warn" live>
          {problem}
        </Note>
      )}
      <PhotoGrid photos={draft.photos} set={(photos) => change({ photos })} />
      {limits && <p class="small soft">{own('filmWords', limits.seconds, megabytes(limits.bytes))}</p>}
    </section>
  );
}
