/* Publishing photo by photo: nothing is shown to anybody that was not chosen here. */
import type { StaffReport } from '../../api';
import { Check } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { MediaThumb } from '../parts/media';
import { say } from '../words';

const own = sayFrom({
  legend: ['Ảnh ai cũng xem được', 'Photos that anybody may see'],
  help: ['Che mặt người, biển số xe ở ảnh trên trang này trước, hoặc bỏ chọn ảnh.', 'Cover faces and number plates in the photos on this page first, or leave a photo out.'],
  agencyOnly: ['Người gửi chỉ cho cơ quan xem: không công khai được.', 'Its reporter shows it to the agency only: it cannot be published.'],
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
            <MediaThumb key={report.revision} id={one.id!} alt={say('photo', i + 1)} />
          </div>
          {one.agency_only ? (
            <p class="small soft">
              {one.video ? say('video') : say('photo', i + 1)} · {own('agencyOnly')}
            </p>
          ) : (
            <Check id={`publish-${one.id}`} checked={chosen.includes(one.id!)} onChange={(yes) => set(yes ? [...chosen, one.id!] : chosen.filter((id) => id !== one.id))}>
              {one.video ? say('video') : say('photo', i + 1)} · {own(one.proof ? 'proof' : 'found')}
            </Check>
          )}
        </div>
      ))}
    </fieldset>
  );
}
