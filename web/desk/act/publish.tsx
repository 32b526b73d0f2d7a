/* Publishing photo by photo: nothing is shown to anybody that was not chosen here. */
import type { StaffReport } from '../../api';
import { Check } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { MediaThumb } from '../parts/media';
import { say } from '../words';

const own = sayFrom({
  legend: ['Ảnh ai cũng xem được', 'Photos that anybody may see'],
  help: ['Bỏ chọn ảnh có mặt người, biển số xe hoặc nhà riêng.', 'Leave out those with faces, number plates or homes.'],
  proof: ['Ảnh kết quả', 'Of the result'],
  found: ['Ảnh hiện trường', 'As it was found'],
});

export function PublishPhotos({ report, chosen, set }: { report: StaffReport; chosen: string[]; set: (ids: string[]) => void }) {
  const photos = (report.photos ?? []).filter((one) => one.id && !one.proposed);
  if (photos.length === 0) return null;
  return (
    <fieldset class="stack tight">
      <legend class="label">{own('legend')}</legend>
      <p class="help">{own('help')}</p>
      {photos.map((one, i) => (
        <div key={one.id} class="pick">
          <div class="photo">
            <MediaThumb id={one.id!} alt={say('photo', i + 1)} />
          </div>
          <Check id={`publish-${one.id}`} checked={chosen.includes(one.id!)} onChange={(yes) => set(yes ? [...chosen, one.id!] : chosen.filter((id) => id !== one.id))}>
            {one.video ? say('video') : say('photo', i + 1)} · {own(one.proof ? 'proof' : 'found')}
          </Check>
        </div>
      ))}
    </fieldset>
  );
}
