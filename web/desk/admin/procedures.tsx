/* Procedures and their versions; a file of them is tried first, with what it changes and all that is wrong in it. */
import { useMemo, useState } from 'preact/hooks';
import type { AdminProcedureList, AdminProceduresImported } from '../../api';
import { Problem, get, put } from '../../shared/call';
import { folded } from '../../shared/catalogue';
import { count, dateOf } from '../../shared/format';
import { Button, Dialog, Empty, Note, Tag } from '../../shared/parts/ui';
import type { Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { phrase, sayFrom } from '../../shared/words';
import { say } from '../words';
import { FilePick } from './file-pick';
import { Frame, Shown } from './frame';
import { Faults, faultOf, importWords, partsOf, rowsOf, type Fault } from './import-parts';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  find: ['Tìm tên, mã, lĩnh vực', 'Find a name, code or field'],
  none: ['Không có thủ tục nào như vậy.', 'There is no such procedure.'],
  empty: ['Chưa có thủ tục nào. Hãy nạp từ tệp.', 'There are no procedures yet. Import a file.'],
  version: ['Bản từ {0}', 'Version of {0}'],
  until: ['đến {0}', 'until {0}'],
  inForce: ['Đang hiệu lực', 'In force'],
  notYet: ['Không hiệu lực', 'Not in force'],
  whole: ['Toàn trình', 'Wholly online'],
  part: ['Một phần', 'Partly online'],
  offline: ['Chưa trực tuyến', 'Not online'],
  title: ['Nạp thủ tục từ tệp', 'Import procedures'],
  help: ['Tệp JSON: danh sách thủ tục, như tramctl nạp. Thủ tục đã đổi thành một bản mới; hồ sơ đang xử lý giữ bản cũ.', 'A JSON file: a list of procedures, as tramctl takes it. What changed becomes a new version; dossiers that were filed keep theirs.'],
  new: ['Thêm', 'New'],
  changed: ['Bản mới', 'New version'],
  ended: ['Đổi ngày hết hiệu lực', 'Other last day'],
  unchanged: ['{0} thủ tục giữ nguyên.', '{0} procedures stay.'],
  shown: ['{0} thủ tục', '{0} procedures'],
});

type Version = AdminProcedureList['items'][number];
const PART_ROWS = 200;
const SHOWN_FIRST = 60;

interface Trial {
  rows: unknown[];
  changes: AdminProceduresImported['rows'];
  unchanged: number;
  faults: Fault[];
  more: number;
}

async function tryFile(file: File): Promise<Trial | string> {
  const rows = await rowsOf(file);
  if (typeof rows === 'string') return rows;
  const trial: Trial = { rows, changes: [], unchanged: 0, faults: [], more: 0 };
  let at = 0;
  for (const part of partsOf(rows, PART_ROWS)) {
    const { data } = await put('/v1/admin/procedures', {}, part, { query: { check: 'true' } });
    trial.changes.push(...data.rows);
    trial.unchanged += data.unchanged;
    trial.more += data.more_faults;
    const from = at;
    for (const one of data.faults) trial.faults.push(faultOf(one.pointer, phrase([one.vi, one.en]), (index) => from + index));
    at += part.length;
  }
  return trial;
}

/* What was valid when it was tried and no longer is, is told as it would have been. */
async function load(rows: unknown[]): Promise<void> {
  for (const part of partsOf(rows, PART_ROWS)) {
    const { data } = await put('/v1/admin/procedures', {}, part);
    if (!data.applied) throw new Problem(422, { errors: data.faults.map((one) => ({ pointer: one.pointer, detail: phrase([one.vi, one.en]) })) });
  }
}

function Import({ onDone }: { onDone: (again: boolean) => void }) {
  const [trial, set] = useState<Trial>();
  const [words, setWords] = useState<string>();
  const [trying, setTrying] = useState(false);
  const saving = useSaving();
  async function choose(file: File): Promise<void> {
    set(undefined);
    setWords(undefined);
    saving.clear();
    setTrying(true);
    try {
      const found = await tryFile(file);
      if (typeof found === 'string') setWords(found);
      else set(found);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setWords(error.message);
    } finally {
      setTrying(false);
    }
  }
  const tones = { new: 'good', changed: 'info', ended: 'warn' } as const;
  return (
    <Dialog title={own('title')} onClose={() => onDone(false)}>
      <div class="stack">
        <p class="soft">{own('help')}</p>
        <FilePick accept=".json,application/json" busy={trying} onFile={(file) => void choose(file)} />
        {words && (
          <Note tone="bad" live>
            {words}
          </Note>
        )}
        {trial && trial.faults.length > 0 && <Faults faults={trial.faults} more={trial.more} />}
        {trial && trial.faults.length === 0 && trial.changes.length === 0 && <Note>{importWords('nothing')}</Note>}
        {trial && trial.unchanged > 0 && <p class="soft small">{own('unchanged', count(trial.unchanged))}</p>}
        {trial && trial.changes.length > 0 && (
          <ul class="differences" tabIndex={0}>
            {trial.changes.map((one) => (
              <li key={one.code} class="difference row">
                <Tag tone={tones[one.change as 'new'] ?? 'plain'}>{own(one.change as 'new')}</Tag>
                <span>
                  <strong>{one.name}</strong> <small class="soft">{one.code}</small>
                </span>
              </li>
            ))}
          </ul>
        )}
        <SavingNote saving={saving} />
        <div class="row end">
          <Button look="quiet" onClick={() => onDone(false)}>
            {say('leaveIt')}
          </Button>
          {trial && trial.faults.length === 0 && trial.changes.length > 0 && (
            <Button look="main" busy={saving.busy} onClick={() => void saving.run(() => load(trial.rows), importWords('loaded', count(trial.changes.length))).then((done) => done && onDone(true))}>
              {importWords('load', count(trial.changes.length))}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

const scopeWord = (scope: string | undefined): string | undefined => (scope === 'whole' || scope === 'part' || scope === 'offline' ? own(scope) : scope);

function One({ versions }: { versions: Version[] }) {
  const shown = versions.find((one) => one.in_force) ?? versions[0]!;
  return (
    <li class="procedure">
      <details>
        <summary>
          <span class="grow">
            <strong>{shown.name}</strong>
            <small class="soft">
              {' '}
              {shown.code}
              {shown.field && ` · ${shown.field}`}
            </small>
          </span>
          <span class="row">
            {shown.scope && <Tag>{scopeWord(shown.scope)}</Tag>}
            <Tag tone={shown.in_force ? 'good' : 'warn'}>{own(shown.in_force ? 'inForce' : 'notYet')}</Tag>
          </span>
        </summary>
        <ul>
          {versions.map((one) => (
            <li key={one.version_no} class="row small">
              <span>
                {own('version', dateOf(one.from))}
                {one.until && ` ${own('until', dateOf(one.until))}`}
              </span>
              {one.in_force && <Tag tone="good">{own('inForce')}</Tag>}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

function List({ items }: { items: Version[] }) {
  const [find, setFind] = useState('');
  const [most, setMost] = useState(SHOWN_FIRST);
  const all = useMemo(() => {
    const byCode = new Map<string, Version[]>();
    for (const one of items) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
    return [...byCode.values()].map((versions) => versions.sort((a, b) => b.version_no - a.version_no)).sort((a, b) => (a[0]!.code < b[0]!.code ? -1 : 1));
  }, [items]);
  const words = folded(find.trim());
  const found = all.filter(([first]) => folded(`${first!.code} ${first!.name} ${first!.field ?? ''}`).includes(words));
  if (all.length === 0) return <Empty icon="paper" title={own('empty')} />;
  return (
    <>
      <div class="narrowing">
        <input type="search" class="filter wide" aria-label={own('find')} placeholder={own('find')} maxLength={80} value={find} onInput={(event) => setFind(event.currentTarget.value)} />
      </div>
      {found.length === 0 ? <Empty icon="search" title={own('none')} /> : <p class="small soft">{own('shown', count(found.length))}</p>}
      <ul class="lines-list">
        {found.slice(0, most).map((versions) => (
          <One key={versions[0]!.code} versions={versions} />
        ))}
      </ul>
      {found.length > most && <Button onClick={() => setMost(most + SHOWN_FIRST)}>{say('more')}</Button>}
    </>
  );
}

export function Procedures(_: { where: Where }) {
  const list = useLoaded(async () => (await get('/v1/admin/procedures')).items, 'admin procedures');
  const [importing, setImporting] = useState(false);
  return (
    <Frame
      part="procedures"
      beside={
        <Button look="main" icon="share" onClick={() => setImporting(true)}>
          {say('importFile')}
        </Button>
      }
    >
      <Shown of={list}>{(items) => <List items={items} />}</Shown>
      {importing && (
        <Import
          onDone={(again) => {
            setImporting(false);
            if (again) list.again();
          }}
        />
      )}
    </Frame>
  );
}
