/*
 * The photographs of a report for who decides about them: large, with how far from the pin and how long before filing
 * each was taken; what nobody should see is covered here, and the original is looked at with a reason, which the
 * reporter is told.
 */
import { useEffect, useState } from 'preact/hooks';
import type { ReportPhoto, StaffReport } from '../../api';
import { Problem, get, put } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Boxes } from '../../shared/parts/boxes';
import { Icon } from '../../shared/parts/icon';
import { PhotoViewer } from '../../shared/parts/photos';
import { Button, Dialog, Note, Tag } from '../../shared/parts/ui';
import type { Area } from '../../shared/photo';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { useColleagues, nameOf } from '../lib/catalogue';
import { MediaWall } from '../parts/media';
import { toast } from '../parts/toast';
import { say } from '../words';
import { Films } from './films';
import { OriginalOf } from './original';

const WHOLE = 10000; // of a side, as the server counts boxes

const own = sayFrom({
  cover: ['Che chỗ nhạy cảm', 'Cover parts'],
  coverMore: ['Sửa chỗ che', 'Change what is covered'],
  coverOf: ['Che chỗ nhạy cảm: ảnh {0}', 'Cover parts of photo {0}'],
  words: ['Che mặt người, biển số xe, số nhà. Mọi người thấy đúng như dưới đây; người gửi vẫn giữ ảnh của họ.', 'Cover faces, number plates, house numbers. Everybody sees exactly this; the reporter keeps their own.'],
  covered: ['Đã che {0} chỗ', '{0} parts covered'],
  coveredBy: ['{0} che lúc {1}', 'Covered by {0}, {1}'],
  uncoveredBy: ['{0} bỏ che lúc {1}', 'Uncovered by {0}, {1}'],
  another: ['Cán bộ đơn vị khác', 'An official of another unit'],
  save: ['Lưu chỗ che', 'Save'],
  saved: ['Đã che ảnh {0}', 'Photo {0} is covered'],
  changed: ['Người khác vừa sửa chỗ che của ảnh này. Hãy xem lại rồi lưu.', 'Somebody just changed what is covered. Look again, then save.'],
  agencyOnly: ['Chỉ cơ quan', 'Agency only'],
  agencyOnlyWords: ['Người gửi không cho công khai ảnh này.', 'The reporter does not let this photo be published.'],
  published: ['Đã đăng', 'Published'],
  proof: ['Ảnh kết quả', 'Of the result'],
  noPlace: ['Ảnh không ghi nơi chụp', 'No place in it'],
  noTime: ['không ghi giờ chụp', 'no time in it'],
  noPin: ['Phản ánh không có ghim để so', 'The report has no pin to compare with'],
  away: ['Chụp cách ghim {0}', 'Taken {0} from the pin'],
  before: ['{0} trước khi gửi', '{0} before filing'],
  after: ['{0} sau khi gửi', '{0} after filing'],
  original: ['Xem ảnh gốc', 'See the original'],
  why: ['Vì sao cần xem ảnh gốc', 'Why you need the original'],
  isOriginal: ['Ảnh gốc, chỉ hiện ở đây. Lần xem đã được ghi lại.', 'The original, shown here alone. The look is recorded.'],
  enlarge: ['Xem lớn ảnh {0}', 'See photo {0} large'],
});

const span = (minutes: number): string => {
  const n = Math.abs(minutes);
  const [value, unit] = n < 120 ? [n, ['phút', 'minutes']] : n < 48 * 60 ? [Math.round(n / 60), ['giờ', 'hours']] : [Math.round(n / 1440), ['ngày', 'days']];
  return `${value} ${sayFrom({ unit: unit as [string, string] })('unit')}`;
};
const metres = (m: number): string => (m < 1000 ? `${m} m` : `${(m / 1000).toLocaleString()} km`);

export function takenWords(photo: ReportPhoto): string | undefined {
  const { taken } = photo;
  if (!taken) return undefined;
  const place = taken.distance_m !== undefined ? own('away', metres(taken.distance_m)) : taken.place ? own('noPin') : own('noPlace');
  const time = taken.minutes_before === undefined ? own('noTime') : own(taken.minutes_before >= 0 ? 'before' : 'after', span(taken.minutes_before));
  return `${place}, ${time}.`;
}

const areasOf = (photo: ReportPhoto): Area[] => photo.boxes.map((box) => ({ x: box.x / WHOLE, y: box.y / WHOLE, width: box.width / WHOLE, height: box.height / WHOLE }));

/* Rounded outwards, within the picture. */
const boxOf = (area: Area): ReportPhoto['boxes'][number] => {
  const [x, y] = [Math.min(WHOLE - 1, Math.floor(area.x * WHOLE)), Math.min(WHOLE - 1, Math.floor(area.y * WHOLE))];
  return { x, y, width: Math.max(1, Math.min(WHOLE, Math.ceil((area.x + area.width) * WHOLE)) - x), height: Math.max(1, Math.min(WHOLE, Math.ceil((area.y + area.height) * WHOLE)) - y) };
};

function Cover({ report, photo, n, onChange, onSaved, onClose }: { report: StaffReport; photo: ReportPhoto; n: number; onChange: () => void; onSaved: () => void; onClose: () => void }) {
  const [boxes, setBoxes] = useState<Area[]>(() => areasOf(photo));
  const [original, setOriginal] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  useEffect(() => () => void (original && URL.revokeObjectURL(original)), [original]);
  async function save(): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await put('/v1/reports/{id}/photos/{photo}/boxes', { id: report.id, photo: photo.id }, { boxes: boxes.map(boxOf) }, { headers: { 'if-match': `"${photo.covered}"` } });
      toast(own('saved', n));
      onSaved();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFault(error.status === 412 ? own('changed') : error.message);
      setBusy(false);
    }
  }
  return (
    <Dialog title={own('coverOf', n)} onClose={onClose}>
      <p>{own('words')}</p>
      {original && (
        <Note tone="warn" icon="eye" live>
          {own('isOriginal')}
        </Note>
      )}
      <Boxes url={original ?? photo.large} alt={say('photo', n)} boxes={boxes} set={setBoxes} />
      {photo.boxes.length > 0 && photo.original && !original && <OriginalOf quiet report={report} id={photo.id} label={own('why')} look={own('original')} onSeen={(file) => (setOriginal(URL.createObjectURL(file)), onChange())} />}
      {fault && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      <div class="row end">
        <Button look="quiet" onClick={onClose}>
          {say('leaveIt')}
        </Button>
        <Button look="main" icon="blur" busy={busy} onClick={() => void save()}>
          {own('save')}
        </Button>
      </div>
    </Dialog>
  );
}

function OnePhoto({ report, photo, n, onView, onCover }: { report: StaffReport; photo: ReportPhoto; n: number; onView: () => void; onCover: () => void }) {
  const staff = useColleagues().data;
  const taken = takenWords(photo);
  return (
    <li class="evidence-one">
      <button type="button" class="evidence-picture" aria-label={own('enlarge', n)} onClick={onView}>
        <img src={photo.large} alt={say('photo', n)} width={photo.width} height={photo.height} loading="lazy" />
      </button>
      <div class="row">
        {photo.agency_only && <Tag tone="warn">{own('agencyOnly')}</Tag>}
        {report.published_at && photo.public && <Tag tone="good">{own('published')}</Tag>}
        {photo.boxes.length > 0 && <Tag>{own('covered', photo.boxes.length)}</Tag>}
      </div>
      {taken && (
        <p class="small soft">
          <Icon name="pin" size={16} /> {taken}
        </p>
      )}
      {photo.covered_at && (
        <p class="small soft">
          <Icon name="blur" size={16} /> {own(photo.boxes.length > 0 ? 'coveredBy' : 'uncoveredBy', nameOf(staff, photo.covered_by) || own('another'), momentOf(photo.covered_at))}
        </p>
      )}
      {photo.agency_only && <p class="small soft">{own('agencyOnlyWords')}</p>}
      <div class="row">
        <Button icon="blur" onClick={onCover}>
          {own(photo.boxes.length > 0 ? 'coverMore' : 'cover')}
        </Button>
      </div>
    </li>
  );
}

/* Those of `ids`; where the caller decides nothing about them (an inspector), they are shown and no more. */
export function ReportPhotos({ report, ids, onChange }: { report: StaffReport; ids: string[]; onChange: () => void }) {
  const mayDecide = report.steps.some((step) => step.verb === 'cover');
  const [turn, setTurn] = useState(0);
  const found = useLoaded(async () => (mayDecide ? (await get('/v1/reports/{id}/photos', { id: report.id })).items : []), `${report.id} ${report.revision} ${mayDecide} ${turn}`);
  const [covering, cover] = useState<string>();
  const [viewing, view] = useState<number>();
  const [last, setLast] = useState<ReportPhoto[]>([]);
  useEffect(() => void (found.data && setLast(found.data)), [found.data]);
  const photos = last.filter((one) => ids.includes(one.id));
  const films = mayDecide ? ids.filter((id) => report.photos?.some((one) => one.id === id && one.video)) : [];
  const others = mayDecide ? (found.data ? ids.filter((id) => !films.includes(id) && !photos.some((one) => one.id === id)) : []) : ids;
  const chosen = photos.find((one) => one.id === covering);
  return (
    <>
      {photos.length > 0 && (
        <ul class="evidence">
          {photos.map((photo, i) => (
            <OnePhoto key={`${photo.id} ${photo.covered}`} report={report} photo={photo} n={i + 1} onView={() => view(i)} onCover={() => cover(photo.id)} />
          ))}
        </ul>
      )}
      {films.length > 0 && <Films report={report} ids={films} onChange={onChange} />}
      {others.length > 0 && <MediaWall ids={others} />}
      {viewing !== undefined && <PhotoViewer photos={photos.map((one, i) => ({ small: one.small, large: one.large, alt: say('photo', i + 1) }))} at={viewing} onClose={() => view(undefined)} />}
      {chosen && (
        <Cover
          key={`${chosen.id} ${chosen.covered}`}
          report={report}
          photo={chosen}
          n={photos.indexOf(chosen) + 1}
          onChange={onChange}
          onClose={() => {
            cover(undefined);
            setTurn(turn + 1);
          }}
          onSaved={() => {
            cover(undefined);
            setTurn(turn + 1);
            onChange();
          }}
        />
      )}
    </>
  );
}
