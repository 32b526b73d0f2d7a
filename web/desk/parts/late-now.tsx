/* Who is late now, the latest first: by officer for who leads them, by agency for who looks over all. */
import type { StaffReportRow } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { get } from '../../shared/call';
import { count, span } from '../../shared/format';
import { Link } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { nameOf, useCatalogue, useColleagues } from '../lib/catalogue';
import { say } from '../words';

const own = sayFrom({
  title: ['Đang trễ', 'Late now'],
  none: ['Không có phản ánh nào trễ.', 'No report is late.'],
  soon: ['Sắp trễ trong 24 giờ', 'Late within 24 hours'],
  soonMany: ['{0} phản ánh', '{0} reports'],
  noneSoon: ['Không có phản ánh nào sắp trễ.', 'No report is about to be late.'],
  many: ['{0} phản ánh, trễ nhất {1}', '{0} reports, the latest by {1}'],
  first: ['Tính trên {0} phản ánh đến hạn sớm nhất.', 'Of the {0} earliest deadlines.'],
  all: ['Xem danh sách', 'See the list'],
});

const MOST = 200;
const SOON_MINUTES = 1440;

interface Group {
  key: string;
  reports: number;
  worst: number;
}

function grouped(rows: StaffReportRow[], by: 'officer' | 'agency'): Group[] {
  const groups = new Map<string, Group>();
  for (const one of rows) {
    const key = one[by] ?? '';
    const group = groups.get(key) ?? { key, reports: 0, worst: 0 };
    group.reports++;
    group.worst = Math.max(group.worst, one.late_by_ms ?? 0);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.reports - a.reports || b.worst - a.worst);
}

export function LateNow({ by }: { by: 'officer' | 'agency' }) {
  const found = useLoaded(() => get('/v1/desk/late', {}, { limit: MOST, soon_minutes: SOON_MINUTES }), `late now ${by}`);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const rows = found.data?.items ?? [];
  const late = rows.filter((one) => one.late);
  const soon = rows.filter((one) => !one.late);
  const name = (key: string) => (by === 'agency' ? agencyName(catalogue, key) : nameOf(staff, key)) || say('nobody');
  if (!found.data) return null;
  const list = (of: StaffReportRow[], more: string, words: (group: Group) => string, tone: string) => (
    <ul class="stack tight">
      {grouped(of, by).map((one) => (
        <li key={one.key} class="row spread">
          {by === 'agency' && one.key ? <Link href={`/desk/reports?view=late&agency=${encodeURIComponent(one.key)}${more}`}>{name(one.key)}</Link> : <span>{name(one.key)}</span>}
          <span class={`due ${tone}`}>{words(one)}</span>
        </li>
      ))}
    </ul>
  );
  const more = `&soon=${SOON_MINUTES}`;
  return (
    <section class="card late-soon">
      <div class="stack tight">
        <div class="row spread">
          <h2 id="late-now">{own('title')}</h2>
          {late.length > 0 && <Link href="/desk/reports?view=late">{own('all')}</Link>}
        </div>
        {late.length === 0 && <p class="soft">{own('none')}</p>}
        {list(late, '', (one) => own('many', count(one.reports), span(one.worst)), 'bad')}
      </div>
      <div class="stack tight">
        <div class="row spread">
          <h2 id="late-soon">{own('soon')}</h2>
          {soon.length > 0 && <Link href={`/desk/reports?view=late${more}`}>{own('all')}</Link>}
        </div>
        {soon.length === 0 && <p class="soft">{own('noneSoon')}</p>}
        {list(soon, more, (one) => own('soonMany', count(one.reports)), 'warn')}
      </div>
      {found.data.next && <p class="small soft">{own('first', MOST)}</p>}
    </section>
  );
}
