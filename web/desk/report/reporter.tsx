/*
 * Who sent a report: shown only when it is asked for with a reason, which the reporter is told; then it stands here
 * until the page is left, and nowhere else.
 */
import { useState } from 'preact/hooks';
import type { Reporter as Person, StaffReport } from '../../api';
import { Problem, post } from '../../shared/call';
import { Icon } from '../../shared/parts/icon';
import { Button, Field, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import type { Step } from '../act/act';
import { useUnsent } from '../lib/unsent';
import { say } from '../words';

const own = sayFrom({
  title: ['Người gửi', 'The reporter'],
  noConsent: ['Người gửi không đồng ý cho xem họ tên và số điện thoại.', 'The reporter does not let you see name and phone.'],
  notNow: ['Ở bước này không xem được họ tên và số điện thoại.', 'Name and phone cannot be seen at this point.'],
  hidden: ['Họ tên và số điện thoại được giữ kín. Mỗi lần xem đều ghi lại, và người gửi được báo kèm lý do.', 'Name and phone are kept. Each look is recorded, and the reporter is told why.'],
  why: ['Vì sao cần xem', 'Why you need it'],
  whyHelp: ['Người gửi đọc được câu này.', 'The reporter reads this.'],
  look: ['Xem người gửi', 'See the reporter'],
  name: ['Họ tên', 'Name'],
  phone: ['Điện thoại', 'Phone'],
  none: ['chưa khai', 'not given'],
});

function Ask({ report, onSeen }: { report: StaffReport; onSeen: (person: Person) => void }) {
  const [note, set] = useUnsent<string>(`report.${report.id}.reveal`, '');
  const [open, setOpen] = useState(note !== '');
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!note.trim()) return setFault(say('needed'));
    setBusy(true);
    try {
      const person = await post('/v1/reports/{id}/reporter', { id: report.id }, { note: note.trim() });
      set(undefined);
      onSeen(person);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFault(error.message);
    } finally {
      setBusy(false);
    }
  }
  if (!open)
    return (
      <Button icon="eye" onClick={() => setOpen(true)}>
        {own('look')}
      </Button>
    );
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <Field id="reveal-note" label={own('why')} help={own('whyHelp')} error={fault}>
        {(named) => <textarea {...named} rows={2} maxLength={500} value={note} onInput={(event) => set(event.currentTarget.value)} />}
      </Field>
      <div class="row end">
        <Button look="quiet" onClick={() => (set(undefined), setOpen(false))}>
          {say('leaveIt')}
        </Button>
        <Button type="submit" look="main" busy={busy}>
          {own('look')}
        </Button>
      </div>
    </form>
  );
}

export function Reporter({ report, step, onReveal }: { report: StaffReport; step: Step | undefined; onReveal: () => void }) {
  const [person, setPerson] = useState<Person>();
  return (
    <section class="card" aria-labelledby="reporter-title">
      <h2 id="reporter-title">{own('title')}</h2>
      {person ? (
        <dl class="facts">
          <div>
            <dt>{own('name')}</dt>
            <dd>{person.name ?? own('none')}</dd>
          </div>
          <div>
            <dt>{own('phone')}</dt>
            <dd>{person.phone ? <a href={`tel:${person.phone}`}>{person.phone}</a> : own('none')}</dd>
          </div>
        </dl>
      ) : !report.consent ? (
        <p class="soft">{own('noConsent')}</p>
      ) : !step ? (
        <p class="soft">{own('notNow')}</p>
      ) : (
        <>
          <p class="small soft">
            <Icon name="eye" size={16} /> {own('hidden')}
          </p>
          <Ask
            report={report}
            onSeen={(seen) => {
              setPerson(seen);
              onReveal();
            }}
          />
        </>
      )}
      {person && <Note tone="info">{own('hidden')}</Note>}
    </section>
  );
}
