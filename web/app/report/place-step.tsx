/* Where it is: by GPS, by a pin that is dragged, or by choosing the commune; without a network, by the nearest of those that are known. */
import { useRef, useState } from 'preact/hooks';
import type { Place } from '../../api';
import { get, Problem } from '../../shared/call';
import { distance } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { useCatalogue, type Catalogue } from '../lib/catalogue';
import { say } from '../lib/words';
import type { StepProps } from '../pages/report';
import { LazyMap } from '../../shared/parts/lazy-map';
import { Button, Choices, Field, Note } from '../../shared/parts/ui';

const own = sayFrom({
  gps: ['Dùng vị trí của tôi', 'Use where I am'],
  noGps: ['Không lấy được vị trí. Hãy chạm vào bản đồ hoặc chọn xã, phường.', 'Your position could not be found. Tap the map or choose the commune.'],
  onMap: ['Chọn trên bản đồ', 'Pick on the map'],
  drag: ['Chạm vào bản đồ để đặt ghim, kéo ghim để chỉnh.', 'Tap the map to set the pin, drag it to correct.'],
  nearest: ['Ba nơi gần nhất', 'The three nearest'],
  outside: ['Nơi này ngoài tỉnh. Hãy chọn xã, phường.', 'That place is outside of the province. Choose the commune.'],
  found: ['Thuộc {0}.', 'In {0}.'],
  addressLabel: ['Tả chỗ đó', 'Describe the spot'],
  addressHelp: ['Ví dụ: trước trạm y tế, gần cầu số 2', 'For example: before the health station, near bridge no. 2'],
});

const CENTER: [number, number] = [9.18, 105.15];

interface Near {
  code: string;
  name: string;
  meters: number;
}

/* As /v1/places finds them by centres; for when there is no network. */
function nearestOf(catalogue: Catalogue | undefined, lat: number, lon: number): Near[] {
  const metersOf = (a: number, b: number) => Math.hypot((a - lat) * 110_574, (b - lon) * 111_320 * Math.cos((lat * Math.PI) / 180));
  return (catalogue?.communes ?? [])
    .filter((one) => one.lat !== undefined && one.lon !== undefined)
    .map((one) => ({ code: one.code, name: one.full_name, meters: metersOf(one.lat!, one.lon!) }))
    .sort((a, b) => a.meters - b.meters)
    .slice(0, 3);
}

const nearOf = (place: Place): Near[] => place.nearest.slice(0, 3).map((one) => ({ code: one.code, name: one.full_name ?? one.name ?? '', meters: one.distance_m }));

export function PlaceStep({ draft, change, faults }: StepProps) {
  const catalogue = useCatalogue();
  const [near, setNear] = useState<Near[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [map, showMap] = useState(Boolean(draft.point) || navigator.onLine);

  /* Of questions where it is, the last one counts, and no more once a commune was chosen. */
  const turn = useRef(0);
  const choose = (commune: string) => (turn.current++, change({ commune }));
  const locate = async (lat: number, lon: number) => {
    const asked = ++turn.current;
    const point = { lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) };
    setProblem(undefined);
    change({ point });
    try {
      const place = await get('/v1/places', {}, point);
      if (asked !== turn.current) return;
      if (place.found === 'outside') {
        setProblem(own('outside'));
        change({ point, commune: '' });
        return setNear(nearOf(place));
      }
      if (place.found === 'polygon' || place.found === 'nearest') {
        change({ point, commune: place.commune?.code ?? '' });
        return setNear([]);
      }
      setNear(nearOf(place));
      change({ point, commune: place.nearest[0]?.code ?? '' });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (asked !== turn.current) return;
      const guessed = nearestOf(catalogue.data, lat, lon);
      setNear(guessed);
      change({ point, commune: guessed[0]?.code ?? '' });
    }
  };
  const gps = () => {
    setBusy(true);
    const failed = () => (setBusy(false), setProblem(own('noGps')));
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(({ coords }) => void locate(coords.latitude, coords.longitude).finally(() => (setBusy(false), showMap(navigator.onLine))), failed, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 });
  };
  const chosen = catalogue.data?.communes.find((one) => one.code === draft.commune);
  const center: [number, number] = draft.point ? [draft.point.lat, draft.point.lon] : chosen?.lat ? [chosen.lat, chosen.lon ?? CENTER[1]] : CENTER;

  return (
    <section class="stack">
      <Button look="main" icon="target" busy={busy} wide onClick={gps}>
        {own('gps')}
      </Button>
      {problem && (
        <Note tone="warn" icon="warn" live>
          {problem}
        </Note>
      )}
      {map ? (
        <div class="stack tight">
          <p class="small soft">{own('drag')}</p>
          <LazyMap center={center} zoom={draft.point ? 16 : 10} label={own('onMap')} picked={draft.point} onPick={(lat, lon) => void locate(lat, lon)} communes={catalogue.data?.communes ?? []} />
        </div>
      ) : (
        <Button icon="map" wide onClick={() => showMap(true)}>
          {own('onMap')}
        </Button>
      )}
      {near.length > 0 && <Choices name="near" legend={own('nearest')} options={near.map((one) => [one.code, one.name, distance(one.meters)] as const)} value={draft.commune} onChange={choose} />}
      <Field id="commune" label={say('commune')} error={faults['/commune']?.words} help={chosen && near.length === 0 && draft.point ? own('found', chosen.full_name) : undefined}>
        {(described) => (
          <select {...described} value={draft.commune ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">{say('choose')}</option>
            {catalogue.data?.communes.map((one) => (
              <option key={one.code} value={one.code}>
                {one.full_name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field id="address" label={own('addressLabel')} help={own('addressHelp')} optional>
        {(described) => <input {...described} type="text" maxLength={100} value={draft.address ?? ''} onInput={(event) => change({ address: event.currentTarget.value })} />}
      </Field>
    </section>
  );
}
