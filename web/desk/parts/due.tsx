/* How much time is left, in a colour and in words; lateness is what the server says. */
import { dateOf, momentOf, span, untilWords, untilWorkingDays, workingDaysUntil } from '../../shared/format';
import { Icon } from '../../shared/parts/icon';
import { Tag } from '../../shared/parts/ui';
import { phrase, sayFrom, type Tone, type Words } from '../../shared/words';
import { say, stateWord, toneOfState, type Kind } from '../words';

export interface Timed {
  state?: string | undefined;
  open: boolean;
  duty: boolean;
  late: boolean;
  late_by_ms?: number;
  due_at?: string;
  closed_at?: string;
}

const SOON_MS = 2 * 3_600_000;
const TODAY_MS = 24 * 3_600_000;

/* Days on which offices do not work, of what runs in working days; without them time is counted as it passes. */
type Off = readonly string[] | undefined;

export function toneOfDue(one: Timed, off?: Off): Tone {
  if (!one.open || !one.due_at) return 'plain';
  if (one.late) return 'bad';
  if (!one.duty) return 'plain';
  const left = new Date(one.due_at).getTime() - Date.now();
  const near = off ? workingDaysUntil(one.due_at, off) <= 1 : left < TODAY_MS;
  return left < SOON_MS ? 'bad' : near ? 'warn' : 'good';
}

/* What is awaited while no office owes anything. */
const awaits = {
  supplement: ['Chờ bổ sung', 'Papers awaited'],
  fee: ['Chờ nộp phí', 'Fee awaited'],
  finished: ['Chờ đến nhận', 'To be collected'],
} as const satisfies Words;
function awaited({ state, due_at }: Timed): string {
  if (state === 'answered' && due_at) return phrase(['Tự đóng sau {0}', 'Closes in {0}'], [span(Math.max(0, new Date(due_at).getTime() - Date.now()))]);
  return state && state in awaits ? sayFrom(awaits)(state as keyof typeof awaits) : say('waitsForCitizen');
}

export function dueWords(one: Timed, off?: Off): string {
  if (!one.open) return one.closed_at ? dateOf(one.closed_at) : '';
  if (!one.due_at) return say('noDeadline');
  if (one.late) return phrase(['trễ {0}', '{0} late'], [span(one.late_by_ms ?? Date.now() - new Date(one.due_at).getTime())]);
  if (!one.duty) return awaited(one);
  return off ? untilWorkingDays(one.due_at, off) : untilWords(one.due_at);
}

/* On a small screen, where how it stands is told below all that was said. */
export const Brief = ({ of, kind, off }: { of: Timed; kind: Kind; off?: Off }) => (
  <div class="case-brief row">
    <Tag tone={toneOfState(of.state)}>{stateWord(of.state, kind)}</Tag>
    <Due of={of} off={off} />
  </div>
);

export function Due({ of, off }: { of: Timed; off?: Off }) {
  const tone = toneOfDue(of, off);
  return (
    <span class={`due ${tone}`} title={of.due_at ? say('dueAt', momentOf(of.due_at)) : undefined}>
      <Icon name={of.open ? (of.late ? 'warn' : 'clock') : 'check'} size={16} />
      {dueWords(of, off)}
    </span>
  );
}
