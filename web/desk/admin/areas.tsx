/* The borders of the communes: a file is drawn and looked through here first, then sent, checked, and put in force. */
import { useState } from 'preact/hooks';
import type { Commune } from '../../api';
import { Problem, get, put } from '../../shared/call';
import { count, percent } from '../../shared/format';
import { LazyMap } from '../../shared/parts/lazy-map';
import type { Mark } from '../../shared/parts/map';
import { Button, Note } from '../../shared/parts/ui';
import type { Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { readAreas, sendFile, tooLarge, type AreaFile } from './area-file';
import { FilePick } from './file-pick';
import { Frame, Shown } from './frame';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  lead: ['Chọn tệp GeoJSON: một hình cho mỗi xã, phường, mang mã 5 chữ số ở thuộc tính “code”. Tệp được vẽ ngay tại đây, chưa gửi đi đâu.', 'Choose a GeoJSON file: one shape for each commune, with its five digits as the property “code”. It is drawn here; nothing is sent yet.'],
  now: ['Đang dùng ranh giới của {0} xã, phường.', 'The borders of {0} communes are in force.'],
  nowNone: ['Chưa có ranh giới: người dân chọn xã, phường gần nhất.', 'There are no borders: citizens choose the nearest commune.'],
  map: ['Bản đồ ranh giới', 'Map of the borders'],
  whole: ['Tệp có đủ {0} xã, phường.', 'The file has all {0} communes.'],
  missing: ['Thiếu {0} trong {1} xã, phường:', '{0} of {1} communes are missing:'],
  isMissing: ['Thiếu: {0}', 'Missing: {0}'],
  faults: ['Tệp có chỗ sai:', 'Something is wrong with the file:'],
  more: ['và {0} chỗ nữa', 'and {0} more'],
  load: ['Đưa vào sử dụng', 'Put in force'],
  sending: ['Đang gửi: {0}', 'Sending: {0}'],
  checking: ['Máy chủ đang kiểm tra…', 'The server is checking it…'],
  setting: ['Đang đưa vào sử dụng…', 'It is being put in force…'],
  set: ['Ranh giới mới đã được dùng.', 'The new borders are in force.'],
  again: ['Phản ánh mới theo ranh giới này; phản ánh đã gửi giữ nguyên nơi xử lý.', 'Reports to come go by these borders; those that were sent stay where they are.'],
});

const CENTER: [number, number] = [9.2, 105.3];
const SHOWN = 12;

function Findings({ found, all }: { found: AreaFile; all: number }) {
  const sound = found.faults.length === 0 && found.missing.length === 0;
  if (sound) return <Note tone="good">{own('whole', all)}</Note>;
  return (
    <Note tone="bad" live>
      {found.missing.length > 0 && (
        <p>
          {own('missing', found.missing.length, all)} {found.missing.map((one) => one.full_name).join(', ')}.
        </p>
      )}
      {found.faults.length > 0 && (
        <>
          <p>{own('faults')}</p>
          <ul>
            {found.faults.slice(0, SHOWN).map((one, i) => (
              <li key={i}>{one}</li>
            ))}
            {found.faults.length > SHOWN && <li>{own('more', found.faults.length - SHOWN)}</li>}
          </ul>
        </>
      )}
    </Note>
  );
}

type Stage = { at: 'sending'; sent: number } | { at: 'checking' } | { at: 'setting' };

function Progress({ stage, size }: { stage: Stage; size: number }) {
  const words = stage.at === 'sending' ? own('sending', percent(stage.sent, size)) : own(stage.at);
  return (
    <div role="status">
      <p id="area-progress">{words}</p>
      <progress class="progress" aria-labelledby="area-progress" max={size} {...(stage.at === 'sending' && { value: stage.sent })} />
    </div>
  );
}

function Loader({ communes, again }: { communes: Commune[]; again: () => void }) {
  const [file, setFile] = useState<File>();
  const [found, set] = useState<AreaFile>();
  const [words, setWords] = useState<string>();
  const [stage, setStage] = useState<Stage>();
  const saving = useSaving();
  async function choose(next: File): Promise<void> {
    set(undefined);
    setWords(tooLarge(next));
    saving.clear();
    setFile(next);
    if (tooLarge(next)) return;
    const read = readAreas(await next.text(), communes);
    if (typeof read === 'string') setWords(read);
    else set(read);
  }
  async function load(): Promise<void> {
    setWords(undefined);
    setStage({ at: 'sending', sent: 0 });
    try {
      const name = await sendFile(file!, (sent) => setStage({ at: 'sending', sent }));
      setStage({ at: 'checking' });
      await put('/v1/admin/areas', {}, { borders_file: name }, { query: { check: 'true' } });
      setStage({ at: 'setting' });
      if (!(await saving.run(() => put('/v1/admin/areas', {}, { borders_file: name }), own('set')))) return;
      (await import('../../shared/parts/map')).forgetBorders();
      again();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setWords(error.message);
    } finally {
      setStage(undefined);
    }
  }
  const marks: Mark[] = (found?.missing ?? []).map((one) => ({ lat: one.lat ?? 0, lon: one.lon ?? 0, count: 1, label: own('isMissing', one.full_name), onClick: () => undefined }));
  const sound = found && found.faults.length === 0 && found.missing.length === 0;
  return (
    <>
      <section class="card">
        <p class="soft">{own('lead')}</p>
        <FilePick accept=".geojson,.json,application/geo+json,application/json" busy={stage !== undefined} onFile={(next) => void choose(next)} />
        {words && (
          <Note tone="bad" live>
            {words}
          </Note>
        )}
        {found && <Findings found={found} all={communes.length} />}
        {stage && <Progress stage={stage} size={file!.size} />}
        <SavingNote saving={saving} />
        {sound && !stage && (
          <>
            <p class="soft small">{own('again')}</p>
            <div class="row end">
              <Button look="main" onClick={() => void load()}>
                {own('load')}
              </Button>
            </div>
          </>
        )}
      </section>
      <LazyMap key={file ? `${file.name} ${file.lastModified} ${found !== undefined}` : 'now'} center={CENTER} zoom={9} tall label={own('map')} communes={communes} marks={marks} {...(found && found.shapes.features.length > 0 && { shapes: found.shapes })} />
    </>
  );
}

export function Areas(_: { where: Where }) {
  const known = useLoaded(async () => {
    const [communes, outlines] = await Promise.all([get('/v1/communes'), get('/v1/communes/outlines')]);
    return { communes: communes.items, drawn: (outlines as unknown as GeoJSON.FeatureCollection).features.length };
  }, 'admin areas');
  return (
    <Frame part="areas">
      <Shown of={known}>
        {({ communes, drawn }) => (
          <>
            <Note tone={drawn ? 'plain' : 'warn'}>{drawn ? own('now', count(drawn)) : own('nowNone')}</Note>
            <Loader key={drawn} communes={communes} again={known.again} />
          </>
        )}
      </Shown>
    </Frame>
  );
}
