/* A new account is opened by its owner: the code that was given out, an authenticator, a password; then the recovery codes. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { StaffActivation, Tokens } from '../../api';
import { Problem } from '../../shared/call';
import { Button, Field, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { postOpen } from './open';
import { wordsOf } from './passkey';
import { PasswordField } from './password-field';
import { DEVICE, enter } from './state';

const own = sayFrom({
  title: ['Mở tài khoản', 'Open your account'],
  lead: ['Dùng mã mà quản trị của cơ quan đưa cho bạn. Mã chỉ dùng được một lần.', "Use the code that your agency's administrator gave you. It works once."],
  user: ['Tên đăng nhập', 'User name'],
  code: ['Mã mở tài khoản', 'The code that opens it'],
  next: ['Tiếp tục', 'Continue'],
  hello: ['Xin chào {0}.', 'Hello {0}.'],
  secret: ['Thêm khoá này vào ứng dụng xác thực', 'Add this key to your authenticator app'],
  secretHelp: ['Nhập khoá vào ứng dụng, hoặc trên điện thoại thì nhấn vào khoá. Sau đó điền 6 số ứng dụng hiện ra.', 'Type it into the app, or tap it on a phone. Then enter the 6 digits that the app shows.'],
  totp: ['6 số trong ứng dụng', "The app's 6 digits"],
  newPassword: ['Hãy đặt một mật khẩu dài: một câu của riêng bạn.', 'Choose a long password: a sentence of your own.'],
  samePassword: ['Mật khẩu giữ nguyên như trước.', 'Your password stays as it was.'],
  open: ['Mở tài khoản', 'Open the account'],
  recovery: ['Mã khôi phục', 'Recovery codes'],
  recoveryLead: ['Ghi lại và cất riêng. Mỗi mã thay được ứng dụng xác thực một lần. Các mã này không hiện lại.', 'Write them down and keep them apart. Each stands for the authenticator once. They are not shown again.'],
  kept: ['Tôi đã ghi lại', 'I have written them down'],
  back: ['Về đăng nhập', 'Back to signing in'],
});

function Recovery({ tokens }: { tokens: Tokens }) {
  return (
    <>
      <h2>{own('recovery')}</h2>
      <p class="soft">{own('recoveryLead')}</p>
      <ul class="codes">
        {tokens.recovery_codes!.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <Button look="main" wide onClick={() => void enter(tokens)}>
        {own('kept')}
      </Button>
    </>
  );
}

export function Activate({ onBack }: { onBack: () => void }) {
  const [user, setUser] = useState('');
  const [code, setCode] = useState('');
  const [opened, setOpened] = useState<StaffActivation>();
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [tokens, setTokens] = useState<Tokens>();
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [words, setWords] = useState<string>();
  const [busy, setBusy] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);

  async function attempt(event: SubmitEvent, work: () => Promise<void>): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setWords(undefined);
    setFaults({});
    try {
      await work();
    } catch (error) {
      const said = wordsOf(error);
      if (error instanceof Problem) setFaults(Object.fromEntries(error.errors.map((one) => [one.pointer.slice(1), one.detail])));
      setWords(said);
    } finally {
      setBusy(false);
    }
  }
  const look = async () => setOpened(await postOpen('/v1/auth/staff/activation', { user: user.trim(), code: code.trim() }));
  const activate = async () => {
    const now = await postOpen('/v1/auth/staff/activate', { user: user.trim(), code: code.trim(), password, totp: totp.trim(), device: DEVICE });
    if (now.recovery_codes?.length) setTokens(now);
    else await enter(now);
  };
  const text = (id: string, label: string, value: string, set: (next: string) => void, more: Record<string, unknown> = {}) => (
    <Field id={`activate-${id}`} label={label} error={faults[id]}>
      {(named) => <input {...named} type="text" spellcheck={false} autoComplete="off" value={value} onInput={(event) => set(event.currentTarget.value)} {...more} />}
    </Field>
  );
  return (
    <section id="activate" class="card gate" aria-labelledby="activate-title">
      <div class="stack tight">
        <h1 id="activate-title" ref={heading} tabIndex={-1}>
          {own('title')}
        </h1>
        <p class="soft">{opened ? own('hello', opened.name) : own('lead')}</p>
      </div>
      {words && (
        <Note tone="bad" live>
          {words}
        </Note>
      )}
      {tokens ? (
        <Recovery tokens={tokens} />
      ) : opened ? (
        <form class="stack" noValidate onSubmit={(event) => void attempt(event, activate)}>
          <div class="stack tight">
            <p class="label">{own('secret')}</p>
            <p class="one-code secret">
              <a href={opened.totp_uri}>{opened.totp_secret.replace(/(.{4})/g, '$1 ').trim()}</a>
            </p>
            <p class="help">{own('secretHelp')}</p>
          </div>
          {text('totp', own('totp'), totp, setTotp, { inputMode: 'numeric', maxLength: 6 })}
          <p class="small soft">{own(opened.what === 'all' ? 'newPassword' : 'samePassword')}</p>
          <PasswordField id="activate-password" value={password} onChange={setPassword} error={faults.password} current={opened.what !== 'all'} />
          <Button type="submit" look="main" wide busy={busy}>
            {own('open')}
          </Button>
        </form>
      ) : (
        <form class="stack" noValidate onSubmit={(event) => void attempt(event, look)}>
          {text('user', own('user'), user, setUser, { autoCapitalize: 'none', maxLength: 64 })}
          {text('code', own('code'), code, setCode, { autoCapitalize: 'characters', maxLength: 24 })}
          <Button type="submit" look="main" wide busy={busy}>
            {own('next')}
          </Button>
        </form>
      )}
      {!tokens && (
        <Button look="quiet" wide onClick={onBack}>
          {own('back')}
        </Button>
      )}
    </section>
  );
}
