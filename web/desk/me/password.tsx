/* Another password, and new recovery codes: each by who shows once more, by password and code, that it is them. */
import { useState } from 'preact/hooks';
import { post } from '../../shared/call';
import { Button, Dialog, Field, Note } from '../../shared/parts/ui';
import { sessionHeaders } from '../../shared/session';
import { sayFrom } from '../../shared/words';
import { useSending, type Sending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { toast } from '../parts/toast';
import { PasswordField } from '../session/password-field';
import { DEVICE, enter } from '../session/state';
import { say } from '../words';

const own = sayFrom({
  password: ['Mật khẩu', 'Password'],
  passwordWords: ['Đổi xong, mọi máy khác đang đăng nhập bằng tài khoản này bị đăng xuất.', 'Once it is changed, every other device of this account is signed out.'],
  change: ['Đổi mật khẩu', 'Change the password'],
  now: ['Mật khẩu hiện nay', 'The password as it is'],
  next: ['Mật khẩu mới', 'The new password'],
  changed: ['Đã đổi mật khẩu. Các máy khác đã được đăng xuất.', 'The password was changed. Other devices were signed out.'],
  codes: ['Mã khôi phục', 'Recovery codes'],
  codesWords: ['Mười mã để vào khi không có điện thoại, mỗi mã dùng một lần. Lấy mã mới thì mã cũ hết dùng được.', 'Ten codes to get in without your phone, each good once. New ones end the old.'],
  make: ['Lấy mười mã mới', 'Get ten new codes'],
  written: ['Tôi đã ghi lại', 'I have written them down'],
  once: ['Mã chỉ hiện một lần. Hãy ghi lại hoặc in ra, cất nơi chỉ bạn biết.', 'They are shown once. Write them down or print them, and keep them where only you know.'],
  print: ['In', 'Print'],
});

interface Proof {
  password: string;
  code: string;
}
const proven = ({ password, code }: Proof) => ({ password, ...(code.trim() && { code: code.trim() }) });

function ProofFields({ id, value, set, sending }: { id: string; value: Proof; set: (next: Proof) => void; sending: Sending }) {
  return (
    <>
      <PasswordField id={`${id}-now`} label={own('now')} value={value.password} onChange={(password) => set({ ...value, password })} error={sending.fault('password')} />
      <Field id={`${id}-code`} label={say('code')} error={sending.fault('code')}>
        {(named) => <input {...named} type="text" autoComplete="one-time-code" spellcheck={false} maxLength={24} value={value.code} onInput={(event) => set({ ...value, code: event.currentTarget.value })} />}
      </Field>
    </>
  );
}

function Buttons({ sending, label, onCancel }: { sending: Sending; label: string; onCancel: () => void }) {
  return (
    <>
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      <FormEnd onLeave={onCancel} busy={sending.busy}>{label}</FormEnd>
    </>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [proof, setProof] = useState<Proof>({ password: '', code: '' });
  const [next, setNext] = useState('');
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!proof.password || !next) return sending.wrong({ ...(!proof.password && { password: say('needed') }), ...(!next && { new: say('needed') }) });
    void sending.run(async () => {
      const tokens = await post('/v1/me/password', {}, { ...proven(proof), new: next, device: DEVICE }, { headers: sessionHeaders() });
      await enter(tokens);
      toast(own('changed'));
      onClose();
    });
  };
  return (
    <Dialog title={own('change')} onClose={onClose}>
      <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
        <ProofFields id="password" value={proof} set={setProof} sending={sending} />
        <PasswordField id="password-new" label={own('next')} value={next} onChange={setNext} error={sending.fault('new')} current={false} />
        <Buttons sending={sending} label={own('change')} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

export function Password() {
  const [open, set] = useState(false);
  return (
    <section class="card" aria-labelledby="password-title">
      <div class="row spread">
        <h2 id="password-title">{own('password')}</h2>
        <Button onClick={() => set(true)}>{own('change')}</Button>
      </div>
      <p class="soft">{own('passwordWords')}</p>
      {open && <PasswordDialog onClose={() => set(false)} />}
    </section>
  );
}

function CodesDialog({ onClose }: { onClose: () => void }) {
  const [proof, setProof] = useState<Proof>({ password: '', code: '' });
  const [codes, setCodes] = useState<string[]>();
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!proof.password) return sending.wrong({ password: say('needed') });
    void sending.run(async () => setCodes((await post('/v1/me/recovery-codes', {}, proven(proof))).recovery_codes));
  };
  return (
    <Dialog title={own('codes')} onClose={onClose}>
      {codes ? (
        <div class="stack">
          <Note tone="warn" icon="warn">
            {own('once')}
          </Note>
          <ol class="codes">
            {codes.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ol>
          <div class="row end">
            <Button icon="print" onClick={() => print()}>
              {own('print')}
            </Button>
            <Button look="main" onClick={onClose}>
              {own('written')}
            </Button>
          </div>
        </div>
      ) : (
        <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
          <ProofFields id="codes" value={proof} set={setProof} sending={sending} />
          <Buttons sending={sending} label={own('make')} onCancel={onClose} />
        </form>
      )}
    </Dialog>
  );
}

export function RecoveryCodes() {
  const [open, set] = useState(false);
  return (
    <section class="card" aria-labelledby="codes-title">
      <div class="row spread">
        <h2 id="codes-title">{own('codes')}</h2>
        <Button onClick={() => set(true)}>{own('make')}</Button>
      </div>
      <p class="soft">{own('codesWords')}</p>
      {open && <CodesDialog onClose={() => set(false)} />}
    </section>
  );
}
