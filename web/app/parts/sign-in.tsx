/* Signing in by phone: a number, then the code that it is sent. The same wherever it is needed. */
import { useRef, useState } from 'preact/hooks';
import { Problem, exchange, post, readProblem } from '../../shared/call';
import { sessionHeaders, signedIn } from '../../shared/session';
import { sayFrom } from '../../shared/words';
import { keep } from '../lib/db';
import { deviceId, deviceName } from '../lib/device';
import { say } from '../lib/words';
import type { OtpChallenge, Tokens } from '../../api';
import { Button, Field, Note, Title } from '../../shared/parts/ui';

const own = sayFrom({
  phone: ['Số điện thoại của bạn', 'Your phone number'],
  phoneHelp: ['Để cơ quan hỏi lại khi cần và báo kết quả cho bạn. Không dùng vào việc khác.', 'So that the agency can ask back and tell you the result. Used for nothing else.'],
  wrongPhone: ['Hãy nhập số di động Việt Nam gồm 10 chữ số, ví dụ 0912 345 678.', 'Give a Vietnamese mobile number of 10 digits, such as 0912 345 678.'],
  wrongCode: ['Mã không đúng hoặc đã hết hạn. Hãy xem lại tin nhắn, hoặc gửi lại mã.', 'The code is wrong, or it has expired. Look at the message again, or have it sent anew.'],
  sixDigits: ['Mã gồm 6 chữ số.', 'The code has 6 digits.'],
  askCode: ['Nhận mã', 'Send me a code'],
  code: ['Mã gồm 6 số vừa gửi đến {0}', 'The 6 digits just sent to {0}'],
  codeHelp: ['Mã dùng được trong 5 phút.', 'The code holds for 5 minutes.'],
  check: ['Xác nhận', 'Confirm'],
  other: ['Đổi số khác', 'Another number'],
  anew: ['Gửi lại mã', 'Send it again'],
  wait: ['Xin chờ {0} giây rồi thử lại.', 'Please wait {0} seconds and try again.'],
});

async function postTokens(path: string, body: unknown): Promise<Tokens> {
  const reply = await exchange(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...sessionHeaders() } });
  if (!reply.ok) throw await readProblem(reply);
  return (await reply.json()) as Tokens;
}

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Problem)) throw error;
  if (error.errors.some((one) => one.pointer === '/phone')) return own('wrongPhone');
  if (error.status === 401) return own('wrongCode');
  return error.status === 429 && error.retrySeconds ? own('wait', error.retrySeconds) : error.message;
};

export function SignIn({ onDone, action = own('check') }: { onDone: () => void; action?: string }) {
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [challenge, setChallenge] = useState<OtpChallenge>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const codeField = useRef<HTMLInputElement>(null);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (thrown) {
      setError(wordsOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const ask = () =>
    attempt(async () => {
      if (!phone.trim()) return setError(say('needed'));
      setChallenge(await post('/v1/auth/otp', {}, { phone: phone.trim(), device: await deviceId() }));
      requestAnimationFrame(() => codeField.current?.focus());
    });
  const check = (given: string) =>
    attempt(async () => {
      if (!/^\d{6}$/.test(given)) return setError(own('sixDigits'));
      const tokens = await postTokens(`/v1/auth/otp/${challenge!.challenge}/check`, { code: given, device: deviceName() });
      await keep('step-up', Boolean(tokens.step_up));
      await signedIn(tokens);
      onDone();
    });

  if (!challenge)
    return (
      <form class="stack" noValidate onSubmit={(event) => (event.preventDefault(), void ask())}>
        <Field id="phone" label={own('phone')} help={own('phoneHelp')} error={error}>
          {(described) => <input {...described} type="tel" autocomplete="tel" inputMode="tel" maxLength={20} value={phone} onInput={(event) => setPhone(event.currentTarget.value)} />}
        </Field>
        <Button type="submit" look="main" wide busy={busy}>
          {own('askCode')}
        </Button>
      </form>
    );
  return (
    <form class="stack" noValidate onSubmit={(event) => (event.preventDefault(), void check(code))}>
      <Field id="code" label={own('code', phone)} help={own('codeHelp')} error={error}>
        {(described) => (
          <input
            {...described}
            ref={codeField}
            class="code"
            type="text"
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={6}
            value={code}
            onInput={(event) => {
              const given = event.currentTarget.value.replace(/\D/g, '');
              setCode(given);
              if (given.length === 6 && !busy) void check(given);
            }}
          />
        )}
      </Field>
      <Button type="submit" look="main" wide busy={busy}>
        {action}
      </Button>
      <div class="row">
        <Button look="quiet" disabled={busy} onClick={() => (setChallenge(undefined), setCode(''), setError(undefined))}>
          {own('other')}
        </Button>
        <Button look="quiet" disabled={busy} onClick={() => (setCode(''), void ask())}>
          {own('anew')}
        </Button>
      </div>
    </form>
  );
}

/* Where what is mine would be, for whoever is not signed in. */
export const SignInFirst = ({ why }: { why?: string }) => (
  <section class="card">
    <h2>{say('signIn')}</h2>
    <Note tone="plain">{why ?? say('signInWhy')}</Note>
    <SignIn onDone={() => undefined} />
  </section>
);

/* The same as a page. */
export const SignInPage = ({ title, up }: { title: string; up: string }) => (
  <>
    <Title up={up}>{title}</Title>
    <SignInFirst />
  </>
);
