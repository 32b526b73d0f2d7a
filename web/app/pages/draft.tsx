/* A dossier being prepared: the form, the papers, how the result is wanted; looked through by the server, then filed. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DossierReview, OwnDossier, ProcedureDetail } from '../../api';
import { Offers } from '../draft/offers';
import { get, post, Problem, remove } from '../../shared/call';
import { money, timeOf } from '../../shared/format';
import { named, sayFrom } from '../../shared/words';
import { go, type Where } from '../../shared/router';
import { isEmpty, placed } from '../../shared/faults';
import { at, holds, type Condition, type Schema } from '../../shared/schema';
import { useCatalogue } from '../lib/catalogue';
import { signed } from '../lib/state';
import { useLoaded, useWatched } from '../../shared/store';
import { say } from '../lib/words';
import { Issued, Papers, FileList } from '../draft/papers';
import { useOpenDraft, type Content, type Edit, type OpenDraft, type Saved } from '../draft/saving';
import { SchemaForm, type Errors } from '../../shared/parts/schema-form';
import { NotShown } from '../parts/eid-first';
import { SignInPage } from '../parts/sign-in';
import { Sure } from '../parts/sure';
import { Button, Check, Choices, Loading, Note, Title, useFlow } from '../../shared/parts/ui';

const own = sayFrom({
  form: ['Tờ khai', 'The form'],
  papers: ['Giấy tờ', 'Papers'],
  review: ['Xem lại, nộp', 'Look through, file'],
  saved: ['Đã lưu {0}', 'Saved {0}'],
  saving: ['Đang lưu…', 'Saving…'],
  waits: ['Chưa lưu được: {0}', 'Not saved yet: {0}'],
  conflict: ['Bản này vừa được sửa ở máy khác.', 'It was changed elsewhere meanwhile.'],
  ours: ['Giữ bản ở đây', 'Keep what is here'],
  theirs: ['Lấy bản kia', 'Take the other'],
  oneOf: ['Một trong các giấy tờ này là đủ', 'Any one of these will do'],
  enough: ['Không cần nữa: đã có giấy khác thay', 'No longer needed: another one is there'],
  allTheSame: ['Vẫn thêm giấy này', 'Add it all the same'],
  online: ['Điền ở phần Tờ khai', 'It is the form'],
  fetch: ['Bạn muốn nhận kết quả thế nào?', 'How do you want the result?'],
  download: ['Bản điện tử, tải về', 'As a file'],
  counter: ['Đến nhận tại bộ phận một cửa', 'At the counter'],
  post: ['Qua bưu chính', 'By post'],
  exempt: ['Được miễn, giảm', 'Exemptions'],
  total: ['Tổng cộng', 'In all'],
  dropTitle: ['Xoá bản nháp này?', 'Delete this draft?'],
  dropWords: ['Tờ khai và giấy tờ đã gửi của bản nháp bị xoá, không lấy lại được.', 'Its form and the papers sent for it are deleted; they cannot be had back.'],
  underWay: ['Giấy tờ còn đang gửi. Gửi xong sẽ kiểm tra.', 'Papers are still being sent. It is looked through when they are there.'],
  problems: ['Cần sửa trước khi nộp', 'To be mended before it is filed'],
  complete: ['Hồ sơ đã đủ. Hãy xem lại một lần trước khi nộp.', 'It is complete. Look through it once before you file it.'],
  fees: ['Phải nộp', 'To pay'],
  feesLater: ['Biết được khi hồ sơ đã đủ.', 'It is known when nothing is missing.'],
  free: ['Không thu phí', 'It is free'],
  goesTo: ['Nộp đến {0}', 'Goes to {0}'],
  renew: ['Chuyển sang tờ khai mới', 'Go on with the new form'],
  renewWords: ['Những gì bạn đã điền và giấy tờ đã gửi được giữ lại. Tờ khai mới có thể hỏi thêm.', 'What you filled in and sent is kept. The new form may ask for more.'],
  file: ['Nộp hồ sơ', 'File it'],
  drop: ['Xoá bản nháp', 'Delete this draft'],
  stored: ['Dùng giấy trong kho giấy tờ của bạn', 'The one in your store of papers is used'],
  consent: ['Đồng ý cho dùng giấy tờ trong kho của tôi cho hồ sơ này', 'I agree to the use of my stored papers in this dossier'],
  consentWords: ['Chỉ cho hồ sơ này. Bạn rút lại được bất cứ lúc nào trong Tài khoản.', 'For this one alone. Withdraw it at any time, in your account.'],
});

const TABS = ['form', 'papers', 'review'] as const;
type Tab = (typeof TABS)[number];

/* It stands at the foot of the screen: who is in the middle of a long form sees it there. */
function SavedWords({ saved, open }: { saved: Saved; open: OpenDraft }) {
  if (saved.is === 'conflict')
    return (
      <Note tone="warn" live>
        {own('conflict')}
        <div class="row">
          <Button onClick={open.takeOurs}>{own('ours')}</Button>
          <Button look="quiet" onClick={open.takeTheirs}>
            {own('theirs')}
          </Button>
        </div>
      </Note>
    );
  return (
    <p class="saved" role="status">
      {saved.is === 'saved' ? (saved.at > 0 ? own('saved', timeOf(saved.at)) : '') : saved.is === 'saving' ? own('saving') : own('waits', saved.why)}
    </p>
  );
}

interface Paper {
  files: string[];
  document?: string | undefined;
  issued_on?: string | undefined;
}
const paperOf = (content: Content, code: string | undefined): Paper => content.components.find((one) => one.code === code) ?? { files: [] };
const isGiven = ({ files, document }: Paper): boolean => files.length > 0 || document !== undefined;

/* Whoever wants to may add it, without being asked for it. */
const Spared = ({ when, children }: { when: boolean; children: ComponentChildren }) =>
  when ? (
    <details>
      <summary>{own('allTheSame')}</summary>
      <div class="stack tight">{children}</div>
    </details>
  ) : (
    <>{children}</>
  );

function PapersTab({ open, procedure, errors, review, shown }: { open: OpenDraft; procedure: ProcedureDetail; errors: Errors; review: DossierReview | undefined; shown: boolean }) {
  const { content, change } = open;
  const wanted = (procedure.components ?? []).filter((one) => one.copy !== 'electronic' && holds(one.when as Condition | undefined, content.form));
  const given = (code: string | undefined): Paper => paperOf(content, code);
  const put = (code: string, next: (before: Paper) => Paper) =>
    change((now) => {
      const { files, document, issued_on } = next(paperOf(now, code));
      return { components: [...now.components.filter((one) => one.code !== code), { code, files, ...(document && { document }), ...(issued_on && { issued_on }) }] };
    });
  return (
    <div class="stack">
      {wanted.map((one) => {
        const code = one.code ?? '';
        const { files, document, issued_on } = given(code);
        const isSpared = Boolean(one.one_of) && !isGiven(given(code)) && wanted.some((other) => other.one_of === one.one_of && isGiven(given(other.code)));
        const at = content.components.filter(isGiven).findIndex((kept) => kept.code === code);
        const wrong = at >= 0 ? (errors[`/components/${at}/files`] ?? errors[`/components/${at}`]) : undefined;
        return (
          <section key={code} class="card">
            <h2>{named(one)}</h2>
            <p class="small soft">
              {[isSpared ? own('enough') : one.one_of ? own('oneOf') : !one.required ? say('optional') : '', named({ name: one.note ?? '', name_en: one.note_en ?? '' })].filter(Boolean).join(' · ')}
            </p>
            <Spared when={isSpared}>
              <Offers offers={review?.offers?.find((offer) => offer.code === code)} chosen={document} onChoose={(chosen) => put(code, () => ({ files: [], ...(chosen && { document: chosen }) }))} />
              {!document && <Papers code={code} files={files} change={(next) => put(code, (before) => ({ files: next(before.files), issued_on: before.issued_on }))} during={open.during} shown={shown} error={wrong} />}
            </Spared>
            {one.document && files.length > 0 && <Issued code={code} value={issued_on} onChange={(day) => put(code, (before) => ({ files: before.files, issued_on: day }))} error={at >= 0 ? errors[`/components/${at}/issued_on`] : undefined} />}
          </section>
        );
      })}
      <Choices
        name="fetch"
        legend={own('fetch')}
        options={[
          ['download', own('download')],
          ['counter', own('counter')],
          ['post', own('post')],
        ]}
        value={content.fetch}
        onChange={(fetch) => change({ fetch })}
        error={errors['/fetch']}
      />
      {(procedure.exemptions ?? []).length > 0 && (
        <fieldset class="choices">
          <legend>{own('exempt')}</legend>
          {procedure.exemptions!.map((one) => (
            <Check key={one.code} id={`exempt-${one.code}`} checked={content.exemptions.includes(one.code ?? '')} onChange={(on) => change({ exemptions: on ? [...content.exemptions, one.code ?? ''] : content.exemptions.filter((code) => code !== one.code) })}>
              {named(one)}
            </Check>
          ))}
        </fieldset>
      )}
    </div>
  );
}

interface ReviewProps {
  open: OpenDraft;
  procedure: ProcedureDetail;
  review: DossierReview | undefined;
  problem: string | undefined;
  file: (consents: boolean) => void;
  busy: boolean;
  mend: (tab: Tab) => void; // leads to what is wrong there
  renew: () => void;
  again: () => void;
}

function ReviewTab({ open, procedure, review, problem, file, busy, mend, renew, again }: ReviewProps) {
  const [consents, consent] = useState(false);
  if (open.sending > 0)
    return (
      <Note tone="plain" live>
        {own('underWay')}
      </Note>
    );
  if (!review && problem)
    return (
      <Note tone="bad" live>
        <p>{problem}</p>
        <Button onClick={again}>{say('again')}</Button>
      </Note>
    );
  if (!review) return <Loading />;
  const papers = open.content.components.filter((one) => one.files.length > 0 || one.document);
  const nameOf = (code: string) => named(procedure.components?.find((one) => one.code === code), code);
  const newer = review.problems.find((one) => one.pointer === '/procedure_version');
  if (newer)
    return (
      <div class="stack">
        <Note tone="warn" icon="warn" live>
          <strong>{newer.detail}</strong>
          <p>{own('renewWords')}</p>
        </Note>
        {problem && (
          <Note tone="bad" live>
            {problem}
          </Note>
        )}
        <Button look="main" wide busy={busy} onClick={renew}>
          {own('renew')}
        </Button>
      </div>
    );
  return (
    <div class="stack">
      {review.complete ? (
        <Note tone="good" icon="check" live>
          {own('complete')}
        </Note>
      ) : (
        <Note tone="warn" icon="warn" live>
          <strong>{own('problems')}</strong>
          <ul>
            {review.problems.map((one, i) => (
              <li key={i}>
                <button type="button" class="link" onClick={() => mend(one.pointer.startsWith('/form') ? 'form' : 'papers')}>
                  {one.detail}
                </button>
              </li>
            ))}
          </ul>
        </Note>
      )}
      {papers.map((one) => (
        <section key={one.code} class="card">
          <h3>{nameOf(one.code)}</h3>
          {one.document ? <p class="small soft">{own('stored')}</p> : <FileList files={one.files} />}
        </section>
      ))}
      <section class="card">
        {review.desk && <p>{own('goesTo', review.desk.name)}</p>}
        <h2>{own('fees')}</h2>
        {review.total === 0 ? (
          <p>{own(review.complete ? 'free' : 'feesLater')}</p>
        ) : (
          <>
            {review.fees.map((one) => (
              <p key={one.code} class="row spread">
                <span>{one.name}</span>
                <span>{money(one.amount)}</span>
              </p>
            ))}
            <p class="row spread">
              <strong>{own('total')}</strong>
              <strong>{money(review.total)}</strong>
            </p>
          </>
        )}
      </section>
      {problem && (
        <Note tone="bad" live>
          {problem}
        </Note>
      )}
      {review.documents_consent && (
        <Check id="documents-consent" checked={consents} onChange={consent} hint={own('consentWords')}>
          {own('consent')}
        </Check>
      )}
      <Button look="main" wide busy={busy} disabled={!review.complete || (review.documents_consent === true && !consents)} onClick={() => file(consents)}>
        {own('file')}
      </Button>
    </div>
  );
}

const errorsOf = (review: DossierReview | undefined, below: string): Errors => Object.fromEntries((review?.problems ?? []).filter((one) => one.pointer.startsWith(below)).map((one) => [one.pointer.slice(below.length), one.detail]));

function Editing({ open, procedure, where }: { open: OpenDraft; procedure: ProcedureDetail; where: Where }) {
  useFlow();
  const communes = useCatalogue().data?.communes;
  const tab = TABS.find((one) => one === where.query.get('tab')) ?? 'form';
  const papersSeen = useRef(false); // from then on they stay, with what is under way there
  papersSeen.current ||= tab === 'papers';
  const [review, setReview] = useState<DossierReview>();
  const [judged, setJudged] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [asked, ask] = useState(false);
  const [turn, setTurn] = useState(0);
  const id = open.draft.id;
  /* What the server found holds of what it saw. */
  const edit = (some: Edit) => (setJudged(false), open.change(some));
  const seen = review && { ...review, problems: judged ? review.problems.map((one) => placed(one, procedure.form_schema as Schema, open.content.form)) : [] };
  const formErrors = Object.fromEntries(Object.entries(errorsOf(seen, '/form')).map(([pointer, detail]) => [pointer, isEmpty(at(open.content.form, pointer)) ? say('needed') : detail]));
  useEffect(() => {
    if (tab === 'form' || (tab === 'review' && open.sending)) return;
    setProblem(undefined);
    open
      .flush()
      .then(() => get('/v1/dossier-drafts/{id}/review', { id }))
      .then((found) => (setReview(found), setJudged(judged || tab === 'review')), (error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 404 || error.status === 410) open.takeTheirs(); // deleted or filed elsewhere: the page says so, or leads there
        setProblem(error.message);
      });
  }, [tab, turn, tab === 'review' && open.sending > 0]);
  const file = async (consents: boolean) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const revision = await open.flush();
      const dossier = (await post('/v1/dossiers', {}, { draft: id, revision, ...(consents && { documents_consent: true }) }, { headers: { 'idempotency-key': `${id}-${revision}` } })) as OwnDossier;
      go(`/app/dossiers/${dossier.id}`, true);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.slug === 'idempotency-key-reused' || error.status === 404) open.takeTheirs(); // it was filed or deleted elsewhere
      setProblem(error.message);
      setBusy(false);
    }
  };
  const renew = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await open.renew();
      goTo('form');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
      setBusy(false);
    }
  };
  const drop = () => remove('/v1/dossier-drafts/{id}', { id }).then(() => go('/app/mine?tab=dossiers', true));
  /* On to the next is a step that one can go back; to and fro between them is none. */
  const goTo = (next: Tab, isStep = false) => (go(`/app/drafts/${id}${next === 'form' ? '' : `?tab=${next}`}`, !isStep), scrollTo(0, 0));
  const mend = (next: Tab) => {
    goTo(next);
    requestAnimationFrame(() => document.querySelector('[aria-invalid=true], .error')?.closest('.field, fieldset, section')?.scrollIntoView({ block: 'center' }));
  };
  const next = TABS[TABS.indexOf(tab) + 1];
  return (
    <>
      <Title up="/app/mine?tab=dossiers">{named(procedure)}</Title>
      <div class="segmented" role="group" aria-label={named(procedure)}>
        {TABS.map((one) => (
          <button key={one} type="button" aria-pressed={tab === one} onClick={() => goTo(one)}>
            {own(one)}
          </button>
        ))}
      </div>
      {tab === 'form' && <SchemaForm schema={procedure.form_schema as Schema} value={open.content.form} onChange={(form) => edit({ form })} errors={formErrors} communes={communes} />}
      {papersSeen.current && (
        <div hidden={tab !== 'papers'}>
          <PapersTab open={{ ...open, change: edit }} procedure={procedure} errors={errorsOf(seen, '')} review={seen} shown={tab === 'papers'} />
        </div>
      )}
      {tab === 'review' && <ReviewTab open={open} procedure={procedure} review={judged ? seen : undefined} problem={problem} file={(consents) => void file(consents)} busy={busy} mend={mend} renew={() => void renew()} again={() => setTurn(turn + 1)} />}
      {(next || open.saved.is !== 'saved') && (
        <div class="foot said">
          <SavedWords saved={open.saved} open={open} />
          {next && open.saved.is !== 'conflict' && (
            <Button look="main" onClick={() => goTo(next, true)}>
              {say('next')}
            </Button>
          )}
        </div>
      )}
      {tab === 'review' && (
        <Button look="quiet" icon="trash" onClick={() => ask(true)}>
          {own('drop')}
        </Button>
      )}
      {asked && <Sure title={own('dropTitle')} words={own('dropWords')} yes={say('remove')} run={drop} onClose={() => ask(false)} />}
    </>
  );
}

function Opened({ where }: { where: Where }) {
  const id = where.parts[1] ?? '';
  const { open, error, again } = useOpenDraft(id);
  const code = open?.draft.procedure ?? '';
  const procedure = useLoaded(async () => (code ? get('/v1/procedures/{code}', { code }, { version: String(open!.draft.procedure_version) }) : undefined), `${code} ${open?.draft.procedure_version}`);
  if (error) return <NotShown title={say('dossier')} up="/app/mine?tab=dossiers" error={error} again={again} />;
  if (procedure.error && !procedure.data) return <NotShown title={say('dossier')} up="/app/mine?tab=dossiers" error={procedure.error} again={procedure.again} />;
  return open && procedure.data ? <Editing key={procedure.data.version_no} open={open} procedure={procedure.data} where={where} /> : <Loading />;
}

export default function Draft({ where }: { where: Where }) {
  const isSigned = useWatched(signed);
  if (isSigned === false) return <SignInPage title={say('dossier')} up="/app/mine?tab=dossiers" />;
  return isSigned ? <Opened where={where} /> : <Loading />;
}
