/* How agencies are doing: reports and dossiers, the whole and what is late of it; each figure leads to what it counts. */
import type { Me } from '../../api';
import { Title } from '../../shared/parts/ui';
import { go, type Where } from '../../shared/router';
import { sayFrom } from '../../shared/words';
import { DossierTrend, Dossiers } from '../figures/dossiers';
import { ReportTrend, Reports } from '../figures/reports';
import { monthWords } from '../figures/trend';
import { Filter, Tabs } from '../parts/filters';
import { LateNow } from '../parts/late-now';
import { worksAs } from '../parts/places';
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
  month: ['Tháng {0}', '{0}'],
});

const MONTHS = 12;

/* The months that are over, the latest first: 202610. */
function monthsOver(): number[] {
  const now = new Date(Date.now() + 7 * 3_600_000);
  return Array.from({ length: MONTHS }, (_, i) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1 - i, 1))).map((one) => one.getUTCFullYear() * 100 + one.getUTCMonth() + 1);
}

export default function FiguresPage({ where, me }: { where: Where; me: Me }) {
  const dossiersToo = worksAs(me) === 'leader' || me.role === 'inspector';
  const kind = dossiersToo && where.query.get('kind') === 'dossiers' ? 'dossiers' : 'reports';
  const bys: Array<[string, string]> =
    kind === 'reports'
      ? [['agency', own('byAgency')], ['category', own('byCategory')], ['month', own('byMonth')]]
      : [['agency', own('byAgency')], ['field', own('byField')], ['procedure', own('byProcedure')], ['month', own('byMonth')]];
  const first = kind === 'reports' && worksAs(me) === 'leader' ? 'category' : 'agency'; // who leads one agency compares what it has
  const by = bys.find(([code]) => code === where.query.get('by'))?.[0] ?? first;
  const month = kind === 'dossiers' ? monthsOver().find((one) => String(one) === where.query.get('month')) : undefined;
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
        <Filter name="by" label={own('by')} any={bys.find(([code]) => code === first)![1]} value={by === first ? '' : by} set={set} options={bys.filter(([code]) => code !== first)} />
        <Filter
          name="days"
          label={own('span')}
          any={own('last30')}
          value={month ? String(month) : days === 30 ? '' : String(days)}
          set={(_, value) => go(at(value.length === 6 ? { month: value, days: '' } : { days: value, month: '' }), true)}
          options={[['90', own('last90')], ['365', own('last365')], ...(kind === 'dossiers' ? monthsOver() : []).map((one): [string, string] => [String(one), own('month', monthWords(one))])]}
        />
      </div>
      <LateNow key={kind} kind={kind === 'reports' ? 'report' : 'dossier'} by={worksAs(me) === 'leader' ? 'officer' : 'agency'} />
      {kind === 'reports' ? <ReportTrend /> : <DossierTrend />}
      {kind === 'reports' ? <Reports by={by as 'agency'} days={days} /> : <Dossiers by={by} days={days} month={month ? String(month) : undefined} />}
    </div>
  );
}
