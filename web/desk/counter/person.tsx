/* Who stands at the counter: their card scanned, by camera or hand scanner, or its number typed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../shared/parts/icon';
import { Button, Choices, Field, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { CameraDialog } from './camera';
import { readCard } from './card';
import type { Draft, Part } from './draft';
import { hasCamera } from './reader';

const own = sayFrom({
  person: ['Người nộp', 'The applicant'],
  scan: ['Mã QR trên thẻ căn cước', "The card's QR code"],
  scanHelp: ['Đặt con trỏ vào ô rồi quét thẻ. Nếu không quét được, điền ba ô dưới.', 'Put the cursor here and scan. If it cannot be scanned, fill in the three fields below.'],
  name: ['Họ và tên', 'Full name'],
  card: ['Số định danh', 'Card number'],
  birth: ['Ngày sinh', 'Date of birth'],
  phone: ['Điện thoại', 'Phone'],
  by: ['Người nộp thay', 'Who hands it in for them'],
  shows: ['Người nộp có', 'They show'],
  byCard: ['Thẻ căn cước', 'A citizen’s card'],
  byPassport: ['Hộ chiếu', 'A passport'],
  country: ['Nước cấp', 'Issued by'],
  countryHelp: ['3 chữ cái, như AUS.', 'Three letters, such as AUS.'],
  number: ['Số hộ chiếu', 'Passport number'],
  camera: ['Quét bằng camera', 'Scan by camera'],
  read: ['Đã đọc thẻ: {0}, sinh {1}, số {2}', 'Card read: {0}, born {1}, number {2}'],
  unread: ['Chưa phải nội dung mã QR của thẻ căn cước.', 'This is not yet the text of a card’s code.'],
  clear: ['Xoá, nhập lại', 'Clear'],
});

const goOn = (): void => document.getElementById('counter-phone')?.focus();

function Scan({ draft, set, fault }: Part) {
  const [camera, setCamera] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const found = readCard(draft.scan);
  /* A hand scanner ends with Enter: that files nothing, it goes on. */
  const next = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (found) goOn();
  };
  const seen = useRef(false); // by the camera, whose window gives the focus back when it closes
  useEffect(() => {
    if (!camera && seen.current) goOn();
    seen.current = false;
  }, [camera]);
  return (
    <>
      <Field id="counter-scan" label={own('scan')} help={own('scanHelp')} error={fault('/applicant/scan') ?? fault('/applicant')}>
        {(labelled) => (
          <div class="row">
            <input {...labelled} ref={field} class="grow" type="text" maxLength={400} autoComplete="off" spellcheck={false} value={draft.scan} onInput={(event) => set({ ...draft, scan: event.currentTarget.value })} onKeyDown={next} />
            {hasCamera() && (
              <Button icon="camera" onClick={() => setCamera(true)}>
                {own('camera')}
              </Button>
            )}
          </div>
        )}
      </Field>
      {draft.scan.trim() && (
        <div class="row spread">
          {found ? (
            <p class="read" role="status">
              <Icon name="check" size={18} /> {own('read', found.name, found.birth, found.card)}
            </p>
          ) : (
            <Note tone="warn">{own('unread')}</Note>
          )}
          <Button
            look="quiet"
            onClick={() => {
              set({ ...draft, scan: '' });
              field.current?.focus();
            }}
          >
            {own('clear')}
          </Button>
        </div>
      )}
      {camera && (
        <CameraDialog
          onDone={(text) => {
            setCamera(false);
            seen.current = text !== undefined;
            if (text) set({ ...draft, scan: text });
          }}
        />
      )}
    </>
  );
}

export function Person({ draft, set, fault }: Part) {
  const text = (name: 'name' | 'card' | 'phone' | 'by' | 'country' | 'number', more: { inputMode?: 'numeric' | 'tel'; optional?: boolean; at?: string; help?: string } = {}) => (
    <Field id={`counter-${name}`} label={own(name)} help={more.help} error={fault(more.at ?? `/applicant/${name}`)} optional={more.optional ?? false}>
      {(labelled) => <input {...labelled} type="text" inputMode={more.inputMode ?? 'text'} maxLength={120} autoComplete="off" value={draft[name]} onInput={(event) => set({ ...draft, [name]: event.currentTarget.value } as Draft)} />}
    </Field>
  );
  const passport = draft.shows === 'passport';
  const birth = (
    <Field id="counter-birth" label={own('birth')} error={fault('/applicant/birth')}>
      {(labelled) => <input {...labelled} type="date" value={draft.birth} onInput={(event) => set({ ...draft, birth: event.currentTarget.value })} />}
    </Field>
  );
  return (
    <section class="card" aria-labelledby="person-title">
      <h2 id="person-title">{own('person')}</h2>
      <Choices compact name="counter-shows" legend={own('shows')} options={[['card', own('byCard')], ['passport', own('byPassport')]]} value={draft.shows} onChange={(shows) => set({ ...draft, shows })} />
      {passport ? (
        <>
          <div class="three">
            {text('country', { at: '/applicant/passport/country', help: own('countryHelp') })}
            {text('number', { at: '/applicant/passport/number' })}
          </div>
          <div class="three">
            {text('name')}
            {birth}
          </div>
          {(fault('/applicant') ?? fault('/applicant/passport')) && <p class="error">{fault('/applicant') ?? fault('/applicant/passport')}</p>}
        </>
      ) : (
        <>
          <Scan draft={draft} set={set} fault={fault} />
          {!draft.scan.trim() && (
            <div class="three">
              {text('name')}
              {text('card', { inputMode: 'numeric' })}
              {birth}
            </div>
          )}
        </>
      )}
      <div class="three">
        {text('phone', { inputMode: 'tel', optional: true })}
        {text('by', { optional: true })}
      </div>
    </section>
  );
}
