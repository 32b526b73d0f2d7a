/* Photographs and videos as a grid, and one of them large. */
import { useState } from 'preact/hooks';
import type { Media } from '../../api';
import { authorised, get } from '../call';
import { useLoaded } from '../store';
import { say } from '../words';
import { Icon } from './icon';
import { Button } from './ui';
import { useEffect, useRef } from 'preact/hooks';

export interface Shown {
  small: string;
  large: string; // of a video, its poster
  alt: string;
  video?: string;
}

/* The dialog's arrow keys belong to the film as long as it has the focus: they move in it. */
function Film({ film }: { film: Shown }) {
  const keys = (event: KeyboardEvent) => event.key.startsWith('Arrow') && event.stopPropagation();
  return <video src={film.video} poster={film.large} controls autoPlay playsInline preload="metadata" aria-label={film.alt} onKeyDown={keys} />;
}

export function PhotoViewer({ photos, at, onClose }: { photos: Shown[]; at: number; onClose: () => void }) {
  const [now, set] = useState(at);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [near, setNear] = useState(false);
  const turn = (by: number) => {
    setNear(false);
    set((now + by + photos.length) % photos.length);
  };
  const keys = (event: KeyboardEvent) => (event.key === 'ArrowLeft' ? turn(-1) : event.key === 'ArrowRight' && turn(1));
  return (
    <dialog ref={dialog} class="viewer" aria-label={photos[now]!.alt} onClose={onClose} onKeyDown={keys}>
      <div class="dialog-body">
        <div class="row spread">
          <span>
            {now + 1}/{photos.length}
          </span>
          <div class="row">
            {!photos[now]!.video && (
              <button type="button" class="round" aria-label={say('zoom')} aria-pressed={near} onClick={() => setNear(!near)}>
                <Icon name="search" />
              </button>
            )}
            {photos.length > 1 && (
              <>
                <button type="button" class="round" aria-label={say('previous')} onClick={() => turn(-1)}>
                  <Icon name="back" />
                </button>
                <button type="button" class="round" aria-label={say('following')} onClick={() => turn(1)}>
                  <Icon name="next" />
                </button>
              </>
            )}
            <button type="button" class="round" aria-label={say('close')} onClick={() => dialog.current?.close()}>
              <Icon name="cross" />
            </button>
          </div>
        </div>
        <div class={near ? 'viewer-frame near' : 'viewer-frame'} tabIndex={near ? 0 : undefined}>
          {photos[now]!.video ? <Film key={photos[now]!.video} film={photos[now]!} /> : <img src={photos[now]!.large} alt={photos[now]!.alt} onClick={() => setNear(!near)} />}
        </div>
      </div>
    </dialog>
  );
}

export function Photos({ photos }: { photos: Shown[] }) {
  const [open, set] = useState<number>();
  return (
    <>
      <div class="photos">
        {photos.map((photo, i) => (
          <button key={photo.small} type="button" aria-label={photo.alt} onClick={() => set(i)}>
            <img src={photo.small} alt="" loading="lazy" />
            {photo.video && (
              <span class="film-mark play" aria-hidden="true">
                <Icon name="play" />
              </span>
            )}
          </button>
        ))}
      </div>
      {open !== undefined && <PhotoViewer photos={photos} at={open} onClose={() => set(undefined)} />}
    </>
  );
}

/* What is published with a report. */
export const publicPhotos = (photos: Array<{ id?: string; video?: boolean }>, label: string): Shown[] =>
  photos.map(({ id, video }, i) => ({
    small: `/v1/public/media/${id}/small`,
    large: `/v1/public/media/${id}/large`,
    alt: video ? say('videoOf', i + 1, label) : `${label} ${i + 1}`,
    ...(video && { video: `/v1/public/media/${id}/video` }),
  }));

/* Of one's own photos that an office covered parts of: as they were sent. */
function OwnOriginals({ addresses }: { addresses: string[] }) {
  const [photos, set] = useState<Shown[]>();
  const [busy, setBusy] = useState(false);
  useEffect(() => () => photos?.forEach((one) => URL.revokeObjectURL(one.large)), [photos]);
  const open = async () => {
    setBusy(true);
    const replies = await Promise.all(addresses.map((one) => authorised(one).catch(() => undefined)));
    const files = await Promise.all(replies.flatMap((reply) => (reply?.ok ? [reply.blob()] : [])));
    setBusy(false);
    if (files.length > 0) set(files.map((file) => URL.createObjectURL(file)).map((url) => ({ small: url, large: url, alt: say('asSent') })));
  };
  return (
    <div class="stack tight">
      <p class="small soft">{say('coveredByOffice')}</p>
      <Button icon="eye" busy={busy} onClick={() => void open()}>
        {say('asSent')}
      </Button>
      {photos && <PhotoViewer photos={photos} at={0} onClose={() => set(undefined)} />}
    </div>
  );
}

/* What there is to see of each, or why there is nothing yet: looked at again as long as one is being checked. */
export function useLooks(ids: string[]): Look[] {
  const found = useLoaded(() => Promise.all(ids.map(look)), ids.join());
  const looks = found.data ?? [];
  const checking = looks.some((one) => one.state === 'checking');
  useEffect(() => {
    const timer = checking ? setInterval(found.again, LOOK_MS) : undefined;
    return () => clearInterval(timer);
  }, [checking, ids.join()]);
  return looks;
}

const shownOf = (media: Media, n: number, label: string): Shown => ({
  small: media.small,
  large: media.large,
  alt: media.video ? say('videoOf', n, label) : `${label} ${n}`,
  ...(media.video && { video: media.video }),
});

export const Unchecked = ({ of: { words, progress } }: { of: Look }) => (words ? <p class="small soft" role="status">{`${say('checking', words)}${progress ? ` (${progress}%)` : ''}`}</p> : null);

/* Those that only who may see them is given addresses of, for a while. */
export function PrivatePhotos({ ids, label }: { ids: string[]; label: string }) {
  const looks = useLooks(ids);
  const mine = looks.flatMap(({ media }) => (media?.covered && media.original ? [media.original] : []));
  const photos = looks.flatMap(({ media }, i) => (media ? [shownOf(media, i + 1, label)] : []));
  return (
    <>
      {photos.length > 0 && <Photos photos={photos} />}
      {mine.length > 0 && <OwnOriginals addresses={mine} />}
      {looks.map((one, i) => (
        <Unchecked key={ids[i]} of={one} />
      ))}
    </>
  );
}

const LOOK_MS = 5_000; // until it is seen whether a video was checked meanwhile

export interface Look {
  media?: Media;
  state?: string;
  words?: string;
  progress?: number;
}

/* One that is not there to be seen may be a video that is being checked, or was refused: it says so. */
async function look(id: string): Promise<Look> {
  try {
    return { media: await get('/v1/media/{id}', { id }) };
  } catch {
    const state = await get('/v1/media/{id}/state', { id }).catch(() => undefined);
    return state?.kind === 'video' && state.state !== 'sound' ? { state: state.state, words: state.words, ...(state.progress !== undefined && { progress: state.progress }) } : {};
  }
}
