/*
 * A paper that was given before is not asked for again: who gave it is asked to use it. An office that wants it all the
 * same says why, which is counted and read by who oversees it.
 */
import { useEffect, useState } from 'preact/hooks';
import type { DossierActBody } from '../../api';
import type { Problem } from '../../shared/call';
import { dateOf } from '../../shared/format';
import { Choices, Field } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { say } from '../words';

const own = sayFrom({
  there: ['Đã có trong kho: {0}', 'In the store: {0}'],
  verified: ['{0} xác nhận {1}', 'verified by {0}, {1}'],
  use: ['Đề nghị dùng bản trong kho', 'Ask to use that one'],
  useHint: ['Người nộp chỉ cần đồng ý.', 'The applicant only has to agree.'],
  again: ['Vẫn yêu cầu nộp', 'Ask for it all the same'],
  againHint: ['Được thống kê, lãnh đạo và giám sát đọc được lý do.', 'Counted; leaders and inspectors read the reason.'],
  why: ['Vì sao vẫn phải nộp', 'Why it is asked for all the same'],
});

/* As the server tells of it when it refuses. */
export interface Held {
  component: string;
  id: string;
  name: string;
  office_name?: string;
  verified_at?: string;
}
interface Way {
  again: boolean;
  why: string;
}
export interface Given {
  held: Record<string, Held>; // by component
  ways: Record<string, Way>;
  set(component: string, way: Way): void;
}

/* What the server has said of papers since the form was opened, and what was chosen for each. */
export function useGiven(refusal: Problem | undefined): Given {
  const [held, setHeld] = useState<Record<string, Held>>({});
  const [ways, setWays] = useState<Record<string, Way>>({});
  useEffect(() => {
    if (refusal?.slug !== 'given-before') return;
    const found = (refusal.body.documents ?? []) as Held[];
    setHeld((before) => ({ ...before, ...Object.fromEntries(found.map((one) => [one.component, one])) }));
  }, [refusal]);
  return { held, ways, set: (component, way) => setWays((before) => ({ ...before, [component]: way })) };
}

const FIRST: Way = { again: false, why: '' };

type Component = NonNullable<DossierActBody['components']>[number];
export function asGiven(one: Component, { held, ways }: Given): Component {
  const there = held[one.code];
  if (!there) return one;
  const { again, why } = ways[one.code] ?? FIRST;
  if (!again) return { ...one, document: there.id };
  return why.trim() ? { ...one, despite: why.trim() } : one;
}

export function GivenBefore({ of: { held, ways, set }, component, refused }: { of: Given; component: string; refused: boolean }) {
  const there = held[component];
  const way = ways[component] ?? FIRST;
  if (!there) return null;
  const verified = there.verified_at && own('verified', there.office_name ?? '', dateOf(there.verified_at));
  return (
    <div class="stack tight">
      <Choices
        compact
        name={`given-${component}`}
        legend={
          <>
            {own('there', there.name)} {verified && <small class="soft">({verified})</small>}
          </>
        }
        options={[
          ['use', own('use'), own('useHint')],
          ['again', own('again'), own('againHint')],
        ]}
        value={way.again ? 'again' : 'use'}
        onChange={(choice) => set(component, { ...way, again: choice === 'again' })}
      />
      {way.again && (
        <Field id={`despite-${component}`} label={own('why')} error={refused && !way.why.trim() ? say('needed') : undefined}>
          {(labelled) => <textarea {...labelled} rows={2} maxLength={500} value={way.why} onInput={(event) => set(component, { ...way, why: event.currentTarget.value })} />}
        </Field>
      )}
    </div>
  );
}
