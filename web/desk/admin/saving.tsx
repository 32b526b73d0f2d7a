/* What every form of the administration does with an answer: words at the field, what was changed meanwhile, a toast. */
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Button, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { toast } from '../parts/toast';
import { fresh } from '../session/confirm';
import { wordsOf } from '../session/passkey';

const own = sayFrom({
  saved: ['Đã lưu.', 'Saved.'],
  reload: ['Tải lại bản mới', 'Load the newer one'],
  look: ['Hãy sửa các ô được đánh dấu.', 'Please mend what is marked.'],
});

export interface Saving {
  busy: boolean;
  at: Record<string, string>; // words by field: "name" of "/0/name"
  words: string | undefined;
  stale: boolean; // somebody changed it since it was read
  run(work: () => Promise<unknown>, done?: string): Promise<boolean>;
  clear(): void;
}

/* Pointers of one row: "/0/questions/properties/x" is "questions/properties/x". */
const fieldsOf = (problem: Problem): Record<string, string> => Object.fromEntries(problem.errors.map((one) => [one.pointer.replace(/^\/(0\/)?/, ''), one.detail]));

export function useSaving(): Saving {
  const [state, set] = useState<Omit<Saving, 'run' | 'clear'>>({ busy: false, at: {}, words: undefined, stale: false });
  async function run(work: () => Promise<unknown>, done = own('saved')): Promise<boolean> {
    set({ busy: true, at: {}, words: undefined, stale: false });
    try {
      const answer = await fresh(async () => ({ of: await work() }));
      set({ busy: false, at: {}, words: undefined, stale: false });
      if (answer && done) toast(done);
      return answer !== undefined;
    } catch (error) {
      const at = error instanceof Problem ? fieldsOf(error) : {};
      set({ busy: false, at, words: wordsOf(error), stale: error instanceof Problem && error.slug === 'revised' });
      return false;
    }
  }
  return { ...state, run, clear: () => set({ busy: false, at: {}, words: undefined, stale: false }) };
}

/* `fields`: those that stand on the page, whose words need not be said twice. */
export function SavingNote({ saving, fields = [], reload }: { saving: Saving; fields?: readonly string[]; reload?: () => void }) {
  if (!saving.words) return null;
  const shown = Object.keys(saving.at).length > 0 && Object.keys(saving.at).every((one) => fields.includes(one));
  return (
    <Note tone="bad" live>
      <p>{shown ? own('look') : saving.words}</p>
      {saving.stale && reload && <Button onClick={reload}>{own('reload')}</Button>}
    </Note>
  );
}

/* Without what is empty: a row leaves out what it has not; what it must have stays, so that its field is told. */
export function without<T extends object>(row: T): T {
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== undefined && (value !== '' || name === 'code' || name === 'name'))) as T;
}
