/* A phone was lost, and its owner stands at the desk with their card: they are signed out everywhere, and told. */
import { useState } from 'preact/hooks';
import { post } from '../../shared/call';
import { Field, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { CardField, cardIn, nobodyHas, orNobody } from '../counter/card-field';
import { useSending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { say } from '../words';

const own = sayFrom({
  title: ['Đăng xuất người dân trên mọi thiết bị', 'Sign a person out on every device'],
  lead: ['Dùng khi người dân mất điện thoại và xuất trình thẻ căn cước tại quầy. Họ được báo cơ quan nào đã làm, kèm ghi chú.', 'For somebody who lost their phone and shows their card at the desk. They are told which office did it, and the note.'],
  note: ['Ghi chú', 'Note'],
  noteHelp: ['Ví dụ: Mất điện thoại, xuất trình thẻ căn cước. Người dân đọc được.', 'Such as: phone lost, card shown. The person reads it.'],
  short: ['Ít nhất 5 ký tự.', 'At least 5 characters.'],
  send: ['Đăng xuất mọi thiết bị', 'Sign out everywhere'],
  done: ['Đã đăng xuất {0} phiên. Người dân đăng nhập lại bằng số điện thoại hoặc định danh điện tử.', '{0} sessions were ended. The person signs in again by telephone or e-ID.'],
  noneOpen: ['Người này không đang đăng nhập ở đâu.', 'They are signed in nowhere.'],
});

const blank = { card: '', note: '' };

export function SignOutPerson() {
  const [typed, set] = useState(blank);
  const [ended, setEnded] = useState<number>();
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setEnded(undefined);
    const note = typed.note.trim();
    const wrong = { ...(!typed.card.trim() && { card: say('needed') }), ...(note.length < 5 && { note: note ? own('short') : say('needed') }) };
    if (Object.keys(wrong).length) return sending.wrong(wrong);
    let found = true;
    void sending
      .run(async () => {
        const done = await orNobody(() => post('/v1/desk/people/sign-out', {}, { card: cardIn(typed.card), note }));
        found = done !== undefined;
        if (!done) return;
        setEnded(done.ended);
        set(blank);
      })
      .then(() => found || sending.wrong(nobodyHas()));
  };
  return (
    <form class="card narrow-page" noValidate onInput={sending.edited} onSubmit={send} aria-labelledby="sign-out-title">
      <h2 id="sign-out-title">{own('title')}</h2>
      <p class="soft">{own('lead')}</p>
      <CardField id="sign-out-card" value={typed.card} set={(card) => set({ ...typed, card })} error={sending.fault('card')} />
      <Field id="sign-out-note" label={own('note')} help={own('noteHelp')} error={sending.fault('note')}>
        {(labelled) => <textarea {...labelled} rows={2} maxLength={200} value={typed.note} onInput={(event) => set({ ...typed, note: event.currentTarget.value })} />}
      </Field>
      {ended !== undefined && (
        <Note tone="good" icon="check" live>
          {ended > 0 ? own('done', ended) : own('noneOpen')}
        </Note>
      )}
      {sending.words && (
        <Note tone="bad" live>
          {sending.words}
        </Note>
      )}
      <FormEnd onLeave={() => (set(blank), setEnded(undefined), sending.wrong({}))} busy={sending.busy} look="danger">
        {own('send')}
      </FormEnd>
    </form>
  );
}
