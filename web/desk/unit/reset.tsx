/* An account whose owner lost phone or password is opened anew by two: an administrator asks, another or a leader agrees. */
import { useState } from 'preact/hooks';
import type { Me, StaffAccount, StaffCode } from '../../api';
import { post, remove } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { Button, Choices, Dialog, Field, Note, Tag } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { useSending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { toast } from '../parts/toast';
import { fresh } from '../session/confirm';
import { say } from '../words';

const own = sayFrom({
  askOf: ['Mở lại tài khoản {0}', 'Open the account of {0} anew'],
  ask: ['Xin mở lại', 'Ask for it'],
  words: ['Người thứ hai (lãnh đạo hoặc quản trị khác) phải đồng ý trong 24 giờ. Chủ tài khoản được báo ngay.', 'A second person (a leader or another administrator) has 24 hours to agree. Its owner is told at once.'],
  what: ['Mất gì', 'What was lost'],
  totp: ['Điện thoại có mã xác thực', 'The phone with the codes'],
  all: ['Cả mật khẩu', 'The password, too'],
  reasonHelp: ['Ví dụ: đổi điện thoại. Người thứ hai và nhật ký đọc được.', 'Such as: a new phone. The second person and the log read it.'],
  asked: ['Đã xin. Chờ người thứ hai đồng ý.', 'Asked. A second person has to agree.'],
  waits: ['Chờ người thứ hai', 'Waits for a second person'],
  by: ['{0} xin: {1}. Đến {2}.', '{0} asks: {1}. Until {2}.'],
  agree: ['Đồng ý', 'Agree'],
  agreeOf: ['Đồng ý mở lại tài khoản {0}', 'Agree to open the account of {0} anew'],
  drop: ['Bỏ yêu cầu', 'Drop it'],
  dropOf: ['Bỏ yêu cầu mở lại tài khoản {0}', 'Drop the request for {0}'],
  dropped: ['Đã bỏ yêu cầu mở lại.', 'The request was dropped.'],
});

/* One that nobody agreed to in time is as if nobody had asked. */
export const resetOf = (one: StaffAccount): StaffAccount['reset'] => (one.reset?.until && new Date(one.reset.until).getTime() > Date.now() ? one.reset : undefined);

export function AskReset({ one, onDone }: { one: StaffAccount; onDone: (asked: boolean) => void }) {
  const [what, setWhat] = useState<'totp' | 'all' | undefined>(one.active ? undefined : 'all'); // one that has ended comes back with another password
  const [reason, setReason] = useState('');
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const empty = { ...(!what && { what: say('needed') }), ...(!reason.trim() && { reason: say('needed') }) };
    if (Object.keys(empty).length) return sending.wrong(empty);
    void sending.run(async () => {
      if (!(await fresh(() => post('/v1/staff/{id}/reset', { id: one.id }, { what: what!, reason: reason.trim() })))) return;
      toast(own('asked'));
      onDone(true);
    });
  };
  return (
    <Dialog title={own('askOf', one.name ?? '')} onClose={() => onDone(false)}>
      <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
        <p>{own('words')}</p>
        {one.active && (
          <Choices
            compact
            name="reset-what"
            legend={own('what')}
            options={[
              ['totp', own('totp')],
              ['all', own('all')],
            ]}
            value={what}
            onChange={setWhat}
            error={sending.fault('what')}
          />
        )}
        <Field id="reset-reason" label={say('reason')} help={own('reasonHelp')} error={sending.fault('reason')}>
          {(labelled) => <textarea {...labelled} rows={2} maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
        </Field>
        {sending.words && (
          <Note tone="bad" live>
            {sending.words}
          </Note>
        )}
        <FormEnd onLeave={() => onDone(false)} busy={sending.busy}>
          {own('ask')}
        </FormEnd>
      </form>
    </Dialog>
  );
}

/* What was asked for, to who may agree: neither who asked nor whose account it is. */
export function WantedReset({ one, me, onCode, onDropped }: { one: StaffAccount; me: Me; onCode: (code: StaffCode) => void; onDropped: () => void }) {
  const sending = useSending();
  const reset = resetOf(one);
  if (!reset) return null;
  const agree = () =>
    void sending.run(async () => {
      const code = await fresh(() => post('/v1/staff/{id}/reset/confirm', { id: one.id }, { reset: reset.id! }));
      if (code) onCode(code);
    });
  const drop = () =>
    void sending.run(async () => {
      if (!(await fresh(() => remove('/v1/staff/{id}/reset', { id: one.id }).then(() => true)))) return;
      toast(own('dropped'));
      onDropped();
    });
  return (
    <div class="stack tight">
      <Tag tone="warn">{own('waits')}</Tag>
      <p class="small soft">{own('by', reset.by_user ?? '', reset.reason ?? '', reset.until ? momentOf(reset.until) : '')}</p>
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      <div class="row">
        {reset.by !== me.id && one.id !== me.id && (
          <Button look="second" busy={sending.busy} aria-label={own('agreeOf', one.name ?? '')} onClick={agree}>
            {own('agree')}
          </Button>
        )}
        <Button look="quiet" aria-label={own('dropOf', one.name ?? '')} onClick={drop}>
          {own('drop')}
        </Button>
      </div>
    </div>
  );
}
