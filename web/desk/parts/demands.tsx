/* What those who oversee a case want answered by an office: what, who asked, of whom, until when, and the answer. */
import type { StaffReport } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { momentOf } from '../../shared/format';
import { Tag } from '../../shared/parts/ui';
import { sayFrom, type Words } from '../../shared/words';
import { me } from '../session/state';
import { nameOf, useCatalogue, useColleagues } from '../lib/catalogue';
import { Due, type Timed } from './due';
import { Fact } from './fact';
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
  none: ['Đôn đốc, chỉ đạo', 'Demands'],
  from: ['Người yêu cầu', 'Asked by'],
  of: ['Đơn vị phải trả lời', 'Owes the answer'],
  at: ['Yêu cầu lúc', 'Asked at'],
  by: ['Hạn trả lời', 'Answer by'],
  answeredBy: ['Người trả lời', 'Answered by'],
  answeredAt: ['Trả lời lúc', 'Answered at'],
  answered: ['Đã trả lời', 'Answered'],
  answeredLate: ['Trả lời trễ hạn', 'Answered late'],
  done: ['Đã trả lời ({0})', 'Answered ({0})'],
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

const noteAt = (seq: number | undefined, history: Entry[] | undefined): string | undefined => history?.find((entry) => entry.seq === seq)?.note;

/* Lists keep the beginning of the words, history all of them. */
export const demandText = (one: Demand, history: Entry[] | undefined): string | undefined => noteAt(one.seq, history) ?? one.text;

function OneDemand({ one, history }: { one: Demand; history: Entry[] | undefined }) {
  const catalogue = useCatalogue().data;
  const staff = useColleagues().data;
  const who = (id: string | undefined, office: string | undefined): string => [nameOf(staff, id), agencyName(catalogue, office)].filter(Boolean).join(' · ');
  const late = one.answered_at !== undefined && one.due_at !== undefined && one.answered_at > one.due_at;
  const answer = noteAt(one.answer_seq, history);
  return (
    <li class="stack tight">
      <span class="row">
        <Tag tone={one.answered_at ? 'plain' : 'warn'}>{demandWord(one)}</Tag>
        {one.answered_at ? <Tag tone={late ? 'bad' : 'good'}>{own(late ? 'answeredLate' : 'answered')}</Tag> : <Due of={timedDemand(one)} off={catalogue?.off} />}
      </span>
      <p class="lines said">{demandText(one, history)}</p>
      <dl class="facts small">
        <Fact label={own('from')}>{who(one.by, one.office)}</Fact>
        <Fact label={own('of')}>{agencyName(catalogue, one.agency)}</Fact>
        <Fact label={own('at')}>{one.at && momentOf(one.at)}</Fact>
        <Fact label={own('by')}>{one.due_at && momentOf(one.due_at)}</Fact>
        {one.answered_at && <Fact label={own('answeredBy')}>{who(one.answered_by, one.agency)}</Fact>}
        <Fact label={own('answeredAt')}>{one.answered_at && momentOf(one.answered_at)}</Fact>
      </dl>
      {answer && <p class="lines said">{answer}</p>}
    </li>
  );
}

export function Demands({ demands, history }: { demands: Demand[] | undefined; history: Entry[] | undefined }) {
  const open = openDemands(demands);
  const done = (demands ?? []).filter((one) => one.answered_at).reverse();
  if (open.length + done.length === 0) return null;
  const ours = owedBy(demands, me()?.agency).length > 0;
  return (
    <section class={`card${open.length > 0 ? ' marked' : ''}`} aria-labelledby="demands-title">
      <h2 id="demands-title">{own(open.length === 0 ? 'none' : ours ? 'ours' : 'theirs')}</h2>
      {open.length > 0 && (
        <ul class="stack">
          {open.map((one) => (
            <OneDemand key={one.id} one={one} history={history} />
          ))}
        </ul>
      )}
      {done.length > 0 && (
        <details>
          <summary class="label">{own('done', done.length)}</summary>
          <ul class="stack">
            {done.map((one) => (
              <OneDemand key={one.id} one={one} history={history} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
