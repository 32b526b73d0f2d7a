/*
 * What the citizen's document store has of a paper of this dossier. The office that verified it writes down what stands
 * on it, so that nobody has to read it again, and revokes it, of which whose it is is told.
 */
import { useState } from 'preact/hooks';
import type { DocumentDescribeBody, StaffDossier } from '../../api';
import { post, put } from '../../shared/call';
import { dateOf } from '../../shared/format';
import { Icon } from '../../shared/parts/icon';
import { Button, Choices, Dialog, Field, Note, Tag } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { today } from '../lib/days';
import { useSending } from '../lib/sending';
import { FormEnd } from '../parts/form-end';
import { toast } from '../parts/toast';
import { me } from '../session/state';
import { say } from '../words';

export type StoredPaper = NonNullable<StaffDossier['documents']>[number];

const own = sayFrom({
  used: ['Lấy từ kho giấy tờ của công dân', 'Taken from the citizen’s document store'],
  offered: ['Đã đề nghị dùng bản trong kho giấy tờ', 'They were asked to use the stored one'],
  made: ['Đã đưa vào kho giấy tờ của công dân', 'Put into the citizen’s document store'],
  verified: ['{0} xác nhận {1}', 'verified by {0}, {1}'],
  until: ['có giá trị đến {0}', 'valid until {0}'],
  numbered: ['số {0}', 'no. {0}'],
  describe: ['Ghi nội dung giấy', 'Write down what it says'],
  describeOf: ['Ghi nội dung: {0}', 'What it says: {0}'],
  describeHelp: ['Ghi đúng như trên giấy; phần không có thì để trống. Lần sau không ai phải đọc lại giấy này.', 'As the paper says; leave out what it has not. Then nobody has to read it again.'],
  described: ['Đã ghi nội dung: {0}', 'Written down: {0}'],
  number: ['Số', 'Number'],
  issuer: ['Nơi cấp', 'Issued by'],
  holder: ['Họ tên ghi trên giấy', 'Whose name stands on it'],
  issuedOn: ['Ngày cấp', 'Issued on'],
  validUntil: ['Có giá trị đến hết ngày', 'Valid until the end of'],
  against: ['Đã đối chiếu với', 'Checked against'],
  scan: ['Bản chụp', 'The scan'],
  signature: ['Chữ ký số', 'Its digital signature'],
  original: ['Bản chính', 'The original on paper'],
  register: ['Sổ gốc của cơ quan cấp', 'The issuer’s register'],
  database: ['Cơ sở dữ liệu', 'A database'],
  nothing: ['Hãy ghi ít nhất một mục.', 'Write down one of these at least.'],
  revoke: ['Thu hồi khỏi kho', 'Revoke it from the store'],
  revokeOf: ['Thu hồi khỏi kho: {0}', 'Revoke from the store: {0}'],
  revokeHelp: ['Giấy này không dùng được nữa trong mọi hồ sơ mới; người dân được báo và đọc được lý do.', 'No new dossier can use it any more; the citizen is told and reads the reason.'],
  revokedOne: ['Đã thu hồi: {0}', 'Revoked: {0}'],
  replaced: ['Đã thay thế', 'Replaced'],
  revoked: ['Đã thu hồi', 'Revoked'],
  rejected: ['Không được chấp nhận', 'Rejected'],
  removed: ['Đã xoá khỏi kho', 'Taken out of the store'],
});

const CHECKS = ['scan', 'signature', 'original', 'register', 'database'] as const;

function Describe({ one, onDone, onClose }: { one: StoredPaper; onDone: () => void; onClose: () => void }) {
  const day = (at: string | undefined) => (at ? new Date(Date.parse(at) + 7 * 3_600_000).toISOString().slice(0, 10) : undefined);
  const [body, set] = useState<DocumentDescribeBody>({ number: one.number, issuer: one.issuer, holder: one.holder, issued_on: day(one.issued_at), valid_until: one.described ? day(one.valid_until) : undefined, against: one.against });
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : []))) as DocumentDescribeBody;
    if (!Object.keys(given).length) return sending.wrong({ number: own('nothing') });
    void sending.run(async () => {
      await put('/v1/desk/documents/{id}', { id: one.id }, given, { headers: { 'if-match': `"${one.revision}"` } });
      toast(own('described', one.name));
      onDone();
    });
  };
  const text = (name: 'number' | 'issuer' | 'holder', most: number) => (
    <Field id={`store-${name}`} label={own(name)} optional error={sending.fault(name)}>
      {(labelled) => <input {...labelled} type="text" maxLength={most} autoComplete="off" value={body[name] ?? ''} onInput={(event) => set({ ...body, [name]: event.currentTarget.value })} />}
    </Field>
  );
  const date = (name: 'issued_on' | 'valid_until') => (
    <Field id={`store-${name}`} label={own(name === 'issued_on' ? 'issuedOn' : 'validUntil')} optional error={sending.fault(name)}>
      {(labelled) => <input {...labelled} type="date" max={name === 'issued_on' ? today() : undefined} value={body[name] ?? ''} onInput={(event) => set({ ...body, [name]: event.currentTarget.value })} />}
    </Field>
  );
  return (
    <Dialog title={own('describeOf', one.name)} onClose={onClose}>
      <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
        <p class="help">{own('describeHelp')}</p>
        {text('number', 80)}
        {text('issuer', 200)}
        {text('holder', 120)}
        {date('issued_on')}
        {date('valid_until')}
        <Choices compact name="store-against" legend={own('against')} options={CHECKS.map((code) => [code, own(code)] as const)} value={body.against} onChange={(against) => set({ ...body, against })} />
        {sending.words && (
          <Note tone="bad" live>
            {sending.words}
          </Note>
        )}
        <FormEnd onLeave={onClose} busy={sending.busy}>
          {say('save')}
        </FormEnd>
      </form>
    </Dialog>
  );
}

function Revoke({ one, onDone, onClose }: { one: StoredPaper; onDone: () => void; onClose: () => void }) {
  const [note, setNote] = useState('');
  const sending = useSending();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (!note.trim()) return sending.wrong({ note: say('needed') });
    void sending.run(async () => {
      await post('/v1/desk/documents/{id}/revoke', { id: one.id }, { note: note.trim() });
      toast(own('revokedOne', one.name));
      onDone();
    });
  };
  return (
    <Dialog title={own('revokeOf', one.name)} onClose={onClose}>
      <form class="stack" noValidate onInput={sending.edited} onSubmit={send}>
        <Field id="store-revoke-note" label={say('reason')} help={own('revokeHelp')} error={sending.fault('note')}>
          {(labelled) => <textarea {...labelled} rows={3} maxLength={1500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />}
        </Field>
        {sending.words && !sending.fault('note') && (
          <Note tone="bad" live>
            {sending.words}
          </Note>
        )}
        <FormEnd look="danger" onLeave={onClose} busy={sending.busy}>
          {own('revoke')}
        </FormEnd>
      </form>
    </Dialog>
  );
}

const factsOf = (one: StoredPaper): string =>
  [one.number && own('numbered', one.number), one.issuer, one.verified_at && own('verified', one.office_name ?? '', dateOf(one.verified_at)), one.valid_until && own('until', dateOf(one.valid_until))].filter(Boolean).join(' · ');

/* A result that was issued is revoked by a step of its dossier. */
export function InStore({ one, onChange }: { one: StoredPaper; onChange: () => void }) {
  const [open, set] = useState<'describe' | 'revoke'>();
  const isOurs = one.office !== undefined && one.office === me()?.agency && one.origin === 'accepted' && one.state === 'valid';
  const close = () => set(undefined);
  const done = () => {
    close();
    onChange();
  };
  return (
    <div class="stack tight">
      <p class="small soft">
        <Icon name="check" size={16} /> {[own(one.role), factsOf(one)].filter(Boolean).join(' · ')}
      </p>
      {!one.stands && (
        <p class="small">
          {one.state !== undefined && one.state !== 'valid' ? <Tag tone="bad">{[own(one.state), one.ended_at && dateOf(one.ended_at)].filter(Boolean).join(' ')}</Tag> : one.why_words} {one.note}
        </p>
      )}
      {isOurs && one.role !== 'offered' && (
        <div class="row paper-tools">
          <Button look="quiet" icon="pen" onClick={() => set('describe')}>
            {own('describe')}
          </Button>
          <Button look="quiet" icon="cross" onClick={() => set('revoke')}>
            {own('revoke')}
          </Button>
        </div>
      )}
      {open === 'describe' && <Describe one={one} onDone={done} onClose={close} />}
      {open === 'revoke' && <Revoke one={one} onDone={done} onClose={close} />}
    </div>
  );
}
