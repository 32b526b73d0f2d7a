/* What is published around: on a map, in clusters, or as a list; by category, commune, state and words. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PublicReport } from '../../api';
import { get } from '../../shared/call';
import { count } from '../../shared/format';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue, categoryIcon, categoryName, type Catalogue } from '../lib/catalogue';
import { clusters } from '../lib/clusters';
import { go, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { reportStateCodes } from '../../shared/states';
import { say, stateWord } from '../lib/words';
import { LazyMap } from '../../shared/parts/lazy-map';
import { ReportRow } from '../parts/report-row';
import { More } from '../parts/whole';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';

const own = sayFrom({
  words: ['Tìm, không cần dấu', 'Search by words'],
  none: ['Không có phản ánh nào như vậy', 'No report is like that'],
  noneWords: ['Thử bỏ bớt điều kiện lọc.', 'Try fewer filters.'],
  clear: ['Bỏ lọc', 'Clear filters'],
  filter: ['Lọc', 'Filter'],
  filterN: ['Lọc ({0})', 'Filter ({0})'],
  shown: ['{0} phản ánh trong khung', 'Reports in view: {0}'],
  many: ['hơn {0} phản ánh trong khung, hãy phóng to', 'more than {0} reports in view; zoom in'],
  openMany: ['{0} phản ánh ở đây', 'Reports here: {0}'],
});

const FIELDS = ['category', 'commune', 'state', 'q'] as const;
type Filter = Partial<Record<(typeof FIELDS)[number], string>>;
/* The whole province is seen, on a phone too. */
const wholeZoom = (): number => (innerWidth < 600 ? 8 : 9);
const CENTER: [number, number] = [9.1, 105.2]; // of Cà Mau
const MOST = 200;

/* An address may be of an older app, or cut by hand: what cannot be asked for is left out. */
const asks: Partial<Record<string, (value: string) => boolean>> = { state: (value) => (reportStateCodes as string[]).includes(value), category: (value) => /^\w{1,40}$/.test(value), commune: (value) => /^\d{5}$/.test(value) };
const MOST_WORDS = 100;
const filterOf = (where: Where): Filter =>
  Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = where.query.get(field)?.slice(0, MOST_WORDS);
      return value && (asks[field]?.(value) ?? true) ? [[field, value]] : [];
    }),
  );

function change(where: Where, next: Record<string, string>): void {
  const query = new URLSearchParams(where.query);
  for (const [name, value] of Object.entries(next)) value ? query.set(name, value) : query.delete(name);
  const text = query.toString();
  go(`${where.path}${text ? `?${text}` : ''}`, true);
}

function Filters({ where, catalogue }: { where: Where; catalogue: Catalogue | undefined }) {
  const filter = filterOf(where);
  const [words, setWords] = useState(filter.q ?? '');
  const used = Object.keys(filter).filter((name) => name !== 'q').length;
  const [open, setOpen] = useState(used > 0 || innerWidth >= 900);
  useEffect(() => {
    if (words === (filter.q ?? '')) return;
    const later = setTimeout(() => change(where, { q: words.trim() }), 350);
    return () => clearTimeout(later);
  }, [words]);
  const select = (name: 'category' | 'commune' | 'state', any: string, options: ReadonlyArray<readonly [string, string]>) => (
    <select aria-label={say(name)} value={filter[name] ?? ''} onChange={(event) => change(where, { [name]: event.currentTarget.value })}>
      <option value="">{any}</option>
      {options.map(([code, label]) => (
        <option key={code} value={code}>
          {label}
        </option>
      ))}
    </select>
  );
  return (
    <div class="stack tight">
      <div class="find">
        <input type="search" aria-label={own('words')} placeholder={own('words')} value={words} maxLength={MOST_WORDS} onInput={(event) => setWords(event.currentTarget.value)} />
        <Button aria-expanded={open} aria-controls="filters" onClick={() => setOpen(!open)}>
          {used > 0 ? own('filterN', used) : own('filter')}
        </Button>
      </div>
      <div class="filters" id="filters" hidden={!open}>
        {select('category', say('anyCategory'), (catalogue?.categories ?? []).map((one) => [one.code ?? '', named(one)] as const))}
        {select('commune', say('anyCommune'), (catalogue?.communes ?? []).map((one) => [one.code, one.full_name] as const))}
        {select('state', say('anyState'), reportStateCodes.map((one) => [one, stateWord(one)] as const))}
      </div>
    </div>
  );
}

type Box = [number, number, number, number];

function OnMap({ filter, catalogue, where }: { filter: Filter; catalogue: Catalogue | undefined; where: Where }) {
  const [view, setView] = useState<{ box: Box; zoom: number }>();
  const box = view?.box.map((n) => n.toFixed(3)).join(',') ?? '';
  const key = JSON.stringify([filter, box]);
  const found = useLoaded(async () => (box ? (await get('/v1/public/reports', {}, { ...filter, box, limit: MOST } as never)).items : []), key);
  const [last, setLast] = useState<PublicReport[]>([]);
  useEffect(() => void (found.data && setLast(found.data)), [found.data]);
  const groups = useMemo(() => clusters(last.filter((one) => one.point), view?.zoom ?? wholeZoom()), [last, view?.zoom]);
  const [picked, pick] = useState<PublicReport[]>([]);
  const marks = useMemo(
    () =>
      groups.map((group) => ({
        lat: group.lat,
        lon: group.lon,
        count: group.items.length,
        icon: group.items.length === 1 ? categoryIcon(catalogue, group.items[0]!.category) : undefined,
        label: group.items.length === 1 ? categoryName(catalogue, group.items[0]!.category) : own('openMany', group.items.length),
        onClick: () => pick(group.items.slice(0, 10)),
      })),
    [groups, catalogue],
  );
  const center = useMemo((): [number, number] => {
    const one = catalogue?.communes.find(({ code }) => code === filter.commune);
    return one?.lat ? [one.lat, one.lon ?? CENTER[1]] : CENTER;
  }, [filter.commune]);
  return (
    <div class="stack tight wide-page">
      <LazyMap key={filter.commune ?? ''} center={center} zoom={filter.commune ? 13 : wholeZoom()} tall label={say('map')} marks={marks} communes={catalogue?.communes ?? []} onMove={(next, zoom) => setView({ box: next, zoom })} />
      <p class="small soft" role="status">
        {found.error && !found.data ? say('noNews') : last.length < MOST ? own('shown', count(last.length)) : own('many', count(MOST))}
      </p>
      {picked.map((report) => (
        <ReportRow key={report.number} report={report} catalogue={catalogue} href={`/r/${report.number}`} published headed="h2" />
      ))}
      {last.length === 0 && found.data && Object.keys(filter).length > 0 && <Nothing where={where} />}
    </div>
  );
}

const Nothing = ({ where }: { where: Where }) => (
  <Empty icon="search" title={own('none')}>
    <p>{own('noneWords')}</p>
    <Button onClick={() => change(where, { category: '', commune: '', state: '', q: '' })}>{own('clear')}</Button>
  </Empty>
);

function AsList({ filter, catalogue, where }: { filter: Filter; catalogue: Catalogue | undefined; where: Where }) {
  const key = JSON.stringify(filter);
  const first = useLoaded(() => get('/v1/public/reports', {}, { ...filter, limit: 20 } as never), key);
  const [more, setMore] = useState<{ key: string; items: PublicReport[]; next: string | undefined }>();
  if (first.error && !first.data) return <Failed error={first.error} again={first.again} />;
  if (!first.data) return <Loading />;
  const rest = more?.key === key ? more : { key, items: [], next: first.data.next };
  const load = async () => {
    const page = await get('/v1/public/reports', {}, { ...filter, limit: 20, cursor: rest.next } as never);
    setMore({ key, items: [...rest.items, ...page.items], next: page.next });
  };
  const items = [...first.data.items, ...rest.items];
  return (
    <div class="stack tight">
      {items.map((report) => (
        <ReportRow key={report.number} report={report} catalogue={catalogue} href={`/r/${report.number}`} published headed="h2" />
      ))}
      {items.length === 0 && <Nothing where={where} />}
      {rest.next && <More load={load} />}
    </div>
  );
}

export default function Around({ where }: { where: Where }) {
  const catalogue = useCatalogue();
  const view = where.query.get('view') === 'list' ? 'list' : 'map';
  const Shown = view === 'list' ? AsList : OnMap;
  return (
    <>
      <Title>{say('around')}</Title>
      <div class="segmented" role="group" aria-label={say('around')}>
        {(['map', 'list'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={view === one} onClick={() => change(where, { view: one === 'map' ? '' : one })}>
            {say(one)}
          </button>
        ))}
      </div>
      <Filters where={where} catalogue={catalogue.data} />
      <Shown filter={filterOf(where)} catalogue={catalogue.data} where={where} />
    </>
  );
}
