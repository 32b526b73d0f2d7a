/*
 * A file of rows: read here, held against what there is and against the server's checks, shown with every difference
 * and every fault, and only then loaded. Each row names the revision it was compared with, so that what somebody
 * changed meanwhile is not overwritten.
 */
import { useState } from 'preact/hooks';
import { Problem, put } from '../../shared/call';
import { count } from '../../shared/format';
import { Button, Dialog, Note, Tag } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { say } from '../words';
import { FilePick } from './file-pick';
import { Faults, faultOf, importWords, partsOf, rowsOf, type Fault } from './import-parts';
import { SavingNote, useSaving } from './saving';

const own = sayFrom({
  agencies: ['Nạp cơ quan từ tệp', 'Import agencies'],
  categories: ['Nạp lĩnh vực từ tệp', 'Import categories'],
  routes: ['Nạp tuyến từ tệp', 'Import routes'],
  help: ['Tệp JSON: một danh sách các dòng, như tramctl nạp. Dòng không có trong tệp được giữ nguyên.', 'A JSON file: a list of rows, as tramctl takes it. Rows that are not in it stay.'],
  added: ['Thêm', 'New'],
  changed: ['Sửa', 'Changed'],
  unchanged: ['{0} dòng giữ nguyên.', '{0} rows stay.'],
  more: ['và {0} dòng nữa', 'and {0} more'],
  empty: ['(trống)', '(empty)'],
});

type Row = Record<string, unknown>;
export type Importable = 'agencies' | 'categories' | 'routes';
const PATHS = { agencies: '/v1/admin/agencies', categories: '/v1/admin/categories', routes: '/v1/admin/routes' } as const;
const PART_ROWS = 400;
const SHOWN = 100;
const NOT_COMPARED = new Set(['revision', 'questions_form']);

export const keyOf = (of: Importable, row: Row): string => (of === 'routes' ? `${String(row.category)} · ${String(row.commune)}` : String(row.code));

/* What a row says of a member: left out, a yes or no is what the server takes it for. */
const valueOf = (row: Row, name: string): unknown => row[name] ?? (name === 'active' ? true : name === 'approval' || name === 'proof' ? false : undefined);
const ordered = (value: unknown): unknown => (value && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, ordered(v)])) : Array.isArray(value) ? value.map(ordered) : value);
const textOf = (value: unknown): string => JSON.stringify(ordered(value)) ?? '';

export interface Difference {
  key: string;
  isNew: boolean;
  members: Array<{ name: string; before: unknown; after: unknown }>;
}

export function differenceOf(of: Importable, row: Row, before: Row | undefined): Difference | undefined {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(row)])].filter((name) => !NOT_COMPARED.has(name));
  const members = names.map((name) => ({ name, before: before && valueOf(before, name), after: valueOf(row, name) })).filter((one) => textOf(one.before) !== textOf(one.after));
  return members.length || !before ? { key: keyOf(of, row), isNew: !before, members } : undefined;
}

interface Read {
  rows: Row[]; // that change something, with their revisions
  places: number[]; // where each stands in the file
  differences: Difference[];
  unchanged: number;
  faults: Fault[];
}

async function check(of: Importable, rows: Row[], places: number[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  let at = 0;
  for (const part of partsOf(rows, PART_ROWS)) {
    try {
      await put(PATHS[of], {}, part as never, { query: { check: 'true' } });
    } catch (error) {
      if (!(error instanceof Problem) || error.errors.length === 0) throw error;
      const from = at;
      for (const one of error.errors) faults.push(faultOf(one.pointer, one.detail, (index) => places[from + index] ?? 0));
    }
    at += part.length;
  }
  return faults;
}

async function readFile(of: Importable, file: File, known: Row[]): Promise<Read | string> {
  const given = await rowsOf(file);
  if (typeof given === 'string') return given;
  const before = new Map(known.map((one) => [keyOf(of, one), one]));
  const found: Read = { rows: [], places: [], differences: [], unchanged: 0, faults: [] };
  given.forEach((row, place) => {
    const was = before.get(keyOf(of, row));
    const difference = differenceOf(of, row, was);
    if (!difference) return void found.unchanged++;
    found.rows.push({ ...row, revision: was?.revision ?? 0 });
    found.places.push(place);
    found.differences.push(difference);
  });
  found.faults = await check(of, found.rows, found.places);
  return found;
}

const shown = (value: unknown): string => (value === undefined ? own('empty') : typeof value === 'string' ? value : JSON.stringify(value));

const One = ({ one }: { one: Difference }) => (
  <li class="difference">
    <div class="row">
      <Tag tone={one.isNew ? 'good' : 'info'}>{own(one.isNew ? 'added' : 'changed')}</Tag> <strong>{one.key}</strong>
    </div>
    {one.members.map((member) => (
      <p key={member.name} class="small wrap-anywhere">
        <span class="soft">{member.name}:</span> {!one.isNew && <del>{shown(member.before)}</del>} <ins>{shown(member.after)}</ins>
      </p>
    ))}
  </li>
);

export function ImportRows({ of, rows, onDone }: { of: Importable; rows: object[]; onDone: (again: boolean) => void }) {
  const [read, set] = useState<Read>();
  const [words, setWords] = useState<string>();
  const saving = useSaving();
  async function choose(file: File): Promise<void> {
    set(undefined);
    setWords(undefined);
    saving.clear();
    try {
      const found = await readFile(of, file, rows as Row[]);
      if (typeof found === 'string') setWords(found);
      else set(found);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setWords(error.message);
    }
  }
  async function load(): Promise<void> {
    const left = read!.rows;
    const done = await saving.run(async () => {
      for (const part of partsOf(left, PART_ROWS)) await put(PATHS[of], {}, part as never);
    }, importWords('loaded', count(left.length)));
    if (done) onDone(true);
  }
  return (
    <Dialog title={own(of)} onClose={() => onDone(false)}>
      <div class="stack">
        <p class="soft">{own('help')}</p>
        <FilePick accept=".json,application/json" onFile={(file) => void choose(file)} />
        {words && (
          <Note tone="bad" live>
            {words}
          </Note>
        )}
        {read && read.faults.length > 0 && <Faults faults={read.faults} />}
        {read && (
          <>
            {read.differences.length === 0 ? <Note>{importWords('nothing')}</Note> : read.unchanged > 0 && <p class="soft small">{own('unchanged', count(read.unchanged))}</p>}
            <ul class="differences" tabIndex={0}>
              {read.differences.slice(0, SHOWN).map((one) => (
                <One key={one.key} one={one} />
              ))}
              {read.differences.length > SHOWN && <li class="soft">{own('more', count(read.differences.length - SHOWN))}</li>}
            </ul>
          </>
        )}
        <SavingNote saving={saving} reload={() => onDone(true)} />
        <div class="row end">
          <Button look="quiet" onClick={() => onDone(false)}>
            {say('leaveIt')}
          </Button>
          {read && read.faults.length === 0 && read.rows.length > 0 && (
            <Button look="main" busy={saving.busy} onClick={() => void load()}>
              {importWords('load', count(read.rows.length))}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
