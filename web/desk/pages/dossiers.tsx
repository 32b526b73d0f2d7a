/* Dossiers by deadline, in the tabs of an officer's day; what is chosen stands in the address. */
import { useMemo } from 'preact/hooks';
import type { Me, StaffDossierRow } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Empty, Failed, Loading, Tag, Title } from '../../shared/parts/ui';
import { procedureNames } from '../../shared/procedures';
import { go, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { nameOf, useCatalogue, useColleagues } from '../lib/catalogue';
import { usePages } from '../lib/pages';
import { demandWord, firstDemand, timedDemand } from '../parts/demands';
import { Due } from '../parts/due';
import { Filter, Tabs } from '../parts/filters';
import { Lines, type Shown } from '../parts/lines';
import { worksAs } from '../parts/places';
import { Refunds } from '../dossier/refunds';
import { dossierStateCodes } from '../../shared/states';
import { say, stateWord, toneOfState } from '../words';

const own = sayFrom({
  receive: ['Chờ tiếp nhận', 'To receive'],
  mine: ['Giao cho tôi', 'Mine'],
  sign: ['Chờ ký', 'To sign'],
  papers: ['Chờ bổ sung', 'Papers awaited'],
  fee: ['Chờ nộp phí', 'Fee awaited'],
  today: ['Trễ, hạn hôm nay', 'Late, due today'],
  refunds: ['Hoàn tiền', 'Refunds'],
  given: ['Đã hoàn trả', 'Given back'],
  toGive: ['Phải hoàn trả', 'To be given back'],
  refundState: ['Tiền hoàn', 'Refunds'],
  asked: ['Yêu cầu nộp lại', 'Papers asked again'],
  noneAsked: ['Không hồ sơ nào bị yêu cầu nộp lại giấy tờ đã có.', 'No papers were asked for again.'],
  back: ['Chờ trả kết quả', 'To hand out'],
  agency: ['Của đơn vị', 'Of my agency'],
  counted: ['Được đếm', 'Counted'],
  procedure: ['Thủ tục', 'Procedure'],
  anyProcedure: ['Mọi thủ tục', 'Any procedure'],
  none: ['Không có hồ sơ nào ở đây.', 'No dossiers here.'],
  noneWords: ['Hồ sơ mới hiện ra ngay khi có, không cần tải lại.', 'New ones show at once, without a reload.'],
  promised: ['Hẹn {0}', 'Promised {0}'],
  filed: ['Nộp {0}', 'Filed {0}'],
});

type Row = StaffDossierRow;
const views = [
  { code: 'receive', roles: ['officer', 'leader'] },
  { code: 'mine', roles: ['officer', 'leader'] },
  { code: 'sign', roles: ['leader'] },
  { code: 'agency', roles: ['officer', 'leader'] },
  { code: 'papers', roles: ['officer', 'leader'] },
  { code: 'fee', roles: ['officer', 'leader'] },
  { code: 'today', roles: ['officer', 'leader', 'inspector'] },
  { code: 'back', roles: ['officer', 'leader'] },
  { code: 'demands', roles: ['officer', 'leader', 'inspector'] },
  { code: 'asked', roles: ['leader', 'inspector'] },
  { code: 'all', roles: ['inspector'] },
  { code: 'refunds', roles: ['officer', 'leader', 'inspector'] },
  { code: 'counted', roles: ['leader', 'inspector'] }, // what a figure counts: it comes from there, and is no tab otherwise
] as const;
type View = (typeof views)[number]['code'];
const STATES: Partial<Record<View, Row['state']>> = { receive: 'submitted', papers: 'supplement', fee: 'fee', back: 'finished' };

const UTC_AHEAD_MINUTES = 7 * 60;
const minutesLeftToday = (): number => 1440 - ((Math.floor(Date.now() / 60_000) + UTC_AHEAD_MINUTES) % 1440);

function loadOf(view: View, query: { procedure: string | undefined; state: string | undefined; agency: string | undefined; soon: string | undefined }, counted: URLSearchParams) {
  return (cursor: string | undefined) => {
    if (view === 'counted') return get('/v1/desk/dossiers/counted', {}, { limit: 50, ...Object.fromEntries([...counted].filter(([name]) => name !== 'view')), ...(cursor && { cursor }) });
    if (view === 'refunds') return Promise.resolve({ items: [] }); // of another kind: see Refunds
    const page = { limit: 50, ...(cursor && { cursor }) };
    const state = STATES[view] ?? (query.state as Row['state'] | undefined);
    const narrowed = { ...page, ...(query.procedure && { procedure: query.procedure }), ...(state && { state }) };
    if (view === 'today') return get('/v1/desk/dossiers/late', {}, { ...page, soon_minutes: query.soon ?? String(minutesLeftToday()), ...(query.agency && { agency: query.agency }) });
    if (view === 'demands') return get('/v1/desk/dossiers/demands', {}, { ...page, ...(query.agency && { agency: query.agency }) });
    if (view === 'asked') return get('/v1/desk/dossiers/asked-again', {}, { ...page, ...(query.agency && { agency: query.agency }) });
    if (view === 'back') return get('/v1/desk/dossiers/filed-here', {}, narrowed);
    if (view === 'all') return get('/v1/desk/dossiers', {}, { ...narrowed, ...(query.agency && { agency: query.agency }) });
    return get('/v1/desk/dossiers/inbox', {}, { ...narrowed, ...(view === 'mine' && { mine: 'true' as const }), ...(view === 'sign' && { to_sign: 'true' as const }) });
  };
}

const filed = (one: Row): string => (one.filed_at ? own('filed', momentOf(one.filed_at)) : '');

export default function DossiersPage({ where, me }: { where: Where; me: Me }) {
  const mine = views.filter((one) => (one.roles as readonly string[]).includes(worksAs(me)));
  const view = mine.find((one) => one.code === where.query.get('view'))?.code ?? mine[0]!.code;
  const query = { procedure: where.query.get('procedure') ?? undefined, state: where.query.get('state') ?? undefined, agency: where.query.get('agency') ?? undefined, soon: where.query.get('soon') ?? undefined };
  const list = usePages<Row>(loadOf(view, query, where.query), `dossiers ${view} ${where.query}`);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const rows = useMemo(() => list.items ?? [], [list.items]);
  const codes = [...new Set([...rows.map((one) => one.procedure ?? ''), query.procedure ?? ''])].filter(Boolean).sort();
  const names = useLoaded(() => procedureNames(codes), codes.join()).data;
  const lines: Shown[] = useMemo(
    () =>
      rows.map((one) => {
        const demand = view === 'demands' ? firstDemand(one.demands, me.role === 'inspector' ? query.agency : me.agency) : undefined;
        return {
          id: one.id,
          href: `/desk/dossiers/${one.id}`,
          due: <Due of={demand ? timedDemand(demand) : one} off={catalogue?.off} />,
          number: one.number ?? '',
          urgent: one.late && one.open,
          title: <strong>{names?.[one.procedure ?? ''] ?? one.procedure}</strong>,
          text: demand ? `${demandWord(demand)}: ${demand.text ?? ''}` : view === 'asked' ? one.asks?.map((ask) => ask.reason).join('; ') : undefined,
          where: one.appointment ? [own('promised', momentOf(one.appointment)), filed(one)] : [filed(one), ''],
          state: [<Tag tone={toneOfState(one.state)}>{stateWord(one.state, 'dossier')}</Tag>, me.role === 'inspector' ? agencyName(catalogue, one.agency) : nameOf(staff, one.officer) || (one.open ? say('nobody') : '')],
        };
      }),
    [rows, names, catalogue, staff, view],
  );
  const at = (changes: Record<string, string | undefined>): string => {
    const next = new URLSearchParams(where.query);
    for (const [name, value] of Object.entries(changes)) if (value) next.set(name, value);
      else next.delete(name);
    return `/desk/dossiers${next.size ? `?${next}` : ''}`;
  };
  const set = (name: string, value: string) => go(at({ [name]: value }), true);
  return (
    <div class="stack">
      <Title>{say('dossiers')}</Title>
      <Tabs tabs={mine.filter((one) => one.code !== 'counted' || view === 'counted').map((one) => ({ code: one.code, words: one.code === 'all' || one.code === 'demands' ? say(one.code) : own(one.code), href: one.code === 'counted' ? `/desk/dossiers?${where.query}` : at({ view: one.code === mine[0]!.code ? undefined : one.code, state: undefined, soon: undefined }) }))} now={view} />
      <div class="narrowing">
        {view !== 'today' && view !== 'counted' && view !== 'refunds' && view !== 'demands' && view !== 'asked' && names && codes.length > 0 && <Filter name="procedure" label={own('procedure')} any={own('anyProcedure')} value={query.procedure} set={set} options={codes.map((code) => [code, names[code] ?? code])} />}
        {(view === 'agency' || view === 'mine' || view === 'all') && <Filter name="state" label={say('state')} any={say('anyState')} value={query.state} set={set} options={dossierStateCodes.map((one) => [one, stateWord(one, 'dossier')])} />}
        {me.role === 'inspector' && view !== 'counted' && <Filter name="agency" label={say('agency')} any={say('anyAgency')} value={query.agency} set={set} options={(catalogue?.agencies ?? []).map((one) => [one.code!, named(one)])} />}
        {view === 'refunds' && <Filter name="refunds" label={own('refundState')} any={own('toGive')} value={where.query.get('refunds') ?? undefined} set={set} options={[['given', own('given')]]} />}
      </div>
      {view === 'refunds' && <Refunds me={me} agency={query.agency} given={where.query.get('refunds') === 'given'} />}
      {list.error ? <Failed error={list.error} again={list.again} /> : !list.items && <Loading />}
      {view !== 'refunds' && list.items && rows.length === 0 && (
        <Empty icon="check" title={view === 'demands' ? say('noDemands') : own(view === 'asked' ? 'noneAsked' : 'none')}>
          <p>{own('noneWords')}</p>
        </Empty>
      )}
      <Lines label={say('dossiers')} rows={lines} />
      {list.more && <Button onClick={list.more}>{say('more')}</Button>}
    </div>
  );
}
