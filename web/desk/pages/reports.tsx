/* Reports by deadline. What is chosen stands in the address; several may be done at once; keys do what the mouse does. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Me, StaffReportRow } from '../../api';
import { agencyName, categoryName, communeName, type Catalogue } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { ago } from '../../shared/format';
import { Button, Empty, Failed, Loading, Tag, Title } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { named, sayFrom } from '../../shared/words';
import { Bulk } from '../act/bulk';
import { nameOf, useCatalogue, useColleagues } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { demandWord, firstDemand, timedDemand } from '../parts/demands';
import { Due } from '../parts/due';
import { Filter, Tabs } from '../parts/filters';
import { Lines, type Shown } from '../parts/lines';
import { worksAs } from '../parts/places';
import { reportStateCodes } from '../../shared/states';
import { say, stateWord, toneOfState } from '../words';

const own = sayFrom({
  toDispatch: ['Chờ phân phối', 'To be dispatched'],
  toApprove: ['Chờ duyệt', 'To approve'],
  toReceive: ['Chờ tiếp nhận', 'To receive'],
  waiting: ['Chờ người dân', 'Waits for the citizen'],
  late: ['Trễ và sắp trễ', 'Late and soon late'],
  bounced: ['Bị trả lại', 'Came back'],
  none: ['Không còn việc nào ở đây.', 'Nothing is left here.'],
  noneWords: ['Việc mới hiện ra ngay khi có, không cần tải lại.', 'What is new shows at once, without a reload.'],
  ofOfficer: ['Của một cán bộ', 'Of one officer'],
  officerWords: ['Phản ánh đang giao cho {0}.', 'What is assigned to {0}.'],
  anOfficer: ['một cán bộ', 'an officer'],
  counted: ['Được đếm', 'Counted'],
  span: ['Gửi từ {0} đến {1}', 'Filed from {0} to {1}'],
  onlyLate: ['chỉ những phản ánh trễ', 'only those that were late'],
  onlyInTime: ['chỉ những phản ánh đúng hạn', 'only those in time'],
  photos: ['{0} ảnh', '{0} photos'],
});

const dateWords = (day: string): string => day.split('-').reverse().join('/');

type Row = StaffReportRow;
interface View {
  code: string;
  words: string;
  roles: string[];
}
const views = (): View[] => [
  { code: 'agency', words: say('ofAgency'), roles: ['officer', 'leader'] },
  { code: 'new', words: own('toDispatch'), roles: ['dispatcher'] },
  { code: 'mine', words: say('ofMine'), roles: ['officer', 'leader'] },
  { code: 'receive', words: own('toReceive'), roles: ['officer', 'leader'] },
  { code: 'approval', words: own('toApprove'), roles: ['leader', 'dispatcher'] },
  { code: 'late', words: own('late'), roles: ['dispatcher', 'officer', 'leader', 'inspector'] },
  { code: 'demands', words: say('demands'), roles: ['dispatcher', 'officer', 'leader', 'inspector'] },
  { code: 'all', words: say('all'), roles: ['dispatcher', 'inspector'] },
  { code: 'counted', words: own('counted'), roles: ['dispatcher', 'officer', 'leader', 'inspector'] }, // what a figure counts: no tab otherwise
  { code: 'officer', words: own('ofOfficer'), roles: ['leader', 'inspector'] }, // what one officer has: no tab otherwise
];

const HIDDEN = new Set(['counted', 'officer']); // led to by a figure or a name
const SOON_MINUTES = 120;
type Query = Record<string, string | undefined>;

function loadOf(view: string, { category, commune, state, agency, from, to, late, soon, officer }: Query) {
  return (cursor: string | undefined) => {
    const page = { limit: 50, ...(cursor && { cursor }) };
    const narrowed = { ...page, ...(category && { category }), ...(commune && { commune }) } as Record<string, unknown>;
    if (view === 'counted') return get('/v1/desk/reports', {}, { ...narrowed, ...(agency && { agency }), ...(state && { state }), from, to, late } as never);
    if (view === 'officer') return get('/v1/desk/officers/{id}/reports', { id: officer ?? '' }, page);
    if (view === 'demands') return get('/v1/desk/demands', {}, { ...page, ...(agency && { agency }) });
    const path = view === 'late' ? '/v1/desk/late' : view === 'all' ? '/v1/desk/reports' : '/v1/desk/inbox';
    if (view === 'late') return get(path as '/v1/desk/late', {}, { ...page, ...(category && { category }), ...(agency && { agency }), soon_minutes: Number(soon) || SOON_MINUTES });
    const wanted = view === 'receive' ? 'dispatched' : view === 'approval' ? 'approval' : state;
    return get(path as '/v1/desk/inbox', {}, { ...narrowed, ...(view === 'mine' && { mine: 'true' }), ...(view === 'all' && agency && { agency }), ...(wanted && { state: wanted }) } as never);
  };
}

/* As what is owed to who oversees it, which has a time of its own. */
function asked(row: Shown, one: Row, catalogue: Catalogue | undefined, agency: string | undefined): Shown {
  const demand = firstDemand(one.demands, agency);
  if (!demand) return row;
  return { ...row, due: <Due of={timedDemand(demand)} off={catalogue?.off} />, text: `${demandWord(demand)}: ${demand.text ?? ''}`, where: agency || demand.agency === one.agency ? row.where : [agencyName(catalogue, demand.agency), row.where[1]] };
}

function shown(one: Row, catalogue: Catalogue | undefined, officer: string, ofAgency: boolean): Shown {
  const photos = (one.photos ?? []).filter((photo) => !photo.proof).length;
  return {
    id: one.id,
    href: `/desk/reports/${one.id}`,
    due: <Due of={one} />,
    number: one.number ?? '',
    urgent: one.emergency && one.open,
    title: (
      <>
        {one.emergency && <Tag tone="bad">{say('emergency')}</Tag>}
        {one.state === 'new' && one.transfers > 0 && <Tag tone="warn">{own('bounced')}</Tag>}
        <strong>{categoryName(catalogue, one.category)}</strong>
      </>
    ),
    text: one.text,
    where: [communeName(catalogue, one.commune) || one.address || '–', [one.filed_at && ago(one.filed_at), photos > 0 && own('photos', photos)].filter(Boolean).join(' · ')],
    state: [<Tag tone={toneOfState(one.state)}>{stateWord(one.state, 'report')}</Tag>, ofAgency ? (one.state === 'new' ? '' : agencyName(catalogue, one.agency)) : officer || (one.open ? say('nobody') : '')],
  };
}

function Filters({ query, set, view, catalogue, all }: { query: Query; set: (name: string, value: string) => void; view: string; catalogue: Catalogue | undefined; all: boolean }) {
  const fixed = view === 'new' || view === 'receive' || view === 'approval' || view === 'late' || view === 'demands' || view === 'officer';
  const narrow = view !== 'demands' && view !== 'officer';
  return (
    <div class="narrowing">
      {narrow && <Filter name="category" label={say('category')} any={say('anyCategory')} value={query.category} set={set} options={(catalogue?.categories ?? []).map((one) => [one.code!, named(one)])} />}
      {narrow && view !== 'late' && <Filter name="commune" label={say('commune')} any={say('anyCommune')} value={query.commune} set={set} options={(catalogue?.communes ?? []).map((one) => [one.code!, one.full_name!])} />}
      {!fixed && <Filter name="state" label={say('state')} any={say('anyState')} value={query.state} set={set} options={reportStateCodes.map((one) => [one, stateWord(one, 'report')])} />}
      {all && (view === 'late' || view === 'demands' || view === 'all' || view === 'counted') && <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={query.agency} set={set} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />}
    </div>
  );
}

export default function ReportsPage({ where, me }: { where: Where; me: Me }) {
  const role = worksAs(me);
  const mine = views().filter((one) => one.roles.includes(role));
  const view = mine.find((one) => one.code === where.query.get('view'))?.code ?? mine[0]!.code;
  const query: Query = Object.fromEntries(['category', 'commune', 'state', 'agency', 'from', 'to', 'late', 'soon', 'officer'].map((name) => [name, where.query.get(name) ?? undefined]));
  const key = `${view} ${Object.values(query).join(' ')}`;
  const list = usePages<Row>(loadOf(view, query), key);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const all = role === 'dispatcher' || role === 'inspector';
  const acts = role !== 'inspector';
  const rows = list.items ?? [];
  useEffect(() => setChosen(new Set()), [key]);
  const asks = view === 'demands';
  const whose = all ? query.agency : me.agency; // who owes the answers that are looked for
  const lines = useMemo(
    () =>
      rows.map((one) => {
        const row = shown(one, catalogue, nameOf(staff, one.officer), all);
        return asks ? asked(row, one, catalogue, whose) : row;
      }),
    [list.items, catalogue, staff, asks, whose],
  );
  const stillThere = useMemo(() => rows.filter((one) => chosen.has(one.id)), [list.items, chosen]);

  const choose = (ids: string[], yes: boolean) =>
    setChosen((now) => {
      const next = new Set(now);
      for (const id of ids) if (yes) next.add(id);
        else next.delete(id);
      return next;
    });
  const at = (changes: Query): string => {
    const next = new URLSearchParams(where.query);
    for (const [name, value] of Object.entries(changes)) if (value) next.set(name, value);
      else next.delete(name);
    return `/desk/reports${next.size ? `?${next}` : ''}`;
  };
  return (
    <div class="stack">
      <Title>{say('reports')}</Title>
      <Tabs tabs={mine.filter((one) => !HIDDEN.has(one.code) || view === one.code).map((one) => ({ ...one, href: HIDDEN.has(one.code) ? at({}) : at({ view: one.code === mine[0]!.code ? undefined : one.code, state: undefined, from: undefined, to: undefined, late: undefined, soon: undefined, officer: undefined }) }))} now={view} />
      {view === 'counted' && <p class="soft">{[query.from && query.to && own('span', dateWords(query.from), dateWords(query.to)), query.late && own(query.late === 'true' ? 'onlyLate' : 'onlyInTime')].filter(Boolean).join(', ')}</p>}
      {view === 'officer' && <p class="soft">{own('officerWords', nameOf(staff, query.officer) || own('anOfficer'))}</p>}
      <Filters query={query} view={view} catalogue={catalogue} all={all} set={(name, value) => go(at({ [name]: value }), true)} />
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {list.items?.length === 0 && (
        <Empty icon="check" title={asks ? say('noDemands') : own('none')}>
          <p>{own('noneWords')}</p>
        </Empty>
      )}
      <Lines label={say('reports')} rows={lines} chosen={chosen} choose={acts ? choose : undefined} />
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
      {stillThere.length > 0 && <Bulk rows={stillThere} onClear={() => setChosen(new Set())} onDone={list.again} />}
    </div>
  );
}
