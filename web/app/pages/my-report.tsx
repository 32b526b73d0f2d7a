/* One of my reports: where it is, who has it, until when; questions answered, rated, reopened. */
import { useEffect, useState } from 'preact/hooks';
import type { HeldReport, OwnReport } from '../../api';
import { get } from '../../shared/call';
import { momentOf, untilWords } from '../../shared/format';
import { reasonWords } from '../../shared/reasons';
import { sayFrom } from '../../shared/words';
import { agencyName, communeName, useCatalogue, type Catalogue } from '../lib/catalogue';
import { Link, type Where } from '../../shared/router';
import { news, signed } from '../lib/state';
import { useLoaded, useWatched } from '../../shared/store';
import { outcomeWord, say, stateTone, stateWord } from '../lib/words';
import { ChoosePhotos, OwnPhotos, sendChosen } from '../report/own-photos';
import { PrivatePhotos } from '../../shared/parts/photos';
import { SignInPage } from '../parts/sign-in';
import { OfCategory } from '../parts/of-category';
import { Steps } from '../parts/steps';
import { Stars } from '../parts/stars';
import { FailedPage, Loading, Note, Tag, Title } from '../../shared/parts/ui';
import { Timeline } from '../parts/timeline';

const own = sayFrom({
  with: ['Đang ở {0}', 'With {0}'],
  route: ['Đang tìm cơ quan phụ trách', 'Being sent to the agency in charge'],
  due: ['Hạn trả lời {0}: {1}', 'Due {0}: {1}'],
  asked: ['{0} hỏi bạn', '{0} asks you'],
  next: ['Bạn có thể', 'You may'],
  history: ['Diễn biến', 'What happened'],
  what: ['Bạn đã gửi', 'What you sent'],
  published: ['Phản ánh này được công khai.', 'This report is public.'],
  see: ['Xem trang công khai', 'See its public page'],
  rated: ['Bạn đánh giá', 'You rated it'],
  why: ['Lý do', 'Why'],
  held: ['Chờ xác nhận số điện thoại. Cơ quan chưa thấy phản ánh này.', 'It waits for your number to be confirmed. No agency sees it yet.'],
});

/* What I am asked now. */
const questionOf = (report: OwnReport): string | undefined => (report.state === 'waiting' ? report.questions?.find((one) => !one.answered_at)?.question : undefined);

/* Photos of the answer that stands. */
const proofsOf = (report: OwnReport): string[] => ((report.history ?? []).filter((one) => one.verb === 'answer').pop()?.media ?? []).map((one) => one.id!);

/* What was answered before it was reopened is told by what happened. */
const isAnswered = (report: OwnReport): boolean => report.state === 'answered' || report.state === 'closed';

function Status({ report, catalogue }: { report: OwnReport; catalogue: Catalogue | undefined }) {
  const [now, set] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const agency = agencyName(catalogue, report.agency);
  const question = questionOf(report);
  const proofs = proofsOf(report);
  const refused = report.outcome === 'rejected' && !report.open ? report.history?.filter((one) => one.verb === 'reject').pop() : undefined;
  return (
    <section class="card" aria-live="polite">
      <div class="row">
        <Tag tone={stateTone(report.state)}>{stateWord(report.state)}</Tag>
        {report.outcome && !report.open && <Tag>{outcomeWord(report.outcome)}</Tag>}
        {report.late && report.open && <Tag tone="bad">{say('late')}</Tag>}
      </div>
      {report.open && report.state !== 'answered' && <p>{report.agency ? own('with', agency) : own('route')}</p>}
      {report.open && report.due_at && report.duty && <p class={report.late ? 'error' : 'soft'}>{own('due', momentOf(report.due_at), untilWords(report.due_at, now))}</p>}
      {question && (
        <Note tone="warn">
          <strong>{own('asked', agency)}</strong>
          <p class="lines">{question}</p>
        </Note>
      )}
      {refused && (
        <Note tone="plain">
          <strong>{own('why')}</strong>
          {refused.reason && <p>{reasonWords(refused.reason, 'report')}</p>}
          {refused.note && <p class="lines">{refused.note}</p>}
        </Note>
      )}
      {report.answer && isAnswered(report) && (
        <>
          <h2>{say('answer')}</h2>
          <p class="lines">{report.answer}</p>
          {proofs.length > 0 && <PrivatePhotos ids={proofs} label={say('after')} />}
        </>
      )}
      {report.rating ? (
        <p class="row">
          {own('rated')} <Stars value={report.rating} />
        </p>
      ) : null}
    </section>
  );
}

function Sent({ report, catalogue }: { report: OwnReport | HeldReport; catalogue: Catalogue | undefined }) {
  const photos = (report.photos ?? []).filter((one) => !one.proof).map((one) => one.id!);
  return (
    <section class="card">
      <h2>{own('what')}</h2>
      <p class="lines">{report.text}</p>
      <p class="small soft">{[communeName(catalogue, report.commune), report.address].filter(Boolean).join(' · ')}</p>
      {photos.length > 0 && <PrivatePhotos ids={photos} label={say('before')} />}
    </section>
  );
}

/* Who answers a question, or finds that nothing was done, often shows it. */
const WITH_PHOTOS = ['supply', 'reopen'];

const isHeld = (report: { state?: string }): report is HeldReport => report.state === 'held';

function Shown({ report, catalogue, again }: { report: OwnReport | HeldReport; catalogue: Catalogue | undefined; again: () => void }) {
  const title = <OfCategory code={report.category} catalogue={catalogue} />;
  if (isHeld(report))
    return (
      <>
        <Title up="/app/mine">{title}</Title>
        <Note tone="warn">{own('held')}</Note>
        <Sent report={report} catalogue={catalogue} />
      </>
    );
  return (
    <>
      <Title up="/app/mine">{title}</Title>
      <p class="small soft">
        {say('number')}: {report.number}
      </p>
      <Status report={report} catalogue={catalogue} />
      {report.steps.length > 0 && (
        <section class="stack tight">
          <h2>{own('next')}</h2>
          <Steps steps={report.steps.filter((step) => step.verb !== 'forgo')} kind="reports" id={report.id} revision={report.revision} beside={{ verbs: WITH_PHOTOS, show: () => <ChoosePhotos report={report} />, after: () => sendChosen(report), question: questionOf(report) }} onDone={again} />
        </section>
      )}
      {report.published_at && (
        <Note tone="plain">
          {own('published')} <Link href={`/r/${report.number}`}>{own('see')}</Link>
        </Note>
      )}
      <section class="stack">
        <h2>{own('history')}</h2>
        <Timeline history={report.history ?? []} catalogue={catalogue} />
      </section>
      <Sent report={report} catalogue={catalogue} />
      <OwnPhotos report={report} />
    </>
  );
}

export default function MyReport({ where }: { where: Where }) {
  const id = where.parts[1] ?? '';
  const catalogue = useCatalogue();
  const isSigned = useWatched(signed);
  const turn = useWatched(news);
  const found = useLoaded(() => get('/v1/reports/{id}', { id }), `${id} ${isSigned} ${turn}`);
  const [last, set] = useState<OwnReport | HeldReport>();
  /* While it is asked for again; of who signed out, the next one sees nothing. */
  useEffect(() => {
    if (isSigned === false) set(undefined);
    else if (found.data) set(found.data as OwnReport);
  }, [found.data, isSigned]);
  if (isSigned === false) return <SignInPage title={say('report')} up="/app/mine" />;
  if (found.error && !last) return <FailedPage title={say('report')} up="/app/mine" error={found.error} again={found.again} />;
  const shown = (found.data as OwnReport | undefined) ?? last;
  return shown ? <Shown report={shown} catalogue={catalogue.data} again={found.again} /> : <Loading />;
}
