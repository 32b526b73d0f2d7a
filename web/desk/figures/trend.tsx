/* Month by month: how many came, how many of them were late; each column leads to what it counts. */
import { count, percent } from '../../shared/format';
import { Link } from '../../shared/router';
import { sayFrom } from '../../shared/words';

const own = sayFrom({
  title: ['Xu hướng theo tháng', 'Month by month'],
  column: ['Tháng {0}: {1}, trễ {2}, đúng hạn {3}', '{0}: {1}, {2} late, {3} on time'],
  whole: ['Tất cả', 'All'],
  late: ['Trễ', 'Late'],
});

export interface Month {
  month: number; // 202611
  whole: number;
  late: number;
  href: string;
}

export const monthWords = (month: number): string => `${String(month % 100).padStart(2, '0')}/${Math.floor(month / 100)}`;

/* The first and last day of a month, within a span of days. */
export function daysOf(month: number, span: { from: string; to: string }): { from: string; to: string } {
  const first = `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}-01`;
  const end = new Date(Date.UTC(Math.floor(month / 100), month % 100, 0)).toISOString().slice(0, 10);
  return { from: first > span.from ? first : span.from, to: end < span.to ? end : span.to };
}

export function Trend({ months }: { months: Month[] }) {
  if (months.length < 2) return null; // one column is no trend
  const most = Math.max(1, ...months.map((one) => one.whole));
  return (
    <section class="card" aria-labelledby="trend-title">
      <div class="row spread">
        <h2 id="trend-title">{own('title')}</h2>
        <p class="row small soft" aria-hidden="true">
          <span class="key-whole" /> {own('whole')} <span class="key-late" /> {own('late')}
        </p>
      </div>
      <ol class="trend">
        {months.map((one) => (
          <li key={one.month}>
            <Link href={one.href} class="trend-column" aria-label={own('column', monthWords(one.month), count(one.whole), count(one.late), percent(one.whole - one.late, one.whole))}>
              <span class="small">{count(one.whole)}</span>
              <span class="trend-room">
                <span class="trend-whole" style={{ height: `${(100 * one.whole) / most}%` }}>
                  <span class="trend-late" style={{ height: `${(100 * one.late) / Math.max(1, one.whole)}%` }} />
                </span>
              </span>
              <span class="small soft">{monthWords(one.month).replace('/20', '/')}</span>
              <span class="small trend-percent">{percent(one.whole - one.late, one.whole)}</span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
