/* What is kept of a person is asked for with a reason, which they are told; the words survive a reload. */
import { useState } from 'preact/hooks';
import { Problem } from '../../shared/call';
import { Button, Field } from '../../shared/parts/ui';
import { useUnsent } from '../lib/unsent';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';

export function AskWhy({ id, kept, label, help, look, quiet = false, ask }: { id: string; kept: string; label: string; help: string; look: string; quiet?: boolean; ask: (note: string) => Promise<void> }) {
  const [note, set] = useUnsent<string>(kept, '');
  const [open, setOpen] = useState(note !== '');
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!note.trim()) return setFault(say('needed'));
    setBusy(true);
    try {
      await ask(note.trim());
      set(undefined);
      setFault(undefined);
      setOpen(false);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFault(error.errors[0]?.detail ?? error.message);
    } finally {
      setBusy(false);
    }
  }
  if (!open)
    return (
      <Button look={quiet ? 'quiet' : 'second'} icon="eye" onClick={() => setOpen(true)}>
        {look}
      </Button>
    );
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <Field id={id} label={label} help={help} error={fault}>
        {(named) => <textarea {...named} rows={2} maxLength={500} value={note} onInput={(event) => set(event.currentTarget.value)} />}
      </Field>
      <FormEnd onLeave={() => (set(undefined), setFault(undefined), setOpen(false))} busy={busy}>
        {look}
      </FormEnd>
    </form>
  );
}
