/* A session that was left idle: its owner goes on by a touch or the password alone; another person signs in anew. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionUnlockBody } from '../../api';
import { Problem } from '../../shared/call';
import { Button, Note } from '../../shared/parts/ui';
import { titlePage } from '../../shared/title';
import { sayFrom } from '../../shared/words';
import { say } from '../words';
import { postOpen } from './open';
import { findPasskeys, useKey, wordsOf } from './passkey';
import { PasswordField } from './password-field';
import { beSomebodyElse, enter } from './state';

const own = sayFrom({
  title: ['Phiên làm việc đã khoá', 'Your session is locked'],
  lead: ['Máy không được dùng một lúc nên phiên đã tự khoá. Hãy cho thấy bạn là ai để làm tiếp.', 'Nobody used this page for a while, so it locked itself. Show who you are to go on.'],
  leadOf: ['{0}: máy không được dùng một lúc nên phiên đã tự khoá. Hãy cho thấy bạn là ai để làm tiếp.', '{0}: nobody used this page for a while, so it locked itself. Show who you are to go on.'],
  byKey: ['Mở bằng khoá đăng nhập', 'Unlock with a passkey'],
  unlock: ['Mở lại', 'Unlock'],
  other: ['Đăng nhập bằng tài khoản khác', 'Sign in with another account'],
  noKey: ['Tài khoản này chưa có khoá đăng nhập nào. Hãy dùng mật khẩu.', 'This account has no passkey yet. Use its password.'],
});

/* The session cannot be gone on with. */
const OVER = new Set(['token-invalid', 'sign-in-needed']);

export function Locked({ name }: { name?: string | undefined }) {
  const [passkeys, setPasskeys] = useState(false);
  const [password, setPassword] = useState('');
  const [empty, setEmpty] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    titlePage(own('title'));
    heading.current?.focus();
    void findPasskeys().then(setPasskeys);
  }, []);

  async function unlock(prove: () => Promise<SessionUnlockBody>): Promise<void> {
    setBusy(true);
    setFault(undefined);
    try {
      await enter(await postOpen('/v1/auth/unlock', await prove()));
    } catch (error) {
      const text = wordsOf(error);
      if (error instanceof Problem && OVER.has(error.slug)) await beSomebodyElse(say('ended'));
      else setFault(error instanceof Problem && error.status === 404 ? own('noKey') : text);
    } finally {
      setBusy(false);
    }
  }
  const byKey = async (): Promise<SessionUnlockBody> => {
    const asked = await postOpen('/v1/auth/unlock/options', {});
    return { ticket: asked.ticket, credential: await useKey(asked) };
  };
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setEmpty(!password);
    if (password) void unlock(async () => ({ password }));
  };
  return (
    <section id="locked" class="card gate" aria-labelledby="locked-title">
      <div class="stack tight">
        <h1 id="locked-title" ref={heading} tabIndex={-1}>
          {own('title')}
        </h1>
        <p class="soft">{name ? own('leadOf', name) : own('lead')}</p>
      </div>
      {fault && (
        <Note tone="bad" live>
          {fault}
        </Note>
      )}
      {passkeys && (
        <Button look="second" icon="key" wide busy={busy} onClick={() => void unlock(byKey)}>
          {own('byKey')}
        </Button>
      )}
      <form class="stack" noValidate onSubmit={send}>
        <PasswordField id="unlock-password" value={password} onChange={setPassword} error={empty ? say('needed') : undefined} />
        <Button type="submit" look="main" wide busy={busy}>
          {own('unlock')}
        </Button>
      </form>
      <Button look="quiet" wide onClick={() => void beSomebodyElse()}>
        {own('other')}
      </Button>
    </section>
  );
}
