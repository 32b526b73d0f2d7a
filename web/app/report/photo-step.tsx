/* Taking and choosing photographs; covering faces and plates before they leave the phone. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { size } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { getFile, putFile, removeFile, type DraftPhoto, type ReportDraft } from '../lib/db';
import { preparePhoto } from '../../shared/photo';
import { say } from '../lib/words';
import type { Change, StepProps } from '../pages/report';
import { Icon } from '../../shared/parts/icon';
import { Button, Note } from '../../shared/parts/ui';
import { CoverDialog } from './cover';

export const PHOTOS_MAX = 6;

const own = sayFrom({
  words: ['Ảnh giúp cơ quan thấy ngay việc cần làm. Tối đa {0} ảnh; không có ảnh vẫn gửi được.', 'Photos show the agency at once what is to be done. Up to {0}; you can also send without.'],
  take: ['Chụp ảnh', 'Take a photo'],
  pick: ['Chọn từ máy', 'From the gallery'],
  unreadable: ['Không đọc được {0}. Hãy chọn ảnh JPEG, PNG hoặc WebP.', '{0} cannot be read. Choose a JPEG, PNG or WebP.'],
  full: ['Đã đủ {0} ảnh.', 'There are {0} photos already.'],
  cover: ['Che mặt, biển số trong ảnh {0}', 'Cover faces and plates in photo {0}'],
  drop: ['Xoá ảnh {0}', 'Remove photo {0}'],
  tip: ['Có mặt người hay biển số xe? Chạm vào ô vuông trên ảnh để che trước khi gửi. Chỉ cơ quan xem ảnh; ảnh chỉ được công khai khi cơ quan chọn đăng.', 'Faces or number plates? Tap the squares on a photo to cover them before it is sent. Only the agency sees photos; one is public only when the agency publishes it.'],
  preparing: ['Đang chuẩn bị ảnh…', 'Preparing the photo…'],
});

/* Prepares files and keeps them on the phone, at most so many; told of each, and of what went wrong last. */
export async function keepPhotos(files: File[], most: number, kept?: (photos: DraftPhoto[]) => void): Promise<{ photos: DraftPhoto[]; problem?: string }> {
  const photos: DraftPhoto[] = [];
  let problem: string | undefined;
  for (const file of files) {
    if (photos.length >= most) {
      problem = own('full', PHOTOS_MAX);
      break;
    }
    try {
      const { blob, width, height } = await preparePhoto(file);
      const id = crypto.randomUUID();
      await putFile(id, blob);
      photos.push({ id, width, height, size: blob.size, sent: 0 });
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

function OnePhoto({ draft, photo, n, change, version, onCover }: { draft: ReportDraft; photo: DraftPhoto; n: number; change: Change; version: number; onCover: () => void }) {
  const url = usePicture(photo.id, version);
  const drop = () => {
    void removeFile(photo.id);
    change({ photos: draft.photos.filter((one) => one.id !== photo.id) });
  };
  return (
    <li class="photo">
      {url && <img src={url} alt={say('photo', n)} />}
      <div class="photo-tools">
        <button type="button" class="round" aria-label={own('cover', n)} onClick={onCover}>
          <Icon name="blur" />
        </button>
        <button type="button" class="round" aria-label={own('drop', n)} onClick={drop}>
          <Icon name="trash" />
        </button>
      </div>
    </li>
  );
}

export function PhotoStep({ draft, change }: StepProps) {
  const camera = useRef<HTMLInputElement>(null);
  const gallery = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [covering, cover] = useState<DraftPhoto>();
  const [versions, setVersions] = useState<Record<string, number>>({});

  const add = async (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = '';
    setProblem(undefined);
    setBusy(true);
    const { problem: trouble } = await keepPhotos(files, PHOTOS_MAX - draft.photos.length, (photos) => change({ photos: [...draft.photos, ...photos] }));
    setProblem(trouble);
    setBusy(false);
  };

  return (
    <section class="stack">
      <p class="soft">{own('words', PHOTOS_MAX)}</p>
      <input ref={camera} class="sr" type="file" accept="image/*" capture="environment" tabIndex={-1} aria-hidden="true" onChange={(event) => void add(event.currentTarget)} />
      <input ref={gallery} class="sr" type="file" accept="image/*" multiple tabIndex={-1} aria-hidden="true" data-gallery onChange={(event) => void add(event.currentTarget)} />
      <div class="row">
        <Button look="main" icon="camera" busy={busy} onClick={() => camera.current?.click()}>
          {own('take')}
        </Button>
        <Button icon="image" disabled={busy} onClick={() => gallery.current?.click()}>
          {own('pick')}
        </Button>
      </div>
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
