/* Reports in figures: whole, late, in time; by agency, category or month. Each figure opens the list of what it counts. */
import { useState } from 'preact/hooks';
import type { Figures } from '../../api';
import { agencyName, categoryName, type Catalogue } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { count, percent } from '../../shared/format';
import { Button, Empty } from '../../shared/parts/ui';
import { Link } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { csvOf } from '../lib/csv';
import { saveAs } from '../lib/pdf';
import { Big, Shown, useSpan } from './parts';
import { Trend, daysOf, monthWords } from './trend';

const own = sayFrom({
  received: ['Tiếp nhận', 'Received'],
  late: ['Trễ', 'Late'],
  onTime: ['Đúng hạn', 'On time'],
  percent: ['Đúng hạn, %', 'On time, %'],
  ofWhole: ['{0} trễ trong {1}', '{0} late of {1}'],
  csv: ['Tải bảng (CSV)', 'Save the table (CSV)'],
  none: ['Chưa có gì để đếm trong thời gian này.', 'There is nothing to count in this time.'],
  what: ['Nhóm', 'Group'],
  total: ['Tổng cộng', 'Total'],
  byMonth: ['Tiếp nhận theo tháng', 'Received, month by month'],
  rest: ['Xem {0} nhóm còn lại', 'Show the other {0}'],
  lateOf: ['{0}: {1} trễ', '{0}: {1} late'],
});

type By = 'agency' | 'category' | 'month';
interface Group {
  key: string;
  label: string;
  whole: number;
  late: number;
}
interface Span {
  from: string;
  to: string;
}

function groupsOf(figures: Figures, by: By, catalogue: Catalogue | undefined): Group[] {
  const rows = new Map<string, Group>();
  for (const one of figures.items) {
    const key = String(one[by]);
    const label = by === 'category' ? categoryName(catalogue, key) : by === 'month' ? monthWords(Number(key)) : agencyName(catalogue, key);
    const row = rows.get(key) ?? { key, label, whole: 0, late: 0 };
    row.whole += one.count;
    if (one.late) row.late += one.count;
    rows.set(key, row);
  }
  return by === 'month' ? [...rows.values()].sort((a, b) => Number(a.key) - Number(b.key)) : [...rows.values()].sort((a, b) => b.late - a.late || b.whole - a.whole);
}

/* Where the list of a figure stands; all of the span where no group is meant. */
function listOf(span: Span, by: By, key?: string, late?: boolean): string {
  const days = by === 'month' && key ? daysOf(Number(key), span) : span;
  return `/desk/reports?${new URLSearchParams({ view: 'counted', ...days, ...(key && by !== 'month' && { [by]: key }), ...(late !== undefined && { late: String(late) }) })}`;
}

const SHOWN_FIRST = 20;

function BarTable({ groups, span, by }: { groups: Group[]; span: Span; by: By }) {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...groups.map((one) => one.whole));
  const shown = all || groups.length <= SHOWN_FIRST + 2 ? groups : groups.slice(0, SHOWN_FIRST);
  return (
    <>
      <ul class="figure-bars">
        {shown.map((one) => (
          <li key={one.key}>
            <div class="row spread">
              <Link href={listOf(span, by, one.key)}>{one.label}</Link>
              {one.late > 0 ? (
                <Link class="small" href={listOf(span, by, one.key, true)} aria-label={own('lateOf', one.label, count(one.late))}>
                  {own('ofWhole', count(one.late), count(one.whole))}
                </Link>
              ) : (
                <span class="small">{own('ofWhole', '0', count(one.whole))}</span>
              )}
            </div>
            <svg viewBox="0 0 1000 12" preserveAspectRatio="none" class="figure-bar" aria-hidden="true">
              <rect width={(1000 * one.whole) / most} height="12" rx="3" class="whole" />
              <rect width={(1000 * one.late) / most} height="12" rx="3" class="part" />
            </svg>
          </li>
        ))}
      </ul>
      {shown.length < groups.length && <Button onClick={() => setAll(true)}>{own('rest', groups.length - shown.length)}</Button>}
    </>
  );
}

function save(groups: Group[], span: Span): void {
  const head = [own('what'), own('received'), own('onTime'), own('late'), own('percent')];
  const total: Group = { key: '', label: own('total'), whole: groups.reduce((sum, one) => sum + one.whole, 0), late: groups.reduce((sum, one) => sum + one.late, 0) };
  const rows = [...groups, total].map((one) => [one.label, one.whole, one.whole - one.late, one.late, Math.round((1000 * (one.whole - one.late)) / Math.max(1, one.whole)) / 10]);
  saveAs(csvOf([head, ...rows]), `phan-anh-${span.from}-${span.to}.csv`);
}

/* The last twelve months, whatever span is looked at below. */
export function ReportTrend() {
  const span = useSpan(365);
  const found = useLoaded(() => get('/v1/desk/figures', {}, { by: 'month', ...span }), 'trend of reports');
  if (!found.data) return null;
  const part = (one: Group, late: boolean) => ({ n: late ? one.late : one.whole - one.late, href: listOf(span, 'month', one.key, late) });
  return <Trend title={own('byMonth')} months={groupsOf(found.data, 'month', undefined).map((one) => ({ month: Number(one.key), onTime: part(one, false), late: part(one, true) }))} />;
}

export function Reports({ by, days }: { by: By; days: number }) {
  const catalogue = useCatalogue().data;
  const span = useSpan(days);
  const found = useLoaded(() => get('/v1/desk/figures', {}, { by, ...span }), `reports ${by} ${days}`);
  return (
    <Shown of={found}>
      {(data) => {
        const groups = groupsOf(data, by, catalogue);
        const whole = groups.reduce((sum, one) => sum + one.whole, 0);
        const late = groups.reduce((sum, one) => sum + one.late, 0);
        if (whole === 0) return <Empty icon="chart" title={own('none')} />;
        return (
          <>
            <div class="bigs">
              <Big label={own('received')} value={count(whole)} href={listOf(span, by)} />
              <Big label={own('late')} value={count(late)} tone={late > 0 ? 'bad' : 'good'} href={late > 0 ? listOf(span, by, undefined, true) : undefined} />
              <Big label={own('onTime')} value={percent(whole - late, whole)} href={listOf(span, by, undefined, false)} />
            </div>
            <section class="card">
              <div class="row end">
                <Button look="quiet" icon="download" onClick={() => save(groups, span)}>
                  {own('csv')}
                </Button>
              </div>
              <BarTable key={by} groups={groups} span={span} by={by} />
            </section>
          </>
        );
      }}
    </Shown>
  );
}
