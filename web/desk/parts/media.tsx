/* Photographs that only who may see them is given addresses of, for a while: as a small one, and as a wall of them. */
import { get } from '../../shared/call';
import { PrivatePhotos } from '../../shared/parts/photos';
import { useLoaded } from '../../shared/store';
import { say } from '../words';

const media = (id: string) => get('/v1/media/{id}', { id });

export function MediaThumb({ id, alt }: { id: string; alt: string }) {
  const found = useLoaded(() => media(id), id);
  return found.data ? <img src={found.data.small} alt={alt} /> : <span class="sr">{alt}</span>;
}

export const MediaWall = ({ ids }: { ids: string[] }) => <PrivatePhotos ids={ids} label={say('photos')} />;
