/* Month by month: how many were in time and how many late, one above the other; each leads to what it counts. */
import { count, percent } from '../../shared/format';
import { Link } from '../../shared/router';
import { sayFrom } from '../../shared/words';

const own = sayFrom({
  onTime: ['Đúng hạn', 'On time'],
  late: ['Trễ', 'Late'],
  onTimeOf: ['Tháng {0}: {1} đúng hạn', '{0}: {1} on time'],
  lateOf: ['Tháng {0}: {1} trễ', '{0}: {1} late'],
});

interface Part {
  n: number;
  href: string;
}
export interface Month {
  month: number; // 202611
  onTime: Part;
  late: Part;
}

export const monthWords = (month: number): string => `${String(month % 100).padStart(2, '0')}/${Math.floor(month / 100)}`;

/* The first and last day of a month, within a span of days. */
export function daysOf(month: number, span: { from: string; to: string }): { from: string; to: string } {
  const first = `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}-01`;
  const end = new Date(Date.UTC(Math.floor(month / 100), month % 100, 0)).toISOString().slice(0, 10);
  return { from: first > span.from ? first : span.from, to: end < span.to ? end : span.to };
}

function Column({ of, most }: { of: Month; most: number }) {
  const whole = of.onTime.n + of.late.n;
  const part = (name: 'onTime' | 'late') =>
    of[name].n > 0 && <Link href={of[name].href} class={`trend-${name === 'late' ? 'late' : 'whole'}`} style={{ height: `${(100 * of[name].n) / most}%` }} aria-label={own(`${name}Of`, monthWords(of.month), count(of[name].n))} title={own(`${name}Of`, monthWords(of.month), count(of[name].n))} />;
  return (
    <li class="trend-column">
      <span class="small">{count(whole)}</span>
      <span class="trend-room">
        {part('onTime')}
        {part('late')}
      </span>
      <span class="small soft">{monthWords(of.month).replace('/20', '/')}</span>
      <span class="small trend-percent">{percent(of.onTime.n, whole)}</span>
    </li>
  );
}

export function Trend({ title, months }: { title: string; months: Month[] }) {
  if (months.length < 2) return null; // one column is no trend
  const most = Math.max(1, ...months.map((one) => one.onTime.n + one.late.n));
  return (
    <section class="card" aria-labelledby="trend-title">
      <div class="row spread">
        <h2 id="trend-title">{title}</h2>
        <p class="row small soft" aria-hidden="true">
          <span class="key-whole" /> {own('onTime')} <span class="key-late" /> {own('late')}
        </p>
      </div>
      <ol class="trend">
        {months.map((one) => (
          <Column key={one.month} of={one} most={most} />
        ))}
      </ol>
    </section>
  );
}
