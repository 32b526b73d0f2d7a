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

const words = {
  report: sayFrom({
    none: ['Không có phản ánh nào trễ.', 'No report is late.'],
    noneSoon: ['Không có phản ánh nào sắp trễ.', 'No report is about to be late.'],
    soonMany: ['{0} phản ánh', '{0} reports'],
    many: ['{0} phản ánh, trễ nhất {1}', '{0} reports, the latest by {1}'],
    first: ['Tính trên {0} phản ánh đến hạn sớm nhất.', 'Of the {0} earliest deadlines.'],
  }),
  dossier: sayFrom({
    none: ['Không có hồ sơ nào trễ.', 'No dossier is late.'],
    noneSoon: ['Không có hồ sơ nào sắp trễ.', 'No dossier is about to be late.'],
    soonMany: ['{0} hồ sơ', '{0} dossiers'],
    many: ['{0} hồ sơ, trễ nhất {1}', '{0} dossiers, the latest by {1}'],
    first: ['Tính trên {0} hồ sơ đến hạn sớm nhất.', 'Of the {0} earliest deadlines.'],
  }),
};
const own = sayFrom({
  title: ['Đang trễ', 'Late now'],
  soon: ['Sắp trễ trong 24 giờ', 'Late within 24 hours'],
  all: ['Xem danh sách', 'See the list'],
});

const MOST = 200;
const SOON_MINUTES = 1440;

type Row = Pick<StaffReportRow, 'officer' | 'agency' | 'late' | 'late_by_ms'>;
interface Group {
  key: string;
  cases: number;
  worst: number;
}

function grouped(rows: Row[], by: 'officer' | 'agency'): Group[] {
  const groups = new Map<string, Group>();
  for (const one of rows) {
    const key = one[by] ?? '';
    const group = groups.get(key) ?? { key, cases: 0, worst: 0 };
    group.cases++;
    group.worst = Math.max(group.worst, one.late_by_ms ?? 0);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.cases - a.cases || b.worst - a.worst);
}

export function LateNow({ kind, by }: { kind: 'report' | 'dossier'; by: 'officer' | 'agency' }) {
  const saying = words[kind];
  const found = useLoaded(async (): Promise<{ items: Row[]; next?: string }> => (kind === 'report' ? get('/v1/desk/late', {}, { limit: MOST, soon_minutes: SOON_MINUTES }) : get('/v1/desk/dossiers/late', {}, { limit: MOST, soon_minutes: String(SOON_MINUTES) })), `late now ${kind} ${by}`);
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const rows = found.data?.items ?? [];
  const late = rows.filter((one) => one.late);
  const soon = rows.filter((one) => !one.late);
  const name = (key: string) => (by === 'agency' ? agencyName(catalogue, key) : nameOf(staff, key)) || say('nobody');
  if (!found.data) return null;
  const hrefOf = (key: string, more: string): string | undefined => {
    if (!key) return undefined;
    if (by === 'agency') return `${list}&agency=${encodeURIComponent(key)}${more}`;
    return kind === 'report' ? `/desk/reports?view=officer&officer=${key}` : undefined;
  };
  const lines = (of: Row[], more: string, words: (group: Group) => string, tone: string) => (
    <ul class="stack tight">
      {grouped(of, by).map((one) => (
        <li key={one.key} class="row spread">
          {hrefOf(one.key, more) ? <Link href={hrefOf(one.key, more)!}>{name(one.key)}</Link> : <span>{name(one.key)}</span>}
          <span class={`due ${tone}`}>{words(one)}</span>
        </li>
      ))}
    </ul>
  );
  const list = kind === 'report' ? '/desk/reports?view=late' : '/desk/dossiers?view=today';
  const more = `&soon=${SOON_MINUTES}`;
  return (
    <section class="card late-soon">
      <div class="stack tight">
        <div class="row spread">
          <h2 id="late-now">{own('title')}</h2>
          {late.length > 0 && <Link href={list}>{own('all')}</Link>}
        </div>
        {late.length === 0 && <p class="soft">{saying('none')}</p>}
        {lines(late, '', (one) => saying('many', count(one.cases), span(one.worst)), 'bad')}
      </div>
      <div class="stack tight">
        <div class="row spread">
          <h2 id="late-soon">{own('soon')}</h2>
          {soon.length > 0 && <Link href={`${list}${more}`}>{own('all')}</Link>}
        </div>
        {soon.length === 0 && <p class="soft">{saying('noneSoon')}</p>}
        {lines(soon, more, (one) => saying('soonMany', count(one.cases)), 'warn')}
      </div>
      {found.data.next && <p class="small soft">{saying('first', MOST)}</p>}
    </section>
  );
}
