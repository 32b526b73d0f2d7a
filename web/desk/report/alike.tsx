/* A hint that another report may be of the same thing; whoever reads both decides. */
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Note } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';

const own = sayFrom({
  perhaps: ['Có thể trùng với phản ánh có ảnh giống, ở gần đây:', 'Perhaps the same as a report near by, with a photo that looks alike:'],
  where: ['cách {0} m, gửi {1}', '{0} m away, filed {1}'],
});

export function PerhapsTheSame({ id }: { id: string }) {
  const found = useLoaded(async () => (await get('/v1/reports/{id}/alike', { id })).items, id);
  if (!found.data || found.data.length === 0) return null;
  return (
    <Note tone="info" icon="search">
      {own('perhaps')}
      <ul>
        {found.data.map((one) => (
          <li key={one.id}>
            <Link href={`/desk/reports/${one.id}`}>{one.number}</Link>, {own('where', one.distance_m, momentOf(one.filed_at))}
          </li>
        ))}
      </ul>
    </Note>
  );
}
