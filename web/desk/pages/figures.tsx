/* How agencies are doing: reports and dossiers, the whole and what is late of it; each figure leads to what it counts. */
import type { DossierFigures, Me } from '../../api';
import { address, get } from '../../shared/call';
import { count } from '../../shared/format';
import { Button, Empty, Title } from '../../shared/parts/ui';
import { go, Link, type Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { saveFrom } from '../lib/pdf';
import { Big, Shown, useSpan } from '../figures/parts';
import { ReportTrend, Reports } from '../figures/reports';
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
  what: ['Nhóm', 'Group'],
});

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
      {kind === 'reports' && <ReportTrend />}
      {kind === 'reports' ? <Reports by={by as 'agency'} days={days} /> : <Dossiers by={by} days={days} />}
    </div>
  );
}
