/* One of my dossiers: what it waits for in one sentence, what I must do, its papers, its result. */
import { useEffect, useState } from 'preact/hooks';
import type { OwnDossier } from '../../api';
import { authorised, freshKey, get, post, Problem, readProblem } from '../../shared/call';
import { dateOf } from '../../shared/format';
import { named, sayFrom } from '../../shared/words';
import { agencyName, useCatalogue } from '../lib/catalogue';
import { dossierSentence, dossierTone, dossierWord } from '../lib/dossier';
import { go, type Where } from '../../shared/router';
import { news, signed } from '../lib/state';
import { useLoaded, useWatched } from '../../shared/store';
import { say } from '../lib/words';
import { FileList, Papers } from '../draft/papers';
import { SignInFirst } from '../parts/sign-in';
import { Steps } from '../parts/steps';
import { Button, Failed, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { Complaints } from '../parts/complaints';
import { QrCode } from '../../shared/parts/qr-code';
import { Payments } from '../parts/payment';
import { Timeline } from '../parts/timeline';

const own = sayFrom({
  slip: ['Giấy tiếp nhận', 'Receipt'],
  code: ['Mã hồ sơ', 'Code'],
  check: ['Mã tra cứu', 'Check part'],
  slipWords: ['Ai có hai mã này xem được hồ sơ đi đến đâu, không xem được gì khác.', 'Whoever has both can see how far it is, and nothing else.'],
  supply: ['Bổ sung giấy tờ', 'Hand in papers'],
  sendPapers: ['Gửi bổ sung', 'Send them'],
  result: ['Kết quả', 'Result'],
  download: ['Tải kết quả', 'Download it'],
  papers: ['Giấy tờ đã nộp', 'Papers handed in'],
  qr: ['Mã QR để tra cứu hồ sơ {0}', 'QR code to look dossier {0} up'],
  history: ['Diễn biến', 'What happened'],
  next: ['Bạn có thể', 'You may'],
  again: ['Làm lại hồ sơ này', 'File it again'],
  revoked: ['Đã thu hồi {0}', 'Revoked {0}'],
});

async function download(file: string): Promise<void> {
  const reply = await authorised(`/v1/media/${file}/original`);
  if (!reply.ok) throw await readProblem(reply);
  const url = URL.createObjectURL(await reply.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = `${file}.pdf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function Results({ dossier }: { dossier: OwnDossier }) {
  const [problem, set] = useState<string>();
  const results = dossier.results ?? [];
  if (results.length === 0) return null;
  const get = (file: string) => download(file).catch((error: unknown) => error instanceof Problem && set(error.message));
  return (
    <section class="card">
      <h2>{own('result')}</h2>
      {results.map((one) => (
        <div key={one.file} class="row spread">
          <span>{one.number ?? one.code}</span>
          {one.state === 'revoked' && one.ended_at ? (
            <Tag tone="bad">{own('revoked', dateOf(one.ended_at))}</Tag>
          ) : (
            one.file && (
              <Button icon="download" look="main" onClick={() => void get(one.file!)}>
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

function Supply({ dossier, names, onDone }: { dossier: OwnDossier; names: Record<string, string>; onDone: () => void }) {
  const asked = (dossier.components ?? []).filter((one) => one.verdict && one.verdict !== 'fit');
  const [given, set] = useState<Record<string, string[]>>({});
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(freshKey);
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const components = Object.entries(given).flatMap(([code, files]) => (files.length ? [{ code, files }] : []));
      await post('/v1/dossiers/{id}/steps/{verb}', { id: dossier.id, verb: 'supply' }, { components }, { headers: { ...key, 'if-match': `"${dossier.revision}"` } });
      setKey(freshKey());
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
      setKey(freshKey());
    }
    setBusy(false);
  };
  return (
    <section class="stack">
      <h2>{own('supply')}</h2>
      {asked.map((one) => (
        <div key={one.code} class="card">
          <h3>{names[one.code ?? ''] ?? one.code}</h3>
          {one.note && <Note tone="warn">{one.note}</Note>}
          <Papers code={one.code ?? ''} files={given[one.code ?? ''] ?? []} onChange={(files) => set({ ...given, [one.code ?? '']: files })} />
        </div>
      ))}
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      <Button look="main" wide busy={busy} disabled={!Object.values(given).some((files) => files.length)} onClick={() => void send()}>
        {own('sendPapers')}
      </Button>
    </section>
  );
}

function Shown({ dossier, again }: { dossier: OwnDossier; again: () => void }) {
  const catalogue = useCatalogue();
  const code = dossier.procedure ?? '';
  const procedure = useLoaded(() => get('/v1/procedures/{code}', { code }, { version: String(dossier.procedure_version) }), code);
  const names = Object.fromEntries((procedure.data?.components ?? []).map((one) => [one.code ?? '', named(one)]));
  const mustAct = dossier.state === 'supplement' || dossier.state === 'fee';
  const canSupply = dossier.steps.some((one) => one.verb === 'supply');
  const papers = (dossier.components ?? []).filter((one) => (one.files ?? []).length > 0);
  const repeat = async () => {
    const draft = await post('/v1/dossier-drafts', {}, { procedure: code, again_of: dossier.id }, { headers: freshKey() });
    go(`/app/drafts/${draft.id}`);
  };
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
      </section>
      <Payments dossier={dossier} onChange={again} />
      {canSupply && <Supply dossier={dossier} names={names} onDone={again} />}
      <Results dossier={dossier} />
      {dossier.steps.length > 0 && (
        <section class="stack tight">
          <h2>{own('next')}</h2>
          <Steps steps={dossier.steps.filter((one) => one.verb !== 'supply')} kind="dossiers" id={dossier.id} revision={dossier.revision} onDone={again} />
        </section>
      )}
      {(dossier.state === 'refused' || dossier.state === 'stopped') && <Button onClick={() => void repeat()}>{own('again')}</Button>}
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
        {dossier.check && <QrCode text={`${location.origin}/v1/public/dossiers/${encodeURIComponent(dossier.number ?? '')}?check=${encodeURIComponent(dossier.check)}`} label={own('qr', dossier.number ?? '')} />}
        <p class="small soft">{own('slipWords')}</p>
      </section>
      <section class="stack">
        <h2>{own('history')}</h2>
        <Timeline history={dossier.history ?? []} catalogue={catalogue.data} />
      </section>
      <Complaints dossier={dossier} />
      {papers.length > 0 && (
        <section class="stack tight">
          <h2>{own('papers')}</h2>
          {papers.map((one) => (
            <div key={one.code} class="card">
              <h3>{names[one.code ?? ''] ?? one.code}</h3>
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
  useEffect(() => void (found.data && set(found.data as OwnDossier)), [found.data]);
  if (isSigned === false) return <SignInFirst />;
  const shown = (found.data as OwnDossier | undefined) ?? last;
  if (found.error && !shown) return <Failed error={found.error} again={found.again} />;
  return shown ? <Shown dossier={shown} again={found.again} /> : <Loading />;
}
