/* What those who oversee a case want answered by an office: which, in whose name, and until when. */
import type { StaffReport } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { Tag } from '../../shared/parts/ui';
import { sayFrom, type Words } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { me } from '../session/state';
import { Due, type Timed } from './due';
import type { Entry } from './history';

export type Demand = NonNullable<StaffReport['demands']>[number];

const kinds = {
  urge: ['Đôn đốc', 'Urged'],
  direct: ['Chỉ đạo', 'Directed'],
  explain: ['Yêu cầu giải trình', 'To be explained'],
} as const satisfies Words;
export const demandWord = (one: Demand): string => (one.kind ? sayFrom(kinds)(one.kind) : '');

const own = sayFrom({
  ours: ['Phải trả lời', 'You owe an answer'],
  theirs: ['Yêu cầu chưa được trả lời', 'Not answered yet'],
  by: ['Trả lời trước {0}', 'Answer by {0}'],
  from: ['{0}, {1}', '{0}, {1}'],
});

export const openDemands = (demands: Demand[] | undefined): Demand[] => (demands ?? []).filter((one) => !one.answered_at).sort((a, b) => (a.due_at ?? '').localeCompare(b.due_at ?? ''));
export const owedBy = (demands: Demand[] | undefined, agency: string | undefined): Demand[] => openDemands(demands).filter((one) => one.agency === agency);

/* The one that a list shows: of that agency, if one is meant. */
export const firstDemand = (demands: Demand[] | undefined, agency: string | undefined): Demand | undefined => (agency ? owedBy(demands, agency) : openDemands(demands))[0];

/* An answer that is owed has a clock of its own. */
export function timedDemand({ due_at }: Demand): Timed {
  const late_by_ms = due_at ? Date.now() - new Date(due_at).getTime() : 0;
  return { open: true, duty: true, late: late_by_ms > 0, late_by_ms, ...(due_at && { due_at }) };
}

/* Lists keep the beginning of the words, history all of them. */
export const demandText = (one: Demand, history: Entry[] | undefined): string | undefined => history?.find((entry) => entry.seq === one.seq)?.note ?? one.text;

export function Demands({ demands, history }: { demands: Demand[] | undefined; history: Entry[] | undefined }) {
  const catalogue = useCatalogue().data;
  const open = openDemands(demands);
  if (open.length === 0) return null;
  const ours = owedBy(demands, me()?.agency).length > 0;
  return (
    <section class="card marked" aria-labelledby="demands-title">
      <h2 id="demands-title">{own(ours ? 'ours' : 'theirs')}</h2>
      <ul class="stack">
        {open.map((one) => (
          <li key={one.id} class="stack tight">
            <span class="row">
              <Tag tone="warn">{demandWord(one)}</Tag>
              <Due of={timedDemand(one)} off={catalogue?.off} />
            </span>
            <p class="lines said">{demandText(one, history)}</p>
            <p class="small soft">
              {own('from', agencyName(catalogue, one.office), one.at ? momentOf(one.at) : '')}
              {one.agency !== me()?.agency && ` → ${agencyName(catalogue, one.agency)}`}
              {one.due_at && ` · ${own('by', momentOf(one.due_at))}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
