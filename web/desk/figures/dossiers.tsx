/* Dossiers in figures: received, in time, late, in progress; each figure opens the list of what it counts. */
import type { DossierFigures } from '../../api';
import { address, get } from '../../shared/call';
import { count, percentText } from '../../shared/format';
import { Button, Empty } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { saveFrom } from '../lib/pdf';
import { say } from '../words';
import { Big, Shown, useSpan } from './parts';
import { Trend } from './trend';

const own = sayFrom({
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
  byMonth: ['Đã giải quyết theo tháng', 'Concluded, month by month'],
});

type Row = DossierFigures['items'][number];

/* The figures' own lists, in this desk's. */
const listOf = ({ list }: { list: string }): string => `/desk/dossiers?view=counted&${list.split('?')[1] ?? ''}`;

/* Months as they come; otherwise what is late first. */
const sorted = (rows: Row[]): Row[] => (rows[0]?.month ? rows : [...rows].sort((a, b) => b.open_late.count - a.open_late.count || b.late.count - a.late.count || b.received.count - a.received.count));

/* The last twelve months, whatever span is looked at below. */
export function DossierTrend() {
  const span = useSpan(365);
  const found = useLoaded(() => get('/v1/desk/dossiers/figures', {}, { by: 'month', ...span }), 'trend of dossiers');
  if (!found.data) return null;
  const part = (of: Row['late']) => ({ n: of.count, href: listOf(of) });
  return <Trend title={own('byMonth')} months={found.data.items.map((one) => ({ month: one.month ?? 0, onTime: part(one.on_time), late: part(one.late) }))} />;
}

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
          {[...sorted(data.items), { ...data.total, label: own('total') }].map((row, i) => (
            <tr key={row.label} class={i === data.items.length ? 'sum' : ''}>
              <th scope="row">{row.label}</th>
              {columns.map((one) => (
                <td key={one} class={`num${(one === 'late' || one === 'open_late') && row[one].count > 0 ? ' bad' : ''}`}>
                  {row[one].count > 0 ? <Link href={listOf(row[one])}>{count(row[one].count)}</Link> : '0'}
                </td>
              ))}
              <td class="num">{percentText(row.satisfied_percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Dossiers({ by, days }: { by: string; days: number }) {
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
              <Big label={own('onTime')} value={percentText(data.total.on_time_percent)} tone="good" />
              <Big label={own('openLate')} value={count(data.total.open_late.count)} tone={data.total.open_late.count > 0 ? 'bad' : 'good'} />
            </div>
            <section class="card">
              <div class="row end">
                <Button look="quiet" icon="download" onClick={csv}>
                  {own('csv')}
                </Button>
              </div>
              <DossierTable data={data} />
            </section>
          </>
        )
      }
    </Shown>
  );
}
