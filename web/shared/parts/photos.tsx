/* Photographs as a grid, and one of them large. */
import { useState } from 'preact/hooks';
import { get } from '../call';
import { useLoaded } from '../store';
import { say } from '../words';
import { Icon } from './icon';
import { useEffect, useRef } from 'preact/hooks';

export interface Shown {
  small: string;
  large: string;
  alt: string;
}

function Viewer({ photos, at, onClose }: { photos: Shown[]; at: number; onClose: () => void }) {
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
            <button type="button" class="round" aria-label={say('zoom')} aria-pressed={near} onClick={() => setNear(!near)}>
              <Icon name="search" />
            </button>
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
          <img src={photos[now]!.large} alt={photos[now]!.alt} onClick={() => setNear(!near)} />
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
          </button>
        ))}
      </div>
      {open !== undefined && <Viewer photos={photos} at={open} onClose={() => set(undefined)} />}
    </>
  );
}

export const publicPhotos = (ids: string[], label: string): Shown[] => ids.map((id, i) => ({ small: `/v1/public/media/${id}/small`, large: `/v1/public/media/${id}/large`, alt: `${label} ${i + 1}` }));

/* Those that only who may see them is given addresses of, for a while. */
export function PrivatePhotos({ ids, label }: { ids: string[]; label: string }) {
  const found = useLoaded(() => Promise.all(ids.map((id) => get('/v1/media/{id}', { id }).catch(() => undefined))), ids.join());
  const photos = (found.data ?? []).flatMap((one, i) => (one ? [{ small: one.small, large: one.large, alt: `${label} ${i + 1}` }] : []));
  return <Photos photos={photos} />;
}
