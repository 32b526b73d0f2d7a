/* Some things may be done only by who has just shown who they are: asked for once more, by a key or by password and code. */
import { useState } from 'preact/hooks';
import { Problem, post } from '../../shared/call';
import { Button, Dialog, Field, Note } from '../../shared/parts/ui';
import { useWatched, watched } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';
import { useKey, wordsOf } from './passkey';
import { PasswordField } from './password-field';
import type { ConfirmBody } from '../../api';

const own = sayFrom({
  title: ['Xác nhận lại bạn là ai', 'Show once more who you are'],
  lead: ['Việc này chỉ làm được khi bạn vừa cho thấy mình là ai.', 'This can be done only by who has just shown who they are.'],
  byKey: ['Xác nhận bằng khoá', 'Confirm with a passkey'],
  confirm: ['Xác nhận', 'Confirm'],
});

const asking = watched<((confirmed: boolean) => void) | undefined>(undefined);

/* Does it; and once more after a confirmation, if it wants who it is to be fresh. undefined: given up. */
export async function fresh<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== 'fresh-sign-in-needed') throw error;
  }
  const confirmed = await new Promise<boolean>((resolve) => asking.set(resolve));
  asking.set(undefined);
  return confirmed ? work() : undefined;
}

function Form({ finish, keys }: { finish: (confirmed: boolean) => void; keys: boolean }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  async function attempt(prove: () => Promise<ConfirmBody>): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await post('/v1/auth/confirm', {}, await prove());
      finish(true);
    } catch (error) {
      setFault(wordsOf(error));
    } finally {
      setBusy(false);
    }
  }
  const byKey = async (): Promise<ConfirmBody> => {
    const asked = await post('/v1/auth/confirm/options', {}, undefined);
    return { ticket: asked.ticket, credential: await useKey(asked) };
  };
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(async () => ({ password, ...(code.trim() && { code: code.trim() }) }));
  };
  return (
    <>
      <p class="soft">{own('lead')}</p>
      {fault && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {keys && (
        <>
          <Button look="main" icon="key" wide busy={busy} onClick={() => void attempt(byKey)}>
            {own('byKey')}
          </Button>
          <div class="or" role="separator">
            <span>{say('or')}</span>
          </div>
        </>
      )}
      <form class="stack" noValidate onSubmit={send}>
        <PasswordField id="confirm-password" value={password} onChange={setPassword} />
        <Field id="confirm-code" label={say('code')}>
          {(named) => <input {...named} type="text" inputMode="numeric" autoComplete="one-time-code" maxLength={24} value={code} onInput={(event) => setCode(event.currentTarget.value)} />}
        </Field>
        <FormEnd onLeave={() => finish(false)} busy={busy}>{own('confirm')}</FormEnd>
      </form>
    </>
  );
}

export function ConfirmDialog({ keys }: { keys: boolean }) {
  const finish = useWatched(asking);
  if (!finish) return null;
  return (
    <Dialog title={own('title')} onClose={() => finish(false)}>
      <Form finish={finish} keys={keys} />
    </Dialog>
  );
}
