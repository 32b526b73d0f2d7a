/* One of my dossiers: what it waits for in one sentence, what I must do, its papers, its result. */
import { useEffect, useState } from 'preact/hooks';
import type { OwnDossier, ProcedureDetail } from '../../api';
import { authorised, freshKey, get, post, Problem, readProblem } from '../../shared/call';
import { isEmpty, placedWords } from '../../shared/faults';
import { dateOf, untilWords, untilWorkingDays } from '../../shared/format';
import { named, sayFrom } from '../../shared/words';
import { agencyName, useCatalogue } from '../lib/catalogue';
import { dossierSentence, dossierTone, dossierWord, lookupAddress } from '../lib/dossier';
import { reasonWords } from '../../shared/reasons';
import { go, type Where } from '../../shared/router';
import { news, signed } from '../lib/state';
import { at, type Schema, type Value } from '../../shared/schema';
import { useLoaded, useWatched } from '../../shared/store';
import { say } from '../lib/words';
import { FileList, Papers } from '../draft/papers';
import { SchemaForm, type Errors } from '../../shared/parts/schema-form';
import { NotShown } from '../parts/eid-first';
import { SignInPage } from '../parts/sign-in';
import { Steps } from '../parts/steps';
import { Button, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { Complaints } from '../parts/complaints';
import { QrCode } from '../../shared/parts/qr-code';
import { Payments } from '../parts/payment';
import { Timeline } from '../parts/timeline';
import { Trouble, useAct } from '../parts/whole';

const own = sayFrom({
  slip: ['Giấy tiếp nhận', 'Filing slip'],
  code: ['Mã hồ sơ', 'Code'],
  check: ['Mã tra cứu', 'Check part'],
  slipWords: ['Ai có hai mã này xem được hồ sơ đi đến đâu, không xem được gì khác.', 'Whoever has both can see how far it is, and nothing else.'],
  supply: ['Bổ sung giấy tờ', 'Hand in papers'],
  supplyAll: ['Bổ sung hồ sơ', 'Mend your dossier'],
  form: ['Điền lại trong tờ khai', 'To be filled in again'],
  sendPapers: ['Gửi bổ sung', 'Send them'],
  result: ['Kết quả', 'Result'],
  letter: ['Văn bản trả lời', 'Letter'],
  download: ['Tải kết quả', 'Download it'],
  papers: ['Giấy tờ đã nộp', 'Papers handed in'],
  paper: ['Giấy tờ', 'A paper'], // until its name is there
  qr: ['Mã QR để tra cứu hồ sơ {0}', 'QR code to look dossier {0} up'],
  why: ['Lý do', 'Why'],
  history: ['Diễn biến', 'What happened'],
  next: ['Bạn có thể', 'You may'],
  again: ['Làm lại hồ sơ này', 'File it again'],
  revoked: ['Đã thu hồi {0}', 'Revoked {0}'],
});

async function download(file: string, name: string): Promise<void> {
  const reply = await authorised(`/v1/media/${file}/original`);
  if (!reply.ok) throw await readProblem(reply);
  const url = URL.createObjectURL(await reply.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.pdf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function Results({ dossier, procedure }: { dossier: OwnDossier; procedure: ProcedureDetail | undefined }) {
  const [problem, set] = useState<string>();
  const results = dossier.results ?? [];
  if (results.length === 0) return null;
  const get = (file: string, name: string) => download(file, name).catch((error: unknown) => error instanceof Problem && set(error.message));
  return (
    <section class="card">
      <h2>{own('result')}</h2>
      {results.map((one, i) => (
        <div key={one.file} class="row spread">
          <span>
            {named(procedure?.results?.find((kind) => kind.code === one.code), one.code ?? own(dossier.outcome === 'denied' ? 'letter' : 'result'))} {one.number}
          </span>
          {one.state === 'revoked' && one.ended_at ? (
            <Tag tone="bad">{own('revoked', dateOf(one.ended_at))}</Tag>
          ) : (
            one.file && (
              <Button icon="download" look="main" onClick={() => void get(one.file!, [dossier.number, i > 0 && i + 1].filter(Boolean).join('-'))}>
                {own('download')}
              </Button>
            )
          )}
        </div>
      ))}
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
    </section>
  );
}

/* The reason stands at each member until it is filled in otherwise, or the server says more; what an answer has led to
 * is asked as well. */
function AskedForm({ dossier, procedure, form, onChange, faults }: { dossier: OwnDossier; procedure: ProcedureDetail; form: Value; onChange: (form: Value) => void; faults: Errors }) {
  const communes = useCatalogue().data?.communes;
  const asked = dossier.fields ?? [];
  const schema = procedure.form_schema as Schema;
  const reasons = Object.fromEntries(asked.map((one) => [one.pointer ?? '', one.note ?? '']));
  const tops = new Set([...asked.map((one) => one.pointer ?? ''), ...Object.keys(faults)].map((pointer) => pointer.split('/')[1] ?? ''));
  return (
    <div class="card">
      <h3>{own('form')}</h3>
      <SchemaForm schema={schema} value={form} onChange={onChange} errors={{ ...reasons, ...faults }} only={tops} communes={communes} />
    </div>
  );
}

function Supply({ dossier, procedure, names, onDone }: { dossier: OwnDossier; procedure: ProcedureDetail | undefined; names: Record<string, string>; onDone: () => void }) {
  const asked = (dossier.components ?? []).filter((one) => one.verdict && one.verdict !== 'fit');
  const fields = dossier.fields ?? [];
  const [given, set] = useState<Record<string, string[]>>({});
  const [form, setForm] = useState<Value>((dossier.form ?? {}) as Value);
  const [touched, touch] = useState(false);
  const [faults, setFaults] = useState<Errors>({});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [sending, count] = useState(0);
  const [key, setKey] = useState(freshKey);
  const during = (work: Promise<void>) => (count((n) => n + 1), work.finally(() => count((n) => n - 1)));
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    setFaults({});
    try {
      const components = Object.entries(given).flatMap(([code, files]) => (files.length ? [{ code, files }] : []));
      const body = { ...(components.length > 0 && { components }), ...(fields.length > 0 && { form }) };
      await post('/v1/dossiers/{id}/steps/{verb}', { id: dossier.id, verb: 'supply' }, body, { headers: { ...key, 'if-match': `"${dossier.revision}"` } });
      setKey(freshKey());
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const schema = procedure?.form_schema as Schema | undefined;
      const ofForm = error.errors.filter((one) => one.pointer.startsWith('/form')).map((one) => ({ ...one, pointer: one.pointer.slice('/form'.length) }));
      setProblem(placedWords(error.errors, schema, form) ?? error.message);
      setFaults(Object.fromEntries(ofForm.map((one) => [one.pointer, isEmpty(at(form, one.pointer)) ? say('needed') : one.detail])));
      setKey(freshKey());
    }
    setBusy(false);
  };
  const ready = fields.length > 0 ? touched : Object.values(given).some((files) => files.length);
  return (
    <section class="stack">
      <h2>{own(fields.length > 0 ? 'supplyAll' : 'supply')}</h2>
      {fields.length > 0 && procedure && <AskedForm dossier={dossier} procedure={procedure} form={form} onChange={(next) => (touch(true), setForm(next))} faults={faults} />}
      {asked.map((one) => (
        <div key={one.code} class="card">
          <h3>{names[one.code ?? ''] ?? own('paper')}</h3>
          {one.note && <Note tone="warn">{one.note}</Note>}
          <Papers code={one.code ?? ''} files={given[one.code ?? ''] ?? []} change={(next) => set((now) => ({ ...now, [one.code ?? '']: next(now[one.code ?? ''] ?? []) }))} during={during} />
        </div>
      ))}
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <Button look="main" wide busy={busy} disabled={!ready || sending > 0} onClick={() => void send()}>
        {own('sendPapers')}
      </Button>
    </section>
  );
}

/* What is being handed in stays while something else happens to the dossier. */
const timesAsked = (dossier: OwnDossier): number => (dossier.history ?? []).filter((one) => one.verb === 'supplement').length;

/* A new draft of what did not come to an end, with all that was filled in. */
function Repeat({ dossier }: { dossier: OwnDossier }) {
  const [key] = useState(freshKey);
  const [problem, act] = useAct();
  const begin = () => act(async () => go(`/app/drafts/${(await post('/v1/dossier-drafts', {}, { procedure: dossier.procedure ?? '', again_of: dossier.id }, { headers: key })).id}`));
  return (
    <>
      <Trouble words={problem} />
      <Button onClick={() => void begin()}>{own('again')}</Button>
    </>
  );
}

/* These ended without a result, for a reason that an office gave. */
const WHY = ['not_accepted', 'halted', 'denied'];

function Shown({ dossier, told, again }: { dossier: OwnDossier; told: string | null; again: () => void }) {
  const catalogue = useCatalogue();
  const code = dossier.procedure ?? '';
  const procedure = useLoaded(() => get('/v1/procedures/{code}', { code }, { version: String(dossier.procedure_version) }), code);
  const names = Object.fromEntries((procedure.data?.components ?? []).map((one) => [one.code ?? '', named(one)]));
  const mustAct = dossier.state === 'supplement' || dossier.state === 'fee';
  /* The office's time is counted in working days, that of who must act as it passes; in a pause it stands. */
  const left = !dossier.open || dossier.state === 'paused' ? '' : mustAct ? dossier.due_at && untilWords(dossier.due_at) : dossier.duty && dossier.appointment && untilWorkingDays(dossier.appointment, catalogue.data?.off);
  const reason = (dossier.history ?? []).filter((one) => one.reason && (one.verb === 'stop' || one.verb === 'refuse')).pop()?.reason;
  const canSupply = dossier.steps.some((one) => one.verb === 'supply');
  const papers = (dossier.components ?? []).filter((one) => (one.files ?? []).length > 0);
  return (
    <>
      <Title up="/app/mine?tab=dossiers">{named(procedure.data, code)}</Title>
      <section class="card" aria-live="polite">
        <div class="row">
          <Tag tone={dossierTone(dossier.state)}>{dossierWord(dossier.state)}</Tag>
          {dossier.late && dossier.open && <Tag tone="bad">{say('late')}</Tag>}
        </div>
        <p class={mustAct ? 'error' : undefined}>
          <strong>{dossierSentence(dossier, agencyName(catalogue.data, dossier.agency ?? dossier.desk))}</strong>
        </p>
        {left && <p class="row small soft">{left}</p>}
        {dossier.decision && WHY.includes(dossier.outcome ?? '') && (
          <Note tone="plain">
            <strong>{own('why')}</strong>
            {reason && <p>{reasonWords(reason, 'dossier')}</p>}
            <p class="lines">{dossier.decision}</p>
          </Note>
        )}
      </section>
      {canSupply && <Supply key={timesAsked(dossier)} dossier={dossier} procedure={procedure.data} names={names} onDone={again} />}
      <Results dossier={dossier} procedure={procedure.data} />
      <Payments dossier={dossier} onChange={again} />
      {dossier.steps.length > 0 && (
        <section class="stack tight">
          <h2>{own('next')}</h2>
          <Steps steps={dossier.steps.filter((one) => one.verb !== 'supply')} kind="dossiers" id={dossier.id} revision={dossier.revision} onDone={again} />
        </section>
      )}
      {(dossier.state === 'refused' || dossier.state === 'stopped') && <Repeat dossier={dossier} />}
      <section class="card">
        <h2>{own('slip')}</h2>
        <dl class="facts">
          <div>
            <dt>{own('code')}</dt>
            <dd>{dossier.number}</dd>
          </div>
          {dossier.check && (
            <div>
              <dt>{own('check')}</dt>
              <dd>{dossier.check}</dd>
            </div>
          )}
        </dl>
        {dossier.check && <QrCode text={lookupAddress(dossier.number ?? '', dossier.check)} label={own('qr', dossier.number ?? '')} />}
        <p class="small soft">{own('slipWords')}</p>
      </section>
      <section class="stack">
        <h2>{own('history')}</h2>
        <Timeline dossier history={dossier.history ?? []} catalogue={catalogue.data} />
      </section>
      <Complaints dossier={dossier} told={told} />
      {papers.length > 0 && (
        <section class="stack tight">
          <h2>{own('papers')}</h2>
          {papers.map((one) => (
            <div key={one.code} class="card">
              <h3>{names[one.code ?? ''] ?? own('paper')}</h3>
              <FileList files={(one.files ?? []).map((file) => file.id!)} />
            </div>
          ))}
        </section>
      )}
    </>
  );
}

export default function Dossier({ where }: { where: Where }) {
  const id = where.parts[1] ?? '';
  const isSigned = useWatched(signed);
  const turn = useWatched(news);
  const found = useLoaded(() => get('/v1/dossiers/{id}', { id }), `${id} ${isSigned} ${turn}`);
  const [last, set] = useState<OwnDossier>();
  /* While it is asked for again; of who signed out, the next one sees nothing. */
  useEffect(() => {
    if (isSigned === false) set(undefined);
    else if (found.data) set(found.data as OwnDossier);
  }, [found.data, isSigned]);
  if (isSigned === false) return <SignInPage title={say('dossier')} up="/app/mine?tab=dossiers" />;
  const shown = (found.data as OwnDossier | undefined) ?? last;
  if (found.error && !shown) return <NotShown title={say('dossier')} up="/app/mine?tab=dossiers" error={found.error} again={found.again} />;
  return shown ? <Shown dossier={shown} told={where.query.get('complaint')} again={found.again} /> : <Loading />;
}
