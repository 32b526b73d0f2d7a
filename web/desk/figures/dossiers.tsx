/*
 * Dossiers in figures: received, in time, late, in progress; each figure opens the list of what it counts. Of a month
 * that was frozen, the figures as they stood then, and what is counted otherwise since.
 */
import type { DossierFigures } from '../../api';
import { address, get } from '../../shared/call';
import { count, momentOf, percentText } from '../../shared/format';
import { Button, Empty, Note } from '../../shared/parts/ui';
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
  supplied: ['Phải bổ sung', 'Asked for papers'],
  satisfied: ['Hài lòng', 'Satisfied'],
  total: ['Tổng', 'Total'],
  csv: ['Tải bảng (CSV)', 'Save the table (CSV)'],
  none: ['Chưa có gì để đếm trong thời gian này.', 'There is nothing to count in this time.'],
  what: ['Nhóm', 'Group'],
  frozen: ['Tháng này đã chốt lúc {0}. Số trong bảng là số đã chốt; “điều chỉnh” là thay đổi từ đó đến nay.', 'This month was frozen {0}. The figures are those; corrections are what changed since.'],
  notFrozen: ['Tháng này chưa chốt; số liệu còn thay đổi.', 'This month is not frozen yet; its figures still change.'],
  correction: ['điều chỉnh {0}', 'corrected by {0}'],
  byMonth: ['Đã giải quyết theo tháng', 'Concluded, month by month'],
});

type Row = DossierFigures['items'][number];
type Figure = Row['received'];

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

const signed = (n: number): string => (n > 0 ? `+${count(n)}` : `−${count(-n)}`);

/* As it was frozen, where it was; the list is of what is counted now. */
function Cell({ of, tone }: { of: Figure; tone: string }) {
  const shown = of.frozen ?? of.at_end ?? of.count;
  return (
    <td class={`num${tone && shown > 0 ? ` ${tone}` : ''}`}>
      {of.count > 0 && of.at_end === undefined ? <Link href={listOf(of)}>{count(shown)}</Link> : count(shown)}
      {of.correction !== undefined && (
        <>
          <br />
          <small class="soft">{own('correction', signed(of.correction))}</small>
        </>
      )}
    </td>
  );
}

function DossierTable({ data }: { data: DossierFigures }) {
  const columns = ['received', 'supplied', 'on_time', 'late', 'open', 'open_late'] as const;
  const heads = { received: own('received'), supplied: own('supplied'), on_time: own('onTime'), late: own('late'), open: own('open'), open_late: own('openLate') };
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
                <Cell key={one} of={row[one]} tone={one === 'late' || one === 'open_late' ? 'bad' : ''} />
              ))}
              <td class="num">{percentText(row.satisfied_percent)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Dossiers({ by, days, month }: { by: string; days: number; month: string | undefined }) {
  const span = useSpan(days);
  const query = { by: by as 'agency', ...(month ? { month } : span) };
  const found = useLoaded(() => get('/v1/desk/dossiers/figures', {}, query), `dossiers ${by} ${days} ${month}`);
  const csv = () => void saveFrom(address('/v1/desk/dossiers/figures.csv', {}, query), `ho-so-${month ?? span.to}.csv`, 'text/csv');
  const big = (of: Figure) => ({ value: count(of.frozen ?? of.at_end ?? of.count), href: of.count > 0 && of.at_end === undefined ? listOf(of) : undefined });
  return (
    <Shown of={found}>
      {(data) =>
        data.total.received.count + data.total.open.count === 0 ? (
          <Empty icon="chart" title={own('none')} />
        ) : (
          <>
            <div class="bigs">
              <Big label={own('received')} {...big(data.total.received)} />
              <Big label={own('onTime')} value={percentText(data.total.on_time_percent)} tone="good" />
              <Big label={own('openLate')} {...big(data.total.open_late)} tone={data.total.open_late.count > 0 ? 'bad' : 'good'} />
            </div>
            {month && <Note>{data.frozen_at ? own('frozen', momentOf(data.frozen_at)) : own('notFrozen')}</Note>}
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
