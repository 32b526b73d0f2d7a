/* What may be done next with a case of mine: the server says which, and what each needs. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { freshKey, post, Problem } from '../../shared/call';
import { sayFrom } from '../../shared/words';
import { useTyped } from '../lib/typed';
import { say } from '../lib/words';
import { ChooseStars } from './stars';
import { Button, Dialog, Field, Note } from '../../shared/parts/ui';

const own = sayFrom({
  note: ['Nội dung', 'Words'],
  supply: ['Bạn trả lời', 'Your answer'],
  reopen: ['Việc gì chưa ổn?', 'What is still wrong?'],
  withdraw: ['Vì sao bạn muốn rút?', 'Why do you want to withdraw it?'],
  ends: ['Rút rồi thì không xử lý nữa, không đổi lại được. Sau này bạn có thể gửi lại từ đầu.', 'Once withdrawn nothing more is done, and it cannot be undone. You can send it anew later.'],
  asks: ['Cơ quan xem xét rồi trả lời bạn. Trong lúc đó bạn vẫn có thể tiếp tục hồ sơ.', 'The office looks at it and answers you. Until then you can still go on with it.'],
  rating: ['Bạn hài lòng đến đâu?', 'How satisfied are you?'],
  rate: ['Hãy chọn số sao.', 'Choose the stars.'],
  reason: ['Lý do', 'Reason'],
  more: ['Viết thêm', 'Say more'],
});

export interface NextStep {
  verb: string;
  label: string;
  needs: string[];
  reasons?: Array<{ code: string; label: string }>;
}
export interface Given {
  note?: string;
  rating?: number;
  reason?: string;
}

const isNeeded = (step: NextStep, what: string): boolean => step.needs.includes(what);
/* These ask for words alone, or for nothing; what needs papers has a place of its own. */
const FORMS = ['note', 'rating', 'reason', 'note?', 'reason?'];
export const isPlain = (step: NextStep): boolean => step.needs.every((need) => FORMS.includes(need));

/* What may be given with some steps beside words: shown in their form, and sent once the step was taken. */
export interface Beside {
  verbs: readonly string[];
  show: () => ComponentChildren;
  after: () => Promise<void>;
  question?: string | undefined; // what supply answers
}

const noteWords = (step: NextStep): string => {
  if (!isNeeded(step, 'note')) return own('more');
  return step.verb === 'supply' || step.verb === 'reopen' || step.verb === 'withdraw' ? own(step.verb) : own('note');
};

function StepDialog({ of, step, send, beside, onClose }: { of: string; step: NextStep; send: (given: Given) => Promise<void>; beside?: Beside | undefined; onClose: () => void }) {
  const [given, set, sent] = useTyped<Given>(`${of}.${step.verb}`, {});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const hasNote = isNeeded(step, 'note') || step.verb === 'rate';
  const submit = async () => {
    if (isNeeded(step, 'note') && !given.note?.trim()) return setProblem(say('needed'));
    if (isNeeded(step, 'rating') && !given.rating) return setProblem(own('rate'));
    setBusy(true);
    try {
      await send({ ...given, ...(given.note !== undefined && { note: given.note.trim() || undefined }) });
      sent();
      onClose();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={step.label} onClose={onClose}>
      {step.verb === 'withdraw' && <p>{own(isNeeded(step, 'note') ? 'asks' : 'ends')}</p>}
      {step.verb === 'supply' && beside?.question && <p class="lines">{beside.question}</p>}
      <form class="stack" noValidate onSubmit={(event) => (event.preventDefault(), void submit())}>
        {isNeeded(step, 'rating') && <ChooseStars legend={own('rating')} value={given.rating ?? 0} onChange={(rating) => set({ ...given, rating })} />}
        {step.reasons && step.reasons.length > 0 && (
          <Field id="step-reason" label={own('reason')}>
            {(described) => (
              <select {...described} value={given.reason ?? ''} onChange={(event) => set({ ...given, reason: event.currentTarget.value })}>
                <option value="">{say('choose')}</option>
                {step.reasons!.map((one) => (
                  <option key={one.code} value={one.code}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {hasNote && (
          <Field id="step-note" label={noteWords(step)} optional={!isNeeded(step, 'note')}>
            {(described) => <textarea {...described} maxLength={2000} value={given.note ?? ''} onInput={(event) => set({ ...given, note: event.currentTarget.value })} />}
          </Field>
        )}
        {beside?.show()}
        {problem && (
          <Note tone="bad" live>
            {problem}
          </Note>
        )}
        <Button type="submit" look="main" wide busy={busy}>
          {step.label}
        </Button>
      </form>
    </Dialog>
  );
}

const FIRST = ['supply', 'rate', 'collect', 'pay'];

export function Steps({ steps, kind, id, revision, beside, onDone }: { beside?: Beside; steps: NextStep[]; kind: 'reports' | 'dossiers' | 'complaints'; id: string; revision: number; onDone: () => void }) {
  const [open, set] = useState<NextStep>();
  const [key, setKey] = useState(freshKey);
  const plain = steps.filter(isPlain);
  if (plain.length === 0) return null;
  const send = async (given: Given) => {
    await post(`/v1/${kind}/{id}/steps/{verb}`, { id, verb: open!.verb }, given, { headers: { ...key, 'if-match': `"${revision}"` } });
    setKey(freshKey());
    if (beside?.verbs.includes(open!.verb)) void beside.after();
    onDone();
  };
  return (
    <div class="row">
      {plain.map((step) => (
        <Button key={step.verb} look={FIRST.includes(step.verb) ? 'main' : 'second'} onClick={() => set(step)}>
          {step.label}
        </Button>
      ))}
      {open && <StepDialog of={id} step={open} send={send} beside={beside?.verbs.includes(open.verb) ? beside : undefined} onClose={() => set(undefined)} />}
    </div>
  );
}
