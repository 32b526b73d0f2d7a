/* Forms by which somebody comes to act for another: a child, a ward, a proxy, an organisation. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { freshKey, post, Problem } from '../../shared/call';
import { Button, Check, Field, Note } from '../../shared/parts/ui';
import { preparePhoto } from '../../shared/photo';
import { sendFile } from '../../shared/tus';
import { sayFrom, type Words } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { useTyped } from '../lib/typed';
import { say } from '../lib/words';
import { EidFirst } from './eid-first';

const own = sayFrom({
  kind: ['Quan hệ', 'I am their'],
  name: ['Họ và tên', 'Full name'],
  birth: ['Ngày sinh', 'Date of birth'],
  card: ['Số định danh cá nhân', 'Personal number'],
  cardHelp: ['12 chữ số, nếu đã có.', '12 digits, if there is one.'],
  commune: ['Xã, phường xác nhận', 'Commune that confirms it'],
  papers: ['Ảnh giấy tờ chứng minh', 'Photos of the papers'],
  papersHelp: ['Giấy khai sinh, quyết định giám hộ, giấy đăng ký kinh doanh. Tối đa 6 ảnh.', 'A birth certificate, a guardian’s decision, a business registration. Up to 6.'],
  scope: ['Được làm gì?', 'For what?'],
  phone: ['Số điện thoại người được nhờ', 'Their phone number'],
  phoneHelp: ['Họ nhận lời trong ứng dụng này; không ai biết số đó đã dùng ứng dụng hay chưa.', 'They accept in this app; nobody is told whether the number is in use here.'],
  until: ['Đến hết ngày', 'Until the end of'],
  untilHelp: ['Không chọn: một năm.', 'If not chosen: a year.'],
  orgKind: ['Loại', 'Kind'],
  tax: ['Mã số thuế', 'Tax code'],
  orgName: ['Tên đăng ký', 'Registered name'],
  address: ['Địa chỉ', 'Address'],
  orgCommune: ['Xã, phường đăng ký', 'Commune of registration'],
  add: ['Thêm ảnh', 'Add photos'],
  sent: ['{0} ảnh', '{0} photos'],
  full: ['Tối đa 6 ảnh.', 'Six at most.'],
});

const scopes = {
  reports: ['Phản ánh', 'Reports'],
  dossiers: ['Hồ sơ, thủ tục', 'Dossiers'],
  documents: ['Xem kho giấy tờ', 'My papers'],
} as const satisfies Words;
const scopeWord = sayFrom(scopes);
const choices = sayFrom({
  parent: ['Cha mẹ', 'Parent'],
  guardian: ['Người giám hộ', 'Guardian'],
  enterprise: ['Doanh nghiệp', 'Enterprise'],
  household: ['Hộ kinh doanh', 'Household business'],
} as const satisfies Words);

export interface Faults {
  of: (pointer: string) => string | undefined;
  rest: string | undefined;
  eid: boolean; // who sent it has to show theirs first
}

/* Sends a form under one key, and says what is wrong at its field. */
export function useSending(onDone: () => void): { faults: Faults; busy: boolean; send: (work: (headers: { 'idempotency-key': string }) => Promise<unknown>) => Promise<void> } {
  const [key, setKey] = useState(freshKey);
  const [problem, set] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const send = async (work: (headers: typeof key) => Promise<unknown>) => {
    setBusy(true);
    set(undefined);
    try {
      await work(key);
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      set(error);
      if (!error.passes) setKey(freshKey());
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    }
    setBusy(false);
  };
  const of = (pointer: string) => problem?.errors.find((one) => one.pointer === pointer)?.detail;
  return { faults: { of, rest: problem && problem.errors.length === 0 ? problem.message : undefined, eid: problem?.slug === 'level-too-low' }, busy, send };
}

/* What was left empty is asked for, however the server says it. */
const faultOf = (faults: Faults, pointer: string, value: string): string | undefined => (faults.of(pointer) && !value.trim() ? say('needed') : faults.of(pointer));

export function Text({ id, label, help, faults, pointer, value, set, optional = false, ...more }: { id: string; label: string; help?: string; faults: Faults; pointer: string; value: string; set: (value: string) => void; optional?: boolean; type?: string; inputMode?: 'numeric' | 'tel'; maxLength?: number }) {
  return (
    <Field id={id} label={label} help={help} error={faultOf(faults, pointer, value)} optional={optional}>
      {(described) => <input type="text" {...described} {...more} value={value} onInput={(event) => set(event.currentTarget.value)} />}
    </Field>
  );
}

function Choose({ label, name, options, value, set }: { label: string; name: string; options: ReadonlyArray<readonly [string, string]>; value: string; set: (value: string) => void }) {
  return (
    <fieldset class="choices">
      <legend>{label}</legend>
      {options.map(([code, words]) => (
        <label key={code} class="choice">
          <input type="radio" name={name} checked={value === code} onChange={() => set(code)} /> <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Commune({ label, faults, value, set }: { label: string; faults: Faults; value: string; set: (value: string) => void }) {
  const catalogue = useCatalogue();
  return (
    <Field id="commune" label={label} error={faultOf(faults, '/commune', value)}>
      {(described) => (
        <select {...described} value={value} onChange={(event) => set(event.currentTarget.value)}>
          <option value="">{say('choose')}</option>
          {(catalogue.data?.communes ?? []).map((one) => (
            <option key={one.code} value={one.code}>
              {one.full_name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Papers({ ids, set, fault }: { ids: string[]; set: (ids: string[]) => void; fault: string | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const add = async (files: File[]) => {
    setBusy(true);
    setProblem(files.length + ids.length > 6 ? own('full') : undefined);
    const next = [...ids];
    try {
      for (const file of files.slice(0, 6 - ids.length)) {
        const { blob } = await preparePhoto(file);
        next.push(await sendFile(blob, 'giay-to.jpg', { upload: undefined, headers: { 'acting-for': '' }, begun: async () => undefined, progress: async () => undefined }));
        set([...next]);
      }
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : say('somethingWrong'));
    }
    setBusy(false);
  };
  return (
    <div class="field">
      <p>
        <strong>{own('papers')}</strong> <span class="soft">({say('optional')})</span>
      </p>
      <p class="help">{own('papersHelp')}</p>
      <input ref={input} class="sr" type="file" accept="image/*" multiple tabIndex={-1} aria-hidden="true" data-papers onChange={(event) => void add([...(event.currentTarget.files ?? [])])} />
      <div class="row">
        <Button icon="camera" busy={busy} disabled={ids.length >= 6} onClick={() => input.current?.click()}>
          {own('add')}
        </Button>
        {ids.length > 0 && <span role="status">{own('sent', ids.length)}</span>}
      </div>
      {(problem ?? fault) && <p class="error">{problem ?? fault}</p>}
    </div>
  );
}

function Scope({ value, set, fault }: { value: string[]; set: (value: string[]) => void; fault: string | undefined }) {
  return (
    <fieldset class="choices">
      <legend>{own('scope')}</legend>
      {(Object.keys(scopes) as Array<keyof typeof scopes>).map((one) => (
        <Check key={one} id={`scope-${one}`} checked={value.includes(one)} onChange={(on) => set(on ? [...value, one] : value.filter((other) => other !== one))}>
          {scopeWord(one)}
        </Check>
      ))}
      {fault && <p class="error">{fault}</p>}
    </fieldset>
  );
}

export const Form = ({ busy, faults, onSend, submit = say('save'), children }: { submit?: string; busy: boolean; faults: Faults; onSend: () => void; children: ComponentChildren }) => (
  <form class="stack" noValidate onSubmit={(event) => (event.preventDefault(), onSend())}>
    {children}
    {faults.rest && !faults.eid && (
      <Note tone="bad" live>
        {faults.rest}
      </Note>
    )}
    {faults.eid && <EidFirst back={location.pathname} />}
    <Button type="submit" look="main" wide busy={busy}>
      {submit}
    </Button>
  </form>
);

type Scopes = Array<keyof typeof scopes>;

export function DependantForm({ onDone }: { onDone: () => void }) {
  const [given, setGiven, sent] = useTyped('dependant', { kind: 'parent', name: '', birth: '', card: '', commune: '', scope: ['reports', 'dossiers', 'documents'], photos: [] as string[] });
  const { kind, scope, photos } = given;
  const { faults, busy, send } = useSending(() => (sent(), onDone()));
  const put = (some: Partial<typeof given>) => setGiven({ ...given, ...some });
  const submit = () =>
    send((headers) =>
      post(
        '/v1/me/mandates',
        {},
        { kind: kind as 'parent', dependant: { name: given.name.trim(), birth: given.birth, ...(given.card.trim() && { card: given.card.trim() }) }, scope: scope as Scopes, commune: given.commune, photos },
        { headers },
      ),
    );
  return (
    <Form busy={busy} faults={faults} onSend={() => void submit()}>
      <Choose label={own('kind')} name="kind" options={[['parent', choices('parent')], ['guardian', choices('guardian')]]} value={kind} set={(kind) => put({ kind })} />
      <Text id="name" label={own('name')} faults={faults} pointer="/dependant/name" value={given.name} set={(name) => put({ name })} maxLength={60} />
      <Text id="birth" type="date" label={own('birth')} faults={faults} pointer="/dependant/birth" value={given.birth} set={(birth) => put({ birth })} />
      <Text id="card" label={own('card')} help={own('cardHelp')} inputMode="numeric" maxLength={12} optional faults={faults} pointer="/dependant/card" value={given.card} set={(card) => put({ card })} />
      <Commune label={own('commune')} faults={faults} value={given.commune} set={(commune) => put({ commune })} />
      <Papers ids={photos} set={(photos) => put({ photos })} fault={faults.of('/photos')} />
      <Scope value={scope} set={(scope) => put({ scope })} fault={faults.of('/scope')} />
    </Form>
  );
}

export function AgentForm({ onDone }: { onDone: () => void }) {
  const [given, setGiven, sent] = useTyped('agent', { phone: '', until: '', scope: ['dossiers'] });
  const { phone, until, scope } = given;
  const { faults, busy, send } = useSending(() => (sent(), onDone()));
  const put = (some: Partial<typeof given>) => setGiven({ ...given, ...some });
  const submit = () => send((headers) => post('/v1/me/mandates', {}, { kind: 'proxy', agent: { phone: phone.trim() }, scope: scope as Scopes, ...(until && { until }) }, { headers }));
  return (
    <Form busy={busy} faults={faults} onSend={() => void submit()}>
      <Text id="agent" type="tel" inputMode="tel" label={own('phone')} help={own('phoneHelp')} maxLength={24} faults={faults} pointer="/agent/phone" value={phone} set={(phone) => put({ phone })} />
      <Scope value={scope} set={(scope) => put({ scope })} fault={faults.of('/scope')} />
      <Text id="until" type="date" label={own('until')} help={own('untilHelp')} optional faults={faults} pointer="/until" value={until} set={(until) => put({ until })} />
    </Form>
  );
}

export function OrganisationForm({ onDone }: { onDone: () => void }) {
  const [given, setGiven, sent] = useTyped('organisation', { kind: 'household', tax: '', name: '', address: '', commune: '', photos: [] as string[] });
  const { kind, photos } = given;
  const { faults, busy, send } = useSending(() => (sent(), onDone()));
  const put = (some: Partial<typeof given>) => setGiven({ ...given, ...some });
  const submit = () =>
    send(() =>
      post('/v1/me/organisations', {}, { kind: kind as 'household', tax_code: given.tax.trim(), name: given.name.trim(), commune: given.commune, photos, ...(given.address.trim() && { address: given.address.trim() }) }),
    );
  return (
    <Form busy={busy} faults={faults} onSend={() => void submit()}>
      <Choose label={own('orgKind')} name="kind" options={[['household', choices('household')], ['enterprise', choices('enterprise')]]} value={kind} set={(kind) => put({ kind })} />
      <Text id="tax" label={own('tax')} inputMode="numeric" maxLength={14} faults={faults} pointer="/tax_code" value={given.tax} set={(tax) => put({ tax })} />
      <Text id="name" label={own('orgName')} maxLength={200} faults={faults} pointer="/name" value={given.name} set={(name) => put({ name })} />
      <Text id="address" label={own('address')} maxLength={200} optional faults={faults} pointer="/address" value={given.address} set={(address) => put({ address })} />
      <Commune label={own('orgCommune')} faults={faults} value={given.commune} set={(commune) => put({ commune })} />
      <Papers ids={photos} set={(photos) => put({ photos })} fault={faults.of('/photos')} />
    </Form>
  );
}
