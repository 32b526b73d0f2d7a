/* A dossier for a person who stands at the counter: card scanned, papers counted, received, receipt printed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeskDossierNewBody, Me, ProcedureDetail, ProcedureRow, StaffDossier } from '../../api';
import { Problem, get, post } from '../../shared/call';
import { Button, ButtonLink, Check, Choices, Field, Note, Title } from '../../shared/parts/ui';
import { momentOf, money } from '../../shared/format';
import { useLoaded } from '../../shared/store';
import { named, sayFrom } from '../../shared/words';
import { useCatalogue } from '../lib/catalogue';
import { saveFrom } from '../lib/pdf';
import { useUnsent } from '../lib/unsent';
import { Fact } from '../parts/fact';
import { Person } from '../counter/person';
import { readCard } from '../counter/card';
import { blank, type Draft, type Part } from '../counter/draft';
import { Stored, type Store } from '../counter/stored';
import { say } from '../words';

const own = sayFrom({
  title: ['Nhận hồ sơ tại quầy', 'File at the counter'],
  procedure: ['Thủ tục', 'Procedure'],
  procedureHelp: ['Gõ vài chữ như người dân nói: “khai sinh”, “kết hôn”. Enter chọn dòng đầu.', 'Type a few words as people say them. Enter takes the first.'],
  noProcedure: ['Không có thủ tục nào nộp tại đây khớp với những chữ này.', 'No procedure that is filed here has these words.'],
  allPapers: ['Đủ giấy tờ bắt buộc', 'All that are required'],
  other: ['Chọn thủ tục khác', 'Another procedure'],
  papers: ['Giấy tờ nhận', 'Papers taken'],
  papersHelp: ['Số bản giấy của từng loại; để 0 nếu không có.', 'How many copies of each on paper; 0 for none.'],
  fetch: ['Nhận kết quả', 'How the result is taken'],
  download: ['Bản điện tử', 'Electronically'],
  counter: ['Tại quầy', 'At the counter'],
  post: ['Qua bưu chính', 'By post'],
  receive: ['Tiếp nhận ngay', 'Receive it at once'],
  receiveHint: ['Có giấy hẹn, hồ sơ chuyển ngay đến nơi giải quyết.', 'With an appointment; it goes on to who decides.'],
  file: ['Nhận hồ sơ', 'File it'],
  filed: ['Đã nhận hồ sơ {0}.', 'Dossier {0} was filed.'],
  print: ['In giấy tiếp nhận, hẹn trả', 'Print the receipt'],
  openIt: ['Mở hồ sơ', 'Open it'],
  another: ['Nhận hồ sơ khác', 'Another one'],
  appointment: ['Hẹn trả kết quả', 'The result is promised for'],
  fee: ['Phải nộp', 'To be paid'],
  needProcedure: ['Hãy chọn thủ tục.', 'Choose a procedure.'],
});

/* What was typed of who applies, by what they show. */
function applicantOf(draft: Draft): DeskDossierNewBody['applicant'] {
  const passport = draft.shows === 'passport';
  const names = passport ? (['name', 'birth', 'phone', 'by'] as const) : (['scan', 'name', 'card', 'birth', 'phone', 'by'] as const);
  const said = Object.fromEntries(names.filter((name) => draft[name].trim()).map((name) => [name, draft[name].trim()]));
  return passport ? { ...said, passport: { country: draft.country.trim().toUpperCase(), number: draft.number.replace(/\s/g, '').toUpperCase() } } : said;
}

/* The card that is shown; undefined: none yet, or they show a passport. */
const cardOf = (draft: Draft): string | undefined => (draft.shows === 'passport' ? undefined : readCard(draft.scan)?.card ?? (/^\d{12}$/.test(draft.card.trim()) ? draft.card.trim() : undefined));

function bodyOf(draft: Draft, store: Store | undefined): DeskDossierNewBody {
  const stored = Object.entries(store?.documents ?? {}).map(([code, document]) => ({ code, document }));
  return {
    procedure: draft.procedure ?? '',
    channel: 'in_person',
    applicant: applicantOf(draft),
    components: [
      ...Object.entries(draft.copies)
        .filter(([code, copies]) => copies > 0 && !store?.documents[code])
        .map(([code, copies]) => ({ code, copies })),
      ...stored,
    ],
    ...(store && stored.length > 0 && { permit: store.permit }),
    ...(draft.commune && { commune: draft.commune }),
    ...(draft.fetch && { fetch: draft.fetch }),
    receive: draft.receive,
  };
}

function FindProcedure({ onChoose }: { onChoose: (code: string) => void }) {
  const [words, set] = useState('');
  const found = useLoaded(async (): Promise<ProcedureRow[]> => (words.trim().length < 2 ? [] : (await get('/v1/procedures', {}, { q: words.trim(), limit: 8 })).items), `procedures ${words.trim()}`);
  const here = (found.data ?? []).filter((one) => one.place === 'here');
  const first = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // it chooses; it files nothing
    if (here[0]) onChoose(here[0].code!);
  };
  useEffect(() => document.getElementById('counter-procedure')?.focus(), []); // somebody waits: one types at once
  return (
    <div class="stack tight">
      <Field id="counter-procedure" label={own('procedure')} help={own('procedureHelp')}>
        {(labelled) => <input {...labelled} type="search" maxLength={80} value={words} onInput={(event) => set(event.currentTarget.value)} onKeyDown={first} />}
      </Field>
      <ul class="stack tight">
        {here.map((one) => (
          <li key={one.code}>
            <button type="button" class="told" onClick={() => onChoose(one.code!)}>
              <span class="grow">{named(one)}</span>
              <span class="small soft">{one.field}</span>
            </button>
          </li>
        ))}
        {words.trim().length >= 2 && found.data && here.length === 0 && <li class="soft">{own('noProcedure')}</li>}
      </ul>
    </div>
  );
}

function Taken({ draft, set, fault, procedure }: Part & { procedure: ProcedureDetail }) {
  const communes = useCatalogue().data?.communes ?? [];
  const required = (procedure.components ?? []).filter((one) => one.required);
  return (
    <section class="card" aria-labelledby="taken-title">
      <div class="row spread">
        <h2 id="taken-title">{own('papers')}</h2>
        {required.length > 0 && (
          <Button onClick={() => set({ ...draft, copies: { ...draft.copies, ...Object.fromEntries(required.map((one) => [one.code!, Math.max(1, draft.copies[one.code!] ?? 0)])) } })}>{own('allPapers')}</Button>
        )}
      </div>
      <p class="help">{own('papersHelp')}</p>
      {(procedure.components ?? []).map((one) => {
        const at = Object.keys(draft.copies).filter((code) => draft.copies[code]! > 0).indexOf(one.code!); // as they are sent
        const wrong = at < 0 ? undefined : fault(`/components/${at}`);
        return (
          <div key={one.code} class="row">
            <input class="few" type="number" min={0} max={100} aria-label={named(one)} aria-invalid={Boolean(wrong)} value={draft.copies[one.code!] ?? 0} onInput={(event) => set({ ...draft, copies: { ...draft.copies, [one.code!]: Math.max(0, Math.round(Number(event.currentTarget.value))) } })} />
            <span class="grow">
              {named(one)} {one.note && <small class="soft">{one.note}</small>}
            </span>
          </div>
        );
      })}
      {fault('/components') && <p class="error">{fault('/components')}</p>}
      <Field id="counter-commune" label={say('commune')} error={fault('/commune')}>
        {(labelled) => (
          <select {...labelled} value={draft.commune ?? ''} onChange={(event) => set({ ...draft, commune: event.currentTarget.value || undefined })}>
            <option value="">{say('choose')}</option>
            {communes.map((one) => (
              <option key={one.code} value={one.code}>
                {one.full_name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Choices compact name="counter-fetch" legend={own('fetch')} options={[['counter', own('counter')], ['download', own('download')], ['post', own('post')]]} value={draft.fetch} onChange={(fetch) => set({ ...draft, fetch })} error={fault('/fetch')} />
      <Check id="counter-receive" checked={draft.receive} onChange={(receive) => set({ ...draft, receive })} hint={own('receiveHint')}>
        {own('receive')}
      </Check>
    </section>
  );
}

/* What the person who stands there is told, and takes with them. */
function Filed({ dossier, procedure, onAnother }: { dossier: StaffDossier; procedure: ProcedureDetail | undefined; onAnother: () => void }) {
  return (
    <section class="card">
      <Note tone="good" icon="check" live>
        <p>{own('filed', dossier.number ?? '')}</p>
        <p>
          <strong>{dossier.applicant?.name}</strong> · {named(procedure)}
        </p>
      </Note>
      <dl class="facts across">
        <Fact label={own('appointment')}>{dossier.appointment && <strong>{momentOf(dossier.appointment)}</strong>}</Fact>
        <Fact label={own('fee')}>{dossier.owed > 0 && <strong>{money(dossier.owed)}</strong>}</Fact>
      </dl>
      <div class="row">
        <Button look="main" icon="print" onClick={() => void saveFrom(`/v1/dossiers/${dossier.id}/forms/01`, `${dossier.number}-01.pdf`, 'application/pdf')}>
          {own('print')}
        </Button>
        <ButtonLink href={`/desk/dossiers/${dossier.id}`}>{own('openIt')}</ButtonLink>
        <Button look="quiet" onClick={onAnother}>
          {own('another')}
        </Button>
      </div>
    </section>
  );
}

export default function CounterPage({ me }: { me: Me }) {
  const [first] = useState(blank);
  const [typed, set] = useUnsent<Draft>('counter', first);
  const ours = useCatalogue().data?.agencies.find((one) => one.code === me.agency)?.commune;
  const draft: Draft = { ...typed, commune: typed.commune ?? ours };
  const [faults, setFaults] = useState<Array<{ pointer: string; detail: string }>>([]);
  const [words, setWords] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [filed, setFiled] = useState<{ dossier: StaffDossier; procedure: ProcedureDetail | undefined }>();
  const [opened, setOpened] = useState<Store>();
  const form = useRef<HTMLFormElement>(null);
  const card = cardOf(draft);
  const store = opened && opened.card === card ? opened : undefined;
  const procedure = useLoaded(async () => (draft.procedure ? get('/v1/procedures/{code}', { code: draft.procedure }) : undefined), `counter ${draft.procedure}`).data;
  const fault = (pointer: string) => faults.find((one) => one.pointer === pointer || (pointer.startsWith('/components/') && one.pointer.startsWith(pointer)))?.detail;

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setFaults([]);
    setWords(draft.procedure ? undefined : own('needProcedure'));
    if (!draft.procedure) return;
    setBusy(true);
    try {
      const now = (await post('/v1/desk/dossiers', {}, bodyOf(draft, store), { headers: { 'idempotency-key': draft.key } })) as StaffDossier;
      set(undefined);
      setOpened(undefined);
      setFiled({ dossier: now, procedure });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFaults(error.errors);
      setWords(error.message);
      if (error.status < 500 && error.status !== 0) set({ ...draft, key: crypto.randomUUID() });
    } finally {
      setBusy(false);
    }
  }
  const another = () => {
    setFiled(undefined);
    set(blank());
  };
  return (
    <div class="counter-page stack">
      <Title up="/desk/dossiers">{own('title')}</Title>
      {filed ? (
        <Filed dossier={filed.dossier} procedure={filed.procedure} onAnother={another} />
      ) : (
        <form ref={form} class="stack" noValidate onSubmit={(event) => void send(event)}>
          <section class="card" aria-label={own('procedure')}>
            {procedure ? (
              <div class="row spread">
                <strong class="grow">{named(procedure)}</strong>
                <Button look="quiet" onClick={() => (setOpened(undefined), set({ ...draft, procedure: undefined, copies: {} }))}>
                  {own('other')}
                </Button>
              </div>
            ) : (
              <FindProcedure
                onChoose={(code) => {
                  set({ ...draft, procedure: code, copies: {} });
                  document.getElementById('counter-scan')?.focus();
                }}
              />
            )}
          </section>
          <div class={procedure ? 'counter-halves' : 'stack'}>
            <div class="stack">
              <Person draft={draft} set={set} fault={fault} />
              {procedure && card && <Stored key={`${card} ${procedure.code}`} card={card} procedure={procedure} store={store} set={setOpened} bodyWith={(now) => ({ ...bodyOf(draft, now), permit: now.permit })} />}
            </div>
            {procedure && <Taken draft={draft} set={set} fault={fault} procedure={procedure} />}
          </div>
          {words && (
            <Note tone="bad" live>
              {words}
            </Note>
          )}
          <div class="row end">
            <Button type="submit" look="main" busy={busy}>
              {own('file')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
