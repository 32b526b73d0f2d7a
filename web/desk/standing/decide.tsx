/* What an office may decide of who asks to be believed: a button each, and the form of the one that was chosen. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { MandateHandOnBody } from '../../api';
import { Problem } from '../../shared/call';
import { Button, Choices, Field, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { today } from '../lib/days';
import { useSending } from '../lib/sending';
import { Offered, useChosen } from '../parts/offered';
import { say } from '../words';
import { kindWord, mandateKinds } from './words';

const own = sayFrom({
  seen: ['Đã xem giấy tờ nào', 'Which papers were seen'],
  seenHelp: ['Ví dụ: Giấy chứng nhận đăng ký, bản chính. Người liên quan được báo.', 'Such as: the certificate of registration itself. Those concerned are told.'],
  reasonHelp: ['Người liên quan được báo lý do này.', 'Those concerned are told of it.'],
  kind: ['Quan hệ với người được đại diện', 'What they are to who is represented'],
  until: ['Đến hết ngày', 'Until the end of'],
  untilHelp: ['Không chọn: như trước, hoặc một năm.', 'If not chosen: as before, or a year.'],
  changed: ['Người khác vừa thay đổi việc này; chữ bạn viết vẫn còn đây. Hãy xem lại rồi gửi.', 'Somebody else has just changed this; your words are still here. Look again, then send.'],
});

export interface Given {
  note: string;
  card?: string;
  kind?: MandateHandOnBody['kind'];
  until?: string;
}
export interface Decision {
  verb: string;
  label: string;
  look: 'main' | 'second' | 'danger';
  words: 'seen' | 'reason'; // what the note is
  card?: { label: string; help: string; needed: boolean };
  hands?: boolean; // to whom, and until when: kind and last day
  send: (given: Given) => Promise<void>;
}

const digits = (text: string): string => text.replace(/\s/g, '');

function DecisionForm({ one, onCancel, onConflict }: { one: Decision; onCancel: () => void; onConflict: () => void }) {
  const [note, setNote] = useState('');
  const [card, setCard] = useState('');
  const [kind, setKind] = useState<Given['kind']>();
  const [until, setUntil] = useState('');
  const [isOld, setOld] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const sending = useSending();
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const empty = { ...(one.hands && !kind && { kind: say('needed') }), ...(one.card?.needed && !card.trim() && { card: say('needed') }), ...(!note.trim() && { note: say('needed') }) };
    if (Object.keys(empty).length) return sending.wrong(empty);
    setOld(false);
    void sending.run(async () => {
      try {
        await one.send({ note: note.trim(), ...(card.trim() && { card: digits(card) }), ...(kind && { kind }), ...(until && { until }) });
      } catch (error) {
        if (error instanceof Problem && (error.status === 412 || error.slug === 'wrong-state')) {
          setOld(error.status === 412);
          onConflict();
        }
        throw error;
      }
    });
  };
  return (
    <form ref={form} class="stack act-form" noValidate aria-label={one.label} onInput={sending.edited} onSubmit={send}>
      {one.hands && <Choices compact name="decide-kind" legend={own('kind')} options={mandateKinds.map((code) => [code, kindWord(code)] as const)} value={kind} onChange={setKind} error={sending.fault('kind')} />}
      {one.card && (
        <Field id="decide-card" label={one.card.label} help={one.card.help} optional={!one.card.needed} error={sending.fault('card')}>
          {(labelled) => <input {...labelled} type="text" inputMode="numeric" maxLength={20} autoComplete="off" value={card} onInput={(event) => setCard(event.currentTarget.value)} />}
        </Field>
      )}
      {one.hands && (
        <Field id="decide-until" label={own('until')} help={own('untilHelp')} optional error={sending.fault('until')}>
          {(labelled) => <input {...labelled} type="date" min={today()} value={until} onInput={(event) => setUntil(event.currentTarget.value)} />}
        </Field>
      )}
      <Field id="decide-note" label={one.words === 'seen' ? own('seen') : say('reason')} help={one.words === 'seen' ? own('seenHelp') : own('reasonHelp')} error={sending.fault('note')}>
        {(labelled) => <textarea {...labelled} rows={3} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />}
      </Field>
      {sending.words && (
        <Note tone="bad" live>
          {isOld ? own('changed') : sending.words}
        </Note>
      )}
      <div class="row end">
        <Button look="quiet" onClick={onCancel}>
          {say('leaveIt')}
        </Button>
        <Button type="submit" look={one.look === 'danger' ? 'danger' : 'main'} busy={sending.busy}>
          {one.label}
        </Button>
      </div>
    </form>
  );
}

export function Decide({ decisions, onConflict }: { decisions: Decision[]; onConflict: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const open = useChosen(decisions, chosen);
  return (
    <Offered offers={decisions.map(({ verb, label, look }) => ({ verb, label, look, run: () => setChosen(verb) }))} heading={open?.label}>
      {open && <DecisionForm key={open.verb} one={{ ...open, send: async (given) => open.send(given).then(() => setChosen(undefined)) }} onCancel={() => setChosen(undefined)} onConflict={onConflict} />}
    </Offered>
  );
}
