/* How agencies are doing: reports and dossiers, the whole and what is late of it; each figure leads to what it counts. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { DossierFigures, Figures, Me } from '../../api';
import { agencyName, categoryName, type Catalogue } from '../../shared/catalogue';
import { address, get } from '../../shared/call';
import { count, percent } from '../../shared/format';
import { Button, Empty, Failed, Loading, Title } from '../../shared/parts/ui';
import { go, Link, type Where } from '../../shared/router';
import { useLoaded, type Loaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { saveFrom } from '../lib/pdf';
import { Filter, Tabs } from '../parts/filters';
import { LateNow } from '../parts/late-now';
import { say } from '../words';

const own = sayFrom({
  byAgency: ['Theo cơ quan', 'By agency'],
  byCategory: ['Theo lĩnh vực', 'By category'],
  byField: ['Theo lĩnh vực', 'By field'],
  byProcedure: ['Theo thủ tục', 'By procedure'],
  byMonth: ['Theo tháng', 'By month'],
  by: ['Xem theo', 'By'],
  last30: ['30 ngày qua', 'Last 30 days'],
  last90: ['90 ngày qua', 'Last 90 days'],
  last365: ['Một năm qua', 'The past year'],
  span: ['Trong', 'Over'],
  received: ['Tiếp nhận', 'Received'],
  late: ['Trễ', 'Late'],
  onTime: ['Đúng hạn', 'On time'],
  open: ['Đang xử lý', 'In progress'],
  openLate: ['Đang trễ', 'Late now'],
  satisfied: ['Hài lòng', 'Satisfied'],
  total: ['Tổng', 'Total'],
  csv: ['Tải bảng (CSV)', 'Save the table (CSV)'],
  none: ['Chưa có gì để đếm trong thời gian này.', 'There is nothing to count in this time.'],
  ofWhole: ['{0} trễ trong {1}', '{0} late of {1}'],
  what: ['Nhóm', 'Group'],
});

interface Bar {
  key: string;
  label: string;
  whole: number;
  late: number;
  href?: string;
}

function BarTable({ bars }: { bars: Bar[] }) {
  const most = Math.max(1, ...bars.map((one) => one.whole));
  return (
    <ul class="figure-bars">
      {bars.map((one) => (
        <li key={one.key}>
          <div class="row spread">
            {one.href ? <Link href={one.href}>{one.label}</Link> : <span>{one.label}</span>}
            <span class="small">{own('ofWhole', count(one.late), count(one.whole))}</span>
          </div>
          <svg viewBox="0 0 1000 12" preserveAspectRatio="none" class="figure-bar" aria-hidden="true">
            <rect width={(1000 * one.whole) / most} height="12" rx="3" class="whole" />
            <rect width={(1000 * one.late) / most} height="12" rx="3" class="part" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

const monthWords = (month: number): string => `${String(month % 100).padStart(2, '0')}/${Math.floor(month / 100)}`;

function reportBars(figures: Figures, by: string, catalogue: Catalogue | undefined, open: boolean): Bar[] {
  const rows = new Map<string, Bar>();
  for (const one of figures.items) {
    const key = String(by === 'category' ? one.category : by === 'month' ? one.month : one.agency);
    const label = by === 'category' ? categoryName(catalogue, key) : by === 'month' ? monthWords(Number(key)) : agencyName(catalogue, key);
    const row = rows.get(key) ?? { key, label, whole: 0, late: 0, ...(open && by !== 'month' && { href: `/desk/reports?${new URLSearchParams({ view: 'all', [by]: key })}` }) };
    row.whole += one.count;
    if (one.late) row.late += one.count;
    rows.set(key, row);
  }
  return by === 'month' ? [...rows.values()].sort((a, b) => Number(a.key) - Number(b.key)) : [...rows.values()].sort((a, b) => b.late - a.late || b.whole - a.whole);
}

const Big = ({ label, value, tone = '' }: { label: string; value: string; tone?: string }) => (
  <div class={`big ${tone}`}>
    <strong>{value}</strong>
    <span>{label}</span>
  </div>
);

function Shown<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  if (of.error) return <Failed error={of.error} again={of.again} />;
  return of.data === undefined ? <Loading /> : <>{children(of.data)}</>;
}

function Reports({ by, days, leads }: { by: string; days: number; leads: boolean }) {
  const catalogue = useCatalogue().data;
  const span = useSpan(days);
  const found = useLoaded(() => get('/v1/desk/figures', {}, { by: by as 'agency', ...span }), `reports ${by} ${days}`);
  return (
    <Shown of={found}>
      {(data) => {
        const bars = reportBars(data, by, catalogue, !leads);
        const whole = bars.reduce((sum, one) => sum + one.whole, 0);
        const late = bars.reduce((sum, one) => sum + one.late, 0);
        if (whole === 0) return <Empty icon="chart" title={own('none')} />;
        return (
          <>
            <div class="bigs">
              <Big label={own('received')} value={count(whole)} />
              <Big label={own('late')} value={count(late)} tone={late > 0 ? 'bad' : 'good'} />
              <Big label={own('onTime')} value={percent(whole - late, whole)} />
            </div>
            <section class="card">
              <BarTable bars={bars} />
            </section>
          </>
        );
      }}
    </Shown>
  );
}

const day = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(0, 10);
const useSpan = (days: number): { from: string; to: string } => useMemo(() => ({ from: day(Date.now() - days * 86_400_000), to: day(Date.now()) }), [days]);

function DossierTable({ data }: { data: DossierFigures }) {
  const columns = ['received', 'on_time', 'late', 'open', 'open_late'] as const;
  const heads = { received: own('received'), on_time: own('onTime'), late: own('late'), open: own('open'), open_late: own('openLate') };
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={say('dossiers')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{own('what')}</th>
            {columns.map((one) => (
              <th key={one} scope="col" class="num">
                {heads[one]}
              </th>
            ))}
            <th scope="col" class="num">
              {own('satisfied')}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...data.items, { ...data.total, label: own('total') }].map((row, i) => (
            <tr key={row.label} class={i === data.items.length ? 'sum' : ''}>
              <th scope="row">{row.label}</th>
              {columns.map((one) => (
                <td key={one} class={`num${(one === 'late' || one === 'open_late') && row[one].count > 0 ? ' bad' : ''}`}>
                  {row[one].count > 0 ? <Link href={`/desk/dossiers?view=counted&${row[one].list.split('?')[1] ?? ''}`}>{count(row[one].count)}</Link> : '0'}
                </td>
              ))}
              <td class="num">{row.satisfied_percent === undefined ? '–' : `${row.satisfied_percent}%`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Dossiers({ by, days }: { by: string; days: number }) {
  const span = useSpan(days);
  const query = { by: by as 'agency', ...span };
  const found = useLoaded(() => get('/v1/desk/dossiers/figures', {}, query), `dossiers ${by} ${days}`);
  const csv = () => void saveFrom(address('/v1/desk/dossiers/figures.csv', {}, query), `ho-so-${query.to}.csv`, 'text/csv');
  return (
    <Shown of={found}>
      {(data) =>
        data.total.received.count + data.total.open.count === 0 ? (
          <Empty icon="chart" title={own('none')} />
        ) : (
          <>
            <div class="bigs">
              <Big label={own('received')} value={count(data.total.received.count)} />
              <Big label={own('onTime')} value={data.total.on_time_percent === undefined ? '–' : `${data.total.on_time_percent}%`} tone="good" />
              <Big label={own('openLate')} value={count(data.total.open_late.count)} tone={data.total.open_late.count > 0 ? 'bad' : 'good'} />
            </div>
            <section class="card">
              <DossierTable data={data} />
              <div class="row">
                <Button icon="download" onClick={csv}>
                  {own('csv')}
                </Button>
              </div>
            </section>
          </>
        )
      }
    </Shown>
  );
}

export default function FiguresPage({ where, me }: { where: Where; me: Me }) {
  const dossiersToo = me.role === 'leader' || me.role === 'inspector';
  const kind = dossiersToo && where.query.get('kind') === 'dossiers' ? 'dossiers' : 'reports';
  const bys: Array<[string, string]> =
    kind === 'reports'
      ? [['agency', own('byAgency')], ['category', own('byCategory')], ['month', own('byMonth')]]
      : [['agency', own('byAgency')], ['field', own('byField')], ['procedure', own('byProcedure')], ['month', own('byMonth')]];
  const by = bys.find(([code]) => code === where.query.get('by'))?.[0] ?? 'agency';
  const days = Number(where.query.get('days')) || 30;
  const at = (changes: Record<string, string>): string => {
    const next = new URLSearchParams(where.query);
    for (const [name, value] of Object.entries(changes)) if (value) next.set(name, value);
      else next.delete(name);
    return `/desk/figures${next.size ? `?${next}` : ''}`;
  };
  const set = (name: string, value: string) => go(at({ [name]: value }), true);
  return (
    <div class="stack">
      <Title>{say('figures')}</Title>
      {dossiersToo && <Tabs tabs={(['reports', 'dossiers'] as const).map((one) => ({ code: one, words: say(one), href: at({ kind: one === 'reports' ? '' : one, by: '' }) }))} now={kind} />}
      <div class="narrowing">
        <Filter name="by" label={own('by')} any={own('byAgency')} value={by === 'agency' ? '' : by} set={set} options={bys.slice(1)} />
        <Filter name="days" label={own('span')} any={own('last30')} value={days === 30 ? '' : String(days)} set={set} options={[['90', own('last90')], ['365', own('last365')]]} />
      </div>
      {kind === 'reports' && <LateNow by={me.role === 'leader' ? 'officer' : 'agency'} />}
      {kind === 'reports' ? <Reports by={by} days={days} leads={me.role === 'leader' || me.role === 'officer'} /> : <Dossiers by={by} days={days} />}
    </div>
  );
}
