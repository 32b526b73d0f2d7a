/* Signing in: by a passkey in one touch, or by name, password and code. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Tokens } from '../../api';
import { Problem } from '../../shared/call';
import { Button, Field, Note } from '../../shared/parts/ui';
import { titlePage } from '../../shared/title';
import { sayFrom } from '../../shared/words';
import { say } from '../words';
import { Activate } from './activate';
import { postOpen } from './open';
import { findPasskeys, useKey, wordsOf } from './passkey';
import { PasswordField } from './password-field';
import { DEVICE, enter } from './state';

const own = sayFrom({
  lead: ['Dành cho cán bộ, công chức xử lý phản ánh và hồ sơ.', 'For officials who handle reports and dossiers.'],
  byKey: ['Đăng nhập bằng khoá', 'Sign in with a passkey'],
  keyHint: ['Vân tay, khuôn mặt hoặc mã PIN của thiết bị này.', "This device's fingerprint, face or PIN."],
  user: ['Tên đăng nhập', 'User name'],
  activate: ['Mở tài khoản mới bằng mã', 'Open a new account with a code'],
  codeHint: ['6 số trong ứng dụng xác thực, hoặc một mã khôi phục.', 'The 6 digits of your authenticator app, or a recovery code.'],
});

function usePasskeys(): boolean {
  const [work, set] = useState(false);
  useEffect(() => void findPasskeys().then(set), []);
  return work;
}

type Faults = Partial<Record<'user' | 'password' | 'code', string>>;

function PasswordForm({ attempt, busy }: { attempt: (get: () => Promise<Tokens>) => Promise<unknown>; busy: boolean }) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const first = (['user', 'password', 'code'] as const).find((name) => faults[name]);
    if (first) form.current?.querySelector<HTMLInputElement>(`#${first}`)?.focus();
  }, [faults]);

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const empty: Faults = { ...(!user.trim() && { user: say('needed') }), ...(!password && { password: say('needed') }) };
    setFaults(empty);
    if (Object.keys(empty).length) return;
    const error = await attempt(() => postOpen('/v1/auth/staff', { user: user.trim(), password, ...(code.trim() && { code: code.trim() }), device: DEVICE }));
    if (error instanceof Problem) setFaults(Object.fromEntries(error.errors.map((one) => [one.pointer.slice(1), one.detail])));
  }

  return (
    <form ref={form} id="password-form" class="stack" noValidate onSubmit={(event) => void send(event)}>
      <Field id="user" label={own('user')} error={faults.user}>
        {(named) => <input {...named} type="text" name="user" autoComplete="username" autoCapitalize="none" spellcheck={false} maxLength={64} value={user} onInput={(event) => setUser(event.currentTarget.value)} />}
      </Field>
      <PasswordField id="password" value={password} onChange={setPassword} error={faults.password} />
      <Field id="code" label={say('code')} help={own('codeHint')} error={faults.code}>
        {(named) => <input {...named} type="text" name="code" autoComplete="one-time-code" autoCapitalize="characters" spellcheck={false} maxLength={24} value={code} onInput={(event) => setCode(event.currentTarget.value)} />}
      </Field>
      <Button type="submit" look="main" wide busy={busy}>
        {say('signIn')}
      </Button>
    </form>
  );
}

export function SignIn({ words, bad }: { words?: string | undefined; bad?: boolean | undefined }) {
  const passkeys = usePasskeys();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const [activates, setActivates] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    titlePage(say('signIn'));
    if (words) heading.current?.focus();
  }, []);

  /* What went wrong, if it did; faults of single fields are said there. */
  async function attempt(ask: () => Promise<Tokens>): Promise<unknown> {
    setBusy(true);
    setFault(undefined);
    try {
      await enter(await ask());
      return undefined;
    } catch (error) {
      const text = wordsOf(error);
      setFault(error instanceof Problem && error.errors.length ? undefined : text);
      return error;
    } finally {
      setBusy(false);
    }
  }
  const byKey = async (): Promise<Tokens> => {
    const asked = await postOpen('/v1/auth/passkey/options');
    return postOpen('/v1/auth/passkey', { ticket: asked.ticket, credential: await useKey(asked), device: DEVICE });
  };
  const said = fault ?? words;
  if (activates) return <Activate onBack={() => setActivates(false)} />;
  return (
    <section id="sign-in" class="card gate" aria-labelledby="sign-in-title">
      <div class="stack tight">
        <h1 id="sign-in-title" ref={heading} tabIndex={-1}>
          {say('signIn')}
        </h1>
        <p class="soft">{own('lead')}</p>
      </div>
      {said && (
        <Note tone={fault || bad ? 'bad' : 'info'} live>
          {said}
        </Note>
      )}
      {passkeys && (
        <div class="stack tight">
          <Button id="passkey-sign-in" look="second" icon="key" wide busy={busy} onClick={() => void attempt(byKey)}>
            {own('byKey')}
          </Button>
          <p class="small soft center" id="passkey-hint">{own('keyHint')}</p>
          <div class="or" role="separator">
            <span>{say('or')}</span>
          </div>
        </div>
      )}
      <PasswordForm attempt={attempt} busy={busy} />
      <Button look="quiet" wide onClick={() => setActivates(true)}>
        {own('activate')}
      </Button>
    </section>
  );
}
