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
  many: ['{0} phản ánh, trễ nhất {1}', '{0} reports, the latest by {1}'],
  first: ['Tính trên {0} phản ánh trễ sớm nhất.', 'Of the {0} earliest deadlines.'],
  all: ['Xem danh sách', 'See the list'],
});

const MOST = 100;

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
  const found = useLoaded(() => get('/v1/desk/late', {}, { limit: MOST }), `late now ${by}`);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const rows = (found.data?.items ?? []).filter((one) => one.late);
  const name = (key: string) => (by === 'agency' ? agencyName(catalogue, key) : nameOf(staff, key)) || say('nobody');
  if (!found.data) return null;
  return (
    <section class="card" aria-labelledby="late-now">
      <div class="row spread">
        <h2 id="late-now">{own('title')}</h2>
        {rows.length > 0 && <Link href="/desk/reports?view=late">{own('all')}</Link>}
      </div>
      {rows.length === 0 && <p class="soft">{own('none')}</p>}
      <ul class="stack tight">
        {grouped(rows, by).map((one) => (
          <li key={one.key} class="row spread">
            {by === 'agency' && one.key ? <Link href={`/desk/reports?view=late&agency=${encodeURIComponent(one.key)}`}>{name(one.key)}</Link> : <span>{name(one.key)}</span>}
            <span class="due bad">{own('many', count(one.reports), span(one.worst))}</span>
          </li>
        ))}
      </ul>
      {found.data.next && <p class="small soft">{own('first', MOST)}</p>}
    </section>
  );
}
