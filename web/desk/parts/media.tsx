/* Photographs that only who may see them is given addresses of, for a while: as a small one, and as a wall of them. */
import { get } from '../../shared/call';
import { Photos } from '../../shared/parts/photos';
import { useLoaded } from '../../shared/store';
import { say } from '../words';

const media = (id: string) => get('/v1/media/{id}', { id });

export function MediaThumb({ id, alt }: { id: string; alt: string }) {
  const found = useLoaded(() => media(id), id);
  return found.data ? <img src={found.data.small} alt={alt} /> : <span class="sr">{alt}</span>;
}

export function MediaWall({ ids }: { ids: string[] }) {
  const found = useLoaded(() => Promise.all(ids.map((id) => media(id).catch(() => undefined))), ids.join());
  return <Photos photos={(found.data ?? []).flatMap((one, i) => (one ? [{ small: one.small, large: one.large, alt: say('photo', i + 1) }] : []))} />;
}
